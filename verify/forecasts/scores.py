"""A forecast compared with one reading of the result: over the candidates that it names, or over some of them."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection
from dataclasses import dataclass
from fractions import Fraction

from verify.forecasts import measures
from verify.forecasts.measures import FirstPlaces
from verify.forecasts.model import Forecast, NamedShare
from verify.forecasts.result import CheckedResult, ResultWay


@dataclass(frozen=True, slots=True)
class CandidateError:
    """What a forecast said of one candidate, and what the result was; in points.

    Attributes:
        candidate: index in the result.
        share, result, error: the error is the share less the result.
        named: with the interval and the deviation that the source states; None for a baseline.
    """

    candidate: int
    share: Fraction
    result: Fraction
    named: NamedShare | None = None

    @property
    def error(self) -> Fraction:
        """What was said too much."""
        return self.share - self.result

    @property
    def inside(self) -> bool | None:
        """Whether the stated interval has the result; its ends count as inside. None where none is stated."""
        named = self.named
        if named is None or named.low is None or named.high is None:
            return None
        return named.low <= self.result <= named.high


@dataclass(frozen=True, slots=True)
class Accuracy:
    """The measures over some candidates. All are over the same ``errors``, in the order of the result."""

    errors: tuple[CandidateError, ...]

    @property
    def candidates(self) -> frozenset[int]:
        """Which they are."""
        return frozenset(each.candidate for each in self.errors)

    @property
    def mean_absolute(self) -> Fraction:
        """Mean absolute error, in points."""
        return measures.mean_absolute([each.error for each in self.errors])

    @property
    def mean_square(self) -> Fraction:
        """Mean of the squares of the errors."""
        return measures.mean_square([each.error for each in self.errors])

    @property
    def largest(self) -> CandidateError:
        """The largest error by size."""
        return self.errors[measures.largest([each.error for each in self.errors])]

    @property
    def tau(self) -> Fraction | None:
        """Kendall's tau-a of the order."""
        return measures.kendall(*self._columns())

    def first(self, count: int) -> tuple[FirstPlaces, int] | None:
        """Whether the first places are right."""
        return measures.first_places(*self._columns(), count)

    def _columns(self) -> tuple[list[Fraction], list[Fraction]]:
        return [each.share for each in self.errors], [each.result for each in self.errors]

    @property
    def of_first_two(self) -> float | None:
        """Martin, Traugott and Kennedy's A of the first two of the result; None where they are not both named."""
        two = [each for each in self.errors if each.candidate < 2]
        if len(two) < 2:
            return None
        first, second = two
        return measures.accuracy(first.share, second.share, first.result, second.result)

    @property
    def odds(self) -> float | None:
        """Arzheimer and Evans' B, the mean of A' by size; None where a share is 0 or 100."""
        return self._odds([1.0] * len(self.errors))

    @property
    def odds_weighted(self) -> float | None:
        """B weighted by the result."""
        return self._odds([float(each.result) for each in self.errors])

    def _odds(self, weights: list[float]) -> float | None:
        found = [measures.odds_error(each.share, each.result) for each in self.errors]
        known = [abs(value) for value in found if value is not None]
        if len(known) < len(found):
            return None
        return math.fsum(map(math.prod, zip(weights, known, strict=True))) / math.fsum(weights)

    @property
    def intervals(self) -> tuple[CandidateError, ...]:
        """Those for which an interval is stated."""
        return tuple(each for each in self.errors if each.inside is not None)

    @property
    def covered(self) -> int:
        """How many of the stated intervals have the result."""
        return sum(bool(each.inside) for each in self.intervals)

    @property
    def interval_score(self) -> Fraction | None:
        """Mean interval score; None where no interval is stated."""
        scores = [
            measures.interval_score(each.named.low, each.named.high, each.result, each.named.level)
            for each in self.errors
            if each.named is not None and each.named.low is not None and each.named.high is not None
        ]
        return sum(scores, Fraction(0)) / len(scores) if scores else None

    @property
    def crps(self) -> float | None:
        """Mean continuous ranked probability score, where distributions are stated."""
        return self._of_distributions(measures.crps)

    @property
    def log_score(self) -> float | None:
        """Mean logarithmic score, where distributions are stated."""
        return self._of_distributions(measures.log_score)

    def _of_distributions(self, score: Callable[[Fraction, Fraction, Fraction], float]) -> float | None:
        scores = [
            score(each.share, each.named.deviation, each.result)
            for each in self.errors
            if each.named is not None and each.named.deviation is not None
        ]
        return math.fsum(scores) / len(scores) if scores else None

    def over(self, candidates: Collection[int]) -> Accuracy | None:
        """The same over some candidates; None where not all of them are named."""
        kept = tuple(each for each in self.errors if each.candidate in candidates)
        return Accuracy(kept) if len(kept) == len(candidates) else None


@dataclass(frozen=True, slots=True)
class ScoredForecast:
    """A forecast with its measures.

    Attributes:
        forecast: it.
        accuracy: over the candidates that it names and that stood.
        others: names in it that no candidate has, or that could mean several.
    """

    forecast: Forecast
    accuracy: Accuracy
    others: tuple[str, ...]


def score(forecast: Forecast, result: CheckedResult, way: ResultWay) -> ScoredForecast | None:
    """Compare a forecast with one reading of the result; None where it names nobody who stood."""
    places = result.of([each.label for each in forecast.named])
    shares = way.shares
    errors = [
        CandidateError(place, named.share, shares[place], named)
        for place, named in zip(places, forecast.named, strict=True)
        if place is not None
    ]
    others = [named.label for place, named in zip(places, forecast.named, strict=True) if place is None]
    errors.sort(key=lambda each: each.candidate)
    return ScoredForecast(forecast, Accuracy(tuple(errors)), tuple(sorted(others))) if errors else None


def accuracy_of(shares: dict[int, Fraction], way: ResultWay) -> Accuracy:
    """The measures of shares that no source stated: a baseline, a mean of polls."""
    result = way.shares
    return Accuracy(tuple(CandidateError(at, shares[at], result[at]) for at in sorted(shares)))
