"""`regard results` and `regard verify` with data.gouv.fr's tables of all elections."""

import json
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from regard.cli import main
from regard.commands.checking import elections
from regard.commands.checking.elections import CheckedElection, ElectionTask, check_one
from tests.regard.calling import CommandLine
from tests.sources import new_file, put_text
from tests.verify.aggregated.tables import Bureau, bureau, small, written
from verify.read.aggregated.columns import AggregatedKind
from verify.read.aggregated.sources import header_of

WRONG = replace(small()[4], changes={"abstentions": "101", "ratio_abstentions_inscrits": "27.9"})
"""A bureau of the second election whose counts do not add up."""


def tables(bureaux: Sequence[Bureau], form: str = "parquet") -> list[str]:
    return [str(path) for path in written(bureaux, form=form)]


def with_one_wrong() -> list[Bureau]:
    return [*small()[:4], WRONG, small()[5]]


def report(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(path.read_bytes())["results"]
    return found


@pytest.mark.parametrize("form", ["parquet", "csv"])
def test_every_election_is_checked(tmp_path: Path, cli: CommandLine, form: str) -> None:
    given, out = tables(with_one_wrong(), form), tmp_path / "r.json"
    cli("results", *given, "--json", out, code=1)
    lines = cli.out
    said = " ".join(lines.split())
    assert "2022_pres_t1: 3 bureaux, 6 rows of votes, 935 voters of 1,235, 1 finding\n" in lines
    assert "2022_pres_t2: 3 bureaux, 6 rows of votes, 956 voters of 1,256, 2 findings\n" in lines
    assert "01001 0002: abstentions: 101 (row 6); the sum gives 100 (registered - voters)" in said
    assert "2 elections, 6 bureaux, 12 rows of votes: 3 findings" in said
    first, second = report(out)
    assert (first["title"], first["layout"], first["units"]) == ("2022_pres_t1", "data-gouv", 3)
    assert [each["path"] for each in first["files"]] == given
    assert [len(each["sha256"]) for each in first["files"]] == [64, 64]
    assert [(each["code"], each["row"], each["bureau"]) for each in second["findings"]] == [
        ("T323", None, ""),
        ("T306", 6, "0002"),
    ]


def test_in_french(cli: CommandLine) -> None:
    given = tables(with_one_wrong())
    cli("results", *given, "--lang", "fr", code=1)
    said = cli.said
    assert "2022_pres_t1 : 3 bureaux, 6 lignes de voix, 935 votants sur 1 235 inscrits, 1 constat" in said
    assert "3 bureaux dans" in said
    assert "69 682 étaient connus en juillet 2026" in said


def test_one_election_is_the_same_by_itself(tmp_path: Path, cli: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    paths, whole, one = written(with_one_wrong()), tmp_path / "a.json", tmp_path / "b.json"
    monkeypatch.chdir(paths[0].parent)
    given = [path.name for path in paths]
    cli("results", *given, "--json", whole, code=None)
    cli("results", *given, "--election", "2022_pres_t2", "--json", one, code=1)
    assert report(one) == report(whole)[1:]
    assert f"votes: {given[1]}, sha256" in cli.said
    assert "DURAND Anne 551" in cli.said


def test_other_files_beside_the_tables_are_in_the_same_report(tmp_path: Path, cli: CommandLine) -> None:
    from tests.verify.published import samples

    other, out = tmp_path / "other.csv", tmp_path / "r.json"
    put_text(other, samples.CITY_TIDY)
    cli("results", other, *tables(small()), "--json", out)
    assert [each["layout"] for each in report(out)] == ["city-tidy", "data-gouv", "data-gouv"]


def test_an_election_that_is_not_there_is_named_with_those_that_are(cli: CommandLine) -> None:
    given = tables(small())
    cli("results", *given, "--election", "2017_pres_t1", code=2)
    assert "expected the election 2017_pres_t1, got 2022_pres_t1, 2022_pres_t2" in cli.complained


def test_what_goes_with_these_tables_only_is_refused_with_others(cli: CommandLine) -> None:
    from tests.verify.published import samples

    path = new_file("other.csv", samples.CITY_TIDY)
    cli("results", path, "--election", "2022_pres_t1", code=2)
    assert "--election goes with data.gouv.fr's tables only" in cli.complained


def test_two_of_a_kind_are_refused(cli: CommandLine) -> None:
    first, second = (tables(small())[0] for _ in range(2))
    cli("results", first, second, code=2)
    assert f"a second one like {first}" in cli.complained


def ends(task: ElectionTask) -> CheckedElection:
    os._exit(1)


def test_a_file_that_ends_the_process_is_an_error_of_the_file(
    tmp_path: Path, cli: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(elections, "check_one", ends)
    given = tables(small())
    cli("results", *given, "--json", tmp_path / "r.json", code=2)
    assert "the process that read it ended" in cli.complained
    assert not (tmp_path / "r.json").exists()


def task(paths: tuple[Path, Path], election: str, following: str | None = None) -> ElectionTask:
    return ElectionTask(paths, election, following, "en", with_json=True)


def test_whatever_was_read_ahead_an_election_is_the_same() -> None:
    paths = written(with_one_wrong())
    first, second = "2022_pres_t1", "2022_pres_t2"
    alone = [check_one(task(paths, election)) for election in (first, second)]
    assert [each.counts for each in alone] == [{"T323": 1}, {"T306": 1, "T323": 1}]
    ahead = [check_one(task(paths, *each)) for each in ((first, second), (first,), (second,))]
    assert ahead == [alone[0], *alone]


def verified(folder: Path, *arguments: str) -> tuple[int, dict[str, Any]]:
    out = folder / "verify.json"
    code = main(["verify", *arguments, "--json", str(out), "--force", "--lang", "en"])
    return code, json.loads(out.read_bytes())


def pv(folder: Path) -> Path:
    path = put_text(
        folder / "pv.csv", "INSEE;Bureau;Inscrits;Bulletins trouvés\n01001;0001;622;523\n01001;0002;362;262\n"
    )
    return path


@pytest.mark.parametrize("form", ["parquet", "csv"])
def test_verify_takes_one_election_out_of_the_tables(tmp_path: Path, form: str) -> None:
    given = tables(small(), form)
    published = [option for path in given for option in ("--published", path)]
    code, found = verified(tmp_path, "--pv", str(pv(tmp_path)), *published, "--election", "2022_pres_t2")
    named = [(each["code"], each["bureau"]) for each in found["findings"] if each["code"] == "T301"]
    assert (code, named) == (1, [("T301", "0001")])
    of = {each["path"]: each for each in found["inputs"]}
    assert [of[path]["used"] for path in given] == ["part", "part"]
    assert all("1 other election in it" in of[path]["why"] and of[path]["sha256"] for path in given)


def test_verify_asks_which_election(tmp_path: Path) -> None:
    given = tables(small())
    published = [option for path in given for option in ("--published", path)]
    code, found = verified(tmp_path, "--pv", str(pv(tmp_path)), *published)
    of = {each["path"]: each for each in found["inputs"]}
    assert (code, [of[path]["used"] for path in given]) == (1, ["none", "none"])
    assert "give its id with --election" in of[given[0]]["why"]
    assert of[given[1]]["why"] == f"not used without the other table: {given[0]}"


def test_the_only_election_needs_no_name(tmp_path: Path) -> None:
    one = [bureau("2022_pres_t1", "01001_0001", 300, 200)]
    given = tables(one)
    assert [header.kind for path in given if (header := header_of(Path(path)))] == list(AggregatedKind)
    published = [option for path in given for option in ("--published", path)]
    _, found = verified(tmp_path, "--pv", str(pv(tmp_path)), *published)
    of = {each["path"]: each for each in found["inputs"]}
    assert [of[path]["used"] for path in given] == ["whole", "whole"]


@pytest.mark.parametrize("form", ["parquet", "csv"])
def test_in_a_folder_the_tables_are_found_by_their_columns(tmp_path: Path, form: str) -> None:
    counts, votes = written(small(), form=form)
    folder = counts.parent
    counts.rename(folder / f"a.{form}")
    votes.rename(folder / f"b.{form}")
    pv(folder)
    code, found = verified(tmp_path, str(folder), "--election", "2022_pres_t2")
    assert (code, [each["bureau"] for each in found["findings"] if each["code"] == "T301"]) == (1, ["0001"])
    of = {each["path"]: each for each in found["inputs"]}
    assert [of[f"{name}.{form}"]["used"] for name in "ab"] == ["part", "part"]
    _, found = verified(tmp_path, str(folder))
    of = {each["path"]: each for each in found["inputs"]}
    assert [of[f"{name}.{form}"]["used"] for name in "ab"] == ["none", "none"]
    assert "give its id with --election" in of[f"a.{form}"]["why"]
