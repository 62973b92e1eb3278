"""The pictures of the README: made anew they are those in the source tree, small, and need nothing else."""

import re
import sys
from pathlib import Path

import pytest

from protocol.words import languages
from tests.programs import run
from tests.sources import ROOT

PICTURES = ROOT / "docs" / "pictures"
NAMES = sorted(path.name for path in PICTURES.iterdir())


@pytest.mark.check(10)
def test_they_are_current(tmp_path: Path) -> None:
    run([sys.executable, "-m", "regard.pictures", tmp_path], cwd=ROOT)
    made = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    stale = [name for name, data in made.items() if data != (PICTURES / name).read_bytes()]
    assert stale == [], "`make pictures` makes them anew"
    assert sorted(made) == NAMES
    assert len(NAMES) == 3 * len(languages())


@pytest.mark.parametrize("name", NAMES)
def test_they_are_small_and_need_nothing_else(name: str) -> None:
    data = (PICTURES / name).read_bytes()
    assert len(data) <= 160_000
    if name.endswith(".svg"):
        text = data.decode().replace('xmlns="http://www.w3.org/2000/svg"', "")
        assert not re.search(r"https?:|@import|@font-face|url\((?!#)|<script|<image", text)
