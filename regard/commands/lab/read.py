"""`regard lab read`: reads the module in a reading unit into an evidence file, over a serial line."""

from __future__ import annotations

import argparse
import contextlib
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from protocol.errors import LinkError, RegardError
from protocol.files import Output
from protocol.line.link import Stream, UnitLink
from protocol.line.serial_port import SerialStream
from protocol.line.trace import TracedStream
from protocol.output_refusals import check_distinct, check_output
from protocol.own_files import part_path, record_path, state_path
from protocol.words import msg
from regard.interruption import exit_code
from regard.language import show
from regard.printing import print_text
from regard.reading.finishing import FinishedReading, ReadingEnd, finish
from regard.reading.partial_read import PartialRead
from regard.reading.session import Report, read_session
from regard.reading.trace import open_trace
from regard.terminal import clean, complain


def run(args: argparse.Namespace) -> int:
    """Read, compare, write.

    Returns:
        0 for a good image in FILE, 1 where a section fails its check or FILE holds something else, 2 where there
        is no complete reading, 128 and the signal's number when interrupted. What was read stays in FILE.part.
    """
    begun = False
    try:
        with contextlib.ExitStack() as keep:
            keep.enter_context(Output(args.output))  # nobody else reads into it meanwhile
            _check_files(args)
            earlier = _resume(args, keep)
            begun = True
            return _finish(args, _read(args, earlier, keep))
    except (RegardError, OSError) as error:
        code = 2
        complain(args.lang, args.command, error)
    except KeyboardInterrupt as interruption:
        code = exit_code(interruption)
        complain(args.lang, args.command, msg("interrupted"))
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


def _check_files(args: argparse.Namespace) -> None:
    """Make sure that nothing is overwritten that somebody may still need.

    Raises:
        OutputRefused: one of the files that are written is no regular file, or two have the same name.
        RegardError: an unfinished reading, or the record of another one, is in the way.
    """
    part, record = part_path(args.output), record_path(args.output)
    written = {"FILE": args.output, "FILE.json": record, "FILE.part": part, "FILE.part.json": state_path(args.output)}
    for path in written.values():
        check_output(path)
    check_distinct(written | ({} if args.trace is None else {"--trace": args.trace}))
    if args.force:
        return
    if part.exists() and not args.resume:
        raise RegardError(msg("{part} is an unfinished reading: --resume goes on, --force starts anew", part=part))
    if record.exists() and not (args.output.exists() or args.resume):
        raise RegardError(msg("{record} exists without its module image: --force replaces it", record=record))


def _resume(args: argparse.Namespace, keep: contextlib.ExitStack) -> PartialRead | None:
    """The unfinished reading to go on with, if that was asked for and there is one."""
    earlier = PartialRead.resume(args.output) if args.resume else None
    if earlier is not None:
        keep.callback(earlier.close)
    return earlier


def _read(args: argparse.Namespace, earlier: PartialRead | None, keep: contextlib.ExitStack) -> PartialRead:
    """Open the port and bring a reading to its end."""
    listening = re.fullmatch(r"tcp:(\d{1,5})", args.port)
    if listening is not None:
        address = f"socket://127.0.0.1:{listening[1]}"
        raise LinkError(
            msg("{port} is where regard lab emulate listens: read from {address}", port=args.port, address=address)
        )
    with contextlib.ExitStack() as stack:
        log = None
        if args.trace is not None:
            log = stack.enter_context(open_trace(args.trace, f"{args.port!a} {args.baud} baud", args.force))
        report = stack.enter_context(_progress(args.lang))
        report("ask", 0, 0)
        stream: Stream = SerialStream(args.port, args.baud)
        stack.callback(stream.close)
        if log is not None:
            stream = TracedStream(stream, log)
        link = UnitLink(stream, args.baud)
        return read_session(link, args.output, earlier, args.once, report, (args.port, args.baud), keep)


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
        complain(args.lang, args.command, other)
        return 1
    if finished.end is ReadingEnd.OTHER_RECORD:
        other = msg(
            "{output} was there already, identical, but {record} is not its record; --force replaces both",
            output=output,
            record=record_path(output),
        )
        complain(args.lang, args.command, other)
        return 1
    if finished.end is ReadingEnd.SAME:
        print_text(clean(show(args.lang, msg("{output} was there already, identical.", output=output))))
    _summarise(args.lang, finished, output)
    for name in finished.failing:
        print_text(show(args.lang, msg("Section {name} fails its check.", name=name)))
    return 1 if finished.failing else 0


def _summarise(language: str, finished: FinishedReading, output: Path) -> None:
    state = finished.state
    text = show(
        language,
        msg(
            "{output}: {size:n} bytes of module {urn}, machine {machine}, {how}.\nSHA-256 {sha256}\n{retries}. "
            "Line and image are a model, not the vendor's.",
            output=output,
            size=state.image_length,
            urn=state.module_serial,
            machine=state.machine_serial or "-",
            how=finished.how,
            sha256=state.sha256,
            retries=finished.retries,
        ),
    )
    for line in text.split("\n"):
        print_text(clean(line))


@contextlib.contextmanager
def _progress(language: str) -> Iterator[Report]:
    """A bar with the time that remains, on a terminal only; a moving one while the unit is asked who it is."""
    if not sys.stderr.isatty():
        yield lambda step, done, total: None
        return

    names = {
        "ask": show(language, msg("waiting for the unit")),
        "read": show(language, msg("reading")),
        "compare": show(language, msg("reading again")),
    }
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        tasks = {}

        def report(step: str, done: int, total: int) -> None:
            if step not in tasks:
                tasks[step] = bar.add_task(names[step], total=total or None)
            bar.update(tasks[step], completed=done)
            bar.update(tasks["ask"], visible=step == "ask")

        yield report
