"""The other round, given as published results, as PVs or as a night: its counts are lined up, and nothing else."""

from pathlib import Path

import pytest

from protocol.files import csv_bytes
from tests.regard.calling import CommandLine
from tests.sources import new_file, new_folder
from tests.verify.night_builder import PublishedRow, loaded, published_bytes, small_night
from verify.model.evidence import LinedEvidence
from verify.model.figures import MISSING

BUREAUX = ("0001", "0002", "0003", "0004", "0A11")


def with_other(other: Path) -> LinedEvidence:
    return loaded(small_night().write(), other_round=other)


def registered(evidence: LinedEvidence) -> list[int]:
    assert evidence.other_round is not None
    return [int(value) for value in evidence.other_round["registered"].values[:, 0]]


def test_published_results() -> None:
    rows = [small_night().publish(code) for code in BUREAUX]
    rows[0].counts["Inscrits"] += 7
    other = new_file("tour2.txt", published_bytes(rows))
    evidence = with_other(other)
    assert registered(evidence) == [907, 850, 1630, 640, 990]
    assert evidence.other_round is not None
    assert evidence.other_round["registered"].places.text(0, 0) == f"{other}:2"
    used = next(one for one in evidence.inputs if one.kind == "other round")
    assert used.sha256
    assert not evidence.problems
    # it is no evidence of this round: nothing is held against it
    assert len(evidence.published) == 1


@pytest.mark.parametrize(("number", "less"), [(0, 7), (1, 7), (2, 0)])
@pytest.mark.parametrize("first", [1, 2])
def test_published_results_of_both_rounds(first: int, number: int, less: int) -> None:
    """The other one is that which is not checked, in whatever order they stand: the night's own round is the first."""
    lines = ["annee,tour,code_insee,commune,bureau,inscrits,votants,blancs,nuls,exprimes,DURAND Anne,PETIT Luc"]
    for at in (first, 3 - first):
        for bureau, count in zip(BUREAUX, (900, 850, 1630, 640, 990), strict=True):
            given = count - (7 if at == 2 else 0)
            lines.append(f"2022,{at},77001,Essai,{bureau},{given},300,12,0,288,188,100")
    other = new_file("both.csv", "\n".join(lines))
    folder = small_night().write()
    found = registered(loaded(folder, other_round=other, round=number))
    assert found[:4] == [count - less for count in (900, 850, 1630, 640)]


@pytest.mark.parametrize("whole", [True, False])
def test_a_night_or_its_records(whole: bool) -> None:
    other = small_night()
    other.add("pv.csv", "0002", "inscrits", 5)
    folder = other.write()
    evidence = with_other(folder if whole else folder / "pv.csv")
    assert registered(evidence) == [900, 855, 1630, 640, 990]
    assert evidence.other_round is not None
    assert evidence.other_round["votes_found"].values[0, 0] == 626
    assert evidence.other_round["signatures"].values[0, 0] == 626


def test_a_sign_in_list() -> None:
    other = small_night()
    other.add("emargements.csv", "0002", "emargements", 5)
    evidence = with_other(other.write() / "emargements.csv")
    assert registered(evidence) == [900, 850, 1630, 640, 990]
    assert evidence.other_round is not None
    assert evidence.other_round["votes_found"].values[0, 0] == MISSING
    assert not evidence.problems


def test_bureaux_that_only_one_round_has() -> None:
    other = small_night()
    other.drop("pv.csv", "0002")
    row = dict(other.row("pv.csv", "0001"))
    other.tables["pv.csv"].append(row | {"bureau": "0077"})
    evidence = with_other(other.write())
    assert registered(evidence) == [900, MISSING, 1630, 640, 990]
    assert not evidence.strays


def test_codes_without_their_zeros() -> None:
    rows = [small_night().publish(code) for code in BUREAUX[:4]]
    bare = [PublishedRow(row.insee, row.commune, row.bureau.lstrip("0"), row.counts, row.votes) for row in rows]
    assert registered(with_other(new_file("tour2.txt", published_bytes(bare)))) == [900, 850, 1630, 640, MISSING]


def test_two_polls_are_kept_apart() -> None:
    other = small_night(polls=2)
    other.add("pv.csv", "0001", "inscrits", 5, poll=2)
    folder = small_night(polls=2).write()
    evidence = loaded(folder, other_round=other.write())
    assert evidence.other_round is not None
    assert evidence.other_round["registered"].values[0].tolist() == [900, 905]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\xff" * 50,
        b"a;b\n1;2\n",
        csv_bytes(("departement", "inscrits", "votants", "exprimes"), [["01", 9, 8, 7]]),
    ],
)
def test_what_is_no_other_round_is_a_problem_and_no_more(content: bytes) -> None:
    other = new_file("odd.csv", content)
    evidence = with_other(other)
    assert evidence.other_round is None
    assert [problem.file for problem in evidence.problems] == [str(other)]


def test_a_folder_without_records() -> None:
    evidence = with_other(new_folder())
    assert evidence.other_round is None
    assert len(evidence.problems) == 1


def test_on_the_command_line(tmp_path: Path, cli: CommandLine) -> None:
    folder = small_night().write()
    other = small_night()
    other.add("pv.csv", "0002", "inscrits", 200)
    words = ["verify", str(folder), "--other-round", str(other.write()), "--verbose", "--lang", "en"]
    cli(*words)
    assert "P411" in cli.out
    cli("verify", folder, "--other-round", tmp_path / "nowhere", code=2)
