"""R, diagnosed: not only that figures differ, but how they came to: exchanged, shifted, or written wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from protocol.words import Message, msg
from verify.align.shifted import LEFT, RIGHT
from verify.columns.counts import signatures_of_another
from verify.columns.day_parts import paper_part
from verify.columns.exchanged import of_another
from verify.columns.machine_votes import machine_votes
from verify.model.evidence import Counted, Evidence
from verify.model.field_names import field_label
from verify.model.figures import Bools, Ints, Places
from verify.model.findings import Checks, Finding, Found, finding
from verify.model.holds import Side
from verify.model.machine_counts import MachineCounts

_LEAST_CHOICES = 3
"""With fewer choices a shift by one cannot be told from an exchange of two."""


def exchanged_bureaux(evidence: Evidence) -> Iterator[Finding]:
    """R218, R222: the PV of a bureau has the figures of another bureau of its commune, or its own shifted by a line."""
    if evidence.records is None or evidence.machines is None:
        return
    told = set()
    for found in _exchanged_votes(evidence):
        told.add((found.insee, found.bureau, found.poll))
        yield found
    for found in _exchanged_counts(evidence, evidence.records, evidence.machines):
        if (found.insee, found.bureau, found.poll) not in told:
            yield found


def _exchanged_votes(evidence: Evidence) -> Iterator[Finding]:
    if evidence.votes is None or evidence.machines is None:
        return
    machine, record = machine_votes(evidence, evidence.machines), evidence.votes.values
    for poll in range(len(evidence.polls)):
        known = (machine[:, poll] >= 0) == (record[:, poll] >= 0)
        whole = known.all(axis=1) & (machine[:, poll] >= 0).any(axis=1) & (paper_part(evidence)[:, poll] == 0)
        wrong = whole & (machine[:, poll] != record[:, poll]).any(axis=1)
        for unit, source in of_another(evidence, machine[:, poll], record[:, poll], whole, wrong):
            yield _exchange(evidence, evidence.votes.places.first(), evidence.machines, "votes", (unit, source, poll))
        yield from _shifted(evidence, poll, machine[:, poll], record[:, poll], wrong)


def _exchanged_counts(evidence: Evidence, records: Counted, machines: MachineCounts) -> Iterator[Finding]:
    """R218 by votes found and blank votes, where both are those of another bureau whose own PV is wrong as well."""
    record = np.stack([records["votes_found"].values, records["blank"].values], axis=2)
    machine = np.stack([machines.cast.values, machines.blank.values], axis=2)
    for poll in range(len(evidence.polls)):
        whole = (machine[:, poll] >= 0).all(axis=1) & (record[:, poll] >= 0).all(axis=1)
        whole &= (paper_part(evidence)[:, poll] == 0) & (machines.parts[:, poll] == 1)
        wrong = whole & (machine[:, poll] != record[:, poll]).any(axis=1)
        for unit, source in of_another(evidence, machine[:, poll], record[:, poll], whole, wrong):
            if wrong[source]:
                places = records["votes_found"].places
                yield _exchange(evidence, places, machines, "votes_found", (unit, source, poll))


def _exchange(
    evidence: Evidence, places: Places, machines: MachineCounts, field: str, at: tuple[int, int, int]
) -> Finding:
    unit, source, poll = at
    return finding(
        "R218",
        Side(places.text(unit, poll), str(evidence.universe.bureau[unit])),
        Side(machines.cast.places.text(source, poll), str(evidence.universe.bureau[source])),
        field=field,
        insee=str(evidence.universe.insee[unit]),
        bureau=str(evidence.universe.bureau[unit]),
        poll=evidence.polls[poll],
    )


def _shifted(evidence: Evidence, poll: int, machine: Ints, record: Ints, wrong: Bools) -> Iterator[Finding]:
    machines, votes = evidence.machines, evidence.votes
    if machines is None or votes is None:
        return
    sizes = evidence.contests.sizes()[:, poll]
    for unit in np.flatnonzero(wrong & (sizes >= _LEAST_CHOICES)).tolist():
        ours, theirs = record[unit, : sizes[unit]], machine[unit, : sizes[unit]]
        for step in (1, -1):
            moved = ours[1:], theirs[:-1]
            if step < 0:
                moved = ours[:-1], theirs[1:]
            if np.array_equal(*moved) and len(np.unique(theirs)) > 1:
                yield finding(
                    "R222",
                    Side(votes.places.text(unit, poll, 0), int(ours[0])),
                    Side(machines.cast.places.text(unit, poll), int(theirs[0])),
                    field=evidence.contests.label(unit, poll, 0),
                    insee=str(evidence.universe.insee[unit]),
                    bureau=str(evidence.universe.bureau[unit]),
                    poll=evidence.polls[poll],
                    details={"step": f"{step:+d}"},
                )
                break


def exchanged_signatures(evidence: Evidence) -> Iterator[Finding]:
    """R223: the signatures of bureaux of a commune stand in one another's place, in the PVs or on the lists."""
    if evidence.records is None or evidence.signatures is None:
        return
    stated, listed = evidence.records["signatures"], evidence.signatures["signatures"]
    other = signatures_of_another(evidence)
    for unit, poll in np.argwhere(other >= 0).tolist():
        yield finding(
            "R223",
            Side(stated.places.text(unit, poll), int(stated.values[unit, poll])),
            Side(listed.places.text(unit, poll), int(listed.values[unit, poll])),
            field="signatures",
            insee=str(evidence.universe.insee[unit]),
            bureau=str(evidence.universe.bureau[unit]),
            poll=evidence.polls[poll],
            details={"other": str(evidence.universe.bureau[other[unit, poll]])},
        )


_BESIDE = {LEFT: "signatures", RIGHT: "blank"}
"""The column in which the votes found stand, by the way that the counts have moved."""
_WAYS = {LEFT: msg("to the left"), RIGHT: msg("to the right")}


def shifted_columns(evidence: Evidence) -> Iterator[Finding]:
    """R224: the counts of a PV stand one column off."""
    records, shifted = evidence.records, evidence.shifted
    if records is None or shifted is None:
        return
    found = records["votes_found"]
    for unit, poll in np.argwhere(shifted != 0).tolist():
        way = int(shifted[unit, poll])
        beside = records[_BESIDE[way]]
        yield finding(
            "R224",
            Side(found.places.text(unit, poll), int(found.values[unit, poll])),
            Side(beside.places.text(unit, poll), int(beside.values[unit, poll])),
            field="votes_found",
            insee=str(evidence.universe.insee[unit]),
            bureau=str(evidence.universe.bureau[unit]),
            poll=evidence.polls[poll],
            details={"way": _WAYS[way], "column": field_label(beside.name)},
        )


WRITTEN = frozenset(("R205", "R206", "R207", "R208", "T301"))
"""Rules whose two figures are one count written twice, so that a slip of the pen can be told."""


def slips(findings: Iterable[Found]) -> Iterator[Finding]:
    """R213: of two figures that should be one, digits are transposed, or one digit is wrong."""
    for found in findings:
        if found.code not in WRITTEN or "other" in found.details:  # an exchange, and no slip
            continue
        if isinstance(found, Finding):
            pairs = [(found.left.value, found.right.value)]
        else:
            pairs = list(zip(found.left.values.tolist(), found.right.values.tolist(), strict=True))
        for row, (left, right) in enumerate(pairs):
            kind = slip(left, right) if isinstance(left, int) and isinstance(right, int) else None
            if kind is not None:
                one = found if isinstance(found, Finding) else found[row]
                yield finding(
                    "R213",
                    one.left,
                    one.right,
                    field=one.field,
                    insee=one.insee,
                    bureau=one.bureau,
                    poll=one.poll,
                    details={"kind": kind, "rule": one.code},
                )


def slip(one: int, other: int) -> Message | None:
    """Whether two neighbouring digits change places, or one digit other than the last differs; else None."""
    first, second = str(one), str(other)
    if len(first) != len(second):
        return None
    differs = [index for index, pair in enumerate(zip(first, second, strict=True)) if pair[0] != pair[1]]
    if len(differs) == 2 and differs[1] == differs[0] + 1 and sorted(first) == sorted(second):
        return msg("digits transposed")
    return msg("one digit") if len(differs) == 1 and differs[0] < len(first) - 1 else None


CHECKS: Checks = {
    exchanged_bureaux: ("R218", "R222"),
    exchanged_signatures: ("R223",),
    shifted_columns: ("R224",),
}
