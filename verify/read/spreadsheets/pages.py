"""Web pages and text documents (.html, .docx, .odt): rows of their tables, and between them lines of text."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from protocol.words import msg
from verify.read.bounds import MAX_COLUMNS
from verify.read.disguised import ZIP, is_page
from verify.read.published.archives import members
from verify.read.published.source import OpenedSource, SourceTable
from verify.read.rows import as_utf8

_TEXTS = {b"word/document.xml": "word/document.xml", b"mimetypeapplication/vnd.oasis.opendocument.text": "content.xml"}
"""Bytes by which a zip is a text document, and the name of its member with the text."""
_TOKEN = re.compile(r"<(/?)(?:\w+:)?([\w-]+)([^<>]*)>|([^<]+)|<")
_SPAN = re.compile(r"\b(col|row)span\s*=\s*[\"']?([0-9]{1,4})", re.IGNORECASE)
_VALUE = re.compile(r"\bval=\"([0-9]{1,4})\"")
_WHOLE = frozenset(("table", "tbl"))
_ROWS = frozenset(("tr", "table-row"))
_CELLS = frozenset(("td", "th", "tc", "table-cell", "covered-table-cell"))
_BREAKS = frozenset(("p", "br", "div", "li", "h", "h1", "h2", "h3", "h4", "h5", "h6"))
_UNSEEN = frozenset(("style", "script", "title", "instrtext"))


def page_table(source: OpenedSource) -> SourceTable | None:
    """The rows of a web page or a text document; None for any other file.

    Raises:
        InputError: it is a damaged document, or larger than its bounds.
    """
    data = source.data if is_page(source.data) else _text_of(source)
    if data is None:
        return None
    text = as_utf8(data, source.file).decode(errors="replace")
    in_table = [is_row for is_row, _ in _rows(text)]
    above, long = (in_table.index(True), sum(in_table)) if True in in_table else (0, 0)
    if not all(in_table[above : above + long]):  # of several tables none is the one whose rows a reader would count
        above = long = 0
    table = source.table(lambda _: (row for _, row in _rows(text)), msg("text with tables"))
    return replace(table, trimmed=True, above=above, long=long)


def _text_of(source: OpenedSource) -> bytes | None:
    """The XML of a text document; None where it is none."""
    zipped = source.data if source.data.startswith(ZIP) else b""
    wanted = next((member for mark, member in _TEXTS.items() if mark in zipped), "")
    return next((content for name, content in members(zipped, source.file) if name == wanted), None) if wanted else None


def _rows(text: str) -> Iterator[tuple[bool, list[str]]]:
    """Rows of the tables of a text with tags, and its lines outside of them, a cell each; whether each is a row."""
    first, *others = text.split("<!--")
    reader, unseen = _Reader(), ""
    for token in _TOKEN.finditer("".join([first, *(each.partition("-->")[2] for each in others)])):
        closes, name, attributes, said = token[1], (token[2] or "").lower(), token[3] or "", token[4] or ""
        if name in _UNSEEN and not attributes.endswith("/"):
            unseen = "" if closes else name
        elif not unseen:
            reader.words.append(said)
            yield from reader.at_tag(name, closes == "", attributes) if name else ()
    yield from reader.end_row()


@dataclass(slots=True)
class _Reader:
    """The row that is being read, None outside of all rows, and the words of its last cell.

    Attributes:
        wide, tall: columns and rows that the cell takes; no column where none is open.
        merged: by column, how many of the next rows have no cell there.
    """

    row: list[str] | None = None
    words: list[str] = field(default_factory=list)
    wide: int = 0
    tall: int = 1
    merged: dict[int, int] = field(default_factory=dict)

    def at_tag(self, name: str, opens: bool, attributes: str) -> Iterator[tuple[bool, list[str]]]:
        """Go on after a tag; gives the rows that it ends."""
        if name in _ROWS or name in _WHOLE:
            yield from self.end_row()
            self.row = [] if name in _ROWS and opens else None
            self.merged = self.merged if name in _ROWS else {}
        elif name in _CELLS and self.row is not None:
            self._end_cell(self.row)
            said = {which.lower(): int(count) for which, count in _SPAN.findall(attributes)}
            self.wide, self.tall = (said.get("col", 1), said.get("row", 1)) if opens else (0, 1)
        elif name == "gridspan" and (found := _VALUE.search(attributes)):
            self.wide = int(found[1])
        elif name in _BREAKS:
            self.words.append(" ")
            if self.row is None:
                yield from self.end_row()

    def end_row(self) -> Iterator[tuple[bool, list[str]]]:
        """End the row, or the line outside of rows, and give it."""
        if self.row is not None:
            self._end_cell(self.row)
            self._pass_merged(self.row)
            yield True, self.row
        elif said := self._said():
            yield False, [said]

    def _end_cell(self, row: list[str]) -> None:
        said, wide = self._said(), min(self.wide, MAX_COLUMNS - len(row))
        if wide > 0:
            self._pass_merged(row)
            self.merged.update(dict.fromkeys(range(len(row), len(row) + wide), self.tall - 1))
            row += [said, *[""] * (wide - 1)]
        self.wide = 0

    def _pass_merged(self, row: list[str]) -> None:
        """Leave out the cells of a row that one above is merged with."""
        while self.merged.get(len(row), 0) > 0:
            self.merged[len(row)] -= 1
            row.append("")

    def _said(self) -> str:
        said = " ".join(html.unescape("".join(self.words)).split())
        self.words.clear()
        return said
