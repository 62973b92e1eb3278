"""Real files that some tests read, which are not part of the repository."""

import os
from pathlib import Path

import pytest

REAL_DATA = Path(os.environ.get("REGARD_DATA") or Path(__file__).resolve().parents[2] / "shared" / "data")
"""The folder that they are in."""


def needed(path: Path) -> Path:
    """The file or folder; the test is skipped where there is none.

    Raises:
        Failed: `REGARD_DATA` names no folder.
    """
    if path.exists():
        return path
    if path == REAL_DATA and os.environ.get("REGARD_DATA"):
        pytest.fail(f"REGARD_DATA names no folder: {path}")
    pytest.skip(f"{path} is absent: CONTRIBUTING.md, Real results, says where it comes from and where it is looked for")
