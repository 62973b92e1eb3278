"""The module images, lined up with the official list and with the exports that were read from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from protocol.export_terms import Verdict
from verify.figures import Bools, Ints
from verify.lines.exports import Exports, text
from verify.lines.universe import Universe

if TYPE_CHECKING:
    from protocol.module_files import ModuleReading


@dataclass(frozen=True, slots=True)
class Modules:
    """All module images; ``n`` of them.

    Attributes:
        reading: the images as read and recounted.
        names: a name to show for each file.
        unit: index of the bureau that an image names, -1 for none on the list, shape ``(n,)``.
        used: whether its bytes are an image's and its bureau is known, shape ``(n,)``.
        export: index of the export of the same bureau and part, by image and poll number less one, -1 for none; shape
            ``(n, 5)``.
    """

    reading: ModuleReading
    names: tuple[str, ...]
    unit: Ints
    used: Bools
    export: Ints

    @property
    def columns(self) -> npt.NDArray[np.void]:
        """Columns of `protocol.module_recount.COLUMNS`, shape ``(n,)``."""
        return self.reading.modules.columns

    def place(self, image: int) -> str:
        """The name of an image's file."""
        return self.names[int(self.reading.file[image])]

    def digest(self, image: int) -> bytes:
        """SHA-256 of an image."""
        return bytes.fromhex(self.reading.files[int(self.reading.file[image])].sha256 or "")


def line_up(
    reading: ModuleReading, names: tuple[str, ...], universe: Universe, polls: tuple[int, ...], exports: Exports | None
) -> Modules:
    """Find the bureau of every image, and the exports of its polls."""
    columns = reading.modules.columns
    unit = universe.find(text(columns["insee"]), text(columns["bureau"]))
    used = np.asarray((columns["verdict"] == Verdict.OK) & (unit >= 0), np.bool_)
    export = np.full((len(columns), 5), -1, np.int64)
    if exports is not None:
        records = np.flatnonzero(exports.used)
        order = records[np.argsort(_number(exports.unit[records], exports.columns["part"][records]), kind="stable")]
        numbers = _number(exports.unit[order], exports.columns["part"][order])
        wanted = _number(unit, columns["part"])
        for number in polls:
            of_poll = exports.columns["poll"][order] == number
            sorted_numbers, sorted_records = numbers[of_poll], order[of_poll]
            if len(sorted_numbers):
                at = np.minimum(np.searchsorted(sorted_numbers, wanted), len(sorted_numbers) - 1)
                found = used & (sorted_numbers[at] == wanted)
                export[:, number - 1] = np.where(found, sorted_records[at], -1)
    return Modules(reading, names, unit, used, export)


def _number(unit: Ints, part: Ints) -> Ints:
    return np.asarray(unit * 256 + part, np.int64)
