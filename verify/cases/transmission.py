"""Cases of the way up: a figure is of the step at which it changed, and what later steps copy of it is of that case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from protocol.evidence_kinds import EvidenceKind
from protocol.quantities import VOTERS, Quantity
from protocol.transmission import STEPS, StepUp
from verify.cases.drafting import Drafting
from verify.cases.subjects import FoundAt, is_sum_of_votes
from verify.cases.wide.operations import CaseDesk
from verify.columns.transmission import WayDocument, documents
from verify.explanations.rows import nature
from verify.model.cases import CaseDetail, Correction, Sure
from verify.model.evidence import LinedEvidence, PublishedLines
from verify.model.figures import MISSING, Ints
from verify.model.findings import Finding
from verify.model.rule_results import Named
from verify.model.transmission import VOTES

_CHANGED = ("T330", "T332", "T333", "T336")
_MOST = 5000
"""Findings of the way that are looked at one by one; of more, their codes alone tell the cause."""
_COPIES = ("T301", "T302", "T306", "T307", "T308", "T309", "T313", "R211", "R213", "R214", "C107")
"""Findings of a bureau that can be of a figure which a later document copies."""
_RECORD = "recap"
"""Name in cases of the centralising bureau's record, which is also evidence by itself."""
_FOUND, _BLANK, _NULL, _VALID = (
    VOTERS.index(each) for each in (Quantity.VOTES_FOUND, Quantity.BLANK, Quantity.NULL, Quantity.VALID)
)
_BY_NAME = {each.value: at for at, each in enumerate(VOTERS)}
_ANY = -1


@dataclass(slots=True)
class _Changed:
    """Figures that one step changed, of one bureau in one poll.

    Attributes:
        cause: name of the probable cause.
        wrong: by column, what stands there, and what the document before it has.
        rows: of the findings.
        other: bureau whose row it is, empty for its own.
        recorded: whether a document says so.
        corrections: of the step's document, and of results that have its figures.
    """

    unit: int
    poll: int
    step: StepUp
    cause: str
    sure: Sure
    wrong: dict[int, tuple[int, int]]
    rows: list[int]
    other: str = ""
    recorded: bool = False
    corrections: list[Correction] = field(default_factory=list)

    def off(self) -> tuple[int, int]:
        """By how much the votes found are off their parts by it, and the valid votes off those by choice."""
        by = {column: was - due for column, (was, due) in self.wrong.items()}
        votes = sum(value for column, value in by.items() if column >= VOTES)
        valid = by.get(_VALID, 0)
        return by.get(_FOUND, 0) - by.get(_BLANK, 0) - by.get(_NULL, 0) - valid, valid - votes


def draft_way_up(desk: CaseDesk) -> None:
    """A case for each bureau and step at which figures changed, one for each bureau lost and each sum that is wrong."""
    evidence, drafting, places = desk.evidence, desk.drafting, desk.places
    if evidence.way_up is None:
        return
    rows = np.flatnonzero(drafting.free() & drafting.keys.of(*_CHANGED, "T331", "T334", "T335"))
    if not len(rows) or len(rows) > _MOST:
        return
    found = evidence.once(documents)
    changed = list(_changes(evidence, drafting, places, rows, found))
    copies = _copies(drafting, places, {each.unit for each in changed})
    for each in changed:
        for row in copies.get((each.unit, each.poll), ()):
            if _is_copy(evidence, each, drafting.table[row]):
                each.rows.append(row)
        each.corrections += _published(evidence, each)
    _above(evidence, drafting, changed)
    for each in changed:
        if each.recorded and len(each.rows) == len(each.wrong):
            continue  # nothing contradicts it
        piece = each.step.kind
        drafting.add(each.cause, sorted(each.rows), each.sure, piece, CaseDetail(tuple(each.corrections)))
    _sums(drafting)


def _changes(
    evidence: LinedEvidence,
    drafting: Drafting,
    places: FoundAt,
    rows: Ints,
    found: Mapping[StepUp | None, WayDocument],
) -> Iterator[_Changed]:
    """The findings of the way by bureau, poll and step."""
    groups: dict[tuple[int, int, str, bool], list[tuple[int, Finding]]] = {}
    for row in rows.tolist():
        finding = drafting.table[row]
        unit, step = int(places.unit[row]), str(finding.details.get("etape", ""))
        if unit >= 0 and step and finding.code != "T334" and finding.case != "settled":
            key = unit, int(places.poll[row]), step, finding.code == "T331"
            groups.setdefault(key, []).append((row, finding))
    for (unit, poll, name, recorded), members in groups.items():
        step = STEPS[name]
        wrong = {}
        for _, finding in members:
            left, right = finding.left.value, finding.right.value
            if isinstance(left, int) and isinstance(right, int):
                wrong[int(str(finding.details["colonne"]))] = left, right
        codes = {finding.code for _, finding in members}
        other = next((str(finding.details["other"]) for _, finding in members if finding.code == "T336"), "")
        if other:
            wrong = _of_another(found, step, unit, poll, members[0][1])
        each = _Changed(unit, poll, step, "", Sure.LIKELY, wrong, [row for row, _ in members], other, recorded)
        each.cause = "corrected-by-document" if recorded else _cause(found, each, codes)
        if not recorded and "T335" not in codes:
            each.corrections += _own(evidence, found, each)
        yield each


def _of_another(
    found: Mapping[StepUp | None, WayDocument], step: StepUp, unit: int, poll: int, finding: Finding
) -> dict[int, tuple[int, int]]:
    """All figures of a row that is another bureau's, with its own by the document before it."""
    now = found[step].figures
    label = finding.details.get("before")
    before = next((each for each in found.values() if each.label == label), found[step]).figures
    figures = ((int(a.values[unit, poll]), int(b.values[unit, poll])) for a, b in zip(now, before, strict=True))
    return {column: pair for column, pair in enumerate(figures) if pair[0] != pair[1] and min(pair) >= 0}


def _cause(found: Mapping[StepUp | None, WayDocument], each: _Changed, codes: set[str]) -> str:
    if "T335" in codes:
        return "lost-on-the-way"
    if each.other:
        return "row-of-another"
    if "T332" in codes:
        return "correction-unrecorded"
    if "T333" in codes:
        return "older-edition"
    row = [int(figures.values[each.unit, each.poll]) for figures in found[each.step].figures]
    return nature(each.step.kind, row, {column: due for column, (_, due) in each.wrong.items()})


def _own(evidence: LinedEvidence, found: Mapping[StepUp | None, WayDocument], each: _Changed) -> Iterator[Correction]:
    """The corrections in the document of the step itself."""
    for column, (was, due) in sorted(each.wrong.items()):
        source = found[each.step].figures[column].places.text(each.unit, each.poll)
        yield _correction(evidence, each, column, each.step.kind, source, was, due)


def _correction(
    evidence: LinedEvidence, each: _Changed, column: int, piece: str, source: str, was: int, due: int, file: str = ""
) -> Correction:
    universe = evidence.universe
    return Correction(
        place=Named(str(universe.insee[each.unit]), str(universe.bureau[each.unit]), evidence.polls[each.poll]),
        piece=piece,
        source=source,
        field=_field(evidence, each, column),
        was=was,
        becomes=due,
        copied=bool(file),
        file=file,
        choice=max(column - VOTES, -1),
    )


def _field(evidence: LinedEvidence, each: _Changed, column: int) -> str:
    if column < VOTES:
        return VOTERS[column].value
    contests = evidence.contests
    number = int(contests.of[each.unit, each.poll]) if contests.official else -1
    choices: Sequence[str] = contests.contests[number].choices if number >= 0 else ()
    return choices[column - VOTES] if column - VOTES < len(choices) else f"voix_{column - VOTES + 1}"


def _published(evidence: LinedEvidence, each: _Changed) -> Iterator[Correction]:
    """The same corrections in published results that have what the step has."""
    if each.recorded:
        return
    for lines in evidence.published:
        for column, (was, due) in sorted(each.wrong.items()):
            value, source = _of_file(lines, each.unit, each.poll, column)
            if value == was:
                yield _correction(
                    evidence, each, column, EvidenceKind.PUBLISHED, source, was, due, lines.published.file
                )


def _of_file(lines: PublishedLines, unit: int, poll: int, column: int) -> tuple[int, str]:
    if column < VOTES:
        figures = lines.counted.figures.get(VOTERS[column].value)
        return (MISSING, "") if figures is None else (int(figures.values[unit, poll]), figures.places.text(unit, poll))
    at = column - VOTES
    if at >= lines.votes.values.shape[2]:
        return MISSING, ""
    return int(lines.votes.values[unit, poll, at]), lines.votes.places.text(unit, poll, at)


def _copies(drafting: Drafting, places: FoundAt, units: set[int]) -> dict[tuple[int, int], list[int]]:
    """The findings of some bureaux that may be of a copied figure, by bureau and poll."""
    wanted = drafting.free() & drafting.keys.of(*_COPIES) & np.isin(places.unit, sorted(units))
    found: dict[tuple[int, int], list[int]] = {}
    for row in np.flatnonzero(wanted).tolist():
        found.setdefault((int(places.unit[row]), int(places.poll[row])), []).append(row)
    return found


def _is_copy(evidence: LinedEvidence, each: _Changed, finding: Finding) -> bool:
    """Check that a finding is of a figure that a later document copies from the step."""
    code = finding.code
    if each.cause == "lost-on-the-way":
        return code == "C107"
    if code == "C107":
        return False
    if code == "R214" and each.step is not StepUp.COMMUNE:
        return False
    columns = _columns_of(evidence, each, finding)
    if _ANY in columns:
        return any(
            _of_file(lines, each.unit, each.poll, column)[0] == was
            for lines in evidence.published
            for column, (was, _) in each.wrong.items()
        )
    shown = {finding.left.value, finding.right.value}
    return any(column in each.wrong and each.wrong[column][0] in shown for column in columns)


def _columns_of(evidence: LinedEvidence, each: _Changed, finding: Finding) -> set[int]:
    """The columns that a finding is about; `_ANY` where it is about a row, or a sum of it."""
    if finding.code in ("T306", "T307", "T308") or finding.field == "votes":
        return {_ANY}
    if (column := _BY_NAME.get(str(finding.field))) is not None:
        return {column}
    votes = {column for column in each.wrong if column >= VOTES}
    named = {column for column in votes if _field(evidence, each, column) == finding.field}
    return named or ({_ANY} if finding.case == "exchanged" and votes else set())


def _above(evidence: LinedEvidence, drafting: Drafting, changed: Sequence[_Changed]) -> None:
    """Sums above the bureaux that do not add up by just what the figures below them are off: they are of these."""
    rows = np.flatnonzero(drafting.free() & drafting.keys.of("T306"))
    if not len(rows) or len(rows) > _MOST:
        return
    universe = evidence.universe
    published = [each for each in changed if any(correction.copied for correction in each.corrections)]
    for row in rows.tolist():
        finding = drafting.table[row]
        left, right = finding.left.value, finding.right.value
        if finding.bureau or not isinstance(left, int) or not isinstance(right, int):
            continue
        of_votes = is_sum_of_votes(finding.details.get("sum"))
        inside = [
            each
            for each in published
            if finding.insee in ("", str(universe.insee[each.unit]), str(universe.department[each.unit]))
            and finding.poll in (0, evidence.polls[each.poll])
            and each.off()[of_votes]
        ]
        if inside and abs(left - right) == abs(sum(each.off()[of_votes] for each in inside)):
            inside[0].rows.append(row)


def _sums(drafting: Drafting) -> None:
    """A case for each sum of the way that is wrong."""
    for row in np.flatnonzero(drafting.free() & drafting.keys.of("T334")).tolist():
        finding = drafting.table[row]
        insee, _, bureau = str(finding.details["other"]).partition(" ")
        step = STEPS[str(finding.details["etape"])]
        stated, summed = finding.left.value, finding.right.value
        correction = Correction(
            place=Named(finding.insee, "", finding.poll),
            piece=step.kind,
            source=finding.left.source,
            field=finding.field,
            was=stated if isinstance(stated, int) else None,
            becomes=summed if isinstance(summed, int) else None,
        )
        detail = CaseDetail((correction,), (Named(insee, bureau, finding.poll),)) if bureau else CaseDetail()
        sure = Sure.LIKELY if bureau else Sure.OPEN
        drafting.add("sum-leaves-out", [row], sure, step.kind, detail)
