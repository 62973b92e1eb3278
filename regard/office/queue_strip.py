"""The queue by hour and bureau: the longer it is, the darker; the same shade is the same queue on every page.

Few bureaux have a row each, with the figures in it. Of many each is a narrow column, and lines of them follow.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from protocol.words import Language, pmsg
from regard.dossier.pictures.commune_names import names_above
from regard.terminal import clean

SHADES = (0, 1, 5, 10, 20, 40, 80)
"""The fewest people of each shade."""
FEW = 60
"""Bureaux that have a row each."""
MOST = 3000
"""Bureaux that have a column each; of more, those with the longest queues."""
WIDTH = 860
_LABEL, _LETTER, _ROW, _HEAD = 190, 7, 16, 18
_LETTERS = 28
"""Of a bureau's name beside its row."""
_HOURS, _CELL, _LOW, _SPACE = 40, 5, 7, 14
"""Of many: pixels of the names of the hours, a bureau's width, an hour's height, what is below a line."""
ACROSS = (WIDTH - _HOURS) // _CELL
"""Bureaux in a line."""
_LINES = 8
"""Lines in a picture: what fits on a printed page."""


@dataclass(frozen=True, slots=True)
class BureauDay:
    """The day of a bureau, as its queues: the mean of many days.

    Attributes:
        insee: code of its commune, empty where it is not known.
        commune: its name.
        code: the bureau's.
        first_hour: the hour at which it opens.
        queues: people in the longest queue of each hour from then on.
    """

    insee: str
    commune: str
    code: str
    first_hour: int
    queues: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class QueueStrip:
    """One picture.

    Attributes:
        shades: of each shade, the boxes that have it, as an SVG path.
        labels: names of bureaux or of hours at the left: x, y, text; they end at x.
        heads: names of hours or of communes above: x, y, text.
        figures: people in a box: x, y, text, and whether the box is dark.
        centred: whether the names above stand over the middle of something.
    """

    width: int
    height: int
    shades: tuple[str, ...]
    labels: tuple[tuple[int, int, str], ...]
    heads: tuple[tuple[int, int, str], ...]
    figures: tuple[tuple[int, int, str, bool], ...]
    centred: bool


def shade_of(people: int) -> int:
    """The number of the shade of a queue."""
    return sum(people >= least for least in SHADES) - 1


def shade_names(words: Language) -> list[str]:
    """Number of people of each shade."""
    ends = [least - 1 for least in SHADES[1:]]
    spans = zip(SHADES, ends, strict=False)
    named = [words.number(low) if low == high else f"{words.number(low)}–{words.number(high)}" for low, high in spans]
    return [*named, f"≥ {words.number(SHADES[-1])}"]


def queue_strips(bureaux: Sequence[BureauDay], words: Language) -> tuple[QueueStrip, ...]:
    """The pictures, one after another, in the order of the bureaux; each fits on a printed page."""
    hours = _hours(bureaux)
    if not hours:
        return ()
    if len(bureaux) <= FEW:
        return (_rows(bureaux, hours, words),)
    shown = _longest(bureaux)
    size = ACROSS * _LINES
    return tuple(_columns(shown[at : at + size], hours, words) for at in range(0, len(shown), size))


def _longest(bureaux: Sequence[BureauDay]) -> Sequence[BureauDay]:
    if len(bureaux) <= MOST:
        return bureaux
    order = sorted(range(len(bureaux)), key=lambda at: (-max(bureaux[at].queues, default=0), at))
    return [bureaux[at] for at in sorted(order[:MOST])]


def _hours(bureaux: Sequence[BureauDay]) -> range:
    """From the first opening to the last closing."""
    return range(
        min((each.first_hour for each in bureaux), default=0),
        max((each.first_hour + len(each.queues) for each in bureaux), default=0),
    )


def _rows(bureaux: Sequence[BureauDay], hours: range, words: Language) -> QueueStrip:
    names = codes_of(bureaux, _LETTERS)
    label = min(_LABEL, _LETTER * max(map(len, names)) + 16)
    cell = min((WIDTH - _LABEL) // len(hours), 64)
    paths: list[list[str]] = [[] for _ in SHADES]
    figures = []
    for row, each in enumerate(bureaux):
        y = _HEAD + row * _ROW
        for hour, people in enumerate(each.queues, each.first_hour - hours.start):
            x, shade = label + hour * cell, shade_of(people)
            paths[shade].append(f"M{x} {y}h{cell - 1}v{_ROW - 1}h-{cell - 1}z")
            figures.append((x + cell // 2, y + 12, words.number(people), shade > 3))
    return QueueStrip(
        width=label + cell * len(hours),
        height=_HEAD + _ROW * len(bureaux),
        shades=tuple(map("".join, paths)),
        labels=tuple((label - 8, _HEAD + row * _ROW + 12, name) for row, name in enumerate(names)),
        heads=tuple((label + at * cell + cell // 2, 12, hour_name(hour, words)) for at, hour in enumerate(hours)),
        figures=tuple(figures),
        centred=True,
    )


def _columns(bureaux: Sequence[BureauDay], hours: range, words: Language) -> QueueStrip:
    communes = {place: at for at, place in enumerate(dict.fromkeys((each.insee, each.commune) for each in bureaux))}
    named = [commune or insee for insee, commune in communes]
    of = np.array([communes[each.insee, each.commune] for each in bureaux], np.int64)
    block = _HEAD + _LOW * len(hours) + _SPACE
    paths: list[list[str]] = [[] for _ in SHADES]
    labels: list[tuple[int, int, str]] = []
    heads: list[tuple[int, int, str]] = []
    lines = range(0, len(bureaux), ACROSS)
    for line, start in enumerate(lines):
        here, top = bureaux[start : start + ACROSS], line * block + _HEAD
        heads += names_above(of[start : start + ACROSS], named.__getitem__, _HOURS, _CELL, top - 4)
        for at, hour in enumerate(hours):
            y = top + at * _LOW
            if at % 4 == 0:
                labels.append((_HOURS - 6, y + 7, hour_name(hour, words)))
            for shade, x, width in _runs(here, hour):
                paths[shade].append(f"M{x} {y}h{width}v{_LOW - 1}h-{width}z")
    return QueueStrip(
        width=_HOURS + _CELL * min(len(bureaux), ACROSS),
        height=block * len(lines),
        shades=tuple(map("".join, paths)),
        labels=tuple(labels),
        heads=tuple(heads),
        figures=(),
        centred=False,
    )


def _runs(bureaux: Sequence[BureauDay], hour: int) -> list[tuple[int, int, int]]:
    """Shade, place and width of neighbours with the same shade in an hour; nothing where a bureau is closed."""
    shades = [
        shade_of(each.queues[hour - each.first_hour]) if 0 <= hour - each.first_hour < len(each.queues) else None
        for each in bureaux
    ]
    found, at = [], 0
    for shade, run in groupby(shades):
        length = len(list(run))
        if shade is not None:
            found.append((shade, _HOURS + at * _CELL, length * _CELL))
        at += length
    return found


def codes_of(bureaux: Sequence[BureauDay], letters: int = 0) -> list[str]:
    """Short names of bureaux in a list: by code, with the commune if there are several.

    Args:
        bureaux: all that there are.
        letters: how long a name may be; a longer one loses letters of the commune. 0: as long as it is.
    """
    if len({(each.insee, each.commune) for each in bureaux}) == 1:
        return [clean(_cut(each.code, letters) if letters else each.code) for each in bureaux]
    return [clean(_in_commune(each, letters)) for each in bureaux]


def _in_commune(each: BureauDay, letters: int) -> str:
    code = _cut(each.code, letters // 2) if letters else each.code
    commune = each.commune or each.insee
    return f"{_cut(commune, letters - len(code) - 1) if letters else commune} {code}"


def _cut(text: str, letters: int) -> str:
    return text if len(text) <= letters else f"{text[: letters - 1]}…"


def hour_name(hour: int, words: Language) -> str:
    """An hour of the day as people of the language write it."""
    return words.show(pmsg("an hour of the day", "{hour}:00", hour=hour))
