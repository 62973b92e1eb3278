"""The languages that regard speaks: chosen by `--lang`, else by `REGARD_LANG`, else by the locale.

A language is a folder of `locale/` with a catalogue in it; English needs none. So far few texts come from there: most
are still pairs of French and English (`say`, `protocol.phrases`), so that a third language would be English in part.
"""

from __future__ import annotations

import argparse
import gettext
import os
from functools import cache
from pathlib import Path

from protocol.words import ENGLISH, Language, msg

LANGUAGES = ("fr", "en")
DOMAIN = "regard"
LOCALE = Path(__file__).parent / "locale"


def languages() -> tuple[str, ...]:
    """The codes of all languages that there is a catalogue for, and English."""
    found = (path.parent.parent.name for path in LOCALE.glob(f"*/LC_MESSAGES/{DOMAIN}.mo"))
    return tuple(sorted({ENGLISH.code, *found}))


@cache
def language(code: str) -> Language:
    """The language of a code; English where there is no catalogue for it."""
    if code == ENGLISH.code:
        return ENGLISH
    return Language(code, gettext.translation(DOMAIN, LOCALE, [code], fallback=True))


def show(code: str, value: object) -> str:
    """A message as a sentence in the language of that code."""
    return language(code).show(value)


def number(code: str, value: int) -> str:
    """A whole number with its digits in groups of three."""
    return language(code).number(value)


def decimal(code: str, value: float, digits: int = 1) -> str:
    """A number with that many decimals."""
    return language(code).decimal(value, digits)


def default() -> str:
    """The language of the environment, if there is a catalogue for it, else English."""
    for variable in ("REGARD_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(variable, "")
        if value:
            code = value.lower().partition("_")[0].partition(".")[0]
            return code if code in languages() else ENGLISH.code
    return ENGLISH.code


def spoken(parser: argparse.ArgumentParser) -> str:
    """The language in which a command's help is to be: the one that was asked for before parsing, else the default."""
    code = parser.get_default("lang")
    return code if code in languages() else default()


def add_language(parser: argparse.ArgumentParser) -> None:
    """The option `--lang`."""
    code = spoken(parser)
    text = show(code, msg("language of all texts (default: the locale's)"))
    parser.add_argument("--lang", choices=languages(), default=code, help=text)


def say(code: str, french: str, english: str) -> str:
    """The text in the language asked for."""
    return french if code == "fr" else english


def colon(code: str) -> str:
    """A colon, with the space that French puts before it."""
    return say(code, " :", ":")


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
