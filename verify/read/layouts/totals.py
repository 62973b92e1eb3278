"""Rows that sum up others: the figures of each that are not the sum of its rows.

A total is the sum of the rows that have the places which it states itself. Where it states none, or none that a row
has, it sums up all rows, or those above or below it up to the next total, or to the next one of its kind: the first of
these that most of its figures fit.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from protocol.words import Text, msg, nmsg
from verify.model.figures import MISSING, UNREADABLE, Ints
from verify.model.published import CheckedSum, Flaw, Published
from verify.read.tables.totals import Group, add_up


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
