"""The evidence matrix as a document in each language, and as CSV."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterator
from dataclasses import astuple, fields
from functools import partial

from protocol.files import csv_bytes
from protocol.words import Message, language, msg, series
from regard.language import number, show
from regard.reference import markdown
from regard.reference.documents import name_in
from regard.studies.case_scoring import CaseCounts
from regard.studies.evidence_sets import EVIDENCE, FULL, LADDER
from regard.studies.matrix_cases import Cells, by_stage, cases_tables, fault_names, many_tables
from regard.studies.matrix_words import KINDS, NAMES
from regard.studies.scoring import FaultOutcome
from regard.studies.trial_nights import NO_FAULT
from regard.studies.trials import Cell, stage
from regard.studies.unshown_rules import REASONS
from sim.faults.catalogue import faults
from verify.model.findings import Severity
from verify.rulebook.catalogue import rules

SOME = ("published", "pv", FULL)
"""The combinations for which the rules that show a fault are listed."""


def figures(cell: Cell) -> tuple[int, int, int]:
    """Instances that were caught, that were only seen, and that counts could show at all (those not cancelled out)."""
    outcomes = cell.outcomes
    able = outcomes[FaultOutcome.CAUGHT] + outcomes[FaultOutcome.SEEN] + outcomes[FaultOutcome.MISSED]
    return outcomes[FaultOutcome.CAUGHT], outcomes[FaultOutcome.SEEN], able


def is_whole(cell: Cell) -> bool:
    """Check that counts could show instances, and all of them were caught."""
    caught, _, able = figures(cell)
    return caught == able > 0


# --- CSV ---


def as_csv(cells: Cells, seeds: int) -> bytes:
    """All counts, one row for each fault (empty: the clean nights) and combination of evidence."""
    outcomes = tuple(FaultOutcome)
    header = (
        *("fault", "stage", "evidence", "seeds", "nights", "whole_nights"),
        *(outcome.value for outcome in outcomes),
        *("false_errors", "false_warnings", "false_infos", "false_screens"),
        *("rules", "screens", "false_rules", "beside_rules"),
        *(each.name for each in fields(CaseCounts)[:-1]),
        "false_cases",
    )
    rows = []
    for (name, kind), cell in cells.items():
        row: list[object] = [name, stage(name) if name else "", kind, seeds, cell.nights, cell.whole]
        row += [cell.outcomes[outcome] for outcome in outcomes]
        row += [*(cell.false[each] for each in sorted(Severity, reverse=True)), cell.false_screens]
        codes = (cell.codes, cell.screens, cell.false_codes, cell.beside)
        rows.append([*row, *map(_listed, codes), *astuple(cell.cases)])
    return csv_bytes(header, rows)


def _listed(codes: Counter[str]) -> str:
    """Codes with their counts, the most frequent first."""
    ordered = sorted(codes.items(), key=lambda item: (-item[1], item[0]))
    return " ".join(f"{code}:{count}" for code, count in ordered)


# --- Markdown ---


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
    every = len(names) == len(faults())
    chosen = [] if every else [f"--fault {name}" for name in names]
    some = [KINDS[kind] for kind in SOME[:-1]]
    return markdown.document(
        __file__,
        language(code),
        command=" ".join(("regard study matrix", *chosen, f"--seeds {seeds} -o {shlex.quote(folder)}")),
        linked=linked,
        limits=_limits(code) if linked else f"`regard help {name_in(code, 'limits')}`",
        seeds=seeds,
        evidence=len(EVIDENCE),
        kinds=[show(code, KINDS[kind]) for kind in LADDER],
        some_kinds=[show(code, each) for each in (*some, msg("all evidence"))],
        whole=sum(is_whole(cells[name, FULL]) for name in names),
        number=len(names),
        effects=[[f"`{name}`", show(code, faults()[name].effect)] for name in names],
        caught=list(by_stage(cells, code, partial(_caught, cells, code, linked))),
        **cases_tables(cells, code),
        **many_tables(many, code),
        rules_of_faults=list(_rules_of_faults(cells)),
        simulated=len(faults()),
        faults_of_rules=list(_faults_of_rules(cells, code, every)),
        false_without=list(_false(cells, code, clean=True)),
        false_beside=list(_false(cells, code, clean=False)),
        beside=list(_beside(cells)),
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


def _rules_of_faults(cells: Cells) -> Iterator[list[str]]:
    for name in fault_names(cells):
        listed = [_listed(cells[name, kind].codes) or "-" for kind in SOME]
        yield [f"`{name}`", *listed, _listed(cells[name, FULL].screens)]


def _faults_of_rules(cells: Cells, language_code: str, every: bool) -> Iterator[list[str]]:
    shown: dict[str, dict[str, None]] = {code: {} for code in rules()}
    for (name, _), cell in cells.items():
        for code in (*cell.codes, *cell.screens):
            shown[code][name] = None
    for code, the_rule in rules().items():
        reason: Message | str = msg("- ({reason})", reason=REASONS[code]) if code in REASONS else "-"
        named = markdown.code(shown[code])
        if named or every:
            yield [code, show(language_code, the_rule.title), named or show(language_code, reason)]


def _false(cells: Cells, code: str, clean: bool) -> Iterator[list[str]]:
    for kind in EVIDENCE:
        total = Cell()
        for (name, of), cell in cells.items():
            if of == kind.name and (name == NO_FAULT) is clean:
                total.add(cell)
        counts = [total.nights, *(total.false[each] for each in sorted(Severity, reverse=True)), total.false_screens]
        label = show(code, series(NAMES[part] for part in kind.parts))
        yield [label, *(number(code, count) for count in counts), _listed(total.false_codes) or "-"]


def _beside(cells: Cells) -> Iterator[list[str]]:
    for name in fault_names(cells):
        listed = [_listed(cells[name, kind].beside) for kind in LADDER]
        if any(listed):
            yield [f"`{name}`", *listed]
