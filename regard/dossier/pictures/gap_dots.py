"""Votes less signatures, a dot a bureau, by the size of the bureau; one where several are at one place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import isqrt

import numpy as np

from protocol.words import language
from regard.dossier.bureau_table import with_sign
from regard.dossier.model import BureauColumns, Dossier
from verify.model.figures import Ints

WIDTH, HEIGHT = 880, 380
LEFT, RIGHT, TOP, BOTTOM = 62, 20, 18, 46
EDGE = 16
"""Pixels between the frame and the largest gap."""
_NAMED = 3
"""Bureaux with the largest gaps, which are named."""
_CLASSES = ((1, 1), (2, 2), (3, 5), (6, 10), (11, 20), (21, 50), (51, None))
"""Gaps that are counted together in the table beside the picture: from, to."""

_BESIDE, _LETTER, _LINE = 8, 7, 14
"""Pixels between a mark and its name, of a letter at most, and between two lines of text."""


@dataclass(frozen=True, slots=True)
class DotName:
    """The name of a bureau beside its dot."""

    x: int
    y: int
    anchor: str
    text: str


@dataclass(frozen=True, slots=True)
class Dot:
    """A bureau, or several at one place: its shape is that of more votes, of fewer, or of none of both."""

    x: int
    y: int
    shape: str


@dataclass(frozen=True, slots=True)
class GapPicture:
    """The picture and what it shows.

    Attributes:
        band: the points of the band of so many ‰ of the votes, as SVG has them.
        across, up: ticks, as pixels and text.
        most: the gap at the edge, at which larger ones stand as well.
        classes: heading and numbers of bureaux with more votes and with fewer, for the table beside it.
    """

    width: int
    height: int
    left: int
    right: int
    zero: int
    most: int
    bottom: int
    band: str
    across: tuple[tuple[int, str], ...]
    up: tuple[tuple[int, str], ...]
    dots: tuple[Dot, ...]
    names: tuple[DotName, ...]
    classes: tuple[tuple[str, int, int], ...]
    equal: int


def gap_picture(dossier: Dossier) -> GapPicture | None:
    """The picture; None where votes and signatures are compared nowhere."""
    columns, gaps = dossier.bureaux, dossier.gaps
    if not gaps.compared:
        return None
    rows = np.flatnonzero(columns.compared)
    widest = round_up(max(int(columns.found[rows].max()) * 21 // 20 + 1, 10))
    zero = TOP + (HEIGHT - TOP - BOTTOM) // 2
    scale = RootScale(edge_of(columns.gap), zero - TOP - EDGE)
    room = WIDTH - LEFT - RIGHT
    x = LEFT + columns.found[rows] * room // widest
    y = zero - np.array([scale.at(gap) for gap in columns.gap[rows].tolist()], np.int64)
    number = language(dossier.language).number
    return GapPicture(
        width=WIDTH,
        height=HEIGHT,
        left=LEFT,
        right=WIDTH - RIGHT,
        zero=zero,
        most=scale.most,
        bottom=HEIGHT - BOTTOM,
        band=_band(scale, widest, zero, gaps.permille),
        across=tuple((LEFT + step * room // 5, number(step * widest // 5)) for step in range(6)),
        up=tuple(
            (zero - scale.at(sign * tick), with_sign(dossier.language, sign * tick))
            for tick in scale.ticks()
            for sign in ((1, -1) if tick else (1,))
        ),
        dots=_dots(x.tolist(), y.tolist(), columns.gap[rows].tolist()),
        names=_names(dossier, rows, list(zip(x.tolist(), y.tolist(), strict=True))),
        classes=_classes(columns, dossier.language),
        equal=gaps.equal,
    )


def _band(scale: RootScale, widest: int, zero: int, permille: int) -> str:
    """Both edges of the band, from left to right and back."""
    room = WIDTH - LEFT - RIGHT
    edge = [(LEFT + step * room // 24, scale.at(step * widest * permille, 24 * 1000)) for step in range(25)]
    upper = [f"{x},{zero - up}" for x, up in edge]
    lower = [f"{x},{zero + up}" for x, up in reversed(edge)]
    return " ".join([*upper, *lower])


def _dots(x: list[int], y: list[int], gap: list[int]) -> tuple[Dot, ...]:
    """One for each place at which there is a bureau."""
    found = {
        (one, other): "more" if of > 0 else "fewer" if of else "equal" for one, other, of in zip(x, y, gap, strict=True)
    }
    return tuple(Dot(one, other, shape) for (one, other), shape in sorted(found.items()))


def _names(dossier: Dossier, rows: Ints, marks: list[tuple[int, int]]) -> tuple[DotName, ...]:
    """The names of the bureaux with the largest gaps; ``rows`` has the bureau of each mark."""
    columns = dossier.bureaux
    wanted = []
    for mark in np.lexsort((rows, -np.abs(columns.gap[rows])))[:_NAMED].tolist():
        row = int(rows[mark])
        gap, name = int(columns.gap[row]), dossier.communes.called(int(columns.commune[row]))
        if gap:
            wanted.append((mark, f"{name[:24]} {str(columns.bureau[row])[:8]} ({with_sign(dossier.language, gap)})"))
    return names_beside(wanted, marks, LEFT, WIDTH)


def _classes(columns: BureauColumns, code: str) -> tuple[tuple[str, int, int], ...]:
    """Count bureaux with more votes, and with fewer, by classes of the gap; empty ones at the end are left out."""
    number = language(code).number
    size = np.abs(columns.gap)
    found = []
    for least, most in _CLASSES:
        inside = (size >= least) & (size <= (most or np.iinfo(np.int64).max))
        heading = (
            number(least) if least == most else f"{number(least)}–{number(most)}" if most else f"≥ {number(least)}"
        )
        more, fewer = int((inside & (columns.gap > 0)).sum()), int((inside & (columns.gap < 0)).sum())
        found.append((heading, more, fewer))
    while found and not any(found[-1][1:]):
        found.pop()
    return tuple(found)


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


_FAR = 6
"""So many times an ordinary gap a larger one stands at the edge."""
_FINE = 10_000
"""Steps of a square root between two whole numbers, squared."""


@dataclass(frozen=True, slots=True)
class RootScale:
    """A scale on which differences of a few votes are seen beside such of hundreds: by the square root, with its sign.

    Attributes:
        most: the largest difference, without its sign; at least 1.
        room: pixels from zero to it.
    """

    most: int
    room: int

    def at(self, value: int, parts: int = 1) -> int:
        """Pixels from zero of ``value / parts``: by whole numbers, so that the same picture is the same everywhere."""
        length = self.room * isqrt(abs(value) * _FINE // parts) // max(isqrt(self.most * _FINE), 1)
        return min(length, self.room) if value >= 0 else -min(length, self.room)

    def ticks(self) -> tuple[int, ...]:
        """Differences to name, from zero up."""
        steps = [0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000]
        named: list[int] = []
        for value in steps:
            if value <= self.most and (not named or self.at(value) - self.at(named[-1]) >= 14):
                named.append(value)
        return tuple(named)


def round_up(value: int) -> int:
    """The next number of one figure and zeros, or 15, 25 and their like."""
    power: int = 10 ** max(len(str(value)) - 1, 0)
    return next(step * power // 10 for step in (10, 15, 20, 25, 30, 40, 50, 60, 80, 100) if step * power // 10 >= value)


def edge_of(gaps: Ints) -> int:
    """The gap that is to stand at the edge: the largest, unless that is far beyond 98 of a hundred."""
    sizes = np.sort(np.abs(gaps[gaps != 0]))
    if not len(sizes):
        return 3
    most, ordinary = int(sizes[-1]), int(sizes[(len(sizes) - 1) * 98 // 100])
    return max(most if most <= _FAR * ordinary else round_up(ordinary), 3)
