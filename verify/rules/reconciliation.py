"""R: do machine, sign-in list and PV agree. Sign-in is done by hand: a gap says that two counts differ, not why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce

import numpy as np

from protocol.words import Text, msg
from verify.model.evidence import Evidence, Votes
from verify.model.figures import MISSING, Bools, Figures, Ints, Places, total
from verify.model.findings import Checks, Finding, Found, Side, differ, finding, where
from verify.model.machine_counts import MachineCounts
from verify.model.universe import MACHINE, UNKNOWN
from verify.rules.day_parts import apart, paper_part


def signatures(evidence: Evidence) -> Figures | None:
    """Signatures of every bureau: by the sign-in lists, else as the PVs state them, else as they were published."""
    published = [Figures("emargements", each.values, each.places) for each, _ in published_counts(evidence)]
    return _first_known([counted_signatures(evidence), *published])


def counted_signatures(evidence: Evidence) -> Figures | None:
    """The same without those that were published."""
    listed = None if evidence.signatures is None else evidence.signatures["emargements"]
    return _first_known([listed, _in_its_column(evidence, "emargements")])


def votes_found(evidence: Evidence) -> Figures | None:
    """Votes of every bureau: the machines' where their counts are there, else those found by the PV.

    Of a day in parts that do not make up the PV (C112), or of which one is another (C124), only by the PV. Where there
    is neither, those of a published file that has the signatures of the bureau as well.
    """
    counted = None if evidence.machines is None else _with_paper(evidence, evidence.machines.cast)
    if counted is not None:
        counted = Figures(counted.name, np.where(apart(evidence), MISSING, counted.values), counted.places)
    published = [Figures("votes_trouves", each.values, each.places) for _, each in published_counts(evidence)]
    return _first_known([counted, _in_its_column(evidence, "votes_trouves"), *published])


def published_counts(evidence: Evidence) -> list[tuple[Figures, Figures]]:
    """Signatures and votes found of each published file that has both, MISSING where it has not both of a bureau."""
    found = []
    for lines in evidence.published:
        counts = lines.counted["signatures"], lines.counted["votes_found"]
        both = counts[0].known & counts[1].known
        if both.any():
            signed, votes = (Figures(each.name, np.where(both, each.values, MISSING), each.places) for each in counts)
            found.append((signed, votes))
    return found


def _first_known(figures: Sequence[Figures | None]) -> Figures | None:
    """Each figure from the first source that knows it."""
    there = [each for each in figures if each is not None]
    return reduce(Figures.or_else, there) if there else None


def _in_its_column(evidence: Evidence, name: str) -> Figures | None:
    """A count of the PVs, MISSING where the PV's counts stand one column off: R224 tells."""
    if evidence.records is None or evidence.shifted is None:
        return None
    figures = evidence.records[name]
    if not evidence.shifted.any():
        return figures
    return Figures(figures.name, np.where(evidence.shifted == 0, figures.values, MISSING), figures.places)


def _with_paper(evidence: Evidence, cast: Figures) -> Figures:
    """The machines' votes and those that the PV says were on paper."""
    return Figures(cast.name, np.where(cast.known, cast.values + paper_part(evidence), cast.values), cast.places)


def gaps(evidence: Evidence) -> Iterator[Found]:
    """R201, R202, R204: votes against signatures, and whether the PV mentions the difference."""
    signed, found = evidence.once(signatures), evidence.once(votes_found)
    if signed is None or found is None:
        return
    known = signed.known & found.known
    gap = np.where(known, found.values - signed.values, 0)
    if evidence.records is not None:  # two bureaux exchanged, and no gap once each has its own: R223 tells
        own = found.values == evidence.records["emargements"].values
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
    registered = evidence.once(_registered)
    mask = signed.known & registered.known & (signed.values > registered.values)
    yield from where(evidence, "R203", mask, signed, registered)


def _registered(evidence: Evidence) -> Figures:
    """Registered voters of every bureau, as the list that the signatures are on has them, else the official list."""
    universe = evidence.universe
    values = np.broadcast_to(universe.registered[:, None], evidence.shape)
    place = np.broadcast_to(universe.row[:, None], evidence.shape)
    official = Figures("registered", values, _at(universe.source, place))
    for counted in (evidence.signatures, evidence.records):
        if counted is not None:
            return counted["inscrits"].or_else(official)
    return official


def _at(source: str, rows: Ints) -> Places:
    return Places((f"{source}:",), np.zeros_like(rows), rows)


def signatures_of_another(evidence: Evidence) -> Ints:
    """The bureau of the commune whose listed signatures a PV has, -1 for none; shape ``(units, polls)``.

    Only in a ring: each of these bureaux has the count of another of them, so that no chance makes it.
    """
    other = np.full(evidence.shape, -1, np.int64)
    if evidence.records is None or evidence.signatures is None:
        return other
    stated, listed = evidence.records["emargements"], evidence.signatures["emargements"]
    wrong = stated.known & listed.known & (stated.values != listed.values)
    insee = evidence.universe.insee
    for poll in range(len(evidence.polls)):
        units = np.flatnonzero(wrong[:, poll]).tolist()
        having: dict[tuple[str, int], list[int]] = {}
        for unit in units:
            having.setdefault((str(insee[unit]), int(listed.values[unit, poll])), []).append(unit)
        sources = {unit: having.get((str(insee[unit]), int(stated.values[unit, poll])), []) for unit in units}
        single = {unit: found[0] for unit, found in sources.items() if len(found) == 1}
        pending = dict(single)
        while pending:
            ring = [next(iter(pending))]
            while (source := pending.pop(ring[-1], None)) is not None and source != ring[0]:
                ring.append(source)
            if source is not None:
                for unit in ring:
                    other[unit, poll] = single[unit]
    return other


def signatures_in_record(evidence: Evidence) -> Iterator[Found]:
    """R205: the PV and the sign-in list state different numbers of signatures."""
    if evidence.records is None or evidence.signatures is None:
        return
    yield from differ(evidence, "R205", evidence.records["emargements"], evidence.signatures["emargements"])


def record_against_machine(evidence: Evidence) -> Iterator[Found]:
    """R206, R208, R216: votes found and blank votes, in the PV and on the machine. For a day in parts see C112."""
    if evidence.records is None or evidence.machines is None:
        return
    found, cast = evidence.records["votes_trouves"], evidence.machines.cast
    alone = (evidence.machines.parts == 1) & (paper_part(evidence) == 0)
    blank, null = evidence.records["blancs"], evidence.records["nuls"]
    booked = (null.values > 0) & (null.values == found.values - cast.values)  # R209 tells
    yield from differ(evidence, "R206", found, cast, alone & ~booked)
    yield from differ(evidence, "R208", blank, evidence.machines.blank, paper_part(evidence) == 0)
    signed = evidence.once(signatures)
    if signed is not None:
        whole = _with_paper(evidence, cast)
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


def machine_votes(evidence: Evidence, machines: MachineCounts) -> Ints:
    """The machines' tallies in the width of the contests, shape ``(units, polls, width)``; MISSING beyond a contest.

    MISSING as well where the order of the panel is not known: without the préfecture's list a table's columns or a
    published file's lines are in any order.
    """
    width = max(evidence.contests.width, 1)
    tallies = machines.tallies[:, :, :width]
    inside = np.arange(width) < evidence.contests.sizes()[:, :, None]
    votes = np.where(inside, tallies, MISSING)
    if not evidence.contests.official:
        votes[_of_no_known_order(evidence, machines, votes)] = MISSING
    return votes


def _of_no_known_order(evidence: Evidence, machines: MachineCounts, tallies: Ints) -> Bools:
    """Where neither the digest of a machine's list nor most of its tallies say that it has the order of the contest.

    The figures tell where names are written otherwise than on the machine, so that no digest can agree.
    """
    *at, digests = machines.lists
    stated = [votes.values for votes in (evidence.votes, *(lines.votes for lines in evidence.published)) if votes]
    unknown = np.zeros(evidence.shape, np.bool_)
    for index, contest in enumerate(evidence.contests.contests):
        here = evidence.contests.of == index
        if (here[tuple(at)] & (digests == np.frombuffer(contest.digest, "V32")[0])).any():
            continue
        both = [(values[here], tallies[here]) for values in stated]
        known = sum(int(((ours >= 0) & (theirs >= 0)).sum()) for ours, theirs in both)
        same = sum(int(((ours >= 0) & (ours == theirs)).sum()) for ours, theirs in both)
        if same * 2 < known:
            unknown |= here
    return unknown


def panels_unknown(evidence: Evidence) -> bool:
    """Whether no tally of a machine can be put to its choice."""
    if evidence.machines is None or evidence.contests.official:
        return False
    return not (machine_votes(evidence, evidence.machines) >= 0).any()


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
    nulls, signed = evidence.records["nuls"], evidence.once(signatures)
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
    right = evidence.records["votes_trouves"]
    details = {"gap": Figures("gap", gap, right.places)}
    yield from where(evidence, "R209", machines & (nulls.values > 0), nulls, right, details=details)


def record_sums(evidence: Evidence) -> Iterator[Found]:
    """R210: valid votes are votes found less blank and null ones, and the sum of the votes for each choice."""
    if evidence.records is None:
        return
    records = evidence.records
    valid, found, blank, null = (records[name] for name in ("exprimes", "votes_trouves", "blancs", "nuls"))
    known = valid.known & found.known & blank.known & null.known
    sum_ = Figures("exprimes", found.values - blank.values - null.values, found.places)
    mask = known & (valid.values != sum_.values)
    yield from _added_up(evidence, mask, valid, sum_, msg("votes found - blank - null"))
    if evidence.votes is None:
        return
    complete = _complete(evidence, evidence.votes)
    sums = total(evidence.votes.values)
    votes = Figures("voix", sums, evidence.votes.places.first())
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
