"""What voters and the bureau do wrong during the day: the figures stay true to what happened, and do not agree."""

from __future__ import annotations

from sim.faults.model import DayFault, Effect, Unit
from sim.voters import LEAVES, NO_VISIT, Voters


def _signed_without_vote(voters: Voters, person: int) -> Effect | None:
    if voters.choices[person, 0] == LEAVES or voters.signatures[person] < 1:
        return None
    voters.choices[person, 0] = LEAVES
    return Effect("jour", "votes", -1, "un électeur part sans valider son choix et signe la liste d'émargement")


def _voted_twice(voters: Voters, person: int) -> Effect | None:
    if voters.choices[person, 0] == LEAVES or voters.choices[person, 2] != NO_VISIT:
        return None
    voters.choices[person, 2] = voters.choices[person, 0]
    voters.visits[person, 2] = voters.visits[person, 0]
    return Effect("jour", "votes", 1, "un électeur vote deux fois et ne signe qu'une fois")


FAULTS: tuple[DayFault, ...] = (
    DayFault(
        name="signed-without-vote",
        unit=Unit.VOTER,
        rate=0.0002,
        touches="jour",
        effect="one vote less than signatures",
        why="The voter presses a choice, does not validate, and leaves for the roll; PVs call it « vote impossible ».",
        act=_signed_without_vote,
    ),
    DayFault(
        name="voted-twice",
        unit=Unit.VOTER,
        rate=0.0003,
        touches="jour",
        effect="one vote more than signatures",
        why="The president enables the machine again for somebody who has voted; PVs call it « vote multiple ».",
        act=_voted_twice,
    ),
)
