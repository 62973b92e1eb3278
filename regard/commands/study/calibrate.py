"""`regard study calibrate`: gaps and queues of the simulator beside those that were observed."""

from __future__ import annotations

import argparse

from protocol.words import msg
from regard.studies.calibration_document import document
from regard.terminal import progress_bar


def run(args: argparse.Namespace) -> int:
    """Simulate, and print the tables. Returns 0."""
    with progress_bar(args.lang, msg("simulating"), msg("nights")) as report:
        text = document(args.nights, args.lang, report)
    print(text, end="")
    return 0
