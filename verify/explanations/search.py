"""The cheapest explanation of a bureau: readings of its rows and true figures, best first, with a bound (A*).

An explanation costs the sum of its operations. Sets of readings are tried in the order of their cost, each as far as a
bound allows, the least cost of every quantity by itself, until no other set can come within the margin: then the search
is complete.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, replace
from itertools import count

from verify.explanations.copies import BureauPapers, CopiedFigures, PieceOperation, Slips, tree_of
from verify.explanations.rows import RowOperations, counts_add_up
from verify.explanations.side_by_side import EXPORT, FOUND, RECAP, REGISTERED, SIGNATURES, TOTAL, URN, VOTES
from verify.explanations.slips import CHEAPEST, WRONG, cost_of, gap_cost, slip, slip_cost
from verify.explanations.truths import MARGIN, BureauProblem, TooMany, Truth

MOST_READINGS = 2000
"""Sets of readings that are tried in one bureau; where there are more, nothing is certain or likely."""

_OF_VOTERS = (REGISTERED, SIGNATURES, FOUND)
"""Columns in which a slip may be cheaper than elsewhere, or what a piece says is looked at by itself."""


@dataclass(frozen=True, slots=True)
class Rival:
    """Another truth, what it costs, and the names of its operations."""

    truth: Truth
    cost: int
    causes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Explanation:
    """The cheapest explanation of a bureau, and its certificate.

    Attributes:
        truth: the figures as they should be.
        operations: those on rows, then those on single figures, in the rows as they are read then.
        cost: of all of it, the gap between votes and signatures with it.
        bound: no explanation costs as little as that and is not known.
        complete: whether that is so; the search was given up otherwise, or leaves a gap that is dearer than any slip,
            and slips that only such a gap shows are looked at where they are specific.
        rivals: other truths within the margin, the cheapest first, with what would explain the figures then.
    """

    truth: Truth
    operations: tuple[PieceOperation, ...]
    cost: int
    bound: int
    complete: bool
    rivals: tuple[Rival, ...] = ()

    @property
    def gap(self) -> int:
        """Votes found less signatures, as they should be; 0 where one of them is not known."""
        found, signed = self.truth[FOUND], self.truth[SIGNATURES]
        return found - signed if min(found, signed) >= 0 else 0

    @property
    def doubt(self) -> int:
        """Cost beyond its operations and its gap: of a slip that nothing but a gap shows."""
        return self.cost - sum(each.cost for each in self.operations) - gap_cost(self.gap)


def explain(bureau: BureauPapers) -> Explanation | None:
    """The cheapest explanation; None where the search is given up before there is one."""
    return _Search(bureau).explain()


@dataclass(frozen=True, slots=True)
class _Read:
    """Rows as some readings have them."""

    readings: tuple[PieceOperation, ...]
    cost: int
    problem: BureauProblem


class _Search:
    def __init__(self, bureau: BureauPapers) -> None:
        self._bureau = bureau
        self._columns: dict[tuple[int, ...], CopiedFigures] = {}
        self._kinds, self._rows = (*bureau.kinds, *(TOTAL for _ in bureau.totals)), [*bureau.rows, *bureau.totals]
        self._may_slip = _may_slip(bureau)
        written = enumerate(zip(*(row[: VOTES + bureau.size] for row in self._rows), strict=True))
        self._as_written = [self._column(*each) for each in written]
        self._least = sum(column.least for column in self._as_written)

    def explain(self) -> Explanation | None:
        """See `explain`."""
        bureau = self._bureau
        proposed = sorted([*bureau.readings, *RowOperations(bureau).propose()], key=lambda each: each.cost)
        turn = count()
        todo: list[tuple[int, int, int, tuple[PieceOperation, ...]]] = [(0, next(turn), -1, ())]
        truths: dict[Truth, tuple[int, _Read]] = {}
        best, complete, put_off = 1 << 40, True, list[_Read]()
        while todo and todo[0][0] <= best + MARGIN:
            of_readings, number, last, readings = heapq.heappop(todo)
            if number >= MOST_READINGS:
                complete = False
                break
            read = self._read(readings, best + MARGIN - of_readings)
            if read is not None:
                try:
                    found = read.problem.truths(best + MARGIN - read.cost)
                except TooMany:
                    found = {}
                    put_off.append(read)
                for truth, cost in found.items():
                    if truth not in truths or cost + read.cost < truths[truth][0]:
                        truths[truth] = (cost + read.cost, read)
                best = min([best, *(cost + read.cost for cost in found.values())])
            for at in range(last + 1, len(proposed)):
                reading = proposed[at]
                cost = of_readings + reading.cost
                if cost > best + MARGIN:
                    break
                if all(reading.cells.keys().isdisjoint(other.cells) for other in readings):
                    heapq.heappush(todo, (cost, next(turn), at, (*readings, reading)))
        complete &= all(read.cost + read.problem.least > best + MARGIN for read in put_off)
        return self._cheapest(truths, best, complete) if truths else None

    def _cheapest(self, truths: dict[Truth, tuple[int, _Read]], best: int, complete: bool) -> Explanation:
        within = [
            (truth, cost, self._operations(truth, read))
            for truth, (cost, read) in truths.items()
            if cost <= best + MARGIN
        ]
        within.sort(key=lambda each: (each[1], -sum(operation.piece for operation in each[2]), each[0]))
        (truth, _, operations), *others = within  # of those that cost the same, what is wrong further on the way
        rivals = tuple(Rival(other, cost, frozenset(each.cause for each in made)) for other, cost, made in others)
        found = Explanation(truth, operations, best, best + MARGIN, complete, rivals)
        return replace(found, complete=complete and gap_cost(found.gap) <= cost_of(WRONG))

    def _operations(self, truth: Truth, read: _Read) -> tuple[PieceOperation, ...]:
        """Find the operations that make the figures of the pieces what they are, if something is the truth."""
        columns, pieces = zip(read.problem.columns, truth, strict=True), range(len(self._bureau.kinds))
        acts = [act for column, figure in columns for act in column.acts(figure) if act.piece in pieces]
        if self._bureau.totals:
            acts = [replace(act, cells={at: each for at, each in act.cells.items() if at[0] in pieces}) for act in acts]
        return (*read.readings, *acts)

    def _read(self, readings: tuple[PieceOperation, ...], most: int) -> _Read | None:
        """The rows as some readings have them; None where their columns by themselves cost more than ``most``.

        What an operation puts right in its row is the truth, or it would be another one.
        """
        cells, fixed = dict[tuple[int, int], int](), dict[int, int]()
        for reading in readings:
            cells |= reading.cells
            fixed |= {column: reading.cells.get((reading.piece, column), -1) for _, column in reading.cells}
        least = self._least - sum(self._as_written[column].least for column in fixed)
        bound = least
        for column, value in fixed.items():
            if value >= 0 and column not in _OF_VOTERS and bound <= most:
                others = (row[column] for at, row in enumerate(self._rows) if (at, column) not in cells)
                bound += CHEAPEST * any(0 <= each != value for each in others)
        if bound > most:
            return None
        columns = list(self._as_written)
        for column, value in fixed.items():
            if least > most:
                return None
            written = tuple(cells.get((at, column), row[column]) for at, row in enumerate(self._rows))
            columns[column] = self._column(column, written, value)
            least += columns[column].least
        cost = sum(reading.cost for reading in readings)
        return _Read(readings, cost, BureauProblem(columns, self._bureau.strange, self._may_slip))

    def _column(self, number: int, written: tuple[int, ...], fixed: int = -1) -> CopiedFigures:
        """The figures of a column, and the one true figure where some readings say it."""
        key = (number, fixed, *written)
        if key not in self._columns:
            tree = tree_of(self._kinds, number)
            self._columns[key] = CopiedFigures(number, tree, written, self._operation_on(number), fixed)
        return self._columns[key]

    def _operation_on(self, column: int) -> Slips:
        """The cheapest operation on a figure of a column."""
        kinds, rows, by_machine = self._kinds, self._rows, self._bureau.by_machine

        def operation(piece: int, was: int, becomes: int) -> tuple[str, int]:
            row = rows[piece]
            if row[column] != was:
                row = [*row[:column], was, *row[column + 1 :]]
            cause = slip(kinds[piece], row, column, becomes, by_machine=by_machine)
            return cause, slip_cost(kinds[piece], column, cause, was, becomes)

        return operation


def _may_slip(bureau: BureauPapers) -> frozenset[int]:
    """The counts of voters that a gap alone can show to be slips of the pen.

    Not where the PV speaks of the gap; signatures where they stand once, votes found where no machine has counted them
    and no piece has the blank, null and valid votes that make them up.
    """
    if bureau.mentioned:
        return frozenset()
    rows = list(zip(bureau.kinds, bureau.rows, strict=True))
    signed = sum(row[SIGNATURES] >= 0 for kind, row in rows if kind != RECAP)
    found = [(kind, row) for kind, row in rows if row[FOUND] >= 0]
    counted = any(kind in (URN, EXPORT) for kind, _ in found)
    adds_up = any(counts_add_up(row) for _, row in found)
    return frozenset(({SIGNATURES} if signed == 1 else set()) | (set() if counted or adds_up else {FOUND}))
