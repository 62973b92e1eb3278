"""A polling day with arrivals, service times and processes of one's own, on machines that count and export.

`PollingDay` draws the people, sets up the machines and runs the day of `sim.day`.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from machine.esf1 import Machine
from machine.urn import PollResult
from protocol import civil_time
from protocol.arrays import Ints
from sim.bureaux import Bureau
from sim.day import Day, Room
from sim.equipment import close, configuration, open_poll
from sim.streams import stream
from sim.voters import HOUR, LEAVES, NO_VISIT, VISITS, Voters

Numbers: TypeAlias = Sequence[float] | npt.NDArray[np.floating] | npt.NDArray[np.integer]
Arrivals: TypeAlias = Numbers | Callable[[np.random.Generator], Numbers]
"""Hours of the day, such as 8.5, one for each person; or a function that draws them."""
PerPerson: TypeAlias = float | Numbers | Callable[[np.random.Generator, int], Numbers]
"""One number for all, one for each person in order of arrival, or a function of a generator and their number."""

ELECTION = "own-day"
DATE = datetime.date(2022, 4, 10)
LATEST = 48 * HOUR
"""Latest time and longest duration, in milliseconds."""
EXPORT_AFTER = 10 * 60
"""Seconds from the closing to the export."""


class ESF1(Machine):
    """A machine whose poll is open, after a zero check with both keys: a model of the NEDAP ESF1.

    A voter votes with `enable`, `select` or `blank`, and `validate`; `finish` closes the poll.

    Args:
        choices: labels in panel order, of the one poll of the day.
        registered: voters registered in the bureau.
        insee, bureau, part: commune, bureau, and number of the machine in it.
        date: polling day.
        opening: hour at which the poll was opened.
        seed: draws the positions of the votes in the urn.

    Raises:
        ConfigurationError: a module cannot be programmed so.
    """

    def __init__(
        self,
        choices: Sequence[str],
        *,
        registered: int = 1000,
        insee: str = "77513",
        bureau: str = "0001",
        part: int = 1,
        date: datetime.date = DATE,
        opening: float = 8,
        seed: int = 1,
    ) -> None:
        here = Bureau(insee, "", "", "", "", "", bureau, registered, part, 0, 0)
        random = stream(seed, ELECTION, insee, bureau, "urn", part)
        super().__init__(configuration(here, part, ELECTION, date, 1, choices), random)
        open_poll(self, random, _moment(date, opening * HOUR))

    def finish(self, hour: float) -> PollResult:
        """Close the poll at that hour, with both keys, and count the votes.

        Raises:
            IllegalOperation: a voter is enabled, or the poll is closed.
        """
        [result] = close(self, _moment(self.configuration.date, hour * HOUR))
        return result


@dataclass(frozen=True, slots=True)
class HeldDay:
    """A day that was held, with its counts.

    Attributes:
        day: start and end of each act of each person, in milliseconds since midnight.
        waited: wait before the table and before the machine, of those who voted, in milliseconds, shape ``(people,)``.
        votes: votes by label, of all machines.
        blank: blank votes.
        signatures: marks on the sign-in list.
        exports: result export of each machine (.esf).
    """

    day: Day
    waited: Ints
    votes: dict[str, int]
    blank: int
    signatures: int
    exports: tuple[bytes, ...]


class PollingDay(Room):
    """A bureau's day in simpy: people come, are identified, vote on an `ESF1`, and sign.

    ``env`` is simpy's environment; its clock is in milliseconds since midnight, `at` converts hours. Processes of
    one's own are begun on it before `run`, and may take what the voters take: ``tables``, ``places`` (at machines; a
    `simpy.Store` each) and ``roll`` (a `simpy.Resource`).

    Args:
        arrivals: when people come; those who come after the closing are turned away.
        choices: labels in panel order.
        identify, vote, sign: seconds at the table, at the machine, at the roll.
        votes: number of each person's choice, 0 for blank, -1 for leaving without a vote; None: all equally likely.
        patience: seconds that people wait before they leave; None: for ever.
        machines, tables: how many there are.
        registered: voters registered; None: as many as come.
        opening, closing: hours of the day, whole ones.
        insee, bureau, date: of the exports.
        seed: the same seed gives the same day.

    Raises:
        ValueError: times that are negative or no numbers, a choice that is not on the panel, more or fewer numbers
            than people, an opening after the closing.
    """

    def __init__(
        self,
        arrivals: Arrivals,
        *,
        choices: Sequence[str] = ("ALPHA", "BETA", "GAMMA"),
        identify: PerPerson = 20,
        vote: PerPerson = 42,
        sign: PerPerson = 10,
        votes: PerPerson | None = None,
        patience: PerPerson | None = None,
        machines: int = 1,
        tables: int = 1,
        registered: int | None = None,
        opening: int = 8,
        closing: int = 19,
        insee: str = "77513",
        bureau: str = "0001",
        date: datetime.date = DATE,
        seed: int = 1,
    ) -> None:
        if not 0 <= opening < closing <= 24:
            raise ValueError(f"expected an opening before the closing, got {opening} and {closing}")
        self._seed, self._date = seed, date
        hours = arrivals(self._stream("arrivals")) if callable(arrivals) else arrivals
        arrival = np.sort(_milliseconds("arrivals", hours, HOUR))
        count = int(np.searchsorted(arrival, closing * HOUR, side="right"))
        self._arrival_of_each = arrival[:count]

        def of_each(name: str, given: PerPerson) -> Ints:
            numbers = given(self._stream(name), count) if callable(given) else given
            return _milliseconds(name, np.broadcast_to(np.asarray(numbers), (count,)), 1000)

        chosen = np.full((count, VISITS), NO_VISIT, np.int64)
        chosen[:, 0] = self._choices_of(votes, len(choices), count)
        visits = np.zeros((count, VISITS), np.int64)
        visits[:, 0] = of_each("vote", vote)
        signs = chosen[:, 0] != LEAVES
        people = Voters(
            arrival=self._arrival_of_each,
            identify=of_each("identify", identify),
            visits=visits,
            choices=chosen,
            sign=of_each("sign", sign) * signs,
            signatures=signs.astype(np.int64),
            proxies=0,
            patience=None if patience is None else of_each("patience", patience),
        )
        self._labels = tuple(choices)
        roll = count if registered is None else registered
        of_bureau = partial(ESF1, choices, registered=roll, insee=insee, bureau=bureau, date=date)
        self.machines = [of_bureau(part=part, opening=opening, seed=seed) for part in range(1, machines + 1)]
        super().__init__(opening * HOUR, closing * HOUR, people, self.machines, self._note_hour, tables=tables)

    def at(self, hour: float) -> int:
        """Convert an hour of the day to simpy's clock."""
        return round(hour * HOUR)

    def run(self) -> HeldDay:
        """Let the day pass, close the machines, and count.

        Raises:
            RuntimeError: people still wait: a process of one's own kept a table, a place or the roll.
        """
        day = self.hold()
        if waiting := len(self._arrival_of_each) - self.gone:
            raise RuntimeError(f"{waiting} people wait for ever: a process keeps a table, a place or the roll")
        results = [machine.finish(-(-day.last // 1000) * 1000 / HOUR) for machine in self.machines]
        exported = _moment(self._date, day.last) + EXPORT_AFTER
        wait = day.identify[:, 0] - self._arrival_of_each + day.vote[:, 0] - day.identify[:, 1]
        return HeldDay(
            day=day,
            waited=wait[~day.lost],
            votes={label: sum(result.tallies[at] for result in results) for at, label in enumerate(self._labels)},
            blank=sum(result.blank for result in results),
            signatures=day.signatures[0],
            exports=tuple(machine.export(1, exported) for machine in self.machines),
        )

    def _stream(self, purpose: str) -> np.random.Generator:
        return stream(self._seed, ELECTION, purpose)

    def _note_hour(self, hour: int) -> None:
        for machine in self.machines:
            machine.record_hour(_moment(self._date, hour * HOUR))

    def _choices_of(self, votes: PerPerson | None, choices: int, count: int) -> Ints:
        random = self._stream("votes")
        if votes is None:
            return random.integers(1, choices + 1, count)
        numbers = np.broadcast_to(np.asarray(votes(random, count) if callable(votes) else votes), (count,))
        if not np.isin(numbers, np.arange(LEAVES, choices + 1)).all():
            raise ValueError(f"votes: expected whole numbers from {LEAVES} to {choices}")
        return numbers.astype(np.int64)


def _moment(date: datetime.date, milliseconds: float) -> int:
    """Seconds of local civil time."""
    return civil_time.seconds(date, 0) + -(-round(milliseconds) // 1000)


def _milliseconds(name: str, numbers: Numbers, unit: int) -> Ints:
    """Convert times to milliseconds; ``unit`` is the number of milliseconds in their unit."""
    times = np.asarray(numbers, np.float64) * unit
    if times.ndim != 1 or not ((times >= 0) & (times <= LATEST)).all():
        raise ValueError(f"{name}: expected numbers from 0 to {LATEST // unit}, one for each person")
    return np.rint(times).astype(np.int64)
