"""Opening what an auditor gives: the rows of a text, of each sheet of a workbook, of JSON or Parquet, as text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from protocol.errors import wrong_file
from protocol.opening import OpenedFile
from protocol.words import msg
from verify.model.use import MEMBER
from verify.read.published.registry import TABLE, FoundTables, NoTable, find_tables
from verify.read.published.source import OpenedSource, SourceTable, text_table
from verify.read.rows import COMMENT, Kept, Problems, rows_of
from verify.read.tables.asked import NOTHING_ASKED, Asked

_FIELD = re.compile(rf"{COMMENT}\s*(?:champ|field)\s*([0-9]{{1,3}})\s*:\s*(.{{1,200}})", re.IGNORECASE)
"""Form in which a comment names a field of the rows below it."""
_GAPS = (re.compile(r" {2,}|\t+"), re.compile(";"), re.compile(","))
"""Between two cells of a row that is one."""
_COLUMNS = 3
"""Columns that are aligned by spaces, and rows of them, at least."""


@dataclass(frozen=True, slots=True)
class Grid:
    """The rows of one table that are not empty.

    Attributes:
        shown: name of the file, with the member of an archive.
        sheet: name of the sheet, empty where it is the only one.
        kept: cells and number of each row, and what could not be split into cells.
        padded: whether rows are as long as they have cells: a short one lacks nothing.
        table: the same for the readers of published layouts.
        asked: what the user says of it.
        member: name of the file in an archive that it is of.
        lines: of a form, the row in which each column of its table stands; empty where these are columns of the file.
        of_poll: whether it is what a table has of one of several polls.
        round: of the election that it says it is of, 0 where it says none.
        part: what its file calls that round or poll, where it has several; the first cell of one of several tables.
    """

    shown: str
    sheet: str
    kept: Kept
    padded: bool
    table: SourceTable
    asked: Asked = NOTHING_ASKED
    member: str = ""
    lines: tuple[int, ...] = ()
    of_poll: bool = False
    round: int = 0
    part: str = ""

    @property
    def called(self) -> str:
        """Name of its file, with that of its sheet where there are several."""
        return f"{self.shown} [{self.sheet}]" if self.sheet else self.shown

    @property
    def label(self) -> str:
        """Name within its file: its member, sheet and round; empty for the only one."""
        return " ".join(filter(None, (self.member, self.sheet, self.part)))

    @property
    def name(self) -> str:
        """The name of its sheet, also where it is the only one; empty where it is none of a workbook."""
        return self.table.title if self.table.trimmed else ""

    @property
    def rows(self) -> list[list[str]]:
        """The cells of each row."""
        return self.kept.rows

    @property
    def numbers(self) -> list[int]:
        """The number of each row, as a spreadsheet counts."""
        return self.kept.numbers

    @property
    def problems(self) -> Problems:
        """Cells that could not be split, and excess ones."""
        return self.kept.problems

    def part_of(self, rows: Sequence[list[str]], numbers: Sequence[int], called: str, number: int = 0) -> Grid:
        """Some of its rows or columns as a table by itself, less the rows that are empty there.

        Args:
            rows: cells of each.
            numbers: the number of each.
            called: what tells it from the others of its sheet.
            number: of the round that it is of, 0 for none.
        """
        kept = Kept(self.shown, self.table.size)
        kept.problems.extend(self.problems)
        for row, at in zip(rows, numbers, strict=True):
            kept.add(row, at)
        return replace(self, kept=kept, round=number, part=called)


def cell_at(row: Sequence[str], index: int) -> str:
    """A cell of a row, empty where the row is shorter."""
    return row[index] if index < len(row) else ""


def grids_of(file: OpenedFile, shown: str, asked: Asked = NOTHING_ASKED) -> list[Grid]:
    """All tables of a file, at least one.

    Args:
        file: the file.
        shown: its name.
        asked: what the user says of its tables.

    Raises:
        InputError: it is damaged, larger than its bounds when unpacked, or has no table.
    """
    found = find_tables(file, lambda table: None)
    if not (found.others or found.wrong):
        raise wrong_file(shown, TABLE, msg("nothing"))
    return grids_in(file, shown, found, asked)


def grids_in(file: OpenedFile, shown: str, tables: FoundTables, asked: Asked = NOTHING_ASKED) -> list[Grid]:
    """The tables of a file that are of no known layout, and what is wrong with members of an archive.

    Raises:
        InputError: what is wrong is the file's, and not that it holds no table.
    """
    name = str(file.path)
    found = [
        (_grid(table, shown + table.file.removeprefix(name), several), table.file) for table, several in tables.others
    ]
    for error in tables.wrong:
        if not (error.file != name or isinstance(error, NoTable)):
            raise error
        kept = Kept(shown + error.file.removeprefix(name), len(file.data))
        kept.problems.add(None, None, error.expected, error.got)
        nothing = text_table(OpenedSource(error.file, file.sha256, len(file.data), "", b""))
        found.append((Grid(kept.problems.file, "", kept, False, nothing), error.file))
    return [replace(grid, asked=asked, member=of.removeprefix(name).removeprefix(MEMBER)) for grid, of in found]


def _grid(table: SourceTable, shown: str, several: bool) -> Grid:
    """A table of a file, by the name of its sheet where there are ``several``."""
    if not table.delimiter:
        kept = Kept(shown, table.size)
        for number, row in table.numbered(kept.problems):
            if not kept.add(row, number):
                break
        return Grid(shown, table.title if several else "", kept, True, table)
    kept = rows_of(table.data, shown, table.size, table.delimiter)
    _name_fields(kept)
    _align(kept)
    return Grid(shown, "", kept, False, table)


def _align(kept: Kept) -> None:
    """Split rows that are one cell into columns: aligned by spaces, or with quotes around each line.

    Those of another number of cells stay whole. What else the text has, a letter around the table, is less than these.
    """
    alone = [at for at, row in enumerate(kept.rows) if len(row) == 1]
    for apart in _GAPS:
        split = {at: apart.split(kept.rows[at][0].strip()) for at in alone}
        width = max(map(len, split.values()), default=0)
        fitting = [at for at, cells in split.items() if len(cells) == width >= _COLUMNS]
        if len(fitting) >= max(_COLUMNS, len(kept.rows) - len(alone)):
            for at in fitting:
                kept.rows[at] = split[at]
            return


def _name_fields(kept: Kept) -> None:
    """Put the names of fields into a header that comments above the rows list: « -- Champ 1 : N° tour »."""
    comments = next((at for at, row in enumerate(kept.rows) if not row[0].startswith(COMMENT)), len(kept.rows))
    listed = [match for row in kept.rows[:comments] if (match := _FIELD.match(";".join(row)))]
    names = [" ".join(match[2].split()) for match in listed]
    in_order = [int(match[1]) for match in listed] == list(range(1, len(listed) + 1))
    if len(names) > 1 and in_order and len(kept.rows) > comments and len(kept.rows[comments]) >= len(names):
        kept.rows[:comments] = [names]
        kept.numbers[:comments] = kept.numbers[comments - 1 : comments]
