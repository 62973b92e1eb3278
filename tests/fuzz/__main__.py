"""``python -m tests.fuzz NAME [--count N] [--seed N]``: damage many inputs at random, see that all of it is found.

A harness is a module of this folder with ``run(count, seed, report) -> int``: the number of inputs that failed.
"""

import argparse
import importlib
import sys
import time
from pathlib import Path


def names() -> list[str]:
    """The harnesses that there are."""
    return sorted(path.stem for path in Path(__file__).parent.glob("*.py") if not path.stem.startswith(("_", "test_")))


def main() -> int:
    """Run one harness; 1 where anything failed, with the seed that shows it again."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("name", choices=names())
    parser.add_argument("--count", type=int, default=10_000, help="inputs to try (default: 10000)")
    parser.add_argument("--seed", type=int, default=1, help="same number, same inputs (default: 1)")
    given = parser.parse_args()
    started = time.monotonic()
    failed = importlib.import_module(f"tests.fuzz.{given.name}").run(given.count, given.seed, print)
    seconds = time.monotonic() - started
    print(f"{given.name}: {given.count:,} inputs, seed {given.seed}, {failed} failed, {seconds:.1f} s")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
