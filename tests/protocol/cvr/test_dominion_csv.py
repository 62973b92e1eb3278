"""Dominion's exports as CSV: headings, cells, what a blank says, and ranks."""

import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from protocol.cvr import csv_export, csv_rows
from protocol.cvr.csv_rows import cells, value
from protocol.dumps.tallies import ChoiceKind
from tests.protocol.cvr.made import DOMINION, PLANTED, UNCHECKED, read, said, votes
from tests.sources import new_folder

FIRST = ("CvrNumber", "TabulatorNum", "BatchId", "RecordId", "ImprintedId", "NotCountingGroup", "PrecinctPortion")
HEAD = (
    ("Town 2024", "5.2.13.9", *[""] * 9),
    (*[""] * 7, *["Mayor (Vote For=1)"] * 2, *["Council\n(Vote For=2)"] * 2),
    (*[""] * 7, "Ada", "Write-in", "Bo  Z", "Cy, Jr"),
    (*FIRST, "GRN", "", "", "LBR"),
)
ROWS = (
    ("1", "1", "0", "", ""),
    ("1", "0", "1", "", ""),
    ("2", "0", "0", "1", "1"),
    ("2", "1", "1", "1", "0"),
    ("2", "", "", "0", "0"),
)
"""Batch and marks of some cards."""
EXPECTED = {
    ("3/1/P-1 (1)", "Mayor", "Ada", "choice"): 1,
    ("3/1/P-1 (1)", "Mayor", "Write-in", "choice"): 1,
    ("3/1/P-1 (1)", "Mayor", "", "undervote"): 0,
    ("3/1/P-1 (1)", "Mayor", "", "overvote"): 0,
    ("3/2/P-1 (1)", "Mayor", "Ada", "choice"): 0,
    ("3/2/P-1 (1)", "Mayor", "Write-in", "choice"): 0,
    ("3/2/P-1 (1)", "Mayor", "", "undervote"): 1,
    ("3/2/P-1 (1)", "Mayor", "", "overvote"): 1,
    ("3/2/P-1 (1)", "Council", "Bo  Z", "choice"): 2,
    ("3/2/P-1 (1)", "Council", "Cy, Jr", "choice"): 1,
    ("3/2/P-1 (1)", "Council", "", "undervote"): 3,
    ("3/2/P-1 (1)", "Council", "", "overvote"): 0,
}


def cards(rows: Sequence[Sequence[str]] = ROWS) -> Iterator[list[str]]:
    for number, (batch, *marks) in enumerate(rows, 1):
        yield ["1", "3", batch, f"{number}", f"{PLANTED[1]}-{number}", PLANTED[2], "P-1 (1)", *marks]


def table(style: str, head: Sequence[Sequence[str]] = HEAD, rows: Sequence[Sequence[str]] = ROWS) -> bytes:
    """The file in one of the ways in which it is written."""
    quoted = [[f'"{cell}"' for cell in row] for row in head]
    if style == "spreadsheet":
        body = [[f'="{cell}"' if at < 7 else cell for at, cell in enumerate(row)] for row in cards(rows)]
    elif style == "twice quoted":
        body = [[f'"=""{cell}"""' if at < 7 else f'"{cell}"' for at, cell in enumerate(row)] for row in cards(rows)]
    elif style == "all":
        body = [[f'="{cell}"' if cell else '""' for cell in row] for row in cards(rows)]
    else:
        body = list(cards(rows))
    end = "\n" if style == "plain" else "\r\n"
    return end.join(",".join(row) for row in itertools.chain(quoted, body)).encode()


def counted(data: bytes) -> dict[tuple[str, str, str, str], int]:
    tmp_path = new_folder()
    (tmp_path / "cvr.csv").write_bytes(data)
    reading = read(tmp_path / "cvr.csv")
    assert reading.problems == ()
    return votes(reading.tallies)


@pytest.mark.parametrize("style", ["plain", "spreadsheet", "twice quoted", "all"])
def test_every_way_of_writing_says_the_same(style: str) -> None:
    assert DOMINION.recognise(table(style)[:4096], "x")
    assert counted(table(style)) == EXPECTED
    assert counted(b"\xef\xbb\xbf" + table(style) + b"\n\n") == EXPECTED


def test_blocks_and_groups_of_rows_do_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    for block, batch in ((1, 1), (7, 2), (64, 3)):
        monkeypatch.setattr(csv_rows, "BLOCK", block)
        monkeypatch.setattr(csv_export, "BATCH", batch)
        assert counted(table("spreadsheet")) == EXPECTED


def test_headings(tmp_path: Path) -> None:
    (tmp_path / "cvr.csv").write_bytes(table("plain"))
    reading = read(tmp_path / "cvr.csv")
    assert [(each.name, each.vote_for) for each in reading.tallies.contests] == [("Mayor", 1), ("Council", 2)]
    assert [(each.name, each.party, each.kind) for each in reading.tallies.choices] == [
        ("Ada", "GRN", ChoiceKind.NAMED),
        ("Write-in", "", ChoiceKind.WRITE_IN),
        ("Bo  Z", "", ChoiceKind.NAMED),
        ("Cy, Jr", "LBR", ChoiceKind.NAMED),
    ]
    assert [str(text) for _, text in reading.facts] == ["Town 2024", "5.2.13.9"]
    (file,) = reading.files
    assert (str(file.taken_for), str(file.note)) == ("cards of ballots, one by one", "5 cards")


def test_a_comma_or_a_line_break_in_a_spreadsheets_text() -> None:
    data = table("spreadsheet").replace(b'="P-1 (1)"', b'="P, ""1""\n(1)"')
    found = counted(data)
    assert {unit for unit, *_ in found} == {'3/1/P, "1" (1)', '3/2/P, "1" (1)'}
    assert list(found.values()) == list(EXPECTED.values())


def test_ranks_are_columns_of_their_own() -> None:
    heading = "Judge (Number of positions=1, Number of ranks=2)"
    head = (
        ("Town", "5.10.1.2", *[""] * 9),
        (*[""] * 7, *[heading] * 4),
        (*[""] * 7, "Ada(1)", "Bo(1)", "Ada(2)", "Bo(2)"),
        (*FIRST, *[""] * 4),
    )
    rows = (("1", "1", "0", "0", "1"), ("1", "1", "1", "0", "0"), ("1", "0", "0", "1", "0"), ("1", "0", "0", "0", "0"))
    found = counted(table("plain", head, rows))
    assert {key[1:]: number for key, number in found.items()} == {
        ("Judge", "Ada", "choice"): 1,
        ("Judge", "Bo", "choice"): 0,
        ("Judge", "", "undervote"): 1,
        ("Judge", "", "overvote"): 1,
    }


def test_two_choices_of_one_name_are_two(tmp_path: Path) -> None:
    head = (HEAD[0], HEAD[1], (*[""] * 7, "Ada", "Ada", "Bo", "Bo"), HEAD[3])
    (tmp_path / "cvr.csv").write_bytes(table("plain", head))
    assert len(read(tmp_path / "cvr.csv").tallies.choices) == 4


@pytest.mark.parametrize(
    ("cell", "said_of_it"),
    [(b"x", "no small whole number"), (b"-1", "no small whole number"), (b"1.5", "no small"), (b"9" * 40, "no small")],
)
def test_a_mark_that_is_no_number(tmp_path: Path, cell: bytes, said_of_it: str) -> None:
    rows = table("plain").splitlines(keepends=True)
    rows[-1] = rows[-1].replace(b",0,0", b"," + cell + b",0")
    (tmp_path / "cvr.csv").write_bytes(b"".join(rows))
    reading = read(tmp_path / "cvr.csv")
    assert said_of_it in str(reading.problems[0].got)
    assert votes(reading.tallies)["3/2/P-1 (1)", "Council", "", "undervote"] == 1


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        (b'"TabulatorNum"', b'"Scanner"', "column TabulatorNum: expected a column of this name"),
        (b'"","LBR"', b'"LBR"', "as many columns as in row 2"),
        (b"Mayor (Vote For=1)", b"", "column 8: expected a contest over each choice, found nothing"),
        (b'"Council\n(Vote For=2)"\n', b'""\n', "column 11: expected a contest over each choice"),
        (b"\n1,3,2,3", b"\n1,2,3", "1 that cannot: another number of columns than in the headings"),
        (b"\n1,3,2,3", b"\n1,,2,3", "1 that cannot: no tabulator or no batch"),
        (b"2,4,", b'2,"4,', "open quotes"),
    ],
)
def test_what_is_not_such_a_file(tmp_path: Path, old: bytes, new: bytes, what: str) -> None:
    data = table("plain").replace(b",P-1 (1)", b',"P-1 (1)"')
    assert old in data
    (tmp_path / "cvr.csv").write_bytes(data.replace(old, new))
    (problem,) = read(tmp_path / "cvr.csv").problems
    assert what in str(problem)


def test_a_row_without_an_end_is_not_gathered_for_ever(tmp_path: Path) -> None:
    (tmp_path / "cvr.csv").write_bytes(table("plain") + b'\n1,3,"' + b"x\n" * csv_rows.MAX_RECORD)
    (problem,) = read(tmp_path / "cvr.csv").problems
    assert "rows of at most" in str(problem)


def test_cards_with_one_number_are_said_by_batch_only(tmp_path: Path) -> None:
    data = table("plain").replace(b",2,4,", b",2,3,")
    (tmp_path / "cvr.csv").write_bytes(data)
    reading = read(tmp_path / "cvr.csv")
    assert said(reading) == [("D111", "fails", "3/2"), UNCHECKED]
    assert votes(reading.tallies) == EXPECTED
    blacked = data.replace(b",2,3,", b",2,0,").replace(b",2,5,", b",2,0,")
    (tmp_path / "cvr.csv").write_bytes(blacked)
    assert said(read(tmp_path / "cvr.csv")) == [UNCHECKED]  # one number for all cards of a batch is none


def test_names_as_a_spreadsheet_on_windows_writes_them() -> None:
    head = (HEAD[0], HEAD[1], (*[""] * 7, "Zoé", "Write-in", "Bo  Z", "Cy, Jr"), HEAD[3])
    for encoding in ("utf-8", "cp1252"):
        found = counted(table("plain", head).decode().encode(encoding))
        assert ("3/1/P-1 (1)", "Mayor", "Zoé", "choice") in found


def test_cells_looked_at_closely() -> None:
    for text, expected in (
        ('="1",="a, b",c', ["1", "a, b", "c"]),
        ('"a ""b""",,', ['a "b"', "", ""]),
        ('="a ""b""",1', ['a "b"', "1"]),
        ('="open,b', ['="open', "b"]),
    ):
        assert [value(cell) for cell in cells(text, len(expected))] == expected
