"""Cases of published sums that are not those of their parts: a bureau left out or twice, or one figure wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from protocol.evidence_kinds import EvidenceKind
from protocol.words import msg
from verify.cases.corrections import changes_in_totals, table_of
from verify.cases.drafting import grouped
from verify.cases.wide.operations import CaseDesk
from verify.explanations.side_by_side import COLUMNS, LIST, PUBLISHED, RECAP, RECORD
from verify.model.cases import CaseDetail, Correction, Sure
from verify.model.evidence import Counted, LinedEvidence
from verify.model.figures import SUMMED, Ints
from verify.model.findings import Finding, file_of, shown_source
from verify.model.rule_results import Named
from verify.model.thresholds import EDITION_PLACES

_SUMS = ("T303", "T304", "T305")
_LEAST_SAME = 2
"""Counts in which a sum has to differ by exactly those of one bureau."""


def draft_sums(desk: CaseDesk) -> None:
    """Sums that are not those of their parts: one case for all levels that are off by the same numbers.

    Where one bureau has exactly these numbers, or two together, it is what is left out, or counted twice. Where one
    figure is off and the sums of its own row are by as much, these go with it, and the parts are right.
    """
    evidence = desk.evidence
    table, place = desk.table, desk.keys.place
    above = (row for row in desk.rows("T306") if not table[row].bureau)
    own = grouped(lambda row: (int(place[row]), abs(_off(table[row])[1])), above)

    def sum_of(row: int) -> tuple[int, str, str]:
        return int(place[row]), file_of(table[row].left.source), file_of(table[row].right.source)

    def off_by(rows: Sequence[int]) -> tuple[tuple[str, int], ...]:
        return tuple(sorted(dict(_off(table[row]) for row in rows).items()))

    wrong = []
    for by, some in grouped(off_by, grouped(sum_of, desk.rows(*_SUMS)).values()).items():
        rows = [row for of_place in some for row in of_place]
        inside = {desk.table[row].insee for row in rows}
        units = np.isin(evidence.universe.insee, list(inside)) | np.isin(evidence.universe.department, list(inside))
        tables = [each.counted for each in evidence.published]
        places = _bureaux_with(evidence, tables, dict(by), np.flatnonzero(units), _polls(desk, rows))
        beside = [row for at in rows for row in own.get((int(place[at]), abs(by[0][1])), ())]
        beside = beside if len(by) == 1 else []
        wrong.append(_WrongSums(dict(by), [*rows, *beside], tuple(places), adds_up=bool(beside)))
    wrong = _without_those_made_of_others(desk, wrong)
    _draft_editions(desk, wrong)
    for each in wrong:
        known = bool(each.places) or each.adds_up
        sums = [desk.table[row] for row in each.rows if desk.table[row].code in _SUMS]
        corrections = tuple(correct_sum(each, EvidenceKind.PUBLISHED) for each in sums) if known else ()
        sure = Sure.LIKELY if known else Sure.OPEN
        detail = CaseDetail(corrections=corrections, places=each.places, adds_up=each.adds_up)
        desk.add("sum-leaves-out", each.rows, sure, EvidenceKind.PUBLISHED, detail)


def _draft_editions(desk: CaseDesk, wrong: Sequence[_WrongSums]) -> None:
    """A case for each file that has less than another one in several places, wherever they differ."""

    def files(each: _WrongSums) -> tuple[str, str]:
        finding = desk.table[each.rows[0]]
        stated, made = (file_of(side.source) for side in (finding.left, finding.right))
        if finding.left.source.endswith(SUMMED):
            stated, made = made, stated
        low, high = min(each.off.values()), max(each.off.values())
        return (stated, made) if high < 0 else (made, stated) if low > 0 else ("", "")

    for (less, more), some in grouped(files, (each for each in wrong if not each.places and not each.adds_up)).items():
        rows = [row for each in some for row in each.rows]
        places = len({desk.table[row].insee for row in rows})
        if less and places >= EDITION_PLACES:
            said = msg("in {places:n} places {less} has fewer votes than {more}", places=places, less=less, more=more)
            desk.add("older-edition", rows, Sure.LIKELY, EvidenceKind.PUBLISHED, CaseDetail(said=said))


@dataclass(slots=True)
class _WrongSums:
    """Sums that are off by the same numbers, the findings that say so, and the bureaux that have just these.

    ``adds_up``: whether the sums of their own rows work out with the sum of the parts.
    """

    off: dict[str, int]
    rows: list[int]
    places: tuple[Named, ...]
    adds_up: bool


def _without_those_made_of_others(desk: CaseDesk, wrong: Sequence[_WrongSums]) -> list[_WrongSums]:
    """Sums above several communes that are wrong, off by what these are together: they are of the first of them."""
    communes = [each for each in wrong if each.places and "T303" in _codes(desk, each)]
    kept = []
    for each in wrong:
        above = {desk.table[row].insee for row in each.rows}
        polls = _polls(desk, each.rows)
        parts = [
            other
            for other in communes
            if _is_above(above, other.places) and (not polls or other.places[0].poll in polls)
        ]
        names = {name for part in parts for name in part.off}
        together = {name: total for name in names if (total := sum(part.off.get(name, 0) for part in parts))}
        same = together == {name: by for name, by in each.off.items() if by}
        if same and len(parts) > 1 and each not in communes:
            parts[0].rows.extend(each.rows)
        else:
            kept.append(each)
    return kept


def _polls(desk: CaseDesk, rows: Sequence[int]) -> set[int]:
    """The polls that some findings name, by their numbers; none where they may be of any."""
    return {desk.table[row].poll for row in rows} - {0}


def _codes(desk: CaseDesk, each: _WrongSums) -> set[str]:
    return {desk.table[row].code for row in each.rows}


def _is_above(codes: set[str], places: Sequence[Named]) -> bool:
    """Check that sums of some places, by their codes, have the bureaux of others in them."""
    return all(any(code in ("", "nation") or each.insee.startswith(code) for code in codes) for each in places)


def _off(finding: Finding) -> tuple[str, int]:
    """The count that a sum is of, and its excess over its parts."""
    left, right = finding.left, finding.right
    difference = left.value - right.value if isinstance(left.value, int) and isinstance(right.value, int) else 0
    return str(finding.field), -difference if left.source.endswith(SUMMED) else difference


def draft_totals(desk: CaseDesk) -> None:
    """Totals in a table of bureaux that lack just one of them, or have it twice: a case that names the bureau.

    Or that have one without a row there, by its PV: what the table lacks is of the same case.
    """
    _join_slips(desk)
    evidence, totals = desk.evidence, grouped(lambda row: desk.table[row].left.source, desk.rows("C125", "C110"))
    for source, rows in totals.items():
        wrong = [finding for row in rows if (finding := desk.table[row]).code == "C125"]
        if not wrong:
            continue
        off, piece = dict(map(_off, wrong)), str(wrong[0].left.piece)
        tables = _tables(evidence, source, piece)
        places = _bureaux_with(evidence, tables, off, np.arange(len(evidence.universe)), set())
        also, said = list[int](), _LACKS if min(off.values()) < 0 else _TWICE
        if not places and tables and evidence.records is not None and min(off.values()) > 0:
            absent = np.flatnonzero(~np.logical_or.reduce([each.present for each in tables]).any(axis=1))
            places, said = _bureaux_with(evidence, [evidence.records], off, absent, set()), _WITHOUT_A_ROW
            bureaux = {place.bureau for place in places}
            also = [row for row in desk.rows(_NO_ROW) if desk.table[row].bureau in bureaux]
        if len(places) == 1:
            said = replace(said, values={"total": shown_source(source)})
            detail = CaseDetail(places=tuple(places), said=said, consequence=-1)
            desk.add("total-off", [*rows, *also], Sure.LIKELY, piece, detail)


def _join_slips(desk: CaseDesk) -> None:
    """Put totals that are the sum of their bureaux once a case has corrected one of these into that case."""
    changes = changes_in_totals(desk.corrections())
    for row in desk.rows("C125") if changes else ():
        found = desk.table[row]
        name, beyond = _off(found)
        some = changes.get((str(found.left.piece), name, table_of(found.left.source)), [])
        if some and sum(by for _, by in some) == beyond:
            desk.join(some[0][0], [row])


_LACKS = msg("the total, {total}, lacks just the figures of this bureau")
_WITHOUT_A_ROW = msg("the total, {total}, has the figures of this bureau, which has no row there")
_NO_ROW = "C107"
_TWICE = msg("the total, {total}, has the figures of this bureau twice")


def _tables(evidence: LinedEvidence, source: str, piece: str) -> list[Counted]:
    """The counts of the table that a total stands in."""
    if piece == PUBLISHED:
        return [each.counted for each in evidence.published if source.startswith(each.published.file)]
    counted = {LIST: evidence.signatures, RECORD: evidence.records, RECAP: evidence.tabulation}.get(piece)
    return [] if counted is None else [counted]


def _bureaux_with(
    evidence: LinedEvidence, tables: Sequence[Counted], off: dict[str, int], inside: Ints, polls: set[int]
) -> list[Named]:
    """The bureau of some whose counts in a table are just those by which a sum is off, or the two.

    None where several bureaux, or several pairs, come to the same.
    """
    names = [name for name in COLUMNS if off.get(name)]
    universe = evidence.universe
    if len(names) < _LEAST_SAME:
        return []
    wanted = np.array([abs(off[name]) for name in names], np.int64)
    found = []
    for poll, number in enumerate(evidence.polls):
        lines = next((each for each in tables if each.present[:, poll].any()), None)
        if lines is None or (polls and number not in polls):
            continue
        counts = np.stack([lines[name].values[inside, poll] for name in names], axis=1)
        whole = np.flatnonzero((counts >= 0).all(axis=1))
        at: dict[bytes, list[int]] = {}
        for row in whole.tolist():
            at.setdefault(counts[row].tobytes(), []).append(row)
        found += [[row, poll] for row in at.get(wanted.tobytes(), ())]
        if not found:
            others = ((row, at.get((wanted - counts[row]).tobytes(), ())) for row in whole.tolist())
            found += [[row, other, poll] for row, rest in others for other in rest if row < other]
    if len(found) != 1:
        return []
    *rows, poll = found[0]
    units = inside[rows].tolist()
    return [Named(str(universe.insee[unit]), str(universe.bureau[unit]), evidence.polls[poll]) for unit in units]


def correct_sum(finding: Finding, piece: str) -> Correction:
    """The sum that a piece states should read as that of its parts."""
    stated, made = finding.left, finding.right
    if stated.source.endswith(SUMMED):
        stated, made = made, stated
    return Correction(
        place=Named(finding.insee, finding.bureau, finding.poll),
        piece=piece,
        source=stated.source,
        field=finding.field,
        was=stated.value if isinstance(stated.value, int) and stated.value >= 0 else None,
        becomes=made.value if isinstance(made.value, int) and made.value >= 0 else None,
    )
