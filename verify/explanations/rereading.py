"""Other readings of sums that are off: each figure, changed so that the sum holds."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from verify.explanations.copies import COPIED_BY, BureauPapers
from verify.explanations.side_by_side import BLANK, EXPORT, FOUND, NULL, PUBLISHED, RECAP, RECORD, URN, VALID, VOTES
from verify.explanations.slips import slip, slip_cost
from verify.explanations.truths import Truth

_WRITTEN = (RECORD, RECAP, PUBLISHED)
"""Pieces of which people write the sums."""
_MOST = 2
"""Figures that are read otherwise together: of a sum that is off, and of the one that its total is part of."""


def reread_sums(bureau: BureauPapers, piece: int, stated: Truth) -> list[Truth]:
    """Find the truths by which all sums of a piece hold, cheapest first, without those that another piece contradicts.

    Args:
        bureau: with its pieces.
        piece: whose sums they are.
        stated: the figures as it has them.
    """
    kind = bureau.kinds[piece]
    if kind not in _WRITTEN:
        return []
    ways = dict(_reread(kind, stated, bureau.strange, frozenset()))
    alone = [truth for truth, changed in ways.items() if len(changed) == 1]
    if alone and len(broken_sums(kind, stated, bureau.strange)) > 1:  # one that mends two does so by no chance
        ways = {truth: ways[truth] for truth in alone}
    cost: dict[Truth, int] = {}
    for truth, changed in ways.items():
        if not any(_contradicts(bureau, other, piece, stated, truth, changed) for other in range(len(bureau.kinds))):
            slips = ((at, slip(kind, stated, at, truth[at], by_machine=bureau.by_machine)) for at in changed)
            cost[truth] = sum(slip_cost(kind, at, cause, stated[at], truth[at]) for at, cause in slips)
    return sorted(cost, key=lambda truth: (cost[truth], truth))


def broken_sums(kind: str, row: Sequence[int], strange: int) -> list[tuple[int, Sequence[int], int]]:
    """The sums of a row that are off: their total, their parts, and by how much the total is more.

    Args:
        kind: of the piece; a machine counts no valid votes.
        row: its figures, with as many votes as there are choices.
        strange: votes of a PV for something that is no choice, which the valid votes may hold.
    """
    votes = range(VOTES, len(row))
    sums: list[tuple[int, Sequence[int]]] = [(FOUND, range(BLANK, VOTES)), (VALID, votes)]
    if kind in (URN, EXPORT):
        sums = [(FOUND, (BLANK, NULL, *votes) if votes else ())]
    known = [(total, parts) for total, parts in sums if parts and min(row[at] for at in (total, *parts)) >= 0]
    off = [(total, parts, row[total] - sum(row[at] for at in parts)) for total, parts in known]
    return [each for each in off if each[2] and (kind, each[0], each[2]) != (RECORD, VALID, strange)]


def _reread(kind: str, row: Truth, strange: int, changed: frozenset[int]) -> Iterator[tuple[Truth, frozenset[int]]]:
    """Read one figure of each sum that is off by what it is off; nothing where all hold as they stand."""
    broken = broken_sums(kind, row, strange)
    if changed and not broken:
        yield row, changed
    for total, parts, by in broken if len(changed) < _MOST else ():
        for at in {total, *parts} - changed:
            value = row[at] + (-by if at == total else by)
            if value >= 0:
                yield from _reread(kind, (*row[:at], value, *row[at + 1 :]), strange, changed | {at})


def _contradicts(
    bureau: BureauPapers, other: int, piece: int, stated: Truth, truth: Truth, changed: Collection[int]
) -> bool:
    """Check that another piece states neither the figure as reread nor, as a copy, the figure as written."""
    row, copies = bureau.rows[other], bureau.kinds[other] in COPIED_BY[bureau.kinds[piece]]
    return other != piece and any(
        row[at] >= 0 and row[at] != truth[at] and not (copies and row[at] == stated[at]) for at in changed
    )
