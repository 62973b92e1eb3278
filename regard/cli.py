"""The command line. Each command lives in a module of its own, which is loaded only when that command is used."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence

from protocol.words import msg
from regard.arguments import Parser
from regard.interruption import ending_on_signals, exit_code
from regard.language import LANGUAGES, add_language, default, say, show, told
from regard.streams import finish, prepare

COMMANDS = {
    "demo": (
        "regard.commands.demo",
        "simule une nuit, la vérifie, montre le tout",
        "simulate a night, verify it, show it all",
    ),
    "simulate": ("regard.commands.simulate", "simule une nuit électorale", "simulate an election night"),
    "replay": (
        "regard.commands.replay",
        "écrit la nuit qui aurait donné des résultats publiés",
        "write the night that would have given published results",
    ),
    "verify": (
        "regard.commands.verify",
        "confronte exports, émargements, PV et résultats publiés",
        "hold exports, sign-in counts, PVs and published results against each other",
    ),
    "inspect": (
        "regard.commands.inspect_file",
        "montre chaque champ d'un export ou d'une urne",
        "show every field of an export or a module image",
    ),
    "export": (
        "regard.commands.export",
        "tire l'export de résultats d'une image d'urne",
        "derive the result export from a module image",
    ),
    "results": (
        "regard.commands.results",
        "dit ce que contient un fichier de résultats publiés, ou compare deux fichiers",
        "tell what a file of published results holds, or compare two",
    ),
    "template": (
        "regard.commands.template",
        "écrit des tableaux vides à remplir d'après les PV",
        "write empty tables to fill in from the PVs",
    ),
    "precision": (
        "regard.commands.precision",
        "calcule la part des bureaux en écart, à la machine et sur papier",
        "compute the share of bureaux with a gap, on machines and on paper",
    ),
    "read": ("regard.commands.read", "lit une urne par la ligne série", "read a module over the serial line"),
    "emulate": (
        "regard.commands.emulate",
        "tient lieu d'unité de lecture, pour essayer sans matériel",
        "stand in for a reading unit, to try things without hardware",
    ),
    "queue": (
        "regard.commands.queue",
        "calcule l'attente aux machines, sur de nombreuses journées",
        "compute the waits at the machines, over many days",
    ),
    "calibrate": (
        "regard.commands.calibrate",
        "confronte la simulation aux études et aux données réelles",
        "hold the simulation against the studies and real data",
    ),
    "score": (
        "regard.commands.score",
        "confronte les constats à la vérité d'une nuit simulée",
        "hold the findings against the truth of a simulated night",
    ),
    "matrix": (
        "regard.commands.matrix",
        "mesure ce que chaque jeu de pièces montre de chaque faute",
        "measure what each set of evidence shows of each fault",
    ),
    "ports": ("regard.commands.ports", "liste les ports série", "list the serial ports"),
    "rules": ("regard.commands.rules", "explique les règles", "explain the rules"),
    "help": ("regard.commands.help_topics", "montre les documents", "show the documents"),
}
"""The commands: module, and what each does in French and in English."""


def build_parser(chosen: str | None, language: str) -> Parser:
    """The parser: the options of the chosen command, and for all others only their names."""
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
    for name, (module, french, english) in COMMANDS.items():
        text = say(language, french, english)
        command = commands.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".", language=language)
        if name == chosen:
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
    parser = build_parser(chosen, _language(arguments))
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
        _complain(f"regard {parsed.command}: {told(parsed.lang, error)}")
        return 2
    return code


def _language(arguments: list[str]) -> str:
    """The language asked for, before anything is parsed, so that the help itself is in it."""
    for word, following in zip(arguments, [*arguments[1:], ""], strict=False):
        wanted = following if word == "--lang" else word.removeprefix("--lang=") if word.startswith("--lang=") else ""
        if wanted in LANGUAGES:
            return wanted
    return default()


def _run(parsed: argparse.Namespace) -> int:
    from protocol.errors import RegardError

    module = importlib.import_module(COMMANDS[parsed.command][0])
    try:
        with ending_on_signals():
            code: int = module.run(parsed)
    except RegardError as error:
        _complain(f"regard {parsed.command}: {told(parsed.lang, error)}")
        return 2
    except OSError as error:
        _complain(f"regard {parsed.command}: {told(parsed.lang, error)}")
        return 2
    except KeyboardInterrupt as interruption:
        return exit_code(interruption)
    except Exception as error:
        if os.environ.get("REGARD_TRACEBACK"):
            raise
        _complain(
            f"regard {parsed.command}: {type(error).__name__}: {error}. "
            + show(
                parsed.lang,
                msg(
                    "This is a bug in regard, not in your files; with REGARD_TRACEBACK=1 the same command shows where."
                ),
            )
        )
        return 2
    return code


def _complain(text: str) -> None:
    """Say on standard error what went wrong; names and cells from files in it cannot rewrite the screen."""
    from regard.terminal import clean

    print("\n".join(map(clean, text.split("\n"))), file=sys.stderr)
