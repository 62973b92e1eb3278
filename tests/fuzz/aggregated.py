"""Fuzzing of the reader of data.gouv.fr's tables of all elections: one of the two damaged, beside the other one."""

import contextlib
import tempfile
from functools import cache
from pathlib import Path

from protocol.errors import InputError
from tests.fuzz._guided import Bounds, Harness
from tests.fuzz.published import check_shape
from tests.verify.aggregated import tables
from verify.read.aggregated.history import open_history, try_apart
from verify.read.aggregated.sources import header_of
from verify.read.published.checks import derived_null, flaws, gaps
from verify.read.published.sums import by_label

BOUNDS = Bounds(seconds=5, memory=48 * 2**20)
"""For small files as these, of two elections."""
_COUNTS, _VOTES = "counts", "votes"


def seeds() -> dict[str, bytes]:
    """Both tables, as CSV in each generation of columns and as Parquet."""
    found = {}
    for which, rows in ((_COUNTS, tables.general(tables.small())), (_VOTES, tables.candidats(tables.small()))):
        for generation in tables.GENERATIONS:
            found[f"{which}, {generation}"] = tables.as_csv(tables.in_generation(rows, generation))
        found[f"{which}, parquet"] = tables.as_parquet(rows)
        found[f"{which}, parquet of texts"] = tables.as_parquet(rows, typed=False)
    return found


@cache
def _whole(name: str) -> bytes:
    return seeds()[name]


def examine(kind: str, path: Path, data: bytes) -> int:
    """Read every election of both tables, and use what came out in every way.

    Args:
        kind: which of the two is damaged, as in `seeds`.
        path: where it is put.
        data: its bytes.

    Returns:
        how many elections they had.

    Raises:
        AssertionError: a result that is not of its documented shape, an error that names neither file.
    """
    path.write_bytes(data)
    other = _VOTES if kind.startswith(_COUNTS) else _COUNTS
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        beside = Path(folder, "whole.csv")
        beside.write_bytes(_whole(f"{other}, G3"))
        header_of(path)
        try:
            try_apart([path, beside], "")
            history = open_history([path, beside])
            stack.callback(history.close)
            found = [history.election(election) for election in history.elections()]
        except InputError as error:
            if error.file not in (str(path), str(beside)):
                raise AssertionError("an error that does not name the file") from error
            return 0
    for table in found:
        check_shape(table)
        flaws(table)
        gaps(table)
        derived_null(table)
        by_label(table)
    return len(found)


run = Harness(seeds, examine, BOUNDS).run
