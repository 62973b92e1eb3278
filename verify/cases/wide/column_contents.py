"""What a whole column may hold in the place of its counts, and in which bureaux it does.

Percentages, sums from bureau to bureau, those who did not take part, counts cut at the separator of thousands, counts
without their last digit, zeros, counts sorted by size, the figures of another column.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from protocol.words import Message, msg
from verify.model.figures import Bools, Ints

_OF_TEN = 9
"""In how many of ten bureaux a column has to hold it."""
_THOUSAND = 1000
_MANY = 10
"""Bureaux of which counts may be sorted by size, and not so by chance; or which have zeros where their sums want more,
as few may all have another figure wrong."""


@dataclass(frozen=True, slots=True)
class ColumnContents:
    """A column of some bureaux: what stands there, what should, and what is needed to tell how they go together.

    Attributes:
        here, due: counts, shape ``(n,)``; all are known.
        registered: voters, MISSING where they are not known, shape ``(n,)``.
        row: the other counts of the row, MISSING for this one, shape ``(n, columns)``.
        scope: a number for each bureau, shape ``(n,)``.
        by_sums: whether nothing but sums of the piece itself says what should stand there.
    """

    here: Ints
    due: Ints
    registered: Ints
    row: Ints
    scope: Ints
    by_sums: bool


def _absentees(column: ColumnContents) -> Bools:
    return np.asarray((column.registered >= 0) & (column.here == column.registered - column.due), np.bool_)


def _percentages(column: ColumnContents) -> Bools:
    apart = np.abs(column.here * column.registered - 100 * column.due)
    return np.asarray((column.registered > 0) & (apart < column.registered) & (column.here > 0), np.bool_)


def _summed_up(column: ColumnContents) -> Bools:
    order = np.lexsort((column.here, column.scope))
    here, scope = column.here[order], column.scope[order]
    before = np.where(np.append(True, scope[1:] != scope[:-1]), 0, np.append(0, here[:-1]))
    fits: Bools = np.zeros(len(order), np.bool_)
    fits[order] = here - before == column.due[order]
    return fits


def _cut(column: ColumnContents) -> Bools:
    cut = np.where(column.due >= _THOUSAND, column.due // _THOUSAND, column.due)
    return np.asarray(column.here == cut, np.bool_)


def _last_digit(column: ColumnContents) -> Bools:
    return np.asarray((column.here == column.due // 10) & (column.here > 0), np.bool_)


def _zeros(column: ColumnContents) -> Bools:
    enough = np.bincount(column.scope) >= _MANY
    return np.asarray((column.here == 0) & (enough[column.scope] | (not column.by_sums)), np.bool_)


def _another_column(column: ColumnContents) -> Bools:
    same = (column.row == column.here[:, None]) & (column.row > 0)
    of = np.bincount(np.nonzero(same)[1], minlength=column.row.shape[1])
    return np.asarray(same[:, int(np.argmax(of))], np.bool_)


def _sorted(column: ColumnContents) -> Bools:
    size = int(column.scope.max()) + 1
    by_here, by_due = (np.lexsort((each, column.scope)) for each in (column.here, column.due))
    same: Bools = np.zeros(len(column.here), np.bool_)
    same[by_here] = column.here[by_here] == column.due[by_due]
    ordered: Bools = np.ones((2, size), np.bool_)
    beside = column.scope[1:] == column.scope[:-1]
    for way, sign in enumerate((1, -1)):
        falls = beside & (sign * column.here[1:] < sign * column.here[:-1])
        ordered[way, column.scope[1:][falls]] = False
    enough = np.bincount(column.scope, minlength=size) >= _MANY
    return np.asarray(same & (ordered.any(axis=0) & enough)[column.scope], np.bool_)


CONTENTS: dict[str, tuple[Callable[[ColumnContents], Bools], Message]] = {
    "absentees": (_absentees, msg("{field} {there} are those who did not take part, in {bureaux:n} bureaux")),
    "percentages": (_percentages, msg("{field} {there} are percentages, in {bureaux:n} bureaux")),
    "summed-up": (_summed_up, msg("{field} {there} are summed up from bureau to bureau, in {bureaux:n} bureaux")),
    "cut": (_cut, msg("{field} {there} are cut behind their thousands, in {bureaux:n} bureaux")),
    "last-digit": (_last_digit, msg("{field} {there} lack their last digit, in {bureaux:n} bureaux")),
    "zeros": (_zeros, msg("{field} {there} are zeros, in {bureaux:n} bureaux")),
    "another": (_another_column, msg("{field} {there} are the figures of another column, in {bureaux:n} bureaux")),
    "sorted": (_sorted, msg("{field} {there} are sorted by size, and not by bureau, in {bureaux:n} bureaux")),
}
"""By name, where a column holds it, and what is said of that."""


def several_of_zeros(values: Ints, due: Ints, scope: Ints, least: int) -> Iterator[tuple[tuple[int, ...], int]]:
    """The columns of zeros where other counts are due, in the scopes in which there are several, and one for sure."""
    size = int(scope.max()) + 1
    known = (values >= 0) & (due >= 0)
    number = scope[:, None] * values.shape[1] + np.arange(values.shape[1])
    of, zeros, off = (
        np.bincount(number[which], minlength=size * values.shape[1]).reshape(size, -1)
        for which in (known, known & (values == 0), known & (values == 0) & (due > 0))
    )
    held = (off > 0) & (10 * zeros >= _OF_TEN * of)
    sure = held & (off >= least) & (2 * off > of)
    for at in np.flatnonzero((held.sum(axis=1) > 1) & sure.any(axis=1)).tolist():
        yield tuple(np.flatnonzero(held[at]).tolist()), at
