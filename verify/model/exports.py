"""The machines' exports, lined up with the official list: which record speaks for which bureau, and what it counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from protocol.election import Election
from protocol.evidence_kinds import EvidenceKind
from protocol.export.terms import MAX_CHOICES, RecordVerdict
from protocol.quantities import Quantity
from protocol.words import Text
from verify.model.figures import MISSING, Bools, Figures, Ints, Places, Texts, absent
from verify.model.holds import Side, SideColumn, Where, look_at_tables
from verify.model.universe import SEALING, Universe
from verify.model.zeros import find_machines

if TYPE_CHECKING:
    from protocol.export.columns import Columns
    from protocol.export.reading import ExportReading


APPROVED_SINCE = 20070412
"""The day from which on one model is approved for political elections …"""
APPROVED_BY = "arrêté du 12 avril 2007"
"""… and what approves it."""
SEALED = dict(zip(SEALING, ("machine_serial", "module_serial", "machine_seal", "module_seal"), strict=True))
"""What an export and an image call the numbers of the sealing record."""


@dataclass(frozen=True, slots=True)
class ExportLines:
    """All records of the exports; ``n`` of them, ``units`` bureaux, ``polls`` polls.

    Attributes:
        reading: the records as read, with their verdicts.
        names: a name to show for each file.
        unit: index of the bureau that a record names, -1 for none on the list, shape ``(n,)``.
        poll: index of the poll that it names, -1 for none of this election, shape ``(n,)``.
        foreign: whether it belongs to another election, date or round, shape ``(n,)``.
        repeated: index of the earlier record of the same bureau, poll and part, else -1, shape ``(n,)``.
        same: whether a repeated record is equal to the earlier one, shape ``(n,)``.
        used: whether it is whole, of this election, of a known bureau, and not a repetition, shape ``(n,)``.
        parts: number of records used, shape ``(units, polls)``.
        cast, blank, voters, registered: of a bureau's day; sums over its parts but for ``registered``. MISSING where
            a part that the sealing record names has no record: half of a day is not a count.
        tallies: votes of each choice, shape ``(units, polls, 64)``; MISSING likewise.
    """

    reading: ExportReading
    names: tuple[str, ...]
    unit: Ints
    poll: Ints
    foreign: Bools
    repeated: Ints
    same: Bools
    used: Bools
    parts: Ints
    cast: Figures
    blank: Figures
    voters: Figures
    registered: Figures
    tallies: Ints

    @property
    def columns(self) -> Columns:
        """The canonical columns, shape ``(n,)``."""
        return self.reading.columns

    @property
    def whole(self) -> Bools:
        """Records whose bytes are right, shape ``(n,)``."""
        return np.asarray(self.reading.verdict == RecordVerdict.OK, np.bool_)

    def place(self, record: int) -> str:
        """Place of a record: ``file@byte``."""
        return f"{self.names[int(self.reading.file[record])]}@{int(self.reading.offset[record])}"

    def side(self, record: int, value: int | Text | None) -> Side:
        """Something that a record says."""
        return Side(self.place(record), value, piece=EvidenceKind.EXPORTS)

    def at(self, record: int) -> tuple[int, int]:
        """Indices of the unit and of the poll that a record names, -1 for none."""
        return int(self.unit[record]), int(self.poll[record])

    def where(self, mask: Bools, left: Ints, right: Ints, name: str, names: tuple[str, str] | None = None) -> Where:
        """That a rule holds for each record of a mask of shape ``(n,)``, all of them used.

        Args:
            mask: where it holds.
            left: the first counts to show, shape ``(n,)``.
            right: the second counts to show, likewise.
            name: of what is found.
            names: of what both are, where that is something else.
        """
        rows = np.flatnonzero(mask)
        files = tuple(f"{each}@" for each in self.names)
        places = Places(files, self.reading.file, self.reading.offset, EvidenceKind.EXPORTS)
        one, other = (
            SideColumn(counts[rows], places, (rows,), name)
            for counts, name in zip((left, right), names or (name, name), strict=True)
        )
        looked = look_at_tables("", int(self.used.sum()))
        return Where(self.unit[rows], self.poll[rows], one, other, name, "", "", looked=looked)


def line_up(
    reading: ExportReading,
    names: tuple[str, ...],
    universe: Universe,
    polls: tuple[int, ...],
    election: Election | None,
) -> ExportLines:
    """Find the bureau and poll of every record, and add up the parts of each bureau's day.

    Without ``election`` the exports are taken to be of the election that most of them name.
    """
    columns, shape = reading.columns, (len(universe), len(polls))
    whole = reading.verdict == RecordVerdict.OK
    unit = find_machines(universe, text(columns["insee"]), text(columns["bureau"]))
    poll = _index_of(columns["poll"], polls)
    foreign = whole & is_foreign(columns, expected_identity(columns, whole, election))
    candidates = whole & ~foreign & (unit >= 0) & (poll >= 0)
    repeated, same = _repetitions(columns, unit, poll, candidates)
    used = candidates & (repeated < 0)
    rows = np.flatnonzero(used)
    at = (unit[rows], poll[rows])
    parts = np.zeros(shape, np.int64)
    np.add.at(parts, at, 1)
    places = _places(reading, names, shape, rows, at)

    whole_day = parts >= np.maximum(universe.parts, 1)[:, None]

    def figures(column: str, name: str = "") -> Figures:
        values = np.zeros(shape, np.int64)
        np.add.at(values, at, columns[column][rows])
        return Figures(name or column, np.where(whole_day, values, MISSING), places)

    registered = absent(shape)
    registered[at] = columns["registered"][rows]
    tallies = np.zeros((*shape, MAX_CHOICES), np.int64)
    np.add.at(tallies, at, columns["tallies"][rows])
    tallies[~whole_day] = MISSING
    return ExportLines(
        reading=reading,
        names=names,
        unit=unit,
        poll=poll,
        foreign=foreign,
        repeated=repeated,
        same=same,
        used=used,
        parts=parts,
        cast=figures("cast", Quantity.VOTES_FOUND),
        blank=figures("blank"),
        voters=figures("voters"),
        registered=Figures("registered", registered, places),
        tallies=tallies,
    )


def text(column: npt.NDArray[np.bytes_]) -> Texts:
    """ASCII fields as text, shape as given. Other bytes, of records whose verdict is not OK only, become ``?``."""
    raw = np.ascontiguousarray(column)
    clean = np.where(raw.view(np.uint8) < 0x80, raw.view(np.uint8), 0x3F).astype(np.uint8)
    return np.asarray(clean.view(raw.dtype).reshape(raw.shape).astype(np.str_), np.str_)


def _index_of(numbers: Ints, polls: tuple[int, ...]) -> Ints:
    table = np.full(256, -1, np.int64)
    table[list(polls)] = np.arange(len(polls))
    return np.asarray(table[np.clip(numbers, 0, 255)], np.int64)


Identity = tuple[bytes, int, int]
"""What exports and module images of one poll's day have in common: election id, date as YYYYMMDD, round."""


def expected_identity(columns: npt.NDArray[np.void], whole: Bools, election: Election | None) -> Identity | None:
    """Identity that exports or images should carry; None if unknown. Columns that are not ``whole`` do not count."""
    if election is not None:
        date = election.date
        return election.id.encode(), date.year * 10_000 + date.month * 100 + date.day, election.round
    if not whole.any():
        return None
    kinds, counts = np.unique(columns[["election", "date", "round"]][whole], return_counts=True)
    most = kinds[np.argmax(counts)]
    return bytes(most["election"]), int(most["date"]), int(most["round"])


def is_foreign(columns: npt.NDArray[np.void], expected: Identity | None) -> Bools:
    """Find exports or images of another election, date or round, shape ``(n,)``."""
    if expected is None:
        return np.zeros(len(columns), np.bool_)
    name, date, round_ = expected
    other = (columns["election"] != np.bytes_(name)) | (columns["date"] != date) | (columns["round"] != round_)
    return np.asarray(other, np.bool_)


def _repetitions(columns: Columns, unit: Ints, poll: Ints, candidates: Bools) -> tuple[Ints, Bools]:
    repeated = np.full(len(columns), -1, np.int64)
    same = np.zeros(len(columns), np.bool_)
    rows = np.flatnonzero(candidates)
    if not len(rows):
        return repeated, same
    number = (unit[rows] * 8 + poll[rows]) * 256 + columns["part"][rows]
    _, first, inverse = np.unique(number, return_index=True, return_inverse=True)
    earlier = first[inverse]
    again = earlier != np.arange(len(rows))
    repeated[rows[again]] = rows[earlier[again]]
    same[rows[again]] = columns[rows[again]] == columns[rows[earlier[again]]]
    return repeated, same


def _places(
    reading: ExportReading, names: tuple[str, ...], shape: tuple[int, int], rows: Ints, at: tuple[Ints, Ints]
) -> Places:
    """The place of each bureau's first record."""
    file, offset = np.full(shape, -1, np.int64), np.full(shape, -1, np.int64)
    _, first = np.unique(at[0] * shape[1] + at[1], return_index=True)
    here = at[0][first], at[1][first]
    file[here] = reading.file[rows[first]]
    offset[here] = reading.offset[rows[first]]
    return Places(tuple(f"{name}@" for name in names), file, offset, EvidenceKind.EXPORTS)
