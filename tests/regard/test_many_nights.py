"""Several nights at once, and Parquet: the same reports wherever the work is done, and what is in them."""

import csv
import json
import os
import re
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path

import jsonschema
import pytest
from referencing import Registry, Resource

from regard.cli import main
from regard.commands.checking import many_nights
from regard.commands.checking.many_nights import Checked, VerifyTask, check, in_order
from sim.executors import Here, executor
from tests.regard.calling import CommandLine
from tests.regard.test_verify_night import SCHEMA, VALIDATOR, damaged_night, gap_night, plain_environment
from tests.sources import DOCS
from tests.verify.night_builder import small_night

__all__ = ["plain_environment"]  # a fixture


NIGHTS_SCHEMA = json.loads((DOCS / "reference" / "nights.schema.json").read_text("utf-8"))
BOTH = Registry().with_resource(SCHEMA["$id"], Resource.from_contents(SCHEMA))
NIGHTS = jsonschema.Draft202012Validator(NIGHTS_SCHEMA, registry=BOTH)


@pytest.fixture
def nights(tmp_path: Path) -> list[Path]:
    built = {"a": damaged_night(), "b": small_night(), "c": gap_night()}
    return [night.write(tmp_path / name) for name, night in built.items()]


def verify(*arguments: str | Path) -> int:
    return main(["verify", *map(str, arguments)])


def wanted(folder: Path) -> list[str | Path]:
    folder.mkdir()
    return ["--json", folder / "n.json", "--csv", folder / "n.csv", "--xlsx", folder / "n.xlsx"]


def written(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture
def here(nights: list[Path], tmp_path: Path) -> dict[str, bytes]:
    """Files of the three nights, written in this process."""
    assert verify(*nights, *wanted(tmp_path / "here"), "--workers", "1") == 1
    return written(tmp_path / "here")


def test_processes_write_the_same_bytes(
    here: dict[str, bytes], nights: list[Path], tmp_path: Path, cli: CommandLine
) -> None:
    cli("verify", *nights, *wanted(tmp_path / "two"), "--workers", "2", code=1)
    assert written(tmp_path / "two") == here


def test_json_of_several_nights_is_as_its_schema_says(here: dict[str, bytes]) -> None:
    document = json.loads(here["n.json"])
    NIGHTS.validate(document)
    del document["nights"][0]["result"]["inputs"]
    assert not NIGHTS.is_valid(document)
    document["nights"][0] = {"night": "a", "error": "no bureau in any of the files given"}
    NIGHTS.validate(document)
    document["nights"][0] = {"night": "a"}
    assert not NIGHTS.is_valid(document)


def test_each_night_is_as_if_alone(
    here: dict[str, bytes], nights: list[Path], tmp_path: Path, cli: CommandLine
) -> None:
    document = json.loads(here["n.json"])
    assert [entry["night"] for entry in document["nights"]] == list(map(str, nights))
    rows = list(csv.DictReader(here["n.csv"].decode("utf-8-sig").splitlines()))
    for night, entry in zip(nights, document["nights"], strict=True):
        VALIDATOR.validate(entry["result"])
        cli("verify", night, "--json", tmp_path / "one.json", "--csv", tmp_path / "one.csv", code=None)
        assert json.loads((tmp_path / "one.json").read_bytes()) == entry["result"]
        alone = list(csv.DictReader((tmp_path / "one.csv").read_text("utf-8-sig").splitlines()))
        assert [{"night": str(night), **row} for row in alone] == [row for row in rows if row["night"] == str(night)]


def test_a_line_for_each_and_one_for_all(here: dict[str, bytes], nights: list[Path], cli: CommandLine) -> None:
    summaries = [entry["result"]["summary"] for entry in json.loads(here["n.json"])["nights"]]
    cli("verify", *nights, "--fail-on", "never")
    *lines, total = cli.out.splitlines()
    assert [line.split("  ")[0] for line in lines] == list(map(str, nights))
    for line, summary in zip(lines, summaries, strict=True):
        assert f"{summary['bureaux']} bureaux; " in line
    assert [re.findall(r"; (\d+ cases?)", line) for line in lines] == [["5 cases"], ["0 cases"], ["1 case"]]
    assert "; 6 cases" in total
    assert total.startswith(f"3 nights: {sum(each['bureaux'] for each in summaries)} bureaux; ")


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "no file in the folder given"), ("fr", "aucun fichier dans le dossier donné")],
)
def test_a_night_that_cannot_be_read_is_named_and_the_others_are_checked(
    nights: list[Path], tmp_path: Path, cli: CommandLine, language: str, said: str
) -> None:
    (tmp_path / "empty").mkdir()
    cli("verify", nights[1], tmp_path / "empty", nights[2], "--json", "-", "--workers", "1", "--lang", language, code=2)
    document = json.loads(cli.out)
    assert [set(entry) for entry in document["nights"]] == [
        {"night", "result"},
        {"night", "error"},
        {"night", "result"},
    ]
    assert document["nights"][1]["error"] == said
    assert f"{tmp_path / 'empty'}  {said}" in cli.err


def killed(task: VerifyTask) -> Checked:
    """As a system does that is out of memory: for the second night, and every time."""
    if task.folder.name == "b":
        os.kill(os.getpid(), signal.SIGKILL)
    return check(task)


def failing(task: VerifyTask) -> Checked:
    if task.folder.name == "b":
        raise MemoryError
    return check(task)


@pytest.mark.check(6)
@pytest.mark.skipif(os.name == "nt", reason="signals as POSIX has them")
@pytest.mark.parametrize("workers", ["2", *(pytest.param(each, marks=pytest.mark.check(7)) for each in "13")])
@pytest.mark.parametrize(
    ("work", "english", "french"),
    [
        (killed, "the process that checked it ended", "le processus qui la contrôlait s'est arrêté"),
        (failing, "it could not be checked: MemoryError", "elle n'a pas pu être contrôlée : MemoryError"),
    ],
)
def test_a_night_that_ends_its_process_takes_no_other(
    nights: list[Path],
    here: dict[str, bytes],
    monkeypatch: pytest.MonkeyPatch,
    cli: CommandLine,
    workers: str,
    work: Callable[[VerifyTask], Checked],
    english: str,
    french: str,
) -> None:
    monkeypatch.setattr(many_nights, "check", work)
    monkeypatch.delenv("REGARD_TRACEBACK")
    for language, said in (("en", english), ("fr", french)):
        cli("verify", *nights, "--json", "-", "--workers", workers, "--lang", language, code=2)
        a, b, c = json.loads(cli.out)["nights"]
        assert b["night"] == str(nights[1])
        assert b["error"].startswith(said)
        assert f"{nights[1]}  {said}" in cli.err
        if language == "en":
            assert [a, c] == json.loads(here["n.json"])["nights"][::2]


def test_whatever_is_raised_in_a_night_is_said_of_it(nights: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> object:
        raise RecursionError

    monkeypatch.delenv("REGARD_TRACEBACK")
    monkeypatch.setattr(many_nights, "as_json", fail)
    result = check(VerifyTask(nights[0], None, "en", frozenset(("--json",)), {"fail_on": "error"}))
    assert str(result.error).startswith("it could not be checked: RecursionError (tests/regard/test_many_nights.py:")
    assert result.counts == {}


def die_of(number: int) -> int:
    if number in (3, 4, 9):
        os.kill(os.getpid(), signal.SIGKILL)
    return number


@pytest.mark.check(2)
@pytest.mark.skipif(os.name == "nt", reason="signals as POSIX has them")
def test_of_several_processes_that_end_each_costs_its_own_task() -> None:
    with executor(2) as pool:
        results = in_order(pool, die_of, range(12), 4, lambda number, _: -number)
        assert list(results) == [0, 1, 2, -3, -4, 5, 6, 7, 8, -9, 10, 11]


@pytest.mark.parametrize("option", ["--pv", "--published", "--other-round", "--report"])
def test_files_of_one_night_go_with_one_folder(nights: list[Path], option: str, cli: CommandLine) -> None:
    cli("verify", *nights, option, "x.html", code=2)
    assert f"{option} goes with one folder only" in cli.err


def test_what_is_no_folder_is_named(nights: list[Path], tmp_path: Path, cli: CommandLine) -> None:
    cli("verify", nights[0], tmp_path / "nowhere", "--lang", "fr", code=2)
    assert "nowhere : n'existe pas" in cli.err


def no_result(task: int, error: Exception) -> int:
    raise error


class Counting(Here):
    """Count of tasks handed over so far."""

    handed = 0

    def submit(self, fn, /, *args, **kwargs) -> Future:  # type: ignore[no-untyped-def, type-arg]
        self.handed += 1
        return super().submit(fn, *args, **kwargs)


@pytest.mark.parametrize("ahead", [1, 3, 20])
def test_no_more_are_under_way_than_asked_for(ahead: int) -> None:
    pool, taken = Counting(), 0
    results: Iterator[int] = in_order(pool, abs, range(-10, 0), ahead, no_result)
    for result in results:
        assert result == 10 - taken  # in the order of the tasks
        taken += 1
        assert pool.handed <= taken - 1 + ahead
    assert taken == pool.handed == 10
