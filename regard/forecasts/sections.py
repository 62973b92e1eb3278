"""What a section of a report on forecasts is made of."""

from __future__ import annotations

from dataclasses import dataclass, replace

from regard.terminal import clean


@dataclass(frozen=True, slots=True)
class ForecastTable:
    """A table in words.

    Attributes:
        caption: what it is of; empty where the section says it.
        head: of its columns.
        rows: their cells.
        numbers: columns that are set flush right.
    """

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: frozenset[int]


@dataclass(frozen=True, slots=True)
class ForecastSection:
    """A heading, sentences, tables, and the name of a picture.

    Attributes:
        name: for links.
        title: for people.
        lines: sentences.
        tables: below them.
        picture: name of the one that stands before the tables, empty where there is none.
    """

    name: str
    title: str
    lines: tuple[str, ...]
    tables: tuple[ForecastTable, ...] = ()
    picture: str = ""

    def unbroken(self) -> ForecastSection:
        """The same with a space that does not break before each sign of per cent."""
        return replace(self, lines=tuple(line.replace(" %", "\u00a0%") for line in self.lines))

    def cleaned(self) -> ForecastSection:
        """The same without characters from a file that could rewrite a page."""
        tables = (replace(table, rows=tuple(tuple(map(clean, row)) for row in table.rows)) for table in self.tables)
        lines = tuple(map(clean, self.lines))
        return replace(
            self, lines=lines, tables=tuple(replace(each, head=tuple(map(clean, each.head))) for each in tables)
        )
