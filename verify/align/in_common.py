"""Evidence of one commune that has no bureau in common: the codes are written in ways that nobody has put together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from protocol import night
from protocol.errors import InputError
from protocol.words import Text, cited, msg, series
from verify.model.figures import Ints
from verify.model.published import Level, Published
from verify.model.universe import Universe
from verify.read.sheet import Sheet

_SHOWN = 3
"""Codes of each that are shown."""


def without_common(universe: Universe, sheets: Mapping[str, Sheet], tables: Sequence[Published]) -> list[InputError]:
    """Files of which no bureau is compared with those of the first one, though both are of the same commune.

    Args:
        universe: the bureaux; with an official list each of its own is said.
        sheets: by name of their table in a night.
        tables: published results.
    """
    if universe.official:
        return []
    pieces = list(_pieces(universe, sheets, tables))
    problems = []
    for name, units in pieces[1:]:
        first, others = pieces[0]
        same = np.isin(universe.insee[units], universe.insee[others]).any()
        if len(units) and len(others) and same and not np.isin(units, others).any():
            expected = msg("bureaux as in {file}: {codes}", file=first, codes=_codes(universe, others))
            problems.append(InputError(name, None, "bureau", expected, _codes(universe, units)))
    return problems


def _pieces(universe: Universe, sheets: Mapping[str, Sheet], tables: Sequence[Published]) -> Iterator[tuple[str, Ints]]:
    for kind in (night.RECORDS, night.SIGNATURES):
        if (sheet := sheets.get(kind.file)) is not None:
            units = universe.find(sheet.texts["insee"], sheet.texts["bureau"])
            yield sheet.pieces[0].name, np.unique(units[units >= 0])
    for table in tables:
        if table.level is Level.BUREAU:
            units = universe.find(table.insee, table.bureau)
            yield table.file, np.unique(units[units >= 0])


def _codes(universe: Universe, units: Ints) -> Text:
    some = [cited(str(code)) for code in universe.bureau[units[:_SHOWN]].tolist()]
    return series([*some, "…"] if len(units) > _SHOWN else some)
