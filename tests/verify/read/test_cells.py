"""Cells of a table: Arrow and the standard library split a text into the same columns, with the same problems."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from protocol.errors import InputError
from protocol.files import csv_bytes
from protocol.night import CHOICES, RECORDS, SIGNATURES, UNIVERSE, VOTES, NightTable
from protocol.opening import OpenedFile
from tests.verify.night_builder import loaded
from verify.model.figures import BLANK, MISSING
from verify.read import cells, sheet
from verify.read.sheet import Sheet, parse_sheet

CLEAN = b"insee,bureau,scrutin,inscrits,emargements\n01001,0001,1,598,498\n01002,0A11,1,0,\n"


def parsed(data: bytes, table: NightTable, *, by_arrow: bool = True) -> tuple[Sheet | str, bool]:
    """The content of a file or the reason why it is refused, and whether Arrow split it."""
    taken: list[bool] = []

    def split(*arguments: object) -> object:
        found = cells.split(*arguments) if by_arrow else None  # type: ignore[arg-type]
        taken.append(found is not None)
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sheet, "split", split)
        try:
            found: Sheet | str = parse_sheet(OpenedFile(Path("x"), data), table)
        except InputError as error:
            found = str(error)
    return found, taken == [True]


def agree(data: bytes, table: NightTable) -> bool:
    """Check that Arrow splits a file, with the same cells as ours."""
    (one, by_arrow), (other, _) = parsed(data, table), parsed(data, table, by_arrow=False)
    if isinstance(one, str) or isinstance(other, str):
        assert one == other
        return False
    assert list(map(str, one.problems)) == list(map(str, other.problems))
    assert one.row.tolist() == other.row.tolist()
    for ours, theirs in ((one.texts, other.texts), (one.counts, other.counts), (one.extra, other.extra)):
        assert ours.keys() == theirs.keys()
        for name, values in ours.items():
            np.testing.assert_array_equal(values, theirs[name], name)
    return by_arrow


def test_a_regular_text_is_split_by_arrow() -> None:
    for old, new in (
        *((b"598", new) for new in (b" 598", b"\t598\t", b"1 598", b"598.0", "1\u202f598".encode(), b"  ", b'""')),
        *((b"598", new) for new in (b'"598"', b"0000000000598", b"268435455", b"268435456", b"999999999")),
        *((b"598", new) for new in (b"+598", b" +5", b"-598", b"-0", b"598.5", b"5e2", b"1_000", b"0x10", b"0X1F")),
        *((b"598", new) for new in (b"nan", b"99999999999999999999999", "٥".encode(), "٥٩".encode())),
        *((b"0001", new) for new in (b" 0001 ", b"Ex 1", b"0x1", "\u00e9\u00a0".encode(), b"\xe9", b"1" * 60_000)),
        *((b"0001", new) for new in (b'"a,b"', b'"a""b"', b'a"b', b'"a"b"c"')),
        (b"01001", b'"01001"'),
        (b"1,0,\n", b"1,0,"),
        (b"498\n", b"498\r\n"),
        (b"498\n", b"498\n\n"),
        (b"498\n", b"498\n,,,,\n"),
        (b"498\n", b'498\n ,\t,"", ,\n'),
        (b"1,0,\n", b"1,0,\n,,,,\n\n,,,,\n"),
        (b"insee,bureau", b'\xef\xbb\xbf insee ,"bureau"'),
    ):
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
def test_of_two_columns_of_one_name_the_first_is_taken(header: str) -> None:
    names = header.split(",")
    data = csv_bytes(names, [[f"{at}{row}" for at in range(len(names))] for row in range(3)])
    assert agree(data, SIGNATURES)
    found, _ = parsed(data, SIGNATURES)
    assert isinstance(found, Sheet)
    assert found.texts["bureau"][2] == f"{names.index('bureau')}2"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"498\n", b"498,1\n"),
        (b",498\n", b"\n"),
        (b"498\n", b'"498\n"\n'),
        (b"498\n", b"498\r"),
        (b"0,\n", b'0,"1\n'),
        (b"0,\n", b'0,"1'),
        (b"0001", b"\x00"),
        (b"0001", b'"0001'),
        (b"bureau", b""),
        (b"bureau", b"poste"),
        (b"bureau", b'"bureau'),
        (b"\n01001", b"\n\xef\xbb\xbf01001"),
        (b"insee", b"\xef\xbb\xbf\xef\xbb\xbfinsee"),
        (b"0001", b"1" * (2 * cells._PART)),
        (b"598", b"0" * (2 * cells._PART) + b"1"),
    ],
)
def test_what_arrow_would_split_otherwise_is_split_by_the_standard_library(old: bytes, new: bytes) -> None:
    assert old in CLEAN
    assert not agree(CLEAN.replace(old, new, 1), SIGNATURES)


@pytest.mark.parametrize("delimiter", [b";", b"\t"])
@pytest.mark.parametrize("codec", ["cp1252", "utf-8-sig", "utf-16"])
def test_delimiters_line_ends_and_encodings_are_alike(delimiter: bytes, codec: str) -> None:
    text = CLEAN.replace(b",", delimiter).replace(b"\n", b"\r\n").decode().replace("0A11", "Île")
    assert agree(text.encode(codec), SIGNATURES)
    found, _ = parsed(text.encode(codec), SIGNATURES)
    assert isinstance(found, Sheet)
    assert found.texts["bureau"].tolist() == ["0001", "Île"]
    assert found.counts["signatures"].tolist() == [498, BLANK]


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
def test_any_rows_are_the_same_whoever_splits_them(
    table: NightTable, rows: list[list[str]], delimiter: str, end: str, ended: bool
) -> None:
    width = len(table.columns)
    lines = [delimiter.join(cells) for cells in (table.header, *(row[:width] for row in rows))]
    agree((end.join(lines) + end * ended).encode(), table)


@given(st.binary(max_size=60))
def test_any_bytes_are_the_same_whoever_splits_them(data: bytes) -> None:
    agree(CLEAN + data, SIGNATURES)
    agree(CLEAN.replace(b",", b";") + data, SIGNATURES)


def test_what_stands_across_two_blocks_is_read_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """Arrow hands blocks of lines to its threads; rows of every length come to stand across their ends."""
    monkeypatch.setattr(cells, "_BLOCK", 2**19)
    rows = [["01001", "é" * (row % 61), "1", row, ""] for row in range(40_000)]
    rows[7] = ["01001", '"' * 400, "1", 7, 7]
    data = csv_bytes(SIGNATURES.header, rows)
    assert len(data) > 3 * cells._BLOCK
    assert agree(data, SIGNATURES)
    assert not agree(data.replace(b"39999,", b'"39999\n",'), SIGNATURES)


def test_a_line_that_is_blank_costs_no_more_than_a_byte() -> None:
    """Each would be a row of as many cells as the header has."""
    header = ",".join([*SIGNATURES.header, *(f"x{column}" for column in range(995))])
    assert not parsed(header.encode() + b"\n" + b"\n" * 34_000, SIGNATURES)[1]


def test_a_list_with_few_and_long_seals_is_lined_up(tmp_path: Path) -> None:
    """Columns that are empty almost everywhere and long where they are not."""
    rows = [["01001", "Ambérieu", "01", "", f"{n:04}", "900", "papier", "08:00", "19:00", *[""] * 4] for n in range(60)]
    rows[7][9:] = ["NEDAP-0012345+NEDAP-0012346", "MODULE-0001+MODULE-0002", "sceau rouge 17", "sceau bleu 18 et 19"]
    (tmp_path / UNIVERSE.file).write_bytes(csv_bytes(UNIVERSE.header, rows))
    universe = loaded(tmp_path).universe
    assert universe.sealing["machine"][7] == rows[7][9]
    assert universe.parts.tolist() == [0] * 7 + [2] + [0] * 52


@pytest.mark.check(6)
@pytest.mark.parametrize("column", ["insee", "observations"])
@pytest.mark.parametrize(("letters", "cut"), [(200, []), (201, [72])])
def test_a_long_text_is_cut_and_named(column: str, letters: int, cut: list[int]) -> None:
    rows = [["01001", f"{n:04}", "1", *["7"] * 7, "", "", ""] for n in range(100_000)]
    rows[70][RECORDS.header.index(column)] = "é" * letters
    found, by_arrow = parsed(csv_bytes(RECORDS.header, rows), RECORDS)
    assert by_arrow
    assert isinstance(found, Sheet)
    assert found.texts[column][70] == "é" * min(letters, 200)
    assert [problem.row for problem in found.problems] == cut


def test_texts_are_known_by_their_different_cells() -> None:
    rows = [["01001", f"{n:04}", "1", *["7"] * 7, "", "", ["", "absent", " absent"][n % 3]] for n in range(9)]
    found, by_arrow = parsed(csv_bytes(RECORDS.header, rows), RECORDS)
    assert by_arrow
    assert isinstance(found, Sheet)
    assert found.coded("observations").labels == ("", "absent")
    assert found.coded("observations").codes.tolist() == [0, 1, 1] * 3
    assert found.coded("bureau").labels[4] == found.texts["bureau"][4] == "0004"


TEXTS = st.sampled_from(["", "1", "2", "12", "é", "Un écart.", " ", "12345678", "123456789"])


@given(st.lists(TEXTS, min_size=1, max_size=40))
@example(["1"] * 40)
@example(["1", "2"] * 20)
@example([""] * 40)
@example(["Un écart.", *[""] * 38, "Absent"])
@example(["Un écart."] * 40)
def test_a_column_is_the_same_however_it_was_split(texts: list[str]) -> None:
    data = "".join(f"{text};{text}\n" for text in texts).encode()
    columns = cells.split(data, len(data), 0, ";", 2)
    assert columns is not None
    for found in (*columns, cells.code_cells(texts)):
        assert len(set(found.labels)) == len(found.labels)
        assert found.texts() == texts
        assert found.marks(str.strip).tolist() == [bool(text.strip()) for text in texts]
        some = np.arange(0, len(texts), 3)
        assert found.take(some).texts() == texts[::3]


def test_counts_that_are_none_are_named() -> None:
    """They were taken for 0 and 5 where the rest of the file was clean."""
    found, by_arrow = parsed(CLEAN.replace(b"598,498", b"-0, +5"), SIGNATURES)
    assert by_arrow
    assert isinstance(found, Sheet)
    assert [(problem.row, problem.column, str(problem.got)) for problem in found.problems] == [
        (2, "inscrits", "“-0”"),
        (2, "emargements", "“ +5”"),
    ]


def test_a_column_that_is_not_there_is_missing() -> None:
    found, _ = parsed(b"insee,bureau,scrutin,signataires,emargements\n01001,0001,1,2,3\n", RECORDS)
    assert isinstance(found, str)
    header = [name for name in RECORDS.header if name != "procurations"]
    found, _ = parsed(csv_bytes([*header, "x"], [["1"] * len(RECORDS.header)]), RECORDS)
    assert isinstance(found, Sheet)
    assert found.counts["proxies"].tolist() == [MISSING]
    assert found.extra["x"].tolist() == ["1"]
