"""Rows that sum up others: what names them, and those of their figures that are not the sum of their bureaux.

A total sums up the rows since the last one, all above it, the rows of the commune that it names or stands in, those
below it, those since the last total of totals, or the whole table: whichever its figures fit best.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from protocol.words import Message, Text, msg, nmsg
from verify.model.figures import Bools, Ints
from verify.model.published import Flaw

_TOTAL = re.compile(
    r"\W*((grand|sous)[- ]?)?(tota(l|ux)\b|s/t\b|([aà] )?report(er|é)?\W*$|r[eé]cap(itulatif)?\b"
    r"|(ensemble|somme|cumul)( (de|des|du|d|la|commune|ville)\b|\W*$))",
    re.IGNORECASE,
)

_OF = re.compile(r"(?:\W|\b(?:g[eé]n[eé]ral|de|des|du|d|la|le|les|l|pour|commune|ville)\b)*", re.IGNORECASE)


def names_total(*texts: str) -> bool:
    """Test whether one of the texts that should name a commune or a bureau says that its row sums up others.

    Only from its first word on: Bray-sur-Somme is a commune.
    """
    return any(_TOTAL.match(line) for text in texts for line in text.splitlines())


BY_FIGURES = "total, by its figures"
"""Name given to a total that has none; what stands in the place of a bureau's code may follow."""


def name_of_total(named: str) -> Text:
    """Name of a total, for people."""
    return msg("no name, told by its figures") if named == BY_FIGURES else named.removeprefix(f"{BY_FIGURES}: ")


def without_total(text: str) -> str:
    """Take the place out of a total's name: « Total de Bray-sur-Somme » is of Bray-sur-Somme."""
    text = text.removeprefix(f"{BY_FIGURES}: ")
    found = _TOTAL.match(text)
    rest = text if found is None else text[found.end() :]
    start = _OF.match(rest)
    return rest[start.end() if start else 0 :]


@dataclass(frozen=True, slots=True)
class TotalOff:
    """One figure of a row of totals that is not the sum of its bureaux.

    Attributes:
        row: index of the row of totals.
        named: what that row calls itself.
        field: the count, or the choice.
        stated: in the row of totals.
        summed: of the bureaux that it sums up.
        bureaux: how many they are.
    """

    row: int
    named: str
    field: str
    stated: int
    summed: int
    bureaux: int

    @property
    def text(self) -> Message:
        """Subject of the sum."""
        return nmsg(
            "“{named}”, of {count:n} bureau",
            "“{named}”, of {count:n} bureaux",
            self.bureaux,
            named=name_of_total(self.named),
        )

    def flaw(self, row: int, file: str) -> Flaw:
        """The same of published results: the number of the row, and the file."""
        return Flaw("C125", -1, self.field, self.stated, self.summed, self.text, f"{file}:{row}", against=f"{file} (Σ)")


def not_counted(place: str, named: str) -> Flaw:
    """That a row of published results is a total and counts for no place."""
    return Flaw("C110", -1, "bureau", name_of_total(named), None, place=place)


def totals_off(totals: Mapping[int, str], communes: Sequence[str], figures: Mapping[str, Ints]) -> Iterator[TotalOff]:
    """The figures of totals that are not the sum of their bureaux; none where a count of one of these is not known.

    Args:
        totals: by the index of its row, what each calls itself.
        communes: the commune of each row, by its name or code; shape ``(n,)``.
        figures: by name, the figure of each row, or an absence; shape ``(n,)``.
    """
    if not totals or not figures:
        return
    rows = np.array(sorted(totals), np.int64)
    names = list(figures)
    values = np.stack([figures[name] for name in names], axis=1)
    is_bureau = np.ones((len(values), 1), np.bool_)
    is_bureau[rows] = False
    groups = [
        *_ranges(rows, len(values)),
        _of_communes([totals[row] for row in rows.tolist()], communes),
        _of_communes([communes[row] for row in rows.tolist()], communes),
    ]
    bureaux = np.stack([add_up(is_bureau, *group)[:, 0] for group in groups])
    summed = np.stack([add_up(np.where(is_bureau, np.maximum(values, 0), 0), *group) for group in groups])
    unknown = np.stack([add_up(is_bureau & (values < 0), *group) for group in groups])
    stated = values[rows]
    known = (unknown == 0) & (stated >= 0) & (bureaux > 0)[:, :, None]
    equal = known & (summed == stated)
    apart = np.where(known, np.abs(summed - stated), 0).sum(axis=2)
    fit = equal.sum(axis=2) + np.where(known.any(axis=2), 1 / (2 + apart), 0)  # as many as can be equal, else near
    best = fit.argmax(axis=0)
    at = np.arange(len(rows))
    off = (known & ~equal)[best, at]
    for total, figure in np.argwhere(off).tolist():
        row, which = int(rows[total]), int(best[total])
        value = int(summed[which, total, figure])
        yield TotalOff(row, totals[row], names[figure], int(stated[total, figure]), value, int(bureaux[which, total]))


Group = tuple[Ints, Ints, Ints]
"""Indices of rows in an order, and from where to where in it the rows of each total are."""


def add_up(values: Ints | Bools, order: Ints, start: Ints, end: Ints) -> Ints:
    """The sums of the rows of each total, shape ``(totals, figures)``."""
    sums = np.zeros((len(values) + 1, values.shape[1]), np.int64)
    np.cumsum(values[order], axis=0, out=sums[1:])
    return np.asarray(sums[end] - sums[start], np.int64)


def _ranges(rows: Ints, size: int) -> Iterator[Group]:
    """The rows above each total since the last one, all above it, below it to the next, all, and since the last.

    The last are those since the last total right above which there stands another.
    """
    every, first = np.arange(size), np.zeros_like(rows)
    before, after = np.append(0, rows[:-1] + 1), np.append(rows[1:], size)
    higher = np.where(before == rows, rows + 1, 0)
    last = np.maximum.accumulate(np.append(0, higher[:-1]))
    for start, end in ((before, rows), (first, rows), (rows + 1, after), (first, first + size), (last, rows)):
        yield every, start, end


def _of_communes(named: Sequence[str], communes: Sequence[str]) -> Group:
    """The rows of the commune that each total names, no rows where it names none."""
    from verify.read.tables.headers import key

    number: dict[str, int] = {}
    of = np.array([number.setdefault(key(commune), len(number)) for commune in communes], np.int64)
    left = [key(without_total(name)) for name in named]
    wanted = np.array([number.get(name, -1) if name else -1 for name in left], np.int64)
    order = np.argsort(of, kind="stable")
    start, end = (np.searchsorted(of[order], wanted, side) for side in ("left", "right"))
    return order, start, end
