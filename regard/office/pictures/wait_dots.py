"""The longest wait by the size of the bureau, a dot a bureau, with the limit marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from protocol.words import Language, msg
from regard.dossier.pictures.dot_names import DotName, names_beside
from regard.dossier.pictures.scale import round_up
from regard.office.pictures.bureaux import MINUTE, BureauDay, limit_name, minutes, names_of
from regard.office.pictures.wait_scale import WaitScale

WIDTH, HEIGHT = 880, 380
LEFT, RIGHT, TOP, BOTTOM = 62, 20, 22, 46
_FEW = 250
"""Bureaux whose dots are as large as they are named beside the picture; those of more are smaller."""
_NAMED = 3
"""Bureaux with the longest waits, which are named."""
_LETTERS, _ACROSS = 32, 8
"""Of a name; steps of sizes at most."""
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
        said: what stands on it.
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
    said: str
    across: tuple[tuple[int, str], ...]
    up: tuple[tuple[int, str], ...]
    dots: tuple[WaitDot, ...]
    names: tuple[DotName, ...]
    shapes: tuple[str, ...]
    small: bool


def wait_picture(bureaux: Sequence[BureauDay], limit: float, words: Language, most: int = 0) -> WaitPicture:
    """The picture of bureaux, of which there is at least one.

    Args:
        bureaux: in any order.
        limit: the longest wait that is asked for, in minutes.
        words: the language.
        most: a wait in milliseconds that the scale has to reach, so that several pictures have the same one.
    """
    limit_at = round(limit * MINUTE)
    scale = WaitScale.of(max(most, *(each.wait for each in bureaux)), limit_at, HEIGHT - TOP - BOTTOM)
    sizes = _sizes([each.registered for each in bureaux])
    low, wide = sizes.start, sizes[-1] - sizes.start
    room, bottom = WIDTH - LEFT - RIGHT, HEIGHT - BOTTOM

    marks = [(LEFT + (each.registered - low) * room // wide, bottom - scale.at(each.wait)) for each in bureaux]
    dots = {
        WaitDot(x, y, SHAPES[min(each.machines, 3)], each.above) for (x, y), each in zip(marks, bureaux, strict=True)
    }
    return WaitPicture(
        width=WIDTH,
        height=HEIGHT,
        left=LEFT,
        right=WIDTH - RIGHT,
        bottom=bottom,
        limit=bottom - scale.at(limit_at),
        said=words.show(msg("limit: {limit} minutes", limit=limit_name(limit, words))),
        across=tuple((LEFT + (size - low) * room // wide, words.number(size)) for size in sizes),
        up=tuple((bottom - scale.at(tick * MINUTE), words.number(tick)) for tick in scale.ticks),
        dots=tuple(sorted(dots, key=lambda dot: (dot.above, dot.x, dot.y, dot.shape))),
        names=_names(bureaux, marks, words),
        shapes=tuple(shape for shape in SHAPES if any(dot.shape == shape for dot in dots)),
        small=len(bureaux) > _FEW,
    )


def _sizes(registered: Sequence[int]) -> range:
    """The sizes that are named below: at least two, the first and the last around all that there are."""
    least, most = min(registered), max(registered)
    pitch = round_up(max(-(-(most - least) // _ACROSS), 50))
    return range(least // pitch * pitch, most // pitch * pitch + pitch + 1, pitch)


def _names(bureaux: Sequence[BureauDay], marks: Sequence[tuple[int, int]], words: Language) -> tuple[DotName, ...]:
    called = names_of(bureaux, words, _LETTERS)
    order = sorted(range(len(bureaux)), key=lambda at: (-bureaux[at].wait, bureaux[at].insee, bureaux[at].code))
    wanted = ((at, f"{called[at]} ({minutes(bureaux[at].wait, words)})") for at in order[:_NAMED])
    return names_beside(wanted, marks, LEFT, WIDTH)
