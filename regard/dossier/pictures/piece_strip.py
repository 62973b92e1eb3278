"""Bureau by piece of evidence as a strip: what agreed stays pale, what differed, was missing or damaged is marked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from regard.dossier.bureau_table import MOST_ROWS
from regard.dossier.coverage_states import PieceState
from regard.dossier.model import Dossier
from verify.model.figures import Bools, Ints

ACROSS = 150
"""Bureaux in a line."""
CELL, WIDEST, HIGH, GAP = 5, 20, 10, 3
"""A cell's width, and that of few bureaux at most; a row's height, and the space below it."""
LABEL = 190
"""Pixels of the names of the pieces."""
_HEAD = 16
"""Pixels above a line for names of communes."""
_NAMED = 7
"""Letters that there must be room for above a commune's bureaux to name it there."""
_SHAPES = {
    PieceState.DIFFERS: "differs",
    PieceState.ABSENT: "absent",
    PieceState.UNREAD: "unread",
    PieceState.ALONE: "alone",
    PieceState.PARTLY: "alone",
    PieceState.GAP: "gap",
}


@dataclass(frozen=True, slots=True)
class StripMark:
    """Some cells one after another with one mark."""

    x: int
    y: int
    width: int
    shape: str


@dataclass(frozen=True, slots=True)
class StripRow:
    """One piece in a line: its name, where it stands, and where it was expected, as spans of pixels."""

    name: str
    y: int
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class StripPicture:
    """The picture: rows of that height, marks on them, names above them."""

    width: int
    height: int
    high: int
    rows: tuple[StripRow, ...]
    marks: tuple[StripMark, ...]
    names: tuple[tuple[int, int, str], ...]


def strip_picture(dossier: Dossier) -> StripPicture | None:
    """The picture; None where there is no bureau, no piece of any, or more bureaux than a table has rows."""
    if not 0 < len(dossier.bureaux) <= MOST_ROWS or not dossier.bureaux.states:
        return None
    kinds, size = list(dossier.bureaux.states.values()), len(dossier.bureaux)
    cell = max(CELL, min(WIDEST, CELL * ACROSS // size))
    block = _HEAD + (HIGH + GAP) * (len(kinds) + 1) + 10
    rows: list[StripRow] = []
    marks: list[StripMark] = []
    names: list[tuple[int, int, str]] = []
    for line, start in enumerate(range(0, size, ACROSS)):
        here, top = slice(start, min(start + ACROSS, size)), line * block + _HEAD
        names += names_above(dossier.bureaux.commune[here], dossier.communes.called, LABEL, cell, top - 5)
        gap, compared = dossier.bureaux.gap[here], dossier.bureaux.compared[here]
        rows.append(StripRow(dossier.words["gap"], top, tuple(_spans(compared, cell))))
        for shape, where in (("more", gap > 0), ("fewer", gap < 0)):
            marks += [StripMark(x, top, width, shape) for x, width in _spans(where, cell)]
        for number, (name, states) in enumerate(kinds, 1):
            y = top + number * (HIGH + GAP)
            rows.append(StripRow(name, y, tuple(_spans(states[here] != PieceState.NOT_ASKED, cell))))
            for state, shape in _SHAPES.items():
                marks += [StripMark(x, y, width, shape) for x, width in _spans(states[here] == state, cell)]
    lines = -(-size // ACROSS)
    return StripPicture(
        width=LABEL + cell * min(size, ACROSS) + 2,
        height=lines * block,
        high=HIGH,
        rows=tuple(rows),
        marks=tuple(marks),
        names=tuple(names),
    )


def _spans(mask: Bools, cell: int) -> Iterator[tuple[int, int]]:
    """Runs of a mask, as pixels and width."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], mask.astype(np.int8), [0]])))
    for begin, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        yield LABEL + cell * begin, cell * (end - begin)


def names_above(
    communes: Ints, name_of: Callable[[int], str], left: int, cell: int, y: int
) -> list[tuple[int, int, str]]:
    """Place and name of the communes that have room for it.

    Args:
        communes: the number of each bureau's commune, in the order of the line.
        name_of: the name of a commune.
        left: where the line begins.
        cell: the width of a bureau.
        y: where names stand.
    """
    starts = np.flatnonzero(np.append(True, communes[1:] != communes[:-1])).tolist()
    found = []
    for begin, end in zip(starts, [*starts[1:], len(communes)], strict=True):
        name, room = name_of(int(communes[begin])), (end - begin) * cell // 6
        if room >= _NAMED:
            found.append((left + cell * begin, y, name if len(name) <= room else f"{name[: max(room - 1, 1)]}…"))
    return found
