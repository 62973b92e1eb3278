"""Cases on a terminal: the three kinds in the order in which they are read, by commune; and indications in no case."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

import numpy as np
from rich.console import Console
from rich.table import Table
from rich.text import Text as Line

from protocol.words import Message, Series, msg, nmsg
from regard.language import capitalise, show
from regard.terminal import clean, print_words
from regard.views.audit import number_for_information
from regard.views.case_view import CaseLine, CaseLines
from regard.views.cases import LinesOfCases
from regard.views.contests import counts_of, notes_of, of_contests, outcomes_in_short
from regard.views.saying import Speaker
from verify.audit import Audit
from verify.cases.looking_again import ONLY_FOLLOWED, ONLY_IF, ONLY_THEN
from verify.cases.wording import KINDS
from verify.model.findings import Finding, Severity
from verify.rulebook.catalogue import rule
from verify.rulebook.causes import CaseKind

COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}
NARROW = 50
"""Columns below which a screen has no room for a table with sentences in it."""


def show_cases(result: Audit, language: str, console: Console) -> None:
    """Print all cases, each kind under a heading of its own; those for information only are counted."""
    lines, cases = LinesOfCases(result), result.cases
    views = CaseLines(result, Speaker(language), lines)
    begins = lines.begins() & cases.asks
    for kind in CaseKind:
        count = cases.number_of(kind)
        if not count:
            continue
        console.print(show(language, msg("{kind}: {count:n}", kind=KINDS[kind], count=count)), style="bold")
        rows = cases.rows_of(kind)
        shown = [views.line(cases[at]) for at in rows[begins[rows]].tolist()]
        sure = max(len(each.sure_word) for each in shown)
        bureaux = min(max(len(each.bureaux) for each in shown), _MOST_BUREAUX)
        for commune, of_commune in groupby(shown, key=lambda each: each.commune):
            console.print(f"  {commune}")
            if console.width < NARROW:
                for each in of_commune:
                    console.print(" ".join(filter(None, (each.bureaux, each.sure_word, _said(each)))))
                    for follow_up in each.followed:
                        console.print(f"→ {follow_up}", style="cyan")
            else:
                console.print(_grid(list(of_commune), bureaux, sure))
        console.print()
    if for_information := number_for_information(result):
        said = nmsg(
            "{count:n} further case is for information only: --json, --csv",
            "{count:n} further cases are for information only: --json, --csv",
            for_information,
        )
        console.print(show(language, said))
        console.print()


_MOST_BUREAUX = 15
"""Characters of the column of bureaux: one with its poll, in any language, stands on one line."""


def _said(case: CaseLine) -> str:
    """A case below the name of its commune; one of several says where."""
    return case.clause if case.insee else case.placed


def _grid(cases: list[CaseLine], bureaux: int, sure: int) -> Table:
    grid = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    grid.add_column(width=2)
    grid.add_column(width=bureaux, overflow="fold")
    grid.add_column(width=sure, no_wrap=True)
    grid.add_column(overflow="fold")
    for each in cases:
        colour = COLOURS[Severity[each.severity.upper()]]
        grid.add_row("", Line(each.bureaux, style=f"bold {colour}"), each.sure_word, _said(each))
        for follow_up in each.followed:
            grid.add_row("", "", "", Line(f"→ {follow_up}", style="cyan"))
    return grid


_MOST_WHERE = 24
"""Characters of the column of places."""


def find_indications(result: Audit) -> list[int]:
    """The rows of the screens that are in no case."""
    keys = result.findings.keys()
    screens = keys.of(*(code for code in keys.codes if code.startswith("P")))
    found: list[int] = np.flatnonzero(screens & (result.cases.number == 0)).tolist()
    return found


def show_indications(result: Audit, language: str, console: Console) -> None:
    """Print the screens that are in no case."""
    apart = find_indications(result)
    if not apart:
        return
    console.print(show(language, msg("Indications in no case")), style="bold")
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(width=0)
    table.add_column(overflow="fold", max_width=_MOST_WHERE)
    table.add_column(overflow="fold")
    for at in apart:
        finding = result.findings[at]
        commune = result.coverage.communes.get(finding.insee) or finding.insee
        where = clean(" ".join(part for part in (commune, finding.bureau) if part))
        said = msg("{said} ({code})", said=finding.message, code=finding.code)
        table.add_row("", Line(where, style=f"bold {COLOURS[finding.severity]}"), clean(show(language, said)))
    console.print(table)
    console.print()


_STANDS, _CORRECTED, _STEPS = msg("as it stands"), msg("with corrections"), msg("step by step")


def show_changes(result: Audit, language: str, console: Console) -> None:
    """Print every finding on a contest with its figures, its outcome and each step."""
    found = of_contests(result)
    if not found:
        for said in outcomes_in_short(result):
            print_words(console, show(language, said))
            console.print()
        return
    console.print(show(language, msg("What it could change")), style="bold")
    contest = ""
    for each in found:
        name = capitalise(clean(show(language, each.details["contest"])))
        if name != contest:
            console.print(f"  {name}", style="bold")
            contest = name
        _show_one(each, language, console)
    console.print()


def _show_one(found: Finding, language: str, console: Console) -> None:
    """One finding: its title, a column that says what is said, and a sentence a line."""
    title = msg("{title} ({code})", title=rule(found.code).title, code=found.code)
    console.print(f"  {show(language, title)}", style=COLOURS[found.severity])
    lines = [
        (show(language, label) if label else "", clean(show(language, said)).strip()) for label, said in _of(found)
    ]
    if console.width < NARROW:
        for label, said in lines:
            if label:
                console.print(label, style="dim")
            console.print(said)
        return
    grid = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    grid.add_column(width=2)
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for label, said in lines:
        grid.add_row("", Line(label, style="dim"), said)
    console.print(grid)


def _of(found: Finding) -> Iterator[tuple[Message | None, object]]:
    """Statements on a contest, each with a label where another begins."""
    details, notes = found.details, notes_of(found)
    stands = "stated_excess" not in details and not {ONLY_THEN, ONLY_IF, ONLY_FOLLOWED}.intersection(notes)
    yield _STANDS if stands else _CORRECTED, counts_of(found)
    yield None, details["conclusion"]
    for at, said in enumerate(notes):
        yield _CORRECTED if stands and not at else None, said
    steps = details["steps"]
    for at, step in enumerate(steps.items if isinstance(steps, Series) else (steps,)):
        yield None if at else _STEPS, msg("- {step}", step=step)
