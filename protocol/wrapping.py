"""Line breaking: never before ``: ; ? ! » % ‰`` nor after ``«``, within a number, or between it and its unit.

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
        hold(text), width, subsequent_indent=indent, break_long_words=break_long_words, break_on_hyphens=False
    )
    return [release(line) for line in lines]
