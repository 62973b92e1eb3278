"""Assertions by brute force: what an assorter's mean says, and that assertions together imply an outcome."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import product

import pytest

from verify.materiality.kinds import Ballot, ElectionKind
from verify.materiality.outcome import ContestOutcome, decide
from verify.paper_audit.assertions import (
    Assertion,
    AuditNeed,
    Papers,
    above_share,
    assort,
    below_share,
    higher_average,
    majority,
    more_votes,
    no_majority,
    reaches,
    stays_below,
)
from verify.paper_audit.elections import PaperCount, prove


def elections(cards: int, choices: int) -> Iterator[Papers]:
    for votes in product(range(cards + 1), repeat=choices):
        if sum(votes) <= cards:
            yield Papers(cards, votes)


ASSERTIONS = {
    "more votes": more_votes(3, 0, 1),
    "majority": majority(3, 0),
    "no majority": no_majority(3, 0),
    "above a tenth": above_share(3, 0, Fraction(1, 10)),
    "below a fifth": below_share(3, 0, Fraction(1, 5)),
    "reaches 4": reaches(3, 0, 4),
    "below 4": stays_below(3, 0, 4),
    "third seat before the second": higher_average(3, 0, 3, 1, 2),
}


@pytest.mark.parametrize("assertion", ASSERTIONS.values(), ids=ASSERTIONS)
@pytest.mark.parametrize("rest", [None, Papers(5, (2, 1, 1))], ids=["all on paper", "a part on paper"])
def test_mean_is_above_one_half_exactly_where_the_assertion_holds(assertion: Assertion, rest: Papers | None) -> None:
    for cards in range(1, 13):
        every = list(elections(cards, 3))
        stated = [assort(assertion, papers, rest) for papers in every]
        made = next((assorter for _, assorter in stated if assorter is not None), None)
        for papers, (standing, _) in zip(every, stated, strict=True):
            whole = (
                papers
                if rest is None
                else Papers(cards + rest.cards, tuple(map(sum, zip(papers.votes, rest.votes, strict=True))))
            )
            holds = assertion.holds(whole)
            assert (standing is not AuditNeed.FULL_COUNT) >= holds or made is None
            if made is None:
                assert standing is not AuditNeed.CERTAIN or holds
                continue
            assert all(0 <= value <= made.upper for value in (*made.values, made.blank))
            assert (made.sum_of(papers) > Fraction(cards, 2)) == holds


BALLOTS = {
    "presidential, first": Ballot(ElectionKind.PRESIDENTIAL, 1),
    "presidential, second": Ballot(ElectionKind.PRESIDENTIAL, 2),
    "legislative, first": Ballot(ElectionKind.LEGISLATIVE, 1),
    "legislative, second": Ballot(ElectionKind.LEGISLATIVE, 2),
    "municipal, first": Ballot(ElectionKind.MUNICIPAL_LISTS, 1, 5),
    "municipal, second": Ballot(ElectionKind.MUNICIPAL_LISTS, 2, 5),
    "regional, first": Ballot(ElectionKind.REGIONAL, 1, 7),
    "regional, second": Ballot(ElectionKind.REGIONAL, 2, 7),
    "European": Ballot(ElectionKind.EUROPEAN, 1, 6),
    "referendum": Ballot(ElectionKind.REFERENDUM, 1),
}


@pytest.mark.check(3)
@pytest.mark.parametrize("ballot", BALLOTS.values(), ids=BALLOTS)
@pytest.mark.parametrize("registered", [26, 41])
def test_where_all_assertions_hold_the_outcome_is_the_reported_one(ballot: Ballot, registered: int) -> None:
    """Of all reported counts of ten papers: no other count satisfies the assertions and has another outcome."""
    every = list(elections(10, 3))
    outcomes = [decide(ballot, PaperCount(registered, papers).totals) for papers in every]
    proven: dict[tuple[Assertion, ...], ContestOutcome] = {}
    for papers, outcome in zip(every, outcomes, strict=True):
        proof = prove(ballot, PaperCount(registered, papers))
        if not proof.tied and all(each.holds(papers) for each in proof.assertions):
            proven.setdefault(proof.assertions, outcome)
    assert len(proven) >= 3
    for assertions, outcome in proven.items():
        for papers, other in zip(every, outcomes, strict=True):
            assert other == outcome or not all(each.holds(papers) for each in assertions), (assertions, papers)


def test_a_part_on_paper_that_cannot_change_anything_needs_no_audit() -> None:
    standing, assorter = assort(more_votes(2, 0, 1), Papers(10, (3, 7)), Papers(40, (30, 10)))
    assert (standing, assorter) == (AuditNeed.CERTAIN, None)
    standing, assorter = assort(more_votes(2, 0, 1), Papers(20, (3, 17)), Papers(40, (30, 10)))
    assert standing is AuditNeed.TO_AUDIT or standing is AuditNeed.FULL_COUNT
    assert assort(more_votes(2, 0, 1), Papers(20, (10, 10)), Papers(40, (30, 10)))[0] is AuditNeed.FULL_COUNT
    assert assort(more_votes(2, 0, 1), Papers(20, (11, 9)), None)[0] is AuditNeed.TO_AUDIT
