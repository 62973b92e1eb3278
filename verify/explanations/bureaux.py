"""Every bureau laid out with its cheapest explanation, and the corrections that it comes to."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import permutations

import numpy as np

from verify.explanations.certainty import Supported, corrected_rows, support, sure_of
from verify.explanations.copies import BureauPapers, PieceOperation
from verify.explanations.rows import operate
from verify.explanations.search import explain
from verify.explanations.side_by_side import (
    BLANK,
    EXPORT,
    FOUND,
    RECORD,
    REGISTERED,
    VALID,
    VOTES,
    Row,
    SideBySide,
)
from verify.model.cases import Sure
from verify.model.figures import MISSING

_LEAST_ALIKE = 2
"""Figures of a PV that have to be those of some machines of its bureau."""


def explain_bureaux(grid: SideBySide, of_others: Collection[tuple[int, int, int]] = ()) -> list[list[Supported]]:
    """The corrections of each bureau laid out that its explanation comes to; none where there is no explanation.

    Those that stay open are asked once more beside what the totals of their tables leave for them, which may settle it.

    Args:
        grid: the bureaux.
        of_others: rows that were told to be other bureaux' and are put right, by unit, poll and piece.
    """
    kinds = tuple(piece.kind for piece in grid.pieces)
    columns = (grid.sizes.tolist(), grid.strange.tolist(), grid.mentioned.tolist(), grid.by_machine.tolist())
    bureaux = [BureauPapers(kinds, grid.rows(at), *each) for at, each in enumerate(zip(*columns, strict=True))]
    copied, found = _rows_of_others(grid, bureaux), list[list[Supported]]()
    for at, bureau in enumerate(bureaux):
        readings = [*(_part_left_out(grid, at, bureau) if grid.apart[at] else ()), *copied.get(at, ())]
        place = int(grid.unit[at]), int(grid.poll[at])
        strangers = frozenset(piece for piece in range(len(kinds)) if (*place, piece) in of_others)
        found.append(_explain(replace(bureau, readings=readings, of_others=strangers)))
    if grid.evidence.contradicted_totals:
        for at, left in enumerate(_left_by_totals(grid, found)):
            if not _is_settled(found[at]):
                beside = _explain(replace(found[at][0].bureau, totals=[left]))
                found[at] = beside if _is_settled(beside) else found[at]
    return found


def _explain(bureau: BureauPapers) -> list[Supported]:
    explanation = explain(bureau)
    return [] if explanation is None else support(bureau, explanation)


def _is_settled(told: Sequence[Supported]) -> bool:
    """Check that nothing of a bureau is open, and every figure of it known, as far as it is explained."""
    return all(
        sure_of(each, doubtful=False) is not Sure.OPEN and min(each.operation.cells.values()) >= 0 for each in told
    )


def _left_by_totals(grid: SideBySide, found: Sequence[Sequence[Supported]]) -> list[Row]:
    """The share of a table's total that is left for each bureau laid out, less the others as settled; else MISSING.

    A total is of all bureaux of one commune in a poll, those that add up to what its bureaux are said to.
    """
    kinds, around = [piece.kind for piece in grid.pieces], grid.around
    own, place = grid.commune, around.commune
    settled = around.figures.copy()
    for at, told in enumerate(found):
        here = (around.unit == grid.unit[at]) & (around.poll == grid.poll[at])
        settled[here] = corrected_rows(grid.rows(at), told[0].operations if told and _is_settled(told) else ())
    left = np.full_like(grid.figures[:, 0], MISSING)
    for total in grid.evidence.contradicted_totals:
        if total.piece not in kinds:
            continue
        piece = kinds.index(total.piece)
        for number in np.unique(own).tolist():
            rows, here = np.flatnonzero(own == number), place == number
            column = next((at for at in range(left.shape[1]) if grid.field(int(rows[0]), at) == total.field), 0)
            if around.figures[here, piece, column].sum() == total.summed:
                beyond = total.stated - settled[here, piece, column].sum()
                left[rows, column] = np.maximum(grid.figures[rows, piece, column] + beyond, MISSING)
    return list(left.tolist())


def _rows_of_others(grid: SideBySide, bureaux: Sequence[BureauPapers]) -> dict[int, list[PieceOperation]]:
    """Rows of PVs, or their votes by choice, that another bureau of the commune has as well: they may be its own."""
    kinds, found = tuple(piece.kind for piece in grid.pieces), dict[int, list[PieceOperation]]()
    if RECORD not in kinds:
        return found
    piece, around = kinds.index(RECORD), grid.around
    index = {each: at for at, each in enumerate(zip(grid.unit.tolist(), grid.poll.tolist(), strict=True))}
    for first in (VOTES, REGISTERED):
        having: dict[tuple[int, ...], list[int]] = {}
        for other, row in enumerate(np.column_stack((around.commune, around.figures[:, piece, first:])).tolist()):
            if sum(each >= _TELLING for each in row[1:]) >= _LEAST_ALIKE:
                having.setdefault(tuple(row), []).append(other)
        for alike in having.values():
            for one, other in permutations(alike, 2):
                at = index.get((int(around.unit[one]), int(around.poll[one])), -1)
                if at >= 0 and (grid.figures[at, piece] == around.figures[one, piece]).all():
                    row, code = bureaux[at].rows[piece], str(grid.evidence.universe.bureau[around.unit[other]])
                    theirs = {column: MISSING for column in range(first, len(row)) if row[column] >= 0}
                    reading = operate(bureaux[at], piece, theirs, "row-of-another", code)
                    found.setdefault(at, []).append(reading)
    return found


_TELLING = 20
"""A count from which on it is not another bureau's by chance."""


def _part_left_out(grid: SideBySide, at: int, bureau: BureauPapers) -> Iterator[PieceOperation]:
    """The PV of a bureau with several machines as it should read if it has the counts of some of them only."""
    exports, kinds = grid.evidence.exports, bureau.kinds
    if exports is None or RECORD not in kinds or EXPORT not in kinds:
        return
    piece = kinds.index(RECORD)
    row, whole = bureau.rows[piece], bureau.rows[kinds.index(EXPORT)]
    here = exports.used & (exports.unit == grid.unit[at]) & (exports.poll == grid.poll[at])
    for machine in np.flatnonzero(here).tolist():
        part = {FOUND: int(exports.columns["cast"][machine]), BLANK: int(exports.columns["blank"][machine])}
        part |= {VOTES + of: int(exports.columns["tallies"][machine, of]) for of in range(bureau.size)}
        known = [column for column in part if row[column] >= 0]
        if len(known) >= _LEAST_ALIKE and all(
            row[column] in (part[column], whole[column] - part[column]) for column in known
        ):
            right = {column: whole[column] for column in known if 0 <= whole[column] != row[column]}
            right |= {VALID: whole[FOUND] - whole[BLANK]} if row[VALID] >= 0 <= whole[BLANK] else {}
            yield operate(bureau, piece, right, "part-left-out")
