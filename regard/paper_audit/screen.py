"""Plans of paper audits on a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from protocol.words import language, nmsg
from regard.paper_audit.view import LIMITS, view_of
from regard.reports.screen import FOLDED, Printer, grid
from verify.paper_audit.plan import PaperPlan

_LISTED, _ROWS = 6, 15
"""Assertions and contests that are shown; JSON has all of them."""


def show_plans(plans: Sequence[PaperPlan], out: Printer) -> None:
    """Show plans; what comes from files cannot rewrite the screen."""
    view = view_of(plans, language(out.language))

    def more(number: int) -> None:
        if number > 0:
            out.print_words(nmsg("… {count:n} more (--json)", "… {count:n} more (--json)", number))
        out.print()

    out.print_words(view.heading, "bold")
    for line in view.lines:
        out.print_words(line)
    if view.rows:
        heads = ({"header": out.text(each), **FOLDED} for each in view.head)
        table = grid(*heads, show_header=True, header_style="")
        for row in view.rows[:_ROWS]:
            table.add_row(*map(out.text, row))
        out.print()
        out.draw(table)
        more(len(view.rows) - _ROWS)
    if view.listed:
        out.print_words(view.title)
        for line in view.listed[:_LISTED]:
            out.print_words(line, indent="  ")
        more(len(view.listed) - _LISTED)
    for line in LIMITS:
        out.print_words(line, "dim")
