"""One fault at a time in small simulated nights, verified with less and more evidence, in counts; and ten at once."""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from pathlib import Path

from protocol import night
from protocol.election import election_toml, parse_election
from protocol.opening import OpenedFile
from regard.studies.case_scoring import CaseCounts, Summed, judge
from regard.studies.evidence_sets import EVIDENCE, EvidenceSet
from regard.studies.scoring import FaultOutcome, TruthLine, truth_in
from regard.studies.trial_nights import GAPS, MACHINES, NO_FAULT, NightInMemory, TrialNights, on_paper_only
from sim.executors import results
from sim.faults.catalogue import fault_named, faults
from sim.faults.model import ConductFault, CountFault, PaperFault, Unit
from sim.streams import stream
from verify.audit import Audit, run
from verify.loading import load
from verify.model.evidence import Sources
from verify.model.findings import Severity
from verify.model.thresholds import Thresholds
from verify.model.universe import Universe
from verify.read.sheet import parse_sheet

Key = tuple[str, str]
"""Name of the fault (or `NO_FAULT`) and of the kind of evidence."""
Digests = tuple[tuple[str, str], ...]
"""The files of some evidence with their SHA-256, those of its manifest, and its name."""
THRESHOLDS = Thresholds(screen_one_in=20)
"""The statistical screens are asked for."""

COMMUNES = ("77445", "92073", "94015")
"""Savigny-le-Temple, Suresnes and Bry-sur-Marne: sixty bureaux, for ten faults at once."""
FAULTS = 10
RATES = {Unit.PERSON: 0.0003, Unit.BALLOT: 0.0, Unit.BUREAU: 0.06, Unit.GAP: 0.5}
"""Rate of each of the ten, by its unit: in about four bureaux."""


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
        cases: what cases said of the instances.
    """

    nights: int = 0
    whole: int = 0
    outcomes: Counter[FaultOutcome] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    screens: Counter[str] = field(default_factory=Counter)
    false: Counter[Severity] = field(default_factory=Counter)
    false_screens: int = 0
    false_codes: Counter[str] = field(default_factory=Counter)
    cases: CaseCounts = field(default_factory=CaseCounts)


@dataclass(frozen=True, slots=True)
class Trial:
    """One seed: all these faults, one at a time, with every kind of evidence; communes of the machine bureaux."""

    seed: int
    names: tuple[str, ...]
    communes: tuple[str, ...] = MACHINES


def trials(tasks: Sequence[Trial], pool: Executor, progress: Callable[[int, int], None]) -> dict[Key, Cell]:
    """The counts over all seeds, equal on any number of processes; ``progress`` takes seeds done, and all."""
    cells: dict[Key, Cell] = {}
    for done, found in enumerate(results(pool, perform, tasks), start=1):
        for key, cell in found.items():
            cells.setdefault(key, Cell()).add(cell)
        progress(done, len(tasks))
    return cells


def perform(trial: Trial) -> dict[Key, Cell]:
    """All faults of one seed. What is the same in two nights is audited once."""
    cells: dict[Key, Cell] = {}
    nights, before = TrialNights(trial.seed, trial.communes), dict[Digests, tuple[Audit, Universe]]()
    for name in trial.names:
        written = nights.night(name)
        for kind in EVIDENCE:
            digests = _digests(written, kind)
            if digests not in before:
                before[digests] = audited(written, kind)
            cells[name, kind.name] = _cell(written, before[digests], kind, name)
    return cells


def trial_of_many(seeds: Iterable[int], pool: Executor) -> Cell:
    """Ten faults at once, some of them in one bureau, verified with all evidence: the counts over all seeds."""
    total = Cell()
    for found in results(pool, perform_many, seeds):
        total.add(found)
    return total


def rates_of_many(seed: int) -> dict[str, float]:
    """Ten faults, drawn at random; with the gaps that some of them need."""
    machines = [fault for fault in faults().values() if not on_paper_only(fault)]
    drawn = stream(seed, "ten faults").choice(len(machines), FAULTS, replace=False)
    chosen = [machines[at] for at in sorted(drawn.tolist())]
    gaps = GAPS if any(fault.unit is Unit.GAP for fault in chosen) else {}
    return {**gaps, **{fault.name: RATES[fault.unit] for fault in chosen}}


def perform_many(seed: int) -> Cell:
    """One night with ten faults at once."""
    written, kind = TrialNights(seed, COMMUNES).night_at(rates_of_many(seed)), EVIDENCE[-1]
    return _cell(written, audited(written, kind), kind, None)


def _cell(written: NightInMemory, audited: tuple[Audit, Universe], kind: EvidenceSet, name: str | None) -> Cell:
    """The counts of one night for the fault of that name, or for all that happened together."""
    found, cases = judge(truth_of(written), *audited, kind.parts)
    own = [instance for instance in found.instances if name in (None, instance.fault)]
    outcomes = Counter(instance.outcome for instance in own)
    struck = bool(own) or not name
    return Cell(
        nights=int(struck),
        whole=int(struck and not outcomes[FaultOutcome.MISSED] and not outcomes[FaultOutcome.SEEN]),
        outcomes=outcomes,
        codes=Counter(code for instance in own for code in instance.codes),
        screens=Counter(code for instance in own for code in instance.screens),
        false=Counter(finding.severity for finding in found.false),
        false_screens=len(found.false_screens),
        false_codes=Counter(finding.code for finding in (*found.false, *found.false_screens)),
        cases=cases.counts(name),
    )


def truth_of(written: NightInMemory) -> list[TruthLine]:
    """The lines of a night's `verite.csv`."""
    name = night.TRUTH.file
    return truth_in(parse_sheet(OpenedFile(Path(name), written.files[name]), night.TRUTH))


def audited(written: NightInMemory, kind: EvidenceSet) -> tuple[Audit, Universe]:
    """The audit of a night with only that evidence, declared complete, and the official list."""
    with tempfile.TemporaryDirectory(prefix="regard-") as folder:
        write_part(written, kind, Path(folder) / "night")
        evidence = load(Sources(folder=Path(folder) / "night"))
        evidence.thresholds = THRESHOLDS
        return run(evidence), evidence.universe


def _digests(written: NightInMemory, kind: EvidenceSet) -> Digests:
    files = [(name, digest) for name, digest in written.digests.items() if kind.has(name)]
    listed = [(f"manifest {name}", digest) for name, digest in written.manifest.items() if kind.has(name)]
    return (("evidence", kind.name), *sorted(files), *sorted(listed))


def write_part(written: NightInMemory, kind: EvidenceSet, folder: Path) -> None:
    """A new folder with only that evidence of a night, an election that declares no more, and such a manifest."""
    folder.mkdir()
    for name in kind.entries:
        if name in (night.EXPORTS, night.URNS):
            (folder / name).mkdir()
    for name, data in written.files.items():
        if kind.has(name):
            (folder / name).write_bytes(data)
    election = parse_election(OpenedFile(Path(night.ELECTION), written.files[night.ELECTION]))
    (folder / night.ELECTION).write_bytes(election_toml(replace(election, complete=kind.complete)))
    listed = {name: digest for name, digest in written.manifest.items() if kind.has(name)}
    (folder / night.MANIFEST).write_text(json.dumps({"files": listed}), encoding="utf-8")


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
