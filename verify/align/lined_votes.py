"""Votes by choice, given as rows, lined up with the bureaux, polls and choices that they are for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from protocol.errors import InputError
from protocol.words import msg
from verify.model.evidence import Evidence, Repeat, Votes
from verify.model.figures import Ints, Places, absent
from verify.model.joins import once

MOST = 100
"""So many problems of one kind are named one by one; a file that is wrong throughout needs no more."""


@dataclass(frozen=True, slots=True)
class Entries:
    """Votes as rows: unit, poll, label, votes and row of each, shape ``(m,)``.

    ``part`` is the index of the part of the file that each is in, as `verify.read.tables.scan_pages` has them, if any.
    """

    unit: Ints
    poll: Ints
    label: Ints
    votes: Ints
    row: Ints
    part: Ints | None = None


def line_up(
    evidence: Evidence, entry: Entries, labels: tuple[str, ...], name: str, parts: tuple[str, ...] = ()
) -> Votes:
    """Votes of every unit, poll and choice.

    Args:
        evidence: the units, polls and contests. What is there twice is added to its repeats.
        entry: the votes.
        labels: each label once.
        name: of the file.
        parts: its parts, as `Places` has them.
    """
    shape = (*evidence.shape, max(evidence.contests.width, 1))
    values, rows = absent(shape), np.full(shape, -1, np.int64)
    choice = evidence.contests.place(entry.unit, entry.poll, entry.label, labels)
    good = choice >= 0
    at = (entry.unit[good], entry.poll[good], choice[good])
    kept, again = once(np.ravel_multi_index(at, shape))
    first = tuple(index[kept] for index in at)
    values[first] = entry.votes[good][kept]
    rows[first] = entry.row[good][kept]
    if len(again):
        label, at_rows = labels[int(entry.label[good][again[0]])], entry.row[good][again]
        wrong = InputError(name, int(at_rows[0]), "choix", msg("each choice once a bureau"), repr(label))
        evidence.repeats.append(Repeat(wrong, at_rows))
    unknown = tuple(
        (
            int(entry.unit[i]),
            int(entry.poll[i]),
            labels[int(entry.label[i])],
            f"{name}:{entry.row[i]}" + ("" if entry.part is None else parts[int(entry.part[i])]),
            int(entry.votes[i]),
        )
        for i in np.flatnonzero(~good & (entry.votes != 0))[:MOST].tolist()
    )
    strange = (entry.unit[~good], entry.poll[~good])
    strange_rows, strange_votes = np.zeros((2, *evidence.shape), np.int64)
    np.add.at(strange_rows, strange, entry.votes[~good] != 0)
    np.add.at(strange_votes, strange, np.maximum(entry.votes[~good], 0))
    file = np.where(rows >= 0, 0, -1)
    if entry.part is not None:
        file[first] = entry.part[good][kept]
    return Votes(
        values, Places((f"{name}:",) * max(len(parts), 1), file, rows, parts), unknown, strange_rows, strange_votes
    )
