"""What may have happened to the figures of one bureau: candidates for corrections, from identities that do not hold.

The figure of the one piece for that of the other, the number that makes a sum work out, two lines exchanged; each has
the cost of its nature (`verify.cases.natures`). Copies of a wrong figure further on the way are corrected with it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from verify.cases.identities import GAP, Key, Ties, gap_of
from verify.cases.natures import Changes, digits, nature
from verify.cases.side_by_side import (
    BLANK,
    EXPORT,
    FOUND,
    LIST,
    NULL,
    PUBLISHED,
    RECAP,
    RECORD,
    SIGNATURES,
    URN,
    VALID,
    VOTES,
    Row,
)
from verify.rulebook.causes import causes

_LEAST_LINES = 4
"""Choices from which on votes can be seen to have moved by a line, where nothing else has them."""
_DOUBTFUL_GAP, _DOUBTFUL_DIGIT = 2, 5
"""What it costs more to explain a gap by a slip of the pen, or by one wrong digit, of which nothing else shows."""

Cell = tuple[int, int, int]
"""A piece, a column, and what is read there."""


@dataclass(frozen=True, slots=True)
class Move:
    """Some corrections of one piece, of one cause: what is read otherwise, and what is copied from it.

    Attributes:
        cause: name of the cause.
        piece: index of the piece.
        changes: by column, what should stand there.
        copies: by piece and column, the same for those that repeat the figures.
        cost: in whole numbers.
        group: the same for moves of several bureaux that are one thing, in whatever piece, else empty.
    """

    cause: str
    piece: int
    changes: tuple[tuple[int, int], ...]
    copies: tuple[tuple[int, int, int], ...]
    cost: int
    group: str = ""

    def cells(self) -> list[Cell]:
        """PieceFigures, column and new figure of all."""
        piece = self.piece
        return [*[(piece, column, value) for column, value in self.changes], *self.copies]


def candidates(ties: Ties, rows: list[Row], left: dict[Key, int]) -> list[Move]:
    """Moves that end some of the contradictions, each once, at its cheapest."""
    found: dict[tuple[int, tuple[tuple[int, int], ...]], Move] = {}
    gap = gap_of(ties, rows)

    def propose(piece: int, changes: Changes, more: int = 0) -> None:
        row = rows[piece]
        wanted = {column: value for column, value in changes.items() if row[column] != value}
        if not wanted or min(wanted.values()) < 0:
            return
        key = piece, tuple(sorted(wanted.items()))
        if key not in found:
            if 0 < abs(gap) < _LEAST_SLIP and len(wanted) == 1:
                more += _for_ending_a_small_gap(ties, gap, piece, row, *key[1][0])
            found[key] = move_of(ties, rows, piece, wanted, more)

    differing: dict[tuple[int, int], list[int]] = {}
    for name, one, other, column in left:
        if name == "same":
            differing.setdefault((one, other), []).append(column)
        elif name != "gap":
            for changes in _for_sum(name, rows[one], ties):
                propose(one, changes)
    for (one, other), columns in differing.items():
        for wrong, right in ((other, one), (one, other)):
            propose(wrong, {column: rows[right][column] for column in columns})
            propose(wrong, _with_valid(ties.kinds[right], rows, wrong, {c: rows[right][c] for c in columns}))
            if len(columns) > 1:
                for column in columns:
                    propose(wrong, {column: rows[right][column]})
            counts = {column: rows[right][column] for column in columns if column < VOTES}
            if 0 < len(counts) < len(columns):
                propose(wrong, counts)
                propose(wrong, {column: rows[right][column] for column in columns if column >= VOTES})
    if GAP in left:
        for piece, changes, more in _for_gap(ties, rows):
            propose(piece, changes, more)
    return list(found.values())


def _with_valid(kind: str, rows: list[Row], wrong: int, changes: Changes) -> Changes:
    """With the counts of a machine, which states no valid votes, those that they make."""
    found, blank, null = (changes.get(column, rows[wrong][column]) for column in (FOUND, BLANK, NULL))
    if kind not in (URN, EXPORT) or min(found, blank, null, rows[wrong][VALID]) < 0:
        return {}
    return {**changes, VALID: found - blank - null}


def move_of(ties: Ties, rows: list[Row], piece: int, changes: Changes, more: int = 0) -> Move:
    """The move that makes some changes in a piece, and in its copies."""
    cause, cost = nature(ties.kinds[piece], rows[piece], changes)
    if cause == "found-from-signatures" and not ties.by_machine:  # else the two are equal as a rule, which says nothing
        cause = digits(rows[piece][FOUND], changes[FOUND]) or "figure-wrong"
        cost = causes()[cause].cost
    if len(changes) > 1 and cause in ("amended", "figure-wrong") and _is_in_another_edition(ties, rows, piece, changes):
        cause, cost = "older-edition", causes()["older-edition"].cost
    return Move(cause, piece, tuple(sorted(changes.items())), tuple(_copies(ties, rows, piece, changes)), cost + more)


def _is_in_another_edition(ties: Ties, rows: list[Row], piece: int, changes: Changes) -> bool:
    """Whether another published file has the right figures already."""
    if ties.kinds[piece] != PUBLISHED:
        return False
    others = (at for at, kind in enumerate(ties.kinds) if kind == PUBLISHED and at != piece)
    return any(all(rows[at][column] == value for column, value in changes.items()) for at in others)


_ON_THE_WAY = {
    URN: (EXPORT, RECORD, RECAP, PUBLISHED),
    EXPORT: (RECORD, RECAP, PUBLISHED),
    LIST: (RECORD, RECAP, PUBLISHED),
    RECORD: (RECAP, PUBLISHED),
    RECAP: (PUBLISHED,),
    PUBLISHED: (PUBLISHED,),
}
"""Which pieces copy the figures of which: editions of a result have one another's."""


def _copies(ties: Ties, rows: list[Row], piece: int, changes: Changes) -> Iterator[tuple[int, int, int]]:
    """The same figures in the pieces that are copied from it; not beyond an export that has others than its urn."""
    kind = ties.kinds[piece]
    later = _later(ties.kinds, kind)
    for column, value in changes.items() if later else ():
        was = rows[piece][column]
        if kind == URN:
            machines = [rows[at][column] for at, other in enumerate(ties.kinds) if other == EXPORT]
            if any(each >= 0 and each != was for each in machines):
                continue
        for at in later:
            if at != piece and rows[at][column] == was:
                yield at, column, value


@cache
def _later(kinds: tuple[str, ...], kind: str) -> tuple[int, ...]:
    """The pieces that copy the figures of one of a kind."""
    return tuple(at for at, other in enumerate(kinds) if other in _ON_THE_WAY.get(kind, ()))


def _for_sum(name: str, row: Row, ties: Ties) -> Iterator[dict[int, int]]:
    """What makes a sum work out: another value of one of its figures, or of two that belong together."""
    found, blank, null, valid = row[FOUND], row[BLANK], row[NULL], row[VALID]
    votes = range(VOTES, VOTES + ties.size)
    total = sum(row[at] for at in votes)
    if name == "found":
        off = found - blank - null - valid
        yield {FOUND: found - off}
        yield {BLANK: blank + off}
        yield {NULL: null + off}
        yield {VALID: valid + off}
    elif name == "total":
        yield from ({at: row[at] + found - blank - total} for at in votes)
        yield {FOUND: blank + total}
        yield {BLANK: found - total}
    else:
        yield from ({at: row[at] + valid - total} for at in votes)
        yield {VALID: total}
        if ties.size >= _LEAST_LINES and row[VOTES] == row[VOTES + 1] > 0:  # the first line twice, the last one gone
            moved = {at: row[at + 1] for at in votes[:-1]}
            yield moved | {votes[-1]: valid - sum(moved.values())}
        if null >= 0:
            yield {VALID: total, NULL: null - total + valid}
        if blank >= 0:
            yield {VALID: total, BLANK: blank - total + valid}
        if found >= 0:
            yield {VALID: total, FOUND: found + total - valid}


def _for_gap(ties: Ties, rows: list[Row]) -> Iterator[tuple[int, dict[int, int], int]]:
    """Slips of the pen that make a gap so large that it can be no real one: the one count should read as the other.

    Not where the PV speaks of it, where list and PV have the same signatures, or of what a machine counted.
    """
    signed, cast = ties.signed, ties.cast
    counts = rows[signed][SIGNATURES], rows[cast][FOUND]
    if ties.mentioned or PART_OF_ALL * abs(gap_of(ties, rows)) < max(counts):
        return
    alone = sum(row[SIGNATURES] == counts[0] for row, kind in zip(rows, ties.kinds, strict=True) if kind != RECAP) == 1
    if alone and (slip := digits(*counts)):
        yield signed, {SIGNATURES: counts[1]}, _DOUBTFUL_DIGIT if slip == "digit-wrong" else _DOUBTFUL_GAP
    if ties.kinds[cast] not in (URN, EXPORT) and (slip := digits(counts[1], counts[0])):
        yield cast, {FOUND: counts[0]}, _DOUBTFUL_DIGIT if slip == "digit-wrong" else _DOUBTFUL_GAP


PART_OF_ALL = 4
"""A gap of a fourth of all voters, or more, is no real one."""


def _for_ending_a_small_gap(ties: Ties, gap: int, piece: int, row: Row, column: int, becomes: int) -> int:
    """What a correction costs more that only makes the one count of voters the other one: small gaps are real ones."""
    ends = column in (SIGNATURES, FOUND) and abs(becomes - row[column]) == abs(gap)
    return _SMALL_GAP_ENDED if ends and piece in (ties.signed, ties.cast) else 0


_LEAST_SLIP = 9
"""Votes that two exchanged digits make at the least; below, real gaps are the simplest explanation."""
_SMALL_GAP_ENDED = 6
