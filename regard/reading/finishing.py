"""The end of a reading: its image and its record get their names, unless something else has them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

from protocol import files
from protocol.opening import holds
from protocol.own_files import record_path
from protocol.words import Message, msg, nmsg
from regard.reading.partial_read import PartialRead, ReadState
from regard.reading.record import certifies, check_sections, make_record


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
