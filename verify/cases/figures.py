"""Cases of figures: in every bureau whose figures contradict one another, the cheapest corrections that end it.

An operation of a bureau is a case; those that several bureaux have in common are one act, and one case.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from protocol.quantities import Quantity
from protocol.words import msg
from verify.cases.by_codes import are_nearly_all
from verify.cases.doubts import far_from_others
from verify.cases.drafting import grouped
from verify.cases.place_names import listed
from verify.cases.subjects import ALONG, FIGURES, GAPS, subject_of
from verify.cases.wide.operations import CaseDesk, correction, is_said
from verify.cases.wording import GIVEN_TWICE
from verify.columns.counts import gap
from verify.explanations.bureaux import explain_bureaux
from verify.explanations.certainty import (
    CHANGED,
    LIKELY,
    Supported,
    corrected_rows,
    edits_of,
    is_list_alone,
    is_possible,
    look_alikes,
    reread_sums,
    settle,
    sure_of,
    third_versions,
)
from verify.explanations.copies import PieceOperation
from verify.explanations.edits import Edits
from verify.explanations.search import Rival
from verify.explanations.side_by_side import COLUMNS, FOUND, PUBLISHED, RECAP, REGISTERED, SIGNATURES, SideBySide
from verify.explanations.slips import SMALL, gap_cost
from verify.explanations.truths import Truth
from verify.model.bureau_codes import by_number
from verify.model.cases import CaseDetail, CaseReading, Certificate, Correction, Sure
from verify.model.figures import Bools, Ints
from verify.model.finding_table import FindingKeys, FindingTable
from verify.model.findings import Finding


@dataclass(frozen=True, slots=True)
class Solved:
    """One bureau with corrected figures.

    Attributes:
        at: its index among those laid out.
        told: the operations, one at least, with what speaks for each.
        signed, cast: the pieces from which signatures and votes found are taken, -1 for none.
        doubtful: whether it is in doubt whose its evidence is.
    """

    at: int
    told: Sequence[Supported]
    signed: int
    cast: int
    doubtful: bool

    @property
    def rows(self) -> Sequence[Sequence[int]]:
        """Its figures."""
        return self.told[0].bureau.rows

    @property
    def operations(self) -> tuple[PieceOperation, ...]:
        """All corrections."""
        return self.told[0].operations

    @property
    def gap(self) -> int:
        """Votes found less signatures as they stand; 0 where one of them is not known."""
        found = self.rows[self.cast][FOUND] if self.cast >= 0 else -1
        signed = self.rows[self.signed][SIGNATURES] if self.signed >= 0 else -1
        return found - signed if min(found, signed) >= 0 else 0

    @property
    def gap_left(self) -> int:
        """The same as corrected."""
        return self.told[0].explanation.gap

    def sure(self, told: Supported, *, shared: bool = False) -> Sure:
        """Judge one of the operations; ``shared`` with other bureaux."""
        return sure_of(told, doubtful=self.doubtful, shared=shared)


@dataclass(frozen=True, slots=True)
class ToldOperation:
    """An operation of a bureau, the findings that it explains, and how sure it is by itself."""

    solved: Solved
    told: Supported
    rows: list[int]
    sure: Sure

    def rivals(self, beyond: int) -> list[Rival]:
        """The truths that contradict the operation, or what it rests on, and cost less than so much more."""
        some = self.told.explanation.rivals if self.told.rests else self.told.rivals
        return [each for each in some if each.cost < self.told.explanation.cost + beyond]

    def is_of_one_cause(self) -> bool:
        """Check that all that cost as little have its causes as well."""
        own = {each.cause for each in self.told.operations}
        return all(each.causes == own for each in self.rivals(1))


def detail_of(grid: SideBySide, told: ToldOperation) -> CaseDetail:
    """The corrections of an operation as they are shown; of a question the readings instead."""
    solved, operation, by = told.solved, told.told.operation, told.told
    detail = CaseDetail(agree=by.agree, adds_up=by.adds_up, lead=by.lead, certificate=_certificate(by))
    if told.sure is Sure.OPEN:
        return replace(detail, values=_twice(grid, told), readings=_readings(grid, told))
    after = corrected_rows(solved.rows, solved.operations)
    corrections = [
        _correction_of(grid, solved, (piece, column, after[piece][column]), copied=piece != operation.piece)
        for piece, column in sorted(operation.cells, key=lambda cell: cell[0] != operation.piece)
        if is_said(solved.rows[piece], after[piece], column) or _of(solved, (piece, column))
    ]
    gap_open = any(solved.sure(each) is Sure.OPEN and _of_voters(each.operation) for each in solved.told)
    values = {"gap_left": solved.gap_left} if solved.gap_left and not gap_open else {}
    roll = by.explanation.truth[REGISTERED]
    if is_list_alone(by.bureau, operation) and roll > 0:
        values |= {"look_alikes": look_alikes(after[operation.piece][SIGNATURES], roll), "roll": roll}
    return replace(detail, corrections=tuple(corrections), values=values)


def _of_voters(operation: PieceOperation) -> bool:
    """Check that an operation corrects one of the two counts of voters."""
    return not {SIGNATURES, FOUND}.isdisjoint(operation.changes)


def _certificate(told: Supported) -> Certificate:
    found, kinds = told.explanation, told.bureau.kinds
    return Certificate(
        cost=found.cost,
        bound=found.bound,
        complete=found.complete,
        gap=found.gap,
        doubt=found.doubt,
        truth=tuple(value if value >= 0 else None for value in found.truth),
        operations=tuple((each.cause, str(kinds[each.piece]), each.cost) for each in found.operations),
        rivals=tuple(each.cost for each in found.rivals),
    )


_MOST_READINGS = 3
"""Readings at most that are the cheapest ones."""


def _readings(grid: SideBySide, told: ToldOperation) -> tuple[CaseReading, ...]:
    """The cheapest readings of a question, and all others by which its sums hold."""
    solved, truth, bureau = told.solved, told.told.explanation.truth, told.told.bureau
    stated = _as_stated(told, told.told.operation.piece)
    rivals = [each.truth for each in told.rivals(LIKELY) if is_possible(each.truth)]
    versions = [stated, *(_as_stated(told, at) for at in third_versions(bureau, told.told.operation))]
    truths = list(dict.fromkeys([truth, *rivals[: _MOST_READINGS - 1], *(versions if len(versions) > 1 else ())]))
    by_sum = [each for each in reread_sums(bureau, told.told.operation.piece, stated) if each not in truths]
    if len(truths) == 1 and not by_sum:  # the list against a chain that agrees
        truths.append(stated)
    columns = told.told.operation.changes.keys() | {
        column for each in (*truths, *by_sum) for column in range(len(truth)) if each[column] != truth[column]
    }
    read = [_as_read(grid, solved, each, columns) for each in (*truths, *by_sum)]
    return tuple(replace(each, by_sum=at >= len(truths)) for at, each in enumerate(read))


def _as_read(grid: SideBySide, solved: Solved, truth: Sequence[int], columns: set[int]) -> CaseReading:
    """List the corrections in some columns if something is the truth."""
    cells = [
        (piece, column, truth[column])
        for piece, row in enumerate(solved.rows)
        for column in sorted(columns)
        if 0 <= row[column] != truth[column]
    ]
    made = (_correction_of(grid, solved, cell, copied=False) for cell in cells)
    corrections = tuple(each for each in made if each.was != each.becomes)
    counted = min(truth[FOUND], truth[SIGNATURES]) >= 0
    return CaseReading(corrections, truth[FOUND] - truth[SIGNATURES] if counted else 0)


def _twice(grid: SideBySide, told: ToldOperation) -> dict[str, str]:
    """The first piece that has the figure of its signatures as its votes found as well, where signatures are asked."""
    if SIGNATURES not in told.told.operation.changes:
        return {}
    rows = zip(grid.pieces, told.solved.rows, strict=True)
    return next(({"twice": piece.kind} for piece, row in rows if row[SIGNATURES] == row[FOUND] >= 0), {})


def _as_stated(told: ToldOperation, piece: int) -> Truth:
    """The truth by the reading that a piece has the figures right that an operation corrects."""
    truth = list(told.told.explanation.truth)
    for column in told.told.operation.changes:
        truth[column] = told.solved.rows[piece][column]
    return tuple(truth)


def _correction_of(grid: SideBySide, solved: Solved, cell: tuple[int, int, int], *, copied: bool) -> Correction:
    piece, column, becomes = cell
    of = _of(solved, (piece, column)) if becomes < 0 else ""
    return correction(grid, solved.at, (piece, column), becomes, copied=copied, of=of)


def _of(solved: Solved, cell: tuple[int, int]) -> str:
    """The bureau whose figure stands in a cell by a reading; empty where none says so."""
    return next((each.of for each in solved.operations if cell in each.cells), "")


_LEAST = 3
"""Bureaux at least."""
_OF_A_GAP = frozenset(("found-from-signatures", "gap-as-nulls", "gap-corrected"))
"""Causes that are there because of a gap, which is a bureau's own."""
_SLIPS = frozenset(("digits-exchanged", "digit-wrong", "digit-doubled", "digit-lost"))
"""Slips of the pen: several of nothing else are no act in common."""
EDITION = "older-edition"


@dataclass(frozen=True, slots=True)
class SharedAct:
    """One act in several bureaux: its cause (empty for that of its operations), its piece, column and poll, its first.

    The first bureau by its place in the order of all, -1 where all have it. ``edits`` that nearly all bureaux of a
    commune break, where nothing tells by which figures.
    """

    cause: str
    piece: int
    column: int
    poll: int
    first: int
    edits: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _OperationOf:
    """An operation of a bureau: the place in the order of all, the index among those laid out, its number and cause."""

    rank: int
    at: int
    index: int
    cause: str


def share(grid: SideBySide, solved: Sequence[Solved]) -> dict[tuple[int, int], SharedAct]:
    """The act of each operation that is part of one, by the index of its bureau and its number there."""
    universe = grid.evidence.universe
    rank, sizes = np.argsort(universe.by_number), np.bincount(universe.commune_number)
    by_place: dict[tuple[int, int, int, int], list[_OperationOf]] = {}
    everywhere = Counter[tuple[int, int, int]]()
    for each in solved:
        unit, poll = int(grid.unit[each.at]), int(grid.poll[each.at])
        for index, operation in enumerate(each.operations):
            what = _what(grid, operation)
            if what is not None:
                member = _OperationOf(int(rank[unit]), each.at, index, operation.cause)
                by_place.setdefault((*what, poll, int(universe.commune_number[unit])), []).append(member)
                everywhere[*what, poll] += 1
    found: dict[tuple[int, int], SharedAct] = {}
    of_rows: dict[int, SharedAct] = {}
    for (piece, column, poll, commune), members in by_place.items():
        nation = are_nearly_all(everywhere[piece, column, poll], len(universe))
        most = are_nearly_all(len(members), sizes[commune]) or (
            2 * len(members) >= sizes[commune] and column != REGISTERED
        )
        whole = nation or most or column == _ROW_CHANGED
        for some in [members] if whole else _runs(members, column):
            if nation or (len(some) >= _LEAST and not {each.cause for each in some} <= _SLIPS):
                act = SharedAct(_cause(column), piece, column, poll, -1 if nation else some[0].rank)
                found |= dict.fromkeys(((each.at, each.index) for each in some), act)
                if most and column != REGISTERED:
                    of_rows |= dict.fromkeys((each.at for each in some), act)
    for each in solved:  # where the rows of a commune are others', their registered voters are as well
        for index, operation in enumerate(each.operations if each.at in of_rows else ()):
            act = of_rows[each.at]
            roll = operation.changes.get(REGISTERED)
            theirs = act.piece == operation.piece or each.rows[act.piece][REGISTERED] == roll
            if theirs and list(operation.changes) == [REGISTERED]:
                found.setdefault((each.at, index), act)
    return found | _contradictory_communes(grid, solved, sizes)


def _contradictory_communes(
    grid: SideBySide, solved: Sequence[Solved], sizes: Ints
) -> dict[tuple[int, int], SharedAct]:
    """The operations on sums that nearly all bureaux of a commune break, most of them openly: all are one question."""
    place, found = grid.commune, dict[tuple[int, int], SharedAct]()
    for some in grouped(lambda each: int(place[each.at]), solved).values():
        told = [(each.at, index, one, each.sure(one)) for each in some for index, one in enumerate(each.told)]
        edits = set[str]()
        for edit in _BROKEN_EVERYWHERE:
            of_edit = [(at, sure) for at, _, one, sure in told if edit in edits_of(set(one.operation.changes))]
            every, asked = {at for at, _ in of_edit}, {at for at, sure in of_edit if sure is Sure.OPEN}
            size = int(sizes[grid.evidence.universe.commune_number[grid.unit[some[0].at]]])
            if are_nearly_all(len(every), size) and 2 * len(asked) > len(every):
                edits.add(edit)
        if edits - {"gap"}:
            act = SharedAct("figure-wrong", -1, -1, int(grid.poll[some[0].at]), some[0].at, frozenset(edits))
            for at, number, one, _ in told:
                columns = set(one.operation.changes)
                if edits & edits_of(columns) or columns == {REGISTERED}:
                    found[at, number] = act
    return found


_BROKEN_EVERYWHERE = {
    "gap": msg("votes and signatures differ"),
    "found": msg("votes found are not blank, null and valid votes together"),
    "valid": msg("valid votes are not the sum of the votes by choice"),
}
"""Edits by their names, and what is said where nearly all bureaux of a commune break them."""


_ROW, _ROW_CHANGED = -1, -2
"""In place of a column: several figures of a row; figures of a row that add up again."""


def _what(grid: SideBySide, operation: PieceOperation) -> tuple[int, int] | None:
    """The piece and the column of an operation; None for one that is its bureau's own."""
    if operation.cause in _OF_A_GAP:
        return None
    if operation.cause in CHANGED:
        published = [at for at, piece in enumerate(grid.pieces) if piece.kind == PUBLISHED]
        edited = published and grid.pieces[operation.piece].kind != RECAP  # a centralising record has no editions
        return (published[0], _ROW_CHANGED) if edited else None
    [column, *others] = operation.changes
    return operation.piece, _ROW if others else column


def _runs(members: Sequence[_OperationOf], column: int) -> Iterator[list[_OperationOf]]:
    """Operations of bureaux that follow one another; rolls move by themselves in each of them."""
    run: list[_OperationOf] = []
    for each in sorted(members, key=lambda each: each.rank):
        if run and (each.rank > run[-1].rank + 1 or column == REGISTERED):
            yield run
            run = []
        run.append(each)
    yield run


def _cause(column: int) -> str:
    if column == _ROW_CHANGED:
        return EDITION
    return "" if column == _ROW else "registered-differ" if column == REGISTERED else "column-holds-other"


_BETWEEN_POLLS = "R221"


def _rows_by_bureau(desk: CaseDesk, grid: SideBySide, findings: Bools) -> dict[int, list[int]]:
    """Some findings by the index of their bureau in a poll, with those on a difference between its polls."""
    of_place = desk.by_bureau(findings)
    places = enumerate(zip(grid.unit.tolist(), grid.poll.tolist(), strict=True))
    found = {at: of_place.get(place, []) for at, place in places}
    for (unit, _), rows in desk.by_bureau(desk.at_bureaux(_BETWEEN_POLLS)).items():
        for at in np.flatnonzero(grid.unit == unit).tolist():
            found[at] += rows
    return found


def _ended_by(operations: Sequence[PieceOperation], rows: Sequence[Sequence[int]], finding: Finding) -> int:
    """The operation that makes the two counts equal, as it corrects one of them; -1 for none.

    Args:
        operations: what is read otherwise.
        rows: of each piece, the figures as they are.
        finding: on the difference.
    """
    counts = {finding.left.value, finding.right.value}
    name = Quantity.VOTES_FOUND if finding.field == "cast" else finding.field
    column = COLUMNS.index(name) if name in COLUMNS else -1
    for index, operation in enumerate(operations):
        for (piece, changed), value in operation.cells.items():
            if changed == column and {rows[piece][column], value} == counts:
                return index
    return -1


MOST_SEARCHED = 2000
"""Bureaux of which each is searched by itself. What is wrong in the same rules in more of them is no slip of the pen in
each: so many figures look like digits exchanged by chance, and a search for each takes longer than all rules."""
_EDITION_SAID = msg("{bureaux:n} bureaux are published with figures that add up and are not those of the PVs")
_SCREEN = "P401"
"""The screen of gaps, which rules are not applied again to prove."""
_ALIKE = "P405"
"""The screen of bureaux with the same figures: the row of one may stand in the place of another's."""
_OF_HOURS = "M107"
"""Findings that go with the exchange of two documents, and that no corrected figure ends."""


def draft_figures(desk: CaseDesk, unsearched: Bools) -> None:
    """Put findings on figures into cases, as far as corrections explain them; what they do not, stays free.

    Args:
        desk: with the cases that there are, and the figures that these put right.
        unsearched: bureaux in which rows were not matched with others, shape ``(units,)``: nothing is certain there.
    """
    unit, poll, of, alike = _bureaux(desk)
    desk.add_groups("figure-wrong", np.flatnonzero(alike >= 0), alike[alike >= 0], Sure.OPEN)
    if not len(unit):
        return
    grid = desk.lay_out(unit, poll)
    edits, explanations = Edits.of(grid), far_from_others(grid, explain_bureaux(grid, desk.of_others))
    for at, each in enumerate(explanations):  # what is explained beside one reading of a question is part of it
        asked = edits_of(desk.asked.get((int(unit[at]), int(poll[at])), set()))
        of_it = (replace(one, rests=one.rests or bool(asked & edits_of(set(one.operation.changes)))) for one in each)
        explanations[at] = settle(list(of_it))
    unsure = (desk.doubtful | unsearched)[unit]
    columns = zip(explanations, edits.signed.tolist(), edits.cast.tolist(), unsure.tolist(), strict=True)
    solved = [Solved(at, *each) for at, each in enumerate(columns) if each[0]]
    _draft(grid, desk, solved, _rows_by_bureau(desk, grid, of >= 0))


def _bureaux(desk: CaseDesk) -> tuple[Ints, Ints, Ints, Ints]:
    """The bureaux and polls to look into, and for each finding the index of its bureau among them, -1 for none.

    Not those that have nothing but a small gap; of more than `MOST_SEARCHED` only those that few are like. For each
    finding the number of its bureau if that is one of the others, and has more than a gap, else -1.
    """
    evidence, keys, unit, poll = desk.evidence, desk.keys, desk.places.unit, desk.places.poll
    about = desk.at_bureaux(*FIGURES, *ALONG)
    polls = len(evidence.polls)
    group = np.where(about, unit * polls + poll, -1)
    gaps, by = about & keys.of(*GAPS), evidence.once(gap)
    gaps &= by is not None and np.abs(by.values)[unit, poll] >= SMALL
    searched = gaps | (about & keys.of(*FIGURES, _ALIKE) & ~keys.of(*GAPS))
    size = len(evidence.universe) * polls
    wanted: Bools = np.zeros(size, np.bool_)
    wanted[group[searched]] = True
    every = np.flatnonzero(wanted)
    chosen = _rarest(every, group, keys, size) if len(every) > MOST_SEARCHED else every
    of = _index_in(chosen, size)[group]
    alike = np.full(len(group), -1, np.int64)
    if len(chosen) < len(every):
        figures: Bools = np.zeros(size, np.bool_)
        figures[group[about & keys.of(*FIGURES) & ~keys.of(*GAPS)]] = True
        alike = np.where((group >= 0) & (of < 0) & figures[group], group, -1)
    return chosen // polls, chosen % polls, of, alike


def _index_in(chosen: Ints, size: int) -> Ints:
    """The index of each number below ``size`` among those chosen, -1 for any other, and for -1 as well."""
    index = np.full(size + 1, -1, np.int64)
    index[chosen] = np.arange(len(chosen))
    return index


def _rarest(chosen: Ints, group: Ints, keys: FindingKeys, size: int) -> Ints:
    """Those of some bureaux that break the same rules as few others, the rarest sets of rules first.

    Args:
        chosen: the bureaux by number, in their order.
        group: the number of the bureau of each finding, -1 for none.
        keys: of the findings.
        size: above all numbers of bureaux.
    """
    names = sorted(FIGURES)
    bit = np.array([1 << names.index(code) if code in FIGURES else 0 for code in keys.codes], np.int64)[keys.code]
    index = _index_in(chosen, size)[group]
    rows = np.flatnonzero((bit > 0) & (index >= 0))
    broken = np.zeros(len(chosen), np.int64)
    np.bitwise_or.at(broken, index[rows], bit[rows])
    _, way, sizes = np.unique(broken, return_inverse=True, return_counts=True)
    order = np.argsort(sizes, kind="stable")
    return chosen[np.isin(way, order[np.cumsum(sizes[order]) <= MOST_SEARCHED])]


def _draft(
    grid: SideBySide,
    desk: CaseDesk,
    solved: Sequence[Solved],
    findings: dict[int, list[int]],
) -> None:
    """A case for each operation, and one for those of several bureaux that are one act."""
    acts = share(grid, solved)
    groups: dict[SharedAct | str, list[ToldOperation]] = {}
    for each in solved:
        taken: list[list[int]] = [[] for _ in each.told]
        for row in findings.get(each.at, ()):
            operation = _explained_by(grid, each, desk, row)
            if operation >= 0:
                taken[operation].append(row)
        for index, (one, rows) in enumerate(zip(each.told, taken, strict=True)):
            if rows:
                told = ToldOperation(each, one, rows, each.sure(one, shared=(each.at, index) in acts))
                key = acts.get((each.at, index)) or f"{each.at} {_same(grid, told)}"
                groups.setdefault(key, []).append(told)
    for key, members in groups.items():
        first = members[0].told.operation
        sure = max((each.sure for each in members), key=list(Sure).index)
        explained = [row for each in members for row in each.rows]
        if isinstance(key, SharedAct) and key.cause == EDITION and sure is Sure.OPEN:
            detail = CaseDetail(said=replace(_EDITION_SAID, values={"bureaux": len(members)}))
            desk.add(EDITION, explained, Sure.LIKELY, grid.pieces[key.piece].kind, detail)
            continue
        details = [detail_of(grid, replace(each, sure=sure)) for each in members]
        if isinstance(key, SharedAct) and key.edits:
            first = next(
                each.told.operation for each in members if edits_of(set(each.told.operation.changes)) - {"gap"}
            )
            details = [_said_of_commune(key.edits, details, len({each.solved.at for each in members}))]
        named = sure is not Sure.OPEN or all(each.is_of_one_cause() for each in members)
        name = first.cause if named else "figure-wrong"
        if sure is Sure.OPEN and all(desk.keys.code_of(row) == GIVEN_TWICE for row in explained):
            name = "two-versions"
        if isinstance(key, SharedAct) and len(members) > 1:
            name = key.cause or name if sure is not Sure.OPEN else "figure-wrong"
        piece = grid.pieces[first.piece].kind
        asked_once = isinstance(key, str) and sure is Sure.OPEN
        detail = details[0] if asked_once or len(details) == 1 else _together(details)
        desk.add(name, explained, sure, piece, detail)


def _said_of_commune(edits: Collection[str], details: Sequence[CaseDetail], bureaux: int) -> CaseDetail:
    """Say what contradicts itself in a commune, in place of the readings of each bureau."""
    broken = listed(said for edit, said in _BROKEN_EVERYWHERE.items() if edit in edits)
    said = msg(
        "in {bureaux:n} bureaux {broken}; see whether all pieces are of this poll", bureaux=bureaux, broken=broken
    )
    return replace(_together(details), said=said)


def _together(details: Sequence[CaseDetail]) -> CaseDetail:
    """Join the details of all bureaux of a group; corrections of the piece that is blamed come before their copies."""
    corrections = [each for detail in details for each in detail.corrections]
    corrections.sort(key=lambda each: (each.copied, each.place.insee, by_number(each.place.bureau)))
    readings_of_each = zip(*([each for each in detail.readings if not each.by_sum] for detail in details), strict=False)
    readings = [CaseReading(tuple(each for one in some for each in one.corrections)) for some in readings_of_each]
    return replace(details[0], corrections=tuple(corrections), values={}, readings=tuple(readings))


def _same(grid: SideBySide, told: ToldOperation) -> str:
    """Key of operations that are one thing: the same figures of two versions or editions, one open question."""
    operation, others = told.told.operation, [each.truth for each in told.rivals(LIKELY)]
    piece = grid.pieces[operation.piece].kind
    if told.sure is Sure.OPEN:
        return f"{others or (piece, operation.changes)}"
    return f"{piece} {operation.cause} {operation.changes}"


def _explained_by(grid: SideBySide, solved: Solved, desk: CaseDesk, row: int) -> int:
    """The operation that ends what a finding says, -1 for none."""
    operations, code = solved.operations, desk.keys.code_of(row)
    if code == _BETWEEN_POLLS:
        return _ended_by(operations, solved.rows, desk.table[row])
    if code == _SCREEN and _is_of_others(grid, solved, desk.table, row):
        return -1
    if code in GAPS and operations[0].cause in _OF_A_GAP:
        return 0
    if code in GAPS and gap_cost(solved.gap_left) >= gap_cost(solved.gap):
        return _asked(solved)
    if len(operations) == 1 and not solved.gap_left and code not in ALONG:
        return 0
    if code in GAPS:  # a smaller gap may remain, which the case says
        return _gap_operation(solved)
    if code == _OF_HOURS:
        return -1
    subject = subject_of(desk.table[row], grid, solved.at)
    hits = [
        sum(subject.includes(grid.pieces[at].kind, grid.pieces[at].file, column) for at, column in operation.cells)
        for operation in operations
    ]
    return hits.index(max(hits)) if any(hits) else -1


def _is_of_others(grid: SideBySide, solved: Solved, table: FindingTable, row: int) -> bool:
    """Check that a screen of gaps is of a published file's own two counts, which no operation on the gap changes."""
    rows = zip(solved.told[0].bureau.kinds, solved.rows, strict=True)
    if not any(kind == PUBLISHED and figures[SIGNATURES] >= 0 for kind, figures in rows):
        return False
    chosen, finding = solved.operations[max(_gap_operation(solved), 0)], table[row]
    corrected = {grid.pieces[piece].source(solved.at, column) for piece, column in chosen.cells}
    return corrected.isdisjoint((finding.left.source, finding.right.source))


def _asked(solved: Solved) -> int:
    """The open question with another reading that ends the gap, -1 for none."""
    for index, told in enumerate(solved.told):
        if solved.sure(told) is Sure.OPEN:
            truths = (each.truth for each in told.explanation.rivals if each.cost < told.explanation.cost + LIKELY)
            if any(truth[SIGNATURES] == truth[FOUND] >= 0 for truth in truths):
                return index
    return -1


def _gap_operation(solved: Solved) -> int:
    """The operation that changes one of the two counts of voters, -1 for none."""
    used = {(solved.signed, SIGNATURES), (solved.cast, FOUND)}
    for index, operation in enumerate(solved.operations):
        if not used.isdisjoint(operation.cells):
            return index
    return -1
