"""R: do machine, sign-in list and PV agree. Sign-in is done by hand: a gap says that two counts differ, not why."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from protocol.words import Text, msg
from verify.columns.counts import registered, signatures, signatures_of_another, votes_found, with_paper
from verify.columns.day_parts import paper_part
from verify.columns.machine_votes import machine_votes
from verify.model.evidence import Evidence, Votes
from verify.model.figures import MISSING, Bools, Figures, total
from verify.model.findings import Checks, Finding, Found, differ, finding, where
from verify.model.holds import Side
from verify.model.universe import MACHINE, UNKNOWN


def gaps(evidence: Evidence) -> Iterator[Found]:
    """R201, R202, R204: votes against signatures, and whether the PV mentions the difference."""
    signed, found = evidence.once(signatures), evidence.once(votes_found)
    if signed is None or found is None:
        return
    known = signed.known & found.known
    gap = np.where(known, found.values - signed.values, 0)
    if evidence.records is not None:  # two bureaux exchanged, and no gap once each has its own: R223 tells
        own = found.values == evidence.records["signatures"].values
        gap[own & (signatures_of_another(evidence) >= 0)] = 0
    size = {"gap": Figures("gap", np.abs(gap), found.places)}
    yield from where(evidence, "R201", gap > 0, signed, found, details=size)
    yield from where(evidence, "R202", gap < 0, signed, found, details=size)
    if evidence.records is not None:
        silent = (gap != 0) & evidence.records.present & ~evidence.records.mentioned
        yield from where(evidence, "R204", silent, signed, found, details=size)


def more_signatures_than_registered(evidence: Evidence) -> Iterator[Found]:
    """R203: more signatures than voters on the roll."""
    signed = evidence.once(signatures)
    if signed is None:
        return
    roll = evidence.once(registered)
    mask = signed.known & roll.known & (signed.values > roll.values)
    yield from where(evidence, "R203", mask, signed, roll)


def signatures_in_record(evidence: Evidence) -> Iterator[Found]:
    """R205: the PV and the sign-in list state different numbers of signatures."""
    if evidence.records is None or evidence.signatures is None:
        return
    yield from differ(evidence, "R205", evidence.records["signatures"], evidence.signatures["signatures"])


def record_against_machine(evidence: Evidence) -> Iterator[Found]:
    """R206, R208, R216: votes found and blank votes, in the PV and on the machine. For a day in parts see C112."""
    if evidence.records is None or evidence.machines is None:
        return
    found, cast = evidence.records["votes_found"], evidence.machines.cast
    alone = (evidence.machines.parts == 1) & (paper_part(evidence) == 0)
    blank, null = evidence.records["blank"], evidence.records["null"]
    booked = (null.values > 0) & (null.values == found.values - cast.values)  # R209 tells
    yield from differ(evidence, "R206", found, cast, alone & ~booked)
    yield from differ(evidence, "R208", blank, evidence.machines.blank, paper_part(evidence) == 0)
    signed = evidence.once(signatures)
    if signed is not None:
        whole = with_paper(evidence, cast)
        copied = found.known & whole.known & signed.known & (found.values != whole.values)
        other = blank.known & evidence.machines.blank.known & (blank.values != evidence.machines.blank.values)
        copied &= ~other | (paper_part(evidence) > 0)  # more than this figure is another's
        # a gap that was booked as nulls is R209's to tell
        copied &= ~(null.known & (null.values == signed.values - whole.values))
        yield from where(evidence, "R216", copied & (found.values == signed.values), found, whole)


def votes_against_machine(evidence: Evidence) -> Iterator[Finding]:
    """R207, R212: votes by choice in the PV and on the machine; two that are exchanged are named as that."""
    if evidence.votes is None or evidence.machines is None:
        return
    record, machine = evidence.votes, machine_votes(evidence, evidence.machines)
    known = (record.values >= 0) & (machine >= 0) & (paper_part(evidence) == 0)[:, :, None]
    differs = known & (record.values != machine)
    exchanged = np.zeros(evidence.shape, np.bool_)
    for unit, poll in np.argwhere(differs.sum(axis=2) == 2).tolist():
        one, other = np.flatnonzero(differs[unit, poll]).tolist()
        ours, theirs = record.values[unit, poll], machine[unit, poll]
        if ours[one] == theirs[other] and ours[other] == theirs[one]:
            exchanged[unit, poll] = True
            yield _choice(
                evidence,
                "R212",
                (unit, poll, one),
                Side(record.places.text(unit, poll, one), int(ours[one])),
                Side(record.places.text(unit, poll, other), int(ours[other])),
                {"other": evidence.contests.label(unit, poll, other)},
            )
    for unit, poll, choice in np.argwhere(differs & ~exchanged[:, :, None]).tolist():
        yield _choice(
            evidence,
            "R207",
            (unit, poll, choice),
            Side(record.places.text(unit, poll, choice), int(record.values[unit, poll, choice])),
            Side(evidence.machines.cast.places.text(unit, poll), int(machine[unit, poll, choice])),
        )


def _choice(
    evidence: Evidence,
    code: str,
    at: tuple[int, int, int],
    left: Side,
    right: Side,
    details: dict[str, int | str] | None = None,
) -> Finding:
    unit, poll, choice = at
    return finding(
        code,
        left,
        right,
        field=evidence.contests.label(unit, poll, choice),
        insee=str(evidence.universe.insee[unit]),
        bureau=str(evidence.universe.bureau[unit]),
        poll=evidence.polls[poll],
        details=details,
    )


def nulls_on_machine(evidence: Evidence) -> Iterator[Found]:
    """R209: null votes in the PV of a machine bureau, with the gap that they may stand for."""
    if evidence.records is None:
        return
    nulls, signed = evidence.records["null"], evidence.once(signatures)
    counting = evidence.universe.counting
    machines = np.broadcast_to((counting == MACHINE)[:, None], evidence.shape)
    if evidence.machines is not None:  # without a list, an export says that a machine was there
        machines = machines | ((counting == UNKNOWN)[:, None] & evidence.machines.cast.known)
    machines = machines & (paper_part(evidence) == 0)
    gap = np.full(evidence.shape, MISSING, np.int64)
    if signed is not None and evidence.machines is not None:
        cast = evidence.machines.cast
        both = signed.known & cast.known
        gap = np.where(both, np.abs(signed.values - cast.values), MISSING)
    right = evidence.records["votes_found"]
    details = {"gap": Figures("gap", gap, right.places)}
    yield from where(evidence, "R209", machines & (nulls.values > 0), nulls, right, details=details)


def record_sums(evidence: Evidence) -> Iterator[Found]:
    """R210: valid votes are votes found less blank and null ones, and the sum of the votes for each choice."""
    if evidence.records is None:
        return
    records = evidence.records
    valid, found, blank, null = (records[name] for name in ("valid", "votes_found", "blank", "null"))
    known = valid.known & found.known & blank.known & null.known
    sum_ = Figures("valid", found.values - blank.values - null.values, found.places)
    mask = known & (valid.values != sum_.values)
    yield from _added_up(evidence, mask, valid, sum_, msg("votes found - blank - null"))
    if evidence.votes is None:
        return
    complete = _complete(evidence, evidence.votes)
    sums = total(evidence.votes.values)
    votes = Figures("votes", sums, evidence.votes.places.first())
    # votes for a choice that is withdrawn (A108), or of no known name (I113), may be in the PV's sum as well
    right = (sums == valid.values) | (sums + evidence.votes.strange_votes == valid.values)
    mask = complete & valid.known & ~right
    yield from _added_up(evidence, mask, valid, votes, msg("sum of the votes"))


def _complete(evidence: Evidence, votes: Votes) -> Bools:
    """Where every choice of the contest has a count, so that their sum means something."""
    sizes = evidence.contests.sizes()
    return np.asarray(((votes.values >= 0).sum(axis=2) == sizes) & (sizes > 0), np.bool_)


def _added_up(evidence: Evidence, mask: Bools, left: Figures, right: Figures, formula: Text) -> Iterator[Found]:
    yield from where(evidence, "R210", mask & (right.values >= 0), left, right, details={"sum": formula})
    for unit, poll in np.argwhere(mask & (right.values < 0)).tolist():  # a sum below zero is no absence
        yield finding(
            "R210",
            Side(left.places.text(unit, poll), int(left.values[unit, poll])),
            Side(right.places.text(unit, poll), str(right.values[unit, poll])),
            field=left.name,
            insee=str(evidence.universe.insee[unit]),
            bureau=str(evidence.universe.bureau[unit]),
            poll=evidence.polls[poll],
            details={"sum": formula},
        )


CHECKS: Checks = {
    gaps: ("R201", "R202", "R204"),
    more_signatures_than_registered: ("R203",),
    signatures_in_record: ("R205",),
    record_against_machine: ("R206", "R208", "R216"),
    votes_against_machine: ("R207", "R212"),
    nulls_on_machine: ("R209",),
    record_sums: ("R210",),
}
