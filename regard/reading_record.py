"""The record of a reading: what stands in ``FILE.json`` beside the image that was read."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from protocol.link import LinkCounts
    from regard.partial_read import PartialRead

READING_FORMAT = "regard module reading, version 1"


def record_of(partial: PartialRead, output: Path, sections: Mapping[str, str]) -> dict[str, Any]:
    """What is known of the reading, for ``FILE.json``."""
    from importlib.metadata import version

    state = partial.state
    return {
        "format": READING_FORMAT,
        "note": "line and image are a model, not the vendor's",
        "regard": version("regard"),
        "file": output.name,
        "bytes": state.image_length,
        "sha256": state.sha256,
        "module_serial": state.module_serial,
        "machine_serial": state.machine_serial,
        "unit": state.unit,
        "passes": 2 if state.compared == state.image_length else 1,
        "retries": sum(int(session.get("repeated", 0)) for session in state.sessions),
        "sections": dict(sections),
        "sessions": [dict(session) for session in state.sessions],
    }


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
    import numpy as np

    from protocol.module import DTYPE, IMAGE_SIZE, MAGIC, Section
    from protocol.module_checks import FAILS, GOOD, UNSEALED, check

    if len(image) != IMAGE_SIZE or not image.startswith(MAGIC):
        return {}
    texts = {GOOD: "good", FAILS: "fails", UNSEALED: "unsealed"}
    verdicts = check(np.frombuffer(image, DTYPE)).sections[0]
    return {section.name.lower(): texts[int(verdicts[section])] for section in Section}
