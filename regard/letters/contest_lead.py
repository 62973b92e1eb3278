"""The lead in a contest, and what published results make of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

import numpy as np

from protocol.quantities import Quantity
from protocol.words import Message, Text, msg
from regard.letters.matter import Lead, majority_of
from verify.cases.place_names import listed
from verify.columns.contests_at_hand import Judged, contests
from verify.materiality.contest import ContestCount
from verify.materiality.outcome import Totals, decide
from verify.model.evidence import LinedEvidence

_OF_VOTERS = frozenset((Quantity.SIGNATURES, Quantity.VOTES_FOUND, Quantity.REGISTERED))
"""Counts that a lead does not depend on."""


def contest_of(evidence: LinedEvidence, polls: frozenset[int]) -> Judged | None:
    """The one contest of an election with votes for two choices of which one is elected."""
    found = [each for each in contests(evidence, every=True) if not polls or each.poll in polls]
    if len(found) != 1 or len(found[0].count.choices) < 2 or not found[0].count.scope.voted:
        return None
    ballot = found[0].count.ballot
    return None if ballot is not None and ballot.kind.several_names else found[0]


def lead_of(count: ContestCount, pending: frozenset[tuple[str, str, str]]) -> Lead:
    """The lead in a contest, by evidence with the certain corrections made."""
    ballot, totals = count.ballot, count.totals
    first, second = _first_two(count)
    return Lead(
        names=(count.choices[first], count.choices[second]),
        votes=(totals.votes[first], totals.votes[second]),
        bureaux=count.scope.voted,
        valid=totals.valid,
        majority=None if ballot is None or ballot.final else majority_of(totals.valid),
        elected=_elected(count),
        sure=count.scope.voted == count.scope.listed and all(name in _OF_VOTERS for _, _, name in pending),
    )


def lead_without(contest: Judged, units: Collection[int]) -> Lead | None:
    """The lead without the votes of some irregular bureaux, where others then lead or are elected; else None."""
    count = contest.count
    gone = np.isin(contest.units, list(units)) & count.bureaux.irregular
    if not gone.any():
        return None
    taken, before = count.bureaux.some(gone).totals(), count.totals
    votes = tuple(all_ - less for all_, less in zip(before.votes, taken.votes, strict=True))
    lead = lead_of(replace(count, totals=Totals(before.registered, before.valid - taken.valid, votes)), frozenset())
    stands = lead_of(count, frozenset())
    return None if (lead.names, lead.elected) == (stands.names, stands.elected) else lead


def _first_two(count: ContestCount) -> list[int]:
    """The two choices with the most votes."""
    return sorted(range(len(count.totals.votes)), key=lambda choice: -count.totals.votes[choice])[:2]


def other_order(evidence: LinedEvidence, corrected: Judged | None, polls: frozenset[int]) -> Iterator[Text]:
    """Say that published votes put ahead, or elect, another choice than the PVs, with and without corrections.

    Else by how many votes more or fewer they put the same choice ahead.
    """
    of_records, published = contest_of(evidence, polls), contest_of(replace(evidence, votes=None), polls)
    if published is None or of_records is None or corrected is None or evidence.votes is None:
        return
    of_results = published.votes_from in {lines.published.file for lines in evidence.published}
    ahead, stand, hold = (each.count.choices[_first_two(each.count)[0]] for each in (published, of_records, corrected))
    if of_results and ahead != stand == hold:
        yield msg(
            "By the published results {published}; by the PVs {of_records}.",
            published=_ahead(published.count),
            of_records=_ahead(of_records.count),
        )
        return
    now, then, sure = (_elected(each.count) for each in (published, of_records, corrected))
    if of_results and now is not None and then is not None and now != then == sure:
        yield msg(
            "Added up bureau by bureau, the published votes {elect}; those of the PVs {elect_instead}.",
            elect=_electing(now),
            elect_instead=_electing(then),
        )
        return
    leads = [lead_of(each.count, frozenset()) for each in (published, of_records)]
    apart = [lead.votes[0] - lead.votes[1] for lead in leads]
    if of_results and leads[0].names == leads[1].names and apart[0] != apart[1]:
        yield msg(
            "Added up bureau by bureau, the published votes put “{first}” ahead of “{second}” by {published:n}; those "
            "of the PVs by {of_records:n}.",
            first=leads[0].names[0],
            second=leads[0].names[1],
            published=apart[0],
            of_records=apart[1],
        )


def _electing(names: Sequence[str]) -> Message:
    return msg("elect {names}", names=listed(names)) if names else msg("elect nobody")


def _elected(count: ContestCount) -> tuple[str, ...] | None:
    """Those whom the votes of a contest elect; None where that is not known."""
    ballot, totals = count.ballot, count.totals
    if ballot is None or (ballot.kind.threshold_of_registered and totals.registered is None):
        return None
    return tuple(count.choices[choice] for choice in sorted(decide(ballot, totals).elected))


def _ahead(count: ContestCount) -> Text:
    first, second = _first_two(count)
    return msg(
        "“{first}” is ahead of “{second}” ({most:n} and {next:n} votes)",
        first=count.choices[first],
        second=count.choices[second],
        most=count.totals.votes[first],
        next=count.totals.votes[second],
    )
