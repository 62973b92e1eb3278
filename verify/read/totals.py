"""Rows that sum up others: what names them, and those of their figures that are not the sum of their rows.

A total of bureaux sums up the rows since the last one, all above it, the rows of the commune that it names or stands
in, those below it, those since the last total of totals, or the whole table: whichever its figures fit best. A total of
a layout is the sum of the rows that have the places which it states itself. Where it states none, or none that a row
has, it sums up all rows, or those above or below it up to the next total, or to the next one of its kind: the first of
these that most of its figures fit.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from protocol.words import Message, Text, msg, nmsg
from verify.model.figures import MISSING, UNREADABLE, Bools, Ints
from verify.model.published import CheckedSum, Flaw, Published

_TOTAL = re.compile(
    r"^[^\w\n]*((grand|sous)[- ]?)?(tota(l|ux)\b|s/t\b|([aà] )?report(er|é)?\W*$|r[eé]cap(itulatif)?\b"
    r"|(ensemble|somme|cumul)( (de|des|du|d|la|commune|ville)\b|\W*$))",
    re.IGNORECASE | re.MULTILINE,
)

_OF = re.compile(r"(?:\W|\b(?:g[eé]n[eé]ral|de|des|du|d|la|le|les|l|pour|commune|ville)\b)*", re.IGNORECASE)


def names_total(*texts: str) -> bool:
    """Test whether one of the texts that should name a commune or a bureau says that its row sums up others.

    Only from its first word on: Bray-sur-Somme is a commune.
    """
    return any(map(_TOTAL.search, texts))


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


def flaws_of_totals(results: Published, totals: Mapping[int, str], where: Sequence[str]) -> Iterator[Flaw]:
    """The same of published results, the rows of totals among them.

    Args:
        results: all rows in the order of the table.
        totals: as `totals_off` has them.
        where: the commune of each row.
    """
    names = [*results.counts, *results.labels]
    for off in totals_off(totals, where, dict(zip(names, figures_of(results, names).T, strict=True))):
        yield off.flaw(int(results.row[off.row]), results.file)


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


@dataclass(frozen=True, slots=True)
class ComparedTotals:
    """Totals beside the sums of their rows.

    Attributes:
        flaws: figures that differ.
        checked: how many of the totals were compared.
        left: numbers of the rows of totals that fit no rows, in order.
    """

    flaws: tuple[Flaw, ...]
    checked: CheckedSum
    left: tuple[int, ...]


def compare_totals(
    parts: Published, kinds: Sequence[Published], places: Ints, row: Ints, derived: Collection[str], what: Text
) -> ComparedTotals:
    """Compare totals with the rows that they sum up.

    Args:
        parts: the rows that are no totals.
        kinds: the totals of each kind.
        places: codes of the places of each row of the table, -1 for a blank one; shape ``(rows, places)``.
        row: the numbers of these rows, in order; shape ``(rows,)``.
        derived: counts that are computed from others, and not compared again.
        what: the totals in words.
    """
    numbers = np.concatenate([each.row for each in kinds])
    order = np.argsort(numbers, kind="stable")
    kind = np.repeat(np.arange(len(kinds)), [len(each.row) for each in kinds])[order]
    of_total = numbers[order]
    names = [name for name, values in parts.counts.items() if name not in derived and (values >= 0).any()]
    names += [
        label for label in parts.labels if label not in parts.counts and any(label in each.labels for each in kinds)
    ]
    figures = figures_of(parts, names)
    stated = np.concatenate([figures_of(each, names) for each in kinds])[order]
    of_rows, of_totals = places[np.searchsorted(row, parts.row)], places[np.searchsorted(row, of_total)]
    by_place = list(_by_place(of_rows, of_totals))
    groups = [*by_place, *_by_order(parts.row, of_total, kind)]
    rows = np.stack([add_up(np.ones((len(parts.row), 1), np.int64), *group)[:, 0] for group in groups])
    sums, known, unread = (
        np.stack([add_up(values, *group) for group in groups])
        for values in (np.maximum(figures, 0), figures >= 0, figures == UNREADABLE)
    )
    comparable = (stated >= 0) & (known > 0) & (unread == 0)
    equal = comparable & (sums == stated)
    fit = (equal & (stated > 0)).sum(axis=2)
    best = np.where(fit.any(axis=0), fit.argmax(axis=0), rows[: len(by_place)].argmax(axis=0))
    is_placed = (of_totals >= 0).any(axis=1)
    alone = np.bincount(kind[~is_placed], minlength=len(kinds))[kind] == 1
    fits = fit.any(axis=0) | (rows[: len(by_place)].any(axis=0) & (is_placed | alone))
    each_total = np.arange(len(of_total))
    is_compared = fits & comparable[best, each_total].any(axis=1)
    called = [name for each in kinds for name in map(each.place_words, range(len(each.row)))]

    def flaw(total: int, figure: int) -> Flaw:
        which, named = best[total], called[int(order[total])]
        some, of = int(known[which, total, figure]), int(rows[which, total])
        said = nmsg("“{named}”, of {count:n} row", "“{named}”, of {count:n} rows", of, named=named)
        if some < of:
            said = msg("“{named}”, of {known:n} rows of {of:n}", named=named, known=some, of=of)
        figures = int(stated[total, figure]), int(sums[which, total, figure])
        place = f"{parts.file}:{of_total[total]}"
        return Flaw("C125", -1, names[figure], *figures, said, place, against=f"{parts.file} (Σ)")

    off = (comparable & ~equal)[best, each_total] & is_compared[:, None]
    return ComparedTotals(
        tuple(flaw(*at) for at in np.argwhere(off).tolist()),
        CheckedSum(what, int(is_compared.sum()), len(of_total)),
        tuple(of_total[~fits & (stated > 0).any(axis=1)].tolist()),
    )


def _by_place(of_rows: Ints, of_totals: Ints) -> Iterator[Group]:
    """The rows that have all places that a total states; all rows where it states none."""
    for stated in np.unique(of_totals >= 0, axis=0):
        both = np.concatenate([of_rows, of_totals])[:, stated]
        number = np.unique(both, axis=0, return_inverse=True)[1].reshape(-1) if stated.any() else np.zeros(len(both))
        group, wanted = number[: len(of_rows)], number[len(of_rows) :]
        order = np.argsort(group, kind="stable")
        start, end = (np.searchsorted(group[order], wanted, side) for side in ("left", "right"))
        yield order, start, np.where(((of_totals >= 0) == stated).all(axis=1), end, start)


def _by_order(of_rows: Ints, of_totals: Ints, kind: Ints) -> Iterator[Group]:
    """All rows; those above and below each total up to the next one, and to the next one of its kind."""
    order, size = np.arange(len(of_rows)), len(of_rows)
    at = np.searchsorted(of_rows, of_totals)
    yield order, np.zeros_like(at), np.full_like(at, size)
    for some in (np.zeros_like(kind), kind):
        last, following = np.zeros_like(at), np.full_like(at, size)
        for one in np.unique(some):
            own = np.flatnonzero(some == one)
            last[own[1:]], following[own[:-1]] = at[own[:-1]], at[own[1:]]
        yield order, last, at
        yield order, at, following


def figures_of(published: Published, names: Sequence[str]) -> Ints:
    """Counts and votes by name, `MISSING` where there is none; shape ``(rows, names)``."""
    figures = np.full((len(published.row), len(names)), MISSING, np.int64)
    column = {name: at for at, name in enumerate(names)}
    for name in column.keys() & published.counts.keys():
        figures[:, column[name]] = published.counts[name]
    of = np.array([column.get(label, -1) for label in published.labels], np.int64)[published.vote_label]
    figures[published.vote_unit[of >= 0], of[of >= 0]] = published.votes[of >= 0]
    return figures
