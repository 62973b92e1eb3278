"""A plan and its day on a terminal: sentences, and the tables of its page with the columns that matter most."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.cells import cell_len

from protocol.words import Message, Text, language, msg, nmsg, series
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
from regard.reports.screen import FOLDED, WHOLE, Screen, ScreenLine, grid, table_lines
from regard.terminal import clean
from sim.nights.night import PollSummary, Summary

WORST = 3
"""Bureaux that are shown of all, and of those that need something unless all is asked for."""
_WHOLE_NAME = 16
"""Characters of a name that are not broken."""
_APART = (0, 1, 0, 0)
"""Blanks around a cell."""


class PlanScreen:
    """Shows a plan.

    Args:
        plan: what was found.
        screen: where it is shown.
    """

    def __init__(self, plan: PlannedTown, screen: Screen) -> None:
        self._plan, self._screen = plan, screen
        self._text, self._tables = screen.text, PlanTables(plan, language(screen.language))

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
            add_notes(self._screen, msg("Assumed:"), plan.assumptions)
            if unused:
                add_notes(self._screen, msg("Not used of the list:"), unused)
            for each in plan.inputs:
                add_notes(self._screen, msg("Read: {path}", path=each.path), [each.note, f"SHA-256 {each.sha256}"])
        else:
            self._say([self._left_out(unused)])
        self._screen.end()

    def _left_out(self, unused: Sequence[Text]) -> Text:
        """First unused part of the list, and the number of all of them."""
        assumed = nmsg("{count:n} assumption", "{count:n} assumptions", len(self._plan.assumptions))
        if not unused:
            return msg("{assumed} (--verbose).", assumed=assumed)
        return nmsg(
            "{assumed}; {first} (--verbose).",
            "{assumed}; {first}, and more of the list that is not used (--verbose).",
            len(unused),
            assumed=assumed,
            first=unused[0],
        )

    def _service(self) -> None:
        """The answer with other values of the most decisive assumption."""
        if self._plan.fewest.by_service:
            self._screen.extend(1, self._rows(self._tables.service()))

    def _say(self, sentences: Iterable[Text], style: str = "") -> None:
        self._screen.add(0, ScreenLine(" ".join(map(self._text, sentences)), style))

    def _rows(self, made: PlanTable, most: int | None = None) -> list[ScreenLine]:
        """Names and figures as a table; line by line where there is no room for it.

        Args:
            made: its first column has the names.
            most: rows that are shown.
        """
        heads = made.brief.values()
        rows = [[row[at] for at in (0, *made.brief)] for row in made.rows[:most]]
        names = max(map(cell_len, (made.head[0], *(name for name, *_ in rows))))
        word = min(_WHOLE_NAME, names)
        columns = list(zip(heads, *(figures for _, *figures in rows), strict=True))
        whole, broken = (
            [max(map(cell_len, (*parts(head), *figures))) for head, *figures in columns]
            for parts in (lambda head: [head], str.split)
        )
        room = self._screen.width - word - len(columns)
        widths = whole if sum(whole) <= room else broken
        if sum(widths) > room:
            said = []
            for name, *figures in rows:
                named = [f"{head}\u00a0{figure}" for head, figure in zip(heads, figures, strict=True)]
                said.append(ScreenLine(msg("{name}: {figures}.", name=name, figures=series(named))))
            return said
        table = grid(show_header=True, padding=_APART)
        table.add_column(made.head[0], overflow="fold", width=min(word + room - sum(widths), names))
        for head, width in zip(heads, widths, strict=True):
            table.add_column(head, justify="right", width=width)
        for row in rows:
            table.add_row(*row)
        return table_lines(table, self._screen.width)

    def _worst(self) -> None:
        """The bureaux with the longest waits."""
        heading = _heading(msg("Where people wait longest: longest wait of the day, mean"))
        lines = self._rows(self._tables.worst(), WORST)
        self._screen.extend(2, [*heading, *lines, *_more(len(self._plan.bureaux) - WORST)])

    def _scenarios(self, *, verbose: bool) -> None:
        """All scenarios, with what they change."""
        plan = self._plan
        heading = _heading(msg("Scenarios on the same days: longest wait of the day, mean of the worst bureau"))
        self._screen.extend(1, [*heading, *self._rows(self._tables.scenarios())])
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
            said += [*self._rows(shown, most), *_more(len(shown.rows) - most)]
        moved = moved_said(plan) if verbose else ()
        heading = _heading(msg("The fewest that keep every bureau within the limit"))
        self._screen.extend(0, [*heading, *said, *moved])


def _heading(said: Text) -> list[ScreenLine]:
    """A heading below an empty line."""
    return [ScreenLine(""), ScreenLine(said, "bold")]


def _more(count: int) -> list[Text]:
    """Number of omitted rows of a table."""
    return [nmsg("… and {count:n} more (--json)", "… and {count:n} more (--json)", count)] if count > 0 else []


def add_notes(screen: Screen, heading: Text, notes: Sequence[Text]) -> None:
    """A heading, and sentences below it, each after a dash."""
    table = grid(WHOLE, FOLDED, padding=_APART)
    for said in notes:
        table.add_row("-", screen.text(said))
    screen.extend(0, [*_heading(heading), *table_lines(table, screen.width)])


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


def show_listed(listed: ListedNight, wrote: Summary, seed: int, screen: Screen) -> None:
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
    add_notes(screen, msg("Day {day:n} of the plan:", day=listed.planned.day), said)
    add_notes(screen, msg("Read: {path}", path=listed.source.path), [listed.source.note])
    for heading, notes in (
        (msg("Assumed:"), listed.assumptions),
        (msg("Not used of the list:"), listed.source.unused),
    ):
        if notes:
            add_notes(screen, heading, notes)
