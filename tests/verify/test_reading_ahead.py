"""Two tables are read side by side, and what is said of each is what reading them one by one says."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from protocol.opening import OpenedFile, take_digests
from tests.verify.night_builder import small_night
from verify.loading import load, tables
from verify.model.evidence import LinedEvidence, Sources
from verify.read.ahead import Ahead


def described(evidence: LinedEvidence) -> tuple[object, ...]:
    tables = {"pv": evidence.records, "emargements": evidence.signatures}
    figures = {
        (kind, name): each.values.tolist()
        for kind, table in tables.items()
        if table is not None
        for name, each in table.figures.items()
    }
    problems = [(p.file, p.row, p.column, str(p.expected), str(p.got)) for p in evidence.problems]
    return figures, problems, evidence.inputs, [str(failure) for failure in evidence.failures]


def change_nothing(folder: Path) -> None:
    """A night as it should be."""


def leave_quotes_open(folder: Path) -> None:
    path = folder / "pv.csv"
    path.write_bytes(path.read_bytes().replace(b"\n", b'\n"', 2))


def make_a_folder(folder: Path) -> None:
    (folder / "pv.csv").unlink()
    (folder / "pv.csv").mkdir()


def lead_out(folder: Path) -> None:
    (folder / "pv.csv").rename(folder.parent / "pv.csv")
    (folder / "pv.csv").symlink_to(folder.parent / "pv.csv")


@pytest.mark.parametrize("change", [change_nothing, leave_quotes_open, make_a_folder, lead_out])
def test_all_is_said_as_if_they_had_been_read_one_by_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: Callable[[Path], None]
) -> None:
    small_night().write(tmp_path / "night")
    change(tmp_path / "night")
    monkeypatch.setattr(tables, "_WORTH_IT", 0)
    taken: list[bool] = []
    take = Ahead.take

    def noted(self: Ahead[object]) -> object:
        found = take(self)
        taken.append(found is not None)
        return found

    monkeypatch.setattr(Ahead, "take", noted)
    together = described(load(Sources(folder=tmp_path / "night")))
    assert taken[1] == (change in (change_nothing, leave_quotes_open))
    monkeypatch.setattr(Ahead, "take", lambda self: None)
    assert described(load(Sources(folder=tmp_path / "night"))) == together


def test_digests_are_taken_when_both_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    night = small_night().write(tmp_path / "night")
    monkeypatch.setattr(tables, "_WORTH_IT", 0)
    seen: list[str] = []
    take = Ahead.take

    def noted(self: Ahead[object]) -> object:
        seen.append("taken")
        return take(self)

    def begun(files: Sequence[OpenedFile]) -> None:
        seen.extend(file.path.name for file in files)
        take_digests(files)

    monkeypatch.setattr(Ahead, "take", noted)
    monkeypatch.setattr(tables, "take_digests", begun)
    evidence = load(Sources(signatures=(night / "emargements.csv",), records=(night / "pv.csv",)))
    assert seen == ["taken", "emargements.csv", "pv.csv"]
    found = {Path(each.path).name: each.sha256 for each in evidence.inputs}
    assert found == {name: hashlib.sha256((night / name).read_bytes()).hexdigest() for name in found}


def test_a_large_table_and_one_without_a_thread_take_their_turn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_night().write(tmp_path / "night")
    whole = described(load(Sources(folder=tmp_path / "night")))
    monkeypatch.setattr(tables, "_SMALL", 10)
    assert described(load(Sources(folder=tmp_path / "night"))) == whole

    def refuse(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(tables, "_SMALL", 2**24)
    monkeypatch.setattr(threading.Thread, "start", refuse)
    assert described(load(Sources(folder=tmp_path / "night"))) == whole
