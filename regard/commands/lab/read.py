"""`regard lab read`: reads the module in a reading unit into an evidence file, over a serial line."""

from __future__ import annotations

import argparse
import contextlib
import sys
from pathlib import Path

from protocol.errors import RegardError
from protocol.own_files import part_path, record_path
from protocol.words import msg
from regard.interruption import exit_code
from regard.language import show
from regard.reading.finishing import FinishedReading, ReadingEnd, finish
from regard.reading.partial_read import PartialRead
from regard.reading.unit import prepare, read_all
from regard.terminal import clean, complain, print_said, progress_bar


def run(args: argparse.Namespace) -> int:
    """Read, compare, write.

    Returns:
        0 for a good image in FILE, 1 where a section fails its check or FILE holds something else, 2 where there
        is no complete reading, 128 and the signal's number when interrupted. What was read stays in FILE.part.
    """
    begun = False
    try:
        with contextlib.ExitStack() as keep:
            earlier = prepare(args.output, keep, resume=args.resume, force=args.force, trace=args.trace)
            begun = True
            with progress_bar(args.lang, msg("reading"), msg("bytes")) as bar:
                how = {name: getattr(args, name) for name in ("baud", "once", "force", "trace")}
                reading = read_all(args.port, args.output, earlier, keep, report=lambda _, *at: bar(*at), **how)
            return _finish(args, reading)
    except (RegardError, OSError) as error:
        code = 2
        complain(args, error)
    except KeyboardInterrupt as interruption:
        code = exit_code(interruption)
        complain(args, msg("interrupted"))
    if begun:
        _say_what_is_kept(args)
    return code


def _say_what_is_kept(args: argparse.Namespace) -> None:
    """Say where an unfinished reading is, and whether it can go on."""
    part = part_path(args.output)
    try:
        kept = PartialRead.resume(args.output)
    except (RegardError, OSError):
        text = show(
            args.lang, msg("What was read is kept in {part}, but cannot go on; --force starts anew.", part=part)
        )
    else:
        if kept is None:
            return
        kept.let_go()
        if not kept.state.read:
            return
        text = show(
            args.lang, msg("What was read is kept in {part}; the same command with --resume goes on.", part=part)
        )
    print(clean(text), file=sys.stderr)


def _finish(args: argparse.Namespace, reading: PartialRead) -> int:
    """Give the image and the record of its reading their names, and say what there is."""
    output: Path = args.output
    finished = finish(reading, output, force=args.force)
    if finished.end is ReadingEnd.OTHER_IMAGE:
        other = msg(
            "{output} exists and holds something else; what was read is in {path}, --force replaces",
            output=output,
            path=reading.path,
        )
        complain(args, other)
        return 1
    if finished.end is ReadingEnd.OTHER_RECORD:
        other = msg(
            "{output} was there already, identical, but {record} is not its record; --force replaces both",
            output=output,
            record=record_path(output),
        )
        complain(args, other)
        return 1
    if finished.end is ReadingEnd.SAME:
        print_said(args.lang, msg("{output} was there already, identical.", output=output))
    _summarise(args.lang, finished, output)
    for name in finished.failing:
        print_said(args.lang, msg("Section {name} fails its check.", name=name))
    return 1 if finished.failing else 0


def _summarise(language: str, finished: FinishedReading, output: Path) -> None:
    state = finished.state
    said = msg(
        "{output}: {size:n} bytes of module {urn}, machine {machine}, {how}.\nSHA-256 {sha256}\n{retries}. "
        "Line and image are a model, not the vendor's.",
        output=output,
        size=state.image_length,
        urn=state.module_serial,
        machine=state.machine_serial or "-",
        how=finished.how,
        sha256=state.sha256,
        retries=finished.retries,
    )
    print_said(language, said)
