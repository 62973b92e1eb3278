"""The limits of the format in module images, each said once: many images at memory speed, or one with each fault named.

Nothing here looks at what the votes are, nor at the seals of the sections.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt

from protocol.arrays import Bools, Bytes, Ints, Rows, Words
from protocol.errors import NOTHING, FormatError, byte_count
from protocol.export.record import MAX_CHOICES, MAX_POLLS
from protocol.limits import dates_good, texts_good
from protocol.urn.checks import GOOD, UNSEALED, Checks, check
from protocol.urn.image import (
    DTYPE,
    ERASED,
    EVENT_SIZE,
    EVENTS,
    IMAGE_SIZE,
    LABEL_SIZE,
    LIMITS,
    MAGIC,
    MARK_BYTES,
    SLOT_SIZE,
    SPANS,
    TEST_POLL,
    URN_TEXTS,
    VERSION,
    EventKind,
    Section,
    event_crc,
    seal,
    slot_bytes,
)
from protocol.urn.labels import LABEL_RULES, UrnLabels, read_labels, shown_label
from protocol.words import Text, msg

_NUMBERS = np.arange(1, MAX_POLLS + 1)
_HEAD: Mapping[str, Any] = DTYPE["configuration"].fields or {}
_TEXT = slice(_HEAD[URN_TEXTS[0]][1], _HEAD[URN_TEXTS[-1]][1] + _HEAD[URN_TEXTS[-1]][0].itemsize)
_TEXT_STARTS = np.array([_HEAD[name][1] for name in URN_TEXTS]) - _TEXT.start
_ONES, _WORD = 0xFFFF_FFFF, np.uint64(2**64 - 1)
_TEXT_ONLY = msg("printable ASCII, then zeros only")


@dataclass(frozen=True, slots=True)
class Limit:
    """Requirement of the format on a field, and the images that keep it.

    Attributes:
        field: its path in `DTYPE`.
        good: shape ``(n, ...)``: by image, and by the indices of the arrays on the path.
        expected: what the format asks for, or a function of the indices.
        got: what stands there, of a single image, as a function of the indices; by default the value, or its bytes.
        further: bytes from the start of the field to what is wrong, of a single image.
    """

    field: str
    good: Bools
    expected: Text | Callable[..., Text]
    got: Callable[..., Text] | None = None
    further: Callable[..., int] = lambda *_: 0

    def faults(self, image: bytes) -> Iterator[FormatError]:
        """Name what is wrong with the one image that was looked at."""
        for index in np.argwhere(~self.good[0]).tolist():
            shown, place, kind = locate(self.field, index)
            raw = image[place : place + kind.itemsize]
            value = str(int.from_bytes(raw, "big")) if kind.kind == "u" else raw.hex(" ")
            expected = self.expected(*index) if callable(self.expected) else self.expected
            got = value if self.got is None else self.got(*index)
            yield FormatError(shown, place + self.further(*index), expected, got)


def locate(field: str, index: Sequence[int] = ()) -> tuple[str, int, np.dtype[Any]]:
    """Name, offset and type of a field, by its path in `DTYPE` and the indices of the arrays on it."""
    left = list(index)
    shown, place, kind = [], 0, DTYPE
    for name in field.split("."):
        fields: Mapping[str, Any] = kind.fields or {}
        kind, start = fields[name][:2]
        place += start
        while kind.shape and left:
            kind = np.dtype((kind.base, kind.shape[1:]))
            place += left[0] * kind.itemsize
            name += f"[{left.pop(0)}]"
        shown.append(name)
    return ".".join(shown), place, kind


@dataclass(frozen=True, slots=True)
class Images:
    """Inputs of the checks of this module, for ``n`` images.

    Attributes:
        raw: bytes, shape ``(n, 65536)``.
        rows: the same as `protocol.urn.image.DTYPE`, shape ``(n,)``.
        checks: what their checksums say.
        choices: number of choices of each poll, 0 for a poll that there is not; shape ``(n, 5)``.
        labels: of their panels.
    """

    raw: Bytes
    rows: Rows
    checks: Checks
    choices: Ints
    labels: UrnLabels

    def part(self, section: Section) -> Bytes:
        """The bytes of one section, shape ``(n, size)``."""
        start, end = SPANS[section]
        return self.raw[:, start:end]

    @property
    def serial(self) -> bytes:
        """The serial number of the first module."""
        return bytes(self.rows["configuration"]["module_serial"][0])


def read_images(raw: Bytes) -> Images:
    """Look at images with the marks of the format: ``raw`` of shape ``(n, 65536)``."""
    rows = raw.view(DTYPE).reshape(len(raw))
    choices = np.where(_polls_known(rows), rows["configuration"]["polls"]["choices"], 0).astype(np.int64)
    checks = check(rows)
    checks.events["good"] &= _polls_fit(checks.events, choices) & _within("log.at", checks.events["at"])
    start, end = SPANS[Section.CHOICES]
    return Images(raw, rows, checks, choices, read_labels(raw[:, start:end], rows, choices))


def allowed(images: Images) -> Bools:
    """Check the limits of each section; shape ``(n, 9)``."""
    good = np.ones((len(images.rows), len(Section)), np.bool_)
    for section, limits in _BY_SECTION.items():
        for limit in limits(images):
            good[:, section] &= _whole(limit.good)
    return good


def _whole(good: Bools) -> Bools:
    return np.asarray(good.all(axis=tuple(range(1, good.ndim))), np.bool_)


def configurations_good(images: Bytes, rows: Rows) -> Bools:
    """Check the configurations of images; those that fail have the verdict `VALUE`; shape ``(n,)``."""
    good = [_whole(limit.good) for limit in _configuration(images, rows)]
    return np.asarray(np.logical_and.reduce(good), np.bool_)


def parse(image: bytes) -> Any:
    """One image as a row of `DTYPE`, whose size, marks and configuration are as the format has them.

    Raises:
        FormatError: not this format, another version, cut short or too long, or a value in the configuration that the
            format does not allow: the first of these, with the field, offset and values. The verdict that goes with
            it is that of `protocol.urn.recount`.
    """
    if len(image) != IMAGE_SIZE:
        start = min(len(image), IMAGE_SIZE)
        raise FormatError("image", start, byte_count(IMAGE_SIZE), byte_count(len(image)))
    raw, rows = _one(image)
    for fault in chain(_in_order(image, _marks_of_format(rows)), _in_order(image, _configuration(raw, rows))):
        raise fault
    return rows[0]


def faults(image: bytes) -> list[FormatError]:
    """Everything in a whole image that the format does not allow, in the order of the map; empty for another format.

    What the checksums of the sections find (`protocol.urn.checks`), copies that differ and slots of the banks are
    not in it.
    """
    if len(image) != IMAGE_SIZE or not all(limit.good.all() for limit in _marks_of_format(_one(image)[1])):
        return []
    images = read_images(_one(image)[0])
    return _in_order(image, chain.from_iterable(limits(images) for limits in _BY_SECTION.values()))


def _one(image: bytes) -> tuple[Bytes, Rows]:
    return np.frombuffer(image, np.uint8).reshape(1, IMAGE_SIZE), np.frombuffer(image, DTYPE)


def _in_order(image: bytes, limits: Iterator[Limit]) -> list[FormatError]:
    found = [fault for limit in limits for fault in limit.faults(image)]
    return sorted(found, key=lambda fault: fault.offset)


def _marks_of_format(rows: Rows) -> Iterator[Limit]:
    head = rows["configuration"]
    for name, wanted in (("magic", np.void(MAGIC)), ("format_version", VERSION), ("image_size", IMAGE_SIZE)):
        shown = MAGIC.hex(" ") if name == "magic" else str(wanted)
        yield Limit(
            f"configuration.{name}", head[name] == wanted, shown, lambda name=name: head[name][0].tobytes().hex(" ")
        )


def _configuration(images: Bytes, rows: Rows) -> Iterator[Limit]:
    head = rows["configuration"]
    printable = texts_good(np.ascontiguousarray(images[:, _TEXT]), _TEXT_STARTS)
    for name, good in zip(URN_TEXTS, printable.T, strict=True):
        yield Limit(f"configuration.{name}", good, _TEXT_ONLY)
    yield Limit("configuration.date", dates_good(head["date"].astype(np.int64)), msg("a date as YYYYMMDD"))
    yield from _bounded("configuration", head, "round", "part", "registered")
    polls = head["polls"]
    without = polls["number"] == ERASED
    raw = _bytes(polls)
    erased = (raw[:, :, 1] == ERASED) & (raw[:, :, 4:] == ERASED).all(axis=2) if without.any() else without
    yield Limit("configuration.polls", ~without | erased, msg("an erased entry, as the poll has no number"))
    yield Limit(
        "configuration.polls.number",
        without | (polls["number"] == _NUMBERS),
        lambda index: msg("poll {number}, or an erased entry", number=index + 1),
    )
    yield from _bounded("configuration.polls", polls, "choices", unless=without)
    texts = _bytes(polls["constituency"])
    texts[without] = 0
    fits = texts_good(texts.reshape(without.size, texts.shape[2]), np.zeros(1, np.int64)).reshape(without.shape)
    yield Limit("configuration.polls.constituency", fits, _TEXT_ONLY)
    yield Limit("configuration.polls", ~without.all(axis=1), msg("at least one poll"), lambda: NOTHING)


def _polls_known(rows: Rows) -> Bools:
    """Find the polls of each module, by number less one; shape ``(n, 5)``."""
    polls = rows["configuration"]["polls"]
    return np.asarray(
        (polls["number"] == _NUMBERS) & _within("configuration.polls.choices", polls["choices"]), np.bool_
    )


def _within(path: str, values: npt.NDArray[Any]) -> Bools:
    """Check that numbers are within `LIMITS`; shape as that of ``values``."""
    least, most = LIMITS[path]
    return np.asarray((values >= least) & (values <= most), np.bool_)


def _bounded(path: str, entries: Rows, *names: str, unless: Bools | None = None) -> Iterator[Limit]:
    """The limits of some numbers of the same entries, but for entries that are not looked at."""
    for name in names:
        good = _within(f"{path}.{name}", entries[name])
        yield Limit(f"{path}.{name}", good if unless is None else good | unless, _range(f"{path}.{name}"))


def _range(path: str) -> Text:
    least, most = LIMITS[path]
    return msg("{least} to {most}", least=least, most=most)


def _bytes(fields: npt.NDArray[Any]) -> Bytes:
    """The bytes of fields: one dimension more than there are fields."""
    whole = np.ascontiguousarray(fields)
    return whole.view(np.uint8).reshape(*whole.shape, whole.dtype.itemsize)


def _zero_checks(images: Images) -> Iterator[Limit]:
    entries, good = images.rows["zero_checks"], images.checks.zero_good
    whole = _bytes(entries)[:, :, -1] != ERASED  # else it was not made, or cut by a loss of power: it is passed over

    def computed(index: int) -> str:
        crc = seal(images.serial, Section.ZERO_CHECKS, entries[0, index].tobytes()[:-8])
        return f"{crc:08X} {crc ^ _ONES:08X}"

    yield Limit("zero_checks.crc32", good | ~whole, computed, lambda index: entries[0, index].tobytes()[-8:].hex(" "))
    yield from _bounded("zero_checks", entries, "at", "counter_sum", "slots_written", "test_votes", unless=~good)


def _test_tables() -> tuple[Words, Ints, Ints]:
    """Every test vote and every part of one that a loss of power can leave: its bytes, its poll, its choice."""
    found: dict[bytes, tuple[int, int]] = {}
    for poll in range(1, MAX_POLLS + 1):
        for choice in range(MAX_CHOICES + 1):
            vote = slot_bytes(poll | TEST_POLL, choice)
            for kept in range(1, SLOT_SIZE + 1):
                found.setdefault(vote[:kept].ljust(SLOT_SIZE, b"\xff"), (poll, choice if kept > 1 else 0))
    words = np.frombuffer(b"".join(found), np.uint32)
    order = np.argsort(words)
    polls, choices = np.array(list(found.values()), np.int64)[order].T
    return words[order], polls, choices


_TEST_WORDS, _TEST_POLLS, _TEST_CHOICES = _test_tables()


def _test_votes(images: Images) -> Iterator[Limit]:
    words = np.ascontiguousarray(images.part(Section.TEST_VOTES)).view(np.uint32)
    good = words == np.uint32(_ONES)
    image, slot = np.nonzero(~good)
    written = words[image, slot]
    at = np.minimum(np.searchsorted(_TEST_WORDS, written), len(_TEST_WORDS) - 1)
    most = images.choices[image, _TEST_POLLS[at] - 1]
    good[image, slot] = (_TEST_WORDS[at] == written) & (most > 0) & (_TEST_CHOICES[at] <= most)
    yield Limit("test_votes", good, msg("a test vote of this module, or nothing"))


def _log(images: Images) -> Iterator[Limit]:
    """The entries of the log, and of each the first thing that is wrong with it."""
    events, log, n = images.checks.events, images.rows["log"], len(images.rows)
    words = np.ascontiguousarray(images.part(Section.LOG)).view(np.uint64).reshape(n, EVENTS, EVENT_SIZE // 8)
    erased = (words == _WORD).all(axis=2)
    last = EVENTS - 1 - np.argmin(erased[:, ::-1], axis=1)
    last[erased.all(axis=1)] = -1
    later = np.arange(EVENTS) < last[:, None]
    yield Limit("log", ~(erased & later), msg("an entry, as there are later ones"), lambda _: msg("nothing"))
    image, entry = events["image"], events["entry"]
    stored = log[image, entry]
    unclosed = images.checks.sections[image, Section.CLOSING] == UNSEALED
    torn = (entry == last[image]) & (stored["crc32"] & 0xFF == ERASED) & unclosed
    named = torn & ~events["sound"]  # cut by a loss of power before its last byte, and not cleared since

    def computed(index: int) -> Text:
        crc = event_crc(images.serial, log[0, index].tobytes()[:12])
        return msg("{computed:08X} (of the bytes before it)", computed=crc)

    def poll(index: int) -> Text:
        if log["kind"][0, index] == EventKind.HOURLY:
            return msg("a poll of this module")
        return msg("0, as it concerns the whole machine")

    rules: tuple[tuple[str, Bools, Text | Callable[[int], Text]], ...] = (
        ("crc32", events["sound"], computed),
        ("sequence", stored["sequence"] == entry, str),
        ("kind", _within("log.kind", stored["kind"]), _range("log.kind")),
        ("poll", _polls_fit(events, images.choices), poll),
        ("at", _within("log.at", stored["at"]), _range("log.at")),
    )
    for name, fits, expected in rules:
        if fits.all():
            continue
        good = np.ones((n, EVENTS), np.bool_)
        good[image, entry] = fits | named
        named = named | ~fits
        got = (lambda index: f"{log['crc32'][0, index]:08X}") if name == "crc32" else None
        yield Limit(f"log.{name}", good, expected, got)


def _polls_fit(events: Rows, choices: Ints) -> Bools:
    """Check that log entries name a poll of their module, or none where none belongs."""
    poll = events["poll"]
    of_urn = choices[events["image"], np.clip(poll - 1, 0, MAX_POLLS - 1)] > 0
    of_urn &= (poll >= 1) & (poll <= MAX_POLLS)
    return np.asarray(np.where(events["kind"] == EventKind.HOURLY, of_urn, poll == 0), np.bool_)


def _no_poll(index: int) -> Text:
    return msg("nothing, as the module has no poll {number}", number=index + 1)


def _marks(images: Images) -> Iterator[Limit]:
    none = images.choices == 0
    if not none.any():
        return
    area = images.part(Section.MARKS)[:, 2 * MARK_BYTES :]
    voters = 2 * MARK_BYTES * MAX_POLLS
    for name, part in (("voters", area[:, :voters]), ("cancellations", area[:, voters:])):
        each = part.reshape(*none.shape, -1)

        def first(index: int, each: Bytes = each) -> int:
            return int(np.argmax(each[0, index] != ERASED))

        def got(index: int, each: Bytes = each) -> str:
            return f"{each[0, index, first(index, each)]:02x}"

        yield Limit(f"marks.{name}", ~none | (each.view(np.uint64) == _WORD).all(axis=2), _no_poll, got, first)


def _closing(images: Images) -> Iterator[Limit]:
    """The closing entry, if it was made and its own checksum does not say what is wrong with it."""
    closing = images.rows["closing"]
    unread = images.checks.sections[:, Section.CLOSING] != GOOD
    yield from _bounded("closing", closing, "at", "enablings", "unreadable", "burnt", unless=unread)
    polls, none = closing["polls"], images.choices == 0
    other = unread[:, None] | none
    yield from _bounded("closing.polls", polls, "voters", "cancellations", "cast", "blank", unless=other)
    used = np.arange(MAX_CHOICES) < images.choices[:, :, None]
    most = np.where(used, LIMITS["closing.polls.tallies"][1], 0)

    def tally(poll: int, choice: int) -> Text:
        return _range("closing.polls.tallies") if used[0, poll, choice] else msg("zero beyond the number of choices")

    yield Limit("closing.polls.tallies", (polls["tallies"] <= most) | other[..., None], tally)
    if none.any():
        erased = (_bytes(polls).view(np.uint64) == _WORD).all(axis=2) | ~none | unread[:, None]
        yield Limit("closing.polls", erased, _no_poll, lambda index: polls[0, index].tobytes()[:16].hex(" "))


def _labels(images: Images) -> Iterator[Limit]:
    words = images.part(Section.CHOICES).view(np.uint64)
    words = words.reshape(len(words), MAX_POLLS, MAX_CHOICES, LABEL_SIZE // 8)
    beyond = np.arange(MAX_CHOICES) >= images.choices[:, :, None]
    wrong = np.where(beyond & (words != _WORD).any(axis=3), len(LABEL_RULES), images.labels.wrong)

    def got(poll: int, choice: int) -> str:
        return f"'{shown_label(bytes(images.rows['choices'][0, poll, choice]))}'"

    yield Limit("choices", wrong == 0, lambda poll, choice: LABEL_RULES[wrong[0, poll, choice] - 1], got)


_BY_SECTION: dict[Section, Callable[[Images], Iterator[Limit]]] = {
    Section.CONFIGURATION: lambda images: _configuration(images.raw, images.rows),
    Section.ZERO_CHECKS: _zero_checks,
    Section.TEST_VOTES: _test_votes,
    Section.LOG: _log,
    Section.MARKS: _marks,
    Section.CLOSING: _closing,
    Section.CHOICES: _labels,
}


def reserved_erased(rows: Rows) -> Bools:
    """Check that all bytes that version 1 does not use are erased; shape ``(n,)``."""
    head, closing = rows["configuration"], rows["closing"]
    fields = (head["reserved_1"], head["reserved_2"], head["polls"]["reserved"], head["reserved_3"])
    others = (rows["zero_checks"]["reserved"], closing["reserved"])
    good = [_whole(_bytes(field) == ERASED) for field in (*fields, *others)]
    return np.asarray(np.logical_and.reduce(good), np.bool_)
