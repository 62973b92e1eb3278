"""The evidence matrix as a document in each language, and as CSV."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import astuple, fields
from datetime import date
from functools import partial

from protocol.files import csv_bytes
from protocol.words import language, msg
from regard.language import decimal, number, show
from regard.reference import markdown
from regard.reference.documents import name_in
from regard.studies.case_scoring import CaseCounts, measures, sum_of
from regard.studies.evidence_sets import EVIDENCE, FULL, MATRIX_COLUMNS
from regard.studies.scoring import FaultOutcome
from regard.studies.trial_nights import NO_FAULT
from regard.studies.trials import FAULTS, Cell, Key, stage
from sim.faults.catalogue import faults
from verify.model.findings import Severity

Cells = Mapping[Key, Cell]


def fault_names(cells: Cells) -> list[str]:
    """The faults in it, in the simulator's order; the clean night is none."""
    return [name for name in dict.fromkeys(name for name, _ in cells) if name != NO_FAULT]


def figures(cell: Cell) -> tuple[int, int, int]:
    """Instances that were caught, that were only seen, and that counts could show at all (those not cancelled out)."""
    outcomes = cell.outcomes
    able = outcomes[FaultOutcome.CAUGHT] + outcomes[FaultOutcome.SEEN] + outcomes[FaultOutcome.MISSED]
    return outcomes[FaultOutcome.CAUGHT], outcomes[FaultOutcome.SEEN], able


def is_whole(cell: Cell) -> bool:
    """Check that counts could show instances, and all of them were caught."""
    caught, _, able = figures(cell)
    return caught == able > 0


def as_csv(cells: Cells, seeds: int) -> bytes:
    """All counts, one row for each fault (empty: the clean nights) and combination of evidence."""
    outcomes = tuple(FaultOutcome)
    header = (
        *("fault", "stage", "evidence", "seeds", "nights", "whole_nights"),
        *(outcome.value for outcome in outcomes),
        *("false_errors", "false_warnings", "false_infos", "false_screens"),
        *("rules", "screens", "false_rules"),
        *(each.name for each in fields(CaseCounts)[:-1]),
        "false_cases",
    )
    rows = []
    for (name, kind), cell in cells.items():
        row: list[object] = [name, stage(name) if name else "", kind, seeds, cell.nights, cell.whole]
        row += [cell.outcomes[outcome] for outcome in outcomes]
        row += [*(cell.false[each] for each in sorted(Severity, reverse=True)), cell.false_screens]
        codes = (cell.codes, cell.screens, cell.false_codes)
        rows.append([*row, *map(_listed, codes), *astuple(cell.cases)])
    return csv_bytes(header, rows)


def _listed(codes: Counter[str]) -> str:
    """Codes with their counts, the most frequent first."""
    ordered = sorted(codes.items(), key=lambda item: (-item[1], item[0]))
    return " ".join(f"{code}:{count}" for code, count in ordered)


STUDIES = "docs/studies"
"""The folder of the project's own documents on its studies."""


def as_markdown(
    cells: Cells, seeds: int, code: str, many: Cell | None = None, folder: str = STUDIES, day: date | None = None
) -> bytes:
    """The document in the language of that code: `docs/studies/matrix.md`, in French `docs/studies/matrice.md`.

    Args:
        cells: one fault at a time.
        seeds: 1 to that number.
        code: of the language.
        many: what came of ten faults at once, where that was measured.
        folder: where it is written; only in that of the project do its links have somewhere to lead.
        day: when it was measured; today by default.
    """
    names, linked = fault_names(cells), folder == STUDIES
    chosen = [] if len(names) == len(faults()) else [f"--fault {name}" for name in names]
    return markdown.document(
        __file__,
        language(code),
        command=" ".join(("regard study matrix", *chosen, f"--seeds {seeds} -o {shlex.quote(folder)}")),
        day=(day or date.today()).isoformat(),
        limits=_limits(code) if linked else f"`regard help {name_in(code, 'limits')}`",
        seeds=seeds,
        evidence=len(EVIDENCE),
        kinds=[show(code, label) for label in MATRIX_COLUMNS.values()],
        whole=sum(is_whole(cells[name, FULL]) for name in names),
        number=len(names),
        caught=list(_caught(cells, code, linked)),
        cases_by_evidence=list(_cases(cells, code)),
        nights_of_many=0 if many is None else many.nights,
        faults_of_many=FAULTS,
        many=[] if many is None else [_of_many(many, code)],
        simulated=len(faults()),
        false_findings=[_false(cells, code, clean) for clean in (True, False)],
    ).encode()


def mark(cell: Cell) -> str:
    """A disc: full where every instance was caught, half where some were caught or seen, empty where none was."""
    caught, seen, able = figures(cell)
    return "-" if not able else "●" if caught == able else "◐" if caught or seen else "○"


def _limits(code: str) -> str:
    return show(code, msg("[the limits](../guide/{name}.md)", name=name_in(code, "limits")))


def _caught(cells: Cells, code: str, linked: bool) -> Iterator[list[str]]:
    """A row for all faults that the same evidence shows."""
    alike: dict[tuple[str, ...], list[str]] = {}
    for name in fault_names(cells):
        alike.setdefault(tuple(mark(cells[name, kind]) for kind in MATRIX_COLUMNS), []).append(name)
    for marks, names in alike.items():
        yield [*marks, ", ".join(_fault(name, cells[name, FULL], code, linked) for name in names)]


def _fault(name: str, full: Cell, code: str, linked: bool) -> str:
    """A fault; where all evidence does not always catch it, with its figures and a link to the reason."""
    if is_whole(full):
        return f"`{name}`"
    caught, _, able = figures(full)
    link = f"[`{name}`](../guide/{name_in(code, 'limits')}.md)" if linked else f"`{name}`"
    return f"{link} ({number(code, caught)}/{number(code, able)})"


def _cases(cells: Cells, code: str) -> Iterator[list[str]]:
    """Cases of all faults together, by evidence."""
    for kind, label in MATRIX_COLUMNS.items():
        of_faults = sum_of(cells[name, kind].cases for name in fault_names(cells))
        false = sum(cell.cases.false for (_, of), cell in cells.items() if of == kind)
        yield [show(code, label), *_measured(of_faults, code), number(code, false)]


def _of_many(many: Cell, code: str) -> list[str]:
    return [number(code, many.outcomes.total()), *_measured(many.cases, code), number(code, many.cases.false)]


def _measured(counts: CaseCounts, code: str) -> list[str]:
    told, cases, *others = measures(counts, partial(number, code))
    return [told, cases, decimal(code, counts.cases / counts.told, 2) if counts.told else "", *others]


def _false(cells: Cells, code: str, clean: bool) -> list[str]:
    """Findings where there is no fault, over all combinations of evidence, in nights without or with a fault."""
    total = Cell()
    for (name, _), cell in cells.items():
        if (name == NO_FAULT) is clean:
            total.add(cell)
    counts = [total.nights, *(total.false[each] for each in sorted(Severity, reverse=True)), total.false_screens]
    return [*(number(code, count) for count in counts), _listed(total.false_codes) or "-"]
