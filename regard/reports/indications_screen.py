"""Indications on a terminal: screens that are in no case, each with where it is and what is unusual there."""

from __future__ import annotations

import numpy as np
from rich.console import Console
from rich.table import Table
from rich.text import Text as Line

from protocol.words import msg
from regard.language import show
from regard.reports.case_screen import COLOURS
from regard.terminal import clean
from verify.audit import Audit

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
