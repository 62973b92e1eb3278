"""Draws that anybody can repeat from a public seed: the same in every language, by SHA-256 and whole numbers.

A seed is drawn in public after the figures are sealed (`regard seal`), never before.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from hashlib import sha256
from heapq import heapify, heapreplace
from itertools import accumulate, count


def numbers(seed: str, size: int, replaced: bool = False) -> Iterator[int]:
    """Numbers from 1 to ``size`` as Rivest's sampler draws them (2011), of Stark's tools.

    Args:
        seed: decimal digits, by custom twenty.
        size: of the population.
        replaced: whether a number may come again; without replacement there are ``size`` of them.
    """
    seen: set[int] = set()
    for index in count(1):
        number = 1 + _hashed(f"{seed},{index}") % size
        if replaced:
            yield number
        elif number not in seen:
            seen.add(number)
            yield number
            if len(seen) == size:
                return


def weighted(seed: str, weights: Sequence[int], replaced: bool = False) -> Iterator[int]:
    """Indices drawn with chances in proportion to whole weights, exactly.

    Without replacement, in proportion to the weights of those that are left.

    Args:
        seed: as for `numbers`.
        weights: of all bureaux in the order of their list, 0 or more.
        replaced: whether a bureau may come again.
    """
    sums, seen = list(accumulate(weights)), set[int]()
    wanted = sum(weight > 0 for weight in weights)
    for number in numbers(seed, sums[-1], replaced=True) if wanted else ():
        index = bisect_left(sums, number)
        if replaced:
            yield index
        elif index not in seen:
            seen.add(index)
            yield index
            if len(seen) == wanted:
                return


def consistent(seed: str, names: Sequence[str], replaced: bool = False) -> Iterator[str]:
    """Names in the order of Rivest's consistent sampler, which Arlo uses: the smallest ticket first.

    Args:
        seed: any text.
        names: of papers or bureaux, as their text.
        replaced: whether a name takes part again with its next ticket.
    """
    base = sha256(seed.encode()).hexdigest()
    tickets = [(_fraction(base + name), name, 1) for name in names]
    heapify(tickets)
    order = sorted(tickets) if not replaced else _again(tickets)
    return (name for _, name, _ in order)


def _again(tickets: list[tuple[str, str, int]]) -> Iterator[tuple[str, str, int]]:
    while tickets:
        ticket, name, generation = tickets[0]
        yield tickets[0]
        heapreplace(tickets, (next_ticket(ticket), name, generation + 1))


def ticket(seed: str, name: str) -> str:
    """The first ticket of a name in the consistent sampler, as a decimal fraction."""
    return _fraction(sha256(seed.encode()).hexdigest() + name)


def next_ticket(before: str) -> str:
    """The next ticket of the same name: larger, and otherwise random."""
    digits = before.partition(".")[2]
    nines = digits[: len(digits) - len(digits.lstrip("9"))]
    return next(
        new for index in count(1) if (new := "0." + nines + _fraction(f"{before}:{index}").partition(".")[2]) > before
    )


def _fraction(text: str) -> str:
    return "0." + f"{_hashed(text):064d}"[::-1]


def _hashed(text: str) -> int:
    return int.from_bytes(sha256(text.encode()).digest(), "big")
