"""The QR texts of a bulletin: parts, their chain of hashes, and the counts in them, as the court's manual has them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from protocol.bu.bounds import Undecodable
from protocol.bu.counts import OfficeCounts, UrnaSection
from protocol.words import msg

START = "QRBU:"
MAX_PARTS = 99
_PART = re.compile(r"QRBU:(\d{1,2}):(\d{1,2}) (.*?) ?HASH:([0-9A-F]{128})(?: ASSI:([0-9A-F]+))?(?: .*)?", re.ASCII)
_BEFORE = re.compile(r"(?:VRQR:\S+ )(?:VRCH:\S+ )?", re.ASCII)
"""Text before the hashed part; in version 4.0 the version stands within it."""
_PHASES = {"S": 1, "O": 2, "T": 3}
_LIST_KIND = "1"
_CERTIFICATE = "QRCE:"
"""A code of 2026 with the certificate of the machine, which is not looked at."""
_MOST_DIGITS = 9
"""Digits of a number at most, which keeps it below 32 bits."""


@dataclass(frozen=True, slots=True)
class QrPart:
    """One text: its place among all of them, the hashed part, the hash that it ends with, and the signature if any."""

    number: int
    of: int
    body: str
    hash: str
    signature: str


@dataclass(frozen=True, slots=True)
class QrBulletin:
    """Content of the texts of one bulletin.

    Attributes:
        section: of the bulletin.
        hashes: for each part whether its hash holds.
        missing: numbers of parts that are not there: then there are no counts.
        signature: over the last hash; empty where there is none.
        last_hash: the hash of the last part.
        registered, turnout, by_hand: of the head; None where it does not say.
        machine, place: of the head; None where it does not say.
        load_code, program, opened, closed, day: of the head; empty where it does not say. The day is that of the vote.
        offices: the counts, in order.
    """

    section: UrnaSection
    hashes: tuple[bool, ...]
    missing: tuple[int, ...]
    signature: bytes
    last_hash: bytes
    registered: int | None
    turnout: int | None
    by_hand: int | None
    machine: int | None
    place: int | None
    load_code: str
    program: str
    opened: str
    closed: str
    day: str
    offices: tuple[OfficeCounts, ...]


def read_parts(text: str) -> list[QrPart]:
    """The parts of one or more bulletins, one a line.

    Raises:
        Undecodable: a line is none.
    """
    found = []
    for line in text.split("\n"):
        line = line.strip()
        if not line or line.startswith(_CERTIFICATE):
            continue
        match = _PART.fullmatch(line)
        if match is None:
            raise Undecodable(msg("texts of QR codes, one a line"), msg("other content"))
        number, of = int(match[1]), int(match[2])
        if not 1 <= number <= of:
            raise Undecodable(msg("parts from 1 to their number"), msg("other content"))
        before = _BEFORE.match(match[3])
        body = match[3][before.end() :] if before else match[3]
        found.append(QrPart(number, of, body, match[4], match[5] or ""))
    if not found:
        raise Undecodable(msg("texts of QR codes, one a line"), msg("other content"))
    return found


def split_bulletins(parts: Iterable[QrPart]) -> Iterator[list[QrPart]]:
    """Parts that follow each other, by bulletin: each begins with a number that is not beyond the one before."""
    some: list[QrPart] = []
    for part in parts:
        if some and (part.number <= some[-1].number or part.of != some[-1].of):
            yield some
            some = []
        some.append(part)
    if some:
        yield some


def read_qr_bulletin(parts: list[QrPart]) -> QrBulletin:
    """The texts of one bulletin, checked and counted.

    Raises:
        Undecodable: the head names no section, or a figure is none.
    """
    missing = tuple(sorted(set(range(1, parts[0].of + 1)) - {part.number for part in parts}))
    hashes, before = [], ""
    for part in parts:
        text = f"{before}{part.body}"
        hashes.append(
            not missing and hashlib.sha512(text.encode("latin-1", "replace")).hexdigest().upper() == part.hash
        )
        before = f"{text} HASH:{part.hash} "
    words = [word for part in parts for word in part.body.split(" ")]
    head = _head(words)
    return QrBulletin(
        section=UrnaSection(
            _PHASES.get(head.get("FASE", ""), 0),
            *(_figure(head, key, 0) or 0 for key in ("PLEI", "MUNI", "ZONA", "SECA")),
        ),
        hashes=() if missing else tuple(hashes),
        missing=missing,
        signature=bytes.fromhex(parts[-1].signature[: len(parts[-1].signature) // 2 * 2]),
        last_hash=bytes.fromhex(parts[-1].hash),
        registered=_figure(head, "APTO"),
        turnout=_figure(head, "COMP"),
        by_hand=_figure(head, "HBMA"),
        machine=_figure(head, "IDUE"),
        place=_figure(head, "LOCA"),
        load_code=head.get("IDCA", ""),
        program=head.get("VERS", ""),
        opened=_time(head, "DTAB", "HRAB"),
        closed=_time(head, "DTFC", "HRFC"),
        day=head.get("DTPL", ""),
        offices=() if missing else tuple(_offices(words)),
    )


def _head(words: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for word in words:
        key, _, value = word.partition(":")
        if key == "IDEL":
            break
        found.setdefault(key, value)
    if not {"MUNI", "ZONA", "SECA"} <= found.keys():
        raise Undecodable(msg("municipality, zone and section in the head of a QR text"), msg("none"))
    return found


def _offices(words: list[str]) -> Iterator[OfficeCounts]:
    """The counts in the body of all parts together: a part may end anywhere."""
    election, party, counts, lists = 0, 0, None, False
    for word in words:
        key, _, value = word.partition(":")
        if key == "IDEL":
            election = _number(value)
        elif key == "CARG":
            if counts is not None:
                yield counts
            counts, party = OfficeCounts(election, _number(value)), 0
        elif counts is None:
            continue
        elif key == "TIPO":
            lists = value == _LIST_KIND
        elif key == "PART":
            party = _number(value)
        elif key.isascii() and key.isdigit():
            counts.nominal[_number(key)] = _number(value)
            if lists:
                counts.parties[_number(key)] = party
        elif key in KEYS:
            counts.note(KEYS[key], _number(value), party)
    if counts is not None:
        yield counts


KEYS = {
    "LEGP": "party",
    "TOTP": "party total",
    "APTA": "registered",
    "NOMI": "nominal",
    "LEGC": "parties",
    "BRAN": "blank",
    "CSEC": "null",
    "NULO": "null",
    "TOTC": "total",
}
"""Keys of the figures of an office."""


def _figure(head: dict[str, str], key: str, absent: int | None = None) -> int | None:
    return _number(head[key]) if key in head else absent


def _time(head: dict[str, str], day: str, hour: str) -> str:
    return f"{head[day]}T{head[hour]}" if day in head and hour in head else ""


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS):
        raise Undecodable(msg("figures in a QR text"), msg("other content"))
    return int(text)
