"""C: is everything there, against the official list and never against the dumps; and the lists by themselves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from protocol import civil_time, night
from protocol.evidence_kinds import EvidenceKind
from protocol.export.terms import TIMES
from protocol.night import ELECTION, EXPORTS
from protocol.words import Text, msg, series
from verify.columns.lacking import Lack
from verify.columns.needs import (
    BlankCounts,
    ChoicesLacking,
    Complete,
    Contests,
    ContradictedTotals,
    Covered,
    DayFrom,
    Election,
    Exports,
    ExportsByPoll,
    Lacks,
    Machines,
    MachinesOnPaper,
    NotTheRecord,
    OfficialChoices,
    OfficialList,
    OtherCodes,
    OtherPolls,
    PaperPart,
    PartsAlike,
    Polls,
    Records,
    SomeVotes,
    Strays,
    Universe,
    UnknownExports,
    UnplacedBureaux,
    VotesByChoice,
    VotesLacking,
)
from verify.model.checks import check
from verify.model.evidence import NO_POLL, LinedVotes
from verify.model.figures import BLANK, MISSING, SUMMED, UNREADABLE, Figures, clock
from verify.model.findings import shown_source
from verify.model.labels import field_label
from verify.model.rule_results import Named, One, Side, Where, look, named, one, side_at, side_of, where
from verify.read.totals import name_of_total, names_total

_LACKING = {
    EvidenceKind.EXPORTS: "C101",
    EvidenceKind.SIGNATURES: "C105",
    EvidenceKind.RECORDS: "C106",
    EvidenceKind.PUBLISHED: "C107",
    EvidenceKind.URNS: "C113",
}
_STANDS = {BLANK: msg("left blank"), UNREADABLE: msg("not a number")}


@check(*_LACKING.values())
def absences(lacks: Lacks, universe: Universe) -> Iterator[One]:
    """C101, C105, C106, C107, C113: a bureau has no export, sign-in count, PV, published row or module image.

    Of a machine bureau there should be an export and an image for each machine that the sealing record names. It is an
    error only where the kind of evidence should be complete. A sign-in list that leaves its count blank is cited.
    """
    for lack in lacks:
        case, is_urn = "" if lack.complete else "incomplete", lack.kind is EvidenceKind.URNS
        none = Side(lack.source, None, piece=lack.kind.piece if lack.source else None)
        for unit, poll in np.argwhere(lack.missing).tolist():
            left = universe.side(unit, str(universe.bureau[unit]), "bureau")
            at = unit, -1 if is_urn and lack.missing.shape[1] > 1 else poll  # an urn holds all polls
            found = one(at, left, none, field=lack.kind, code=_LACKING[lack.kind], case=case)
            yield _with_state(found, lack, unit, poll) if lack.kind is EvidenceKind.SIGNATURES else found


def _with_state(found: One, lack: Lack, unit: int, poll: int) -> One:
    stands = None if lack.figures is None else _STANDS.get(int(lack.figures.values[unit, poll]))
    if lack.figures is None or stands is None:
        return replace(found, details={"state": msg("not given")})
    cell = side_of(lack.figures, unit, poll)
    state = msg("{state} ({place})", state=stands, place=shown_source(cell.source))
    return replace(found, right=cell, details={"state": state})


@check("C102")
def exports_unknown(unknown: UnknownExports, exports: Exports, universe: Universe, polls: Polls) -> Iterator[One]:
    """C102: an export names a bureau that is not on the list."""
    for each in unknown:
        left = exports.side(each.record, f"{each.insee} {each.bureau}")
        at = Named(each.insee, each.bureau, int(exports.columns["poll"][each.record]) if len(polls) > 1 else 0)
        yield one(at, left, universe.side_of_all(each.nearest), field="bureau")


@check("C103", "C104")
def exports_repeated(exports: Exports) -> Iterator[One]:
    """C103, C104: a second export of the same bureau, poll and part; different, or the same.

    Where only the time of the export differs, the urn was exported twice: that is no error.
    """
    for record in np.flatnonzero(exports.repeated >= 0).tolist():
        first, at = int(exports.repeated[record]), exports.at(record)
        differing = _differing(exports.columns[first], exports.columns[record])
        if not differing:
            cast = int(exports.columns["cast"][first])
            yield one(at, exports.side(first, cast), exports.side(record, cast), field="cast", code="C104")
            continue
        field, *values = differing[0]
        left, right = exports.side(first, values[0]), exports.side(record, values[1])
        case = "again" if [name for name, *_ in differing] == ["export"] else ""
        yield one(at, left, right, field=field, code="C103", case=case, fields=len(differing))


_COUNTED = ("cast", "blank", "tallies", "voters", "enablings", "cancellations", "zero_sum", "registered")
"""Counts first: what two exports of a bureau differ in is shown in this order, then texts, digests and times."""


def _differing(one: np.void, other: np.void) -> list[tuple[str, int | Text | None, int | Text | None]]:
    """The fields in which two exports differ, and both values as findings show them."""
    found: list[tuple[str, int | Text | None, int | Text | None]] = []
    derived = ("tally_sum", "reserved_zero", "insee", "bureau", "poll", "part", "election", "date", "round")
    rest = [name for name in one.dtype.names or () if name not in (*_COUNTED, *derived)]
    for name in (*_COUNTED, *rest, "reserved_zero"):
        if name == "tallies":
            places = np.flatnonzero(one[name] != other[name])[:1].tolist()
            found += [("votes", int(one[name][at]), int(other[name][at])) for at in places]
        elif one[name] != other[name]:
            found.append((name.removesuffix("_zero"), _value(name, one[name]), _value(name, other[name])))
    return found


def _value(name: str, value: np.generic) -> int | Text | None:
    if name in TIMES:
        return civil_time.text(int(value)) if int(value) >= 0 else None
    if isinstance(value, np.bool_):
        return "00" if value else "≠ 00"
    if isinstance(value, np.bytes_):
        return value.decode("ascii") or None
    return value.tobytes().hex()[:16] if isinstance(value, np.void) else int(value)


@check("C109")
def serials_repeated(exports: Exports, universe: Universe) -> Iterator[One]:
    """C109: one machine or module serial in the exports of two bureaux."""
    used = np.flatnonzero(exports.used)
    for name in ("machine_serial", "module_serial"):
        serials = exports.columns[name]
        rows = used[np.lexsort((exports.unit[used], serials[used]))]
        same = (serials[rows[1:]] == serials[rows[:-1]]) & (serials[rows[1:]] != b"")
        for pair in np.flatnonzero(same & (exports.unit[rows[1:]] != exports.unit[rows[:-1]])).tolist():
            first, second = rows[pair : pair + 2].tolist()
            sides = (exports.side(row, str(universe.key[exports.unit[row]])) for row in (first, second))
            serial = serials[second].decode("ascii")
            yield one(exports.at(second, 0), *sides, field=name, serial=serial)


@check("C110")
def totals_taken_for_bureaux(strays: Strays, universe: Universe) -> Iterator[One]:
    """C110: a row that names no bureau but a total."""
    names = universe.commune_names() if strays else {}
    for stray in {stray.place: stray for stray in strays}.values():  # in a table of votes as well: once
        if stray.is_total:
            of: Text = ""
            if names_total(stray.insee):
                same = stray.insee.casefold() == stray.bureau.casefold()
                named = stray.bureau if same else " ".join(filter(None, (stray.insee, stray.bureau)))
            else:
                named, name = stray.bureau, names.get(stray.insee, "")
                commune = f"{name} ({stray.insee})" if name and name != stray.insee else stray.insee
                of = msg(", commune {commune}", commune=commune) if commune else ""
            yield one(
                Named(),
                Side(stray.place, name_of_total(named), piece=stray.kind.piece),
                universe.side_of_all(None),
                field="bureau",
                of=of,
            )


@check("C125")
def totals_contradicted(totals: ContradictedTotals) -> Iterator[One]:
    """C125: a total that is not the sum of its bureaux; published results show it by themselves."""
    for each in totals:
        left, right = (
            Side(source, value, piece=each.piece)
            for source, value in ((each.place, each.stated), (f"{each.files}{SUMMED}", each.summed))
        )
        yield one(Named(), left, right, field=each.field, sum=each.text)


@check("C108")
def rows_unknown(strays: Strays, universe: OfficialList) -> Iterator[One]:
    """C108: a row of a sign-in sheet, a PV or a published file names a bureau, no total, that is not on the list.

    The finding is filed under the bureau that the row probably means.
    """
    for stray in strays:
        if not stray.is_total:
            at = Named(stray.insee, stray.nearest or stray.bureau, stray.poll)
            named = f"{stray.insee} {stray.bureau}".strip()
            yield one(
                at,
                Side(stray.place, named, piece=stray.kind.piece),
                universe.side_of_all(stray.nearest),
                field="bureau",
            )


@check("C128")
def communes_under_other_codes(communes: OtherCodes, universe: Universe) -> Iterator[One]:
    """C128: a piece has a commune under another code than the others, with the same bureaux and figures."""
    names = universe.commune_names()
    for each in communes:
        name = names.get(each.right, "")
        commune = f"{name} ({each.right})" if name else each.right
        left, right = Side(each.file, each.code, piece=each.piece), Side(each.against, commune, piece=each.of)
        yield one(Named(each.right), left, right, field="insee", level="commune", bureaux=each.bureaux)


@check("C111")
def coverage(covered: Covered, universe: Universe) -> Iterator[One]:
    """C111: how many bureaux each kind of evidence covers. Always reported."""
    for kind, (there, of, source) in covered.items():
        yield one(
            Named(),
            Side(source, there, "bureaux", EvidenceKind.named(kind.partition(" ")[0]).piece if source else None),
            universe.side_of_all(of, "bureaux"),
            field=kind,
        )


@check("C112")
def parts_of_the_day(machines: Machines, records: Records, paper: PaperPart, apart: NotTheRecord) -> Where:
    """C112: a bureau with several modules, or with a paper part: the parts do not add up to its PV."""
    places = machines.cast.places
    made = Figures("votes_found in all", machines.cast.values + paper, places)
    parts, on_paper = Figures("parts", machines.parts, places), Figures("paper", paper, places)
    looked = look(records["votes_found"], machines.cast, among=(machines.parts > 1) | (paper > 0))
    return where(apart, records["votes_found"], made, looked=looked, parts=parts, paper=on_paper)


@check("C124")
def parts_alike(exports: Exports, pairs: PartsAlike) -> Iterator[One]:
    """C124: two parts of a bureau's day have the same votes for every choice: one export was made from the other."""
    for pair in pairs:
        first, second = (exports.side(record, int(exports.columns["cast"][record])) for record in pair)
        serials = [exports.columns["machine_serial"][record].decode("ascii", "replace") for record in pair]
        yield one(exports.at(pair[0]), first, second, field="cast", first=serials[0], second=serials[1])


_MOST_NAMED = 6
"""Choices that a finding names."""
_CHOICES = msg("choices of this bureau")
_BUREAUX = msg("bureaux for this choice")


@check("C120")
def counts_blank(tables: BlankCounts, universe: Universe) -> Iterator[One]:
    """C120: a row leaves counts blank that others of its table have; null votes may be, as a machine takes none."""
    for table in tables:
        for unit, poll in np.argwhere(np.any(list(table.blank.values()), axis=0)).tolist():
            names = [name for name, blank in table.blank.items() if blank[unit, poll]]
            yield one(
                (unit, poll),
                side_at(table.counted[names[0]], unit, poll, value=None),
                universe.side_of_all(str(universe.bureau[unit]), "bureau"),
                field=names[0],
                case="" if table.complete else "incomplete",
                columns=series(map(field_label, names)),
            )


@check("C121")
def columns_empty(tables: BlankCounts) -> Iterator[One]:
    """C121: a column of counts is blank in every row of a table."""
    for table in tables:
        for name in table.empty:
            shown = (table.counted[name].places.files or (table.kind.file,))[0].rstrip(":")
            sides = (Side(shown, rows, "rows", table.kind) for rows in (0, int(table.counted.present.sum())))
            yield one(Named(), *sides, field=name, case="" if table.complete else "incomplete")


@check("C118")
def choices_missing(
    votes: VotesByChoice, lacking: ChoicesLacking, present: SomeVotes, contests: Contests, complete: Complete
) -> Iterator[One]:
    """C118: some choices of a bureau have no votes where its others have; or a choice has none in any bureau."""
    if not lacking.any():
        return
    case, lacks = "" if "pv" in complete else "incomplete", lacking.copy()
    for index, contest in enumerate(contests.contests):
        here = (contests.of == index) & present
        everywhere = lacks[here].all(axis=0) if int(here.sum()) > 1 else np.zeros(lacks.shape[2], np.bool_)
        for choice in np.flatnonzero(everywhere).tolist():
            name, sides = contest.choices[choice], (_none_of(votes), contests.side(int(here.sum()), "bureaux"))
            yield one(Named(poll=contest.poll), *sides, field=name, case=case, what=_BUREAUX, names=name)
        lacks[here] &= ~everywhere
    first, sizes = votes.places.first(), contests.sizes()
    for unit, poll in np.argwhere(lacks.any(axis=2)).tolist():
        names = [contests.label(unit, poll, choice) for choice in np.flatnonzero(lacks[unit, poll]).tolist()]
        size, further = int(sizes[unit, poll]), ", …" * (len(names) > _MOST_NAMED)
        left = Side(first.text(unit, poll), size - len(names), "number of choices", first.piece(unit, poll))
        sides = left, contests.side(size, "number of choices")
        listed = ", ".join(names[:_MOST_NAMED]) + further
        yield one((unit, poll), *sides, field=names[0], case=case, what=_CHOICES, names=listed)


@check("C119")
def votes_missing(votes: VotesByChoice, missing: VotesLacking, records: Records, complete: Complete) -> Iterator[One]:
    """C119: a bureau has a PV, and no votes in a table that has those of others; one finding where none has any."""
    case, places, left = "" if "pv" in complete else "incomplete", records["votes_found"].places, _none_of(votes)
    if missing.any() and not (votes.values != MISSING).any():
        right = Side(places.files[0].rstrip(":"), int(missing.sum()), "bureaux", EvidenceKind.RECORDS)
        yield one(Named(), left, right, field="votes", case=case)
        return
    for unit, poll in np.argwhere(missing).tolist():
        yield one(
            (unit, poll),
            left,
            Side(places.text(unit, poll), 1, "bureaux", EvidenceKind.RECORDS),
            field="votes",
            case=case,
        )


def _none_of(votes: LinedVotes) -> Side:
    file = (votes.places.files or (night.VOTES.file,))[0].rstrip(":")
    return Side(file, 0, "bureaux", EvidenceKind.RECORDS)


_TAKEN = msg("one is taken for the other")
_UNCHECKED = msg("the votes of these bureaux have not been checked")


@check("C114")
def constituencies_unknown(unplaced: UnplacedBureaux, contests: Contests, universe: Universe) -> Iterator[One]:
    """C114: bureaux vote in a constituency that the list of choices lacks. One finding a constituency."""
    for each in unplaced:
        source = universe.constituencies_from or (universe.place(each.unit) if each.unit >= 0 else universe.source)
        yield one(
            Named(poll=each.poll),
            Side(source, each.constituency or None, piece=universe.side_of_all(None).piece),
            contests.side(each.meant or None),
            field="circonscription",
            case="taken" if each.taken else "",
            bureaux=each.bureaux,
            note=_TAKEN if each.taken else _UNCHECKED,
        )


@check("C116")
def polls_unknown(other: OtherPolls, exports: ExportsByPoll, source: DayFrom, polls: Polls) -> Iterator[One]:
    """C116: tables name a poll that the day does not have. One finding for each number, whatever names it."""
    for number in sorted({each.poll for each in other} - {NO_POLL}):
        named = [each for each in other if each.poll == number]
        rows = [f"{each.file} ({each.rows})" for each in named]
        rows += [f"{EXPORTS} ({exports[number]})"] if exports[number] else []
        sides = Side(named[0].place, str(number), piece=named[0].kind.piece), Side(source, ", ".join(map(str, polls)))
        yield one(Named(poll=number), *sides, field="scrutin", rows=", ".join(rows))


@check("C117")
def machines_on_paper(left: MachinesOnPaper, universe: Universe) -> Iterator[One]:
    """C117: the list says that a bureau votes on paper, and a machine left an export, an image, or a number for it."""
    for unit, side in left.items():
        yield one((unit, -1), side, universe.side(unit, "papier"), field="machine")


@check("C122")
def panels_doubled(contests: OfficialChoices) -> Iterator[One]:
    """C122: the list of choices has two choices with one panel number, or one choice twice."""
    for each in contests.doubled:
        left, right = (Side(*side, piece=contests.piece) for side in zip(each.places, each.choices, strict=True))
        field = "choix" if left.value == right.value else "panneau"
        yield one(Named(poll=each.poll), left, right, field=field, panel=each.panel)


@check("C123")
def legal_hours_reversed(election: Election, universe: Universe) -> Iterator[One]:
    """C123: by the election's own hours every bureau closes before it opens."""
    if "" < election.closing <= election.opening:
        opening, closing = Side(ELECTION, election.opening), Side(ELECTION, election.closing)
        yield _hours(opening, closing, len(universe))


@check("C123")
def hours_reversed(universe: Universe) -> Iterator[One]:
    """C123: by the list a bureau closes before it opens. One finding for each pair of hours."""
    wrong = (universe.opening >= 0) & (universe.closing >= 0) & (universe.opening >= universe.closing)
    pairs = np.unique(np.stack([universe.opening[wrong], universe.closing[wrong]]), axis=1)
    for opening, closing in pairs.T.tolist():
        units = np.flatnonzero(wrong & (universe.opening == opening) & (universe.closing == closing))
        first, last = (universe.side(int(units[0]), clock(hour)) for hour in (opening, closing))
        yield _hours(first, last, len(units))


def _hours(opening: Side, closing: Side, bureaux: int) -> One:
    return one(Named(), named(opening, "ouverture"), closing, field="cloture", bureaux=bureaux)
