"""Mutation fuzzing of the readers of published results: no crash, no hang, bounded memory, whatever the bytes.

A short run is part of the tests; a long one is ``python -m tests.fuzz published --count 100000``.
"""

from __future__ import annotations

import gzip
import io
import itertools
import tempfile
import time
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from protocol.errors import RegardError
from tests.verify.published import samples
from verify.published import Published, read_all
from verify.published.checks import derived_null, flaws, gaps
from verify.published.comparison import compare, pairs
from verify.published.sums import by_label

SECONDS = 5.0
"""Longer than this for one small file is a hang."""

MEMORY = 32 * 2**20
"""Bytes that reading one small file may take at most."""

TOKENS = (
    *(b";", b",", b"\t", b'"', b"'", b"\n", b"\r", b"\x00", b"\xff", b"\xc3"),
    *(b"\xef\xbb\xbf", b"\xc2\xa0", b"\xe2\x80\xaf", b"\x1b[2J"),
    *(b"-1", b"0", b"1", b"9" * 30, b"1e999", b"NaN", b"nan", b"null", b"[", b"{", b"}"),
    *(b"1900/01/12", b"2,785500010019E+12", b"ZX", b"ZZ", b"Total", b"Voix", b"Nom", b"Inscrits"),
    *(b"A" * 3000, b";" * 2000, b"\n" * 200),
)
"""What is put in: delimiters, quotes, odd encodings, odd numbers, codes, names of columns, much of one thing."""


def seeds() -> dict[str, bytes]:
    """One small file of every layout, every wrapping among them."""
    found = {name: text.encode("iso-8859-1" if "ministry" in name else "utf-8") for name, text in samples.TEXTS.items()}
    found["ministry-workbook"] = samples.workbook({"D": samples.DEPARTMENTS_2022, "C": samples.CONSTITUENCIES_2017})
    found["ministry-nation"] = samples.workbook({"FE": samples.NATION_2017})
    found["gzip"] = gzip.compress(found["researchers"])
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", found["ministry-text"])
    found["zip"] = packed.getvalue()
    return found


def mutated(data: bytes, random: np.random.Generator) -> bytes:
    """A few random changes: bytes, cuts, copies, and what readers of tables stumble over."""
    out = bytearray(data)
    for _ in range(int(random.integers(1, 6))):
        at = int(random.integers(0, len(out) + 1))
        size = int(random.integers(1, 80))
        kind = int(random.integers(6))
        if kind == 0 and at < len(out):
            out[at] = int(random.integers(256))
        elif kind == 1:
            del out[at : at + size]
        elif kind == 2:
            out[at:at] = out[at : at + size]
        elif kind == 3:
            to = int(random.integers(0, len(out) + 1))
            out[to:to] = out[at : at + size]
        elif kind == 4:
            del out[at:]
        else:
            token = TOKENS[int(random.integers(len(TOKENS)))]
            out[at : at + int(random.integers(0, 3))] = token
    return bytes(out)


def examine(path: Path, data: bytes) -> int:
    """Read one file, and use whatever came out of it in every way.

    Returns:
        how many tables it had.

    Raises:
        AssertionError: a result that is not of its documented shape, or too slow, or too large.
    """
    path.write_bytes(data)
    started = time.monotonic()
    try:
        tables = read_all(path)
    except RegardError as error:
        if str(path) not in str(error):
            raise AssertionError("an error that does not name the file") from error
        tables = []
    taken = time.monotonic() - started
    assert taken < SECONDS, f"{taken:.1f} s"
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
    """Whether a table keeps what `Published` promises."""
    n, m = len(table.row), len(table.votes)
    for texts in (table.insee, table.department, table.region, table.commune, table.constituency, table.bureau):
        assert texts.shape == (n,)
        assert texts.dtype.kind == "U"
    for values in table.counts.values():
        assert values.shape == (n,)
        assert values.dtype == np.int64
        assert ((values >= -3) & (values <= 2**28)).all()
    for values in (table.vote_unit, table.vote_label, table.votes, table.vote_column, table.panel):
        assert values.shape == (m,)
        assert values.dtype == np.int64
    assert ((table.vote_unit >= 0) & (table.vote_unit < n)).all()
    assert ((table.vote_label >= 0) & (table.vote_label < len(table.labels))).all()
    assert len(np.unique(table.vote_unit * max(len(table.labels), 1) + table.vote_label)) == m
    assert len(set(table.labels)) == len(table.labels)
    for field, texts in table.percentages.items():
        assert texts.shape == (m if field.startswith("voix/") else n,)


def inputs(names: list[str], seed: int) -> Iterator[tuple[str, bytes]]:
    """Changed files without end, each layout in turn; the same for the same seed."""
    random = np.random.default_rng(np.random.SeedSequence(seed))
    found = seeds()
    while True:
        for name in names:
            yield name, mutated(found[name], random)


def run(count: int, seed: int, report: Callable[[str], object]) -> int:
    """Try so many changed files, each layout in turn; returns how many failed."""
    failed = tables = peak = 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "input"
        tracemalloc.start()
        for number, (name, data) in enumerate(itertools.islice(inputs(sorted(seeds()), seed), count)):
            tracemalloc.reset_peak()
            try:
                tables += examine(path, data)
                most = tracemalloc.get_traced_memory()[1]
                peak = max(peak, most)
                assert most < MEMORY, f"{most:,} bytes"
            except Exception as error:
                failed += 1
                if failed <= 10:
                    report(f"{name}, input {number}, seed {seed}: {type(error).__name__}: {error}")
        tracemalloc.stop()
    report(f"{count:,} inputs, {tables:,} tables read, at most {peak:,} bytes for one")
    return failed
