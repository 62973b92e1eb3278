"""Files that are no table of rows, made one: hierarchical XML, and tables whose columns are stations."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from xml.parsers import expat

from protocol.errors import InputError, cause
from protocol.words import msg
from verify.read.bounds import MAX_COLUMNS
from verify.read.layouts.language import Names, Tree, Turned
from verify.read.published.source import HEAD_ROWS, OpenedSource, SourceTable, rows_that_split

MAX_XML = 2**27
"""Bytes of one file; a large American county's results by precinct have some 20 MB."""
MAX_ELEMENTS = 2**20
_MAX_DEPTH = 64
_STEP = re.compile(r"""([^\[\]/@]+)(?:\[(@?)([^\[\]='"]+)(?:=['"]([^'"]*)['"])?\])?""")
_BETWEEN = "|"
"""Stands between the cells that say what a row of a turned table is."""


@dataclass(slots=True)
class _Node:
    name: str
    attributes: dict[str, str]
    parent: _Node | None
    text: str = ""
    children: list[_Node] = field(default_factory=list)

    def fits(self, step: str) -> bool:
        """Tell that an element fits a step: its name, and the attribute or child in brackets."""
        found = _STEP.fullmatch(step)
        if found is None or found[1] != self.name:
            return False
        _, mark, asked, value = found.groups()
        if asked is None:
            return True
        if mark:
            return asked in self.attributes and value in (None, self.attributes[asked])
        return any(child.name == asked and value in (None, child.text.strip()) for child in self.children)

    def along(self, steps: Sequence[str]) -> Iterator[_Node]:
        """The elements below it at the end of a path."""
        if not steps:
            yield self
            return
        for child in self.children:
            if child.fits(steps[0]):
                yield from child.along(steps[1:])

    def value(self, path: str) -> str:
        """The text or attribute at the end of a path that starts here, or at an element around this one."""
        steps = path.split("/")
        start: _Node | None = self
        while start is not None and not start.fits(steps[0]):
            start = start.parent
        start, steps = (self, steps) if start is None else (start, steps[1:])
        attribute = steps.pop()[1:] if steps and steps[-1].startswith("@") else ""
        end = next(start.along(steps), None)
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
    rows = [row for steps in paths if root.fits(steps[0]) for row in root.along(steps[1:])]
    if not rows:
        return None
    header = list(tree.columns)

    def read() -> Iterator[list[str]]:
        yield list(header)
        for row in rows:
            yield [_first(row, names) for names in tree.columns.values()]

    head = tuple(tuple(row) for row in itertools.islice(read(), HEAD_ROWS))
    return SourceTable(source.file, source.sha256, source.size, "", "XML", head, read)


def _first(row: _Node, paths: Names) -> str:
    return next((text for path in paths if (text := row.value(path))), "")


def _parse(source: OpenedSource) -> _Node:
    if len(source.data) > MAX_XML:
        raise InputError(source.file, None, None, msg("at most {most:n} bytes", most=MAX_XML), f"{len(source.data)}")
    top = _Node("", {}, None)
    open_elements = [top]
    count = 0

    def refuse(got: object) -> InputError:
        return InputError(source.file, parser.CurrentLineNumber, None, msg("XML that is whole"), str(got))

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal count
        count += 1
        if count > MAX_ELEMENTS or len(open_elements) > _MAX_DEPTH:
            raise refuse(f"> {MAX_ELEMENTS}, {_MAX_DEPTH}")
        local = {key.rpartition(":")[2]: value for key, value in attributes.items()}
        element = _Node(name.rpartition(":")[2], local, open_elements[-1])
        open_elements[-1].children.append(element)
        open_elements.append(element)

    def end(name: str) -> None:
        open_elements.pop()

    def text(data: str) -> None:
        if len(element := open_elements[-1].text) < MAX_COLUMNS:
            open_elements[-1].text = element + data

    def doctype(*_: object) -> None:
        raise refuse("<!DOCTYPE")

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text
    parser.StartDoctypeDeclHandler = doctype
    parser.buffer_text = True
    try:
        parser.Parse(source.data, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise refuse(cause(error)) from error
    root = top.children[0]
    root.parent = None
    return root


def turn(table: SourceTable, turned: Turned) -> SourceTable:
    """A table whose columns are stations with a row for each of them, numbered as its column was.

    The headers are what stood at the left of each row, ``|`` between its cells.
    """
    rows = [row[:MAX_COLUMNS] for row in rows_that_split(table) if any(row)]
    header = row_labels(rows, turned)
    width = max(map(len, rows), default=0)

    def read() -> Iterator[list[str]]:
        yield from ([] for _ in range(turned.first - 2))
        yield list(header)
        for column in range(turned.first - 1, width):
            yield [row[column] if column < len(row) else "" for row in rows]

    head = tuple(tuple(row) for row in itertools.islice(read(), HEAD_ROWS))
    return replace(table, head=head, rows=read, data=b"")


def row_labels(rows: Sequence[Sequence[str]], turned: Turned) -> list[str]:
    """The cells at the left of each row that is not empty."""
    return [_BETWEEN.join(cell.strip() for cell in row[: turned.labels]) for row in rows if any(row)]
