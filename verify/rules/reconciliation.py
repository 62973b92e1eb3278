"""R: do machine, sign-in list and PV agree. Sign-in is done by hand: a gap says that two counts differ, not why."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from protocol.quantities import Quantity
from protocol.words import Text, msg
from verify.columns.machine_votes import exchanged_pairs
from verify.columns.needs import (
    AllByMachine,
    BookedAsNull,
    Contests,
    CountedSignatures,
    Gap,
    MachineGap,
    Machines,
    MachineVotes,
    PaperPart,
    Records,
    RegisteredVoters,
    Signatures,
    SignInLists,
    Universe,
    VotesByChoice,
    VotesDiffer,
    VotesFound,
    WholeDay,
)
from verify.model.checks import check
from verify.model.figures import BLANK, Bools, Figures, cells, total
from verify.model.rule_results import NOTHING, Held, Where, differ, look, one, side_at, side_of, where
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
    """R212: two choices of which each has the other one's votes in the PV."""
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
    sizes, sums, valid = contests.sizes(), total(votes.values), records["valid"]
    right = (sums == valid.values) | (sums + votes.strange_votes == valid.values)
    whole = valid.known & (sizes > 0) & ((votes.values >= 0).sum(axis=2) == sizes)
    yield look(valid, among=whole)
    yield look(votes.figures, among=whole[:, :, None])
    wrong = whole & ~right
    made = Figures("votes_in_all", sums, votes.places.first() if wrong.any() else valid.places)
    yield from _added_up(wrong, valid, made, msg("sum of the votes"))


def _added_up(mask: Bools, left: Figures, right: Figures, formula: Text) -> Iterator[Held]:
    yield where(mask & (right.values >= 0), left, right, sum=formula, looked=NOTHING)
    for unit, poll in cells(mask & (right.values < 0)):  # a sum below zero is no absence
        stated = side_of(left, unit, poll)
        made = side_at(right, unit, poll, value=str(right.values[unit, poll]), quantity=right.name)
        yield one((unit, poll), stated, made, field=left.name, sum=formula)
