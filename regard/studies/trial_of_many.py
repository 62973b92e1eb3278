"""Ten faults at once in one night of sixty bureaux, some of them in one bureau, verified with all evidence."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from pathlib import Path

from regard.studies.case_scoring import astray, score_cases
from regard.studies.evidence_sets import EVIDENCE
from regard.studies.scoring import score
from regard.studies.trial_audits import TrialAudits
from regard.studies.trial_nights import GAPS, TrialNights, on_paper_only
from regard.studies.trials import Cell
from sim.executors import results
from sim.faults.catalogue import faults
from sim.faults.model import Unit
from sim.streams import stream

COMMUNES = ("77445", "92073", "94015")
"""Savigny-le-Temple, Suresnes and Bry-sur-Marne: sixty bureaux."""
TOGETHER = "together"
"""In place of the evidence, where instances are listed that no case names rightly."""
FAULTS = 10
RATES = {Unit.PERSON: 0.0003, Unit.BALLOT: 0.0, Unit.BUREAU: 0.06, Unit.GAP: 0.5}
"""Rate of each, by its unit: in about four bureaux."""


def trial_of_many(
    seeds: Iterable[int], pool: Executor, progress: Callable[[int, int], None] = lambda done, total: None
) -> Cell:
    """The counts over all seeds and faults, equal on any number of processes."""
    total, tasks = Cell(), list(seeds)
    for done, found in enumerate(results(pool, perform_many, tasks), start=1):
        total.add(found)
        progress(done, len(tasks))
    return total


def rates_of_many(seed: int) -> dict[str, float]:
    """Ten faults, drawn at random; with the gaps that some of them need."""
    machines = [fault for fault in faults().values() if not on_paper_only(fault)]
    drawn = stream(seed, "ten faults").choice(len(machines), FAULTS, replace=False)
    chosen = [machines[at] for at in sorted(drawn.tolist())]
    gaps = GAPS if any(fault.unit is Unit.GAP for fault in chosen) else {}
    return {**gaps, **{fault.name: RATES[fault.unit] for fault in chosen}}


def perform_many(seed: int) -> Cell:
    """One night."""
    kind = EVIDENCE[-1]
    with tempfile.TemporaryDirectory(prefix="regard-") as folder:
        audits = TrialAudits(Path(folder))
        written = TrialNights(seed, COMMUNES).night_at(rates_of_many(seed))
        truth, audited = audits.truth(written), audits.audited(written, kind)
    result = audited.result
    found = score(truth, result.findings, audited.bureaux)
    cases = score_cases(truth, found, result.findings, result.cases, audited.bureaux, kind.parts)
    return Cell(
        nights=1,
        outcomes=Counter(instance.outcome for instance in found.instances),
        false=Counter(finding.severity for finding in found.false),
        cases=cases.counts(),
        astray=list(astray(cases, seed, TOGETHER)),
    )
