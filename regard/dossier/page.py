"""The report as a page, and the texts of its script."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from protocol.evidence_kinds import DUMPS
from protocol.words import language
from regard.dossier.bureau_table import (
    bureau_table,
    commune_table,
    department_table,
    headings,
    several_polls,
    state_counts,
    state_legend,
    with_sign,
)
from regard.dossier.model import Dossier, InputLine
from regard.dossier.pictures.gap_dots import gap_picture
from regard.dossier.pictures.piece_strip import strip_picture
from regard.templates import pack, policy, render, source, style_sheet

_SAID = ("show", "sort", "shown_rows", "search", "search_cases")
"""Fixed texts that the script shows."""
_INERT = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"})
"""Characters of JSON that a page could take for something else, as escapes of JSON."""


def page_data(dossier: Dossier) -> str:
    """The data as JSON in which nothing ends the element that it stands in."""
    say = {name: dossier.words[name] for name in _SAID}
    data: dict[str, object] = {
        "say": say | {"thousands": language(dossier.language).thousands},
        "choices": [
            ["all", dossier.words["all"]],
            ["in-case", dossier.words["only_cases"]],
            ["with-gap", dossier.words["only_gaps"]],
            ["lacking", dossier.words["only_lacking"]],
        ],
    }
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(_INERT)


_TEMPLATE = Path(__file__).with_name("html") / "page.html.j2"
_DATA = '<script type="application/json"'
_COMMAND = re.compile(r"`(regard [a-z]+(?: [a-z-]+)?|--[a-z]+|sha256sum)`")
"""A command that our own texts name, as it stands in the page; a name that looks like one may stand so as well."""
"""Kinds of inputs of which a night has thousands."""


PRINTED_CARDS, PRINTED_ROWS, MOST_PRINTED_ROWS = 30, 200, 400
"""Sizes of the print of a large night: cards of each kind of case, rows of a table, bureaux that are in a case."""


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
        cards=max((card.number for card in dossier.cards), default=0),
        inputs=list(_inputs(dossier)),
        pictures={"gaps": gap_picture(dossier), "strip": strip_picture(dossier)},
        signed=partial(with_sign, dossier.language),
        states=state_counts(dossier.bureaux),
        legend=state_legend(dossier.language),
    )
    body, data = text.split(_DATA, 1)
    return pack(_COMMAND.sub(r"<code>\1</code>", body) + _DATA + data)


def not_printed(cases: Sequence[int]) -> frozenset[int]:
    """Choose the rows of the table of bureaux that a print omits if they are many: first those without a case.

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
