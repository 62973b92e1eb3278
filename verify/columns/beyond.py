"""Votes beyond what the papers allow: beyond the signatures, and beyond the voters that the same paper states.

Where two files of one kind contradict each other, each is a reading, and the one with more votes counts. Conseil
constitutionnel, 2024-6367 AN, 7 March 2025: votes that a PV counts beyond its voters less blank and null votes are
taken from the choices as votes beyond the signatures are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from protocol.quantities import Quantity
from verify.model.evidence import LinedEvidence
from verify.model.figures import Figures, Ints


def most_votes_found(evidence: LinedEvidence, found: Figures) -> Figures:
    """Votes found, the most of each bureau where two files of their kind have others."""
    return _reading(evidence, found, Quantity.VOTES_FOUND, max)


def fewest_signatures(evidence: LinedEvidence, signed: Figures) -> Figures:
    """Signatures, the fewest of each bureau where two files of their kind have others."""
    return _reading(evidence, signed, Quantity.SIGNATURES, min)


def _reading(evidence: LinedEvidence, figures: Figures, name: str, choose: Callable[[int, int], int]) -> Figures:
    values: Ints | None = None
    for twice in evidence.twice:
        if str(twice.first.name) != name:
            continue
        differ = twice.first.known & twice.other.known & (twice.first.values != twice.other.values)
        for unit, poll in np.argwhere(differ & (figures.values == twice.first.values)).tolist():
            if figures.places.text(unit, poll) == twice.first.places.text(unit, poll):  # one of the two files
                values = figures.values.copy() if values is None else values
                values[unit, poll] = choose(int(values[unit, poll]), int(twice.other.values[unit, poll]))
    return figures if values is None else Figures(figures.name, values, figures.places)


def beyond_voters(evidence: LinedEvidence) -> Ints:
    """Votes by choice, blank and null beyond the voters of the same paper, the most of all papers.

    Shape ``(units, polls)``. A count that is not known adds nothing; a PV whose counts stand one column off has none.
    """
    most = np.zeros(evidence.shape, np.int64)
    for votes, voters, others in _papers(evidence):
        counted = np.einsum("ijk->ij", np.maximum(votes, 0), dtype=np.int64)
        counted += sum((np.maximum(each, 0) for each in others), start=np.zeros(evidence.shape, np.int64))
        known = (voters >= 0) & (votes >= 0).any(axis=2)
        np.maximum(most, np.where(known, counted - voters, 0), out=most)
    return most


def _papers(evidence: LinedEvidence) -> Iterator[tuple[Ints, Ints, tuple[Ints, Ints]]]:
    """Votes by choice of each paper, its voters, and its blank and null votes."""
    if evidence.votes is not None and evidence.records is not None:
        counts = evidence.records
        voters = counts[Quantity.VOTES_FOUND].values
        if evidence.shifted is not None:
            voters = np.where(evidence.shifted == 0, voters, -1)
        yield evidence.votes.values, voters, (counts[Quantity.BLANK].values, counts[Quantity.NULL].values)
    for lines in evidence.published:
        of = lines.counted
        blank_and_null = of[Quantity.BLANK].values, of[Quantity.NULL].values
        yield lines.votes.values, of[Quantity.VOTES_FOUND].values, blank_and_null
