"""Generated documents are current, and written anew by one command; those that follow a figure name what is there."""

import re
import sys
from pathlib import Path
from types import FrameType

import pytest

from regard import docs
from tests.regard.calling import CommandLine
from tests.sources import ROOT, put_text


def test_the_committed_documents_are_current() -> None:
    assert docs.stale() == {}, "run `make docs`"


def test_writing_makes_current_what_was_missing_or_changed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "reference"
    folder.mkdir()
    assert docs.main(["--check"], folder) == 1
    named = capsys.readouterr().err
    assert all(name in named for name in docs.documents())
    assert list(folder.iterdir()) == []
    assert docs.main([], folder) == 0
    assert docs.main(["--check"], folder) == 0
    put_text(folder / "format.md", "edited by hand")
    capsys.readouterr()
    assert docs.main(["--check"], folder) == 1
    assert capsys.readouterr().err.count("not current") == 1
    assert docs.main([], folder) == 0
    assert docs.stale(folder) == {}


def test_without_a_source_tree_there_is_nothing_to_write(tmp_path: Path) -> None:
    assert docs.main([], tmp_path / "none") == 2


@pytest.mark.parametrize("document", docs.documents())
def test_a_document_names_nothing_of_the_machine_it_was_made_on(document: str) -> None:
    text = docs.documents()[document]()
    assert text.endswith("\n")
    assert "/home/" not in text
    assert "/tmp/" not in text  # noqa: S108


def test_the_formats_say_in_their_first_lines_that_they_are_a_model() -> None:
    for document in ("format.md", "esf.h"):
        assert "model" in docs.documents()[document]()[:300]


GUIDE = ROOT / "docs" / "guide"
SAID = {
    "figure.md": "the PV has 655 signatures and 655 votes found, the sign-in list 652",
    "engine.md": "certain: bureau 0002: votes found, 626 in the PV, should read 662",
}
EACH = pytest.mark.parametrize("name", SAID)


@EACH
def test_each_step_is_taken_in_order(name: str, tmp_path: Path, cli: CommandLine) -> None:
    document = (GUIDE / name).read_text("utf-8")
    for file, text in re.findall(r"^`(\w+\.csv)`[^\n]*\n\n```csv\n(.*?)```", document, re.MULTILINE | re.DOTALL):
        put_text(tmp_path / file, text)
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
    document = (GUIDE / name).read_text("utf-8")
    named = set(re.findall(r"`((?:protocol|verify|regard)/[\w./]+)`", document))
    assert len(named) > 20
    assert [path for path in named if not (ROOT / path).exists()] == []
