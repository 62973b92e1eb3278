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
    sums = _Sums(rows, np.stack([figures[name] for name in names], axis=1))
    among = [
        *sums.ranges(),
        sums.of_communes([totals[row] for row in rows.tolist()], communes),
        sums.of_communes([communes[row] for row in rows.tolist()], communes),
    ]
    bureaux, summed, known = (np.stack(parts) for parts in zip(*among, strict=True))
    stated = sums.values[rows]
    known = known & (stated >= 0) & (bureaux > 0)[:, :, None]
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


_Summed = tuple[Ints, Ints, Bools]
"""Number of bureaux, sum of each figure of them, and true if all of these are known."""


class _Sums:
    """Sums of the rows that are no totals, ``(t,)`` totals and ``(t, figures)`` each.

    Args:
        rows: indices of the totals, in order.
        values: figures of all rows, shape ``(n, figures)``.
    """

    def __init__(self, rows: Ints, values: Ints) -> None:
        self.values = values
        self._rows = rows
        self._is_bureau = np.ones(len(values), np.bool_)
        self._is_bureau[rows] = False
        self._counted = np.where(self._is_bureau[:, None] & (values >= 0), values, 0)
        self._unknown = self._is_bureau[:, None] & (values < 0)
        self._columns = tuple(
            np.concatenate([np.zeros_like(column[:1]), np.cumsum(column, axis=0)])
            for column in (self._is_bureau.astype(np.int64), self._counted, self._unknown.astype(np.int64))
        )

    def ranges(self) -> Iterator[_Summed]:
        """Of the rows above each total since the last one, all above it, below it to the next, all, and since the last.

        The last are those since the last total right above which there stands another.
        """
        rows, size = self._rows, len(self.values)
        before, after = np.append(0, rows[:-1] + 1), np.append(rows[1:], size)
        yield self._between(before, rows)
        yield self._between(np.zeros_like(rows), rows)
        yield self._between(rows + 1, after)
        yield self._between(np.zeros_like(rows), np.full_like(rows, size))
        higher = np.where(before == rows, rows + 1, 0)
        yield self._between(np.maximum.accumulate(np.append(0, higher[:-1])), rows)

    def _between(self, start: Ints, end: Ints) -> _Summed:
        bureaux, counted, unknown = (column[end] - column[start] for column in self._columns)
        return bureaux, counted, unknown == 0

    def of_communes(self, named: Sequence[str], communes: Sequence[str]) -> _Summed:
        """Of the rows of the commune that each total names, no rows where it names none."""
        from verify.read.tables.headers import key

        number: dict[str, int] = {}
        of = np.array([number.setdefault(key(commune), len(number)) for commune in communes], np.int64)
        left = [key(without_total(name)) for name in named]
        wanted = np.array([number.get(name, len(number)) if name else len(number) for name in left], np.int64)
        shape = (len(number) + 1, self.values.shape[1])
        bureaux, counted, unknown = np.zeros(shape[0], np.int64), np.zeros(shape, np.int64), np.zeros(shape, np.int64)
        np.add.at(bureaux, of, self._is_bureau)
        np.add.at(counted, of, self._counted)
        np.add.at(unknown, of, self._unknown)
        return bureaux[wanted], counted[wanted], unknown[wanted] == 0
