"""The fields of a module image as lines with offset, bytes, value and check, as `regard lab inspect` shows them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

import numpy as np

from protocol import civil_time
from protocol.errors import FormatError
from protocol.export.record import MAX_CHOICES, MAX_POLLS, TEXTS, RecordVerdict
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
    EventKind,
    Section,
    slot_bytes,
)
from protocol.urn.labels import shown_label
from protocol.urn.limits import faults, locate
from protocol.urn.marks import COUNTERS
from protocol.urn.meaning import MEANING, SECTION_MEANING
from protocol.urn.recount import RecountedUrns, recount
from protocol.urn.votes import SlotState
from protocol.words import Message, Text, msg, nmsg, pmsg

_MOST_FAULTS = 20
"""Most faults that are shown of a section, of those without a line of their own."""
_MOST_SLOTS = 200
"""Most odd slots that are listed; of more, the number is shown."""

_ERASED, _BLANK = msg("erased"), pmsg("a vote", "blank")
_GOOD, _FAILS = pmsg("a check", "good"), msg("FAILS")
_VERDICTS = {GOOD: _GOOD, FAILS: _FAILS, UNSEALED: msg("not sealed yet")}
_ABSENT = msg("not in the file")
_SLOTS = msg("slots")
_CUT = msg("the file ends before the second copy: no vote is counted again")
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
    SlotState.CONFLICT: msg("the two banks hold different votes: not counted"),
    SlotState.UNREADABLE: msg("no vote in either bank: not counted"),
    SlotState.NOT_BLANK: msg("unused and not blank"),
    SlotState.TEST: msg("a vote of the test mode: not counted"),
}


@dataclass(frozen=True, slots=True)
class InspectedLine:
    """One thing in an image.

    Attributes:
        offset: in bytes from the start of the image.
        field: its path in the definition, or a name.
        raw: its bytes; of long ones the first.
        value: what they say.
        meaning: explanation of the value.
        check: result of the check; empty where there is nothing to check.
        fails: whether the check fails.
    """

    offset: int
    field: Text
    raw: bytes
    value: Text
    meaning: Text
    check: Text = ""
    fails: bool = False

    @property
    def section(self) -> Section:
        """The section it is in."""
        return next(section for section, (start, end) in SPANS.items() if start <= self.offset < end)


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
        self._banks_whole = len(image) >= SPANS[Section.BANK_B][1]
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
        value, shown = f"{start:04X}-{end - 1:04X}", _ABSENT if missing else _VERDICTS[verdict]
        fails = missing or verdict == FAILS
        return InspectedLine(start, section.name.lower(), b"", value, SECTION_MEANING[section], shown, fails)

    def lines(self, section: Section) -> Iterator[InspectedLine]:
        """Describe a section, as far as the image goes."""
        views = {
            Section.CONFIGURATION: self._configuration,
            Section.ZERO_CHECKS: lambda: self._entries("zero_checks"),
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
            yield InspectedLine(fault.offset, fault.field, raw, fault.got, "", _expect(fault), fails=True)

    def _checked(
        self, offset: int, size: int, field: Text, value: Text, meaning: Text, good: bool, otherwise: Text = _FAILS
    ) -> InspectedLine:
        raw = self._raw[offset : offset + size]
        return InspectedLine(offset, field, raw, value, meaning, _GOOD if good else otherwise, fails=not good)

    def _is_erased(self, start: int, size: int) -> bool:
        return self._raw.count(ERASED, start, start + size) == size

    def _fields(self, path: str, *index: int) -> Iterator[InspectedLine]:
        """The plain fields of a struct; structs inside it are left to the caller."""
        shown, start, struct = locate(path, index)
        for name, (kind, offset, *_) in (struct.fields or {}).items():
            if kind.shape or kind.fields or name.startswith("reserved"):
                continue
            raw = self._raw[start + offset : start + offset + kind.itemsize]
            meaning = MEANING.get(f"{path}.{name}", "")
            yield InspectedLine(start + offset, f"{shown}.{name}", raw, _value(name, kind, raw), meaning)

    def _entries(self, path: str) -> Iterator[InspectedLine]:
        """The fields of the entries of an array that are not erased."""
        for index in range(locate(path)[2].shape[0]):
            _, start, entry = locate(path, (index,))
            if not self._is_erased(start, entry.itemsize):
                yield from self._fields(path, index)

    def _configuration(self) -> Iterator[InspectedLine]:
        yield from self._fields("configuration")
        yield from self._entries("configuration.polls")

    def _test_votes(self) -> Iterator[InspectedLine]:
        start, end = SPANS[Section.TEST_VOTES]
        for index, place in enumerate(range(start, end, SLOT_SIZE)):
            raw = self._raw[place : place + SLOT_SIZE]
            if not self._is_erased(place, SLOT_SIZE):
                good = raw[0] > TEST_POLL and raw == slot_bytes(raw[0], raw[1])
                value = _vote(raw[0] - TEST_POLL, raw[1]) if good else "?"
                yield self._checked(place, SLOT_SIZE, f"test_votes[{index}]", value, "", good)

    def _log(self) -> Iterator[InspectedLine]:
        for event in self._checks.events:
            shown, place, _ = locate("log", (int(event["entry"]),))
            good, number = bool(event["good"]), int(event["value"])
            values = {"value": number, "poll": int(event["poll"]), "moment": civil_time.text(number)}
            meaning = replace(_KINDS[EventKind(event["kind"])], values=values) if good else "?"
            yield self._checked(place, EVENT_SIZE, shown, civil_time.text(int(event["at"])), meaning, good)

    def _marks(self) -> Iterator[InspectedLine]:
        row = self._urns.columns[0]
        if row["verdict"] not in (RecordVerdict.OK, RecordVerdict.VALUE):
            return
        counts = [int(row["enablings"]), *row["voters"].tolist(), *row["cancellations"].tolist()]
        for name, count, good in zip(COUNTERS, counts, row["counters_consistent"], strict=True):
            counter, _, poll = name.partition(" ")
            _, place, copies = locate(f"marks.{counter}", (int(poll) - 1,) if poll else ())
            if not self._is_erased(place, copies.itemsize):
                meaning = MEANING[f"marks.{counter}"]
                yield self._checked(place, 8, f"marks.{name}", str(count), meaning, bool(good))

    def _closing(self) -> Iterator[InspectedLine]:
        start, end = SPANS[Section.CLOSING]
        if self._is_erased(start, end - start):
            return
        yield from self._fields("closing")
        row = self._urns.columns[0]
        for poll, choices in enumerate(row["choices"].tolist()):
            if choices:
                yield from self._fields("closing.polls", poll)
            for choice in range(choices):
                shown, place, _ = locate("closing.polls.tallies", (poll, choice))
                tally, counted = int.from_bytes(self._raw[place : place + 4], "big"), int(row["tallies"][poll, choice])
                otherwise, label = msg("recount: {votes}", votes=counted), self._label(poll, choice)
                line = self._checked(place, 4, shown, str(tally), label, tally == counted, otherwise)
                yield line if self._banks_whole else replace(line, check="", fails=False)
        for section in Section:
            if section is not Section.CLOSING:
                shown, place, pair = locate("closing.seals", (section,))
                value = self._raw[place : place + 4].hex().upper()
                good = int(self._checks.sections[0, section]) == GOOD
                yield self._checked(place, pair.itemsize, shown, value, section.name.lower(), good)

    def _label(self, poll: int, choice: int) -> str:
        return shown_label(bytes(self._image["choices"][0, poll, choice]))

    def _choices(self) -> Iterator[InspectedLine]:
        for poll, choice in np.ndindex(MAX_POLLS, MAX_CHOICES):
            shown, place, label = locate("choices", (poll, choice))
            if not self._is_erased(place, label.itemsize):
                raw = self._raw[place : place + label.itemsize].rstrip(b"\0")[:16]
                yield InspectedLine(place, shown, raw, f"{poll + 1}: {choice + 1}", self._label(poll, choice))

    def _banks(self) -> Iterator[InspectedLine]:
        row, slots = self._urns.columns[0], self._urns.slots
        start = SPANS[Section.BANK_A][0]
        if not self._banks_whole:
            yield InspectedLine(start, _SLOTS, b"", str(SLOTS), _CUT, _FAILS, fails=True)
            return
        odd = len(slots)
        written = ("used", "burnt", "unreadable", "not_blank", "test_slots")
        blank = SLOTS - sum(int(row[name]) for name in written)
        counts = msg(
            "votes {used}, blank {blank}, cleared {burnt}, repaired {repaired}, unreadable {unreadable}, "
            "not blank {not_blank}, foreign {foreign}",
            blank=blank,
            **{name: int(row[name]) for name in ("used", "burnt", "repaired", "unreadable", "not_blank", "foreign")},
        )
        yield self._checked(start, 0, _SLOTS, str(SLOTS), counts, good=odd == 0 and row["foreign"] == 0)
        for slot in slots[: self._most_slots]:
            place = start + int(slot["position"]) * SLOT_SIZE
            field = msg("slots[{position}]", position=int(slot["position"]))
            vote = _vote(int(slot["poll"]), int(slot["choice"])) if slot["poll"] else "?"
            raw = slot["a"].tobytes() + slot["b"].tobytes()
            yield InspectedLine(place, field, raw, vote, _STATES[SlotState(slot["state"])], _FAILS, fails=True)
        if odd > self._most_slots:
            more = nmsg("{count} more", "{count} more", odd - self._most_slots)
            yield InspectedLine(start, _SLOTS, b"", "", more, _FAILS, fails=True)


def _value(name: str, kind: np.dtype[Any], raw: bytes) -> Text:
    if raw.count(ERASED) == len(raw):
        return _ERASED
    if name in TEXTS:
        return repr(raw.rstrip(b"\0").decode("ascii", "backslashreplace"))
    if kind.kind == "V":
        return raw.hex(" ").upper()
    number = int.from_bytes(raw, "big")
    if name == "at":
        return civil_time.text(number)
    return f"{number:08X}" if name.endswith("crc32") or name == "complement" else str(number)


def _expect(fault: FormatError) -> Message:
    return msg("expected {expected}", expected=fault.expected)


def _vote(poll: int, choice: int) -> Message:
    return msg("{poll}: {choice}", poll=poll, choice=choice or _BLANK)
