"""Replayed nights: the machines show exactly the published figures."""

import datetime
from pathlib import Path

import pytest

from protocol.election import read_election
from protocol.export.record import parse
from sim.errors import SimulationError
from sim.nights.replay import PublishedBureau, PublishedResults, ReplayedElection, replay
from tests.sim.nights import by_bureau, files, rows

ELECTION = ReplayedElection("test-2020", "essai", "municipales", datetime.date(2020, 3, 15), 1)


def row(bureau: str = "0001", null: int = 0, votes: tuple[int, ...] = (3, 0, 5), **changes: object) -> PublishedBureau:
    values: dict[str, object] = {
        "insee": "77513",
        "commune": "Villenoy",
        "departement": "77",
        "constituency": "",
        "bureau": bureau,
        "registered": 20,
        "votes_found": sum(votes) + 2 + null,
        "blank": 2,
        "null": null,
        "votes": votes,
    }
    return PublishedBureau(**values | changes)  # type: ignore[arg-type]


def results(*given: PublishedBureau) -> PublishedResults:
    return PublishedResults({"": ("A", "B", "C")}, given)


def test_machines_show_the_published_figures(tmp_path: Path) -> None:
    wrote = replay(results(row(), row("BV02", votes=(0, 9, 1))), ELECTION, tmp_path / "n", workers=1)
    assert (wrote.bureaux, wrote.machine_bureaux, wrote.votes) == (2, 2, 22)
    exports = {path.name: parse(path.read_bytes()) for path in (tmp_path / "n" / "exports").iterdir()}
    assert {name: (export.tallies, export.blank) for name, export in exports.items()} == {
        "77513-0001-1-1.esf": ((3, 0, 5), 2),
        "77513-BV02-1-1.esf": ((0, 9, 1), 2),
    }
    assert read_election(tmp_path / "n" / "election.toml").rehearsed
    assert by_bureau(tmp_path / "n", "emargements.csv")["77513", "BV02"]["emargements"] == "12"
    assert [line["voix"] for line in rows(tmp_path / "n", "voix.csv")] == ["3", "0", "5", "0", "9", "1"]


def test_bureaux_with_nulls_vote_on_paper(tmp_path: Path) -> None:
    replay(results(row(), row("0002", null=1)), ELECTION, tmp_path / "n", workers=1)
    assert [path.name for path in (tmp_path / "n" / "exports").iterdir()] == ["77513-0001-1-1.esf"]
    universe = by_bureau(tmp_path / "n", "univers.csv")
    assert universe["77513", "0002"]["comptage"] == "papier"
    assert by_bureau(tmp_path / "n", "pv.csv")["77513", "0002"]["nuls"] == "1"


def test_a_list_says_which_bureaux_have_a_machine(tmp_path: Path) -> None:
    machines = {("77513", "0002")}
    wrote = replay(results(row(), row("0002")), ELECTION, tmp_path / "n", machines=machines, workers=1)
    assert wrote.machine_bureaux == 1
    with pytest.raises(SimulationError, match="null votes"):
        replay(results(row("0002", null=1)), ELECTION, tmp_path / "m", machines=machines, workers=1)


def test_constituencies_have_their_own_choices(tmp_path: Path) -> None:
    two = PublishedResults(
        {"2902": ("A", "B", "C"), "2903": ("D",)},
        [row(constituency="2902"), row("0002", votes=(4,), constituency="2903")],
    )
    replay(two, ELECTION, tmp_path / "n", workers=1)
    assert [(line["circonscription"], line["choix"]) for line in rows(tmp_path / "n", "choix.csv")] == [
        ("2902", "A"),
        ("2902", "B"),
        ("2902", "C"),
        ("2903", "D"),
    ]


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (row(votes_found=11), "add up to 10, published are 11"),
        (row("0002"), "twice"),
        (row(blank=-3), "missing or below zero"),
        (row(registered=-1), "missing or below zero"),
        (row(votes=(1, 2)), "missing"),
    ],
)
def test_a_row_that_contradicts_itself_or_another_is_left_out_and_said(
    tmp_path: Path, bad: PublishedBureau, said: str
) -> None:
    wrote = replay(results(row("0002"), bad, row("0003")), ELECTION, tmp_path / "n", workers=1)
    [left_out] = wrote.left_out
    assert said in str(left_out)
    assert (wrote.bureaux, wrote.votes) == (2, 20)
    assert {bureau for _, bureau in by_bureau(tmp_path / "n", "pv.csv")} == {"0002", "0003"}


def test_where_no_row_is_left_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(SimulationError, match="add up to 10"):
        replay(results(row(votes_found=11)), ELECTION, tmp_path / "n", workers=1)
    assert not (tmp_path / "n").exists()


def test_same_bytes_on_one_process_and_two(tmp_path: Path) -> None:
    many = results(*(row(f"{number:04}") for number in range(1, 131)))
    for workers in (1, 2):
        replay(many, ELECTION, tmp_path / str(workers), workers=workers)
    assert files(tmp_path / "1") == files(tmp_path / "2")
