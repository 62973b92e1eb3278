"""Where lines break: never before ``: ; ? ! » % ‰`` nor after ``«``, within a number, or between it and its unit.

Nor, in pages, between what is numbered and its number: « scrutin 2 ».
"""

from __future__ import annotations

import re

HELD = "\ue000"
"""Stands for a space at which no line may break while lines are made: a private character, as wide as a space."""
_NARROW, _HELD_NARROW = "\u202f", "\ue001"
"""The space between the thousands of a French number, at which some break lines, and what stands for it likewise."""
_PLACES = re.compile("(?<=[^ ]) (?=[:;?!»%‰])|(?<=«) ")
_UNITS = "min|minutes?|ms|s|secondes?|seconds?|h|hours?|heures?|kB|MB|GB|ko|Mo|Go"
_BEFORE_UNITS = re.compile(rf"(?<=\d) (?=(?:{_UNITS})\b(?!['’]))")
_ONE_OF = ("bureau", "poll", "round", "scrutin", "tour")
_NUMBERED = re.compile("|".join((r"(?<=\b[Nn]°) ", *(rf"(?<=\b{word}) (?=\d)" for word in _ONE_OF))))
_OPTION = re.compile('--[a-z][a-z-]*[ =]"[^"]*"')
"""An option with a value in quotation marks, to be copied as it is."""


def hold(text: str) -> str:
    """A text in which the spaces that must not break are none to whoever breaks its lines."""
    return _BEFORE_UNITS.sub(HELD, _PLACES.sub(HELD, text)).replace(_NARROW, _HELD_NARROW)


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
        hold(text), width, subsequent_indent=indent, break_long_words=break_long_words, break_on_hyphens=False
    )
    return [release(line) for line in lines]
