"""Every error as a table: a row for each forecast and candidate, as the language's spreadsheets open it."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from protocol.words import Language, msg
from regard.forecasts import wording
from regard.reports.csv_files import dialect_of, inert
from verify.forecasts.choosing import PlacedForecast
from verify.forecasts.study import ForecastStudy

_DIGITS = 6


def csv_bytes(study: ForecastStudy, words: Language) -> bytes:
    """The whole file."""
    head = (
        msg("source"), "id", msg("hypothesis"), msg("published"), msg("fieldwork from"), msg("fieldwork to"),
        msg("days before the vote"), msg("people asked"), msg("standing"), msg("candidate"), msg("share"),
        msg("result"), msg("error"), msg("file"),
    )  # fmt: skip
    dialect = dialect_of(words.code)
    rows = (row for placed in study.placed for row in _rows(study, words, placed))
    return dialect.head([words.show(each) for each in head]) + dialect.lines([tuple(map(inert, row)) for row in rows])


def _rows(study: ForecastStudy, words: Language, placed: PlacedForecast) -> Iterator[tuple[str, ...]]:
    forecast, scored = placed.forecast, placed.scored
    key, days = forecast.key, forecast.days_before(study.question.vote)
    head = (
        key.source,
        key.identity,
        key.hypothesis,
        key.published,
        key.begin,
        key.end,
        "" if days is None else str(days),
        "" if forecast.sample is None else str(forecast.sample),
        words.show(placed.standing.text),
    )
    for each in scored.accuracy.errors if scored is not None else ():
        figures = tuple(_figure(words, value) for value in (each.share, each.result, each.error))
        yield (*head, study.result.names[each.candidate], *figures, forecast.file)
    others = [named.label for named in forecast.named] if scored is None else scored.others
    shares = {named.label: named.share for named in forecast.named}
    for label in others:
        yield (*head, label, _figure(words, shares[label]), "", "", forecast.file)


def _figure(words: Language, value: Fraction) -> str:
    """An exact figure with six decimals and an ordinary minus."""
    shown = wording.decimals(words, value, _DIGITS).replace("−", "-")
    return shown.rstrip("0").rstrip(words.point)
