"""Constants of exports beside their layout (`record`): mark, bounds, verdicts, digest of the choices."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Sequence
from enum import IntEnum

from protocol.words import Text, msg

MAGIC = b"\x89ESF\r\n\x1a\n"
"""Like PNG's: a high bit and both line ends, so that a transfer in text mode shows in the first bytes."""
MAX_CHOICES = 64
MAX_POLLS = 5
MAX_COUNT = 2**28 - 1
"""The largest count that the format takes. 64 tallies below it cannot overflow a signed 64-bit sum, nor 2**34."""

APPROVED_MODEL = "ESF1 (HW 1.06/2.01 - FW 4.02)"
"""The model and versions approved by the arrêté of 12 April 2007 (Conseil d'État, 13 February 2009, n° 306563)."""
TIMES = ("zero_check", "opening", "closing", "export")


class RecordVerdict(IntEnum):
    """Verdict on the bytes of one record: the first failed check, in this order."""

    OK = 0
    MAGIC = 1
    VERSION = 2
    LENGTH = 3
    CHECKSUM = 4
    VALUE = 5
    """Whole and with a right checksum, and yet a field holds what the format does not allow."""


INSTEAD: dict[RecordVerdict, Text] = {
    RecordVerdict.MAGIC: msg("another mark of the format"),
    RecordVerdict.VERSION: msg("another version"),
    RecordVerdict.LENGTH: msg("another length"),
    RecordVerdict.CHECKSUM: msg("a checksum that is not that of its bytes"),
    RecordVerdict.VALUE: msg("a value that the format does not allow"),
}
"""Found value for each verdict, where no more is known."""


def choices_digest(labels: Sequence[str]) -> bytes:
    """SHA-256 of a choice list in panel order: NFC labels as UTF-8, each ended by a line feed."""
    return hashlib.sha256("".join(unicodedata.normalize("NFC", label) + "\n" for label in labels).encode()).digest()
