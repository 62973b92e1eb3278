"""The record of a reading: what stands in ``FILE.json`` beside the image that was read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from protocol.errors import InputError
from protocol.opening import open_evidence
from protocol.own_files import RECORD_FORMAT
from protocol.structured import parse_json
from protocol.urn.checks import FAILS, GOOD, UNSEALED, check
from protocol.urn.image import DTYPE, IMAGE_SIZE, MAGIC, Section

if TYPE_CHECKING:
    from protocol.line.link import LinkCounts
    from regard.reading.partial_read import PartialRead

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
