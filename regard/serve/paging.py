"""Long lists a page at a time: which part is asked for, and the addresses of the parts before and after it."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

_LONGEST_NUMBER = 8
"""Digits of the number of a page."""


@dataclass(frozen=True, slots=True)
class ListPart:
    """A part of a list.

    Attributes:
        number, last: of this part and of the last one, from 1.
        start, stop: of its entries.
        previous, following: addresses; empty where there is none.
    """

    number: int
    last: int
    start: int
    stop: int
    previous: str
    following: str


def part_of(query: QueryParams, path: str, count: int, size: int) -> ListPart:
    """The part of a list that a query asks for; the first where it asks for none, the last where for one beyond.

    Args:
        query: of the request, with the number as ``page``.
        path: of the request.
        count: of the entries.
        size: of a part.
    """
    last = max(-(-count // size), 1)
    asked = query.get("page", "1")
    good = asked.isascii() and asked.isdecimal() and len(asked) <= _LONGEST_NUMBER
    number = min(max(int(asked), 1), last) if good else 1
    rest = {name: value for name, value in query.items() if name != "page"}

    def at(other: int) -> str:
        return f"{path}?{urlencode({**rest, 'page': other})}" if 1 <= other <= last else ""

    return ListPart(number, last, (number - 1) * size, min(number * size, count), at(number - 1), at(number + 1))
