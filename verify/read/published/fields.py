"""Columns of a row of results: the one description that every reader hands on to `gathering`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from verify.model.published import COUNTS
from verify.read.published.stated import plain
from verify.read.tables import headers


@dataclass(frozen=True, slots=True)
class ChoiceColumns:
    """Columns of one choice in a row, from 0.

    Attributes:
        votes: column of the votes.
        label: columns whose texts make the label, or the label itself.
        panel: column of the panel's number, or None.
        percentages: column for each published percentage (``votes/registered``, ``votes/valid``).
        prefix: what stands before the texts of the label.
    """

    votes: int
    label: tuple[int, ...] | str
    panel: int | None = None
    percentages: Mapping[str, int] = field(default_factory=dict)
    prefix: str = ""

    @property
    def columns(self) -> list[int]:
        """All columns of the choice."""
        label = () if isinstance(self.label, str) else self.label
        panel = () if self.panel is None else (self.panel,)
        return [self.votes, *label, *panel, *self.percentages.values()]


def placed(choices: Sequence[ChoiceColumns], start: int, step: int, width: int) -> list[tuple[ChoiceColumns, int]]:
    """Each choice of rows of so many cells, and the cells that its whole block stands behind the first one.

    Args:
        choices: those of a row, or of the first block.
        start: first cell of the blocks.
        step: cells of a block; 0 where none repeats.
        width: cells of a row.
    """
    steps = range(0, width - start - step + 1, step) if step else range(1)
    return [(choice, at) for at in steps for choice in choices]


@dataclass(frozen=True, slots=True)
class Fields:
    """Columns of a row, from 0.

    Attributes:
        places: columns for each place: ``department``, ``region``, ``commune``, ``constituency``, ``bureau``, and for
            the commune's code ``insee`` (whole) or ``commune_code`` (the ministry's three digits).
        counts: column for each count that the layout has.
        percentages: column for each percentage of a unit.
        choices: the choices of a row, or the first of them where ``step`` is not 0.
        start, step: first cell and size of the block that repeats for every choice up to the end of the row; 0 where
            none repeats.
        constants: a place's value where the layout says it without a column.
    """

    places: Mapping[str, tuple[int, ...]]
    counts: Mapping[str, int]
    choices: tuple[ChoiceColumns, ...]
    percentages: Mapping[str, int] = field(default_factory=dict)
    start: int = 0
    step: int = 0
    constants: Mapping[str, str] = field(default_factory=dict)

    @property
    def _unit(self) -> list[int]:
        of_places = (at for columns in self.places.values() for at in columns)
        return [*of_places, *self.counts.values(), *self.percentages.values()]

    @property
    def least(self) -> int:
        """Cells without which a row cannot be read: those of the unit itself."""
        return max(self.start, max(self._unit, default=-1) + 1)

    @property
    def columns(self) -> frozenset[int]:
        """All columns that are read, of repeated blocks those of the first."""
        return frozenset((*self._unit, *(column for choice in self.choices for column in choice.columns)))

    def placed(self, width: int) -> list[tuple[ChoiceColumns, int]]:
        """Each choice of rows of so many cells, and the cells that its block stands behind the first one."""
        return placed(self.choices, self.start, self.step, width)

    @property
    def width(self) -> int:
        """Cells of a row with all that is read, one block where blocks repeat."""
        return max([self.least, *(column + 1 for choice in self.choices for column in choice.columns)])


@dataclass(frozen=True, slots=True)
class Only:
    """Rows that belong to a table: those with some cells in a column, in small or capital letters.

    Attributes:
        column: from 0.
        cells: of the rows that belong to it.
        known: of all rows that are read; any where it is empty.
    """

    column: int
    cells: tuple[str, ...]
    known: tuple[str, ...] = ()


_FIGURE = re.compile(r"[0-9]+([.,][0-9]+)?\s*%?")
"""A count or a percentage."""
_OF_BLOCK = re.compile(r" [0-9]{1,3}$")
"""The number of a choice in the plain name of a column."""


def is_figure(cell: str) -> bool:
    """Test whether a cell holds a count or a percentage."""
    return _FIGURE.fullmatch(cell.strip()) is not None


def unused_columns(fields: Fields, header: Sequence[str], rows: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Headers of the columns that nothing is read from and that have figures in some rows.

    Among the blocks of choices behind the first one, those that are headed otherwise than there.
    """
    columns = {at: name for at, name in enumerate(header) if at not in fields.columns and not headers.is_other(name)}
    if fields.step:
        block = [_OF_BLOCK.sub("", plain(name)) for name in header[fields.start : fields.start + fields.step]]
        for at in [at for at in columns if at >= fields.start + fields.step]:
            if _OF_BLOCK.sub("", plain(header[at])) in (block[(at - fields.start) % fields.step], ""):
                del columns[at]
    return tuple(name for at, name in columns.items() if any(is_figure(row[at]) for row in rows if at < len(row)))


def with_counts(fields: Fields, header: Sequence[str]) -> Fields:
    """The same with each count that the layout itself does not have and a header names, as tables of any form do."""
    end = fields.start if fields.step else len(header)
    counts = dict(fields.counts)
    for at, name in enumerate(header[:end]):
        if at not in fields.columns and (meant := headers.meaning_of(name)) in COUNTS:
            counts.setdefault(meant, at)
    return replace(fields, counts=counts)
