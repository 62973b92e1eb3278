"""The editions of a sealed folder: what was sealed when, from which inputs. Not in the tree, and not signed."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from protocol.sealing.seal_error import DIGEST, SealError, canonical_json
from protocol.words import msg

MAX_EDITIONS = 2**26
"""Bytes of the editions of a folder."""
MAX_EDITION_NAME = 80
_KEYS = {"edition", "inputs", "line", "sealed", "size"}


@dataclass(frozen=True, slots=True)
class SealedInput:
    """A file that leaves were made from: its name, and the SHA-256 of its bytes."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class SealedEdition:
    """A sealed edition of results.

    Attributes:
        name: night, provisional, definitive, or another one.
        size: leaves of the log after it.
        sealed: when, in UTC to the second.
        inputs: what it was made from.
    """

    name: str
    size: int
    sealed: datetime.datetime
    inputs: tuple[SealedInput, ...] = ()

    @property
    def line(self) -> bytes:
        """Its line, without the end: canonical JSON, with the SHA-256 of the same without that digest."""
        values = {
            "edition": self.name,
            "inputs": [{"name": each.name, "sha256": each.sha256} for each in self.inputs],
            "sealed": self.sealed.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "size": self.size,
        }
        return canonical_json(values | {"line": _digest(values)}).encode()


def check_edition_name(name: str) -> None:
    """Make sure that an edition can have a name.

    Raises:
        SealError: it is empty, too long, or has characters that cannot be shown.
    """
    if not name.strip() or len(name) > MAX_EDITION_NAME or not name.isprintable():
        raise SealError(msg("an edition has a name of up to {limit} characters", limit=MAX_EDITION_NAME))


def editions_bytes(editions: Iterable[SealedEdition]) -> bytes:
    """Editions as they stand in a file, one a line."""
    return b"".join(each.line + b"\n" for each in editions)


def parse_editions(data: bytes) -> tuple[SealedEdition, ...]:
    """Editions, one a line, the earliest first.

    Raises:
        SealError: a line is none, or was changed; the sentence says which.
    """
    *lines, rest = data.split(b"\n")
    found = [_edition(line) for line in lines]
    for row, edition in enumerate(found, 1):
        if edition is None or edition.line != lines[row - 1]:
            raise SealError(msg("line {row} is no edition, or was changed", row=row))
    if rest:
        raise SealError(msg("line {row} is no edition, or was changed", row=len(lines) + 1))
    return tuple(each for each in found if each is not None)


def _edition(line: bytes) -> SealedEdition | None:
    try:
        values = json.loads(line.decode())
        if type(values) is not dict or values.keys() != _KEYS or type(values["size"]) is not int:
            return None
        sealed = datetime.datetime.strptime(values["sealed"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=datetime.UTC)
        inputs = tuple(SealedInput(each["name"], each["sha256"]) for each in values["inputs"])
        if not all(DIGEST.fullmatch(each.sha256) for each in inputs):
            return None
        return SealedEdition(values["edition"], values["size"], sealed, inputs)
    except (ValueError, TypeError, KeyError, RecursionError):
        return None


def _digest(values: dict[str, Any]) -> str:
    """The SHA-256 of an edition: it shows damage, and no more than that, since anybody can compute it."""
    return sha256(canonical_json(values).encode("utf-8", "surrogatepass")).hexdigest()
