"""A short run of the fuzzing of folders; and an audit that looks outside, or is silent, is found out."""

import sys
from pathlib import Path

import pytest

from protocol import opening
from tests.fuzz import folders
from tests.fuzz._guided import Effort
from verify.loading.opened import OpenedNight

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no pipes and no links without rights")


@pytest.mark.check(2)
def test_whatever_stands_in_a_folder() -> None:
    said: list[str] = []
    assert folders.run(Effort(25), 5, said.append) == 0, said
    assert all(kind in said[-1] for kind in folders.KINDS), said


def test_the_harness_sees_links_that_are_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "_within", lambda path, _: Path(path).resolve(strict=True))
    monkeypatch.setattr(opening, "_NO_LINK", 0)
    said: list[str] = []
    assert folders.run(Effort(25), 5, said.append) > 0
    assert any("outside" in line for line in said)


def test_the_harness_sees_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(OpenedNight, "unusable", lambda *_: None)
    said: list[str] = []
    assert folders.run(Effort(25), 5, said.append) > 0
    assert any("is not named" in line for line in said)
