"""R, diagnosed: not only that figures differ, but how they came to: exchanged, shifted, or written wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from protocol.quantities import Quantity
from protocol.words import Message, msg
from verify.align.shifted import LEFT, RIGHT
from verify.columns.needs import (
    Contests,
    CountsOfAnother,
    GapSettled,
    Machines,
    MachineVotes,
    Records,
    Shifted,
    SignaturesOfAnother,
    SignInLists,
    Universe,
    VotesByChoice,
    VotesOfAnother,
    VotesShifted,
)
from verify.model.checks import check
from verify.model.figures import Figures, Ints, Places, cells
from verify.model.findings import Finding, Found
from verify.model.labels import field_label
from verify.model.rule_results import Held, Named, One, Side, look, one, side_at, side_of


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
