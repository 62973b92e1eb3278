"""Rows of a forecast that is compared, or measured apart, whose name no candidate of the result has."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from protocol.words import Text, cited, msg, nmsg, series
from verify.forecasts.choosing import APART, ForecastStanding, PlacedForecast
from verify.forecasts.model import ForecastFile, NamedShare
from verify.model.use import Used

_NAMED = 8
"""Names that are listed."""
_ASKED = (ForecastStanding.RANKED, ForecastStanding.NOBODY, *APART)
"""Standings of forecasts that are of this election and these days."""


def name_unmatched(file: ForecastFile, placed: Iterable[PlacedForecast]) -> ForecastFile:
    """The same file, partly used, with those names where there are some."""
    others = {id(each.forecast): _unmatched(each) for each in placed if each.standing in _ASKED}
    rows: dict[str, list[int]] = defaultdict(list)
    for forecast in file.forecasts:
        for named in others.get(id(forecast), ()):
            rows[named.label].append(named.row)
    if not rows:
        return file
    labels = sorted(rows, key=lambda label: (min(rows[label]), label))
    who: list[Text] = [_name(label, rows[label]) for label in labels[:_NAMED]]
    if len(labels) > _NAMED:
        who.append("…")
    said = nmsg(
        "{count:n} row matches no candidate of the result and is not compared: {who}",
        "{count:n} rows match no candidate of the result and are not compared: {who}",
        sum(map(len, rows.values())),
        who=series(who),
    )
    why = series([part for part in (file.why, said) if part], msg("; "))
    return replace(file, used=Used.PART, why=why)


def _unmatched(placed: PlacedForecast) -> list[NamedShare]:
    named = placed.forecast.named
    return [each for each in named if placed.scored is None or each.label in placed.scored.others]


def _name(label: str, rows: list[int]) -> Text:
    if len(rows) == 1:
        return msg("{label} (row {row})", label=cited(label), row=rows[0])
    return msg("{label} ({count:n} rows)", label=cited(label), count=len(rows))
