"""Print cases on a terminal, by kind and commune; then indications outside cases, and the effect on the contests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

import numpy as np
from rich.text import Text as Line

from protocol.words import Message, Series, Text, msg, nmsg
from regard.language import capitalise
from regard.reports.screen import COLOURS, FOLDED, WHOLE, Printer, grid
from regard.views.audit import number_for_information
from regard.views.case_view import CaseLine, CaseLines
from regard.views.cases import LinesOfCases
from regard.views.contests import counts_of, notes_of, of_contests, outcomes_in_short
from regard.views.saying import Speaker
from verify.audit import Audit
from verify.cases.effects import ONLY_FOLLOWED, ONLY_IF, ONLY_THEN
from verify.cases.wording import KINDS
from verify.model.findings import Finding
from verify.rulebook.catalogue import rule
from verify.rulebook.causes import CaseKind

_MOST_BUREAUX, _MOST_WHERE = 15, 24
"""Widest column of bureaux, and of places, in characters: a bureau with its poll fits on one line."""


def show_cases(result: Audit, out: Printer) -> None:
    """Print all cases, each kind under its heading; of those for information only, print the number."""
    lines, cases = LinesOfCases(result), result.cases
    views = CaseLines(result, Speaker(out.language), lines)
    begins = lines.begins() & cases.asks
    for kind in CaseKind:
        count = cases.number_of(kind)
        if not count:
            continue
        out.print(msg("{kind}: {count:n}", kind=KINDS[kind], count=count), "bold")
        rows = cases.rows_of(kind)
        shown = [views.line(cases[at]) for at in rows[begins[rows]].tolist()]
        sure = max(len(each.sure_word) for each in shown)
        bureaux = min(max(len(_place_in_commune(each, out)) for each in shown), _MOST_BUREAUX)
        for commune, of_commune in groupby(shown, key=lambda each: each.commune):
            out.print(f"  {commune}")
            _show_lines(of_commune, out, bureaux, sure)
        out.print()
    if for_information := number_for_information(result):
        out.print(
            nmsg(
                "{count:n} further case is for information only: --json, --csv",
                "{count:n} further cases are for information only: --json, --csv",
                for_information,
            )
        )
        out.print()


def _place_in_commune(case: CaseLine, out: Printer) -> str:
    """The bureaux of a case, or the word for the commune as a whole."""
    return case.bureaux or (out.text(msg("commune")) if case.insee and case.cases == 1 else "")


def _show_lines(cases: Iterable[CaseLine], out: Printer, bureaux: int, sure: int) -> None:
    """Print the cases of a commune below its name; a case of several communes states its place."""
    table = grid({"width": 2}, {"width": bureaux, **FOLDED}, {"width": sure, **WHOLE}, FOLDED)
    for each in cases:
        said = each.clause if each.insee else each.placed
        followed = [f"→ {follow_up}" for follow_up in each.followed]
        if out.is_narrow:
            out.print(" ".join(filter(None, (_place_in_commune(each, out), each.sure_word, said))))
            for follow_up in followed:
                out.print(follow_up, "cyan")
            continue
        table.add_row(
            "", Line(_place_in_commune(each, out), style=f"bold {COLOURS[each.severity]}"), each.sure_word, said
        )
        for follow_up in followed:
            table.add_row("", "", "", Line(follow_up, style="cyan"))
    if table.row_count:
        out.draw(table)


def find_indications(result: Audit) -> list[int]:
    """Find the rows of indications (P) that belong to no case."""
    keys = result.findings.keys()
    screens = keys.of(*(code for code in keys.codes if code.startswith("P")))
    found: list[int] = np.flatnonzero(screens & (result.cases.number == 0)).tolist()
    return found


def show_indications(result: Audit, out: Printer) -> None:
    """Print the indications that belong to no case."""
    apart = find_indications(result)
    if not apart:
        return
    out.print(msg("Indications in no case"), "bold")
    table = grid({"width": 0}, {"max_width": _MOST_WHERE, **FOLDED}, FOLDED)
    for at in apart:
        finding = result.findings[at]
        commune = result.coverage.communes.get(finding.insee) or finding.insee
        where = out.text(" ".join(part for part in (commune, finding.bureau) if part))
        said = msg("{said} ({code})", said=finding.message, code=finding.code)
        table.add_row("", Line(where, style=f"bold {colour_of(finding)}"), out.text(said))
    out.draw(table)
    out.print()


def colour_of(found: Finding) -> str:
    """The colour of a finding's severity."""
    return COLOURS[found.severity.name.lower()]


_STANDS, _CORRECTED, _STEPS = msg("as it stands"), msg("with corrections"), msg("step by step")


def show_changes(result: Audit, out: Printer) -> None:
    """Print each finding on the outcome of a contest with its figures, its conclusion and every step."""
    found = of_contests(result)
    if not found:
        for said in outcomes_in_short(result):
            out.print_words(said)
            out.print()
        return
    out.print(msg("What it could change"), "bold")
    contest = ""
    for each in found:
        name = capitalise(out.text(each.details["contest"]))
        if name != contest:
            out.print(f"  {name}", "bold")
            contest = name
        title = msg("{title} ({code})", title=rule(each.code).title, code=each.code)
        out.print(f"  {out.text(title)}", colour_of(each))
        out.print_rows(((label, out.text(said).strip()) for label, said in _of(each)), "dim")
    out.print()


def _of(found: Finding) -> Iterator[tuple[Text, object]]:
    """Statements on a contest, the first of each group with its label; readings (V503) have no first label."""
    details, notes = found.details, notes_of(found)
    only = {each.text for each in (ONLY_THEN, ONLY_IF, ONLY_FOLLOWED)}
    stands = "stated_excess" not in details and only.isdisjoint(
        each.text for each in notes if isinstance(each, Message)
    )
    label = _STANDS if stands else _CORRECTED
    yield "" if found.code == "V503" else label, counts_of(found)
    yield "", details["conclusion"]
    for at, said in enumerate(notes):
        yield _CORRECTED if stands and not at else "", said
    steps = details["steps"]
    for at, step in enumerate(steps.items if isinstance(steps, Series) else (steps,)):
        yield "" if at else _STEPS, msg("- {step}", step=step)
