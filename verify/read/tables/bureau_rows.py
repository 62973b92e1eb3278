"""Rows of an auditor's table that stand for a bureau or a total: footnotes and headings between them do not."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from protocol.quantities import Quantity
from protocol.words import Message, cited, msg, nmsg, series
from verify.read.cells import filled_in
from verify.read.counts import counts_in, parse_count
from verify.read.rows import Problems
from verify.read.tables import headers
from verify.read.tables.headers import BUREAU_LEVEL, LEVELS, Header, has_word, key, wordings
from verify.read.totals import BY_FIGURES, names_total

_FOOTNOTE = 12
"""Letters from which on what stands for a bureau's code is a sentence."""
_NAME = re.compile(r"[^\W\d_]{3}[^\d_]*")
"""A word where a bureau's code should be: what the rows below are of."""
_NO_BUREAU = re.compile(r"[\W_]+|(?:moyenne|m[ée]diane|taux|pourcentage|average)\W*", re.IGNORECASE)
"""In place of a bureau, the name of a row that counts nothing: « % », « Moyenne »."""
_FEW = 2
"""Bureaux, and figures above zero, of which another row may be the sum by chance."""
_NEAR = 50
"""Part of the voters on the rolls by which a row may miss their sum as a total that is not right: one in so many."""
_DIGITS = re.compile(r"[0-9]+")
_LEVEL = 40
"""Characters of what a column of levels says."""


@dataclass(slots=True, eq=False)
class SortedRow:
    """A row of a bureau or a total.

    Attributes:
        cells: as wide as the header.
        number: of the row.
        said: what says that it is a total, empty for a bureau.
        town: what stood by itself above it in the column of bureaux.
        counts: by column.
    """

    cells: list[str]
    number: int
    said: str
    town: str
    counts: dict[int, int]


@dataclass(slots=True)
class BureauRows:
    """The rows of bureaux and totals.

    Attributes:
        rows: all of them.
        left_out: how many rows without bureau and figures there were.
        above: number of each row of a place above bureaux, by a column of levels, and what it is of.
        parts: how many rows of parts of a bureau there were, of which another row has the sum.
    """

    rows: list[SortedRow] = field(default_factory=list)
    left_out: int = 0
    above: dict[int, str] = field(default_factory=dict)
    parts: int = 0

    @property
    def notes(self) -> tuple[Message, ...]:
        """Notes on the rows that were left out."""
        left_out = nmsg(
            "{count:n} row without bureau and figures left out",
            "{count:n} rows without bureau and figures left out",
            self.left_out,
        )
        of_levels = nmsg(
            "{count:n} row of a place above bureaux left out ({levels})",
            "{count:n} rows of places above bureaux left out ({levels})",
            len(self.above),
            levels=series(dict.fromkeys(self.above.values())),
        )
        of_parts = nmsg(
            "{count:n} row of a part of a bureau, as of a machine, left out: another row has the sum",
            "{count:n} rows of parts of bureaux, as of machines, left out: another row has the sum",
            self.parts,
        )
        said = ((left_out, self.left_out), (of_levels, self.above), (of_parts, self.parts))
        return tuple(note for note, some in said if some)


def bureau_rows(
    header: Header, rows: list[list[str]], numbers: list[int], figures: set[int], problems: Problems
) -> BureauRows:
    """The rows that stand for a bureau or a total.

    Args:
        header: of the table.
        rows: the rows below it, each as wide as it.
        numbers: their numbers.
        figures: the columns that hold counts.
        problems: is given the rows with figures and without a bureau.
    """
    sorter = _Sorter(header, figures, problems, rows)
    level = level_column(header, rows)
    for row, number in zip(rows, numbers, strict=True):
        if level is not None and row[level].strip() and not _is_of_bureaux(row[level]):
            sorter.found.above[number] = row[level].strip()[:_LEVEL]
        else:
            sorter.add(row, number)
    sorter.keep_sums()
    sorter.name_sums()
    return sorter.found


def level_column(header: Header, rows: Sequence[Sequence[str]]) -> int | None:
    """The column that says of each row what it is of, where some are of bureaux; None where there is none."""
    columns = [index for index in header.unread() if key(header.cells[index]) in wordings().kinds[LEVELS]]
    return next((index for index in columns if any(_is_of_bureaux(row[index]) for row in rows)), None)


def _is_of_bureaux(level: str) -> bool:
    return key(level) in wordings().kinds[BUREAU_LEVEL]


class _Sorter:
    def __init__(self, header: Header, figures: set[int], problems: Problems, rows: Sequence[Sequence[str]]) -> None:
        self.found = BureauRows()
        self._header, self._figures, self._problems = header, figures, problems
        self._at = header.at["bureau"]
        self._first = min(figures, default=len(header.cells))
        self._places = [header.at[column] for column in ("insee", "commune") if column in header.at]
        self._polls = [header.at["scrutin"]] if "scrutin" in header.at else []
        self._choice = header.at["choix"] if header.names_choices else None
        self._part, self._whole = _Sum(), _Sum()
        self._heading: dict[int, str] = {}
        self._above = self._town = ""
        counted = [(row, some) for row in rows if (some := counts_in(row[index] for index in figures))]
        codes = [row[self._at].strip() for row, _ in counted]
        self._usual = max((some for _, some in counted), default=0)
        self._shapes = set(map(_shape, codes))
        patterns = Counter(_DIGITS.sub("0", code) for code in codes if code and not names_total(code))
        self._pattern = max(patterns, key=patterns.__getitem__, default="")

    def add(self, row: list[str], number: int) -> None:
        code = row[self._at].strip()
        if code and _NO_BUREAU.fullmatch(code):  # below the figures
            self.found.left_out += 1
            return
        said = self._total_by_name(row, code)
        if not code and not said and self._choice is not None and row[self._choice].strip() and not self._says(row):
            code = self._above  # named once above its choices, as in merged cells
            row = [*row[: self._at], code, *row[self._at + 1 :]]
        counts = {index: count for index in self._figures if (count := parse_count(row[index])) >= 0}
        if not counts and not said and self._is_no_row(row, code):
            return
        if code and not said and self._choice is None:
            said = self._total_in_place(code, counts)
        if not said and not self._is_of_bureau(code, counts):
            if code or not (self._part.is_it(counts) or self._whole.is_it(counts)):
                name = self._header.cells[self._at].strip()
                self._problems.add(number, name, msg("the code of a bureau"), cited(code) if code else msg("nothing"))
                return
            said = BY_FIGURES
        if said:
            self._part = _Sum()
        else:
            row = self._of_bureau(row, code, counts)
        self.found.rows.append(SortedRow(row, number, said, "" if said else self._town, counts))

    def keep_sums(self) -> None:
        """Leave of several rows of a bureau that with the sums of all others: of machines « A », « B », « A+B »."""
        left = set[SortedRow]()
        for rows in self._grouped([*self._places, *self._polls, self._at], coded=True):
            if len(whole := self._sums_in(rows)) == 1:
                left.update(row for row in rows if row is not whole[0])
                whole[0].said = ""
        self.found.rows = [row for row in self.found.rows if row not in left]
        self.found.parts = len(left)

    def name_sums(self) -> None:
        """Name rows that have the code of a bureau, and for figures the sums of all others of their commune."""
        for rows in self._grouped(self._places):
            for row in self._sums_in(rows):
                row.said = BY_FIGURES

    def _grouped(self, columns: Sequence[int], *, coded: bool = False) -> list[list[SortedRow]]:
        """The rows of bureaux that have the same in some columns, more than a few each.

        Args:
            columns: these.
            coded: whether totals by their figures that have a code are among them.
        """
        places: dict[tuple[str, ...], list[SortedRow]] = {}
        for row in self.found.rows if self._choice is None else ():
            if not row.said or (coded and row.said.startswith(BY_FIGURES) and row.cells[self._at]):
                places.setdefault(tuple(row.cells[index].strip() for index in columns), []).append(row)
        return [rows for rows in places.values() if len(rows) > _FEW]

    def _sums_in(self, rows: Sequence[SortedRow]) -> list[SortedRow]:
        """Those of some rows that have for figures the sums of all others."""
        sums: Counter[int] = Counter()
        for row in rows:
            sums.update(row.counts)
        summed = {index: total for index, total in sums.items() if total > 0}
        if len(summed) < _FEW:
            return []
        return [row for row in rows if all(row.counts.get(index, 0) * 2 == total for index, total in summed.items())]

    def _total_by_name(self, row: list[str], code: str) -> str:
        """Find the cell of a row that names it a total."""
        if code:
            return code if names_total(code) else ""
        cells = [cell.strip() for index, cell in enumerate(row[: self._first]) if index != self._choice]
        if self._choice is not None and headers.meaning_of(row[self._choice]) is None:
            cells.append(row[self._choice].strip())  # « Total du compteur » is a count of a bureau
        return next((cell for cell in cells if names_total(cell)), "")

    def _total_in_place(self, code: str, counts: dict[int, int]) -> str:
        """Find the name of a total that has the place of a bureau's code: « Ville de Gap », « Canton 1 ».

        It is the sum of the rows above it. Without number where bureaux have one, it may be nearly that sum, or be of
        one bureau below another total.
        """
        above = (self._part, self._whole)
        other = _DIGITS.sub("0", code) != self._pattern
        if any(part.is_it(counts) for part in above):
            figures = sum(count > 0 for count in counts.values())
            return f"{BY_FIGURES}: {code}" if other or figures > _FEW else ""
        if not other or any(map(str.isdigit, code)) or "0" not in self._pattern or has_word(code, BUREAU_LEVEL):
            return ""
        alone = counts and self._part.rows == 1 and self._part.equals(counts)
        of_one = alone and any(row.said for row in self.found.rows)
        registered = self._header.at.get(Quantity.REGISTERED, -1)
        near = any(part.is_nearly(counts, registered) for part in above)
        return f"{BY_FIGURES}: {code}" if of_one or near else ""

    def _is_of_bureau(self, code: str, counts: dict[int, int]) -> bool:
        """Test whether a row names a bureau; a sentence with few figures below numbered rows does not."""
        aside = len(code) > _FOOTNOTE and "0" in self._pattern and not any(map(str.isdigit, code))
        return bool(code) and not (aside and len(counts) * 2 < self._usual)

    def _is_no_row(self, row: list[str], code: str) -> bool:
        """Test whether a row without figures is a footnote, or a heading, which is kept for the rows below it."""
        filled = filled_in(row)
        named = len(code) > _FOOTNOTE or " " in code or (not self._places and _NAME.fullmatch(code) is not None)
        like_a_code = not self._shapes or _shape(code) in self._shapes
        written = any(any(map(str.isdigit, row[index])) for index in self._figures)  # a count that cannot be read
        if code and (written or (like_a_code and not (len(filled) == 1 and named))):
            return False
        self.found.left_out += 1
        if filled and len(filled) == len(self._says(row)):
            self._heading = self._says(row)
        elif len(filled) == 1 and code:
            self._town = code
        return True

    def _of_bureau(self, row: list[str], code: str, counts: dict[int, int]) -> list[str]:
        """The row of a bureau, with what the heading above it says."""
        self._part.add(counts)
        self._whole.add(counts)
        self._above = code
        if self._heading and not self._says(row):
            row = [self._heading.get(index, cell) for index, cell in enumerate(row)]
            self.found.left_out -= 1
        self._heading = {}
        return row

    def _says(self, row: list[str]) -> dict[int, str]:
        """Read the commune of a row, by column."""
        return {index: row[index].strip() for index in self._places if row[index].strip()}


def _shape(code: str) -> tuple[bool, bool]:
    """Test whether a code begins with a letter or digit, and has a digit; a note below a table does not."""
    return code[:1].isalnum(), any(map(str.isdigit, code))


@dataclass(slots=True)
class _Sum:
    """The sum of rows of bureaux, column by column, and how many of them had a figure above zero."""

    sums: Counter[int] = field(default_factory=Counter)
    summed: Counter[int] = field(default_factory=Counter)
    rows: int = 0

    def add(self, counts: dict[int, int]) -> None:
        self.rows += 1
        for index, count in counts.items():
            self.sums[index] += count
            self.summed[index] += count > 0

    def is_it(self, counts: dict[int, int]) -> bool:
        several = len(counts) > 1 and max(self.summed[index] for index in counts) > 1
        return several and self.equals(counts)

    def equals(self, counts: dict[int, int]) -> bool:
        return all(self.sums[index] == count for index, count in counts.items())

    def is_nearly(self, counts: dict[int, int], registered: int) -> bool:
        """Test whether most figures are the sums of several rows, or the voters on the rolls are nearly theirs."""
        above_zero = {index: count for index, count in counts.items() if count > 0}
        equal = sum(self.sums[index] == count for index, count in above_zero.items())
        of_rolls = self.sums[registered]
        near = registered in self.sums and abs(above_zero.get(registered, 0) - of_rolls) * _NEAR <= of_rolls
        return self.rows > 1 and ((equal > 1 and equal * 2 > len(above_zero)) or near)
