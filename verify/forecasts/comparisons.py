"""Forecasts beside each other on equal terms: over the same candidates, and against what everybody could have said.

Whatever is added, a candidate to one forecast or a source to all, changes no figure of the others: each comparison is
over the candidates of one forecast, with those that name all of them. Only a mean of polls is of more polls then.
"""

from __future__ import annotations

import datetime
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from verify.forecasts.model import Forecast
from verify.forecasts.result import ResultWay
from verify.forecasts.scores import Accuracy, ScoredForecast, accuracy_of

WEEK = 7
"""Days of the polls that everybody could have read: the day of a forecast and the six before it."""
DRAWN = 10_000
"""Samples of the bootstrap."""
LEAST_SOURCES = 4
"""From so many other sources on there is an interval."""
_FINE = 10**9
"""Errors are drawn in whole billionths of a point, so that the same figures come out everywhere."""
AGES = ((0, 7), (8, 14), (15, 30), (31, 60), (61, 120), (121, 240), (241, 10**6))
"""Days before the vote, in classes."""
LEADING = 5
"""Points from which on a candidate is one of those over which learning is measured."""


@dataclass(frozen=True, slots=True)
class PollMean:
    """The mean of the polls of some days over some candidates, each source once.

    Attributes:
        sources: that have a poll of these days with all of these candidates.
        accuracy: of the mean of their shares.
        errors: mean absolute error of each source, in the order of ``sources``.
    """

    sources: tuple[str, ...]
    accuracy: Accuracy
    errors: tuple[Fraction, ...]

    @property
    def mean(self) -> Fraction:
        """Mean of the errors of the sources."""
        return sum(self.errors, Fraction(0)) / len(self.errors)


@dataclass(frozen=True, slots=True)
class AgainstWeek:
    """A forecast against the polls of its week on the same candidates.

    Attributes:
        scored: it.
        polls: of the other sources; None where there was none.
        difference: its mean absolute error less the mean of theirs.
        low, high: a 95 % bootstrap interval, sources drawn as wholes; None with fewer than `LEAST_SOURCES`.
    """

    scored: ScoredForecast
    polls: PollMean | None
    difference: Fraction | None = None
    low: Fraction | None = None
    high: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Age:
    """Polls so many days before the vote, over the leading candidates.

    Attributes:
        first, last: days before the vote.
        forecasts, sources: how many.
        mean: of the sources' means, in points.
    """

    first: int
    last: int
    forecasts: int
    sources: int
    mean: Fraction


def last_of_each(scored: Sequence[ScoredForecast]) -> list[ScoredForecast]:
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
    scored: Iterable[ScoredForecast],
    way: ResultWay,
    candidates: frozenset[int],
    last: datetime.date,
    days: int,
    but: str,
) -> PollMean | None:
    """The polls that end in some days and name all of some candidates, each source once, rolling ones counted once.

    Args:
        scored: the forecasts; those that state no sample are no polls.
        way: the reading of the result.
        candidates: over whom.
        last: the last of the days.
        days: how many.
        but: a source to leave out.
    """
    first = last - datetime.timedelta(days=days - 1)
    inside = [
        each
        for each in scored
        if each.forecast.sample is not None
        and each.forecast.source != but
        and candidates <= each.accuracy.candidates
        and (date := each.forecast.date) is not None
        and date.exact
        and first <= date.last <= last
    ]
    by_source: dict[str, list[Accuracy]] = defaultdict(list)
    for each in without_overlaps(inside):
        if (accuracy := each.accuracy.over(candidates)) is not None:
            by_source[each.forecast.source].append(accuracy)
    if not by_source:
        return None
    sources = tuple(sorted(by_source))
    errors = tuple(_mean([each.mean_absolute for each in by_source[source]]) for source in sources)
    shares = {
        candidate: _mean([_mean([_share(each, candidate) for each in by_source[source]]) for source in sources])
        for candidate in candidates
    }
    return PollMean(sources, accuracy_of(shares, way), errors)


def _mean(values: Sequence[Fraction]) -> Fraction:
    return sum(values, Fraction(0)) / len(values)


def _share(accuracy: Accuracy, candidate: int) -> Fraction:
    return next(each.share for each in accuracy.errors if each.candidate == candidate)


def against_week(
    scored: ScoredForecast, all_of: Sequence[ScoredForecast], way: ResultWay, days: int = WEEK
) -> AgainstWeek:
    """A forecast against the polls of other sources in the days up to its own, over its candidates."""
    date = scored.forecast.date
    polls = None
    if date is not None and date.exact:
        candidates = scored.accuracy.candidates
        polls = polls_of(all_of, way, candidates, date.last, days, scored.forecast.source)
    if polls is None:
        return AgainstWeek(scored, None)
    own = scored.accuracy.mean_absolute
    interval = drawn_interval(own, polls.errors, scored.forecast.source)
    return AgainstWeek(scored, polls, own - polls.mean, *(interval or (None, None)))


def drawn_interval(own: Fraction, errors: Sequence[Fraction], key: str) -> tuple[Fraction, Fraction] | None:
    """Percentiles 2.5 and 97.5 of ``own`` less the mean of the errors, the sources drawn with replacement.

    Args:
        own: mean absolute error of the forecast.
        errors: of the other sources, one each.
        key: what the random stream is for; the same key and figures give the same interval.
    """
    if len(errors) < LEAST_SOURCES:
        return None
    values = np.array([round(error * _FINE) for error in errors], np.int64)
    seed = int.from_bytes(hashlib.sha256(b"forecast\0" + key.encode("utf-8", "backslashreplace")).digest()[:16])
    random = np.random.default_rng(np.random.SeedSequence(seed))
    sums = np.sort(values[random.integers(0, len(values), (DRAWN, len(values)))].sum(axis=1))
    low, high = (int(sums[at]) for at in (DRAWN * 975 // 1000 - 1, DRAWN * 25 // 1000))
    size = len(values) * _FINE
    return own - Fraction(low, size), own - Fraction(high, size)


def learning(
    scored: Sequence[ScoredForecast], vote: datetime.date, candidates: frozenset[int]
) -> tuple[list[tuple[ScoredForecast, int, Fraction]], list[Age]]:
    """Mean absolute error by days before the vote, over the same candidates; rolling polls counted once.

    Means are of polls: forecasts that state a sample.

    Returns:
        each forecast that names all of them with its days and error, and the classes of the polls.
    """
    points = []
    for each in without_overlaps(scored):
        days, accuracy = each.forecast.days_before(vote), each.accuracy.over(candidates)
        if days is not None and accuracy is not None:
            points.append((each, days, accuracy.mean_absolute))
    classes = []
    for first, last in AGES:
        by_source: dict[str, list[Fraction]] = defaultdict(list)
        for each, days, error in points:
            if first <= days <= last and each.forecast.sample is not None:
                by_source[each.forecast.source].append(error)
        if by_source:
            mean = _mean([_mean(by_source[source]) for source in sorted(by_source)])
            classes.append(Age(first, last, sum(map(len, by_source.values())), len(by_source), mean))
    return points, classes


def leading(way: ResultWay) -> frozenset[int]:
    """Candidates with at least `LEADING` points; two at least."""
    return frozenset(at for at, share in enumerate(way.shares) if share >= LEADING or at < 2)
