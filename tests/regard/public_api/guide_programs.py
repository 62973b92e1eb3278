"""Programs in the guides: blocks of Python whose first line is the name of their file."""

import re
import runpy
import sys
from pathlib import Path

import pytest

from tests.sources import DOCS, put_text

GUIDES = DOCS / "guide"
PROGRAMS = re.compile(r"^```python\n(# (\w+\.py)\n.*?)^```$", re.MULTILINE | re.DOTALL)


def programs() -> dict[str, str]:
    """The text of each, by its name."""
    return {name: text for guide in GUIDES.glob("*.md") for text, name in PROGRAMS.findall(guide.read_text("utf-8"))}


def run_program(name: str, *arguments: object) -> None:
    """Run one in the current folder, in this process."""
    path = Path(name)
    put_text(path, programs()[name])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", [name, *map(str, arguments)])
        runpy.run_path(name, run_name="__main__")
