"""The fields of a module image as lines with offset, bytes, value and check, as `regard lab inspect` shows them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

import numpy as np

from protocol import civil_time
from protocol.errors import FormatError
from protocol.export.record import MAX_POLLS, TEXTS, RecordVerdict
from protocol.urn.checks import FAILS, GOOD, UNSEALED, check
from protocol.urn.image import (
    DTYPE,
    ERASED,
    EVENT_SIZE,
    IMAGE_SIZE,
    SLOT_SIZE,
    SLOTS,
    SPANS,
    TEST_POLL,
    ZERO_CHECK_SIZE,
    EventKind,
    Section,
    slot_bytes,
)
from protocol.urn.marks import COUNTERS
from protocol.urn.meaning import MEANING, SECTION_MEANING
from protocol.urn.parsing import faults
from protocol.urn.recount import RecountedUrns, recount
from protocol.urn.votes import SlotState
from protocol.words import Message, Text, msg, nmsg, pmsg

_TIMES = ("at",)
_MOST_FAULTS = 20
"""Things that the format does not allow and that are in no line of their own: so many of a section are shown."""
_MOST_SLOTS = 200
"""Odd slots that are shown one by one; of more, the number is shown."""

_ERASED, _BLANK = msg("erased"), pmsg("a vote", "blank")
_GOOD, _FAILS = pmsg("a check", "good"), msg("FAILS")
_VERDICTS = {GOOD: _GOOD, FAILS: _FAILS, UNSEALED: msg("not sealed yet")}
_ABSENT = msg("not in the file")
_SLOTS = msg("slots")
_KINDS: dict[EventKind, Message] = {
    EventKind.OPENING: msg("opening, {value} voters"),
    EventKind.CLOSING: msg("closing, {value} voters"),
    EventKind.HOURLY: msg("poll {poll}: {value} voters"),
    EventKind.POWER: msg("the power came back"),
    EventKind.CLOCK: msg("the clock was set; it showed {moment}"),
    EventKind.INCIDENT: msg("incident {value} of the bureau's record"),
    EventKind.MAINS: msg("mains: {value} (0 lost, 1 back)"),
}
_STATES: dict[SlotState, Message] = {
    SlotState.REPAIRED_FROM_A: msg("bank B lost the vote: counted from bank A"),
    SlotState.REPAIRED_FROM_B: msg("bank A lost the vote: counted from bank B"),
    SlotState.CONFLICT: msg("each bank holds another vote: not counted"),
    SlotState.UNREADABLE: msg("no vote in either bank: not counted"),
    SlotState.NOT_BLANK: msg("unused and not blank"),
    SlotState.FOREIGN: msg("a vote for what does not exist"),
    SlotState.TEST: msg("a vote of the test mode: not counted"),
}


@dataclass(frozen=True, slots=True)
class InspectedLine:
    """One thing in an image.

    Attributes:
        section: the section it is in.
        offset: in bytes from the start of the image.
        field: its path in the definition, or what it is.
        raw: its bytes; of long ones the first.
        value: what they say.
        meaning: what that is.
        check: empty where there is nothing to check, else whether it checks.
        fails: whether the check fails.
    """

    section: Section
    offset: int
    field: Text
    raw: bytes
    value: Text
    meaning: Text
    check: Text = ""
    fails: bool = False


def describe(image: bytes, *, whole: bool = False) -> list[InspectedLine]:
    """Describe an image, section by section. Erased entries are left out.

    Args:
        image: of any length; one that is cut short is shown as far as it goes, one that is too long without the rest.
        whole: whether each odd slot and each fault has its line, however many there are.

    Never raises on content.
    """
    view = _InspectedImage(image, IMAGE_SIZE if whole else _MOST_FAULTS, SLOTS if whole else _MOST_SLOTS)
    lines: list[InspectedLine] = []
    for section in sorted(SPANS, key=lambda each: SPANS[each]):
        lines.append(view.section(section))
        if SPANS[section][0] < len(image):
            lines += view.with_faults(section, view.lines(section))
    return lines


class _InspectedImage:
    def __init__(self, image: bytes, most_faults: int, most_slots: int) -> None:
        self._most_faults, self._most_slots = most_faults, most_slots
        self._length = len(image)
        self._raw = image[:IMAGE_SIZE].ljust(IMAGE_SIZE, b"\xff")
        self._image = np.frombuffer(self._raw, DTYPE)
        self._urns: RecountedUrns = recount(np.frombuffer(self._raw, np.uint8).reshape(1, IMAGE_SIZE))
        self._checks = check(self._image)
        self._faults = faults(self._raw)

    def section(self, section: Section) -> InspectedLine:
        """The line that begins a section: its verdict."""
        start, end = SPANS[section]
        verdict = int(self._checks.sections[0, section])
        missing = end > self._length
        return InspectedLine(
            section,
            start,
            section.name.lower(),
            b"",
            f"{start:04X}-{end - 1:04X}",
            SECTION_MEANING[section],
            _ABSENT if missing else _VERDICTS[verdict],
            fails=missing or verdict == FAILS,
        )

    def lines(self, section: Section) -> Iterator[InspectedLine]:
        """Describe a section, as far as the image goes."""
        views = {
            Section.CONFIGURATION: self._configuration,
            Section.ZERO_CHECKS: self._zero_checks,
            Section.TEST_VOTES: self._test_votes,
            Section.LOG: self._log,
            Section.MARKS: self._marks,
            Section.CLOSING: self._closing,
            Section.CHOICES: self._choices,
            Section.BANK_A: self._banks,
        }
        for line in views[section]() if section in views else ():
            if line.offset + max(len(line.raw), 1) <= self._length:
                yield line

    def with_faults(self, section: Section, lines: Iterable[InspectedLine]) -> Iterator[InspectedLine]:
        """The lines of a section, and what in it the format does not allow: at its line, or in one of its own."""
        start, end = SPANS[section]
        wrong = {each.offset: each for each in self._faults if start <= each.offset < end <= self._length}
        for line in lines:
            fault = wrong.pop(line.offset, None) if line.raw else None
            yield line if fault is None else replace(line, check=_expect(fault), fails=True)
        for fault in islice(wrong.values(), self._most_faults):
            raw = self._raw[fault.offset : fault.offset + 4]
            yield InspectedLine(section, fault.offset, fault.field, raw, fault.got, "", _expect(fault), fails=True)

    def _fields(
        self, section: Section, dtype: np.dtype[Any], start: int, path: str, shown: str, skip: tuple[str, ...] = ()
    ) -> Iterator[InspectedLine]:
        """The plain fields of a struct; structs inside it are left to the caller."""
        for name, (kind, offset, *_) in (dtype.fields or {}).items():
            if name in skip or kind.subdtype is not None or kind.fields is not None or name.startswith("reserved"):
                continue
            raw = self._raw[start + offset : start + offset + kind.itemsize]
            meaning = MEANING.get(f"{path}.{name}", "")
            yield InspectedLine(section, start + offset, f"{shown}.{name}", raw, self._value(name, kind, raw), meaning)

    def _value(self, name: str, kind: np.dtype[Any], raw: bytes) -> Text:
        if raw.count(ERASED) == len(raw):
            return _ERASED
        if name in TEXTS:
            return repr(raw.rstrip(b"\0").decode("ascii", "backslashreplace"))
        if kind.kind == "V":
            return raw.hex(" ").upper()
        number = int.from_bytes(raw, "big")
        if name in _TIMES:
            return civil_time.text(number)
        return f"{number:08X}" if name.endswith("crc32") or name == "complement" else str(number)

    def _configuration(self) -> Iterator[InspectedLine]:
        section, dtype = Section.CONFIGURATION, DTYPE["configuration"]
        yield from self._fields(section, dtype, 0, "configuration", "configuration")
        polls, start = dtype["polls"].base, _offset(dtype, "polls")
        for index in range(MAX_POLLS):
            place = start + index * polls.itemsize
            if self._raw[place : place + polls.itemsize].count(ERASED) != polls.itemsize:
                shown = f"configuration.polls[{index}]"
                yield from self._fields(section, polls, place, "configuration.polls", shown)

    def _zero_checks(self) -> Iterator[InspectedLine]:
        dtype, start = DTYPE["zero_checks"].base, SPANS[Section.ZERO_CHECKS][0]
        for index in range(DTYPE["zero_checks"].shape[0]):
            place = start + index * ZERO_CHECK_SIZE
            if self._raw[place : place + ZERO_CHECK_SIZE].count(ERASED) != ZERO_CHECK_SIZE:
                yield from self._fields(Section.ZERO_CHECKS, dtype, place, "zero_checks", f"zero_checks[{index}]")

    def _test_votes(self) -> Iterator[InspectedLine]:
        start, end = SPANS[Section.TEST_VOTES]
        for index, place in enumerate(range(start, end, SLOT_SIZE)):
            raw = self._raw[place : place + SLOT_SIZE]
            if raw != b"\xff" * SLOT_SIZE:
                good = raw[0] > TEST_POLL and raw == slot_bytes(raw[0], raw[1])
                value = _vote(raw[0] - TEST_POLL, raw[1]) if good else "?"
                yield self._check_line(Section.TEST_VOTES, place, f"test_votes[{index}]", raw, value, "", good)

    def _log(self) -> Iterator[InspectedLine]:
        for event in self._checks.events:
            place = SPANS[Section.LOG][0] + int(event["entry"]) * EVENT_SIZE
            raw = self._raw[place : place + EVENT_SIZE]
            good, number = bool(event["good"]), int(event["value"])
            values = {"value": number, "poll": int(event["poll"]), "moment": civil_time.text(number)}
            meaning = replace(_KINDS[EventKind(event["kind"])], values=values) if good else "?"
            value = civil_time.text(int(event["at"]))
            yield self._check_line(Section.LOG, place, f"log[{event['entry']}]", raw, value, meaning, good)

    def _marks(self) -> Iterator[InspectedLine]:
        row = self._urns.columns[0]
        place = SPANS[Section.MARKS][0]
        counts = [int(row["enablings"]), *row["voters"].tolist(), *row["cancellations"].tolist()]
        marks = DTYPE["marks"]
        sizes = [marks["enablings"].itemsize] + [
            marks[name].itemsize // MAX_POLLS for name in ("voters", "cancellations") for _ in range(MAX_POLLS)
        ]
        whole = row["verdict"] in (RecordVerdict.OK, RecordVerdict.VALUE)
        for name, count, good, size in zip(COUNTERS, counts, row["counters_consistent"], sizes, strict=True):
            if whole and self._raw[place : place + size].count(ERASED) != size:
                meaning = MEANING[f"marks.{name.partition(' ')[0]}"]
                raw = self._raw[place : place + 8]
                yield self._check_line(Section.MARKS, place, f"marks.{name}", raw, str(count), meaning, bool(good))
            place += size

    def _closing(self) -> Iterator[InspectedLine]:
        section, dtype = Section.CLOSING, DTYPE["closing"]
        start, end = SPANS[section]
        if self._raw[start:end].count(ERASED) == end - start:
            return
        yield from self._fields(section, dtype, start, "closing", "closing")
        polls, place = dtype["polls"].base, start + _offset(dtype, "polls")
        for index, choices in enumerate(self._urns.columns[0]["choices"].tolist()):
            entry = place + index * polls.itemsize
            shown = f"closing.polls[{index}]"
            if choices:
                yield from self._fields(section, polls, entry, "closing.polls", shown)
                yield from self._tallies(entry + 16, index, choices, shown)
        seals, place = dtype["seals"].base, start + _offset(dtype, "seals")
        for number in range(dtype["seals"].shape[0]):
            entry = place + number * seals.itemsize
            raw = self._raw[entry : entry + seals.itemsize]
            good = int(self._checks.sections[0, number]) == GOOD
            meaning = Section(number).name.lower()
            value = raw[:4].hex().upper()
            yield self._check_line(section, entry, f"closing.seals[{number}]", raw, value, meaning, good)

    def _tallies(self, place: int, index: int, choices: int, shown: str) -> Iterator[InspectedLine]:
        counted = self._urns.columns[0]["tallies"][index]
        for choice in range(choices):
            raw = self._raw[place + 4 * choice : place + 4 * choice + 4]
            tally = int.from_bytes(raw, "big")
            field = f"{shown}.tallies[{choice}]"
            label = self._label(index, choice)
            good = tally == counted[choice]
            line = self._check_line(Section.CLOSING, place + 4 * choice, field, raw, str(tally), label, good)
            if good:
                yield line
            else:
                yield replace(line, check=msg("recount: {votes}", votes=int(counted[choice])), fails=True)

    def _label(self, index: int, choice: int) -> str:
        raw = bytes(self._image["choices"][0, index, choice]).rstrip(b"\0\xff")
        text = raw.decode("utf-8", "backslashreplace")
        return "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in text)

    def _choices(self) -> Iterator[InspectedLine]:
        labels = self._image["choices"][0]
        for index, row in enumerate(labels):
            for choice, label in enumerate(row):
                raw = bytes(label)
                if raw.count(ERASED) != len(raw):
                    place = SPANS[Section.CHOICES][0] + (index * len(row) + choice) * len(raw)
                    shown, number = f"choices[{index}][{choice}]", f"{index + 1}: {choice + 1}"
                    raw = raw.rstrip(b"\0")[:16]
                    yield InspectedLine(Section.CHOICES, place, shown, raw, number, self._label(index, choice))

    def _banks(self) -> Iterator[InspectedLine]:
        row, slots = self._urns.columns[0], self._urns.slots
        start = SPANS[Section.BANK_A][0]
        odd = len(slots)
        written = ("used", "burnt", "unreadable", "not_blank", "test_slots")
        blank = SLOTS - sum(int(row[name]) for name in written)
        counts = msg(
            "votes {used}, blank {blank}, cleared {burnt}, repaired {repaired}, unreadable {unreadable}, "
            "not blank {not_blank}, foreign {foreign}",
            blank=blank,
            **{name: int(row[name]) for name in ("used", "burnt", "repaired", "unreadable", "not_blank", "foreign")},
        )
        yield self._check_line(
            Section.BANK_A, start, _SLOTS, b"", str(SLOTS), counts, good=odd == 0 and row["foreign"] == 0
        )
        for slot in slots[: self._most_slots]:
            place = start + int(slot["position"]) * SLOT_SIZE
            field = msg("slots[{position}]", position=int(slot["position"]))
            vote = _vote(int(slot["poll"]), int(slot["choice"])) if slot["poll"] else "?"
            raw = slot["a"].tobytes() + slot["b"].tobytes()
            yield InspectedLine(
                Section.BANK_A, place, field, raw, vote, _STATES[SlotState(slot["state"])], _FAILS, fails=True
            )
        if odd > self._most_slots:
            more = nmsg("{count} more", "{count} more", odd - self._most_slots)
            yield InspectedLine(Section.BANK_A, start, _SLOTS, b"", "", more, _FAILS, fails=True)

    def _check_line(
        self, section: Section, offset: int, field: Text, raw: bytes, value: Text, meaning: Text, good: bool
    ) -> InspectedLine:
        return InspectedLine(section, offset, field, raw, value, meaning, _GOOD if good else _FAILS, fails=not good)


def _expect(fault: FormatError) -> Message:
    return msg("expected {expected}", expected=fault.expected)


def _vote(poll: int, choice: int) -> Message:
    return msg("{poll}: {choice}", poll=poll, choice=choice or _BLANK)


def _offset(dtype: np.dtype[Any], name: str) -> int:
    assert dtype.fields is not None  # noqa: S101 - for the type checker: a struct has fields
    return int(dtype.fields[name][1])
