"""A Parquet file as the text that it would be: a header and a row for each record, so that every reader reads it."""

from __future__ import annotations

import io
import itertools
import sys
from dataclasses import replace
from typing import Any

from protocol.errors import wrong_file
from protocol.words import msg
from verify.read import bounds
from verify.read.own_process import RAISED, read_given, run_reader
from verify.read.parquet.opened import Most, OpenedParquet, cause_of, damage, is_parquet, open_parquet, wrong
from verify.read.published.source import OpenedSource
from verify.read.rows import is_utf8, repair

CELLS = 25_000_000
"""As many as a sheet of a workbook may have."""
SECONDS = 300
"""Longest time of reading, whatever else the machine does."""
_ROWS = 2**14
"""Rows that are written together."""
_APART = f"{__name__}:write_text"
_PIECE = 2**20
"""Bytes that are taken over together: room is made for so many, however few come."""


def in_text(source: OpenedSource) -> OpenedSource:
    """A file as it is, accents repaired that were encoded twice; or the text of a Parquet file.

    That is ``,``, UTF-8, with quotes where they are needed.

    Raises:
        InputError: it is damaged, or larger than its bounds.
    """
    if not is_parquet(source.data):
        data = repair(source.data)
        return source if data is source.data else replace(source, data=data)
    text = _apart(source.data, source.file, bounds.unpacked(source.size))
    if not is_utf8(text):
        raise wrong(source.file, msg("texts that are no UTF-8"))
    return replace(source, data=text)


def text_of(data: bytes, name: str, most: int) -> bytes:
    """A Parquet file as text of at most ``most`` bytes. A damaged one may end the process: see `write_text`.

    Raises:
        InputError: it is damaged, or larger than its bounds.
    """
    parquet = open_parquet(data, name, Most(CELLS, CELLS, most))
    try:
        return _text(parquet, name, most)
    except damage() as error:
        raise wrong(name, cause_of(error)) from error


def _apart(data: bytes, name: str, most: int) -> bytes:
    """`text_of` in a process of its own.

    Raises:
        InputError: as `text_of`, or it ended that process.
    """
    with run_reader(_APART, str(most), seconds=SECONDS, data=data) as process:
        pieces = itertools.takewhile(bool, (process.written.read(_PIECE) for _ in range(2 * most // _PIECE + 1)))
        text = b"".join(pieces)
        status = process.status()
    if status == RAISED:
        return text_of(data, name, most)
    if status != 0:
        raise wrong(name, msg("one that cannot be read"))
    return text


def write_text(most: str) -> None:
    """Write the text of the Parquet file on standard input to standard output; called in a process of its own."""
    sys.stdout.buffer.write(text_of(read_given(), "", int(most)))


def _text(parquet: OpenedParquet, name: str, most: int) -> bytes:
    """The text of a file whose lists were checked.

    Raises:
        InputError: it is longer than ``most`` bytes.
    """
    import pyarrow as pa
    from pyarrow import csv

    out = io.BytesIO()
    schema = pa.schema([pa.field(each.name, pa.string()) for each in parquet.file.schema_arrow])
    options = csv.WriteOptions(delimiter=",", quoting_style="needed")
    with csv.CSVWriter(out, schema, write_options=options) as writer:
        for batch in parquet.file.iter_batches(batch_size=min(_ROWS, parquet.rows_at_once)):
            if out.tell() + sum(map(_size, batch.columns)) > most:
                expected = msg("at most {limit} MiB when decompressed", limit=most >> 20)
                raise wrong_file(name, expected, msg("more"))
            writer.write_batch(pa.record_batch([_texts(column) for column in batch.columns], schema=schema))
    return out.getvalue()


def _size(column: Any) -> int:
    """Bytes that the texts of a column take, some of which may stand in it once and be meant many times."""
    import pyarrow as pa
    from pyarrow import compute

    if not pa.types.is_dictionary(column.type):
        return int(column.nbytes)
    lengths = compute.binary_length(column.dictionary)
    return int(compute.sum(compute.take(lengths, column.indices)).as_py() or 0)


def _texts(column: Any) -> Any:
    """A column as texts; whole numbers without a fraction, as a spreadsheet shows them."""
    import pyarrow as pa

    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_binary(column.type):  # what older writers call their texts
        return column.view(pa.string())
    return column.cast(pa.string())
