"""Marks of who is elected or goes on, against the figures beside them.

Legislative elections (Code électoral, L126 and L162) and départementales (L193 and L210-1) are by majority in two
rounds. In the first nobody is elected without more than half of the valid votes and votes of a quarter of the
registered; the second is open to who has votes of an eighth of the registered, and to the first two where fewer have.
In the second round the most votes elect. Of other elections only the number of seats is looked at: lists share them by
rules that a place alone does not show.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from protocol.words import Message, msg
from verify.model.figures import Ints
from verify.model.published import Flaw, Published, Seats
from verify.read.feed.belonging import is_elected, plain_kind

CODE = "T322"
_MAJORITY = ("legislatives", "departementales")
ELECTED, GOES_ON, OUT = "OUI", "QUALIF T2", "NON"
WITHDRAWN = "withdrawn"
"""The case of a choice that may go on and does not: it may have withdrawn between the rounds."""
_DUE: dict[str, Message] = {
    ELECTED: msg("elected by the figures"),
    GOES_ON: msg("open to the second round by the figures"),
    OUT: msg("neither elected nor in the second round by the figures"),
}


def contradictions(published: Published) -> Iterator[Flaw]:
    """T322: marks that the figures contradict, and seats filled that are not the number of those marked as elected."""
    seats = published.seats
    if seats is None:
        return
    marks = np.array([_meaning(mark) for mark in seats.marks.tolist()], np.str_)
    starts = np.searchsorted(published.vote_unit, np.arange(len(published.row) + 1))
    by_majority = plain_kind(seats.kind) in _MAJORITY
    for unit in range(len(published.row)):
        entries = np.arange(starts[unit], starts[unit + 1])
        yield from _seats(seats, unit, marks[entries].tolist())
        if by_majority and len(entries):
            yield from _marks(published, seats, unit, entries, marks[entries].tolist())


def _meaning(mark: str) -> str:
    if is_elected(mark):
        return ELECTED
    return GOES_ON if "QUALIF" in mark.upper() else OUT


def _seats(seats: Seats, unit: int, marks: list[str]) -> Iterator[Flaw]:
    elected, filled, to_fill = marks.count(ELECTED), int(seats.filled[unit]), int(seats.to_fill[unit])
    if 0 <= filled != elected:
        yield Flaw(CODE, unit, "seats", filled, elected, msg("{elected:n} marked as elected", elected=elected))
    elif 0 <= to_fill < elected:
        yield Flaw(CODE, unit, "seats", to_fill, elected, msg("{elected:n} marked as elected", elected=elected))


def _marks(published: Published, seats: Seats, unit: int, entries: Ints, marks: list[str]) -> Iterator[Flaw]:
    votes = published.votes[entries].tolist()
    registered, valid = int(published.counts["registered"][unit]), int(published.counts["valid"][unit])
    if min(registered, valid, *votes) < 0 or not any(votes):
        return
    for at, may_be in enumerate(allowed(published.round, votes, registered, valid)):
        if marks[at] not in may_be:
            entry = int(entries[at])
            label = published.labels[published.vote_label[entry]]
            written = str(seats.marks[entry])
            withdrew = marks[at] == OUT and may_be[0] == GOES_ON
            case = WITHDRAWN if withdrew else ""
            yield Flaw(CODE, unit, label, written, may_be[0], _DUE[may_be[0]], case=case)


def allowed(round_: int, votes: list[int], registered: int, valid: int) -> list[tuple[str, ...]]:
    """List what each mark may be: two things for those of equal votes, of whom age decides."""
    most = max(votes)
    if round_ == 2:
        return [_of(vote == most, votes.count(most) > 1, ELECTED) for vote in votes]
    if 2 * most > valid and 4 * most >= registered:
        return [(ELECTED,) if vote == most else (OUT,) for vote in votes]
    enough = [8 * vote >= registered for vote in votes]
    if sum(enough) >= 2:
        return [(GOES_ON,) if each else (OUT,) for each in enough]
    second = sorted(votes)[-2:][0]
    above = sum(vote > second for vote in votes)
    tied = above + votes.count(second) > 2
    return [_of(vote >= second, tied and vote == second, GOES_ON) for vote in votes]


def _of(is_in: bool, tied: bool, mark: str) -> tuple[str, ...]:
    if not is_in:
        return (OUT,)
    return (mark, OUT) if tied else (mark,)
