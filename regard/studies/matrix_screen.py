"""Screen of the cases of faults: by evidence over all faults, and by fault if not all went well."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from dataclasses import astuple, fields
from functools import partial
from itertools import chain

from rich.console import Console

from protocol.files import csv_bytes
from protocol.words import Text, msg, series
from regard.language import number, show
from regard.studies.case_scoring import MEASURES, Astray, CaseCounts, measures, sum_of
from regard.studies.evidence_sets import EVIDENCE, FULL
from regard.studies.matrix_cases import Cells, fault_names
from regard.studies.matrix_words import evidence_label, fault_label
from regard.studies.trials import Cell
from regard.terminal import clean, titled_table

_HEAD = 8
"""Characters of a head: six columns have room beside names of evidence."""
_LEAST = 18
"""Characters that there must be for what a row is about."""


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
    return [(fault_label(name), cells[name, FULL].cases) for name in fault_names(cells) if cells[name, FULL].astray]


def show_measures(title: Text, first: Text, rows: Rows, code: str, console: Console) -> None:
    """A table with a column for each of `MEASURES`; a paragraph a row where there is no room for them."""
    heads = [textwrap.wrap(show(code, label), _HEAD) for label in MEASURES.values()]
    values = [measures(counts, partial(number, code)) for _, counts in rows]
    widths = [max(map(len, [*head, *column])) for head, column in zip(heads, zip(*values, strict=True), strict=True)]
    names = [clean(show(code, name)) for name, _ in rows]
    left = console.width - sum(1 + width for width in widths)
    if left < _LEAST:
        console.print(show(code, title), style="bold")
        for name, cells in zip(names, values, strict=True):
            said = [
                msg("{field}: {figures}", field=label, figures=cell)
                for label, cell in zip(MEASURES.values(), cells, strict=True)
                if cell
            ]
            console.print(
                show(code, msg("{name}: {value}", name=name, value=series(said, msg("; ")))) if said else name
            )
        return
    table = titled_table(show(code, title))
    table.add_column(show(code, first), width=min(left, max(map(len, [show(code, first), *names]))), overflow="fold")
    for head, width in zip(heads, widths, strict=True):
        table.add_column("\n".join(head), justify="right", width=width)  # a count that is cut off is another count
    for name, cells in zip(names, values, strict=True):
        table.add_row(name, *cells)
    console.print(table)


def astray_csv(cells: Iterable[Cell]) -> bytes:
    """Every instance that was told, and not as what it is, with the causes that its cases have."""
    each: Iterable[Astray] = chain.from_iterable(cell.astray for cell in cells)
    rows = sorted(each, key=lambda row: (row.fault, row.seed, row.evidence, row.insee, row.bureau))
    return csv_bytes([of.name for of in fields(Astray)], map(astuple, rows))
