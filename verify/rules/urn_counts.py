"""M115, M116, M117: does a closed urn agree with itself, and with the counters of the exports that were read from it.

Its votes one by one are M103's.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from protocol import civil_time
from protocol.evidence_kinds import EvidenceKind
from protocol.export.terms import MAX_POLLS, TIMES
from protocol.urn.terms import FAILS, GOOD, UNSEALED, EventKind, Section
from protocol.words import Text
from verify.columns.needs import Exports, Polls, Urns
from verify.model.checks import check
from verify.model.figures import Bools, Ints
from verify.model.rule_results import One, Side, one


@check("M115")
def counters(urns: Urns) -> Iterator[One]:
    """M115: the closing entry of an urn is not what its marks and its slots show, these in banks that are as sealed."""
    columns = urns.columns
    closed = urns.used & columns["closed"]
    banks = (columns["sections"][:, [Section.BANK_A, Section.BANK_B]] == GOOD).all(axis=1)
    unread = columns["unreadable"] + columns["not_blank"] + columns["test_slots"]
    for name, shown, among in (
        ("enablings", columns["enablings"], closed),
        ("unreadable", unread, closed & banks),
        ("burnt", columns["burnt"], closed & banks),
    ):
        stated = columns[f"closed_{name}"]
        for image in np.flatnonzero(among & (stated != shown)).tolist():
            yield _of_closing(urns, image, int(stated[image]), int(shown[image]), name)
    for name in ("voters", "cancellations"):
        stated, shown = columns[f"closed_{name}"], columns[name]
        wrong = closed[:, None] & (columns["choices"] > 0) & (stated != shown)
        for image, poll in np.argwhere(wrong).tolist():
            yield _of_closing(urns, image, int(stated[image, poll]), int(shown[image, poll]), name, poll + 1)


def _of_closing(urns: Urns, image: int, left: int, right: int, field: str, poll: int = 0) -> One:
    place = urns.place(image)
    return one(
        urns.at(image, poll),
        Side(f"{place}:closing", left, piece=EvidenceKind.URNS),
        urns.side(image, right),
        field=field,
    )


@check("M116")
def totals(urns: Urns, polls: Polls) -> Iterator[One]:
    """M116: the counters of an urn do not make up its votes, in polls of which there is no export."""
    columns = urns.columns
    cast, voters = columns["closed_cast"], columns["closed_voters"]
    sums = columns["closed_blank"] + np.where(columns["closed_tallies"] > 0, columns["closed_tallies"], 0).sum(axis=2)
    enabled = columns["closed_enablings"][:, None] - columns["closed_cancellations"]
    alone = _closed_polls(urns, polls) & (urns.export < 0)
    for name, made in (("cast", sums), ("voters", voters), ("enablings", enabled)):
        for image, poll in np.argwhere(alone & (made != cast)).tolist():
            yield _of_closing(urns, image, int(made[image, poll]), int(cast[image, poll]), name, poll + 1)


def _closed_polls(urns: Urns, polls: Polls) -> Bools:
    """The polls of the day that closed urns have, by number less one; shape ``(n, 5)``."""
    there = (urns.used & urns.columns["closed"])[:, None] & (urns.columns["choices"] > 0)
    return np.asarray(there & np.isin(np.arange(1, MAX_POLLS + 1), polls), np.bool_)


@check("M116")
def exported(urns: Urns, exports: Exports, polls: Polls) -> Iterator[One]:
    """M116: the export of an urn has other counters than it."""
    there, columns = _closed_polls(urns, polls), urns.columns
    for number in polls if len(exports.columns) else ():
        record = urns.export[:, number - 1]
        for name in ("cast", "voters", "cancellations", "enablings"):
            of_urns = columns[f"closed_{name}"] if name == "enablings" else columns[f"closed_{name}"][:, number - 1]
            of_exports = exports.columns[name][record]
            wrong = there[:, number - 1] & (record >= 0) & (of_urns != of_exports)
            for image in np.flatnonzero(wrong).tolist():
                right = exports.side(int(record[image]), int(of_exports[image]))
                yield one(urns.at(image, number), urns.side(image, int(of_urns[image])), right, field=name)


@check("M116")
def never_closed(urns: Urns) -> Iterator[One]:
    """M116 for an urn that was never closed: a loss of power can keep one mark, not more, from a vote."""
    columns = urns.columns
    open_still = urns.used & (columns["sections"][:, Section.CLOSING] == UNSEALED)
    ahead = columns["cast"] - columns["voters"]
    wrong = open_still[:, None] & (columns["choices"] > 0) & ((ahead < 0) | (ahead > 1))
    for image, poll in np.argwhere(wrong).tolist():
        left, right = (urns.side(image, int(columns[name][image, poll])) for name in ("voters", "cast"))
        yield one(urns.at(image, poll + 1), left, right, field="voters")


@check("M106")
def not_closed(urns: Urns) -> Iterator[One]:
    """M106 for an urn of which there is no export: it was never closed."""
    never = urns.used & (urns.columns["sections"][:, Section.CLOSING] == UNSEALED)
    for image in np.flatnonzero(never & (urns.export < 0).all(axis=1)).tolist():
        events = urns.reading.urns.events
        last = events["at"][events["good"] & (events["image"] == image)][-1:].tolist()
        known = civil_time.text(last[0]) if last else None
        yield one(urns.at(image), urns.side(image, None), urns.side(image, known), field="closing")


@check("M117")
def log(urns: Urns) -> Iterator[One]:
    """M117: the log of a closed urn does not tell of the day that its closing entry tells of."""
    columns = urns.columns
    readable = urns.used & columns["closed"] & (columns["bad_events"] == 0)
    readable &= columns["sections"][:, Section.LOG] != FAILS
    opening, entry, closed_at = (columns[name] for name in ("opening", "closing", "closed_at"))
    first, last, after = _entries(urns)
    first_poll = np.argmax(columns["choices"] > 0, axis=1)
    voters = columns["closed_voters"][np.arange(len(columns)), first_poll]
    none, one_ = np.zeros(len(columns), np.int64), np.ones(len(columns), np.int64)
    for field, wrong, shown, due in (
        ("openings", opening < 0, none, one_),
        ("counter_at_opening", first > 0, first, none),
        ("closing", entry != closed_at, entry, closed_at),
        ("counter_at_closing", (entry >= 0) & (last != voters), last, voters),
        ("entries_after_closing", after > 0, after, none),
        ("opening", opening > closed_at, opening, closed_at),
    ):
        for image in np.flatnonzero(readable & wrong).tolist():
            left, right = (urns.side(image, _shown(field, int(each[image]))) for each in (shown, due))
            yield one(urns.at(image), left, right, field=field)


def _shown(field: str, value: int) -> int | Text | None:
    if field not in TIMES:
        return value
    return civil_time.text(value) if value >= 0 else None


def _entries(urns: Urns) -> tuple[Ints, Ints, Ints]:
    """By image: the public counter at the first opening and the last closing, and how many entries come after that."""
    n, events = len(urns.columns), urns.reading.urns.events
    events = events[events["good"]]
    first, last, closed_at = (np.full(n, -1, np.int64) for _ in range(3))
    opening, closing = (events[events["kind"] == kind] for kind in (EventKind.OPENING, EventKind.CLOSING))
    first[opening["image"][::-1]] = opening["value"][::-1]
    last[closing["image"]], closed_at[closing["image"]] = closing["value"], closing["entry"]
    later = (closed_at[events["image"]] >= 0) & (events["entry"] > closed_at[events["image"]])
    return first, last, np.bincount(events["image"][later], minlength=n)
