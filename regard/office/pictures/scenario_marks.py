"""Scenarios one below the other on one scale of waits, with the limit marked and intervals drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from protocol.words import Language, msg
from regard.office.pictures.bureaux import MINUTE, limit_name
from regard.office.pictures.wait_scale import WaitScale

WIDTH = 880
_LEFT, _RIGHT, _HEAD, _ROW, _FOOT = 300, 30, 34, 34, 44
_LETTERS = 44
"""Of a scenario's name beside its row."""


@dataclass(frozen=True, slots=True)
class ScenarioWaits:
    """One scenario: its name, and waits in milliseconds.

    Attributes:
        bureaux: the longest wait of a day in each bureau, and whether it is above the limit.
        low, mean, high: the longest wait of a day anywhere, and the ends of its interval.
    """

    name: str
    bureaux: tuple[tuple[int, bool], ...]
    low: int
    mean: int
    high: int


@dataclass(frozen=True, slots=True)
class ScenarioRow:
    """One row: its name, places of the bureaux within the limit and above it, and of mean and interval."""

    y: int
    name: str
    within: tuple[int, ...]
    above: tuple[int, ...]
    low: int
    mean: int
    high: int


@dataclass(frozen=True, slots=True)
class ScenarioPicture:
    """The picture: rows, minutes below as pixels and text, and the line of the limit with what stands on it."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    limit: int
    said: str
    across: tuple[tuple[int, str], ...]
    rows: tuple[ScenarioRow, ...]


def scenario_picture(scenarios: Sequence[ScenarioWaits], limit: float, words: Language) -> ScenarioPicture:
    """The picture of scenarios, of which there is at least one; the limit is in minutes."""
    longest = max(max(each.high, *(wait for wait, _ in each.bureaux)) for each in scenarios)
    scale = WaitScale.of(longest, round(limit * MINUTE), WIDTH - _LEFT - _RIGHT)
    bottom = _HEAD + _ROW * len(scenarios)

    def at(wait: int) -> int:
        return _LEFT + scale.at(wait)

    return ScenarioPicture(
        width=WIDTH,
        height=bottom + _FOOT,
        left=_LEFT,
        right=WIDTH - _RIGHT,
        top=_HEAD - 10,
        bottom=bottom,
        limit=at(round(limit * MINUTE)),
        said=words.show(msg("limit: {limit} minutes", limit=limit_name(limit, words))),
        across=tuple((at(tick * MINUTE), words.number(tick)) for tick in scale.ticks),
        rows=tuple(
            ScenarioRow(
                y=_HEAD + _ROW * row + _ROW // 2,
                name=each.name if len(each.name) <= _LETTERS else f"{each.name[: _LETTERS - 1]}…",
                within=tuple(sorted({at(wait) for wait, above in each.bureaux if not above})),
                above=tuple(sorted({at(wait) for wait, above in each.bureaux if above})),
                low=at(each.low),
                mean=at(each.mean),
                high=at(each.high),
            )
            for row, each in enumerate(scenarios)
        ),
    )
