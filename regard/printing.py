"""Lines for a terminal or a pipe of any width, without what takes long to load; `regard.terminal` has the rest."""

from __future__ import annotations

import os
import shutil
import sys

from protocol.words import wrap

TYPE_CHECKING = False  # as in typing, which takes longer to load than the help takes to make
if TYPE_CHECKING:
    from typing import IO

MOST_WIDE = 110
"""Characters of a line that is good to read."""
_NARROWEST = 20
_LEAST = 24
"""Characters that a text beside a name has at least: else it stands below."""


def width_of(file: IO[str] | None = None) -> int:
    """Characters of a line: of a terminal, at most `MOST_WIDE`; elsewhere 80, or COLUMNS where somebody sets it."""
    if (file or sys.stdout).isatty():
        return max(_NARROWEST, min(shutil.get_terminal_size((80, 24)).columns, MOST_WIDE))
    return width_of_a_pipe()


def width_of_a_pipe() -> int:
    """80, so that the output is the same wherever it is made, or COLUMNS."""
    columns = os.environ.get("COLUMNS", "")
    asked = columns.isascii() and columns.isdecimal() and len(columns) < 5 and int(columns) >= _NARROWEST
    return int(columns) if asked else 80


def print_text(text: str, file: IO[str] | None = None) -> None:
    """Print a text: its lines broken between words, what follows as far in as they are. No word is broken."""
    for line in text.split("\n"):
        _print(_wrapped(line, width_of(file)), file)


def print_beside(name: str, text: str) -> None:
    """Print a text beside a name, or below it where there is no room; ``name`` with the blanks up to the text."""
    width = width_of()
    if width - len(name) >= _LEAST:
        _print(wrap(name + text, width, " " * len(name), break_long_words=False))
    else:
        margin = " " * (len(name) - len(name.lstrip()))
        _print([*_wrapped(name.rstrip(), width), *_wrapped(f"{margin}  {text}", width)])


def _wrapped(line: str, width: int) -> list[str]:
    margin = " " * (len(line) - len(line.lstrip(" ")))
    return wrap(line, width, margin, break_long_words=False) or [""]


def _print(lines: list[str], file: IO[str] | None = None) -> None:
    print("\n".join(lines), file=file, flush=True)
