"""Forecasts compared with a result, as a whole: what was given, what counts, and every comparison."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from protocol.words import Text, msg, nmsg
from verify.forecasts.choosing import APART, ForecastStanding, PlacedForecast, Question, place
from verify.forecasts.comparisons import (
    WEEK,
    AgainstWeek,
    Age,
    PollMean,
    against_week,
    last_of_each,
    leading,
    learning,
    polls_of,
    without_overlaps,
)
from verify.forecasts.measures import hundredths
from verify.forecasts.model import ForecastFile
from verify.forecasts.result import CheckedResult, ResultWay
from verify.forecasts.scores import Accuracy, ScoredForecast, accuracy_of
from verify.forecasts.unmatched import name_unmatched

MOST_TABLES = 40
"""Sets of candidates that have a table of their own."""


MOST_WEEKS = 300
"""Sources whose last forecast is compared with the polls of its week."""


@dataclass(frozen=True, slots=True)
class BaselineRow:
    """What everybody could have said.

    Attributes:
        name: ``uniform``, ``last_election`` or ``polls``.
        text: for people.
        accuracy: over the candidates of the table.
    """

    name: str
    text: Text
    accuracy: Accuracy


@dataclass(frozen=True, slots=True)
class SameCandidates:
    """The last forecasts of all sources that name some candidates, over these candidates alone.

    Attributes:
        candidates: indices in the result, in its order.
        rows: rank and forecast with its measures over them, the least mean absolute error first; equal ones share a
            rank.
        baselines: over the same candidates; they have no rank.
    """

    candidates: tuple[int, ...]
    rows: tuple[tuple[int, ScoredForecast, Accuracy], ...]
    baselines: tuple[BaselineRow, ...]


class WayStudy:
    """Everything by one reading of the result."""

    def __init__(
        self, files: Sequence[ForecastFile], question: Question, result: CheckedResult, way: ResultWay,
        baseline: CheckedResult | None,
    ) -> None:  # fmt: skip
        self.way = way
        self._question, self._result = question, result
        forecasts = [forecast for file in files for forecast in file.forecasts]
        self.placed: list[PlacedForecast] = place(forecasts, question, result, way)
        self._baseline = _shares_of(baseline, result)

    @cached_property
    def ranked(self) -> list[ScoredForecast]:
        """The forecasts that count."""
        return self._of(ForecastStanding.RANKED)

    @cached_property
    def _polls(self) -> list[ScoredForecast]:
        """What was out before the vote, those outside of the days asked for included."""
        return self._of(ForecastStanding.RANKED, ForecastStanding.OUTSIDE)

    def _of(self, *standings: ForecastStanding) -> list[ScoredForecast]:
        return [each.scored for each in self.placed if each.standing in standings and each.scored is not None]

    @cached_property
    def last(self) -> list[ScoredForecast]:
        """The last one of each source."""
        return last_of_each(self.ranked)

    @cached_property
    def apart(self) -> list[PlacedForecast]:
        """Those that are measured, and never ranked."""
        return [each for each in self.placed if each.standing in APART]

    @cached_property
    def overlapping(self) -> int:
        """Rolling polls that are left out of means, as a later one has some of their days."""
        return len(self.ranked) - len(without_overlaps(self.ranked))

    @cached_property
    def tables(self) -> list[SameCandidates]:
        """One for each set of candidates that a source names, the largest first, and one for the last election's."""
        sets = {each.accuracy.candidates for each in self.last}
        if self._baseline:
            sets.add(frozenset(self._baseline))
        ordered = sorted((tuple(sorted(each)) for each in sets), key=lambda each: (-len(each), each))
        made = (self._table(candidates) for candidates in ordered[:MOST_TABLES])
        return [table for table in made if table.rows]

    @cached_property
    def left_out(self) -> int:
        """Sets of candidates that are too many for a table of their own."""
        return max(0, len({each.accuracy.candidates for each in self.last}) - MOST_TABLES)

    def _table(self, candidates: tuple[int, ...]) -> SameCandidates:
        among = frozenset(candidates)
        over = [(each, accuracy) for each in self.last if (accuracy := each.accuracy.over(among)) is not None]
        over.sort(key=lambda each: (each[1].mean_absolute, each[0].forecast.source))
        errors = [accuracy.mean_absolute for _, accuracy in over]
        rows = tuple((errors.index(error) + 1, *each) for error, each in zip(errors, over, strict=True))
        return SameCandidates(candidates, rows, tuple(self._baselines(among)))

    def _baselines(self, among: frozenset[int]) -> list[BaselineRow]:
        even = Fraction(100, len(self._result.names))
        found = [
            BaselineRow("uniform", msg("the same share for all"), accuracy_of(dict.fromkeys(among, even), self.way))
        ]
        if among <= self._baseline.keys():
            shares = {at: self._baseline[at] for at in among}
            found.append(BaselineRow("last_election", msg("the last election"), accuracy_of(shares, self.way)))
        polls = self.polls_before_the_vote(among)
        if polls is not None:
            said = nmsg(
                "mean of the last polls ({count:n})",
                "mean of the last polls ({count:n})",
                len(polls.sources),
            )
            found.append(BaselineRow("polls", said, polls.accuracy))
        return found

    def polls_before_the_vote(self, among: frozenset[int]) -> PollMean | None:
        """The polls of the last week before the vote."""
        eve = self._question.vote - datetime.timedelta(days=1)
        return polls_of(self._polls, self.way, among, eve, WEEK, "")

    @cached_property
    def weeks(self) -> list[AgainstWeek]:
        """The last forecast of each source against the polls of its week, of as many sources as anybody reads."""
        return [against_week(each, self._polls, self.way) for each in self.last[:MOST_WEEKS]]

    @cached_property
    def learning(self) -> tuple[list[tuple[ScoredForecast, int, Fraction]], list[Age]]:
        """Error by days before the vote over the leading candidates."""
        return learning(self.ranked, self._question.vote, leading(self.way))

    def figures(self) -> list[tuple[int, ...]]:
        """What is shown of the last forecasts, in hundredths: whether two readings of the result differ in it."""
        return [
            (hundredths(each.accuracy.mean_absolute), hundredths(each.accuracy.largest.error), each.accuracy.covered)
            for each in (*self.last, *(found.scored for found in self.apart if found.scored is not None))
        ]


def _shares_of(baseline: CheckedResult | None, result: CheckedResult) -> dict[int, Fraction]:
    """The last election's shares of the candidates who stood again."""
    if baseline is None:
        return {}
    places = result.of(baseline.names)
    shares = baseline.ways[0].shares
    return {place: share for place, share in zip(places, shares, strict=True) if place is not None}


@dataclass(frozen=True, slots=True)
class ForecastStudy:
    """All of it.

    Attributes:
        files: of forecasts, used or not.
        question: what was asked.
        result, baseline: what they are compared with.
        by_way: everything by each reading of the result; the first is the sum of its finest parts.
    """

    files: tuple[ForecastFile, ...]
    question: Question
    result: CheckedResult
    baseline: CheckedResult | None
    by_way: tuple[WayStudy, ...]

    @property
    def main(self) -> WayStudy:
        """By the sum of the finest parts."""
        return self.by_way[0]

    @property
    def matters(self) -> bool:
        """Whether another reading of the result changes a figure that is shown."""
        return any(each.figures() != self.main.figures() for each in self.by_way[1:])


def study_forecasts(
    files: Sequence[ForecastFile], question: Question, result: CheckedResult, baseline: CheckedResult | None = None
) -> ForecastStudy:
    """Compare what is in some files with the result."""
    by_way = tuple(WayStudy(files, question, result, way, baseline) for way in result.ways)
    named = tuple(name_unmatched(file, by_way[0].placed) for file in files)
    return ForecastStudy(named, question, result, baseline, by_way)
