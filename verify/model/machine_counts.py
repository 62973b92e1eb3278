"""Machine counts by bureau and poll: by exports, and by module images without an export."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from protocol.evidence_kinds import EvidenceKind
from protocol.export.terms import MAX_CHOICES
from protocol.quantities import Quantity
from verify.model.figures import MISSING, Figures, Ints, Places, absent
from verify.model.universe import Universe

if TYPE_CHECKING:
    from verify.model.exports import ExportLines
    from verify.model.urns import UrnLines


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


def count_machines(
    exports: ExportLines | None,
    urns: UrnLines | None,
    universe: Universe,
    polls: tuple[int, ...],
) -> MachineCounts | None:
    """Counts of the exports; an image counts where the same bureau, part and poll has no export.

    Of a closed urn the figures are those of its closing entry, else those of the recount, as
    `protocol.urn.to_export` has it.
    """
    rows = [] if urns is None else list(_alone(urns, polls))
    if urns is None or not rows:
        if exports is None:
            return None
        lists = _lists(exports)
        return MachineCounts(exports.parts, exports.cast, exports.blank, exports.registered, exports.tallies, lists)
    shape = (len(universe), len(polls))
    parts, cast, blank = np.zeros((3, *shape), np.int64)
    tallies = np.zeros((*shape, MAX_CHOICES), np.int64)
    registered, file, at = absent(shape), np.full(shape, -1, np.int64), np.full(shape, -1, np.int64)
    names = tuple(f"{name}@" for name in urns.names)
    pieces = (EvidenceKind.URNS,) * len(names)
    if exports is not None:
        records = np.flatnonzero(exports.used)
        of = exports.unit[records], exports.poll[records]
        columns = exports.columns[records]
        for values, name in ((cast, "cast"), (blank, "blank"), (tallies, "tallies")):
            np.add.at(values, of, columns[name])
        parts += exports.parts
        registered = exports.registered.values.copy()
        places = exports.cast.places
        file, at = places.file.copy(), places.at.copy()
        names, pieces = places.files + names, places.pieces + pieces
    first_name = len(names) - len(urns.names)
    for image, unit, poll in rows:
        row, index = urns.columns[image], polls[poll] - 1
        prefix = "closed_" if row["closed"] else ""
        cast[unit, poll] += row[f"{prefix}cast"][index]
        blank[unit, poll] += row[f"{prefix}blank"][index]
        choices = int(row["choices"][index])
        tallies[unit, poll, :choices] += row[f"{prefix}tallies"][index, :choices]
        parts[unit, poll] += 1
        if file[unit, poll] < 0:
            registered[unit, poll] = row["registered"]
            file[unit, poll], at[unit, poll] = first_name + int(urns.reading.file[image]), 0
    whole_day = parts >= np.maximum(universe.parts, 1)[:, None]
    tallies[~whole_day] = MISSING
    where = Places(names, file, at, pieces)
    return MachineCounts(
        parts=parts,
        cast=Figures(Quantity.VOTES_FOUND, np.where(whole_day, cast, MISSING), where),
        blank=Figures("blank", np.where(whole_day, blank, MISSING), where),
        registered=Figures("registered", registered, where),
        tallies=tallies,
        lists=_with_images(_lists(exports), urns, rows, polls),
    )


def _lists(exports: ExportLines | None) -> tuple[Ints, Ints, npt.NDArray[np.void]]:
    if exports is None:
        return np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, "V32")
    used = exports.used
    return exports.unit[used], exports.poll[used], exports.columns["choices_digest"][used]


def _with_images(
    lists: tuple[Ints, Ints, npt.NDArray[np.void]],
    urns: UrnLines,
    rows: list[tuple[int, int, int]],
    polls: tuple[int, ...],
) -> tuple[Ints, Ints, npt.NDArray[np.void]]:
    image, unit, poll = np.array(rows, np.int64).T
    digests = urns.columns["choices_digest"][image, np.array(polls)[poll] - 1]
    return (
        np.concatenate([lists[0], unit]),
        np.concatenate([lists[1], poll]),
        np.concatenate([lists[2], digests]),
    )


def _alone(urns: UrnLines, polls: tuple[int, ...]) -> Iterator[tuple[int, int, int]]:
    """Image, unit and poll wherever an image stands in for a part of a day that has no export."""
    for image in np.flatnonzero(urns.used).tolist():
        for poll, number in enumerate(polls):
            if urns.columns["choices"][image, number - 1] and urns.export[image, number - 1] < 0:
                yield image, int(urns.unit[image]), poll
