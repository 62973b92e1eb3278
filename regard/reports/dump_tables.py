"""Result exports and images of electronic urns as tables: one row a record or an image, the canonical columns in order.

Texts and codes are text, digests are in hexadecimal digits, times are local civil time without a time zone, lists
(tallies, and what there is by poll) are lists. A negative number, which stands for what is not there, is null.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from protocol.civil_time import EPOCH
from protocol.export.reading import ExportFile, ExportReading, read
from protocol.export.record import RecordVerdict
from protocol.urn.files import UrnFile, UrnReading, read_urn_images
from regard.paths import AnyBytes, AnyPath, paths_and_bytes
from regard.reports.tables import Table, valid_text

if TYPE_CHECKING:
    from enum import IntEnum

    import numpy.typing as npt
    import pyarrow

Dumps: TypeAlias = AnyPath | AnyBytes | Iterable[AnyPath | AnyBytes]
"""Files, folders to search, bytes or open files, one or several."""
_TIMES = frozenset(("zero_check", "opening", "closing", "export", "closed_at"))
_UNITS = dict.fromkeys(("registered", "voters"), "voters") | dict.fromkeys(
    ("cast", "blank", "tallies", "tally_sum", "zero_sum", "test_votes", "foreign"), "votes"
)
"""Units of counts, also in the closing entry."""
_EPOCH = (EPOCH - EPOCH.replace(1970)).days * 86_400
"""Seconds from Arrow's epoch to regard's."""


class Exports(Table):
    """Result exports that were read: one row a record.

    Only records whose ``verdict`` is ``OK`` are evidence of anything; of all others the columns hold what their bytes
    say. ``file`` and ``offset`` tell where a record stands; ``tallies`` are as many as the record has choices.

    Attributes:
        reading: the same as arrays, with stored and computed checksums; see `protocol.export.reading.ExportReading`.
    """

    def __init__(self, reading: ExportReading) -> None:
        super().__init__(lambda: _exports(reading))
        self.reading = reading

    @property
    def problems(self) -> tuple[str, ...]:
        """Faults of files as a whole, in English, each with its file and byte."""
        return tuple(
            f"{self.reading.files[each.file].path} at byte {each.offset}: {each.kind.value}: "
            f"expected {each.expected}, got {each.got}"
            for each in self.reading.problems
        )


class Urns(Table):
    """Images of electronic urns that were read and recounted: one row an image and poll.

    An image in which no poll can be told has one row without a number of the poll; one whose ``verdict`` is neither
    ``OK`` nor ``VALUE`` has nothing but nulls in it. ``tallies`` and ``cast`` are
    the recount of the stored votes, ``closed_tallies`` and ``closed_cast`` what the closing entry says.

    Attributes:
        reading: the same as arrays, with every odd slot and the events; see `protocol.urn.files.UrnReading`.
    """

    def __init__(self, reading: UrnReading) -> None:
        super().__init__(lambda: _urns(reading))
        self.reading = reading

    @property
    def problems(self) -> tuple[str, ...]:
        """Files that are no image, in English, each with what is wrong with it."""
        return tuple(f"{file.path}: {file.problem}" for file in self.reading.files if file.problem is not None)


def read_exports(paths: Dumps) -> Exports:
    """Read result exports: files of one or many records, folders to search, or bytes. One row a record.

    Raises:
        RegardError: a path does not exist. What is wrong with a file's content is among its problems.
    """
    found, opened = paths_and_bytes(paths)
    return Exports(read(found, opened=opened))


def read_urns(paths: Dumps) -> Urns:
    """Read and recount images of electronic urns: files, folders to search, or bytes. One row an image.

    Raises:
        RegardError: a path does not exist. What is wrong with a file's content is among its problems.
    """
    found, opened = paths_and_bytes(paths)
    return Urns(read_urn_images(found, opened=opened))


def _exports(reading: ExportReading) -> pyarrow.Table:
    import pyarrow

    rows = reading.columns
    arrays = {
        "file": _files(reading.files, reading.file),
        "offset": pyarrow.array(reading.offset),
        "verdict": _words(reading.verdict, RecordVerdict),
    }
    for name in rows.dtype.names or ():
        arrays[name] = _lists(rows[name], rows["choices"]) if name == "tallies" else _array(name, rows[name])
    return _table(arrays)


def _urns(reading: UrnReading) -> pyarrow.Table:
    import pyarrow

    images = reading.urns.columns
    whole = np.isin(images["verdict"], (RecordVerdict.OK, RecordVerdict.VALUE))
    polls = images["choices"] > 0
    there = polls.copy()
    there[~polls.any(axis=1), 0] = True
    row, poll = np.nonzero(there)
    unread, no_poll = ~whole[row], ~(whole[row] & polls[row, poll])
    arrays = {
        "file": _files(reading.files, reading.file[row]),
        "verdict": _words(images["verdict"][row], RecordVerdict),
        "poll": pyarrow.array(poll + 1, mask=no_poll),
    }
    choices = images["choices"][row, poll]
    for name in images.dtype.names or ():
        if name == "verdict":
            continue
        values, absent = images[name][row], unread
        if values.ndim > 1 and values.shape[1] == polls.shape[1]:
            values, absent = values[np.arange(len(row)), poll], no_poll
        arrays[name] = _lists(values, choices, absent) if "tallies" in name else _array(name, values, absent)
    return _table(arrays)


def _table(arrays: dict[str, pyarrow.Array]) -> pyarrow.Table:
    """Columns whose metadata has the unit of each count, as in `regard.reports.tables.arrow`."""
    import pyarrow

    units = {name: _UNITS.get(name.removeprefix("closed_")) for name in arrays}
    schema = pyarrow.schema(
        pyarrow.field(name, array.type, metadata={"unit": units[name]} if units[name] else None)
        for name, array in arrays.items()
    )
    return pyarrow.table(list(arrays.values()), schema=schema)


def _files(files: Sequence[ExportFile | UrnFile], index: npt.NDArray[np.int64]) -> pyarrow.Array:
    import pyarrow

    return pyarrow.array([valid_text(str(files[each].path)) for each in index.tolist()], pyarrow.string())


def _words(values: npt.NDArray[Any], kinds: type[IntEnum]) -> pyarrow.Array:
    import pyarrow

    return pyarrow.array([kinds(value).name for value in values.tolist()], pyarrow.string())


def _array(name: str, values: npt.NDArray[Any], absent: npt.NDArray[np.bool_] | None = None) -> pyarrow.Array:
    """One column; ``absent`` holds where there is nothing, beside negative numbers."""
    import pyarrow

    kind = values.dtype.kind
    mask = np.zeros(len(values), np.bool_) if absent is None else absent
    if values.ndim > 1:
        return _lists(values, np.full(len(values), values.shape[1]), mask)
    if kind in "SV":
        texts = values.tolist()
        decoded = [text.hex() if kind == "V" else text.decode("ascii", "backslashreplace") for text in texts]
        return pyarrow.array(decoded, pyarrow.string(), mask=mask)
    if kind == "b":
        return pyarrow.array(values, mask=mask)
    mask = mask | (values < 0)
    if name in _TIMES:
        return pyarrow.array(values.astype(np.int64) + _EPOCH, pyarrow.timestamp("s"), mask=mask)
    return pyarrow.array(values.astype(np.int64), pyarrow.int64(), mask=mask)


def _lists(
    values: npt.NDArray[Any], lengths: npt.NDArray[Any], absent: npt.NDArray[np.bool_] | None = None
) -> pyarrow.Array:
    """The first ``lengths`` numbers of each row of ``values``, shape ``(n, width)``, as lists."""
    import pyarrow

    count = np.clip(lengths, 0, values.shape[1])
    ends = np.concatenate([[0], np.cumsum(count)]).astype(np.int32)
    kept = values[np.arange(values.shape[1]) < count[:, None]]
    items = pyarrow.array(kept) if kept.dtype.kind == "b" else pyarrow.array(kept.astype(np.int64), mask=kept < 0)
    gone = None if absent is None else pyarrow.array(absent)
    return pyarrow.ListArray.from_arrays(pyarrow.array(ends), items, mask=gone)
