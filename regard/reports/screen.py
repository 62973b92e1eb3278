"""Lines of a screen: all of them, or on a first screen those that matter most, and how many more there are."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

from protocol.words import Text, nmsg, wrap
from regard.language import show
from regard.terminal import clean

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

LINES, WIDTH = 40, 80
"""Lines of a first screen, and characters of a line; on a narrower one sentences take more lines."""
_LEAST = 20
"""Characters that a line has at least."""


@dataclass(frozen=True, slots=True)
class ScreenLine:
    """One sentence, or a figure: wrapped where the window is too narrow, all of its lines a little to the right."""

    text: Text
    style: str = ""
    indent: int = 0


def table_lines(table: Table, width: int) -> list[ScreenLine]:
    """Lines of a table on a screen of that width."""
    from rich.console import Console

    drawn = io.StringIO()
    Console(file=drawn, width=width, color_system=None).print(table)
    return list(map(ScreenLine, drawn.getvalue().splitlines()))


class Screen:
    """Parts of an answer in the order in which they are read; what comes from files cannot rewrite the terminal.

    Args:
        language: of the sentences.
        out: the terminal.
        whole: whether everything is shown, at once; else what has room on a first screen when the answer ends.
    """

    def __init__(self, language: str, out: Console, *, whole: bool = False) -> None:
        self._language, self._out, self._whole = language, out, whole
        self._parts: list[tuple[int, list[list[tuple[str, str]]]]] = []
        self._room = LINES * ceil(WIDTH / max(out.width, _LEAST)) - 1
        self._left = 0

    @property
    def width(self) -> int:
        """Characters of a line."""
        return self._out.width

    def text(self, text: Text) -> str:
        """A text in the language, harmless to show."""
        return clean(show(self._language, text))

    def add(self, rank: int, *lines: ScreenLine | Text) -> None:
        """Sentences of one part."""
        self.extend(rank, lines)

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
                self._print(kept.pop())
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
            self._left += len(sentences) - len(kept)
            room = left if fits else 0
            if kept and not fits:
                [last, style] = kept[-1][0]
                kept.append([(" " * (len(last) - len(last.lstrip())) + "…", style)])
        for at in sorted(chosen):
            for sentence in chosen[at]:
                self._print(sentence)
        if self._left:
            rest = nmsg("… {count:n} more line: --verbose", "… {count:n} more lines: --verbose", self._left)
            self._print([(self.text(rest), "dim")])

    def _print(self, sentence: Iterable[tuple[str, str]]) -> None:
        for text, style in sentence:
            self._out.print(text, style=style, soft_wrap=True)
