"""Texts that people read, as data: an English sentence with the values in it, a sentence only where it is shown.

A `Message` travels inside errors, findings and problems of files, through processes and columns. `Language.show`
makes the sentence. Its catalogue is gettext's, keyed by the English sentence, so that English needs none and a further
language is one file.
"""

from __future__ import annotations

import re
import reprlib
import string
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from gettext import NullTranslations, translation
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Message:
    """One text for people.

    Attributes:
        text: the sentence in English, values in braces: ``{row}``; ``{count:n}`` is a whole number with
            its digits in groups, as the language writes them.
        values: by the names in the braces: whole numbers, other messages, and texts that are shown as they are.
        plural: the sentence where the value ``count`` is not one; empty where nothing is counted.
        context: tells apart texts that are the same in English and differ elsewhere.
        own: translations that come with the text, by the codes of their languages.
    """

    text: str
    values: Mapping[str, Any] = field(default_factory=dict)
    plural: str = ""
    context: str = ""
    own: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return ENGLISH.show(self)

    def __hash__(self) -> int:
        return hash((self.text, self.plural, self.context))


@dataclass(frozen=True, slots=True)
class Series:
    """Several values one after another, with a joint between them."""

    items: tuple[Any, ...]
    joint: Message | str

    def __str__(self) -> str:
        return ENGLISH.show(self)


@dataclass(frozen=True, slots=True)
class Clause:
    """A sentence as a part of another one: without its full stop."""

    sentence: Message | str

    def __str__(self) -> str:
        return ENGLISH.show(self)


class Plural(int):
    """A whole number that is shown with its digits in groups wherever it stands."""


LONGEST_CITED = 80
"""Characters of a value that are shown where it is not what belongs there."""
Text = str | Message | Series | Clause
"""Anything that can be shown: a text of ours, or one that stands somewhere and is shown as it is."""


def msg(text: str, /, **values: Any) -> Message:
    """A text for people and the values in it."""
    return Message(text, values)


def nmsg(one: str, many: str, count: int, /, **values: Any) -> Message:
    """A text for people that counts something, ``{count:n}``, in its two forms."""
    return Message(one, {"count": count, **values}, plural=many)


def pmsg(context: str, text: str, /, **values: Any) -> Message:
    """A text for people that would be ambiguous without its context."""
    return Message(text, values, context=context)


def titled(texts: Mapping[str, str]) -> Message:
    """A text that data brings in one or several languages; in any other it is shown in English, else in the first."""
    return Message(texts.get("en") or next(iter(texts.values())), own=texts)


def quoted(text: object) -> Message:
    """A name or a value in the language's quotation marks."""
    return msg("“{name}”", name=text)


def cited(value: object) -> Text:
    """A value as it stands in a file or was typed: a text in quotation marks, cut where it is long."""
    if not isinstance(value, str):
        return reprlib.repr(value)
    if not value.strip():
        return msg("blanks only") if value else msg("nothing")
    return quoted(value if len(value) <= LONGEST_CITED else f"{value[:LONGEST_CITED]}…")


def series(items: Iterable[Any], joint: Message | str | None = None) -> Series:
    """Values one after another, with commas between them unless another joint is given."""
    return Series(tuple(items), msg(", ") if joint is None else joint)


_FEW = 3
"""Values that are shown of many, unless another number is given."""


def first_of(items: Iterable[Any], most: int = _FEW, joint: Message | str | None = None) -> Series:
    """The first of some values one after another, and an ellipsis where there are more."""
    some = list(items)
    return series([*some[:most], "…"] if some[most:] else some, joint)


class Language:
    """One language: its catalogue, and how it writes numbers.

    Args:
        code: as ``fr``.
        catalogue: the translations, keyed by the English texts.
    """

    def __init__(self, code: str, catalogue: NullTranslations) -> None:
        self.code = code
        self.catalogue = catalogue
        self.thousands = catalogue.pgettext("between the digits of thousands and hundreds", ",")
        self.point = catalogue.pgettext("before the decimals", ".")
        self._formatter = _Formatter(self)

    def show(self, value: object) -> str:
        """A message as a sentence, several values one after another, any other value as it is."""
        if isinstance(value, Message):
            template = self.template(value)
            return self._formatter.vformat(template, (), value.values) if value.values else template
        if isinstance(value, str):
            return value
        if isinstance(value, Plural):
            return self.number(value)
        if isinstance(value, Clause):
            return self.show(value.sentence).removesuffix(".")
        if isinstance(value, Series):
            return self.show(value.joint).join(map(self.show, value.items))
        if value is None:
            return self.show(msg("nothing"))
        return str(value)

    def template(self, message: Message) -> str:
        """The sentence of a message with its braces, in this language."""
        catalogue = self.catalogue
        if self.code in message.own:
            return message.own[self.code]
        if message.plural:
            return catalogue.ngettext(message.text, message.plural, message.values["count"])
        if message.context:
            return catalogue.pgettext(message.context, message.text)
        return catalogue.gettext(message.text)

    def number(self, value: int) -> str:
        """A whole number with its digits in groups of three."""
        return f"{value:,}".replace(",", self.thousands)

    def decimal(self, value: float, digits: int = 1) -> str:
        """A number with that many decimals."""
        return f"{value:.{digits}f}".replace(".", self.point)

    def plain(self, value: float) -> str:
        """A number with as many decimals as it has."""
        return f"{value:g}".replace(".", self.point)


_SECRET = re.compile(r"PRIVATE\+KEY\+\S*")
"""A private key: messages never cite one, even where its file is taken for something else."""


class _Formatter(string.Formatter):
    """Puts the values into a sentence: each as the language shows it, unless the braces say how."""

    def __init__(self, language: Language) -> None:
        self._language = language

    def get_value(self, key: int | str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        return kwargs[str(key)]

    def format_field(self, value: Any, format_spec: str) -> str:
        if format_spec == "n" and isinstance(value, int):
            return self._language.number(value)
        if format_spec in ("", "n"):
            shown = self._language.show(value)
            return _SECRET.sub("PRIVATE+KEY+…", shown) if "PRIVATE+KEY+" in shown else shown
        shown = format(value, format_spec)
        return shown.replace(".", self._language.point) if isinstance(value, float) else shown


ENGLISH = Language("en", NullTranslations())
"""The language of the texts themselves: what an error says of itself to a program."""

DOMAIN = "regard"
LOCALE = Path(__file__).parents[1] / "regard" / "locale"
"""The catalogues: a folder for each language, which were installed beside this package."""


def languages() -> tuple[str, ...]:
    """The codes of all languages that there is a catalogue for, and English."""
    found = (path.parent.parent.name for path in LOCALE.glob(f"*/LC_MESSAGES/{DOMAIN}.mo"))
    return tuple(sorted({ENGLISH.code, *found}))


@cache
def language(code: str) -> Language:
    """The language of a code; English where there is no catalogue for it."""
    if code == ENGLISH.code:
        return ENGLISH
    return Language(code, translation(DOMAIN, LOCALE, [code], fallback=True))


HELD = "\ue000"
"""Stands for a space at which no line may break while lines are made: a private character, as wide as a space."""
_NARROW, _HELD_NARROW = "\u202f", "\ue001"
"""The space between the thousands of a French number, where some programs break lines, and its substitute."""
_PLACES = re.compile("(?<=[^ ]) (?=[:;?!»%‰])|(?<=«) ")
_UNITS = "min|minutes?|ms|s|secondes?|seconds?|h|hours?|heures?|kB|MB|GB|ko|Mo|Go"
_BEFORE_UNITS = re.compile(rf"(?<=\d) (?=(?:{_UNITS})\b(?!['’]))")
_ONE_OF = ("bureau", "poll", "round", "scrutin", "tour")
_NUMBERED = re.compile("|".join((r"(?<=\b[Nn]°) ", *(rf"(?<=\b{word}) (?=\d)" for word in _ONE_OF))))
_OPTION = re.compile('--[a-z][a-z-]*[ =]"[^"]*"')
"""An option with a value in quotation marks, to be copied as it is."""


def hold(text: str, width: int = 0) -> str:
    """A text in which the spaces that must not break are none to whoever breaks its lines.

    Args:
        text: one without such spaces yet.
        width: of the lines, where words that are longer are broken at it: those are broken a little before it where the
            next line would begin with such a space, or with what follows it.
    """
    held = _BEFORE_UNITS.sub(HELD, _PLACES.sub(HELD, text)).replace(_NARROW, _HELD_NARROW)
    return re.sub(rf"\S{{{width + 1},}}", lambda found: _folded(found[0], width), held) if width > 0 else held


def _folded(word: str, width: int) -> str:
    """A word that is too long, with a line break wherever it may not be broken at the width."""
    lines, at = "", 0
    while len(word) > width:
        at = _place_to_break(word, width)
        lines += word[:at] + ("\n" if at != width else "")
        word = word[at:]
    return lines + word


def _place_to_break(word: str, at: int) -> int:
    """The place at which a word is broken that is too long, or just before it where that is at a held space."""
    return next((place for place in (at, at - 1, at - 2) if place > 0 and HELD not in word[place - 1 : place + 1]), at)


def release(text: str) -> str:
    """A text that `hold` has changed, as it was."""
    return text.replace(HELD, " ").replace(_HELD_NARROW, _NARROW)


def unbroken(text: str) -> str:
    """A text for pages, in which those spaces are ones that do not break."""
    for spaces in (_PLACES, _BEFORE_UNITS, _NUMBERED):
        text = spaces.sub("\u00a0", text)
    return text


def wrap(text: str, width: int, indent: str = "", *, break_long_words: bool = True) -> list[str]:
    """The lines of a text, those after the first with ``indent``; only words that are too long are broken, or none."""
    import textwrap

    if not break_long_words:
        text = _OPTION.sub(lambda found: found[0].replace(" ", HELD), text)
    lines = textwrap.wrap(
        hold(text, width if break_long_words else 0),
        width,
        subsequent_indent=indent,
        break_long_words=break_long_words,
        break_on_hyphens=False,
    )
    return [release(line) for line in lines]


_LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "đ": "d", "ł": "l", "ı": "i"})
"""Letters that Unicode does not take apart."""


def without_accents(text: str) -> str:
    """A text in small letters without accents; signs and spaces stay."""
    if text.isascii():
        return text.lower()
    letters = unicodedata.normalize("NFKD", text).casefold().translate(_LETTERS)
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
