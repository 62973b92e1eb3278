"""Forecasts that are measured and never ranked: claimed afterwards, or with a date that may be after the vote."""

from __future__ import annotations

from protocol.words import Language, msg, series
from regard.forecasts import wording
from regard.forecasts.sections import ForecastSection, ForecastTable
from verify.forecasts.choosing import ForecastStanding, PlacedForecast
from verify.forecasts.model import Forecast
from verify.forecasts.scores import Accuracy
from verify.forecasts.study import ForecastStudy

MOST_CLAIMS = 6
"""Sets of candidates over which claims are set beside what was published before the vote."""
_HEAD = (msg("source"), msg("date"), "n", msg("mean error"), msg("largest error"), msg("first 2"), msg("standing"))


def apart_section(study: ForecastStudy, words: Language) -> ForecastSection | None:
    """Each with its measures and why it has no rank, and beside what was published; None where there is none."""
    show, apart = words.show, study.main.apart
    if not apart:
        return None
    about = msg(
        "Measured, and never ranked. A figure without a source dated before the vote may have been chosen when the "
        "result was known. Each claim stands here beside what was published before the vote, over the same candidates."
    )
    rows = tuple(
        _row(study, words, each.forecast, each.standing, each.scored.accuracy)
        for each in apart
        if each.scored is not None
    )
    head = tuple(map(show, _HEAD))
    claims = {
        each.scored.accuracy.candidates
        for each in apart
        if each.standing is ForecastStanding.CLAIMED and each.scored is not None
    }
    ordered = sorted((tuple(sorted(each)) for each in claims), key=lambda each: (-len(each), each))
    tables = [ForecastTable("", head, rows, frozenset((2, 3)))]
    tables += [_beside(study, words, candidates) for candidates in ordered[:MOST_CLAIMS]]
    title = show(msg("Claimed afterwards, or not surely before the vote"))
    return ForecastSection("apart", title, (show(about),), tuple(tables))


def _beside(study: ForecastStudy, words: Language, candidates: tuple[int, ...]) -> ForecastTable:
    """Claims and the last published forecasts that name some candidates, over these alone."""
    main, among = study.main, frozenset(candidates)
    placed = [PlacedForecast(each.forecast, ForecastStanding.RANKED, each) for each in main.last]
    over = [
        (each, accuracy)
        for each in (*main.apart, *placed)
        if each.scored is not None and (accuracy := each.scored.accuracy.over(among)) is not None
    ]
    names = [wording.family(study.result.names[at]) for at in candidates]
    caption = wording.candidates(len(names), series(names))
    rows = tuple(_row(study, words, each.forecast, each.standing, accuracy) for each, accuracy in over)
    return ForecastTable(words.show(caption), tuple(map(words.show, _HEAD)), rows, frozenset((2, 3)))


def _row(
    study: ForecastStudy, words: Language, forecast: Forecast, standing: ForecastStanding, accuracy: Accuracy
) -> tuple[str, ...]:
    return (
        forecast.source,
        forecast.key.end or forecast.key.published or wording.NOTHING,
        str(len(accuracy.errors)),
        wording.decimals(words, accuracy.mean_absolute),
        wording.largest(words, study.result.names, accuracy.largest),
        wording.places(accuracy.first(2), 2),
        words.show(msg("published before the vote") if standing is ForecastStanding.RANKED else standing.text),
    )
