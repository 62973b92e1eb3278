"""`regard convert`: dumps of any machine in a form that other programs read."""

from __future__ import annotations

import argparse
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from protocol.words import msg
from regard.arguments import add_force_argument
from regard.language import add_language, show, spoken

if TYPE_CHECKING:
    from protocol.dumps.finding import FoundDumps
    from regard.outputs import Outputs

FORMS = ("csv", "parquet")
"""What dumps can be written as."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe what the command takes."""
    text = partial(show, spoken(parser))
    parser.add_argument(
        "paths",
        metavar=text(msg("FILE|FOLDER")),
        type=Path,
        nargs="+",
        help=text(msg("dumps of any machine whose layout is known, and what lies beside them")),
    )
    parser.add_argument(
        "--to",
        choices=FORMS,
        required=True,
        help=text(msg("the form: a table of votes by unit, contest and choice, as CSV or as Parquet")),
    )
    parser.add_argument(
        "-o",
        "--output",
        metavar=text(msg("FILE")),
        required=True,
        help=text(msg("the file to write; - for standard output")),
    )
    add_force_argument(parser)
    add_language(parser)


def run(args: argparse.Namespace) -> int:
    """Read, write, and show what was read.

    Returns:
        0, 1 where a check fails or something could not be read, 2 where there is no dump at all and nothing is written.

    Raises:
        OutputRefused: the file must not be written where it is to be; nothing was read.
        InputError: a file or a folder is not there.
        NoParquet: pyarrow is not installed.
    """
    from protocol.dumps.finding import find_dumps
    from regard.outputs import Outputs
    from regard.paths import existing
    from regard.reports.dump_screen import DumpScreen
    from regard.terminal import console, progress

    if args.to == "parquet":
        from regard.reports.parquet_files import need_pyarrow

        need_pyarrow()
    paths = [existing(path) for path in args.paths]
    with Outputs({"-o": args.output}, paths, force=args.force) as outputs:
        with progress({"dumps": show(args.lang, msg("reading dumps"))}) as step:
            found = find_dumps(paths, partial(step, "dumps"))
        code = found.outcome()
        if code != 2:
            _write(found, args.to, outputs)
        DumpScreen(args.lang, console(sys.stderr)).brief(found.readings)
        return outputs.end("convert", args.lang, code)


def _write(found: FoundDumps, form: str, outputs: Outputs) -> None:
    from regard.reports.tally_tables import as_csv, write_parquet

    if form == "csv":
        outputs.stream("-o", lambda: as_csv(found))
        return
    outputs.attempt("-o", lambda: write_parquet(found, outputs.file("-o")))
    outputs.publish("-o")
