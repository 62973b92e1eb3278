"""Screens: sentences and rows as they come, or what matters most on a first screen and how much more there is."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text as Line

from protocol.words import Message, Text, nmsg, wrap
from regard.language import number, show
from regard.terminal import clean, print_words

LINES, WIDTH = 40, 80
"""Lines of a first screen, and characters of a line; on a narrower one sentences take more lines."""
COLOURS = {"error": "red", "warning": "yellow", "info": "cyan"}
"""By the name of a severity."""
_NARROW = 50
"""Columns below which a screen has no room for a table with sentences in it."""
_LEAST = 20
"""Characters that a line has at least."""
FOLDED: Mapping[str, Any] = {"overflow": "fold"}
WHOLE: Mapping[str, Any] = {"no_wrap": True}
"""Options of a column whose texts go on in further lines, and of one whose texts are short."""


@dataclass(frozen=True, slots=True)
class ScreenLine:
    """One sentence, or a figure: wrapped where the window is too narrow, all of its lines a little to the right."""

    text: Text
    style: str = ""
    indent: int = 0


def table_lines(table: Table, width: int) -> list[ScreenLine]:
    """Lines of a table on a screen of that width."""
    drawn = io.StringIO()
    Console(file=drawn, width=width, color_system=None).print(table)
    return list(map(ScreenLine, drawn.getvalue().splitlines()))


def grid(*columns: Mapping[str, Any], **options: Any) -> Table:
    """A table without lines and, unless its options say so, without headings, with the options of each column."""
    table = Table(**{"box": None, "show_header": False, "pad_edge": False, "padding": (0, 2, 0, 0), **options})
    for column in columns:
        table.add_column(**column)
    return table


class Printer:
    """Prints what is said in a language as it comes; what comes from files cannot rewrite the terminal.

    Args:
        language: of the sentences.
        out: the terminal.
    """

    def __init__(self, language: str, out: Console) -> None:
        self.language, self._out = language, out

    @property
    def width(self) -> int:
        """Characters of a line."""
        return self._out.width

    @property
    def is_narrow(self) -> bool:
        """True where there is no room for a table with sentences in it."""
        return self.width < _NARROW

    def text(self, said: object) -> str:
        """A text in the language, harmless to show."""
        return clean(show(self.language, said))

    def number(self, value: int) -> str:
        """A whole number with its digits in groups."""
        return number(self.language, value)

    def print(self, said: object = "", style: str = "", indent: int = 0) -> None:
        """A sentence; all of its lines stand that much to the right."""
        line = Line(self.text(said), style=style)
        self._out.print(Padding(line, (0, 0, 0, indent)) if indent else line)

    def print_words(self, said: object, style: str = "", indent: str = "") -> None:
        """A sentence in lines that are broken between words only; those after the first are indented."""
        print_words(self._out, self.text(said), style, indent)

    def print_line(self, line: str, style: str = "") -> None:
        """A line that has been wrapped already."""
        self._out.print(Line(line), style=style, soft_wrap=True)

    def draw(self, table: Table) -> None:
        """Print a table."""
        self._out.print(table)

    def print_rows(self, rows: Iterable[tuple[object, object]], style: str, column: Mapping[str, Any] = WHOLE) -> None:
        """Rows of a label, in a style, and a sentence beside it; on a narrow screen below it.

        Args:
            rows: labels and sentences; a row without a label goes on with the one above.
            style: of the labels.
            column: options of theirs.
        """
        table = grid({"width": 2}, column, FOLDED)
        for label, said in rows:
            if not self.is_narrow:
                table.add_row("", Line(self.text(label), style=style), self.text(said))
                continue
            if label:
                self.print(label, style)
            self.print(said)
        if table.row_count:
            self.draw(table)


def titled_grid(out: Printer, title: Message, *columns: Mapping[str, Any], **options: Any) -> Table:
    """A table without lines below its title, with headings."""
    titled = {"title": out.text(title), "title_justify": "left", "title_style": "bold", "show_header": True}
    return grid(*columns, **titled, **options)


class Screen(Printer):
    """Parts of an answer in the order in which they are read; what comes from files cannot rewrite the terminal.

    Args:
        language: of the sentences.
        out: the terminal.
        whole: whether everything is shown, at once; else what has room on a first screen when the answer ends.
    """

    def __init__(self, language: str, out: Console, *, whole: bool = False) -> None:
        super().__init__(language, out)
        self._whole = whole
        self._parts: list[tuple[int, list[list[tuple[str, str]]]]] = []
        self._room = LINES * ceil(WIDTH / max(out.width, _LEAST)) - 1
        self._left = 0

    def add(self, rank: int, *lines: ScreenLine | Text) -> None:
        """Sentences of one part."""
        self.extend(rank, lines)

    def line(self, rank: int, said: Text, style: str = "", indent: int = 2) -> None:
        """One sentence."""
        self.add(rank, ScreenLine(said, style, indent))

    def lines(self, rank: int, texts: Iterable[Text], indent: int = 4) -> None:
        """Sentences of one part, which give way one by one."""
        self.extend(rank, (ScreenLine(text, "", indent) for text in texts))

    def extend(self, rank: int, lines: Iterable[ScreenLine | Text]) -> None:
        """A part of the answer; parts of a higher rank give way first, and of each its last lines."""
        kept: list[list[tuple[str, str]]] = []
        for each in lines:
            if not self._whole and len(kept) > self._room:
                self._left += 1
                continue
            line = each if isinstance(each, ScreenLine) else ScreenLine(each)
            before = " " * line.indent
            wrapped = wrap(self.text(line.text), max(self.width - line.indent, _LEAST)) or [""]
            kept.append([((before + part).rstrip(), line.style) for part in wrapped])
            if self._whole:
                self._print_lines(kept.pop())
        self._parts.append((rank, kept))

    def end(self) -> None:
        """Print the first screen; the part that has not room for all of its sentences ends with an ellipsis."""
        room, chosen = self._room, dict[int, list[list[tuple[str, str]]]]()
        for at in sorted(range(len(self._parts)), key=lambda at: self._parts[at][0]):
            kept = chosen[at] = list[list[tuple[str, str]]]()
            sentences = self._parts[at][1]
            fits = sum(map(len, sentences)) <= room
            left = room if fits else room - 1
            for sentence in sentences:
                left -= len(sentence)
                if left < 0:
                    break
                kept.append(sentence)
            while not fits and kept and (kept[-1][0][1] == "bold" or not kept[-1][0][0]):
                kept.pop()  # a heading of nothing
            self._left += len(sentences) - len(kept)
            room = left if fits else 0
            if kept and not fits:
                [last, style] = kept[-1][0]
                kept.append([(" " * (len(last) - len(last.lstrip())) + "…", style)])
        for at in sorted(chosen):
            for sentence in chosen[at]:
                self._print_lines(sentence)
        if self._left:
            rest = nmsg("… {count:n} more line: --verbose", "… {count:n} more lines: --verbose", self._left)
            self.print_line(self.text(rest), "dim")

    def _print_lines(self, sentence: Iterable[tuple[str, str]]) -> None:
        for text, style in sentence:
            self.print_line(text, style)
