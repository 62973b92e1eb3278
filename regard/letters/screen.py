"""What comes next on a terminal: everything but the letters, names beside what there is to say where there is room."""

from __future__ import annotations

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from protocol.words import nmsg
from regard.language import show
from regard.letters.handout import Handout, HandoutBlock

_NARROW = 50
"""Columns below which names stand above what there is to say."""


def show_steps(made: Handout, language: str, console: Console) -> None:
    """Every plain section before the letters, then how many letters there are."""
    console.print(made.title, style="bold")
    letters = [section for section in made.sections if section.tone == "letter"]
    first = next(at for at, section in enumerate(made.sections) if section.tone == "letter") - 1
    for section in made.sections[:first]:
        console.print()
        if section.title:
            console.print(section.title, style="bold")
        for block in section.blocks:
            _print(block, console)
    console.print()
    said = nmsg(
        "{count:n} letter is ready to copy: --html, --pdf, --docx",
        "{count:n} letters are ready to copy: --html, --pdf, --docx",
        len(letters),
    )
    console.print(show(language, said))


def _print(block: HandoutBlock, console: Console) -> None:
    if block.kind == "subheading":
        console.print(Padding(Text(block.text), (0, 0, 0, 2)))
    elif block.kind == "text":
        console.print(block.text)
    elif console.width < _NARROW:
        for row in block.rows:
            console.print("\n".join(row) if block.kind == "facts" else f"- {row[0]}")
    elif block.kind == "facts":
        console.print(_grid(block.rows))
    else:
        console.print(_grid([("-", row[0]) for row in block.rows]))


def _grid(rows: list[tuple[str, str]] | tuple[tuple[str, ...], ...]) -> Table:
    grid = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    grid.add_column(width=2)
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for row in rows:
        grid.add_row("", *row)
    return grid
