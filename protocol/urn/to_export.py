"""From a module image to a result export: what the machine would have exported, for those who have only the urn."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np

from protocol.civil_time import date_of
from protocol.errors import FormatError
from protocol.export import record as export
from protocol.export.record import Export
from protocol.urn.checks import FAILS
from protocol.urn.image import Section
from protocol.urn.limits import parse
from protocol.urn.recount import recount
from protocol.words import msg

DAMAGED = b"from a damaged image"
"""Reserved bytes of an export that was made from an image in which something is wrong."""
_SLOTS = ("unreadable", "not_blank", "foreign", "test_slots")


def damage(image: bytes) -> list[str]:
    """List damaged sections of a module image and faults of its slots; empty if there are none.

    Raises:
        FormatError: no module image, or a value in its configuration that the format does not allow.
    """
    return _damage(_columns(image))


def _columns(image: bytes) -> np.void:
    """The columns of one image whose configuration is as the format has it."""
    parse(image)
    row: np.void = recount(np.frombuffer(image, np.uint8).reshape(1, -1)).columns[0]
    return row


def _damage(row: np.void) -> list[str]:
    wrong = (row["sections"] == FAILS) | ~row["allowed"]
    wrong[Section.MARKS] |= not row["counters_consistent"].all()
    sections = [section.name.lower() for section in Section if wrong[section]]
    return sections + [name for name in _SLOTS if row[name]]


def export_from_image(image: bytes, poll: int, at: int) -> bytes:
    """The 576 bytes of the result export of one poll.

    Of a closed urn the figures are those of its closing entry, byte for byte what the machine exports at that time. If
    an urn was never closed, or its closing entry fails its checksum, the export holds its marks and the recount of its
    votes, and no closing time. The reserved bytes say `DAMAGED` where `damage` finds anything.

    Args:
        image: one module image.
        poll: number of the poll, from 1.
        at: time of the export, in seconds of local civil time.

    Raises:
        FormatError: no module image, or it does not have that poll, or a value that an export cannot hold.
    """
    row = _columns(image)
    index = poll - 1
    choices = int(row["choices"][index]) if 1 <= poll <= export.MAX_POLLS else 0
    if choices == 0:
        has = [number for number, count in enumerate(row["choices"].tolist(), start=1) if count]
        raise FormatError("poll", 152, msg("one of the module's polls {has}", has=has), str(poll))
    closed = bool(row["closed"])
    prefix = "closed_" if closed else ""
    texts = {name: row[name].decode("ascii") for name in export.TEXTS if name != "constituency"}
    times: dict[str, Any] = {
        "zero_check": _moment(row["zero_check"]),
        "opening": _moment(row["opening"]),
        "closing": _moment(row["closed_at"]) if closed else None,
        "export": at,
    }
    counts: dict[str, Any] = {
        name: int(row[f"{prefix}{name}"][index]) for name in ("voters", "cancellations", "cast", "blank")
    }
    return export.build(
        Export(
            **texts,
            constituency=row["constituency"][index].decode("ascii"),
            date=date_of(int(row["date"])),
            round=int(row["round"]),
            poll=poll,
            part=int(row["part"]),
            registered=int(row["registered"]),
            **times,
            zero_sum=max(int(row["zero_sum"]), 0),
            **counts,
            enablings=int(row[f"{prefix}enablings"]),
            choices_digest=row["choices_digest"][index].tobytes(),
            module_digest=hashlib.sha256(image).digest(),
            tallies=tuple(row[f"{prefix}tallies"][index][:choices].tolist()),
        ),
        DAMAGED if _damage(row) else b"",
    )


def _moment(value: np.int64) -> int | None:
    return int(value) if value >= 0 else None
