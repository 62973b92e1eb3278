"""Files of exports as they come: whole, batched, cut, spliced, foreign, or not files at all."""

import hashlib
import itertools
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from protocol.export import reading
from protocol.export.reading import read
from protocol.export.record import DTYPE, RecordVerdict
from protocol.export.scan import Kind
from tests.protocol.export.records import FROZEN, changed, checked, frozen
from tests.sources import new_file

ONE, TWO, THREE = (frozen(name) for name in FROZEN)
MAGIC = ONE[:8]


def of(data: bytes) -> reading.ExportReading:
    """The reading of one file with these bytes."""
    return read([new_file("batch.esf", data)])


def problems(found: reading.ExportReading) -> list[tuple[Kind, int, int, int]]:
    return [(problem.kind, problem.offset, problem.bytes, problem.times) for problem in found.problems]


def test_one_record() -> None:
    path = new_file("batch.esf", ONE)
    found = read([path])
    assert problems(found) == []
    assert found.verdict.tolist() == [RecordVerdict.OK]
    assert found.columns["bureau"].tolist() == [b"0004"]
    assert found.columns["cast"].tolist() == [801]
    assert (found.stored_crc == found.computed_crc).all()
    assert found.files == (reading.ExportFile(path, 576, hashlib.sha256(ONE).hexdigest()),)


def test_a_folder_in_the_order_of_its_names(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "c.esf").write_bytes(THREE + ONE)
    (tmp_path / "a.esf").write_bytes(ONE)
    (tmp_path / "b" / "a.esf").write_bytes(TWO)
    (tmp_path / ".DS_Store").write_bytes(b"left out")
    found = read([tmp_path])
    assert [file.path.relative_to(tmp_path).as_posix() for file in found.files] == ["a.esf", "b/a.esf", "c.esf"]
    assert found.file.tolist() == [0, 1, 2, 2]
    assert found.offset.tolist() == [0, 0, 0, 576]
    assert found.columns["poll"].tolist() == [1, 2, 5, 1]


def test_no_files_and_an_empty_folder_are_no_records(tmp_path: Path) -> None:
    for found in (read([]), read([tmp_path])):
        assert (len(found.columns), found.files, found.problems) == (0, (), ())


def test_progress_is_told_now_and_then(tmp_path: Path) -> None:
    for number in range(1030):
        (tmp_path / f"{number:04}.esf").touch()
    told: list[int] = []
    read([tmp_path], told.append)
    assert told == [512, 1024]


def test_many_small_files_and_one_batch_are_the_same_records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_FLUSH", 3000)  # in several groups
    parts = [changed(ONE, "registered", number) for number in range(40)]
    parts[7] = checked(parts[7][:144] + b"\x09" + parts[7][145:])
    parts[33] = parts[33][:572] + bytes(4)
    (tmp_path / "each").mkdir()
    for number, part in enumerate(parts):
        (tmp_path / "each" / f"{number:02}.esf").write_bytes(part)
    (tmp_path / "all.esf").write_bytes(b"".join(parts))
    each, batch = read([tmp_path / "each"]), read([tmp_path / "all.esf"])
    assert (each.columns == batch.columns).all()  # field by field: what lies between fields is nobody's
    assert each.verdict.tolist() == batch.verdict.tolist()
    assert each.verdict.nonzero()[0].tolist() == [7, 33]
    for found in (each, batch):
        assert {index: str(error) for index, error in found.reasons.items()} == {
            7: "round at byte 144: expected 1 to 2, got 9"
        }


@pytest.mark.parametrize(
    ("place", "verdict"),
    [
        (8, RecordVerdict.VERSION),
        (11, RecordVerdict.LENGTH),
        (144, RecordVerdict.CHECKSUM),
        (572, RecordVerdict.CHECKSUM),
    ],
)
def test_a_damaged_record_in_a_batch_keeps_its_neighbours(place: int, verdict: RecordVerdict) -> None:
    data = bytearray(ONE + TWO + THREE)
    data[576 + place] ^= 0x80
    found = of(bytes(data))
    assert found.verdict.tolist() == [RecordVerdict.OK, verdict, RecordVerdict.OK]
    assert problems(found) == []


def test_a_record_whose_magic_is_damaged_is_passed_over() -> None:
    found = of(ONE + b"?" + TWO[1:] + THREE)
    assert found.offset.tolist() == [0, 1152]
    assert problems(found) == [(Kind.LOST_STEP, 576, 576, 1)]
    assert str(found.problems[0].expected) == MAGIC.hex(" ")
    assert str(found.problems[0].got) == "3f 45 53 46 0d 0a 1a 0a"


def test_a_batch_that_lost_its_step_is_resumed_at_the_next_magic() -> None:
    found = of(ONE + b"noise" + TWO + b"more" + THREE)
    assert found.offset.tolist() == [0, 581, 1161]
    assert found.verdict.tolist() == [RecordVerdict.OK] * 3
    assert problems(found) == [(Kind.LOST_STEP, 576, 9, 2)]


@pytest.mark.parametrize("length", [8, 9, 12, 300, 575])
def test_a_record_cut_in_a_batch_costs_only_itself(length: int) -> None:
    found = of(ONE + TWO[:length] + THREE)
    assert found.offset.tolist() == [0, 576 + length]
    assert found.verdict.tolist() == [RecordVerdict.OK] * 2
    assert problems(found) == [(Kind.CUT_SHORT, 576 + length, length, 1)]


@pytest.mark.parametrize("length", [1, 7])
def test_a_few_bytes_of_a_magic_at_the_end_are_bytes_after_the_end(length: int) -> None:
    found = of(ONE + TWO[:length])
    assert problems(found) == [(Kind.TRAILING, 576, length, 1)]


def test_every_cut_of_a_file_is_a_problem() -> None:
    data = ONE + TWO
    for length in range(len(data)):
        found = of(data[:length])
        assert len(found.columns) == length // 576
        assert (problems(found) == []) == (length == 576)
        if length % 576:
            kind = found.problems[0].kind
            cut = Kind.CUT_SHORT if length % 576 >= 8 else Kind.TRAILING if length > 8 else Kind.NOT_AN_EXPORT
            assert kind is cut


def test_what_is_not_an_export() -> None:
    picture = b"\x89PNG\r\n\x1a\n" + bytes(5000)
    found = of(picture)
    assert problems(found) == [(Kind.NOT_AN_EXPORT, 0, len(picture), 1)]
    assert str(found.problems[0].got) == "89 50 4e 47 0d 0a 1a 0a"


def test_an_empty_file() -> None:
    assert problems(of(b"")) == [(Kind.CUT_SHORT, 0, 0, 1)]


def test_a_text_transfer_is_seen_in_the_first_bytes() -> None:
    """Line ends rewritten, or the high bit stripped, as transfers in text mode do."""
    for spoiled in (ONE.replace(b"\r\n", b"\n"), ONE.replace(b"\n", b"\r\n"), bytes(byte & 0x7F for byte in ONE)):
        assert [kind for kind, *_ in problems(of(spoiled))] == [Kind.NOT_AN_EXPORT]


def test_a_record_of_another_version_alone_keeps_its_verdict() -> None:
    future = changed(ONE, "format_version", 2)
    found = of(future)
    assert found.verdict.tolist() == [RecordVerdict.VERSION]
    assert found.reasons[0].field == "format_version"
    assert of(b"?" + future + ONE).verdict.tolist() == [RecordVerdict.VERSION, RecordVerdict.OK]


def test_records_of_another_version_and_length_are_passed_over() -> None:
    future = changed(ONE, "format_version", 258) + b"grown"
    found = of(ONE + future + TWO + future)
    assert found.offset.tolist() == [0, 576 + 581]
    assert found.verdict.tolist() == [RecordVerdict.OK] * 2
    assert problems(found) == [(Kind.UNKNOWN_VERSION, 576, 2 * 581, 2)]
    assert (str(found.problems[0].expected), str(found.problems[0].got)) == ("version 1", "version 258")


def test_a_whole_record_may_hold_the_magic_inside() -> None:
    """Its digest, or a hostile text, may be any bytes."""
    inside = changed(ONE, "module_digest", MAGIC, 5)
    found = of(b"?" + inside + TWO)
    assert found.offset.tolist() == [1, 577]
    assert found.verdict.tolist() == [RecordVerdict.OK] * 2


def test_a_file_that_is_all_magic_ends() -> None:
    data = MAGIC * 200_000
    found = of(data)
    assert len(found.columns) == 0
    assert sum(problem.bytes for problem in found.problems) == len(data)
    assert {problem.kind for problem in found.problems} <= {Kind.CUT_SHORT, Kind.LOST_STEP, Kind.UNKNOWN_VERSION}


@pytest.mark.parametrize("excess", [0, 1])
def test_the_largest_file(monkeypatch: pytest.MonkeyPatch, excess: int) -> None:
    monkeypatch.setattr(reading, "MAX_FILE", len(ONE) - excess)
    assert [kind for kind, *_ in problems(of(ONE))] == [Kind.TOO_LARGE] * excess


def test_a_folder_with_all_kinds_of_things(tmp_path: Path) -> None:
    """What is refused is named, and the rest is read; `test_opening` has each refusal."""
    with (tmp_path / "a huge.esf").open("wb") as file:
        file.truncate(10 * 2**30)
    (tmp_path / "b above").symlink_to(".", target_is_directory=True)
    (tmp_path / "c nowhere.esf").symlink_to("none")
    os.mkfifo(tmp_path / "d pipe.esf")
    (tmp_path / "good.esf").write_bytes(ONE)
    (tmp_path / "same.esf").symlink_to("good.esf")
    found = read([tmp_path, tmp_path / "none.esf"])
    assert [(problem.kind, str(problem.got)) for problem in found.problems] == [
        (Kind.TOO_LARGE, "10737418240 bytes"),
        (Kind.UNREADABLE, "a link to a folder"),
        (Kind.UNREADABLE, "a link that leads nowhere"),
        (Kind.UNREADABLE, "a pipe"),
        (Kind.UNREADABLE, "nothing"),
    ]
    assert {problem.times for problem in found.problems} == {1}
    assert found.files[0].sha256 is None
    assert found.verdict.tolist() == [RecordVerdict.OK] * 2


def test_a_folder_that_may_not_be_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "closed").mkdir()
    (tmp_path / "one.esf").write_bytes(ONE)
    true = os.scandir

    def refuse(path: Path) -> object:
        if path.name == "closed":
            raise PermissionError(13, "Permission denied")
        return true(path)

    monkeypatch.setattr(os, "scandir", refuse)
    found = read([tmp_path])
    assert [str(problem.got) for problem in found.problems] == ["a folder that cannot be listed"]
    assert found.verdict.tolist() == [RecordVerdict.OK]


def test_deep_folders(tmp_path: Path) -> None:
    """Deeper than Python's own stack."""
    depth, home = 1500, Path.cwd()
    os.chdir(tmp_path)
    try:
        for _ in range(depth):
            Path("d").mkdir()
            os.chdir("d")
        Path("deep.esf").write_bytes(ONE)
        os.chdir(tmp_path)
        found = read([tmp_path])
        for _ in range(depth):
            os.chdir("d")
        Path("deep.esf").unlink()
        for _ in range(depth):  # whoever clears up after the tests may not go so deep
            os.chdir("..")
            Path("d").rmdir()
    finally:
        os.chdir(home)
    assert len(found.files) == 1
    assert len(found.columns) + len(found.problems) == 1


@pytest.mark.skipif(os.name == "nt", reason="names are Unicode there")
def test_names_of_odd_bytes(tmp_path: Path) -> None:
    names = [b"\xff\xfe.esf", b"a\nb.esf", b"-rf.esf", "é\u202e.esf".encode(), b" .esf", b"%s{0}.esf"]
    for name in names:
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).write_bytes(ONE)
    found = read([tmp_path])
    assert sorted(os.fsencode(file.path.name) for file in found.files) == sorted(names)
    assert found.verdict.tolist() == [RecordVerdict.OK] * len(names)


def test_names_and_texts_inside_a_record_reach_no_path(tmp_path: Path) -> None:
    """Only given files are opened, whatever the bytes name."""
    secret = tmp_path / "secret"
    secret.write_bytes(TWO)
    hostile = changed(changed(ONE, "bureau", b"../secr"), "insee", b"/etc/x")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "one.esf").write_bytes(hostile)
    found = read([tmp_path / "in"])
    assert [file.path for file in found.files] == [tmp_path / "in" / "one.esf"]
    assert found.columns["bureau"].tolist() == [b"../secr"]


def test_a_reason_for_each_of_the_first_hundred_odd_records() -> None:
    found = of(changed(ONE, "poll", 0) * 150)
    assert sorted(found.reasons) == list(range(100))
    assert found.verdict.tolist() == [RecordVerdict.VALUE] * 150


PIECES = st.lists(
    st.one_of(
        st.sampled_from([ONE, TWO, THREE, MAGIC, b"", b"\0" * 576]),
        st.binary(max_size=40),
        st.tuples(st.sampled_from([ONE, TWO]), st.integers(0, 575)).map(lambda cut: cut[0][: cut[1]]),
        st.tuples(st.sampled_from([ONE, TWO]), st.integers(0, 575)).map(lambda cut: cut[0][cut[1] :]),
        st.tuples(st.sampled_from([ONE, TWO]), st.integers(0, 575), st.integers(1, 255)).map(
            lambda flip: flip[0][: flip[1]] + bytes([flip[0][flip[1]] ^ flip[2]]) + flip[0][flip[1] + 1 :]
        ),
    ),
    max_size=7,
).map(b"".join)


@given(PIECES)
@example(ONE[:8] + ONE)
@example(ONE + ONE[:8])
def test_any_splice_is_read_and_every_byte_is_accounted_for(data: bytes) -> None:
    found = of(data)
    spans = [(at, at + 576) for at in found.offset.tolist()]
    assert all(end <= start for (_, end), (start, _) in itertools.pairwise(spans))
    assert all(
        data[at : at + 8] == MAGIC or found.verdict[index] == RecordVerdict.MAGIC for index, (at, _) in enumerate(spans)
    )
    assert 576 * len(spans) + sum(problem.bytes for problem in found.problems) == len(data)
    for index, (start, end) in enumerate(spans):
        raw = np.frombuffer(data[start:end], DTYPE)[0]
        assert found.stored_crc[index] == raw["crc32"]
