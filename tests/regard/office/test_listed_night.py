"""`regard simulate --list`: a night of a town's own bureaux, on one of the days that `regard plan` simulates."""

import hashlib
import json
from pathlib import Path

import pytest

import regard
from regard.cli import main
from regard.office.scenarios import scenarios_of
from regard.office.town_list import read_town
from sim.executors import Here
from sim.queues.days import town_days
from tests.sim.nights import by_bureau, files, rows
from tests.sources import put_text

LIST = """Bureau;Inscrits;Machines;Tables;Horaires;Adresse
1;420;1;1;8h-19h;École
2;1000;2;2;8h-20h;Gymnase
3;380;;;;Mairie
4;500;0;1;8h-19h;Salle
5;0;1;1;8h-19h;Nulle part
"""
SCENARIO = "breakdown=0.5,then=reserve,reserves=1,patience=60,opening-delay=10,service=60"


@pytest.fixture
def town(tmp_path: Path) -> Path:
    path = tmp_path / "ville.csv"
    put_text(path, LIST)
    return path


def run(folder: Path, *given: object, code: str = "en") -> int:
    return main(["simulate", str(folder), *map(str, given), "--workers", "1", "--lang", code])


@pytest.mark.parametrize(("scenario", "day"), [(None, 1), (SCENARIO, 3), ("polls=2", 1)])
def test_the_night_has_the_figures_of_that_day_of_the_plan(
    town: Path, tmp_path: Path, scenario: str | None, day: int
) -> None:
    given = [] if scenario is None else ["--scenario", scenario]
    folder = tmp_path / "n"
    assert run(folder, "--list", town, "--faults", "none", "--day", day, "--seed", 4, *given) == 0
    bureaux = [each.bureau for each in read_town(town, (8, 19)).bureaux]
    assert [bureau.code for bureau in bureaux] == ["1", "2", "3"]
    of = scenarios_of({}, [] if scenario is None else [scenario])[-1].circumstances
    (figures,) = town_days(bureaux, [of], 4, day, Here())
    held = by_bureau(folder, "jour.csv")
    assert len(held) == 4
    for at, bureau in enumerate(bureaux):
        row = held["00001", bureau.code]
        told = [int(row[name]) for name in ("personnes", "parties_sans_voter", "attente_maximale_ms", "file_maximale")]
        assert told == [getattr(figures, name)[day - 1, at] for name in ("people", "lost", "longest", "queue")]
        assert int(row["fermeture_ms"]) == figures.last[day - 1, at]


def test_the_library_writes_the_same_night(town: Path, tmp_path: Path) -> None:
    assert run(tmp_path / "a", "--list", town, "--communes", "76351", "--day", 2, "--scenario", "closing=18") == 0
    wrote = regard.simulate(tmp_path / "b", bureaux=town, communes="76351", day=2, scenario={"closing": 18})
    assert files(tmp_path / "a") == files(tmp_path / "b")
    assert (wrote.bureaux, wrote.paper_bureaux, wrote.communes) == (4, 1, 1)
    assert {row["commune"] for row in rows(tmp_path / "a", "univers.csv")} == {"Le Havre"}
    assert {row["cloture"] for row in rows(tmp_path / "a", "univers.csv")} == {"18:00"}
    manifest = json.loads((tmp_path / "a" / "manifest.json").read_text("utf-8"))
    digest = hashlib.sha256(town.read_bytes()).hexdigest()
    assert manifest["liste"] == {"fichier": "ville.csv", "sha256": digest, "heures": [8, 19]}


def test_hours_and_sheets_are_those_that_are_asked_for(town: Path, tmp_path: Path) -> None:
    assert run(tmp_path / "n", "--list", town, "--hours", "9-18") == 0
    assert by_bureau(tmp_path / "n", "univers.csv")["00001", "3"]["cloture"] == "18:00"
    assert run(tmp_path / "m", "--list", town, "--sheet", "Autre") == 0  # a CSV has no sheets


def test_what_is_assumed_and_not_used_is_said(town: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path / "n", "--list", town, "--faults", "none", "--scenario", SCENARIO) == 0
    said = "".join(capsys.readouterr().out.split())  # a long path is broken
    for part in (
        "Simulated 3 machine bureaux and 1 paper bureau of 1 commune, 2022, seed 1.",
        "Day 1 of the plan:",
        "Read: " + str(town),
        "Adresse",
        "bureau 5: no registered voters, not planned",
        "how many machines there are in 3: one in each",
        "INSEE code 00001, made up",
        "before voting",
    ):
        assert "".join(part.split()) in said, part


@pytest.mark.parametrize(
    ("scenario", "said"),
    [
        ("breakdown=1,repair=30", "une machine tombe en panne dans 3 bureaux : 1, 2, 3"),
        ("breakdown=0.000001", "aucune machine ne tombe en panne ce jour-là"),
    ],
)
def test_machines_that_fail_are_said(
    town: Path, tmp_path: Path, scenario: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path / "n", "--list", town, "--scenario", scenario, code="fr") == 0
    assert said in " ".join(capsys.readouterr().out.split())


TWO = '[[scenario]]\nname = "a"\npolls = 1\n[[scenario]]\nname = "b"\nclosing = 18\n'


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--day", "2"], "--day says nothing without --list"),
        (["--scenario", "closing=18"], "--scenario says nothing without --list"),
        (["--hours", "8-18"], "--hours says nothing without --list"),
        (["--sheet", "x"], "--sheet says nothing without --list"),
        (["--list", "{town}", "--communes", "76351,77513"], "--communes takes one code"),
        (["--list", "{town}", "--communes", "Le Havre"], "five characters are expected"),
        (["--list", "{town}", "--scenario", "polls=2", "--year", "2022"], "the election of 2022 has 1 poll"),
        (["--list", "{town}", "--scenario", "polls=1", "--year", "2021"], "the election of 2021 has 2 polls"),
        (["--list", "{town}", "--scenario", "{two}"], "a night is of one scenario, got 2"),
        (["--list", "{town}", "--scenario", "machines=2"], "no setting is called"),
        (["--list", "{town}", "--scenario", "out=17:00/40,bureau=4"], "no bureau with a machine is called “4”"),
        (["--list", "{town}", "--scenario", "out=7:00/40"], "no bureau is open at 7:00"),
        (["--list", "{town}", "--scenario", "bureau=1"], "bureau says nothing without out"),
        (["--list", "{town}", "--communes", "99999"], "INSEE code 99999: there is no département 99"),
        (["--list", "nowhere.csv"], "nowhere.csv: does not exist"),
        (["--list", "{two}"], "deux.toml"),
    ],
)
def test_what_makes_no_sense_is_refused(
    town: Path, tmp_path: Path, given: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    two = tmp_path / "deux.toml"
    put_text(two, TWO)
    assert run(tmp_path / "n", *(each.format(town=town, two=two) for each in given)) == 2
    assert said in " ".join(capsys.readouterr().err.split())
    assert not (tmp_path / "n").exists()


@pytest.mark.parametrize(
    ("which", "struck", "said"),
    [
        ("", "2", "elle est en panne au bureau 2, qui a le plus d'inscrits par machine"),
        (",bureau=3", "3", "au bureau 3"),
    ],
)
def test_a_machine_is_out_in_one_bureau(
    town: Path, tmp_path: Path, which: str, struck: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["--scenario", f"out=17:00/40,then=reserve,reserves=1{which}", "--faults", "none"]
    assert run(tmp_path / "n", "--list", town, *given, code="fr") == 0
    out = " ".join(capsys.readouterr().out.split())
    assert said in out
    assert f"une machine tombe en panne dans 1 bureau : {struck}" in out
    remarks = {row["bureau"]: row["observations"] for row in rows(tmp_path / "n", "pv.csv")}
    assert {code for code, text in remarks.items() if "Panne" in text} == {struck}
    assert json.loads((tmp_path / "n" / "manifest.json").read_text("utf-8"))["circonstances"]["struck"] == [
        "00001",
        struck,
    ]
    assert run(tmp_path / "m", "--list", town, "--faults", "none") == 0
    ours, plain = by_bureau(tmp_path / "n", "jour.csv"), by_bureau(tmp_path / "m", "jour.csv")
    assert {key[1] for key in plain if ours[key] != plain[key]} == {struck}


def test_the_library_refuses_what_makes_no_sense(town: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="one code"):
        regard.simulate(tmp_path / "n", bureaux=town, communes=["76351", "77513"])
    with pytest.raises(ValueError, match="day: a whole number from 1"):
        regard.simulate(tmp_path / "n", bureaux=town, day=0)


@pytest.mark.parametrize("given", [["--scenario", "polls=2"], ["--year", "2021", "--election", "2022-P1"]])
def test_two_polls_of_a_planned_day(
    town: Path, tmp_path: Path, given: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """The people of the plan vote twice; what was counted is said of each poll, and what is invented is said."""
    assert run(tmp_path / "n", "--list", town, "--communes", "76351", "--faults", "none", *given, code="fr") == 0
    said = " ".join(capsys.readouterr().out.replace("\u202f", "").replace("\xa0", " ").split())
    for poll, name in (("1", "Élections régionales 2021"), ("2", "Élections départementales 2021")):
        votes = sum(int(row["votes_trouves"]) for row in rows(tmp_path / "n", "pv.csv") if row["scrutin"] == poll)
        assert f"{poll}. {name}, premier tour {votes} votes trouvés, {votes} émargements" in said
    assert "deux scrutins" in said
    assert "sont inventés" in said
