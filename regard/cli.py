"""The command line. Each command lives in a module of its own, which is loaded only when that command is used."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Collection, Sequence

from protocol.words import Message, cited, languages, msg, series
from regard.arguments import Parser
from regard.interruption import ending_on_signals, exit_code
from regard.language import add_language, capitalise, default, show
from regard.streams import finish, prepare

COMMANDS = {
    "demo": ("regard.commands.demo", msg("simulate a night, verify it, show it all")),
    "simulate": ("regard.commands.simulate", msg("simulate an election night")),
    "replay": ("regard.commands.replay", msg("write the night that would have given published results")),
    "verify": ("regard.commands.verify", msg("compare exports, sign-in counts, PVs and published results")),
    "show": ("regard.commands.show_bureau", msg("show one bureau: every figure of it side by side")),
    "serve": ("regard.commands.serve", msg("open a local page to work on a case")),
    "live": ("regard.commands.live", msg("let a night come in: keep, seal and show what arrives")),
    "inspect": ("regard.commands.inspect_file", msg("show every field of an export or a module image")),
    "export": ("regard.commands.export", msg("derive the result export from a module image")),
    "totals": ("regard.commands.totals", msg("show what dumps of any machine hold, and what was checked of them")),
    "convert": ("regard.commands.convert", msg("write what dumps hold in a form that other programs read")),
    "results": ("regard.commands.results", msg("tell what a file of published results holds, or compare two")),
    "layouts": ("regard.commands.layouts", msg("list the layouts of published results, or explain one")),
    "template": ("regard.commands.template", msg("write empty tables to fill in from the PVs")),
    "keys": ("regard.commands.keys", msg("make a key that signs what is sealed")),
    "seal": ("regard.commands.seal", msg("seal the figures of a night: no one can then change them unseen")),
    "prove": ("regard.commands.prove", msg("write the proof of what was sealed for one bureau")),
    "check": ("regard.commands.check", msg("check the proof of a bureau, and its figures")),
    "next": ("regard.commands.next_steps", msg("say until when and how to complain, and write the letters")),
    "witness": ("regard.commands.witness", msg("plan how many sheets must agree with a sealed night, or compare them")),
    "audit": ("regard.commands.audit", msg("plan how many papers or bureaux would prove a result")),
    "changes": ("regard.commands.changes", msg("show what changed between two editions of a sealed night")),
    "precision": (
        "regard.commands.precision",
        msg("compute the share of bureaux with a gap, on machines and on paper"),
    ),
    "forecast": ("regard.commands.forecast", msg("compare forecasts and polls with a result that is checked first")),
    "read": ("regard.commands.read", msg("read a module over the serial line")),
    "emulate": ("regard.commands.emulate", msg("stand in for a reading unit, to try things without hardware")),
    "queue": ("regard.commands.queue", msg("compute the waits at the machines, over many days")),
    "plan": ("regard.commands.plan", msg("plan the day of a town: waits, scenarios, the fewest machines")),
    "calibrate": ("regard.commands.calibrate", msg("compare the simulation with the studies and real data")),
    "score": ("regard.commands.score", msg("compare the findings with the truth of a simulated night")),
    "matrix": ("regard.commands.matrix", msg("measure what each set of evidence shows of each fault")),
    "ports": ("regard.commands.ports", msg("list the serial ports")),
    "rules": ("regard.commands.rules", msg("explain the rules")),
    "completion": ("regard.commands.completion", msg("print what a shell needs to complete the commands")),
    "help": ("regard.commands.help_topics", msg("show the documents")),
}
"""The commands: module, and what each does."""


def build_parser(chosen: Collection[str], language: str) -> Parser:
    """The parser: the options of the chosen commands, and for all others only their names."""
    parser = Parser(
        language=language,
        prog="regard",
        description=show(
            language, msg("Looks at what voting machines counted (a model of the NEDAP ESF1): where the figures part.")
        ),
        epilog=show(
            language,
            msg(
                "The machines' formats are a model: the vendor's are not public. A gap is not fraud. « "
                "regard COMMAND --help » and « regard help » tell more."
            ),
        ),
    )
    parser.add_argument("--version", action="store_true", help=show(language, msg("print the version")))
    add_language(parser)
    commands = parser.add_subparsers(dest="command", metavar=show(language, msg("COMMAND")))
    for name, (module, does) in COMMANDS.items():
        text = show(language, does)
        command = commands.add_parser(name, help=text, description=f"{capitalise(text)}.", language=language)
        if name in chosen:
            importlib.import_module(module).add_arguments(command)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Returns:
        0 nothing found at or above the chosen severity, 1 findings, 2 wrong usage, nothing readable, or something asked
        for that could not be written; 128 and the signal's number where one ended it. Output that nobody reads any
        more, as with `| head`, changes none of them.
    """
    prepare()
    arguments = list(sys.argv[1:] if argv is None else argv)
    chosen = next((word for word in arguments if word in COMMANDS), None)
    language = _language(arguments)
    parser = build_parser([chosen] if chosen else [], language)
    if chosen is None and (said := _near(arguments)) is not None:
        parser.error(show(language, said))
    parsed = parser.parse_args(arguments)
    if parsed.version:
        from importlib.metadata import version

        print(f"regard {version('regard')}")
        return 0
    if parsed.command is None:
        parser.print_help()
        return 2
    code = _run(parsed)
    if (error := finish()) is not None and code != 2:
        _complain(parsed, error)
        return 2
    return code


def _near(arguments: list[str]) -> Message | None:
    """What to say of a word that is nearly a command; None where none is."""
    words = [word for before, word in zip(["", *arguments], arguments, strict=False) if before != "--lang"]
    word = next((word for word in words if not word.startswith("-")), "")
    if not word:
        return None
    from difflib import get_close_matches

    near = get_close_matches(word[:40].lower(), COMMANDS, 3, 0.6)
    if not near:
        return None
    return msg("{word}: no such command; near: {near}", word=cited(word), near=series(near))


def _language(arguments: list[str]) -> str:
    """The language asked for, before anything is parsed, so that the help itself is in it."""
    for word, following in zip(arguments, [*arguments[1:], ""], strict=False):
        wanted = following if word == "--lang" else word.removeprefix("--lang=") if word.startswith("--lang=") else ""
        if wanted in languages():
            return wanted
    return default()


def _run(parsed: argparse.Namespace) -> int:
    from protocol.errors import RegardError

    module = importlib.import_module(COMMANDS[parsed.command][0])
    try:
        with ending_on_signals():
            code: int = module.run(parsed)
    except (RegardError, OSError) as error:
        _complain(parsed, error)
        return 2
    except KeyboardInterrupt as interruption:
        return exit_code(interruption)
    except Exception as error:
        if os.environ.get("REGARD_TRACEBACK"):
            raise
        from protocol.errors import disk_failure

        if (failure := disk_failure(error)) is not None:
            _complain(parsed, failure)
            return 2
        if isinstance(error, MemoryError):
            _complain(parsed, msg("there is not enough memory: close other programs, or give fewer files at a time"))
            return 2
        _complain(
            parsed,
            msg(
                "{kind}: {error}. This is a bug in regard, not in your files; with REGARD_TRACEBACK=1 the same command "
                "shows where.",
                kind=type(error).__name__,
                error=str(error),
            ),
        )
        return 2
    return code


def _complain(parsed: argparse.Namespace, said: Exception | Message) -> None:
    from regard.terminal import complain

    complain(parsed.lang, parsed.command, said)
