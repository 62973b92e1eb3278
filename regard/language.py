"""The languages that regard speaks: chosen by `--lang`, else by `REGARD_LANG`, else by the locale.

On Windows, where no variable says it, by the language of the user interface.

A language is a folder of `locale/` with a catalogue in it; English needs none. `protocol.words` finds them.
"""

from __future__ import annotations

import os
import sys
from string import Formatter

from protocol import words
from protocol.words import DOMAIN, ENGLISH, Clause, Language, Message, Series, language, languages, msg

TYPE_CHECKING = False  # as in typing, which takes long to load
if TYPE_CHECKING:
    from fractions import Fraction


def show(code: str, value: object) -> str:
    """A message as a sentence in the language of that code."""
    return language(code).show(value)


def begins_as_given(language: Language, said: object) -> bool:
    """Check that a text begins with a name or a value from a file, which keeps its first letter."""
    if isinstance(said, Message):
        literal, name, _, _ = next(iter(Formatter().parse(language.template(said))), ("", None, None, None))
        return not literal and name is not None and begins_as_given(language, said.values[name])
    if isinstance(said, Clause):
        return begins_as_given(language, said.sentence)
    if isinstance(said, Series):
        return bool(said.items) and begins_as_given(language, said.items[0])
    return True


def number(code: str, value: int) -> str:
    """A whole number with its digits in groups of three."""
    return language(code).number(value)


def decimal(code: str, value: float, digits: int = 1) -> str:
    """A number with that many decimals."""
    return language(code).decimal(value, digits)


def exact_decimal(code: str, value: Fraction, digits: int = 2) -> str:
    """An exact number with that many decimals, half up in size."""
    scale = 10**digits
    size = (2 * scale * abs(value.numerator) + value.denominator) // (2 * value.denominator)
    whole, rest = divmod(size, scale)
    return f"{'−' if value < 0 and size else ''}{whole}{language(code).point}{rest:0{digits}}"


def capitalise(text: str) -> str:
    """A text with a capital at its beginning."""
    return text[:1].upper() + text[1:]


def default() -> str:
    """The language of the environment, if there is a catalogue for it, else English."""
    named = (os.environ.get(name, "") for name in ("REGARD_LANG", "LC_ALL", "LC_MESSAGES", "LANG"))
    name = (next(filter(None, named), "") or _of_windows()).partition(".")[0]
    codes = (name, name.partition("_")[0].lower())
    return next((code for code in codes if code in languages()), ENGLISH.code)


def _of_windows() -> str:
    """The language of Windows' user interface, as ``fr_FR``; empty elsewhere."""
    if sys.platform != "win32":
        return ""
    import ctypes  # noqa: PLC0415 - start-up
    import locale  # noqa: PLC0415 - start-up

    return locale.windows_locale.get(ctypes.windll.kernel32.GetUserDefaultUILanguage(), "")


def speak(code: str) -> None:
    """Let the standard library's own words, such as argparse's, come from the catalogue of a language."""
    import gettext  # noqa: PLC0415 - start-up

    gettext.bindtextdomain(DOMAIN, words.LOCALE)
    gettext.textdomain(DOMAIN)
    os.environ["LANGUAGE"] = code


def speaking() -> str:
    """The language that was last asked for by `speak`."""
    return os.environ.get("LANGUAGE", ENGLISH.code)


def say_error(code: str, error: Exception) -> str:
    """An error as a sentence, with its file, row and column, or its field and byte, before what is wrong there."""
    from protocol.errors import RegardError  # noqa: PLC0415 - start-up

    if isinstance(error, OSError) and error.strerror:
        reason = Message(error.strerror)
        if error.filename:
            return show(code, msg("{path}: {reason}", path=error.filename, reason=reason))
        return show(code, reason)
    return show(code, error.message) if isinstance(error, RegardError) else str(error)
