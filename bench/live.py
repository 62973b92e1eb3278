"""Returns of a live night into its store: leaves hashed, committed with a wait for the disk, sealed every five minutes.

And the store opened again, which looks at every leaf.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from bench.timing import verdict
from tests.regard.live.live_nights import made_up, play

RETURNS = 69_000
MOST_SECONDS = 30
"""In which a nation's returns are in the store; they come in over hours, and the load to be borne is five minutes."""


def seconds(work: Callable[[], object]) -> float:
    """Time a call."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main(rounds: int = 3) -> bool:
    """Measure; whether the bound held."""
    evening = made_up(RETURNS)
    ours, again = [], []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as name:
            store = Path(name) / "store"
            ours.append(seconds(partial(play, store, evening)))
            again.append(seconds(partial(play, store, evening)))
    best = min(ours)
    print(f"{RETURNS:,} returns, {len(evening.editions)} sealed editions: {best:.2f} s, {RETURNS / best:,.0f} a second")
    print(f"opened again and compared with every seal: {min(again):.2f} s")
    return verdict(f"{RETURNS:,} returns, seconds", best, MOST_SECONDS)
