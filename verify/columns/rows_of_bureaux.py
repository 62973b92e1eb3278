"""Bureaux of rows with an unreadable cell: found by the readable cells of the row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from verify.model.evidence import LinedEvidence
from verify.model.figures import Places

BureauxOfRows = Mapping[tuple[str, int], tuple[int, int]]
"""By file, as it is shown, and row: unit and poll, -1 for a poll where the row is of several."""


def bureaux_of_problems(evidence: LinedEvidence) -> BureauxOfRows:
    """The bureaux of the rows in which something could not be read; nothing of rows of several bureaux, or of none."""
    wanted = {(each.file, each.row) for each in evidence.problems if each.row is not None}
    found: dict[tuple[str, int], tuple[int, int]] = {}
    several: set[tuple[str, int]] = set()
    rows = np.array(sorted({row for _, row in wanted}), np.int64)
    for places in _places(evidence) if wanted else ():
        at = np.argwhere(np.isin(places.at, rows) & (places.file >= 0))
        for index, source in zip(at.tolist(), places.texts(*at.T), strict=True):
            place = source, int(places.at[tuple(index)])
            key = place[0].removesuffix(f":{place[1]}"), place[1]
            unit, poll = index[0], index[1]
            if key not in wanted:
                continue
            known, of = found.setdefault(key, (unit, poll))
            if known != unit:
                several.add(key)
            elif of != poll:
                found[key] = unit, -1
    return {key: place for key, place in found.items() if key not in several}


def _places(evidence: LinedEvidence) -> Iterator[Places]:
    """Places of figures of bureaux, table by table."""
    tables = [evidence.signatures, evidence.records, evidence.tabulation]
    tables += [lines.counted for lines in evidence.published]
    for table in tables:
        if table is not None:
            yield from {id(figures.places): figures.places for figures in table.figures.values()}.values()
    for votes in (evidence.votes, *(lines.votes for lines in evidence.published)):
        if votes is not None:
            yield votes.places
