"""Many exports as columns: equal to the careful reader on every value and every verdict."""

import importlib
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.errors import FormatError
from protocol.export import columns
from protocol.export import record as export
from protocol.export.columns import COLUMNS, build_many, checksums, examine, texts_good
from protocol.export.record import Export, RecordVerdict, build, parse
from regard.reference.c_header import c_name, result_export
from tests.protocol.export.records import (
    FROZEN,
    LIMIT,
    any_export,
    changed,
    damaged,
    frozen,
    quick_verdicts,
    random_rows,
    records,
    rows_of,
)
from tests.sources import DOCS

GOOD = frozen("presidential")
HEADER = DOCS / "reference" / "esf.h"


@given(st.lists(any_export, min_size=1, max_size=6))
def test_building_many_is_building_each(exports: list[Export]) -> None:
    assert build_many(rows_of(exports)) == b"".join(map(build, exports))


@given(st.lists(any_export, min_size=1, max_size=6))
def test_columns_hold_every_value(exports: list[Export]) -> None:
    many = records(*map(build, exports))
    seen = examine(many)
    assert seen.verdict.tolist() == [RecordVerdict.OK] * len(exports)
    assert texts_good(many).all()
    assert columns.columns(many, seen).tobytes() == rows_of(exports).tobytes()


def test_columns_of_the_frozen_records() -> None:
    many = records(*map(frozen, FROZEN))
    read = columns.columns(many, examine(many))
    assert read.tobytes() == rows_of(list(FROZEN.values())).tobytes()
    assert read["bureau"].tolist() == [b"0004", b"01.1", b""]
    assert read["closing"].tolist() == [704_142_150, 677_549_400, -1]
    assert read["tally_sum"].tolist() == [761, 2, 64 * LIMIT]


def test_columns_are_signed_so_that_a_difference_is_a_difference() -> None:
    numbers = [COLUMNS[name].base for name in COLUMNS.names or () if COLUMNS[name].base.kind not in "SVb"]
    assert {dtype.kind for dtype in numbers} == {"i"}
    assert all(dtype.isnative for dtype in numbers)


@given(st.lists(st.integers(0, 2**32 - 1), min_size=64, max_size=64))
def test_a_sum_of_tallies_is_exact_for_any_bytes(tallies: list[int]) -> None:
    raw = b"".join(tally.to_bytes(4, "big") for tally in tallies)
    assert examine(records(changed(GOOD, "tallies", raw))).tally_sum.tolist() == [sum(tallies)]


@given(st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1))
def test_the_votes_that_a_sum_is_compared_with_are_exact_for_any_bytes(cast: int, blank: int) -> None:
    seen = examine(records(GOOD, changed(changed(GOOD, "cast", cast), "blank", blank)))
    assert seen.cast.tolist() == [801, cast]
    assert seen.blank.tolist() == [40, blank]


@given(st.lists(st.integers(0, 2**27 - 1), min_size=64, max_size=64))
def test_a_sum_of_tallies_that_are_added_two_at_a_time_is_exact(tallies: list[int]) -> None:
    raw = b"".join(tally.to_bytes(4, "big") for tally in tallies)
    for choices in (64, 63, 3):
        record = changed(changed(GOOD, "choices", choices), "tallies", raw[: 4 * choices] + bytes(256 - 4 * choices))
        seen = examine(records(record, record))
        assert seen.verdict.tolist() == [RecordVerdict.OK] * 2
        assert seen.tally_sum.tolist() == [sum(tallies[:choices])] * 2


@pytest.mark.parametrize("tally", [2**26, 2**27 - 1, 2**27, LIMIT, LIMIT + 1, 2**31, 2**32 - 1])
def test_no_sum_overflows(tally: int) -> None:
    """32 tallies of 2**27 are 2**32: the first of which the second halves of 32 pairs would carry into the first."""
    record = changed(changed(GOOD, "choices", 64), "tallies", tally.to_bytes(4, "big") * 64)
    seen = examine(records(record, GOOD))
    assert seen.tally_sum.tolist() == [64 * tally, 761]
    assert seen.verdict.tolist() == [RecordVerdict.OK if tally <= LIMIT else RecordVerdict.VALUE, RecordVerdict.OK]


def test_a_tally_above_the_limit_is_minus_one_in_its_column() -> None:
    many = records(changed(GOOD, "tallies", 2**32 - 1, 4))
    assert columns.columns(many, examine(many))["tallies"][0, :3].tolist() == [449, -1, 0]


def test_reserved_bytes_are_noted() -> None:
    many = records(GOOD, *(changed(GOOD, "reserved", b"\x80", place) for place in (0, 59)))
    assert columns.columns(many, examine(many))["reserved_zero"].tolist() == [True, False, False]


def test_no_records_are_no_rows() -> None:
    none = records()
    seen = examine(none)
    assert (len(seen.verdict), len(seen.tally_sum), len(texts_good(none)), len(checksums(none))) == (0, 0, 0, 0)
    assert columns.columns(none, seen).dtype == COLUMNS
    assert build_many(np.zeros(0, COLUMNS)) == b""


def careful_verdict(record: bytes) -> RecordVerdict:
    by_field = {"magic": 1, "format_version": 2, "record_length": 3, "crc32": 4}
    try:
        parse(record)
    except FormatError as error:
        return RecordVerdict(by_field.get(error.field, RecordVerdict.VALUE))
    return RecordVerdict.OK


def test_a_verdict_does_not_depend_on_the_neighbours(monkeypatch: pytest.MonkeyPatch) -> None:
    """Records are examined in groups, and a group in which all is usual is passed as a whole."""
    parts = [GOOD if number % 5 else part for number, part in enumerate(damaged(200))]
    parts[96:160] = [GOOD] * 64
    alone = [quick_verdicts(records(part))[0] for part in parts]
    sums = [int(examine(records(part)).tally_sum[0]) for part in parts]
    for chunk in (1, 7, 8, 16, 199, 200, 8192):
        monkeypatch.setattr(columns, "_PIECE", chunk)
        assert quick_verdicts(records(*parts)) == alone
        assert examine(records(*parts)).tally_sum.tolist() == sums


@pytest.mark.parametrize("beyond", [3, 4, 5, 6, 7, 63])
def test_a_tally_beyond_the_choices_of_its_record_where_others_have_more(beyond: int) -> None:
    parts = [changed(GOOD, "choices", 3 if number % 2 else 5) for number in range(64)]
    parts[11] = changed(parts[11], "tallies", 1, 4 * beyond)
    assert [number for number, verdict in enumerate(quick_verdicts(records(*parts))) if verdict] == [11]


def three_readings(data: bytes) -> int:
    """Assert that numpy, construct and dissect.cstruct read the same values; returns how many records that were."""
    cstruct = importlib.import_module("dissect.cstruct").cstruct(endian=">")
    cstruct.load(result_export(), compiled=True)
    many = records(data)
    for number, row in enumerate(many):
        raw = data[number * 576 : number * 576 + 576]
        values, third = export.RECORD.parse(raw), cstruct.esf_record(raw)
        for name in export.MEANING:
            quick = row[name]
            value = quick.tobytes() if quick.dtype.kind == "V" else quick.tolist()
            assert plain(values[name]) == value, name
            assert plain(getattr(third, c_name(name))) == value, name
    return len(many)


def plain(value: Any) -> Any:
    """A value of construct or of dissect.cstruct as Python's own: numbers, bytes, or a list of numbers."""
    if isinstance(value, bytes):
        return bytes(value)
    if isinstance(value, int):
        return int(value)
    numbers = [int(each) for each in value]
    return numbers if len(numbers) == 64 else bytes(numbers)


@pytest.mark.check(6)
def test_three_readers_agree_on_every_value_of_10_000_records() -> None:
    rows = random_rows(10_000, 7)
    data = build_many(rows)
    assert three_readings(data) == 10_000
    assert set(quick_verdicts(records(data))) == {RecordVerdict.OK}
    assert columns.columns(records(data), examine(records(data))).tobytes() == rows.tobytes()


def test_the_committed_header_is_the_one_that_was_tested() -> None:
    assert HEADER.read_text("utf-8") == result_export()
