"""The evidence with the corrections of cases made in it: what follows from figures is then seen without their slips."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from protocol.quantities import Quantity
from verify.align.shifted import shifted_records
from verify.cases.again.cells import ByField, by_piece, patched_counts, patched_votes
from verify.cases.again.corrected_machines import correct_machines, correct_urns
from verify.cases.again.corrected_results import correct_results
from verify.columns.day_parts import paper_part
from verify.explanations.side_by_side import EXPORT, LIST, PUBLISHED, RECAP, RECORD, UNIVERSE, URN
from verify.model.cases import Correction
from verify.model.evidence import LinedEvidence
from verify.model.figures import Figures

_SHIFTS = frozenset((RECORD, EXPORT, URN))
"""Pieces by which the counts of a PV are told to stand one column off."""


def corrected(evidence: LinedEvidence, corrections: Sequence[Correction]) -> LinedEvidence:
    """A copy of the evidence with corrections made in its columns; the evidence itself where there are none.

    Only the arrays that change are copied. A figure is addressed by its piece, bureau, poll, and count or choice; a
    published one by the name of its file as well. Corrections of bureaux or polls that the evidence does not have are
    passed over, as is the null count of a machine, which has none. Of a bureau with several machines the sum is
    corrected, and the export of the one that its urn or its own sum shows to be wrong.
    """
    pieces = by_piece(evidence, corrections)
    if not pieces:
        return evidence
    result = replace(evidence)
    for (piece, file), fields in pieces.items():
        if piece == PUBLISHED:
            correct_results(result, file, fields)
        elif piece == EXPORT or (piece == URN and evidence.exports is None):
            correct_machines(result, fields, evidence.once(paper_part))
        elif piece == URN:
            correct_urns(result, fields)
        else:
            _correct_tables(result, piece, fields)
    if evidence.shifted is not None and evidence.shifted.any() and not _SHIFTS.isdisjoint(name for name, _ in pieces):
        result.shifted = shifted_records(result)
    if evidence.twice or evidence.votes_twice:
        _correct_first_of_two(result, corrections)
    return replace(result, memory=evidence.memory.closed())  # without what was made of figures on the way


def _correct_tables(result: LinedEvidence, piece: str, fields: ByField) -> None:
    if piece == LIST and result.signatures is not None:
        result.signatures = patched_counts(result.signatures, fields)
    elif piece == RECAP and result.tabulation is not None:
        result.tabulation = patched_counts(result.tabulation, fields)
    elif piece == UNIVERSE and Quantity.REGISTERED in fields:
        cells = fields[Quantity.REGISTERED]
        registered = result.universe.registered.copy()
        registered[cells.unit] = cells.becomes
        result.universe = replace(result.universe, registered=registered)
    elif piece == RECORD:
        if result.records is not None:
            result.records = patched_counts(result.records, fields)
        if result.votes is not None:
            result.votes = patched_votes(result.votes, fields)


def _correct_first_of_two(result: LinedEvidence, corrections: Sequence[Correction]) -> None:
    """Correct what one of two files of a kind says, where that is the figure which is wrong."""
    polls = {number: index for index, number in enumerate(result.polls)}
    for each in corrections:
        found = result.universe.find(np.array([each.place.insee]), np.array([each.place.bureau]))
        at = int(found[0]), polls.get(each.place.poll, -1)
        if min(at) < 0 or each.becomes is None:
            continue
        for index, twice in enumerate(result.twice):
            if twice.first.name == str(each.field) and twice.first.places.text(*at) == each.source:
                values = twice.first.values.copy()
                values[at] = each.becomes
                first = Figures(twice.first.name, values, twice.first.places)
                result.twice = [*result.twice[:index], replace(twice, first=first), *result.twice[index + 1 :]]
        for index, votes in enumerate(result.votes_twice):
            if votes.at == (*at, each.choice) and votes.places[0] == each.source:
                other = votes.votes[1]
                rest = [*result.votes_twice[:index], *result.votes_twice[index + 1 :]]
                made = replace(votes, votes=(each.becomes, other))
                result.votes_twice = rest if other == each.becomes else [*rest, made]
