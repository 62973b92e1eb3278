"""Operations on several figures of one row at once: each is another reading of what a piece says, at one cost."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import combinations, pairwise

from verify.explanations.copies import COPIED_BY, BureauPapers, PieceOperation
from verify.explanations.side_by_side import (
    BLANK,
    FOUND,
    LIST,
    NULL,
    PUBLISHED,
    REGISTERED,
    SIGNATURES,
    UNIVERSE,
    VALID,
    VOTES,
)
from verify.explanations.slips import NOT_WRITTEN, WRONG, cost_of, slip

ELSEWHERE = 160
"""A row that is not this bureau's, of whatever bureau or kind it is: nothing in it says anything of this one."""
LEAST_ELSEWHERE = 3
"""Figures that differ at least, for a row to be another's."""
_A_BUNDLE, _BUNDLE = 30, 100
"""Discount for votes counted as null ones in whole bundles of so many ballots (code électoral, L. 65)."""
_LEAST_LINES, _LEAST_REPEATED = 3, 4
"""Choices from which on votes can be seen to have moved by a line; and where nothing else has them."""


def nature(kind: str, row: Sequence[int], changes: Mapping[int, int], *, by_machine: bool = True) -> str:
    """The operation that makes a row what it is when some figures should read otherwise, by the name of its cause."""
    if len(changes) == 1:
        [(column, becomes)] = changes.items()
        return slip(kind, row, column, becomes, by_machine=by_machine)
    right = [changes.get(column, value) for column, value in enumerate(row)]
    if len(changes) == 2 and (two := _of_two(row, right, sorted(changes))):
        return two
    if kind == PUBLISHED and all(row[column] == 0 for column in changes):
        return "row-of-zeros"
    if len(changes) >= _LEAST_LINES and min(changes) >= VOTES and _moved_by_a_line(row[VOTES:], right[VOTES:]):
        return "lines-shifted"
    by = {abs(right[column] - row[column]) for column in changes}
    return "amended" if len(by) == 1 and _adds_up(row) and _adds_up(right) else WRONG


def _of_two(row: Sequence[int], right: Sequence[int], columns: Sequence[int]) -> str:
    one, other = columns
    first, second = right[one] - row[one], right[other] - row[other]
    if (right[one], right[other]) == (row[other], row[one]):
        if (one, other) == (BLANK, NULL):
            return "blank-null-exchanged"
        return "choices-exchanged" if one >= VOTES else "figures-exchanged"
    if (one, other) == (FOUND, NULL) and row[FOUND] == row[SIGNATURES] and first == second < 0:
        return "gap-as-nulls"
    of_votes = one not in (REGISTERED, SIGNATURES) and other != SIGNATURES
    return "ballots-moved" if of_votes and first == -second else ""


def _moved_by_a_line(votes: Sequence[int], right: Sequence[int]) -> bool:
    here = [each for each in votes if each >= 0]
    there = [wanted for wanted, each in zip(right, votes, strict=True) if each >= 0]
    return here[1:] == there[:-1] or here[:-1] == there[1:]


def _adds_up(row: Sequence[int]) -> bool:
    votes = [each for each in row[VOTES:] if each >= 0]
    return counts_add_up(row) and (not votes or sum(votes) == row[VALID])


def counts_add_up(row: Sequence[int]) -> bool:
    """Check that votes found are the blank, null and valid votes, all of them known."""
    found, *parts = row[FOUND:VOTES]
    return min(parts) >= 0 and found == sum(parts)


def _is_off(row: Sequence[int]) -> bool:
    """Check that votes found are not the blank, null and valid votes, or fewer than those that are known."""
    found, *parts = row[FOUND:VOTES]
    fewer = found < sum(max(part, 0) for part in parts)
    return found >= 0 and (fewer or (min(parts) >= 0 and not counts_add_up(row)))


def operate(bureau: BureauPapers, piece: int, changes: Mapping[int, int], cause: str, of: str = "") -> PieceOperation:
    """Make an operation on a row of what should stand there by column, with the same of the pieces that repeat it."""
    kind, row = bureau.kinds[piece], bureau.rows[piece]
    cells = {(piece, column): value for column, value in changes.items()}
    for other, copy in enumerate(bureau.kinds):
        if other != piece and copy in COPIED_BY.get(kind, ()):
            for column, value in changes.items():
                if bureau.rows[other][column] == max(row[column], 0):  # of what is missing a copy has a zero
                    cells[other, column] = value
    cost = (ELSEWHERE if cause == WRONG else cost_of(cause)) + NOT_WRITTEN.get(kind, 0)
    if cause == "ballots-moved" and changes.get(NULL, row[NULL]) < row[NULL]:
        whole = all((row[column] - value) % _BUNDLE == 0 for column, value in changes.items())
        cost -= _A_BUNDLE if whole else 0
    if _is_put_right_later(bureau, {other for other, _ in cells} - {piece}, changes):
        cost += cost_of(cause)
    return PieceOperation(cause, piece, cells, cost, of)


def _is_put_right_later(bureau: BureauPapers, copies: Collection[int], changes: Mapping[int, int]) -> bool:
    """Check that a piece made from a copy of wrong figures has the right ones: that takes another act."""
    made = COPIED_BY.get(bureau.kinds[min(copies)], ()) if copies else ()
    return any(
        kind in made and at not in copies and all(row[column] == value for column, value in changes.items())
        for at, (kind, row) in enumerate(zip(bureau.kinds, bureau.rows, strict=True))
    )


class RowOperations:
    """Proposes readings of the rows of one bureau."""

    def __init__(self, bureau: BureauPapers) -> None:
        self._bureau, self._kinds, self._rows, self._size = bureau, bureau.kinds, bureau.rows, bureau.size
        self._columns = range(SIGNATURES, VOTES + bureau.size)
        self._editions = [at for at, kind in enumerate(bureau.kinds) if kind == PUBLISHED]
        self._apart = {pair: self._unlike(*pair) for pair in combinations(range(len(bureau.kinds)), 2)}
        self._apart |= {pair[::-1]: each for pair, each in self._apart.items()}

    def propose(self) -> list[PieceOperation]:
        """All readings that something in the bureau supports, each once, the cheapest first."""
        found: dict[frozenset[tuple[tuple[int, int], int]], PieceOperation] = {}
        for piece, changes, cause in self._proposals():
            row = self._rows[piece]
            wrong = {column: value for column, value in changes.items() if value != row[column]}
            if len(wrong) > 1 and cause not in (WRONG, "row-of-zeros"):
                reading = operate(self._bureau, piece, wrong, cause)
                key = frozenset(reading.cells.items())
                if key not in found or reading.cost < found[key].cost:
                    found[key] = reading
        return sorted([*found.values(), *self._destroyed()], key=lambda each: each.cost)

    def _proposals(self) -> Iterator[tuple[int, dict[int, int], str]]:
        for piece, kind in enumerate(self._kinds):
            if kind != UNIVERSE:
                for changes in self._exchanges(piece):
                    yield piece, changes, nature(kind, self._rows[piece], changes, by_machine=self._bureau.by_machine)
                for changes in self._for_sums(piece):
                    yield piece, changes, self._nature(piece, changes)
        for piece, other in self._pairs():
            for changes in self._as_the_other(piece, other):
                cause = self._nature(piece, changes)
                both = piece in self._editions and other in self._editions
                yield piece, changes, "older-edition" if both and cause in (WRONG, "amended") else cause

    def _nature(self, piece: int, changes: Mapping[int, int]) -> str:
        row = self._rows[piece]
        wrong = {column: value for column, value in changes.items() if value != row[column]}
        if len(wrong) < 2 or min(wrong.values()) < 0 or any(row[column] < 0 for column in wrong):
            return WRONG
        return nature(self._kinds[piece], row, wrong, by_machine=self._bureau.by_machine)

    def _pairs(self) -> Iterator[tuple[int, int]]:
        """Pieces that differ in several figures, either as the one that is wrong."""
        for one, other in combinations(range(len(self._kinds)), 2):
            if len(self._apart[one, other]) > 1:
                yield one, other
                yield other, one

    def _unlike(self, one: int, other: int) -> list[int]:
        here, there = self._rows[one], self._rows[other]
        return [
            column
            for column in self._columns
            if here[column] != there[column] and min(here[column], there[column]) >= 0
        ]

    def _as_the_other(self, piece: int, other: int) -> Iterator[dict[int, int]]:
        """The figures of another piece for those of one, all of them, its counts, or its votes by choice."""
        there = self._rows[other]
        differing = self._apart[piece, other]
        whole = {column: there[column] for column in differing}
        yield whole
        counts = {column: value for column, value in whole.items() if column < VOTES}
        if 0 < len(counts) < len(whole):
            yield counts
            yield {column: value for column, value in whole.items() if column >= VOTES}
        row = [whole.get(column, value) for column, value in enumerate(self._rows[piece])]
        if row[VALID] >= 0 > there[VALID] and min(row[FOUND:VALID]) >= 0:  # a machine states no valid votes
            yield whole | {VALID: row[FOUND] - row[BLANK] - row[NULL]}

    def _exchanges(self, piece: int) -> Iterator[dict[int, int]]:
        """Two figures of a row in each other's place, where a sum is off or another piece has one of them so.

        Of blank and null votes one may be missing: the other stands in its place.
        """
        row = self._rows[piece]
        off = _is_off(row)
        votes = (each[VOTES : VOTES + self._size] for each in self._rows)
        summed = [[-1] * VALID + [sum(each)] for each in votes if each and min(each) >= 0]
        for one, other in combinations(range(REGISTERED, VOTES), 2):
            if min(row[one], row[other]) < 0 and (one, other) != (BLANK, NULL):
                continue
            if (off and one >= FOUND) or any(
                row[other] == there[one] != row[one] or row[one] == there[other] != row[other]
                for there in (*self._rows, *summed)
            ):
                yield {one: row[other], other: row[one]}
        for there in self._rows:
            unlike = [column for column in self._columns if column >= VOTES and 0 <= there[column] != row[column] >= 0]
            for one, other in combinations(unlike, 2) if len(unlike) <= 2 * _LEAST_REPEATED else ():
                if (row[one], row[other]) == (there[other], there[one]):
                    yield {one: row[other], other: row[one]}

    def _for_sums(self, piece: int) -> Iterator[dict[int, int]]:
        """Propose what makes a sum of the votes work out: two counts that belong together, or all lines."""
        row = self._rows[piece]
        votes = row[VOTES : VOTES + self._size]
        if row[VALID] < 0 or not votes or min(votes) < 0 or sum(votes) == row[VALID]:
            return
        off = sum(votes) - row[VALID]
        for column, by in ((NULL, -off), (BLANK, -off), (FOUND, off)):
            if row[column] >= 0:
                yield {VALID: sum(votes), column: row[column] + by}
        if len(votes) >= _LEAST_REPEATED and votes[0] == votes[1] > 0:  # the first line twice, and the last one gone
            moved = [*votes[1:], row[VALID] - sum(votes[1:])]
            yield {VOTES + at: value for at, value in enumerate(moved)}

    def _destroyed(self) -> Iterator[PieceOperation]:
        """Rows of zeros, and rows known only not to be this bureau's."""
        for piece, kind in enumerate(self._kinds):
            others = range(len(self._kinds))
            differing = {column for other in others if other != piece for column in self._apart[piece, other]}
            row = self._rows[piece]
            known = [column for column in self._columns if row[column] >= 0]
            zeros = [column for column in known if not row[column]]
            if kind == PUBLISHED and FOUND in zeros and FOUND in differing:
                yield operate(self._bureau, piece, dict.fromkeys(zeros, -1), "row-of-zeros")
            votes = [column for column in known if column >= VOTES]
            if kind == PUBLISHED and row[FOUND] > 0 == row[VALID] and set(votes) <= set(zeros):
                lost = [column for column in known if column in (BLANK, NULL, VALID) or column in votes]
                yield operate(self._bureau, piece, dict.fromkeys(lost, -1), "no-valid-votes")
            if (
                len(votes) >= _LEAST_LINES
                and row[VALID]
                and set(votes) <= set(zeros)
                and not differing.isdisjoint(votes)
            ):
                yield operate(self._bureau, piece, dict.fromkeys(votes, -1), "zero-for-missing")
            if kind not in (UNIVERSE, LIST) and len(differing) >= LEAST_ELSEWHERE:
                unlike = [column for column in known if column in differing]
                yield operate(self._bureau, piece, dict.fromkeys(unlike, -1), WRONG)
            if kind not in (UNIVERSE, LIST) and (differing or _is_off(row)):
                yield from self._shifted(piece)

    def _shifted(self, piece: int) -> Iterator[PieceOperation]:
        """The counts of a row shifted by one cell, so that one of them is lost."""
        row = self._rows[piece]
        for first in (SIGNATURES, FOUND)[: 1 + (row[VALID] >= 0)]:  # without valid votes all have moved to the left
            columns = list(range(first, VOTES))
            if min(row[column] for column in columns[1:-1]) >= 0:
                for order in (columns, columns[::-1]):
                    right = {order[0]: -1, **{after: row[before] for before, after in pairwise(order)}}
                    if _is_off([right.get(column, -1) for column in range(VOTES)]):
                        continue
                    cells = {column: value for column, value in right.items() if max(value, row[column]) >= 0}
                    yield operate(self._bureau, piece, cells, "columns-shifted")
