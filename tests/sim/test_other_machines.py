"""A night's counts as dumps of other machines: the votes of its exports, and damage of such dumps that is found."""

import csv
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.dumps.checks import CheckVerdict
from protocol.dumps.finding import FoundDumps, find_dumps
from protocol.night import MANIFEST
from sim.bureaux import choose
from sim.faults import dump_bytes, dump_figures, dumps
from sim.faults.catalogue import default_rates
from sim.nights.night import simulate
from sim.other_machines.counts import SectionNumbers
from tests.regard.calling import CommandLine
from tests.sim.nights import FEW, files, night, rows
from verify.audit import run
from verify.loading import load
from verify.model.evidence import Sources

OWN = "presidentielle-2022"
FAULTY = {fault.name: 0.1 for fault in (*dumps.FAULTS, *dump_figures.FAULTS, *dump_bytes.FAULTS)} | {
    "dump-batch-torn": 0.0,  # it makes one file of all exports of a commune
    "dump-tally-wrong": 0.5,
}
Votes = Counter[tuple[str, str]]


def with_machine(folder: Path, machine: str, codes: list[str] = FEW, **options: object) -> Path:
    arguments: dict[str, object] = {"seed": 5, "workers": 1, "rates": {}} | options
    simulate(folder, year=2022, communes=choose(2022, codes), machine=machine, **arguments)  # type: ignore[arg-type]
    return folder


def of_exports(folder: Path) -> dict[tuple[str, str], Votes]:
    """Votes of the night's election by commune and bureau, by choice and kind."""
    names = {row["panneau"]: row["choix"] for row in rows(folder, "choix.csv")}
    found: dict[tuple[str, str], Votes] = {}
    for unit, contest, choice, kind, votes in find_dumps([folder / "exports"]).tidy():
        if contest.startswith(OWN):
            insee, _, bureau = unit.partition("/")
            found.setdefault((insee, bureau), Counter())[names.get(choice, ""), kind] += votes
    return {place: +votes for place, votes in found.items()}


def of_cards(folder: Path) -> dict[tuple[str, str], Votes]:
    """The same of a Dominion folder, whose lists are read without any of regard's readers."""
    listed = json.loads((folder / "cvr" / "PrecinctPortionManifest.json").read_text("utf-8"))["List"]
    places = {str(each["Id"]): each["Description"].split() for each in listed}
    found: dict[tuple[str, str], Votes] = {}
    for unit, _, choice, kind, votes in find_dumps([folder / "cvr"]).tidy():
        insee, bureau = places[unit.rpartition("/")[2]]
        found.setdefault((insee, bureau), Counter())[choice, "blank" if kind == "undervote" else kind] += votes
    return {place: +votes for place, votes in found.items()}


def of_bulletins(folder: Path) -> dict[tuple[str, str], Votes]:
    """The same of bulletins."""
    units = {tuple(unit.split("/")) for unit, *_ in find_dumps([folder / "exports"]).tidy()}
    numbers = SectionNumbers((insee, bureau) for insee, bureau in units)
    places = {}
    for insee, bureau in units:
        number = numbers[insee, bureau]
        places[f"{number.municipality:05}/{number.zone:04}/{number.section:04}"] = insee, bureau
    names = {row["panneau"]: row["choix"] for row in rows(folder, "choix.csv")}
    found: dict[tuple[str, str], Votes] = {}
    for reading in find_dumps([folder / "bu"]).readings:
        ids = [contest.id for contest in reading.tallies.contests]
        for row, (unit, _, choice, kind, votes) in zip(
            reading.tallies.rows.tolist(), reading.tallies.tidy(), strict=True
        ):
            if ids[row[1]] == "20221/1":
                found.setdefault(places[unit], Counter())[names.get(choice, ""), kind] += votes
    return {place: +votes for place, votes in found.items()}


READ = {"bu": of_bulletins, "cvr": of_cards}


@pytest.mark.parametrize("machine", READ)
def test_the_votes_are_those_of_the_exports(tmp_path: Path, machine: str) -> None:
    folder = with_machine(tmp_path / "n", machine)
    votes = READ[machine](folder)
    assert votes == of_exports(folder)
    assert len(votes) == len(rows(folder, "univers.csv"))
    assert find_dumps([folder / machine]).outcome() == 0
    assert find_dumps([folder / machine]).left == ()


@pytest.mark.parametrize("machine", READ)
def test_the_votes_are_those_of_the_exports_after_all_faults(tmp_path: Path, machine: str) -> None:
    folder = with_machine(tmp_path / "n", machine, [*FEW, "92076"], rates=FAULTY)
    struck = {row["faute"] for row in rows(folder, "verite.csv")}
    assert len(struck) > 10
    assert {"dump-copied", "dump-unpadded-bureau", "dump-tally-wrong"} <= struck
    assert READ[machine](folder) == of_exports(folder)


@pytest.mark.check(5)
@pytest.mark.parametrize("machine", READ)
def test_same_seed_same_bytes_on_one_process_and_two(tmp_path: Path, machine: str) -> None:
    codes = [*FEW, "92076"]
    one, two = (with_machine(tmp_path / f"{n}", machine, codes, rates=default_rates(), workers=n) for n in (1, 2))
    assert files(one) == files(two)
    without = night(tmp_path / "without", codes, default_rates())
    listed = json.loads((one / MANIFEST).read_text("utf-8"))["files"]
    others = {name for name in files(one) if name.startswith(f"{machine}/")}
    assert others == listed.keys() & others
    assert {name: data for name, data in files(one).items() if name not in others and name != MANIFEST} == {
        name: data for name, data in files(without).items() if name != MANIFEST
    }
    other = with_machine(tmp_path / "other", machine, codes, rates=default_rates(), seed=6)
    assert {name: files(other).get(name) for name in others} != {name: files(one)[name] for name in others}


@pytest.mark.parametrize("machine", READ)
def test_the_night_is_verified_as_without_them(tmp_path: Path, machine: str) -> None:
    with_them, without = with_machine(tmp_path / "with", machine), night(tmp_path / "without")
    loaded = load(Sources(folder=with_them))
    found, usual = run(loaded), run(load(Sources(folder=without)))
    assert [(each.code, each.message) for each in found.findings] == [
        (each.code, each.message) for each in usual.findings
    ]
    named = {each.path: str(each.why) for each in loaded.inputs if each.path == machine}
    assert named == {machine: "dumps of another machine, which regard totals reads"}
    (with_them / "other").mkdir()
    (with_them / "other" / "note.txt").write_text("nothing", encoding="utf-8")
    again = {each.path: str(each.why) for each in load(Sources(folder=with_them)).inputs}
    assert again["other"] == "nothing in it is read"


def failing(found: FoundDumps) -> set[str]:
    return {check.code for reading in found.readings for check in reading.checks if check.verdict is CheckVerdict.FAILS}


def changed_export(folder: Path, change: Callable[[list[dict[str, object]]], object]) -> None:
    """Change the ballots of the first batch."""
    path = folder / "cvr" / "CvrExport_1.json"
    value = json.loads(path.read_text("utf-8"))
    change(value["Sessions"])
    path.write_text(json.dumps(value), encoding="utf-8")


def test_a_card_that_is_gone_or_moved_is_found(tmp_path: Path, cli: CommandLine) -> None:
    folder = with_machine(tmp_path / "n", "cvr", ["77513"])
    data = (folder / "cvr" / "CvrExport_1.json").read_bytes()
    changed_export(folder, lambda ballots: ballots.pop())
    assert failing(find_dumps([folder / "cvr"])) == {"D101", "D113"}
    cli("totals", folder / "cvr", code=1)
    (folder / "cvr" / "CvrExport_1.json").write_bytes(data)
    cli("totals", folder / "cvr")
    changed_export(folder, lambda ballots: [ballot.update(BatchId=7) for ballot in ballots])
    assert failing(find_dumps([folder / "cvr"])) == {"D101", "D110", "D112"}


def test_damage_of_exports_is_found(tmp_path: Path) -> None:
    folder = with_machine(tmp_path / "n", "cvr", ["77513"])
    path = folder / "cvr" / "CvrExport_2.json"
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    found = find_dumps([folder / "cvr"])
    assert "D113" in failing(found)
    assert [problem.file for reading in found.readings for problem in reading.problems] == [str(path)]
    path.write_bytes(data)
    (folder / "cvr" / "CvrExport_20.json").write_bytes(data)
    assert failing(find_dumps([folder / "cvr"])) == {"D111"}
    (folder / "cvr" / "CvrExport_20.json").unlink()
    path.unlink()
    assert failing(find_dumps([folder / "cvr"])) == {"D110"}


def test_an_export_that_does_not_add_up_differs_from_the_ballot_manifest(tmp_path: Path) -> None:
    folder = with_machine(tmp_path / "n", "cvr", ["77513"], rates={"dump-tally-wrong": 1.0})
    assert "D113" in failing(find_dumps([folder / "cvr"]))
    other = with_machine(tmp_path / "o", "cvr", ["77513"], rates={"dump-earlier-election": 1.0})
    assert failing(find_dumps([other / "cvr"])) == {"D114"}


def test_every_changed_byte_of_the_lines_of_a_bulletin_is_found(tmp_path: Path, cli: CommandLine) -> None:
    folder = with_machine(tmp_path / "n", "bu", ["77513"]) / "bu"
    path = folder / "s20221-7751300010001.bu"
    data = path.read_bytes()
    votes = data.index(b"\x30", len(data) // 4)
    for place in range(votes, len(data), 61):
        path.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
        assert find_dumps([folder]).outcome() == 1, place
    cli("totals", folder, code=1)


def test_damage_of_the_files_of_an_urna_is_found(tmp_path: Path) -> None:
    folder = with_machine(tmp_path / "n", "bu", ["77513"]) / "bu"
    path, ballots = (folder / f"s20221-7751300010001.{kind}" for kind in ("bu", "rdv"))
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    found = find_dumps([folder])
    assert [problem.file for reading in found.readings for problem in reading.problems] == [str(path)]
    path.write_bytes(data)
    whole = ballots.read_bytes()
    ballots.write_bytes((folder / "s20221-7751300010002.rdv").read_bytes())
    assert {"D107", "D109"} & failing(find_dumps([folder]))
    ballots.write_bytes(whole)
    assert find_dumps([folder]).outcome() == 0
    path.rename(folder / "s20221-7751300010009.bu")
    assert "D109" in failing(find_dumps([folder]))


def test_a_bulletin_has_the_faults_of_its_export(tmp_path: Path) -> None:
    folder = with_machine(tmp_path / "n", "bu", ["77513"], rates={"dump-tally-wrong": 1.0})
    assert failing(find_dumps([folder / "bu"])) == {"D104"}


def test_the_key_is_made_of_the_seed(tmp_path: Path) -> None:
    one, other = (with_machine(tmp_path / f"{seed}", "bu", ["77513"], seed=seed) / "bu" for seed in (5, 6))
    mixed = tmp_path / "mixed"
    mixed.mkdir()
    assert find_dumps([one]).outcome() == find_dumps([other]).outcome() == 0
    name = "s20221-7751300010001"
    (mixed / f"{name}.bu").write_bytes((one / f"{name}.bu").read_bytes())
    (mixed / f"{name}.imgbu").write_bytes((other / f"{name}.imgbu").read_bytes())
    assert find_dumps([mixed]).outcome() == 1


def test_without_its_libraries_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cli: CommandLine
) -> None:
    monkeypatch.setattr("protocol.extras.find_spec", lambda name: None if name == "asn1tools" else True)
    for language, said in (("en", "not installed here: asn1tools"), ("fr", "non installé ici : asn1tools")):
        asked = ["simulate", str(tmp_path / "n"), "--communes", "77513", "--machine", "bu", "--lang", language]
        cli(*asked, code=2)
        assert said in cli.err
        assert not (tmp_path / "n").exists()
    cli("simulate", tmp_path / "n", "--communes", "77513", "--machine", "cvr")
    assert (tmp_path / "n" / "cvr" / "ballot_manifest.csv").exists()


def test_no_card_tells_who_voted(tmp_path: Path) -> None:
    folder = with_machine(tmp_path / "n", "cvr", ["77513"])
    orders = []
    for path in sorted((folder / "cvr").glob("CvrExport_*.json")):
        ballots = json.loads(path.read_text("utf-8"))["Sessions"]
        assert {ballot["RecordId"] for ballot in ballots} == {"X"}
        assert {ballot["ImageMask"] for ballot in ballots} == {""}
        kinds = [json.dumps(ballot) for ballot in ballots]
        assert len(set(kinds)) <= 13
        assert kinds != sorted(kinds)
        orders.append(kinds)
    with (folder / "cvr" / "ballot_manifest.csv").open(encoding="utf-8", newline="") as file:
        assert [int(row["NumBallots"]) for row in csv.DictReader(file)] == list(map(len, orders))


CODES = st.text("0123456789AB", min_size=1, max_size=5)


@given(st.sets(st.tuples(CODES, CODES), max_size=40))
def test_every_bureau_has_a_number_of_its_own(places: set[tuple[str, str]]) -> None:
    numbers = SectionNumbers(places)
    found = [numbers[place] for place in places]
    assert len(set(found)) == len({each.portion for each in found}) == len(places)
    for each in found:
        assert 1 <= each.municipality <= 99999
        assert each.zone in (1, 2)
        assert 1 <= each.section <= 9999
        assert each.portion < 2**31
    assert numbers[next(iter(places))] in found if places else not found


def test_numbers_are_those_of_the_codes() -> None:
    places = [
        ("25388", "0012"),
        ("25388", "12"),
        ("25388", "12B"),
        ("25388", "0000"),
        ("2A004", "0001"),
        ("96001", "1"),
    ]
    numbers = SectionNumbers(places)
    found = [(each.municipality, each.zone, each.section) for each in map(numbers.__getitem__, places)]
    assert found == [(25388, 1, 12), (25388, 2, 2), (25388, 2, 3), (25388, 2, 1), (96002, 1, 1), (96001, 2, 1)]
    assert numbers["25388", "0012"].portion == 253880012
