"""Codes that one slip of the hand makes of another."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise


def nearly(code: str) -> Iterator[str]:
    """Codes that are the same but for one digit, or for two side by side that are exchanged."""
    for at, here in enumerate(code):
        yield from (code[:at] + digit + code[at + 1 :] for digit in "0123456789" if digit != here)
    for at, (one, other) in enumerate(pairwise(code)):
        if one != other:
            yield code[:at] + other + one + code[at + 2 :]
