"""I, M and A where a module image is at hand: its bytes, its recount, its counters, and the export read from it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from protocol import civil_time
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
    place, field = urns.place(image), "configuration"
    expected: Text = msg("a module image of {size:n} bytes, version 1", size=IMAGE_SIZE)
    got: Text = INSTEAD[verdict]
    reasons = urns.reading.reasons.get(image, ()) if verdict is RecordVerdict.VALUE else ()
    source = place
    if reasons:
        field, expected, got = reasons[0].field, reasons[0].expected, reasons[0].got
        source = f"{place}@{reasons[0].offset}"
    at = _named(urns, universe, int(urns.reading.file[image]))
    sides = _sides(source, got, place, expected)
    return one(at, *sides, field=field, code=code, times=1, bytes=IMAGE_SIZE)


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
        name, place = Section(number).name.lower(), urns.place(image)
        reasons = [each for each in urns.reading.reasons.get(image, ()) if _section_of(each.field) == name]
        field, source = name, place
        expected: Text = msg("all in order")
        got: Text = INSTEAD[RecordVerdict.VALUE]
        if reasons:
            field, expected, got = reasons[0].field, reasons[0].expected, reasons[0].got
            source = f"{place}@{reasons[0].offset}"
        code, times = "I117" if number == Section.LOG else "I119", len(reasons) or 1
        yield one(urns.at(image), *_sides(source, got, place, expected), field=field, code=code, times=times)


def _section_of(field: str) -> str:
    return field.partition(".")[0].partition("[")[0]


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
    inconsistent = urns.looked_into[:, None] & ~urns.columns["counters_consistent"]
    for image in np.flatnonzero(inconsistent.any(axis=1)).tolist():
        yield _count(urns, image, int(inconsistent[image].sum()), "marks")


@check("M103")
def recount(urns: Urns, polls: Polls, contests: Contests) -> Iterator[One]:
    """M103: the votes stored in the module, recounted, against its closing entry."""
    for number in polls:
        recounted, closed, differs = _against_closing(urns, number)
        for image, choice in np.argwhere(differs).tolist():
            left = urns.side(image, int(recounted[image, choice]))
            right = Side(f"{urns.place(image)}:closing", int(closed[image, choice]), piece=EvidenceKind.URNS)
            field = _choice(urns, polls, contests, image, number, choice)
            yield one(urns.at(image, number), left, right, field=field)


@check("M103")
def recount_of_export(urns: Urns, exports: Exports, polls: Polls, contests: Contests) -> Iterator[One]:
    """M103: the votes stored in the module, recounted, against its export, where its closing entry has them."""
    for number in polls if len(exports.columns) else ():
        recounted, _, wrong = _against_closing(urns, number)
        record = urns.export[:, number - 1]
        rows = exports.columns[record]
        exported = np.concatenate([rows["blank"][:, None], rows["tallies"].astype(np.int64)], axis=1)
        differs = (_there(urns, number) & (record >= 0))[:, None] & (recounted != exported) & ~wrong
        for image, choice in np.argwhere(differs).tolist():
            left = urns.side(image, int(recounted[image, choice]))
            right = exports.side(int(record[image]), int(exported[image, choice]))
            field = _choice(urns, polls, contests, image, number, choice)
            yield one(urns.at(image, number), left, right, field=field)


def _there(urns: Urns, number: int) -> Bools:
    return np.asarray(urns.used & (urns.columns["choices"][:, number - 1] > 0), np.bool_)


def _against_closing(urns: Urns, number: int) -> tuple[Ints, Ints, Bools]:
    """Blank votes and those of each choice, recounted and by the closing entry, and where they differ."""
    columns, index = urns.columns, number - 1
    recounted = np.concatenate([columns["blank"][:, index, None], columns["tallies"][:, index]], axis=1)
    closed = np.concatenate([columns["closed_blank"][:, index, None], columns["closed_tallies"][:, index]], axis=1)
    return recounted, closed, _there(urns, number)[:, None] & (closed >= 0) & (recounted != closed)


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
    never = urns.used & (columns["zero_check"] < 0) & ~urns.unbound
    for name, mask in (
        ("zero_check", never),
        ("zero_sum", urns.used & (columns["zero_sum"] > 0)),
        ("zero_slots", urns.used & (columns["zero_slots"] > 0)),
        ("test_changed", urns.used & columns["test_changed"]),
    ):
        for image in np.flatnonzero(mask).tolist():
            yield _count(urns, image, None if name == "zero_check" else int(columns[name][image]), name)


@check("M110")
def clocks(urns: Urns) -> Iterator[One]:
    """M110: after the opening the clock was set, or the log's times fall."""
    for name in ("clock_sets", "clock_falls"):
        counts = urns.columns[name]
        for image in np.flatnonzero(urns.used & (counts > 0)).tolist():
            yield _count(urns, image, int(counts[image]), name)


@check("M112")
def hourly(urns: Urns) -> Iterator[One]:
    """M112: the hourly public counter falls."""
    falls = urns.columns["hourly_falls"]
    for image in np.flatnonzero(urns.used & (falls > 0)).tolist():
        yield _count(urns, image, int(falls[image]), "hourly")


def _count(urns: Urns, image: int, count: int | None, field: str) -> One:
    """Something that should be zero."""
    return one(urns.at(image), urns.side(image, count), urns.side(image, 0), field=field)


@check("M113")
def keys(urns: Urns) -> Iterator[One]:
    """M113: both keys carry one number."""
    columns = urns.columns
    same = urns.used & (columns["president_key"] >= 0) & (columns["president_key"] == columns["assessor_key"])
    for image in np.flatnonzero(same).tolist():
        left, right = (urns.side(image, int(columns[name][image])) for name in ("president_key", "assessor_key"))
        yield one(urns.at(image), left, right, field="keys")


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
