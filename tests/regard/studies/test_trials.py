"""Trial nights: the same files as a simulated night has, and the same findings and cases as a folder of them gives."""

import json
from pathlib import Path
from typing import Any

import pytest

from protocol import night
from protocol.election import read_election
from regard.studies import trials
from regard.studies.evidence_sets import EVIDENCE, FULL, LISTS, MATRIX_COLUMNS, SINGLE
from regard.studies.matrix_document import as_markdown
from regard.studies.scoring import FaultOutcome, read_truth
from regard.studies.trial_nights import GAPS, MACHINES, MIXED, NO_FAULT, PAPER, YEAR, TrialNights, rates_of
from regard.studies.trials import COMMUNES, Cell, Trial, perform, perform_many, rates_of_many, trial_of_many
from regard.studies.trials import FAULTS as FAULTS_AT_ONCE
from sim import polling
from sim.bureaux import Bureau, choose, polling_bureaux
from sim.elections import SCENARIOS, Scenario
from sim.evidence import BureauEvidence
from sim.executors import executor
from sim.nights.night import FURTHER, simulate
from tests.verify.night_builder import loaded
from verify import audit
from verify.audit import Audit
from verify.model.evidence import LinedEvidence
from verify.model.findings import Severity

ON_PAPER = "bundle-as-nulls"
FAULTS = (
    *(NO_FAULT, "voted-twice", "roll-miscoded", "dump-batch-torn", "published-corrected", "dump-deleted"),
    *("dump-read-again", ON_PAPER),
)
"""Some of each stage, among them those with files more, fewer or other than the manifest lists."""


@pytest.mark.check(8)
@pytest.mark.parametrize("name", FAULTS)
def test_the_files_of_a_trial_are_those_of_a_simulated_night(name: str, tmp_path: Path) -> None:
    mixed = name == ON_PAPER
    communes = choose(YEAR, MIXED if mixed else MACHINES)
    simulate(
        tmp_path / "night",
        seed=2,
        year=YEAR,
        communes=communes,
        rates=rates_of(name),
        mixed=PAPER if mixed else None,
        workers=1,
    )
    nights = TrialNights(2, MACHINES)
    nights.night(NO_FAULT)
    written = nights.night(name)
    folder = tmp_path / "night"
    there = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.*")}
    listed = json.loads(there[night.MANIFEST])["files"]
    for kind in EVIDENCE:
        for own, simulated in ((written.files, there), (written.manifest, listed)):
            assert {file: own[file] for file in own if kind.has(file)} == {
                file: simulated[file] for file in simulated if kind.has(file)
            }
    assert trials.truth_of(written) == read_truth(tmp_path / "night" / night.TRUTH.file)
    assert list(EVIDENCE) == [
        kind for kind in EVIDENCE if any(kind.has(file) for file in written.files if file not in LISTS)
    ]


def test_what_is_the_same_in_two_nights_is_audited_once(monkeypatch: pytest.MonkeyPatch) -> None:
    audited: list[LinedEvidence] = []

    def run(evidence: LinedEvidence) -> Audit:
        audited.append(evidence)
        return audit.run(evidence)

    monkeypatch.setattr(trials, "run", run)
    held: list[Bureau] = []
    hold = polling.hold

    def counted_hold(seed: int, scenario: Scenario, bureau: Bureau, *how: Any) -> BureauEvidence:
        held.append(bureau)
        return hold(seed, scenario, bureau, *how)

    monkeypatch.setattr(polling, "hold", counted_hold)
    cells = perform(Trial(2, (NO_FAULT, "published-zeros", "late-opening")))
    assert cells["published-zeros", FULL].nights == cells["late-opening", FULL].nights == 1
    evidence = [tuple(name for name in ("records", "exports", "urns") if getattr(e, name) is not None) for e in audited]
    clean, zeros, late = evidence[:15], evidence[15:23], evidence[23:]
    assert len(set(map(id, audited))) == len(audited)
    assert clean.count(("exports", "urns")) == zeros.count(("exports", "urns")) + 1  # published beside them, or not
    assert len(zeros) == sum("published" in kind.parts for kind in EVIDENCE)
    assert len(late) == sum(kind.name != "published" for kind in EVIDENCE)  # the results are those of the clean night
    struck = cells["late-opening", FULL].outcomes.total()
    assert len(held) == len(set(held)) + struck < 2 * len(set(held))


def test_no_fault_of_a_night_is_left_in_the_next() -> None:
    for name, other in (("voted-twice", "late-opening"), ("envelope-doubled", "ballot-misread")):
        nights = TrialNights(2, MACHINES)
        struck = nights.night(name)
        after = nights.night(other)
        assert after.files == TrialNights(2, MACHINES).night(other).files != struck.files


def test_a_torn_batch_is_told_as_what_it_is_of_the_bureau_that_lost_its_export() -> None:
    cells = perform(Trial(2, ("dump-batch-torn",)))
    for kind in EVIDENCE:
        cell = cells["dump-batch-torn", kind.name]
        struck = cell.outcomes.total()
        assert struck == 2  # of two communes one bureau each, though the others are in the same file
        told = struck if "dumps" in kind.parts else 0
        of = cell.cases
        assert (of.told, of.cases, of.right_cause, of.right_piece) == (told, told, told, told)
        assert not cell.false.total()


def test_evidence_has_no_truth_and_declares_no_more(tmp_path: Path) -> None:
    written = TrialNights(1, ("77513",)).night(NO_FAULT)
    for kind in SINGLE:
        folder = tmp_path / kind.name
        trials.write_part(written, kind, folder)
        there = {path.name for path in folder.iterdir()}
        entries = set(kind.entries) - set(FURTHER)
        assert there == {"election.toml", "univers.csv", "choix.csv", "manifest.json", *entries}
        assert read_election(folder / night.ELECTION).complete == kind.complete
        evidence = loaded(folder)
        assert evidence.manifest.keys() == {used.path for used in evidence.inputs} - {"election.toml", "manifest.json"}
        assert not [found for found in audit.run(evidence).findings if found.severity > Severity.INFO]
        assert (evidence.exports is not None) is (night.EXPORTS in kind.entries)


def test_every_combination_of_four_kinds_of_evidence() -> None:
    names = [kind.name for kind in EVIDENCE]
    assert len(EVIDENCE) == len(set(names)) == 2**4 - 1
    assert MATRIX_COLUMNS.keys() <= set(names)
    assert names[-1] == FULL == "pv+published+dumps+modules"


def test_several_faults_at_once() -> None:
    rates = rates_of_many(1)
    assert rates == rates_of_many(1) != rates_of_many(2)
    assert len(set(rates) - set(GAPS)) in range(FAULTS_AT_ONCE - len(GAPS), FAULTS_AT_ONCE + 1)
    assert sum(len(polling_bureaux(1, SCENARIOS[YEAR], each, False)) for each in choose(YEAR, COMMUNES)) == 60
    found = perform_many(1)
    outcomes = found.outcomes
    assert outcomes.total() > FAULTS_AT_ONCE
    assert found.cases.told == outcomes.total() - outcomes[FaultOutcome.CANCELLED] - outcomes[FaultOutcome.MISSED]
    assert found.cases.right_cause <= found.cases.traced <= found.cases.told
    assert not found.false[Severity.ERROR] + found.false[Severity.WARNING]
    with executor(1) as pool:
        assert trial_of_many([1], pool) == found
    nothing = {(NO_FAULT, kind.name): Cell() for kind in EVIDENCE}
    text = as_markdown(nothing, 1, "en", found).decode()
    told = f"| {outcomes.total()} | {found.cases.told} | {found.cases.cases} | "
    assert told in text.partition("Several faults at once")[2]
    assert "Several faults at once" not in as_markdown(nothing, 1, "en").decode()
