"""``python -m tests.fuzz._live_child STORE BUREAUX SEED SPEED``: feeds a store, and says what is acknowledged."""

import os
import sys
import time
from pathlib import Path

from regard.live.night import EveningClock, feed
from regard.live.store import LiveStore
from tests.regard.live.live_nights import about, made_up, note


def main(path: str, number: str, seed: str, speed: str) -> None:
    """Feed to the end, unless somebody ends it before."""
    evening = made_up(int(number), int(seed))
    print("begins", flush=True)

    def acknowledge(size: int) -> None:
        os.write(1, b"%d\n" % size)

    with LiveStore(Path(path), about(evening)) as store:
        feed(
            store,
            evening,
            lambda start: EveningClock(start, int(speed), time.monotonic, time.sleep),
            note,
            acknowledge,
        )


if __name__ == "__main__":
    main(*sys.argv[1:])
