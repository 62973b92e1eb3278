"""Where lines break: never before ``: ; ? ! » % ‰`` nor after ``«``, which French sets off, nor within a number."""

from __future__ import annotations

import re

_HELD = "\ue000"
"""Stands for a space at which no line may break while lines are made: a private character, as wide as a space."""
_NARROW, _HELD_NARROW = "\u202f", "\ue001"
"""The space between the thousands of a French number, at which some break lines, and what stands for it likewise."""
_PLACES = re.compile("(?<=[^ ]) (?=[:;?!»%‰])|(?<=«) ")


def hold(text: str) -> str:
    """A text in which the spaces that must not break are none to whoever breaks its lines."""
    return _PLACES.sub(_HELD, text).replace(_NARROW, _HELD_NARROW)


def release(text: str) -> str:
    """A text that `hold` has changed, as it was."""
    return text.replace(_HELD, " ").replace(_HELD_NARROW, _NARROW)


def unbroken(text: str) -> str:
    """A text for pages, in which those spaces are ones that do not break."""
    return _PLACES.sub("\u00a0", text)


def wrap(text: str, width: int, indent: str = "", *, break_long_words: bool = True) -> list[str]:
    """The lines of a text, those after the first with ``indent``; words are broken only where they are too long."""
    import textwrap

    lines = textwrap.wrap(
        hold(text), width, subsequent_indent=indent, break_long_words=break_long_words, break_on_hyphens=False
    )
    return [release(line) for line in lines]
