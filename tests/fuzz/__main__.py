"""``python -m tests.fuzz NAME [--count N | --minutes N] [--only KIND] [--seed N]``: damage many inputs at random.

A harness is a module of this folder with ``run(effort, seed, report) -> int``: the number of inputs that failed.
"""

import argparse
import importlib
import sys
import time
from pathlib import Path

from tests.fuzz._guided import Effort


def names() -> list[str]:
    """The harnesses that there are."""
    return sorted(path.stem for path in Path(__file__).parent.glob("*.py") if not path.stem.startswith(("_", "test_")))


def main() -> int:
    """Run one harness; 1 where anything failed, with the seed that shows it again."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("name", choices=names())
    parser.add_argument("--count", type=int, default=1000, help="inputs of each kind (default: 1000)")
    parser.add_argument("--minutes", type=float, help="try each kind for so long, instead of a number of inputs")
    parser.add_argument("--only", action="append", default=[], metavar="KIND", help="one kind of input, by its name")
    parser.add_argument("--seed", type=int, default=1, help="same number, same inputs (default: 1)")
    given = parser.parse_args()
    started = time.monotonic()
    seconds = None if given.minutes is None else 60 * given.minutes
    harness = importlib.import_module(f"tests.fuzz.{given.name}")

    def report(line: str) -> None:
        print(line, flush=True)

    failed = harness.run(Effort(given.count, seconds, tuple(given.only)), given.seed, report)
    print(f"{given.name}: seed {given.seed}, {failed} failed, {time.monotonic() - started:.1f} s")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
