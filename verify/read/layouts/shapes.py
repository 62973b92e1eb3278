"""Files that are no table of rows, made one: hierarchical XML, and tables whose columns are stations."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from protocol.errors import InputError, wrong_file
from protocol.words import msg
from verify.read.bounds import MAX_COLUMNS
from verify.read.layouts.language import Names, Tree, Turned
from verify.read.published.source import HEAD_ROWS, OpenedSource, SourceTable
from verify.read.rows import Problems
from verify.read.xml_tree import Element, read_tree

MAX_XML = 2**27
"""Bytes of one file; a large American county's results by precinct have some 20 MB."""
_STEP = re.compile(r"""([^\[\]/@]+)(?:\[(@?)([^\[\]='"]+)(?:=['"]([^'"]*)['"])?\])?""")
_BETWEEN = "|"
"""Stands between the cells that say what a row of a turned table is."""


def _fits(element: Element, step: str) -> bool:
    """Tell that an element fits a step: its name, and the attribute or child in brackets."""
    found = _STEP.fullmatch(step)
    if found is None or found[1] != element.name:
        return False
    _, mark, asked, value = found.groups()
    if asked is None:
        return True
    if mark:
        return asked in element.attributes and value in (None, element.attributes[asked])
    return any(child.name == asked and value in (None, child.text.strip()) for child in element.children)


def _along(element: Element, steps: Sequence[str]) -> Iterator[Element]:
    """The elements below one at the end of a path."""
    if not steps:
        yield element
        return
    for child in element.children:
        if _fits(child, steps[0]):
            yield from _along(child, steps[1:])


def _value(element: Element, path: str) -> str:
    """The text or attribute at the end of a path that starts at an element, or at one around it."""
    steps = path.split("/")
    start: Element | None = element
    while start is not None and not _fits(start, steps[0]):
        start = start.parent
    start, steps = (element, steps) if start is None else (start, steps[1:])
    attribute = steps.pop()[1:] if steps and steps[-1].startswith("@") else ""
    end = next(_along(start, steps), None)
    if end is None:
        return ""
    return (end.attributes.get(attribute, "") if attribute else end.text).strip()


def tree_table(source: OpenedSource, tree: Tree) -> SourceTable | None:
    """The rows of a hierarchical file, numbered from 2 below their names; None where it has no such row.

    Raises:
        InputError: it is damaged, or larger than its bounds.
    """
    root = _parse(source)
    paths = [path.split("/") for path in tree.rows]
    rows = [row for steps in paths if _fits(root, steps[0]) for row in _along(root, steps[1:])]
    if not rows:
        return None
    cells = [list(tree.columns), *([_first(row, names) for names in tree.columns.values()] for row in rows)]
    return source.table(lambda _: map(list, cells), "XML")


def _first(row: Element, paths: Names) -> str:
    return next((text for path in paths if (text := _value(row, path))), "")


def _parse(source: OpenedSource) -> Element:
    if len(source.data) > MAX_XML:
        raise wrong_file(source.file, msg("at most {most:n} bytes", most=MAX_XML), f"{len(source.data)}")
    tree = read_tree(source.data)
    if tree.wrong is not None:
        raise InputError(source.file, tree.wrong.line, None, tree.wrong.expected, tree.wrong.got)
    if tree.root is None:
        raise wrong_file(source.file, msg("well-formed XML"), msg("nothing"))
    return tree.root


def turn(table: SourceTable, turned: Turned) -> SourceTable:
    """A table whose columns are stations with a row for each of them, numbered as its column was.

    The headers are what stood at the left of each row, ``|`` between its cells.
    """
    problems = Problems(table.file)
    rows = [row[:MAX_COLUMNS] for row in table.rows(problems) if any(row)]
    header = row_labels(rows, turned)
    width = max(map(len, rows), default=0)

    def read(_: Problems) -> Iterator[list[str]]:
        yield from ([] for _ in range(turned.first - 2))
        yield list(header)
        for column in range(turned.first - 1, width):
            yield [row[column] if column < len(row) else "" for row in rows]

    head = tuple(tuple(row) for row in itertools.islice(read(problems), HEAD_ROWS))
    return replace(table, head=head, rows=read, data=b"")


def row_labels(rows: Sequence[Sequence[str]], turned: Turned) -> list[str]:
    """The cells at the left of each row that is not empty."""
    return [_BETWEEN.join(cell.strip() for cell in row[: turned.labels]) for row in rows if any(row)]
