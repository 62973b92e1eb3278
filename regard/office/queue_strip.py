"""The queue by hour and bureau: the longer it is, the darker; the same shade is the same queue on every page.

Each bureau has a row with its name and figures; of many, those with the longest queues. The same day with a breakdown
stands beside it, and what the breakdown makes longer by a quarter and by five people is framed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from protocol.words import Language, pmsg
from regard.office.contents import in_several_communes
from regard.terminal import clean
from sim.queues.town import TownBureau

SHADES = (0, 1, 5, 10, 20, 40, 80)
"""The fewest people of each shade."""
FEW = 60
"""Bureaux that have a row."""
MOST = 3
"""Days side by side."""
WIDTH = 860
_LABEL, _LETTER, _ROW, _HEAD = 190, 7, 16, 18
_LETTERS = 28
"""Of a bureau's name beside its row."""
_LEAST, _WIDEST = 24, 64
"""Pixels of an hour."""
_LONGER, _QUARTER = 5, 4
"""A box is framed if a breakdown adds this many people, and one for this many of the queue: less is hardly seen."""


@dataclass(frozen=True, slots=True)
class BureauDay:
    """The day of a bureau, as its queues: the mean of many days.

    Attributes:
        first_hour: the hour at which it opens.
        queues: people in the longest queue of each hour from then on.
        calm: the same without the machine that fails; as ``queues`` where none does.
    """

    bureau: TownBureau
    first_hour: int
    queues: tuple[int, ...]
    calm: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class QueueStrip:
    """One picture.

    Attributes:
        shades: of each shade, the boxes that have it, as an SVG path.
        longer: the boxes in which a failing machine makes the queue clearly longer, as an SVG path.
        labels: names of bureaux at the left: x, y, text; they end at x.
        heads: names of hours above: x, y, text, over the middle of a box.
        figures: people in a box: x, y, text, and whether the box is dark.
    """

    width: int
    height: int
    shades: tuple[str, ...]
    longer: str
    labels: tuple[tuple[int, int, str], ...]
    heads: tuple[tuple[int, int, str], ...]
    figures: tuple[tuple[int, int, str, bool], ...]


def shade_of(people: int) -> int:
    """The number of the shade of a queue."""
    return sum(people >= least for least in SHADES) - 1


def shade_names(words: Language) -> list[str]:
    """Number of people of each shade."""
    ends = [least - 1 for least in SHADES[1:]]
    spans = zip(SHADES, ends, strict=False)
    named = [words.number(low) if low == high else f"{words.number(low)}–{words.number(high)}" for low, high in spans]
    return [*named, f"≥ {words.number(SHADES[-1])}"]


def queue_strips(days: Sequence[Sequence[BureauDay]], words: Language) -> tuple[QueueStrip, ...]:
    """A picture a day, of the same bureaux in their order.

    Args:
        days: of the same bureaux.
        words: the language.
    """
    hours = _hours([each for day in days for each in day])
    if not hours:
        return ()
    longest = [max(max(each.queues, default=0) for each in of) for of in zip(*days, strict=True)]
    shown = sorted(sorted(range(len(longest)), key=lambda at: (-longest[at], at))[:FEW])
    return tuple(_rows([day[at] for at in shown], hours, WIDTH // len(days), words) for day in days)


def _hours(bureaux: Sequence[BureauDay]) -> range:
    """From the first opening to the last closing."""
    return range(
        min((each.first_hour for each in bureaux), default=0),
        max((each.first_hour + len(each.queues) for each in bureaux), default=0),
    )


def _rows(bureaux: Sequence[BureauDay], hours: range, width: int, words: Language) -> QueueStrip:
    names = _names([each.bureau for each in bureaux])
    label = min(_LABEL, _LETTER * max(map(len, names)) + 16)
    cell = min(max((width - label) // len(hours), _LEAST), _WIDEST)
    paths: list[list[str]] = [[] for _ in SHADES]
    longer, figures = [], []
    for row, each in enumerate(bureaux):
        y = _HEAD + row * _ROW
        for hour, (people, calm) in enumerate(zip(each.queues, each.calm, strict=True), each.first_hour):
            x, shade = label + (hour - hours.start) * cell, shade_of(people)
            box = f"M{x} {y}h{cell - 1}v{_ROW - 1}h-{cell - 1}z"
            paths[shade].append(box)
            longer += [box] if people - calm >= max(_LONGER, calm / _QUARTER) else []
            figures.append((x + cell // 2, y + 12, words.number(people), shade > 3))
    return QueueStrip(
        width=label + cell * len(hours),
        height=_HEAD + _ROW * len(bureaux),
        shades=tuple(map("".join, paths)),
        longer="".join(longer),
        labels=tuple((label - 8, _HEAD + row * _ROW + 12, name) for row, name in enumerate(names)),
        heads=tuple((label + at * cell + cell // 2, 12, hour_name(hour, words)) for at, hour in enumerate(hours)),
        figures=tuple(figures),
    )


def _names(bureaux: Sequence[TownBureau]) -> list[str]:
    """Short names of bureaux: by code, with the commune if there are several; a longer one loses letters."""
    several = in_several_communes(bureaux)
    return [clean(_in_commune(each) if several else _cut(each.code, _LETTERS)) for each in bureaux]


def _in_commune(each: TownBureau) -> str:
    code = _cut(each.code, _LETTERS // 2)
    return f"{_cut(each.commune or each.insee, _LETTERS - len(code) - 1)} {code}"


def _cut(text: str, letters: int) -> str:
    return text if len(text) <= letters else f"{text[: letters - 1]}…"


def hour_name(hour: int, words: Language) -> str:
    """An hour of the day as people of the language write it."""
    return words.show(pmsg("an hour of the day", "{hour}:00", hour=hour))
