"""Communes side by side: a bar for the gap of each bureau, up for more votes and down for fewer, on one scale."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from regard.dossier.model import Dossier
from regard.dossier.pictures.scale import RootScale, edge_of

MOST = 60
"""Communes that have a picture; of more, those with the most findings."""
WIDTH, HEIGHT = 160, 46
_WIDEST = 8
"""Pixels of a bar at most."""


@dataclass(frozen=True, slots=True)
class CommunePicture:
    """One commune: its name, its counts, and a bar for each bureau with a gap: x, y, width, height, whether up."""

    name: str
    bureaux: int
    more: int
    fewer: int
    beyond: int
    short: int
    bars: tuple[tuple[int, int, int, int, bool], ...]
    holes: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class CommuneBars:
    """The pictures on one scale.

    Attributes:
        most: the difference at which a bar is as long as can be.
        left_out: communes without a picture.
    """

    width: int
    height: int
    most: int
    communes: tuple[CommunePicture, ...]
    left_out: int


def commune_bars(dossier: Dossier) -> CommuneBars:
    """The communes in which votes and signatures are compared, in the order of the list."""
    columns = dossier.communes
    chosen = np.flatnonzero(columns.compared > 0)
    order = np.lexsort((chosen, -(columns.beyond + columns.short)[chosen], -columns.findings[chosen]))
    shown = np.sort(chosen[order[:MOST]])
    scale = RootScale(edge_of(dossier.bureaux.gap), HEIGHT // 2 - 1)
    return CommuneBars(
        width=WIDTH,
        height=HEIGHT,
        most=scale.most,
        communes=tuple(_picture(dossier, at, scale) for at in shown.tolist()),
        left_out=len(columns) - len(shown),
    )


def _picture(dossier: Dossier, at: int, scale: RootScale) -> CommunePicture:
    columns, middle = dossier.communes, HEIGHT // 2
    begin = int(columns.start[at])
    end = int(columns.start[at + 1]) if at + 1 < len(columns) else len(dossier.bureaux)
    gaps, compared = dossier.bureaux.gap[begin:end].tolist(), dossier.bureaux.compared[begin:end].tolist()
    pitch = max(1, min(_WIDEST, WIDTH // max(len(gaps), 1)))
    bars = []
    for place, gap in enumerate(gaps):
        length = max(abs(scale.at(gap)), 2) if gap else 0
        x = place * pitch * WIDTH // max(pitch * len(gaps), WIDTH)
        if length:
            bars.append((x, middle - length if gap > 0 else middle + 1, max(pitch - 1, 1), length, gap > 0))
    holes = tuple(
        (place * pitch * WIDTH // max(pitch * len(gaps), WIDTH), max(pitch - 1, 1))
        for place, known in enumerate(compared)
        if not known
    )
    return CommunePicture(
        name=columns.name[at] or columns.insee[at],
        bureaux=int(columns.bureaux[at]),
        more=int(columns.more[at]),
        fewer=int(columns.fewer[at]),
        beyond=int(columns.beyond[at]),
        short=int(columns.short[at]),
        bars=tuple(bars),
        holes=holes,
    )
