"""The quick reader of clean files: where it reads a file at all, it reads what the careful one reads."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.errors import InputError
from protocol.files import csv_bytes
from protocol.night import CHOICES, RECORDS, SIGNATURES, UNIVERSE, VOTES, Table
from verify import quick_sheet, sheet
from verify.evidence import Sources
from verify.figures import BLANK
from verify.loading import load

CLEAN = b"insee,bureau,scrutin,inscrits,emargements\n01001,0001,1,598,498\n01002,0A11,1,0,\n"


def quick(path: Path, data: bytes, table: Table) -> quick_sheet.Columns | None:
    path.write_bytes(data)
    return quick_sheet.read(path, data, table, sheet._CONVERT, sheet.MAX_COUNT)


def agree(path: Path, data: bytes, table: Table) -> bool:
    """Whether the quick reader took the file; if so, it must have read what the careful one reads."""
    found = quick(path, data, table)
    if found is None:
        return False
    careful = sheet._with_care(data, table, "x", "")
    assert careful.problems == ()
    assert careful.row.tolist() == list(range(2, found.rows + 2))
    for ours, theirs in ((found.texts, careful.texts), (found.counts, careful.counts), (found.extra, careful.extra)):
        assert ours.keys() == theirs.keys()
        for name, values in ours.items():
            np.testing.assert_array_equal(values, theirs[name])
    return True


def test_a_clean_file_is_taken(tmp_path: Path) -> None:
    assert agree(tmp_path / "x.csv", CLEAN, SIGNATURES)
    found = quick(tmp_path / "x.csv", CLEAN, SIGNATURES)
    assert found is not None
    assert found.counts["emargements"].tolist() == [498, BLANK]


@pytest.mark.parametrize(
    "change",
    [
        (b"598", b"+598"),
        (b"598", b"-598"),
        (b"598", b"598.0"),
        (b"598", b"5e2"),
        (b"598", b"1_000"),
        (b"598", b"0x10"),
        (b"598", b"nan"),
        (b"598", b"999999999"),
        (b"598", "٥".encode()),
        (b"598", b"99999999999999999999999"),
        (b"498\n", b"498,1\n"),
        (b",498\n", b"\n"),
        (b"498\n", b"498\r\n"),
        (b"498\n", b"498\n\n"),
        (b"498\n", b"498\n,,,,\n"),
        (b"498\n", b'"498\n"\n'),
        (b"0001", b"\x00"),
        (b"0001", b"\xe9"),
        (b"0001", b'"0001'),
        (b"bureau", b"insee"),
        (b"bureau", b""),
        (b"bureau", b"poste"),
        (b",", b";"),
        (b"insee", b"\xef\xbb\xbfinsee"),
    ],
)
def test_what_has_to_be_judged_is_left_to_the_careful_reader(tmp_path: Path, change: tuple[bytes, bytes]) -> None:
    data = CLEAN.replace(*change) if change[0] == b"," else CLEAN.replace(*change, 1)
    assert data != CLEAN
    assert quick(tmp_path / "x.csv", data, SIGNATURES) is None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"598", b" 598"),
        (b"598", b"1 598"),
        (b"598", b"0000000000598"),
        (b"0001", b" 0001 "),
        (b"0001", "\u00e9\u00a0".encode()),
        (b"01001", b'"01001"'),
        (b"0001", b'"a,b"'),
        (b"0001", b'"a""b"'),
        (b"0001", b'a"b'),
        (b",498\n01002,0A11,1,0,\n", b",498\n01002,0A11,1,0,"),
    ],
)
def test_what_it_takes_it_reads_as_the_careful_one(tmp_path: Path, old: bytes, new: bytes) -> None:
    assert old in CLEAN
    agree(tmp_path / "x.csv", CLEAN.replace(old, new, 1), SIGNATURES)


CELLS = st.one_of(
    st.integers(0, 3000).map(str),
    st.sampled_from(
        ["", "0001", "08:00", "19h30", "24:15", "99:99", "machine", "1 234", " 7", "+1", "-1", '"a,b"', "é"]
    ),
    st.text(st.characters(codec="utf-8", exclude_characters="\n\r"), max_size=6),
)


@given(st.data(), st.sampled_from([SIGNATURES, RECORDS, VOTES, CHOICES, UNIVERSE]))
def test_on_any_rows_both_readers_agree(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, table: Table
) -> None:
    width = len(table.columns)
    rows = data.draw(st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1, max_size=4))
    text = "\n".join([",".join(table.header), *map(",".join, rows)]) + data.draw(st.sampled_from(["", "\n"]))
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(text.encode())
    found = quick_sheet.read(path, text.encode(), table, sheet._CONVERT, sheet.MAX_COUNT)
    if found is None:
        return
    try:
        careful = sheet._with_care(text.encode(), table, "x", "")
    except InputError as error:
        raise AssertionError("the quick reader took what the careful one refuses") from error
    assert careful.row.tolist() == list(range(2, found.rows + 2))
    for ours, theirs in ((found.texts, careful.texts), (found.counts, careful.counts)):
        for name, values in ours.items():
            np.testing.assert_array_equal(values, theirs[name], name)
    assert careful.problems == ()


def test_a_list_with_few_and_long_seals_is_lined_up(tmp_path: Path) -> None:
    """Columns that are empty almost everywhere and long where they are not."""
    rows = [["01001", "Ambérieu", "01", "", f"{n:04}", "900", "papier", "08:00", "19:00", *[""] * 4] for n in range(60)]
    rows[7][9:] = ["NEDAP-0012345+NEDAP-0012346", "MODULE-0001+MODULE-0002", "sceau rouge 17", "sceau bleu 18 et 19"]
    path = tmp_path / UNIVERSE.file
    path.write_bytes(csv_bytes(UNIVERSE.header, rows))
    assert quick(path, path.read_bytes(), UNIVERSE) is not None
    universe = load(Sources(folder=tmp_path)).universe
    assert universe.sealing["machine"][7] == rows[7][9]
    assert universe.parts.tolist() == [0] * 7 + [2] + [0] * 52


@pytest.mark.parametrize(("letters", "read"), [(200, True), (201, False)])
def test_a_remark_that_would_be_cut_is_for_the_careful_reader(tmp_path: Path, letters: int, read: bool) -> None:
    rows = [["01001", f"{n:04}", "1", *["7"] * 7, "", "", ""] for n in range(100_000)]
    rows[70][-1] = "é" * letters
    path = tmp_path / RECORDS.file
    path.write_bytes(csv_bytes(RECORDS.header, rows))
    assert (quick(path, path.read_bytes(), RECORDS) is not None) is read
    found = sheet.read_sheet(path, RECORDS)
    assert found.texts["observations"][70] == "é" * min(letters, 200)
    assert [problem.row for problem in found.problems] == ([] if read else [72])


def test_a_line_that_is_far_too_long_is_for_the_careful_reader(tmp_path: Path) -> None:
    """Whatever room it would take: an array is as wide as its longest line."""
    row = b"01001,0001,1,598,498,498,0,0,498,7,08:00,19:00,%b\n"
    head = ",".join(RECORDS.header).encode() + b"\n"
    for length, taken in ((100, True), (2 * quick_sheet._BLOCK, False)):
        data = head + row % (b"x" * length)
        assert (quick(tmp_path / "x.csv", data, RECORDS) is not None) is taken
