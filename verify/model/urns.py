"""The module images, lined up with the official list and with the exports that were read from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from protocol.election import Election
from protocol.evidence_kinds import EvidenceKind
from protocol.export.terms import MAX_POLLS, RecordVerdict
from protocol.urn.terms import FAILS, GOOD, Section
from protocol.words import Text
from verify.model.exports import ExportLines, Identity, expected_identity, is_foreign, text
from verify.model.figures import Bools, Ints
from verify.model.holds import Named, Side
from verify.model.universe import Universe
from verify.model.zeros import find_machines

if TYPE_CHECKING:
    from protocol.urn.files import UrnReading


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
        """Images of which no checksum fits: each is bound to the serial number, which is damaged, shape ``(n,)``."""
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

    def digest(self, image: int) -> bytes:
        """SHA-256 of an image."""
        return bytes.fromhex(self.reading.files[int(self.reading.file[image])].sha256 or "")

    def text(self, name: str, image: int) -> str:
        """A text of its configuration; ASCII where the image is whole."""
        return str(self.columns[name][image].decode("ascii", "replace"))


def line_up(
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
    repeated = _repeated(columns, unit, candidates, _fits(export, exports, digests))
    again = np.flatnonzero(repeated >= 0)
    same = np.zeros(len(columns), np.bool_)
    same[again] = digests[again] == digests[repeated[again]]
    used = candidates & (repeated < 0)
    export[~used] = -1
    return UrnLines(reading, names, expected, unit, foreign, repeated, same, used, export)


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
    order = records[np.argsort(_number(exports.unit[records], exports.columns["part"][records]), kind="stable")]
    numbers = _number(exports.unit[order], exports.columns["part"][order])
    wanted = _number(unit, columns["part"])
    for number in polls:
        of_poll = exports.columns["poll"][order] == number
        sorted_numbers, sorted_records = numbers[of_poll], order[of_poll]
        if len(sorted_numbers):
            at = np.minimum(np.searchsorted(sorted_numbers, wanted), len(sorted_numbers) - 1)
            found = candidates & (sorted_numbers[at] == wanted)
            export[:, number - 1] = np.where(found, sorted_records[at], -1)
    return export


def _number(unit: Ints, part: Ints) -> Ints:
    return np.asarray(unit * 256 + part, np.int64)


def _fits(export: Ints, exports: ExportLines | None, digests: npt.NDArray[np.str_]) -> Bools:
    """Images that an export of the same bureau and part says it was read from."""
    fits = np.zeros(len(export), np.bool_)
    if exports is not None:
        for image, poll in np.argwhere(export >= 0).tolist():
            stated = exports.columns["module_digest"][export[image, poll]].tobytes()
            fits[image] |= stated.hex() == digests[image]
    return fits


def _repeated(columns: npt.NDArray[np.void], unit: Ints, candidates: Bools, fits: Bools) -> Ints:
    """For all images of a bureau and part but one, that one: the one that an export was read from, else the first."""
    repeated = np.full(len(columns), -1, np.int64)
    rows = np.flatnonzero(candidates)
    rows = rows[np.argsort(~fits[rows], kind="stable")]
    _, first, inverse = np.unique(_number(unit[rows], columns["part"][rows]), return_index=True, return_inverse=True)
    used = rows[first[inverse]]
    again = used != rows
    repeated[rows[again]] = used[again]
    return repeated
