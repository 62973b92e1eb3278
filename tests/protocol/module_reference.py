"""A second reader of module images: construct and plain Python, slot by slot, sharing no code with the vectorised one.

It shares the definition, `protocol.module.IMAGE`, and nothing else: checksums are those of the standard library, slots
and marks are taken apart by hand.
"""

from __future__ import annotations

import binascii
import zlib
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import construct

from protocol.export import Verdict
from protocol.module import IMAGE

NAMES = ("configuration", "zero_checks", "test_votes", "log", "marks", "choices", "bank_a", "bank_b", "closing")
PLACES = {
    "configuration": (0x0000, 0x0200),
    "zero_checks": (0x0200, 0x0400),
    "test_votes": (0x0400, 0x0500),
    "log": (0x0500, 0x0F80),
    "marks": (0x0F80, 0x2A00),
    "closing": (0x2A00, 0x3000),
    "choices": (0x3000, 0x8000),
    "bank_a": (0x8000, 0xC000),
    "bank_b": (0xC000, 0x10000),
}
ONES = 0xFFFF_FFFF


@dataclass(slots=True)
class Reference:
    """What the second reader says: the verdict, the sections (1, 0, -1), votes, slot states by position, counters."""

    verdict: Verdict
    sections: list[int] = field(default_factory=list)
    votes: Counter[tuple[int, int]] = field(default_factory=Counter)
    burnt: int = 0
    states: dict[int, int] = field(default_factory=dict)
    counters: list[tuple[int, bool]] = field(default_factory=list)


def read(image: bytes) -> Reference:
    """Read one image of 65,536 bytes with care."""
    try:
        parsed = IMAGE.parse(image)
    except construct.ConstructError as error:
        name = (error.path or "").rpartition(" -> ")[2]
        names = {"magic": Verdict.MAGIC, "format_version": Verdict.VERSION, "image_size": Verdict.LENGTH}
        return Reference(names[name])
    polls = [poll for poll in parsed.configuration.polls if poll.number != 255]
    numbered = all(poll.number in (number, 255) for number, poll in enumerate(parsed.configuration.polls, start=1))
    sized = all(1 <= poll.choices <= 64 for poll in polls)
    found = Reference(Verdict.OK if polls and numbered and sized else Verdict.VALUE)
    serial = parsed.configuration.module_serial
    found.sections = _sections(image, parsed, serial)
    _count(image, found)
    marks = parsed.marks
    areas = [marks.enablings, *marks.voters, *marks.cancellations]
    found.counters = [_marks(*area) for area in areas]
    return found


def _crc(serial: bytes, number: int, data: bytes) -> int:
    return zlib.crc32(serial + bytes((number,)) + data)


def _entry(serial: bytes, number: int, raw: bytes) -> int:
    if set(raw) == {0xFF}:
        return -1
    stored, complement = int.from_bytes(raw[-8:-4], "big"), int.from_bytes(raw[-4:], "big")
    return int(stored == _crc(serial, number, raw[:-8]) and complement == ONES - stored)


def _sections(image: bytes, parsed: Any, serial: bytes) -> list[int]:
    data = {name: image[start:end] for name, (start, end) in PLACES.items()}
    verdicts = [-1] * 9
    verdicts[0] = _entry(serial, 0, data["configuration"])
    verdicts[5] = int(parsed.configuration.choices_crc32 == _crc(serial, 5, data["choices"]))
    verdicts[8] = _entry(serial, 8, data["closing"])
    if verdicts[8] >= 0:
        for number, seal in enumerate(parsed.closing.seals):
            fits = seal.crc32 == _crc(serial, number, data[NAMES[number]]) and seal.complement == ONES - seal.crc32
            verdicts[number] = int(fits and verdicts[number] != 0)
    return verdicts


def _vote(slot: bytes) -> tuple[int, int] | None:
    known = 1 <= slot[0] <= 5 and slot[1] <= 64
    return (slot[0], slot[1]) if known and binascii.crc_hqx(slot[:2], 0x80).to_bytes(2, "big") == slot[2:] else None


def _count(image: bytes, found: Reference) -> None:
    """Each slot by the words of the format document."""
    blank, cleared = b"\xff" * 4, b"\0" * 4
    for position in range(4096):
        a = image[0x8000 + 4 * position : 0x8004 + 4 * position]
        b = image[0xC000 + 4 * position : 0xC004 + 4 * position]
        if a == b == blank:
            continue
        if a == b == cleared:
            found.burnt += 1
            continue
        in_a, in_b = _vote(a), _vote(bytes(255 - byte for byte in b))
        if in_a is not None and in_a == in_b:
            found.votes[in_a] += 1
        elif in_a is not None and in_b is not None:
            found.states[position] = 3
        elif in_a is not None:
            found.votes[in_a] += 1
            found.states[position] = 1
        elif in_b is not None:
            found.votes[in_b] += 1
            found.states[position] = 2
        else:
            found.states[position] = 5 if blank in (a, b) else 4


def _marks(first: bytes, second: bytes) -> tuple[int, bool]:
    counts = []
    for bits in (_bits(first), _bits(second)[::-1]):
        zeros = bits.count("0")
        counts.append((zeros, bits == "0" * zeros + "1" * (len(bits) - zeros)))
    sound = [count for count, good in counts if good]
    consistent = len(sound) == 2 and sound[0] == sound[1]
    one_ahead = len(sound) == 2 and sound[0] == sound[1] + 1
    return sound[0] if one_ahead else min(sound or [count for count, _ in counts]), consistent


def _bits(copy: bytes) -> str:
    return f"{int.from_bytes(copy, 'big'):0{8 * len(copy)}b}"
