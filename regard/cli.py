"""The command line. A room of commands is loaded only when one of them is used."""

from __future__ import annotations

import argparse
import os
import sys
import warnings
from collections.abc import Collection, Mapping, Sequence
from importlib import import_module

from protocol.words import Message, cited, languages, msg, series
from regard.arguments import Argument, Either, Parser
from regard.interruption import ending_on_signals, exit_code
from regard.language import capitalise, default, show
from regard.streams import finish, prepare


class CommandRoom:
    """Commands that belong together, listed under one title.

    Attributes:
        title: of the list.
        name: of the package.
        commands: what each does, by its name.
        about: what they all do, where the name of the room stands before theirs: ``regard lab read``.
    """

    __slots__ = ("about", "commands", "name", "title")

    def __init__(
        self, title: Message, name: str, commands: Mapping[str, Message], about: Message | None = None
    ) -> None:
        self.title, self.name, self.commands, self.about = title, name, commands, about

    def spell(self, command: str) -> str:
        """The words that call a command, after ``regard``."""
        return command if self.about is None else f"{self.name} {command}"

    def options(self, command: str) -> tuple[Argument | Either, ...]:
        """The arguments of a command."""
        found: tuple[Argument | Either, ...] = import_module(f"regard.commands.{self.name}").OPTIONS[command]
        return found

    def run(self, command: str, args: argparse.Namespace) -> int:
        """Run a command. Returns its exit code."""
        code: int = import_module(f"regard.commands.{self.name}.{command}").run(args)
        return code


ROOMS = (
    CommandRoom(
        msg("an election checked"),
        "checking",
        {
            "verify": msg("compare exports, sign-in counts, PVs and published results"),
            "show": msg("show one bureau: every figure of it side by side"),
            "serve": msg("open a local page to work on a case"),
            "next": msg("say until when and how to complain, and write the letters"),
            "template": msg("write empty tables to fill in from the PVs"),
            "results": msg("show what a file of published results holds, or compare two"),
            "layouts": msg("list the layouts of published results, or explain one"),
            "totals": msg("show what dumps of any machine hold, and what was checked of them"),
            "audit": msg("plan how many papers or bureaux would prove a result"),
            "forecast": msg("compare forecasts and polls with a result that is checked first"),
        },
    ),
    CommandRoom(
        msg("figures sealed, and a night that comes in"),
        "sealing",
        {
            "live": msg("follow a live night: keep, seal and show what arrives"),
            "keys": msg("make a key that signs what is sealed"),
            "seal": msg("seal the figures of a night, so that any later change shows"),
            "prove": msg("write the proof of what was sealed for one bureau"),
            "check": msg("check the proof of a bureau, and its figures"),
            "witness": msg("plan how many sheets must agree with a sealed night, or compare them"),
            "changes": msg("show what changed between two editions of a sealed night"),
        },
    ),
    CommandRoom(
        msg("polling day planned and simulated"),
        "planning",
        {
            "plan": msg("plan the day of a town: waits, scenarios, the fewest machines"),
            "simulate": msg("simulate an election night"),
            "replay": msg("write the night that would have given published results"),
        },
    ),
    CommandRoom(
        msg("to begin, and to look things up"),
        "guide",
        {
            "demo": msg("simulate a night, verify it, show it all"),
            "rules": msg("explain the rules"),
            "faults": msg("list the faults that a simulated night can have"),
            "help": msg("show the documents"),
            "completion": msg("print what a shell needs to complete the commands"),
        },
    ),
    CommandRoom(
        msg("for laboratories and studies"),
        "lab",
        {
            "read": msg("read a module over the serial line"),
            "emulate": msg("emulate a reading unit, to work without hardware"),
            "ports": msg("list the serial ports"),
            "inspect": msg("show every field of an export, a module image or another machine's dump"),
            "export": msg("write the result export of a module image"),
        },
        about=msg("read a machine's module over a serial line, emulate its reading unit, inspect files"),
    ),
    CommandRoom(
        msg("for laboratories and studies"),
        "study",
        {
            "calibrate": msg("compare the simulation with the studies and real data"),
            "matrix": msg("measure which faults each set of evidence shows"),
            "score": msg("compare the findings with the truth of a simulated night"),
            "precision": msg("compute the share of bureaux with a gap, by machine and by paper"),
            "queue": msg("simulate the queue of one bureau: waits, and how many voters it can take"),
        },
        about=msg("measure how well the simulation and the checks work"),
    ),
)
"""In the order in which the help lists them."""
COMMANDS = {command: room for room in ROOMS for command in room.commands}
"""The room of each command."""
GROUPS = {room.name: room for room in ROOMS if room.about is not None}
"""Rooms whose name stands before those of their commands."""


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
    _add_language(parser, language)
    commands = parser.add_subparsers(dest="command", metavar=show(language, _COMMAND))
    listed: dict[str, list[argparse.Action]] = {}
    for room in ROOMS:
        inside, before = commands, len(commands._choices_actions)
        if room.about is not None:
            group = _add(commands, room.name, room.about, language)
            _add_language(group, language)
            inside = group.add_subparsers(dest="command", metavar=show(language, _COMMAND))
        for command, about in room.commands.items():
            added = _add(inside, command, about, language)
            if command in chosen:
                for option in room.options(command):
                    option.add_to(added, language)
                _add_language(added, language)
        listed.setdefault(show(language, room.title), []).extend(commands._choices_actions[before:])
    parser.list_commands(listed)
    return parser


_COMMAND = msg("COMMAND")


def _add(commands: argparse._SubParsersAction[Parser], name: str, about: Message, language: str) -> Parser:
    text = show(language, about)
    return commands.add_parser(name, help=text, description=f"{capitalise(text)}.", language=language)


def _add_language(parser: Parser, language: str) -> None:
    text = show(language, msg("language of all texts (default: the locale's)"))
    parser.add_argument("--lang", choices=languages(), default=language, help=text)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Returns:
        0 nothing found at or above the chosen severity, 1 findings, 2 wrong usage, nothing readable, or something asked
        for that could not be written; 128 and the signal's number where one ended it. Output that nobody reads any
        more, as with `| head`, changes none of them.
    """
    prepare()
    given = list(sys.argv[1:] if argv is None else argv)
    arguments, chosen = spell_out(given)
    language = _language(arguments)
    parser = build_parser([chosen] if chosen else [], language)
    if chosen is None and (said := _near(arguments)) is not None:
        parser.error(show(language, said))
    parsed = parser.parse_args(arguments)
    if parsed.version:
        from importlib.metadata import version  # noqa: PLC0415 - start-up

        print(f"regard {version('regard')}")
        return 0
    if parsed.command is None:
        parser.command(arguments).print_help()
        return 2
    if len(arguments) > len(given):
        name = COMMANDS[parsed.command].spell(parsed.command)
        _complain(parsed, msg("this command is now `regard {name}`; the short name ends with version 2", name=name))
    code = _run(parsed)
    if (plugged := sys.modules.get("protocol.plug_ins")) is not None:
        for said in plugged.take_broken():
            _complain(parsed, said)
    if (error := finish()) is not None and code != 2:
        _complain(parsed, error)
        return 2
    return code


def spell_out(arguments: list[str]) -> tuple[list[str], str | None]:
    """The arguments, with the name of the group before a command that is called without it, and the command.

    Commands of groups were called by their own names alone before version 1; these names end with version 2.
    """
    for at, word in enumerate(arguments):
        if word in COMMANDS:
            return [*arguments[:at], *COMMANDS[word].spell(word).split(), *arguments[at + 1 :]], word
        if word in GROUPS:
            return arguments, next((each for each in arguments[at + 1 :] if each in GROUPS[word].commands), None)
    return arguments, None


def _near(arguments: list[str]) -> Message | None:
    """Suggest the command that a word is nearly; None without one."""
    words = [word for before, word in zip(["", *arguments], arguments, strict=False) if before != "--lang"]
    word = next((word for word in words if not word.startswith("-")), "")
    if not word:
        return None
    from difflib import get_close_matches  # noqa: PLC0415 - start-up

    near = get_close_matches(word[:40].lower(), [*COMMANDS, *GROUPS], 3, 0.6)
    if not near or word in GROUPS:
        return None
    spelled = series(COMMANDS[name].spell(name) if name in COMMANDS else name for name in near)
    return msg("{word}: no such command; did you mean {near}?", word=cited(word), near=spelled)


def _language(arguments: list[str]) -> str:
    """The language asked for, before anything is parsed, so that the help itself is in it."""
    for word, following in zip(arguments, [*arguments[1:], ""], strict=False):
        wanted = following if word == "--lang" else word.removeprefix("--lang=") if word.startswith("--lang=") else ""
        if wanted in languages():
            return wanted
    return default()


def _run(parsed: argparse.Namespace) -> int:
    from protocol.errors import RegardError  # noqa: PLC0415 - start-up

    room, name = COMMANDS[parsed.command], parsed.command
    parsed.command = room.spell(name)
    try:
        warnings.filterwarnings("ignore", "plug-in ")  # said below, in the reader's language
        with ending_on_signals():
            code = room.run(name, parsed)
    except (RegardError, OSError) as error:
        _complain(parsed, error)
        return 2
    except KeyboardInterrupt as interruption:
        return exit_code(interruption)
    except Exception as error:
        if os.environ.get("REGARD_TRACEBACK"):
            raise
        from protocol.errors import disk_failure  # noqa: PLC0415 - start-up

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
    from regard.terminal import complain  # noqa: PLC0415 - start-up

    complain(parsed, said)
