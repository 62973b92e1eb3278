"""Draws that anybody can repeat from a public seed: the same in every language, by SHA-256 and whole numbers.

A seed is drawn in public after the figures are sealed (`regard seal`), never before.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from hashlib import sha256
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
        number = 1 + int.from_bytes(sha256(f"{seed},{index}".encode()).digest(), "big") % size
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
