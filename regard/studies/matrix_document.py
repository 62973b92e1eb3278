"""The evidence matrix as a document in each language, and as CSV."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import astuple, fields
from functools import partial
from itertools import groupby

from protocol.files import csv_bytes
from protocol.words import language, msg, series
from regard.language import decimal, number, show
from regard.reference import markdown
from regard.reference.documents import name_in
from regard.studies.case_scoring import CaseCounts, measures, sum_of
from regard.studies.evidence_sets import EVIDENCE, FULL, LADDER
from regard.studies.matrix_words import KINDS, NAMES, STAGES
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


def as_markdown(cells: Cells, seeds: int, code: str, many: Cell | None = None, folder: str = STUDIES) -> bytes:
    """The document in the language of that code: `docs/studies/matrix.md`, in French `docs/studies/matrice.md`.

    Args:
        cells: one fault at a time.
        seeds: 1 to that number.
        code: of the language.
        many: what came of ten faults at once, where that was measured.
        folder: where it is written; only in that of the project do its links have somewhere to lead.
    """
    names, linked = fault_names(cells), folder == STUDIES
    chosen = [] if len(names) == len(faults()) else [f"--fault {name}" for name in names]
    return markdown.document(
        __file__,
        language(code),
        command=" ".join(("regard study matrix", *chosen, f"--seeds {seeds} -o {shlex.quote(folder)}")),
        linked=linked,
        limits=_limits(code) if linked else f"`regard help {name_in(code, 'limits')}`",
        seeds=seeds,
        evidence=len(EVIDENCE),
        kinds=[show(code, KINDS[kind]) for kind in LADDER],
        whole=sum(is_whole(cells[name, FULL]) for name in names),
        number=len(names),
        caught=list(by_stage(cells, code, partial(_caught, cells, code, linked))),
        cases_by_evidence=list(_cases(cells, code)),
        nights_of_many=0 if many is None else many.nights,
        faults_of_many=FAULTS,
        many=[] if many is None else [_of_many(many, code)],
        simulated=len(faults()),
        false_without=list(_false(cells, code, clean=True)),
        false_beside=list(_false(cells, code, clean=False)),
    ).encode()


def mark(cell: Cell, code: str) -> str:
    """A cell of the table: a disc full, half or empty, and caught out of all; in brackets those only seen."""
    caught, seen, able = figures(cell)
    if not able:
        return "=" if cell.outcomes[FaultOutcome.CANCELLED] else "-"
    disc = "●" if caught == able else "◐" if caught or seen else "○"
    return f"{disc} {number(code, caught)}/{number(code, able)}" + (f" ({number(code, seen)})" if seen else "")


def _limits(code: str) -> str:
    return show(code, msg("[the limits](../guide/{name}.md)", name=name_in(code, "limits")))


def _caught(cells: Cells, code: str, linked: bool, name: str) -> list[str]:
    full = cells[name, FULL]
    link = f"`{name}`" if is_whole(full) or not linked else f"[`{name}`](../guide/{name_in(code, 'limits')}.md)"
    cancelled = full.outcomes[FaultOutcome.CANCELLED]
    marks = [mark(cells[name, kind], code) for kind in LADDER]
    return [link, *marks, number(code, cancelled) if cancelled else ""]


def by_stage(cells: Cells, code: str, row: Callable[[str], list[str]]) -> Iterator[list[str]]:
    """A row for each fault, below a row for its stage of the night."""
    for name, some in groupby(fault_names(cells), key=stage):
        rows = list(map(row, some))
        yield [f"**{show(code, STAGES[name])}**", *[""] * (len(rows[0]) - 1)]
        yield from rows


def _cases(cells: Cells, code: str) -> Iterator[list[str]]:
    """Cases of all faults together, by evidence."""
    for kind in EVIDENCE:
        of_faults = sum_of(cells[name, kind.name].cases for name in fault_names(cells))
        false = sum(cell.cases.false for (_, of), cell in cells.items() if of == kind.name)
        label = show(code, series(NAMES[part] for part in kind.parts))
        yield [label, *_measured(of_faults, code), number(code, false)]


def _of_many(many: Cell, code: str) -> list[str]:
    return [number(code, many.outcomes.total()), *_measured(many.cases, code), number(code, many.cases.false)]


def _measured(counts: CaseCounts, code: str) -> list[str]:
    told, cases, *others = measures(counts, partial(number, code))
    return [told, cases, decimal(code, counts.cases / counts.told, 2) if counts.told else "", *others]


def _false(cells: Cells, code: str, clean: bool) -> Iterator[list[str]]:
    for kind in EVIDENCE:
        total = Cell()
        for (name, of), cell in cells.items():
            if of == kind.name and (name == NO_FAULT) is clean:
                total.add(cell)
        counts = [total.nights, *(total.false[each] for each in sorted(Severity, reverse=True)), total.false_screens]
        label = show(code, series(NAMES[part] for part in kind.parts))
        yield [label, *(number(code, count) for count in counts), _listed(total.false_codes) or "-"]
