"""Text files of an election night, read with care: every cell is kept, understood, or named with its row and column.

The reading is the standard library's. What this module adds is the judgement: which delimiter and encoding, which
columns, which cells are counts, and what to say of those that are not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from protocol.errors import InputError
from protocol.night import VOTES, Column, Content, NightTable
from protocol.opening import OpenedFile, open_evidence
from protocol.words import cited, msg
from verify.model.figures import BLANK, MISSING, UNREADABLE, Ints, Texts, longest_text
from verify.model.joins import encode
from verify.model.stated import UNSTATED, StatedElection
from verify.model.text_columns import Coded, TextColumns
from verify.read import bounds, clean_sheet
from verify.read.arrow_csv import MARK
from verify.read.counts import MAX_COUNT, parse_count, put_together
from verify.read.published.cells import instead_of_a_count
from verify.read.rows import Kept, Problems, encoding_of, rows_of

_CLOCK = re.compile(r"([0-9]{1,2})\s*(?:[:hH]\s*([0-9]{2})(?::[0-9]{2})?|[hH])")


@dataclass(frozen=True, slots=True)
class Piece:
    """Where rows of a sheet are from; the election ``stated`` there. Without a column of ``remarks`` none can lack."""

    file: str
    sheet: str = ""
    remarks: bool = True
    stated: StatedElection = UNSTATED

    @property
    def name(self) -> str:
        """As a problem names it: ``pv.xlsx [Essai]``."""
        return f"{self.file} [{self.sheet}]" if self.sheet else self.file


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table of one file, or of several pieces one below the other, as columns.

    Attributes:
        file: the name to show; of several files all their names.
        row: row of each entry as a spreadsheet counts, the header being row 1, shape ``(n,)``.
        texts: text columns by name, shape ``(n,)``; empty where the cell or the column is.
        counts: counts by `Quantity` and clock columns by name, shape ``(n,)``; clocks in minutes since midnight of the
            polling day; BLANK, UNREADABLE or MISSING where there is none.
        extra: further columns of the file, by header, as text.
        problems: everything that could not be read.
        several: its pieces where it has more than one, or one that is a sheet of several.
        piece: index into ``several`` of each row, shape ``(n,)``; None where they have none, or one.
        lines: rows of the counts of a column that stand in other rows than their entries do, as in a form, shape
            ``(n,)``.
    """

    file: str
    row: Ints
    texts: Mapping[str, Texts]
    counts: dict[str, Ints]
    extra: Mapping[str, Texts]
    problems: tuple[InputError, ...]
    several: tuple[Piece, ...] = ()
    piece: Ints | None = None
    lines: Mapping[str, Ints] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.row)

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """Where its rows are from, at least one."""
        return self.several or (Piece(self.file),)

    @property
    def files(self) -> tuple[str, ...]:
        """The names of its files, each once."""
        return tuple(dict.fromkeys(piece.file for piece in self.pieces))

    @property
    def piece_of(self) -> Ints:
        """Index into `pieces` of each row."""
        return np.broadcast_to(np.int64(0), len(self)) if self.piece is None else self.piece

    def _piece(self, row: int) -> Piece:
        return self.pieces[0 if self.piece is None else int(self.piece[row])]

    def shown(self, row: int) -> str:
        """The name of the file that an entry is from, as a problem has it."""
        return self._piece(row).name

    def place(self, row: int) -> str:
        """Where an entry stands: ``pv.xlsx:12 [Essai]``."""
        piece = self._piece(row)
        return f"{piece.file}:{self.row[row]}" + (f" [{piece.sheet}]" if piece.sheet else "")

    def coded(self, name: str) -> Coded:
        """A column of text by its different cells."""
        return self.texts.coded(name) if isinstance(self.texts, TextColumns) else Coded(*encode(self.texts[name]))

    def with_texts(self, name: str, cells: Texts) -> Sheet:
        """The same sheet with other cells in a column of text."""
        texts = self.texts
        others = texts.with_column(name, cells) if isinstance(texts, TextColumns) else {**texts, name: cells}
        return replace(self, texts=others)


def join_sheets(sheets: Sequence[Sheet]) -> Sheet:
    """Several sheets of one kind, one below the other; at least one."""
    first, *others = sheets
    if not others:
        return first
    lengths = [len(sheet) for sheet in sheets]
    starts = np.cumsum([0, *(len(sheet.pieces) for sheet in sheets)])
    texts, extra = ([getattr(sheet, name) for sheet in sheets] for name in ("texts", "extra"))
    nothing = [np.broadcast_to(np.int64(MISSING), length) for length in lengths]
    counted = dict.fromkeys(name for sheet in sheets for name in sheet.counts)
    return Sheet(
        " + ".join(dict.fromkeys(name for sheet in sheets for name in sheet.files)),
        np.concatenate([sheet.row for sheet in sheets]),
        _one_below_the_other(texts, lengths),
        {
            name: np.concatenate([sheet.counts.get(name, none) for sheet, none in zip(sheets, nothing, strict=True)])
            for name in counted
        },
        _one_below_the_other(extra, lengths),
        tuple(problem for sheet in sheets for problem in sheet.problems),
        tuple(piece for sheet in sheets for piece in sheet.pieces),
        np.concatenate([sheet.piece_of + start for sheet, start in zip(sheets, starts, strict=False)]),
        {
            name: np.concatenate([sheet.lines.get(name, sheet.row) for sheet in sheets])
            for name in dict.fromkeys(name for sheet in sheets for name in sheet.lines)
        },
    )


def _one_below_the_other(columns: Sequence[Mapping[str, Texts]], lengths: Sequence[int]) -> dict[str, Texts]:
    """Columns of text of several sheets; empty where one of them has not got a column."""
    whole = {}
    for name in dict.fromkeys(name for each in columns for name in each):
        parts = [
            each[name] if name in each else np.full(length, "") for each, length in zip(columns, lengths, strict=True)
        ]
        whole[name] = np.concatenate(parts)
    return whole


def read_sheet(path: Path, table: NightTable, below: Path | None = None) -> Sheet:
    """Read one file of a night.

    Args:
        path: the file.
        table: what it should hold.
        below: as `protocol.opening.open_evidence` has it.

    Raises:
        InputError: the file cannot be read at all, or lacks its header.
    """
    return parse_sheet(open_evidence(path, below=below), table)


def parse_sheet(
    file: OpenedFile, table: NightTable, name: str | None = None, clean: clean_sheet.CleanColumns | None = None
) -> Sheet:
    """What an opened file of a night holds; as `read_sheet`. ``clean`` is what `read_clean` has found in it.

    Raises:
        InputError: it lacks its header.
    """
    shown = str(file.path) if name is None else name
    clean = clean or read_clean(file.data, table)
    if clean is not None:
        return Sheet(shown, clean.row, clean.texts, clean.counts, clean.extra, ())
    return _with_care(file.data, table, shown)


def read_clean(data: bytes, table: NightTable) -> clean_sheet.CleanColumns | None:
    """The columns of a table in which nothing has to be judged; None for another, which needs care."""
    cells = clean_sheet.split(_as_utf8(data), table)
    return None if cells is None else cells.read(_CONVERT, MAX_COUNT)


def _as_utf8(data: bytes) -> bytes:
    """The same text in UTF-8 without a mark."""
    if data.isascii():
        return data
    codec = encoding_of(data)
    return data.removeprefix(MARK) if codec == "utf-8" else data.decode(codec).encode()


def _with_care(data: bytes, table: NightTable, shown: str) -> Sheet:
    return sheet_of_rows(rows_of(data, shown, len(data)), table, shown, len(data))


def sheet_of_rows(kept: Kept, table: NightTable, shown: str, size: int) -> Sheet:
    """What rows hold whose first one is the header of a file of a night; as `read_sheet`.

    Args:
        kept: the rows.
        table: what they should hold.
        shown: name of the file.
        size: bytes that it has on the disk, which bound what it takes.

    Raises:
        InputError: there is no such header.
    """
    kept.fit(len(kept.rows[0]) if kept.rows else 0, (bounds.rows if table is VOTES else bounds.bureaux)(size))
    rows, numbers, problems = kept.rows, kept.numbers, kept.problems
    header = _header_of(kept, table, shown)
    body, where = [], []
    for row, number in zip(rows[1:], numbers[1:], strict=True):
        if len(row) > len(header):
            row = put_together(row, len(header))
        if len(row) != len(header):
            problems.append(
                InputError(
                    shown, number, None, msg("{header} cells", header=len(header)), msg("{row} cells", row=len(row))
                )
            )
            row = (row + [""] * len(header))[: len(header)]
        body.append(row)
        where.append(number)
    cells = list(zip(*body, strict=True)) if body else [()] * len(header)
    by_name = dict(zip(reversed(header), reversed(cells), strict=True))
    columns = (*table.columns, *table.further)
    known = {column.name for column in columns}
    written = {column.name: by_name.get(column.name) or [""] * len(body) for column in columns if _is_text(column)}
    further = {head: values for head, values in by_name.items() if head and head not in known}
    texts = text_columns({**further, **written}, bounds.memory(size) // 4, shown, where, problems)
    counts: dict[str, Ints] = {}
    for column in columns:
        if column.name not in texts:
            values = by_name.get(column.name)
            counts[column.key] = (
                np.full(len(body), MISSING, np.int64)
                if values is None
                else _numbers(values, column, shown, where, problems)
            )
    return Sheet(
        file=shown,
        row=np.array(where, np.int64),
        texts={name: texts[name] for name in written},
        counts=counts,
        extra={name: texts[name] for name in further},
        problems=problems.all(),
    )


def _header_of(kept: Kept, table: NightTable, shown: str) -> list[str]:
    """The names of the columns, which the first row has.

    Raises:
        InputError: there is no row, or one that lacks a column.
    """
    problems = kept.problems
    if not kept.rows:
        wanted = msg("a header {header}", header=",".join(table.header))
        raise problems[0] if problems else InputError(shown, None, None, wanted, msg("nothing"))
    header = [cell.strip() for cell in kept.rows[0]]
    missing = [column.name for column in table.columns if column.required and column.name not in header]
    if missing and problems and problems[0].row is not None and problems[0].row < kept.numbers[0]:
        raise problems[0]  # what should have been the header could not be split
    if missing:
        expected = msg("columns {header}", header=",".join(table.header))
        raise InputError(shown, kept.numbers[0], missing[0], expected, ",".join(header)[:200])
    return header


def _is_text(column: Column) -> bool:
    return column.content is Content.TEXT


def text_columns(
    columns: Mapping[str, Sequence[str]], room: int, shown: str, rows: Sequence[int], problems: Problems
) -> dict[str, Texts]:
    """Cells without the spaces around them, cut where a long one would cost its length in every row.

    Args:
        columns: cells by name of the column, as many in each as there are ``rows``.
        room: characters that all of them may take.
        shown: name of the file.
        rows: number of each row.
        problems: is given what was cut.
    """
    stripped = {name: [value.strip() for value in values] for name, values in columns.items()}
    lengths = {name: max(map(len, cells), default=0) for name, cells in stripped.items()}
    most = _longest(list(lengths.values()), len(rows), room)
    for name, cells in stripped.items():
        if lengths[name] > most:
            for index, cell in enumerate(cells):
                if len(cell) > most:
                    got = msg("{cell} characters, cut", cell=len(cell))
                    problems.append(
                        InputError(shown, rows[index], name, msg("at most {most} characters", most=most), got)
                    )
                    cells[index] = cell[:most]
    return {name: np.array(cells, np.str_) for name, cells in stripped.items()}


def _longest(lengths: Sequence[int], rows: int, room: int) -> int:
    """Characters that a cell may have, so that all columns have room, each as wide as its longest cell."""
    most = longest_text(rows)
    room //= max(rows, 1)
    for index, length in enumerate(sorted(min(length, most) for length in lengths)):
        left = len(lengths) - index
        if length * left > room:  # as must all that are longer
            return max(room // left, 1)
        room -= length
    return most


def _numbers(values: Sequence[str], column: Column, shown: str, rows: Sequence[int], problems: Problems) -> Ints:
    convert = _CONVERT[column.content]
    out = np.empty(len(values), np.int64)
    for index, value in enumerate(values):
        number = convert(value)
        if number == UNREADABLE:
            got = instead_of_a_count(value) if column.content is Content.COUNT else cited(value)
            problems.append(InputError(shown, rows[index], column.name, column.content.text, got))
        out[index] = number
    return out


def parse_clock(cell: str) -> int:
    """Minutes since midnight of the polling day: ``19:00``, ``19h00``, ``8h``, ``24:15`` after midnight.

    BLANK or UNREADABLE where there is none.
    """
    plain = cell.strip()
    if not plain:
        return BLANK
    match = _CLOCK.fullmatch(plain)
    if match is None:
        return UNREADABLE
    hours, minutes = int(match[1]), int(match[2] or 0)
    return hours * 60 + minutes if hours < 48 and minutes < 60 else UNREADABLE


_CONVERT = {Content.COUNT: parse_count, Content.CLOCK: parse_clock}
