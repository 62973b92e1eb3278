"""Rows of a table as columns, each different cell judged once: rows are looked at only where a cell is bad.

A regular text is split by Arrow (`cells`); any other table row by row, where each row that is not regular is reported.
What is no table of rows is made one first: hierarchical XML, and tables whose columns are stations.
"""

from __future__ import annotations

import csv
import itertools
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from protocol.errors import InputError, wrong_file
from protocol.night import Content
from protocol.words import Text, cited, msg
from verify.model.bureau_codes import Coded, number_in_order
from verify.model.figures import Ints
from verify.model.identity import StatedElection, plain, stated_in, stating
from verify.model.labels import field_label
from verify.read import bounds
from verify.read.bounds import MAX_COLUMNS
from verify.read.cells import (
    MAX_CELLS,
    CodedRows,
    filled_in,
    fitting,
    is_pattern,
    merge_labels,
    number_columns,
    relabel,
    split,
    with_something,
)
from verify.read.counts import counts_in
from verify.read.layouts.columns import Places, RowColumns, header_row, join_parts
from verify.read.layouts.language import Layout, Parts, Tree, Turned
from verify.read.published.cells import (
    Report,
    judge_counts,
    judge_texts,
)
from verify.read.published.codes import spoilt
from verify.read.published.source import HEAD_ROWS, OpenedSource, SourceTable
from verify.read.rows import NOT_READ, Problems, shorten
from verify.read.xml_tree import Element, read_tree

CHUNK = 4096
"""Rows that are read together; labels are numbered by their first appearance in such a block."""
_CHUNK_CELLS = 2**21
"""Cells of the rows that are read together, where there are fewer rows than in a chunk."""
FurtherHeader = Callable[[Sequence[str]], Sequence[RowColumns]]
"""The columns of each contest of the rows below a header; none for a row that is no header."""


@dataclass(frozen=True, slots=True)
class TableRows:
    """Rows of a table as columns.

    Attributes:
        header: names of the columns.
        row: numbers of the rows in the file, shape ``(n,)``, from 1.
        columns: their cells, as many as the header has at least.
        problems: is given what cannot be read.
        lines: of a form, the row of the file in which each column stands; empty for any other table.
        quantity: the count that each row is: empty for a row of a choice, `LEFT_OUT` for neither; None where no row is
            a count.
    """

    header: Sequence[str]
    row: Ints
    columns: Sequence[Coded]
    problems: Problems
    lines: Sequence[int] = ()
    quantity: Coded | None = None

    def __len__(self) -> int:
        return len(self.row)

    def take(self, rows: Ints) -> TableRows:
        """Some of the rows, by their indices in order."""
        if len(rows) == len(self.row):
            return self
        columns = [each.take(rows) for each in self.columns]
        return replace(self, row=self.row[rows], columns=columns, quantity=self.quantity and self.quantity.take(rows))

    def with_problems(self, problems: Problems) -> TableRows:
        """The same, which gives what cannot be read to others."""
        return replace(self, problems=problems)

    def note(self, index: int, at: int | None, expected: Text, got: Text) -> None:
        """Note one problem of a row."""
        if at is None:
            self.problems.add(int(self.row[index]), None, expected, got)
            return
        row = self.lines[at] if self.lines else int(self.row[index])
        self.problems.add(row, (self.header[at] if at < len(self.header) else "") or f"{at + 1}", expected, got)

    def report(self, at: int) -> Report:
        """What a judge of the cells of a column calls."""
        return lambda index, expected, got: self.note(index, at, expected, got)

    def repeated(self, first: Ints, columns: Iterable[int]) -> Ints:
        """The rows with the cells of another one, ``first`` of each, in some columns."""
        again = np.flatnonzero(first != np.arange(len(self)))
        for at in columns:
            codes = self.columns[at].codes
            again = again[codes[again] == codes[first[again]]]
        return again

    def stated(self) -> StatedElection:
        """The election that the first rows say they are of."""
        columns = stating(self.header)
        first = self.take(np.arange(min(len(self), HEAD_ROWS) if columns else 0))
        cells = (first.columns[at].texts() for at in columns)
        return stated_in([self.header[at] for at in columns], zip(*cells, strict=True))

    def counts(self, at: int, content: Content = Content.COUNT, *reading: Callable[[str], Any]) -> Ints:
        """The counts or clocks of a column, shape ``(n,)``; what is none is reported. ``reading`` as `judge_counts`."""
        return judge_counts(self.columns[at], self.report(at), content, *reading)

    def texts(self, at: int, limit: int) -> Coded:
        """The texts of a column, those that are too long cut and reported."""
        return judge_texts(self.columns[at], self.report(at), limit)

    def unspoilt(self, at: int, column: Coded, name: str, width: int = 0) -> Coded:
        """Codes of a column; those that a spreadsheet spoilt are reported, and repaired where that can be.

        Args:
            at: index of the column.
            column: its codes.
            name: of what they are.
            width: digits that the others have, 0 where they differ.
        """
        said = {label: meant for label in column.labels if (meant := spoilt(label)) is not None}
        for index in np.flatnonzero(column.marks(said.__contains__)).tolist():
            self.note(index, at, msg("a code ({place})", place=field_label(name)), said[column.at(index)][0])
        return relabel(column, lambda label: right.zfill(width) if (right := said.get(label, ("", ""))[1]) else label)

    def joined(self, columns: Places, form: Parts, between: str) -> Coded:
        """One text for each row, of the cells of several columns that are filled; a template puts them in place.

        The texts are in the order in which they come first.
        """
        some = [None if at is None else self.columns[at] for at in columns]
        code, first = number_in_order([column for column in some if column is not None], len(self))
        texts = []
        for row in first.tolist():
            cells = ["" if each is None else " ".join(each.at(row).split()) for each in some]
            texts.append(join_parts(form, cells, between) if any(cells) else "")
        return merge_labels(texts, code)

    def within(self, units: int, votes: int, columns: RowColumns) -> TableRows:
        """The first rows, as many as there may be units and votes."""
        end = min(len(self), units)
        placed = columns.placed(len(self.columns))
        if end * len(placed) > votes:
            each = np.zeros(len(self), np.int64)
            for choice, step in placed:
                naming = choice.naming or [choice.votes]
                each += np.logical_or.reduce([self.columns[at + step].marks(str.strip) for at in naming])
            end = min(end, int(np.searchsorted(np.cumsum(each), votes, "right")))
        if end < len(self):
            expected = msg("at most {units} units and {most} votes", units=units, most=votes)
            self.note(end, None, expected, NOT_READ)
        return self.take(np.arange(end))


def rows_below(
    table: SourceTable,
    header: Sequence[str],
    first_row: int,
    parts: Sequence[RowColumns],
    further: FurtherHeader,
    problems: Problems,
    units: int,
) -> TableRows:
    """The rows of a table that have anything in a cell.

    Args:
        table: the file.
        header: names of the columns.
        first_row: number of the first row after the header, from 1.
        parts: the columns of a row, of each contest.
        further: finds another header below.
        problems: is given the rows that are not regular.
        units: how many there may be.
    """
    columns = _split_at_once(table, header, first_row, parts, units)
    if columns is not None:
        row = np.arange(first_row, first_row + len(columns[0]))
    else:
        row, columns = _split_by_row(table, header, first_row, parts, further, problems)
    rows = TableRows(header, row, columns, problems)
    rows = rows.take(with_something(columns)) if columns else rows
    nothing = Coded(("",), np.zeros(len(rows), np.int32))
    return replace(rows, columns=[*rows.columns, *[nothing] * (len(header) - len(columns))])


def _split_at_once(
    table: SourceTable, header: Sequence[str], first_row: int, parts: Sequence[RowColumns], units: int
) -> list[Coded] | None:
    """The columns of a regular text; None for any other table, and for one of more rows than there may be units."""
    width, least = _width(table, header, first_row, parts), max(part.least for part in parts)
    if not table.data or not least <= width <= MAX_COLUMNS or table.data.count(b"\n") > units + HEAD_ROWS:
        return None
    if (start := _start(table, first_row)) is None:
        return None
    columns = split(table.data, table.size, start, table.delimiter, width)
    return None if columns is None or len(columns[0]) >= bounds.cells(table.size) else columns


def _width(table: SourceTable, header: Sequence[str], first_row: int, parts: Sequence[RowColumns]) -> int:
    """Cells that each row must have; 0 where no row is of whole blocks."""
    blocks = [part for part in parts if part.step]
    if not blocks:
        return len(header)
    cells = len(table.head[first_row - 1]) if first_row <= len(table.head) else 0
    return 0 if any((cells - part.start) % part.step for part in blocks) else cells


def _start(table: SourceTable, first_row: int) -> int | None:
    """The byte at which a row starts; None where the rows above it are not a line each."""
    data, at = table.data, 0
    for row in table.head[: first_row - 1]:
        end = data.find(b"\n", at)
        line = data[at : max(end, at)].decode().removesuffix("\r")
        try:
            if end < 0 or tuple(next(csv.reader([line], delimiter=table.delimiter), ())) != row:
                return None
        except csv.Error:
            return None
        at = end + 1
    return at if first_row <= len(table.head) + 1 else None


def _split_by_row(
    table: SourceTable,
    header: Sequence[str],
    first_row: int,
    parts: Sequence[RowColumns],
    further: FurtherHeader,
    problems: Problems,
) -> tuple[Ints, list[Coded]]:
    """The rows that can be read: not empty, long enough, of whole blocks; whatever is not so is reported."""
    kept, numbers, shape = CodedRows(), list[int](), _Shape(len(header), parts)
    for some in _chunks_of(table, problems, first_row):
        regular = list(_regular_rows(some, table.trimmed, shape, further, problems))
        if not kept.add([row for _, row in regular]):
            problems.add(some[0][0], None, msg("at most {most:n} cells", most=MAX_CELLS), NOT_READ)
            break
        numbers += [number for number, _ in regular]
    ended = not table.data or table.data.endswith(b"\n")  # a last line without an end may be a row that was cut
    shape.refuse_titles(problems, below=ended)
    return np.array(numbers, np.int64), [*kept.columns()]


def _chunks_of(table: SourceTable, problems: Problems, first_row: int) -> Iterator[list[tuple[int, list[str]]]]:
    """The numbers and cells of rows from one on, a few thousand at a time; an end that comes too soon is noted."""
    some: list[tuple[int, list[str]]] = []
    cells, most = 0, bounds.cells(table.size)
    for number, row in itertools.islice(table.numbered(problems), first_row - 1, None):
        some.append((number, row))
        cells += len(row)
        if number >= most:
            problems.add(number, None, msg("at most {size} rows", size=most), NOT_READ)
            break
        if len(some) >= CHUNK or cells > _CHUNK_CELLS:
            yield some
            some, cells = [], 0
    if some:
        yield some


class _Shape:
    """Cells that rows below a header must have: as many as the header, or a start and whole blocks.

    Args:
        full: cells of the header.
        parts: the columns of a row, of each contest.

    Attributes:
        titles: rows of one text too short to be read, with their numbers, which may stand above a further header.
    """

    def __init__(self, full: int, parts: Sequence[RowColumns]) -> None:
        self.become(full, parts)

    def become(self, full: int, parts: Sequence[RowColumns]) -> None:
        """Take the shape of the rows below another header."""
        blocks = next((part for part in parts if part.step), None)
        self.full = full
        self.start, self.step = (0, 0) if blocks is None else (blocks.start, blocks.step)
        self.least = max(part.least for part in parts)
        self.width = 0 if self.step else max(part.width for part in parts)
        self.naming = {at for part in parts for at in part.naming}
        self.titles: list[tuple[int, list[str]]] = []

    def refuse_titles(self, problems: Problems, below: bool = False) -> None:
        """Report the titles that stand above no header; ``below`` the last row, those of several words are notes."""
        for number, row in self.titles:
            text = filled_in(row)[0]
            if not (below and " " in text and leave_note(problems, text)):
                problems.add(number, None, _as_many_as(self.least), alone(text))
        self.titles = []


def leave_note(problems: Problems, text: str) -> bool:
    """Name a text below a table as not used, but not one with figures between delimiters, nor the thousandth."""
    is_note = counts_in(re.split("[;,|\t]", text)) == 0 and len(problems.notes) < HEAD_ROWS
    problems.notes += [f"« {shorten(text)} »"] if is_note else []
    return is_note


def alone(text: str) -> Text:
    """Describe a row of one text that is not read, with what to do about it."""
    return msg(
        "{text} alone: not read. Delete it where it is a note; where it has figures, the layout says their delimiter",
        text=cited(text),
    )


def _as_many_as(least: int) -> Text:
    return msg("{least} to {max_columns} cells", least=least, max_columns=MAX_COLUMNS)


def _regular_rows(
    rows: Iterable[tuple[int, list[str]]], trimmed: bool, shape: _Shape, further: FurtherHeader, problems: Problems
) -> Iterator[tuple[int, list[str]]]:
    """The rows that can be read, as long as the header or a start and whole blocks, with their numbers.

    Args:
        rows: numbers and cells.
        trimmed: whether empty cells at their ends may be missing.
        shape: of the rows; it becomes that of those below each further header of another length.
        further: finds such a header.
        problems: is given the rows of another shape.
    """
    for number, row in rows:
        filled = filled_in(row) if shape.titles or len(row) != shape.full else []
        if filled and not counts_in(row):
            if len(filled) == 1 and len(row) < shape.least and len(shape.titles) < HEAD_ROWS:
                shape.titles.append((number, row))
                continue
            if parts := further(row):
                yield from shape.titles
                shape.become(len(row), parts)
        if shape.titles and filled:
            shape.refuse_titles(problems)
        start, step, least, full = shape.start, shape.step, shape.least, shape.full
        beyond = (len(row) - start) % step if step else len(row) - full
        if beyond and trimmed and (len(row) >= least or _is_of_header(row, shape.naming)):
            row = row + [""] * (step - beyond if step else -beyond)
            beyond = 0 if step else max(beyond, 0)
        length = len(row)
        if not beyond and least <= length <= MAX_COLUMNS:
            yield number, row
        elif any(map(str.strip, row)) and not least <= length <= MAX_COLUMNS:
            few = filled_in(row)
            got = alone(few[0]) if len(few) == 1 else msg("{length}: not read", length=length)
            problems.add(number, None, _as_many_as(least), got)
        elif any(map(str.strip, row)):
            whole = max(least, length - (length - start) % step) if step else min(full, length)
            if length < shape.width or any(map(str.strip, row[whole:])):
                expected = msg("{start} cells and {step} for each choice", start=start, step=step)
                problems.add(number, None, expected if step else msg("{full} cells", full=full), f"{length}")
            yield number, row[:whole] + [""] * (shape.width - whole)


def _is_of_header(row: Sequence[str], naming: Collection[int]) -> bool:
    """Tell that a short row may be a lower one of a header that comes again: several texts, and no place."""
    return len(filled_in(row)) > 1 and not any(row[at].strip() for at in naming if at < len(row))


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
    rows, around = list[Element](), list[tuple[Element, str]]()
    for steps in (path.split("/") for path in tree.rows):
        if _fits(root, steps[0]):
            rows += _along(root, steps[1:])
            around += [(each, steps[-1]) for each in (_along(root, steps[1:-1]) if len(steps) > 1 else ())]
    if not rows:
        return None
    cells = [list(tree.columns)]
    for row in rows:
        texts = (map(partial(_value, row), paths) for paths in tree.columns.values())
        cells.append([next(filter(None, each), "") for each in texts])
    filled = {id(each) for row in rows for each in (row, row.parent)}
    empty = [(each, step) for each, step in around if id(each) not in filled]

    def read(problems: Problems) -> Iterator[list[str]]:
        for each, step in empty:
            expected = msg("{element} in {around}", element=step, around=each.name)
            problems.add(None, None, expected, msg("none, in line {line}", line=each.line))
        return map(list, cells)

    return source.table(read, "XML")


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


def lower_labels(layout: Layout, table: SourceTable) -> SourceTable:
    """A table with a column for each labelled cell above its rows; what it says holds for those below, up to the next.

    It stands right of its label, or within it where this is a regular expression with a group. Figures beside no label
    are named as not used.
    """
    given = [row[:MAX_COLUMNS] for row in table.rows(Problems(table.file))]
    rows, width = list(map(filled_in, given)), max(map(len, given), default=0)
    cells = list({cell for row in rows for cell in row})
    known = dict[str, tuple[str, str]]()
    for name, label in layout.above.items():
        same = fitting(label, cells) if is_pattern(label) else [plain(cell) == plain(label) or None for cell in cells]
        both = zip(cells, same or (), strict=False)
        known |= {cell: (name, str(fit) if fit not in (cell, True) else "") for cell, fit in both if fit is not None}
    headers = {at for at, row in enumerate(rows) if counts_in(row) == 0 and header_row(layout, [row]) is not None}
    labels = {at for at, row in enumerate(rows) if at not in headers and not known.keys().isdisjoint(row)}
    apart = labels.union(_figures_above(rows, headers, labels))

    def read(problems: Problems) -> Iterator[list[str]]:
        said, begun = dict.fromkeys((name for name, _ in known.values()), ""), False
        for at, row in enumerate(table.rows(problems)):
            if at in apart:
                found = [(*known[cell], *rows[at][to : to + 2]) for to, cell in enumerate(rows[at]) if cell in known]
                said |= {name: within or "".join(cells[1:]) for name, within, *cells in found}
                text = " ".join(rows[at])
                if counts_in(rows[at]) > counts_in(said[name] for name, *_ in found) and not leave_note(problems, text):
                    problems.add(at + 1, None, msg("a label of [above] for each figure"), shorten(text))
                yield []
                continue
            begun = at not in headers and (begun or (counts_in(row) > 0 and not number_columns(row)))
            right = said if at in headers else said.values() if begun else [""] * len(said)
            yield [*row, *[""] * (width - len(row)), *right] if len(rows[at]) > 1 else row

    head = tuple(tuple(row) for row in itertools.islice(read(Problems(table.file)), HEAD_ROWS))
    return replace(table, head=head, rows=read, data=b"")


def _figures_above(rows: Sequence[Sequence[str]], headers: Collection[int], labels: Collection[int]) -> Iterator[int]:
    """The rows of a text and a figure between a label, or the first row, and the next header."""
    loose: list[int] | None = None
    for at in reversed(range(len(rows))):
        if at in headers:
            loose = []
        elif loose is not None and at in labels:
            yield from loose
            loose = []
        elif loose is not None and counts_in(rows[at]):
            loose = [*loose, at] if len(rows[at]) == 2 else None
    yield from loose or ()


def row_labels(rows: Sequence[Sequence[str]], turned: Turned) -> list[str]:
    """The cells at the left of each row that is not empty."""
    return [_BETWEEN.join(cell.strip() for cell in row[: turned.labels]) for row in rows if any(row)]
