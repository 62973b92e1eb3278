"""Names beside dots, at the side where they cover no other mark."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_BESIDE, _LETTER, _LINE = 8, 7, 14
"""Pixels between a mark and its name, of a letter at most, and between two lines of text."""


@dataclass(frozen=True, slots=True)
class DotName:
    """The name of a bureau beside its dot."""

    x: int
    y: int
    anchor: str
    text: str


def names_beside(
    wanted: Iterable[tuple[int, str]], marks: Sequence[tuple[int, int]], left: int, width: int
) -> tuple[DotName, ...]:
    """The names for which there is room, one in a line of text.

    Args:
        wanted: numbers of marks and their names, the most important first.
        marks: where they are.
        left: where names may begin.
        width: where the picture ends.
    """
    taken: list[int] = []
    found = []
    for mark, text in wanted:
        x, y = marks[mark]
        if any(abs(y - other) < _LINE for other in taken):
            continue
        room = _LETTER * len(text)
        for before in (x > width // 2, x <= width // 2):
            begin = x - _BESIDE - room if before else x + _BESIDE
            covers = any(begin - 5 < at < begin + room + 5 and abs(at_y - y) < _LINE for at, at_y in marks)
            if left <= begin <= width - room and not covers:
                taken.append(y)
                found.append(DotName(x - _BESIDE if before else x + _BESIDE, y + 4, "end" if before else "start", text))
                break
    return tuple(found)
