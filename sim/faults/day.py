"""Faults of voters and of the bureau during the day: all figures are true counts, and do not agree."""

from __future__ import annotations

from protocol.words import msg
from sim.faults.model import CountFault, DayFault, Effect, Unit, adding
from sim.voters import LEAVES, NO_VISIT, Voters

STRAY_ENABLING = 5_000
"""Milliseconds for which the machine stays enabled with nobody at it: assumed."""
FAULTS: list[DayFault] = []
_fault = adding(FAULTS, DayFault, unit=Unit.PERSON)


def _votes(voters: Voters, person: int) -> bool:
    """Check that a person votes in all polls of the day: such a person's fault is made in each of them."""
    own = (voters.choices[person, 0], *(() if voters.second is None else (voters.second[person, 0],)))
    return LEAVES not in own


def _votes_and_signs(voters: Voters, person: int) -> bool:
    return _votes(voters, person) and bool(voters.signatures[person] >= 1)


# The voter presses a choice, does not validate, and goes on to the roll: PVs call it « vote impossible ».
@_fault("signed-without-vote", msg("one vote less than signatures"), 0.00050)
def _signed_without_vote(voters: Voters, person: int) -> Effect | None:
    if not _votes_and_signs(voters, person):
        return None
    voters.choices[person, 0] = LEAVES
    return Effect("jour", "votes", "un électeur part sans valider son choix et signe la liste d'émargement", -1)


@_fault("signed-early", msg("one leaves before voting, having signed"), 0.00012)
def _signed_early(voters: Voters, person: int) -> Effect | None:
    if _signed_without_vote(voters, person) is None:
        return None
    voters.identify[person] += voters.sign[person]
    voters.sign[person] = 0
    return Effect("jour", "votes", "un électeur signe avant de voter, puis part sans valider son choix", -1)


# The president enables the machine again for somebody who has voted: PVs call it « vote multiple ».
@_fault("voted-twice", msg("one vote more than signatures"), 0.00067)
def _voted_twice(voters: Voters, person: int) -> Effect | None:
    if not _votes(voters, person) or voters.choices[person, 2] != NO_VISIT:
        return None
    voters.choices[person, 2] = voters.choices[person, 0]
    if voters.second is not None:
        voters.second[person, 2] = voters.second[person, 0]
    voters.visits[person, 2] = voters.visits[person, 0]
    return Effect("jour", "votes", "un électeur vote deux fois et ne signe qu'une fois", 1)


@_fault("voted-without-signing", msg("signatures missing for votes that were cast"), 0.00033, paper=True)
def _voted_without_signing(voters: Voters, person: int) -> Effect | None:
    if not _votes_and_signs(voters, person) or not voters.sign[person]:
        return None
    lost = int(voters.signatures[person])
    voters.sign[person] = 0
    for marks in voters.lists:
        marks[person] = 0
    return Effect("jour", "emargements", "un électeur vote et quitte la salle sans signer", -lost)


@_fault("line-skipped", msg("one signature less than there were voters"), 0.00012, paper=True, each_list=True)
def _line_skipped(voters: Voters, person: int) -> Effect | None:
    if not _votes_and_signs(voters, person):
        return None
    voters.signatures[person] -= 1
    return Effect("jour", "emargements", "l'assesseur saute une ligne en comptant les émargements", -1)


@_fault("line-doubled", msg("one signature more than there were voters"), 0.00014, paper=True, each_list=True)
def _line_doubled(voters: Voters, person: int) -> Effect | None:
    if not _votes_and_signs(voters, person):
        return None
    voters.signatures[person] += 1
    return Effect("jour", "emargements", "un électeur signe aussi à la ligne voisine, comptée avec la sienne", 1)


@_fault("enabled-twice", msg("one enabling and one cancellation more, and no gap"), 0.0003)
def _enabled_twice(voters: Voters, person: int) -> Effect | None:
    if voters.choices[person, 2] != NO_VISIT:
        return None
    voters.choices[person, 2] = LEAVES
    voters.visits[person, 2] = STRAY_ENABLING
    return Effect("jour", "annulations", "le président autorise un vote de trop et l'annule", 1)


@_fault(
    "envelope-doubled",
    msg("one envelope more in the urn than signatures, in a paper bureau"),
    0.00030,
    machines=False,
    paper=True,
)
def _envelope_doubled(voters: Voters, person: int) -> Effect | None:
    if _voted_twice(voters, person) is None:
        return None
    return Effect("jour", "votes", "un électeur met deux enveloppes dans l'urne", 1)


@_fault(
    "left-with-envelope",
    msg("one envelope less in the urn than signatures, in a paper bureau"),
    0.00010,
    machines=False,
    paper=True,
)
def _left_with_envelope(voters: Voters, person: int) -> Effect | None:
    if _signed_without_vote(voters, person) is None:
        return None
    return Effect("jour", "votes", "un électeur signe et repart avec son enveloppe", -1)


MISREAD = CountFault("ballot-misread", Unit.BALLOT, 0.00002, msg("a paper ballot is counted for another choice"))
