"""Writing files: the old content or the new, never a part; and what is never written over."""

import csv
import errno
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from protocol import files
from protocol.files import Output, csv_bytes, open_growing, write
from protocol.output_refusals import OutputRefused, check_distinct, check_folder, check_new, check_output, make_folder
from regard.language import show
from tests.sources import ROOT


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


def test_a_disk_that_gives_back_other_bytes_replaces_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "night.csv"
    write(path, b"old")
    monkeypatch.setattr(files, "hash_stored", lambda file: "0" * 64)
    with pytest.raises(OSError, match="other bytes"):
        write(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_name_as_long_as_names_may_be(tmp_path: Path) -> None:
    path = tmp_path / ("é" * 127)
    write(path, b"x")
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("name", ["none/x", "x\0y", "x" * 5000, "", "file/x"])
def test_a_place_where_nothing_can_be_written_is_said(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputRefused) as refused:
        write(tmp_path / name if name else Path(name), b"")
    assert show("fr", refused.value.message) != str(refused.value)


def test_what_is_no_regular_file_is_refused_and_stays(tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_bytes(b"evidence")
    (tmp_path / "link").symlink_to("target")
    (tmp_path / "nowhere").symlink_to("nothing")
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as there:
        there.bind(str(tmp_path / "socket"))
        before = {path.name: path.lstat().st_mode for path in tmp_path.iterdir()}
        for name, said in (
            ("link", "a link"),
            ("nowhere", "a link"),
            ("folder", "a folder"),
            ("pipe", "a pipe"),
            ("socket", "a socket"),
        ):
            with pytest.raises(OutputRefused, match=said):
                write(tmp_path / name, b"new")
            with pytest.raises(OutputRefused, match=said):
                open_growing(tmp_path / name)
        assert {path.name: path.lstat().st_mode for path in tmp_path.iterdir()} == before
    with pytest.raises(OutputRefused, match="a device"):
        write(Path(os.devnull), b"new")
    assert target.read_bytes() == b"evidence"


def test_what_is_read_is_never_written(tmp_path: Path) -> None:
    night = tmp_path / "night"
    (night / "exports").mkdir(parents=True)
    given, inside = tmp_path / "pv.csv", night / "exports" / "a.esf"
    given.write_bytes(b"evidence")
    inside.write_bytes(b"evidence")
    os.link(given, tmp_path / "second name")
    (tmp_path / "other way").symlink_to(night)
    read = [given, night, tmp_path / "absent"]
    for path in (given, tmp_path / "second name", inside, tmp_path / "other way" / "exports" / "a.esf"):
        for force in (False, True):
            with pytest.raises(OutputRefused):
                write(path, b"new", read, force=force)
    for path in (night / "new.json", night / "exports" / "new.json", tmp_path / "other way" / "new.json"):
        with pytest.raises(OutputRefused, match="--force"):
            write(path, b"new", read)
    write(night / "new.json", b"new", read, force=True)
    write(tmp_path / "beside.json", b"new", read)
    assert given.read_bytes() == inside.read_bytes() == b"evidence"
    assert sorted(os.listdir(night)) == ["exports", "new.json"]  # noqa: PTH208


@pytest.mark.parametrize("path", [Path(), Path(".."), Path("a") / ".."])
def test_what_names_no_file_is_refused(path: Path, tmp_path: Path) -> None:
    with pytest.raises(OutputRefused, match="not the name of a file"):
        check_output(tmp_path / path if path.parts else path)


def test_a_folder_that_holds_what_is_read_is_not_written(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "night")
    check_folder(tmp_path / "night", [tmp_path / "published.csv", tmp_path / "night.csv", tmp_path])
    for folder in (tmp_path, tmp_path / "night", tmp_path / "link"):
        with pytest.raises(OutputRefused, match="the folder that is to be written"):
            check_folder(folder, [tmp_path / "published.csv", tmp_path / "night" / "publie.txt"])


def test_two_outputs_are_two_files(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path)
    check_distinct({"--json": tmp_path / "a", "--csv": tmp_path / "b"})
    with pytest.raises(OutputRefused, match="--json and --csv name the same file"):
        check_distinct({"--json": tmp_path / "a", "--csv": tmp_path / "link" / "a"})
    with pytest.raises(OutputRefused, match="--csv: give the name of a file"):
        check_distinct({"--json": tmp_path / "a", "--csv": Path()})


def test_what_becomes_evidence_while_we_work_is_not_replaced(tmp_path: Path) -> None:
    with Output(tmp_path / "a.json", [tmp_path / "a.json"]) as output:
        (tmp_path / "a.json").write_bytes(b"evidence")
        with pytest.raises(OutputRefused, match="files that are read"):
            output.write(b"new")
    assert (tmp_path / "a.json").read_bytes() == b"evidence"
    assert os.listdir(tmp_path) == ["a.json"]  # noqa: PTH208


def test_the_second_writer_is_refused_at_once(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    with Output(path) as first:
        with pytest.raises(OutputRefused, match="being written by another process"):
            Output(path)
        first.write(b"first")
    write(path, b"second")
    assert path.read_bytes() == b"second"
    with open_growing(tmp_path / "trace") as growing:
        growing.write(b"one")
        for fresh in (False, True):
            with pytest.raises(OutputRefused, match="being written"):
                open_growing(tmp_path / "trace", fresh=fresh)
    with open_growing(tmp_path / "trace") as growing:
        growing.write(b"two")
    assert (tmp_path / "trace").read_bytes() == b"onetwo"
    open_growing(tmp_path / "trace", fresh=True).close()
    assert (tmp_path / "trace").read_bytes() == b""


def test_what_a_dead_process_left_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    program = (
        "import os, sys; from pathlib import Path; from protocol.files import Output;"
        "output = Output(Path(sys.argv[1])); output.file.write(b'half'); output.file.flush(); os._exit(9)"
    )
    subprocess.run([sys.executable, "-c", program, str(path)], cwd=ROOT, check=False)
    assert not path.exists()
    assert len(list(tmp_path.iterdir())) == 1
    write(path, b"whole")
    assert path.read_bytes() == b"whole"
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_in_the_place_of_the_hidden_file_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "target").write_bytes(b"evidence")
    (tmp_path / ".a.json.regard").symlink_to("target")
    with pytest.raises(OutputRefused, match="a link"):
        write(tmp_path / "a.json", b"new")
    assert (tmp_path / "target").read_bytes() == b"evidence"


def test_a_growing_file_with_a_second_name_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "evidence").write_bytes(b"evidence")
    os.link(tmp_path / "evidence", tmp_path / "trace")
    with pytest.raises(OutputRefused, match="second name"):
        open_growing(tmp_path / "trace")
    assert (tmp_path / "evidence").read_bytes() == b"evidence"


def test_where_a_program_keeps_the_file_the_new_one_has_another_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "findings.csv"
    path.write_bytes(b"open in a spreadsheet")
    (tmp_path / "findings-2.csv").write_bytes(b"of last time")

    def in_use(*_: object) -> None:
        raise PermissionError(13, "in use")

    monkeypatch.setattr(Path, "replace", in_use)
    with pytest.raises(OutputRefused, match=r"findings-3\.csv"):
        write(path, b"new")
    monkeypatch.undo()
    found = {each.name: each.read_bytes() for each in tmp_path.iterdir()}
    assert found == {
        "findings.csv": b"open in a spreadsheet",
        "findings-2.csv": b"of last time",
        "findings-3.csv": b"new",
    }


def test_streamed_files_take_their_place_when_whole(tmp_path: Path) -> None:
    path = tmp_path / "a"
    with Output(path) as output:
        output.file.write(b"one")
        assert not path.exists()
        output.publish()
    with pytest.raises(ZeroDivisionError), Output(path) as output:
        output.file.write(b"%d" % (1 // 0))
    assert path.read_bytes() == b"one"
    assert list(tmp_path.iterdir()) == [path]


def test_csv_keeps_every_text_and_tells_blank_from_zero() -> None:
    rows = [("0001", 0, None), ('a"b', "x,y", "line\nend"), ("é", " ", "x\r")]
    data = csv_bytes(("bureau", "blancs", "nuls"), rows)
    assert data.startswith(b"bureau,blancs,nuls\n0001,0,\n")
    text = data.decode("utf-8")
    assert list(csv.reader(text.splitlines(keepends=True)))[1:] == [
        ["0001", "0", ""],
        ['a"b', "x,y", "line\nend"],
        ["é", " ", "x\r"],
    ]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "＝"])
def test_csv_puts_a_space_before_what_would_be_a_formula(start: str) -> None:
    data = csv_bytes((f"{start}1",), [(f"{start}cmd|' /C calc'!A0", -5, "a=b")]).decode()
    header, row = csv.reader(data.splitlines(keepends=True))
    assert header == [f" {start}1"]
    assert row == [f" {start}cmd|' /C calc'!A0", "-5", "a=b"]


def _find_no_room(*_: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_files_that_belong_together_are_all_there_or_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    both = {tmp_path / "a": b"first", tmp_path / "b": b"second"}
    for failing in ("hash_stored", "publish_file"):
        real = getattr(files, failing)

        calls = iter((real, _find_no_room))

        with monkeypatch.context() as patch:
            patch.setattr(files, failing, lambda *given, calls=calls: next(calls)(*given))
            with pytest.raises(OSError, match="No space") as raised:
                files.write_new(both, check_new)
        assert raised.value.filename == str(tmp_path / "b")
        assert list(tmp_path.iterdir()) == []
    files.write_new(both, check_new, private=[tmp_path / "a"])
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == both
    with pytest.raises(OutputRefused, match="b is there already"):
        files.write_new({tmp_path / "c": b"", tmp_path / "b": b""}, check_new)
    assert not (tmp_path / "c").exists()


def test_a_folder_appears_when_it_is_whole(tmp_path: Path) -> None:
    place = tmp_path / "new" / "folder"
    (tmp_path / "new").mkdir()
    left = tmp_path / "new" / ".folder.regard"  # of a process that was killed
    (left / "half").mkdir(parents=True)
    (left / "link").symlink_to(tmp_path)

    def fail() -> None:
        with files.new_folder(place) as begun:
            assert [each.name for each in begun.iterdir()] == [".lock"]
            (begun / "a").write_bytes(b"")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert list(place.parent.iterdir()) == []
    with files.new_folder(place) as begun:
        (begun / "a").write_bytes(b"")
        assert not place.exists()
        with pytest.raises(OutputRefused, match="another process"), files.new_folder(place):
            pass
    assert [each.name for each in place.iterdir()] == ["a"]
    with pytest.raises(OutputRefused, match="is there already"), files.new_folder(place):
        pass


def test_a_folder_to_write_into_is_no_link(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "target")
    (tmp_path / "file").write_bytes(b"")
    for name, said in (("link", "is a link"), ("file", "is a file"), ("file/x", "cannot be made")):
        with pytest.raises(OutputRefused, match=said):
            make_folder(tmp_path / name)
    make_folder(tmp_path / "a" / "b")
    make_folder(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").is_dir()
    assert not (tmp_path / "target").exists()
