"""The machines' counts with the corrections of cases made in them, and the exports and urns that they come from."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from protocol.quantities import Quantity
from verify.cases.cells import VOTES, ByField, Cells, patched
from verify.model.evidence import LinedEvidence
from verify.model.figures import Figures, Ints

_NAMES: dict[str, str] = {Quantity.REGISTERED: "registered", Quantity.VOTES_FOUND: "cast", Quantity.BLANK: "blank"}
"""The counts of a machine, by the names that they have beside other evidence. It has no others."""
_COPIES = {"cast": ("voters",)}
"""Counters that say the same again: those that did before, do so afterwards."""


def correct_machines(evidence: LinedEvidence, fields: ByField, paper: Ints) -> None:
    """Correct the counts, and the one export that they come from, or the one urn where there is no export.

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
    record_of = np.full(evidence.shape, -1, np.int64)
    used = np.flatnonzero(exports.used)
    record_of[exports.unit[used], exports.poll[used]] = used
    record_of[exports.parts != 1] = -1  # of a sum nothing says which part of it is wrong
    columns = exports.columns.copy()
    figures: dict[str, Figures] = {}
    for name, cells in named.items():
        there = _of(record_of, cells)
        record = record_of[there.at]
        if name == "tallies":
            change = there.becomes - columns["tallies"][record, there.choice]
            np.add.at(columns["tally_sum"], record, change)
            columns["tallies"][record, there.choice] = there.becomes
            continue
        for copy in _COPIES.get(name, ()):
            same = columns[copy][record] == columns[name][record]
            columns[copy][record[same]] = there.becomes[same]
            figures[copy] = patched(getattr(exports, copy), _some(there, same))
        columns[name][record] = there.becomes
        figures[name] = patched(getattr(exports, name), there)
    evidence.exports = replace(
        exports,
        reading=replace(exports.reading, columns=columns),
        tallies=_tallies(exports.tallies, {name: _of(record_of, cells) for name, cells in named.items()}),
        **figures,  # type: ignore[arg-type]
    )


def _of(record_of: Ints, cells: Cells) -> Cells:
    return _some(cells, record_of[cells.at] >= 0)


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
