"""Truth against findings: what counts as caught, seen, missed, cancelled and false; and `regard study score`."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from protocol.errors import InputError
from regard.cli import main
from regard.language import show
from regard.studies.evidence_sets import fault_label
from regard.studies.scoring import FaultOutcome, Instance, TruthLine, grave, read_truth, score
from sim.bureaux import choose
from sim.faults.catalogue import faults
from sim.nights.night import simulate
from sim.transmission.faults import way_faults
from tests.regard.calling import CommandLine
from verify.model.findings import Finding, finding
from verify.model.rule_results import Side

A, B = ("92076", "0001"), ("92076", "0002")
BUREAUX = {A, B, ("77513", "0001")}
HEADER = "faute,insee,bureau,scrutin,piece,champ,effet,detail\n"
PV, ROLL, EXPORT, PUBLISHED = "pv.csv:2", "emargements.csv:2", "exports/92076-0001-1-1.esf@0", "publie.txt:2"


def line(fault: str, piece: str, field: str, effect: int | None, place: tuple[str, str] = A) -> TruthLine:
    return TruthLine(fault, *place, piece, field, effect, "1")


def found(
    code: str,
    left: tuple[str, int | str | None],
    right: tuple[str, int | str | None],
    field: str = "signatures",
    place: tuple[str, str] = A,
    **details: int | str,
) -> Finding:
    return finding(code, Side(*left), Side(*right), field=field, insee=place[0], bureau=place[1], details=details)


def only(truth: list[TruthLine], *findings: Finding) -> Instance:
    [instance] = score(truth, findings, BUREAUX).instances
    return instance


VOTED_TWICE = [line("voted-twice", "jour", "votes", 1)]


def test_a_count_is_caught_by_its_net_effect_in_size() -> None:
    for votes, outcome in (
        (701, FaultOutcome.CAUGHT),
        (702, FaultOutcome.SEEN),
        (699, FaultOutcome.CAUGHT),
        (700, FaultOutcome.SEEN),
    ):
        assert only(VOTED_TWICE, found("R201", (ROLL, 700), (EXPORT, votes))).outcome is outcome


def test_what_no_finding_concerns_is_missed() -> None:
    assert only(VOTED_TWICE).outcome is FaultOutcome.MISSED
    of_another_bureau = found("R201", (ROLL, 700), (EXPORT, 701), place=B)
    assert only(VOTED_TWICE, of_another_bureau).outcome is FaultOutcome.MISSED
    of_something_else = found("R211", (PV, 900), ("univers.csv:2", 901), "registered")
    assert only(VOTED_TWICE, of_something_else).outcome is FaultOutcome.MISSED


def test_the_voters_at_a_full_hour_are_a_count_of_voters() -> None:
    hourly = found("M112", ("modules/92076-0001-1.urn", 80), (ROLL, 100), "09h")
    assert only(VOTED_TWICE, hourly).codes == ("M112",)
    assert only([line("late-opening", "jour", "ouverture", None)], hourly).codes == ()


def test_effects_add_up_in_a_bureau_and_votes_less_signatures_are_one_count() -> None:
    truth = [
        line("voted-twice", "jour", "votes", 1),
        line("voted-twice", "jour", "votes", 1),
        line("voted-without-signing", "jour", "emargements", -2),
        line("signed-early", "jour", "votes", -1),
    ]
    findings = [found("R201", (ROLL, 700), (EXPORT, 703))]
    outcomes = {each.fault: each.outcome for each in score(truth, findings, BUREAUX).instances}
    assert outcomes == dict.fromkeys(["voted-twice", "voted-without-signing", "signed-early"], FaultOutcome.CAUGHT)


def test_a_net_effect_of_zero_is_told_apart() -> None:
    truth = [*VOTED_TWICE, line("roll-from-votes", "emargements", "signatures", 1)]
    assert [each.outcome for each in score(truth, [], BUREAUX).instances] == [FaultOutcome.CANCELLED] * 2


def test_a_fault_without_a_count_is_caught_by_whatever_speaks_of_its_piece() -> None:
    truth = [line("hour-missing", "pv", "cloture", None)]
    assert only(truth, found("R219", (PV, None), (PV, "a time of day"), "cloture")).outcome is FaultOutcome.CAUGHT
    assert (
        only(truth, found("R204", (ROLL, 700), (EXPORT, 701))).outcome is FaultOutcome.CAUGHT
    )  # its rule needs the PV
    assert only(truth, found("R201", (ROLL, 700), (EXPORT, 701))).outcome is FaultOutcome.MISSED
    assert (
        only(truth, found("T307", (PUBLISHED, "70,01"), (PUBLISHED, "70,02"), "% Vot/Ins")).outcome
        is FaultOutcome.MISSED
    )


def test_later_papers_copy_counts_and_nothing_else() -> None:
    figure, time = line("digit-wrong", "pv", "votes", 10), line("hour-missing", "pv", "cloture", None)
    published = found("T306", (PUBLISHED, 700), (PUBLISHED, 710), "valid")
    assert only([figure], published).outcome is FaultOutcome.CAUGHT
    assert only([time], published).outcome is FaultOutcome.MISSED


def test_the_sum_over_one_rule_counts_too() -> None:
    truth = [line("digit-wrong", "pv", "votes", 10), line("digit-wrong", "pv", "votes", -3)]
    two = [found("R207", (PV, 110), (EXPORT, 100), "CURIE"), found("R207", (PV, 97), (EXPORT, 100), "PASTEUR")]
    assert only(truth, *two).outcome is FaultOutcome.CAUGHT
    assert only(truth, two[0]).outcome is FaultOutcome.SEEN


def test_nulls_on_a_machine_are_held_against_zero_and_absent_figures_are_no_figures() -> None:
    truth = [line("gap-as-nulls", "pv", "null", 4)]
    assert only(truth, found("R209", (PV, 4), (PV, 700), "null")).outcome is FaultOutcome.CAUGHT
    assert only(truth, found("R209", (PV, 5), (PV, 700), "null", gap=-1)).outcome is FaultOutcome.SEEN


def test_what_is_about_a_file_catches_the_faults_of_that_piece() -> None:
    truth = [line("published-doubled", "publie", "ligne", None)]
    twice = found("I114", ("publie.txt:9", "92076 0001 again"), ("publie.txt", "once"), place=("", ""))
    assert only(truth, twice).outcome is FaultOutcome.CAUGHT
    elsewhere = found("I114", ("pv.csv:9", "92076 0001 again"), ("pv.csv", "once"), place=("", ""))
    assert only(truth, elsewhere).outcome is FaultOutcome.MISSED


def test_a_bureau_that_is_not_on_the_list_stands_for_its_commune() -> None:
    truth = [line("dump-unpadded-bureau", "exports", "bureau", None)]
    unknown = found("C102", ("exports/92076-1-1-1.esf@0", "92076 1"), ("univers.csv", "0001"), place=("92076", "1"))
    result = score(truth, [unknown], BUREAUX)
    assert result.instances[0].outcome is FaultOutcome.CAUGHT
    assert not result.false


def test_coverage_screens_and_what_could_change_catch_nothing() -> None:
    screen = found("P401", (ROLL, 700), (EXPORT, 701))
    others = [found("C111", (ROLL, 1), (EXPORT, 2)), found("V501", (ROLL, 1), (EXPORT, 2))]
    instance = only(VOTED_TWICE, screen, *others)
    assert instance.outcome is FaultOutcome.MISSED
    assert instance.screens == ("P401",)
    assert instance.codes == ()


def test_false_is_what_is_said_where_nothing_is_wrong() -> None:
    elsewhere = [
        found("R201", (ROLL, 700), (EXPORT, 701), place=B),
        found("R217", (ROLL, 3), (PV, 0), place=("77513", "")),
        found("P401", (ROLL, 700), (EXPORT, 701), place=B),
    ]
    here = found("R217", (ROLL, 3), (PV, 0), place=("92076", ""))
    result = score(VOTED_TWICE, [*elsewhere, here], BUREAUX)
    assert list(result.false) == elsewhere[:2]
    assert list(result.false_screens) == elsewhere[2:]
    assert grave(result.false) == 1  # the second is an information
    assert [each.code for each in score([], [here], BUREAUX).false] == ["R217"]


def test_the_truth_is_read_with_care(tmp_path: Path) -> None:
    path = tmp_path / "verite.csv"
    path.write_text(HEADER + "voted-twice,92076,0001,1,jour,votes,-2,\nhour-missing,92076,0002,1,pv,cloture,,x\n")
    assert read_truth(path) == [
        line("voted-twice", "jour", "votes", -2),
        line("hour-missing", "pv", "cloture", None, B),
    ]
    for wrong in ("1.5", "--1", "9999999999", "un"):
        path.write_text(HEADER + f"voted-twice,92076,0001,1,jour,votes,{wrong},\n")
        with pytest.raises(InputError, match="effet"):
            read_truth(path)
    path.write_text("faute,insee\n")
    with pytest.raises(InputError):
        read_truth(path)


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("score") / "night"
    rates = {"voted-twice": 0.002, "hour-missing": 0.5, "panel-exchanged": 0.5}
    simulate(folder, seed=4, year=2022, communes=choose(2022, ["77513"]), rates=rates, workers=1)
    return folder


def test_the_command(night: Path, tmp_path: Path, cli: CommandLine) -> None:
    document = tmp_path / "score.json"
    cli("score", night, "--json", document, code=1)  # an exchanged panel leaves no trace
    shown = cli.out
    assert "0 findings where nothing is wrong" in shown
    rows = json.loads(document.read_text("utf-8"))["instances"]
    outcomes = {(row["fault"], row["outcome"]) for row in rows}
    assert outcomes == {("voted-twice", "caught"), ("hour-missing", "caught"), ("panel-exchanged", "missed")}
    struck = {(each.fault, each.insee, each.bureau) for each in read_truth(night / "verite.csv")}
    assert {(row["fault"], row["insee"], row["bureau"]) for row in rows} == struck
    assert all(row["rules"] == ["R219"] for row in rows if row["fault"] == "hour-missing")
    for fault, _ in outcomes:
        assert " ".join(show("en", fault_label(fault)).split()[:3]) in shown
        assert fault not in shown


def test_the_command_in_french_and_to_a_pipe(night: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["score", str(night), "--lang", "fr", "--json", "-"]) == 1
    captured = capsysbinary.readouterr()
    assert json.loads(captured.out)["cases"]["told"]
    assert "manqué".encode() in captured.err
    assert b"La v\xc3\xa9rit\xc3\xa9 et les cas" in captured.err


@pytest.mark.parametrize("columns", ["40", "60", "80", "120"])
def test_faults_are_told_in_the_language_of_the_reader(
    columns: str, night: Path, cli: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    cli("score", night, "--lang", "fr", code=1)
    shown = cli.out
    assert max(map(len, shown.splitlines())) <= int(columns)
    assert re.findall("voted-twice|hour-missing|panel-exchanged", shown) == []
    assert all(len(re.findall(words, shown)) == 2 for words in (r"un\s+vote\s+de\s+plus", r"une heure\s+manque"))


def test_no_two_faults_are_told_alike() -> None:
    told = [show("fr", fault_label(name)) for name in {**faults(), **way_faults()}]
    assert len(set(told)) == len(told)


def test_what_cases_say_of_the_faults(night: Path, tmp_path: Path, cli: CommandLine) -> None:
    document = tmp_path / "score.json"
    cli("score", night, "--json", document, code=1)
    shown = cli.out.partition("The truth and the cases")[2]
    values = json.loads(document.read_text("utf-8"))
    hours = [each for each in values["instances"] if each["fault"] == "hour-missing"]
    assert hours
    assert all(each["right_causes"] == ["times-in-record"] and each["right_cause"] for each in hours)
    assert [each for each in values["instances"] if each["fault"] == "panel-exchanged" and each["told"]] == []
    counts = values["cases"]
    assert counts["told"] == counts["right_cause"] == sum(each["told"] for each in values["instances"])
    assert counts["cases"] == len({case["id"] for each in values["instances"] for case in each["cases"]})
    said = f"reported: {len(hours)}; cases: {len(hours)}; right cause: {len(hours)}/{len(hours)};"
    assert f"{show('en', fault_label('hour-missing'))}: {said}" in " ".join(shown.split())
    assert values["false"] == {"findings": 0, "errors_and_warnings": 0, "screens": 0, "said": []}


def test_a_night_without_faults_is_all_well(tmp_path: Path, cli: CommandLine) -> None:
    folder = tmp_path / "night"
    simulate(folder, seed=5, year=2022, communes=choose(2022, ["77513"]), rates={}, workers=1)
    cli("score", folder)
    (folder / "verite.csv").unlink()
    cli("score", folder, "--lang", "fr", code=2)
    assert "verite.csv" in cli.err


def test_effects_of_two_polls_do_not_cancel_each_other(tmp_path: Path) -> None:
    """Votes that are too many in one poll and missing in the other are two faults with an effect."""
    path = tmp_path / "verite.csv"
    rows = [f"digits-exchanged,{A[0]},{A[1]},{poll},pv,voix,{effect},x\n" for poll, effect in ((1, 18), (2, -18))]
    path.write_text(HEADER + "".join(rows), encoding="utf-8")
    truth = read_truth(path)
    assert [line.poll for line in truth] == ["1", "2"]
    assert only(truth).outcome is FaultOutcome.MISSED
    found_of = [found("R207", ("voix.csv:2", 86), (EXPORT, 68), field="A"), found("R210", (PV, 13), (PV, 31))]
    assert only(truth, *found_of).outcome is FaultOutcome.CAUGHT
    one = [replace(line, poll="1") for line in truth]
    assert only(one, *found_of).outcome is FaultOutcome.CANCELLED
