"""Writing files: the old content or the new, never a part."""

import csv
import os
from pathlib import Path

import pytest

from protocol.files import csv_bytes, write


def test_a_file_is_written_and_replaced(tmp_path: Path) -> None:
    path = tmp_path / "night.csv"
    for data in (b"first\n", b"", b"\0\xff\r\n"):
        write(path, data)
        assert path.read_bytes() == data
        assert os.listdir(tmp_path) == ["night.csv"]  # noqa: PTH208


def test_what_fails_leaves_the_old_file_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "night.csv"
    write(path, b"old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write(tmp_path / "none" / "x", b"")


def test_a_link_is_replaced_and_what_it_points_to_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "target").write_bytes(b"evidence")
    (tmp_path / "link").symlink_to("target")
    write(tmp_path / "link", b"new")
    assert (tmp_path / "target").read_bytes() == b"evidence"
    assert not (tmp_path / "link").is_symlink()


def test_csv_keeps_every_text_and_tells_blank_from_zero() -> None:
    rows = [("0001", 0, None), ('a"b', "x,y", "line\nend"), ("é", " ", "\r")]
    data = csv_bytes(("bureau", "blancs", "nuls"), rows)
    assert data.startswith(b"bureau,blancs,nuls\n0001,0,\n")
    text = data.decode("utf-8")
    assert list(csv.reader(text.splitlines(keepends=True)))[1:] == [
        ["0001", "0", ""],
        ['a"b', "x,y", "line\nend"],
        ["é", " ", "\r"],
    ]
