"""Dumps of another machine on a day with two polls: a bulletin has both, ballots one by one are of one poll each."""

import csv
import json
from collections import Counter
from pathlib import Path

import pytest

from protocol.dumps.checks import CheckVerdict
from protocol.dumps.finding import find_dumps
from sim.bureaux import choose
from sim.elections import SCENARIOS
from sim.nights.night import simulate
from sim.other_machines.counts import SectionNumbers
from tests.sim.nights import FEW, files, rows

Votes = Counter[tuple[str, str, str, str]]
"""Votes by bureau, poll, choice and kind."""
OFFICES = {"presidente": "1", "governador": "2"}
STRUCK = {
    "bu": {"bu-votes-moved": 0.4, "bu-print-other": 0.4, "bu-ballots-other": 0.4, "bu-written-twice": 0.4},
    "cvr": {"cvr-vote-changed": 0.3, "cvr-card-lost": 0.3, "cvr-batch-foreign": 0.3},
}
DUMPS = {"dump-lost": 0.3, "dump-tally-wrong": 0.5, "dump-copied": 0.3}
WHOLE = {"bu-key-other": 1.0}


def made(folder: Path, machine: str, rates: dict[str, float] | None = None, workers: int = 1) -> Path:
    communes = choose(2021, FEW)
    simulate(folder, seed=5, year=2021, communes=communes, rates=rates or {}, machine=machine, workers=workers)
    return folder


def names(folder: Path) -> dict[tuple[str, str], str]:
    return {(row["scrutin"], row["panneau"]): row["choix"] for row in rows(folder, "choix.csv")}


def of_exports(folder: Path) -> Votes:
    """Votes of the night's election."""
    found: Votes = Counter()
    for unit, contest, choice, kind, votes in find_dumps([folder / "exports"]).tidy():
        if contest.startswith(SCENARIOS[2021].id):
            poll = "2" if "scrutin 2" in contest else "1"
            found[unit, poll, names(folder).get((poll, choice), ""), kind] += votes
    return +found


def of_bulletins(folder: Path) -> Votes:
    places = [(row["insee"], row["bureau"]) for row in rows(folder, "univers.csv")]
    numbers = SectionNumbers(places)
    units = {
        f"{number.municipality:05}/{number.zone:04}/{number.section:04}": "/".join(place)
        for place in places
        for number in [numbers[place]]
    }
    found: Votes = Counter()
    for unit, contest, choice, kind, votes in find_dumps([folder / "bu"]).tidy():
        poll = OFFICES[contest]
        found[units[unit], poll, names(folder).get((poll, choice), ""), kind] += votes
    return +found


def of_cards(folder: Path) -> Votes:
    listed = json.loads((folder / "cvr" / "PrecinctPortionManifest.json").read_text("utf-8"))["List"]
    places = {str(each["Id"]): "/".join(each["Description"].split()) for each in listed}
    polls = {poll.name: str(poll.poll) for poll in SCENARIOS[2021].polls}
    found: Votes = Counter()
    for unit, contest, choice, kind, votes in find_dumps([folder / "cvr"]).tidy():
        place = places[unit.rpartition("/")[2]]
        found[place, polls[contest], choice, "blank" if kind == "undervote" else kind] += votes
    return +found


READ = {"bu": of_bulletins, "cvr": of_cards}


@pytest.mark.parametrize("machine", READ)
def test_the_votes_of_each_poll_are_those_of_its_exports(tmp_path: Path, machine: str) -> None:
    folder = made(tmp_path / "n", machine)
    votes = READ[machine](folder)
    assert votes == of_exports(folder)
    assert {key[:2] for key in votes} == {
        (f"{row['insee']}/{row['bureau']}", poll) for row in rows(folder, "univers.csv") for poll in ("1", "2")
    }
    found = find_dumps([folder / machine])
    assert found.outcome() == 0
    assert found.left == ()


@pytest.mark.parametrize("machine", READ)
def test_the_votes_are_those_of_the_exports_after_their_faults(tmp_path: Path, machine: str) -> None:
    folder = made(tmp_path / "n", machine, DUMPS)
    truth = rows(folder, "verite.csv")
    assert {row["faute"] for row in truth} == set(DUMPS)
    assert {row["scrutin"] for row in truth} == {"1", "2"}
    assert READ[machine](folder) == of_exports(folder)


@pytest.mark.parametrize("machine", READ)
def test_the_same_bytes_on_one_process_and_two(tmp_path: Path, machine: str) -> None:
    one, two = (made(tmp_path / f"{n}", machine, DUMPS | STRUCK[machine], n) for n in (1, 2))
    assert files(one) == files(two)


@pytest.mark.parametrize("dumps", ["exports", "modules"])
def test_totals_name_the_first_poll_where_there_is_a_second(tmp_path: Path, dumps: str) -> None:
    name = SCENARIOS[2021].id
    folder = made(tmp_path / "n", "cvr") / dumps
    assert {contest for _, contest, *_ in find_dumps([folder]).tidy()} == {
        f"{name} tour 1 scrutin 1",
        f"{name} tour 1 scrutin 2",
    }


def test_a_ballot_is_of_one_poll(tmp_path: Path) -> None:
    """No ballot says which votes one voter gave, and the lists say which choice is of which poll."""
    folder = made(tmp_path / "n", "cvr") / "cvr"
    lists = {
        name: json.loads((folder / f"{name}.json").read_text("utf-8"))["List"]
        for name in ("CandidateManifest", "BallotTypeContestManifest")
    }
    contests = {each["Id"]: each["ContestId"] for each in lists["CandidateManifest"]}
    assert [number for number in contests if contests[number] == 2] == [101, 102, 103, 104, 105]
    types = {each["BallotTypeId"]: each["ContestId"] for each in lists["BallotTypeContestManifest"]}
    assert types == {1: 1, 2: 2}
    batches = set()
    for path in folder.glob("CvrExport_*.json"):
        found = set()
        for ballot in json.loads(path.read_text("utf-8"))["Sessions"]:
            [contest] = ballot["Original"]["Cards"][0]["Contests"]
            found.add((ballot["TabulatorId"], ballot["BatchId"], contest["Id"]))
            assert types[ballot["Original"]["BallotTypeId"]] == contest["Id"]
            assert {contests[mark["CandidateId"]] for mark in contest["Marks"]} <= {contest["Id"]}
        assert len(found) == 1
        batches |= found
    with (folder / "ballot_manifest.csv").open(encoding="utf-8", newline="") as file:
        listed = {(int(row["ScannerID"]), int(row["BatchID"])) for row in csv.DictReader(file)}
    assert {batch[:2] for batch in batches} == listed
    assert len(listed) == len(batches) == 2 * len({tabulator for tabulator, *_ in batches})


@pytest.mark.parametrize("name", ["bu-votes-moved", "bu-print-other", "bu-ballots-other"])
def test_a_fault_of_a_bulletin_is_of_the_poll_that_its_truth_names(tmp_path: Path, name: str) -> None:
    folder = made(tmp_path / "n", "bu", {name: 1.0})
    struck = {(row["insee"], row["bureau"], row["scrutin"]) for row in rows(folder, "verite.csv")}
    assert {poll for *_, poll in struck} == {"1", "2"}
    assert len({place[:2] for place in struck}) == len(struck) == len(rows(folder, "univers.csv"))
    named = set()
    for reading in find_dumps([folder / "bu"]).readings:
        for check in reading.checks:
            if check.verdict is CheckVerdict.FAILS and (office := _office(str(check.place))):
                insee, _, section = check.unit.split("/")
                named.add((insee, section, OFFICES[office]))
    assert named == struck


def _office(place: str) -> str:
    return next((office for office in OFFICES if office in place), "")


def test_what_strikes_a_whole_bulletin_is_one_fault_of_both_polls(tmp_path: Path) -> None:
    wrote = simulate(tmp_path / "n", seed=5, year=2021, communes=choose(2021, FEW), rates=WHOLE, machine="bu")
    polls = Counter(row["scrutin"] for row in rows(tmp_path / "n", "verite.csv"))
    assert polls["1"] == polls["2"] == len(rows(tmp_path / "n", "univers.csv")) == wrote.faults
