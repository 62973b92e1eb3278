"""`regard totals`: what dumps of any machine hold, as one tidy table, and what was checked of them."""

from __future__ import annotations

import argparse
from functools import partial

from protocol.dumps.recognising import find_dumps
from protocol.words import msg
from regard.outputs import claim
from regard.paths import existing
from regard.reports.dumps import as_csv, as_json, show_dumps
from regard.reports.screen import Screen
from regard.terminal import complain, step_line

NO_DUMP = msg("no dump of any known format there: give the folder or the files that the machines wrote")


def run(args: argparse.Namespace) -> int:
    """Read, check, write, show.

    Returns:
        0, 1 where a check fails or something could not be read, 2 where nothing is counted or checked.

    Raises:
        OutputRefused: a table must not be written where it is to be; nothing was read.
        InputError: a file or a folder is not there.
    """
    paths = [existing(path) for path in args.paths]
    with claim(args, "--csv", "--json", read=paths) as outputs:
        with step_line(args.lang) as step:
            found = find_dumps(paths, partial(step, "dumps"), signatures=not args.skip_crypto)
        outputs.stream("--csv", lambda: as_csv(found))
        outputs.write_json(lambda: as_json(found, args.lang))
        screen = Screen(args.lang, outputs.console(), whole=args.verbose)
        show_dumps(found, screen)
        screen.end()
        if not found.readings and not found.unrecognised:
            complain(args, NO_DUMP)
        return outputs.end(args, found.exit_code())
