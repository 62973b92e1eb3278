"""Marks that identify a ballot are planted in every field that may hold them, and come out nowhere."""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from protocol.dumps.recognising import FoundDumps, find_dumps
from protocol.words import language, languages
from regard.cli import main
from tests.protocol.cvr.made import BALLOTS, PLANTED, export, folder
from tests.protocol.cvr.test_dominion_csv import ROWS, table


def faults(ballots: list[Any]) -> list[bytes]:
    """Exports with all that is said of ballots: each kind of fault, and what the lists do not have."""
    found = [export(ballots)]
    for at, (key, value) in enumerate(
        [("TabulatorId", PLANTED[1]), ("Original", PLANTED[2]), ("BatchId", None), ("Modified", ballots[0]["Original"])]
    ):
        changed = copy.deepcopy(ballots)
        changed[at][key] = value
        found.append(export(changed))
    for old, new in (
        (b'"RecordId":987654321', b'"RecordId":1,"RecordId":987654321'),
        (b'"Rank":1', b'"Rank":"987654321"'),
        (b'"PLANTED-UNIQUE"', b'"PLANTED-UNIQUE'),
        (b'"PLANTED-UNIQUE"', b"PLANTED-UNIQUE"),
        (b'"PLANTED-UNIQUE"', b'"PLANTED-UNIQUE\xff"'),
        (b'"IsVote":true', b'"PLANTED-MASK":1,"PLANTED-MASK":2'),
        (b'"Id":1,', b'"Id":8,'),
        (b"}]}", b""),
    ):
        assert old in found[0]
        found.append(found[0].replace(old, new, 1))
    return [*found, found[0][: len(found[0]) // 2]]


def everything(paths: list[Path]) -> tuple[FoundDumps, str]:
    """All that a reading holds, as it is and as sentences."""
    found = find_dumps(paths)
    said = [repr(found), *map(repr, found.tidy())]
    for code in languages():
        show = language(code).show
        for reading in found.readings:
            said += [show(problem.message) for problem in reading.problems]
            said += [show(part) for each in reading.checks for part in (each.text, each.place, each.left, each.right)]
            said += [show(part) for each in reading.files for part in (each.taken_for, each.note)]
            said += [show(part) for fact in reading.facts for part in fact]
    return found, "\n".join(said)


@pytest.mark.parametrize("without", [(), ("ContestManifest", "CandidateManifest", "ElectionEventManifest")])
def test_no_planted_value_is_in_what_was_read(without: tuple[str, ...]) -> None:
    at = folder(without=without)
    problems = 0
    for data in faults(list(BALLOTS)):
        assert any(each.encode() in data for each in PLANTED)
        (at / "CvrExport.json").write_bytes(data)
        found, said = everything([at])
        problems += sum(len(reading.problems) for reading in found.readings)
        assert [each for each in PLANTED if each in said] == []
    assert problems >= 9


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data,
        lambda data: data.replace(b",1,0,,", b",PLANTED-MASK,0,,"),
        lambda data: data.replace(b"1,3,1,1,", b"1,,1,1,"),
        lambda data: data.replace(b",PLANTED", b',"PLANTED', 1),
        lambda data: data.replace(b",2,4,", b",2,3,"),
    ],
)
def test_no_planted_value_is_in_what_was_read_of_tables(tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    (tmp_path / "cvr.csv").write_bytes(damage(table("plain")))
    (tmp_path / "m.csv").write_text("Tabulator,Batch Name,Number of Ballots\n3,1,9\n", encoding="utf-8")
    _, said = everything([tmp_path])
    assert "cvr.csv" in said
    assert [each for each in PLANTED if each in said] == []


def test_no_planted_value_and_no_place_of_a_ballot_is_on_the_screen_or_in_files(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    at = folder()
    broken = copy.deepcopy(list(BALLOTS))
    broken[2]["Original"]["Cards"][0]["Contests"][0]["Marks"] = PLANTED[1]
    (at / "CvrExport.json").write_bytes(export(broken))
    (at / "cvr.csv").write_bytes(table("plain"))
    for code in languages():
        given = ["totals", str(at), "--csv", str(tmp_path / f"{code}.csv"), "--json", str(tmp_path / f"{code}.json")]
        assert main([*given, "--lang", code]) in (0, 1)
    out, err = capfd.readouterr()
    written = "".join(path.read_text("utf-8") for path in tmp_path.glob("*.*"))
    assert "Mayor" in written
    for text in (out, err, written):
        assert [each for each in PLANTED if each in text] == []
        assert "Sessions[" not in text


@pytest.mark.parametrize("without", [(), ("ContestManifest", "CandidateManifest")])
def test_the_order_of_ballots_is_in_no_result(without: tuple[str, ...]) -> None:
    """The same ballots in any order give the same, down to the last byte of what is said."""
    at = folder(without=without)
    ballots = [*BALLOTS, {**BALLOTS[0], "Original": []}]
    said = set()
    for order in (ballots, ballots[::-1], ballots[2:] + ballots[:2]):
        (at / "CvrExport.json").write_bytes(export(order))
        found, _ = everything([at])
        (reading,) = found.readings
        said.add("\n".join([*map(repr, found.tidy()), *map(str, reading.problems), repr(reading.checks)]))
    assert len(said) == 1


def test_the_order_of_cards_is_in_no_result_of_a_table(tmp_path: Path) -> None:
    said = set()
    for rows in (ROWS, ROWS[::-1], (*ROWS[2:], *ROWS[:2])):
        (tmp_path / "cvr.csv").write_bytes(table("plain", rows=rows))
        found, _ = everything([tmp_path])
        (reading,) = found.readings
        said.add("\n".join([*map(repr, found.tidy()), repr(reading.checks), repr(reading.tallies.units)]))
    assert len(said) == 1
