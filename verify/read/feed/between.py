"""The levels of a feed against each other: communes and constituencies add up to départements, these to the nation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from protocol.words import msg
from verify.model.published import Flaw, Level, Published
from verify.read.feed.whole import CODE as CUT_SHORT
from verify.read.published.comparison import Comparison, compare, parts_only
from verify.read.published.sums import RANK, SUMS, NoSum, keys


def sums_apart(tables: Sequence[Published]) -> Iterator[tuple[Published, Published, str, list[Flaw]]]:
    """T303, T304, T305, T321: figures of a level that are not the sum of a finer one's.

    Each coarser and finer table that were compared, with the rule of the sums.
    """
    for coarse in tables:
        for fine in tables:
            if fine.round != coarse.round or not _is_next(fine, coarse, tables):
                continue
            try:
                found = compare(fine, coarse)[0]
            except NoSum:
                continue
            if found.level is coarse.level:  # not one above both
                yield coarse, fine, SUMS[found.level], list(_flaws(found, coarse))


def _is_next(fine: Published, coarse: Published, tables: Sequence[Published]) -> bool:
    """Test whether no level lies between two; régions do not, as territories overseas and abroad belong to none."""
    low, high = RANK[fine.level], RANK[coarse.level]
    between = (table for table in tables if table.round == coarse.round and table.level is not Level.REGION)
    return low < high and not any(low < RANK[table.level] < high for table in between)


def _flaws(found: Comparison, coarse: Published) -> Iterator[Flaw]:
    """A flaw for each figure; one for a place of which the finer level has a part only."""
    parts = parts_only(found.differences, 1)
    unit = {place: at for at, place in enumerate(keys(coarse, coarse.level).tolist())}
    level = found.left.level.text
    source = f"{coarse.file} (Σ)"
    for difference in found.differences:
        at, own, due = unit[difference.place], difference.right, difference.left
        if difference.place not in parts:
            yield Flaw(SUMS[found.level], at, difference.field, own, due, against=source)
        elif difference.field == "registered":
            how = msg("the results by {level} have {due:n}, and less of all else", level=level, due=due)
            yield Flaw(CUT_SHORT, at, difference.field, own, due, how, against=source)
