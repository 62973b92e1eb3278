"""Votes by choice, given as rows, lined up with the bureaux, polls and choices that they are for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from protocol.evidence_kinds import EvidenceKind
from protocol.words import Text, cited, msg, series
from verify.align.rows import Rows, repeat
from verify.model.evidence import LinedEvidence, LinedVotes
from verify.model.figures import MISSING, Bools, Ints, Places
from verify.model.table_faults import Repeat, VotesTwice
from verify.read.sheet import Spots

MOST = 100
"""So many problems of one kind are named one by one; a file that is wrong throughout needs no more."""


@dataclass(frozen=True, slots=True)
class Entries:
    """Votes as rows, each of shape ``(m,)``.

    Attributes:
        unit, poll, label, votes, row: of each.
        spot: index of the part of a file that it is in, as `Spots` has them.
        piece: index of the file or sheet that it is in.
    """

    unit: Ints
    poll: Ints
    label: Ints
    votes: Ints
    row: Ints
    spot: Ints
    piece: Ints


def line_up(
    evidence: LinedEvidence, piece: EvidenceKind, entry: Entries, labels: tuple[str, ...], spots: Spots
) -> LinedVotes:
    """Votes of every unit, poll and choice.

    A choice that is there twice in one file is among the repeats of the evidence; with other votes, in the same file or
    in another, among what is there twice.

    Args:
        evidence: the units, polls and contests.
        piece: the evidence that the votes stand in.
        entry: the votes.
        labels: each label once.
        spots: the parts of the files that the votes are in.
    """
    shape = (*evidence.shape, max(evidence.contests.width, 1))
    choice = evidence.contests.place(entry.unit, entry.poll, entry.label, labels)
    rows = np.flatnonzero(choice >= 0)
    if len(rows) and entry.piece[rows].any():  # of several pieces one may leave blank what another says
        rows = rows[np.argsort(entry.votes[rows] < 0, kind="stable")]
    cell = np.full(len(choice), -1, np.int64)
    cell[rows] = np.ravel_multi_index((entry.unit[rows], entry.poll[rows], choice[rows]), shape)
    lined = Rows(cell, rows, shape)
    kinds = (piece,) * len(spots.files)
    places = Places(spots.files, lined.lined(entry.spot, -1), lined.lined(entry.row, -1), kinds, spots.parts)
    if len(lined.again):
        _keep_both(evidence, piece, entry, labels, spots, choice, cell, lined)
    unknown = tuple(
        (
            int(entry.unit[i]),
            int(entry.poll[i]),
            labels[int(entry.label[i])],
            _place(entry, spots, i),
            int(entry.votes[i]),
        )
        for i in np.flatnonzero((choice < 0) & (entry.votes != 0))[:MOST].tolist()
    )
    other = choice < 0
    strange = (entry.unit[other], entry.poll[other])
    strange_rows, strange_votes = np.zeros((2, *evidence.shape), np.int64)
    np.add.at(strange_rows, strange, entry.votes[other] != 0)
    np.add.at(strange_votes, strange, np.maximum(entry.votes[other], 0))
    return LinedVotes(lined.lined(entry.votes, MISSING), places, unknown, strange_rows, strange_votes)


def _place(entry: Entries, spots: Spots, index: int) -> str:
    spot = int(entry.spot[index])
    return f"{spots.files[spot]}{entry.row[index]}" + (spots.parts[spot] if spots.parts else "")


def _keep_both(
    evidence: LinedEvidence,
    piece: EvidenceKind,
    entry: Entries,
    labels: tuple[str, ...],
    spots: Spots,
    choice: Ints,
    cell: Ints,
    lined: Rows,
) -> None:
    """Votes of a choice that are there again: both are kept where they are others, and in the same file a repeat."""
    others = lined.again
    firsts = lined.lined(np.arange(len(cell)), -1).ravel()[cell[others]]
    repeated = others[lined.named_before(entry.piece)]
    one, other = entry.votes[firsts], entry.votes[others]
    elsewhere = (entry.row[firsts] != entry.row[others]) | (entry.spot[firsts] != entry.spot[others])
    differs = np.flatnonzero((one >= 0) & (other >= 0) & (one != other) & elsewhere)
    for first, index in zip(firsts[differs].tolist(), others[differs].tolist(), strict=True):
        where = (int(entry.unit[index]), int(entry.poll[index]), int(choice[index]))
        places = _place(entry, spots, first), _place(entry, spots, index)
        evidence.votes_twice.append(
            VotesTwice(where, piece, places, (int(entry.votes[first]), int(entry.votes[index])))
        )
    told = np.zeros(len(entry.votes), np.bool_)
    told[others[differs]] = True
    for piece in np.unique(entry.piece[repeated]).tolist():
        here = repeated[entry.piece[repeated] == piece]
        evidence.repeats.append(_repeat(evidence, entry, labels, spots, here, told[here]))


def _repeat(
    evidence: LinedEvidence, entry: Entries, labels: tuple[str, ...], spots: Spots, rows: Ints, told: Bools
) -> Repeat:
    """Votes of one piece for choices that have some in it already; and of which of them both figures are told."""

    def named(at: int) -> Text:
        unit, label = int(entry.unit[rows[at]]), labels[int(entry.label[rows[at]])]
        place = f"{evidence.universe.insee[unit]} {evidence.universe.bureau[unit]}"
        return msg("{place} again", place=series((place, cited(label))))

    file = spots.files[int(entry.spot[rows[0]])].rstrip(":")
    return repeat(file, "choix", msg("each choice once a bureau"), entry.row[rows], named, told, entry.unit[rows])
