"""`regard convert`: dumps of any machine in a form that other programs read."""

from __future__ import annotations

import argparse
import datetime
import sys
from collections.abc import Iterator
from functools import partial
from importlib.metadata import version
from pathlib import Path

from protocol.cvr.conversion import convert
from protocol.dumps.finding import FoundDumps, find_dumps
from protocol.errors import InputError
from protocol.words import msg, series
from regard.commands.checking.totals import NO_DUMP
from regard.outputs import Outputs
from regard.paths import existing
from regard.reports.dumps import DumpScreen, as_csv, write_parquet
from regard.terminal import complain, console, step_line


def run(args: argparse.Namespace) -> int:
    """Read, write, and show what was read.

    Returns:
        0, 1 where a check fails or something could not be read, 2 where nothing is counted or checked: nothing is
        written then.

    Raises:
        OutputRefused: the file must not be written where it is to be; nothing was read.
        InputError: a file or a folder is not there.
    """
    paths = [existing(path) for path in args.paths]
    with Outputs({"-o": args.output}, paths, force=args.force) as outputs:
        with step_line(args.lang) as step:
            found = find_dumps(paths, partial(step, "dumps"), signatures=not args.skip_crypto)
        code = found.outcome()
        if code == 2:
            complain(args.lang, args.command, NO_DUMP)
        else:
            _write(found, args.to, outputs, _only_folder(paths))
        DumpScreen(args.lang, console(sys.stderr)).brief(found.readings)
        return outputs.end(args.command, args.lang, code)


def _only_folder(paths: list[Path]) -> Path | None:
    """The folder that files were found in, where it is one folder."""
    return paths[0] if len(paths) == 1 and paths[0].is_dir() else None


def _write(found: FoundDumps, form: str, outputs: Outputs, below: Path | None) -> None:

    if form == "cvr-json":
        outputs.stream("-o", lambda: _ballots(found, below))
        return
    if form == "csv":
        outputs.stream("-o", lambda: as_csv(found))
        return
    outputs.attempt("-o", lambda: write_parquet(found, outputs.file("-o")))
    outputs.publish("-o")


def _ballots(found: FoundDumps, below: Path | None) -> Iterator[bytes]:
    """The ballots of the one dump that has some.

    Raises:
        InputError: there are totals only, or there is more than one dump, as a report is of one.
    """
    if len(found.readings) > 1:
        named = series(each.layout.title for each in found.readings)
        wanted = msg("dumps of one layout, in one folder or given file by file")
        raise InputError(str(found.readings[1].files[0].path), None, None, wanted, named)
    now = datetime.datetime.now(datetime.UTC).replace(microsecond=0)
    return convert(found.readings[0], now, f"regard {version('regard')}", below)
