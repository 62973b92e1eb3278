"""M: does a machine agree with itself."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from protocol import civil_time
from protocol.export.terms import TIMES
from protocol.urn.terms import EventKind
from protocol.words import Text
from verify.model.evidence import Evidence
from verify.model.exports import Exports
from verify.model.figures import Bools, Ints, clock
from verify.model.findings import Checks, Finding, Found, Side, finding, where
from verify.rules.day_parts import paper_part


def _records(
    evidence: Evidence, exports: Exports, code: str, mask: Bools, left: str, right: str, field: str
) -> Iterator[Finding]:
    """A finding for each record where ``mask`` holds, from two of its counts."""
    columns = exports.columns
    for record in np.flatnonzero(mask).tolist():
        row, place = columns[record], exports.place(record)
        first = int(row["tally_sum"]) + int(row["blank"]) if left == "sum" else int(row[left])
        yield finding(
            code,
            Side(place, first),
            Side(place, int(row[right])),
            field=field,
            insee=str(evidence.universe.insee[exports.unit[record]]),
            bureau=str(evidence.universe.bureau[exports.unit[record]]),
            poll=evidence.polls[int(exports.poll[record])],
        )


def sums(evidence: Evidence) -> Iterator[Finding]:
    """M101: tallies and blank votes make up the votes cast. All are below 2**28, so the sum is exact."""
    exports = evidence.exports
    if exports is None:
        return
    columns = exports.columns
    differs = columns["tally_sum"] + columns["blank"] != columns["cast"]
    yield from _records(evidence, exports, "M101", exports.used & differs, "sum", "cast", "cast")


def public_counter(evidence: Evidence) -> Iterator[Finding]:
    """M102: votes cast and the public counter of voters agree."""
    exports = evidence.exports
    if exports is None:
        return
    differs = exports.columns["cast"] != exports.columns["voters"]
    yield from _records(evidence, exports, "M102", exports.used & differs, "cast", "voters", "voters")


def times(evidence: Evidence) -> Iterator[Finding]:
    """M105: zero check, opening, closing and export follow one another; a time that never was is not compared."""
    exports = evidence.exports
    if exports is None:
        return
    columns = exports.columns
    for earlier, later in pairwise(TIMES):
        first, second = columns[earlier], columns[later]
        wrong = exports.used & (first >= 0) & (second >= 0) & (first > second)
        for record in np.flatnonzero(wrong).tolist():
            place = exports.place(record)
            yield finding(
                "M105",
                Side(place, civil_time.text(int(first[record]))),
                Side(place, civil_time.text(int(second[record]))),
                field=later,
                insee=str(evidence.universe.insee[exports.unit[record]]),
                bureau=str(evidence.universe.bureau[exports.unit[record]]),
                poll=evidence.polls[int(exports.poll[record])],
                details={"earlier": earlier, "later": later},
            )


def more_than_registered(evidence: Evidence) -> Iterator[Found]:
    """M108: a bureau's machines took more votes than it has registered voters by the machine's own configuration."""
    exports = evidence.exports
    if exports is None:
        return
    cast, registered = exports.cast, exports.registered
    mask = cast.known & registered.known & (cast.values > registered.values)
    yield from where(evidence, "M108", mask, cast, registered)


def zero_check(evidence: Evidence) -> Iterator[Finding]:
    """M104: the export says that no zero check was made, or that counters were not at zero at it."""
    exports = evidence.exports
    if exports is None:
        return
    columns = exports.columns
    never = exports.used & (columns["zero_check"] < 0)
    for record in np.flatnonzero(never).tolist():
        yield _one(evidence, exports, "M104", record, Side(exports.place(record), None), 0, "zero_check")
    for record in np.flatnonzero(exports.used & ~never & (columns["zero_sum"] != 0)).tolist():
        left = Side(exports.place(record), int(columns["zero_sum"][record]))
        yield _one(evidence, exports, "M104", record, left, 0, "zero_sum")


def never_closed(evidence: Evidence) -> Iterator[Finding]:
    """M106: exported before the poll was closed."""
    exports = evidence.exports
    if exports is None:
        return
    for record in np.flatnonzero(exports.used & (exports.columns["closing"] < 0)).tolist():
        exported = civil_time.text(int(exports.columns["export"][record]))
        yield _one(evidence, exports, "M106", record, Side(exports.place(record), None), exported, "closing")


def enablings(evidence: Evidence) -> Iterator[Finding]:
    """M109: enablings less cancellations are the votes cast."""
    exports = evidence.exports
    if exports is None:
        return
    columns = exports.columns
    expected = columns["enablings"] - columns["cancellations"]
    for record in np.flatnonzero(exports.used & (expected != columns["cast"])).tolist():
        left = Side(exports.place(record), int(expected[record]))
        yield _one(evidence, exports, "M109", record, left, int(columns["cast"][record]), "enablings")


def votes_per_hour(evidence: Evidence) -> Iterator[Finding]:
    """M111: more votes an hour than one machine can take."""
    exports = evidence.exports
    if exports is None:
        return
    columns, most = exports.columns, evidence.thresholds.votes_per_hour
    open_for = columns["closing"] - columns["opening"]
    timed = exports.used & (columns["opening"] >= 0) & (columns["closing"] >= 0) & (open_for > 0)
    for record in np.flatnonzero(timed & (columns["cast"] * 3600 > most * open_for)).tolist():
        left = Side(exports.place(record), int(columns["cast"][record]) * 3600 // int(open_for[record]))
        yield _one(evidence, exports, "M111", record, left, most, "cast")


def hours(evidence: Evidence) -> Iterator[Finding]:
    """M107: the PV's hours against the préfet's, and the machine's clock against the PV's."""
    records = evidence.records
    if records is None:
        return
    for name, official, sign in (
        ("ouverture", evidence.universe.opening, 1),
        ("cloture", evidence.universe.closing, -1),
    ):
        stated = records[name]
        ordered = np.broadcast_to(official[:, None], evidence.shape)
        known = stated.known & (ordered >= 0)
        late = known & (sign * (stated.values - ordered) > 0)
        for unit, poll in np.argwhere(late).tolist():
            yield finding(
                "M107",
                Side(stated.places.text(unit, poll), clock(int(stated.values[unit, poll]))),
                Side(evidence.universe.place(unit), clock(int(ordered[unit, poll]))),
                field=name,
                insee=str(evidence.universe.insee[unit]),
                bureau=str(evidence.universe.bureau[unit]),
                poll=evidence.polls[poll],
            )
        if evidence.exports is not None:
            yield from _clock_of_machine(evidence, evidence.exports, name)


def _clock_of_machine(evidence: Evidence, exports: Exports, name: str) -> Iterator[Finding]:
    """A machine's own clock against the PV; it need not keep legal time. Of a day in parts, one part cannot tell."""
    pv = evidence.records
    if pv is None:
        return
    for record in _clocks_off(evidence, exports, name).tolist():
        at = int(exports.unit[record]), int(exports.poll[record])
        moment = int(exports.columns["opening" if name == "ouverture" else "closing"][record])
        yield finding(
            "M107",
            Side(exports.place(record), civil_time.text(moment)),
            Side(pv[name].places.text(*at), clock(int(pv[name].values[at]))),
            field=name,
            insee=str(evidence.universe.insee[at[0]]),
            bureau=str(evidence.universe.bureau[at[0]]),
            poll=evidence.polls[at[1]],
            case="clock",
        )


def _clocks_off(evidence: Evidence, exports: Exports, name: str) -> Ints:
    """The records of one machine's whole day whose clock leaves the PV's opening or closing."""
    pv = evidence.records
    if pv is None:
        return np.zeros(0, np.int64)
    records = np.flatnonzero(exports.used)
    at = (exports.unit[records], exports.poll[records])
    moment = exports.columns["opening" if name == "ouverture" else "closing"][records]
    stated = pv[name].values[at]
    apart = np.abs(moment % civil_time.DAY // 60 - stated % (24 * 60))
    apart = np.minimum(apart, 24 * 60 - apart)
    known = (moment >= 0) & (stated >= 0) & _one_machine(evidence, exports)[at]
    off: Ints = records[known & (apart > evidence.thresholds.clock_margin)]
    return off


def _clock_off(evidence: Evidence) -> Bools:
    """Where M107 says that the machine's clock left the PV, ``(units, polls)``."""
    off = np.zeros(evidence.shape, np.bool_)
    if evidence.exports is not None:
        for name in ("ouverture", "cloture"):
            records = _clocks_off(evidence, evidence.exports, name)
            off[evidence.exports.unit[records], evidence.exports.poll[records]] = True
    return off


def _one_machine(evidence: Evidence, exports: Exports | None) -> Bools:
    """Where a bureau has one machine, ``(units, polls)``; of two, an export or an image may have been lost."""
    sealed = np.broadcast_to(evidence.universe.parts[:, None] <= 1, evidence.shape)
    return sealed if exports is None else sealed & (exports.parts == 1)


def hourly_signatures(evidence: Evidence) -> Iterator[Finding]:
    """M112: the module's hourly counter leaves the hourly signatures, where one module took the whole day.

    One finding for a bureau and poll, at the hour that differs most; ``hours`` in its details says at how many.
    Where the machine's clock was off, as M107 says, its hours are not those of the signatures and are not compared.
    """
    modules, exports = evidence.modules, evidence.exports
    if modules is None or not evidence.hourly:
        return
    events = modules.reading.modules.events
    hour = events["at"] // 3600 % 24
    image = events["image"]
    hourly = (events["kind"] == EventKind.HOURLY) & events["good"] & modules.used[image] & (events["at"] % 3600 == 0)
    alone = _one_machine(evidence, exports) & (paper_part(evidence) == 0) & ~_clock_off(evidence)
    far: dict[tuple[int, int], list[tuple[int, int, int]]] = {}
    for at_hour, signed in evidence.hourly.items():
        for poll, number in enumerate(evidence.polls):
            rows = np.flatnonzero(hourly & (hour == at_hour) & (events["poll"] == number))
            units = modules.unit[image[rows]]
            there = signed.values[units, poll]
            apart = np.abs(events["value"][rows] - there)
            apart[(there < 0) | ~alone[units, poll]] = 0
            for index in np.flatnonzero(apart > evidence.thresholds.hourly_margin).tolist():
                far.setdefault((int(units[index]), poll), []).append((int(apart[index]), -at_hour, int(rows[index])))
    for (unit, poll), hours in far.items():
        _, before, row = max(hours)
        signed = evidence.hourly[-before]
        yield finding(
            "M112",
            Side(modules.place(int(image[row])), int(events["value"][row])),
            Side(signed.places.text(unit, poll), int(signed.values[unit, poll])),
            field=f"{-before:02}h",
            insee=str(evidence.universe.insee[unit]),
            bureau=str(evidence.universe.bureau[unit]),
            poll=evidence.polls[poll],
            details={"hours": len(hours)},
        )


def _one(
    evidence: Evidence, exports: Exports, code: str, record: int, left: Side, right: int | Text, field: str
) -> Finding:
    return finding(
        code,
        left,
        Side(exports.place(record), right),
        field=field,
        insee=str(evidence.universe.insee[exports.unit[record]]),
        bureau=str(evidence.universe.bureau[exports.unit[record]]),
        poll=evidence.polls[int(exports.poll[record])],
    )


CHECKS: Checks = {
    sums: ("M101",),
    public_counter: ("M102",),
    times: ("M105",),
    more_than_registered: ("M108",),
    zero_check: ("M104",),
    never_closed: ("M106",),
    enablings: ("M109",),
    votes_per_hour: ("M111",),
    hours: ("M107",),
    hourly_signatures: ("M112",),
}
