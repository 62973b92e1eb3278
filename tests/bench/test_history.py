"""The benchmark of all elections: all ways come to the same, what does not is said, and a missed bound is."""

from operator import eq
from pathlib import Path

import pytest

from bench import history
from bench.elections.files import RealBureaux, real_bureaux, write_tables
from bench.peers import WAYS, agree, way
from verify.read.aggregated.history import open_history
from verify.read.published.checks import flaws

WRONG = "identities that do not hold"
REAL = "departement,commune,bureau,circonscription,commune_libelle,inscrits,votants,blancs,exprimes,ARTHAUD,MACRON\n"


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> RealBureaux:
    path = tmp_path_factory.mktemp("real") / "real.csv"
    rows = (
        f"{at % 90 + 1:02},{at // 90 + 1:03},0001,1,Ambérac,{900 + at},{800 + at},8,{780 + at},300,{480 + at}"
        for at in range(900)
    )
    path.write_text(REAL + "\n".join(rows) + "\n", encoding="utf-8")
    return real_bureaux(path)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, real: RealBureaux) -> Path:
    folder = tmp_path_factory.mktemp("tables")
    assert write_tables(folder, real, part=0.015) == (47_409, 412_435)
    return folder


def test_all_ways_come_to_the_same(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert agree({name: way("elections", name)(folder) for name in WAYS}, WRONG, eq)
    assert "identities that do not hold: registered 56, voters 56, votes 56\n" in capsys.readouterr().out


def test_another_result_is_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fired, sums = way("elections", "ours")(folder)
    assert not agree({"ours": (fired, sums), "polars": ({**fired, "votes": fired["votes"][1:]}, sums)}, WRONG, eq)
    assert "polars comes to something else: votes\n" in capsys.readouterr().out
    other = {election: (bureaux, votes + 1, squares) for election, (bureaux, votes, squares) in sums.items()}
    assert not agree({"ours": (fired, sums), "polars": (fired, other)}, WRONG, eq)
    assert "polars comes to something else: sums\n" in capsys.readouterr().out


def test_the_tables_are_those_of_the_published_ones(folder: Path) -> None:
    """Every election, its columns as known, and nothing wrong in it but what was made so."""
    found = open_history([folder / "general_results.parquet", folder / "candidats_results.parquet"])
    assert len(found.elections()) == 56
    for election in ("2004_euro_t1", "2022_pres_t1", "2021_dpmt_t2", "2020_muni_t1"):
        table = found.election(election)
        assert table.problems == ()
        codes = [each.code for each in flaws(table) if each.code != "T310"]
        assert codes.count("T306") == 3
        assert codes.count("T323") == 1  # a part of the bureaux
        assert set(codes) == {"T306", "T307", "T323"}


@pytest.mark.check(3)
def test_a_missed_bound_is_said(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "BOUND_CORE", 0.0)
    monkeypatch.setattr(history, "BOUND_GIGABYTES", 0.0)
    monkeypatch.setattr(history, "BOUND_SECONDS", 1e9)
    assert not history.against_polars(folder, 1, 1)
    assert history.all_rules(folder, 1) == [True, False]
    out = capsys.readouterr().out
    assert "MISSED  the core, ours against polars" in out
    assert "held    seconds of regard results, report written" in out
