"""A column of signatures, or of votes found, that is off by one and the same number in a commune or everywhere.

Real gaps are small and of both signs; the same gap in nearly all bureaux of a place is how the column was made.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from protocol.quantities import Quantity
from verify.cases.wide.operations import CaseDesk
from verify.columns.counts import gap, signatures, votes_found
from verify.explanations.side_by_side import LIST, PUBLISHED, RECORD
from verify.model.cases import CaseDetail, Correction, Sure
from verify.model.evidence import LinedEvidence
from verify.model.figures import Bools, Figures, Ints
from verify.model.holds import Named
from verify.rulebook.causes import causes

LEAST_EVERYWHERE, LEAST_IN_A_COMMUNE = 20, 10
"""Bureaux in which the gap has to be the same."""
_MOST_WITHOUT = 10
"""Of how many bureaux one may have no gap at all, and half of the others have the same: real gaps differ."""
_LISTED = 2000
"""Corrections that are given one by one at most; of more bureaux the number that was added says it all."""
_CODES = ("R201", "R202", "R203", "R204", "R205", "R223", "T313", "P401", "M112")
_OF_VOTES = ("R206", "R210", "R213", "T306")


def draft_constants(desk: CaseDesk) -> None:
    """A case for each place in which the signatures, or the votes found, are off by one number.

    Bureaux that are off by about that number belong to it: they have a gap of their own beside it.
    """
    evidence, places = desk.evidence, desk.places
    signed, found, gaps = evidence.once(signatures), evidence.once(votes_found), evidence.once(gap)
    if signed is None or found is None or gaps is None or not gaps.values.any():
        return
    known = signed.known & found.known
    free = desk.drafting.free() & (places.unit >= 0)
    for column in range(len(evidence.polls)):
        taken: Bools = np.zeros(len(evidence.universe), np.bool_)
        for units, by in _scopes(evidence, gaps.values[:, column], known[:, column]):
            here: Bools = np.zeros(len(evidence.universe), np.bool_)
            here[units] = ~taken[units]
            taken |= here
            rows = np.flatnonzero(
                free & (places.unit >= 0) & (places.poll == column) & here[np.maximum(places.unit, 0)]
            )
            off = found if _is_of_votes(evidence, found, units, column, by) else signed
            detail, piece = _detail(evidence, off, units, column, by if off is found else -by)
            desk.drafting.add(causes()["constant-added"], rows, Sure.LIKELY, piece, detail)


def _scopes(evidence: LinedEvidence, gaps: Ints, known: Bools) -> Iterator[tuple[Ints, int]]:
    """Bureaux that have about the same gap, and that gap: everywhere, in a commune, or where codes begin alike."""
    units = np.flatnonzero(known)
    same = _mostly(gaps[units], LEAST_EVERYWHERE)
    if same:
        yield _about(units, gaps, same), same
        return
    commune, bureau = evidence.universe.commune_number, evidence.universe.bureau
    counts = np.bincount(commune[units[gaps[units] != 0]])
    for number in np.flatnonzero(counts >= LEAST_IN_A_COMMUNE).tolist():
        here = units[commune[units] == number]
        beginnings = bureau[here].astype(f"U{_DISTRICT}")  # two digits of the bureau are an arrondissement, in Paris
        parts = [here, *(here[beginnings == each] for each in np.unique(beginnings).tolist())]
        for part in parts:
            same = _mostly(gaps[part], LEAST_IN_A_COMMUNE)
            if same:
                yield _about(part, gaps, same), same
                if part is here:
                    break


_DISTRICT = 2


def _about(units: Ints, gaps: Ints, same: int) -> Ints:
    """Those of some bureaux that are nearer to a gap than to none."""
    return units[np.abs(gaps[units] - same) < np.abs(gaps[units])]


def _mostly(gaps: Ints, least: int) -> int:
    """The gap that half of the bureaux have, and few have none; 0 for none."""
    without = len(gaps) - np.count_nonzero(gaps)
    if len(gaps) < least or _MOST_WITHOUT * without > len(gaps):
        return 0
    values, counts = np.unique(gaps, return_counts=True)
    most = int(np.argmax(counts))
    return int(values[most]) if counts[most] >= least and 2 * counts[most] > len(gaps) else 0


def _is_of_votes(evidence: LinedEvidence, found: Figures, units: Ints, column: int, by: int) -> bool:
    """Whether it is the votes found that are off: by as much they are not what blank, null and valid votes make."""
    for counted in (evidence.records, *(lines.counted for lines in evidence.published)):
        if counted is not None and np.array_equal(
            counted["votes_found"].values[units, column], found.values[units, column]
        ):
            parts = [counted[name] for name in ("blank", "null", "valid")]
            whole = np.logical_and.reduce([each.known[units, column] for each in parts])
            made = sum(each.values[units, column] for each in parts)
            off = found.values[units, column] - made == by
            return bool(2 * np.count_nonzero(whole & off) > len(units))
    return False


def _name(off: Figures) -> str:
    """The quantity of figures; what a machine calls votes cast are the votes found."""
    return Quantity.VOTES_FOUND if off.name == "cast" else off.name


def _piece(evidence: LinedEvidence, off: Figures, units: Ints, column: int) -> str:
    """The piece that the figures are from."""
    for kind, counted in ((LIST, evidence.signatures), (RECORD, evidence.records)):
        if counted is not None and _name(off) in counted.figures:
            values = counted[_name(off)].values[units, column]
            if np.array_equal(values, off.values[units, column]):
                return kind
    return PUBLISHED


def _file(off: Figures, unit: int, column: int) -> str:
    """The file that a figure is from, without its row."""
    return off.places.files[int(off.places.file[unit, column])].rstrip(":@")


def _detail(evidence: LinedEvidence, off: Figures, units: Ints, column: int, by: int) -> tuple[CaseDetail, str]:
    piece, universe = _piece(evidence, off, units, column), evidence.universe
    corrections = [
        Correction(
            place=Named(str(universe.insee[unit]), str(universe.bureau[unit]), evidence.polls[column]),
            piece=piece,
            source=off.places.text(unit, column),
            field=_name(off),
            was=int(off.values[unit, column]),
            becomes=int(off.values[unit, column]) - by,
            file=_file(off, unit, column) if piece == PUBLISHED else "",
        )
        for unit in (units.tolist() if len(units) <= _LISTED else [])
    ]
    return CaseDetail(corrections=tuple(corrections), values={"added": by, "field": _name(off)}), piece
