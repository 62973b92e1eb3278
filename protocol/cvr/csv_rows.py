"""One row of Dominion's CSV: a card, its unit, and the marks in the columns of choices."""

from __future__ import annotations

from dataclasses import dataclass

from protocol.cvr.ballot_json import UnreadableBallot
from protocol.cvr.counted import unit_parts
from protocol.cvr.csv_cells import cells, decode, value
from protocol.cvr.csv_header import CsvHeader
from protocol.words import msg

BLANK = 255
"""In place of a blank cell; no mark is as large."""


@dataclass(frozen=True, slots=True)
class ReadCard:
    """A card.

    Attributes:
        unit: tabulator, batch and precinct portion.
        number: its number within the batch, to see whether one comes twice; goes nowhere else.
        marks: a byte for each column of a choice.
    """

    unit: tuple[str, str, str]
    number: str
    marks: bytes


class _Marks(dict[str, int]):
    """The marks that cells say, by their texts; blank cells as `BLANK`."""

    def __missing__(self, cell: str) -> int:
        found = value(cell).strip('"')
        if not found:
            number = BLANK
        elif found.isascii() and found.isdigit() and int(found[:9]) < BLANK and len(found) < 4:
            number = int(found)
        else:
            raise KeyError(cell)
        if len(self) < 1000:
            self[cell] = number
        return number


class CardRows:
    """Reads the rows below some headings."""

    def __init__(self, header: CsvHeader) -> None:
        self._header = header
        self._marks = _Marks({"": BLANK, "0": 0, "1": 1})

    def read(self, record: bytes) -> ReadCard:
        """A row.

        Raises:
            UnreadableBallot: it does not fit the headings.
        """
        header = self._header
        row = cells(decode(record), header.columns)
        if len(row) != header.columns:
            raise UnreadableBallot(msg("another number of columns than in the headings"))
        try:
            marks = bytes(map(self._marks.__getitem__, row[header.first_choice :]))
        except KeyError as error:
            raise UnreadableBallot(msg("a cell of a choice that is no small whole number")) from error
        tabulator, batch, portion, number = (
            value(row[header.places[key]]) if key in header.places else ""
            for key in ("tabulator", "batch", "portion", "record")
        )
        if not tabulator or not batch:
            raise UnreadableBallot(msg("no tabulator or no batch"))
        return ReadCard(unit_parts(tabulator, batch, portion), number, marks)
