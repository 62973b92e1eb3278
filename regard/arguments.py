"""What argparse says by itself, in the language asked for; and the numbers that options take."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from functools import partial

from regard.language import say, spoken

TYPE_CHECKING = False  # as in typing, which takes longer to load than the help takes to make
if TYPE_CHECKING:
    from typing import Any, NoReturn

_HEADINGS = {"positional arguments": "arguments ", "options": "options "}
"""French has a space before a colon, and argparse puts the colon."""


class Parser(argparse.ArgumentParser):
    """A parser whose help and errors are in French or English; argparse has its own words in English only."""

    def __init__(self, *, language: str, **options: Any) -> None:
        super().__init__(
            add_help=False, formatter_class=_French if language == "fr" else argparse.HelpFormatter, **options
        )
        self.set_defaults(lang=language)
        self.add_argument(
            "-h", "--help", action="help", help=say(language, "montre cette aide", "show this help message and exit")
        )

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the words given, and end with 2."""
        from protocol.phrases import in_language
        from regard.terminal import clean

        language = str(self.get_default("lang"))
        self.print_usage(sys.stderr)
        error = say(language, "erreur : ", "error: ")
        self.exit(2, clean(f"{self.prog}: {error}{in_language(message, language)}") + "\n")


class _French(argparse.HelpFormatter):
    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, "usage : " if prefix is None else prefix)

    def start_section(self, heading: str | None) -> None:
        super().start_section(_HEADINGS.get(heading or "", heading))


def whole(low: int, high: int) -> Callable[[str], int]:
    """What makes a whole number within bounds of an argument's text."""

    def number(text: str) -> int:
        digits = text.isascii() and text.isdecimal() and len(text) <= len(str(high))
        if not digits or not low <= (value := int(text)) <= high:
            raise argparse.ArgumentTypeError(f"expected a whole number from {low} to {high}, got {text!r}")
        return value

    return number


def real(low: int, high: int) -> Callable[[str], float]:
    """What makes a number within bounds of an argument's text."""

    def number(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = low - 1.0
        if not low <= value <= high:
            raise argparse.ArgumentTypeError(f"expected a number from {low} to {high}, got {text!r}")
        return value

    return number


SEED = whole(0, 2**63 - 1)
"""What makes a seed."""


def add_force_argument(parser: argparse.ArgumentParser) -> None:
    """Whether reports may replace what is not regard's, and lie among the evidence."""
    text = partial(say, spoken(parser))
    parser.add_argument(
        "--force",
        action="store_true",
        help=text(
            "remplacer un fichier qui ne vient pas de regard ; accepter un fichier nouveau dans un dossier de pièces, "
            "où rien n'est jamais remplacé",
            "replace a file that is not regard's; allow a new file in a folder of evidence, where nothing is ever "
            "replaced",
        ),
    )


def add_json_argument(parser: argparse.ArgumentParser) -> None:
    """Where the figures of a command go for a program."""
    text = partial(say, spoken(parser))
    parser.add_argument(
        "--json",
        metavar=text("FICHIER", "FILE"),
        help=text("tout écrire en JSON ; - pour la sortie standard", "write everything as JSON; - for standard output"),
    )
