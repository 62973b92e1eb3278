"""`regard read`: reads the module in a reading unit into an evidence file, over a serial line."""

from __future__ import annotations

import argparse
import contextlib
import datetime
import json
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from regard.emulate import BAUD
from regard.language import add_language, say, spoken, told

if TYPE_CHECKING:
    from protocol.link import LinkCounts, Stream, UnitLink
    from regard.partial_read import PartialRead

READING_FORMAT = "regard module reading, version 1"
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
        is no complete reading, 130 when interrupted. What was read stays in FILE.part.
    """
    from protocol.errors import RegardError
    from regard.partial_read import part_path
    from regard.terminal import clean

    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        partial = _read(args)
    except (RegardError, OSError) as error:
        print(clean(f"regard read: {told(args.lang, error)}"), file=sys.stderr)
        code = 2
    except KeyboardInterrupt:
        print(say(args.lang, "regard read: interrompu", "regard read: interrupted"), file=sys.stderr)
        code = 130
    else:
        return _finish(args, partial)
    part = part_path(args.output)
    if part.exists() and part.stat().st_size:
        print(
            say(
                args.lang,
                f"Ce qui a été lu est conservé dans {part} ; la même commande avec --resume continue.",
                f"What was read is kept in {part}; the same command with --resume goes on.",
            ),
            file=sys.stderr,
        )
    return code


def _read(args: argparse.Namespace) -> PartialRead:
    """Open the port and bring a reading to its end."""
    from protocol.link import UnitLink
    from protocol.serial_port import SerialStream
    from protocol.trace import TracedStream
    from regard.partial_read import PartialRead

    _check_files(args)
    earlier = PartialRead.resume(args.output) if args.resume else None
    with contextlib.ExitStack() as stack:
        if earlier:
            stack.callback(earlier.close)
        started = _now()
        stream: Stream = SerialStream(args.port, args.baud)
        stack.callback(stream.close)
        if args.trace:
            log = stack.enter_context(args.trace.open("a", buffering=1, encoding="ascii"))
            log.write(f"# {started} {args.port!a} {args.baud} baud, seconds from here\n")
            stream = TracedStream(stream, log)
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
            partial.add_session(_session(args, started, link.counts, restarted))
    return partial


def _check_files(args: argparse.Namespace) -> None:
    """Make sure that nothing is overwritten that somebody may still need.

    Raises:
        RegardError: an unfinished reading, or the record of another one, is in the way.
    """
    from protocol.errors import RegardError
    from regard.partial_read import part_path

    if args.force:
        return
    if part_path(args.output).exists() and not args.resume:
        raise RegardError(f"{part_path(args.output)} is an unfinished reading: --resume goes on, --force starts anew")
    if _record_path(args.output).exists() and not (args.output.exists() or args.resume):
        raise RegardError(f"{_record_path(args.output)} exists without its module image: --force replaces it")


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
    from protocol import files

    image = bytes(partial.image)
    output: Path = args.output
    sections = _sections(image)
    compared = partial.state.compared == len(image)
    if output.exists() and not args.force:
        if output.stat().st_size != len(image) or output.read_bytes() != image:
            message = say(
                args.lang,
                f"{output} existe et contient autre chose ; la lecture est dans {partial.path}, --force remplace",
                f"{output} exists and holds something else; what was read is in {partial.path}, --force replaces",
            )
            print(f"regard read: {message}", file=sys.stderr)
            return 1
        partial.discard()
        print(say(args.lang, f"{output} existait, identique.", f"{output} was there already, identical."))
    else:
        record = _record(partial, output, sections)
        files.write(_record_path(output), json.dumps(record, indent=1, ensure_ascii=False).encode() + b"\n")
        partial.publish(output)
    _summarise(args.lang, partial, output, compared)
    failing = [name for name, verdict in sections.items() if verdict == "fails"]
    for name in failing:
        print(say(args.lang, f"La section {name} échoue à son contrôle.", f"Section {name} fails its check."))
    return 1 if failing else 0


def _summarise(language: str, partial: PartialRead, output: Path, compared: bool) -> None:
    state = partial.state
    retries = sum(int(session.get("repeated", 0)) for session in state.sessions)
    machine = state.machine_serial or "-"
    twice = ("lue deux fois, identique", "read twice, the same") if compared else ("lue une fois", "read once")
    print(
        say(
            language,
            f"{output} : {state.image_length} octets de l'urne {state.module_serial}, machine {machine}, {twice[0]}.\n"
            f"SHA-256 {state.sha256}\n"
            f"{retries} blocs redemandés. Ligne et image sont un modèle, pas celles du constructeur.",
            f"{output}: {state.image_length} bytes of module {state.module_serial}, machine {machine}, {twice[1]}.\n"
            f"SHA-256 {state.sha256}\n"
            f"{retries} blocks asked for again. Line and image are a model, not the vendor's.",
        )
    )


def _record(partial: PartialRead, output: Path, sections: Mapping[str, str]) -> dict[str, Any]:
    """What is known of the reading, for ``FILE.json``."""
    from importlib.metadata import version

    state = partial.state
    return {
        "format": READING_FORMAT,
        "note": "line and image are a model, not the vendor's",
        "regard": version("regard"),
        "file": output.name,
        "bytes": state.image_length,
        "sha256": state.sha256,
        "module_serial": state.module_serial,
        "machine_serial": state.machine_serial,
        "unit": state.unit,
        "passes": 2 if state.compared == state.image_length else 1,
        "retries": sum(int(session.get("repeated", 0)) for session in state.sessions),
        "sections": dict(sections),
        "sessions": [dict(session) for session in state.sessions],
    }


def _session(args: argparse.Namespace, started: str, counts: LinkCounts, restarted: bool | None) -> dict[str, Any]:
    """The record of one connection; ``unit_restarted`` is null where the connection broke."""
    return {
        "port": args.port,
        "baud": args.baud,
        "started": started,
        "ended": _now(),
        "requests": counts.requests,
        "repeated": counts.repeated,
        "timeouts": counts.timeouts,
        "damaged_frames": counts.damaged,
        "foreign_frames": counts.foreign,
        "bytes_sent": counts.sent,
        "bytes_received": counts.received,
        "blocks": {str(length): count for length, count in sorted(counts.block_lengths.items())},
        "unit_restarted": restarted,
    }


def _sections(image: bytes) -> dict[str, str]:
    """The verdict on each section of a module image, or nothing for bytes of another layout."""
    import numpy as np

    from protocol.module import DTYPE, IMAGE_SIZE, MAGIC, Section
    from protocol.module_checks import FAILS, GOOD, UNSEALED, check

    if len(image) != IMAGE_SIZE or not image.startswith(MAGIC):
        return {}
    texts = {GOOD: "good", FAILS: "fails", UNSEALED: "unsealed"}
    verdicts = check(np.frombuffer(image, DTYPE)).sections[0]
    return {section.name.lower(): texts[int(verdicts[section])] for section in Section}


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
