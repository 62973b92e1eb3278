"""A plan and its day on a terminal, with bars of waits on a scale that only the limit sets, so that two compare by eye.

The limit is in the middle of a bar. What is beyond it is drawn apart, each doubling as long as the one before, so that
a wait of an hour and one of ten do not look alike; an arrow ends what is beyond the last of them.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable, Sequence
from typing import Any

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table

from protocol.words import Message, Text, language, msg, nmsg, series
from regard.language import show
from regard.office.contents import PlannedTown
from regard.office.listed_night import ListedNight
from regard.office.plan_tables import PlanTable, PlanTables
from regard.office.wording import (
    OUTAGES_SHOWN,
    ROWS,
    costs_said,
    headline,
    leaving_said,
    moved_said,
    remedies_said,
    service_said,
    settings_said,
    some_of,
)
from regard.reports.screen import Screen, ScreenLine, table_lines
from regard.terminal import clean
from sim.nights.summary import PollSummary, Summary

_DOUBLINGS = 4


def end_of_scale(limit: float) -> float:
    """The longest wait that bars show by their length."""
    return limit * (1 << _DOUBLINGS)


def signs() -> tuple[str, str, str, str]:
    """Signs of bars: within the limit, the limit, beyond it, beyond the scale."""
    encoding = sys.stdout.encoding or "ascii"
    return ("█", "│", "▒", "▶") if encoding.casefold().replace("-", "").startswith("utf") else ("#", "|", "=", ">")


def bar(wait: float, limit: float, half: int) -> str:
    """A bar of ``2 * half + 1`` characters."""
    within, mark, beyond, further = signs()
    left = within * min(half, round(wait / limit * half))
    over = max(1, round(math.log2(wait / limit) / _DOUBLINGS * half)) if wait > limit else 0
    right = beyond * over if wait <= end_of_scale(limit) else beyond * (half - 1) + further
    return f"{left:<{half}}{mark}{right:<{half}}"


def scale(limit: float, half: int, code: str, end: str = "") -> str:
    """Scale over bars of that width: 0, the limit, and ``end`` over theirs, which is `end_of_scale`."""
    return f"{'0':<{half}}{language(code).plain(limit)}".ljust(2 * half + 1 - len(end)) + end


WORST = 3
"""Bureaux that are shown of all, and of those that need something unless all is asked for."""
_WHOLE_NAME = 16
"""Characters of a name that are not broken."""
_HALF = 8
"""Characters of a bar on either side of the limit."""


class PlanScreen:
    """Shows a plan.

    Args:
        plan: what was found.
        code: of the language.
        screen: where it is shown.
    """

    def __init__(self, plan: PlannedTown, code: str, screen: Screen) -> None:
        self._plan, self._code, self._screen = plan, code, screen
        self._text, self._tables = screen.text, PlanTables(plan, language(code))

    def show(self, *, verbose: bool) -> None:
        """The answer; ``verbose`` adds every remedy, what was assumed, and what was read."""
        plan = self._plan
        self._say(headline(plan), style="bold")
        self._say([settings_said(plan), *service_said(plan)])
        self._service()
        self._worst()
        if len(plan.scenarios) > 1:
            self._scenarios(verbose=verbose)
        self._remedies(verbose=verbose)
        unused = [said for each in plan.inputs for said in each.unused]
        if verbose:
            self._notes(msg("Assumed:"), plan.assumptions)
            if unused:
                self._notes(msg("Not used of the list:"), unused)
            for each in plan.inputs:
                self._notes(msg("Read: {path}", path=each.path), [each.note, f"SHA-256 {each.sha256}"])
        else:
            self._say([self._left_out(unused)])
        self._screen.end()

    def _left_out(self, unused: Sequence[Text]) -> Text:
        """First unused part of the list, and the number of all of them."""
        assumed = nmsg("{count:n} thing is assumed", "{count:n} things are assumed", len(self._plan.assumptions))
        if not unused:
            return msg("{assumed} (--verbose).", assumed=assumed)
        return msg(
            "{assumed}; not used of the list: {first} ({count:n} in all; --verbose).",
            assumed=assumed,
            first=unused[0],
            count=len(unused),
        )

    def _service(self) -> None:
        """The answer with other values of the most decisive assumption."""
        found = self._plan.fewest.by_service
        if found:
            self._screen.extend(1, self._rows(self._tables.service(), [each.longest.mean for each in found]))

    def _say(self, sentences: Iterable[Text], style: str = "") -> None:
        self._screen.add(0, ScreenLine(" ".join(map(self._text, sentences)), style))

    def _rows(self, made: PlanTable, waits: Sequence[float] = (), most: int | None = None) -> list[ScreenLine]:
        """Names, bars and figures as a table: without the bars, or line by line, where there is no room for it.

        Args:
            made: its first column has the names.
            waits: of the bars, in minutes; empty for no bars.
            most: rows that are shown.
        """
        limit, heads = self._plan.limit, made.brief.values()
        rows = [[_displayed(row[at]) for at in (0, *made.brief)] for row in made.rows[:most]]
        names = [made.head[0], *(name for name, *_ in rows)]
        over = scale(limit, _HALF, self._code, language(self._code).plain(end_of_scale(limit)))
        word = min(_WHOLE_NAME, max(map(cell_len, names)))
        columns = list(zip(heads, *(figures for _, *figures in rows), strict=True))
        whole, broken = (
            [max(map(cell_len, (*parts(head), *figures))) for head, *figures in columns]
            for parts in (lambda head: [head], str.split)
        )
        room = self._screen.width - word - len(columns)
        widths = whole if sum(whole) <= room else broken
        room -= sum(widths)
        if room < 0:
            said = []
            for name, *figures in rows:
                named = [f"{head}\u00a0{figure}" for head, figure in zip(heads, figures, strict=True)]
                said.append(ScreenLine(msg("{name}: {figures}.", name=name, figures=series(named))))
            return said
        bars = [bar(wait, limit, _HALF) for wait in waits if cell_len(over) < room]
        room -= cell_len(over) + 1 if bars else 0
        table = _plain_table()
        table.add_column(made.head[0], overflow="fold", width=min(word + room, max(map(cell_len, names))))
        if bars:
            table.add_column(over, no_wrap=True)
        for head, width in zip(heads, widths, strict=True):
            table.add_column(head, justify="right", width=width)
        for at, (name, *figures) in enumerate(rows):
            table.add_row(name, *bars[at : at + 1], *figures)
        return table_lines(table, self._screen.width)

    def _worst(self) -> None:
        """The bureaux with the longest waits."""
        plan, worst = self._plan, self._plan.first.worst(WORST)
        lines = self._rows(self._tables.worst(), [each.longest.mean for each in worst], WORST)
        heading = _heading(msg("Where people wait longest: longest wait of the day, mean"))
        self._screen.extend(2, [*heading, *lines, *_more(len(plan.bureaux) - len(worst))])

    def _scenarios(self, *, verbose: bool) -> None:
        """All scenarios on one scale, with what they change."""
        plan = self._plan
        waits = [each.worst(1)[0].longest.mean for each in plan.scenarios]
        heading = _heading(msg("Scenarios on the same days: longest wait of the day, mean of the worst bureau"))
        self._screen.extend(1, [*heading, *self._rows(self._tables.scenarios(), waits)])
        if verbose:
            for each in plan.scenarios:
                self._screen.extend(1, costs_said(each, plan))
            self._say(
                [
                    msg(
                        "“over limit”: bureaux above the limit. “difference”: to the first line, mean of all bureaux; "
                        "of a machine that is out, what that alone costs. In brackets: the interval of 95 %."
                    )
                ]
            )
            if any(each.outage is not None for each in plan.scenarios):
                self._say([OUTAGES_SHOWN])

    def _remedies(self, *, verbose: bool) -> None:
        """The fewest machines and tables, or moved voters, and what one less would cost."""
        plan = self._plan
        said: list[ScreenLine | Text] = list(remedies_said(plan))
        if not verbose:
            said = [said[0], *(leaving_said(plan) if plan.loses else ())]
        shown, most = self._tables.needs(), ROWS if verbose else WORST
        if shown.rows:
            said += [*self._rows(shown, most=most), *_more(len(shown.rows) - most)]
        moved = moved_said(plan) if verbose else ()
        heading = _heading(msg("The fewest that keep every bureau within the limit"))
        self._screen.extend(0, [*heading, *said, *moved])

    def _notes(self, heading: Text, notes: Sequence[Text]) -> None:
        lines = table_lines(notes_table(self._code, notes), self._screen.width)
        self._screen.extend(0, [*_heading(heading), *lines])


def _heading(said: Text) -> list[ScreenLine]:
    """A heading below an empty line."""
    return [ScreenLine(""), ScreenLine(said, "bold")]


def _more(count: int) -> list[Text]:
    """Number of omitted rows of a table."""
    return [nmsg("… and {count:n} more (--json)", "… and {count:n} more (--json)", count)] if count > 0 else []


def _displayed(cell: str) -> str:
    """A cell in signs that the terminal has."""
    return cell if signs()[0] != "#" else cell.replace("→", "->").replace("−", "-")


def _plain_table(**options: Any) -> Table:
    return Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), show_edge=False, **options)


def notes_table(code: str, notes: Sequence[Text]) -> Table:
    """Sentences, each after a dash."""
    table = _plain_table(show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for said in notes:
        table.add_row("-", clean(show(code, said)))
    return table


def _show_notes(out: Console, code: str, heading: Text, notes: Sequence[Text]) -> None:
    """A heading, and notes below it."""
    out.print(show(code, heading), style="bold")
    out.print(notes_table(code, notes))


_NAMED = 12
"""Bureaux that one sentence names."""


def simulated_said(wrote: Summary, folder: str, year: int, seed: int) -> Message:
    """Size of the night, and its folder."""
    machines = nmsg("{count:n} machine bureau", "{count:n} machine bureaux", wrote.bureaux - wrote.paper_bureaux)
    papers = nmsg("{count:n} paper bureau", "{count:n} paper bureaux", wrote.paper_bureaux)
    return msg(
        "Simulated {bureaux} of {communes}, {year}, seed {seed}.\n"
        "{counted}\n"
        "{faults}; {gaps}.\n"
        "Written to {folder}. The truth is in verite.csv, which\n"
        "`regard verify` never opens. Do not show it to those who look for the faults.\n"
        "Machines and their formats are a model: the vendor's are not public.",
        bureaux=msg("{some} and {others}", some=machines, others=papers) if wrote.paper_bureaux else machines,
        communes=nmsg("{count:n} commune", "{count:n} communes", wrote.communes),
        year=year,
        seed=seed,
        counted=_counted(wrote),
        faults=nmsg("{count:n} fault injected", "{count:n} faults injected", wrote.faults),
        gaps=nmsg(
            "{count:n} bureau where votes and signatures differ",
            "{count:n} bureaux where votes and signatures differ",
            wrote.gaps,
        ),
        folder=clean(folder),
    )


def _counted(wrote: Summary) -> Text:
    """Registered voters, and what was counted: in each poll of the day, where there are several."""
    if len(wrote.polls) == 1:
        return msg(
            "{registered:n} registered voters, {votes:n} votes found, {signatures}.",
            registered=wrote.registered,
            votes=wrote.votes,
            signatures=_signatures(wrote),
        )
    head = msg(
        "{registered:n} registered voters, {polls:n} polls:", registered=wrote.registered, polls=len(wrote.polls)
    )
    lines = (
        msg(
            "  {number}. {name}\n     {votes:n} votes found, {signatures}",
            number=number,
            name=poll.name,
            votes=poll.votes,
            signatures=_signatures(poll),
        )
        for number, poll in enumerate(wrote.polls, start=1)
    )
    return series([head, *lines], "\n")


def _signatures(wrote: Summary | PollSummary) -> Text:
    """The signatures that were counted; what was not written down is not zero."""
    counted = nmsg("{count:n} signature", "{count:n} signatures", wrote.signatures)
    if not wrote.uncounted:
        return counted
    without = nmsg("{count:n} bureau has no count", "{count:n} bureaux have no count", wrote.uncounted)
    return msg("{signatures} ({missing})", signatures=counted, missing=without)


def show_listed(listed: ListedNight, wrote: Summary, seed: int, code: str, out: Console) -> None:
    """Show the day and list of a night: its events, the assumptions, and unused parts of the list."""
    said = [*listed.told]
    failing = listed.failing(seed)
    if failing:
        said.append(
            nmsg(
                "a machine fails in {count:n} bureau: {bureaux}",
                "a machine fails in {count:n} bureaux: {bureaux}",
                len(failing),
                bureaux=some_of(failing, _NAMED),
            )
        )
    elif listed.planned.circumstances.breakdowns is not None:
        said.append(msg("no machine fails on this day"))
    if listed.planned.circumstances.patience is not None:
        said.append(
            nmsg(
                "{count:n} person leaves before voting",
                "{count:n} people leave before voting",
                wrote.lost,
            )
        )
    _show_notes(out, code, msg("Day {day:n} of the plan:", day=listed.planned.day), said)
    _show_notes(out, code, msg("Read: {path}", path=listed.source.path), [listed.source.note])
    for heading, notes in (
        (msg("Assumed:"), listed.assumptions),
        (msg("Not used of the list:"), listed.source.unused),
    ):
        if notes:
            _show_notes(out, code, heading, notes)
