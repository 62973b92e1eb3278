"""An emulated reading unit: answers the requests of `protocol.line.messages` from a module image.

Bytes in, bytes out, no clock and no port: `protocol.line.emulator` adds the line with its pace and its faults.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np

from protocol.line.frames import Frame, FrameScanner, encode
from protocol.line.messages import (
    ANSWER,
    BLOCK,
    IDENTITY,
    MAX_BLOCK,
    MAX_IMAGE_LENGTH,
    NONCE_REQUEST,
    READ_REQUEST,
    REFUSAL,
    REFUSED,
    STATUS,
    UNIT_NAME,
    VERSION,
    MessageKind,
    Reason,
    Slot,
    parse,
)
from protocol.urn.image import DTYPE, IMAGE_SIZE

QUEUE = 8
"""Requests that the unit holds while it sends; it drops further ones, as a small buffer would."""


@dataclass(frozen=True, slots=True)
class Serials:
    """The serial numbers that an image names: of the module, and of the machine that it was used in."""

    urn: str
    machine: str


def serials_of(image: bytes) -> Serials:
    """The serial numbers of an image; where it names none, the start of its SHA-256 stands for the module."""
    if len(image) == IMAGE_SIZE:
        configuration = np.frombuffer(image, DTYPE)["configuration"][0]
        urn, machine = (bytes(configuration[name]) for name in ("module_serial", "machine_serial"))
        if urn.isascii() and machine.isascii():
            names = Serials(urn.rstrip(b"\0").decode(), machine.rstrip(b"\0").decode())
            if names.urn and (names.urn + names.machine).isprintable():
                return names
    return Serials(f"sha256:{hashlib.sha256(image).hexdigest()[:16]}", "")


class ReadingUnit:
    """A unit with one module in its slot, or with none.

    Attributes:
        image: what is in the module, or None for an empty slot.
        boot: the number that tells one start of the unit from the next.
    """

    def __init__(self, image: bytes | None, boot: int) -> None:
        if image is not None and len(image) > MAX_IMAGE_LENGTH:
            raise ValueError(f"image of {len(image)} bytes, at most {MAX_IMAGE_LENGTH}")
        self.image = image
        self.boot = boot
        self._serials = serials_of(image) if image is not None else Serials("", "")
        self._insertions = int(image is not None)
        self._answered = 0
        self._scanner = FrameScanner()

    def receive(self, data: bytes) -> list[bytes]:
        """Take bytes from the line and return the encoded answers to the requests that they complete."""
        return [self._answer(frame) for frame in self._scanner.feed(data)]

    def insert(self, image: bytes) -> None:
        """Exchange the module in the slot, as a hand would in the middle of a reading."""
        self.image = image
        self._serials = serials_of(image)
        self._insertions += 1

    def restart(self, boot: int) -> None:
        """Lose everything but the module, as after a loss of power."""
        self.boot = boot
        self._insertions = int(self.image is not None)
        self._answered = 0
        self._scanner = FrameScanner()

    def _answer(self, request: Frame) -> bytes:
        body = self._body(request)
        if isinstance(body, Reason):
            return encode(Frame(REFUSED, request.sequence, REFUSAL.build({"reason": body})))
        self._answered += 1
        return encode(Frame(request.kind | ANSWER, request.sequence, body))

    def _body(self, request: Frame) -> bytes | Reason:
        match request.kind:
            case MessageKind.IDENTIFY:
                fields = parse(NONCE_REQUEST, request.body)
                return Reason.MALFORMED if fields is None else self._identity(fields.nonce)
            case MessageKind.STATUS:
                fields = parse(NONCE_REQUEST, request.body)
                return Reason.MALFORMED if fields is None else self._status(fields.nonce)
            case MessageKind.READ:
                fields = parse(READ_REQUEST, request.body)
                return Reason.MALFORMED if fields is None else self._block(fields.address, fields.length)
        return Reason.UNKNOWN_COMMAND

    def _identity(self, nonce: int) -> bytes:
        return IDENTITY.build(
            {
                "nonce": nonce,
                "version": VERSION,
                "slot": Slot.EMPTY if self.image is None else Slot.READABLE,
                "queue": QUEUE,
                "block_limit": MAX_BLOCK,
                "image_length": 0 if self.image is None else len(self.image),
                "unit": UNIT_NAME,
                "module_serial": self._serials.urn,
                "machine_serial": self._serials.machine,
            }
        )

    def _status(self, nonce: int) -> bytes:
        return STATUS.build(
            {
                "nonce": nonce,
                "slot": Slot.EMPTY if self.image is None else Slot.READABLE,
                "boot": self.boot,
                "insertions": min(self._insertions, 0xFFFF),
                "answered": min(self._answered, 0xFFFFFFFF),
                "damaged": min(self._scanner.damaged, 0xFFFFFFFF),
            }
        )

    def _block(self, address: int, length: int) -> bytes | Reason:
        if self.image is None:
            return Reason.NO_URN
        if not 0 < length <= MAX_BLOCK or address + length > len(self.image):
            return Reason.OUT_OF_RANGE
        return BLOCK.build({"address": address, "data": self.image[address : address + length]})
