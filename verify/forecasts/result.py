"""The result that forecasts are compared with, and a forecast compared with it.

The result is added up anew from its parts, in every way in which it can be read. A forecast is compared over the
candidates that it names or over some of them; exact, in points.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from protocol.errors import RegardError, count_of
from protocol.words import Text, msg, nmsg
from verify.forecasts.model import Forecast
from verify.model.contests import match
from verify.model.published import Flaw, Level, Published
from verify.read.published.checks import flaws
from verify.read.published.sums import RANK, by_label
from verify.read.results_files import read_all

MOST_CANDIDATES = 100
"""Most candidates or lists of one contest."""

WHOLE_COUNTRY = 90
"""Results of so many départements, of about a hundred, are taken for those of the whole country."""


class NoResult(RegardError):
    """The given result has no votes by candidate, or more than one contest."""


@dataclass(frozen=True, slots=True)
class ResultWay:
    """One way to read the result.

    Attributes:
        how: which figures it is made of, for people.
        votes: of each candidate, in the order of `CheckedResult.names`.
        total: that the shares are of.
    """

    how: Text
    votes: tuple[int, ...]
    total: int

    @property
    def shares(self) -> tuple[Fraction, ...]:
        """In points of a hundred, exact."""
        return tuple(Fraction(100 * votes, self.total) for votes in self.votes)


@dataclass(frozen=True, slots=True)
class CheckedResult:
    """A result and what was found in checking it.

    Attributes:
        names: of the candidates, in the order of their votes.
        ways: that give different shares: the sum of the finest parts first.
        tables: the published tables that it is of.
        flaws: what does not fit in each of the tables.
        problems: cells and rows that could not be read.
        places: what the result is of: how many communes or départements; None where that is not known, or it is the
            whole country.
    """

    names: tuple[str, ...]
    ways: tuple[ResultWay, ...]
    tables: tuple[Published, ...] = ()
    flaws: tuple[tuple[Flaw, ...], ...] = ()
    problems: int = 0
    places: tuple[Level, int] | None = None

    @property
    def adds_up(self) -> bool:
        """True if every way of adding gives the same shares."""
        return len(self.ways) == 1

    @property
    def shares(self) -> tuple[Fraction, ...]:
        """By the first way."""
        return self.ways[0].shares

    @property
    def widest(self) -> Fraction:
        """Largest difference of a candidate's share between the first way and another, in points."""
        first = self.ways[0].shares
        return max(
            (abs(a - b) for way in self.ways[1:] for a, b in zip(way.shares, first, strict=True)), default=Fraction(0)
        )

    def of(self, labels: Sequence[str]) -> list[int | None]:
        """The candidate that each label means, by name; None where none, or where several could be meant."""
        found = match(labels, self.names)
        return [None if at is None or found.count(at) > 1 else at for at in found]


def read_result(path: Path) -> CheckedResult:
    """The result of a file of published results, added up.

    Raises:
        InputError, UnknownLayout: it cannot be read.
        NoResult: it has no votes by candidate, or not one contest.
    """
    return result_of(read_all(path), str(path))


def result_of(tables: Sequence[Published], name: str) -> CheckedResult:
    """The result of published tables of one file: what each level adds up to, beside the valid votes that it states.

    Raises:
        NoResult: they have no votes by candidate.
    """
    voted = [table for table in tables if len(table.vote_unit)]
    if not voted:
        raise NoResult(msg("{name}: no votes by candidate", name=name))
    voted.sort(key=lambda table: RANK[table.level])
    votes = by_label(voted[0])
    if min(votes.values()) < 0 or not sum(votes.values()):
        raise NoResult(msg("{name}: votes that are missing or cannot be read", name=name))
    if len(votes) > MOST_CANDIDATES:
        said = msg("{name}: {count:n} candidates are those of several contests", name=name, count=len(votes))
        raise NoResult(said)
    names = tuple(sorted(votes, key=lambda label: (-votes[label], label)))
    made = _ways(names, [way for table in voted for way in _of_table(table, names)])
    found = tuple(tuple(flaws(table)) for table in voted)
    problems = sum(count_of(table.problems) for table in tables)
    return CheckedResult(names, made, tables=tuple(voted), flaws=found, problems=problems, places=places_of(voted[0]))


def places_of(table: Published) -> tuple[Level, int] | None:
    """The communes of a table by bureau or commune, else its départements; None for the whole country."""
    departments = len(set(table.department.tolist()) - {""})
    if departments >= WHOLE_COUNTRY or table.level in (Level.REGION, Level.NATION):
        return None
    communes = len(set(table.insee.tolist()) - {""})
    if table.level in (Level.BUREAU, Level.COMMUNE) and communes:
        return Level.COMMUNE, communes
    return (Level.DEPARTMENT, departments) if departments else None


def _ways(names: Sequence[str], ways: Sequence[ResultWay]) -> tuple[ResultWay, ...]:
    """Keep one way for each distinct set of shares."""
    different: dict[tuple[Fraction, ...], ResultWay] = {}
    for way in ways:
        if len(way.votes) == len(names):
            different.setdefault(way.shares, way)
    return tuple(different.values())


def _of_table(table: Published, names: Sequence[str]) -> Iterator[ResultWay]:
    """The sum of its rows as shares of all votes, and of the valid votes that it states."""
    sums = by_label(table)
    places = match(list(sums), names)
    votes = [-1] * len(names)
    for place, count in zip(places, sums.values(), strict=True):
        if place is not None:
            votes[place] = count
    if min(votes) < 0:
        return
    rows = _rows_of(table)
    yield ResultWay(msg("{rows}, shares of the sum of the votes", rows=rows), tuple(votes), sum(votes))
    stated = table.counts["valid"]
    if len(stated) and (stated >= 0).all() and int(stated.sum()) > 0:
        yield ResultWay(msg("{rows}, shares of the stated valid votes", rows=rows), tuple(votes), int(stated.sum()))


def _rows_of(table: Published) -> Text:
    if table.level is Level.NATION:
        return msg("the row of the nation")
    rows = nmsg("{count:n} row added up", "{count:n} rows added up", len(table.row))
    return msg("{name}: {value}", name=table.level.text, value=rows)


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
