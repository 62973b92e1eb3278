"""The document of the reading unit's line, made from the definitions that both of its ends use."""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import ModuleType

from protocol.line import (
    block_length,
    block_reading,
    emulator,
    frames,
    link,
    messages,
    reading_unit,
    serial_port,
    timeouts,
)
from protocol.line.frames import Frame
from protocol.line.messages import Definition, MessageKind, Reason, Slot
from regard.reference import markdown

MEANING = {
    "address": "first byte of the block, from 0",
    "answered": "requests answered since the unit was switched on",
    "block_limit": "bytes of the longest block that this unit sends",
    "boot": "differs from one start of the unit to the next, and so shows that it has restarted",
    "damaged": "damaged frames received since the unit was switched on",
    "data": "the bytes of the module from that address on, as many as were asked for",
    "image_length": "bytes of the module image, 0 without a module",
    "insertions": "modules put in since the unit was switched on",
    "length": "bytes asked for, from 1 to the unit's `block_limit`",
    "machine_serial": "of the machine that the module was used in; empty where the module names none",
    "module_serial": "of the module; empty where it has none",
    "nonce": "any number; the answer repeats it, so that no older answer can pass for it",
    "queue": "requests that the unit holds at one time; it drops what comes on top",
    "reason": "see below",
    "slot": "see below",
    "unit": "what kind of unit this is",
    "version": f"of this protocol: {messages.VERSION}",
}
"""Meaning of each field of a message."""

_EXAMPLES = (
    ("IDENTIFY", messages.nonce_request(MessageKind.IDENTIFY, 4, bytes.fromhex("1f2e3d4c"))),
    ("READ of 1,024 bytes from 10000 (hexadecimal)", messages.read_request(5, 0x10000, 1024)),
    (
        "the answer to a READ of 3 bytes from 2A00",
        Frame(
            MessageKind.READ | messages.ANSWER, 6, messages.BLOCK.build({"address": 0x2A00, "data": b"\xff\x00\x7f"})
        ),
    ),
)


def document() -> str:
    """The text of ``docs/reference/link.md``."""
    return markdown.document(
        __file__,
        block_length=block_length,
        block_reading=block_reading,
        emulator=emulator,
        examples=[(name, f"`{frames.encode(frame).hex(' ')}`") for name, frame in _EXAMPLES],
        fields=fields,
        frames=frames,
        kinds=MessageKind,
        link=link,
        messages=messages,
        timeouts=timeouts,
        reading_unit=reading_unit,
        reasons=[(str(int(reason)), str(messages.REASON_TEXTS[reason])) for reason in Reason],
        serial_port=serial_port,
        slots=Slot,
        survived=_survived,
    )


def fields(definition: Definition) -> Iterator[tuple[str, str, str, str]]:
    """Offset, size, name and meaning of each field of a body."""
    offset: int | None = 0
    for part in definition.subcons:
        if part.name is None:
            continue
        kind = getattr(part, "subcon", None)
        size = "to the end" if kind is messages.REST else "1 + length" if kind is messages.TEXT else None
        place = "" if offset is None else str(offset)
        yield place, size or str(part.sizeof()), f"`{part.name}`", MEANING[part.name]
        offset = None if offset is None or size else offset + part.sizeof()


def _survived(end: ModuleType) -> list[tuple[str, str]]:
    """List from the docstring of one end of the line what it survives, and its reaction."""
    text = re.sub(r"\n  ", " ", end.__doc__ or "")
    items = re.findall(r"^\* ([a-z ]+): (.*?)[;.]$", text, re.MULTILINE)
    return [(name, then.replace("``", "`")) for name, then in items]
