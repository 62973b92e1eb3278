"""Where a figure stands, as people read it."""

from __future__ import annotations

import re

_FROM_THE_START = re.compile(r"(?<=\S)@0(?=[\s,.;:)]|$)")


def without_start(text: str) -> str:
    """A text that does not say of a dump that it begins with its file, as nearly all do; else its byte stays."""
    return _FROM_THE_START.sub("", text)
