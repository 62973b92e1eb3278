"""One fault at a time in small simulated nights, verified with less and more evidence, in counts."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from pathlib import Path

from regard.studies.case_scoring import Astray, CaseCounts, Summed, astray, score_cases
from regard.studies.evidence_sets import EVIDENCE, EvidenceSet
from regard.studies.scoring import FaultOutcome, TruthLine, score
from regard.studies.trial_audits import Audited, TrialAudits
from regard.studies.trial_nights import MACHINES, NO_FAULT, TrialNights
from sim.executors import results
from sim.faults.catalogue import fault_named, faults
from sim.faults.model import ConductFault, CountFault, PaperFault
from verify.model.findings import Severity

Key = tuple[str, str]
"""Name of the fault (or `NO_FAULT`) and of the kind of evidence."""


@dataclass(slots=True)
class Cell(Summed):
    """Result of one kind of evidence for one fault, in counts over all nights.

    Attributes:
        nights: nights with the fault. ``whole``: those of them in which no instance was missed or only seen.
        outcomes: instances, a fault in a bureau each, by what became of them.
        codes: in how many instances a rule has a finding that concerns it.
        screens: in how many instances a screen (P) names the bureau, by code.
        false: findings where there is no fault, by severity. ``false_screens``: screens there.
        false_codes: the same findings by rule, screens included.
        beside: errors and warnings in bureaux with this fault that concern no fault there, by rule.
        cases: what cases said of the instances. ``astray``: those that were told, and not as what they are.
    """

    nights: int = 0
    whole: int = 0
    outcomes: Counter[FaultOutcome] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    screens: Counter[str] = field(default_factory=Counter)
    false: Counter[Severity] = field(default_factory=Counter)
    false_screens: int = 0
    false_codes: Counter[str] = field(default_factory=Counter)
    beside: Counter[str] = field(default_factory=Counter)
    cases: CaseCounts = field(default_factory=CaseCounts)
    astray: list[Astray] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Trial:
    """One seed: all these faults, one at a time, with every kind of evidence; communes of the machine bureaux."""

    seed: int
    names: tuple[str, ...]
    communes: tuple[str, ...] = MACHINES


def trials(
    seeds: Sequence[int],
    names: Sequence[str],
    pool: Executor,
    progress: Callable[[int, int], None],
    communes: tuple[str, ...] = MACHINES,
) -> dict[Key, Cell]:
    """The counts over all seeds, equal on any number of processes.

    Args:
        seeds: each makes a night for every fault.
        names: of faults; `NO_FAULT` for the clean night.
        pool: where the work is done.
        progress: called with the number of seeds that are done, and of all.
        communes: INSEE codes of those whose machine bureaux are simulated.
    """
    cells = {(name, kind.name): Cell() for name in names for kind in EVIDENCE}
    tasks = [Trial(seed, tuple(names), communes) for seed in seeds]
    for done, found in enumerate(results(pool, perform, tasks), start=1):
        for key, cell in found.items():
            cells[key].add(cell)
        progress(done, len(tasks))
    return cells


def perform(trial: Trial) -> dict[Key, Cell]:
    """All faults of one seed."""
    cells: dict[Key, Cell] = {}
    with tempfile.TemporaryDirectory(prefix="regard-") as folder:
        nights, audits = TrialNights(trial.seed, trial.communes), TrialAudits(Path(folder))
        for name in trial.names:
            written = nights.night(name)
            truth = audits.truth(written)
            for kind in EVIDENCE:
                cells[name, kind.name] = _cell(truth, audits.audited(written, kind), trial.seed, name, kind)
    return cells


def _cell(truth: Sequence[TruthLine], audited: Audited, seed: int, name: str, kind: EvidenceSet) -> Cell:
    result = audited.result
    found = score(truth, result.findings, audited.bureaux)
    cases = score_cases(truth, found, result.findings, result.cases, audited.bureaux, kind.parts)
    own = [instance for instance in found.instances if instance.fault == name]
    outcomes = Counter(instance.outcome for instance in own)
    places = {(instance.insee, instance.bureau) for instance in own}
    struck = bool(own) or name == NO_FAULT
    return Cell(
        nights=int(struck),
        whole=int(struck and not outcomes[FaultOutcome.MISSED] and not outcomes[FaultOutcome.SEEN]),
        outcomes=outcomes,
        codes=Counter(code for instance in own for code in instance.codes),
        screens=Counter(code for instance in own for code in instance.screens),
        false=Counter(finding.severity for finding in found.false),
        false_screens=len(found.false_screens),
        false_codes=Counter(finding.code for finding in (*found.false, *found.false_screens)),
        beside=Counter(finding.code for place, finding in found.beside if place in places),
        cases=cases.counts(name),
        astray=list(astray(cases, seed, kind.name, name)),
    )


def names(chosen: Collection[str] = ()) -> tuple[str, ...]:
    """The clean night, and the faults with these names, or else all, in the simulator's order.

    Raises:
        UnknownFault: no fault has that name.
    """
    only = {fault_named(name).name for name in chosen}
    return (NO_FAULT, *(name for name in faults() if name in only or not only))


def stage(name: str) -> str:
    """Stage that a fault strikes: ``day``, ``count``, ``conduct``, or the stage of the papers."""
    fault = faults()[name]
    if isinstance(fault, PaperFault):
        return fault.stage.value
    return "conduct" if isinstance(fault, ConductFault) else "count" if isinstance(fault, CountFault) else "day"
