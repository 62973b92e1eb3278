"""Rows that sum up others: what names them, and those of their figures that are not the sum of their rows.

A total is the sum of the rows that have the places which it states itself, or the commune that it names; of those
above or below it up to the next total, or to the next one of its kind; of all above it, of all, or of those since the
last total of totals: whichever most of its figures fit, or else come nearest to.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from protocol.words import Message, Text, msg, nmsg
from verify.model.figures import MISSING, UNREADABLE, Bools, Ints
from verify.model.published import FRANCE, CheckedSum, Flaw, Published

_TOTAL = re.compile(
    r"^[^\w\n]*((grand|sous)[- ]?)?(tota(l|ux)\b|s/t(otal)?\b|([aà] )?report(er|é)?\W*$|r[eé]cap(itulatif)?\b"
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


TotalOff = tuple[str, int, int, Message]
"""A figure of a row of totals that is not the sum of its bureaux: the count or the choice, both figures, of what."""


def _flaw(file: str, row: int, off: TotalOff) -> Flaw:
    """The same of published results."""
    return Flaw("C125", -1, *off, f"{file}:{row}", against=f"{file} (Σ)")


def not_counted(place: str, named: str) -> Flaw:
    """That a row of published results is a total and counts for no place."""
    return Flaw("C110", -1, "bureau", name_of_total(named), None, place=place)


def totals_off(
    totals: Mapping[int, str], communes: Sequence[str], figures: Mapping[str, Ints]
) -> Iterator[tuple[int, TotalOff]]:
    """The figures of totals that are not the sum of their bureaux, each with the index of its row.

    None where a count of one of the bureaux is not known.

    Args:
        totals: by the index of its row, what each calls itself.
        communes: the commune of each row, by its name or code; shape ``(n,)``.
        figures: by name, the figure of each row, or an absence; shape ``(n,)``.
    """
    if not totals or not figures:
        return
    of_totals, names = np.array(sorted(totals), np.int64), list(figures)
    of_rows = np.setdiff1d(np.arange(len(communes)), of_totals)
    values = np.stack([figures[name] for name in names], axis=1)
    places = _communes([totals.get(row, "") for row in range(len(communes))], communes)
    groups = [*_by_order(of_rows, of_totals), *_by_place(places[of_rows], places[of_totals])]
    found = _compared(values[of_rows], values[of_totals], groups, whole=True)
    for total, figure in np.argwhere(found.off).tolist():
        row, which = int(of_totals[total]), (found.best[total], total)
        count, named = int(found.rows[which]), name_of_total(totals[row])
        said = nmsg("“{named}”, of {count:n} bureau", "“{named}”, of {count:n} bureaux", count, named=named)
        yield row, (names[figure], int(values[row, figure]), int(found.sums[*which, figure]), said)


def flaws_of_totals(results: Published, totals: Mapping[int, str], where: Sequence[str]) -> Iterator[Flaw]:
    """The same of published results, the rows of totals among them.

    Args:
        results: all rows in the order of the table.
        totals: as `totals_off` has them.
        where: the commune of each row.
    """
    names = [*results.counts, *results.labels]
    for row, off in totals_off(totals, where, dict(zip(names, figures_of(results, names).T, strict=True))):
        yield _flaw(results.file, int(results.row[row]), off)


Group = tuple[Ints, Ints, Ints]
"""Indices of rows in an order, and from where to where in it the rows of each total are."""


@dataclass(frozen=True, slots=True)
class _Compared:
    """Totals beside the sums of each group of rows.

    Attributes:
        rows: of each group for each total, shape ``(groups, totals)``.
        sums, known: of each figure, and how many it is of; shape ``(groups, totals, figures)``.
        fits: where a figure above zero is that sum, of the same shape.
        best: the group that the figures of each total fit best, shape ``(totals,)``.
        there, off: which figures can be compared with it, and which of them are not the sum; ``(totals, figures)``.
    """

    rows: Ints
    sums: Ints
    known: Ints
    fits: Bools
    best: Ints
    there: Bools
    off: Bools


def _compared(figures: Ints, stated: Ints, groups: Sequence[Group], *, whole: bool) -> _Compared:
    """Compare totals with the sums of rows; the best of equal groups is the first.

    Args:
        figures: of the rows, shape ``(rows, figures)``.
        stated: those of the totals, shape ``(totals, figures)``.
        groups: the rows that each total may sum up.
        whole: whether a sum counts only where the figures of all rows are known.
    """

    def add_up(values: Ints | Bools) -> Ints:
        sums = np.zeros((len(values) + 1, values.shape[1]), np.int64)
        found = []
        for order, start, end in groups:
            np.cumsum(values[order], axis=0, out=sums[1:])
            found.append(sums[end] - sums[start])
        return np.stack(found)

    rows = add_up(np.ones((len(figures), 1), np.int64))
    sums, known, unread = map(add_up, (np.maximum(figures, 0), figures >= 0, figures == UNREADABLE))
    there = (stated >= 0) & (known > 0) & (unread == 0) & ((known == rows) | (not whole))
    equal = there & (sums == stated)
    apart = np.where(there, np.abs(sums - stated), 0).sum(axis=2)
    fits = equal & (stated > 0)
    near = np.where(there.any(axis=2), 1 / (2 + apart), 0)  # as many as can be equal, else near
    best = (fits.sum(axis=2) + near).argmax(axis=0)
    each = np.arange(len(stated))
    return _Compared(rows[:, :, 0], sums, known, fits, best, there[best, each], (there & ~equal)[best, each])


def _communes(named: Sequence[str], communes: Sequence[str]) -> Ints:
    """The commune of each row, and of a total the one that it names, else the one that it stands in; ``(n, 1)``."""
    from verify.read.tables.headers import key

    number: dict[str, int] = {"": -1}
    of = [number.setdefault(key(commune), len(number)) for commune in communes]
    meant = [number.get(key(without_total(name)) if name else "", -1) for name in named]
    return np.array([[own if other < 0 else other] for own, other in zip(of, meant, strict=True)], np.int64)


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
    found = _compared(figures, stated, groups, whole=parts.country == FRANCE)
    is_placed = (of_totals >= 0).any(axis=1)
    alone = np.bincount(kind[~is_placed], minlength=len(kinds))[kind] == 1
    fits = found.fits.any(axis=(0, 2)) | (found.rows[: len(by_place)].any(axis=0) & (is_placed | alone))
    is_compared = fits & found.there.any(axis=1)
    called = [name for each in kinds for name in map(each.place_words, range(len(each.row)))]

    def flaw(total: int, figure: int) -> Flaw:
        which, named = (found.best[total], total), called[int(order[total])]
        some, of = int(found.known[*which, figure]), int(found.rows[which])
        said = nmsg("“{named}”, of {count:n} row", "“{named}”, of {count:n} rows", of, named=named)
        if some < of:
            said = msg("“{named}”, of {known:n} rows of {of:n}", named=named, known=some, of=of)
        off = names[figure], int(stated[total, figure]), int(found.sums[*which, figure]), said
        return _flaw(parts.file, int(of_total[total]), off)

    return ComparedTotals(
        tuple(flaw(*at) for at in np.argwhere(found.off & is_compared[:, None]).tolist()),
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


def _by_order(of_rows: Ints, of_totals: Ints, kind: Ints | None = None) -> Iterator[Group]:
    """Rows by their place among the totals.

    They are those above and below each total up to the next one, and to the next one of its kind; all above it; all;
    and those since the last total right above which there stands another.
    """
    order, size = np.arange(len(of_rows)), len(of_rows)
    at = np.searchsorted(of_rows, of_totals)
    first = np.zeros_like(at)
    higher = np.where(np.append(False, np.diff(of_totals) == 1), at, 0)
    for some in (first, *([] if kind is None else [kind])):
        last, following = np.zeros_like(at), np.full_like(at, size)
        for one in np.unique(some):
            own = np.flatnonzero(some == one)
            last[own[1:]], following[own[:-1]] = at[own[:-1]], at[own[1:]]
        yield order, last, at
        yield order, at, following
    yield order, first, at
    yield order, first, np.full_like(at, size)
    yield order, np.maximum.accumulate(np.append(0, higher[:-1])), at


def figures_of(published: Published, names: Sequence[str]) -> Ints:
    """Counts and votes by name, `MISSING` where there is none; shape ``(rows, names)``."""
    figures = np.full((len(published.row), len(names)), MISSING, np.int64)
    column = {name: at for at, name in enumerate(names)}
    for name in column.keys() & published.counts.keys():
        figures[:, column[name]] = published.counts[name]
    of = np.array([column.get(label, -1) for label in published.labels], np.int64)[published.vote_label]
    figures[published.vote_unit[of >= 0], of[of >= 0]] = published.votes[of >= 0]
    return figures
