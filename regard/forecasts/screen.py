"""Forecasts against a result, for people: what `regard forecast` shows."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from protocol.words import Language, nmsg, wrap
from regard.forecasts.contents import ForecastTable, sections
from verify.forecasts.study import ForecastStudy

ROWS = 8
"""Rows of the one table that is shown unless all is asked for."""


def show_study(study: ForecastStudy, words: Language, out: Console, *, verbose: bool) -> None:
    """The answer on one screen; ``verbose`` shows every table, and each file with its digest."""
    for section in sections(study, words):
        if not section.lines and not verbose:
            continue
        out.print(section.title, style="bold")
        for line in section.lines:
            out.print("\n".join(wrap(line, out.width)))
        if section.name == "files":
            for path, form, digest in section.tables[0].rows if verbose else ():
                out.print(f"{path}\n  {form}")
                out.print(f"  sha256 {digest}", style="dim")
            continue
        for table in section.tables if verbose else section.tables[:1]:
            _show_table(table, words, out, len(table.rows) if verbose else ROWS)
        left = 0 if verbose else len(section.tables) - 1
        if left > 0:
            more = nmsg("… {count:n} further table (--verbose)", "… {count:n} further tables (--verbose)", left)
            out.print(words.show(more))
        out.print()


def _show_table(given: ForecastTable, words: Language, out: Console, rows: int) -> None:
    shown = Table(
        title=given.caption or None,
        title_justify="left",
        title_style="italic",
        box=None,
        pad_edge=False,
        padding=(0, 1, 0, 0),
    )
    for at, head in enumerate(given.head):
        shown.add_column(head, justify="right" if at in given.numbers else "left", overflow="fold")
    for row in given.rows[:rows]:
        shown.add_row(*row)
    out.print(shown)
    if len(given.rows) > rows:
        left = len(given.rows) - rows
        out.print(words.show(nmsg("… {count:n} further row (--verbose)", "… {count:n} further rows (--verbose)", left)))
