"""Forecasts against a result, for people: what `regard forecast` shows."""

from __future__ import annotations

from rich.table import Table

from protocol.words import Language, nmsg
from regard.forecasts.contents import ForecastSection, ForecastTable, sections
from regard.reports.screen import Screen, ScreenLine, table_lines
from verify.forecasts.study import ForecastStudy

ROWS = 8
"""Rows of the one table that is shown unless all is asked for."""
_RANKS = {"files": 2}
"""Sections that give way first where an answer has not room for all."""


def show_study(study: ForecastStudy, words: Language, screen: Screen, *, verbose: bool) -> None:
    """The answer; ``verbose`` shows every table, and each file with its digest."""
    for section in sections(study, words):
        if section.lines or verbose:
            screen.extend(_RANKS.get(section.name, 1), _lines(section, screen.width, verbose=verbose))
    screen.end()


def _lines(section: ForecastSection, width: int, *, verbose: bool) -> list[ScreenLine]:
    lines = [ScreenLine(section.title, "bold"), *map(ScreenLine, section.lines)]
    if section.name == "files":
        for path, form, digest in section.tables[0].rows if verbose else ():
            lines += [ScreenLine(path), ScreenLine(form, "", 2), ScreenLine(f"sha256 {digest}", "dim", 2)]
        return [*lines, ScreenLine("")]
    for table in section.tables if verbose else section.tables[:1]:
        lines += _table(table, width, len(table.rows) if verbose else ROWS)
    left = 0 if verbose else len(section.tables) - 1
    if left > 0:
        more = nmsg("… {count:n} further table (--verbose)", "… {count:n} further tables (--verbose)", left)
        lines.append(ScreenLine(more))
    return [*lines, ScreenLine("")]


def _table(given: ForecastTable, width: int, rows: int) -> list[ScreenLine]:
    shown = Table(title=given.caption or None, title_justify="left", box=None, pad_edge=False, padding=(0, 1, 0, 0))
    for at, head in enumerate(given.head):
        shown.add_column(head, justify="right" if at in given.numbers else "left", overflow="fold")
    for row in given.rows[:rows]:
        shown.add_row(*row)
    lines = table_lines(shown, width)
    if len(given.rows) > rows:
        left = len(given.rows) - rows
        more = nmsg("… {count:n} further row (--verbose)", "… {count:n} further rows (--verbose)", left)
        lines.append(ScreenLine(more))
    return lines
