"""`regard read`: reads the module in a reading unit into an evidence file, over a serial line."""

from __future__ import annotations

import argparse
import contextlib
import datetime
import io
import json
import os
import re
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from regard.emulate import BAUD
from regard.language import add_language, say, spoken, told

if TYPE_CHECKING:
    from protocol.link import Stream, UnitLink
    from regard.partial_read import PartialRead

TRACE_HEAD = re.compile(rb"# [0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:+]+ '.*' [0-9]+ baud, seconds from here\n")
"""How a trace begins, and each connection in it."""
SAVE_EVERY = 1.0
"""Seconds of reading that a loss of power may cost."""

Report = Callable[[str, int, int], None]
"""Takes what is being done, and how many bytes of how many."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe what the command takes."""
    text = partial(say, spoken(parser))
    file = text("FICHIER", "FILE")
    parser.add_argument(
        "--port",
        required=True,
        metavar="PORT",
        help=text(
            "un périphérique, ou une adresse : socket://HÔTE:PORT, rfc2217://HÔTE:PORT, …",
            "a device, or a URL: socket://HOST:PORT, rfc2217://HOST:PORT, …",
        ),
    )
    parser.add_argument(
        "-o",
        "--output",
        required=True,
        metavar=file,
        type=Path,
        help=text("l'image d'urne à écrire", "the module image to write"),
    )
    parser.add_argument(
        "--baud",
        type=BAUD,
        default=115200,
        metavar="N",
        help=text("débit de la ligne, 8N1 (défaut : 115200)", "of the line, 8N1 (default 115200)"),
    )
    parser.add_argument(
        "--trace",
        metavar=file,
        type=Path,
        help=text(
            "noter chaque octet envoyé et reçu, à la suite de ce qui s'y trouve",
            "log every byte sent and received; appended to",
        ),
    )
    parser.add_argument(
        "--resume",
        action="store_true",
        help=text(
            "continuer une lecture inachevée de la même urne", "go on with an unfinished reading of the same module"
        ),
    )
    parser.add_argument(
        "--once",
        action="store_true",
        help=text("lire une fois, au lieu de deux que l'on compare", "read once, instead of twice with a comparison"),
    )
    parser.add_argument(
        "--force",
        action="store_true",
        help=text(
            "remplacer le fichier, ou une lecture inachevée de celui-ci", "replace FILE, or an unfinished reading of it"
        ),
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
    from protocol.output_refusals import OutputRefused
    from regard.interruption import exit_code
    from regard.partial_read import part_path
    from regard.terminal import clean

    try:
        with contextlib.ExitStack() as stack:
            stack.enter_context(Output(args.output))  # nobody else reads into it meanwhile
            _check_files(args)
            trace = None if args.trace is None else stack.enter_context(_open_trace(args))
            return _finish(args, _read(args, trace))
    except (RegardError, OSError) as error:
        print(clean(f"regard read: {told(args.lang, error)}"), file=sys.stderr)
        code = 2
        if isinstance(error, OutputRefused):
            return code
    except KeyboardInterrupt as interruption:
        print(say(args.lang, "regard read: interrompu", "regard read: interrupted"), file=sys.stderr)
        code = exit_code(interruption)
    part = part_path(args.output)
    if part.exists() and part.stat().st_size:
        kept = say(
            args.lang,
            f"Ce qui a été lu est conservé dans {part} ; la même commande avec --resume continue.",
            f"What was read is kept in {part}; the same command with --resume goes on.",
        )
        print(clean(kept), file=sys.stderr)
    return code


def _read(args: argparse.Namespace, trace: TextIO | None) -> PartialRead:
    """Open the port and bring a reading to its end."""
    from protocol.link import UnitLink
    from protocol.serial_port import SerialStream
    from protocol.trace import TracedStream
    from regard.partial_read import PartialRead
    from regard.reading_record import session_of

    earlier = PartialRead.resume(args.output) if args.resume else None
    with contextlib.ExitStack() as stack:
        if earlier:
            stack.callback(earlier.close)
        started = _now()
        stream: Stream = SerialStream(args.port, args.baud)
        stack.callback(stream.close)
        if trace is not None:
            trace.write(f"# {started} {args.port!a} {args.baud} baud, seconds from here\n")
            stream = TracedStream(stream, trace)
        link = UnitLink(stream, args.baud)
        identity = link.identify()
        if earlier:
            earlier.state.check_same(identity)
        before = link.status()
        partial = earlier or PartialRead.begin(args.output, identity)
        stack.callback(partial.close)
        after = None
        try:
            with _progress(args.lang) as report:
                _read_passes(link, partial, 1 if args.once else 2, report)
            after = link.status()
        finally:
            restarted = None if after is None else after.boot != before.boot
            partial.add_session(session_of(args.port, args.baud, (started, _now()), link.counts, restarted))
    return partial


def _check_files(args: argparse.Namespace) -> None:
    """Make sure that nothing is overwritten that somebody may still need.

    Raises:
        OutputRefused: one of the files that are written is no regular file, or two have the same name.
        RegardError: an unfinished reading, or the record of another one, is in the way.
    """
    from protocol.errors import RegardError
    from protocol.output_refusals import check_apart, check_output
    from regard.partial_read import part_path, state_path

    written = {"FILE": args.output, "FILE.json": _record_path(args.output)}
    written |= {"FILE.part": part_path(args.output), "FILE.part.json": state_path(args.output)}
    for path in written.values():
        check_output(path)
    check_apart(written | ({} if args.trace is None else {"--trace": args.trace}))
    if args.force:
        return
    if part_path(args.output).exists() and not args.resume:
        raise RegardError(f"{part_path(args.output)} is an unfinished reading: --resume goes on, --force starts anew")
    if _record_path(args.output).exists() and not (args.output.exists() or args.resume):
        raise RegardError(f"{_record_path(args.output)} exists without its module image: --force replaces it")


@contextlib.contextmanager
def _open_trace(args: argparse.Namespace) -> Iterator[TextIO]:
    """The trace, to be written at its end.

    Raises:
        OutputRefused: there is something else at that place, or another process is writing it.
    """
    from protocol.files import open_growing
    from protocol.output_refusals import OutputRefused

    with open_growing(args.trace) as file:
        if file.tell():
            file.seek(0)
            if not TRACE_HEAD.match(file.read(200)):
                raise OutputRefused(
                    f"{args.trace} is no trace of an earlier reading, and only such are written on: name another file",
                    f"{args.trace} n'est pas la trace d'une lecture antérieure, et seule une trace est continuée : "
                    "nommer un autre fichier",
                )
            file.seek(0, os.SEEK_END)
        with io.TextIOWrapper(file, encoding="ascii", line_buffering=True) as text:
            yield text


def _read_passes(link: UnitLink, partial: PartialRead, passes: int, report: Report) -> None:
    """Read what is missing of the first pass, then of the second; each ends with a look at who is there."""
    length = partial.state.image_length
    saved = link.clock()
    for number in range(1, passes + 1):
        done = partial.state.read if number == 1 else partial.state.compared
        step, take = ("read", partial.append) if number == 1 else ("compare", partial.compare)
        report(step, done, length)
        for piece in link.read(done, length):
            take(piece)
            done += len(piece)
            report(step, done, length)
            if link.clock() >= saved + SAVE_EVERY:
                partial.save()
                saved = link.clock()
        partial.state.check_same(link.identify())


def _finish(args: argparse.Namespace, partial: PartialRead) -> int:
    """Give the image and the record of its reading their names, and say what there is."""
    from regard.reading_record import check_sections, record_of
    from regard.terminal import clean

    image = bytes(partial.image)
    output: Path = args.output
    sections = check_sections(image)
    compared = partial.state.compared == len(image)
    if output.exists() and not args.force:
        if output.stat().st_size != len(image) or output.read_bytes() != image:
            message = say(
                args.lang,
                f"{output} existe et contient autre chose ; la lecture est dans {partial.path}, --force remplace",
                f"{output} exists and holds something else; what was read is in {partial.path}, --force replaces",
            )
            print(clean(f"regard read: {message}"), file=sys.stderr)
            return 1
        partial.discard()
        print(clean(say(args.lang, f"{output} existait, identique.", f"{output} was there already, identical.")))
    else:
        record = record_of(partial, output, sections)
        partial.publish(output, _record_path(output), json.dumps(record, indent=1, ensure_ascii=False).encode() + b"\n")
    _summarise(args.lang, partial, output, compared)
    failing = [name for name, verdict in sections.items() if verdict == "fails"]
    for name in failing:
        print(say(args.lang, f"La section {name} échoue à son contrôle.", f"Section {name} fails its check."))
    return 1 if failing else 0


def _summarise(language: str, partial: PartialRead, output: Path, compared: bool) -> None:
    from regard.terminal import clean

    state, shown = partial.state, clean(str(output))
    retries = sum(int(session.get("repeated", 0)) for session in state.sessions)
    machine = state.machine_serial or "-"
    twice = ("lue deux fois, identique", "read twice, the same") if compared else ("lue une fois", "read once")
    print(
        say(
            language,
            f"{shown} : {state.image_length} octets de l'urne {state.module_serial}, machine {machine}, {twice[0]}.\n"
            f"SHA-256 {state.sha256}\n"
            f"{retries} blocs redemandés. Ligne et image sont un modèle, pas celles du constructeur.",
            f"{shown}: {state.image_length} bytes of module {state.module_serial}, machine {machine}, {twice[1]}.\n"
            f"SHA-256 {state.sha256}\n"
            f"{retries} blocks asked for again. Line and image are a model, not the vendor's.",
        )
    )


def _record_path(output: Path) -> Path:
    return output.with_name(output.name + ".json")


def _now() -> str:
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")


@contextlib.contextmanager
def _progress(language: str) -> Iterator[Report]:
    """A bar with the time that remains, on a terminal only."""
    if not sys.stderr.isatty():
        yield lambda step, done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    names = {"read": say(language, "lecture", "reading"), "compare": say(language, "relecture", "reading again")}
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        tasks = {}

        def report(step: str, done: int, total: int) -> None:
            if step not in tasks:
                tasks[step] = bar.add_task(names[step], total=total)
            bar.update(tasks[step], completed=done)

        yield report
