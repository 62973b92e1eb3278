"""The pieces of Markdown that the generated documents of the formats are made of."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence


def prose(text: str) -> str:
    """A paragraph, wrapped anew."""
    return textwrap.fill(" ".join(text.split()), 110, break_long_words=False, break_on_hyphens=False)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)
