"""T: do the figures arrive, from the bureau's record to what is published."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from protocol.evidence_kinds import EvidenceKind
from protocol.quantities import VOTERS, Quantity
from protocol.words import Text, cited, first_of, msg, series
from verify.columns.machine_votes import exchanged_pairs
from verify.columns.needs import (
    ComparedRegistered,
    Contests,
    CountedSignatures,
    MachineCountsByName,
    OfficialChoices,
    OfNoPoll,
    OtherElections,
    OwnMachineVotes,
    OwnRows,
    OwnVotes,
    Polls,
    Published,
    PublishedSignatures,
    Records,
    StatedCorrections,
    StepChanges,
    TableFlaws,
    TablesCompared,
    Tabulation,
    Universe,
    WayUp,
    WrongSums,
    WrongTotals,
)
from verify.columns.transmission import Change, WayDocument
from verify.columns.transmission import StepChanges as ChangesOfStep
from verify.model import published
from verify.model.checks import check
from verify.model.evidence import FIRST_CHOICE
from verify.model.figures import MISSING, Bools, Figures, Ints, total
from verify.model.labels import BY_THE_OTHERS, quantity_of
from verify.model.published import Level
from verify.model.rule_results import (
    Held,
    Looked,
    Named,
    One,
    Side,
    SideColumn,
    Where,
    differ,
    look,
    look_at_tables,
    one,
    percentage,
    side_at,
    side_of,
    where,
)

if TYPE_CHECKING:
    from verify.columns.published import FlawsOfTable, VotesOfFile


_NAMED = 4
"""Choices that a finding names."""
_RECORD = (Quantity.VOTES_FOUND, Quantity.BLANK, Quantity.NULL, Quantity.VALID)
"""Counts that both a published file and a PV have."""


@check("T301")
def votes_against_records(compared: OwnVotes, universe: Universe, contests: Contests) -> Iterator[Held]:
    """T301: published votes by choice and those of the PVs."""
    for each in compared:
        yield from _votes(each, universe, contests)


@check("T301")
def counts_against_records(rows: OwnRows, records: Records) -> Iterator[Held]:
    """T301: published counts and those of the PVs, in rows that are the bureau's own."""
    for lines, own in rows:
        for name in _RECORD:
            yield look(lines.counted[name], records[name])  # a row of another bureau is told by its votes
            yield differ(lines.counted[name], records[name], own)


@check("T302")
def votes_against_machines(compared: OwnMachineVotes, universe: Universe, contests: Contests) -> Iterator[Held]:
    """T302: published votes by choice and those of the machines, for bureaux that have no PV."""
    for each in compared:
        yield from _votes(each, universe, contests)


@check("T302")
def counts_against_machines(compared: OwnMachineVotes, counts: MachineCountsByName) -> Iterator[Where]:
    """T302: published counts and those of the machines, for bureaux that have no PV, in rows that are their own."""
    for each in compared:
        for name, counted in counts.items():
            yield differ(each.lines.counted[name], counted, each.other < 0)


def _votes(compared: VotesOfFile, universe: Universe, contests: Contests) -> Iterator[Held]:
    """Votes by choice that differ. A row of another bureau is named as that, and two choices that are exchanged."""
    ours, theirs = compared.lines.votes.figures, compared.votes
    yield look(ours, theirs)
    exchanged = np.argwhere(compared.other >= 0).tolist()
    both = (ours, theirs) if exchanged else ()
    rows = [Figures("votes_in_all", total(each.values), each.places.first()) for each in both]
    for unit, poll in exchanged:
        bureau = str(universe.bureau[compared.other[unit, poll]])
        left, right = (side_of(each, unit, poll) for each in rows)
        note = msg(" They are the votes of bureau {other}.", other=bureau)
        yield one((unit, poll), left, right, field="votes", case="exchanged", note=note, other=bureau)

    differs = compared.differs()
    for unit, poll, choice, other in exchanged_pairs(differs, ours.values, theirs.values):
        differs[unit, poll] = False
        label, name = (contests.label(unit, poll, each) for each in (choice, other))
        note = msg(" “{name}” has the other one: an exchange.", name=name)
        left, right = (side_of(each, unit, poll, choice) for each in (ours, theirs))
        yield one((unit, poll), left, right, field=label, case="exchanged", note=note, other=name)
    for unit, poll, choice in np.argwhere(differs).tolist():
        left, right = (side_of(each, unit, poll, choice) for each in (ours, theirs))
        yield one((unit, poll), left, right, field=contests.label(unit, poll, choice))


@check("T313")
def published_signatures(stated: PublishedSignatures, counted: CountedSignatures) -> Iterator[Where]:
    """T313: signatures as published, and as the sign-in list or the PV has them."""
    for signed in stated:
        yield differ(signed, counted)


@check(
    "T306",
    "T307",
    "T308",
    "T310",
    "T320",
    "T321",
    "T322",
    "T323",
    "T303",
    "T304",
    "T305",
    "C110",
    "C120",
    "C121",
    "C125",
)
def published_flaws(tables: TableFlaws) -> Iterator[Held]:
    """T306, T307, T308, T310, T320, T321, T322, T323: what a published file shows by itself, at whatever level it is.

    T303, T304 and T305 as well where it has several levels, as a feed; C110 and C125 of its rows of totals; C120 and
    C121 of what it leaves blank.
    """
    from verify.read.published.sums import SUMS

    for each in tables:
        for code, figures in each.looked_at.items():
            yield look_at_tables(code, figures, *([each.table] if code in SUMS.values() else []))
        for flaw in each.flaws:
            yield _of_flaw(each, flaw)


@check("T306")
def sums_of_rows(files: Published) -> Iterator[Looked]:
    """T306: the figures of bureaux that rows of published files have beside others which they have to add up to."""
    for lines in files:
        counted = lines.counted
        found, blank, null, valid = (counted[name] for name in _RECORD)
        yield look(found, null, valid, blank) if blank.known.any() else look(found, null, valid)
        yield look(found, counted["registered"], counted["abstentions"])
        yield look(lines.votes.figures, among=(valid.known & (lines.votes.strange_rows == 0))[:, :, None])


def _of_flaw(shown: FlawsOfTable, flaw: published.Flaw) -> One:
    table = shown.table
    if flaw.unit < 0:
        place, at = flaw.place, Named(flaw.department)
        level = Level.DEPARTMENT.value if flaw.department else "file"
    else:
        place, level = table.place(flaw.unit), table.level.value
        insee = next(
            filter(None, (str(each[flaw.unit]) for each in (table.insee, table.department, table.commune))), ""
        )
        at = Named(insee, str(shown.bureau[flaw.unit]), shown.poll)
    own = "share" if flaw.code == "T307" else ""
    made = own or BY_THE_OTHERS
    due = percentage(flaw.right) if own and isinstance(flaw.right, str) else flaw.right
    left = Side(place, flaw.left, own, EvidenceKind.PUBLISHED)
    right = Side(flaw.against or place, due, own if flaw.against else made, EvidenceKind.PUBLISHED)
    return one(at, left, right, field=flaw.field, code=flaw.code, case=flaw.case, level=level, **flaw.details)


@check("T310")
def choices_not_published(
    lines: Published, tables: TableFlaws, contests: OfficialChoices, universe: Universe, polls: Polls
) -> Iterator[One]:
    """T310: choices of the préfecture's list that a row lacks, though it has most of them and other rows have all.

    In files of which so many rows lack a choice that by itself it cannot tell them from rows of another contest.
    """
    sizes = contests.sizes()
    tell = [each.table for each in tables if any(flaw.code == "T310" for flaw in each.flaws)]
    for each in lines:
        there = each.votes.values != MISSING
        inside = np.arange(there.shape[2]) < sizes[:, :, None]
        lacking = (inside & ~there & each.counted.present[:, :, None]).any()
        if not lacking or any(table is each.published for table in tell):
            continue
        somewhere = np.zeros((len(contests.contests) + 1, there.shape[2]), np.bool_)
        np.logical_or.at(somewhere, contests.of, there)
        most = 2 * (there & inside).sum(axis=2) > sizes
        lacks = inside & ~there & somewhere[contests.of] & most[:, :, None]
        for unit, poll, choice in np.argwhere(lacks).tolist():
            left = side_at(each.counted["registered"], unit, poll, value=None, quantity=Quantity.VOTES)
            number = polls[poll] if len(polls) > 1 else 0
            at = Named(str(universe.insee[unit]), str(universe.bureau[unit]), number)
            label = contests.label(unit, poll, choice)
            yield one(at, left, contests.side(None), field=label, level=each.published.level.value)


@check("T312")
def published_of_no_poll(files: OfNoPoll, contests: Contests) -> Iterator[Held]:
    """T312: of several polls of the day, a published file is of none: it names no choice of any."""
    yield look_at_tables("", len(files))
    for each in files:
        yield _of_no_poll(each.file, each.labels, contests, _NOT_COMPARED)


@check("T312")
def choices_of_no_poll(lines: Published, contests: Contests) -> Iterator[Held]:
    """T312: choices of published results that the contests of their bureaux do not have."""
    for each in lines:
        yield look(each.votes.figures)
        unknown = dict.fromkeys(
            label
            for unit, poll, label, *_ in each.votes.unknown
            if contests.of[unit, poll] >= 0 and not contests.is_gone(unit, poll, label)
        )
        if unknown:
            known = bool((each.votes.values >= 0).any())
            note = _THESE_NOT_COMPARED if known else _VOTES_NOT_COMPARED
            yield _of_no_poll(each.published.file, tuple(unknown), contests, note, "some" if known else "")
        if called := each.published.called:
            pairs = series(
                msg("{label} for {choice}", label=cited(was), choice=cited(name)) for name, was in called.items()
            )
            note = msg("They are taken for those with the same votes in most bureaux: {pairs}.", pairs=pairs)
            yield _of_no_poll(each.published.file, tuple(called.values()), contests, note, "some")


_NOT_COMPARED = msg("The file is not compared with anything.")
_VOTES_NOT_COMPARED = msg("Its votes by choice are compared with nothing.")
_THESE_NOT_COMPARED = msg("The votes for these are compared with nothing.")


def _of_no_poll(file: str, labels: tuple[str, ...], contests: Contests, note: Text, case: str = "") -> One:
    choices = dict.fromkeys(choice for contest in contests.contests for choice in contest.choices)
    left, right = (first_of(names, _NAMED, msg("; ")) if names else None for names in (labels, tuple(choices)))
    sides = (
        Side(file, left, "choices", EvidenceKind.PUBLISHED),
        contests.side(right) if choices else Side(file, _NAME_IT),
    )
    return one(Named(), *sides, field="scrutin", case=case, note=note)


_NAME_IT = msg("not known: the name of the file has to say its poll, as “scrutin 2”")


_NOT_NAMED = msg("one that is not named, with other figures")


@check("T324")
def results_of_other_elections(others: OtherElections) -> Iterator[Held]:
    """T324: published results that are of another election than the night's, or of another round."""
    yield look_at_tables("", len(others))
    for other in others:
        rows: dict[str, int] = {}
        for table in other.evidence.tables:
            rows[table.file] = rows.get(table.file, 0) + len(table.row)
        for file, count in rows.items():
            stated = other.stated.text if other.stated.known else _NOT_NAMED
            left, right = Side(file, stated, piece=EvidenceKind.PUBLISHED), Side("", other.of_night.text)
            yield one(Named(), left, right, field="election", case="beside" if other.beside else "", rows=count)


@check("T303", "T304", "T305", "T309", "T311")
def published_against_published(compared: TablesCompared) -> Iterator[Held]:
    """T303, T304, T305, T309, T311: two published files of one contest, of two levels, or two editions of one.

    A place of which the finer file has a part only is named once, by its registered voters.
    """
    from verify.read.published.comparison import counted_twice, parts_only
    from verify.read.published.sums import RANK, SUMS

    for each in compared:
        left, right, level = each.left, each.right, each.level
        code = "T309" if left.level is right.level else SUMS[level]
        yield look_at_tables(code, each.figures, left, right)
        yield look_at_tables("T311", each.figures if left.level is not right.level else 0)
        parts = parts_only(each.differences, RANK[right.level] - RANK[left.level]) - each.whole
        parts -= counted_twice(each.differences, min(left, right, key=lambda table: RANK[table.level]), parts)
        for difference, bureau in zip(each.differences, each.bureau.tolist(), strict=True):
            if difference.place in parts and difference.field != "registered":
                continue
            insee = difference.place.partition("/")[0]
            yield one(
                Named(insee if level in (Level.BUREAU, Level.COMMUNE) else difference.place, bureau, each.poll),
                _side(left, difference.left_row, difference.left),
                _side(right, difference.right_row, difference.right),
                field=difference.field,
                code="T311" if difference.place in parts else code,
                level=level.value,
            )


def _side(table: published.Published, row: int, value: int) -> Side:
    source = f"{table.file}:{row}" if row >= 0 else f"{table.file} (Σ)"
    return Side(source, value, piece=EvidenceKind.PUBLISHED)


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
        contest = (
            contests.of[each.unit[rows], each.poll[rows]] if column >= FIRST_CHOICE else np.zeros(len(rows), np.int64)
        )
        for number in np.unique(contest).tolist():
            at = each.unit[rows[contest == number]], each.poll[rows[contest == number]]
            left, right = (_step_side(document.figures[column], at) for document in (each.now, each.before))
            details = {"before": each.before.label, **_step(each.now, column)}
            yield Where(*at, left, right, _field(each.now, contests, number, column), code, case, details)


def _step(now: WayDocument, column: int) -> dict[str, Text]:
    """Details of every finding on a figure of a step: the step for people, and marks of its step and column."""
    return {"step": now.label, "etape": "" if now.step is None else now.step.value, "colonne": str(column)}


def _field(document: WayDocument, contests: Contests, contest: int, column: int) -> str:
    """The name of a column: for votes of a listed contest that of the choice."""
    if column >= FIRST_CHOICE and contests.official and contest >= 0:
        choices = contests.contests[contest].choices
        if column - FIRST_CHOICE < len(choices):
            return choices[column - FIRST_CHOICE]
    return document.figures[column].name


def _step_side(figures: Figures, at: tuple[Ints, Ints]) -> SideColumn:
    return SideColumn(figures.values[at], figures.places, at, quantity_of(figures.name))


_STATED = {Change.RECORDED: ("T331", "before"), Change.STALE: ("T333", "after")}


@check("T331", "T333")
def corrected_by_document(steps: StepChanges, stated: StatedCorrections, contests: Contests) -> Iterator[Held]:
    """T331, T333: figures that a step has otherwise, and a document says so; or that one had corrected before."""
    for change, (code, quantity) in _STATED.items():
        values = getattr(stated, quantity)
        yield look_at_tables(code, len(stated.unit))
        for each in steps:
            for at in np.flatnonzero(each.are(change)).tolist():
                unit, poll, column, row = (int(axis[at]) for axis in (each.unit, each.poll, each.column, each.said))
                left = side_of(each.now.figures[column], unit, poll)
                right = Side(stated.place(row), int(values[row]), quantity, EvidenceKind.WAY_UP)
                field = _field(each.now, contests, int(contests.of[unit, poll]), column)
                details: Details = {**_step(each.now, column)}
                if change is Change.RECORDED:
                    details["document"] = str(stated.document[row]) or stated.file
                yield One((unit, poll), left, right, field, code, "", "", details)


@check("T336")
def of_another_bureau(steps: StepChanges, universe: Universe) -> Iterator[Held]:
    """T336: a row of a step that is another bureau's, in all its figures."""
    column = VOTERS.index(Quantity.VOTES_FOUND)
    for each in steps:
        yield look_at_tables("", int((each.now.present & each.before.present).sum()))
        rows = np.flatnonzero(each.are(Change.OF_ANOTHER))
        _, first = np.unique(np.stack([each.unit[rows], each.poll[rows]]), axis=1, return_index=True)
        for at in np.sort(rows[first]).tolist():
            unit, poll = int(each.unit[at]), int(each.poll[at])
            left, right = (_shown(document.figures[column], unit, poll) for document in (each.now, each.before))
            other = str(universe.bureau[each.other[at]])
            details: Details = {"before": each.before.label, "other": other, **_step(each.now, column)}
            yield One((unit, poll), left, right, Quantity.VOTES_FOUND.value, "", "", "", details)


def _shown(figures: Figures, unit: int, poll: int) -> Side:
    value = int(figures.values[unit, poll])
    return side_at(figures, unit, poll, value=value if value >= 0 else None, quantity=figures.name)


@check("T335")
def lost_on_the_way(steps: StepChanges) -> Iterator[Where]:
    """T335: bureaux that a step lacks, and the document that it copies has."""
    for each in steps:
        figures = each.before.figures[_REGISTERED]
        details = {"before": each.before.label, **_step(each.now, _REGISTERED)}
        yield replace(where(each.lost, figures, figures), details=details)


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
        values: Details = {"step": each.label, "etape": each.step, "other": "", "fields": each.fields}
        case = ""
        if each.unit >= 0:
            other = f"{universe.insee[each.unit]} {universe.bureau[each.unit]}".strip()
            lacks = msg(" Bureau {other} has just the figures that it lacks.", other=other)
            twice = msg(" Bureau {other} has just the figures that it has too many: it is there twice.", other=other)
            case = "twice" if each.twice else "lacks"
            values |= {"other": other, "note": twice if each.twice else lacks}
        field = VOTERS[each.column].value if each.column < FIRST_CHOICE else f"voix_{each.column - FIRST_CHOICE + 1}"
        left, right = (
            Side(source, value, quantity_of(field), piece)
            for source, value, piece in (
                (each.place, each.stated, each.piece),
                (each.against, each.summed, each.parts),
            )
        )
        yield One(_named(each.insee, each.poll, polls), left, right, field, "", case, each.level.value, values)


@check("T337")
def totals_against_bureaux(totals: WrongTotals, polls: Polls, contests: Contests) -> Iterator[Held]:
    """T337: the published figures of a place are not the sum of its bureaux' own documents."""
    yield look_at_tables("", totals.compared, *totals.tables)
    for each in totals.wrong:
        choices = next((contest.choices for contest in contests.contests if contest.poll == polls[each.poll]), ())
        field = VOTERS[each.column].value if each.column < FIRST_CHOICE else choices[each.column - FIRST_CHOICE]
        left = Side(each.place, each.stated, quantity_of(field), each.piece)
        right = Side(each.against, each.summed, quantity_of(field), each.parts)
        at = _named(each.insee, each.poll, polls)
        yield one(at, left, right, field=field, level=each.level.value, of=each.label, fields=each.fields)


def _named(insee: str, poll: int, polls: Sequence[int]) -> Named:
    """A commune or another place, in the poll of an index where the day has several."""
    return Named(insee, "", polls[poll] if len(polls) > 1 else 0)


@check("C126")
def steps_missing(way: WayUp) -> Iterator[One]:
    """C126: documents of the way that there are not, where there are others."""
    if way.missing:
        yield one(Named(), Side(" + ".join(way.missing), None, piece=EvidenceKind.WAY_UP), Side("", None), field="-")
