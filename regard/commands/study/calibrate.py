"""`regard study calibrate`: what the simulator's parameters come to, beside what was observed."""

from __future__ import annotations

import argparse

from protocol.words import msg
from regard.outputs import claim
from regard.studies.calibration_document import document
from regard.terminal import print_said, progress_bar


def run(args: argparse.Namespace) -> int:
    """Simulate, and print or write the document. Returns 0, or 2 where it cannot be written.

    Raises:
        OutputRefused: it must not be written where it is to be.
    """
    with claim(args, "--write") as outputs:
        with progress_bar(args.lang, msg("simulating"), msg("nights")) as report:
            text = document(args.nights, args.lang, report)
        outputs.write("--write", text.encode)
        if not outputs.wants("--write"):
            print(text, end="")  # it has taken minutes
        elif not outputs.on_screen:
            print_said(args.lang, msg("Written to {write}.", write=args.write))
        return outputs.end(args, 0)
