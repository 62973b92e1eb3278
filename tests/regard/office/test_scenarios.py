"""Scenarios as they are given: what each setting becomes, what it is called, and what is refused."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from protocol.errors import RegardError
from regard.language import show
from regard.office.planning import TownStudy
from regard.office.scenarios import MOST_SCENARIOS, PlanScenario, check_outages, scenarios_of
from regard.office.settings import SETTINGS
from regard.office.town_list import read_town
from sim.elections import PROFILES, Profile
from sim.executors import Here
from sim.queues.town import Breakdowns, Circumstances, Outage, Then, TownBureau
from tests.sources import put_text

MINUTE = 60_000


def second(given: str | Mapping[str, object], base: Mapping[str, str] | None = None) -> PlanScenario:
    return scenarios_of(base or {}, [given])[1]


def of(given: str, base: Mapping[str, str] | None = None) -> Circumstances:
    return second(given, base).circumstances


def test_the_list_as_it_is_comes_first() -> None:
    [first] = scenarios_of({}, [])
    assert str(first.name) == "as planned"
    assert first.circumstances.profile == PROFILES["2022-P1"]
    assert first.circumstances.turnout == 0.7369
    assert [str(each) for each in first.told] == ["turnout of 2022-P1 (73.7 %)", "42 s a vote on average"]


def test_a_comma_before_digits_is_that_of_a_number() -> None:
    assert of("turnout=0,74,proxies=0,08") == of("turnout=0.74,proxies=0.08")
    assert of("turnout=61,5%,service=42,5") == of("turnout=61.5%,service=42.5")
    assert of("profile=12h=0,35,17h=0,88,polls=2") == of("profile=12h=0.35,17h=0.88,polls=2")


def test_a_late_city_is_one_without_a_yes() -> None:
    assert of("late-city,polls=2") == of("late-city=yes,polls=2") != of("polls=2")


def test_a_file_without_settings_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "vide.toml"
    for text in ("", "[[scenario]]\npolls = 2\n[[scenario]]\n"):
        put_text(path, text)
        with pytest.raises(RegardError, match=r"vide.toml, scenario [12]: there are no settings in it"):
            scenarios_of({}, [str(path)])


def test_a_turnout_that_is_given_is_told_alone() -> None:
    [first] = scenarios_of({"turnout": "0.62"}, [])
    assert [str(each) for each in first.told][:2] == ["people come as in 2022-P1", "turnout of 62 %"]
    shape = {"turnout": "0.62", "election": "2017-P2", "profile": "2022-P1"}
    assert [str(each) for each in scenarios_of(shape, [])[0].told][:2] == [
        "turnout of 62 %",
        "people come as in 2022-P1",
    ]


@pytest.mark.parametrize(("given", "refused"), [("7:59", True), ("8:00", False), ("20:00", False), ("20:01", True)])
def test_a_machine_is_out_while_a_bureau_is_open(given: str, refused: bool) -> None:
    bureaux = [TownBureau("", "", code, 800, 1, 1, 8, closing) for code, closing in (("1", 19), ("2", 20))]
    asked = scenarios_of({}, [f"out={given}/40"])
    if not refused:
        check_outages(asked, bureaux)
        return
    with pytest.raises(RegardError, match=f"no bureau is open at {given}; they open at 8h and close at 20h"):
        check_outages(asked, bureaux)


def test_each_setting_changes_its_own() -> None:
    assert of("polls=2,second=30").polls == 2
    assert of("polls=2,second=30").second is not None
    assert of("polls=2,second=30").service.mean == 42
    assert of("polls=2,first-only=3%").first_only == 0.03
    assert of("polls=2").first_only == 0
    assert of("turnout=74%").turnout == of("turnout=0.74").turnout == 0.74
    assert of("proxies=0.06").proxies == 0.06
    assert of("service=60").service.mean == 60
    assert of("opening-delay=30").opening_delay == 30
    assert (of("opening=7h").opening, of("closing=18").closing) == (7, 18)
    assert of("out=17:00/40").outage == Outage(17 * 60 * MINUTE, 40 * MINUTE, Then.REPAIR)
    assert of("out=17h30/40,then=paper,paper-after=5").outage == Outage(1050 * MINUTE, 40 * MINUTE, Then.PAPER)
    assert of("breakdown=0.25%,repair=45").breakdowns == Breakdowns(0.0025, 45, Then.REPAIR)
    reserve = of("breakdown=0.01,then=reserve,reserves=2,travel=25")
    assert (reserve.reserves, reserve.travel) == (2, 25)
    assert reserve.breakdowns is not None
    assert reserve.breakdowns.then is Then.RESERVE
    assert of("patience=30").patience == 30
    assert of("late-city=oui").profile == PROFILES["2022-P1"].late()


def test_when_people_come_is_an_election_or_shares_of_the_voters() -> None:
    assert of("profile=2007-P1").profile == PROFILES["2007-P1"]
    assert of("profile=2007-P1").turnout == 0.7369
    assert of("election=2007-P1").turnout == 0.8378
    given = of("profile=12h=0.35,17h=0.88,turnout=0.6,closing=19")
    assert (given.profile, given.turnout, given.closing) == (Profile(3500, 8800, 10_000), 0.6, 19)


def test_a_scenario_stands_on_what_holds_for_all_and_overrides_it() -> None:
    base = {"service": "45", "breakdown": "0.01", "then": "reserve", "reserves": "1"}
    changed = of("service=60,then=paper", base)
    assert changed.service.mean == 60
    assert changed.breakdowns == Breakdowns(0.01, 60, Then.PAPER)


def test_a_scenario_without_a_name_is_called_what_it_changes() -> None:
    assert str(second("closing=18,polls=2").name) == "two polls, closing at 18h"
    assert show("fr", second("closing=18,polls=2").name) == "deux scrutins, fermeture à 18h"
    assert str(second("name=Both,polls=2").name) == "Both"


@pytest.mark.parametrize("key", SETTINGS)
def test_every_setting_is_told_in_both_languages(key: str) -> None:
    values = {
        "election": "2017-P2", "profile": "12h=0.3,17h=0.9", "late-city": "no", "out": "17:00/40", "then": "paper",
        "bureau": "7", "polls": "1", "opening": "8", "closing": "19", "proxies": "6%", "first-only": "2%",
    }  # fmt: skip
    told = SETTINGS[key].tell(SETTINGS[key].parse(values.get(key, "1")))
    assert str(told)
    assert show("fr", told) != str(told)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("polls=3", "polls: expected a whole number from 1 to 2, got “3”"),
        ("pols=2", "no setting is called “pols”; did you mean polls?"),
        ("polls", "expected settings such as polls=2, got “polls”"),
        ("polls=2,polls=1", "“polls=2,polls=1”: polls twice"),
        ("out=17:00/40,74", "expected settings such as polls=2, got “74”"),
        ("74", "expected settings such as polls=2, got “74”"),
        ("polls=1,5", "polls: expected a whole number from 1 to 2, got “1.5”"),
        ("turnout=1.5", "turnout: expected a share from 0 to 1"),
        ("turnout=nan", "turnout: expected a share from 0 to 1"),
        ("service=-3", "service: expected a number from 1 to 600"),
        ("service=1e2", "service: expected a number from 1 to 600"),
        ("closing=17", "closing: expected a whole hour from 18h to 24h"),
        ("closing=18h30", "closing: expected a whole hour from 18h to 24h"),
        ("opening=12", "opening: expected a whole hour from 0h to 11h"),
        ("out=17:00", "out: expected a time and minutes such as 17:00/40"),
        ("out=25:00/40", "out: expected a time and minutes such as 17:00/40"),
        ("out=17:00/0", "out: expected a time and minutes such as 17:00/40"),
        ("profile=2005", "profile: expected the name of an election (2007-P1"),
        ("profile=12h=0.9,17h=0.3", "profile: expected shares of voters that grow from 12h to 17h"),
        ("profile=12h=0.9", "profile: expected the name of an election"),
        ("late-city=perhaps", "late-city: expected yes or no"),
        ("then=paper", "then says nothing without breakdown, out"),
        ("repair=10", "repair says nothing without breakdown"),
        ("second=30", "second says nothing without polls=2"),
        ("first-only=0.02", "first-only says nothing without polls=2"),
        ("polls=2,first-only=0.11", "first-only: expected a share from 0 to 0.1"),
        ("breakdown=0.1,travel=10", "travel says nothing without then=reserve"),
        ("breakdown=0.1,then=reserve", "then=reserve says nothing without reserves"),
        ("breakdown=0.1,then=wait", "then: expected repair or reserve or paper"),
        ("name=x", "scenario “x” changes nothing"),
        (f"name={'x' * 61},polls=2", "name: at most 60 characters"),
        ("", "expected settings such as polls=2, got nothing"),
    ],
)
def test_what_a_scenario_cannot_be_is_refused(given: str, said: str) -> None:
    with pytest.raises(RegardError) as found:
        scenarios_of({}, [given])
    assert str(found.value).startswith(said)


def test_two_scenarios_of_one_name_and_too_many_are_refused() -> None:
    with pytest.raises(RegardError, match="two scenarios are called “two polls”"):
        scenarios_of({}, ["polls=2", "polls=2"])
    with pytest.raises(RegardError, match="at most 20 scenarios"):
        scenarios_of({}, [f"service={seconds}" for seconds in range(10, 11 + MOST_SCENARIOS)])


def test_scenarios_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "two.toml"
    path.write_text('[[scenario]]\nname = "Deux"\npolls = 2\n[[scenario]]\nturnout = 0.5\nlate-city = true\n')
    _, polls, few = scenarios_of({}, [str(path)])
    assert (polls.name, polls.circumstances.polls) == ("Deux", 2)
    assert (few.circumstances.turnout, few.circumstances.profile) == (0.5, PROFILES["2022-P1"].late())
    path.write_text("closing = 19\n")
    assert of(str(path)).closing == 19


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("scenario = 3", "expected the settings of one scenario, or tables called [[scenario]] alone"),
        ("polls = 2\n[[scenario]]\npolls = 2", "expected the settings of one scenario, or tables"),
        ("[[scenarios]]\npolls = 2", "expected the settings of one scenario, or tables called [[scenario]] alone"),
        ("scenario = [1]", "expected tables called [[scenario]]"),
        ("[[scenario]]\npolls = 2\n[[scenario]]\npolls = 9", "scenario 2: polls: expected a whole number from 1 to 2"),
        ("polls = [2]", "scenario 1: “polls”: expected a text or a number"),
        ("polls = ", "expected a TOML file in UTF-8"),
    ],
)
def test_files_of_scenarios_that_are_none_are_refused(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "s.toml"
    path.write_text(text)
    with pytest.raises(RegardError) as found:
        scenarios_of({}, [str(path)])
    assert said in str(found.value)


def test_a_program_gives_values_of_its_own() -> None:
    given = second({"polls": 2, "turnout": 0.5, "late-city": True})
    assert given.settings == {"polls": "2", "turnout": "0.5", "late-city": "yes"}
    with pytest.raises(RegardError, match="expected a text or a number"):
        second({"polls": [2]})


def test_more_bureaux_and_scenarios_than_there_is_room_for_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "ville.csv"
    put_text(path, "Bureau;Inscrits\n" + "".join(f"{code};1\n" for code in range(2000)))
    town = read_town(path, (8, 19))
    scenarios = scenarios_of({}, [f"service={seconds}" for seconds in (10, 20, 30, 50)])
    with pytest.raises(RegardError, match="at most 8,000 bureaux times scenarios, got 10,000"):
        TownStudy(town, scenarios, 1, 50, 15.0).play(Here(), lambda done, total: None)
