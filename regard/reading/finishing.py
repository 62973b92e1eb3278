"""The end of a reading: its image and its record get their names, unless something else has them."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from protocol import files
from protocol.errors import InputError
from protocol.opening import holds, open_evidence
from protocol.own_files import RECORD_FORMAT, record_path
from protocol.structured import parse_json
from protocol.urn.checks import FAILS, GOOD, UNSEALED, check
from protocol.urn.image import DTYPE, IMAGE_SIZE, MAGIC, Section
from protocol.words import Message, msg, nmsg
from regard.reading.partial_read import PartialRead, ReadState

if TYPE_CHECKING:
    from protocol.line.link import LinkCounts
    from regard.reading.partial_read import PartialRead


class ReadingEnd(Enum):
    """End of a complete reading."""

    WRITTEN = auto()
    SAME = auto()
    """The image was there already, with the same bytes."""
    OTHER_IMAGE = auto()
    """Something else has the name of the image; what was read stays where it is."""
    OTHER_RECORD = auto()
    """The image was there already, and the record beside it is that of another one."""


@dataclass(frozen=True, slots=True)
class FinishedReading:
    """A complete reading.

    Attributes:
        end: what became of it.
        state: what was read, and how.
        failing: the sections of the image that fail their check.
    """

    end: ReadingEnd
    state: ReadState
    failing: tuple[str, ...]

    @property
    def how(self) -> Message:
        """Statement on the comparison."""
        twice = self.state.compared == self.state.image_length
        return msg("read twice, the same") if twice else msg("read once")

    @property
    def retries(self) -> Message:
        """Number of blocks requested again, on all connections."""
        return nmsg("{count:n} block asked for again", "{count:n} blocks asked for again", self.state.repeated)


def finish(reading: PartialRead, output: Path, *, force: bool) -> FinishedReading:
    """Give the image and the record of its reading their names.

    Args:
        reading: of which all is there.
        output: the name of the image.
        force: replace what has these names.

    Raises:
        OSError: the disk gives back other bytes than were read, or is full; all stays as it is.
        OutputRefused: the image or its record must not be written there.
    """
    record = record_path(output)
    reading.save()
    sections = check_sections(bytes(reading.image))
    end = ReadingEnd.WRITTEN
    if force or not os.path.lexists(output):
        reading.publish(output, record, make_record(reading, output, sections))
    elif not holds(output, bytes(reading.image)):
        end = ReadingEnd.OTHER_IMAGE
    elif record.exists() and not certifies(record, reading.state.sha256):
        end = ReadingEnd.OTHER_RECORD
    else:
        end = ReadingEnd.SAME
        if not record.exists():
            files.write(record, make_record(reading, output, sections))
        reading.discard()
    failing = tuple(name for name, verdict in sections.items() if verdict == "fails")
    return FinishedReading(end, reading.state, failing)


# --- The record of a reading: what stands in ``FILE.json`` beside the image that was read ---


LARGEST = 1 << 24
"""Bytes of a record, at most."""
_VERDICTS = {GOOD: "good", FAILS: "fails", UNSEALED: "unsealed"}


def make_record(partial: PartialRead, output: Path, sections: Mapping[str, str]) -> bytes:
    """Record of the reading, for ``FILE.json``."""
    state = partial.state
    record = {
        "format": RECORD_FORMAT,
        "note": "line and image are a model, not the vendor's",
        "regard": version("regard"),
        "file": output.name,
        "bytes": state.image_length,
        "sha256": state.sha256,
        "module_serial": state.module_serial,
        "machine_serial": state.machine_serial,
        "unit": state.unit,
        "passes": 2 if state.compared == state.image_length else 1,
        "retries": state.repeated,
        "sections": dict(sections),
        "sessions": [dict(session) for session in state.sessions],
    }
    return json.dumps(record, indent=1, ensure_ascii=False).encode() + b"\n"


def session_of(
    port: str, baud: int, times: tuple[str, str], counts: LinkCounts, restarted: bool | None
) -> dict[str, Any]:
    """The record of one connection; ``unit_restarted`` is null where the connection broke."""
    return {
        "port": port,
        "baud": baud,
        "started": times[0],
        "ended": times[1],
        "requests": counts.requests,
        "repeated": counts.repeated,
        "timeouts": counts.timeouts,
        "damaged_frames": counts.damaged,
        "foreign_frames": counts.foreign,
        "bytes_sent": counts.sent,
        "bytes_received": counts.received,
        "blocks": {str(length): count for length, count in sorted(counts.block_lengths.items())},
        "unit_restarted": restarted,
    }


def check_sections(image: bytes) -> dict[str, str]:
    """The verdict on each section of a module image, or nothing for bytes of another layout."""
    if len(image) != IMAGE_SIZE or not image.startswith(MAGIC):
        return {}
    verdicts = check(np.frombuffer(image, DTYPE)).sections[0]
    return {section.name.lower(): _VERDICTS[int(verdicts[section])] for section in Section}


def certifies(record: Path, sha256: str) -> bool:
    """Check for the record of a module image with that SHA-256."""
    try:
        content = parse_json(open_evidence(record, LARGEST, record.parent).data, str(record))
    except InputError:
        return False
    return isinstance(content, dict) and content.get("sha256") == sha256
