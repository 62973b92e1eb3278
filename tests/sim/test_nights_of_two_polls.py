"""Whole nights on which two polls are held: one urn a machine, an export and papers of each poll, and they agree."""

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

import regard
from protocol.export import record as export
from protocol.night import parse_export_name
from sim import parameters
from sim.bureaux import choose, machine_bureaux
from sim.elections import PROFILES, SCENARIOS
from sim.faults.catalogue import faults
from sim.faults.model import DayFault, Unit
from sim.nights.night import simulate
from sim.planned import PlannedNight
from sim.queues.town import Breakdowns, Circumstances, Outage, Then, TownBureau
from sim.towns import town
from sim.voters import HOUR, draw
from tests.sim.nights import rows
from tests.sources import new_folder
from tests.verify.night_builder import codes_of
from verify.model.findings import Finding, Severity

TWO = SCENARIOS[2021]
POLLS = ("1", "2")
LISTED = tuple(
    TownBureau("76351", "Le Havre", f"{number:04}", registered, machines, tables, 8, 19)
    for number, (registered, machines, tables) in enumerate(
        [(420, 1, 1), (900, 2, 2), (380, 1, 1), (500, 0, 1), (350, 1, 1), (410, 1, 1), (300, 0, 1)], 1
    )
)
PLAIN = Circumstances(PROFILES["2021-R1"], polls=2)
SLOW = replace(PLAIN, turnout=0.9, service=replace(parameters.VOTE, mean=60.0))
CIRCUMSTANCES = {
    "plain": PLAIN,
    "late, impatient, many proxies": replace(SLOW, opening_delay=25, patience=15.0, proxies=0.2),
    "repair": replace(SLOW, breakdowns=Breakdowns(0.9, 45.0)),
    "reserve": replace(SLOW, breakdowns=Breakdowns(0.9, 45.0, Then.RESERVE), reserves=3),
    "paper": replace(SLOW, breakdowns=Breakdowns(0.9, 45.0, Then.PAPER)),
    "the first poll only": replace(SLOW, first_only=0.1, proxies=0.2),
    "one out": replace(SLOW, outage=Outage(17 * HOUR, 40 * 60_000)),
}
RATES = {Unit.PERSON: 0.01, Unit.BALLOT: 0.01, Unit.BUREAU: 0.5, Unit.GAP: 0.7}
GAPS = {"voted-twice": 0.01, "signed-without-vote": 0.01}


def made(of: Circumstances = PLAIN, rates: dict[str, float] | None = None, seed: int = 3) -> Path:
    folder = new_folder()
    night = PlannedNight(town(LISTED, of), of)
    simulate(folder, seed=seed, year=2021, planned=night, rates=rates or {}, workers=1)
    return folder


def of_poll(folder: Path, name: str, poll: str) -> dict[str, dict[str, str]]:
    return {row["bureau"]: row for row in rows(folder, name) if row["scrutin"] == poll}


def grave(folder: Path) -> list[Finding]:
    return [each for each in regard.audit(folder).findings if each.severity > Severity.INFO]


@pytest.mark.parametrize("which", CIRCUMSTANCES)
def test_an_honest_night_agrees_with_itself(which: str) -> None:
    folder = made(CIRCUMSTANCES[which])
    result = regard.audit(folder)
    late = {"M107"} if which.startswith("late") else set()  # which is what happened
    assert {each.code for each in result.findings if each.severity > Severity.INFO} <= late
    assert {case.cause.name for case in result.cases if case.severity > Severity.INFO} <= {"hours"}
    assert {kind: there for kind, (there, _) in result.coverage.kinds.items()} == {
        **dict.fromkeys(("exports", "modules"), 5),
        **dict.fromkeys(("emargements", "pv", "voix", "recap", "publie", "publie 2"), 7),
    }


@pytest.mark.parametrize("which", CIRCUMSTANCES)
def test_each_poll_is_counted_in_its_own_export_pv_and_votes(which: str) -> None:
    """Added up from the files alone: the tallies of a poll's exports and its PV, paper beside them in the PV only."""
    folder = made(CIRCUMSTANCES[which])
    cast: Counter[tuple[str, str]] = Counter()
    parts: Counter[tuple[str, str]] = Counter()
    for path in sorted((folder / "exports").iterdir()):
        named, values = parse_export_name(path.name), export.parse(path.read_bytes())
        assert named == (values.insee, values.bureau, values.poll, values.part)
        assert len(values.tallies) == len(TWO.polls[values.poll - 1].labels)
        assert values.voters == values.cast == values.enablings - values.cancellations
        cast[values.bureau, str(values.poll)] += values.cast
        parts[values.bureau, str(values.poll)] += 1
    images = Counter(path.name.split("-")[1] for path in (folder / "modules").iterdir())
    records = {poll: of_poll(folder, "pv.csv", poll) for poll in POLLS}
    signed = {poll: of_poll(folder, "emargements.csv", poll) for poll in POLLS}
    votes: Counter[tuple[str, str]] = Counter()
    for row in rows(folder, "voix.csv"):
        votes[row["bureau"], row["scrutin"]] += int(row["voix"])
        assert row["choix"] in TWO.polls[int(row["scrutin"]) - 1].labels
    on_paper = 0
    for bureau in LISTED:
        for poll in POLLS:
            row = records[poll][bureau.code]
            assert int(row["votes_trouves"]) == int(row["emargements"]) == int(signed[poll][bureau.code]["emargements"])
            assert int(row["exprimes"]) == votes[bureau.code, poll]
            assert parts[bureau.code, poll] == images[bureau.code]
            if bureau.machines:
                assert int(row["votes_trouves"]) == cast[bureau.code, poll] + int(row["papier"] or 0)
            on_paper += int(row["papier"] or 0)
        one, two = (int(records[poll][bureau.code]["votes_trouves"]) for poll in POLLS)
        assert one > two if CIRCUMSTANCES[which].first_only else one == two
    assert (on_paper > 0) is (which == "paper")


def test_published_results_are_a_file_for_each_poll() -> None:
    folder = made()
    assert {path.name for path in folder.glob("publie*")} == {"publie.1.txt", "publie.2.txt"}
    for poll, scenario in zip(POLLS, TWO.polls, strict=True):
        head, *lines = (folder / f"publie.{poll}.txt").read_text("iso-8859-1").splitlines()
        assert ("N°Liste" in head, "Binôme" in head) == (poll == "1", poll == "2")
        records = of_poll(folder, "pv.csv", poll)
        for line in lines:
            cells = line.split(";")
            assert cells[10] == records[cells[6]]["votes_trouves"]
            assert all(label in cells for label in scenario.labels)


def test_other_choices_in_each_poll() -> None:
    """Votes in two polls are independent: blank votes are not the same ones."""
    folder = made()
    blanks = [[row["blancs"] for row in of_poll(folder, "pv.csv", poll).values()] for poll in POLLS]
    assert blanks[0] != blanks[1]


def test_who_comes_votes_and_signs_in_both() -> None:
    """The people of the first poll, with a longer visit and two lists to sign."""
    one = replace(TWO, second=None)
    (commune,) = choose(2021, ["34324"])
    bureau = machine_bureaux(1, TWO, commune)[0]
    alone, both = draw(1, one, bureau), draw(1, TWO, bureau)
    assert both.second is not None
    assert (both.arrival == alone.arrival).all()
    assert (both.choices == alone.choices).all()
    assert ((both.second >= 0) == (both.choices >= 0)).all()
    assert (both.visits[both.choices >= 0] > alone.visits[both.choices >= 0]).all()
    assert (both.visits[both.choices < 0] == alone.visits[both.choices < 0]).all()
    assert (both.sign[both.signatures > 0] > alone.sign[both.signatures > 0]).all()
    assert both.lists[1] is not both.lists[0]
    assert (both.lists[1] == both.lists[0]).all()


EVERY = [*faults()]


@pytest.mark.check(22)
@pytest.mark.parametrize("name", EVERY)
def test_every_fault_of_two_polls(name: str) -> None:
    """Its truth names polls of the day; what is found is of a bureau and poll that it struck, or of the bureau."""
    rates = {name: RATES[faults()[name].unit]} | (GAPS if faults()[name].unit is Unit.GAP else {})
    folder = made(replace(PLAIN, turnout=0.6), rates, seed=5)
    truth = rows(folder, "verite.csv")
    assert {line["scrutin"] for line in truth} <= set(POLLS)
    struck = {(line["bureau"], int(line["scrutin"])) for line in truth}
    bureaux = {bureau for bureau, _ in struck}
    of_urns = {bureau for line in truth if line["piece"] == "modules" for bureau in [line["bureau"]]}
    for case in regard.audit(folder).cases:
        if case.severity is Severity.INFO or case.cause.name == "two-polls":  # which is said of the later poll
            continue
        of_ours = [place for place in case.places if place.bureau in bureaux]
        assert of_ours or not any(place.bureau for place in case.places) or name in ELSEWHERE, case
        for place in of_ours:
            whole = not place.poll or place.bureau in of_urns or name in NOT_ONE_POLL
            assert whole or (place.bureau, place.poll) in struck, (case, sorted(struck))


ELSEWHERE = ("dump-unpadded-bureau", "roll-miscoded")
"""Codes that no bureau has."""
NOT_ONE_POLL = ("dump-batch-torn",)
"""Faults that strike other bureaux as well."""


def test_an_urn_that_is_changed_is_that_of_both_exports() -> None:
    """Both exports were read from the urn as it is: no digest differs."""
    folder = made(rates={"urn-registered-old": 1.0})
    assert codes_of(grave(folder)) == {"A113"}


def test_what_an_assessor_does_to_one_list() -> None:
    """Signatures are counted wrong on one list; the other, and both counts of votes, are as they were."""
    honest, folder = made(), made(rates={"line-doubled": 0.02})
    apart = 0
    for poll in POLLS:
        lines: Counter[str] = Counter(line["bureau"] for line in rows(folder, "verite.csv") if line["scrutin"] == poll)
        before, after = (of_poll(where, "emargements.csv", poll) for where in (honest, folder))
        for code, row in after.items():
            assert int(row["emargements"]) - int(before[code]["emargements"]) == lines[code]
        assert (
            of_poll(folder, "pv.csv", poll)["0001"]["votes_trouves"]
            == (of_poll(honest, "pv.csv", poll)["0001"]["votes_trouves"])
        )
        apart += sum(lines.values()) * (1 if poll == "1" else -1)
    assert apart != 0


def test_one_fault_of_both_polls_is_counted_once(tmp_path: Path) -> None:
    night = PlannedNight(town(LISTED, PLAIN), PLAIN)
    wrote = simulate(tmp_path / "n", seed=3, year=2021, planned=night, rates={"voted-twice": 0.02}, workers=1)
    truth = rows(tmp_path / "n", "verite.csv")
    by_poll = Counter(line["scrutin"] for line in truth)
    assert by_poll["1"] == by_poll["2"] == wrote.faults > 0
    assert [poll.gaps for poll in wrote.polls] == [wrote.gaps] * 2
    assert [poll.votes - poll.signatures for poll in wrote.polls] == [wrote.faults] * 2


FIRST_ONLY = replace(PLAIN, turnout=0.8, first_only=0.1)
OF_DAYS = [name for name, fault in faults().items() if isinstance(fault, DayFault)]


def test_voters_of_one_poll_change_nothing_else() -> None:
    """Without them the same people vote for the same in the first poll; the manifest says how many they are."""
    plain, folder = made(replace(FIRST_ONLY, first_only=0.0)), made(FIRST_ONLY)
    assert of_poll(folder, "pv.csv", "1").keys() == of_poll(plain, "pv.csv", "1").keys()
    first = [[row for row in rows(where, "voix.csv") if row["scrutin"] == "1"] for where in (plain, folder)]
    assert first[0] == first[1]
    said = [json.loads((where / "manifest.json").read_bytes())["circonstances"] for where in (plain, folder)]
    assert ("first_only" in said[0], said[1]["first_only"]) == (False, 0.1)


@pytest.mark.parametrize("name", OF_DAYS)
def test_a_fault_of_the_day_makes_the_gap_that_its_truth_says(name: str) -> None:
    """In each poll, where some vote in the first one only: votes less signatures are what was done wrong."""
    folder = made(FIRST_ONLY, {name: 0.3}, seed=5)
    truth = rows(folder, "verite.csv")
    assert truth
    due: Counter[tuple[str, str]] = Counter()
    for line in truth:
        due[line["bureau"], line["scrutin"]] += {"votes": 1, "emargements": -1, "annulations": 0}[line["champ"]] * int(
            line["effet"]
        )
    for poll in POLLS:
        signed = of_poll(folder, "emargements.csv", poll)
        for bureau, row in of_poll(folder, "pv.csv", poll).items():
            assert int(row["votes_trouves"]) - int(signed[bureau]["emargements"]) == due[bureau, poll]
