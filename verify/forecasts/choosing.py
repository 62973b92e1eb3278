"""Choice of forecasts: of this election, certainly before the vote; with the reason for leaving out each other."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum

from protocol.words import Message, msg
from verify.forecasts.model import Forecast
from verify.forecasts.result import CheckedResult, ScoredForecast, score
from verify.model.identity import StatedElection


class ForecastStanding(Enum):
    """Use of a forecast: its word in JSON, and its text for people; only the first kind is ranked."""

    RANKED = "ranked", msg("compared")
    CLAIMED = "claimed_afterwards", msg("claimed afterwards")
    INEXACT = "date_not_exact", msg("its date may be after the vote")
    HYPOTHESIS = "other_hypothesis", msg("another hypothesis of the same publication is nearer to who stood")
    TOO_OLD = "too_old", msg("before the days asked for")
    OTHER_ELECTION = "other_election", msg("of another election or round")
    NOBODY = "nobody_who_stood", msg("names nobody who stood")

    def __init__(self, word: str, text: Message) -> None:
        self.word, self.text = word, text


APART = (ForecastStanding.CLAIMED, ForecastStanding.INEXACT)
"""Those that are measured and shown apart."""


MANY_YEARS = datetime.timedelta(days=5 * 365)
"""Time before the vote from which on a poll is about an earlier election."""


@dataclass(frozen=True, slots=True)
class Question:
    """Election that forecasts are compared for.

    Attributes:
        vote: the day of the vote.
        round: of the election; 0 where it does not matter.
        since: forecasts before this day are left out.
    """

    vote: datetime.date
    round: int = 0
    since: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class PlacedForecast:
    """A forecast with what becomes of it, and its measures where it names somebody who stood."""

    forecast: Forecast
    standing: ForecastStanding
    scored: ScoredForecast | None = None


def place(forecasts: Sequence[Forecast], question: Question, result: CheckedResult) -> list[PlacedForecast]:
    """Decide the use of each forecast, in an order independent of the rows."""
    found = [_by_itself(forecast, question, result) for forecast in sorted(forecasts, key=Forecast.sort_key)]
    alike: dict[tuple[str, ...], list[PlacedForecast]] = defaultdict(list)
    for each in found:
        if each.standing is ForecastStanding.RANKED:
            alike[_publication(each.forecast)].append(each)
    nearest = {id(min(several, key=lambda each: _distance(each, len(result.names)))) for several in alike.values()}
    return [_finally(each, question, id(each) in nearest) for each in found]


def _finally(placed: PlacedForecast, question: Question, nearest: bool) -> PlacedForecast:
    """The same, unless another hypothesis of it is nearer to who stood, or it is too old."""
    date = placed.forecast.date
    if placed.standing is not ForecastStanding.RANKED or date is None:
        return placed
    if not nearest:
        return replace(placed, standing=ForecastStanding.HYPOTHESIS)
    too_old = question.since is not None and date.last < question.since
    return replace(placed, standing=ForecastStanding.TOO_OLD) if too_old else placed


def _publication(forecast: Forecast) -> tuple[str, ...]:
    """Key of the hypotheses of one publication."""
    key = forecast.key
    return (key.source, key.identity, key.published, key.begin, key.end)


def _distance(placed: PlacedForecast, stood: int) -> tuple[int, int, str]:
    """Distance of a hypothesis from the candidates: names too many, names too few, then its own name."""
    scored = placed.scored
    others, named = (len(scored.others), len(scored.accuracy.errors)) if scored is not None else (0, 0)
    return others, stood - named, placed.forecast.key.hypothesis


def _by_itself(forecast: Forecast, question: Question, result: CheckedResult) -> PlacedForecast:
    if not _is_of(forecast, question):
        return PlacedForecast(forecast, ForecastStanding.OTHER_ELECTION)
    scored = score(forecast, result)
    if scored is None:
        return PlacedForecast(forecast, ForecastStanding.NOBODY)
    return PlacedForecast(forecast, _standing(forecast, question), scored)


def _is_of(forecast: Forecast, question: Question) -> bool:
    """Check that a forecast is of the election: by its round, its stated year, and its fieldwork.

    Nobody is asked about an election that is over, nor about one of so many years later.
    """
    key = forecast.key
    asked = [span.first for span in (forecast.begin, forecast.end) if span is not None]
    if asked and not question.vote - MANY_YEARS <= max(asked) <= question.vote:
        return False
    if key.round and question.round and key.round != question.round:
        return False
    year = StatedElection.of_text(key.election).year if key.election else 0
    return not year or year == question.vote.year


def _standing(forecast: Forecast, question: Question) -> ForecastStanding:
    date, out = forecast.date, forecast.out
    if date is None or out is None or max(date.first, out.first) >= question.vote:
        return ForecastStanding.CLAIMED
    return ForecastStanding.INEXACT if max(date.last, out.last) >= question.vote else ForecastStanding.RANKED
