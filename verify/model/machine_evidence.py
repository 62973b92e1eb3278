"""Result exports and module images, lined up with the official list, and the machines' counts from both."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from protocol.election import Election
from protocol.evidence_kinds import EvidenceKind
from protocol.export.terms import MAX_CHOICES, MAX_POLLS, RecordVerdict
from protocol.quantities import Quantity
from protocol.urn.terms import FAILS, GOOD, Section
from protocol.words import Text
from verify.model.figures import MISSING, Bools, Figures, Ints, Places, Texts, absent
from verify.model.rule_results import Named, Side, SideColumn, Where, look_at_tables
from verify.model.universe import SEALING, Universe, find_machines

if TYPE_CHECKING:
    from protocol.export.columns import Columns
    from protocol.export.reading import ExportReading
    from protocol.urn.files import UrnReading


APPROVED_SINCE = 20070412
"""The day from which on one model is approved for political elections …"""
APPROVED_BY = "arrêté du 12 avril 2007"
"""… and what approves it."""
SEALED = dict(zip(SEALING, ("machine_serial", "module_serial", "machine_seal", "module_seal"), strict=True))
"""Names in an export and an image of the numbers of the sealing record."""


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
        counts: of those that are used, by bureau and poll.
    """

    reading: ExportReading
    names: tuple[str, ...]
    unit: Ints
    poll: Ints
    foreign: Bools
    repeated: Ints
    same: Bools
    used: Bools
    counts: MachineCounts

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

    def at(self, record: int, poll: int | None = None) -> tuple[int, int]:
        """Indices of the unit and of the poll that a record names, -1 for none; of no poll where ``poll`` is 0."""
        return int(self.unit[record]), -1 if poll == 0 else int(self.poll[record])

    def rows_of(self, poll: int, _number: int) -> Ints:
        """The records that are used of a poll, by its index."""
        return np.flatnonzero(self.used & (self.poll == poll))

    def of_poll(self, name: str, _number: int) -> npt.NDArray[Any]:
        """A column of what is stated of a poll: a record is of one."""
        return np.asarray(self.columns[name])

    def is_exported(self, _record: int, _name: str, _value: object, _poll: int = 0) -> bool:
        """Tell whether an export of it says the same: it is one itself."""
        return False

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
        places = Places(files, self.reading.file, self.reading.offset, (EvidenceKind.EXPORTS,) * len(files))
        one, other = (
            SideColumn(counts[rows], places, (rows,), name)
            for counts, name in zip((left, right), names or (name, name), strict=True)
        )
        looked = look_at_tables("", int(self.used.sum()))
        return Where(self.unit[rows], self.poll[rows], one, other, name, "", "", looked=looked)


def line_up_exports(
    reading: ExportReading,
    names: tuple[str, ...],
    universe: Universe,
    polls: tuple[int, ...],
    election: Election | None,
) -> ExportLines:
    """Find the bureau and poll of every record, and add up the parts of each bureau's day.

    Without ``election`` the exports are taken to be of the election that most of them name.
    """
    columns = reading.columns
    whole = reading.verdict == RecordVerdict.OK
    unit = find_machines(universe, text(columns["insee"]), text(columns["bureau"]))
    poll = _index_of(columns["poll"], polls)
    foreign = whole & is_foreign(columns, expected_identity(columns, whole, election))
    candidates = whole & ~foreign & (unit >= 0) & (poll >= 0)
    number = (unit * 8 + poll) * 256 + columns["part"]
    repeated, same = _earlier(np.asarray(number, np.int64), np.flatnonzero(candidates), columns)
    used = candidates & (repeated < 0)
    counts = _add_up([_of_exports(reading, names, np.flatnonzero(used), unit, poll)], universe, polls)
    return ExportLines(reading, names, unit, poll, foreign, repeated, same, used, counts)


def text(column: npt.NDArray[np.bytes_]) -> Texts:
    """ASCII fields as text, shape as given. Other bytes, of records whose verdict is not OK only, become ``?``."""
    raw = np.ascontiguousarray(column)
    clean = np.where(raw.view(np.uint8) < 0x80, raw.view(np.uint8), 0x3F).astype(np.uint8)
    return clean.view(raw.dtype).reshape(raw.shape).astype(np.str_)


def _index_of(numbers: Ints, polls: tuple[int, ...]) -> Ints:
    table = np.full(256, -1, np.int64)
    table[list(polls)] = np.arange(len(polls))
    return table[np.clip(numbers, 0, 255)]


Identity = tuple[bytes, int, int]
"""Values that exports and module images of one poll's day share: election id, date as YYYYMMDD, round."""


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


def _earlier(number: Ints, rows: Ints, values: npt.NDArray[Any]) -> tuple[Ints, Bools]:
    """For each of some rows whose number one before it has, that one, else -1; and whether both have the same value."""
    earlier, same = np.full(len(number), -1, np.int64), np.zeros(len(number), np.bool_)
    _, first, inverse = np.unique(number[rows], return_index=True, return_inverse=True)
    used = rows[first[inverse]]
    again = used != rows
    earlier[rows[again]] = used[again]
    same[rows[again]] = values[rows[again]] == values[used[again]]
    return earlier, same


@dataclass(frozen=True, slots=True)
class UrnLines:
    """All module images; ``n`` of them.

    Attributes:
        reading: the images as read and recounted.
        names: a name to show for each file.
        expected: the election that an image should be of, None where nothing tells.
        unit: index of the bureau that an image names, -1 for none on the list, shape ``(n,)``.
        foreign: whether it is of another election, date or round, or has none of this day's polls, shape ``(n,)``.
        repeated: index of the image that is used for the same bureau and part instead, else -1, shape ``(n,)``.
        same: whether a repeated image has the same bytes as the one that is used, shape ``(n,)``.
        used: whether its votes count: its configuration is as the format has it, it is of this election and of a known
            bureau, and no other is used in its place, shape ``(n,)``.
        export: index of the export of the same bureau and part, by image and poll number less one, -1 for none; shape
            ``(n, 5)``.
        exports: those that it is an index of.
    """

    reading: UrnReading
    names: tuple[str, ...]
    expected: Identity | None
    unit: Ints
    foreign: Bools
    repeated: Ints
    same: Bools
    used: Bools
    export: Ints
    exports: ExportLines | None

    @property
    def columns(self) -> npt.NDArray[np.void]:
        """Columns of `protocol.urn.recount.COLUMNS`, shape ``(n,)``."""
        return self.reading.urns.columns

    @property
    def whole(self) -> Bools:
        """Images whose configuration is as the format has it, shape ``(n,)``."""
        return np.asarray(self.columns["verdict"] == RecordVerdict.OK, np.bool_)

    @property
    def looked_into(self) -> Bools:
        """Images of this election, each once, of any bureau, shape ``(n,)``: what is wrong with their bytes is said."""
        return self.whole & ~self.foreign & ~self.same

    @property
    def unbound(self) -> Bools:
        """Images without a right checksum: all are bound to the serial number, which is damaged, shape ``(n,)``."""
        sections = self.columns["sections"]
        none = (sections != GOOD).all(axis=1)
        return np.asarray(none & (sections[:, Section.CONFIGURATION] == FAILS), np.bool_)

    def place(self, image: int) -> str:
        """The name of an image's file."""
        return self.names[int(self.reading.file[image])]

    def side(self, image: int, value: int | Text | None) -> Side:
        """Something that an image says."""
        return Side(self.place(image), value, piece=EvidenceKind.URNS)

    def at(self, image: int, poll: int = 0) -> Named:
        """The bureau that an image is of, where it is on the list, and a poll by its number."""
        if self.unit[image] < 0:
            return Named(poll=poll)
        return Named(self.text("insee", image), self.text("bureau", image), poll)

    def rows_of(self, _poll: int, number: int) -> Ints:
        """The images that are used and have a poll, by its number."""
        return np.flatnonzero(self.used & (self.of_poll("choices", number) > 0))

    def of_poll(self, name: str, number: int) -> npt.NDArray[Any]:
        """A column of what is stated of each poll, for one of them."""
        return np.asarray(self.columns[name][:, number - 1])

    def is_exported(self, image: int, name: str, value: object, poll: int = 0) -> bool:
        """Check that an export of an urn carries the same value.

        Args:
            image: of the urn.
            name: of the field.
            value: the urn's.
            poll: number of the poll whose export is looked at, 0 for any.
        """
        if self.exports is None:
            return False
        records = self.export[image] if not poll else self.export[image, poll - 1 : poll]
        return any(self.exports.columns[name][record] == value for record in records[records >= 0].tolist())

    def digest(self, image: int) -> bytes:
        """SHA-256 of an image."""
        return bytes.fromhex(self.reading.files[int(self.reading.file[image])].sha256 or "")

    def text(self, name: str, image: int) -> str:
        """A text of its configuration; ASCII where the image is whole."""
        return str(self.columns[name][image].decode("ascii", "replace"))


def line_up_urns(
    reading: UrnReading,
    names: tuple[str, ...],
    universe: Universe,
    polls: tuple[int, ...],
    exports: ExportLines | None,
    election: Election | None,
) -> UrnLines:
    """Find the bureau of every image, whether it is of this election, and the exports of its polls.

    Without ``election`` the images are taken to be of the one that most exports name, or else most images.
    """
    columns = reading.urns.columns
    whole = np.asarray(columns["verdict"] == RecordVerdict.OK, np.bool_)
    expected = _expected(columns, whole, exports, election)
    foreign = whole & (is_foreign(columns, expected) | ~_of_the_day(columns, polls))
    unit = find_machines(universe, text(columns["insee"]), text(columns["bureau"]))
    candidates = whole & ~foreign & (unit >= 0)
    digests = np.array([reading.files[file].sha256 or "" for file in reading.file.tolist()], np.str_)
    export = _exports(columns, unit, candidates, polls, exports)
    rows = np.flatnonzero(candidates)
    rows = rows[np.argsort(~_fits(export, exports, digests)[rows], kind="stable")]  # what an export was read from
    repeated, same = _earlier(np.asarray(unit * 256 + columns["part"], np.int64), rows, digests)
    used = candidates & (repeated < 0)
    export[~used] = -1
    return UrnLines(reading, names, expected, unit, foreign, repeated, same, used, export, exports)


def _expected(
    columns: npt.NDArray[np.void], whole: Bools, exports: ExportLines | None, election: Election | None
) -> Identity | None:
    if election is None and exports is not None:
        stated = expected_identity(exports.columns, exports.whole, None)
        if stated is not None:
            return stated
    return expected_identity(columns, whole, election)


def _of_the_day(columns: npt.NDArray[np.void], polls: tuple[int, ...]) -> Bools:
    """Images that have one of the day's polls at least."""
    return np.asarray((columns["choices"][:, np.array(polls) - 1] > 0).any(axis=1), np.bool_)


def _exports(
    columns: npt.NDArray[np.void], unit: Ints, candidates: Bools, polls: tuple[int, ...], exports: ExportLines | None
) -> Ints:
    """The export of the same bureau, part and poll, by image and poll number less one."""
    export = np.full((len(columns), MAX_POLLS), -1, np.int64)
    if exports is None:
        return export
    records = np.flatnonzero(exports.used)
    named = (exports.unit[records], exports.columns["part"][records], exports.columns["poll"][records])
    found = dict(zip(zip(*(each.tolist() for each in named), strict=True), records.tolist(), strict=True))
    for image in np.flatnonzero(candidates).tolist():
        for number in polls:
            export[image, number - 1] = found.get((int(unit[image]), int(columns["part"][image]), number), -1)
    return export


def _fits(export: Ints, exports: ExportLines | None, digests: npt.NDArray[np.str_]) -> Bools:
    """Images that an export of the same bureau and part says it was read from."""
    fits = np.zeros(len(export), np.bool_)
    if exports is not None:
        for image, poll in np.argwhere(export >= 0).tolist():
            stated = exports.columns["module_digest"][export[image, poll]].tobytes()
            fits[image] |= stated.hex() == digests[image]
    return fits


@dataclass(frozen=True, slots=True)
class MachineCounts:
    """The counts of the machines; a bureau with several has their sum.

    Attributes:
        parts: machines whose count is at hand, shape ``(units, polls)``.
        cast, blank: votes of the day, and ``registered`` voters. MISSING where a part that the sealing record names has
            no count: half of a day is not a count.
        tallies: votes of each choice, shape ``(units, polls, 64)``; MISSING likewise.
        lists: unit, poll and digest of the list of choices of each machine that counts, each of shape ``(n,)``.
    """

    parts: Ints
    cast: Figures
    blank: Figures
    registered: Figures
    tallies: Ints
    lists: tuple[Ints, Ints, npt.NDArray[np.void]]


@dataclass(frozen=True, slots=True)
class _CountingRecords:
    """Records of a day's parts that count; ``n`` of them.

    Attributes:
        kind: the evidence that they are.
        names: of their files.
        unit, poll, file, at: indices of the bureau, the poll and the file of each, and its byte there, shape ``(n,)``.
        columns: what each counted, by the names of an export's columns.
    """

    kind: EvidenceKind
    names: tuple[str, ...]
    unit: Ints
    poll: Ints
    file: Ints
    at: Ints
    columns: Mapping[str, npt.NDArray[Any]]


_COUNTED = ("cast", "blank", "registered", "tallies", "choices_digest")


def _of_exports(reading: ExportReading, names: tuple[str, ...], rows: Ints, unit: Ints, poll: Ints) -> _CountingRecords:
    columns = {name: reading.columns[name][rows] for name in _COUNTED}
    file, offset = reading.file[rows], reading.offset[rows]
    return _CountingRecords(EvidenceKind.EXPORTS, names, unit[rows], poll[rows], file, offset, columns)


def _of_images(urns: UrnLines, rows: Sequence[tuple[int, int, int]], polls: tuple[int, ...]) -> _CountingRecords:
    """Images that count, each with the figures of its closing entry where it has one, else those of the recount."""
    columns: dict[str, list[Any]] = {name: [] for name in _COUNTED}
    for image, _, poll in rows:
        row, index = urns.columns[image], polls[poll] - 1
        prefix = "closed_" if row["closed"] else ""
        tallies = np.zeros(MAX_CHOICES, np.int64)
        tallies[: row["choices"][index]] = row[f"{prefix}tallies"][index, : row["choices"][index]]
        counted = (row[f"{prefix}{name}"][index] for name in ("cast", "blank"))
        for name, value in zip(
            _COUNTED, (*counted, row["registered"], tallies, row["choices_digest"][index]), strict=True
        ):
            columns[name].append(value)
    image, unit, poll = np.array(rows, np.int64).T
    file, start = urns.reading.file[image], np.zeros(len(rows), np.int64)
    arrays = {name: np.array(each) for name, each in columns.items()}
    return _CountingRecords(EvidenceKind.URNS, urns.names, unit, poll, file, start, arrays)


def _add_up(records: Sequence[_CountingRecords], universe: Universe, polls: tuple[int, ...]) -> MachineCounts:
    """The sums over the parts of each bureau's day, with the places of the first of them."""
    shape, starts = (len(universe), len(polls)), np.cumsum([0, *(len(each.names) for each in records)])
    unit, poll, offset = (np.concatenate([getattr(each, name) for each in records]) for name in ("unit", "poll", "at"))
    of_file = np.concatenate([each.file + start for each, start in zip(records, starts, strict=False)])
    columns = {name: np.concatenate([each.columns[name] for each in records]) for name in _COUNTED}
    parts = np.zeros(shape, np.int64)
    np.add.at(parts, (unit, poll), 1)
    whole_day = parts >= np.maximum(universe.parts, 1)[:, None]
    _, first = np.unique(unit * shape[1] + poll, return_index=True)
    registered, (file, at) = absent(shape), np.full((2, *shape), -1, np.int64)
    for values, each in ((file, of_file), (at, offset), (registered, columns["registered"])):
        values[unit[first], poll[first]] = each[first]
    names = tuple(f"{name}@" for each in records for name in each.names)
    places = Places(names, file, at, tuple(each.kind for each in records for _ in each.names))

    def summed(name: str) -> Ints:
        values = np.zeros((*shape, *columns[name].shape[1:]), np.int64)
        np.add.at(values, (unit, poll), columns[name])
        values[~whole_day] = MISSING
        return values

    return MachineCounts(
        parts=parts,
        cast=Figures(Quantity.VOTES_FOUND, summed("cast"), places),
        blank=Figures("blank", summed("blank"), places),
        registered=Figures("registered", registered, places),
        tallies=summed("tallies"),
        lists=(unit, poll, columns["choices_digest"]),
    )


def count_machines(
    exports: ExportLines | None,
    urns: UrnLines | None,
    universe: Universe,
    polls: tuple[int, ...],
) -> MachineCounts | None:
    """Counts of the exports; an image counts where the same bureau, part and poll has no export."""
    rows = [] if urns is None else list(_alone(urns, polls))
    if urns is None or not rows:
        return None if exports is None else exports.counts
    records = [_of_images(urns, rows, polls)]
    if exports is not None:
        used = np.flatnonzero(exports.used)
        records.insert(0, _of_exports(exports.reading, exports.names, used, exports.unit, exports.poll))
    return _add_up(records, universe, polls)


def _alone(urns: UrnLines, polls: tuple[int, ...]) -> Iterator[tuple[int, int, int]]:
    """Image, unit and poll wherever an image stands in for a part of a day that has no export."""
    for image in np.flatnonzero(urns.used).tolist():
        for poll, number in enumerate(polls):
            if urns.columns["choices"][image, number - 1] and urns.export[image, number - 1] < 0:
                yield image, int(urns.unit[image]), poll
