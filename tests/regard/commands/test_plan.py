"""`regard plan` as an elections office uses it: screen, JSON, exit codes, the figures on record."""

import copy
import hashlib
import json
import math
import os
import pickle
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import wraps
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import regard
from protocol.errors import RegardError
from regard import cli
from sim.queues import days
from sim.queues.days import TownBlock
from sim.queues.town import TownDays
from tests.regard.calling import CommandLine
from tests.sources import ROOT, new_file, put_text

SCHEMA = json.loads((ROOT / "docs" / "reference" / "plan.schema.json").read_text("utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
TOWN = """Code INSEE;Commune;Bureau;Inscrits;Machines;Tables;Horaires;Lieu
76351;Le Havre;0001;1250;1;1;8h-19h;Mairie
76351;Le Havre;0002;700;1;1;8h-19h;École
76351;Le Havre;0003;1250;2;1;8h-19h;Gymnase
"""
QUICK = ("--days", "50", "--workers", "1")


pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture(scope="module", autouse=True)
def days_once() -> Iterator[None]:
    """Each block of a town's days is simulated once: most tests plan the same town, or one with one thing changed."""
    perform = days.perform
    played: dict[bytes, tuple[int, list[TownDays]]] = {}

    @wraps(perform)
    def once(task: TownBlock) -> tuple[int, list[TownDays]]:
        key = pickle.dumps(task)
        if key not in played:
            played[key] = perform(task)
        return copy.deepcopy(played[key])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(days, "perform", once)
        yield


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The town as it is, as JSON."""
    folder = tmp_path_factory.mktemp("town")
    put_text(folder / "ville.csv", TOWN)
    assert (
        cli.main(["plan", str(folder / "ville.csv"), *QUICK, "--lang", "en", "--json", str(folder / "plan.json")]) == 0
    )
    found: dict[str, Any] = json.loads((folder / "plan.json").read_bytes())
    VALIDATOR.validate(found)
    return found


@pytest.fixture
def town() -> Path:
    path = new_file("ville.csv", TOWN)
    return path


@pytest.fixture
def call(town: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    def called(*arguments: str) -> str:
        quick = QUICK[:2] if "--workers" in arguments else QUICK
        assert cli.main(["plan", str(town), *quick, *arguments]) == 0
        return capsys.readouterr().out

    return called


def figures(call: Callable[..., str], *arguments: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(call("--json", "-", *arguments))
    VALIDATOR.validate(found)
    return found


@pytest.mark.check(2)
def test_an_officer_reads_what_is_wrong_and_would_be_enough_first(call: Callable[..., str]) -> None:
    said = call()
    first = " ".join(said.splitlines()[:3])
    assert first.startswith(
        "Assumed: 42 s a vote. In 1 bureau of 3 the longest wait of the day is above 15 min on average: bureau 0001, "
    )
    assert "It would take 1 more machine (bureau 0001)." in first
    text = " ".join(said.split())
    assert "To measure the seconds a vote, or take them from your last election: divide the seconds" in text
    table = re.findall(r"(\d\d) s .*? \(([\d.]+–[\d.]+)\) +[3-9]( \(\d–\d\))? +\d", said)
    assert [seconds for seconds, *_ in table] == ["30", "36", "42", "48", "54", "60"]
    assert "assumptions; column not used: Lieu (--verbose)." in text
    assert max(map(len, said.splitlines())) <= 80
    assert len(said.splitlines()) <= 40
    everything = " ".join(call("--verbose").split())
    assert "- a vote takes 42 s on average: assumed, between the 40 s of a survey" in everything
    assert "“over limit”" not in everything  # of scenarios, of which there is one


@pytest.mark.check(5)
def test_the_number_of_machines_has_its_interval(call: Callable[..., str], planned: dict[str, Any]) -> None:
    """Of the same days: the number itself is that of the answer, and its ends are on either side of it."""
    by_service = {each["service_seconds"]: each for each in planned["fewest"]["by_service"]}
    for each in by_service.values():
        for number in ("machines", "more"):
            low, high = each[f"{number}_interval"]
            assert low <= each[number] <= high
    stated = by_service[42]
    assert stated["machines"] == planned["fewest"]["machines"]["total"]
    low, high = stated["more_interval"]
    said = f"to add stays {low}, if" if low == high else f"{low} to {high} machines would have to be added"
    assert said in " ".join(call().splitlines()[:5])


def test_it_is_french_throughout(call: Callable[..., str]) -> None:
    said = call("--lang", "fr", "--scenario", "polls=2", "--scenario", "out=17:00/40", "--patience", "60", "--verbose")
    text = " ".join(said.split())
    assert text.startswith(
        "Hypothèse : 42 s par vote. Dans 1 bureau sur 3, l'attente la plus longue de la journée dépasse 15 min"
    )
    assert "Il suffirait de 1 machine de plus (bureau 0001)." in text
    assert "Avec une machine de moins que ce minimum, la plus longue attente" in text
    assert "deux scrutins" in said
    assert "renoncent à voter" in said
    assert max(map(len, said.splitlines())) <= 80
    english = {" the ", " of ", " is ", " and ", "minutes that"}
    assert [word for word in english if word in said] == []


@pytest.mark.check(4)
def test_json_is_as_its_schema_says(call: Callable[..., str]) -> None:
    given = ("--scenario", "polls=2", "--scenario", "name=Out,out=17:00/40", "--patience", "60", "--breakdown", "0.1")
    found = figures(call, *given, "--then", "reserve", "--reserves", "1")
    assert [each["name"] for each in found["scenarios"]] == ["as planned", "two polls", "Out"]
    first, polls, out = found["scenarios"]
    assert first["difference"] is None
    assert polls["difference"]["longest_wait_mean"] > 0
    assert polls["town"]["lost_mean"] > first["town"]["lost_mean"] > 0
    assert first["town"]["failed_mean"] > 0
    assert first["town"]["lost_mean"] >= first["town"]["lost_without_failures_mean"] > 0
    assert out["outage"]["worst"]["difference"] > out["outage"]["random"]["difference"] > 0
    assert found["fewest"]["each_bureau_by_itself"]
    assert [each["hour"] for each in first["bureaux"][0]["by_hour"]] == list(range(8, 19))
    for bureau in first["bureaux"]:
        low, high = bureau["longest_wait_mean_interval"]
        assert low < bureau["longest_wait_mean"] < high
        assert bureau["longest_wait_mean"] <= bureau["longest_wait_worst"]


def test_the_schema_is_a_schema_and_rejects_what_it_does_not_know(planned: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    found = copy.deepcopy(planned)
    found["scenarios"][0]["town"]["further"] = 1
    with pytest.raises(jsonschema.ValidationError):
        VALIDATOR.validate(found)


def test_the_fewest_and_the_moved_are_within_the_limit(planned: dict[str, Any]) -> None:
    found = planned["fewest"]
    assert (found["machines"]["now"], found["machines"]["total"]) == (4, 5)
    [needs, spare, enough] = found["machines"]["bureaux"]
    assert (needs["bureau"], needs["now"], needs["machines"]) == ("0001", 1, 2)
    assert needs["longest_wait_mean"] <= 15 < needs["one_less"]
    assert spare["one_less"] is None
    assert enough["machines"] == 2
    [leave] = found["moved"]["from"]
    assert leave["registered"] - leave["capacity"] == leave["voters"] == found["moved"]["total"]
    assert sum(each["voters"] for each in found["moved"]["to"]) == found["moved"]["total"]
    assert found["moved"]["cannot_be_placed"] == 0


@pytest.mark.check(2)
def test_moved_voters_are_as_few_as_the_simulation_says(
    planned: dict[str, Any], town: Path, call: Callable[..., str]
) -> None:
    """The capacity is within the limit, and one voter more is not: a list of each is planned."""
    [leave] = planned["fewest"]["moved"]["from"]
    above = []
    for registered in (leave["capacity"], leave["capacity"] + 1):
        put_text(town, TOWN.replace("0001;1250", f"0001;{registered}"))
        above.append(figures(call)["scenarios"][0]["bureaux"][0]["above_limit"])
    assert above == [False, True]


@pytest.mark.check(3)
def test_an_outage_shows_what_it_costs_where_it_strikes(call: Callable[..., str]) -> None:
    """Spread over all bureaux it would look like nothing: the worst bureau and one at random are shown instead."""
    given = ("--scenario", "name=Out,out=17:00/40")
    cost = figures(call, *given)["scenarios"][1]["outage"]
    worst, random = cost["worst"]["difference"], cost["random"]["difference"]
    said = " ".join(call(*given, "--verbose").split())
    assert f" worst bureau +{worst:.1f}, average +{random:.1f} " in said
    assert "of a machine that is out, what that alone costs" in said
    assert f"(+{worst:.1f}); in a bureau at random +{random:.1f} min on average" in said


@pytest.mark.check(9)
@pytest.mark.parametrize("width", [80, 60, 40])
def test_no_word_is_broken_and_no_figure_cut_on_a_narrow_screen(
    call: Callable[..., str], monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    said = call("--lang", "fr", "--patience", "90", "--scenario", "turnout=0.62,polls=2,service=50", "--verbose")
    shown, _, needs = said.partition("Le minimum")
    if width > 40:
        assert "machines tables" in needs.replace("  ", " ")
        assert re.search(r"\(min\) +renoncent\n", needs)
    else:
        said_of_one = (
            r"0001 : machines 1 → 2, tables 1, attente avec elles \(min\) \S+, "
            r"une machine de moins \(min\) \S+, renoncent \S+\. "
        )
        assert re.search(said_of_one, " ".join(needs.split()))
    assert "…" not in said
    for word in ("participation", "comme prévu", "inscrits", "machines", "dernier"):
        assert word in shown
    assert re.search(r"19\sh\s0", shown)
    assert max(map(len, shown.splitlines())) <= width


def test_a_limit_that_is_kept_as_voters_leave_is_not_good_news(call: Callable[..., str]) -> None:
    found = figures(call, "--patience", "1")["scenarios"][0]["town"]
    assert found["above_limit"] == 0
    said = " ".join(call("--patience", "1").split())
    lost = round(found["lost_mean"])
    assert f"But {lost} voters a day leave without having voted, and only those who stay are counted" in said
    assert f"on an average day: {lost} with the machines and tables there are now, " in said
    assert "leave" not in call().partition("The fewest")[2].partition("Assumed")[0]


@pytest.mark.check(2)
def test_how_many_leave_with_the_fewest_machines_is_what_a_plan_of_them_gives(
    town: Path, call: Callable[..., str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Simulated again with so many machines; said on the screen and in the page as well."""
    assert figures(call)["fewest"]["leaving"] is None
    page = tmp_path / "p.html"
    found = figures(call, "--patience", "20", "--report", str(page))
    said = " ".join(call("--patience", "20").split())
    leaving, machines, tables = (found["fewest"][name] for name in ("leaving", "machines", "tables"))
    rows = [
        re.sub(r";\d;\d;8h", f";{need['machines']};{table['tables']};8h", line)
        for need, table, line in zip(machines["bureaux"], tables["bureaux"], TOWN.splitlines()[1:], strict=True)
    ]
    put_text(town, "\n".join([TOWN.splitlines()[0], *rows]))
    again = figures(call, "--patience", "20")["scenarios"][0]
    assert [each["lost_mean"] for each in again["bureaux"]] == [each["with_fewest_mean"] for each in leaving["bureaux"]]
    assert again["town"]["lost_mean"] == leaving["with_fewest_mean"]
    assert found["scenarios"][0]["town"]["lost_mean"] == leaving["now_mean"] != leaving["with_fewest_mean"]
    now, then = (f"{leaving[name]:.0f}" for name in ("now_mean", "with_fewest_mean"))
    assert f"{now} with the machines and tables there are now, {then} with the fewest. “Enough” is said of" in said
    assert f"{now} with the machines and tables there are now, {then} with the fewest." in page.read_text("utf-8")


@pytest.mark.check(3)
def test_sums_of_machines_meet_where_some_could_be_given_up(town: Path, call: Callable[..., str]) -> None:
    assert "That is" not in call("--verbose")
    put_text(town, TOWN.replace("0002;700;1", "0002;700;3"))
    said = " ".join(call("--verbose").split())
    assert "1 more machine (bureau 0001)" in said
    assert "Machines: 5 are enough (6 now)" in said
    assert "That is 1 more in the bureaux that need them, and 2 fewer where fewer are enough." in said


def test_a_bureau_that_takes_voters_receives_them(call: Callable[..., str], planned: dict[str, Any]) -> None:
    rooms = planned["fewest"]["moved"]["to"]
    said = " ".join(call("--verbose").split())
    assert all(f"bureau {each['bureau']} (receives {each['voters']})" in said for each in rooms)


@pytest.mark.check(3)
def test_the_figures_on_record(cli: CommandLine) -> None:
    """A bit more than 40 min in a bureau of some 1,000 in 2007; near 3 h, closed at 22h, in one beyond 1,300."""
    path = new_file("2007.csv", "Bureau;Inscrits;Machines;Horaires\nA;1000;1;8h-20h\nB;1300;1;8h-20h\n")
    given = ["--election", "2007-P1", "--service", "45", "--days", "200", "--workers", "1", "--json", "-"]
    cli("plan", path, *given)
    small, large = json.loads(cli.out)["scenarios"][0]["bureaux"]
    assert 34 < small["longest_wait_mean"] < 46
    assert 165 < large["longest_wait_mean"] < 195
    assert 21.5 < large["last_out_mean"] < 22.5


@pytest.mark.check(4)
def test_the_same_seed_gives_the_same_figures_on_any_number_of_processes(call: Callable[..., str]) -> None:
    one, two, other = (call("--json", "-", *more) for more in ((), ("--workers", "2"), ("--seed", "2")))
    assert one == two != other


@pytest.mark.check(2)
def test_options_hold_for_all_scenarios_and_are_planned_for(call: Callable[..., str]) -> None:
    """Two polls as planned: the fewest machines are those that two polls need."""
    found = figures(call, "--polls", "2", "--second", "20", "--scenario", "name=One,polls=1")
    assert found["scenarios"][0]["settings"]["polls"] == "2"
    assert found["scenarios"][1]["difference"]["longest_wait_mean"] < 0
    assert found["fewest"]["machines"]["total"] > 5


@pytest.mark.check(2)
def test_a_screen_without_arrows_and_blocks(town: Path) -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"}
    words = [sys.executable, "-m", "regard", "plan", str(town), *QUICK, "--lang", "en"]
    said = subprocess.run(words, env=environment, capture_output=True, check=True).stdout.decode("cp1252")
    assert "1 > 2" in said
    assert "?" not in said


def test_scenarios_see_the_same_people(call: Callable[..., str]) -> None:
    """A change without effect changes no day; an added bureau changes no other."""
    same = figures(call, "--scenario", "name=Same,turnout=0.7369")["scenarios"][1]["difference"]
    assert same["longest_wait_mean_interval"] == [0, 0]
    assert same["above_limit"] == 0


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--scenario", "polls=3"], "regard plan: polls: expected a whole number from 1 to 2"),
        (["--scenario", "out=17:00/40,bureau=0001"], "bureau: for `regard simulate` only"),
        (["--scenario", "out=20:00/40"], "no bureau is open at 20:00"),
        (["--scenario", "none.toml"], "none.toml: does not exist"),
        (["--turnout", "2"], "regard plan: turnout: expected a share from 0 to 1"),
        (["--reserves", "1"], "regard plan: reserves says nothing without then=reserve"),
        (["--report", "plan.csv"], "--report plan.csv: the name must end with .html"),
    ],
)
def test_what_cannot_be_done_is_said_and_ends_with_2(town: Path, cli: CommandLine, given: list[str], said: str) -> None:
    cli("plan", town, *QUICK, *given, code=2)
    assert cli.out == ""
    assert said in cli.err


@pytest.mark.parametrize("list_", [b"", b"PK\x03\x04" + bytes(100), "Bureau;Machines\n1;1\n".encode("utf-16")])
def test_a_list_that_is_none_ends_with_2(town: Path, cli: CommandLine, list_: bytes) -> None:
    town.write_bytes(list_)
    cli("plan", town, *QUICK, "--lang", "fr", code=2)
    assert cli.out == ""
    assert cli.err.startswith(f"regard plan : {town}")


def test_no_list_is_written_over(town: Path, cli: CommandLine) -> None:
    before = town.read_bytes()
    cli("plan", town, *QUICK, "--json", town, code=2)
    assert town.read_bytes() == before


def test_hours_that_no_bureau_has_are_wrong_usage(town: Path, cli: CommandLine) -> None:
    for hours in ("8-17", "12-19", "8"):
        cli("plan", town, "--hours", hours, code=2)
        assert "expected hours such as 8-20" in cli.err


def test_hours_are_taken_as_lists_write_them(call: Callable[..., str], town: Path) -> None:
    put_text(town, "Bureau;Inscrits\n1;800\n")
    assert "when the bureaux open: at 7h" in " ".join(call("--hours", "7h-20h", "--verbose").split())


@pytest.mark.check(3)
def test_the_library_gives_what_the_command_gives(town: Path, call: Callable[..., str]) -> None:
    found = regard.plan(town, scenarios=[{"polls": 2}], settings={"service": 45}, days=50)
    shown = figures(call, "--service", "45", "--scenario", "polls=2")
    assert found.to_dict("en") | {"inputs": 0} == shown | {"inputs": 0}
    assert [each.town.above for each in found.scenarios] == [each["town"]["above_limit"] for each in shown["scenarios"]]


@pytest.mark.parametrize(
    "given",
    [
        *({"days": value} for value in (49, 50.5, "50")),
        *({"limit": value} for value in (0.5, math.nan, "15", True)),
        *({"seed": value} for value in (-1, 1.5)),
        *({"hours": value} for value in ((8,), 8)),
        {"workers": 0},
    ],
)
def test_numbers_out_of_bounds_are_named(town: Path, given: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=f"^{next(iter(given))}: "):
        regard.plan(town, **given)


def test_one_scenario_is_as_good_as_a_list_of_one(town: Path) -> None:
    alone, listed = (regard.plan(town, scenarios=given, days=50) for given in ("polls=2", ["polls=2"]))
    assert len(alone.scenarios) == 2
    assert alone.to_dict() == listed.to_dict()


def test_the_library_refuses_settings_that_there_are_not(town: Path) -> None:
    with pytest.raises(RegardError, match="no setting is called “pools”; did you mean polls"):
        regard.plan(town, settings={"pools": 2})


def test_the_page_is_written_in_the_language_asked_for(town: Path, tmp_path: Path, cli: CommandLine) -> None:
    page = tmp_path / "plan.html"
    words = ["plan", str(town), *QUICK, "--scenario", "closing=20", "--report", str(page)]
    cli(*words, "--lang", "fr")
    text = page.read_text("utf-8")
    assert '<html lang="fr"' in text
    assert "Le Havre\xa0: 3 bureaux" in text or "Le Havre : 3 bureaux" in text
    assert "fermeture à 20h" in text
    cli(*words, "--force")
    assert "Le Havre: 3 bureaux" in page.read_text("utf-8")
    cli("plan", town, *QUICK, "--report", tmp_path / "plan.txt", code=2)


def test_a_page_of_a_plan_is_replaced_and_another_is_not(town: Path, tmp_path: Path, cli: CommandLine) -> None:
    page = tmp_path / "plan.html"
    given = ["plan", str(town), *QUICK, "--report", str(page)]
    cli(*given, "--lang", "fr")
    first = page.read_bytes()
    cli(*given)
    assert page.read_bytes() != first
    put_text(page, "<!doctype html>\n<html lang='fr'><title>plan</title>")
    cli(*given, code=2)
    assert "is not regard's" in cli.err


@pytest.mark.check(3)
def test_files_of_scenarios_are_named_with_their_digests(call: Callable[..., str]) -> None:
    path = new_file("two.toml", '[[scenario]]\nname = "Late"\nclosing = 20\n[[scenario]]\nservice = 50\n')
    found = figures(call, "--scenario", str(path))
    assert [each["name"] for each in found["scenarios"]] == ["as planned", "Late", "50 s a vote on average"]
    assert found["inputs"][1]["path"] == str(path)
    assert found["inputs"][1]["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()


HOSTILE = "=cmd|A1<script>\u202e\x1b[2J\x07"


@pytest.mark.check(3)
def test_hostile_names_come_out_harmless(town: Path, call: Callable[..., str], tmp_path: Path) -> None:
    """In codes, communes, headers and names of scenarios: nothing that rewrites a screen or a page."""
    rows = TOWN.replace("Lieu", HOSTILE).replace("Le Havre;0001", f"{HOSTILE};{HOSTILE}")
    put_text(town, rows)
    page = tmp_path / "plan.html"
    said = call("--scenario", f"name={HOSTILE},polls=2", "--verbose", "--report", str(page))
    for text in (said, page.read_text("utf-8")):
        assert not set("\u202e\x1b\x07") & set(text)
    assert "A1<script>" not in page.read_text("utf-8")


@pytest.mark.parametrize("column", ["Le Havre", "0001"])
def test_names_that_nothing_has_room_for_are_refused(town: Path, cli: CommandLine, column: str) -> None:
    put_text(town, TOWN.replace(column, "9" * 200))
    cli("plan", town, *QUICK, code=2)
    assert "characters, got" in cli.err


@pytest.mark.check(4)
def test_bureaux_of_several_communes_are_named_with_theirs(town: Path, call: Callable[..., str]) -> None:
    put_text(town, TOWN.replace("76351;Le Havre;0002;700", "78650;Le Vésinet;0002;1250"))
    said = " ".join(call("--lang", "fr", "--verbose").split())
    assert "2 machines de plus (Le Havre, bureau 0001 ; Le Vésinet, bureau 0002)." in said
    assert "de place dans aucun bureau de la commune" in said  # of the one that has a single bureau


@pytest.mark.check(3)
def test_a_difference_of_nothing_has_no_sign(call: Callable[..., str]) -> None:
    said = call("--scenario", "name=Same,turnout=0.7369")
    assert re.search(r"Same .* 0\.0 \(0\.0 to 0\.0\)", said)
