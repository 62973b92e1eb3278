"""Plans of paper audits on a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from protocol.words import Text, language, nmsg
from regard.paper_audit.view import LIMITS, view_of
from regard.terminal import clean, print_words
from verify.paper_audit.plan import PaperPlan

_LISTED, _ROWS = 6, 15
"""Assertions and contests that are shown; JSON has all of them."""


def show_plans(plans: Sequence[PaperPlan], code: str, out: Console) -> None:
    """Show plans in a language; what comes from files cannot rewrite the screen."""
    words = language(code)
    view = view_of(plans, words)

    def shown(text: Text) -> str:
        return clean(words.show(text))

    def more(number: int) -> None:
        if number > 0:
            print_words(out, shown(nmsg("… {count:n} more (--json)", "… {count:n} more (--json)", number)))
        out.print()

    print_words(out, shown(view.heading), "bold")
    for line in view.lines:
        print_words(out, shown(line))
    if view.rows:
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="")
        for each in view.head:
            table.add_column(shown(each), overflow="fold")
        for row in view.rows[:_ROWS]:
            table.add_row(*map(shown, row))
        out.print()
        out.print(table)
        more(len(view.rows) - _ROWS)
    if view.listed:
        print_words(out, shown(view.title))
        for line in view.listed[:_LISTED]:
            print_words(out, shown(line), indent="  ")
        more(len(view.listed) - _LISTED)
    for line in LIMITS:
        print_words(out, shown(line), "dim")
