"""One fault at a time in small simulated nights, verified with less and more evidence, and what came of it in counts.

Every night is simulated with `sim`, written, and read like any other; only the days that faults of paper leave as they
are, are simulated once for all of them.
"""

from __future__ import annotations

import copy
import itertools
import json
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from pathlib import Path

from protocol import night
from protocol.election import election_toml, read_election
from regard.studies.case_scoring import Astray, CaseCounts, astray, score_cases
from regard.studies.scoring import FaultOutcome, Place, read_truth, score
from sim.communes import choose
from sim.elections import SCENARIOS
from sim.evidence import BureauEvidence
from sim.executors import Here, results
from sim.faults.catalogue import fault_named, faults
from sim.faults.model import ConductFault, CountFault, DayFault, Fault, PaperFault, Unit
from sim.folder import NightFolder
from sim.night import FURTHER, PUBLISHED, days, papers, write_dumps, write_tables
from verify import audit
from verify.loading import load
from verify.model.evidence import Sources
from verify.model.findings import Severity

YEAR = 2022
MACHINES = ("34324", "77513", "92076")
"""Valras-Plage, Villenoy and Vaucresson: twelve bureaux, one of them with two machines."""
MIXED, PAPER = ("25388",), "studies"
"""Montbéliard, half on machines, for faults that happen in paper bureaux only; how careful those are."""
RATES = {Unit.PERSON: 0.002, Unit.BALLOT: 0.001, Unit.BUREAU: 0.2, Unit.GAP: 0.6}
"""How often the fault under trial happens, by what its rate counts: often, so that a few nights show it."""
PAPER_RATE = 0.02
"""The rate of a person's fault in paper bureaux, where all such rates are multiplied by a tenth."""
GAPS = {"signed-without-vote": 0.001, "voted-twice": 0.0005}
"""What makes the gaps that some faults need before they can happen."""
NO_FAULT = ""
"""The night without a fault."""

_LISTS = (night.UNIVERSE.file, night.CHOICES.file)
_RECORDS = (night.SIGNATURES.file, night.RECORDS.file, night.VOTES.file, night.TABULATION.file)


@dataclass(frozen=True, slots=True)
class EvidenceKind:
    """A combination of evidence: the files and folders of a night that it has, beside the official lists.

    ``complete`` are the kinds of evidence that are then declared complete, as `protocol.night.KINDS` names them.
    """

    name: str
    entries: tuple[str, ...]
    complete: frozenset[str]

    @property
    def parts(self) -> list[str]:
        """The names of `PARTS` that it is made of."""
        return self.name.split("+")


_PARTS = (
    EvidenceKind("pv", _RECORDS, frozenset({"emargements", "pv"})),
    EvidenceKind("published", (PUBLISHED, *FURTHER), frozenset({"publie"})),
    EvidenceKind("dumps", (night.EXPORTS,), frozenset({"exports"})),
    EvidenceKind("modules", (night.URNS,), frozenset({"modules"})),
)
PARTS = tuple(part.name for part in _PARTS)
"""What evidence is made of: PVs with sign-in counts, published results, dumps, module images."""
EVIDENCE = tuple(
    EvidenceKind(
        "+".join(part.name for part in some),
        tuple(entry for part in some for entry in part.entries),
        frozenset().union(*(part.complete for part in some)),
    )
    for size in range(1, len(_PARTS) + 1)
    for some in itertools.combinations(_PARTS, size)
)
"""Every combination of the four, each by itself first and all of them last."""
FULL = EVIDENCE[-1].name
LADDER = ("published", "dumps", "modules", "pv", "pv+published", "pv+published+dumps", FULL)
"""Those that a page has room for: three kinds by themselves, then PVs with sign-in counts and one kind more each."""

Key = tuple[str, str]
"""Name of the fault (or `NO_FAULT`) and of the kind of evidence."""


@dataclass(slots=True)
class Cell:
    """What one kind of evidence showed of one fault, in counts over all nights.

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

    def add(self, other: Cell) -> None:
        """Count another cell's nights in."""
        self.nights += other.nights
        self.whole += other.whole
        self.outcomes += other.outcomes
        self.codes += other.codes
        self.screens += other.screens
        self.false += other.false
        self.false_screens += other.false_screens
        self.false_codes += other.false_codes
        self.beside += other.beside
        self.cases.add(other.cases)
        self.astray += other.astray


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
    held: dict[tuple[bool, tuple[tuple[str, float], ...]], list[list[BureauEvidence]]] = {}
    cells: dict[Key, Cell] = {}
    for name in trial.names:
        rates = _rates(name)
        of_the_day = tuple((each, rate) for each, rate in rates.items() if not isinstance(faults()[each], PaperFault))
        key = name != NO_FAULT and _on_paper_only(faults()[name]), of_the_day
        if key not in held:
            held[key] = _days(trial, key[0], dict(of_the_day))
        with tempfile.TemporaryDirectory(prefix="regard-") as folder:
            _write(Path(folder) / "night", trial.seed, rates, held[key])
            for kind in EVIDENCE:
                cells[name, kind.name] = _cell(Path(folder), trial.seed, name, kind)
    return cells


def _rates(name: str) -> dict[str, float]:
    if name == NO_FAULT:
        return {}
    fault = faults()[name]
    if fault.unit is Unit.GAP:
        return {**GAPS, name: RATES[Unit.GAP]}
    return {name: PAPER_RATE if fault.unit is Unit.PERSON and _on_paper_only(fault) else RATES[fault.unit]}


def _on_paper_only(fault: Fault) -> bool:
    if isinstance(fault, PaperFault):
        return fault.paper
    return isinstance(fault, CountFault) or (isinstance(fault, DayFault) and not fault.machines)


def _days(trial: Trial, mixed: bool, rates: dict[str, float]) -> list[list[BureauEvidence]]:
    communes = choose(YEAR, MIXED if mixed else trial.communes)
    return list(
        days(trial.seed, SCENARIOS[YEAR], communes, rates, PAPER if mixed else None, Here(), lambda done, total: None)
    )


def _write(folder: Path, seed: int, rates: dict[str, float], held: Sequence[Sequence[BureauEvidence]]) -> None:
    """Write the night that these days and the faults of paper make; the days stay as they are."""
    scenario = SCENARIOS[YEAR]
    done: list[BureauEvidence] = []
    with NightFolder(folder) as writing:
        for days_of_commune in held:
            commune = [copy.deepcopy(replace(evidence, passage=None)) for evidence in days_of_commune]
            papers(seed, scenario, rates, commune)
            write_dumps(writing, seed, scenario, rates, commune)
            done += commune
        done.sort(key=lambda evidence: evidence.bureau.key)
        write_tables(writing, scenario, done)
        writing.write_manifest({})


def _cell(folder: Path, seed: int, name: str, kind: EvidenceKind) -> Cell:
    whole = folder / "night"
    evidence = load(Sources(folder=select(whole, kind, folder / kind.name)))
    bureaux: set[Place] = set(zip(evidence.universe.insee.tolist(), evidence.universe.bureau.tolist(), strict=True))
    result, truth = audit.run(evidence), read_truth(whole / night.TRUTH.file)
    found = score(truth, result.findings, bureaux)
    cases = score_cases(truth, found, result.findings, result.cases, bureaux, kind.parts)
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


def select(folder: Path, kind: EvidenceKind, target: Path) -> Path:
    """A folder with only that evidence of a night: links to its files, an election that declares no more, a manifest.

    The manifest has what the night's own says of the files that are linked.
    """
    target.mkdir()
    election = read_election(folder / night.ELECTION)
    (target / night.ELECTION).write_bytes(election_toml(replace(election, complete=kind.complete)))
    for entry in (*_LISTS, *kind.entries):
        source = folder / entry
        if source.is_dir():
            (target / entry).mkdir()
            for file in source.iterdir():
                _link(file, target / entry / file.name)
        elif source.exists():
            _link(source, target / entry)
    listed = json.loads((folder / night.MANIFEST).read_bytes())["files"]
    kept = {file: digest for file, digest in listed.items() if file.partition("/")[0] in (*_LISTS, *kind.entries)}
    (target / night.MANIFEST).write_text(json.dumps({"files": kept}), encoding="utf-8")
    return target


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:  # FAT has no links
        shutil.copyfile(source, target)


def names(chosen: Collection[str] = ()) -> tuple[str, ...]:
    """The clean night, and the faults with these names, or else all, in the simulator's order.

    Raises:
        UnknownFault: no fault has that name.
    """
    only = {fault_named(name).name for name in chosen}
    return (NO_FAULT, *(name for name in faults() if name in only or not only))


def stage(name: str) -> str:
    """Where a fault strikes: ``day``, ``count``, ``conduct``, or the stage of the papers."""
    fault = faults()[name]
    if isinstance(fault, PaperFault):
        return fault.stage.value
    return "conduct" if isinstance(fault, ConductFault) else "count" if isinstance(fault, CountFault) else "day"
