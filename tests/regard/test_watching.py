"""Looking again whenever a file changes, and no sooner."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from regard.cli import main
from regard.commands.checking.watching import watch
from tests.regard.test_verify_night import plain_environment
from tests.verify.night_builder import small_night

__all__ = ["plain_environment"]  # a fixture


class Over(Exception):
    """The end of a test."""


def looks(folder: Path, steps: list[str | None]) -> list[str]:
    """Texts of a file as seen by each look, one step a pause; None for no change."""
    seen: list[str] = []
    file = folder / "below" / "a.csv"
    file.parent.mkdir()
    file.write_text("first")
    waiting = iter(enumerate(steps))

    def pause(_: float) -> None:
        at, text = next(waiting, (0, "over"))
        if text == "over":
            raise Over
        if text is not None:
            file.write_text(text)
            os.utime(file, ns=(at, at))

    with pytest.raises(Over):
        watch([folder], lambda: seen.append(file.read_text()), pause)
    return seen


def test_it_looks_once_and_after_each_change(tmp_path: Path) -> None:
    assert looks(tmp_path, [None, "second", None, None, "third", None]) == ["first", "second", "third"]


def test_it_waits_until_a_file_is_written(tmp_path: Path) -> None:
    assert looks(tmp_path, ["hal", "half", "whole", None, None]) == ["first", "whole"]


def test_a_file_that_is_gone_is_a_change(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("")
    seen: list[int] = []

    def pause(_: float) -> None:
        if not (tmp_path / "a.csv").exists() and len(seen) > 1:
            raise Over
        (tmp_path / "a.csv").unlink(missing_ok=True)

    with pytest.raises(Over):
        watch([tmp_path], lambda: seen.append(1), pause)
    assert len(seen) == 2


def test_verify_watches_until_it_is_interrupted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = small_night().write(tmp_path / "night")
    pauses = []

    def pause(_: float) -> None:
        pauses.append(1)
        if len(pauses) == 1:
            (folder / "pv.csv").write_text("nothing")
        if len(pauses) == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr("regard.commands.checking.watching.watch.__defaults__", (pause,))
    code = main(["verify", str(folder), "--watch", "--quiet", "--lang", "en"])
    captured = capsys.readouterr()
    assert code == 130
    assert captured.err.count("Waiting for a change") == 2
    assert captured.out.count(" infos; ") == captured.out.count("\n") == 2
    assert "0 errors" in captured.out
    assert "1 error," in captured.out
