"""Returns of a live night into its store: leaves hashed, committed with a wait for the disk, sealed every five minutes.

Beside it the same rows in the same transactions by SQLite alone, and the store opened again, which looks at every leaf.
"""

from __future__ import annotations

import sqlite3
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from bench.timing import verdict
from regard.live.night import BATCH, Evening
from tests.regard.live.live_nights import made_up, play

RETURNS = 69_000
MOST_SECONDS = 30
"""In which a nation's returns are in the store; they come in over hours, and the load to be borne is five minutes."""
MOST_TIMES = 4
"""As long as SQLite alone."""


def plain(path: Path, evening: Evening) -> None:
    """The same rows, inserted by SQLite and nothing else."""
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    database.execute("CREATE TABLE returns (number INTEGER PRIMARY KEY, second, key, leaf, source)")
    for start in range(0, len(evening.returns), BATCH):
        database.execute("BEGIN")
        rows = enumerate(evening.returns[start : start + BATCH], start)
        values = ((at, each.second, each.key, each.leaf, each.source) for at, each in rows)
        database.executemany("INSERT INTO returns VALUES (?, ?, ?, ?, ?)", values)
        database.execute("COMMIT")
    database.close()


def seconds(work: Callable[[], object]) -> float:
    """Time a call."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main(rounds: int = 3) -> bool:
    """Measure; whether all bounds held."""
    evening = made_up(RETURNS)
    ours, alone, again = [], [], []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as name:
            store, other = Path(name) / "store", Path(name) / "other"
            alone.append(seconds(partial(plain, other, evening)))
            ours.append(seconds(partial(play, store, evening)))
            again.append(seconds(partial(play, store, evening)))
    best, limit = min(ours), min(alone)
    print(f"{RETURNS:,} returns, {len(evening.editions)} sealed editions: {best:.2f} s, {RETURNS / best:,.0f} a second")
    print(f"SQLite alone: {limit:.2f} s; opened again and compared with every seal: {min(again):.2f} s")
    held = verdict(f"{RETURNS:,} returns, seconds", best, MOST_SECONDS)
    return verdict("times as long as SQLite alone", best / limit, MOST_TIMES) and held
