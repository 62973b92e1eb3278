"""The lead in a contest, and what published results make of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from protocol.quantities import Quantity
from protocol.words import Text, msg
from regard.letters.matter import Lead
from verify.cases.place_names import listed
from verify.columns.contests_at_hand import Judged, contests
from verify.materiality.contest import ContestCount
from verify.materiality.outcome import decide
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
    elected = None
    if ballot is not None and not (ballot.kind.of_registered and totals.registered is None):
        elected = tuple(count.choices[choice] for choice in sorted(decide(ballot, totals).elected))
    return Lead(
        names=(count.choices[first], count.choices[second]),
        votes=(totals.votes[first], totals.votes[second]),
        bureaux=count.scope.voted,
        majority=None if ballot is None or ballot.final else totals.valid // 2 + 1,
        elected=elected,
        sure=count.scope.voted == count.scope.listed and all(name in _OF_VOTERS for _, _, name in pending),
    )


def _first_two(count: ContestCount) -> list[int]:
    """The two choices with the most votes."""
    return sorted(range(len(count.totals.votes)), key=lambda choice: -count.totals.votes[choice])[:2]


def other_order(evidence: LinedEvidence, corrected: Judged | None, polls: frozenset[int]) -> Iterator[Text]:
    """Say that published votes put ahead, or elect, another choice than the PVs, with and without corrections."""
    published, of_records = contest_of(evidence, polls), contest_of(replace(evidence, published=[]), polls)
    if published is None or of_records is None or corrected is None or evidence.votes is None:
        return
    before, after = _first_two(published.count), _first_two(of_records.count)
    of_results = published.votes_from in {lines.published.file for lines in evidence.published}
    ahead, stand, hold = (each.count.choices[_first_two(each.count)[0]] for each in (published, of_records, corrected))
    if of_results and ahead != stand == hold:
        yield msg(
            "By the published results {published}; by the PVs {of_records}.",
            published=_ahead(published.count, before),
            of_records=_ahead(of_records.count, after),
        )
        return
    now, then, sure = map(_elected, (published, of_records, corrected))
    if of_results and now and then and now != then == sure:
        yield msg(
            "Elected by the votes of the published results: {now}; by those of the PVs: {then}.", now=now, then=then
        )


def _elected(judged: Judged) -> Text:
    """Those whom the votes of a contest elect; empty where that is not known."""
    ballot, totals = judged.count.ballot, judged.count.totals
    if ballot is None or (ballot.kind.of_registered and totals.registered is None):
        return ""
    names = [judged.count.choices[choice] for choice in sorted(decide(ballot, totals).elected)]
    return listed(names) if names else msg("nobody")


def _ahead(count: ContestCount, two: Sequence[int]) -> Text:
    first, second = two
    return msg(
        "“{first}” is ahead of “{second}” ({most:n} and {next:n} votes)",
        first=count.choices[first],
        second=count.choices[second],
        most=count.totals.votes[first],
        next=count.totals.votes[second],
    )
