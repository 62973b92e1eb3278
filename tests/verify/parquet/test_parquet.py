"""Parquet of unknown origin: bounded before memory is taken for it, and read whatever wrote it."""

import contextlib
import datetime
import decimal
import io
import struct
from collections.abc import Mapping

import polars
import pyarrow as pa
import pyarrow.parquet
import pytest

from protocol.errors import InputError
from protocol.opening import open_evidence
from tests.sources import new_folder
from tests.verify.read.tables_as import parquet
from verify.read.parquet import opened as as_text
from verify.read.parquet.opened import CELLS, Chunk, DamagedPageError, Most, check, in_text, open_parquet
from verify.read.published.source import unpack

ROWS = [["Commune", "bureau", "voix"], *([f"Ville {n // 7}", f"{n:04}", f"{n % 900}"] for n in range(2000))]
TEXT = "".join(",".join(f'"{cell}"' for cell in row) + "\n" for row in ROWS)


def text_of(data: bytes) -> str:
    path = new_folder() / "a.parquet"
    path.write_bytes(data)
    [source] = unpack(open_evidence(path))
    return in_text(source).data.decode()


def written(columns: Mapping[str, object], **options: object) -> bytes:
    out = io.BytesIO()
    pyarrow.parquet.write_table(pa.table(dict(columns)), out, **options)
    return out.getvalue()


@pytest.mark.check(2)
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"compression": "zstd"},
        {"compression": "none", "use_dictionary": False},
        {"compression": "gzip", "row_group_size": 300},
        {"data_page_version": "2.0", "data_page_size": 500},
        {"compression": "brotli"},
        {"compression": "lz4", "write_statistics": False},
        {"use_dictionary": False, "column_encoding": {"Commune": "DELTA_BYTE_ARRAY", "voix": "DELTA_BINARY_PACKED"}},
        {"use_dictionary": False, "column_encoding": {"bureau": "DELTA_LENGTH_BYTE_ARRAY"}},
    ],
    ids=str,
)
def test_whatever_wrote_it_it_is_read(options: dict[str, object]) -> None:
    assert text_of(parquet(ROWS, **options)) == TEXT


@pytest.mark.parametrize("compression", ["zstd", "snappy", "uncompressed"])
def test_what_polars_writes_is_read(compression: str) -> None:
    out = io.BytesIO()
    columns = {name: [row[at] for row in ROWS[1:]] for at, name in enumerate(ROWS[0])}
    frame = polars.DataFrame(columns).with_columns(polars.col("voix").cast(polars.Int32))
    frame.write_parquet(out, compression=compression)
    assert text_of(out.getvalue()) == TEXT


def test_values_are_written_as_a_spreadsheet_would() -> None:
    data = written(
        {
            "texts": pa.array(['é "x", y', None, ""]),
            "whole": pa.array([1, None, -3], pa.int64()),
            "floats": pa.array([400.0, 25.44, None], pa.float32()),
            "flags": [True, False, None],
            "days": [datetime.date(2024, 6, 30), None, None],
            "sums": pa.array([decimal.Decimal("1.50"), None, None]),
            "bytes": pa.array([b"a", None, "é".encode()]),
        }
    )
    lines = text_of(data).splitlines()
    assert lines[1] == '"é ""x"", y","1","400","true","2024-06-30","1.50","a"'
    assert lines[2] == ',,"25.44","false",,,'
    assert lines[3] == '"","-3",,,,,"é"'


@pytest.mark.parametrize(
    ("columns", "got"),
    [
        ({"a": [[1, 2], [3]]}, "values within values"),
        ({"a": [{"b": 1}]}, "values within values"),
        ({"a": pa.array([b"\xff\xfe"])}, "texts that are no UTF-8"),
        ({f"c{n}": [1] for n in range(1025)}, "1,025 columns"),
        ({"a": pa.DictionaryArray.from_arrays(pa.array([0] * 200_000, pa.int32()), pa.array(["x" * 10_000]))}, "more"),
    ],
    ids=["list", "object", "bytes", "wide", "one text many times"],
)
def test_what_is_refused(columns: dict[str, object], got: str) -> None:
    with pytest.raises(InputError) as error:
        text_of(written(columns))
    assert got in str(error.value.got)


def test_rows_of_nothing_are_refused_by_their_number() -> None:
    rows = CELLS // 2 + 1
    data = written({"a": pa.nulls(rows, pa.int32()), "b": pa.nulls(rows, pa.int32())}, compression="zstd")
    assert len(data) < 100_000
    with pytest.raises(InputError, match="by 2 columns"):
        text_of(data)


def test_every_cut_and_every_damaged_byte_is_an_error_or_read() -> None:
    data = parquet(ROWS[:40], row_group_size=20)
    for size in range(0, len(data), 13):
        if data[:size].startswith(b"PAR1"):
            with pytest.raises(InputError):
                as_text.text_of(data[:size], "a", 2**20)
    for at in range(4, len(data), 5):
        damaged = bytearray(data)
        damaged[at] ^= 0xFF
        with contextlib.suppress(InputError):
            as_text.text_of(bytes(damaged), "a", 2**20)


def chunk_of(data: bytes) -> tuple[Chunk, object]:
    meta = pyarrow.parquet.ParquetFile(io.BytesIO(data)).metadata.row_group(0).column(0)
    start = meta.dictionary_page_offset if meta.has_dictionary_page else meta.data_page_offset
    end = start + meta.total_compressed_size
    return Chunk(start, end, meta.total_uncompressed_size, meta.num_values), meta


@pytest.mark.parametrize("version", ["1.0", "2.0"])
def test_a_page_that_says_more_than_its_column_is_refused(version: str) -> None:
    data = parquet(ROWS, data_page_version=version, data_page_size=2000)
    chunk, _ = chunk_of(data)
    assert check(data, chunk) > 0
    for changes in ({"unpacked": chunk.unpacked - 1}, {"values": chunk.values - 1}, {"end": chunk.end - 1}):
        with pytest.raises(DamagedPageError):
            check(data, Chunk(**{name: changes.get(name, getattr(chunk, name)) for name in Chunk.__slots__}))


@pytest.mark.parametrize("field", [5001, 1000, 0, -3])
def test_a_field_that_would_stand_for_one_inside_another_is_refused(field: int) -> None:
    """5001 would be the number of values, field 1 of the struct 5; behind a header of 0x05 stands the field."""
    number = (field << 1) ^ (field >> 63)
    header = b"\x05" + bytes([number & 0x7F | 0x80, number >> 7]) + b"\x02\x00"
    with pytest.raises(DamagedPageError):
        check(header + bytes(50), Chunk(0, 50, 50, 10))


def test_a_page_that_claims_two_gigabytes_is_refused() -> None:
    """The size of a page is the second number of its header, in Thrift's zigzag: field 2 of kind i32 is 0x15."""
    data = bytearray(parquet(ROWS, compression="none", use_dictionary=False))
    at = data.index(b"\x15", 6)
    size = struct.unpack("<B", data[at + 1 : at + 2])[0]
    assert size >= 0x80  # a varint of several bytes, of which the last has no such bit
    data[at + 1 : at + 3] = b"\xff\xff"
    with pytest.raises(InputError):
        text_of(bytes(data))


def test_bounds_are_those_that_are_asked_for() -> None:
    data = parquet(ROWS)
    assert open_parquet(data, "a", Most(2000, 6000, 2**20)).file.metadata.num_rows == 2000
    for most in (Most(1999, 6000, 2**20), Most(2000, 5999, 2**20), Most(2000, 6000, 1000)):
        with pytest.raises(InputError, match="a Parquet file within bounds"):
            open_parquet(data, "a", most)


def test_a_file_that_ends_the_process_is_named_and_ends_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(as_text, "_APART", "tests.verify.evidence.hostile_files:end_process")
    with pytest.raises(InputError, match="undamaged Parquet file"):
        text_of(parquet(ROWS))
