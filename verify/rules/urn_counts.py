"""M115, M116, M117: does a closed urn agree with itself, and with the counters of the exports that were read from it.

Its votes one by one are M103's.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from protocol import civil_time
from protocol.export.terms import MAX_POLLS, TIMES
from protocol.urn.terms import FAILS, GOOD, UNSEALED, EventKind, Section
from protocol.words import Text
from verify.model.evidence import Evidence
from verify.model.figures import Bools, Ints
from verify.model.findings import Checks, Finding
from verify.model.holds import Side
from verify.model.modules import Modules
from verify.rules.urns import about


def counters(evidence: Evidence) -> Iterator[Finding]:
    """M115: the closing entry of an urn is not what its marks and its slots show."""
    modules = evidence.modules
    if modules is None:
        return
    columns = modules.columns
    closed = modules.used & columns["closed"]
    banks = (columns["sections"][:, [Section.BANK_A, Section.BANK_B]] == GOOD).all(axis=1)
    unread = columns["unreadable"] + columns["not_blank"] + columns["test_slots"]
    for name, shown, among in (
        ("enablings", columns["enablings"], closed),
        ("unreadable", unread, closed & banks),  # of banks that have changed since, I106 and I107 say so
        ("burnt", columns["burnt"], closed & banks),
    ):
        stated = columns[f"closed_{name}"]
        for image in np.flatnonzero(among & (stated != shown)).tolist():
            yield _of_closing(evidence, modules, image, "M115", int(stated[image]), int(shown[image]), name)
    for name in ("voters", "cancellations"):
        stated, shown = columns[f"closed_{name}"], columns[name]
        wrong = closed[:, None] & (columns["choices"] > 0) & (stated != shown)
        for image, poll in np.argwhere(wrong).tolist():
            both = int(stated[image, poll]), int(shown[image, poll])
            yield _of_closing(evidence, modules, image, "M115", *both, name, poll + 1)


def _of_closing(
    evidence: Evidence, modules: Modules, image: int, code: str, left: int, right: int, field: str, poll: int = 0
) -> Finding:
    place = modules.place(image)
    sides = Side(f"{place}:closing", left), Side(place, right)
    return about(evidence, modules, image, code, *sides, field=field, poll=poll)


def totals(evidence: Evidence) -> Iterator[Finding]:
    """M116: the counters of an urn do not make up its votes; or its export has other counters than it."""
    modules = evidence.modules
    if modules is None:
        return
    columns = modules.columns
    there = (modules.used & columns["closed"])[:, None] & (columns["choices"] > 0)
    there &= np.isin(np.arange(1, MAX_POLLS + 1), evidence.polls)  # of another poll A110 says that it is there
    cast, voters = columns["closed_cast"], columns["closed_voters"]
    sums = columns["closed_blank"] + np.where(columns["closed_tallies"] > 0, columns["closed_tallies"], 0).sum(axis=2)
    enabled = columns["closed_enablings"][:, None] - columns["closed_cancellations"]
    alone = there & (modules.export < 0)  # of an export M101, M102 and M109 say it
    for name, made in (("cast", sums), ("voters", voters), ("enablings", enabled)):
        for image, poll in np.argwhere(alone & (made != cast)).tolist():
            both = int(made[image, poll]), int(cast[image, poll])
            yield _of_closing(evidence, modules, image, "M116", *both, name, poll + 1)
    yield from _exported(evidence, modules, there)
    yield from _never_closed(evidence, modules)


def _exported(evidence: Evidence, modules: Modules, there: Bools) -> Iterator[Finding]:
    exports, columns = evidence.exports, modules.columns
    if exports is None or not len(exports.columns):
        return
    for number in evidence.polls:
        record = modules.export[:, number - 1]
        for name in ("cast", "voters", "cancellations", "enablings"):
            of_urns = columns[f"closed_{name}"] if name == "enablings" else columns[f"closed_{name}"][:, number - 1]
            of_exports = exports.columns[name][record]
            wrong = there[:, number - 1] & (record >= 0) & (of_urns != of_exports)
            for image in np.flatnonzero(wrong).tolist():
                place = exports.place(int(record[image]))
                left, right = Side(modules.place(image), int(of_urns[image])), Side(place, int(of_exports[image]))
                yield about(evidence, modules, image, "M116", left, right, field=name, poll=number)


def _never_closed(evidence: Evidence, modules: Modules) -> Iterator[Finding]:
    """M116 for an urn that was never closed: a loss of power can keep one mark, not more, from a vote."""
    columns = modules.columns
    open_still = modules.used & (columns["sections"][:, Section.CLOSING] == UNSEALED)
    ahead = columns["cast"] - columns["voters"]
    wrong = open_still[:, None] & (columns["choices"] > 0) & ((ahead < 0) | (ahead > 1))
    for image, poll in np.argwhere(wrong).tolist():
        place = modules.place(image)
        left, right = Side(place, int(columns["voters"][image, poll])), Side(place, int(columns["cast"][image, poll]))
        yield about(evidence, modules, image, "M116", left, right, field="voters", poll=poll + 1)


def not_closed(evidence: Evidence) -> Iterator[Finding]:
    """M106 for an urn of which there is no export: it was never closed."""
    modules = evidence.modules
    if modules is None:
        return
    never = modules.used & (modules.columns["sections"][:, Section.CLOSING] == UNSEALED)
    for image in np.flatnonzero(never & (modules.export < 0).all(axis=1)).tolist():
        place, events = modules.place(image), modules.reading.modules.events
        last = events["at"][events["good"] & (events["image"] == image)][-1:].tolist()
        known = civil_time.text(last[0]) if last else None
        yield about(evidence, modules, image, "M106", Side(place, None), Side(place, known), field="closing")


def log(evidence: Evidence) -> Iterator[Finding]:
    """M117: the log of a closed urn does not tell of the day that its closing entry tells of."""
    modules = evidence.modules
    if modules is None:
        return
    columns = modules.columns
    readable = modules.used & columns["closed"] & (columns["bad_events"] == 0)
    readable &= columns["sections"][:, Section.LOG] != FAILS
    opening, entry, closed_at = (columns[name] for name in ("opening", "closing", "closed_at"))
    first, last, after = _entries(modules)
    first_poll = np.argmax(columns["choices"] > 0, axis=1)
    voters = columns["closed_voters"][np.arange(len(columns)), first_poll]
    none, one = np.zeros(len(columns), np.int64), np.ones(len(columns), np.int64)
    for field, wrong, shown, due in (
        ("openings", opening < 0, none, one),
        ("counter_at_opening", first > 0, first, none),
        ("closing", entry != closed_at, entry, closed_at),
        ("counter_at_closing", (entry >= 0) & (last != voters), last, voters),
        ("entries_after_closing", after > 0, after, none),
        ("opening", opening > closed_at, opening, closed_at),
    ):
        for image in np.flatnonzero(readable & wrong).tolist():
            values = (_shown(field, int(each[image])) for each in (shown, due))
            left, right = (Side(modules.place(image), value) for value in values)
            yield about(evidence, modules, image, "M117", left, right, field=field)


def _shown(field: str, value: int) -> int | Text | None:
    if field not in TIMES:
        return value
    return civil_time.text(value) if value >= 0 else None


def _entries(modules: Modules) -> tuple[Ints, Ints, Ints]:
    """By image: the public counter at the first opening and the last closing, and how many entries come after that."""
    n, events = len(modules.columns), modules.reading.modules.events
    events = events[events["good"]]
    first, last, closed_at = (np.full(n, -1, np.int64) for _ in range(3))
    opening, closing = (events[events["kind"] == kind] for kind in (EventKind.OPENING, EventKind.CLOSING))
    first[opening["image"][::-1]] = opening["value"][::-1]
    last[closing["image"]], closed_at[closing["image"]] = closing["value"], closing["entry"]
    later = (closed_at[events["image"]] >= 0) & (events["entry"] > closed_at[events["image"]])
    return first, last, np.bincount(events["image"][later], minlength=n)


CHECKS: Checks = {
    counters: ("M115",),
    totals: ("M116",),
    not_closed: ("M106",),
    log: ("M117",),
}
