"""Returns of a live night into its store: leaves hashed, committed with a wait for the disk, sealed every five minutes.

And the store opened again, which looks at every leaf.
"""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path

from bench.timing import timed, verdict
from tests.regard.live.live_nights import made_up, play

RETURNS = 69_000
MOST_SECONDS = 30
"""In which a nation's returns are in the store; they come in over hours, and the load to be borne is five minutes."""


def main(rounds: int = 3) -> bool:
    """Measure; whether the bound held."""
    evening = made_up(RETURNS)
    ours, again = [], []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as name:
            store = Path(name) / "store"
            ours.append(timed(partial(play, store, evening))[1])
            again.append(timed(partial(play, store, evening))[1])
    best = min(ours)
    print(f"{RETURNS:,} returns, {len(evening.editions)} sealed editions: {best:.2f} s, {RETURNS / best:,.0f} a second")
    print(f"opened again and compared with every seal: {min(again):.2f} s")
    return verdict(f"{RETURNS:,} returns, seconds", best, MOST_SECONDS)
