"""Rows of a live night's store: returns in order of arrival, findings, and sealed editions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from protocol.errors import RegardError
from protocol.words import Text, msg

MAX_LEAF = 2**20
"""Bytes of a leaf; a bureau with forty lists has some 3 kB."""
MAX_DATA = 2**26
"""Bytes of a file of a feed that is kept packed, before it is packed and after."""


class StoreRefused(RegardError):
    """A store that cannot be used as it is: another kind of file, damaged, of another night, or in use."""


@dataclass(frozen=True, slots=True)
class LiveReturn:
    """One arrival and leaf: the figures of a bureau for a poll, or one edition of a file of a feed.

    Attributes:
        key: what it is of: ``76351/0001/1``, or the name of a file.
        second: of the evening, since midnight of the polling day.
        leaf: canonical bytes, as they are sealed.
        source: SHA-256 of what it was taken from, in hexadecimal digits.
        data: the bytes of a file, packed; empty for a bureau.
    """

    key: str
    second: int
    leaf: bytes
    source: str
    data: bytes = b""


@dataclass(frozen=True, slots=True)
class LiveFinding:
    """Something found while returns came in.

    Attributes:
        key: tells it from all others; it is kept once.
        size: how many returns there were when it was found.
        second: of the evening.
        severity: ``error``, ``warning`` or ``info``.
        place: where, by language.
        said: what, by language.
    """

    key: str
    size: int
    second: int
    severity: str
    place: Mapping[str, str]
    said: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class LiveSeal:
    """One sealed edition: the first ``size`` returns, and the root of the tree of their leaves.

    Attributes:
        second: of the evening.
        sealed: when it was sealed, as UTC.
        root: 32 bytes.
        note: the signed checkpoint; empty where none was signed.
    """

    size: int
    second: int
    sealed: str
    root: bytes
    note: str


def damaged(path: object, what: Text) -> StoreRefused:
    """Refuse a store with unreliable content."""
    return StoreRefused(
        msg("{path}: this store is damaged ({what}); keep it as it is and begin another one", path=path, what=what)
    )
