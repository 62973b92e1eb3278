"""Fuzzing of the readers of published results, one example for each layout and wrapping."""

import gzip
import io
import zipfile
from pathlib import Path

import numpy as np

from protocol.errors import RegardError
from tests.fuzz._guided import Bounds, Harness
from tests.verify.aggregated import tables as aggregated
from tests.verify.published import samples
from tests.verify.read import tables_as
from verify.model.published import Published
from verify.read.parquet import opened as as_text
from verify.read.published.checks import derived_null, flaws, gaps
from verify.read.published.comparison import compare, pairs
from verify.read.published.sums import by_label
from verify.read.results_files import read_all

APART = as_text._apart
BOUNDS = Bounds(seconds=5, memory=32 * 2**20)
"""For small files as these."""


def seeds() -> dict[str, bytes]:
    """One small file of every layout, every wrapping among them."""
    found = {name: text.encode("iso-8859-1" if "ministry" in name else "utf-8") for name, text in samples.TEXTS.items()}
    found["ministry-workbook"] = samples.workbook({"D": samples.DEPARTMENTS_2022, "C": samples.CONSTITUENCIES_2017})
    found["ministry-nation"] = samples.workbook({"FE": samples.NATION_2017})
    found["ods"] = samples.ods({"D": samples.DEPARTMENTS_2022, "FE": samples.NATION_2017})
    rows = [line.split(",") for line in samples.CITY_TIDY.splitlines()]
    found["parquet"] = tables_as.parquet(rows * 3)
    found["parquet in groups"] = tables_as.parquet(rows * 9, row_group_size=4, compression="zstd")
    found["parquet without dictionary"] = tables_as.parquet(rows * 3, use_dictionary=False, compression="none")
    found["json"] = tables_as.as_kind(samples.CITY_TIDY.replace(",", ";"), "json")
    found["all elections, counts"] = aggregated.as_csv(aggregated.general(aggregated.small()[:3]))
    found["all elections, votes"] = aggregated.as_csv(aggregated.candidats(aggregated.small()[:3]))
    found["gzip"] = gzip.compress(found["researchers"], mtime=0)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", found["ministry"])
    found["zip"] = packed.getvalue()
    return found


def _apart_and_here(data: bytes, name: str, most: int) -> bytes:
    """Parquet as text from a process of its own, which a damaged file may end; then here, as lines guide the search."""
    APART(data, name, most)
    return as_text.text_of(data, name, most)


def examine(_: str, path: Path, data: bytes) -> int:
    """Read one file, and use whatever came out of it in every way.

    Returns:
        how many tables it had.

    Raises:
        AssertionError: a result that is not of its documented shape, an error that does not name the file.
    """
    path.write_bytes(data)
    as_text._apart = _apart_and_here
    try:
        tables = read_all(path)
    except RegardError as error:
        if str(path) not in str(error):
            raise AssertionError("an error that does not name the file") from error
        tables = []
    for table in tables:
        check_shape(table)
        flaws(table)
        gaps(table)
        derived_null(table)
        by_label(table)
    for table in tables:
        try:
            levels = compare(table, table)
        except RegardError:
            continue
        assert all(not level.differences for level in levels), "a file differs from itself"
    pairs(tables, tables)
    return len(tables)


def check_shape(table: Published) -> None:
    """Check that a table keeps what `Published` promises."""
    n, m = len(table.row), len(table.votes)
    for texts in (table.insee, table.department, table.region, table.commune, table.constituency, table.bureau):
        assert texts.shape == (n,)
        assert texts.dtype.kind == "U"
    for values in table.counts.values():
        assert values.shape == (n,)
        assert values.dtype == np.int64
        assert ((values >= -3) & (values <= 2**28)).all()
    for values in (table.vote_unit, table.vote_label, table.votes, table.panel):
        assert values.shape == (m,)
        assert values.dtype == np.int64
    assert ((table.vote_unit >= 0) & (table.vote_unit < n)).all()
    assert ((table.vote_label >= 0) & (table.vote_label < len(table.labels))).all()
    assert len(np.unique(table.vote_unit * max(len(table.labels), 1) + table.vote_label)) == m
    assert len(set(table.labels)) == len(table.labels)
    for field, written in table.percentages.items():
        assert written.shape == (m if field.startswith("votes/") else n,)


run = Harness(seeds, examine, BOUNDS).run
