"""The format document against what it describes: each table, read back."""

import datetime
import re
import tomllib

import pytest

from protocol import columns, export, format_document, night, reading
from protocol.export import Verdict
from tests.protocol.records import PRESIDENTIAL, frozen

TEXT = format_document.result_export()


def rows(heading: str) -> list[list[str]]:
    """The rows of the first table after a heading."""
    lines = TEXT[TEXT.index(heading) :].split("\n")
    start = next(number for number, line in enumerate(lines) if line.startswith("| ---"))
    table = []
    for line in lines[start + 1 :]:
        if not line.startswith("|"):
            break
        table.append([cell.strip() for cell in line.strip("|").split(" | ")])
    return table


def test_the_byte_table_covers_the_record() -> None:
    table = rows("## The record")
    at = 0
    for offset, size, *_ in table:
        assert int(offset) == at
        at += int(size)
    assert at == 576
    assert [row[3].strip("`") for row in table] == list(export.MEANING)
    assert all(row[4] for row in table)


def test_a_type_says_its_size() -> None:
    for _, size, kind, *_ in rows("## The record"):
        match = re.fullmatch(r"(?:u(\d+)|text|bytes)(?:\[(\d+)\])?", kind)
        assert match is not None
        assert int(size) == int(match[1] or 8) // 8 * int(match[2] or 1)


def test_every_verdict_problem_column_and_limit_is_there() -> None:
    assert [int(row[0]) for row in rows("## What a reader says of a record")] == list(Verdict)
    assert [row[0] for row in rows("## What a reader says of a file")] == [kind.value for kind in reading.Kind]
    assert [row[0].strip("`") for row in rows("## The canonical columns")] == list(columns.COLUMNS.names or ())
    limited = {name for row in rows("## Limits") for name in re.findall(r"`(\w+)`", row[0])}
    fixed = {"magic", "format_version", "record_length", "crc32", "choices_digest", "module_digest", "reserved"}
    assert limited | fixed == set(export.MEANING)


def test_the_check_value_is_that_of_the_catalogues() -> None:
    assert "| `CBF43926` |" in TEXT


def test_the_worked_example_is_the_frozen_record() -> None:
    assert format_document.EXAMPLE == PRESIDENTIAL
    listing = TEXT.split("```")[1]
    data = b""
    for line in listing.strip("\n").split("\n"):
        found = re.match(r".{5}((?:[0-9A-F]{2} ?)+)(?:\.\.\. (\d+) more bytes 00)?", line)
        assert found is not None, line
        data += bytes.fromhex(found[1]) + bytes(int(found[2] or 0))
    assert data == frozen("presidential")


@pytest.mark.parametrize("table", night.TABLES, ids=lambda table: table.file)
def test_the_night_document_has_every_file_and_column(table: night.Table) -> None:
    text = format_document.night_files()
    section = text[text.index(f"## `{table.file}`") :].split("\n## ")[0]
    assert re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE) == list(table.header)


def test_every_key_of_the_election_file_is_told() -> None:
    poll = night.Poll(1, "Scrutin", "europeennes", seats=81, whole=True)
    election = night.Election(
        "id", "nom", datetime.date(2024, 6, 9), 1, (poll,), "08:00", "18:00", frozenset(night.KINDS), rehearsed=True
    )
    values = tomllib.loads(night.election_toml(election).decode())
    [polls] = values.pop("scrutins")
    text = format_document.night_files()
    for key in (*values, *polls):
        assert f"`{key}`" in text, key
    assert "`[[scrutins]]`" in text
