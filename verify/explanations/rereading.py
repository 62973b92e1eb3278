"""Sums of a piece that do not work out: every figure of them by which they would, read so."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from verify.explanations.copies import COPIED_BY
from verify.explanations.search import BureauPapers
from verify.explanations.side_by_side import BLANK, FOUND, PUBLISHED, RECAP, RECORD, VALID, VOTES
from verify.explanations.slips import slip, slip_cost
from verify.explanations.truths import Truth

_WRITTEN = (RECORD, RECAP, PUBLISHED)
"""Pieces of which people write the sums."""
_MOST = 2
"""Figures that are read otherwise together: of a sum that is off, and of the one that its total is part of."""
_Sums = Mapping[int, Sequence[int]]
"""Totals and their parts, as columns."""


def reread_sums(bureau: BureauPapers, piece: int, stated: Truth) -> list[Truth]:
    """The truths by which all sums of a piece hold, the cheapest first; not those that another piece contradicts.

    Args:
        bureau: with its pieces.
        piece: whose sums they are.
        stated: the figures as it has them.
    """
    kind = bureau.kinds[piece]
    if kind not in _WRITTEN:
        return []
    parts = {FOUND: range(BLANK, VOTES), VALID: range(VOTES, len(stated))}
    sums = {total: some for total, some in parts.items() if some and min(stated[at] for at in (total, *some)) >= 0}
    strange = bureau.strange if kind == RECORD else 0
    ways = dict(_reread(stated, sums, strange, frozenset()))
    alone = [truth for truth, changed in ways.items() if len(changed) == 1]
    if alone and len(_off(stated, sums, strange)) > 1:  # one figure that mends two sums does so by no chance
        ways = {truth: ways[truth] for truth in alone}
    cost: dict[Truth, int] = {}
    for truth, changed in ways.items():
        if not any(_contradicts(bureau, other, piece, stated, truth, changed) for other in range(len(bureau.kinds))):
            slips = ((at, slip(kind, stated, at, truth[at], by_machine=bureau.by_machine)) for at in changed)
            cost[truth] = sum(slip_cost(kind, at, cause, stated[at], truth[at]) for at, cause in slips)
    return sorted(cost, key=lambda truth: (cost[truth], truth))


def _off(row: Truth, sums: _Sums, strange: int) -> dict[int, int]:
    """By how much each sum is more than its parts, of those that are off; valid votes may hold those for no choice."""
    off = {total: row[total] - sum(row[at] for at in parts) for total, parts in sums.items()}
    return {total: by for total, by in off.items() if by and not (total == VALID and by == strange)}


def _reread(row: Truth, sums: _Sums, strange: int, changed: frozenset[int]) -> Iterator[tuple[Truth, frozenset[int]]]:
    """Read one figure of each sum that is off by what it is off; nothing where all hold as they stand."""
    off = _off(row, sums, strange)
    if changed and not off:
        yield row, changed
    for total, by in off.items() if len(changed) < _MOST else ():
        for at in {total, *sums[total]} - changed:
            value = row[at] + (-by if at == total else by)
            if value >= 0:
                yield from _reread((*row[:at], value, *row[at + 1 :]), sums, strange, changed | {at})


def _contradicts(
    bureau: BureauPapers, other: int, piece: int, stated: Truth, truth: Truth, changed: Collection[int]
) -> bool:
    """Check that another piece has neither a figure that is read nor, as a copy, what stands in its place."""
    row, copies = bureau.rows[other], bureau.kinds[other] in COPIED_BY[bureau.kinds[piece]]
    return other != piece and any(
        row[at] >= 0 and row[at] != truth[at] and not (copies and row[at] == stated[at]) for at in changed
    )
