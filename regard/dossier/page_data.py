"""What a page's script works on: texts, and where there are too many bureaux or cases for rows, these as columns."""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np

from protocol.words import language
from regard.dossier.bureau_table import MOST_ROWS, SIGNS, headings, several_polls
from regard.dossier.coverage_states import PieceState
from regard.dossier.model import BureauColumns, CaseColumns, Dossier

_SAID = (
    *("show", "sort", "shown_rows", "rows", "no_rows", "earlier", "later", "search", "search_cases"),
    *("bureaux", "further"),
)
"""Fixed texts that the script shows."""
_INERT = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"})
"""Characters of JSON that a page could take for something else, as escapes of JSON."""


def page_data(dossier: Dossier) -> str:
    """The data as JSON in which nothing ends the element that it stands in."""
    say = {name: dossier.words[name] for name in _SAID}
    data: dict[str, object] = {
        "say": say | {"thousands": language(dossier.language).thousands},
        "signs": [[SIGNS[state], state.name.lower()] for state in PieceState],
        "headings": headings(dossier),
        "choices": [
            ["all", dossier.words["all"]],
            ["in-case", dossier.words["only_cases"]],
            ["with-gap", dossier.words["only_gaps"]],
            ["lacking", dossier.words["only_lacking"]],
        ],
    }
    many = len(dossier.bureaux) > MOST_ROWS
    if many or len(dossier.further):
        data["bureaux"] = _bureaux(dossier, dossier.bureaux)
    if len(dossier.further):
        data["further"] = _further(dossier, dossier.further)
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(_INERT)


def _bureaux(dossier: Dossier, columns: BureauColumns) -> dict[str, object]:
    """Bureaux as columns: codes and signs of pieces as one text each, gaps that are not known as null."""
    communes = dossier.communes
    gap: list[int | None] = columns.gap.tolist()
    for row in np.flatnonzero(~columns.compared).tolist():
        gap[row] = None
    return {
        "communes": [
            [name or insee, start]
            for name, insee, start in zip(communes.name, communes.insee, communes.start.tolist(), strict=True)
        ],
        "codes": "\n".join(columns.bureau.tolist()),
        "polls": columns.poll.tolist() if several_polls(columns) else None,
        "figures": [[heading, np.maximum(values, -1).tolist()] for heading, values in columns.figures.values()],
        "gap": gap,
        "states": [[heading, _digits(states)] for heading, states in columns.states.values()],
        "cases": columns.case.tolist(),
    }


def _digits(values: np.ndarray) -> str:
    """Numbers below ten as one text."""
    return (np.asarray(values, np.uint8) + ord("0")).tobytes().decode("ascii")


def _further(dossier: Dossier, cases: CaseColumns) -> dict[str, object]:
    """Cases without a card: each by the row of its bureau, or by its codes where that is not on the list."""
    bureaux, communes = dossier.bureaux, dossier.communes
    rows: dict[tuple[str, str], int] = {}
    insee = [communes.insee[at] for at in bureaux.commune.tolist()]
    for row, place in enumerate(zip(insee, bureaux.bureau.tolist(), strict=True)):
        rows.setdefault(place, row)
    places: Sequence[tuple[str, str]] = list(zip(cases.insee, cases.bureau, strict=True))
    found = [rows.get(place, -1) for place in places]
    say = dossier.words
    return {
        "first": int(cases.number[0]),
        "rows": found,
        "others": {at: places[at] for at, row in enumerate(found) if row < 0},
        "causes": cases.causes,
        "cause": cases.cause.tolist(),
        "sures": cases.sures,
        "sure": _digits(cases.sure),
        "severities": cases.severities,
        "severity": _digits(cases.severity),
        "headings": [
            [say["case"], "n"],
            [say["commune"], ""],
            [say["bureau"], ""],
            [say["cause"], ""],
            [say["severity"], ""],
            [say["sure"], ""],
        ],
    }
