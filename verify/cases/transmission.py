"""Cases of the way up: a figure is of the step at which it changed, and what later steps copy of it is of that case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from protocol.transmission import STEPS, StepUp
from verify.cases.subjects import FoundAt, is_sum_of_votes
from verify.cases.sums import correct_sum
from verify.cases.wide.operations import CaseDesk, ManyBureaux, correction
from verify.columns.transmission import WayDocument, documents
from verify.explanations.rows import nature
from verify.explanations.side_by_side import BLANK, FOUND, NULL, PUBLISHED, VALID, VOTES, SideBySide
from verify.model.cases import CaseDetail, Correction, Sure
from verify.model.findings import Finding
from verify.model.rule_results import Named

_CHANGED = ("T330", "T332", "T333", "T336")
_MOST = 5000
"""Findings of the way that are looked at one by one; of more, their codes alone tell the cause."""
_LOST, _LACKING = "T335", "C107"
"""Findings that a step lacks a bureau, and that published results do."""


@dataclass(slots=True)
class _Changed:
    """Figures that one step changed, of one bureau in one poll.

    Attributes:
        at: index among the bureaux laid out.
        cause: name of the probable cause.
        wrong: by column, what stands there, and what the document before it has.
        rows: of the findings.
        recorded: whether a document says so: it needs no correction.
        corrections: of the step's document, and of results that have its figures.
    """

    at: int
    step: StepUp
    cause: str
    wrong: dict[int, tuple[int, int]]
    rows: list[int]
    recorded: bool
    corrections: list[Correction] = field(default_factory=list)

    def off(self) -> tuple[int, int]:
        """By how much the votes found are off their parts by it, and the valid votes off those by choice."""
        by = {column: was - due for column, (was, due) in self.wrong.items()}
        votes = sum(value for column, value in by.items() if column >= VOTES)
        valid = by.get(VALID, 0)
        return by.get(FOUND, 0) - by.get(BLANK, 0) - by.get(NULL, 0) - valid, valid - votes


def draft_way_up(desk: CaseDesk) -> None:
    """A case for each bureau and step at which figures changed, one for each bureau lost and each sum that is wrong."""
    evidence, places = desk.evidence, desk.places
    if evidence.way_up is None:
        return
    without = desk.bureaux_of(desk.at_bureaux("C106"))[places.unit, places.poll]
    strange = desk.at_bureaux(_LOST) & without  # where there is no PV none was lost
    rows = [row for row in desk.rows(*_CHANGED, "T331", "T334", _LOST) if not strange[row]]
    if not rows or len(rows) > _MOST:
        return
    groups = _groups(desk, places, rows)
    at = {place: index for index, place in enumerate(dict.fromkeys(key[:2] for key in groups))}
    bureaux = ManyBureaux(desk, *np.array([*at], np.int64).reshape(-1, 2).T)
    documented, grid = evidence.once(documents), bureaux.grid
    changed = [
        _changed(grid, documented, at[place[0], place[1]], STEPS[step], recorded, members)
        for (*place, step, recorded), members in groups.items()
    ]
    lacking = desk.by_bureau(desk.at_bureaux(_LACKING))
    for each in changed:
        if each.cause == _CAUSES[_LOST]:
            each.rows += lacking.get((int(grid.unit[each.at]), int(grid.poll[each.at])), ())
        else:
            _follow_copies(bureaux, each)
    _above(grid, desk, changed)
    for each in changed:
        if each.recorded and len(each.rows) == len(each.wrong):
            continue  # nothing contradicts it
        detail = CaseDetail(() if each.recorded else tuple(each.corrections))
        desk.add(each.cause, sorted(each.rows), Sure.LIKELY, each.step.kind, detail)
    _sums(desk)


_Members = list[tuple[int, Finding]]


def _groups(desk: CaseDesk, places: FoundAt, rows: Sequence[int]) -> dict[tuple[int, int, str, bool], _Members]:
    """The findings of the way by unit, poll, step, and whether a document says so."""
    groups: dict[tuple[int, int, str, bool], _Members] = {}
    for row in rows:
        finding = desk.table[row]
        unit, step = int(places.unit[row]), str(finding.details.get("etape", ""))
        if unit >= 0 and step and finding.code != "T334" and finding.case != "settled":
            key = unit, int(places.poll[row]), step, finding.code == "T331"
            groups.setdefault(key, []).append((row, finding))
    return groups


def _changed(
    grid: SideBySide,
    documented: Mapping[StepUp | None, WayDocument],
    at: int,
    step: StepUp,
    recorded: bool,
    members: _Members,
) -> _Changed:
    """The changes that some findings show at one step of a bureau."""
    now, place = documented[step].figures, (int(grid.unit[at]), int(grid.poll[at]))
    row = [int(figures.values[place]) for figures in now]
    wrong, codes = dict[int, tuple[int, int]](), {finding.code: finding for _, finding in members}
    for _, finding in members:
        left, right = finding.left.value, finding.right.value
        if isinstance(left, int) and isinstance(right, int):
            wrong[int(str(finding.details["colonne"]))] = left, right
    if of_another := codes.get("T336"):  # all figures of the row, with its own by the document before it
        label = of_another.details.get("before")
        before = next((each for each in documented.values() if each.label == label), documented[step]).figures
        pairs = zip(row, (int(figures.values[place]) for figures in before), strict=True)
        wrong = {column: pair for column, pair in enumerate(pairs) if pair[0] != pair[1] and min(pair) >= 0}
    each = _Changed(at, step, "", wrong, [number for number, _ in members], recorded)
    named = next((cause for code, cause in _CAUSES.items() if code in codes), None)
    each.cause = named or nature(step.kind, row, {column: due for column, (_, due) in wrong.items()})
    for column, pair in sorted(wrong.items()) if _LOST not in codes else ():
        there = column < VOTES + int(grid.sizes[at]) * grid.evidence.contests.official
        name = grid.field(at, column) if there else now[column].name
        own = replace(correction(grid, at, (0, 0), pair[1], copied=False), was=pair[0], piece=step.kind, field=name)
        source, choice = now[column].places.text(*place), max(column - VOTES, -1)
        each.corrections.append(replace(own, source=source, choice=choice))
    return each


_CAUSES = {
    "T331": "corrected-by-document",
    _LOST: "lost-on-the-way",
    "T336": "row-of-another",
    "T332": "correction-unrecorded",
    "T333": "older-edition",
}
"""Findings that name a cause, those first that have the last word."""


def _follow_copies(bureaux: ManyBureaux, each: _Changed) -> None:
    """Add what is of published figures that are those of the step: their findings and corrections."""
    for piece in (at for at, kind in enumerate(bureaux.kinds) if kind in (each.step.kind, PUBLISHED)):
        right = bureaux.figures[[each.at], piece]
        for column, (was, becomes) in each.wrong.items():
            if column < right.shape[1] and right[0, column] == was:
                right[0, column] = becomes
        made = bureaux.operation(piece, np.array([each.at]), right)
        each.rows += (row for row in bureaux.ended_by(made) if row not in each.rows)
        own = (one for one in made.corrections(bureaux.grid) if not one.copied and one.piece == PUBLISHED)
        each.corrections += (replace(one, copied=True) for one in own)


def _above(grid: SideBySide, desk: CaseDesk, changed: Sequence[_Changed]) -> None:
    """Sums above the bureaux that do not add up by just what the figures below them are off: they are of these."""
    rows = desk.rows("T306")
    if not rows or len(rows) > _MOST:
        return
    universe, polls = grid.evidence.universe, grid.evidence.polls
    unrecorded = (each for each in changed if not each.recorded)
    published = [each for each in unrecorded if any(made.copied for made in each.corrections)]
    for row in rows:
        finding = desk.table[row]
        left, right = finding.left.value, finding.right.value
        if finding.bureau or not isinstance(left, int) or not isinstance(right, int):
            continue
        of_votes = is_sum_of_votes(finding.details.get("sum"))
        inside = [
            each
            for each in published
            if finding.insee
            in ("", str(universe.insee[grid.unit[each.at]]), str(universe.department[grid.unit[each.at]]))
            and finding.poll in (0, polls[int(grid.poll[each.at])])
            and each.off()[of_votes]
        ]
        if inside and abs(left - right) == abs(sum(each.off()[of_votes] for each in inside)):
            inside[0].rows.append(row)


def _sums(desk: CaseDesk) -> None:
    """A case for each sum of the way that is wrong."""
    for row in desk.rows("T334"):
        finding = desk.table[row]
        insee, _, bureau = str(finding.details["other"]).partition(" ")
        kind = STEPS[str(finding.details["etape"])].kind
        places = (Named(insee, bureau, finding.poll),)
        detail = CaseDetail((correct_sum(finding, kind),), places) if bureau else CaseDetail()
        desk.add("sum-leaves-out", [row], Sure.LIKELY if bureau else Sure.OPEN, kind, detail)
