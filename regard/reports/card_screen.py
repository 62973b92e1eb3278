"""A bureau's card on a terminal: a row a quantity, a column a piece of evidence, and below what was found.

Where the screen is too narrow for a column a piece, the pieces that have the same figure stand beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rich.table import Table
from rich.text import Text as Line

from protocol.words import Message, Text, msg, series
from regard.reports.case_screen import colour_of
from regard.reports.screen import COLOURS, FOLDED, Printer, grid
from regard.terminal import without_start
from regard.views.bureaux import BureauCard, CardCell
from regard.views.case_view import CaseView, CaseViews
from verify.cases.place_names import commune_of
from verify.model.findings import shown

_MARK = "≠ "
"""Before a quantity of which two pieces have other figures."""
_NAMED = "• "
"""Before a quantity that a case is about, though all pieces have the same figure."""
_LABEL = 14
"""Characters that there must be for the names of quantities."""
_GAP = 2
_ROW = re.compile(r"(.*:)(\d{1,9})(\D.*)?")
"""The place of a figure: file, row, and in some files what is shown behind the row."""


def show_card(card: BureauCard, views: CaseViews, out: Printer) -> None:
    """The figures, where they stand, the cases with what to do, and the findings that are in no case."""
    commune = commune_of(card.insee, card.commune)
    where = msg("{commune}, bureau {bureau}: {poll}", commune=commune, bureau=card.bureau, poll=card.poll[1])
    _say(where, "bold", out)
    headings = list(map(out.text, card.pieces))
    rows = [
        _Row(
            (_MARK if row.differs else _NAMED if row.named else "") + out.text(row.label),
            [_cell(cell, out) for cell in row.cells],
            "bold yellow" if row.marked else "",
        )
        for row in card.rows
    ]
    if rows:
        if (table := _by_piece(headings, rows, out.width)) is not None:
            out.draw(table)
        else:
            for line in rows:
                _say(_by_figure(headings, line), line.style, out)
        if any(row.differs for row in card.rows):
            _say(msg("{mark} figures that should be equal are not", mark=_MARK.strip()), "", out)
        if any(row.named and not row.differs for row in card.rows):
            _say(msg("{mark} figures that a case is about", mark=_NAMED.strip()), "", out)
        out.print()
        _say(msg("Where the figures stand"), "", out)
        out.draw(_places(card, headings, out))
    out.print()
    result = views.result
    cases = [(at, views.view(result.cases[at - 1])) for at in card.cases]
    if card.remark and not any(card.remark in out.text(case.said) for _, case in cases):
        _say(msg("The PV remarks: “{remark}”", remark=card.remark), "", out)
        out.print()
    for at, case in cases:
        _show_case(at, case, out)
    for position in card.findings:
        finding = result.findings[position]
        if not result.cases.number[position]:
            _say(msg("{code}: {message}", code=finding.code, message=finding.message), colour_of(finding), out)
    if not card.findings:
        _say(msg("Nothing was found in this bureau."), "green", out)
    out.print()


def _say(said: Text, style: str, out: Printer) -> None:
    text = without_start(out.text(said))
    out.print_words(text, style, "    " if text.startswith("  ") else "  ")


def _show_case(number: int, case: CaseView, out: Printer) -> None:
    said = msg("Case {number} ({sure}): {text}", number=number, sure=case.sure_word, text=case.said)
    _say(said, COLOURS[case.severity], out)
    for each in case.followed:
        _say(msg("  → {text}", text=each), "cyan", out)
    _say(msg("  What to do: {action}", action=case.what_to_do), "", out)


@dataclass(frozen=True, slots=True)
class _Row:
    """A quantity as it is shown: its name, its figure in every piece, empty where there is none, and the colour."""

    label: str
    cells: list[Line]
    style: str


def _table(*widths: int) -> Table:
    return grid(*({"width": width, **FOLDED} for width in widths))


def _by_piece(headings: Sequence[str], rows: Sequence[_Row], width: int) -> Table | None:
    """A column a piece; None where there is no room for them. Headings of two words are broken where that helps."""
    figures = [max(len(row.cells[at]) for row in rows) for at in range(len(headings))]
    longest = max(len(row.label) for row in rows)
    whole, broken = [[heading] for heading in headings], [heading.split() for heading in headings]
    for lines, least in ((whole, longest), (broken, min(longest, _LABEL))):
        widths = [max(most, *map(len, words)) for most, words in zip(figures, lines, strict=True)]
        left = width - sum(_GAP + each for each in widths)
        if left >= least:
            break
    else:
        return None
    table = _table(min(left, longest), *widths)
    table.show_header = True
    height = max(map(len, lines))
    for column, words in zip(table.columns[1:], lines, strict=True):
        column.header, column.justify = "\n".join([*[""] * (height - len(words)), *words]), "right"
    for row in rows:
        table.add_row(row.label, *row.cells, style=row.style)
    return table


def _by_figure(headings: Sequence[str], row: _Row) -> Message:
    """Each figure of a quantity once, with the pieces that have it."""
    pieces: dict[str, list[str]] = {}
    for heading, cell in zip(headings, row.cells, strict=True):
        if cell:
            pieces.setdefault(cell.plain, []).append(heading)
    figures = (msg("{name} ({number})", name=figure, number=series(of)) for figure, of in pieces.items())
    return msg("{name}: {value}", name=row.label, value=series(figures, msg("; ")))


def _cell(cell: CardCell, out: Printer) -> Line:
    if cell.value >= 0:
        return Line(out.number(cell.value))
    return Line(out.text(shown(cell.value)) if cell.source else "", style="dim")


def _places(card: BureauCard, headings: Sequence[str], out: Printer) -> Table:
    """Of each piece the places of all its figures, each once, rows that follow one another as one."""
    longest = max(map(len, headings))
    table = _table(0, longest, max(out.width - longest - 2 * _GAP, _LABEL))
    for at, heading in enumerate(headings):
        sources = (out.text(without_start(row.cells[at].source)) for row in card.rows)
        places = _joined(dict.fromkeys(filter(None, sources)))
        table.add_row("", heading, out.text(series(places)))
    return table


def _joined(places: Iterable[str]) -> list[Text]:
    """Places one after another; of rows of one file that follow one another the first and the last."""
    spans: list[tuple[str, int, int, str]] = []
    for place in places:
        found = _ROW.fullmatch(place)
        file, row, behind = (found[1], int(found[2]), found[3] or "") if found else (place, -1, "")
        if spans and row > 0 and (file, row - 1, behind) == (spans[-1][0], *spans[-1][2:]):
            spans[-1] = (file, spans[-1][1], row, behind)
        else:
            spans.append((file, row, row, behind))
    return [_span(*span) for span in spans]


def _span(file: str, first: int, last: int, behind: str) -> Message | str:
    if first < 0:
        return file
    if first == last:
        return f"{file}{first}{behind}"
    return msg("{place} to {last}", place=f"{file}{first}", last=f"{last}{behind}")
