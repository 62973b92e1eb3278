"""The days of one bureau in machine code, with numba: draws, recursion and figures, a person at a time.

What `sim.queues.draws`, `sim.queues.recursion` and `sim.queues.figures` do with numpy, in the same whole numbers.
Imported only where numba is installed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba
import numpy as np

from sim.queues.draws import MASK, Bits
from sim.queues.figures import BureauDays, empty
from sim.queues.kernel_types import Rules, Scratch
from sim.queues.recursion import FAR, PLACES, Failures
from sim.queues.town import BINS, BLOCK, COARSE, FINE, P95, SECTION
from sim.voters import HOUR, Ints


def play(
    chance: Bits, people: Ints, tables: tuple[Any, ...], of: Rules, failures: Failures | None, hours: int
) -> BureauDays:
    """The figures of some days of a bureau, as `sim.queues.figures.sum_up` gives them.

    Args:
        chance: shape ``(BLOCK, rows)``, a row more than people come on any day.
        people: who come, shape ``(days,)``, the first ones of the block.
        tables: laws, from `pack`.
        of: the bureau's day.
        failures: of its machines.
        hours: how many hours there are figures of.
    """
    days = len(people)
    found = empty(days, hours)
    if failures is None:
        nothing = np.full((of.machines, BLOCK), FAR, np.int64)
        failures = Failures(nothing, nothing, np.zeros_like(nothing))
    results = (found.lost, found.waited, found.longest, found.queue, found.last, found.p95, found.waits, found.hours)
    _days(chance, people, tables, of, (failures.at, failures.length, failures.booths), results)
    return found


UNUSED = 16 - MASK.bit_length()
"""The lower ones of each 16 bits say nothing."""


def _jit(function: Callable[..., Any]) -> Callable[..., Any]:
    made: Callable[..., Any] = numba.njit(cache=True, error_model="numpy")(function)
    return made


@_jit
def _mix(of: Any) -> Any:
    z = of + np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


@_jit
def _look(table: Any, of: Any, shift: int) -> Any:
    """What 16 of the bits stand for."""
    return np.int64(table[(of >> np.uint64(shift + UNUSED)) & np.uint64(MASK)])


@_jit
def _arrive(chance: Bits, day: int, people: int, spacing: Any, of: Rules, arrival: Ints) -> None:
    total: Any = np.int64(0)
    for row in range(people):
        total += _look(spacing, chance[day, row], 48)
        arrival[row] = total
    total += _look(spacing, chance[day, people], 48)
    noon, five = total * of.noon // of.final, total * of.five // of.final
    start, middle = np.int64(of.opening) * HOUR, np.int64(12) * HOUR
    late, end = np.int64(17) * HOUR, np.int64(of.closing) * HOUR
    first = ((middle - start) << 32) // max(noon, 1)
    second = ((late - middle) << 32) // max(five - noon, 1)
    third = ((end - late) << 32) // max(total - five, 1)
    for row in range(people):
        at = arrival[row]
        if at < noon:
            arrival[row] = start + (at * first >> 32)
        elif at < five:
            arrival[row] = middle + ((at - noon) * second >> 32)
        else:
            arrival[row] = late + ((at - five) * third >> 32)


@_jit
def _draw(chance: Bits, day: int, people: int, tables: Any, of: Rules, each: Scratch) -> None:
    """How long everything takes. What only some scenarios know is filled in for these alone."""
    _, identify, vote, second, sign, booth, patience = tables
    arrival, identifies, signs, firsts, seconds, papers, others, left = each[:8]
    patient, polls, paper = of.patient, of.polls, of.papers
    proxies, leaves, alone = of.proxies, of.leaves, of.alone
    for row in range(people):
        one = chance[day, row]
        two = _mix(one)
        who = np.int64(two & np.uint64(0xFFFF))
        identifies[row] = _look(identify, one, 0)
        firsts[row] = _look(vote, one, 16)
        signing = _look(sign, one, 32)
        seconds[row] = 0
        if who < proxies:
            seconds[row] = _look(vote, two, 16)
            signing += _look(sign, two, 32)
        signs[row] = 0 if who >= leaves else signing
        if patient:
            left[row] = arrival[row] + _look(patience, two, 48)
        if polls == 1 and not paper:
            continue
        three = _mix(two)
        four = _mix(three)
        proxy = np.int64(who < proxies)
        if paper:
            papers[row] = _look(booth, three, 32)
            others[row] = proxy * _look(booth, three, 48)
        if polls > 1:
            both = np.int64(who < alone or who >= leaves)
            firsts[row] += both * _look(second, three, 0)
            seconds[row] += proxy * _look(second, three, 16)
            signing += both * _look(sign, four, 32) + proxy * _look(sign, four, 48)
            signs[row] = 0 if who >= leaves else signing
            papers[row] += both * _look(booth, four, 0)
            others[row] += proxy * _look(booth, four, 16)


@_jit
def _identify(people: int, of: Rules, each: Scratch, free: Ints) -> Any:
    """The tables. Returns how many were identified (in ``order`` of their end), and when the last one left the line."""
    free[:] = of.doors
    arrival, identify, _, _, _, _, _, lefts, wait, ready, order, gone = each[:12]
    count, lost, last = 0, 0, np.int64(0)
    table: Any = 0
    for person in range(people):
        if of.tables > 1:
            table = np.argmin(free)
        come = arrival[person]
        start = max(come, free[table])
        if of.patient and start > lefts[person]:
            left = lefts[person]
            wait[person], gone[people - 1 - lost] = -1, left
            lost += 1
            last = max(last, left)
            continue
        wait[person] = start - come
        end = start + identify[person]
        free[table] = ready[person] = end
        at = count
        while at > 0 and ready[order[at - 1]] > end:
            order[at] = order[at - 1]
            at -= 1
        order[at] = person
        count += 1
    return count, last


@_jit
def _go_on(machine: int, day: int, failures: Any, free: Ints, pending: Any, machines: int) -> Any:
    """What follows a failure: when, and the first place of what takes the machine's place."""
    at, length, booths = failures
    pending[machine] = False
    light = at[machine, day] + length[machine, day]
    if not booths[machine, day]:
        free[machine] = light
        return light, machine
    first = machines
    for other in range(machine):
        first += booths[other].max()
    free[machine] = FAR
    free[first : first + booths[machine, day]] = light
    return light, first


@_jit
def _vote(count: int, day: int, of: Rules, failures: Any, each: Scratch, free: Ints, pending: Any) -> Any:
    """The machines. Returns how many voted, in the order of their coming, and when the last of the others left."""
    at = failures[0]
    _, _, signs, firsts, seconds, papers, others, lefts, wait, ready, order, gone, leaving, signing = each
    free[:] = FAR
    free[: of.machines] = 0
    pending[:] = at[:, day] < FAR
    fails = pending.any()
    voted, last = 0, np.int64(0)
    place: Any = 0
    for row in range(count):
        person = np.uint64(order[row])
        come = ready[person]
        if fails:
            for machine in range(of.machines):
                if pending[machine] and come >= at[machine, day]:
                    _go_on(machine, day, failures, free, pending, of.machines)
                    fails = pending.any()
        if len(free) > 1:
            place = np.argmin(free)
        start = max(come, free[place])
        gone[row] = start
        if of.patient:
            end = max(come, lefts[person])
            if start > end:
                wait[person], gone[row] = -1, end
                last = max(last, end)
                continue
        wait[person] += start - come
        if place >= of.machines:
            end = start + papers[person] + others[person]
        else:
            end = start + firsts[person] + seconds[person]
            if fails and pending[place] and at[place, day] <= end:
                end, place = _strike(person, start, place, day, of, failures, each, free, pending)
                fails = pending.any()
        free[place] = end
        leaving[voted], signing[voted] = end * PLACES + place, signs[person]
        voted += 1
    return voted, last


@_jit
def _strike(
    person: int, start: int, place: int, day: int, of: Rules, failures: Any, each: Scratch, free: Ints, pending: Any
) -> Any:
    """When and where somebody has voted whose machine fails meanwhile: the visit that is struck begins again."""
    at = failures[0][place, day]
    struck, last = (each.first[person], each.second[person]), (each.paper[person], each.other[person])
    visit = 0 if at <= start + struck[0] else 1
    light, then = _go_on(place, day, failures, free, pending, of.machines)
    if then < of.machines or not of.papers:
        last = struck
    return light + last[visit] + (last[1] if visit == 0 else 0), then


@_jit
def _sign(voted: int, leaving: Ints, signing: Ints) -> Any:
    """The roll. Returns when the last one had gone."""
    roll = last = np.int64(0)
    for row in range(1, voted):
        key, duration, at = leaving[row], signing[row], row
        while at > 0 and leaving[at - 1] > key:
            leaving[at], signing[at] = leaving[at - 1], signing[at - 1]
            at -= 1
        leaving[at], signing[at] = key, duration
    for row in range(voted):
        end = leaving[row] // PLACES
        if signing[row]:
            end = roll = max(end, roll) + signing[row]
        last = max(last, end)
    return last


@_jit
def _sum_up(people: int, day: int, of: Rules, each: Scratch, bins: Ints, found: Any) -> None:
    """Waits and queues, in all and by hour."""
    lost, waited, longest, queue, _, _, _, hours = found
    arrival, wait, gone = each.arrival, each.wait, each.gone
    begun = person = most = np.int64(0)
    for hour in range(of.opening, of.closing):
        edge = np.int64(hour + 1) * HOUR if hour + 1 < of.closing else FAR
        first, left, deepest, total = person, np.int64(0), np.int64(0), np.int64(0)
        while person < people and arrival[person] < edge:
            come, waits_for = arrival[person], wait[person]
            person += 1
            while begun < people and gone[begun] <= come:
                begun += 1
            deepest = max(deepest, person - begun)
            if waits_for < 0:
                left += 1
                continue
            total += waits_for
            most = max(most, waits_for)
            seconds = waits_for // 1000
            bins[np.uint64(seconds if seconds < FINE else min(FINE + (seconds - FINE) // COARSE, BINS - 1))] += 1
        at = hour - of.first_hour
        hours[0, at] += person - first
        hours[1, at] += left
        hours[2, at] += total
        hours[3, at] += deepest
        waited[day] += total
        lost[day] += left
        queue[day] = max(queue[day], deepest)
    longest[day] = most


@_jit
def _end_section(section: int, bins: Ints, p95: Ints, waits: Ints) -> None:
    """The 95th percentile of a section, as `sim.queues.town.quantile` has it; its waits go to all."""
    people = bins.sum()
    below, place = np.int64(0), 0
    while place < BINS and below + bins[place] < np.ceil(people * P95):
        below += bins[place]
        place += 1
    p95[section] = 1000 * (place if place < FINE else FINE + (place - FINE) * COARSE)
    waits += bins
    bins[:] = 0


@_jit
def _days(chance: Bits, people: Ints, tables: Any, of: Rules, failures: Any, found: Any) -> None:
    room = np.empty((14, people.max()), np.int64)
    each = Scratch(
        room[0], room[1], room[2], room[3], room[4], room[5], room[6],
        room[7], room[8], room[9], room[10], room[11], room[12], room[13],
    )  # fmt: skip
    places = of.machines
    for machine in range(of.machines):
        places += failures[2][machine].max()
    tables_free, free = np.empty(of.tables, np.int64), np.empty(places, np.int64)
    pending = np.empty(of.machines, np.bool_)
    bins = np.zeros(BINS, np.int64)
    for day in range(len(people)):
        count = people[day]
        _arrive(chance, day, count, tables[0], of, each.arrival)
        _draw(chance, day, count, tables, of, each)
        identified, last = _identify(count, of, each, tables_free)
        voted, left = _vote(identified, day, of, failures, each, free, pending)
        last = max(last, left, _sign(voted, each.leaving, each.signing))
        found[4][day] = max(last, np.int64(of.closing) * HOUR)
        if of.patient:
            each.gone[:count].sort()
        _sum_up(count, day, of, each, bins, found)
        if (day + 1) % SECTION == 0 or day + 1 == len(people):
            _end_section(day // SECTION, bins, found[5], found[6])
