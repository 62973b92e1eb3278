"""The document that follows a figure through the code: its functions are called, in its order; its files are there."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

from tests.regard.calling import CommandLine

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs" / "guide" / "figure.md").read_text(encoding="utf-8")


def steps() -> Iterator[tuple[str, str]]:
    """File and function of each step."""
    yield from re.findall(r"^\| \w+ \| `(\S+\.py)` `(\S+)` \|", DOCUMENT, re.MULTILINE)


def test_each_step_is_taken_in_order(tmp_path: Path, cli: CommandLine) -> None:
    for name, text in re.findall(r"^`(\w+\.csv)`[^\n]*\n\n```csv\n(.*?)```", DOCUMENT, re.MULTILINE | re.DOTALL):
        (tmp_path / name).write_text(text, encoding="utf-8")
    called: dict[tuple[str, str], int] = {}

    def note(frame: FrameType, event: str, _: object) -> None:
        if event == "call":
            code = frame.f_code
            called.setdefault((code.co_filename.removeprefix(f"{ROOT}/"), code.co_qualname), len(called))

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        cli("verify", tmp_path, code=None)
    finally:
        sys.setprofile(before)
    places = [called.get(step, -1) for step in steps()]
    assert len(places) > 15
    assert -1 not in places, [step for step in steps() if step not in called]
    assert places == sorted(places)
    assert "the PV says 655 twice, the sign-in list 652" in cli.out


def test_each_file_that_is_named_is_there() -> None:
    named = set(re.findall(r"`((?:protocol|verify|regard)/[\w./]+)`", DOCUMENT))
    assert len(named) > 20
    assert [path for path in named if not (ROOT / path).exists()] == []
