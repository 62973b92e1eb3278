"""R: do machine, sign-in list and PV agree, with themselves and each other, and how they came to differ.

Sign-in is done by hand: a gap says that two counts differ, not why.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np

from protocol.quantities import Quantity
from protocol.words import Message, Text, msg
from verify.align.shifted import LEFT, RIGHT
from verify.columns.machine_votes import exchanged_pairs
from verify.columns.needs import (
    AllByMachine,
    BesideTabulation,
    BookedAsNull,
    ComparedRegistered,
    Contests,
    CountedSignatures,
    CountsOfAnother,
    CountsOfDocuments,
    CountsOfVoters,
    Exports,
    Gap,
    GapSettled,
    Limits,
    MachineGap,
    Machines,
    MachineVotes,
    Mentioned,
    OtherRegistered,
    PaperPart,
    Polls,
    Proxies,
    Recorded,
    Records,
    RegisteredVoters,
    Shifted,
    Signatures,
    SignaturesOfAnother,
    SignInLists,
    TabulatedVotes,
    Tabulation,
    TwoVersions,
    Universe,
    VotesByChoice,
    VotesDiffer,
    VotesFound,
    VotesOfAnother,
    VotesShifted,
    WholeDay,
    WrongShares,
)
from verify.model.checks import check
from verify.model.evidence import LinedVotes
from verify.model.figures import BLANK, Bools, Figures, Ints, Places, cells, clock, total
from verify.model.findings import Finding, Found
from verify.model.labels import field_label
from verify.model.rule_results import (
    NOTHING,
    Held,
    Named,
    One,
    Side,
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
from verify.model.universe import MACHINE


@check("R201")
def more_votes(signed: Signatures, found: VotesFound, gap: Gap) -> Where:
    """R201: more votes than signatures."""
    return where(gap.values > 0, signed, found, looked=look(signed, found), gap=gap)


@check("R202")
def fewer_votes(signed: Signatures, found: VotesFound, gap: Gap) -> Where:
    """R202: fewer votes than signatures."""
    return where(gap.values < 0, signed, found, looked=look(signed, found), gap=_size(gap))


@check("R204")
def unmentioned(signed: Signatures, found: VotesFound, gap: Gap, records: Records) -> Where:
    """R204: a gap that the PV at hand does not mention."""
    return where((gap.values != 0) & records.present & ~records.mentioned, signed, found, gap=_size(gap))


def _size(gap: Figures) -> Figures:
    return Figures(gap.name, np.abs(gap.values), gap.places)


@check("R203")
def more_signatures_than_registered(signed: Signatures, registered: RegisteredVoters) -> Where:
    """R203: more signatures than voters on the roll."""
    return where(signed.known & registered.known & (signed.values > registered.values), signed, registered)


@check("R205")
def signatures_in_record(records: Records, lists: SignInLists) -> Where:
    """R205: the PV and the sign-in list state different numbers of signatures."""
    return differ(records["signatures"], lists["signatures"])


@check("R206")
def votes_found_on_machine(records: Records, machines: Machines, paper: PaperPart) -> Where:
    """R206: votes found, in the PV and on the machine; of a day in parts C112 holds the sum against the PV."""
    return differ(records["votes_found"], machines.cast, (machines.parts == 1) & (paper == 0))


@check("R208")
def blanks_on_machine(records: Records, machines: Machines, paper: PaperPart) -> Where:
    """R208: blank votes, in the PV and on the machine."""
    return differ(records["blank"], machines.blank, paper == 0)


@check("R216")
def copied_from_signatures(
    records: Records, machines: Machines, whole: WholeDay, signed: CountedSignatures, paper: PaperPart
) -> Where:
    """R216: the PV has as many votes found as signatures, and the machine counted otherwise.

    Not where its blank votes are not the machine's either, nor where the difference stands among its null votes.
    """
    found, blank, null = records["votes_found"], records["blank"], records["null"]
    known = found.known & whole.known & signed.known
    copied = known & (found.values != whole.values) & (found.values == signed.values)
    same_blanks = ~(blank.known & machines.blank.known & (blank.values != machines.blank.values)) | (paper > 0)
    among_nulls = null.known & (null.values == signed.values - whole.values)
    return where(copied & same_blanks & ~among_nulls, found, whole)


@check("R212")
def choices_exchanged(
    votes: VotesByChoice, machine: MachineVotes, differs: VotesDiffer, contests: Contests
) -> Iterator[Held]:
    """R212: two choices have each other's votes in the PV."""
    yield look(votes.figures, Figures("votes", machine, votes.places), exact=False)
    for unit, poll, choice, other in exchanged_pairs(differs, votes.values, machine):
        ours, theirs = (side_of(votes.figures, unit, poll, each) for each in (choice, other))
        label, other_label = (contests.label(unit, poll, each) for each in (choice, other))
        yield one((unit, poll), ours, theirs, field=label, other=other_label)


@check("R207")
def votes_on_machine(
    votes: VotesByChoice,
    machines: Machines,
    machine: MachineVotes,
    differs: VotesDiffer,
    contests: Contests,
    paper: PaperPart,
) -> Iterator[Held]:
    """R207: votes by choice in the PV and on the machine."""
    on_machine = Figures("votes", machine, machines.cast.places.along(machine.shape[2]))
    yield look(votes.figures, on_machine, among=(paper == 0)[:, :, None])
    for unit, poll, choice in np.argwhere(differs).tolist():
        right = side_at(machines.cast, unit, poll, value=int(machine[unit, poll, choice]), quantity=Quantity.VOTES)
        label = contests.label(unit, poll, choice)
        yield one((unit, poll), side_of(votes.figures, unit, poll, choice), right, field=label)


@check("R209")
def nulls_on_machine(
    records: Records, by_machine: AllByMachine, gap: MachineGap, booked: BookedAsNull
) -> Iterator[Where]:
    """R209: null votes in the PV of a machine bureau, with the gap that they may stand for."""
    nulls, found = records["null"], records["votes_found"]
    wrong, gaps = by_machine & (nulls.values > 0), Figures("gap", gap, found.places)
    looked = look(nulls, among=by_machine)
    yield where(wrong & booked, nulls, found, case="booked", gap=gaps, looked=looked)
    yield where(wrong & ~booked, nulls, found, gap=gaps, looked=looked)


@check("R210")
def record_sums(records: Records, universe: Universe) -> Iterator[Held]:
    """R210: valid votes are votes found less blank and null ones; of these a machine has none."""
    valid, found, blank, null = (records[name] for name in ("valid", "votes_found", "blank", "null"))
    none = (null.values == BLANK) & (universe.counting == MACHINE)[:, None]
    null = Figures(null.name, np.where(none, 0, null.values), null.places)
    looked = look(valid, found, blank, null)
    rest = Figures("votes found less blank and null", found.values - blank.values - null.values, found.places)
    yield looked
    yield from _added_up(looked.at & (valid.values != rest.values), valid, rest, msg("votes found − blank − null"))


@check("R210")
def sums_of_choices(records: Records, votes: VotesByChoice, contests: Contests) -> Iterator[Held]:
    """R210: valid votes are the sum of the votes for each choice, where every choice of the contest has a count.

    Votes for a choice that is withdrawn, or of no known name, may be in the PV's sum as well.
    """
    valid = records["valid"]
    whole, wrong = _sums_of_votes(valid, votes, contests)
    yield look(valid, among=whole)
    yield look(votes.figures, among=whole[:, :, None])
    made = Figures("votes_in_all", total(votes.values), votes.places.first() if wrong.any() else valid.places)
    yield from _added_up(wrong, valid, made, msg("sum of the votes"))


def _sums_of_votes(valid: Figures, votes: LinedVotes, contests: Contests) -> tuple[Bools, Bools]:
    """Find bureaux with the valid votes and those of every choice, and those of them in which they do not add up."""
    sizes, sums = contests.sizes(), total(votes.values)
    whole = valid.known & (sizes > 0) & ((votes.values >= 0).sum(axis=2) == sizes)
    return whole, whole & (sums != valid.values) & (sums + votes.strange_votes != valid.values)


def _added_up(mask: Bools, left: Figures, right: Figures, formula: Text) -> Iterator[Held]:
    yield where(mask & (right.values >= 0), left, right, sum=formula, looked=NOTHING)
    for unit, poll in cells(mask & (right.values < 0)):  # a sum below zero is no absence
        stated = side_of(left, unit, poll)
        made = side_at(right, unit, poll, value=str(right.values[unit, poll]), quantity=right.name)
        yield one((unit, poll), stated, made, field=left.name, sum=formula)


@check("R211")
def registered(listed: ComparedRegistered, others: OtherRegistered) -> Iterator[Where]:
    """R211: registered voters differ between the official list and another source; rolls do move between rounds.

    Without an official list they are compared with the first source that knows them.
    """
    for other in others:
        yield differ(listed, other)


@check("R211")
def registered_on_parts(listed: ComparedRegistered, exports: Exports) -> Iterator[Held]:
    """R211 for the parts of a bureau's day that another part does not speak for: modules are programmed one by one."""
    yield look(exports.counts.registered, listed, among=exports.counts.parts > 1)
    used = np.flatnonzero(exports.used)
    several = exports.counts.parts[exports.unit[used], exports.poll[used]] > 1
    for record in used[several].tolist():
        at = exports.at(record)
        value, due = int(exports.columns["registered"][record]), int(listed.values[at])
        if due >= 0 and value not in (due, int(exports.counts.registered.values[at])):
            yield one(at, side_at(listed, *at, value=due), exports.side(record, value), field="registered")


@check("R214")
def tabulated(tabulation: Tabulation, beside: BesideTabulation) -> Iterator[Where]:
    """R214: the commune's centralising record shows other figures for a bureau than its PV does, or what there is."""
    for figures in beside:
        yield differ(tabulation[figures.name], figures)


@check("R214")
def tabulated_choices(tabulated: TabulatedVotes, votes: VotesByChoice, contests: Contests) -> Iterator[Held]:
    """R214: the commune's centralising record shows other votes for a choice than the bureau's PV does."""
    left, right = tabulated.figures, votes.figures
    yield look(left, right)
    differs = left.known & right.known & (left.values != right.values)
    for unit, poll, choice in np.argwhere(differs).tolist():
        sides = (side_of(each, unit, poll, choice) for each in (left, right))
        yield one((unit, poll), *sides, field=contests.label(unit, poll, choice))


@check("R214")
def tabulated_sums(tabulation: Tabulation, recorded: Recorded) -> Where:
    """R214: the figures of a bureau without a PV do not add up in the commune's centralising record."""
    valid, found, blank, null = (tabulation[name] for name in ("valid", "votes_found", "blank", "null"))
    due = Figures("valid", found.values - blank.values - null.values, found.places)
    looked = look(valid, found, blank, null, among=~recorded)
    return where(looked.at & (valid.values != due.values) & (due.values >= 0), valid, due, looked=looked)


@check("R214")
def tabulated_votes(
    tabulation: Tabulation, votes: VotesByChoice, contests: Contests, recorded: Recorded
) -> Iterator[Held]:
    """R214: the votes by choice of a bureau without a PV do not make up the record's valid votes."""
    valid = tabulation["valid"]
    whole, wrong = (each & ~recorded for each in _sums_of_votes(valid, votes, contests))
    yield look(votes.figures, among=whole[:, :, None])
    made = Figures("votes", total(votes.values), votes.places.first())
    yield where(wrong, valid, made, looked=look(valid, among=whole))


@check("R215")
def blank_and_null(records: Records, machines: Machines) -> Where:
    """R215: a machine's blank votes stand among the nulls of the PV, and its blanks are none."""
    blank, null, machine = records["blank"], records["null"], machines.blank
    return where((machine.values > 0) & (null.values == machine.values) & (blank.values == 0), null, machine)


@check("R217")
def one_hand(counts: CountsOfDocuments, universe: Universe, limits: Limits) -> Iterator[Held]:
    """R217: both counts of a commune are from one file and equal in every bureau: not two independent counts."""
    signed, found = counts
    yield look(signed, found, exact=False)
    both = signed.known & found.known
    same = (signed.values == found.values) & signed.places.same_file(found.places)
    known, equal = both.any(axis=1), (~both | same).all(axis=1)
    communes, inverse = universe.insee[universe.communes], universe.commune_number
    bureaux = np.bincount(inverse, known, len(communes)).astype(np.int64)
    gaps = np.bincount(inverse, known & ~equal, len(communes)).astype(np.int64)
    for index in np.flatnonzero((bureaux >= limits.one_hand_bureaux) & (gaps == 0)).tolist():
        first = int(np.flatnonzero((inverse == index) & known)[0])
        poll = int(np.flatnonzero(signed.known[first])[0])
        left = side_at(signed, first, poll, value=int(bureaux[index]), quantity="bureaux")
        right = side_at(found, first, poll, value=0, quantity="gap")
        yield one(Named(str(communes[index])), left, right, field="signatures")


_TIME = msg("a time of day")


@check("R219")
def missing_times(records: Records) -> Iterator[Held]:
    """R219: the PV leaves the time of opening or of closing blank."""
    for name in ("ouverture", "cloture"):
        stated = records[name]
        yield look(stated, exact=False)
        for unit, poll in cells(stated.values == BLANK):
            left, right = (side_at(stated, unit, poll, value=value) for value in (None, _TIME))
            yield one((unit, poll), left, right, field=name)


@check("R225")
def times_reversed(records: Records) -> Iterator[Held]:
    """R225: by its PV a bureau closed before it opened."""
    opening, closing = records["ouverture"], records["cloture"]
    yield look(opening, closing, exact=False)
    for unit, poll in cells(opening.known & closing.known & (opening.values >= closing.values)):
        left, right = (
            side_at(each, unit, poll, value=clock(int(each.values[unit, poll])), quantity=each.name)
            for each in (opening, closing)
        )
        yield one((unit, poll), left, right, field="cloture")


@check("R227")
def wrong_shares(shares: WrongShares) -> Iterator[One]:
    """R227: a percentage in a table of bureaux is not the ratio of the counts beside it."""
    for each in shares:
        left = Side(each.place, each.written, "share", each.piece)
        right = replace(left, value=percentage(each.due))
        yield one(Named(each.insee, each.bureau), left, right, field=each.field, sum=each.text)


@check("R220")
def proxies(given: Proxies, signed: Signatures) -> Iterator[Where]:
    """R220: more proxies than signatures, by the first source that has more; a holder signs for each voter."""
    noted = np.zeros(signed.values.shape, np.bool_)
    for each in given:
        mask = each.known & signed.known & (each.values > signed.values) & ~noted
        noted |= mask
        yield where(mask, each, signed)


@check("R221")
def between_polls(counts: CountsOfVoters, recorded: Recorded, mentioned: Mentioned, polls: Polls) -> Iterator[Held]:
    """R221: signatures or votes of two polls of one day differ, without a remark in their PVs where these are there.

    Only of one count that differs while the other does not: where both differ, some voters took part in one poll only.
    Where the other one is not known that is said without the PVs alone, which is no more than information.
    """
    for at, figures in enumerate(counts):
        for poll in range(1, len(polls)):
            both = recorded[:, 0] & recorded[:, poll]
            known, differs = _apart(figures, poll)
            yield look_at_tables("", int(known.sum()))
            mask = known & differs & ~mentioned[:, 0] & ~mentioned[:, poll]
            for other in (*counts[:at], *counts[at + 1 :]):
                other_known, other_differs = _apart(other, poll)
                mask &= np.where(other_known, ~other_differs, ~both)
            mask &= ~both | (len(counts) > 1)
            for unit in np.flatnonzero(mask).tolist():
                yield one(
                    (unit, poll),
                    side_of(figures, unit, 0),
                    side_of(figures, unit, poll),
                    field=figures.name,
                    case="" if both[unit] else "unrecorded",
                    first=polls[0],
                    note=_SILENT if both[unit] else "",
                )


def _apart(figures: Figures, poll: int) -> tuple[Bools, Bools]:
    """Compare a count of the first poll with another's: known in both, and different; shape ``(units,)``."""
    known = figures.known[:, 0] & figures.known[:, poll]
    return known, np.asarray(figures.values[:, 0] != figures.values[:, poll], np.bool_)


_SILENT = msg(", of which no remark in the PVs speaks")


@check("R226")
def given_twice(twice: TwoVersions, contests: Contests) -> Iterator[Where | Held]:
    """R226: one bureau in two places, with other figures."""
    for each in twice:
        if each.first.name != Quantity.VOTES:
            yield differ(each.first, each.other)
            continue
        yield look_at_tables("", int((each.first.known & each.other.known).sum()))
        for unit, poll, choice in np.argwhere(each.differs).tolist():
            left, right = (side_of(figures, unit, poll, choice) for figures in (each.first, each.other))
            yield one((unit, poll), left, right, field=contests.label(unit, poll, choice))


@check("R218")
def votes_of_another(
    votes: VotesByChoice, machines: Machines, other: VotesOfAnother, universe: Universe
) -> Iterator[Held]:
    """R218: the PV of a bureau has the votes by choice of another bureau of its commune."""
    yield look(machines.cast, among=(votes.values >= 0).any(axis=2), exact=False)
    yield from _of_another(other, votes.places.first(), machines.cast.places, universe, "votes")


@check("R218")
def counts_of_another(
    records: Records, machines: Machines, other: CountsOfAnother, universe: Universe
) -> Iterator[Held]:
    """R218: the PV of a bureau has the votes found and the blank votes of another bureau of its commune."""
    yield look(records["votes_found"], machines.cast, exact=False)
    yield from _of_another(other, records["votes_found"].places, machines.cast.places, universe, "votes_found")


def _of_another(other: Ints, places: Places, machines: Places, universe: Universe, field: str) -> Iterator[One]:
    for unit, poll in np.argwhere(other >= 0).tolist():
        source = int(other[unit, poll])
        left = Side(places.text(unit, poll), str(universe.bureau[unit]), "bureau", places.piece(unit, poll))
        right = Side(machines.text(source, poll), str(universe.bureau[source]), "bureau", machines.piece(source, poll))
        yield one((unit, poll), left, right, field=field)


@check("R222")
def votes_shifted(
    votes: VotesByChoice, machines: Machines, machine: MachineVotes, steps: VotesShifted, contests: Contests
) -> Iterator[Held]:
    """R222: the votes of a PV are the machine's, shifted by a line."""
    yield look(votes.figures, Figures("votes", machine, votes.places), exact=False)
    for unit, poll in np.argwhere(steps != 0).tolist():
        left = side_of(votes.figures, unit, poll, 0)
        right = side_at(machines.cast, unit, poll, value=int(machine[unit, poll, 0]), quantity=Quantity.VOTES)
        first, step = contests.label(unit, poll, 0), f"{steps[unit, poll]:+d}"
        yield one((unit, poll), left, right, field=first, step=step)


@check("R223")
def exchanged_signatures(
    records: Records, lists: SignInLists, other: SignaturesOfAnother, settled: GapSettled, universe: Universe
) -> Iterator[Held]:
    """R223: the signatures of bureaux of a commune stand in one another's place, in the PVs or on the lists."""
    stated, listed = records["signatures"], lists["signatures"]
    yield look(stated, listed, exact=False)
    for unit, poll in cells(other >= 0):
        left = side_of(stated, unit, poll)
        right = side_of(listed, unit, poll)
        case = "settled" if settled[unit, poll] else ""
        source = str(universe.bureau[other[unit, poll]])
        yield one((unit, poll), left, right, field="signatures", case=case, other=source)


_BESIDE = {LEFT: "signatures", RIGHT: "blank"}
"""The column in which the votes found stand, by the way that the counts have moved."""
_WAYS = {LEFT: msg("to the left"), RIGHT: msg("to the right")}


@check("R224")
def shifted_columns(records: Records, shifted: Shifted) -> Iterator[Held]:
    """R224: the counts of a PV stand one column off."""
    found = records["votes_found"]
    yield look(found, exact=False)
    for unit, poll in cells(shifted != 0):
        way = int(shifted[unit, poll])
        beside = records[_BESIDE[way]]
        left = side_of(found, unit, poll)
        right = side_of(beside, unit, poll)
        column = field_label(beside.name)
        yield one((unit, poll), left, right, field="votes_found", way=_WAYS[way], column=column)


_BY_A_SLIP = np.array([by * digit * 10**place for by in (10, 9) for digit in range(1, 10) for place in range(16)])
"""By how much two counts differ of which a digit before the last is wrong, or two neighbouring ones are transposed."""
WRITTEN = frozenset(("R205", "R206", "R207", "R208", "T301"))
"""Rules whose two figures are one count written twice, so that a slip of the pen can be told."""


def slips(findings: Iterable[Found]) -> Iterator[One]:
    """R213: of two figures that should be one, digits are transposed, or one digit is wrong."""
    for found in findings:
        if found.code not in WRITTEN or found.case == "exchanged":
            continue
        if isinstance(found, Finding):
            pairs = [(0, found.left.value, found.right.value)]
        else:
            one_side, other_side = found.left.values, found.right.values
            rows = np.flatnonzero(np.isin(np.abs(one_side - other_side), _BY_A_SLIP))
            pairs = list(zip(rows.tolist(), one_side[rows].tolist(), other_side[rows].tolist(), strict=True))
        for row, left, right in pairs:
            kind = slip(left, right) if isinstance(left, int) and isinstance(right, int) else None
            if kind is not None:
                seen = found if isinstance(found, Finding) else found[row]
                at = Named(seen.insee, seen.bureau, seen.poll)
                yield one(at, seen.left, seen.right, field=seen.field, code="R213", kind=kind, rule=seen.code)


def slip(one: int, other: int) -> Message | None:
    """Diagnose two neighbouring digits that change places, or one other than the last that differs; else None."""
    first, second = str(one), str(other)
    if len(first) != len(second):
        return None
    differs = [index for index, pair in enumerate(zip(first, second, strict=True)) if pair[0] != pair[1]]
    if len(differs) == 2 and differs[1] == differs[0] + 1 and sorted(first) == sorted(second):
        return msg("digits transposed")
    return msg("one digit") if len(differs) == 1 and differs[0] < len(first) - 1 else None
