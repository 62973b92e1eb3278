"""French or English: chosen by `--lang`, else by `REGARD_LANG`, else by the locale."""

from __future__ import annotations

import argparse
import os

LANGUAGES = ("fr", "en")


def default() -> str:
    """``fr`` where the environment says so, else ``en``."""
    for variable in ("REGARD_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(variable, "")
        if value:
            return "fr" if value.lower().startswith("fr") else "en"
    return "en"


def spoken(parser: argparse.ArgumentParser) -> str:
    """The language in which a command's help is to be: the one that was asked for before parsing, else the default."""
    language = parser.get_default("lang")
    return language if language in LANGUAGES else default()


def add_language(parser: argparse.ArgumentParser) -> None:
    """The option `--lang`."""
    language = spoken(parser)
    french, english = (
        "langue de tous les textes (défaut : celle du système)",
        "language of all texts (default: the locale's)",
    )
    parser.add_argument("--lang", choices=LANGUAGES, default=language, help=say(language, french, english))


def say(language: str, french: str, english: str) -> str:
    """The text in the language asked for."""
    return french if language == "fr" else english


def number(language: str, value: int) -> str:
    """A whole number with its digits in groups of three: by narrow spaces in French, by commas in English."""
    return f"{value:,}".replace(",", say(language, "\u202f", ","))


def decimal(language: str, value: float, digits: int = 1) -> str:
    """A number with that many decimals, after a comma in French and a point in English."""
    return f"{value:.{digits}f}".replace(".", say(language, ",", "."))


def told(language: str, error: Exception) -> str:
    """An error as a sentence. What a reader of files expected and found is in the words of that reader."""
    if language == "fr":
        from protocol.errors import InputError

        if isinstance(error, InputError):
            row = f", ligne {error.row}" if error.row is not None else ""
            column = f", colonne {error.column}" if error.column else ""
            return f"{error.file}{row}{column} : attendu : {error.expected} ; trouvé : {error.got}"
        return str(getattr(error, "french", error))
    return str(error)
