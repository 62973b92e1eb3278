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


def add_language(parser: argparse.ArgumentParser) -> None:
    """The option `--lang`."""
    parser.add_argument(
        "--lang", choices=LANGUAGES, default=default(), help="language of all texts (default: the locale's)"
    )


def say(language: str, french: str, english: str) -> str:
    """The text in the language asked for."""
    return french if language == "fr" else english


def number(language: str, value: int) -> str:
    """A whole number with its digits in groups of three: by narrow spaces in French, by commas in English."""
    return f"{value:,}".replace(",", say(language, "\u202f", ","))
