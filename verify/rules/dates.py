"""C127, M114: do files say one day, and lie the machine's times, and the entries of its log, on the day of the poll."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterator

import numpy as np

from protocol import civil_time
from protocol.export.terms import TIMES
from protocol.limits import dates_good
from protocol.urn.terms import EventKind
from verify.columns.needs import Exports, StatedDays, UrnExports, Urns
from verify.model.checks import check
from verify.model.figures import Bools, Ints
from verify.model.rule_results import Held, Named, One, Side, look_at_tables, one


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
def exports_of_another_day(exports: Exports) -> Iterator[One]:
    """M114 for exports: one finding for each, at its first time of another day."""
    midnight = _midnights(exports.columns["date"])
    times = {name: exports.columns[name] for name in TIMES}
    for record, names in _off(times, midnight, exports.used):
        moments = {name: int(times[name][record]) for name in names}
        left, right = _sides(exports.place(record), moments, int(midnight[record]))
        case = _case(moments, int(midnight[record]))
        yield one(exports.at(record), left, right, field=names[0], case=case, times=len(names))


@check("M114")
def urns_of_another_day(urns: Urns, exports: UrnExports) -> Iterator[One]:
    """M114 for urns: times that no export of theirs has as well, else the entries of the log after the opening."""
    columns, used = urns.columns, urns.used
    midnight = _midnights(columns["date"])
    closing = np.where(columns["closed"], columns["closed_at"], columns["closing"])
    times = {"zero_check": columns["zero_check"], "opening": columns["opening"], "closing": closing}
    some = np.zeros(len(columns), np.bool_)
    for image, names in _off(times, midnight, used):
        some[image] = True
        new = [name for name in names if not exports.have(image, name, times[name][image])]
        if new:
            moments = {name: int(times[name][image]) for name in new}
            left, right = _sides(urns.place(image), moments, int(midnight[image]))
            case = _case(moments, int(midnight[image]))
            yield one(urns.at(image), left, right, field=new[0], case=case, times=len(new))
    for image, entries in _entries(urns, midnight, used & ~some).items():
        left, right = _sides(urns.place(image), {"log": entries[0]}, int(midnight[image]))
        yield one(urns.at(image), left, right, field="log", times=len(entries))


def _midnights(dates: Ints) -> Ints:
    """The midnight at which each date begins, as machines count time; 0 for what is no date."""
    different, code = np.unique(dates, return_inverse=True)
    known = zip(different.tolist(), dates_good(different).tolist(), strict=True)
    begins = [civil_time.seconds(_date(number), 0) if good else 0 for number, good in known]
    return np.array(begins or [0], np.int64)[code]


def _date(number: int) -> datetime.date:
    return datetime.date(number // 10_000, number // 100 % 100, number % 100)


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


def _sides(place: str, moments: dict[str, int], midnight: int) -> tuple[Side, Side]:
    first = next(iter(moments.values()))
    return Side(place, civil_time.text(first)), Side(place, civil_time.write(midnight).partition(" ")[0])


def _case(moments: dict[str, int], midnight: int) -> str:
    """A zero check on the day before is only a warning: it is done on the morning of the poll."""
    before = all(name == "zero_check" and midnight - civil_time.DAY <= at < midnight for name, at in moments.items())
    return "eve" if before else ""
