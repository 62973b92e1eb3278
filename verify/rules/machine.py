"""M: does a machine agree with itself."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from protocol import civil_time
from protocol.export.terms import TIMES
from protocol.urn.terms import EventKind
from protocol.words import Text
from verify.columns.day_parts import HOURS
from verify.columns.needs import (
    ClocksOff,
    ComparableHours,
    Exports,
    HourlySignatures,
    Limits,
    MachineVotes,
    OfficialList,
    Polls,
    Records,
    Urns,
)
from verify.model.checks import check
from verify.model.figures import Figures, clock
from verify.model.rule_results import Held, One, Where, look, one, side_at, side_of, where

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
