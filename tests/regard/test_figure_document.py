"""Documents that follow a figure or a case through the code: functions are called in order, and files are there."""

import re
import sys
from pathlib import Path
from types import FrameType

import pytest

from tests.regard.calling import CommandLine

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "docs" / "guide"
SAID = {
    "figure.md": "the PV says 655 twice, the sign-in list 652",
    "engine.md": "certain: bureau 0002: votes found, 626 in the PV, should read 662",
}
EACH = pytest.mark.parametrize("name", SAID)


@EACH
def test_each_step_is_taken_in_order(name: str, tmp_path: Path, cli: CommandLine) -> None:
    document = (GUIDE / name).read_text(encoding="utf-8")
    for file, text in re.findall(r"^`(\w+\.csv)`[^\n]*\n\n```csv\n(.*?)```", document, re.MULTILINE | re.DOTALL):
        (tmp_path / file).write_text(text, encoding="utf-8")
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
    steps = re.findall(r"^\| \w+ \| `(\S+\.py)` `(\S+)` \|", document, re.MULTILINE)
    places = [called.get(step, -1) for step in steps]
    assert len(places) > 15
    assert -1 not in places, [step for step in steps if step not in called]
    assert places == sorted(places)
    assert SAID[name] in " ".join(cli.out.split())


@EACH
def test_each_file_that_is_named_is_there(name: str) -> None:
    document = (GUIDE / name).read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:protocol|verify|regard)/[\w./]+)`", document))
    assert len(named) > 20
    assert [path for path in named if not (ROOT / path).exists()] == []
