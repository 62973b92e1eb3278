"""Screen of the cases of faults: by evidence over all faults, and by fault if not all went well."""

from __future__ import annotations

from functools import partial

from rich.console import Console

from protocol.words import Text, msg, series
from regard.language import number, show
from regard.studies.case_scoring import MEASURES, CaseCounts, measures, sum_of
from regard.studies.evidence_sets import EVIDENCE, FULL
from regard.studies.matrix_document import Cells, fault_names
from regard.studies.matrix_words import evidence_label, fault_label
from regard.studies.trials import Cell
from regard.terminal import clean

Rows = list[tuple[Text, CaseCounts]]
"""Measure, and its counts."""


def by_evidence(cells: Cells, many: Cell | None) -> Rows:
    """Each combination of evidence over all faults; then several faults at once, where they were measured."""
    rows: Rows = [
        (evidence_label(kind), sum_of(cells[name, kind.name].cases for name in fault_names(cells))) for kind in EVIDENCE
    ]
    return rows if many is None else [*rows, (msg("several faults at once"), many.cases)]


def by_fault(cells: Cells) -> Rows:
    """Each fault that cases of all evidence did not name rightly in every instance."""
    of = {name: cells[name, FULL].cases for name in fault_names(cells)}
    return [(fault_label(name), counts) for name, counts in of.items() if counts.astray]


def show_measures(title: Text, rows: Rows, code: str, console: Console) -> None:
    """A line for each row, with each of `MEASURES`."""
    console.print(show(code, title), style="bold")
    for name, counts in rows:
        cells = zip(MEASURES.values(), measures(counts, partial(number, code)), strict=True)
        said = [msg("{field}: {figures}", field=label, figures=cell) for label, cell in cells if cell]
        line = msg("{name}: {value}", name=name, value=series(said, msg("; "))) if said else name
        console.print(clean(show(code, line)))
