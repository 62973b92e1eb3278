"""The documents against what they describe: each table, read back, and the result export read by them alone."""

import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given

from protocol.errors import FormatError
from protocol.export import columns, reading, scan
from protocol.export import record as export
from protocol.export.record import Export, RecordVerdict
from regard.reference import format_document
from tests.protocol.document_tables import table
from tests.protocol.export.export_document import Record, document, read
from tests.protocol.export.records import (
    FROZEN,
    PRESIDENTIAL,
    any_export,
    changed,
    damaged,
    frozen,
    quick_verdicts,
    random_rows,
    records,
)

TEXT = format_document.document()
LIMITED = {name for name, each in document().record.fields.items() if each.allowed not in ("any", "zeros", "checksum")}


def test_the_byte_table_covers_the_record() -> None:
    rows = table(TEXT, "## The record")
    at = 0
    for offset, size, *_ in rows:
        assert int(offset) == at
        at += int(size)
    assert at == 576
    assert [row[3] for row in rows] == list(export.MEANING)
    assert all(row[4] and row[5] for row in rows)


def test_every_verdict_problem_and_column_is_there() -> None:
    assert [int(row[0]) for row in table(TEXT, "## What a reader says of a record")] == list(RecordVerdict)
    assert [row[0] for row in table(TEXT, "## What a reader says of a file")] == [str(kind.value) for kind in scan.Kind]
    assert [row[0] for row in table(TEXT, "## The canonical columns")] == list(columns.COLUMNS.names or ())


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


# The reader of the document's tables beside the two of `protocol`


def same(data: bytes) -> Record:
    """Assert that the careful reader says the same of one record; returns what the document's reader says."""
    found, values = read(data), np.frombuffer(data, export.DTYPE)[0]
    try:
        export.parse(data)
        verdict, refused = RecordVerdict.OK, ""
    except FormatError as error:
        first = ("magic", "format_version", "record_length", "crc32")
        verdict = RecordVerdict(first.index(error.field) + 1) if error.field in first else RecordVerdict.VALUE
        refused = error.field if verdict is RecordVerdict.VALUE else ""
    assert (found.verdict, found.refused) == (verdict, refused)
    for name in export.MEANING:
        raw = values[name]
        assert found.values[name] == (raw.tobytes() if raw.dtype.kind == "V" else raw.tolist()), name
    return found


@given(any_export)
def test_the_documents_reader_reads_what_is_built(given_export: Export) -> None:
    found = same(export.build(given_export))
    assert found.verdict == RecordVerdict.OK
    assert (found.values["cast"], found.values["bureau"].rstrip(b"\0").decode()) == (
        given_export.cast,
        given_export.bureau,
    )


def test_the_documents_reader_agrees_on_damaged_records() -> None:
    parts = damaged(3_000, seed=2)
    found = [same(part) for part in parts]
    assert [one.verdict for one in found] == quick_verdicts(records(*parts))
    assert {RecordVerdict(one.verdict) for one in found} == set(RecordVerdict)


def test_every_limit_of_the_document_is_checked_by_all_readers() -> None:
    """The least and the largest value of every field, and what is next to them."""
    good, seen = frozen("departmental"), set()
    for name, each in document().record.fields.items():
        bounds = [int(number) for number in re.findall(r"\b\d+\b", each.allowed.partition(" or ")[0])]
        if " to " not in each.allowed:
            continue
        seen.add(name)
        for value in {bounds[0], bounds[1], bounds[0] - 1, bounds[1] + 1, 2 ** (8 * each.width) - 1}:
            if not 0 <= value < 2 ** (8 * each.width):
                continue
            record = changed(good, name, value)
            if name == "choices" and value == 1:
                record = changed(record, "tallies", bytes(256))
            fits = bounds[0] <= value <= bounds[1] or (" or " in each.allowed and value == 0xFFFF_FFFF)
            found = same(record)
            assert (found.verdict == RecordVerdict.OK) is fits, (name, value)
            assert quick_verdicts(records(record)) == [found.verdict]
    assert seen == {*export.LIMITS, *export.TIMES, "tallies"}
    assert seen | {"magic", "format_version", "record_length", "date", *export.TEXTS} == LIMITED


@pytest.mark.parametrize("name", export.TEXTS)
@pytest.mark.parametrize("raw", [b"\x1f", b"\x7f", b"\xc3\xa9", b"a\0b", b"\n", b"\0 "])
def test_no_text_of_the_document_holds_anything_else(name: str, raw: bytes) -> None:
    record = changed(frozen("departmental"), name, raw.ljust(document().record.fields[name].size, b"\0"))
    found = same(record)
    assert (found.verdict, found.refused) == (RecordVerdict.VALUE, name)
    assert quick_verdicts(records(record)) == [RecordVerdict.VALUE]


def test_many_records_read_by_the_document() -> None:
    data = columns.build_many(random_rows(500, 9))
    for place in range(0, len(data), 576):
        assert same(data[place : place + 576]).verdict == RecordVerdict.OK
    assert not read(frozen("extreme")).reserved
    assert read(changed(frozen("extreme"), "reserved", b"\1", 59)).reserved


# Files


def found_in(data: bytes) -> tuple[list[int], set[str]]:
    """The records of a file and the problems in it, by the numbered steps of the document."""
    magic = frozen("presidential")[:8]
    offsets: list[int] = []
    problems: set[str] = set()
    if not data:
        return [], {"cut short"}
    if len(data) % 576 == 0 and all(data[at : at + 8] == magic for at in range(0, len(data), 576)):
        return list(range(0, len(data), 576)), set()
    at = breaks = 0
    while at < len(data):
        place = data.find(magic, at)
        if place < 0:
            problems.add("bytes after the end" if offsets or breaks else "not an export")
            break
        if place > at:
            problems.add("lost step between two records")
            breaks += 1
        at = place
        if breaks > 1000:
            problems.add("lost step between two records")
            break
        following = data.find(magic, at + 8)
        room = (len(data) if following < 0 else following) - at
        exactly = 576 in (following - at, len(data) - at)
        if room >= 10 and int.from_bytes(data[at + 8 : at + 10], "big") != 1 and not exactly:
            problems.add("unknown version")
            breaks, at = breaks + 1, at + room
        elif room >= 576 or (len(data) - at >= 576 and read(data[at : at + 576]).verdict in (0, 5)):
            offsets.append(at)
            at += 576
        else:
            problems.add("cut short")
            breaks, at = breaks + 1, at + room
    return offsets, problems


def test_files_are_read_as_the_document_says(tmp_path: Path) -> None:
    random = np.random.default_rng(11)
    whole = b"".join(frozen(name) for name in FROZEN) * 3
    path = tmp_path / "batch.esf"
    kinds: set[str] = set()
    for number in range(400):
        data = bytearray(whole[: 576 * int(random.integers(1, 10))])
        for _ in range(int(random.integers(0, 4))):
            start, length = int(random.integers(len(data) + 1)), int(random.integers(0, 40))
            what = int(random.integers(4))
            if what == 0:
                data[start : start + length] = b""
            elif what == 1:
                data[start:start] = random.bytes(length)
            elif what == 2:
                data[start:start] = whole[: int(random.integers(8, 600))]
            elif len(data) > 600:
                data[576 * int(random.integers(len(data) // 576)) + 9] = 2
        path.write_bytes(data)
        result = reading.read([path])
        offsets, problems = found_in(bytes(data))
        assert (result.offset.tolist(), {str(one.kind.value) for one in result.problems}) == (offsets, problems), number
        kinds |= problems
    assert kinds == {str(kind.value) for kind in scan.Kind} - {"cannot be read", "too large"}
