"""T330 to T337: the way up from the bureaux' PVs to the ministry, and the step at which a figure changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from protocol.evidence_kinds import EvidenceKind
from protocol.quantities import VOTERS, Quantity
from protocol.words import Message, Text, msg
from verify.columns.needs import (
    ComparedRegistered,
    Contests,
    Polls,
    StatedCorrections,
    StepChanges,
    Tabulation,
    Universe,
    WayUp,
    WrongCommunes,
    WrongSums,
)
from verify.columns.way_up import Change, WayDocument
from verify.columns.way_up import StepChanges as ChangesOfStep
from verify.model.checks import check
from verify.model.figures import Bools, Figures, Ints
from verify.model.labels import quantity_of
from verify.model.rule_results import (
    Held,
    Looked,
    Named,
    One,
    Side,
    SideColumn,
    Where,
    look,
    look_at_tables,
    one,
    side_at,
    side_of,
    where,
)
from verify.model.transmission import VOTES

_CODES = {
    Change.UNEXPLAINED: ("T330", ""),
    Change.SETTLED: ("T330", "settled"),
    Change.UNRECORDED: ("T332", ""),
}
Details = dict[str, int | Text]
RECAP = msg("the commune's centralising record")
_REGISTERED = VOTERS.index(Quantity.REGISTERED)


@check("T330", "T332")
def changed_on_the_way(steps: StepChanges, contests: Contests) -> Iterator[Held]:
    """T330, T332: figures of a step that are not those of the document which it copies."""
    for each in steps:
        for code in ("T330", "T332"):
            yield from (look(*pair, code=code) for pair in each.compared)
        for change, (code, case) in _CODES.items():
            yield from _of_kind(each, each.are(change), contests, code, case)


def _of_kind(each: ChangesOfStep, of: Bools, contests: Contests, code: str, case: str) -> Iterator[Where]:
    """The figures of one kind, column by column, those of a choice under its name."""
    for column in np.unique(each.column[of]).tolist():
        rows = np.flatnonzero(of & (each.column == column))
        contest = contests.of[each.unit[rows], each.poll[rows]] if column >= VOTES else np.zeros(len(rows), np.int64)
        for number in np.unique(contest).tolist():
            here = rows[contest == number]
            field = each.now.figures[column].name
            if column >= VOTES and contests.official and number >= 0:
                choices = contests.contests[number].choices
                field = choices[column - VOTES] if column - VOTES < len(choices) else field
            at = each.unit[here], each.poll[here]
            left, right = (_side(document.figures[column], at) for document in (each.now, each.before))
            details = {"step": each.now.label, "before": each.before.label, **_marks(each.now, column)}
            yield Where(*at, left, right, field, code, case, details)


def _marks(now: WayDocument, column: int) -> dict[str, Text]:
    """Marks of cases: the name of the step, and the column."""
    return {"etape": "" if now.step is None else now.step.value, "colonne": str(column)}


def _side(figures: Figures, at: tuple[Ints, Ints]) -> SideColumn:
    return SideColumn(figures.values[at], figures.places, at, quantity_of(figures.name))


@check("T331")
def corrected_by_document(steps: StepChanges, stated: StatedCorrections, contests: Contests) -> Iterator[Held]:
    """T331: figures that a step has otherwise, and a document says so."""
    yield look_at_tables("", len(stated.unit))
    for each in steps:
        for at in np.flatnonzero(each.are(Change.RECORDED)).tolist():
            unit, poll, column = _cell(each, at)
            figures = each.now.figures[column]
            left = side_of(figures, unit, poll)
            row = int(each.said[at])
            right = Side(stated.place(row), int(stated.before[row]), "before", EvidenceKind.WAY_UP)
            document = str(stated.document[row]) or stated.file
            values: Details = {"step": each.now.label, "document": document, **_marks(each.now, column)}
            yield One((unit, poll), left, right, _field(each.now, contests, unit, poll, column), "", "", "", values)


@check("T333")
def older_than_a_correction(steps: StepChanges, stated: StatedCorrections, contests: Contests) -> Iterator[Held]:
    """T333: figures of an edition that a document had corrected before it was written."""
    yield look_at_tables("", len(stated.unit))
    for each in steps:
        for at in np.flatnonzero(each.are(Change.STALE)).tolist():
            unit, poll, column = _cell(each, at)
            figures = each.now.figures[column]
            left = side_of(figures, unit, poll)
            row = int(each.said[at])
            right = Side(stated.place(row), int(stated.after[row]), "after", EvidenceKind.WAY_UP)
            values: Details = {"step": each.now.label, **_marks(each.now, column)}
            yield One((unit, poll), left, right, _field(each.now, contests, unit, poll, column), "", "", "", values)


@check("T336")
def of_another_bureau(steps: StepChanges, universe: Universe) -> Iterator[Held]:
    """T336: a row of a step that is another bureau's, in all its figures."""
    for each in steps:
        yield look_at_tables("", int((each.now.present & each.before.present).sum()))
        rows = np.flatnonzero(each.are(Change.OF_ANOTHER))
        seen: set[tuple[int, int]] = set()
        for at in rows.tolist():
            unit, poll, _ = _cell(each, at)
            if (unit, poll) in seen:
                continue
            seen.add((unit, poll))
            column = VOTERS.index(Quantity.VOTES_FOUND)
            left, right = (_shown(document, unit, poll, column) for document in (each.now, each.before))
            other = str(universe.bureau[each.other[at]])
            values: Details = {"step": each.now.label, "before": each.before.label, "other": other}
            values |= _marks(each.now, column)
            yield One((unit, poll), left, right, Quantity.VOTES_FOUND.value, "", "", "", values)


def _shown(document: WayDocument, unit: int, poll: int, column: int) -> Side:
    figures = document.figures[column]
    value = int(figures.values[unit, poll])
    return side_at(figures, unit, poll, value=value if value >= 0 else None, quantity=figures.name)


def _cell(each: ChangesOfStep, at: int) -> tuple[int, int, int]:
    return int(each.unit[at]), int(each.poll[at]), int(each.column[at])


def _field(document: WayDocument, contests: Contests, unit: int, poll: int, column: int) -> str:
    sizes = int(contests.of[unit, poll])
    if column >= VOTES and contests.official and sizes >= 0:
        choices: Sequence[str] = contests.contests[sizes].choices
        if column - VOTES < len(choices):
            return choices[column - VOTES]
    return document.figures[column].name


@check("T335")
def lost_on_the_way(steps: StepChanges) -> Iterator[Where]:
    """T335: bureaux that a step lacks, and the document that it copies has."""
    for each in steps:
        figures = each.before.figures[_REGISTERED]
        values = {"step": each.now.label, "before": each.before.label, **_marks(each.now, _REGISTERED)}
        yield replace(where(each.lost, figures, figures), details=values)


@check("T335")
def lost_in_the_commune(tabulation: Tabulation, listed: ComparedRegistered, universe: Universe) -> Where:
    """T335: bureaux of a commune that its centralising record lacks, and that other evidence has."""
    lost = ~tabulation.present & universe.in_communes_of(tabulation.present.any(axis=1))[:, None]
    looked = Looked("", (listed,), np.ones_like(lost), exact=False)
    return where(lost, listed, listed, looked=looked, step=RECAP, before=universe.source)


@check("T334")
def sums_of_a_step(sums: WrongSums, universe: Universe, polls: Polls) -> Iterator[Held]:
    """T334: the sum that a step states is not that of its own bureaux."""
    yield look_at_tables("", sums.compared)
    for each in sums.wrong:
        bureau = str(universe.bureau[each.unit]) if each.unit >= 0 else ""
        commune = str(universe.insee[each.unit]) if each.unit >= 0 else ""
        case = ("twice" if each.twice else "lacks") if bureau else ""
        named = f"{commune} {bureau}".strip()
        values: Details = {"step": each.label, "etape": each.step.value, "other": named}
        if bureau:
            values["note"] = _twice(named) if each.twice else _lacks(named)
        field = VOTERS[each.column].value if each.column < VOTES else f"voix_{each.column - VOTES + 1}"
        left, right = (
            Side(source, value, quantity_of(field), each.step.kind)
            for source, value in ((each.place, each.stated), (each.against, each.summed))
        )
        yield One(_named(each.insee, each.poll, polls), left, right, field, "", case, each.level.value, values)


def _lacks(bureau: str) -> Message:
    return msg(" Bureau {other} has just the figures that it lacks.", other=bureau)


def _twice(bureau: str) -> Message:
    return msg(" Bureau {other} has just the figures that it has too many: it is there twice.", other=bureau)


@check("T337")
def communes_against_bureaux(communes: WrongCommunes, polls: Polls) -> Iterator[Held]:
    """T337: the published figures of a commune are not the sum of its bureaux' own documents."""
    yield look_at_tables("", communes.compared, *communes.tables)
    for each in communes.wrong:
        left = Side(each.place, each.published, quantity_of(each.field), EvidenceKind.PUBLISHED)
        right = Side(each.against, each.summed, quantity_of(each.field), EvidenceKind.TABULATION)
        values: Details = {"of": each.label, "fields": each.fields}
        yield One(_named(each.insee, each.poll, polls), left, right, each.field, "", "", "commune", values)


def _named(insee: str, poll: int, polls: Sequence[int]) -> Named:
    """A commune or another place, in the poll of an index where the day has several."""
    return Named(insee, "", polls[poll] if len(polls) > 1 else 0)


@check("C126")
def steps_missing(way: WayUp) -> Iterator[One]:
    """C126: documents of the way that there are not, where there are others."""
    for name in way.missing:
        yield one(Named(), Side(name, None, piece=EvidenceKind.WAY_UP), Side("", None), field="-")
