"""Three pictures: errors by candidate and source, errors by days before the vote, and intervals with the result."""

from __future__ import annotations

from fractions import Fraction
from math import isqrt

from protocol.words import Language, msg
from regard.forecasts import wording
from regard.forecasts.contents import MOST_SOURCES
from regard.forecasts.drawing import FEWER, LINE, MORE, Drawing
from verify.forecasts.comparisons import LEADING
from verify.forecasts.scores import ScoredForecast
from verify.forecasts.study import ForecastStudy

WIDTH = 880
"""Pixels, as a page has: the text is as large there as it is here."""
_LEFT, _ROW, _BAR = 150, 26, 16
_LETTERS = 17
"""Of a source's name above its column."""
_HEAD = 118
_STRONGEST = 10
"""Points of an error that has the full colour."""
_TICKS = (0, 7, 14, 30, 60, 120, 240, 480)


def pictures(study: ForecastStudy, words: Language, *, alone: bool) -> dict[str, str]:
    """By name, those of which there is something to draw."""
    found = {
        "candidates": _candidates(study, words, alone),
        "learning": _learning(study, words, alone),
        "intervals": _intervals(study, words, alone),
    }
    return {name: picture for name, picture in found.items() if picture}


def _by_error(study: ForecastStudy) -> list[ScoredForecast]:
    return sorted(study.main.last, key=lambda each: (each.accuracy.mean_absolute, each.forecast.source))[:MOST_SOURCES]


def _candidates(study: ForecastStudy, words: Language, alone: bool) -> str:
    """A cell for each candidate and source, with the error in it."""
    shown, names = _by_error(study), study.result.names
    if not shown:
        return ""
    title = words.show(msg("Error by candidate and source, in points"))
    drawing = Drawing(
        "candidates", WIDTH, title, words.show(msg("Each source's last forecast; the table below has the figures."))
    )
    cell = min((WIDTH - _LEFT - 40) // len(shown), 90)
    for column, scored in enumerate(shown):
        x, y = _LEFT + cell * column + cell // 2, _HEAD - 8
        drawing.slanted(x, y, _cut(scored.forecast.source))
    for row, name in enumerate(names):
        y = _HEAD + _ROW * row
        drawing.text(_LEFT - 8, y + 17, wording.family(name), anchor="end", kind="p-ink")
        for column, scored in enumerate(shown):
            error = next((each.error for each in scored.accuracy.errors if each.candidate == row), None)
            x = _LEFT + cell * column
            if error is None:
                drawing.text(x + cell // 2, y + 17, wording.NOTHING, anchor="middle")
                continue
            strength = min(int(abs(error) * 60 / _STRONGEST), 60)
            drawing.box(x + 1, y + 1, cell - 2, _ROW - 2, fill=MORE if error > 0 else FEWER, opacity=strength)
            drawing.text(x + cell // 2, y + 17, wording.with_sign(words, error, 1), anchor="middle", kind="p-ink")
    bottom = _HEAD + _ROW * len(names) + 24
    drawing.box(_LEFT, bottom - 12, 14, 14, fill=MORE, opacity=50)
    drawing.text(_LEFT + 20, bottom, words.show(msg("said too much")))
    drawing.box(_LEFT + 220, bottom - 12, 14, 14, fill=FEWER, opacity=50)
    drawing.text(_LEFT + 240, bottom, words.show(msg("said too little")))
    return drawing.svg(bottom + 12, alone=alone)


def _cut(name: str) -> str:
    return name if len(name) <= _LETTERS else f"{name[: _LETTERS - 1]}…"


def _learning(study: ForecastStudy, words: Language, alone: bool) -> str:
    """A mark for each forecast: days before the vote by their root, from the right to the left, and its error."""
    points, classes = study.main.learning
    if not points:
        return ""
    title = words.show(msg("Error by days before the vote"))
    about = msg(
        "Mean absolute error in points over the candidates who got {least} % or more; rings are polls, triangles "
        "forecasts that state no sample, the line is the mean of the polls of each span of days.",
        least=LEADING,
    )
    drawing = Drawing("learning", WIDTH, title, words.show(about))
    top, bottom, left, right = 20, 330, 60, WIDTH - 40
    farthest = max(max(days for _, days, _ in points), 7)
    highest = max(int(max(error for _, _, error in points)) + 1, 2)

    def across(days: int) -> int:
        return right - (right - left) * isqrt(days * 10**6) // isqrt(farthest * 10**6)

    def up(error: Fraction) -> int:
        return bottom - int(error * (bottom - top) / highest)

    step = 1 if highest <= 8 else 2 if highest <= 16 else 5
    for tick in range(0, highest + 1, step):
        drawing.line(left, up(Fraction(tick)), right, up(Fraction(tick)))
        drawing.text(left - 8, up(Fraction(tick)) + 4, str(tick), anchor="end")
    for days in _TICKS:
        if days <= farthest:
            drawing.line(across(days), bottom, across(days), bottom + 5, kind="p-axis")
            drawing.text(across(days), bottom + 20, str(days), anchor="middle")
    drawing.line(left, bottom, right, bottom, kind="p-axis")
    drawing.text((left + right) // 2, bottom + 42, words.show(msg("days before the vote")), anchor="middle")
    means = [(across(max(min((each.first + each.last) // 2, farthest), each.first)), up(each.mean)) for each in classes]
    for scored, days, error in points:
        forecast = scored.forecast
        name = f"{forecast.source}, {forecast.key.end or forecast.key.published}"
        said = words.show(msg("{name}: {value}", name=name, value=wording.decimals(words, error)))
        drawing.dot(across(days), up(error), said, filled=forecast.sample is None)
    if len(means) > 1:
        drawing.path(means)
    drawing.text(
        left, bottom + 62, words.show(msg("ring: poll; triangle: forecast without a sample; line: mean of polls"))
    )
    return drawing.svg(bottom + 74, alone=alone)


def _intervals(study: ForecastStudy, words: Language, alone: bool) -> str:
    """A bar for each source: which share of its intervals has the result, and the level where all bars should end."""
    stated = [each for each in _by_error(study) if each.accuracy.intervals]
    if not stated:
        return ""
    stated.sort(key=lambda each: (-Fraction(each.accuracy.covered, len(each.accuracy.intervals)), each.forecast.source))
    title = words.show(msg("Stated intervals that contain the result"))
    drawing = Drawing("intervals", WIDTH, title, words.show(msg("The table below has the figures.")))
    left, right, top = 230, WIDTH - 130, 34
    room = right - left
    for row, each in enumerate(stated):
        y = top + _ROW * row
        of, inside = len(each.accuracy.intervals), each.accuracy.covered
        drawing.text(left - 10, y + 13, each.forecast.source[:30], anchor="end", kind="p-ink")
        drawing.box(left, y, room, _BAR, fill=LINE, kind="p-band")
        drawing.box(left, y, room * inside // of, _BAR, fill=FEWER, kind="p-mark")
        drawing.text(right + 12, y + 13, f"{inside}/{of}", kind="p-ink")
    bottom = top + _ROW * len(stated)
    levels = {named.level for each in stated for found in each.accuracy.intervals if (named := found.named) is not None}
    for level in sorted(levels):
        x = left + int(room * level)
        drawing.line(x, top - 8, x, bottom, kind="p-axis", dashes="5 3")
        drawing.text(x, top - 14, f"{wording.decimals(words, level * 100, 0)}\u00a0%", anchor="middle")
    return drawing.svg(bottom + 10, alone=alone)
