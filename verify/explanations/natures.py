"""How figures that stand in a document relate to those that belong there: what a slip of the pen makes of them.

Some changes of one piece are one slip: two digits exchanged, two lines, a column. Such a nature has a cause, and the
cause its cost; changes that are of no known nature cost as much as that many wrong figures. All of this is told of many
rows at once: as they stand, and as they should read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np

from verify.explanations.side_by_side import (
    BLANK,
    EXPORT,
    FOUND,
    KINDS,
    NULL,
    PUBLISHED,
    RECAP,
    RECORD,
    REGISTERED,
    SIGNATURES,
    UNIVERSE,
    URN,
    VALID,
    VOTES,
)
from verify.model.figures import Bools, Ints
from verify.rulebook.causes import causes

FURTHER_FIGURE = 6
"""What each further wrong figure costs, where several are of no common nature."""
LAST_DIGIT = 2
"""What it costs more to say that the last digit is wrong: any small difference looks like that."""
A_BUNDLE = 3
"""What it costs less to say that votes were counted as null ones, where they are whole bundles of a hundred."""
NOT_WRITTEN = {URN: 4, EXPORT: 4, UNIVERSE: 3}
"""What it costs more to say that a figure is wrong which no hand has written, or that the official list is."""
_LEAST_LINES = 3
"""Choices from which on votes can be seen to have moved by a line."""


@cache
def number_of(cause: str) -> int:
    """The number of a cause, in the order of their table."""
    return list(causes()).index(cause)


@cache
def names() -> tuple[str, ...]:
    """All causes by number."""
    return tuple(causes())


@cache
def costs() -> Ints:
    """What each cause costs, by number."""
    return np.array([cause.cost for cause in causes().values()], np.int64)


def natures(kind: Ints, rows: Ints, right: Ints) -> tuple[Ints, Ints]:
    """The causes that make rows what they are, when they should read otherwise, by number; and what they cost.

    Args:
        kind: of the piece of each row, by its place in `KINDS`, behind them for others; shape ``(n,)``.
        rows: as they stand, shape ``(n, columns)``.
        right: as they should read, each otherwise in one column at least.
    """
    changed = rows != right
    number = changed.sum(axis=1)
    cause = np.full(len(rows), number_of("figure-wrong"))
    extra: Ints = np.zeros(len(rows), np.int64)
    one = (number == 1).nonzero()[0]
    column = changed[one].argmax(axis=1)
    was, becomes = rows[one, column], right[one, column]
    cause[one] = _of_one(kind[one], rows[one], column, was, becomes)
    extra[one] = LAST_DIGIT * ((cause[one] == number_of("digit-wrong")) & (was // 10 == becomes // 10))
    several = (number > 1).nonzero()[0]
    if len(several):
        some = rows[several], right[several], changed[several]
        cause[several] = _of_several(kind[several], *some)
        bundle = (cause[several] == number_of("ballots-moved")) & _is_a_bundle(*some[:2])
        wrong = cause[several] == number_of("figure-wrong")
        extra[several] = FURTHER_FIGURE * (number[several] - 1) * wrong - A_BUNDLE * bundle
    roll = (kind == KINDS.index(EXPORT)) & (number == 1) & changed[:, REGISTERED]
    return cause, costs()[cause] + extra + np.where(roll, 0, _NOT_WRITTEN[kind])


_NOT_WRITTEN = np.array([NOT_WRITTEN.get(kind, 0) for kind in (*KINDS, "")], np.int64)


def nature(kind: str, row: Sequence[int], changes: Mapping[int, int]) -> str:
    """The cause of one row of any piece, by what should stand there instead in some columns."""
    rows = np.array([row, [changes.get(column, value) for column, value in enumerate(row)]], np.int64)
    number = KINDS.index(kind) if kind in KINDS else len(KINDS)
    return names()[int(natures(np.array([number]), rows[:1], rows[1:])[0][0])]


def _is_a_bundle(rows: Ints, right: Ints) -> Bools:
    whole = ((rows - right) % _BUNDLE == 0).all(axis=1)
    return np.asarray(whole & (right[:, NULL] < rows[:, NULL]), np.bool_)


_BUNDLE = 100
"""Ballots that are counted together (code électoral, art. L. 65)."""


def _of_one(kind: Ints, rows: Ints, column: Ints, was: Ints, becomes: Ints) -> Ints:
    """Of one figure; later lines go before earlier ones."""
    cause = digits(was, becomes)
    cause[(was == 0) & (becomes > _UNITS)] = number_of("zero-for-missing")
    twice = (rows[:, :VOTES] == was[:, None]).sum(axis=1) > 1
    cause[(column < VOTES) & (was > 0) & twice] = number_of("figure-of-another-line")
    roll = (column == REGISTERED) & (was != rows[:, FOUND])  # rolls move by some voters
    cause[roll] = number_of("registered-differ")
    cause[roll & (was == becomes // 10)] = number_of("digit-lost")  # and a form has room for a digit less
    alike = rows[:, FOUND] == rows[:, SIGNATURES]
    cause[alike & (column == SIGNATURES) & (kind == KINDS.index(RECAP))] = number_of("gap-corrected")
    cause[alike & (column == FOUND) & (kind == KINDS.index(RECORD))] = number_of("found-from-signatures")
    return cause


_UNITS = 9


def digits(was: Ints, becomes: Ints) -> Ints:
    """The slips in the digits of figures, as the numbers of their causes; ``figure-wrong`` where there is none.

    One digit exchanged for its neighbour, one that is another, one too many or too few.
    """
    cause = np.full(len(was), number_of("figure-wrong"))
    if not len(was):
        return cause
    tens = 10 ** np.arange(len(str(max(was.max(), becomes.max()))) + 1, dtype=np.int64)
    counts = (was >= 0) & (becomes >= 0)
    here, there = (_Digits(figure, tens) for figure in (was, becomes))
    differing = here.digits != there.digits
    number = differing.sum(axis=1)
    crossed = (here.digits[:, 1:] == there.digits[:, :-1]) & (here.digits[:, :-1] == there.digits[:, 1:])
    beside = (differing[:, 1:] & differing[:, :-1] & crossed).any(axis=1)
    same = counts & (here.length == there.length)
    cause[same & (number == 1)] = number_of("digit-wrong")
    cause[same & (number == 2) & beside] = number_of("digits-exchanged")
    rows = (counts & (here.length == there.length + 1) & (there.length > 1)).nonzero()[0]
    cause[rows[here.has_with_one_less(rows, becomes[rows])]] = number_of("digit-doubled")
    rows = (counts & (here.length == there.length - 1)).nonzero()[0]
    cause[rows[there.has_with_one_less(rows, was[rows])]] = number_of("digit-lost")
    return cause


def exchanged(was: Ints, becomes: Ints) -> Bools:
    """Where two digits of a figure have changed places, side by side or not."""
    if not len(was):
        return np.zeros(0, np.bool_)
    tens = 10 ** np.arange(len(str(max(was.max(), becomes.max()))) + 1, dtype=np.int64)
    here, there = (_Digits(figure, tens) for figure in (was, becomes))
    others = (here.digits != there.digits).sum(axis=1) == 2
    alike = [(here.digits**power).sum(axis=1) == (there.digits**power).sum(axis=1) for power in (1, 2)]
    return np.asarray((was >= 0) & (becomes >= 0) & (here.length == there.length) & others & alike[0] & alike[1])


_PART_OF_ALL = 4
"""A gap of a fourth of all voters, or more, is no real one."""
_PART_OF_AN_EXCHANGE = 50
"""One of a fiftieth is none either where it is that of two digits that have changed places: few are that by chance."""


def no_real_gap(one: Ints, other: Ints) -> Bools:
    """Where two counts of voters differ as no gap of sign-in does: by a fourth, or just by two digits exchanged."""
    gap, most = np.abs(one - other), np.maximum(one, other)
    found = np.asarray(_PART_OF_ALL * gap >= most)
    near = (~found & (_PART_OF_AN_EXCHANGE * gap >= most)).nonzero()[0]
    found[near] = exchanged(one[near], other[near])
    return found


class _Digits:
    """The digits of some figures, the last one first; shape ``(n, digits of the longest)``."""

    def __init__(self, figures: Ints, tens: Ints) -> None:
        self._figures, self._tens = figures, tens
        self._cut = figures[:, None] // tens
        self.digits = self._cut[:, :-1] - 10 * self._cut[:, 1:]
        self.length = np.maximum((self._cut > 0).sum(axis=1), 1)

    def has_with_one_less(self, rows: Ints, others: Ints) -> Bools:
        """Where another figure has all digits of some of these but one."""
        tens, cut = self._tens[:-1], self._cut[rows]
        rest = self._figures[rows, None] - cut[:, :-1] * tens + cut[:, 1:] * tens
        there = np.arange(len(tens)) < self.length[rows, None]
        return np.asarray(((rest == others[:, None]) & there).any(axis=1), np.bool_)


def _of_several(kind: Ints, rows: Ints, right: Ints, changed: Bools) -> Ints:
    """Of several figures; later lines go before earlier ones."""
    cause = np.full(len(rows), number_of("figure-wrong"))
    by = np.abs(right - rows)
    same = (np.where(changed, by, by.max(axis=1, keepdims=True)) == by.max(axis=1, keepdims=True)).all(axis=1)
    cause[same & _adds_up(rows) & _adds_up(right)] = number_of("amended")
    lines = np.flatnonzero((changed.sum(axis=1) >= _LEAST_LINES) & ~changed[:, :VOTES].any(axis=1))
    cause[lines[_moved_by_a_line(rows[lines], right[lines])]] = number_of("lines-shifted")
    zeros = ((rows == 0) | ~changed).all(axis=1) & (kind == KINDS.index(PUBLISHED))
    cause[zeros] = number_of("row-of-zeros")
    two = np.flatnonzero(changed.sum(axis=1) == 2)
    of_two = _of_two(rows[two], right[two], changed[two])
    cause[two[of_two >= 0]] = of_two[of_two >= 0]
    return cause


def _of_two(rows: Ints, right: Ints, changed: Bools) -> Ints:
    """Of two figures, -1 for nothing that only two have in common; later lines go before earlier ones."""
    at = np.arange(len(rows))
    one, other = changed.argmax(axis=1), changed.shape[1] - 1 - changed[:, ::-1].argmax(axis=1)
    first, second = right[at, one] - rows[at, one], right[at, other] - rows[at, other]
    cause = np.full(len(rows), -1, np.int64)
    of_votes = (one != REGISTERED) & (one != SIGNATURES) & (other != SIGNATURES)
    cause[of_votes & (first == -second)] = number_of("ballots-moved")
    booked = (one == FOUND) & (other == NULL) & (rows[:, FOUND] == rows[:, SIGNATURES])
    cause[booked & (first == second) & (first < 0)] = number_of("gap-as-nulls")
    exchanged = (right[at, one] == rows[at, other]) & (right[at, other] == rows[at, one])
    cause[exchanged] = number_of("figures-exchanged")
    cause[exchanged & (one >= VOTES)] = number_of("choices-exchanged")
    cause[exchanged & (one == BLANK) & (other == NULL)] = number_of("blank-null-exchanged")
    return cause


def _moved_by_a_line(rows: Ints, right: Ints) -> Bools:
    """Whether the votes that there are should stand one line higher, or one lower."""
    votes, wanted = rows[:, VOTES:], right[:, VOTES:]
    order = np.argsort(votes < 0, axis=1, kind="stable")  # those that there are first
    here = np.take_along_axis(votes, order, axis=1)
    there = np.where(wanted != votes, wanted, here)
    inside = here[:, 1:] >= 0
    down, up = here[:, 1:] == there[:, :-1], here[:, :-1] == there[:, 1:]
    return np.asarray((down | ~inside).all(axis=1) | (up | ~inside).all(axis=1), np.bool_)


def _adds_up(rows: Ints) -> Bools:
    """Whether the figures of a piece make up its votes found."""
    parts, votes = rows[:, [FOUND, BLANK, NULL, VALID]], rows[:, VOTES:]
    some = votes >= 0
    whole = (parts >= 0).all(axis=1) & (parts[:, 0] == parts[:, 1:].sum(axis=1))
    return np.asarray(whole & (~some.any(axis=1) | (np.where(some, votes, 0).sum(axis=1) == parts[:, 3])), np.bool_)
