"""A108: choices that cannot be voted for: withdrawn, not in the first round, or not qualified by it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from protocol.evidence_kinds import EvidenceKind
from protocol.quantities import Quantity
from protocol.words import msg
from verify.columns.needs import Contests, Election, FirstRound, Withdrawn
from verify.materiality.kinds import ElectionKind, kind_of
from verify.model.checks import check
from verify.model.choices import match
from verify.model.holds import Named, One, Side, one

if TYPE_CHECKING:
    from verify.model.first_round import Standing

_LISTS_MERGE = frozenset((ElectionKind.MUNICIPAL_LISTS, ElectionKind.MUNICIPAL_CANDIDATES, ElectionKind.REGIONAL))
"""Elections whose second round may have choices under new names, or new ones."""
_GONE = msg("by the list the candidacy is withdrawn")
_NOT_THERE = msg("this choice was not in the first round")
_NOT_QUALIFIED = msg("the first round does not qualify it")


@check("A108")
def withdrawn(sources: Withdrawn, contests: Contests) -> Iterator[One]:
    """A108: a bureau's machine, PV or published row has a choice that is withdrawn; once, with every source of it."""
    for at, (first, *others) in sources.items():
        note = "".join(f", {side.source} ({side.value})" for side in others)
        yield one(at, first, contests.side(None), field="choix", reason=_GONE, note=note)


@check("A108")
def by_the_first_round(first: FirstRound, election: Election, contests: Contests) -> Iterator[One]:
    """A108: a choice of this second round was not in the first, or its votes there do not qualify it."""
    if election.round != 2:
        return
    polls = {poll.number: poll for poll in election.polls}
    for index, standing in first.contests.items():
        contest = contests.contests[index]
        kind = kind_of(polls[contest.poll].type)
        if kind is None or kind in _LISTS_MERGE:
            continue
        stood = match(contest.choices, standing.choices)
        for choice, place in zip(contest.choices, stood, strict=True):
            reason = _NOT_THERE if place is None else None
            if place is not None and polls[contest.poll].whole and not _qualified(kind, standing, place, stood):
                reason = _NOT_QUALIFIED
            if reason is not None:
                right = Side(
                    first.file,
                    standing.votes[place] if place is not None else None,
                    Quantity.VOTES,
                    EvidenceKind.OTHER_ROUND,
                )
                left = contests.side(choice)
                yield one(Named(poll=contest.poll), left, right, field="choix", reason=reason)


def _qualified(kind: ElectionKind, standing: Standing, place: int, stood: list[int | None]) -> bool:
    """Whether a choice may be in the second round; True where the first round's votes are not all known.

    Constitution, article 7: the two that are first once withdrawals are taken into account. Code électoral, L162 and
    L210-1: votes of an eighth of the registered voters, or else the first two.
    """
    votes = standing.votes
    if not votes:
        return True
    ahead = [other for other, count in enumerate(votes) if count > votes[place]]
    if kind is ElectionKind.PRESIDENTIAL:
        return sum(other in stood for other in ahead) < 2
    return len(ahead) < 2 or standing.registered < 0 or votes[place] * 8 >= standing.registered
