"""A checker of certificates: that an explanation of a bureau is one, costs what it says, and that nothing near is left.

It shares no code with the engine. What one figure costs is `oracles.price`; everything else is recomputed here: the
sums, the gap, that each wrong figure is in one act and nothing else is, and, by trying all figures that are written
anywhere and those that one sum gives, that every truth within the bound is among the rivals.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.outside.oracles import (
    BLANK,
    FOUND,
    NULL,
    SIGNATURES,
    VALID,
    VOTES,
    Figures,
    gap_steps,
    price,
)

Truth = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Act:
    """One operation: its cost, and cells as piece, column, what was written and what it should read."""

    cost: int
    cells: tuple[tuple[int, int, int, int], ...]


@dataclass(frozen=True, slots=True)
class Certificate:
    """The truth of a bureau, what makes its papers of it, and the other truths within the bound with their costs."""

    truth: Truth
    acts: tuple[Act, ...]
    cost: int
    bound: int
    rivals: tuple[tuple[Truth, int], ...]
    doubt: int = 0
    """Extra cost of a slip that only a gap shows."""


def check(figures: Figures, certificate: Certificate) -> list[str]:
    """Return what is wrong with a certificate; nothing where it is accepted."""
    truth, cost = certificate.truth, certificate.cost
    found = [
        f"a sum does not hold: {each}" for each in (truth, *(t for t, _ in certificate.rivals)) if not _adds_up(each)
    ]
    changed = [cell for act in certificate.acts for cell in act.cells if cell[2] != cell[3]]  # a slip may undo another
    written = {(p, c): v for p, row in enumerate(figures.rows) for c, v in enumerate(row) if v >= 0}
    off = {(p, c): (v, truth[c]) for (p, c), v in written.items() if v != truth[c]}
    if {(piece, column): (was, becomes) for piece, column, was, becomes in changed} != off or len(changed) != len(off):
        found.append("the acts are not what makes the papers of the truth")
    total = sum(act.cost for act in certificate.acts) + gap_cost(truth) + certificate.doubt
    if total != cost:
        found.append(f"the acts and the gap cost {total}, not {cost}")
    single = all(len({column for _, column, _, _ in act.cells}) == 1 for act in certificate.acts)
    own = _price(figures, truth) + certificate.doubt
    if own < cost or (single and own != cost):
        found.append(f"by single figures the truth costs {own}, not {cost}")
    listed = dict(certificate.rivals) | {truth: cost}
    for other, stated in near(figures, certificate.bound):
        if listed.get(other, stated + 1) > stated:
            found.append(f"not among the rivals: {other} for {stated}")
    found += [f"a rival costs less: {stated}" for _, stated in certificate.rivals if stated < cost]
    return found


def gap_cost(truth: Truth) -> int:
    """Return what the difference of votes found and signatures costs."""
    gap = abs(truth[FOUND] - truth[SIGNATURES]) if min(truth[FOUND], truth[SIGNATURES]) >= 0 else 0
    return sum(more for least, more in gap_steps() if gap >= least)


def near(figures: Figures, bound: int) -> Iterator[tuple[Truth, int]]:
    """Yield truths of written figures, one in each sum given by the others, that cost no more than a bound."""
    columns = [sorted({row[column] for row in figures.rows if row[column] >= 0}) for column in range(figures.width)]
    costs = [{value: price(figures, at, value) for value in values} for at, values in enumerate(columns)]
    least = [min(each.values(), default=0) for each in costs]
    room = bound - sum(least)
    seen: set[Truth] = set()
    for truth in _choose(costs, least, room, ()):
        for complete in _with_sums(truth):
            below_zero = any(value < 0 and columns[at] for at, value in enumerate(complete))
            if complete not in seen and not below_zero and _adds_up(complete):
                seen.add(complete)
                cost = _price(figures, complete)
                if cost <= bound:
                    yield complete, cost


def _choose(costs: Sequence[dict[int, int]], least: Sequence[int], room: int, so_far: Truth) -> Iterator[Truth]:
    at = len(so_far)
    if at == len(costs):
        yield so_far
        return
    for value, cost in (costs[at] or {-1: 0}).items():
        if cost - least[at] <= room:
            yield from _choose(costs, least, room - cost + least[at], (*so_far, value))


def _with_sums(truth: Truth) -> Iterator[Truth]:
    """Yield a truth as it is, and with one figure of either sum given by the others."""
    yield truth
    for valid in dict.fromkeys((truth[VALID], sum(truth[VOTES:]), truth[FOUND] - truth[BLANK] - truth[NULL])):
        one = (*truth[:VALID], valid, *truth[VOTES:])
        yield one
        more = valid - sum(truth[VOTES:])
        parts = [one] + [(*one[:at], one[at] + more, *one[at + 1 :]) for at in range(VOTES, len(truth))]
        for each in parts:
            off = each[FOUND] - each[BLANK] - each[NULL] - valid
            yield each
            yield (*each[:FOUND], each[FOUND] - off, *each[BLANK:])
            yield (*each[:BLANK], each[BLANK] + off, *each[NULL:])
            yield (*each[:NULL], each[NULL] + off, *each[VALID:])


def _price(figures: Figures, truth: Truth) -> int:
    return gap_cost(truth) + sum(price(figures, column, value) for column, value in enumerate(truth) if value >= 0)


def _adds_up(truth: Truth) -> bool:
    """Return whether both sums hold, as far as their figures are known."""
    sums = ((truth[FOUND], truth[BLANK:VOTES]), (truth[VALID], truth[VOTES:]))
    return all(min(total, *parts) < 0 or total == sum(parts) for total, parts in sums) and min(truth) >= -1
