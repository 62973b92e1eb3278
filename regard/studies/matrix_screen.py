"""What cases said of the faults, on the screen: by evidence over all faults, and by fault where not all went well."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from functools import partial
from itertools import chain

from rich.table import Table

from protocol.files import csv_bytes
from protocol.words import Text, msg
from regard.language import number, show
from regard.studies.case_scoring import MEASURES, Astray, measures, sum_of
from regard.studies.evidence_sets import EVIDENCE, FULL
from regard.studies.matrix_cases import Cells, fault_names
from regard.studies.trials import Cell

_HEAD = 8
"""Characters of a head: six columns have room beside names of evidence."""


def by_evidence(cells: Cells, many: Cell | None, code: str) -> Table:
    """A row for each combination of evidence, by its name, over all faults; one for several faults at once."""
    table = measures_table(msg("Cases, by evidence"), msg("evidence"), code)
    for kind in EVIDENCE:
        counts = sum_of(cells[name, kind.name].cases for name in fault_names(cells))
        table.add_row(kind.name, *measures(counts, partial(number, code)))
    if many is not None:
        table.add_row(show(code, msg("several faults at once")), *measures(many.cases, partial(number, code)))
    return table


def by_fault(cells: Cells, code: str) -> Table | None:
    """A row for each fault that cases of all evidence did not name rightly in every instance; None without such."""
    table = measures_table(msg("Cases with all evidence, where not all are right"), msg("fault"), code)
    for name in fault_names(cells):
        if cells[name, FULL].astray:
            table.add_row(name, *measures(cells[name, FULL].cases, partial(number, code)))
    return table if table.row_count else None


def measures_table(title: Text, first: Text, code: str) -> Table:
    """An empty table with a column for each of `MEASURES` after the first."""
    table = Table(
        title=show(code, title),
        title_justify="left",
        title_style="bold",
        box=None,
        pad_edge=False,
        padding=(0, 1, 0, 0),
    )
    table.add_column(show(code, first), no_wrap=True)
    for label in MEASURES.values():
        head = "\n".join(textwrap.wrap(show(code, label), _HEAD))
        table.add_column(head, justify="right", no_wrap=True)  # a count that is cut off is another count
    return table


def astray_csv(cells: Iterable[Cell]) -> bytes:
    """Every instance that was told, and not as what it is, with the causes that its cases have."""
    header = ("seed", "evidence", "fault", "insee", "bureau", "right_causes", "cases", "rules")
    each: Iterable[Astray] = chain.from_iterable(cell.astray for cell in cells)
    rows = sorted(each, key=lambda row: (row.fault, row.seed, row.evidence, row.insee, row.bureau))
    values = ((r.seed, r.evidence, r.fault, r.insee, r.bureau, r.expected, r.cases, r.rules) for r in rows)
    return csv_bytes(header, values)
