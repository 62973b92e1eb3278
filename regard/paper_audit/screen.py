"""Plans of paper audits on a terminal: one contest with its assertions, or a line a contest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from protocol.words import Text, language, msg, nmsg
from regard.paper_audit.wording import (
    LIMITS,
    WAYS,
    assertion_count,
    audited_part,
    hardest_first,
    headline,
    name_contest,
    outcome_of,
    percent,
    planned_sentence,
    sizes_of,
    slips_of,
)
from regard.terminal import clean, print_words

if TYPE_CHECKING:
    from rich.console import Console

    from verify.paper_audit.plan import PaperPlan

_ASSERTIONS, _CONTESTS = 6, 20
"""Assertions of a contest, and contests of a table, that are shown; JSON and the page have all of them."""


class PaperPlanScreen:
    """Plans in a language on a console; what comes from files cannot rewrite it."""

    def __init__(self, code: str, out: Console) -> None:
        self._words = language(code)
        self._out = out

    def show(self, plans: Sequence[PaperPlan]) -> None:
        """Show one plan whole, or of several a row each, the most papers first."""
        if len(plans) == 1:
            self._one(plans[0])
        else:
            self._several(plans)
        for each in LIMITS:
            self._say(each, "dim")

    def _one(self, plan: PaperPlan) -> None:
        self._say(name_contest(plan), "bold")
        self._say(audited_part(plan))
        risk = percent(plan.risk)
        self._say(msg("Outcome to prove: {outcome}. Risk limit {risk}.", outcome=outcome_of(plan), risk=risk))
        self._say(headline(plan))
        self._out.print()
        if plan.costs:
            columns = zip(*(sizes_of(plan, cost) for cost in plan.costs), strict=True)
            rows = [(way, *sizes) for way, sizes in zip(WAYS, columns, strict=True)]
            self._table(["", *map(slips_of, plan.costs)], rows)
        if plan.assertions:
            self._say(assertion_count(plan))
        for planned in plan.assertions[:_ASSERTIONS]:
            self._say(planned_sentence(planned, plan, self._words), indent="  ")
        self._more(len(plan.assertions) - _ASSERTIONS)
        self._out.print()

    def _several(self, plans: Sequence[PaperPlan]) -> None:
        self._say(nmsg("{count:n} contest", "{count:n} contests", len(plans)), "bold")
        shown = hardest_first(plans)[:_CONTESTS]
        rows: list[Sequence[Text]] = []
        for plan in shown:
            sizes = sizes_of(plan, plan.costs[0])[:2] if plan.costs else (headline(plan), "")
            rows.append((name_contest(plan), *sizes))
        self._table(["", *WAYS[:2]], rows)
        self._more(len(plans) - len(shown))
        self._out.print()

    def _table(self, head: Sequence[Text], rows: Sequence[Sequence[Text]]) -> None:
        from rich.table import Table

        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="")
        for each in head:
            table.add_column(self._shown(each), overflow="fold")
        for row in rows:
            table.add_row(*map(self._shown, row))
        self._out.print(table)
        self._out.print()

    def _more(self, more: int) -> None:
        if more > 0:
            self._say(nmsg("… {count:n} more (--json)", "… {count:n} more (--json)", more), indent="  ")

    def _say(self, text: Text, style: str = "", indent: str = "") -> None:
        print_words(self._out, self._shown(text), style, indent)

    def _shown(self, text: Text) -> str:
        return clean(self._words.show(text))
