"""Real exports of Dominion's systems, against totals that were made without regard."""

import csv
import json
from collections import Counter
from pathlib import Path

import pytest

from protocol.cvr.json_export import count_file
from protocol.cvr.lists import ExportLists
from protocol.dumps.layouts import DumpReading
from protocol.dumps.recognising import find_dumps, layout_of
from protocol.dumps.tallies import ChoiceKind, TallyKind
from protocol.opening import open_evidence
from tests.protocol.cvr.made import UNCHECKED, said, votes
from tests.real_files import needed
from tests.sources import new_file

ALASKA = "dominion_json_alaska2024"


@pytest.fixture(scope="module")
def machines(real_data: Path) -> Path:
    return needed(real_data / "other_machines")


@pytest.fixture(scope="module")
def alaska(machines: Path) -> DumpReading:
    (reading,) = find_dumps([machines / ALASKA]).readings
    return reading


@pytest.fixture(scope="module")
def arapahoe(machines: Path) -> DumpReading:
    (reading,) = find_dumps([machines / "dominion_csv_arapahoe2016"]).readings
    return reading


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row.get("set", ALASKA) == ALASKA]


def unit(row: dict[str, str]) -> str:
    return f"{row['tabulator']}/{row['batch']}/{row['precinct_portion']}"


def test_votes_of_every_batch_and_precinct(machines: Path, alaska: DumpReading) -> None:
    expected = {(unit(row), row["contest"], row["candidate"]): int(row["votes"]) for row in
                rows(machines / "expected_votes.csv")}  # fmt: skip
    found = {(at, contest, choice): n for (at, contest, choice, kind), n in votes(alaska.tallies).items()
             if kind == "choice"}  # fmt: skip
    assert len(expected) > 100
    assert found == {key: number for key, number in expected.items() if number}


def test_ballots_undervotes_and_overvotes_of_every_batch_and_precinct(machines: Path, alaska: DumpReading) -> None:
    tallies = alaska.tallies
    found = {
        (tallies.units[at], tallies.contests[contest].id): [ballots, 0, 0]
        for at, contest, _, ballots in tallies.counts.tolist()
    }
    for at, contest, _, kind, number in tallies.rows.tolist():
        if kind in (TallyKind.UNDERVOTE, TallyKind.OVERVOTE):
            found[tallies.units[at], tallies.contests[contest].id][kind - TallyKind.UNDERVOTE + 1] = number
    expected = {
        (unit(row), row["contest_id"]): [int(row[name]) for name in ("ballots", "undervotes", "overvoted_ballots")]
        for row in rows(machines / "expected_contests.csv")
    }
    assert len(expected) == 189
    assert found == expected
    contests = {each.id: (each.name, str(each.vote_for), max(1, each.ranks)) for each in tallies.contests}
    for row in rows(machines / "expected_contests.csv"):
        assert contests[row["contest_id"]] == (row["contest"], row["vote_for"], max(1, int(row["ranks"])))


def test_contests_that_are_not_the_voters_are_no_ballots(machines: Path) -> None:
    lists = ExportLists()
    lists.take("ContestManifest", open_evidence(machines / ALASKA / "ContestManifest.json"))
    found: Counter[tuple[str, str]] = Counter()
    for path in (machines / ALASKA).glob("CvrExport_*.json"):
        counts = count_file(path, lists).counts
        assert counts is not None
        for (tabulator, batch, portion), row in counts.units.items():
            for number, slots in counts.slots.items():
                if row[slots.invalid]:
                    found[f"{tabulator}/{batch}/{portion}", str(number)] += row[slots.invalid]
    expected = {(unit(row), row["contest_id"]): int(row["invalid_contest"]) for row in
                rows(machines / "expected_contests.csv")}  # fmt: skip
    assert sum(number for (_, contest), number in expected.items() if contest == "7") == 73
    assert found == {key: number for key, number in expected.items() if number}


def test_a_ranked_contest_as_another_tabulator_counts_it(machines: Path, alaska: DumpReading) -> None:
    tallies = alaska.tallies
    at = next(index for index, each in enumerate(tallies.contests) if each.id == "7")
    mine = tallies.rows[tallies.rows["contest"] == at]
    found = {tallies.choices[n].name: int(mine["votes"][mine["choice"] == n].sum()) for n in set(mine["choice"]) - {-1}}
    with (machines / ALASKA / "RCTAB_expected_summary_contest7.csv").open(newline="") as file:
        summary = {row[0]: row[1] for row in csv.reader(file) if len(row) > 1}
    assert found == {name: int(summary[name]) for name in found}
    assert len(found) == 4
    counts = tallies.counts[tallies.counts["contest"] == at]
    assert int(counts["ballots"].sum()) == int(summary["Total Number of Ballots"]) == 124
    assert int(mine["votes"][mine["kind"] == TallyKind.UNDERVOTE].sum()) == 8


def test_lists_parties_and_the_configuration_are_used(alaska: DumpReading) -> None:
    assert said(alaska) == [("D115", "holds", ""), ("D114", "holds", ""), ("D104", "holds", ""), UNCHECKED]
    assert "released for results only" in str(alaska.checks[0].text)
    assert alaska.problems == ()
    parties = {each.name: each.party for each in alaska.tallies.choices}
    assert parties["Harris/Walz"] == "Registered Democrat"
    write_ins = [each for each in alaska.tallies.choices if each.kind is ChoiceKind.WRITE_IN]
    assert len(write_ins) == 51
    assert {str(value) for _, value in alaska.facts} == {"2024 General Election", "5.17.18.1", "1,636"}


def test_an_export_without_its_lists_has_the_same_totals_under_numbers(machines: Path, alaska: DumpReading) -> None:
    files = sorted((machines / ALASKA).glob("CvrExport_*.json"))
    (alone,) = find_dumps(files).readings
    numbered = {
        (alaska.tallies.units[at], alaska.tallies.contests[contest].id, alaska.tallies.choices[choice].id if choice >= 0
         else "", kind): number
        for at, contest, choice, kind, number in alaska.tallies.rows.tolist()
    }  # fmt: skip
    kinds = {kind.name.lower(): kind for kind in TallyKind}
    assert {
        (at, contest, choice, kinds[kind]): n for (at, contest, choice, kind), n in votes(alone.tallies).items()
    } == numbered
    assert said(alone) == [("D114", "not checked", ""), UNCHECKED]


def test_colorados_export(machines: Path, arapahoe: DumpReading) -> None:
    tallies = arapahoe.tallies
    found: Counter[tuple[str, str]] = Counter()
    under, over, ballots = Counter[str](), Counter[str](), Counter[str]()
    for (_, contest, choice, kind), number in votes(tallies).items():
        if kind == "choice":
            found[contest, choice] += number
        else:
            (under if kind == "undervote" else over)[contest] += number
    for _, at, _, number in tallies.counts.tolist():
        ballots[tallies.contests[at].name] += number
    expected = rows(machines / "dominion_csv_arapahoe2016" / "expected_votes.csv")
    assert len(expected) == len(tallies.choices) == 202
    for row in expected:
        name = row["contest"]
        assert found[name, row["choice"]] == int(row["votes"])
        assert (under[name], over[name], ballots[name]) == tuple(
            int(row[key]) for key in ("blank_rows", "overvoted_rows", "rows_with_contest")
        )
    assert {each.vote_for for each in tallies.contests} == {1}


def test_colorados_manifest_agrees_with_its_export(arapahoe: DumpReading) -> None:
    assert said(arapahoe) == [(code, "holds", "") for code in ("D110", "D111", "D112", "D113")]
    assert [check.times for check in arapahoe.checks] == [5] * 4
    assert tuple(part.name for part in (file.path for file in arapahoe.files)) == (
        "ballot_manifest.csv",
        "CVR_Export_20170310104116.csv",
    )
    assert [part.partition("/")[0] for part in arapahoe.tallies.units][:1] == ["3"]


def test_files_are_recognised_by_their_content(machines: Path) -> None:
    """Six of the lists have the same columns: which one such a list is only its name says."""
    unnamed = set()
    for path in (*(machines / ALASKA).glob("*.json"), *(machines / "dominion_csv_arapahoe2016").glob("[!e]*.csv")):
        copy = new_file("anything", path.read_bytes())
        layout, _ = layout_of(path)
        assert layout is not None
        assert layout.name == "dominion"
        if layout_of(copy)[0] is not layout:
            unnamed.add(path.stem)
    assert unnamed == {"PartyManifest", "PrecinctManifest", "BallotTypeManifest", "CountingGroupManifest",
                       "OutstackConditionManifest", "DistrictTypeManifest"}  # fmt: skip
    assert layout_of(machines / ALASKA / "RCTAB_expected_summary_contest7.csv")[0] is None


def test_marks_that_are_no_votes(machines: Path, alaska: DumpReading) -> None:
    """Ambiguous marks, lower ranks, and both first ranks where there are two, told apart by a plain loop."""
    seen: Counter[str] = Counter()
    listed = json.loads((machines / ALASKA / "ContestManifest.json").read_text("utf-8"))["List"]
    ranked = {each["Id"] for each in listed if each["NumOfRanks"] > 1}
    for path in (machines / ALASKA).glob("CvrExport_*.json"):
        for ballot in json.loads(path.read_text("utf-8"))["Sessions"]:
            seen["modified"] += "Modified" in ballot
            for card in ballot["Original"]["Cards"]:
                for contest in card["Contests"]:
                    marks = contest["Marks"]
                    first = [each for each in marks if each["Rank"] == 1 and each["IsVote"]]
                    seen["ambiguous"] += sum(each["IsAmbiguous"] for each in marks)
                    seen["written in"] += sum("WriteinIndex" in each for each in marks)
                    if 7 in contest["OutstackConditionIds"]:
                        continue
                    twice = contest["Id"] in ranked and len(first) > 1
                    seen["overvoted at the first rank"] += twice
                    seen["votes"] += 0 if twice else sum(not each["IsAmbiguous"] for each in first)
    found = alaska.tallies.rows
    assert int(found["votes"][found["kind"] == TallyKind.CHOICE].sum()) == seen.pop("votes")
    assert seen == {"modified": 0, "ambiguous": 214, "written in": 226, "overvoted at the first rank": 3}
