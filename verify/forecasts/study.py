"""Forecasts compared with a result: over the same candidates, and against what everybody could have said.

Whatever is added, a candidate to one forecast or a source to all, changes no figure of the others: each comparison is
over the candidates of one forecast, with those that name all of them. Only a mean of polls is of more polls then.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

from protocol.words import Text, cited, first_of, msg, nmsg, series
from verify.forecasts.choosing import APART, ForecastStanding, PlacedForecast, Question, place
from verify.forecasts.model import Forecast, ForecastFile, NamedShare
from verify.forecasts.result import Accuracy, CheckedResult, ScoredForecast, accuracy_of
from verify.model.use import Used

WEEK = 7
"""Days before the vote of the polls that everybody could have read."""
MOST_TABLES = 40
"""Sets of candidates that have a table of their own."""
_NAMED = 8
"""Names without a candidate that are listed."""
_ASKED = (ForecastStanding.RANKED, ForecastStanding.NOBODY, *APART)
"""Standings of forecasts that are of this election and these days."""


@dataclass(frozen=True, slots=True)
class PollMean:
    """The mean of the polls of some days over some candidates, each source once.

    Attributes:
        sources: that have a poll of these days with all of these candidates.
        accuracy: of the mean of their shares.
    """

    sources: tuple[str, ...]
    accuracy: Accuracy


@dataclass(frozen=True, slots=True)
class BaselineRow:
    """Forecast that needs no knowledge.

    Attributes:
        name: ``uniform``, ``last_election`` or ``polls``.
        text: for people.
        accuracy: over the candidates of the table.
    """

    name: str
    text: Text
    accuracy: Accuracy


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """The last forecast of a source, over the candidates of a table.

    Attributes:
        rank: by the mean absolute error, equal ones share it; None for what is never ranked.
        scored: the forecast, over all of its candidates.
        accuracy: over those of the table.
    """

    rank: int | None
    scored: ScoredForecast
    accuracy: Accuracy


@dataclass(frozen=True, slots=True)
class SameCandidates:
    """The last forecasts of all sources that name some candidates, over these candidates alone.

    Attributes:
        candidates: indices in the result, in its order.
        rows: the ranked ones, the least error first, and then those that are never ranked.
        baselines: over the same candidates; they have no rank.
    """

    candidates: tuple[int, ...]
    rows: tuple[ComparedRow, ...]
    baselines: tuple[BaselineRow, ...]


class ForecastStudy:
    """Files given, forecasts used, and all comparisons.

    Attributes:
        files: of forecasts, used or not.
        question: what was asked.
        result, baseline: what they are compared with.
        placed: every forecast with what becomes of it.
    """

    def __init__(
        self, files: Sequence[ForecastFile], question: Question, result: CheckedResult, baseline: CheckedResult | None
    ) -> None:
        self.question, self.result, self.baseline = question, result, baseline
        forecasts = [forecast for file in files for forecast in file.forecasts]
        self.placed: list[PlacedForecast] = place(forecasts, question, result)
        self.files = tuple(_name_unmatched(file, self.placed) for file in files)

    def _of(self, *standings: ForecastStanding) -> list[ScoredForecast]:
        return [each.scored for each in self.placed if each.standing in standings and each.scored is not None]

    @cached_property
    def ranked(self) -> list[ScoredForecast]:
        """The forecasts that count."""
        return self._of(ForecastStanding.RANKED)

    @cached_property
    def _polls(self) -> list[ScoredForecast]:
        """Polls published before the vote, however old."""
        return self._of(ForecastStanding.RANKED, ForecastStanding.TOO_OLD)

    @cached_property
    def last(self) -> list[ScoredForecast]:
        """The last one of each source."""
        return _last_of_each(self.ranked)

    @cached_property
    def apart(self) -> list[ScoredForecast]:
        """The last one of each source that is measured, and never ranked."""
        return _last_of_each(self._of(*APART))

    @cached_property
    def sets(self) -> list[tuple[int, ...]]:
        """The sets of candidates that a source or the last election names, the largest first."""
        found = {each.accuracy.candidates for each in (*self.last, *self.apart)}
        if again := frozenset(self._again):
            found.add(again)
        return sorted((tuple(sorted(each)) for each in found), key=lambda each: (-len(each), each))

    @cached_property
    def tables(self) -> list[SameCandidates]:
        """One for each of these sets, of as many as anybody reads."""
        made = (self._table(candidates) for candidates in self.sets[:MOST_TABLES])
        return [table for table in made if table.rows]

    @cached_property
    def _again(self) -> dict[int, Fraction]:
        """The last election's shares of the candidates who stood again."""
        if self.baseline is None:
            return {}
        places = self.result.of(self.baseline.names)
        return {at: share for at, share in zip(places, self.baseline.shares, strict=True) if at is not None}

    def _table(self, candidates: tuple[int, ...]) -> SameCandidates:
        among = frozenset(candidates)
        over, apart = (
            sorted(
                ((accuracy, each) for each in some if (accuracy := each.accuracy.over(among)) is not None),
                key=lambda found: (found[0].mean_absolute, found[1].forecast.source),
            )
            for some in (self.last, self.apart)
        )
        errors = [accuracy.mean_absolute for accuracy, _ in over]
        rows = [ComparedRow(errors.index(accuracy.mean_absolute) + 1, each, accuracy) for accuracy, each in over]
        rows += [ComparedRow(None, each, accuracy) for accuracy, each in apart]
        return SameCandidates(candidates, tuple(rows), tuple(self._baselines(among)))

    def _baselines(self, among: frozenset[int]) -> list[BaselineRow]:
        even = dict.fromkeys(among, Fraction(100, len(self.result.names)))
        found = [BaselineRow("uniform", msg("equal shares"), accuracy_of(even, self.result))]
        if among <= self._again.keys():
            shares = {at: self._again[at] for at in among}
            found.append(BaselineRow("last_election", msg("the last election"), accuracy_of(shares, self.result)))
        polls = self.polls_before_the_vote(among)
        if polls is not None:
            said = msg("last polls ({count:n})", count=len(polls.sources))
            found.append(BaselineRow("polls", said, polls.accuracy))
        return found

    def polls_before_the_vote(self, among: frozenset[int]) -> PollMean | None:
        """The polls of the last week before the vote."""
        return polls_of(self._polls, self.result, among, self.question.vote)


def _last_of_each(scored: Sequence[ScoredForecast]) -> list[ScoredForecast]:
    """The last forecast of each source, by the name of the source."""
    found: dict[str, ScoredForecast] = {}
    for each in sorted(scored, key=lambda each: _when(each.forecast)):
        found[each.forecast.source] = each
    return [found[source] for source in sorted(found)]


def _when(forecast: Forecast) -> tuple[object, ...]:
    begin = forecast.begin.last if forecast.begin is not None else datetime.date.min
    return (*forecast.sort_key()[:1], begin, forecast.sort_key())


def without_overlaps(scored: Sequence[ScoredForecast]) -> list[ScoredForecast]:
    """The same without rolling polls whose days are also those of a later one of the same source, which is kept."""
    kept: list[ScoredForecast] = []
    begun: dict[str, datetime.date] = {}
    for each in sorted(scored, key=lambda each: _when(each.forecast), reverse=True):
        forecast = each.forecast
        date, begin = forecast.date, forecast.begin or forecast.date
        if date is None or begin is None:
            continue
        if forecast.rolling:
            if date.last >= begun.get(forecast.source, datetime.date.max):
                continue
            begun[forecast.source] = begin.first
        kept.append(each)
    return kept[::-1]


def polls_of(
    scored: Iterable[ScoredForecast], result: CheckedResult, candidates: frozenset[int], vote: datetime.date
) -> PollMean | None:
    """The polls of the last week that name all of some candidates, each source once, rolling ones counted once.

    Args:
        scored: the forecasts; those that state no sample are no polls.
        result: what they are compared with.
        candidates: over whom.
        vote: the day of the vote.
    """
    first = vote - datetime.timedelta(days=WEEK)
    inside = [
        each
        for each in scored
        if each.forecast.sample is not None
        and candidates <= each.accuracy.candidates
        and (date := each.forecast.date) is not None
        and date.exact
        and first <= date.last < vote
    ]
    by_source: dict[str, list[Accuracy]] = defaultdict(list)
    for each in without_overlaps(inside):
        if (accuracy := each.accuracy.over(candidates)) is not None:
            by_source[each.forecast.source].append(accuracy)
    if not by_source:
        return None
    sources = tuple(sorted(by_source))
    shares = {
        candidate: _mean([_mean([_share(each, candidate) for each in by_source[source]]) for source in sources])
        for candidate in candidates
    }
    return PollMean(sources, accuracy_of(shares, result))


def _mean(values: Sequence[Fraction]) -> Fraction:
    return sum(values, Fraction(0)) / len(values)


def _share(accuracy: Accuracy, candidate: int) -> Fraction:
    return next(each.share for each in accuracy.errors if each.candidate == candidate)


def _name_unmatched(file: ForecastFile, placed: Iterable[PlacedForecast]) -> ForecastFile:
    """The same file, partly used, with those names where there are some."""
    others = {id(each.forecast): _unmatched(each) for each in placed if each.standing in _ASKED}
    rows: dict[str, list[int]] = defaultdict(list)
    for forecast in file.forecasts:
        for named in others.get(id(forecast), ()):
            rows[named.label].append(named.row)
    if not rows:
        return file
    labels = sorted(rows, key=lambda label: (min(rows[label]), label))
    said = nmsg(
        "{count:n} row matches no candidate of the result and is not compared: {who}",
        "{count:n} rows match no candidate of the result and are not compared: {who}",
        sum(map(len, rows.values())),
        who=first_of((_name(label, rows[label]) for label in labels), _NAMED),
    )
    why = series([part for part in (file.why, said) if part], msg("; "))
    return replace(file, used=Used.PART, why=why)


def _unmatched(placed: PlacedForecast) -> list[NamedShare]:
    named = placed.forecast.named
    return [each for each in named if placed.scored is None or each.label in placed.scored.others]


def _name(label: str, rows: list[int]) -> Text:
    if len(rows) == 1:
        return msg("{label} (row {row})", label=cited(label), row=rows[0])
    return msg("{label} ({count:n} rows)", label=cited(label), count=len(rows))
