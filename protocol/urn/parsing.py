"""The careful reader of one module image: construct, and every limit of the format in plain Python.

`protocol.urn.recount` reads any number of images at memory speed, and comes to the same verdict; tests hold that.
Nothing here looks at what the votes are, nor at the seals of the sections.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import construct

from protocol.errors import NOTHING, FormatError, byte_count
from protocol.export.record import MAX_CHOICES, MAX_POLLS, TEXTS
from protocol.limits import is_date, is_text
from protocol.urn.image import (
    CANCELLATION_BYTES,
    DTYPE,
    ERASED,
    EVENT_SIZE,
    EVENTS,
    IMAGE,
    IMAGE_SIZE,
    LABEL_SIZE,
    LIMITS,
    MAGIC,
    MARK_BYTES,
    SLOT_SIZE,
    SPANS,
    TEST_POLL,
    TEST_VOTES,
    VERSION,
    ZERO_CHECK_SIZE,
    ZERO_CHECKS,
    EventKind,
    Section,
    event_crc,
    seal,
    slot_bytes,
)
from protocol.words import Message, Text, msg

_ONES = 0xFFFF_FFFF
_ALWAYS = {
    "magic": (0, 8, MAGIC.hex(" ")),
    "format_version": (8, 2, str(VERSION)),
    "image_size": (12, 4, str(IMAGE_SIZE)),
}


def parse(image: bytes) -> Any:
    """Read one image field by field, with construct, and check its size, its marks and its configuration.

    Raises:
        FormatError: not this format, another version, cut short or too long, or a value in the configuration that the
            format does not allow: the first of these, with the field, offset and values. The verdict that goes with
            it is that of `protocol.urn.recount`.
    """
    if len(image) != IMAGE_SIZE:
        start = min(len(image), IMAGE_SIZE)
        raise FormatError("image", start, byte_count(IMAGE_SIZE), byte_count(len(image)))
    try:
        values = IMAGE.parse(image)
    except construct.ConstructError as error:
        name = (error.path or "").rpartition(" -> ")[2]
        offset, size, expected = _ALWAYS[name]  # nothing else in the definition can fail on bytes of the right number
        raise FormatError(f"configuration.{name}", offset, expected, image[offset : offset + size].hex(" ")) from error
    for fault in _configuration(_ParsedImage(image, values)):
        raise fault
    return values


def faults(image: bytes) -> list[FormatError]:
    """Everything in a whole image that the format does not allow, in the order of the map; empty for another length.

    What the checksums of the sections find (`protocol.urn.checks`), copies that differ and slots of the banks are
    not in it.
    """
    try:
        values = IMAGE.parse(image)
    except construct.ConstructError:
        return []
    view = _ParsedImage(image, values)
    found: list[FormatError] = []
    for section in (_configuration, _zero_checks, _test_votes, _log, _marks, _closing, _choices):
        found += section(view)
    return found


@dataclass(frozen=True, slots=True)
class _ParsedImage:
    """An image, and what construct reads of it."""

    image: bytes
    values: Any

    @property
    def serial(self) -> bytes:
        return bytes(self.values.configuration.module_serial)

    def polls(self) -> Mapping[int, int]:
        """Number of choices by number of the poll, of the polls that the module has."""
        entries = enumerate(self.values.configuration.polls, start=1)
        return {number: int(poll.choices) for number, poll in entries if _is_poll(number, poll)}

    def beyond(self, path: str, value: int, offset: int, shown: str = "") -> Iterator[FormatError]:
        """A number that is not within `LIMITS`; ``shown`` is the name of the field with its indices."""
        least, most = LIMITS[path]
        if not least <= value <= most:
            yield self.fault(shown or path, offset, 4, msg("{least} to {most}", least=least, most=most), value)

    def fault(self, field: str, offset: int, size: int, expected: Text, got: Text | int | None = None) -> FormatError:
        shown = self.image[offset : offset + size].hex(" ") if got is None else got
        return FormatError(field, offset, expected, str(shown) if isinstance(shown, int) else shown)


def _is_poll(number: int, entry: Any) -> bool:
    return bool(entry.number == number and 1 <= entry.choices <= MAX_CHOICES)


def _place(section: Section, field: str) -> int:
    return SPANS[section][0] + int(_fields(section)[field][1])


def _fields(section: Section) -> Mapping[str, Any]:
    """The fields of an entry of a section: dtype and offset."""
    return DTYPE[section.name.lower()].base.fields or {}


def _is_erased(data: bytes) -> bool:
    return data.count(ERASED) == len(data)


def _configuration(view: _ParsedImage) -> Iterator[FormatError]:
    head = view.values.configuration
    fields = _fields(Section.CONFIGURATION)
    for name, (kind, offset, *_) in fields.items():
        if name in TEXTS and not is_text(bytes(head[name])):
            yield view.fault(f"configuration.{name}", offset, kind.itemsize, msg("printable ASCII, then zeros only"))
    if not is_date(head.date):
        yield view.fault("configuration.date", fields["date"][1], 4, msg("a date as YYYYMMDD"), head.date)
    for name in ("round", "part", "registered"):
        yield from view.beyond(f"configuration.{name}", head[name], fields[name][1])
    size = DTYPE["configuration"]["polls"].base.itemsize
    for number, poll in enumerate(head.polls, start=1):
        yield from _poll(view, number, poll, fields["polls"][1] + (number - 1) * size)
    if all(poll.number == ERASED for poll in head.polls):
        yield view.fault("configuration.polls", fields["polls"][1], size, msg("at least one poll"), NOTHING)


def _poll(view: _ParsedImage, number: int, poll: Any, place: int) -> Iterator[FormatError]:
    """The entry of one poll: its number and choices, or nothing but ``FF``; its reserved bytes apart."""
    shown = f"configuration.polls[{number - 1}]"
    raw = view.image[place : place + DTYPE["configuration"]["polls"].base.itemsize]
    if poll.number == ERASED:
        if not _is_erased(raw[:2] + raw[4:]):
            yield view.fault(shown, place, len(raw), msg("an erased entry, as the poll has no number"))
        return
    if poll.number != number:
        yield view.fault(
            f"{shown}.number", place, 1, msg("poll {number}, or an erased entry", number=number), poll.number
        )
    yield from view.beyond("configuration.polls.choices", poll.choices, place + 1, f"{shown}.choices")
    if not is_text(bytes(poll.constituency)):
        yield view.fault(f"{shown}.constituency", place + 4, 8, msg("printable ASCII, then zeros only"))


def _zero_checks(view: _ParsedImage) -> Iterator[FormatError]:
    start = SPANS[Section.ZERO_CHECKS][0]
    for index in range(ZERO_CHECKS):
        place, shown = start + index * ZERO_CHECK_SIZE, f"zero_checks[{index}]"
        raw = view.image[place : place + ZERO_CHECK_SIZE]
        entry = view.values.zero_checks[index]
        if raw[-1] == ERASED and (_is_erased(raw) or not _holds(view, entry, raw)):
            continue  # not made, or cut by a loss of power before its last byte: it is passed over
        if not _holds(view, entry, raw):
            computed = seal(view.serial, Section.ZERO_CHECKS, raw[:-8])
            yield view.fault(f"{shown}.crc32", place + ZERO_CHECK_SIZE - 8, 8, f"{computed:08X} {computed ^ _ONES:08X}")
            continue
        for name in ("at", "counter_sum", "slots_written", "test_votes"):
            offset = _place(Section.ZERO_CHECKS, name) + index * ZERO_CHECK_SIZE
            yield from view.beyond(f"zero_checks.{name}", entry[name], offset, f"{shown}.{name}")


def _holds(view: _ParsedImage, entry: Any, raw: bytes) -> bool:
    """Verify the checksum of a zero check."""
    return bool(
        entry.crc32 == seal(view.serial, Section.ZERO_CHECKS, raw[:-8]) and entry.complement == entry.crc32 ^ _ONES
    )


def _test_votes(view: _ParsedImage) -> Iterator[FormatError]:
    start = SPANS[Section.TEST_VOTES][0]
    votes = {
        slot_bytes(number | TEST_POLL, choice) for number, most in view.polls().items() for choice in range(most + 1)
    }
    torn = {vote[:kept].ljust(SLOT_SIZE, b"\xff") for vote in votes for kept in range(SLOT_SIZE)}
    for index in range(TEST_VOTES):
        place = start + index * SLOT_SIZE
        raw = view.image[place : place + SLOT_SIZE]
        if raw not in votes and raw not in torn:
            yield view.fault(f"test_votes[{index}]", place, SLOT_SIZE, msg("a test vote of this module, or nothing"))


def _log(view: _ParsedImage) -> Iterator[FormatError]:
    start, polls = SPANS[Section.LOG][0], view.polls()
    places = range(start, start + EVENTS * EVENT_SIZE, EVENT_SIZE)
    entries = [view.image[place : place + EVENT_SIZE] for place in places]
    written = [index for index, raw in enumerate(entries) if not _is_erased(raw)]
    last = written[-1] if written else -1
    closed = not _is_erased(view.image[slice(*SPANS[Section.CLOSING])])
    for index, raw in enumerate(entries[: last + 1]):
        place, shown, event = places[index], f"log[{index}]", view.values.log[index]
        if _is_erased(raw):
            yield view.fault(shown, place, EVENT_SIZE, msg("an entry, as there are later ones"), msg("nothing"))
        if _is_erased(raw) or not any(raw):
            continue
        if index == last and not closed and raw[-1] == ERASED and event.crc32 != event_crc(view.serial, raw[:12]):
            continue  # cut by a loss of power before its last byte, and not cleared since
        yield from _event(view, event, raw, (shown, place, index), polls)


def _event(
    view: _ParsedImage, event: Any, raw: bytes, where: tuple[str, int, int], polls: Mapping[int, int]
) -> Iterator[FormatError]:
    """The first thing that is wrong with one entry of the log."""
    shown, place, index = where
    computed = event_crc(view.serial, raw[:12])
    if event.crc32 != computed:
        yield view.fault(
            f"{shown}.crc32",
            place + 12,
            4,
            msg("{computed:08X} (of the bytes before it)", computed=computed),
            f"{event.crc32:08X}",
        )
    elif event.sequence != index:
        yield view.fault(f"{shown}.sequence", place + 2, 2, str(index), event.sequence)
    elif event.kind not in [int(kind) for kind in EventKind]:
        yield from view.beyond("log.kind", event.kind, place, f"{shown}.kind")
    elif event.kind == EventKind.HOURLY and event.poll not in polls:
        yield view.fault(f"{shown}.poll", place + 1, 1, msg("a poll of this module"), event.poll)
    elif event.kind != EventKind.HOURLY and event.poll:
        yield view.fault(f"{shown}.poll", place + 1, 1, msg("0, as it concerns the whole machine"), event.poll)
    else:
        yield from view.beyond("log.at", event.at, place + 4, f"{shown}.at")


def _marks(view: _ParsedImage) -> Iterator[FormatError]:
    polls = view.polls()
    for name, size in (("voters", 2 * MARK_BYTES), ("cancellations", 2 * CANCELLATION_BYTES)):
        for number in (number for number in range(1, MAX_POLLS + 1) if number not in polls):
            place = _place(Section.MARKS, name) + (number - 1) * size
            raw = view.image[place : place + size]
            if not _is_erased(raw):
                offset = next(at for at, byte in enumerate(raw) if byte != ERASED)
                expected = msg("nothing, as the module has no poll {number}", number=number)
                yield view.fault(f"marks.{name}[{number - 1}]", place + offset, 1, expected)


def _closing(view: _ParsedImage) -> Iterator[FormatError]:
    start, end = SPANS[Section.CLOSING]
    raw, closing, polls = view.image[start:end], view.values.closing, view.polls()
    check = seal(view.serial, Section.CLOSING, raw[:-8])
    if closing.crc32 != check or closing.complement != check ^ _ONES:
        return  # never closed, or its own checksum says what is wrong with it
    for name in ("at", "enablings", "unreadable", "burnt"):
        yield from view.beyond(f"closing.{name}", closing[name], _place(Section.CLOSING, name))
    size = DTYPE["closing"]["polls"].base.itemsize
    for number, result in enumerate(closing.polls, start=1):
        place, shown = _place(Section.CLOSING, "polls") + (number - 1) * size, f"closing.polls[{number - 1}]"
        if number in polls:
            yield from _result(view, result, place, shown, polls[number])
        elif not _is_erased(view.image[place : place + size]):
            yield view.fault(shown, place, 16, msg("nothing, as the module has no poll {number}", number=number))


def _result(view: _ParsedImage, result: Any, place: int, shown: str, choices: int) -> Iterator[FormatError]:
    for number, name in enumerate(("voters", "cancellations", "cast", "blank")):
        yield from view.beyond(f"closing.polls.{name}", result[name], place + 4 * number, f"{shown}.{name}")
    for choice, tally in enumerate(result.tallies):
        field, offset = f"{shown}.tallies[{choice}]", place + 16 + 4 * choice
        if choice < choices:
            yield from view.beyond("closing.polls.tallies", tally, offset, field)
        elif tally:
            yield view.fault(field, offset, 4, msg("zero beyond the number of choices"), tally)


def _choices(view: _ParsedImage) -> Iterator[FormatError]:
    start, polls = SPANS[Section.CHOICES][0], view.polls()
    for index, labels in enumerate(view.values.choices):
        used = polls.get(index + 1, 0)
        wrong = dict(label_faults(map(bytes, labels[:used])))
        wrong |= {at: LABEL_RULES[4] for at in range(used, MAX_CHOICES) if not _is_erased(labels[at])}
        for at, expected in sorted(wrong.items()):
            place = start + (index * MAX_CHOICES + at) * LABEL_SIZE
            got = bytes(labels[at]).rstrip(b"\0\xff").decode("utf-8", "backslashreplace")
            shown = "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in got)
            yield view.fault(f"choices[{index}][{at}]", place, LABEL_SIZE, expected, f"'{shown}'")


LABEL_RULES = (
    msg("UTF-8, then zeros only"),
    msg("a label"),
    msg("a label without control characters, then zeros only"),
    msg("another label than those before it"),
    msg("nothing, beyond the last choice"),
)
"""Expected states of the labels of a poll: of the first four each that is used, of the last one the others."""


def label_faults(labels: Iterable[bytes]) -> Iterator[tuple[int, Message]]:
    """Check the labels of one poll in memory; yields index and expected value of each fault."""
    seen: set[bytes] = set()
    for index, raw in enumerate(labels):
        text = raw.rstrip(b"\0")
        try:
            shown = text.decode()
        except UnicodeDecodeError:
            yield index, LABEL_RULES[0]
            continue
        if not shown:
            yield index, LABEL_RULES[1]
        elif any(unicodedata.category(sign) == "Cc" for sign in shown):
            yield index, LABEL_RULES[2]
        elif text in seen:
            yield index, LABEL_RULES[3]
        seen.add(text)
