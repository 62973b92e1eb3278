"""Possible effects of gaps, on a terminal: by contest, the figures first, then the outcome, then each step."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from rich.console import Console
from rich.table import Table
from rich.text import Text as Line

from protocol.words import Message, Series, msg, nmsg
from regard.language import capitalise, show
from regard.reports.case_screen import COLOURS, NARROW
from regard.terminal import clean, print_words
from verify.audit import Audit
from verify.cases.looking_again import ONLY_FOLLOWED, ONLY_IF, ONLY_THEN
from verify.materiality.deduction import ContestVerdict
from verify.model.findings import Finding
from verify.rulebook.catalogue import rule

VERDICTS = ("verdict", "corrected_verdict", "likely_verdict", "followed_verdict")
"""Details of a finding on a contest: as it stands, and with corrections and remarks of three kinds."""
_STANDS, _CORRECTED, _STEPS = msg("as it stands"), msg("with corrections"), msg("step by step")


def of_contests(result: Audit) -> list[Finding]:
    """The findings on contests that are in no case, those first by which an outcome can change."""
    keys = result.findings.keys()
    sums = keys.of(*(code for code in keys.codes if code.startswith("V")))
    rows = np.flatnonzero(sums & (result.cases.number == 0)).tolist()
    return sorted((result.findings[row] for row in rows), key=_rank)


def show_changes(result: Audit, language: str, console: Console) -> None:
    """Print every finding on a contest with its figures, its outcome and each step."""
    found = of_contests(result)
    if not found:
        for said in nothing_open(result):
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


def nothing_open(result: Audit) -> list[Message]:
    """Say that no figure is in question, where the rules on contests were applied and no case asks for anything."""
    judged = any(code.startswith("V") for _, code in result.findings.by_code())
    if "V501" not in result.coverage.checked or judged or result.cases.asks.any():
        return []
    none = msg(
        "No reading would change an outcome: no case allows another reading of a figure, and no bureau has votes "
        "beyond signatures or voters. That is said of the bureaux of which both counts are known."
    )
    return [none]


def _rank(found: Finding) -> tuple[bool, bool]:
    """Those by which an outcome can change first, and of these what all readings come to."""
    return not is_material(found), found.code != "V503"


def is_material(found: Finding) -> bool:
    """Tell that an outcome can change, as it stands or after corrections."""
    return ContestVerdict.MATERIAL.value in map(found.details.get, VERDICTS)


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
    details, note = found.details, found.details.get("note") or ()
    notes = note.items if isinstance(note, Series) else (note,) if note else ()
    stands = not {ONLY_THEN, ONLY_IF, ONLY_FOLLOWED}.intersection(notes)
    yield _STANDS if stands else _CORRECTED, counts_of(found)
    yield None, details["conclusion"]
    for at, said in enumerate(notes):
        yield _CORRECTED if stands and not at else None, said
    steps = details["steps"]
    for at, step in enumerate(steps.items if isinstance(steps, Series) else (steps,)):
        yield None if at else _STEPS, msg("- {step}", step=step)


def counts_of(found: Finding) -> Message:
    """The votes, or the readings, that a finding on a contest is about."""
    if found.code == "V503":
        return readings_counted(found)
    if found.code != "V501":
        return votes_unmentioned(found)
    return nmsg(
        "{count:n} vote beyond signatures or voters, for {left:n} valid votes.",
        "{count:n} votes beyond signatures or voters, for {left:n} valid votes.",
        _count(found),
        left=found.left.value,
    )


def readings_counted(found: Finding) -> Message:
    """Number of figures with other readings."""
    if not _count(found):
        return msg("No figure can be read otherwise, as far as the cases say.")
    return nmsg(
        "{count:n} figure can be read otherwise, as an open or a likely case says.",
        "{count:n} figures can be read otherwise, as open or likely cases say.",
        _count(found),
    )


def votes_unmentioned(found: Finding) -> Message:
    """Number of votes in bureaux with a gap that is not mentioned."""
    return nmsg(
        "{count:n} of {left:n} valid votes is in a bureau with a gap that is not mentioned.",
        "{count:n} of {left:n} valid votes are in bureaux with a gap that is not mentioned.",
        _count(found),
        left=found.left.value,
    )


def _count(found: Finding) -> int:
    """Number of votes in a finding on a contest."""
    return found.right.value if isinstance(found.right.value, int) else 0
