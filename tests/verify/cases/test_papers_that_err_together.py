"""A bureau's PV and its list travel together, and registered voters are copied: where they err as one, one witness."""

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from regard.commands.planning.simulate import simulate
from regard.language import show
from tests.sources import new_folder, put_text
from tests.verify.cases.faulty_files import read_table, write_table
from tests.verify.night_builder import audited
from verify.cases.wording import describe
from verify.model.cases import Case, Sure

ROLL = 3
"""Where a row's figures begin, with its registered voters."""


@pytest.fixture(scope="module")
def clean() -> Path:
    night = new_folder()
    simulate(night, communes="95637", faults="none", workers=1)
    return night


@pytest.fixture
def papers(clean: Path, tmp_path: Path) -> Path:
    """PVs, lists and published results of a clean night, which no list of bureaux says anything of."""
    folder = tmp_path / "papers"
    folder.mkdir()
    for name in ("pv.csv", "emargements.csv", "publie.txt"):
        shutil.copy(clean / name, folder / name)
    return folder


def change(folder: Path, rows: Callable[[Mapping[str, list[str]]], Mapping[str, list[str]]]) -> None:
    """Change the rows of some bureaux, from their registered voters on, in the PVs and in the lists alike."""
    for name in ("pv.csv", "emargements.csv"):
        table = read_table(folder / name)
        then = rows({row[1]: row[ROLL:] for row in table[1:]})
        write_table(folder / name, [table[0], *([*row[:ROLL], *then.get(row[1], row[ROLL:])] for row in table[1:])])


def cases_of(folder: Path) -> list[Case]:
    return [case for case in audited(folder).cases if any(each.bureau == "0004" for each in case.places)]


def test_an_old_roll_in_list_and_pv_is_one_witness_against_the_publication(papers: Path) -> None:
    change(papers, lambda rows: {"0004": [str(int(rows["0004"][0]) - 37), *rows["0004"][1:]]})
    assert [(case.cause.name, case.sure) for case in cases_of(papers)] == [("registered-differ", Sure.OPEN)]


@pytest.mark.parametrize(
    ("other", "said"), [("821", "read both again (two digits exchanged)."), ("815", "read both again.")]
)
def test_a_roll_that_differs_is_told_by_its_pieces_and_its_digits(tmp_path: Path, other: str, said: str) -> None:
    """One digit alone is no slip: rolls differ by some voters."""
    head = "Commune;Bureau;Inscrits;{};Blancs;Nuls;Exprimés;CURIE Marie;ZOLA Émile\n"
    row = "Essai;0004;{};512;6;3;503;260;243\n"
    put_text(tmp_path / "pv.csv", head.format("Votes trouvés") + row.format("812"))
    put_text(tmp_path / "resultats_publies.csv", head.format("Votants") + row.format(other))
    result = audited(tmp_path)
    [case] = result.cases
    told = f"registered voters, {other} in the published result and 812 in the PV: {said}"
    assert show("en", describe(case, result.findings)) == told


def test_two_bundles_exchanged_are_likely_at_most(papers: Path) -> None:
    change(papers, lambda rows: {"0004": rows["0005"], "0005": rows["0004"]})
    found = cases_of(papers)
    assert found
    assert all(case.sure is not Sure.CERTAIN for case in found)


def test_a_run_of_bundles_that_slipped_is_likely_at_most(papers: Path) -> None:
    codes = [f"{number:04}" for number in range(3, 9)]
    change(papers, lambda rows: {code: rows[f"{int(code) - 1:04}"] for code in codes} | {"0002": rows["0008"]})
    found = cases_of(papers)
    assert found
    assert all(case.sure is not Sure.CERTAIN for case in found)


def test_a_neighbours_bundle_is_no_witness_of_registered_voters(papers: Path) -> None:
    change(papers, lambda rows: {"0004": rows["0005"]})
    found = cases_of(papers)
    assert found
    assert all(case.sure is not Sure.CERTAIN for case in found)
    assert all(each.piece != "publie" for case in found if case.sure is Sure.LIKELY for each in case.detail.corrections)
