"""A night of a town's own list: its day is the one that was planned, on real machines, and its evidence agrees."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import regard
from sim import parameters
from sim.elections import PROFILES, SCENARIOS
from sim.errors import UnfitTown
from sim.executors import Here
from sim.nights.night import simulate
from sim.planned import PlannedNight, with_choices
from sim.queues.days import town_days
from sim.queues.town import Breakdowns, Circumstances, Outage, Then, TownBureau
from sim.towns import town
from sim.voters import HOUR
from tests.sim.nights import by_bureau, files, rows
from tests.sources import new_folder
from verify.model.findings import Severity

PLAIN = Circumstances(PROFILES["2022-P1"])
LISTED = (
    TownBureau("76351", "Le Havre", "1", 420, 1, 1, 8, 19),
    TownBureau("76351", "Le Havre", "2", 1100, 2, 1, 8, 19),
    TownBureau("76351", "Le Havre", "3", 500, 1, 2, 8, 20),
    TownBureau("97411", "Saint-Denis", "12 bis", 340, 1, 1, 8, 18),
)
PAPER = TownBureau("76351", "Le Havre", "4", 800, 0, 1, 8, 19)
MIXED = (*LISTED, PAPER)
MINUTE = 60_000
OFTEN = Breakdowns(0.7, 45.0)
SLOW = replace(parameters.VOTE, mean=70.0)
DAYS = 4
CIRCUMSTANCES = {
    "plain": PLAIN,
    "late opening": replace(PLAIN, opening_delay=25),
    "slow, impatient, many proxies": replace(PLAIN, service=SLOW, patience=20.0, proxies=0.2, turnout=0.95),
    "repair": replace(PLAIN, service=SLOW, breakdowns=OFTEN),
    "reserve": replace(PLAIN, breakdowns=replace(OFTEN, then=Then.RESERVE), reserves=2, travel=35.0),
    "paper": replace(PLAIN, service=SLOW, breakdowns=replace(OFTEN, then=Then.PAPER), patience=30.0),
    "outage, late, other hours": replace(
        PLAIN, outage=Outage(17 * HOUR, 40 * MINUTE), opening_delay=20, opening=9, closing=18
    ),
}


def planned(
    circumstances: Circumstances = PLAIN, day: int = 1, bureaux: tuple[TownBureau, ...] = LISTED
) -> PlannedNight:
    return PlannedNight(town(bureaux, circumstances), circumstances, day)


def made(night: PlannedNight, seed: int = 3, folder: Path | None = None, **options: object) -> Path:
    folder = folder or new_folder()
    simulate(folder, seed=seed, planned=night, **({"year": 2022, "rates": {}, "workers": 1} | options))  # type: ignore[arg-type]
    return folder


@pytest.mark.check(5)
@pytest.mark.parametrize("which", CIRCUMSTANCES)
def test_the_day_on_real_machines_is_the_planned_one(which: str) -> None:
    """People, waits, queue and the last one out, in every bureau, to the millisecond."""
    of = CIRCUMSTANCES[which]
    (figures,) = town_days(LISTED, [of], 3, DAYS, Here())
    assert bool(figures.failed.any()) is (of.breakdowns is not None or of.outage is not None)
    assert bool(figures.lost.any()) is (of.patience is not None)
    for day in range(1, DAYS + 1):
        folder = made(planned(of, day))
        held = by_bureau(folder, "jour.csv")
        for at, bureau in enumerate(LISTED):
            row = held[bureau.insee, bureau.code]
            people, lost, waited, longest, queue, last = (
                int(getattr(figures, name)[day - 1, at])
                for name in ("people", "lost", "waited", "longest", "queue", "last")
            )
            assert int(row["personnes"]) == people
            assert int(row["parties_sans_voter"]) == lost
            assert int(row["attente_moyenne_ms"]) == waited // (people - lost)
            assert int(row["attente_maximale_ms"]) == longest
            assert int(row["file_maximale"]) == queue
            assert int(row["fermeture_ms"]) == last
            assert row["votes_trouves"] == row["emargements"]


def warned(folder: Path) -> set[str]:
    """The rules that verify finds errors and warnings of."""
    return {each.code for each in regard.audit(folder).findings if each.severity is not Severity.INFO}


@pytest.mark.check(3)
@pytest.mark.parametrize("which", CIRCUMSTANCES)
def test_an_honest_planned_night_is_clean(which: str) -> None:
    """But for doors that open late, which the truth has as well."""
    late = CIRCUMSTANCES[which].opening_delay > 0
    folder = made(planned(CIRCUMSTANCES[which], 2, MIXED), way_up={})
    assert warned(folder) == ({"M107"} if late else set())
    assert {line["faute"] for line in rows(folder, "verite.csv")} == ({"late-opening"} if late else set())


def test_planned_failures_are_in_the_papers() -> None:
    """A machine that is repaired goes on with its urn, a reserve machine has one of its own, papers are in the PV."""
    of = replace(PLAIN, outage=Outage(15 * HOUR, 30 * MINUTE), reserves=4)
    outages = {then: replace(of, outage=Outage(15 * HOUR, 30 * MINUTE, then)) for then in Then}
    for then, urns, said in (
        (Then.REPAIR, 5, "Panne d'une machine à 15:00, réparée ; vote repris à 15:30 sur la même machine."),
        (Then.RESERVE, 9, "Panne de la machine à 15:00, remplacée à 15:30 par une machine de réserve."),
        (Then.PAPER, 5, "Panne de la machine à 15:00, vote poursuivi à 15:30 avec des bulletins papier."),
    ):
        folder = made(planned(outages[then]))
        assert len(list((folder / "modules").iterdir())) == urns
        for row in rows(folder, "pv.csv"):
            assert row["observations"].startswith(said)
            assert (int(row["papier"] or 0) > 0) is (then is Then.PAPER)
        assert not rows(folder, "verite.csv")


def test_what_fails_before_late_doors_open_is_switched_on_with_them() -> None:
    """The log of the module would go back otherwise."""
    of = replace(PLAIN, outage=Outage(8 * HOUR + 5 * MINUTE, 10 * MINUTE), opening_delay=30)
    folder = made(planned(of))
    assert warned(folder) == {"M107"}
    assert all("vote repris à 08:30" in row["observations"] for row in rows(folder, "pv.csv"))


def test_a_machine_that_fails_at_the_end_is_not_waited_for() -> None:
    """Its urn is closed in another machine; the bureau that closes later goes on with it."""
    of = replace(PLAIN, turnout=0.2, outage=Outage(18 * HOUR + 59 * MINUTE, 30 * MINUTE))
    folder = made(planned(of))
    remarks = {row["bureau"]: row["observations"] for row in rows(folder, "pv.csv")}
    assert remarks["1"] == remarks["2"] == "Panne d'une machine à 18:59, jusqu'à la clôture du scrutin."
    assert remarks["3"].startswith("Panne d'une machine à 18:59, réparée ; vote repris à 19:29")
    assert not remarks["12 bis"]  # closed since 18h
    assert not warned(folder)


def test_faults_strike_a_planned_night_as_any_other() -> None:
    """The planned failure of a machine stands, and so do the doors that open late."""
    of = replace(PLAIN, outage=Outage(15 * HOUR, 30 * MINUTE), opening_delay=20)
    rates = {"power-cut": 1.0, "late-opening": 1.0, "voted-twice": 0.01, "dump-lost": 0.5}
    folder = made(planned(of, bureaux=MIXED), rates=rates)
    truth = rows(folder, "verite.csv")
    assert {line["faute"] for line in truth} == {"late-opening", "voted-twice", "dump-lost"}
    late = [line for line in truth if line["faute"] == "late-opening"]
    assert {line["detail"] for line in late} == {"le bureau ouvre avec 20 minutes de retard"}
    assert len(late) == len(MIXED)
    assert {"M107", "R204"} & warned(folder) == {"M107"}
    for row in rows(folder, "jour.csv"):
        gap = sum(
            int(line["effet"] or 0)
            for line in truth
            if (line["insee"], line["bureau"]) == (row["insee"], row["bureau"])
        )
        assert int(row["votes_trouves"]) - int(row["emargements"]) == gap


def test_a_bureau_without_machines_votes_on_paper() -> None:
    """Its people are drawn as those of others, and take as long as in a booth."""
    folder = made(planned(bureaux=MIXED))
    assert by_bureau(folder, "univers.csv")["76351", "4"]["comptage"] == "papier"
    assert not any("76351-4" in path.name for path in folder.rglob("*"))
    alike = replace(PLAIN, service=parameters.BOOTH)
    (figures,) = town_days([replace(PAPER, machines=3)], [alike], 3, 1, Here())
    assert int(by_bureau(folder, "jour.csv")["76351", "4"]["attente_maximale_ms"]) == figures.longest[0, 0]


def test_choices_are_drawn_apart_from_people_and_times() -> None:
    """Other people on other days at another pace, and the same share of each choice; the others' are other choices."""
    first, slow = (made(planned(of)) for n, of in enumerate((PLAIN, replace(PLAIN, service=SLOW))))
    assert rows(first, "pv.csv") != rows(slow, "pv.csv")  # when the last had gone
    assert rows(first, "voix.csv") == rows(slow, "voix.csv")
    night = planned()
    scenario, day, bureau = night.scenario(SCENARIOS[2022]), night.days(3)["76351", "2"], night.town.bureaux[1][1]
    chosen = with_choices(3, scenario, bureau, day).choices
    later = replace(day, voters=replace(day.voters, arrival=day.voters.arrival + MINUTE, visits=day.voters.visits * 2))
    assert (with_choices(3, scenario, bureau, later).choices == chosen).all()
    nobody = day.voters.choices < 0
    assert (chosen[nobody] == day.voters.choices[nobody]).all()
    assert np.bincount(chosen[~nobody], minlength=13).min() >= 1


def test_the_manifest_says_which_day_of_what_it_is() -> None:
    of = replace(PLAIN, breakdowns=replace(OFTEN, then=Then.RESERVE), reserves=2)
    night = replace(planned(of, 7), about={"liste": {"fichier": "ville.csv"}})
    said = json.loads((made(night) / "manifest.json").read_text("utf-8"))
    assert said["jour"] == 7
    assert said["liste"] == {"fichier": "ville.csv"}
    assert said["circonstances"]["breakdowns"] == {"rate": 0.7, "repair": 45.0, "then": "reserve"}
    assert said["circonstances"]["profile"] == {"noon": 2548, "five": 6500, "final": 7369}
    assert said["communes"] == ["76351", "97411"]
    assert "profil" not in said


def test_the_same_bytes_on_any_number_of_processes() -> None:
    many = tuple(replace(LISTED[0], code=f"{code}", registered=150) for code in range(1, 26))
    one, two = (files(made(planned(bureaux=many), workers=n)) for n in (1, 2))
    assert one == two
    assert one != files(made(planned(day=2, bureaux=many)))


@pytest.mark.parametrize(("polls", "year"), [(2, 2022), (1, 2021)])
def test_an_election_has_as_many_polls_as_the_day(tmp_path: Path, polls: int, year: int) -> None:
    with pytest.raises(UnfitTown, match=f"has {polls} poll.*{year} has {3 - polls} poll"):
        made(planned(replace(PLAIN, polls=polls)), folder=tmp_path / "n", year=year)
    assert not (tmp_path / "n").exists()


def test_hours_of_the_election_are_those_of_most_bureaux() -> None:
    folder = made(planned())
    assert 'cloture = "19:00"' in (folder / "election.toml").read_text("utf-8")
    assert by_bureau(folder, "univers.csv")["97411", "12 bis"]["cloture"] == "18:00"


def test_how_paper_bureaux_count_says_nothing_without_any(tmp_path: Path) -> None:
    for bureaux, care in ((LISTED, None), (MIXED, "studies")):
        folder = made(planned(bureaux=bureaux))
        assert json.loads((folder / "manifest.json").read_text("utf-8"))["papier"] == care
    assert '"paris"' in (made(planned(bureaux=MIXED), mixed="paris") / "manifest.json").read_text("utf-8")
    with pytest.raises(UnfitTown, match="every bureau of the list has a machine"):
        made(planned(), folder=tmp_path / "n", mixed="paris")
    assert not (tmp_path / "n").exists()
