"""`python -m regard` is `regard`, wherever it is started: nothing is imported from the current folder."""

from __future__ import annotations

import os
import sys

if __name__ == "__main__":  # and not in a process that this one starts, which has its path from here
    # `-m` puts the current folder first, as `-P` would not; a night may hold a rich.py or a verify/__init__.py
    _ours = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))  # noqa: PTH120 - pathlib is not loaded yet
    if not sys.flags.safe_path and os.path.realpath(sys.path[0]) != _ours:
        del sys.path[0]
    from regard.start import main

    sys.exit(main())
