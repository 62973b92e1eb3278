"""I, M and A where a module image is at hand: its bytes, its recount, its counters, and the export read from it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np

from protocol import civil_time
from protocol.errors import FormatError
from protocol.evidence_kinds import EvidenceKind
from protocol.export.terms import INSTEAD, MAX_POLLS, TIMES, RecordVerdict
from protocol.night import parse_urn_name
from protocol.urn.terms import FAILS, GOOD, IMAGE_SIZE, UNSEALED, EventKind, Section, SlotState
from protocol.words import Text, msg
from verify.columns.needs import Contests, Exports, Polls, Universe, Urns
from verify.model.checks import check
from verify.model.figures import Bools, Ints
from verify.model.rule_results import Named, One, Side, one

_CODES = {
    RecordVerdict.MAGIC: "I101",
    RecordVerdict.VERSION: "I102",
    RecordVerdict.LENGTH: "I103",
    RecordVerdict.VALUE: "I112",
}


@check("I101", "I102", "I103", "I112")
def files(urns: Urns, universe: Universe) -> Iterator[One]:
    """I101, I102, I103, I112: a file in the folder of modules is no module image."""
    for index, file in enumerate(urns.reading.files):
        if file.problem is not None:
            problem, name = file.problem, urns.names[index]
            left, right = _sides(f"{name}@{problem.offset}", problem.got, name, problem.expected)
            at = _named(urns, universe, index)
            yield one(at, left, right, field=problem.field, code="I103", times=1, bytes=file.size)
    for verdict, code in _CODES.items():
        for image in np.flatnonzero(urns.columns["verdict"] == verdict).tolist():
            yield _no_image(urns, universe, image, verdict, code)


def _no_image(urns: Urns, universe: Universe, image: int, verdict: RecordVerdict, code: str) -> One:
    expected = msg("a module image of {size:n} bytes, version 1", size=IMAGE_SIZE)
    reasons = urns.reading.reasons.get(image, ()) if verdict is RecordVerdict.VALUE else ()
    at = _named(urns, universe, int(urns.reading.file[image]))
    field, sides = _first_of(reasons, urns.place(image), "configuration", INSTEAD[verdict], expected)
    return one(at, *sides, field=field, code=code, times=1, bytes=IMAGE_SIZE)


def _first_of(
    reasons: Sequence[FormatError], place: str, field: str, got: Text, expected: Text
) -> tuple[str, tuple[Side, Side]]:
    """The field and the sides of the first of some reasons, or of what is said without any."""
    source = place
    for each in reasons[:1]:
        source, field, got, expected = f"{place}@{each.offset}", each.field, each.got, each.expected
    return field, _sides(source, got, place, expected)


def _sides(source: str, got: Text, place: str, expected: Text) -> tuple[Side, Side]:
    return Side(source, got, piece=EvidenceKind.URNS), Side(place, expected, piece=EvidenceKind.URNS)


def _named(urns: Urns, universe: Universe, file: int) -> Named:
    """The bureau that a damaged file stands for by its name, if that bureau is on the list."""
    name = parse_urn_name(urns.reading.files[file].path.name)
    return Named(*name[:2]) if name is not None and universe.has(*name[:2]) else Named()


@check("I106")
def sections(urns: Urns) -> Iterator[One]:
    """I106: a section of an image fails its checksum. Where none fits, the serial is damaged: it is said once."""
    fails = urns.looked_into[:, None] & (urns.columns["sections"] == FAILS)
    fails[urns.unbound, Section.CONFIGURATION + 1 :] = False
    for image, section in np.argwhere(fails).tolist():
        sides = urns.side(image, "fails"), urns.side(image, "good")
        yield one(urns.at(image), *sides, field=Section(section).name.lower())


@check("I117", "I119")
def limits(urns: Urns) -> Iterator[One]:
    """I117, I119: an entry of the log, or another value, that the format does not allow; one finding a section.

    Of sections that are as they were sealed.
    """
    among = (urns.looked_into & ~urns.unbound)[:, None] & (urns.columns["sections"] != FAILS)
    for image, number in np.argwhere(among & ~urns.columns["allowed"]).tolist():
        name = Section(number).name.lower()
        reasons = [each for each in urns.reading.reasons.get(image, ()) if re.split(r"[.\[]", each.field)[0] == name]
        got, expected = INSTEAD[RecordVerdict.VALUE], msg("all in order")
        field, sides = _first_of(reasons, urns.place(image), name, got, expected)
        code, times = "I117" if number == Section.LOG else "I119", len(reasons) or 1
        yield one(urns.at(image), *sides, field=field, code=code, times=times)


@check("I105")
def reserved(urns: Urns) -> Iterator[One]:
    """I105: bytes that the format does not use are not erased."""
    for image in np.flatnonzero(urns.looked_into & ~urns.columns["reserved_erased"]).tolist():
        yield one(urns.at(image), urns.side(image, "not erased"), Side("format", "erased"), field="reserved")


_SLOTS: tuple[tuple[str, str, str, tuple[SlotState, ...]], ...] = (
    ("I107", "repaired", "repaired", (SlotState.REPAIRED_FROM_A, SlotState.REPAIRED_FROM_B)),
    ("I107", "unreadable", "", (SlotState.UNREADABLE, SlotState.CONFLICT)),
    ("I108", "foreign", "", (SlotState.FOREIGN,)),
    ("I110", "not_blank", "", (SlotState.NOT_BLANK,)),
    ("I118", "test_slots", "", (SlotState.TEST,)),
)
"""Code, column of the count, case, and states of slots that are not in order."""


@check("I107", "I108", "I110", "I118")
def slots(urns: Urns) -> Iterator[One]:
    """I107, I108, I110, I118: slots of the vote area that are not a vote in both banks, nor blank, nor given up."""
    odd = urns.reading.urns.slots
    columns = urns.columns
    for code, name, case, states in _SLOTS:
        first: dict[int, int] = {}
        for row in np.flatnonzero(np.isin(odd["state"], states)).tolist():
            first.setdefault(int(odd["image"][row]), row)
        for image in np.flatnonzero(urns.looked_into & (columns[name] > 0)).tolist():
            slot = first.get(image)
            position = "?" if slot is None else str(odd["position"][slot])
            got = "-" if slot is None else " / ".join(odd[bank][slot].tobytes().hex(" ") for bank in "ab")
            note: Text = "" if slot is None else msg("; the first in slot {slot} ({got})", slot=position, got=got)
            sides = urns.side(image, int(columns[name][image])), urns.side(image, 0)
            yield one(urns.at(image), *sides, field=name, code=code, case=case, position=position, got=got, note=note)


@check("I109")
def counter_copies(urns: Urns) -> Iterator[One]:
    """I109: the two copies of a counter do not say the same."""
    inconsistent = (urns.looked_into[:, None] & ~urns.columns["counters_consistent"]).sum(axis=1)
    yield from _unlike(urns, inconsistent > 0, inconsistent, 0, "marks")


@check("M103")
def recount(urns: Urns, polls: Polls, contests: Contests) -> Iterator[One]:
    """M103: the votes stored in the module, recounted, against its closing entry, or else against its export."""
    for number in polls:
        recounted, closed = (
            np.concatenate([urns.of_poll(f"{of}blank", number)[:, None], urns.of_poll(f"{of}tallies", number)], axis=1)
            for of in ("", "closed_")
        )
        there = (urns.used & (urns.of_poll("choices", number) > 0))[:, None]
        wrong = there & (closed >= 0) & (recounted != closed)
        places = [f"{urns.place(image)}:closing" for image in range(len(recounted))]
        found = [(wrong, closed, EvidenceKind.URNS, places)]
        if urns.exports is not None and len(urns.exports.columns):
            record = urns.export[:, number - 1]
            rows = urns.exports.columns[record]
            exported = np.concatenate([rows["blank"][:, None], rows["tallies"].astype(np.int64)], axis=1)
            differs = there & (record >= 0)[:, None] & (recounted != exported) & ~wrong
            found.append((differs, exported, EvidenceKind.EXPORTS, list(map(urns.exports.place, record.tolist()))))
        for mask, others, piece, sources in found:
            for image, choice in np.argwhere(mask).tolist():
                left = urns.side(image, int(recounted[image, choice]))
                right = Side(sources[image], int(others[image, choice]), piece=piece)
                field = _choice(urns, polls, contests, image, number, choice)
                yield one(urns.at(image, number), left, right, field=field)


def _choice(urns: Urns, polls: Polls, contests: Contests, image: int, number: int, choice: int) -> Text:
    """The name of a choice of an urn's panel, where the contest has as many; ``blank`` before the first one."""
    contest = int(contests.of[int(urns.unit[image]), polls.index(number)])
    labels = contests.contests[contest].choices if contest >= 0 else ()
    if choice == 0:
        return "blank"
    return labels[choice - 1] if choice <= len(labels) else msg("choice {number}", number=choice)


@check("A107")
def digests(urns: Urns, exports: Exports) -> Iterator[One]:
    """A107: an export says it was read from an image with another SHA-256 than the one at hand."""
    for image, poll in np.argwhere(urns.export >= 0).tolist():
        record = int(urns.export[image, poll])
        stated, computed = exports.columns["module_digest"][record].tobytes(), urns.digest(image)
        if any(stated) and stated != computed:
            sides = exports.side(record, stated.hex()[:16]), urns.side(image, computed.hex()[:16])
            yield one(urns.at(image, poll + 1), *sides, field="module_digest")


@check("M104")
def zero_checks(urns: Urns) -> Iterator[One]:
    """M104: no zero check, counters or vote slots not at zero at it, or votes of the test mode changed after it."""
    columns = urns.columns
    yield from _unlike(urns, urns.used & (columns["zero_check"] < 0) & ~urns.unbound, None, 0, "zero_check")
    for name in ("zero_sum", "zero_slots", "test_changed"):
        yield from _unlike(urns, urns.used & (columns[name] > 0), columns[name], 0, name)


@check("M110")
def clocks(urns: Urns) -> Iterator[One]:
    """M110: after the opening the clock was set, or the log's times fall."""
    for name in ("clock_sets", "clock_falls"):
        yield from _unlike(urns, urns.used & (urns.columns[name] > 0), urns.columns[name], 0, name)


@check("M112")
def hourly(urns: Urns) -> Iterator[One]:
    """M112: the hourly public counter falls."""
    falls = urns.columns["hourly_falls"]
    yield from _unlike(urns, urns.used & (falls > 0), falls, 0, "hourly")


def _unlike(
    urns: Urns, wrong: Bools, left: Ints | int | None, right: Ints | int, field: str, *, closing: bool = False
) -> Iterator[One]:
    """A finding for each image of a mask of shape ``(n,)``, or each image and poll of one of shape ``(n, 5)``.

    Args:
        urns: the images.
        wrong: the mask.
        left: the first figure, one for all or in the shape of the mask.
        right: the second one, likewise.
        field: of both.
        closing: whether the first one stands in the closing entry.
    """
    for image, *poll in np.argwhere(wrong).tolist():
        stated, due = (
            _shown(field, int(each[(image, *poll)])) if isinstance(each, np.ndarray) else each for each in (left, right)
        )
        source = Side(f"{urns.place(image)}:closing", stated, piece=EvidenceKind.URNS)
        first = source if closing else urns.side(image, stated)
        yield one(urns.at(image, poll[0] + 1 if poll else 0), first, urns.side(image, due), field=field)


def _shown(field: str, value: int) -> int | Text | None:
    if field not in TIMES:
        return value
    return civil_time.text(value) if value >= 0 else None


@check("M113")
def keys(urns: Urns) -> Iterator[One]:
    """M113: both keys carry one number."""
    president, assessor = urns.columns["president_key"], urns.columns["assessor_key"]
    same = urns.used & (president >= 0) & (president == assessor)
    yield from _unlike(urns, same, president, assessor, "keys")


@check("M115")
def counters(urns: Urns) -> Iterator[One]:
    """M115: the closing entry of an urn is not what its marks and its slots show, these in banks that are as sealed."""
    columns = urns.columns
    closed = urns.used & columns["closed"]
    banks = (columns["sections"][:, [Section.BANK_A, Section.BANK_B]] == GOOD).all(axis=1)
    unread = columns["unreadable"] + columns["not_blank"] + columns["test_slots"]
    polls = closed[:, None] & (columns["choices"] > 0)
    for name, shown, among in (
        ("enablings", columns["enablings"], closed),
        ("unreadable", unread, closed & banks),
        ("burnt", columns["burnt"], closed & banks),
        ("voters", columns["voters"], polls),
        ("cancellations", columns["cancellations"], polls),
    ):
        stated = columns[f"closed_{name}"]
        yield from _unlike(urns, among & (stated != shown), stated, shown, name, closing=True)


@check("M116")
def totals(urns: Urns, polls: Polls) -> Iterator[One]:
    """M116: the counters of an urn do not make up its votes, in polls without an export."""
    columns = urns.columns
    cast, voters = columns["closed_cast"], columns["closed_voters"]
    sums = columns["closed_blank"] + np.where(columns["closed_tallies"] > 0, columns["closed_tallies"], 0).sum(axis=2)
    enabled = columns["closed_enablings"][:, None] - columns["closed_cancellations"]
    alone = _closed_polls(urns, polls) & (urns.export < 0)
    for name, made in (("cast", sums), ("voters", voters), ("enablings", enabled)):
        yield from _unlike(urns, alone & (made != cast), made, cast, name, closing=True)


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
    yield from _unlike(urns, wrong, columns["voters"], columns["cast"], "voters")


@check("M106")
def not_closed(urns: Urns) -> Iterator[One]:
    """M106 for an urn without an export: it was never closed."""
    never = urns.used & (urns.columns["sections"][:, Section.CLOSING] == UNSEALED)
    for image in np.flatnonzero(never & (urns.export < 0).all(axis=1)).tolist():
        events = urns.reading.urns.events
        last = events["at"][events["good"] & (events["image"] == image)][-1:].tolist()
        known = civil_time.text(last[0]) if last else None
        yield one(urns.at(image), urns.side(image, None), urns.side(image, known), field="closing")


@check("M117")
def log(urns: Urns) -> Iterator[One]:
    """M117: the log of a closed urn contradicts its closing entry on the course of the day."""
    columns = urns.columns
    readable = urns.used & columns["closed"] & (columns["bad_events"] == 0)
    readable &= columns["sections"][:, Section.LOG] != FAILS
    opening, entry, closed_at = (columns[name] for name in ("opening", "closing", "closed_at"))
    first, last, after = _entries(urns)
    first_poll = np.argmax(columns["choices"] > 0, axis=1)
    voters = columns["closed_voters"][np.arange(len(columns)), first_poll]
    for field, wrong, shown, due in (
        ("openings", opening < 0, 0, 1),
        ("counter_at_opening", first > 0, first, 0),
        ("closing", entry != closed_at, entry, closed_at),
        ("counter_at_closing", (entry >= 0) & (last != voters), last, voters),
        ("entries_after_closing", after > 0, after, 0),
        ("opening", opening > closed_at, opening, closed_at),
    ):
        yield from _unlike(urns, readable & wrong, shown, due, field)


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
