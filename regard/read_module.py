"""`regard read`: reads the module in a reading unit into an evidence file, over a serial line."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from regard.emulate import BAUD
from regard.language import add_language, say, spoken, told

if TYPE_CHECKING:
    from protocol.link import Stream
    from regard.partial_read import PartialRead
    from regard.reading_session import Report


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
        help=text(
            "lire une fois, au lieu de deux que l'on compare ; ce qui est venu par une connexion rompue est relu",
            "read once, instead of twice with a comparison; what came over a connection that broke is read again",
        ),
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
    from regard.interruption import exit_code

    begun = False
    try:
        with contextlib.ExitStack() as keep:
            keep.enter_context(Output(args.output))  # nobody else reads into it meanwhile
            _check_files(args)
            earlier = _resume(args, keep)
            begun = True
            return _finish(args, _read(args, earlier, keep))
    except (RegardError, OSError) as error:
        code = _complain(told(args.lang, error), 2)
    except KeyboardInterrupt as interruption:
        code = _complain(say(args.lang, "interrompu", "interrupted"), exit_code(interruption))
    if begun:
        _say_what_is_kept(args)
    return code


def _complain(text: str, code: int) -> int:
    """Say on standard error what went wrong, and return the exit code."""
    from regard.terminal import clean

    print(clean(f"regard read: {text}"), file=sys.stderr)
    return code


def _say_what_is_kept(args: argparse.Namespace) -> None:
    """Say where an unfinished reading is, and whether it can go on."""
    from protocol.errors import RegardError
    from regard.partial_read import PartialRead, part_path
    from regard.terminal import clean

    part = part_path(args.output)
    try:
        kept = PartialRead.resume(args.output)
    except (RegardError, OSError):
        text = say(
            args.lang,
            f"Ce qui a été lu est conservé dans {part}, mais ne peut pas continuer ; --force recommence.",
            f"What was read is kept in {part}, but cannot go on; --force starts anew.",
        )
    else:
        if kept is None:
            return
        kept.let_go()
        if not kept.state.read:
            return
        text = say(
            args.lang,
            f"Ce qui a été lu est conservé dans {part} ; la même commande avec --resume continue.",
            f"What was read is kept in {part}; the same command with --resume goes on.",
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
    from regard.partial_read import part_path, state_path
    from regard.reading_record import record_path

    part, record = part_path(args.output), record_path(args.output)
    written = {"FILE": args.output, "FILE.json": record, "FILE.part": part, "FILE.part.json": state_path(args.output)}
    for path in written.values():
        check_output(path)
    check_apart(written | ({} if args.trace is None else {"--trace": args.trace}))
    if args.force:
        return
    if part.exists() and not args.resume:
        raise RegardError(f"{part} is an unfinished reading: --resume goes on, --force starts anew")
    if record.exists() and not (args.output.exists() or args.resume):
        raise RegardError(f"{record} exists without its module image: --force replaces it")


def _resume(args: argparse.Namespace, keep: contextlib.ExitStack) -> PartialRead | None:
    """The unfinished reading to go on with, if that was asked for and there is one."""
    from regard.partial_read import PartialRead

    earlier = PartialRead.resume(args.output) if args.resume else None
    if earlier is not None:
        keep.callback(earlier.close)
    return earlier


def _read(args: argparse.Namespace, earlier: PartialRead | None, keep: contextlib.ExitStack) -> PartialRead:
    """Open the port and bring a reading to its end."""
    from protocol.link import UnitLink
    from protocol.serial_port import SerialStream
    from protocol.trace import TracedStream
    from regard.reading_session import read_session
    from regard.reading_trace import open_trace

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
    from protocol import files
    from regard.reading_record import certifies, check_sections, make_record, record_path
    from regard.terminal import clean

    output: Path = args.output
    record = record_path(output)
    reading.save()
    sections = check_sections(bytes(reading.image))
    compared = reading.state.compared == len(reading.image)
    if args.force or not os.path.lexists(output):
        reading.publish(output, record, make_record(reading, output, sections))
    elif not _is_same(output, bytes(reading.image)):
        text = say(
            args.lang,
            f"{output} existe et contient autre chose ; la lecture est dans {reading.path}, --force remplace",
            f"{output} exists and holds something else; what was read is in {reading.path}, --force replaces",
        )
        return _complain(text, 1)
    elif record.exists() and not certifies(record, reading.state.sha256):
        text = say(
            args.lang,
            f"{output} existait, identique, mais {record} n'est pas son compte rendu ; --force remplace les deux",
            f"{output} was there already, identical, but {record} is not its record; --force replaces both",
        )
        return _complain(text, 1)
    else:
        if not record.exists():
            files.write(record, make_record(reading, output, sections))
        reading.discard()
        print(clean(say(args.lang, f"{output} existait, identique.", f"{output} was there already, identical.")))
    _summarise(args.lang, reading, output, compared)
    failing = [name for name, verdict in sections.items() if verdict == "fails"]
    for name in failing:
        print(say(args.lang, f"La section {name} échoue à son contrôle.", f"Section {name} fails its check."))
    return 1 if failing else 0


def _is_same(output: Path, image: bytes) -> bool:
    """Whether a file holds the same bytes."""
    from protocol.opening import TooLargeError, open_evidence

    try:
        return open_evidence(output, len(image)).data == image
    except TooLargeError:
        return False


def _summarise(language: str, reading: PartialRead, output: Path, compared: bool) -> None:
    from regard.terminal import clean

    state = reading.state
    retries = sum(int(session.get("repeated", 0)) for session in state.sessions)
    machine = state.machine_serial or "-"
    twice = ("lue deux fois, identique", "read twice, the same") if compared else ("lue une fois", "read once")
    text = say(
        language,
        f"{output} : {state.image_length} octets de l'urne {state.module_serial}, machine {machine}, {twice[0]}.\n"
        f"SHA-256 {state.sha256}\n"
        f"{retries} blocs redemandés. Ligne et image sont un modèle, pas celles du constructeur.",
        f"{output}: {state.image_length} bytes of module {state.module_serial}, machine {machine}, {twice[1]}.\n"
        f"SHA-256 {state.sha256}\n"
        f"{retries} blocks asked for again. Line and image are a model, not the vendor's.",
    )
    for line in text.split("\n"):
        print(clean(line))


@contextlib.contextmanager
def _progress(language: str) -> Iterator[Report]:
    """A bar with the time that remains, on a terminal only; a moving one while the unit is asked who it is."""
    if not sys.stderr.isatty():
        yield lambda step, done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    names = {
        "ask": say(language, "attente de l'unité", "waiting for the unit"),
        "read": say(language, "lecture", "reading"),
        "compare": say(language, "relecture", "reading again"),
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
