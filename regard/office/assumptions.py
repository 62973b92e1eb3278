"""Assumptions of a plan that nobody has measured in this town, as sentences: of the model and its scenarios."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from protocol.words import Text, msg
from regard.office.scenarios import PlanScenario
from sim import parameters
from sim.queues.town import Circumstances, Then

SECOND_VOTE = msg("with two polls, the second vote takes as long as the first")


def of_two_polls(first_only: float) -> Text:
    """Assumptions of a night with two polls, given the share that votes in the first one only."""
    if first_only:
        return msg(
            "lists and candidates of both polls are invented, and so is how many vote for each, blank or null; "
            "who votes in the first poll only holds no proxy"
        )
    return msg(
        "lists and candidates of both polls are invented, and so is how many vote for each, blank or null; "
        "whoever comes votes in both"
    )


def of_model(scenarios: Sequence[PlanScenario]) -> Iterator[Text]:
    """All that the scenarios assume, each once."""
    of = [each.circumstances for each in scenarios]
    yield msg("turnout is the same in every bureau, and comes from an election or an option, not from this town's own")
    yield msg("people come evenly between the opening, 12h, 17h and the closing: no finer official figure exists")
    if any(each.service.mean == parameters.VOTE.mean for each in of):
        low, high = parameters.VOTE_MEANS
        yield msg(
            "a vote takes {seconds:g} s on average: assumed, between the {low:g} s of a survey of communes and the "
            "{high:g} s seen in one bureau, both of 2007",
            seconds=parameters.VOTE.mean,
            low=low,
            high=high,
        )
    yield msg(
        "times at the table ({identify:g} s) and at the roll ({sign:g} s), and the spread of all times, are assumed",
        identify=parameters.IDENTIFY.mean,
        sign=parameters.SIGN.mean,
    )
    if any(each.proxies == parameters.PROXY_SHARE for each in of):
        yield msg("{share:g} % of the votes are cast by proxy", share=parameters.PROXY_SHARE * 100)
    if any(each.polls == 2 and each.second is None for each in of):
        yield SECOND_VOTE
    yield from _of_failures(of)
    if any(each.patience is not None for each in of):
        yield msg("how long people wait before they leave is assumed (exponential); who leaves does not come back")


def _of_failures(of: Sequence[Circumstances]) -> Iterator[Text]:
    failing = [each for each in of if each.breakdowns is not None]
    if failing:
        yield msg(
            "no rate of failures is published for these machines (in the Netherlands, on 1 June 2005, a minister said "
            "that 0.25 % of the machines were replaced); a machine fails at most once a day, at any moment of it"
        )
        yield msg("times of repair are spread around their mean as is assumed")
    ways = {each.breakdowns.then for each in failing if each.breakdowns is not None}
    ways |= {each.outage.then for each in of if each.outage is not None}
    if Then.PAPER in ways:
        yield msg(
            "with ballot papers there is a booth for {voters} registered voters (L62), and {seconds:g} s in it are "
            "assumed",
            voters=parameters.VOTERS_PER_BOOTH,
            seconds=parameters.BOOTH.mean,
        )
    if Then.RESERVE in ways:
        yield msg("reserve machines go where a machine fails first; none is kept back for a larger bureau")
