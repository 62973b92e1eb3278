"""`regard calibrate`: what the simulator's parameters come to, beside what was observed."""

from __future__ import annotations

import argparse
from pathlib import Path

from protocol.words import msg
from regard.arguments import add_force_argument, integer
from regard.language import add_language, language_of, show
from regard.printing import print_text

NIGHTS = 3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe what the command takes."""
    language = language_of(parser)
    parser.add_argument(
        "--nights",
        type=integer,
        choices=range(1, 51),
        default=NIGHTS,
        metavar="N",
        help=show(language, msg("simulated nights, 1 to 50 (default 3)")),
    )
    parser.add_argument(
        "--write",
        type=Path,
        metavar=show(language, msg("FILE")),
        help=show(language, msg("write the document there")),
    )
    add_force_argument(parser)
    add_language(parser)


def run(args: argparse.Namespace) -> int:
    """Simulate, and print or write the document. Returns 0, or 2 where it cannot be written.

    Raises:
        OutputRefused: it must not be written where it is to be.
    """
    from regard.outputs import Outputs
    from regard.studies.calibration_document import document
    from regard.terminal import clean, progress_bar

    what, unit = show(args.lang, msg("simulating")), show(args.lang, msg("nights"))
    with Outputs({"--write": args.write}, force=args.force) as outputs:
        with progress_bar(what, unit, args.lang) as report:
            text = document(args.nights, args.lang, report)
        outputs.write("--write", text.encode)
        if not outputs.wants("--write"):
            print(text, end="")  # it has taken minutes
        elif not outputs.on_screen:
            print_text(clean(show(args.lang, msg("Written to {write}.", write=args.write))))
        return outputs.end("calibrate", args.lang, 0)
