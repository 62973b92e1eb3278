"""Messages of the reading unit's line: what a reader may ask and what the unit answers, each defined once.

The commands are a **model**. What is documented of the vendor's unit: it talks over a serial port, it reads a
module in parts, and it has a slot that only reads (wijvertrouwenstemcomputersniet.nl, Software). So there are
three commands, and none of them writes.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, unique
from typing import Any, TypeAlias

import construct

from protocol.errors import LinkError
from protocol.line.frames import MAX_BODY, Frame
from protocol.words import msg

VERSION = 1
"""Version of this protocol, carried by the answer to `MessageKind.IDENTIFY`."""
MAX_BLOCK = MAX_BODY - 4
"""Bytes of the longest block that one request can ask for."""
MAX_IMAGE_LENGTH = 1 << 24
"""Bytes of the largest image that a reader accepts from a unit: 16 MiB, far above any module."""
UNIT_NAME = "regard reading unit, a model"
"""Name of the emulated unit: nobody shall take it for the vendor's."""


@unique
class MessageKind(IntEnum):
    """Request of a frame. The answer has the same kind with the highest bit set, or is a `REFUSAL`."""

    IDENTIFY = 0x01
    STATUS = 0x02
    READ = 0x03


ANSWER = 0x80
REFUSED = 0xFF


@unique
class Slot(IntEnum):
    """Content of the unit's slot."""

    EMPTY = 0
    READABLE = 1
    UNREADABLE = 2


@unique
class Reason(IntEnum):
    """Why a unit refuses a request."""

    UNKNOWN_COMMAND = 1
    MALFORMED = 2
    OUT_OF_RANGE = 3
    NO_URN = 4


REASON_TEXTS = {
    Reason.UNKNOWN_COMMAND: msg("it does not know this command"),
    Reason.MALFORMED: msg("the request is malformed"),
    Reason.OUT_OF_RANGE: msg("the address or the length is out of range"),
    Reason.NO_URN: msg("there is no readable module in its slot"),
}

Definition: TypeAlias = "construct.Struct"
"""Construct of a body."""

REST = construct.GreedyBytes
"""All that is left of a body."""
TEXT = construct.PascalString(construct.Int8ub, "utf-8")
"""A byte that says how many follow, and those."""

NONCE = 4
"""Bytes of a nonce."""
NONCE_REQUEST = construct.Struct("nonce" / construct.Int32ub, construct.Terminated)
"""Body of IDENTIFY and STATUS: a number that the answer repeats, so that no older answer can pass for it."""

READ_REQUEST = construct.Struct("address" / construct.Int32ub, "length" / construct.Int16ub, construct.Terminated)

IDENTITY = construct.Struct(
    "nonce" / construct.Int32ub,
    "version" / construct.Int8ub,
    "slot" / construct.Int8ub,
    "queue" / construct.Int8ub,
    "block_limit" / construct.Int16ub,
    "image_length" / construct.Int32ub,
    "unit" / TEXT,
    "module_serial" / TEXT,
    "machine_serial" / TEXT,
    construct.Terminated,
)

STATUS = construct.Struct(
    "nonce" / construct.Int32ub,
    "slot" / construct.Int8ub,
    "boot" / construct.Int32ub,
    "insertions" / construct.Int16ub,
    "answered" / construct.Int32ub,
    "damaged" / construct.Int32ub,
    construct.Terminated,
)

BLOCK = construct.Struct("address" / construct.Int32ub, "data" / REST)

REFUSAL = construct.Struct("reason" / construct.Int8ub, construct.Terminated)


@dataclass(frozen=True, slots=True)
class Identity:
    """Answer to IDENTIFY: who speaks, and which module is in its slot.

    Attributes:
        version: of the protocol.
        slot: a `Slot`.
        queue: requests that the unit holds at one time.
        block_limit: bytes of the longest block that it sends.
        image_length: bytes of the module image.
        unit: what kind of unit it is.
        module_serial: serial number of the module, empty where it has none.
        machine_serial: serial number of the machine that the module was used in, empty where it names none.
    """

    version: int
    slot: int
    queue: int
    block_limit: int
    image_length: int
    unit: str
    module_serial: str
    machine_serial: str


@dataclass(frozen=True, slots=True)
class Status:
    """Answer to STATUS: how the unit fares.

    Attributes:
        slot: a `Slot`.
        boot: a number drawn when the unit was switched on; another one means that it has restarted.
        insertions: modules put in since then.
        answered: requests answered since then.
        damaged: damaged frames received since then.
    """

    slot: int
    boot: int
    insertions: int
    answered: int
    damaged: int


def parse(definition: Definition, body: bytes) -> construct.Container[Any] | None:
    """The fields of a body, or None when it is not what the definition says."""
    try:
        fields: construct.Container[Any] = definition.parse(body)
    except (construct.ConstructError, UnicodeDecodeError):
        return None
    return fields


def refusal(frame: Frame) -> LinkError:
    """The error for a refused request."""
    fields = parse(REFUSAL, frame.body)
    reason = None if fields is None else REASON_TEXTS.get(fields.reason)
    return LinkError(msg("the unit refuses: {value}", value=reason or msg("it gives a reason that is not known here")))


def nonce_request(kind: MessageKind, sequence: int, nonce: bytes) -> Frame:
    """An IDENTIFY or a STATUS; the nonce has `NONCE` bytes."""
    return Frame(kind, sequence, NONCE_REQUEST.build({"nonce": int.from_bytes(nonce, "big")}))


def read_request(sequence: int, address: int, length: int) -> Frame:
    """A READ of ``length`` bytes from byte ``address`` on."""
    return Frame(MessageKind.READ, sequence, READ_REQUEST.build({"address": address, "length": length}))
