"""The curves of a live night: how much has come in, and the shares of the choices, over the evening."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from regard.live.points import LivePoint

WIDTH, HEIGHT = 600, 150
LINES = 5
"""Choices that have a line: those with the most votes."""
_MOST_POINTS = 150


@dataclass(frozen=True, slots=True)
class ShareLine:
    """The line of one choice.

    Attributes:
        name: of the choice.
        number: from 1, which says how it is drawn.
        points: of the line.
        votes, valid: now.
    """

    name: str
    number: int
    points: str
    votes: int
    valid: int


@dataclass(frozen=True, slots=True)
class LiveCurve:
    """Both pictures on one axis of time.

    Attributes:
        first, last: the seconds at both ends.
        coverage: the corners of the area, empty where it is not known how much is awaited.
        top: the share at the upper edge of the lines, in per cent.
        lines: those of the choices with the most votes.
    """

    width: int
    height: int
    first: int
    last: int
    coverage: str
    top: int
    lines: tuple[ShareLine, ...]


def live_curve(points: Sequence[LivePoint]) -> LiveCurve | None:
    """The curves of some points; None as long as there are not two seconds to draw between."""
    if len(points) < 2 or points[0].second >= points[-1].second:
        return None
    step = -(-len(points) // _MOST_POINTS)
    some = [*points[:-1:step], points[-1]]
    first, last = some[0].second, some[-1].second
    x = [(each.second - first) * WIDTH // (last - first) for each in some]
    due = max((each.due or each.there for each in some), default=0)
    area = (
        " ".join(f"{at},{HEIGHT - each.there * HEIGHT // due}" for at, each in zip(x, some, strict=True)) if due else ""
    )
    ranked = sorted(some[-1].choices.items(), key=lambda item: -item[1])[:LINES]
    sums = [sum(each.choices.values()) for each in some]
    counted = [(each, all_) for each, all_ in zip(some, sums, strict=True) if all_]
    highest = max((100 * each.choices.get(name, 0) // all_ for name, _ in ranked for each, all_ in counted), default=0)
    top = min((highest // 10 + 1) * 10, 100)
    lines = tuple(
        ShareLine(
            name,
            number,
            " ".join(
                f"{at},{HEIGHT - each.choices.get(name, 0) * 100 * HEIGHT // (all_ * top)}"
                for at, each, all_ in zip(x, some, sums, strict=True)
                if all_
            ),
            votes,
            sums[-1],
        )
        for number, (name, votes) in enumerate(ranked, 1)
    )
    return LiveCurve(WIDTH, HEIGHT, first, last, f"0,{HEIGHT} {area} {WIDTH},{HEIGHT}" if area else "", top, lines)
