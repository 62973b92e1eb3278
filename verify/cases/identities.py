"""What has to hold between the figures of one bureau, and what it costs to leave it unexplained.

Costs are whole numbers, on the scale of the causes' own (`causes.toml`): a figure that is read again costs 5 to 9, a
contradiction that nothing is said of more than that, and a gap between votes and signatures the more the larger it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from operator import itemgetter

from verify.cases.side_by_side import (
    BLANK,
    EXPORT,
    FOUND,
    LIST,
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
    Row,
    SideBySide,
)

UNEXPLAINED = 12
"""Of two figures that should be one, or a sum that does not work out."""
UNEXPLAINED_REGISTERED = 8
"""Of registered voters that differ: rolls do move."""
LEAST_GAP, TWICE_THE_GAP = 2, 2
"""Of a gap of one vote, and by how much more one of twice as many costs: most real gaps are of one or two votes."""

Key = tuple[str, int, int, int]
"""One identity: ``same`` with two pieces and a column; ``found``, ``valid`` or ``total`` with a piece; ``gap``."""
GAP: Key = ("gap", -1, -1, -1)


@dataclass(frozen=True, slots=True)
class Ties:
    """What the identities of one bureau need beside its figures.

    Attributes:
        kinds: of the pieces, in the order of the grid.
        size: number of choices, 0 where they are not known.
        strange: votes of the PV for something that is no choice.
        pairs: pieces that should have the same figures, and the columns in which.
        signed, cast: the pieces from which signatures and votes found are taken, -1 for none.
        mentioned: whether the PV speaks of a gap.
        by_machine: whether all votes were on a machine.
    """

    kinds: tuple[str, ...]
    size: int
    strange: int
    pairs: tuple[tuple[int, int, tuple[int, ...]], ...]
    signed: int
    cast: int
    mentioned: bool
    by_machine: bool

    def index(self, kind: str) -> int:
        """The first piece of a kind, -1 for none."""
        return self.kinds.index(kind) if kind in self.kinds else -1


_COMPARED = (
    (URN, EXPORT, (FOUND, BLANK), True),
    (EXPORT, RECORD, (FOUND, BLANK, NULL), True),
    (LIST, RECORD, (SIGNATURES,), False),
    (RECORD, RECAP, (SIGNATURES, FOUND, BLANK, NULL, VALID), False),
    (RECORD, PUBLISHED, (SIGNATURES, FOUND, BLANK, NULL, VALID), True),
    (LIST, PUBLISHED, (SIGNATURES,), False),
    (EXPORT, PUBLISHED, (FOUND, BLANK), True),
)
"""Which pieces are held against each other, in which counts, and whether in the votes for each choice as well."""
_INSTEAD_OF = {EXPORT: RECORD, LIST: RECORD}
"""What a published result is held against these for, where the bureau has none of it."""


def ties_of(grid: SideBySide, at: int) -> Ties:
    """The ties of one of the bureaux laid out, by its pieces and the figures that they have."""
    kinds, rows = tuple(piece.kind for piece in grid.pieces), grid.rows(at)
    size, strange = int(grid.sizes[at]), int(grid.strange[at])
    votes = tuple(range(VOTES, VOTES + size))
    pairs = []
    for one, other, counts, by_choice in _COMPARED:
        for left, kind in enumerate(kinds):
            if kind != one and not (kind == URN and one == EXPORT and EXPORT not in kinds):
                continue
            for right, other_kind in enumerate(kinds):
                if other_kind != other or right <= left:
                    continue
                columns = counts + (votes if by_choice else ())
                if other == PUBLISHED and one in _INSTEAD_OF:
                    columns = tuple(c for c in columns if not _has(kinds, rows, _INSTEAD_OF[one], c))
                both = tuple(c for c in columns if rows[left][c] >= 0 and rows[right][c] >= 0)
                if both:
                    pairs.append((left, right, both))
    first = next((index for index, row in enumerate(rows) if row[REGISTERED] >= 0), -1)
    for later, row in enumerate(rows):
        if later > first >= 0 and row[REGISTERED] >= 0 and kinds[later] != RECAP:
            pairs.append((first, later, (REGISTERED,)))
    signed, cast = _used_counts(kinds, rows, apart=bool(grid.apart[at]))
    mentioned, by_machine = bool(grid.mentioned[at]), bool(grid.by_machine[at])
    return Ties(kinds, size, strange, tuple(pairs), signed, cast, mentioned, by_machine)


def _has(kinds: tuple[str, ...], rows: list[Row], kind: str, column: int) -> bool:
    return any(rows[at][column] >= 0 for at, each in enumerate(kinds) if each == kind)


Broken = tuple[tuple[Key, int], ...]
"""Identities that do not hold, each with the cost of leaving it so."""


def broken(
    ties: Ties, rows: list[Row], before: Sequence[Broken] = (), changed: frozenset[int] = frozenset()
) -> list[Broken]:
    """What does not hold, by what is looked at: each pair of pieces, the sums of each piece, and the gap.

    Args:
        ties: of the bureau.
        rows: its figures.
        before: what was broken with other figures; empty where nothing is known.
        changed: the pieces that have other figures since.
    """
    found: list[Broken] = []
    for left, right, columns in ties.pairs:
        if before and left not in changed and right not in changed:
            found.append(before[len(found)])
        else:
            found.append(_differing(left, right, columns, rows))
    for at, kind in enumerate(ties.kinds):
        if before and at not in changed:
            found.append(before[len(found)])
        elif kind in (UNIVERSE, LIST):
            found.append(())
        else:
            found.append(tuple(((name, at, -1, -1), UNEXPLAINED) for name in _wrong_sums(kind, rows[at], ties)))
    gap = gap_of(ties, rows)
    found.append(((GAP, gap_cost(gap)),) if gap else ())
    return found


def _differing(left: int, right: int, columns: tuple[int, ...], rows: list[Row]) -> Broken:
    """The columns in which two pieces have different figures."""
    ours, theirs, some = rows[left], rows[right], _some(columns)
    if some(ours) == some(theirs):
        return ()
    return tuple(
        (("same", left, right, column), UNEXPLAINED_REGISTERED if column == REGISTERED else UNEXPLAINED)
        for column in columns
        if ours[column] != theirs[column]
    )


@cache
def _some(columns: tuple[int, ...]) -> Callable[[Row], object]:
    """Gives the figures of some columns of a row, to be compared all at once."""
    return itemgetter(*columns)


def gap_cost(gap: int) -> int:
    """What it costs to say that votes and signatures differ by so many, and no more."""
    return LEAST_GAP + TWICE_THE_GAP * (abs(gap).bit_length() - 1)


def _wrong_sums(kind: str, row: Row, ties: Ties) -> Iterator[str]:
    found, blank, null, valid = row[FOUND], row[BLANK], row[NULL], row[VALID]
    votes = row[VOTES : VOTES + ties.size]
    whole = ties.size > 0 and min(votes, default=0) >= 0
    if kind in (EXPORT, URN):
        if found >= 0 and blank >= 0 and null == 0 and whole and found != blank + sum(votes):
            yield "total"
        return
    if found >= 0 and blank >= 0 and null >= 0 and valid >= 0 and found != blank + null + valid:
        yield "found"
    if valid >= 0 and whole:
        total = sum(votes)
        if valid != total and (kind != RECORD or valid != total + ties.strange):
            yield "valid"


def _used_counts(kinds: tuple[str, ...], rows: list[Row], *, apart: bool) -> tuple[int, int]:
    """The pieces from which signatures and votes found are taken, as the rules take them (`verify.columns.counts`)."""
    signed = _first(kinds, rows, (LIST, RECORD), SIGNATURES)
    cast = _first(kinds, rows, (RECORD,) if apart else (EXPORT, URN, RECORD), FOUND)
    for at, kind in enumerate(kinds):
        if kind == PUBLISHED and rows[at][SIGNATURES] >= 0 and rows[at][FOUND] >= 0:
            return (at if signed < 0 else signed), (at if cast < 0 else cast)
    return signed, cast


def _first(kinds: tuple[str, ...], rows: list[Row], wanted: tuple[str, ...], column: int) -> int:
    for kind in wanted:
        for at, each in enumerate(kinds):
            if each == kind and rows[at][column] >= 0:
                return at
    return -1


def gap_of(ties: Ties, rows: list[Row]) -> int:
    """Votes found less signatures, 0 where not both are known."""
    if ties.signed < 0 or ties.cast < 0:
        return 0
    found, signed = rows[ties.cast][FOUND], rows[ties.signed][SIGNATURES]
    return found - signed if min(found, signed) >= 0 else 0
