"""C, continued: what a table leaves out, cell by cell: blank counts, empty columns, choices without a row."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from protocol import night
from protocol.evidence_kinds import EvidenceKind
from protocol.words import msg, series
from verify.columns.needs import (
    BlankCounts,
    ChoicesLacking,
    Complete,
    Contests,
    Records,
    SomeVotes,
    Universe,
    VotesByChoice,
    VotesLacking,
)
from verify.model.checks import Reach, check
from verify.model.evidence import LinedVotes
from verify.model.field_names import field_label
from verify.model.figures import MISSING
from verify.model.holds import Named, One, Side, one, side_at

_MOST_NAMED = 6
"""Choices that a finding names."""
_CHOICES = msg("choices of this bureau")
_BUREAUX = msg("bureaux for this choice")


@check("C120", reach=Reach.PRESENCE)
def counts_blank(tables: BlankCounts, universe: Universe) -> Iterator[One]:
    """C120: a row leaves counts blank that others of its table have; null votes may be, as a machine takes none."""
    for table in tables:
        for unit, poll in np.argwhere(np.any(list(table.blank.values()), axis=0)).tolist():
            names = [name for name, blank in table.blank.items() if blank[unit, poll]]
            yield one(
                (unit, poll),
                side_at(table.counted[names[0]], unit, poll, value=None),
                universe.side_of_all(str(universe.bureau[unit]), "bureau"),
                field=names[0],
                case="" if table.complete else "incomplete",
                columns=series(map(field_label, names)),
            )


@check("C121", reach=Reach.PRESENCE)
def columns_empty(tables: BlankCounts) -> Iterator[One]:
    """C121: a column of counts is blank in every row of a table."""
    for table in tables:
        for name in table.empty:
            shown = (table.counted[name].places.files or (table.kind.file,))[0].rstrip(":")
            sides = (Side(shown, rows, "rows", table.kind) for rows in (0, int(table.counted.present.sum())))
            yield one(Named(), *sides, field=name, case="" if table.complete else "incomplete")


@check("C118", reach=Reach.PRESENCE)
def choices_missing(
    votes: VotesByChoice, lacking: ChoicesLacking, present: SomeVotes, contests: Contests, complete: Complete
) -> Iterator[One]:
    """C118: some choices of a bureau have no votes where its others have; or a choice has none in any bureau."""
    if not lacking.any():
        return
    case, lacks = "" if "pv" in complete else "incomplete", lacking.copy()
    for index, contest in enumerate(contests.contests):
        here = (contests.of == index) & present
        everywhere = lacks[here].all(axis=0) if int(here.sum()) > 1 else np.zeros(lacks.shape[2], np.bool_)
        for choice in np.flatnonzero(everywhere).tolist():
            name, sides = contest.choices[choice], (_none_of(votes), contests.side(int(here.sum()), "bureaux"))
            yield one(Named(poll=contest.poll), *sides, field=name, case=case, what=_BUREAUX, names=name)
        lacks[here] &= ~everywhere
    first, sizes = votes.places.first(), contests.sizes()
    for unit, poll in np.argwhere(lacks.any(axis=2)).tolist():
        names = [contests.label(unit, poll, choice) for choice in np.flatnonzero(lacks[unit, poll]).tolist()]
        size, further = int(sizes[unit, poll]), ", …" * (len(names) > _MOST_NAMED)
        left = Side(first.text(unit, poll), size - len(names), "number of choices", first.piece(unit, poll))
        sides = left, contests.side(size, "number of choices")
        listed = ", ".join(names[:_MOST_NAMED]) + further
        yield one((unit, poll), *sides, field=names[0], case=case, what=_CHOICES, names=listed)


@check("C119", reach=Reach.PRESENCE)
def votes_missing(votes: VotesByChoice, missing: VotesLacking, records: Records, complete: Complete) -> Iterator[One]:
    """C119: a bureau has a PV, and no votes in a table that has those of others; one finding where none has any."""
    case, places, left = "" if "pv" in complete else "incomplete", records["votes_found"].places, _none_of(votes)
    if missing.any() and not (votes.values != MISSING).any():
        right = Side(places.files[0].rstrip(":"), int(missing.sum()), "bureaux", EvidenceKind.RECORDS)
        yield one(Named(), left, right, field="votes", case=case)
        return
    for unit, poll in np.argwhere(missing).tolist():
        yield one(
            (unit, poll),
            left,
            Side(places.text(unit, poll), 1, "bureaux", EvidenceKind.RECORDS),
            field="votes",
            case=case,
        )


def _none_of(votes: LinedVotes) -> Side:
    file = (votes.places.files or (night.VOTES.file,))[0].rstrip(":")
    return Side(file, 0, "bureaux", EvidenceKind.RECORDS)
