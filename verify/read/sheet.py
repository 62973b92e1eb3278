"""Text files of an election night: every cell is kept, understood, or named with its row and column."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from protocol.errors import InputError, wrong_file
from protocol.evidence_kinds import EvidenceKind
from protocol.night import VOTES, Content, NightTable
from protocol.night import Column as NightColumn
from protocol.opening import OpenedFile, open_evidence
from protocol.words import msg, series
from verify.model.bureau_codes import Coded, TextColumns
from verify.model.figures import MISSING, Bools, Ints, Places, Texts, encode, longest_text, starts_with_digit
from verify.model.identity import UNSTATED, StatedElection
from verify.model.published import Flaw, Published
from verify.read import bounds
from verify.read.cells import (
    columns_of,
    split,
    strip,
    with_something,
)
from verify.read.counts import put_together
from verify.read.published.cells import judge_counts, judge_texts
from verify.read.rows import Kept, Problems, as_utf8, delimiter_of, rows_of


@dataclass(frozen=True, slots=True)
class Piece:
    """Origin of rows of a sheet, with the election ``stated`` there. Without a column of ``remarks`` none can lack.

    ``central``: whether it is the centralising record of its bureaux.
    """

    file: str
    sheet: str = ""
    remarks: bool = True
    stated: StatedElection = UNSTATED
    central: bool = False

    @property
    def name(self) -> str:
        """As a problem names it: ``pv.xlsx [Essai]``."""
        return f"{self.file} [{self.sheet}]" if self.sheet else self.file

    def place(self, row: int) -> str:
        """Place of a row: ``pv.xlsx:12 [Essai]``."""
        return f"{self.file}:{row}" + (f" [{self.sheet}]" if self.sheet else "")


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
        shares: percentages that are not the ratio of their counts, each with the index of an entry of its bureau.
    """

    file: str
    row: Ints
    texts: TextColumns
    counts: dict[str, Ints]
    extra: TextColumns
    problems: tuple[InputError, ...]
    several: tuple[Piece, ...] = ()
    piece: Ints | None = None
    lines: Mapping[str, Ints] = field(default_factory=dict)
    shares: tuple[Flaw, ...] = ()

    def __len__(self) -> int:
        return len(self.row)

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """Origins of its rows, at least one."""
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
        """Place of an entry."""
        return self._piece(row).place(int(self.row[row]))

    def some(self, rows: Bools) -> Sheet:
        """The same sheet with some of its rows, shape ``(n,)``."""
        pieces, piece = np.unique(self.piece_of[rows], return_inverse=True)
        names = [self.pieces[each] for each in pieces.tolist()]
        texts, extra = ({name: cells[rows] for name, cells in each.items()} for each in (self.texts, self.extra))
        return replace(
            self,
            file=" + ".join(dict.fromkeys(each.file for each in names)),
            row=self.row[rows],
            texts=TextColumns(texts),
            counts={name: values[rows] for name, values in self.counts.items()},
            extra=TextColumns(extra),
            several=tuple(names),
            piece=piece,
            shares=(),
            lines={name: values[rows] for name, values in self.lines.items()},
        )

    def coded(self, name: str) -> Coded:
        """A column of text by its different cells."""
        return self.texts.coded(name)

    def with_texts(self, name: str, cells: Texts) -> Sheet:
        """The same sheet with other cells in a column of text."""
        return replace(self, texts=self.texts.with_column(name, cells))

    def without(self, name: str) -> Sheet:
        """The same sheet without a column of text."""
        return replace(self, texts=TextColumns({each: self.texts[each] for each in self.texts if each != name}))


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
        tuple(
            replace(share, unit=share.unit + first)
            for sheet, first in zip(sheets, np.cumsum([0, *lengths]).tolist(), strict=False)
            for share in sheet.shares
        ),
    )


def _one_below_the_other(columns: Sequence[Mapping[str, Texts]], lengths: Sequence[int]) -> TextColumns:
    """Columns of text of several sheets; empty where one of them has not got a column."""
    whole = {}
    for name in dict.fromkeys(name for each in columns for name in each):
        parts = [
            each[name] if name in each else np.full(length, "") for each, length in zip(columns, lengths, strict=True)
        ]
        whole[name] = np.concatenate(parts)
    return TextColumns(whole)


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


def parse_sheet(file: OpenedFile, table: NightTable, name: str | None = None) -> Sheet:
    """Read an opened file of a night; as `read_sheet`.

    Raises:
        InputError: it lacks its header.
    """
    shown, size = str(file.path) if name is None else name, len(file.data)
    data = as_utf8(file.data, shown)
    end = data.find(b"\n")
    line = data[: end if end > 0 else bounds.MAX_ROW].decode(errors="replace")
    delimiter = delimiter_of(line)
    header = _split_header(line.removesuffix("\r"), delimiter)
    columns = None
    if end > 0 and not _lacking(header, table):
        columns = split(data, size, end + 1, delimiter, len(header))
    if columns is None:
        return sheet_of_rows(rows_of(data, shown, size, delimiter), table, shown, size)
    rows = with_something(columns)
    if len(rows) < len(columns[0]):
        columns = [column.take(rows) for column in columns]
    return _sheet_of_columns(header, columns, rows + 2, table, size, Problems(shown))


def sheet_of_rows(kept: Kept, table: NightTable, shown: str, size: int) -> Sheet:
    """Make a sheet of rows whose first one is the header of a file of a night; as `read_sheet`.

    Args:
        kept: the rows.
        table: what they should hold.
        shown: name of the file.
        size: bytes that it has on the disk, which bound what it takes.

    Raises:
        InputError: there is no such header.
    """
    kept.fit(len(kept.rows[0]) if kept.rows else 0, (bounds.rows if table is VOTES else bounds.bureaux)(size))
    problems, header = kept.problems, _header_of(kept, table, shown)
    width, body = len(header), []
    for row, number in zip(kept.rows[1:], kept.numbers[1:], strict=True):
        if len(row) > width:
            row = put_together(row, width)
        if len(row) != width:
            expected, got = msg("{header} cells", header=width), msg("{row} cells", row=len(row))
            problems.add(number, None, expected, got)
            row = (row + [""] * width)[:width]
        body.append(row)
    where = np.array(kept.numbers[1:], np.int64)
    return _sheet_of_columns(header, columns_of(body, width), where, table, size, problems)


def _split_header(line: str, delimiter: str) -> list[str]:
    """The names of the columns; none where quotes are not closed in it."""
    try:
        return [cell.strip() for cell in next(csv.reader([line], delimiter=delimiter, strict=True), [])]
    except csv.Error:
        return []


def _lacking(header: Sequence[str], table: NightTable) -> list[str]:
    """The columns that a header must have and has not."""
    return [column.name for column in table.columns if column.required and column.name not in header]


def _header_of(kept: Kept, table: NightTable, shown: str) -> list[str]:
    """The names of the columns, which the first row has.

    Raises:
        InputError: there is no row, or one that lacks a column.
    """
    problems = kept.problems
    if not kept.rows:
        wanted = msg("a header {header}", header=",".join(table.header))
        raise problems[0] if problems else wrong_file(shown, wanted, msg("nothing"))
    header = [cell.strip() for cell in kept.rows[0]]
    missing = _lacking(header, table)
    if missing and problems and problems[0].row is not None and problems[0].row < kept.numbers[0]:
        raise problems[0]  # what should have been the header could not be split
    if missing:
        expected = msg("these columns as well: {missing}", missing=series(missing))
        raise InputError(shown, kept.numbers[0], None, expected, series(header[: len(table.columns)]))
    return header


def _sheet_of_columns(
    header: Sequence[str],
    columns: Sequence[Coded],
    row: Ints,
    table: NightTable,
    size: int,
    problems: Problems,
) -> Sheet:
    """The columns of a table by what their names say; of two of one name the first."""
    by_name = dict(zip(reversed(header), reversed(columns), strict=True))
    by_name.pop("", None)
    known = {each.name: each for each in (*table.columns, *table.further)}
    nothing = Coded(("",), np.broadcast_to(np.int32(0), len(row)))
    written = {name: by_name.pop(name, nothing) for name, each in known.items() if each.content is Content.TEXT}
    counted = {name: by_name.pop(name, None) for name in known if name not in written}
    texts = text_columns({**by_name, **written}, bounds.memory(size) // 4, row, problems)

    def judge(of: NightColumn, column: Coded | None) -> Ints:
        if column is None:
            return np.broadcast_to(np.int64(MISSING), len(row))  # takes no room
        return judge_counts(column, lambda at, *said: problems.add(int(row[at]), of.name, *said), of.content)

    counts = {known[name].key: judge(known[name], column) for name, column in counted.items()}
    sheet = TextColumns({name: texts[name] for name in written})
    extra = TextColumns({name: texts[name] for name in by_name})
    return Sheet(problems.file, row, sheet, counts, extra, problems.all())


def text_columns(columns: Mapping[str, Coded], room: int, rows: Ints, problems: Problems) -> dict[str, Coded]:
    """Cells without the spaces around them, cut where a long one would cost its length in every row.

    Args:
        columns: cells by name of the column, as many in each as there are ``rows``.
        room: characters that all of them may take.
        rows: number of each row, shape ``(n,)``.
        problems: is given what was cut.
    """
    found = {name: strip(column) for name, column in columns.items()}
    most = _longest(list(map(_width, found.values())), len(rows), room)

    def judge(name: str, column: Coded) -> Coded:
        return judge_texts(column, lambda at, *said: problems.add(int(rows[at]), name, *said), most)

    return {name: judge(name, column) if _width(column) > most else column for name, column in found.items()}


def _width(column: Coded) -> int:
    """Characters of the longest text of a column."""
    return max(map(len, column.labels), default=0)


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


def places_of(sheet: Sheet, kind: EvidenceKind) -> Places:
    """The place of each row of a sheet of some evidence: `` [Essai, page 3]`` where a column says the page.

    A value that is more than a number is shown as it stands.
    """
    named, of = [(piece.file, piece.sheet) for piece in sheet.pieces], sheet.piece_of
    columns = _pages(sheet) if len(sheet.extra) and len(sheet) else []
    if columns:
        rows = zip(*(column.tolist() for column in columns), strict=True)
        pages, page = encode(np.array([", ".join(filter(None, row)) for row in rows], np.str_))
        pairs, of = np.unique(of * len(pages) + page, return_inverse=True)
        both = ((named[at // len(pages)], pages[at % len(pages)]) for at in pairs.tolist())
        named = [(file, ", ".join(filter(None, (title, text)))) for (file, title), text in both]
    parts = tuple(f" [{part}]" if part else "" for _, part in named)
    return Places(
        tuple(f"{file}:" for file, _ in named), of, sheet.row, (kind,) * len(named), parts if any(parts) else ()
    )


def _pages(sheet: Sheet) -> list[Texts]:
    from verify.read.tables.headers import is_page

    return [_shown(name, sheet.extra[name]) for name in sheet.extra if is_page(name)]


def _shown(name: str, cells: Texts) -> Texts:
    return np.where(starts_with_digit(cells), np.strings.add(f"{name.casefold()} ", cells), cells)


def texts_of(feed: Published) -> dict[str, Texts]:
    """Name the bureau of each row; the poll is left open."""
    return {
        "insee": feed.insee,
        "bureau": feed.bureau,
        "scrutin": np.full(len(feed.row), ""),
        "commune": feed.commune,
        "departement": feed.department,
        "circonscription": feed.constituency,
    }
