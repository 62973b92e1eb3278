"""The longest wait by the size of the bureau, a dot a bureau, with the limit marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from protocol.words import Language
from regard.dossier.pictures.dot_names import DotName, names_beside
from regard.dossier.pictures.scale import round_up
from regard.office.pictures.bureaux import BureauDay, minutes, names_of

WIDTH, HEIGHT = 880, 380
LEFT, RIGHT, TOP, BOTTOM = 62, 20, 22, 46
MINUTE = 60_000
"""Milliseconds."""
_FEW = 250
"""Bureaux whose dots are as large as they are named beside the picture; those of more are smaller."""
_NAMED = 3
"""Bureaux with the longest waits, which are named."""
_LETTERS = 32
_STEPS = (5, 10, 15, 20, 30, 60, 120, 240, 480, 1440, 7200)
"""Minutes between two lines."""
_LINES, _ACROSS = 6, 8
"""Lines at most, and steps of sizes."""
SHAPES = ("paper", "one", "two", "more")
"""By number of machines."""


@dataclass(frozen=True, slots=True)
class WaitDot:
    """A bureau, or several at one place: its shape is that of its machines; filled where it is above the limit."""

    x: int
    y: int
    shape: str
    above: bool


@dataclass(frozen=True, slots=True)
class WaitPicture:
    """The picture.

    Attributes:
        limit: where the line of the limit is.
        across: ticks, as pixels and text.
        up: lines of minutes, as pixels and text.
        shapes: those that there are.
        small: whether the dots are small, as there are many.
    """

    width: int
    height: int
    left: int
    right: int
    bottom: int
    limit: int
    across: tuple[tuple[int, str], ...]
    up: tuple[tuple[int, str], ...]
    dots: tuple[WaitDot, ...]
    names: tuple[DotName, ...]
    shapes: tuple[str, ...]
    small: bool


def wait_picture(bureaux: Sequence[BureauDay], limit: int, words: Language, most: int = 0) -> WaitPicture:
    """The picture of bureaux, of which there is at least one.

    Args:
        bureaux: in any order.
        limit: the longest wait that is asked for, in minutes.
        words: the language.
        most: a wait in milliseconds that the scale has to reach, so that several pictures have the same one.
    """
    highest = max(limit * MINUTE * 4 // 3, most, *(each.wait for each in bureaux))
    step = next(each for each in _STEPS if each * _LINES * MINUTE >= highest or each == _STEPS[-1])
    lines = -(-highest // (step * MINUTE))
    sizes = _sizes([each.registered for each in bureaux])
    low, wide = sizes.start, sizes[-1] - sizes.start
    room, tall, bottom = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM, HEIGHT - BOTTOM

    def up(wait: int) -> int:
        return bottom - wait * tall // (lines * step * MINUTE)

    marks = [(LEFT + (each.registered - low) * room // wide, up(each.wait)) for each in bureaux]
    dots = {
        WaitDot(x, y, SHAPES[min(each.machines, 3)], each.wait > limit * MINUTE)
        for (x, y), each in zip(marks, bureaux, strict=True)
    }
    return WaitPicture(
        width=WIDTH,
        height=HEIGHT,
        left=LEFT,
        right=WIDTH - RIGHT,
        bottom=bottom,
        limit=up(limit * MINUTE),
        across=tuple((LEFT + (size - low) * room // wide, words.number(size)) for size in sizes),
        up=tuple((up(at * step * MINUTE), words.number(at * step)) for at in range(lines + 1)),
        dots=tuple(sorted(dots, key=lambda dot: (dot.above, dot.x, dot.y, dot.shape))),
        names=_names(bureaux, marks, words),
        shapes=tuple(shape for shape in SHAPES if any(dot.shape == shape for dot in dots)),
        small=len(bureaux) > _FEW,
    )


def _sizes(registered: Sequence[int]) -> range:
    """The sizes that are named below: at least two, the first and the last around all that there are."""
    least, most = min(registered), max(registered)
    pitch = round_up(max(-(-(most - least) // _ACROSS), 10))
    return range(least // pitch * pitch, most // pitch * pitch + pitch + 1, pitch)


def _names(bureaux: Sequence[BureauDay], marks: Sequence[tuple[int, int]], words: Language) -> tuple[DotName, ...]:
    called = names_of(bureaux, words)
    order = sorted(range(len(bureaux)), key=lambda at: (-bureaux[at].wait, bureaux[at].insee, bureaux[at].code))
    wanted = ((at, f"{called[at][:_LETTERS]} ({minutes(bureaux[at].wait, words)})") for at in order[:_NAMED])
    return names_beside(wanted, marks, LEFT, WIDTH)
