"""M: does a machine agree with itself, and lie its times on the day of the poll, on which files agree (C127)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from protocol import civil_time
from protocol.export.terms import TIMES
from protocol.limits import dates_good
from protocol.urn.terms import EventKind
from protocol.words import Text
from verify.columns.day_parts import HOURS
from verify.columns.needs import (
    ClocksOff,
    ComparableHours,
    Exports,
    HourlySignatures,
    Limits,
    MachineDumps,
    MachineVotes,
    OfficialList,
    Polls,
    Records,
    StatedDays,
    Urns,
)
from verify.model.checks import check
from verify.model.figures import Bools, Figures, Ints, clock
from verify.model.machine_evidence import ExportLines, UrnLines
from verify.model.rule_results import Held, Named, One, Side, Where, look, look_at_tables, one, side_at, side_of, where

_MADE_UP, _ENABLED = ("votes by choice and blank votes", "cast"), ("enablings less cancellations", "cast")


@check("M101")
def sums(exports: Exports, votes: MachineVotes) -> Iterator[Held]:
    """M101: tallies and blank votes make up the votes cast. All are below 2**28, so the sum is exact."""
    columns = exports.columns
    yield look(exports.counts.cast, exports.counts.blank)
    yield look(Figures("votes", votes, exports.counts.cast.places.along(votes.shape[2])))
    made = columns["tally_sum"] + columns["blank"]
    yield exports.where(exports.used & (made != columns["cast"]), made, columns["cast"], "cast", _MADE_UP)


@check("M102")
def public_counter(exports: Exports) -> Where:
    """M102: votes cast and the public counter of voters agree."""
    cast, voters = exports.columns["cast"], exports.columns["voters"]
    return exports.where(exports.used & (cast != voters), cast, voters, "voters", ("cast", "voters"))


@check("M104")
def zero_check(exports: Exports) -> Iterator[One]:
    """M104: the export says that no zero check was made, or that counters were not at zero at it."""
    columns = exports.columns
    never = exports.used & (columns["zero_check"] < 0)
    for record in np.flatnonzero(never).tolist():
        yield _one(exports, record, None, 0, "zero_check")
    for record in np.flatnonzero(exports.used & ~never & (columns["zero_sum"] != 0)).tolist():
        yield _one(exports, record, int(columns["zero_sum"][record]), 0, "zero_sum")


@check("M105")
def times(exports: Exports) -> Iterator[One]:
    """M105: zero check, opening, closing and export follow one another; a time that never was is not compared."""
    columns = exports.columns
    for earlier, later in pairwise(TIMES):
        first, second = columns[earlier], columns[later]
        wrong = exports.used & (first >= 0) & (second >= 0) & (first > second)
        for record in np.flatnonzero(wrong).tolist():
            sides = (exports.side(record, civil_time.text(int(moment[record]))) for moment in (first, second))
            yield one(exports.at(record), *sides, field=later, earlier=earlier, later=later)


@check("M106")
def never_closed(exports: Exports) -> Iterator[One]:
    """M106: exported before the poll was closed."""
    for record in np.flatnonzero(exports.used & (exports.columns["closing"] < 0)).tolist():
        yield _one(exports, record, None, civil_time.text(int(exports.columns["export"][record])), "closing")


@check("M107")
def hours(records: Records, universe: OfficialList) -> Iterator[One]:
    """M107: the PV's hours against the préfet's."""
    for name, official, sign in (("ouverture", universe.opening, 1), ("cloture", universe.closing, -1)):
        stated = records[name]
        ordered = np.broadcast_to(official[:, None], stated.values.shape)
        late = stated.known & (ordered >= 0) & (sign * (stated.values - ordered) > 0)
        for unit, poll in np.argwhere(late).tolist():
            left = side_at(stated, unit, poll, value=clock(int(stated.values[unit, poll])))
            right = universe.side(unit, clock(int(ordered[unit, poll])))
            yield one((unit, poll), left, right, field=name)


@check("M107")
def clocks(exports: Exports, records: Records, off: ClocksOff) -> Iterator[One]:
    """M107: a machine's own clock against the PV. Of a day in parts, one part cannot tell."""
    for hour, name in HOURS.items():
        stated = records[hour]
        for record in off[hour].tolist():
            at = exports.at(record)
            left = exports.side(record, civil_time.text(int(exports.columns[name][record])))
            right = side_at(stated, *at, value=clock(int(stated.values[at])))
            yield one(at, left, right, field=hour, case="clock")


@check("M108")
def more_than_registered(exports: Exports) -> Where:
    """M108: a bureau's machines took more votes than it has registered voters by the machine's own configuration."""
    cast, registered = exports.counts.cast, exports.counts.registered
    return where(cast.known & registered.known & (cast.values > registered.values), cast, registered)


@check("M109")
def enablings(exports: Exports) -> Where:
    """M109: enablings less cancellations are the votes cast."""
    columns = exports.columns
    expected, cast = columns["enablings"] - columns["cancellations"], columns["cast"]
    return exports.where(exports.used & (expected != cast), expected, cast, "enablings", _ENABLED)


@check("M111")
def votes_per_hour(exports: Exports, limits: Limits) -> Where:
    """M111: more votes an hour than one machine can take."""
    columns, most = exports.columns, limits.votes_per_hour
    open_for = columns["closing"] - columns["opening"]
    timed = exports.used & (columns["opening"] >= 0) & (columns["closing"] >= 0) & (open_for > 0)
    an_hour = columns["cast"] * 3600 // np.where(timed, open_for, 1)
    mask = timed & (columns["cast"] * 3600 > most * open_for)
    return exports.where(mask, an_hour, np.broadcast_to(np.int64(most), an_hour.shape), "cast", ("votes an hour",) * 2)


@check("M112")
def hourly_signatures(
    urns: Urns, hourly: HourlySignatures, comparable: ComparableHours, limits: Limits, polls: Polls
) -> Iterator[One]:
    """M112: the module's hourly counter leaves the hourly signatures, where one module took the whole day.

    One finding for a bureau and poll, at the hour that differs most; ``hours`` in its details says at how many.
    """
    events = urns.reading.urns.events
    hour = events["at"] // 3600 % 24
    image = events["image"]
    counted = (events["kind"] == EventKind.HOURLY) & events["good"] & urns.used[image] & (events["at"] % 3600 == 0)
    far: dict[tuple[int, int], list[tuple[int, int, int]]] = {}
    for at_hour, signed in hourly.items():
        for poll, number in enumerate(polls):
            rows = np.flatnonzero(counted & (hour == at_hour) & (events["poll"] == number))
            units = urns.unit[image[rows]]
            there = signed.values[units, poll]
            apart = np.abs(events["value"][rows] - there)
            apart[(there < 0) | ~comparable[units, poll]] = 0
            for index in np.flatnonzero(apart > limits.hourly_margin).tolist():
                far.setdefault((int(units[index]), poll), []).append((int(apart[index]), -at_hour, int(rows[index])))
    for at, differing in far.items():
        _, before, row = max(differing)
        signed = hourly[-before]
        left = urns.side(int(image[row]), int(events["value"][row]))
        right = side_of(signed, *at)
        yield one(at, left, right, field=f"{-before:02}h", hours=len(differing))


def _one(exports: Exports, record: int, left: int | None, right: int | Text, field: str) -> One:
    return one(exports.at(record), exports.side(record, left), exports.side(record, right), field=field)


@check("C127")
def days_apart(days: StatedDays) -> Iterator[Held]:
    """C127: files that say another day of the poll than `election.toml`, or else than most of them."""
    yield look_at_tables("", len(days))
    named = Counter(each.day for each in days)
    first = next((each for each in days if each.piece is None), None)
    due = first or next(each for each in days if named[each.day] == max(named.values()))
    for each in days:
        if each.day != due.day:
            left, right = (Side(of.file, of.day, piece=of.piece) for of in (each, due))
            yield one(Named(), left, right, field="day")


NOON_AFTER = 36 * 3600
"""Seconds from the midnight before the poll to the noon after it: a closing, an export and an entry of the log may be
from the night after the poll, and the result may be read the next morning. A closing a day late never is."""
_ENDS = {"zero_check": civil_time.DAY, "opening": civil_time.DAY, "closing": NOON_AFTER, "export": NOON_AFTER}
"""When the last moment of each is over, in seconds from that midnight."""


@check("M114")
def times_of_another_day(dumps: MachineDumps) -> Iterator[One]:
    """M114: one finding for each export and urn, at its first time of another day; for an urn those of no export.

    Else, of an urn, the entries of the log after the opening.
    """
    for lines in dumps:
        midnight = _midnights(lines.columns["date"])
        times = _times(lines)
        some = np.zeros(len(midnight), np.bool_)
        for row, names in _off(times, midnight, lines.used):
            some[row] = True
            new = [name for name in names if not lines.is_exported(row, name, times[name][row])]
            if new:
                moments = {name: int(times[name][row]) for name in new}
                case = _case(moments, int(midnight[row]))
                sides = _sides(lines.place(row), moments[new[0]], int(midnight[row]))
                yield one(lines.at(row), *sides, field=new[0], case=case, times=len(new))
        if isinstance(lines, UrnLines):
            for image, entries in _entries(lines, midnight, lines.used & ~some).items():
                sides = _sides(lines.place(image), entries[0], int(midnight[image]))
                yield one(lines.at(image), *sides, field="log", times=len(entries))


def _times(lines: ExportLines | UrnLines) -> dict[str, Ints]:
    """The times of exports or urns; the closing of an urn by its closing entry, where it has one."""
    columns = lines.columns
    if isinstance(lines, ExportLines):
        return {name: columns[name] for name in TIMES}
    closing = np.where(columns["closed"], columns["closed_at"], columns["closing"])
    return {"zero_check": columns["zero_check"], "opening": columns["opening"], "closing": closing}


def _midnights(dates: Ints) -> Ints:
    """The midnight at which each date begins, as machines count time; 0 for what is no date."""
    different, code = np.unique(dates, return_inverse=True)
    known = zip(different.tolist(), dates_good(different).tolist(), strict=True)
    begins = [civil_time.seconds(civil_time.date_of(number), 0) if good else 0 for number, good in known]
    return np.array(begins or [0], np.int64)[code]


def _off(times: dict[str, Ints], midnight: Ints, among: Bools) -> Iterator[tuple[int, list[str]]]:
    """Index and names of the times that are there and of another day; in the order of ``times``."""
    wrong = {
        name: among & (moments >= 0) & ((moments < midnight) | (moments >= midnight + _ENDS[name]))
        for name, moments in times.items()
    }
    for index in np.flatnonzero(np.logical_or.reduce(list(wrong.values()))).tolist():
        yield index, [name for name in times if wrong[name][index]]


def _entries(urns: Urns, midnight: Ints, among: Bools) -> dict[int, list[int]]:
    """The times of another day in the logs of urns, by image, from the opening on. What came before may be older."""
    events = urns.reading.urns.events
    events = events[events["good"] & among[events["image"]]]
    opened = np.full(len(midnight), np.iinfo(np.int64).max)
    opening = events[events["kind"] == EventKind.OPENING]
    np.minimum.at(opened, opening["image"], opening["entry"])
    image, at = events["image"], events["at"]
    off = (at < midnight[image]) | (at >= midnight[image] + NOON_AFTER)
    found: dict[int, list[int]] = {}
    for event in events[off & (events["entry"] >= opened[image])]:
        found.setdefault(int(event["image"]), []).append(int(event["at"]))
    return found


def _sides(place: str, moment: int, midnight: int) -> tuple[Side, Side]:
    return Side(place, civil_time.text(moment)), Side(place, civil_time.write(midnight).partition(" ")[0])


def _case(moments: dict[str, int], midnight: int) -> str:
    """A zero check on the day before is only a warning: it is done on the morning of the poll."""
    before = all(name == "zero_check" and midnight - civil_time.DAY <= at < midnight for name, at in moments.items())
    return "eve" if before else ""
