"""`python -m bundle DIR`: what `make bundle` runs."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from bundle.making import PLATFORMS, PYTHONS, BundleFailed, make


def main() -> int:
    """Make the folder. Returns 0, or 2 where a wheel could not be had."""
    parser = argparse.ArgumentParser(prog="python -m bundle", description=__doc__)
    parser.add_argument("folder", type=Path, help="a new or empty folder")
    parser.add_argument("--platform", nargs="+", choices=PLATFORMS, default=list(PLATFORMS), help="default: all")
    parser.add_argument(
        "--python", nargs="+", default=list(PYTHONS), metavar="X.Y", help=f"default: {' '.join(PYTHONS)}"
    )
    args = parser.parse_args()
    try:
        made = make(args.folder, args.platform, args.python)
    except BundleFailed as error:
        print(f"bundle: {error}", file=sys.stderr)
        return 2
    print(f"{args.folder}: {made.wheels} wheels, {made.size / 1e6:,.0f} MB; {args.folder / 'LISEZ-MOI.txt'} says how.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
