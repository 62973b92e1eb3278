"""The quick reader of clean files: where it reads a file at all, it reads what the careful one reads."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from protocol.errors import InputError
from protocol.files import csv_bytes
from protocol.night import CHOICES, RECORDS, SIGNATURES, UNIVERSE, VOTES, NightTable
from verify.loading import load
from verify.model.evidence import Sources
from verify.model.figures import BLANK
from verify.model.text_columns import Coded
from verify.read import arrow_csv, clean_sheet, sheet
from verify.read.counts import MAX_COUNT

CLEAN = b"insee,bureau,scrutin,inscrits,emargements\n01001,0001,1,598,498\n01002,0A11,1,0,\n"


def quick(data: bytes, table: NightTable) -> clean_sheet.CleanColumns | None:
    cells = clean_sheet.split(sheet._as_utf8(data), table)
    return None if cells is None else cells.read(sheet._CONVERT, MAX_COUNT)


def agree(data: bytes, table: NightTable) -> bool:
    """Whether the quick reader took the file; if so, it must have read what the careful one reads."""
    found = quick(data, table)
    if found is None:
        return False
    try:
        careful = sheet._with_care(data, table, "x")
    except InputError as error:
        raise AssertionError("the quick reader took what the careful one refuses") from error
    assert careful.problems == ()
    assert found.row.tolist() == careful.row.tolist()
    for ours, theirs in ((found.texts, careful.texts), (found.counts, careful.counts), (found.extra, careful.extra)):
        assert ours.keys() == theirs.keys()
        for name, values in ours.items():
            np.testing.assert_array_equal(values, theirs[name], name)
    return True


def test_a_clean_file_is_taken() -> None:
    assert agree(CLEAN, SIGNATURES)
    found = quick(CLEAN, SIGNATURES)
    assert found is not None
    assert found.counts["signatures"].tolist() == [498, BLANK]


@pytest.mark.parametrize(
    "change",
    [
        (b"598", b"+598"),
        (b"598", b" +5"),
        (b"598", b"-598"),
        (b"598", b"-0"),
        (b"598", b"598.5"),
        (b"598", b"5e2"),
        (b"598", b"1_000"),
        (b"598", b"0x10"),
        (b"598", b"0X1F"),
        (b"598", b"nan"),
        (b"598", b"268435456"),
        (b"598", b"999999999"),
        (b"598", "٥".encode()),
        (b"598", b"99999999999999999999999"),
        (b"498\n", b"498,1\n"),
        (b",498\n", b"\n"),
        (b"498\n", b'"498\n"\n'),
        (b"498\n", b"498\r"),
        (b"0,\n", b'0,"1\n'),
        (b"0,\n", b'0,"1'),
        (b"0001", b"\x00"),
        (b"0001", b'"0001'),
        (b"bureau", b"insee"),
        (b"bureau", b""),
        (b"bureau", b"poste"),
        (b"bureau", b'"bureau'),
        (b"\n01001", b"\n\xef\xbb\xbf01001"),
        (b"insee", b"\xef\xbb\xbf\xef\xbb\xbfinsee"),
        (b"0001", b"1" * (2 * arrow_csv._PART)),
        (b"598", b"0" * (2 * arrow_csv._PART) + b"1"),
    ],
)
def test_what_has_to_be_judged_is_left_to_the_careful_reader(change: tuple[bytes, bytes]) -> None:
    data = CLEAN.replace(*change, 1)
    assert data != CLEAN
    assert quick(data, SIGNATURES) is None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"598", b" 598"),
        (b"598", b"\t598\t"),
        (b"598", b"1 598"),
        (b"598", b"598.0"),
        (b"598", "1\u202f598".encode()),
        (b"598", b"  "),
        (b"598", b'""'),
        (b"598", b'"598"'),
        (b"598", b"0000000000598"),
        (b"598", b"268435455"),
        (b"0001", b" 0001 "),
        (b"0001", b"Ex 1"),
        (b"0001", b"0x1"),
        (b"0001", "\u00e9\u00a0".encode()),
        (b"0001", b"\xe9"),
        (b"0001", b"1" * 60_000),
        (b"01001", b'"01001"'),
        (b"0001", b'"a,b"'),
        (b"0001", b'"a""b"'),
        (b"0001", b'a"b'),
        (b"0001", b'"a"b"c"'),
        (b"1,0,\n", b"1,0,"),
        (b"498\n", b"498\r\n"),
        (b"498\n", b"498\n\n"),
        (b"498\n", b"498\n,,,,\n"),
        (b"498\n", b'498\n ,\t,"", ,\n'),
        (b"1,0,\n", b"1,0,\n,,,,\n\n,,,,\n"),
        (b"insee,bureau", b'\xef\xbb\xbf insee ,"bureau"'),
    ],
)
def test_what_it_takes_it_reads_as_the_careful_one(old: bytes, new: bytes) -> None:
    assert old in CLEAN
    assert agree(CLEAN.replace(old, new, 1), SIGNATURES)


@pytest.mark.parametrize(
    "header",
    [
        "insee,bureau,bureau,scrutin,inscrits,emargements",
        "insee,,bureau,scrutin,inscrits,emargements,",
        "numero,insee,bureau,numero,scrutin,inscrits,emargements,emargements",
    ],
)
def test_of_two_columns_of_one_name_both_take_the_first(header: str) -> None:
    names = header.split(",")
    rows = [[f"{at}{row}" for at in range(len(names))] for row in range(3)]
    assert agree(csv_bytes(names, rows), SIGNATURES)


@pytest.mark.parametrize("delimiter", [b";", b"\t"])
def test_other_delimiters_line_ends_and_encodings_are_as_quick(delimiter: bytes) -> None:
    data = CLEAN.replace(b",", delimiter).replace(b"\n", b"\r\n").replace(b"0A11", "Île".encode("cp1252"))
    assert agree(data, SIGNATURES)


CELLS = st.one_of(
    st.integers(0, 3000).map(str),
    st.sampled_from(
        ["", "0001", "08:00", "19h30", "24:15", "99:99", "machine", "1 234", " 7", "+1", " +5", "-1", "-0", "0x1F"]
    ),
    st.sampled_from(['"a,b"', '"a""b"', '"a\nb"', '"', '""', "é", "\ufeff", "\0", "\r", "\x1c", "\u2028", "\u00a0"]),
    st.text(st.characters(codec="utf-8"), max_size=6),
)
ENDS = st.sampled_from(["\n", "\r\n", "\n\n", "\r", "\n,,,,\n"])


@example(SIGNATURES, [["01001", "0001", "1", "598", "-0"]], ",", "\n", True)
@example(SIGNATURES, [["01001", "0001", "1", "598", " +5"]], ",", "\n", True)
@given(
    st.sampled_from([SIGNATURES, RECORDS, VOTES, CHOICES, UNIVERSE]),
    st.lists(st.lists(CELLS, min_size=13, max_size=13), min_size=1, max_size=4),
    st.sampled_from([",", ";", "\t"]),
    ENDS,
    st.booleans(),
)
def test_on_any_rows_both_readers_agree(
    table: NightTable, rows: list[list[str]], delimiter: str, end: str, ended: bool
) -> None:
    width = len(table.columns)
    lines = [delimiter.join(cells) for cells in (table.header, *(row[:width] for row in rows))]
    agree((end.join(lines) + end * ended).encode(), table)


@given(st.binary(max_size=60))
def test_on_any_bytes_both_readers_agree(data: bytes) -> None:
    agree(CLEAN + data, SIGNATURES)
    agree(CLEAN.replace(b",", b";") + data, SIGNATURES)


def test_what_stands_across_two_blocks_is_read_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """Arrow hands blocks of lines to its threads; rows of every length come to stand across their ends."""
    monkeypatch.setattr(arrow_csv, "_BLOCK", 2**19)
    rows = [["01001", "é" * (row % 61), "1", row, ""] for row in range(40_000)]
    rows[7] = ["01001", '"' * 400, "1", 7, 7]
    data = csv_bytes(SIGNATURES.header, rows)
    assert len(data) > 3 * arrow_csv._BLOCK
    assert agree(data, SIGNATURES)
    assert not agree(data.replace(b"39999,", b'"39999\n",'), SIGNATURES)


def test_a_line_that_is_blank_costs_no_more_than_a_byte() -> None:
    """Each would be a row of as many cells as the header has."""
    header = ",".join([*SIGNATURES.header, *(f"x{column}" for column in range(995))])
    assert quick(header.encode() + b"\n" + b"\n" * 34_000, SIGNATURES) is None


def test_a_list_with_few_and_long_seals_is_lined_up(tmp_path: Path) -> None:
    """Columns that are empty almost everywhere and long where they are not."""
    rows = [["01001", "Ambérieu", "01", "", f"{n:04}", "900", "papier", "08:00", "19:00", *[""] * 4] for n in range(60)]
    rows[7][9:] = ["NEDAP-0012345+NEDAP-0012346", "MODULE-0001+MODULE-0002", "sceau rouge 17", "sceau bleu 18 et 19"]
    path = tmp_path / UNIVERSE.file
    path.write_bytes(csv_bytes(UNIVERSE.header, rows))
    assert quick(path.read_bytes(), UNIVERSE) is not None
    universe = load(Sources(folder=tmp_path)).universe
    assert universe.sealing["machine"][7] == rows[7][9]
    assert universe.parts.tolist() == [0] * 7 + [2] + [0] * 52


@pytest.mark.check(6)
@pytest.mark.parametrize("column", ["insee", "observations"])
@pytest.mark.parametrize(("letters", "read"), [(200, True), (201, False)])
def test_a_text_that_would_be_cut_is_for_the_careful_reader(
    tmp_path: Path, column: str, letters: int, read: bool
) -> None:
    rows = [["01001", f"{n:04}", "1", *["7"] * 7, "", "", ""] for n in range(100_000)]
    rows[70][RECORDS.header.index(column)] = "é" * letters
    path = tmp_path / RECORDS.file
    path.write_bytes(csv_bytes(RECORDS.header, rows))
    assert (quick(path.read_bytes(), RECORDS) is not None) is read
    found = sheet.read_sheet(path, RECORDS)
    assert found.texts[column][70] == "é" * min(letters, 200)
    assert [problem.row for problem in found.problems] == ([] if read else [72])


def test_texts_are_known_by_their_different_cells() -> None:
    rows = [["01001", f"{n:04}", "1", *["7"] * 7, "", "", ["", "absent", " absent"][n % 3]] for n in range(9)]
    found = quick(csv_bytes(RECORDS.header, rows), RECORDS)
    assert found is not None
    assert found.texts.coded("observations").labels == ("", "absent")
    assert found.texts.coded("observations").codes.tolist() == [0, 1, 1] * 3
    assert found.texts.coded("bureau").labels[4] == found.texts["bureau"][4] == "0004"


@given(st.lists(st.sampled_from(["", "1", "2", "é", "Un écart.", " "]), min_size=1, max_size=40))
@example(["1"] * 40)
@example(["1", "2"] * 20)
@example([""] * 40)
@example(["Un écart.", *[""] * 38, "Absent"])
@example([*[""] * 39, "1"])
@example(["Un écart."] * 40)
def test_sparse_texts_are_known_as_others_are(cells: list[str]) -> None:
    data = "".join(f"{cell};{cell};7\n" for cell in cells).encode()
    kinds = (arrow_csv.ColumnKind.SPARSE, arrow_csv.ColumnKind.CODED, arrow_csv.ColumnKind.NUMBER)
    found = arrow_csv.split(data, len(data), 0, ";", kinds)
    columns = None if found is None else found.columns(MAX_COUNT)
    assert columns is not None
    sparse, coded, _ = columns
    assert isinstance(sparse, Coded)
    assert isinstance(coded, Coded)
    assert (sparse.labels, sparse.codes.tolist()) == (coded.labels, coded.codes.tolist())
    assert [sparse.labels[code] for code in sparse.codes.tolist()] == cells


def test_counts_that_the_careful_reader_refuses_are_named(tmp_path: Path) -> None:
    """They were taken for 0 and 5 where the rest of the file was clean."""
    path = tmp_path / SIGNATURES.file
    path.write_bytes(CLEAN.replace(b"598,498", b"-0, +5"))
    found = sheet.read_sheet(path, SIGNATURES)
    assert [(problem.row, problem.column, str(problem.got)) for problem in found.problems] == [
        (2, "inscrits", "“-0”"),
        (2, "emargements", "“ +5”"),
    ]


def test_without_pyarrow_every_file_is_read_with_care(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / SIGNATURES.file
    path.write_bytes(CLEAN)
    both = [sheet.read_sheet(path, SIGNATURES)]
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert quick(CLEAN, SIGNATURES) is None
    both.append(sheet.read_sheet(path, SIGNATURES))
    assert both[0].counts["signatures"].tolist() == both[1].counts["signatures"].tolist() == [498, BLANK]
