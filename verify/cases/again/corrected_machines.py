"""The machines' counts with the corrections of cases made in them, and the exports and urns that they come from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from protocol.quantities import Quantity
from verify.cases.again.cells import VOTES, ByField, Cells, patched
from verify.model.evidence import LinedEvidence
from verify.model.exports import ExportLines
from verify.model.figures import Figures, Ints

_NAMES: dict[str, str] = {Quantity.REGISTERED: "registered", Quantity.VOTES_FOUND: "cast", Quantity.BLANK: "blank"}
"""The counts of a machine, by the names that they have beside other evidence. It has no others."""
_COPIES = {"cast": ("voters",)}
"""Counters that say the same again: those that did before, do so afterwards."""


def correct_machines(evidence: LinedEvidence, fields: ByField, paper: Ints) -> None:
    """Correct the counts, and the export that they come from, or the one urn where there is no export.

    Args:
        evidence: what is corrected.
        fields: the corrections.
        paper: votes that were on paper beside the machines, shape ``(units, polls)``.
    """
    machines = evidence.machines
    if machines is None:
        return
    named: ByField = {}
    for field, cells in fields.items():
        if field == VOTES:
            named["tallies"] = cells
        elif field == Quantity.VOTES_FOUND:  # beside the other evidence stand the votes on paper with it
            named["cast"] = replace(cells, was=cells.was - paper[cells.at], becomes=cells.becomes - paper[cells.at])
        elif field in _NAMES:
            named[_NAMES[field]] = cells
    kept = {name: patched(getattr(machines, name), named[name]) for name in _NAMES.values() if name in named}
    tallies = _tallies(machines.tallies, named)
    evidence.machines = replace(machines, **kept, tallies=tallies)  # type: ignore[arg-type]
    if evidence.exports is not None:
        _correct_exports(evidence, named)
    if evidence.urns is not None:
        _correct_urns(evidence, _without_exports(evidence, named))


def correct_urns(evidence: LinedEvidence, fields: ByField) -> None:
    """Correct what a recount of the urns gives, where exports are there as well."""
    named = {_NAMES[field]: cells for field, cells in fields.items() if field in _NAMES}
    if VOTES in fields:
        named["tallies"] = fields[VOTES]
    _correct_urns(evidence, named)


def _tallies(tallies: Ints, named: ByField) -> Ints:
    if "tallies" not in named:
        return tallies
    cells, values = named["tallies"], tallies.copy()
    values[(*cells.at, cells.choice)] = cells.becomes
    return values


def _correct_exports(evidence: LinedEvidence, named: ByField) -> None:
    exports = evidence.exports
    if exports is None:
        return
    columns = exports.columns.copy()
    figures: dict[str, Figures] = {}
    tallies = exports.tallies
    for name, cells in named.items():
        whole = _some(cells, exports.parts[cells.at] > 0)
        if name == "tallies":
            tallies = _tallies(tallies, {name: whole})
        else:
            figures[name] = patched(figures.get(name, getattr(exports, name)), whole)
        for cell, record in _records(evidence, exports, name, whole):
            change = int(whole.becomes[cell] - whole.was[cell])
            if name == "tallies":
                columns["tallies"][record, whole.choice[cell]] += change
                columns["tally_sum"][record] += change
                continue
            for copy in _COPIES.get(name, ()):
                if columns[copy][record] == columns[name][record]:
                    columns[copy][record] += change
                    figures[copy] = _raised(figures.get(copy, getattr(exports, copy)), whole, cell, change)
            columns[name][record] += change
    reading = replace(exports.reading, columns=columns)
    evidence.exports = replace(exports, reading=reading, tallies=tallies, **figures)  # type: ignore[arg-type]


def _raised(figures: Figures, cells: Cells, cell: int, change: int) -> Figures:
    values = figures.values.copy()
    values[cells.unit[cell], cells.poll[cell]] += change
    return Figures(figures.name, values, figures.places)


def _records(evidence: LinedEvidence, exports: ExportLines, name: str, cells: Cells) -> Iterator[tuple[int, int]]:
    """The records that have the figures that are corrected, each with the index of the cell.

    Of a sum that is the part whose urn says so, else the one that then adds up; none where neither tells. All parts
    state the same registered voters.
    """
    used, polls = np.flatnonzero(exports.used), exports.parts.shape[1]
    used = used[np.argsort(exports.unit[used] * polls + exports.poll[used], kind="stable")]
    number = exports.unit[used] * polls + exports.poll[used]
    for cell, (unit, poll, choice, was, becomes) in enumerate(cells.rows()):
        start, end = np.searchsorted(number, [unit * polls + poll, unit * polls + poll + 1]).tolist()
        records = used[start:end].tolist()
        if name == "registered":
            yield from ((cell, record) for record in records if exports.columns[name][record] == was)
        elif len(records) == 1:
            yield cell, records[0]
        else:
            change = becomes - was
            told = [record for record in records if _by_its_urn(evidence, record, name, choice) == change]
            told = told or [record for record in records if _lacks(exports, record, name) == change]
            if len(told) == 1:
                yield cell, told[0]


def _by_its_urn(evidence: LinedEvidence, record: int, name: str, choice: int) -> int:
    """By how much a figure of an urn is more than the one of its export, 0 where there is no urn."""
    if evidence.urns is None or evidence.exports is None:
        return 0
    images, numbers = np.nonzero(evidence.urns.export == record)
    if not len(images):
        return 0
    ours, theirs = evidence.urns.columns[name][images[0], numbers[0]], evidence.exports.columns[name][record]
    return int(ours) - int(theirs) if choice < 0 else int(ours[choice]) - int(theirs[choice])


def _lacks(exports: ExportLines, record: int, name: str) -> int:
    """What has to be added to a figure of an export, for its votes to add up."""
    columns = exports.columns[record]
    off = int(columns["cast"] - columns["tally_sum"] - columns["blank"])
    return -off if name == "cast" else off


def _some(cells: Cells, here: npt.NDArray[np.bool_]) -> Cells:
    return Cells(*(column[here] for column in (cells.unit, cells.poll, cells.choice, cells.was, cells.becomes)))


def _without_exports(evidence: LinedEvidence, named: ByField) -> ByField:
    if evidence.exports is None:
        return named
    parts = evidence.exports.parts
    return {name: _some(cells, parts[cells.at] == 0) for name, cells in named.items()}


def _correct_urns(evidence: LinedEvidence, named: ByField) -> None:
    urns = evidence.urns
    if urns is None or not any(len(cells.unit) for cells in named.values()):
        return
    used = np.flatnonzero(urns.used)
    image_of = np.full(len(evidence.universe), -1, np.int64)
    image_of[urns.unit[used]] = used
    image_of[np.bincount(urns.unit[used], minlength=len(image_of)) != 1] = -1
    columns, numbers = urns.columns.copy(), np.array(evidence.polls, np.int64) - 1
    for name, cells in named.items():
        there = _some(cells, image_of[cells.unit] >= 0)
        image = image_of[there.unit]
        if name == "registered":
            columns[name][image] = there.becomes
            continue
        at = (image, numbers[there.poll]) if name != "tallies" else (image, numbers[there.poll], there.choice)
        for column in (name, f"closed_{name}"):  # what it says at its closing, where that is the same
            same = columns[column][at] == there.was
            columns[column][tuple(axis[same] for axis in at)] = there.becomes[same]
    reading = replace(urns.reading, urns=replace(urns.reading.urns, columns=columns))
    evidence.urns = replace(urns, reading=reading)
