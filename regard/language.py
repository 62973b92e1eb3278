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


def colon(language: str) -> str:
    """A colon, with the space that French puts before it."""
    return say(language, " :", ":")


def number(language: str, value: int) -> str:
    """A whole number with its digits in groups of three: by narrow spaces in French, by commas in English."""
    return f"{value:,}".replace(",", say(language, "\u202f", ","))


def decimal(language: str, value: float, digits: int = 1) -> str:
    """A number with that many decimals, after a comma in French and a point in English."""
    return f"{value:.{digits}f}".replace(".", say(language, ",", "."))


def told(language: str, error: Exception) -> str:
    """An error as a sentence, with its file, row and column, or its field and byte, before what is wrong there."""
    from protocol.errors import FormatError, InputError
    from protocol.phrases import in_language

    mark = colon(language)
    if isinstance(error, OSError) and error.strerror:
        place = f"{error.filename}{mark} " if error.filename else ""
        return place + in_language(error.strerror, language)
    if isinstance(error, (InputError, FormatError)):
        expected, got = in_language(error.expected, language), in_language(error.got, language)
        wanted = say(language, f"attendu {expected}, trouvé {got}", f"expected {expected}, got {got}")
        if isinstance(error, FormatError):
            return (
                error.field + say(language, f", octet {error.offset}", f" at byte {error.offset}") + f"{mark} {wanted}"
            )
        row = f", {say(language, 'ligne', 'row')} {error.row}" if error.row is not None else ""
        column = f", {say(language, 'colonne', 'column')} {error.column}" if error.column else ""
        return f"{error.file}{row}{column}{mark} {wanted}"
    if isinstance(problems := getattr(error, "problems", None), tuple):  # of all files given
        files = "; ".join(told(language, problem) for problem in problems)
        return in_language(str(error.args[0]), language) + (f"{mark} {files}" if files else "")
    french = getattr(error, "french", None)
    return str(french) if language == "fr" and french else in_language(str(error), language)
