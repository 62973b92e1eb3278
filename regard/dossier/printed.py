"""A report as PDF on A4: the content of the page, with long lists cut and a line saying where the rest is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from typing import Any

from protocol.evidence_kinds import DUMPS
from protocol.words import language, msg, nmsg
from regard.dossier.bureau_table import (
    BureauRow,
    PlaceRow,
    bureau_table,
    commune_table,
    department_table,
    several_polls,
    state_counts,
    state_legend,
)
from regard.dossier.model import Dossier, InputLine
from regard.dossier.pictures.gap_dots import gap_picture
from regard.dossier.pictures.piece_strip import StripPicture, strip_picture
from regard.language import show
from regard.pdf import first_page, pdf_bytes
from regard.templates import render
from regard.views.case_view import CaseView
from regard.views.saying import cut

_TEMPLATE = Path(__file__).with_name("paper") / "report.typ"
PRINTED_CARDS, PRINTED_COMMUNES, PRINTED_INPUTS = 60, 300, 200
"""Most cases printed in full (further ones have a line each), most communes and most inputs."""
_FINDINGS = 4
"""Most findings printed with a case."""
_SAID = 240
"""Most characters of a case that has one line."""


def as_pdf(dossier: Dossier) -> bytes:
    """The report as PDF/UA-1, the same bytes for the same report.

    Raises:
        ExtraMissing: Typst is not installed.
    """
    pictures, files = pictures_of(dossier)
    return pdf_bytes(_TEMPLATE, {**print_values(dossier), "pictures": pictures}, files)


def front_picture(dossier: Dossier, dots: float) -> bytes:
    """The first page of `as_pdf` as PNG, with so many dots per inch.

    Raises:
        ExtraMissing: Typst is not installed.
    """
    pictures, files = pictures_of(dossier)
    return first_page(_TEMPLATE, {**print_values(dossier), "pictures": pictures}, files, dots)


_AS_THEY_ARE = (
    "compared",
    "dumps",
    "evidence",
    "followed",
    "gaps_said",
    "language",
    "limits",
    "not_checked",
    "options",
    "partly",
    "places_known",
    "screens",
    "thresholds",
    "title",
    "verdict",
    "versions",
    "words",
)
"""Attributes of a report that the template takes unchanged."""


def print_values(dossier: Dossier) -> dict[str, Any]:
    """The report as values of the template."""
    number = language(dossier.language).number
    first = {card.number for card in dossier.first}
    cards = [card for card in dossier.cards if card.number not in first]
    return {
        **{name: getattr(dossier, name) for name in _AS_THEY_ARE},
        "page": show(dossier.language, msg("page")),
        "foot": show(dossier.language, msg("SHA-256 of the list of inputs: {digest}", digest=dossier.fingerprint)),
        "about": [*dossier.elections, dossier.places],
        "notice": [*dossier.limits[:1], *filter(None, [dossier.model])],
        "next": dossier.steps,
        "next_about": dossier.words["steps_about" if dossier.steps else "steps_unknown"],
        "first": list(map(_card, dossier.first)),
        "changes": dossier.changes,
        "gaps": _gaps(dossier, number),
        "states": _states(dossier, number),
        "sections": [
            [section.title, number(section.count), section.about] for section in dossier.sections if section.count
        ],
        "cards": list(map(_card, cards[:PRINTED_CARDS])),
        **_further(dossier, cards[PRINTED_CARDS:]),
        **_places(dossier),
        **_annexes(dossier),
    }


def _card(card: CaseView) -> dict[str, Any]:
    """A case with its legal basis and its first findings."""
    return {
        **asdict(card),
        "basis": " ".join(card.basis),
        "findings": card.findings[:_FINDINGS],
        "more": card.all_findings - min(len(card.findings), _FINDINGS),
    }


def _gaps(dossier: Dossier, number: Callable[[int], str]) -> list[list[str]]:
    """Count bureaux by size of the gap, with more votes and with fewer, and of all sizes; empty without any."""
    picture, gaps = gap_picture(dossier), dossier.gaps
    if picture is None:
        return []
    rows = [[heading, number(more), number(fewer)] for heading, more, fewer in picture.classes]
    return [*rows, [dossier.words["sum"], number(gaps.more), number(gaps.fewer)]]


def _states(dossier: Dossier, number: Callable[[int], str]) -> dict[str, Any]:
    """Count bureaux by state of each piece; empty states are left out."""
    legend = state_legend(dossier.language)
    counts = state_counts(dossier.bureaux)
    shown = [at for at in range(1, len(legend) + 1) if any(of_kind[at] for _, of_kind in counts)]
    return {
        "legend": [f"{legend[at - 1][0]} {legend[at - 1][2]}" for at in shown],
        "rows": [[name, *(number(of_kind[at]) if of_kind[at] else "" for at in shown)] for name, of_kind in counts],
    }


def _further(dossier: Dossier, cards: Sequence[CaseView]) -> dict[str, Any]:
    """Cases that have one line each, and how many have none."""
    lines = [
        [str(card.number), card.where, cut(card.said, _SAID), card.severity_word, card.sure_word] for card in cards
    ]
    return {"lines": lines, "lines_left": _left(dossier, dossier.further)}


def _places(dossier: Dossier) -> dict[str, Any]:
    """The tables of départements, communes and bureaux; of a nation départements and the first communes only."""
    columns, words = dossier.bureaux, dossier.words
    communes, bureaux = commune_table(dossier), bureau_table(dossier)
    polls = several_polls(columns)
    return {
        "place_head": [words[name] for name in dossier.communes.counts],
        "departments": _rows_of(department_table(dossier)),
        "communes": _rows_of(communes[:PRINTED_COMMUNES]),
        "communes_left": _left(dossier, len(communes) - PRINTED_COMMUNES),
        "bureau_head": [
            words["bureau"],
            *([words["poll"]] if polls else []),
            *(heading for heading, _ in columns.figures.values()),
            words["gap"],
            words["piece"],
            words["case"],
        ],
        "bureau_names": 2 if polls else 1,
        "bureau_pieces": [heading for heading, _ in columns.states.values()],
        "bureaux": list(_bureau_lines(bureaux, polls=polls)),
        "bureaux_left": _left(dossier, len(columns) - len(bureaux)),
    }


def _rows_of(places: Iterable[PlaceRow]) -> list[list[str]]:
    return [[f"{each.name} ({each.code})" if each.code else each.name, *each.cells] for each in places]


def _bureau_lines(rows: Iterable[BureauRow], *, polls: bool) -> Iterator[list[str]]:
    """Each commune in a row of one cell, then its bureaux."""
    for commune, of_commune in groupby(rows, key=lambda row: row.commune):
        yield [commune]
        for row in of_commune:
            signs = " ".join(sign or " " for sign, _ in row.states)
            more = f" +{row.cases - 1}" if row.cases > 1 else ""
            case = f"{row.case}{more}" if row.case else ""
            yield [row.bureau, *([str(row.poll)] if polls else []), *row.figures, row.gap, signs, case]


def _annexes(dossier: Dossier) -> dict[str, Any]:
    """Values of the annexes: screens, law, inputs."""
    ordered = sorted(dossier.inputs, key=_is_dump)
    pair = dossier.words["pair"].replace("{name}", dossier.words["fingerprint"])
    return {
        "screens_left": _left(dossier, dossier.all_screens - len(dossier.screens)),
        "fingerprint": pair.replace("{value}", dossier.fingerprint),
        "law": [each for each in dossier.law if each.law],
        "landmarks": [each for each in dossier.law if not each.law],
        "inputs": [_input(each, dossier.language) for each in ordered[:PRINTED_INPUTS]],
        "inputs_left": _left(dossier, len(ordered) - PRINTED_INPUTS),
    }


def _is_dump(line: InputLine) -> bool:
    """Test for a dump that is used whole: a night has thousands, which are printed last."""
    return line.kind in DUMPS and line.used == "whole"


def _input(line: InputLine, code: str) -> list[str]:
    said = [text for text in (line.note, line.why) if text]
    if not any(text.casefold().startswith(line.used_word.casefold()) for text in said):
        said.insert(0, line.used_word + ".")
    size = show(code, nmsg("{count:n} byte", "{count:n} bytes", line.size))
    return [line.path, line.taken_for, size, line.sha256, "" if _is_dump(line) else " ".join(dict.fromkeys(said))]


def _left(dossier: Dossier, count: int) -> str:
    """Say how many more there are than are printed; empty where there are none."""
    said = nmsg(
        "And {count:n} more, which `regard verify --xlsx` has.",
        "And {count:n} more, which `regard verify --xlsx` has.",
        count,
    )
    return show(dossier.language, said) if count > 0 else ""


_FOLDER = Path(__file__).with_name("html")
_LINES = 9
"""Lines of the strip that fit on a page."""
_SIZE = re.compile(r'viewBox="[^"]*"(?: width="\d+" height="\d+")?')


def pictures_of(dossier: Dossier) -> tuple[dict[str, Any], dict[str, bytes]]:
    """File names of the pictures with their captions, and their SVG by file name."""
    files: dict[str, bytes] = {}
    return {"gaps": _gap_files(dossier, files), "strip": _strip_files(dossier, files)}, files


def gaps_drawn(dossier: Dossier) -> bytes | None:
    """Draw the gap of each bureau as SVG; None where votes and signatures are compared nowhere."""
    picture = gap_picture(dossier)
    if picture is None:
        return None
    return _drawn(dossier, "gap_dots.svg.j2", picture=picture, gaps_said=dossier.gaps_said)


def strip_drawn(dossier: Dossier) -> bytes | None:
    """Draw every piece of each bureau as SVG; None where there is no bureau, or no piece of any."""
    picture = strip_picture(dossier)
    return None if picture is None else _drawn(dossier, "piece_strip.svg.j2", picture=picture)


def _drawn(dossier: Dossier, template: str, **values: object) -> bytes:
    """Render a drawing as an SVG file of its own."""
    text = render(_FOLDER / template, language(dossier.language), say=dossier.words, **values)
    return text.strip().replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1).encode()


def _gap_files(dossier: Dossier, files: dict[str, bytes]) -> dict[str, Any]:
    picture, svg, say = gap_picture(dossier), gaps_drawn(dossier), dossier.words
    if picture is None or svg is None:
        return {"names": [], "about": ""}
    files["gaps.svg"] = svg
    about = [say["gap_marks"], say["gap_about"].replace("{permille}", str(dossier.gaps.permille))]
    if picture.most < dossier.gaps.largest:
        about.append(say["gap_edge"].replace("{most}", language(dossier.language).number(picture.most)))
    return {"names": ["gaps.svg"], "about": " ".join(about)}


def _strip_files(dossier: Dossier, files: dict[str, bytes]) -> dict[str, Any]:
    picture, svg, say = strip_picture(dossier), strip_drawn(dossier), dossier.words
    if picture is None or svg is None:
        return {"names": [], "about": ""}
    whole, names = svg.decode(), []
    for at, (top, height) in enumerate(_pieces(picture, len(dossier.bureaux.states) + 1)):
        names.append(f"strip-{at}.svg")
        size = f'viewBox="0 {top} {picture.width} {height}" width="{picture.width}" height="{height}"'
        files[names[-1]] = _SIZE.sub(size, whole, count=1).encode()
    return {"names": names, "about": say["strip_about"]}


def _pieces(picture: StripPicture, rows: int) -> list[tuple[int, int]]:
    """Top and height of the parts of the strip, some lines each."""
    block = picture.height // (len(picture.rows) // rows)
    step = _LINES * block
    return [(top, min(step, picture.height - top)) for top in range(0, picture.height, step)]
