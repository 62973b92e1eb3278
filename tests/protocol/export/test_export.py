"""The result export, by its specification: `docs/reference/format.md`."""

import dataclasses
import datetime
import hashlib
import itertools
import zlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.errors import FormatError
from protocol.export import record as export
from protocol.export.columns import checksums, examine, texts_good
from protocol.export.record import Export, RecordVerdict, build, faults, parse
from tests.protocol.export.records import FROZEN, PRESIDENTIAL, any_export, changed, checked, frozen, records

RECORD = frozen("presidential")


def verdict_of(record: bytes) -> RecordVerdict:
    """Verdict of the columns' reader on one record of full length, its checksum and texts included."""
    one = records(record)
    verdict = RecordVerdict(examine(one).verdict[0])
    if verdict in (RecordVerdict.OK, RecordVerdict.VALUE) and checksums(one)[0] != one["crc32"][0]:
        return RecordVerdict.CHECKSUM
    return RecordVerdict.VALUE if verdict is RecordVerdict.OK and not texts_good(one)[0] else verdict


FIELD_VERDICTS = {
    "magic": RecordVerdict.MAGIC,
    "format_version": RecordVerdict.VERSION,
    "record_length": RecordVerdict.LENGTH,
    "crc32": RecordVerdict.CHECKSUM,
}


def first_error(record: bytes) -> FormatError | None:
    """Error of the careful reader; None if it reads the record."""
    try:
        parse(record)
    except FormatError as error:
        return error
    return None


def agreed_verdict(record: bytes) -> RecordVerdict:
    """The verdict of both readers, and that the list of faults begins with the careful reader's error."""
    first = first_error(record)
    careful = RecordVerdict.OK if first is None else FIELD_VERDICTS.get(first.field, RecordVerdict.VALUE)
    assert [str(error) for error in faults(record)[:1]] == ([] if first is None else [str(first)])
    assert verdict_of(record) is careful
    return careful


def test_version_1_stays_readable_and_what_is_written() -> None:
    for name, one in FROZEN.items():
        assert parse(frozen(name)) == one
        assert build(one) == frozen(name)
        assert len(frozen(name)) == 576


@given(any_export)
def test_what_is_built_is_read_back(one: Export) -> None:
    record = build(one)
    assert parse(record) == one
    assert agreed_verdict(record) is RecordVerdict.OK


def test_every_changed_byte_is_seen() -> None:
    for offset, change in itertools.product(range(576), (0x01, 0x80, 0xFF)):
        damaged = bytearray(RECORD)
        damaged[offset] ^= change
        expected = {
            range(8): RecordVerdict.MAGIC,
            range(8, 10): RecordVerdict.VERSION,
            range(10, 12): RecordVerdict.LENGTH,
        }
        verdict = next((v for places, v in expected.items() if offset in places), RecordVerdict.CHECKSUM)
        assert agreed_verdict(bytes(damaged)) is verdict


def test_every_cut_is_seen() -> None:
    for length in range(576):
        with pytest.raises(FormatError) as caught:
            parse(RECORD[:length])
        assert (caught.value.field, caught.value.offset) == ("record", length)
        said = "1 byte" if length == 1 else f"{length} bytes"
        assert (str(caught.value.expected), str(caught.value.got)) == ("576 bytes", said)
        assert [error.field for error in faults(RECORD[:length])] == ["record"]


@pytest.mark.parametrize("extra", [b"\0", b"\n", RECORD])
def test_nothing_may_follow(extra: bytes) -> None:
    with pytest.raises(FormatError, match=f"record at byte 576: .* got {len(extra)} more bytes"):
        parse(RECORD + extra)


LIMIT = 268_435_455


def test_a_date_is_one_of_the_calendar() -> None:
    for date, good in (
        (19991231, False),
        (20000101, True),
        (20220229, False),
        (20240229, True),
        (21000229, False),
        (20000229, True),
        (20220431, False),
        (20220430, True),
        (20221301, False),
        (20220001, False),
        (20220400, False),
        (99991231, True),
        (100000101, False),
        (0, False),
        (2**32 - 1, False),
    ):
        assert agreed_verdict(changed(RECORD, "date", date)) is (RecordVerdict.OK if good else RecordVerdict.VALUE)


def test_reserved_bytes_do_not_change_the_verdict() -> None:
    record = changed(RECORD, "reserved", b"\x01" * 60)
    assert agreed_verdict(record) is RecordVerdict.OK
    assert parse(record) == PRESIDENTIAL


@given(st.binary(max_size=1300))
def test_any_bytes_are_an_export_or_a_format_error(data: bytes) -> None:
    with pytest.raises(FormatError) as caught:
        parse(data)
    assert str(faults(data)[0]) == str(caught.value)


@given(any_export, st.lists(st.tuples(st.integers(12, 571), st.integers(0, 255)), min_size=1, max_size=6))
def test_both_readers_agree_on_any_values(one: Export, edits: list[tuple[int, int]]) -> None:
    record = bytearray(build(one))
    for place, value in edits:
        record[place] = value
    agreed_verdict(checked(bytes(record)))


def test_the_first_error_is_that_of_the_first_check() -> None:
    """In the order of the verdicts: magic, version, length, checksum, value."""
    damaged = bytearray(RECORD)
    seen = []
    for place in (144, 572, 10, 8, 0):
        damaged[place] ^= 0x40
        seen.append(agreed_verdict(checked(bytes(damaged)) if place == 144 else bytes(damaged)))
    assert seen == [
        RecordVerdict.VALUE,
        RecordVerdict.CHECKSUM,
        RecordVerdict.LENGTH,
        RecordVerdict.VERSION,
        RecordVerdict.MAGIC,
    ]


def test_an_error_says_where_what_was_expected_and_what_is_there() -> None:
    cases = {
        changed(RECORD, "round", 7): "round at byte 144: expected 1 to 2, got 7",
        changed(RECORD, "tallies", 2**28, 4): "tallies at byte 260: expected 0 to 268435455, got 268435456",
        changed(RECORD, "insee", b"77\n"): (
            "insee at byte 124: expected printable ASCII, then zeros only, got 37 37 0a 31 33 00 00 00"
        ),
        RECORD[:572] + bytes(4): (
            f"crc32 at byte 572: expected {zlib.crc32(RECORD[:572]):08X} (of the bytes before it), got 00000000"
        ),
        b"X" + RECORD[1:]: ("magic at byte 0: expected 89 45 53 46 0d 0a 1a 0a, got 58 45 53 46 0d 0a 1a 0a"),
    }
    for record, message in cases.items():
        with pytest.raises(FormatError) as caught:
            parse(record)
        assert str(caught.value) == message


def test_all_faults_are_named_not_only_the_first() -> None:
    record = changed(changed(changed(RECORD, "poll", 9), "voters", 2**31), "date", 0)
    assert [error.field for error in faults(record)] == ["date", "poll", "voters"]
    assert [error.field for error in faults(record[:173])] == ["record", "date", "poll"]


REFUSED: list[dict[str, Any]] = [
    {"bureau": "123456789"},
    {"bureau": "é"},
    {"bureau": "a\0b"},
    {"model": "\n"},
    {"date": datetime.date(1999, 12, 31)},
    {"round": 0},
    {"round": 256},
    {"poll": 6},
    {"part": -1},
    {"cast": -1},
    {"blank": 2**28},
    {"registered": 2**32},
    {"closing": 2**31},
    {"closing": -1},
    {"tallies": ()},
    {"tallies": (0,) * 65},
    {"tallies": (-1,)},
    {"tallies": (2**28,)},
    {"choices_digest": bytes(31)},
    {"module_digest": bytes(33)},
]


@pytest.mark.parametrize("values", REFUSED, ids=str)
def test_what_the_format_cannot_hold_is_not_written(values: dict[str, Any]) -> None:
    with pytest.raises(FormatError) as caught:
        build(dataclasses.replace(PRESIDENTIAL, **values))
    assert caught.value.field in (*values, "choices")


def test_the_digest_of_a_choice_list_depends_on_labels_and_order_only() -> None:
    assert export.choices_digest(["É", "B"]) == hashlib.sha256(b"\xc3\x89\nB\n").digest()
    assert export.choices_digest(["E\u0301", "B"]) == export.choices_digest(["É", "B"])
    assert export.choices_digest(["B", "É"]) != export.choices_digest(["É", "B"])
    assert export.choices_digest(["AB"]) != export.choices_digest(["A", "B"])
