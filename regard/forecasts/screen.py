"""Forecasts against a result, for people: what `regard forecast` shows."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from protocol.words import Language, nmsg
from protocol.wrapping import wrap
from regard.forecasts.contents import sections
from regard.forecasts.sections import ForecastSection, ForecastTable
from regard.terminal import clean
from verify.forecasts.study import ForecastStudy

TABLES = 3
"""Tables of one section that are shown; the report and the JSON have all of them."""
ROWS = 40
"""Rows of a table that are shown."""
NARROW = 20
"""Letters of a cell that stays in one line."""
WIDEST = 10
"""Columns of a table that has room on a screen."""


def show_study(study: ForecastStudy, words: Language, out: Console) -> None:
    """All sections, without what only paper has room for."""
    for section in sections(study, words):
        if section.name == "files":
            _files(section, out)
            continue
        if section.tables and all(len(table.head) > WIDEST for table in section.tables):
            continue
        out.print(clean(section.title), style="bold")
        for line in section.lines:
            out.print("\n".join(wrap(clean(line), out.width)))
        for table in section.tables[:TABLES]:
            _show_table(table, words, out)
        if len(section.tables) > TABLES:
            left = len(section.tables) - TABLES
            more = nmsg(
                "… {count:n} further table (--report, --json)", "… {count:n} further tables (--report, --json)", left
            )
            out.print(words.show(more))
        out.print()


def _files(section: ForecastSection, out: Console) -> None:
    """Files one below the other: their digests are as long as a line."""
    table = section.tables[0]
    out.print(clean(section.title), style="bold")
    for path, form, count, used, digest in table.rows:
        out.print(clean(path))
        counted = f"{table.head[2]} {count}" if count else ""
        out.print(clean("  " + ", ".join(filter(None, (form, counted, used)))))
        if digest:
            out.print(f"  sha256 {digest}", style="dim")
    for problem in section.lines:
        out.print(clean(problem))


def _show_table(given: ForecastTable, words: Language, out: Console) -> None:
    shown = Table(
        title=clean(given.caption) or None,
        title_justify="left",
        title_style="italic",
        box=None,
        pad_edge=False,
        padding=(0, 1, 0, 0),
    )
    for at, head in enumerate(given.head):
        number = at in given.numbers
        longest = max((len(row[at]) for row in given.rows), default=0)
        narrow = at > 1 and longest <= NARROW and len(head) <= NARROW
        shown.add_column(
            "\n".join(map(clean, head.split(" "))) if narrow else clean(head),
            justify="right" if number else "left",
            vertical="bottom",
            no_wrap=narrow,
            overflow="fold",
        )
    for row in given.rows[:ROWS]:
        shown.add_row(*map(clean, row))
    out.print(shown)
    if len(given.rows) > ROWS:
        more = nmsg("… {count:n} more (--json)", "… {count:n} more (--json)", len(given.rows) - ROWS)
        out.print(words.show(more))
