"""What a page's script works on: texts, and where there are too many bureaux or cases for rows, these as columns."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import numpy as np

from protocol.evidence_kinds import DUMPS
from protocol.words import language
from regard.dossier.bureau_table import (
    MOST_ROWS,
    SIGNS,
    bureau_table,
    commune_table,
    department_table,
    further_causes,
    headings,
    several_polls,
    state_counts,
    state_legend,
    with_sign,
)
from regard.dossier.coverage_states import PieceState
from regard.dossier.model import BureauColumns, CaseColumns, Dossier, InputLine
from regard.dossier.pictures.commune_bars import commune_bars
from regard.dossier.pictures.gap_dots import gap_picture
from regard.dossier.pictures.piece_strip import strip_picture
from regard.templates import pack, policy, render, source, style_sheet

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


_TEMPLATE = Path(__file__).with_name("html") / "page.html.j2"
_DATA = '<script type="application/json"'
_COMMAND = re.compile(r"`(regard [a-z]+(?: (?:--?)?[a-z]+)?|--[a-z]+|sha256sum)`")
"""A command that our own texts name, as it stands in the page; a name that looks like one may stand so as well."""
"""Kinds of inputs of which a night has thousands."""


PRINTED_CARDS, PRINTED_ROWS, MOST_PRINTED_ROWS = 30, 200, 400
"""What a print of a large night has: cards of each kind of case, rows of a table, bureaux that are in a case."""


def as_page(dossier: Dossier) -> bytes:
    """The report as a page, the same bytes for the same report."""
    style, script = style_sheet(), source(_TEMPLATE.with_name("report.js"))
    bureaux = bureau_table(dossier)
    text = render(
        _TEMPLATE,
        language(dossier.language),
        dossier=dossier,
        say=dossier.words,
        style=style,
        script=script,
        policy=policy(style, script),
        data=page_data(dossier),
        headings=headings(dossier),
        polls=several_polls(dossier.bureaux),
        bureaux=bureaux,
        not_printed=not_printed([row.case for row in bureaux]),
        printed_cards=PRINTED_CARDS,
        printed_rows=PRINTED_ROWS,
        communes=commune_table(dossier),
        departments=department_table(dossier),
        cards=max((card.number for section in dossier.sections for card in section.cards), default=0),
        further=further_causes(dossier),
        inputs=list(_inputs(dossier)),
        pictures={"gaps": gap_picture(dossier), "strip": strip_picture(dossier), "communes": commune_bars(dossier)},
        signed=partial(with_sign, dossier.language),
        states=state_counts(dossier.bureaux),
        legend=state_legend(dossier.language),
    )
    body, data = text.split(_DATA, 1)
    return pack(_COMMAND.sub(r"<code>\1</code>", body) + _DATA + data)


def not_printed(cases: Sequence[int]) -> frozenset[int]:
    """Which rows of the table of bureaux a print leaves out, where they are many: first those that are in no case.

    Args:
        cases: the number of the first case of each row, 0 where it is in none.
    """
    if len(cases) <= PRINTED_ROWS:
        return frozenset()
    printed = [row for row, case in enumerate(cases) if case][:MOST_PRINTED_ROWS]
    return frozenset(range(len(cases))).difference(printed)


def _inputs(dossier: Dossier) -> Iterator[tuple[str, list[InputLine]]]:
    """The inputs in groups: what is no dump, then dumps by what they are, as there are thousands of them."""
    groups: dict[str, list[InputLine]] = {"": []}
    for line in dossier.inputs:
        folded = line.kind in DUMPS and line.used == "whole"
        groups.setdefault(line.taken_for if folded else "", []).append(line)
    yield from groups.items()
