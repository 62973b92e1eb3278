"""The machines' tallies by choice, as far as the order of their panels is known."""

from __future__ import annotations

import numpy as np

from verify.model.evidence import Evidence
from verify.model.figures import MISSING, Bools, Ints
from verify.model.machine_counts import MachineCounts


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
