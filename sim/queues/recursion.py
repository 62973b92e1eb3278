"""The day of `sim.day` as recursions over people, many days at once: one row a person, one column a day of a bureau.

Tables, machines, roll, each first come, first served; on the same draws every service begins and ends as in simpy, to
the millisecond, whatever fails and whoever leaves. What happens in one millisecond is ordered as `sim.day.Order` says:
so the lower number is taken of two machines that have been free for equally long, and at the roll it is served first.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from protocol.arrays import Ints

Bools = npt.NDArray[np.bool_]

FAR = 2**40
"""Later than any time: arrival of people who do not exist, failure of machines that do not fail."""
PLACES = 2**16
"""More machines and booths than any bureau has."""


@dataclass(frozen=True, slots=True)
class Draws:
    """People by row in order of arrival, days by column. Times in milliseconds since midnight, durations likewise.

    Attributes:
        arrival, identify, sign: shape ``(people, days)``; ``sign`` is 0 for who does not go to the roll.
        visits: time at the machine on each visit, 0 for none, shape ``(visits, people, days)``.
        people: how many there are, shape ``(days,)``; the rows beyond hold nobody.
        booths: time of each visit in a booth, likewise; None: as at the machine.
        patience: how long each waits before leaving, shape ``(people, days)``; None: for ever.
    """

    arrival: Ints
    identify: Ints
    visits: Ints
    sign: Ints
    people: Ints
    booths: Ints | None = None
    patience: Ints | None = None


@dataclass(frozen=True, slots=True)
class Failures:
    """Of each machine on each day, shape ``(machines, days)``: when (`FAR`: never), for how long, followed by what.

    Attributes:
        at, length: in milliseconds since midnight, and of duration.
        booths: that many take its place; 0: a machine does.
    """

    at: Ints
    length: Ints
    booths: Ints


@dataclass(frozen=True, slots=True)
class Services:
    """Start and end of every service, shape ``(people, days)`` each, in milliseconds since midnight.

    For who left before voting, what did not happen begins and ends when he left.
    """

    identify_start: Ints
    identify_end: Ints
    vote_start: Ints
    vote_end: Ints
    sign_start: Ints
    sign_end: Ints
    lost: Bools


def serve(
    draws: Draws, opening: int | Ints = 0, tables: int = 1, machines: int = 1, failures: Failures | None = None
) -> Services:
    """When every service begins and ends.

    Args:
        draws: who comes.
        opening: when the doors open, in milliseconds since midnight; of each day, or of all.
        tables: where identity is checked; one line.
        machines: what people vote on; one line.
        failures: of these machines.
    """
    if tables == machines == 1 and draws.patience is None and (failures is None or not failures.booths.any()):
        return _serve_one_by_one(draws, opening, failures)
    shape = draws.arrival.shape
    first, second, third, fourth, fifth, sixth = np.zeros((6, *shape), np.int64)
    out = Services(first, second, third, fourth, fifth, sixth, np.zeros(shape, np.bool_))
    there = np.arange(shape[0])[:, None] < draws.people
    _identify(draws, out, opening, tables)
    ready, order = out.identify_end, None
    if tables > 1:
        order = np.argsort(np.where(there & ~out.lost, ready, FAR), axis=0, kind="stable")
    places = _vote(draws, out, there, order, _Places(machines, shape[1], failures))
    if places is not None:
        order = np.argsort(out.vote_end * PLACES + places, axis=0, kind="stable")
    _sign(draws, out, order)
    return out


def ends(ready: Ints, durations: Ints) -> Ints:
    """When each has been served in one line for one place, shape ``(…, people)``, in the order in which they come.

    The line begins anew with whoever finds it empty: what then counts is when he came, less all service before him.
    """
    served = np.cumsum(durations, axis=-1)
    found = ready + durations
    found -= served
    np.maximum.accumulate(found, axis=-1, out=found)
    found += served
    return found


def _serve_one_by_one(draws: Draws, opening: int | Ints, failures: Failures | None) -> Services:
    """Serve with one table and one machine, which another may replace, without a loop over people."""
    identify, visits, sign = draws.identify.T, draws.visits.transpose(0, 2, 1), draws.sign.T
    doors = np.broadcast_to(opening, len(draws.people))[:, None]
    identified = ends(np.maximum(draws.arrival.T, doors), identify)
    duration = visits.sum(axis=0)
    voted = ends(identified, duration)
    start = voted - duration
    if failures is not None:
        _replace_machine(visits, draws.people, identified, start, voted, failures)
    signed = ends(voted, sign)
    np.copyto(signed, voted, where=sign == 0)  # who does not sign walks past
    return Services(
        identify_start=(identified - identify).T,
        identify_end=identified.T,
        vote_start=start.T,
        vote_end=voted.T,
        sign_start=(signed - sign).T,
        sign_end=signed.T,
        lost=np.zeros(draws.arrival.shape, np.bool_, order="F"),
    )


def _replace_machine(visits: Ints, people: Ints, ready: Ints, start: Ints, end: Ints, failures: Failures) -> None:
    """From the first who is there when the machine fails, or comes afterwards, all begin later: ``start``, ``end``."""
    person = (end < failures.at[0][:, None]).sum(axis=1)
    day = np.flatnonzero(person < people)
    if not len(day):
        return
    person, at = person[day], failures.at[0, day]
    light = at + failures.length[0, day]
    begun = start[day, person]
    of_person = visits[:, day, person]
    after = np.cumsum(of_person, axis=0)
    row = np.arange(len(day))
    before = (after - of_person)[(begun + after < at).sum(axis=0).clip(max=len(visits) - 1), row]
    at_work = begun < at
    later = ready[day]
    later[row, person] = np.where(at_work, light - before, np.maximum(ready[day, person], light))
    duration = visits[:, day].sum(axis=0)
    later = ends(later, duration)
    end[day], start[day] = later, later - duration
    start[day, person] = np.where(at_work, begun, start[day, person])


def _identify(draws: Draws, out: Services, opening: int | Ints, tables: int) -> None:
    """The tables, in order of arrival. Who leaves the line for them is lost, and does not count further on."""
    day = np.arange(draws.arrival.shape[1])
    free = np.zeros((tables, len(day)), np.int64) + opening
    table = np.zeros(len(day), np.int64)
    for person, arrival in enumerate(draws.arrival):
        if tables > 1:
            table = free.argmin(axis=0)
        start = np.maximum(arrival, free[table, day])
        end = start + draws.identify[person]
        if draws.patience is not None:
            left = arrival + draws.patience[person]
            lost = start > left
            out.lost[person] = lost
            free[table, day] = np.where(lost, free[table, day], end)
            start, end = np.where(lost, left, start), np.where(lost, left, end)
        else:
            free[table, day] = end
        out.identify_start[person], out.identify_end[person] = start, end


def _vote(draws: Draws, out: Services, there: Bools, order: Ints | None, hall: _Places) -> Ints | None:
    """The machines, in the order in which people come from the tables.

    Returns:
        Where each one voted, shape ``(people, days)``; None where there is only one place.
    """
    rows, days = draws.arrival.shape
    places = np.zeros((rows, days), np.int64) if len(hall.free) > 1 else None
    booths = draws.visits if draws.booths is None else draws.booths
    day = np.arange(days)
    for row in range(rows):
        at: tuple[int | Ints, slice | Ints] = (row, slice(None)) if order is None else (order[row], day)
        ready = out.identify_end[at]
        comes = there[at] & ~out.lost[at]
        patience = None
        if draws.patience is not None:
            patience = np.maximum(draws.arrival[at] + draws.patience[at], ready)
        stays, start, end, place = hall.take(
            ready, comes, draws.visits[(slice(None), *at)], booths[(slice(None), *at)], patience
        )
        if patience is not None:
            gone = ~stays
            left = np.where(comes, patience, ready)
            out.lost[at] = gone
            start, end = np.where(gone, left, start), np.where(gone, left, end)
        out.vote_start[at], out.vote_end[at] = start, end
        if places is not None:
            places[at] = place
    return places


class _Places:
    """The machines of every day, and the booths that take the place of those that fail: since when each is free.

    The one that has been free longest is taken. Shapes ``(places, days)``; the booths of a machine follow each other
    after all machines.
    """

    def __init__(self, machines: int, days: int, failures: Failures | None) -> None:
        self.machines, self.failures = machines, failures
        booths = 0
        if failures is not None:
            widths = failures.booths.max(axis=1, initial=0)
            self.first_booth = machines + np.cumsum(widths) - widths
            self.pending = failures.at < FAR
            booths = int(widths.sum())
        self.free = np.zeros((machines + booths, days), np.int64)
        self.free[machines:] = FAR
        self.day = np.arange(days)

    def take(
        self, ready: Ints, comes: Bools, visits: Ints, booths: Ints, patience: Ints | None
    ) -> tuple[Bools, Ints, Ints, Ints]:
        """Serve arrivals; returns who stays until the vote, and begin, end and place of the visits."""
        if self.failures is not None:
            self._fail_idle(ready, comes, self.failures)
        place = self.free.argmin(axis=0) if len(self.free) > 1 else np.zeros(len(ready), np.int64)
        start = np.maximum(ready, self.free[place, self.day])
        stays = comes if patience is None else comes & (start <= patience)
        end = start
        for machine, booth in zip(visits, booths, strict=True):
            duration = machine if len(self.free) == self.machines else np.where(place < self.machines, machine, booth)
            begin, end = end, end + duration
            if self.failures is not None:
                self._strike(begin, end, place, stays & (duration > 0), (machine, booth), self.failures)
        self.free[place, self.day] = np.where(stays, end, self.free[place, self.day])
        return stays, start, end, place

    def _fail_idle(self, ready: Ints, comes: Bools, failures: Failures) -> None:
        """Machines fail with nobody at them, where they are free and nobody takes them before."""
        machine, day = np.nonzero(self.pending & comes & (ready >= failures.at))
        if len(day):
            self._go_on(machine, day, failures)

    def _strike(
        self, begin: Ints, end: Ints, place: Ints, votes: Bools, durations: tuple[Ints, Ints], failures: Failures
    ) -> None:
        """Restart the visits at machines that fail; changes ``end`` and ``place``."""
        machine = np.minimum(place, self.machines - 1)
        at = failures.at[machine, self.day]
        struck = votes & (place < self.machines) & self.pending[machine, self.day] & (begin < at) & (at <= end)
        day = np.flatnonzero(struck)
        if len(day):
            machine = place[day]
            booth, light = self._go_on(machine, day, failures)
            end[day] = light + np.where(booth, durations[1][day], durations[0][day])
            place[day] = np.where(booth, self.first_booth[machine], machine)

    def _go_on(self, machine: Ints, day: Ints, failures: Failures) -> tuple[Bools, Ints]:
        """Decide whether booths replace failing machines, and when voting resumes."""
        self.pending[machine, day] = False
        light = failures.at[machine, day] + failures.length[machine, day]
        booths = failures.booths[machine, day]
        self.free[machine, day] = np.where(booths > 0, FAR, light)
        for number in range(int(booths.max(initial=0))):
            some = booths > number
            self.free[self.first_booth[machine[some]] + number, day[some]] = light[some]
        return booths > 0, light


def _sign(draws: Draws, out: Services, order: Ints | None) -> None:
    """The roll, in the order in which people leave the machines; who does not sign walks past."""
    end, duration = out.vote_end, np.where(out.lost, 0, draws.sign)
    if order is not None:
        end, duration = (np.take_along_axis(each, order, axis=0) for each in (end, duration))
    signed = np.where(duration > 0, ends(end.T, duration.T).T, end)
    for times, values in ((out.sign_start, signed - duration), (out.sign_end, signed)):
        if order is None:
            times[:] = values
        else:
            np.put_along_axis(times, order, values, axis=0)
