"""The evidence matrix: fewer pieces show less, the same seeds give the same bytes, and the documents are not stale."""

import csv
import io
import re
from collections import Counter
from pathlib import Path

import pytest

from regard.cli import main
from regard.studies import trial_nights, trials
from regard.studies.case_scoring import sum_of
from regard.studies.evidence_sets import EVIDENCE, FULL
from regard.studies.matrix_document import as_csv, as_markdown, fault_names, is_whole, mark
from regard.studies.scoring import FaultOutcome
from regard.studies.trial_nights import NO_FAULT
from regard.studies.trials import Cell, Key, Trial, names, perform
from sim.executors import executor
from sim.faults.catalogue import faults
from tests.regard.calling import CommandLine
from tests.sources import DOCS
from verify.model.findings import Severity

FEW = (NO_FAULT, "choices-exchanged", "panel-exchanged", "published-doubled")
PLACES = ("77513",)
COMBINATIONS = tuple(kind.name for kind in EVIDENCE)


@pytest.fixture(scope="module")
def cells() -> dict[Key, Cell]:
    """Three bureaux instead of twelve, and every one struck: enough to see the difference, in a second."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(trial_nights, "RATES", dict.fromkeys(trial_nights.RATES, 1.0))
        return perform(Trial(1, FEW, PLACES))


def test_more_evidence_shows_more(cells: dict[Key, Cell]) -> None:
    caught = {kind: cells["choices-exchanged", kind].outcomes[FaultOutcome.CAUGHT] for kind in COMBINATIONS}
    of = cells["choices-exchanged", FULL].outcomes.total()
    assert of
    for kind, number in caught.items():  # what the machine counted, against a paper
        machine = {"dumps", "modules"} & set(kind.split("+"))
        paper = {"pv", "published"} & set(kind.split("+"))
        assert number == (of if machine and paper else 0), kind
    assert cells["choices-exchanged", FULL].codes["R212"] == of
    assert cells["choices-exchanged", "published+modules"].codes["T302"] == of
    assert not any(cells["panel-exchanged", kind].outcomes[FaultOutcome.CAUGHT] for kind in COMBINATIONS)
    assert cells["panel-exchanged", FULL].outcomes[FaultOutcome.MISSED]
    assert cells["published-doubled", "published"].whole == 1
    assert cells["published-doubled", "pv"].whole == 0


def test_a_clean_night_is_clean(cells: dict[Key, Cell]) -> None:
    for kind in COMBINATIONS:
        cell = cells[NO_FAULT, kind]
        assert (cell.nights, cell.false, cell.outcomes) == (1, Counter[Severity](), Counter[FaultOutcome]())


def test_the_same_seeds_give_the_same_bytes_on_any_number_of_processes() -> None:
    made = []
    for workers in (1, 2):
        with executor(workers) as pool:
            cells = trials.trials(
                [Trial(seed, tuple(FEW[:2]), PLACES) for seed in (1, 2)], pool, lambda done, total: None
            )
        made.append((as_csv(cells, 2), as_markdown(cells, 2, "fr")))
    assert made[0] == made[1]


def test_a_cell_says_whether_all_were_caught() -> None:
    def shown(**outcomes: int) -> str:
        return mark(Cell(outcomes=Counter({FaultOutcome[name.upper()]: count for name, count in outcomes.items()})))

    assert shown(caught=3) == shown(caught=3, cancelled=2) == "●"
    assert shown(caught=2, missed=1) == shown(seen=1, missed=1) == "◐"
    assert shown(missed=3) == "○"
    assert shown(cancelled=3) == shown() == "-"


def test_every_fault_has_a_row_and_every_rule_too(cells: dict[Key, Cell]) -> None:
    text = as_markdown(cells, 1, "en").decode()
    assert set(fault_names(cells)) == set(FEW) - {NO_FAULT}
    assert re.search(r"(?m)^\| ○ \| .* \| ● \| `choices-exchanged` \|$", text)
    assert re.search(r"(?m)^\| ○ \| .* \| ○ \| \[`panel-exchanged`\]\(../guide/limits.md\) \(0/\d+\) \|$", text)
    rows = list(csv.DictReader(io.StringIO(as_csv(cells, 1).decode())))
    assert len(rows) == len(FEW) * len(EVIDENCE)
    assert set(names()) == {NO_FAULT, *faults()}


def test_the_documents_say_what_cases_made_of_the_faults(cells: dict[Key, Cell]) -> None:
    english, french = (as_markdown(cells, 1, code).decode() for code in ("en", "fr"))
    counts = cells["choices-exchanged", FULL].cases
    assert counts.told == counts.traced == cells["choices-exchanged", FULL].outcomes.total() > 0
    every = sum_of(cells[fault, FULL].cases for fault in FEW[1:])
    ratio = f"{every.cases / every.told:.2f}"
    row = f" | {every.told} | {every.cases} | {ratio} | {every.right_cause}/{every.traced} |"
    assert row in english
    assert row.replace(ratio, ratio.replace(".", ",")) in french


def test_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(trial_nights, "RATES", dict.fromkeys(trial_nights.RATES, 1.0))
    folder = tmp_path / "new" / "matrix"
    chosen = [word for name in reversed(FEW[1:]) for word in ("--fault", name)]
    options = ["-o", str(folder), "--workers", "1", "--lang", "en"]
    assert main(["matrix", "--seeds", "1", *chosen, *options]) == 0
    assert {path.name for path in folder.iterdir()} == {
        *("matrix.md", "matrice.md", "matrix.csv"),
    }
    said = capsys.readouterr().out
    shown = " ".join(said.split())
    assert shown.startswith("3 faults, 1 seed. With all evidence 2 faults caught in every instance; ")
    assert "0 errors and warnings on 1 night without a fault" in shown
    assert " (panel-exchanged): " in shown
    with pytest.raises(SystemExit, match="2"):
        main(["matrix", "--seeds", "0"])


def test_the_faults_that_are_measured_are_those_that_were_named() -> None:
    assert names() == (NO_FAULT, *faults())
    assert names(["voted-twice", "dump-lost", "voted-twice"]) == (NO_FAULT, "voted-twice", "dump-lost")


def test_a_document_of_some_faults_says_which(cells: dict[Key, Cell]) -> None:
    text = " ".join(as_markdown(cells, 1, "en").decode().split())
    chosen = " ".join(f"--fault {name}" for name in FEW[1:])
    assert f"by `regard study matrix {chosen} --seeds 1 -o docs/studies`" in text
    assert "(../guide/limits.md)" in text
    elsewhere = " ".join(as_markdown(cells, 1, "en", folder="my matrix").decode().split())
    assert f"by `regard study matrix {chosen} --seeds 1 -o 'my matrix'`" in elsewhere
    assert "../guide" not in elsewhere
    assert "`regard help limits` say why" in elsewhere


@pytest.mark.parametrize(
    ("name", "language", "said"),
    [
        ("voted-twise", "en", "no fault “voted-twise”; similar name: voted-twice"),
        ("voted-twise", "fr", "nom le plus proche : voted-twice"),
        ("published", "en", "published-"),
        ("Ω", "en", "no fault “Ω”"),
    ],
)
def test_a_fault_that_there_is_not(name: str, language: str, said: str, tmp_path: Path, cli: CommandLine) -> None:
    folder = tmp_path / "matrix"
    chosen = ["--fault", "voted-twice", "--fault", name]
    cli("matrix", *chosen, "-o", folder, "--lang", language, code=2)
    assert said in cli.err
    assert not folder.exists()


# --- The committed documents ---


@pytest.mark.parametrize("document", ["matrix.md", "matrice.md"])
def test_the_matrix_names_every_fault(document: str) -> None:
    """A new fault asks for `regard study matrix --seeds 100 -o docs/studies`."""
    text = (DOCS / "studies" / document).read_text("utf-8")
    assert set(faults()) <= set(re.findall(r"`([a-z0-9-]+)`", text))


def rows_of_the_document() -> list[dict[str, str]]:
    with (DOCS / "studies" / "matrix.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("document", ["limits.md", "limites.md"])
def test_the_limits_explain_every_fault_that_is_not_always_caught(document: str) -> None:
    text = (DOCS / "guide" / document).read_text("utf-8")
    named = set(re.findall(r"`([a-z0-9-]+)`", text))
    for row in rows_of_the_document():
        if row["evidence"] in (FULL, "pv") and int(row["missed"]) + int(row["seen"]) + int(row["cancelled"]):
            assert row["fault"] in named, row


def test_the_limits_count_the_faults_that_nothing_tells_apart() -> None:
    """One gap and nothing else, whatever made it: those that give R201 or R202 alone with exports as well."""
    rows = [row for row in rows_of_the_document() if row["evidence"] == "pv+published+dumps"]
    alike = [row["fault"] for row in rows if re.fullmatch("R20[12]:[0-9]+", row["rules"])]
    assert len(alike) == 8
    for document, said in (("limits.md", "Eight faults of the"), ("limites.md", "Huit anomalies du simulateur")):
        assert said in (DOCS / "guide" / document).read_text("utf-8")


def test_what_the_committed_matrix_shows() -> None:
    """Every fault is caught with all evidence in every seed, but for those that the limits say cannot be."""
    rows = [row for row in rows_of_the_document() if row["evidence"] == FULL]
    clean = next(row for row in rows if not row["fault"])
    assert int(clean["seeds"]) == int(clean["nights"]) >= 100
    for row in rows:
        assert (row["false_errors"], row["false_warnings"]) == ("0", "0"), row
    not_always = {
        row["fault"]
        for row in rows
        if row["fault"] and (row["caught"] == "0" or row["missed"] != "0" or row["seen"] != "0")
    }
    assert not_always == {
        *("panel-exchanged", "ballot-misread", "roll-from-votes", "early-closing", "wrong-clock"),
        *("enabled-twice", "power-cut", "reserve-machine", "paper-instead"),
    }


MOST_CASES = {FULL: 1.05, "pv": 1.2}
LEAST_RIGHT = {FULL: 0.95, "pv": 0.75}


@pytest.mark.parametrize("evidence", [FULL, "pv"])
def test_the_committed_matrix_has_about_one_case_an_instance_and_of_the_right_cause(evidence: str) -> None:
    """Over all faults: of PVs the sign-in counts are a part."""
    rows = [row for row in rows_of_the_document() if row["evidence"] == evidence and row["fault"]]
    told, traced, cases, right = (
        sum(int(row[name]) for row in rows) for name in ("told", "traced", "cases", "right_cause")
    )
    assert {row["fault"] for row in rows} == set(faults())
    assert 0 < right <= traced <= told
    assert cases <= MOST_CASES[evidence] * told
    assert right >= LEAST_RIGHT[evidence] * traced


def test_no_wrong_cause_is_called_certain_in_the_committed_matrix() -> None:
    """Whatever evidence there is; and no clean night has a case."""
    rows = rows_of_the_document()
    assert {row["evidence"] for row in rows} == {kind.name for kind in EVIDENCE}
    assert [row for row in rows if row["wrong_certain"] != "0"] == []
    assert [row for row in rows if not row["fault"] and (row["cases"], row["false_cases"]) != ("0", "0")] == []


def test_whole_needs_an_instance() -> None:
    assert not is_whole(Cell())
    assert is_whole(Cell(outcomes=Counter({FaultOutcome.CAUGHT: 1, FaultOutcome.CANCELLED: 1})))
