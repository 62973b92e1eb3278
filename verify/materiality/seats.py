"""Seats of lists: highest averages in whole numbers, and the bonus of the list that comes first."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from verify.materiality.kinds import ElectionKind


def bonus(kind: ElectionKind, seats: int) -> int:
    """Seats that the first list gets before the others are shared out, in an election that has such a bonus.

    Half in a municipal election, rounded up where there are more than four seats and down where there are fewer (Code
    électoral, L262); a quarter, rounded up, in a regional one (L338); none elsewhere.
    """
    if kind is ElectionKind.MUNICIPAL_LISTS:
        return (seats + 1) // 2 if seats > 4 else seats // 2
    if kind is ElectionKind.REGIONAL:
        return -(-seats // 4)
    return 0


def highest_averages(
    votes: Sequence[int], admitted: Collection[int], seats: int
) -> tuple[tuple[int, ...], frozenset[int]]:
    """Share out seats by the highest average: each in turn to the list with the most votes per seat, counting that one.

    Averages are compared crosswise as whole numbers. Equal averages: the list with more votes comes first. Equal votes
    as well: the law looks at ages (L262, L338; law 77-729, article 3), which are not known here.

    Args:
        votes: of every list.
        admitted: indices of the lists that take part, each with votes.
        seats: to share out, 0 or more.

    Returns:
        Seats of every list, and the lists between which only age decides about what is left.
    """
    given = [0] * len(votes)
    left = seats
    while left and admitted:
        best: list[int] = []
        for this in admitted:
            if best:
                mine, theirs = votes[this] * (given[best[0]] + 1), votes[best[0]] * (given[this] + 1)
                if (mine, votes[this]) < (theirs, votes[best[0]]):
                    continue
                if (mine, votes[this]) > (theirs, votes[best[0]]):
                    best.clear()
            best.append(this)
        if len(best) > left:
            return tuple(given), frozenset(best)
        for this in best:
            given[this] += 1
        left -= len(best)
    return tuple(given), frozenset()
