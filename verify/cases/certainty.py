"""How sure a correction is: certain, likely, or no better than another one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from verify.cases.explanations import Explanation
from verify.cases.whose import stays_of_another
from verify.explanations.identities import GAP
from verify.explanations.moves import Move
from verify.explanations.side_by_side import FOUND, PUBLISHED, RECORD, SIGNATURES, Row
from verify.model.cases import Sure

NO_SLIP = frozenset(("figure-wrong", "amended", "ballots-moved"))
"""Causes that any figures could have, so that one thing more has to speak for them."""
LEAST_LEAD, LEAST_SUPPORT = 3, 2
"""By how much a certain case is cheaper than any other explanation, and how many checks speak for it."""


@dataclass(frozen=True, slots=True)
class Solved:
    """One bureau in one poll, and what explains its figures.

    Attributes:
        at: its index among those laid out.
        kinds: of the pieces. ``rows``: their figures.
        signed, cast: the pieces from which signatures and votes found are taken, -1 for none.
        doubtful: whether it is in doubt whose its evidence is, or one correction holds with another one only,
            or whether its figure may have come about in another way.
        of_others: by piece, whether its registered voters are those of another bureau.
    """

    at: int
    kinds: tuple[str, ...]
    rows: list[Row]
    signed: int
    cast: int
    explanation: Explanation
    doubtful: bool
    of_others: list[bool]


def sure_of(solved: Solved, move: Move, agree: Sequence[str], sums: int) -> Sure:
    """Whether a move is certain, likely, or no better than another one.

    Nothing tells where another correction is as cheap, or no piece has the corrected figure and no slip is known that
    makes the one figure the other, or one piece has a third figure there. It is certain where nothing is left, any
    other explanation is clearly dearer, and two things at least speak for it, three without a slip: pieces that have
    the figure already, sums that work out again, the other count of voters. Not where one piece would have been
    written wrong twice, where a published figure has no PV to come from, and where it is in doubt whose the evidence
    is.
    """
    explanation, kinds = solved.explanation, solved.kinds
    slip = move.cause != "figure-wrong"
    if explanation.lead == 0 or not (agree or (slip and not _has_a_third(solved, move))):
        return Sure.OPEN
    several = sum(other.piece == move.piece for other in explanation.moves) > 1
    without_record = kinds[move.piece] == PUBLISHED and RECORD not in agree
    unknown = any(value < 0 for _, _, value in move.cells())
    strange = solved.doubtful or stays_of_another(solved.of_others, explanation.moves)
    if explanation.left or strange or several or without_record or unknown or 0 < explanation.lead < LEAST_LEAD:
        return Sure.LIKELY
    enough = len(agree) + sums + _ends_the_gap(solved, move, agree)
    return Sure.CERTAIN if enough >= LEAST_SUPPORT + (move.cause in NO_SLIP) else Sure.LIKELY


def _has_a_third(solved: Solved, move: Move) -> bool:
    """Whether another piece has neither the figure that a move corrects nor what it becomes."""
    was = solved.rows[move.piece]
    return any(
        row[column] >= 0 and row[column] not in (was[column], value)
        for at, row in enumerate(solved.rows)
        for column, value in move.changes
        if at != move.piece
    )


def agreeing(solved: Solved, move: Move) -> tuple[str, ...]:
    """The kinds of pieces that have a corrected figure already and are no copies, in the order of the way."""
    copies = {piece for piece, _, _ in move.copies}
    agree: dict[str, None] = {}
    for at, kind in enumerate(solved.kinds):
        if at != move.piece and at not in copies:
            same = [solved.rows[at][column] == value for column, value in move.changes if solved.rows[at][column] >= 0]
            if same and all(same):
                agree[kind] = None
    return tuple(agree)


def sums_ended(solved: Solved, move: Move) -> list[str]:
    """The sums of its piece that work out again by a move."""
    before, after = solved.explanation.start, solved.explanation.left
    return [
        key[0] for key in before if key[0] in ("found", "valid", "total") and key[1] == move.piece and key not in after
    ]


def _ends_the_gap(solved: Solved, move: Move, agree: Sequence[str]) -> bool:
    """Whether votes and signatures agree again by it, by a piece that is not among those that have the figure."""
    columns = {column for column, _ in move.changes}
    ends = GAP in solved.explanation.start and GAP not in solved.explanation.left
    other = solved.cast if SIGNATURES in columns else solved.signed
    return ends and bool(columns & {SIGNATURES, FOUND}) and solved.kinds[other] not in agree
