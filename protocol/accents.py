"""Letters as they are compared: what people write with and without accents, in capitals or small letters, is one."""

from __future__ import annotations

import unicodedata

_LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "đ": "d", "ł": "l"})
"""Letters that Unicode does not take apart."""


def without_accents(text: str) -> str:
    """A text in small letters without accents; signs and spaces stay."""
    if text.isascii():
        return text.lower()
    letters = unicodedata.normalize("NFKD", text).casefold().translate(_LETTERS)
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
