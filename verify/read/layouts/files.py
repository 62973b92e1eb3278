"""Files read by layout entries: the first entry that knows a table of the file reads it."""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Sequence
from dataclasses import replace

from protocol.errors import InputError
from protocol.opening import OpenedFile
from protocol.words import Message, msg, series
from verify.model.published import Published, UnknownLayout
from verify.read.disguised import root_of
from verify.read.layouts.columns import HeaderNames
from verify.read.layouts.language import Layout
from verify.read.layouts.reading import read_by_layout
from verify.read.layouts.shapes import row_labels, tree_table
from verify.read.parquet.as_text import in_text
from verify.read.published.source import OpenedSource, SourceTable, text_table, unpack
from verify.read.spreadsheets.json_tables import json_table
from verify.read.spreadsheets.workbook import is_workbook, sheets


def roots_of(layouts: Sequence[Layout]) -> frozenset[str]:
    """The root elements of the XML that layouts read."""
    return frozenset(path.split("/")[0] for each in layouts if each.tree for path in each.tree.rows)


def read_tree(source: OpenedSource, layouts: Sequence[Layout]) -> list[Published] | None:
    """The results in XML; None where it is none of the layouts.

    Raises:
        InputError: it is damaged, or larger than its bounds.
    """
    root = root_of(source.data)
    for layout in layouts:
        if layout.tree is not None and root in roots_of([layout]):
            table = tree_table(source, layout.tree)
            if table is not None and (found := read_by_layout(layout, table)) is not None:
                return found
    return None


def read_by(file: OpenedFile, layout: Layout) -> list[Published]:
    """Everything that a file has by one layout.

    Raises:
        InputError: it is damaged, or larger than its bounds.
        UnknownLayout: it is not of the layout.
    """
    found: list[Published] = []
    seen: list[Message] = []
    for source in unpack(file, roots_of([layout])):
        if layout.tree is not None:
            found += read_tree(source, [layout]) or []
            seen.append(msg("no XML with the elements {paths}", paths=series(layout.tree.rows)))
            continue
        for table in _tables_of(source, layout):
            results = read_by_layout(layout, table)
            found += results or []
            if results is None:
                seen.append(_lacking(layout, table))
    if not found:
        wanted = msg("not of the layout {layout}: {why}", layout=layout.name, why=series(seen[:3], " / "))
        raise UnknownLayout(file.path, wanted)
    return found


def _lacking(layout: Layout, table: SourceTable) -> Message:
    """The headers that are lacking in the row that has most of them."""
    rows = (table.head or [()]) if layout.turned is None else [row_labels(table.head, layout.turned)]
    lacking: list[list[str]] = [
        [names[0] for names in layout.needs if HeaderNames(row).find(names) is None] for row in rows
    ]
    least = min(lacking, key=lambda names: len(names), default=[])
    return msg("no row has the headers {headers}", headers=series(least))


def _tables_of(source: OpenedSource, layout: Layout) -> Iterator[SourceTable]:
    """The tables of a file, a text in the encoding and with the delimiter of a layout where it says them.

    Raises:
        InputError: it is damaged, or not in that encoding.
    """
    if is_workbook(source):
        yield from sheets(source)
        return
    if layout.encoding:
        source = replace(source, data=_decode(source, layout.encoding))
    text = in_text(source)
    yield json_table(text) or text_table(text, layout.delimiter)


def _decode(source: OpenedSource, encoding: str) -> bytes:
    """A text in UTF-8.

    Raises:
        InputError: it is not in its encoding.
    """
    data = source.data.removeprefix(codecs.BOM_UTF8)
    try:
        return data.decode("utf-8" if data is not source.data else encoding).encode()
    except UnicodeDecodeError as error:
        raise InputError(
            source.file, None, None, msg("text in {encoding}", encoding=encoding), f"{error.start}"
        ) from error
