"""A forecast: the shares that a source named on a day, and where they stand."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from fractions import Fraction

from protocol.errors import InputError
from protocol.words import Text
from verify.model.use import Used


@dataclass(frozen=True, slots=True)
class Span:
    """The first and last day that a date can mean: a month, or a year, has several."""

    first: datetime.date
    last: datetime.date

    @property
    def exact(self) -> bool:
        """True for a single day."""
        return self.first == self.last


@dataclass(frozen=True, slots=True)
class NamedShare:
    """Forecast share of one candidate, in points of a hundred.

    Attributes:
        label: the name as it is written.
        share: of the valid votes.
        row: of the file.
    """

    label: str
    share: Fraction
    row: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class ForecastKey:
    """Key of a forecast in a file: rows that share it are one forecast."""

    source: str
    identity: str = ""
    hypothesis: str = ""
    election: str = ""
    round: int = 0
    published: str = ""
    begin: str = ""
    end: str = ""


@dataclass(frozen=True, slots=True)
class Forecast:
    """The shares of one publication, under one hypothesis of who stands.

    Attributes:
        key: what tells it apart.
        named: what it says of each candidate, by their labels.
        published: when, None where that is not said or not certain.
        begin, end: of the fieldwork.
        sample: people asked, None where that is not said.
        rolling: whether its sample overlaps with those of the days before.
        references: where the figures are from, as the file says.
        file: that it is from.
    """

    key: ForecastKey
    named: tuple[NamedShare, ...]
    published: Span | None = None
    begin: Span | None = None
    end: Span | None = None
    sample: int | None = None
    rolling: bool = False
    references: tuple[str, ...] = ()
    file: str = ""

    @property
    def source(self) -> str:
        """Publisher."""
        return self.key.source

    @property
    def date(self) -> Span | None:
        """The end of the fieldwork, else the day of publication; None where neither is said."""
        return self.end or self.published

    @property
    def out(self) -> Span | None:
        """When it was published, else the end of the fieldwork."""
        return self.published or self.end

    def days_before(self, vote: datetime.date) -> int | None:
        """Days from its date to the vote; None where that is not one day."""
        return (vote - self.date.last).days if self.date is not None and self.date.exact else None

    def sort_key(self) -> tuple[object, ...]:
        """An order that does not depend on the order of rows or files."""
        day = self.date.last if self.date is not None else datetime.date.min
        key = self.key
        return (day, key.source, key.identity, key.hypothesis, key.election, key.round, key.published, key.begin)


@dataclass(frozen=True, slots=True)
class ForecastFile:
    """One file of forecasts, and what became of it.

    Attributes:
        path: as given, or the name of a member of an archive.
        sha256, size: of the file, in bytes.
        used: how much of it was used.
        why: why not all of it.
        rows: that were read.
        forecasts: that were found in it, of whatever election.
        problems: cells and rows that could not be read.
    """

    path: str
    sha256: str
    size: int
    used: Used
    why: Text = ""
    rows: int = 0
    forecasts: tuple[Forecast, ...] = ()
    problems: tuple[InputError, ...] = field(default=())
