"""The document of the module image, made from the definition that the code itself uses: its map and its fields."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

import numpy as np

from protocol.civil_time import LATEST
from protocol.export.record import MAX_CHOICES, MAX_POLLS, TEXTS, RecordVerdict
from protocol.limits import DATE_RULE, TEXT_RULE
from protocol.night import urn_name
from protocol.urn import image as urn
from protocol.urn.image import DTYPE, LIMITS, SPANS, EventKind, Section
from protocol.urn.meaning import MEANING, SECTION_MEANING
from protocol.urn.votes import SlotState
from regard.reference import markdown
from regard.reference.format_document import field_type


def document() -> str:
    """The text of ``docs/reference/urn.md``."""
    vote = urn.slot_bytes(1, 2)
    return markdown.document(
        __file__,
        DATE_RULE=DATE_RULE,
        Event=EventKind,
        LATEST=LATEST,
        MAX_CHOICES=MAX_CHOICES,
        MAX_POLLS=MAX_POLLS,
        Section=Section,
        State=SlotState,
        TEXT_RULE=TEXT_RULE,
        Verdict=RecordVerdict,
        check_values=_check_values(),
        crc_check=zlib.crc32(b"123456789"),  # of which catalogues of checksums give the CRC
        fields=_fields,
        sections=list(_sections()),
        urn=urn,
        urn_name=urn_name,
        vote=[vote.hex(" ").upper(), bytes(255 - byte for byte in vote).hex(" ").upper()],
    )


def _name(section: Section) -> str:
    return section.name.lower()


def _sections() -> Iterator[tuple[str, ...]]:
    for section in sorted(SPANS, key=lambda each: SPANS[each]):
        start, end = SPANS[section]
        dtype = DTYPE[_name(section)]
        several = dtype.base.fields is not None and dtype.shape
        entries = f"{dtype.shape[0]} × {dtype.base.itemsize}" if several else "1"
        meaning = SECTION_MEANING[section].text
        yield f"`{start:04X}`", str(end - start), f"`{_name(section)}`", str(int(section)), entries, meaning


def _fields(section: Section) -> Iterator[tuple[str, ...]]:
    name, start = _name(section), SPANS[section][0]
    dtype = DTYPE[name]
    if dtype.base.fields is not None:
        yield from _members(dtype.base, start, name, "")
    else:  # a section that is one field
        yield _row(name, dtype, start, name)


def _members(dtype: np.dtype[np.void], start: int, path: str, shown: str) -> Iterator[tuple[str, ...]]:
    for name, (kind, offset, *_) in (dtype.fields or {}).items():
        yield _row(f"{path}.{name}", kind, start + offset, f"{shown}{name}")
        if kind.base.fields is not None:
            yield from _members(kind.base, start + offset, f"{path}.{name}", f"{shown}{name}[0].")


def _row(path: str, kind: np.dtype[np.void], offset: int, shown: str) -> tuple[str, ...]:
    name = path.rpartition(".")[2]
    return (
        f"`{offset:04X}`",
        str(kind.itemsize),
        field_type(name, kind),
        f"`{shown}`",
        _allowed(path),
        MEANING[path].text,
    )


_FIXED = {
    "configuration.magic": urn.MAGIC.hex(" ").upper(),
    "configuration.format_version": str(urn.VERSION),
    "configuration.image_size": str(urn.IMAGE_SIZE),
    "configuration.date": "date",
    "choices": "label",
    "bank_a": "slot",
    "bank_b": "slot",
}


def _allowed(path: str) -> str:
    """Allowed values of a field, in the words that the document explains at its beginning."""
    name = path.rpartition(".")[2]
    if path in _FIXED:
        return _FIXED[path]
    if path in ("configuration.polls", "closing.polls", "closing.seals"):
        return "-"
    if path in LIMITS:
        return "{} to {}".format(*LIMITS[path])
    if name in TEXTS:
        return "text"
    if name.startswith("reserved"):
        return "erased"
    if path.startswith("marks"):
        return "marks"
    return "checksum" if name in ("check", "complement") or name.endswith("crc32") else "any"


def _check_values() -> list[tuple[str, str]]:
    """Checksums to try another writer with."""
    serial, head = b"U-0815".ljust(12, b"\0"), bytes.fromhex("01 00 00 00 29 F7 C0 00 00 00 00 00")
    erased = bytes([urn.ERASED]) * (SPANS[Section.TEST_VOTES][1] - SPANS[Section.TEST_VOTES][0])
    test_vote = urn.slot_bytes(urn.TEST_POLL + 1, 2)
    return [
        (f"a log entry that begins `{head.hex(' ').upper()}`", f"`{urn.event_crc(serial, head):08X}`"),
        ("the section `test_votes`, erased", f"`{urn.seal(serial, Section.TEST_VOTES, erased):08X}`"),
        (f"a vote `{test_vote[:2].hex(' ').upper()}` of the test mode", f"`{test_vote[2:].hex().upper()}`"),
    ]
