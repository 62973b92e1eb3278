"""What may have happened to the figures of bureaux: proposals for corrections, from identities that do not hold.

The figure of the one piece for that of the other, the number that makes a sum work out, two lines exchanged; each has
the cost of its nature (`verify.explanations.natures`). All of it is for many states of bureaux at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np

from verify.cases.large_gaps import large_gaps, only_a_gap
from verify.explanations.identities import Broken, Ties, totals
from verify.explanations.natures import costs, digits, exchanged, natures, number_of
from verify.explanations.side_by_side import (
    BLANK,
    EXPORT,
    FOUND,
    KINDS,
    NULL,
    PUBLISHED,
    REGISTERED,
    SIGNATURES,
    URN,
    VALID,
    VOTES,
)
from verify.model.figures import Bools, Ints

_LEAST_LINES = 4
"""Choices from which on votes can be seen to have moved by a line, where nothing else has them."""
_LEAST_SLIP = 9
"""Votes that two exchanged digits make at the least; below, real gaps are the simplest explanation."""
_SMALL_GAP_ENDED = 6
"""What a correction costs more that only makes the one count of voters the other one: small gaps are real ones."""


@dataclass(frozen=True, slots=True)
class States:
    """Bureaux with some figures corrected, ``s`` of them.

    Attributes:
        of: the bureau, shape ``(s,)``.
        figures: shape ``(s, pieces, columns)``.
        broken: what does not hold with them.
    """

    of: Ints
    figures: Ints
    broken: Broken


@dataclass(frozen=True, slots=True)
class Proposals:
    """Corrections of one piece each, in the order of the states and of what is looked at first; ``n`` of them.

    Attributes:
        state: index of the state, shape ``(n,)``.
        piece: index of the piece, shape ``(n,)``.
        right: the row as it should read, shape ``(n, columns)``.
        cause: by number, shape ``(n,)``.
        cost: shape ``(n,)``.
        valid_votes: 1 where they come last of the figures, -1 where first, else 0; shape ``(n,)``.
    """

    state: Ints
    piece: Ints
    right: Ints
    cause: Ints
    cost: Ints
    valid_votes: Ints


class _Some:
    """Proposals of one kind: the rows as they should read, and five numbers of each.

    Args:
        state, piece: indices.
        right: the rows.
        turn: their place among the proposals of a state.
        more: what they cost more.
        valid_votes: 1 where they come last of the figures, -1 where first.
    """

    __slots__ = ("facts", "right")

    def __init__(
        self, state: Ints, piece: Ints, right: Ints, turn: Ints, more: Ints | int = 0, valid_votes: int = 0
    ) -> None:
        self.right = right
        self.facts = np.empty((5, len(state)), np.int64)
        for row, each in zip(self.facts, (state, piece, turn, more, valid_votes), strict=True):
            row[:] = each


def propose(ties: Ties, states: States) -> Proposals:
    """Everything that would end some of the contradictions."""
    parts = [*_for_sums(ties, states), *_for_pairs(ties, states), *_for_gaps(ties, states)]
    if not parts:
        none = np.zeros(0, np.int64)
        return Proposals(none, none, none.reshape(0, states.figures.shape[2]), none, none, none)
    facts = np.concatenate([part.facts for part in parts], axis=1)
    right = np.concatenate([part.right for part in parts])
    changed = right != states.figures[facts[0], facts[1]]
    kept = (changed.any(axis=1) & ((right >= 0) | ~changed).all(axis=1)).nonzero()[0]
    kept = kept[np.lexsort((facts[2, kept], facts[0, kept]))]
    (state, piece, _, more, last), right, changed = facts[:, kept], right[kept], changed[kept]
    found = _Proposed(ties, states, state, piece, states.figures[state, piece], right, changed)
    cause, cost = _natures(found)
    cost += more + _for_ending_a_small_gap(found)
    return Proposals(state, piece, right, cause, cost, last)


class _Proposed(NamedTuple):
    """Rows of some states and pieces as they stand and as they should read, and where they are changed."""

    ties: Ties
    states: States
    state: Ints
    piece: Ints
    rows: Ints
    right: Ints
    changed: Bools


# --- Sums ---


@cache
def _in_sums(width: int) -> tuple[Ints, Ints, Ints, Ints]:
    """Rows of what is added to each column for each vote that is lacking in a sum.

    In that of the votes found, in that of a machine's, in that of the valid votes; and in this of two columns at once.
    """

    def rows(*parts: dict[int, int]) -> Ints:
        made = np.zeros((len(parts), width), np.int64)
        for row, part in zip(made, parts, strict=True):
            row[list(part)] = list(part.values())
        return made

    votes = [{column: 1} for column in range(VOTES, width)]
    return (
        rows({FOUND: -1}, {BLANK: 1}, {NULL: 1}, {VALID: 1}),
        rows(*votes, {FOUND: -1}, {BLANK: 1}),
        rows(*votes, {VALID: -1}),
        rows({VALID: -1, NULL: 1}, {VALID: -1, BLANK: 1}, {VALID: -1, FOUND: -1}),
    )


def _for_sums(ties: Ties, states: States) -> Iterator[_Some]:
    """What makes a sum work out: another value of one of its figures, or of two that belong together."""
    width = states.figures.shape[2]
    machine = ties.are(URN, EXPORT)
    found, total, valid, with_valid = _in_sums(width)
    for which in (0, 1):
        state, at = states.broken.sums[:, :, which].nonzero()
        if not len(state):
            continue
        piece = np.array(ties.summed)[at]
        rows, turn = states.figures[state, piece], (2 * at + which) * (2 * width)
        made, _ = totals(rows, ties.sizes[states.of[state]])
        of_machine = machine[piece]
        if which:
            off = rows[:, VALID] - made
            yield from _lines_moved(ties, states, state, piece, rows, turn + width)
            templates = ((valid, ~of_machine, 0), (with_valid, ~of_machine, width + 1))
        else:
            parts = np.where(of_machine, made, rows[:, NULL] + rows[:, VALID])
            off = rows[:, FOUND] - rows[:, BLANK] - parts
            templates = ((found, ~of_machine, 0), (total, of_machine, 0))
        for template, mask, slot in templates:
            here = mask.nonzero()[0]
            if len(here):
                some = state[here], piece[here], rows[here], off[here], turn[here] + slot
                yield _working_out(*some, template, ties.sizes[states.of[state[here]]])


def _working_out(state: Ints, piece: Ints, rows: Ints, off: Ints, turn: Ints, template: Ints, sizes: Ints) -> _Some:
    """Rows in which something is added to columns as a template has it, where these are counts."""
    added = template != 0
    counted = (rows >= 0) & (np.arange(rows.shape[1]) < VOTES + sizes[:, None])
    at, way = np.nonzero((counted[:, None, :] | ~added).all(axis=2))
    right = rows[at] + off[at, None] * template[way]
    first = -1 if added.sum() > len(template) else 0  # of two figures the valid votes are named first
    return _Some(state[at], piece[at], right, turn[at] + way, valid_votes=first)


def _lines_moved(ties: Ties, states: States, state: Ints, piece: Ints, rows: Ints, turn: Ints) -> Iterator[_Some]:
    """The first line of votes stands there twice, and the last one is gone."""
    size = ties.sizes[states.of[state]]
    here = np.flatnonzero((size >= _LEAST_LINES) & (rows[:, VOTES] > 0))
    here = here[rows[here, VOTES] == rows[here, VOTES + 1]]
    if len(here):
        right, last = rows[here], VOTES + size[here] - 1
        inside = np.arange(right.shape[1] - VOTES - 1) < size[here, None] - 1
        right[:, VOTES:-1] = np.where(inside, right[:, VOTES + 1 :], right[:, VOTES:-1])
        right[np.arange(len(here)), last] = 0
        left, _ = totals(right, size[here])
        right[np.arange(len(here)), last] = right[:, VALID] - left
        yield _Some(state[here], piece[here], right, turn[here])


# --- Pairs ---


def _for_pairs(ties: Ties, states: States) -> Iterator[_Some]:
    """Of two pieces that differ, the figures of the one for those of the other, all of them or some."""
    pairs, width = ties.pairs, states.figures.shape[2]
    state, at = states.broken.same.nonzero()
    if not len(state):
        return
    group = pairs.group[at]
    differing: Bools = np.zeros((len(states.of), len(pairs.pieces), width), np.bool_)
    differing[state, group, pairs.column[at]] = True
    first: Ints = np.full(differing.shape[:2], len(pairs.one))
    np.minimum.at(first, (state, group), at)
    state, group = differing.any(axis=2).nonzero()
    differing = differing[state, group]
    turn = 4 * len(ties.summed) * width + 2 * first[state, group] * (width + 8)  # after all sums
    one, other = pairs.pieces[group].T
    two = _Two(
        np.concatenate((state, state)),
        wrong=np.concatenate((other, one)),
        right=np.concatenate((one, other)),
        turn=np.concatenate((turn, turn + width + 8)),
    )
    yield from _read_from(ties, states, np.concatenate((differing, differing)), two)


@dataclass(frozen=True, slots=True)
class _Two:
    """Two pieces of a state, of which the one is wrong and the other right."""

    state: Ints
    wrong: Ints
    right: Ints
    turn: Ints

    def of(self, here: Ints, right: Ints, turn: Ints | int, valid_votes: int = 0) -> _Some:
        """A proposal for some of them."""
        return _Some(self.state[here], self.wrong[here], right, self.turn[here] + turn, valid_votes=valid_votes)


def _read_from(ties: Ties, states: States, differing: Bools, two: _Two) -> Iterator[_Some]:
    width = differing.shape[1]
    here, there = states.figures[two.state, two.wrong], states.figures[two.state, two.right]
    whole = np.where(differing, there, here)
    yield two.of(np.arange(len(whole)), whole, 0)
    counts = whole[:, [FOUND, BLANK, NULL]]
    machine = ties.are(URN, EXPORT)[two.right] & (counts >= 0).all(axis=1) & (here[:, VALID] >= 0)
    if machine.any():  # which states no valid votes: those that its counts make
        with_valid = whole[machine]
        with_valid[:, VALID] = counts[machine, 0] - counts[machine, 1] - counts[machine, 2]
        yield two.of(machine.nonzero()[0], with_valid, 1, valid_votes=1)
    number = differing.sum(axis=1)
    at, column = np.nonzero(differing & (number > 1)[:, None])
    if not len(at):
        return
    alone = here[at]
    alone[np.arange(len(at)), column] = there[at, column]
    yield two.of(at, alone, 2 + np.where(column == REGISTERED, width, column))
    of_votes = np.arange(width) >= VOTES
    mixed = np.flatnonzero((differing & of_votes).any(axis=1) & (differing & ~of_votes).any(axis=1))
    for turn, some in enumerate((differing & ~of_votes, differing & of_votes)):
        yield two.of(mixed, np.where(some[mixed], there[mixed], here[mixed]), width + 3 + turn)


# --- Gaps ---


def _for_gaps(ties: Ties, states: States) -> Iterator[_Some]:
    """Slips of the pen that make a gap so large that it can be no real one."""
    for each in large_gaps(ties, states.of, states.figures, states.broken):
        yield _Some(*each)


def _for_ending_a_small_gap(found: _Proposed) -> Ints:
    gap = np.abs(found.states.broken.gap[found.state])
    voters = [SIGNATURES, FOUND]
    by = np.abs(found.right[:, voters] - found.rows[:, voters])
    one = found.changed.sum(axis=1) == 1
    ends = one & (by == gap[:, None]).any(axis=1) & (gap > 0) & (gap < _LEAST_SLIP)
    of = found.states.of[found.state]
    of_voters = (found.piece == found.ties.signed[of]) | (found.piece == found.ties.cast[of])
    return np.where(ends & of_voters, _SMALL_GAP_ENDED, 0)


# --- Causes ---


def _natures(found: _Proposed) -> tuple[Ints, Ints]:
    """Cause and cost of each, where what a bureau's other pieces have is looked at as well."""
    ties, states, state, piece, rows, right, changed = found
    kinds = np.array([KINDS.index(kind) for kind in ties.kinds], np.int64)
    cause, cost = natures(kinds[piece], rows, right)
    copied = (cause == number_of("found-from-signatures")) & ~ties.by_machine[states.of[state]]
    if copied.any():  # on paper the two are equal as a rule, which says nothing
        cause[copied] = digits(rows[copied, FOUND], right[copied, FOUND])
        cost[copied] = costs()[cause[copied]]
    of_gap = only_a_gap(states.broken)[state] & (cause == number_of("figure-wrong"))
    column = changed[of_gap].argmax(axis=1)
    of_gap[of_gap] = exchanged(rows[of_gap, column], right[of_gap, column])
    cause[of_gap] = number_of("digits-exchanged")
    cost[of_gap] = costs()[number_of("digits-exchanged")]
    published = ties.are(PUBLISHED)
    if published.sum() > 1:
        loose = (cause == number_of("amended")) | (cause == number_of("figure-wrong"))
        several = (loose & published[piece] & (changed.sum(axis=1) > 1)).nonzero()[0]
        same = states.figures[state[several]][:, published] == right[several, None, :]
        edition = several[(same | ~changed[several, None, :]).all(axis=2).any(axis=1)]
        cause[edition] = number_of("older-edition")
        cost[edition] = costs()[number_of("older-edition")]
    return cause, cost
