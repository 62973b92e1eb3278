"""Corrected figures as arrays, by piece of evidence and count: what the corrections of cases are made with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from verify.explanations.side_by_side import UNIVERSE
from verify.model.cases import Correction
from verify.model.evidence import Counted, LinedEvidence, LinedVotes
from verify.model.figures import MISSING, Figures, Ints

VOTES = "votes"
"""What the votes by choice are called among the counts."""


@dataclass(frozen=True, slots=True)
class Cells:
    """Corrected figures of one piece and of one count, or of the votes by choice, as arrays of shape ``(n,)``.

    Attributes:
        unit, poll: indices.
        choice: index in the contest, -1 for a count.
        was, becomes: what stands there and what should, absences included.
    """

    unit: Ints
    poll: Ints
    choice: Ints
    was: Ints
    becomes: Ints

    @property
    def at(self) -> tuple[Ints, Ints]:
        """Units and polls."""
        return self.unit, self.poll

    def rows(self) -> Iterator[tuple[int, int, int, int, int]]:
        """One after another: unit, poll, choice, and both figures."""
        columns = (self.unit, self.poll, self.choice, self.was, self.becomes)
        return zip(*(column.tolist() for column in columns), strict=True)


ByField = dict[str, Cells]
"""The corrections of one piece by name of the count; `VOTES` for votes by choice."""


def by_piece(evidence: LinedEvidence, corrections: Sequence[Correction]) -> dict[tuple[str, str], ByField]:
    """The corrections by piece and file, with the indices of what they are about.

    Those of bureaux and polls that the evidence does not have are left out.
    """
    if not corrections:
        return {}
    insee = np.array([each.place.insee for each in corrections], np.str_)
    unit = evidence.universe.find(insee, np.array([each.place.bureau for each in corrections], np.str_))
    polls = {number: index for index, number in enumerate(evidence.polls)}
    rows: dict[tuple[str, str, str], list[tuple[int, int, int, int, int]]] = {}
    for at, each in zip(unit.tolist(), corrections, strict=True):
        poll = polls.get(each.place.poll, 0 if each.piece == UNIVERSE else -1)
        if at >= 0 and poll >= 0:
            field = str(each.field) if each.choice < 0 else VOTES
            cell = at, poll, each.choice, _figure(each.was), _figure(each.becomes)
            rows.setdefault((each.piece, each.file, field), []).append(cell)
    found: dict[tuple[str, str], ByField] = {}
    for (piece, file, field), cells in rows.items():
        found.setdefault((piece, file), {})[field] = Cells(*np.array(cells, np.int64).T)
    return found


def _figure(value: int | None) -> int:
    return MISSING if value is None else value


def patched(figures: Figures, cells: Cells) -> Figures:
    """Figures with some of them corrected."""
    values = figures.values.copy()
    values[cells.at] = cells.becomes
    return Figures(figures.name, values, figures.places)


def patched_counts(counted: Counted, fields: ByField) -> Counted:
    """A table of counts with some of them corrected."""
    made = {name: patched(counted[name], cells) for name, cells in fields.items() if name in counted.figures}
    return replace(counted, figures=counted.figures | made) if made else counted


def patched_votes(votes: LinedVotes, fields: ByField) -> LinedVotes:
    """Votes by choice with some of them corrected."""
    if VOTES not in fields:
        return votes
    values = votes.values.copy()
    values[(*fields[VOTES].at, fields[VOTES].choice)] = fields[VOTES].becomes
    return replace(votes, values=values)
