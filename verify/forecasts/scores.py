"""A forecast compared with a result, over the candidates that it names or over some of them; exact, in points."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction

from verify.forecasts.model import Forecast
from verify.forecasts.result import CheckedResult


@dataclass(frozen=True, slots=True)
class CandidateError:
    """Forecast share of one candidate and the result, in points.

    Attributes:
        candidate: index in the result.
        share, result, error: the error is the share less the result.
    """

    candidate: int
    share: Fraction
    result: Fraction

    @property
    def error(self) -> Fraction:
        """Excess of the forecast."""
        return self.share - self.result


@dataclass(frozen=True, slots=True)
class Accuracy:
    """The measures over some candidates. All are over the same ``errors``, in the order of the result."""

    errors: tuple[CandidateError, ...]

    @property
    def candidates(self) -> frozenset[int]:
        """Indices of the candidates."""
        return frozenset(each.candidate for each in self.errors)

    @property
    def mean_absolute(self) -> Fraction:
        """Mean absolute error, in points."""
        return sum((abs(each.error) for each in self.errors), Fraction(0)) / len(self.errors)

    @property
    def first_two(self) -> tuple[int, bool] | None:
        """Number of the result's first two that lead the forecast, and whether in that order.

        None where fewer than two are named. A candidate who shares the second place with another one is not in it.
        """
        shares = [each.share for each in self.errors]
        if len(shares) < 2:
            return None
        right = sum(sum(other >= share for other in shares) <= 2 for share in shares[:2])
        return right, right == 2 and shares[0] > shares[1]

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


def score(forecast: Forecast, result: CheckedResult) -> ScoredForecast | None:
    """Compare a forecast with the result; None where it names nobody who stood."""
    places = result.of([each.label for each in forecast.named])
    errors = [
        CandidateError(place, named.share, result.shares[place])
        for place, named in zip(places, forecast.named, strict=True)
        if place is not None
    ]
    others = [named.label for place, named in zip(places, forecast.named, strict=True) if place is None]
    errors.sort(key=lambda each: each.candidate)
    return ScoredForecast(forecast, Accuracy(tuple(errors)), tuple(sorted(others))) if errors else None


def accuracy_of(shares: dict[int, Fraction], result: CheckedResult) -> Accuracy:
    """The measures of shares that no source stated: a baseline, a mean of polls."""
    return Accuracy(tuple(CandidateError(at, shares[at], result.shares[at]) for at in sorted(shares)))
