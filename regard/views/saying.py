"""Texts for a report: in its language, harmless, and no longer than can be read."""

from __future__ import annotations

import re
from dataclasses import dataclass

from protocol.words import language
from regard.language import begins_as_given, capitalise, number, show
from regard.terminal import clean, without_start

LONG = 6000
"""Characters of a text that is said; a longer one is cut."""
SHORT = 160
"""Characters of a name, a code or a place."""
_CUT = " […]"
_OF_FILES = re.compile(r"[/@\\]|\.\w")


def cut(text: str, most: int) -> str:
    """A text of at most so many characters; where it is cut, that is to be seen."""
    return text if len(text) <= most else text[: most - len(_CUT)] + _CUT


def cut_within(text: str, most: int) -> str:
    """The same, cut a fourth before its end, which of a place has the row and the sheet."""
    end = most // 4
    return text if len(text) <= most else text[: most - len(_CUT) - end] + _CUT + text[-end:]


@dataclass(frozen=True, slots=True)
class Speaker:
    """Says texts in the language of a code."""

    language: str

    def text(self, said: object) -> str:
        """A text as it can be shown."""
        return cut(clean(show(self.language, said)), LONG)

    def name(self, text: object) -> str:
        """A name, a code or a place as it can be shown."""
        return cut_within(clean(show(self.language, text)), SHORT)

    def place(self, source: object) -> str:
        """Place of a figure."""
        return without_start(self.name(source))

    def sentence(self, text: object) -> str:
        """A text that begins with a capital letter, unless it begins with a name or a value out of the evidence."""
        said = self.text(text)
        given = not isinstance(text, str) and begins_as_given(language(self.language), text)
        return said if given or _OF_FILES.search(said.partition(" ")[0]) else capitalise(said)

    def number(self, value: int) -> str:
        """A whole number with its digits in groups."""
        return number(self.language, value)
