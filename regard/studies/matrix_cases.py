"""Tables of the evidence matrix on the cases of faults."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import groupby
from typing import Any

from protocol.words import series
from regard.language import decimal, number, show
from regard.reference import markdown
from regard.studies.case_scoring import CaseCounts, measures, right_of, sum_of
from regard.studies.evidence_sets import EVIDENCE, FULL, LADDER, PARTS
from regard.studies.matrix_words import NAMES, STAGES
from regard.studies.right_causes import CLASSES
from regard.studies.trial_nights import NO_FAULT
from regard.studies.trials import FAULTS, Cell, Key, stage

Cells = Mapping[Key, Cell]


def fault_names(cells: Cells) -> list[str]:
    """The faults in it, in the simulator's order; the clean night is none."""
    return [name for name in dict.fromkeys(name for name, _ in cells) if name != NO_FAULT]


def cases_tables(cells: Cells, code: str) -> dict[str, list[list[str]]]:
    """The rows of each table, by the names that the template has for them."""

    def by_fault(fault: str) -> list[str]:
        return [f"`{fault}`", *_measured(cells[fault, FULL].cases, code)]

    def right(fault: str) -> list[str]:
        return [f"`{fault}`", *(_mark(cells[fault, kind].cases, code) for kind in LADDER)]

    return {
        "cases_by_evidence": list(_by_evidence(cells, code)),
        "cases_by_fault": list(by_stage(cells, code, by_fault)),
        "right_by_evidence": list(by_stage(cells, code, right)),
        "cause_classes": list(_classes(cells, code)),
    }


def many_tables(many: Cell | None, code: str) -> dict[str, Any]:
    """The same for ten faults at once, which were measured or not: the sums, and what was not told as what it is."""
    if many is None:
        return {"nights_of_many": 0}
    wrong = Counter((row.fault, row.cases or "-") for row in many.astray)
    ordered = sorted(wrong.items(), key=lambda item: (-item[1], item[0]))
    return {
        "nights_of_many": many.nights,
        "faults_of_many": FAULTS,
        "many": [[number(code, many.outcomes.total()), *_measured(many.cases, code), number(code, many.cases.false)]],
        "many_astray": [[f"`{fault}`", f"`{cases}`", number(code, count)] for (fault, cases), count in ordered],
    }


def _by_evidence(cells: Cells, code: str) -> Iterator[list[str]]:
    for kind in EVIDENCE:
        of_faults = sum_of(cells[name, kind.name].cases for name in fault_names(cells))
        false = sum(cell.cases.false for (_, of), cell in cells.items() if of == kind.name)
        label = show(code, series(NAMES[part] for part in kind.parts))
        yield [label, *_measured(of_faults, code), number(code, false)]


def by_stage(cells: Cells, code: str, row: Callable[[str], list[str]]) -> Iterator[list[str]]:
    """A row for each fault, below a row for its stage of the night."""
    for name, some in groupby(fault_names(cells), key=stage):
        rows = list(map(row, some))
        yield [f"**{show(code, STAGES[name])}**", *[""] * (len(rows[0]) - 1)]
        yield from rows


def _measured(counts: CaseCounts, code: str) -> list[str]:
    told, cases, *others = measures(counts, partial(number, code))
    return [told, cases, decimal(code, counts.cases / counts.told, 2) if counts.told else "", *others]


def _mark(counts: CaseCounts, code: str) -> str:
    if not counts.told:
        return ""
    wrong = f" ({number(code, counts.wrong_cause)})" if counts.wrong_cause else ""
    return right_of(counts, partial(number, code)) + wrong


def _classes(cells: Cells, code: str) -> Iterator[list[str]]:
    measured = set(fault_names(cells))
    for each in CLASSES:
        own = [fault for fault in each.faults if fault in measured]
        if own:
            without = show(code, series(NAMES[part] for part in PARTS if part in each.without))
            yield [markdown.code(own), markdown.code(each.causes), without, show(code, each.reason)]
