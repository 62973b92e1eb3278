"""The way up on a day with two polls: each poll's figures go up by themselves, and a fault is of its poll."""

import shutil
from collections import Counter
from pathlib import Path

import pytest

import regard
from protocol.transmission import FEED, StepUp
from regard.api import Result
from regard.studies.right_causes import RIGHT
from sim.bureaux import choose
from sim.elections import SCENARIOS
from sim.nights.night import simulate
from sim.transmission.faults import way_faults
from tests.regard.calling import CommandLine
from tests.sim.nights import files, rows
from tests.sources import new_folder
from tests.verify.night_builder import codes_of, findings
from tests.verify.way_up.test_way_up import PIECES
from tests.verify.way_up.way_up_nights import altered
from verify.model.findings import Severity

CODES = ["34324", "77513", "92076"]
POLLS = ("1", "2")
COUNTS = ("inscrits", "emargements", "votes_trouves", "blancs", "nuls", "exprimes")
Cases = list[tuple[str, str, list[tuple[str, str, int]]]]


def night(rates: dict[str, float] | None = None, seed: int = 1, workers: int = 1) -> Path:
    folder = new_folder()
    communes = choose(2021, CODES)
    simulate(folder, seed=seed, year=2021, communes=communes, rates={}, way_up=rates or {}, workers=workers)
    return folder


@pytest.fixture(scope="module")
def honest() -> Path:
    return night()


def of_poll(folder: Path, name: str, poll: str) -> dict[tuple[str, str], dict[str, str]]:
    return {(row["insee"], row["bureau"]): row for row in rows(folder, name) if row["scrutin"] == poll}


def cases(result: Result) -> Cases:
    return [
        (case.cause.name, case.piece, [(place.insee, place.bureau, place.poll) for place in case.places])
        for case in result.cases
        if case.severity > Severity.INFO
    ]


def struck(folder: Path) -> set[tuple[str, str, int]]:
    return {(row["insee"], row["bureau"], int(row["scrutin"])) for row in rows(folder, "verite.csv")}


@pytest.mark.parametrize("poll", POLLS)
def test_an_honest_way_carries_the_figures_of_each_poll_up(honest: Path, poll: str) -> None:
    records = of_poll(honest, "pv.csv", poll)
    choices = [row["choix"] for row in rows(honest, "choix.csv") if row["scrutin"] == poll]
    votes = {(row["insee"], row["bureau"], row["choix"]): row["voix"] for row in rows(honest, "voix.csv")}
    for step in StepUp:
        table = of_poll(honest, step.file, poll)
        assert table.keys() == records.keys()
        for place, row in table.items():
            assert [row[name] for name in COUNTS] == [records[place][name] for name in COUNTS]
            said = [row[f"voix_{number}"] for number in range(1, 8)]
            assert said == [*(votes[*place, choice] for choice in choices), *[""] * (7 - len(choices))]
    sums = {row["departement"]: row for row in rows(honest, StepUp.DEFINITIVE.sums_file) if row["scrutin"] == poll}
    assert sums.keys() == {"34", "77", "92", ""}
    assert int(sums[""]["votes_trouves"]) == sum(int(row["votes_trouves"]) for row in records.values())
    assert (sums[""]["voix_7"] == "") is (poll == "2")


def test_nothing_is_found_in_an_honest_way(honest: Path) -> None:
    result = regard.audit(honest)
    assert cases(result) == []
    assert result.coverage.kinds["montee"] == (12, 12)
    assert {table.name for table in honest.iterdir() if table.name.startswith(FEED)} == {"presse.1", "presse.2"}
    assert [each.path for each in result.inputs if each.path.startswith(FEED) and each.why] == []


def test_the_feed_names_lists_and_pairs(honest: Path) -> None:
    for number, scenario in enumerate(SCENARIOS[2021].polls, start=1):
        text = (honest / f"{FEED}.{number}" / "R1FE.xml").read_text("utf-8")
        assert all(f">{label}<" in text for label in scenario.labels)
        assert ("<Liste>" in text, "<Binome>" in text) == (number == 1, number == 2)
        assert f"<Type>{'Régionales' if number == 1 else 'Départementales'}</Type>" in text


ALONE = [name for name in way_faults() if name not in ("entry-corrected", "entry-row-doubled")]


@pytest.mark.check(10)
@pytest.mark.parametrize("name", ALONE)
def test_a_fault_is_a_case_of_its_bureau_and_poll(name: str) -> None:
    folder = night({name: 0.25}, seed=3)
    expected = struck(folder)
    assert expected
    found = cases(regard.audit(folder))
    assert Counter(place for _, _, places in found for place in places if place[1]) == Counter(expected)
    assert {(cause, piece) for cause, piece, _ in found} == {(RIGHT[name], PIECES.get(name, "saisie"))}
    assert len(found) == len(expected)


@pytest.mark.check(4)
def test_sums_that_lack_bureaux_of_both_polls_stay_apart() -> None:
    """Several communes are wrong in each poll, and the country by what they are together."""
    for seed in range(5, 9):
        folder = night({"feed-sum-short": 0.3}, seed=seed)
        found = [place for _, _, places in cases(regard.audit(folder)) for place in places]
        assert sorted(found) == sorted(struck(folder))


def test_a_correction_by_a_document_is_of_its_poll() -> None:
    folder = night({"entry-corrected": 0.3}, seed=3)
    result = regard.audit(folder)
    assert cases(result) == []
    found = {(each.insee, each.bureau, each.poll) for each in result.findings if each.code == "T331"}
    assert found == struck(folder)
    assert {poll for *_, poll in found} == {1, 2}


@pytest.mark.parametrize(("language", "said"), [("en", ", poll 2 again"), ("fr", ", scrutin 2 une seconde fois")])
def test_a_row_that_is_there_twice_says_its_poll(language: str, said: str, cli: CommandLine) -> None:
    folder = night({"entry-row-doubled": 0.1}, seed=5)
    assert {poll for *_, poll in struck(folder)} == {2}
    cli("verify", folder, "--fail-on", "never", "--lang", language, code=None)
    assert said in cli.said


@pytest.mark.parametrize("poll", POLLS)
def test_results_by_commune_are_compared_with_the_bureaux_of_their_poll(poll: str) -> None:
    """T337, where no results by bureau are given."""
    folder = night()
    for path in (*folder.glob("publie.*"), folder / "manifest.json"):
        path.unlink()
    quiet = regard.audit(folder)
    assert not findings(quiet, "T337")

    def one_more(lines: list[dict[str, str]]) -> None:
        [line] = [row for row in lines if (row["insee"], row["bureau"], row["scrutin"]) == ("77513", "0002", poll)]
        line["blancs"] = str(int(line["blancs"]) + 1)

    altered(folder, StepUp.DEFINITIVE.file, one_more)
    [found] = findings(regard.audit(folder), "T337")
    assert (found.insee, found.poll) == ("77513", int(poll))
    assert found.left.source.startswith(f"{FEED}.{poll}/")


def test_the_same_bytes_on_one_process_and_two() -> None:
    rates = dict.fromkeys(way_faults(), 0.05)
    one, two = (files(night(rates, 3, workers)) for workers in (1, 2))
    assert one == two


@pytest.mark.parametrize("known", [True, False])
def test_results_that_name_an_election_of_the_day_are_of_it(honest: Path, tmp_path: Path, known: bool) -> None:
    """« Régionales 2021 » and « Départementales 2021 » are both of the night; results of another year are not."""
    folder = tmp_path / "n"
    shutil.copytree(honest, folder)
    given = [folder / f"{FEED}.{poll}" for poll in POLLS]
    if not known:
        (folder / "election.toml").unlink()
    assert "T324" not in codes_of(regard.audit(folder, published=given).findings)
    given.append(tmp_path / "earlier")
    shutil.copytree(given[0], given[-1])
    for path in given[-1].iterdir():
        path.write_text(path.read_text("utf-8").replace("<Annee>2021<", "<Annee>2015<"), "utf-8")
    [other] = findings(regard.audit(folder, published=given), "T324")
    assert other.left.source == str(given[-1])
