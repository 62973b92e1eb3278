"""Find figures of another bureau of the commune, or of another line, in the place of a bureau's own."""

from __future__ import annotations

import numpy as np

from verify.columns.counts import votes_found
from verify.columns.day_parts import paper_part
from verify.columns.machine_votes import machine_votes
from verify.model.evidence import LinedEvidence
from verify.model.figures import Bools, Ints

_LEAST_CHOICES = 3
"""With fewer choices a shift by one line looks like an exchange of two."""


def votes_of_another(evidence: LinedEvidence) -> Ints | None:
    """Find the bureau whose machine counted the votes in a PV, -1 for none; shape ``(units, polls)``."""
    compared = evidence.once(_compared_votes)
    return None if compared is None else _others(evidence, *compared)


def others(evidence: LinedEvidence, votes: Ints, stated: Ints) -> Ints:
    """Find the bureau whose votes by choice a paper or a file states for another, -1 for none."""
    return _others(evidence, votes, stated, _whole(votes, stated))


def _whole(votes: Ints, stated: Ints) -> Bools:
    """Find places where both have votes by choice, and for the same choices."""
    return np.asarray(((votes >= 0) == (stated >= 0)).all(axis=2) & (votes >= 0).any(axis=2), np.bool_)


def counts_of_another(evidence: LinedEvidence) -> Ints | None:
    """Find the bureau whose votes found and blank votes a PV has, if that bureau's own PV is wrong too; -1 for none.

    Places that `votes_of_another` or `votes_shifted` explains are left out.
    """
    records, machines = evidence.records, evidence.machines
    if records is None or machines is None:
        return None
    record = np.stack([records["votes_found"].values, records["blank"].values], axis=2)
    machine = np.stack([machines.cast.values, machines.blank.values], axis=2)
    whole = (machine >= 0).all(axis=2) & (record >= 0).all(axis=2)
    whole &= (evidence.once(paper_part) == 0) & (machines.parts == 1)
    other = _others(evidence, machine, record, whole)
    wrong = whole & (machine != record).any(axis=2)
    other[(other >= 0) & ~np.take_along_axis(wrong, np.maximum(other, 0), axis=0)] = -1
    by_votes, shifted = evidence.once(votes_of_another), evidence.once(votes_shifted)
    if by_votes is not None and shifted is not None:
        other[(by_votes >= 0) | (shifted != 0)] = -1
    return other


def votes_shifted(evidence: LinedEvidence) -> Ints | None:
    """Number of lines by which the votes of a PV are shifted: 1, -1 or 0; shape ``(units, polls)``."""
    compared = evidence.once(_compared_votes)
    if compared is None:
        return None
    machine, record, whole = compared
    sizes = evidence.contests.sizes()
    steps = np.zeros(evidence.shape, np.int64)
    wrong = whole & (machine != record).any(axis=2) & (sizes >= _LEAST_CHOICES)
    for unit, poll in np.argwhere(wrong).tolist():
        ours, theirs = record[unit, poll, : sizes[unit, poll]], machine[unit, poll, : sizes[unit, poll]]
        if len(np.unique(theirs)) > 1:
            down, up = np.array_equal(ours[1:], theirs[:-1]), np.array_equal(ours[:-1], theirs[1:])
            steps[unit, poll] = 1 if down else -1 if up else 0
    return steps


def _compared_votes(evidence: LinedEvidence) -> tuple[Ints, Ints, Bools] | None:
    """Votes by choice on the machine and in the PV, and the places where both are known and there is no paper part."""
    machine = evidence.once(machine_votes)
    if machine is None or evidence.votes is None:
        return None
    record = evidence.votes.values
    return machine, record, _whole(machine, record) & (evidence.once(paper_part) == 0)


def _others(evidence: LinedEvidence, machine: Ints, record: Ints, whole: Bools) -> Ints:
    """Find the other bureau of the commune whose figures a bureau has, -1 for none; shape ``(units, polls)``.

    Args:
        evidence: the bureaux.
        machine: the true figures of each bureau, shape ``(units, polls, n)``.
        record: figures that a paper or a file states for it, likewise.
        whole: true where both are known, shape ``(units, polls)``.
    """
    other = np.full(evidence.shape, -1, np.int64)
    insee = evidence.universe.insee
    for poll in range(len(evidence.polls)):
        ours, theirs, units = record[:, poll], machine[:, poll], np.flatnonzero(whole[:, poll])
        wrong = units[(ours[units] != theirs[units]).any(axis=1)]
        wanted = {unit: (str(insee[unit]), ours[unit].tobytes()) for unit in wrong.tolist() if ours[unit].any()}
        having: dict[tuple[str, bytes], list[int]] = {key: [] for key in wanted.values()}
        for unit in units[np.isin(insee[units], insee[wrong])].tolist() if wanted else ():
            if (found := having.get((str(insee[unit]), theirs[unit].tobytes()))) is not None:
                found.append(unit)
        for unit, key in wanted.items():
            if len(having[key]) == 1 and having[key] != [unit]:
                other[unit, poll] = having[key][0]
    return other


def signatures_of_another(evidence: LinedEvidence) -> Ints:
    """Find the bureau of the commune whose listed signatures a PV has, -1 for none; shape ``(units, polls)``.

    Only rings count, in which each bureau has the count of the next: chance does not make them.
    """
    other = np.full(evidence.shape, -1, np.int64)
    if evidence.records is None or evidence.signatures is None:
        return other
    stated, listed = evidence.records["signatures"], evidence.signatures["signatures"]
    wrong = stated.known & listed.known & (stated.values != listed.values)
    insee = evidence.universe.insee
    for poll in range(len(evidence.polls)):
        rows = np.flatnonzero(wrong[:, poll])
        units, codes = rows.tolist(), insee[rows].tolist()
        having: dict[tuple[str, int], list[int]] = {}
        for unit, *key in zip(units, codes, listed.values[rows, poll].tolist(), strict=True):
            having.setdefault((key[0], key[1]), []).append(unit)
        sources = zip(units, map(having.get, zip(codes, stated.values[rows, poll].tolist(), strict=True)), strict=True)
        single = {unit: found[0] for unit, found in sources if found is not None and len(found) == 1}
        pending = dict(single)
        while pending:
            ring = [next(iter(pending))]
            while (source := pending.pop(ring[-1], None)) is not None and source != ring[0]:
                ring.append(source)
            if source is not None:
                for unit in ring:
                    other[unit, poll] = single[unit]
    return other


def gap_settled(evidence: LinedEvidence) -> Bools:
    """Find places whose votes found equal the signatures stated by the PV; shape ``(units, polls)``."""
    found = evidence.once(votes_found)
    if evidence.records is None or found is None:
        return np.zeros(evidence.shape, np.bool_)
    return np.asarray(found.known & (found.values == evidence.records["signatures"].values), np.bool_)
