"""Opening what an auditor gives: the rows of a text, of every sheet of a workbook, or of a portal's JSON, as text."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from protocol.errors import InputError
from protocol.opening import OpenedFile
from verify.arrow_csv import MAX_CELLS
from verify.published import Level, Published
from verify.published.city_toulouse import json_table
from verify.published.registry import SHEETS, TEXTS
from verify.published.source import Opened, Table, text_table, unpacked
from verify.published.workbook import is_workbook, sheets
from verify.sheet import decode, rows_of

_START, _LINES = 2**16, 20
"""Characters and lines among which the delimiter is looked for."""


@dataclass(frozen=True, slots=True)
class Grid:
    """The rows of one table that are not empty.

    Attributes:
        shown: name of the file, with the sheet or the member where it has several.
        sheet: name of the sheet, empty where it is the only one.
        rows, numbers: cells and number of each row, as a spreadsheet counts.
        padded: whether rows are as long as they have cells: a short one lacks nothing.
        problems: what could not be split into cells.
        table: the same for the readers of published layouts.
        sheets: whether it is of a workbook.
    """

    shown: str
    sheet: str
    rows: list[list[str]]
    numbers: list[int]
    padded: bool
    problems: list[InputError]
    table: Table
    sheets: bool

    def feed(self, skipped: frozenset[str]) -> list[Published]:
        """The same read as published results by bureau, where it is of a layout that is known and not ``skipped``."""
        for name, reader in SHEETS if self.sheets else TEXTS:
            if name not in skipped and (found := reader(self.table)) is not None:
                return [published for published in found if published.level is Level.BUREAU and len(published.row)]
        return []


def grids_of(file: OpenedFile, shown: str) -> list[Grid]:
    """All tables of a file, at least one.

    Raises:
        InputError: it is damaged, larger than its bounds when unpacked, or has no table.
    """
    found: list[Grid] = []
    for source in unpacked(file):
        name = shown + source.file.removeprefix(str(file.path))
        if is_workbook(source):
            tables = sheets(source)
            found += [_of_sheet(table, name, len(tables) > 1) for table in tables]
        elif (records := json_table(source)) is not None:
            rows = list(records.rows())
            numbers = list(range(1, len(rows) + 1))
            found.append(Grid(name, "", rows, numbers, True, [], records, False))
        else:
            found.append(_of_text(source, name))
    if not found:
        raise InputError(shown, None, None, "a table", "nothing")
    return found


def _of_sheet(table: Table, shown: str, several: bool) -> Grid:
    rows: list[list[str]] = []
    numbers: list[int] = []
    problems: list[InputError] = []
    cells = 0
    for number, row in enumerate(table.rows(), 1):
        cells += len(row)
        if cells > MAX_CELLS:
            problems.append(InputError(shown, number, None, f"at most {MAX_CELLS} cells", "more"))
            break
        if any(map(str.strip, row)):
            rows.append(row)
            numbers.append(number)
    return Grid(shown, table.title if several else "", rows, numbers, True, problems, table, True)


def _of_text(source: Opened, shown: str) -> Grid:
    if source.data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):  # a spreadsheet's « Unicode text »
        try:
            text = source.data.decode("utf-16")
        except UnicodeDecodeError as error:
            raise InputError(shown, None, None, "text", "UTF-16 that is cut or damaged") from error
        source = Opened(source.file, source.sha256, source.name, text.encode())
    else:
        text, _ = decode(source.data)
    rows, numbers, problems = rows_of(text, shown, _delimiter(text))
    return Grid(shown, "", rows, numbers, False, problems, text_table(source), False)


def _delimiter(text: str) -> str:
    """The delimiter that one of the first lines has most of: titles above the header have none, or a stray comma."""
    lines = text[:_START].split("\n")[:_LINES]
    return max(";\t,", key=lambda mark: max(line.count(mark) for line in lines))
