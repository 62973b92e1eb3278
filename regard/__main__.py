"""`python -m regard` is `regard`, wherever it is started: nothing is imported from the current folder."""

from __future__ import annotations

import os
import sys

# `-m` puts the current folder first, as `-P` would not; a night may hold a rich.py or a verify/__init__.py
_OURS = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))  # noqa: PTH120 - pathlib is not loaded yet
if not sys.flags.safe_path and os.path.realpath(sys.path[0]) != _OURS:
    del sys.path[0]

from regard.cli import main  # noqa: E402

if __name__ == "__main__":
    sys.exit(main())
