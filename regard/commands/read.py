"""`regard read`: reads the module in a reading unit into an evidence file, over a serial line."""

from __future__ import annotations

import argparse
import contextlib
import re
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from protocol.words import msg
from regard.commands.emulate import BAUD
from regard.language import add_language, language_of, show
from regard.printing import print_text

if TYPE_CHECKING:
    from protocol.line.link import Stream
    from regard.reading.finishing import FinishedReading
    from regard.reading.partial_read import PartialRead
    from regard.reading.session import Report


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe what the command takes."""
    text = partial(show, language_of(parser))
    file = text(msg("FILE"))
    parser.add_argument(
        "--port",
        required=True,
        metavar="PORT",
        help=text(msg("a device, or a URL: socket://HOST:PORT, rfc2217://HOST:PORT, …")),
    )
    parser.add_argument(
        "-o",
        "--output",
        required=True,
        metavar=file,
        type=Path,
        help=text(msg("the module image to write")),
    )
    parser.add_argument(
        "--baud",
        type=BAUD,
        default=115200,
        metavar="N",
        help=text(msg("of the line, 8N1 (default 115200)")),
    )
    parser.add_argument(
        "--trace",
        metavar=file,
        type=Path,
        help=text(msg("log every byte sent and received; appended to")),
    )
    parser.add_argument(
        "--resume",
        action="store_true",
        help=text(msg("go on with an unfinished reading of the same module")),
    )
    parser.add_argument(
        "--once",
        action="store_true",
        help=text(
            msg("read once, instead of twice with a comparison; what came over a connection that broke is read again")
        ),
    )
    parser.add_argument(
        "--force",
        action="store_true",
        help=text(msg("replace FILE, or an unfinished reading of it")),
    )
    add_language(parser)


def run(args: argparse.Namespace) -> int:
    """Read, compare, write.

    Returns:
        0 for a good image in FILE, 1 where a section fails its check or FILE holds something else, 2 where there
        is no complete reading, 128 and the signal's number when interrupted. What was read stays in FILE.part.
    """
    from protocol.errors import RegardError
    from protocol.files import Output
    from regard.interruption import exit_code
    from regard.terminal import complain

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
        complain(args.lang, "read", error)
    except KeyboardInterrupt as interruption:
        code = exit_code(interruption)
        complain(args.lang, "read", msg("interrupted"))
    if begun:
        _say_what_is_kept(args)
    return code


def _say_what_is_kept(args: argparse.Namespace) -> None:
    """Say where an unfinished reading is, and whether it can go on."""
    from protocol.errors import RegardError
    from protocol.reading_files import part_path
    from regard.reading.partial_read import PartialRead
    from regard.terminal import clean

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
    from protocol.errors import RegardError
    from protocol.output_refusals import check_apart, check_output
    from protocol.reading_files import part_path, record_path, state_path

    part, record = part_path(args.output), record_path(args.output)
    written = {"FILE": args.output, "FILE.json": record, "FILE.part": part, "FILE.part.json": state_path(args.output)}
    for path in written.values():
        check_output(path)
    check_apart(written | ({} if args.trace is None else {"--trace": args.trace}))
    if args.force:
        return
    if part.exists() and not args.resume:
        raise RegardError(msg("{part} is an unfinished reading: --resume goes on, --force starts anew", part=part))
    if record.exists() and not (args.output.exists() or args.resume):
        raise RegardError(msg("{record} exists without its module image: --force replaces it", record=record))


def _resume(args: argparse.Namespace, keep: contextlib.ExitStack) -> PartialRead | None:
    """The unfinished reading to go on with, if that was asked for and there is one."""
    from regard.reading.partial_read import PartialRead

    earlier = PartialRead.resume(args.output) if args.resume else None
    if earlier is not None:
        keep.callback(earlier.close)
    return earlier


def _read(args: argparse.Namespace, earlier: PartialRead | None, keep: contextlib.ExitStack) -> PartialRead:
    """Open the port and bring a reading to its end."""
    from protocol.errors import LinkError
    from protocol.line.link import UnitLink
    from protocol.line.serial_port import SerialStream
    from protocol.line.trace import TracedStream
    from regard.reading.session import read_session
    from regard.reading.trace import open_trace

    listening = re.fullmatch(r"tcp:(\d{1,5})", args.port)
    if listening is not None:
        address = f"socket://127.0.0.1:{listening[1]}"
        raise LinkError(
            msg("{port} is where regard emulate listens: read from {address}", port=args.port, address=address)
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
    from protocol.reading_files import record_path
    from regard.reading.finishing import ReadingEnd, finish
    from regard.terminal import clean, complain

    output: Path = args.output
    finished = finish(reading, output, force=args.force)
    if finished.end is ReadingEnd.OTHER_IMAGE:
        other = msg(
            "{output} exists and holds something else; what was read is in {path}, --force replaces",
            output=output,
            path=reading.path,
        )
        complain(args.lang, "read", other)
        return 1
    if finished.end is ReadingEnd.OTHER_RECORD:
        other = msg(
            "{output} was there already, identical, but {record} is not its record; --force replaces both",
            output=output,
            record=record_path(output),
        )
        complain(args.lang, "read", other)
        return 1
    if finished.end is ReadingEnd.SAME:
        print_text(clean(show(args.lang, msg("{output} was there already, identical.", output=output))))
    _summarise(args.lang, finished, output)
    for name in finished.failing:
        print_text(show(args.lang, msg("Section {name} fails its check.", name=name)))
    return 1 if finished.failing else 0


def _summarise(language: str, finished: FinishedReading, output: Path) -> None:
    from regard.terminal import clean

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
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

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
