"""The town hall's programming unit (UPL): writes a configuration into an erased module, and reads it back."""

from __future__ import annotations

import numpy as np

from machine.configuration import Configuration, ConfiguredPoll
from machine.errors import ConfigurationError, UrnError
from machine.memory import Memory
from protocol.civil_time import date_of, number_of
from protocol.errors import cause
from protocol.export.record import MAX_CHOICES, choices_digest
from protocol.urn.image import (
    CONFIGURATION_DTYPE,
    ERASED,
    IMAGE_SIZE,
    LABEL_SIZE,
    LAYOUT,
    MAGIC,
    URN_TEXTS,
    VERSION,
    Section,
    UrnLayout,
    seal,
)
from protocol.words import msg

_CHECKED = CONFIGURATION_DTYPE.itemsize - 8


def panel_label(label: str) -> bytes:
    """A choice's label as the panel has room for it: UTF-8, cut at a character where it is longer than 64 bytes."""
    return label.encode()[:LABEL_SIZE].decode(errors="ignore").encode()


def program(memory: Memory, configuration: Configuration, layout: UrnLayout = LAYOUT) -> None:
    """Write ``configuration`` into an erased module.

    Raises:
        WriteOnceError: the module was programmed before.
        ConfigurationError: two labels of a poll cannot be told apart on the panel.
    """
    spans = layout.spans()
    labels = _labels(configuration)
    head = np.frombuffer(bytearray([ERASED]) * CONFIGURATION_DTYPE.itemsize, CONFIGURATION_DTYPE)[0]
    serial = configuration.module_serial.encode("ascii").ljust(12, b"\0")
    head["magic"], head["format_version"], head["image_size"] = np.void(MAGIC), VERSION, IMAGE_SIZE
    for name in URN_TEXTS:
        head[name] = np.void(getattr(configuration, name).encode("ascii").ljust(head[name].itemsize, b"\0"))
    head["date"] = number_of(configuration.date)
    head["round"], head["part"] = configuration.round, configuration.part
    head["registered"] = configuration.registered
    head["choices_crc32"] = seal(serial, Section.CHOICES, labels)
    for poll in configuration.polls:
        entry = head["polls"][poll.number - 1]
        entry["number"], entry["choices"] = poll.number, len(poll.choices)
        entry["constituency"] = np.void(poll.constituency.encode("ascii").ljust(8, b"\0"))
        entry["choices_digest"] = np.void(choices_digest(poll.choices))
    check = seal(serial, Section.CONFIGURATION, head.tobytes()[:_CHECKED])
    head["crc32"], head["complement"] = check, check ^ 0xFFFF_FFFF
    memory.program(spans[Section.CHOICES][0], labels)
    memory.program(spans[Section.CONFIGURATION][0], head.tobytes())


def read_configuration(memory: Memory, layout: UrnLayout = LAYOUT) -> Configuration:
    """The configuration that a module was programmed with. Labels are those of the panel.

    Raises:
        UrnError: the module was not programmed, or what stands in it fails its checksums.
    """
    spans = layout.spans()
    raw = memory.read(*spans[Section.CONFIGURATION])
    labels = memory.read(*spans[Section.CHOICES])
    head = np.frombuffer(raw, CONFIGURATION_DTYPE)[0]
    serial = bytes(head["module_serial"])
    if bytes(head["magic"]) != MAGIC or head["format_version"] != VERSION:
        raise UrnError(msg("the module is not programmed, or for another machine"))
    check = seal(serial, Section.CONFIGURATION, raw[:_CHECKED])
    if check != head["crc32"] or check ^ 0xFFFF_FFFF != head["complement"]:
        raise UrnError(msg("the module's configuration fails its checksum"))
    if seal(serial, Section.CHOICES, labels) != head["choices_crc32"]:
        raise UrnError(msg("the module's choice lists fail their checksum"))
    try:
        return _configuration(head, labels)
    except (ValueError, ConfigurationError) as error:
        raise UrnError(msg("the module's configuration makes no sense: {error}", error=cause(error))) from error


def _configuration(head: np.void, labels: bytes) -> Configuration:
    texts = {name: bytes(head[name]).rstrip(b"\0").decode("ascii") for name in URN_TEXTS}
    return Configuration(
        **texts,
        date=date_of(int(head["date"])),
        round=int(head["round"]),
        part=int(head["part"]),
        registered=int(head["registered"]),
        polls=tuple(
            ConfiguredPoll(
                number=int(entry["number"]),
                constituency=bytes(entry["constituency"]).rstrip(b"\0").decode("ascii"),
                choices=_poll_labels(labels, int(entry["number"]), int(entry["choices"])),
            )
            for entry in head["polls"]
            if entry["number"] != ERASED
        ),
    )


def digests(memory: Memory, layout: UrnLayout = LAYOUT) -> tuple[bytes, ...]:
    """The digests of the whole choice lists, of the five polls in order, as they were programmed."""
    head = np.frombuffer(memory.read(*layout.spans()[Section.CONFIGURATION]), CONFIGURATION_DTYPE)[0]
    return tuple(bytes(entry["choices_digest"]) for entry in head["polls"])


def _labels(configuration: Configuration) -> bytes:
    lists: dict[int, bytes] = {}
    for poll in configuration.polls:
        labels = [panel_label(label) for label in poll.choices]
        if len(set(labels)) != len(labels):
            raise ConfigurationError(
                msg(
                    "poll {number}: two labels are alike in their first {label_size} bytes",
                    number=poll.number,
                    label_size=LABEL_SIZE,
                )
            )
        lists[poll.number] = b"".join(label.ljust(LABEL_SIZE, b"\0") for label in labels)
    erased = bytes([ERASED])
    size = MAX_CHOICES * LABEL_SIZE
    return b"".join(lists.get(number, b"").ljust(size, erased) for number in range(1, 6))


def _poll_labels(labels: bytes, number: int, choices: int) -> tuple[str, ...]:
    start = (number - 1) * MAX_CHOICES * LABEL_SIZE
    places = range(start, start + choices * LABEL_SIZE, LABEL_SIZE)
    return tuple(labels[place : place + LABEL_SIZE].rstrip(b"\0").decode() for place in places)
