"""Cases of figures: in every bureau whose figures contradict one another, the cheapest corrections that end it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from protocol.quantities import Quantity
from protocol.words import msg
from verify.cases.doubts import OF_ANOTHER, of_others, otherwise, stays_of_another
from verify.cases.drafting import Drafting
from verify.cases.subjects import ALONG, FIGURES, GAPS, subject_of
from verify.cases.told_moves import EDITION, SharedAct, Solved, ToldMove, detail_of, share
from verify.cases.wide.operations import CaseDesk
from verify.columns.counts import signatures, votes_found
from verify.explanations.bureaux import explain_bureaux
from verify.explanations.certainty import LIKELY, support
from verify.explanations.edits import Edits
from verify.explanations.moves import Move
from verify.explanations.side_by_side import COLUMNS, FOUND, PUBLISHED, SIGNATURES, SideBySide
from verify.explanations.slips import SMALL, gap_cost, no_real_gap
from verify.model.bureau_codes import by_number
from verify.model.cases import CaseDetail, CaseReading, Sure
from verify.model.evidence import LinedEvidence
from verify.model.figures import Bools, Ints
from verify.model.finding_table import FindingKeys, FindingTable
from verify.model.findings import Finding
from verify.rulebook.causes import causes

_BETWEEN_POLLS = "R221"


def _rows_by_bureau(desk: CaseDesk, grid: SideBySide, of: Ints) -> dict[int, list[int]]:
    """The findings of each bureau in a poll, by its index, and those on a difference between its polls.

    Args:
        desk: with the findings.
        grid: bureaux and their figures.
        of: for each finding the index of its bureau, -1 for none.
    """
    findings: dict[int, list[int]] = {}
    for row in np.flatnonzero(of >= 0).tolist():
        findings.setdefault(int(of[row]), []).append(row)
    of_unit: dict[int, list[int]] = {}
    for row in np.flatnonzero(desk.free(_BETWEEN_POLLS)).tolist():
        of_unit.setdefault(int(desk.places.unit[row]), []).append(row)
    for at, unit in enumerate(grid.unit.tolist() if of_unit else ()):
        findings.setdefault(at, []).extend(of_unit.get(unit, ()))
    return findings


def _ended_by(moves: Sequence[Move], rows: Sequence[Sequence[int]], finding: Finding) -> int:
    """The move that makes the two counts equal, as it corrects one of them; -1 for none.

    Args:
        moves: what is read otherwise.
        rows: of each piece, the figures as they are.
        finding: on the difference.
    """
    counts = {finding.left.value, finding.right.value}
    name = Quantity.VOTES_FOUND if finding.field == "cast" else finding.field
    column = COLUMNS.index(name) if name in COLUMNS else -1
    for index, move in enumerate(moves):
        for piece, changed, value in move.cells():
            if changed == column and {rows[piece][column], value} == counts:
                return index
    return -1


MOST_SEARCHED = 2000
"""Bureaux of which each is searched by itself. What is wrong in the same rules in more of them is no slip of the pen in
each: so many figures look like digits exchanged by chance, and a search for each takes longer than all rules."""
_HIDE_A_GAP = frozenset(("found-from-signatures", "gap-as-nulls", "gap-corrected"))
"""Causes that are there because of a gap, which is told with them."""
_EDITION_SAID = msg("{bureaux:n} bureaux are published with figures that add up and are not those of the PVs")
_SCREEN = "P401"
"""The screen of gaps, which rules are not applied again to prove."""
_OF_HOURS = ("M107",)
"""Findings that go with the exchange of two documents, and that no corrected figure ends; the case is not certain."""


def draft_figures(desk: CaseDesk, unsearched: Bools) -> None:
    """Put findings on figures into cases, as far as corrections explain them; what they do not, stays free.

    Args:
        desk: with the cases that there are, and the figures that these put right.
        unsearched: bureaux in which rows were not matched with others, shape ``(units,)``: nothing is certain there.
    """
    drafting = desk.drafting
    unit, poll, of, alike = _bureaux(desk)
    drafting.add_groups(causes()["figure-wrong"], np.flatnonzero(alike >= 0), alike[alike >= 0], Sure.OPEN)
    if not len(unit):
        return
    grid = desk.lay_out(unit, poll)
    edits, explanations = Edits.of(grid), explain_bureaux(grid)
    unsure = (desk.doubtful | unsearched)[unit] | otherwise(grid, [each.moves for each in explanations])
    columns = edits.signed.tolist(), edits.cast.tolist(), unsure.tolist(), of_others(grid).tolist()
    solved = []
    for at, (each, signed, cast, doubtful, others) in enumerate(zip(explanations, *columns, strict=True)):
        if each.explanation is not None and each.moves:
            told = support(each.bureau, each.explanation, each.moves)
            doubtful |= stays_of_another(others, each.moves)
            solved.append(Solved(at, each.bureau.rows, told, signed, cast, doubtful))
    _draft(grid, drafting, solved, _rows_by_bureau(desk, grid, of))


def _bureaux(desk: CaseDesk) -> tuple[Ints, Ints, Ints, Ints]:
    """The bureaux and polls to look into, and for each finding the index of its bureau among them, -1 for none.

    Not those that have nothing but a gap, where that is small or nothing else could explain it; of more than
    `MOST_SEARCHED` only those that few are like. For each finding the number of its bureau if that is one of the
    others, and has more than a gap, else -1.
    """
    evidence, keys, unit, poll = desk.evidence, desk.drafting.keys, desk.places.unit, desk.places.poll
    about = desk.free(*FIGURES, *ALONG)
    polls = len(evidence.polls)
    group = np.where(about, unit * polls + poll, -1)
    gaps = about & keys.of(*GAPS)
    if gaps.any():
        gaps[gaps] = _may_be_slips(evidence)[unit[gaps], poll[gaps]]
    searched = gaps | (about & keys.of(*FIGURES) & ~keys.of(*GAPS))
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


def _may_be_slips(evidence: LinedEvidence) -> Bools:
    """Where a gap is no real one by its size or its digits; shape ``(units, polls)``."""
    signed, found = evidence.once(signatures), evidence.once(votes_found)
    if signed is None or found is None:
        return np.zeros(evidence.shape, np.bool_)
    one, other = signed.values, found.values
    may: Bools = (one >= 0) & (other >= 0) & (np.abs(one - other) >= SMALL)
    may[may] = no_real_gap(one[may], other[may])
    return may


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
    drafting: Drafting,
    solved: Sequence[Solved],
    findings: dict[int, list[int]],
) -> None:
    """A case for each move, and one for those of several bureaux that are one act."""
    acts = share(grid, solved)
    groups: dict[SharedAct | str, list[ToldMove]] = {}
    for each in solved:
        taken: list[list[int]] = [[] for _ in each.told]
        for row in findings.get(each.at, ()):
            move = _explained_by(grid, each, drafting, row)
            if move >= 0:
                taken[move].append(row)
        for index, (one, rows) in enumerate(zip(each.told, taken, strict=True)):
            if rows:
                key = acts.get((each.at, index)) or f"{each.at} {_same(grid, one.move)}"
                groups.setdefault(key, []).append(ToldMove(each, one, rows, each.sure(one)))
    of_hours = set(np.flatnonzero(drafting.keys.of(*_OF_HOURS)).tolist())
    for key, members in groups.items():
        first = members[0].told.move
        sure = max((each.sure for each in members), key=_SURE.index)
        explained = [row for each in members for row in each.rows]
        if sure is Sure.CERTAIN and not of_hours.isdisjoint(explained):
            sure = Sure.LIKELY
        if isinstance(key, SharedAct) and key.cause == EDITION and sure is Sure.OPEN:
            detail = CaseDetail(said=replace(_EDITION_SAID, values={"bureaux": len(members)}))
            drafting.add(causes()[EDITION], explained, Sure.LIKELY, grid.pieces[key.piece].kind, detail)
            continue
        details = [detail_of(grid, replace(each, sure=max(sure, each.sure, key=_SURE.index))) for each in members]
        named = sure is not Sure.OPEN or all(each.is_of_one_cause() for each in members)
        name = first.cause if named else "figure-wrong"
        if isinstance(key, SharedAct) and len(members) > 1:
            name = key.cause or name if sure is not Sure.OPEN else "figure-wrong"
        piece = grid.pieces[first.piece].kind
        drafting.add(causes()[name], explained, sure, piece, details[0] if len(details) == 1 else _together(details))


def _together(details: Sequence[CaseDetail]) -> CaseDetail:
    """What is said of all bureaux of a group; corrections of the piece that is blamed come before their copies."""
    corrections = [each for detail in details for each in detail.corrections]
    corrections.sort(key=lambda each: (each.copied, each.place.insee, by_number(each.place.bureau)))
    number = min(len(detail.readings) for detail in details)
    readings = [
        CaseReading(tuple(each for detail in details for each in detail.readings[at].corrections))
        for at in range(number)
    ]
    return replace(details[0], corrections=tuple(corrections), values={}, readings=tuple(readings))


_SURE = tuple(Sure)


def _same(grid: SideBySide, move: Move) -> str:
    """What two moves have in common that are one thing: the same figures of two files of published results."""
    piece = grid.pieces[move.piece].kind
    return f"{piece if piece == PUBLISHED else move.piece} {move.cause} {move.changes}"


def _explained_by(grid: SideBySide, solved: Solved, drafting: Drafting, row: int) -> int:
    """The move that ends what a finding says, -1 for none."""
    moves, code = solved.moves, drafting.keys.codes[int(drafting.keys.code[row])]
    if code == _BETWEEN_POLLS:
        return _ended_by(moves, solved.rows, drafting.table[row])
    if code == _SCREEN and _is_of_others(grid, solved, drafting.table, row):
        return -1
    if code in GAPS and moves[0].cause in _HIDE_A_GAP:
        return 0
    if code in GAPS and gap_cost(solved.gap_left) >= gap_cost(solved.gap):
        return _asked(solved)
    if len(moves) == 1 and not solved.gap_left and code not in ALONG:
        return 0
    if code in GAPS:  # a smaller gap may remain, which the case says
        return _gap_mover(solved)
    if code == "M107" and moves[0].cause not in OF_ANOTHER:
        return -1
    finding = drafting.table[row]
    subject = subject_of(finding, grid, solved.at)
    best, most = -1, 0
    for index, move in enumerate(moves):
        hits = sum(
            subject.includes(grid.pieces[piece].kind, grid.pieces[piece].file, column)
            for piece, column, _ in move.cells()
        )
        if finding.code in GAPS and not best >= 0:
            hits = sum(column in subject.columns for _, column, _ in move.cells())
        if hits > most:
            best, most = index, hits
    return best


def _is_of_others(grid: SideBySide, solved: Solved, table: FindingTable, row: int) -> bool:
    """Whether a screen of gaps is of a published file's own two counts, which the move that ends the gap leaves."""
    rows = zip(solved.told[0].bureau.kinds, solved.rows, strict=True)
    if not any(kind == PUBLISHED and figures[SIGNATURES] >= 0 for kind, figures in rows):
        return False
    mover, finding = solved.moves[max(_gap_mover(solved), 0)], table[row]
    corrected = {grid.pieces[piece].source(solved.at, column) for piece, column, _ in mover.cells()}
    return corrected.isdisjoint((finding.left.source, finding.right.source))


def _asked(solved: Solved) -> int:
    """The open question of which another reading ends the gap, -1 for none."""
    for index, told in enumerate(solved.told):
        if solved.sure(told) is Sure.OPEN:
            truths = (each.truth for each in told.explanation.rivals if each.cost < told.explanation.cost + LIKELY)
            if any(truth[SIGNATURES] == truth[FOUND] >= 0 for truth in truths):
                return index
    return -1


def _gap_mover(solved: Solved) -> int:
    """The move that changes one of the two counts of voters, -1 for none."""
    used = {(solved.signed, SIGNATURES), (solved.cast, FOUND)}
    for index, move in enumerate(solved.moves):
        if not used.isdisjoint((piece, column) for piece, column, _ in move.cells()):
            return index
    return -1
