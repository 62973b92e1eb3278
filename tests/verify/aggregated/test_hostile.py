"""Damaged and hostile tables of all elections are errors of the file, or are read; nothing else comes of them."""

import os
from pathlib import Path

import numpy as np
import pytest

from protocol.errors import InputError
from sim.executors import WorkerEnded, executor
from tests.fuzz.published import check_shape
from tests.verify.aggregated.tables import small, written
from verify.read.aggregated import history, sources
from verify.read.aggregated.history import open_history
from verify.read.aggregated.sources import header_of
from verify.read.published.checks import flaws
from verify.read.results_files import one_election


def outcome(paths: tuple[Path, Path]) -> str:
    """Result of reading every election of two tables: empty, or the name of the damaged file."""
    try:
        found = open_history(paths)
        try:
            tables = [found.election(election) for election in found.elections()]
        finally:
            found.close()
    except InputError as error:
        return error.file
    for table in tables:
        check_shape(table)
        flaws(table)
    return ""


@pytest.mark.check(3)
@pytest.mark.parametrize(("form", "which"), [("parquet", 0), ("parquet", 1), ("csv", 0), ("csv", 1)])
def test_a_cut_or_a_damaged_byte_is_an_error_or_read(form: str, which: int) -> None:
    paths = written(small(), form=form)
    whole = paths[which].read_bytes()
    rng = np.random.default_rng(which)
    outcomes = set()
    with executor(1, apart=True) as pool:  # where `regard results` reads them: one may end that process
        for at in rng.integers(len(whole), size=150).tolist():
            rest = bytes([int(rng.integers(256))]) + whole[at + 1 :] if rng.random() < 0.7 else b""
            paths[which].write_bytes(whole[:at] + rest)
            header_of(paths[which])
            try:
                outcomes.add(pool.submit(outcome, paths).result())
            except WorkerEnded:
                assert form == "parquet"
    assert outcomes == {"", str(paths[which])}


def test_a_file_that_ends_the_process_is_named_and_ends_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    paths = written(small())
    monkeypatch.setattr(history, "_APART", "tests.verify.evidence.hostile_files:end_process")
    with pytest.raises(InputError, match="an undamaged Parquet file") as raised:
        one_election(paths, "2022_pres_t1")
    assert raised.value.file == str(paths[0])


def test_a_csv_is_read_in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    paths = written(small(), form="csv")
    monkeypatch.setattr(history, "_APART", "tests.verify.evidence.hostile_files:end_process")
    assert len(one_election(paths, "2022_pres_t1").row) == 3


def test_row_groups_and_rows_without_an_end_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    counts, votes = written(small())
    monkeypatch.setattr(sources, "MAX_GROUP", 3)
    with pytest.raises(InputError, match="row groups of at most 3 rows"):
        open_history([counts, votes])
    counts, votes = written(small(), form="csv")
    counts.write_bytes(counts.read_bytes() + b'"' + b"x" * 5000)
    monkeypatch.setattr(sources, "_PIECE", 1000)
    with pytest.raises(InputError, match="a longer one"):
        open_history([counts, votes])


def test_a_pipe_is_none_of_the_tables(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert header_of(tmp_path / "pipe") is None


def test_a_file_that_is_written_to_meanwhile_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "_PIECE", 100)
    paths = written(small(), form="csv")
    found = open_history(paths)
    table = found.election("2022_pres_t1")
    paths[0].write_bytes(paths[0].read_bytes() + b"\n")
    with pytest.raises(InputError, match="a file that does not change while it is read") as raised:
        found.election("2022_pres_t2")
    found.close()
    assert raised.value.file == str(paths[0])
    assert table.problems == ()
