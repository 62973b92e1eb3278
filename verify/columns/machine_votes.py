"""The machines' tallies by choice, as far as the order of their panels is known."""

from __future__ import annotations

import numpy as np

from verify.columns.day_parts import paper_part
from verify.model.evidence import LinedEvidence
from verify.model.figures import MISSING, Bools, Ints, rows_with_any
from verify.model.machine_evidence import MachineCounts


def machine_votes(evidence: LinedEvidence) -> Ints | None:
    """The machines' tallies in the width of the contests, shape ``(units, polls, width)``; MISSING beyond a contest.

    MISSING as well where the order of the panel is not known: without the préfecture's list a table's columns or a
    published file's lines are in any order.
    """
    machines = evidence.machines
    if machines is None:
        return None
    width = max(evidence.contests.width, 1)
    tallies = machines.tallies[:, :, :width]
    inside = np.arange(width) < evidence.contests.sizes()[:, :, None]
    votes = np.where(inside, tallies, MISSING)
    if not evidence.contests.official:
        votes[_of_no_known_order(evidence, machines, votes)] = MISSING
    return votes


def _of_no_known_order(evidence: LinedEvidence, machines: MachineCounts, tallies: Ints) -> Bools:
    """Find machines whose order of choices neither the digest of their list nor most tallies confirm.

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


def panels_unknown(evidence: LinedEvidence) -> bool:
    """True if no tally of a machine can be assigned to its choice."""
    votes = None if evidence.contests.official else evidence.once(machine_votes)
    return votes is not None and not (votes >= 0).any()


def votes_differ(evidence: LinedEvidence) -> Bools | None:
    """Find choices whose votes in the PV differ from the machine's, ``(units, polls, width)``; if none was on paper."""
    machine = evidence.once(machine_votes)
    if machine is None or evidence.votes is None:
        return None
    record = evidence.votes.values
    on_machine = evidence.once(paper_part) == 0
    return np.asarray((record >= 0) & (machine >= 0) & (record != machine) & on_machine[:, :, None], np.bool_)


def exchanged_pairs(differs: Bools, ours: Ints, theirs: Ints) -> list[tuple[int, int, int, int]]:
    """Find pairs of choices with exchanged votes, and no other difference: unit, poll, and the two choices.

    All of shape ``(units, polls, width)``.
    """
    pairs = []
    rows = rows_with_any(differs)
    for row, poll in np.argwhere(differs[rows].sum(axis=2) == 2).tolist():
        unit = int(rows[row])
        one, other = np.flatnonzero(differs[unit, poll]).tolist()
        if ours[unit, poll, one] == theirs[unit, poll, other] and ours[unit, poll, other] == theirs[unit, poll, one]:
            pairs.append((unit, poll, one, other))
    return pairs
