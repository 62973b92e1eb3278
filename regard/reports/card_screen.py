"""A bureau's card on a terminal: a row a quantity, a column a piece of evidence, and below what was found."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text as Line

from protocol.words import Text, msg, series
from regard.language import number, show
from regard.reports.bureau_card import BureauCard, CardCell, CardRow
from regard.reports.case_screen import COLOURS
from regard.reports.followed import by_case, followed_text
from regard.terminal import clean
from verify.audit import Audit
from verify.cases.wording import SURE, commune_of, sentence, told_of, what_to_do
from verify.model.findings import shown

_MARK = "≠ "
"""Before a quantity of which two pieces have other figures."""
_LABEL = 18
"""Characters that the names of quantities have at least."""
_DIGITS = 5
"""Characters of a figure."""


def show_card(card: BureauCard, result: Audit, language: str, console: Console) -> None:
    """The figures, the cases with what to do, and the findings that are in no case."""

    def tell(said: Text, style: str = "") -> None:
        console.print(clean(show(language, said)), style=style)

    where = msg("{commune}, bureau {bureau}: {poll}", commune=_commune(card), bureau=card.bureau, poll=card.poll[1])
    tell(where, "bold")
    headings = [clean(show(language, piece)) for piece in card.pieces]
    if console.width < _LABEL + sum(2 + max(len(heading), _DIGITS) for heading in headings):
        for row in card.rows:
            console.print(_line(row, headings, language))
    else:
        console.print(_figures(card, headings, language))
    console.print()
    for row in (row for row in card.rows if row.differs):
        there = [cell for cell in row.cells if cell.source]
        figures = series(msg("{value} ({source})", value=shown(cell.value), source=cell.source) for cell in there)
        tell(msg("{field}: {figures}", field=row.label, figures=figures))
    followed = by_case(result)
    for at in card.cases:
        case = result.cases[at - 1]
        codes = list(dict.fromkeys(result.findings[position].code for position in case.findings))
        told, several = told_of(case, result.findings), len(case.findings) > 1
        said = sentence(case.cause, case.detail, told, codes, several=several)
        tell(msg("Case {number} ({sure}): {text}", number=at, sure=SURE[case.sure], text=said), COLOURS[case.severity])
        for each in followed.get(at, ()):
            tell(msg("  → {text}", text=followed_text(each)), "cyan")
        tell(msg("  What to do: {action}", action=what_to_do(case.cause, case.detail)))
    for position in card.findings:
        finding = result.findings[position]
        if not result.cases.number[position]:
            tell(msg("{code}: {message}", code=finding.code, message=finding.message), COLOURS[finding.severity])
    if not card.findings:
        tell(msg("Nothing was found in this bureau."), "green")
    console.print()


def _commune(card: BureauCard) -> str:
    return commune_of(card.insee, card.commune)


def _line(row: CardRow, headings: Sequence[str], language: str) -> Line:
    """A quantity with all its figures one after another, for a screen that is too narrow for a table."""
    there = (
        msg("{piece} {value}", piece=heading, value=shown(cell.value))
        for heading, cell in zip(headings, row.cells, strict=True)
        if cell.source
    )
    said = clean(show(language, msg("{field}: {figures}", field=row.label, figures=series(there))))
    return Line(_MARK + said if row.differs else said, style="bold yellow" if row.differs else "")


def _figures(card: BureauCard, headings: Sequence[str], language: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("", overflow="fold", min_width=_LABEL)
    for heading in headings:
        table.add_column(heading, justify="right", overflow="fold")
    for row in card.rows:
        label = clean(show(language, row.label))
        cells = (_cell(cell, language) for cell in row.cells)
        table.add_row(_MARK + label if row.differs else label, *cells, style="bold yellow" if row.differs else "")
    return table


def _cell(cell: CardCell, language: str) -> Line:
    if cell.value >= 0:
        return Line(number(language, cell.value))
    return Line("" if not cell.source else show(language, shown(cell.value)), style="dim")
