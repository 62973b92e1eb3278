"""`colonnes.csv`: what columns of the other tables mean, said once in the folder, as `--map` says it."""

import pytest

from protocol.errors import NOTHING
from regard.api import audit
from tests.sources import new_folder
from tests.verify.night_builder import Night, input_of, loaded
from verify.model.evidence import LinedEvidence
from verify.model.use import Used

PV = "Commune,Bureau,Émargements,Zut,Total\nEssai,0001,700,702,5\n"


def read(meanings: str, *options: str) -> LinedEvidence:
    return loaded(new_folder({"pv du soir.csv": PV, "colonnes.csv": meanings}), columns=options)


def found(evidence: LinedEvidence) -> int:
    assert evidence.records is not None
    return int(evidence.records["votes_found"].values[0, 0])


@pytest.mark.parametrize("meaning", ["votes_found", "votes_trouves", "Bulletins trouvés dans l'urne"])
def test_a_column_is_what_the_table_says(meaning: str) -> None:
    evidence = read(f"colonne,sens\nZut,{meaning}\n")
    assert found(evidence) == 702
    assert evidence.problems == []
    said = input_of(evidence, "colonnes.csv")
    assert (said.kind, said.used, str(said.note)) == ("columns", Used.WHOLE, "what 1 column means")


def test_the_same_findings_as_by_the_option() -> None:
    by_table = read("colonne,sens\nZut,votes_found\nTotal,\n")
    by_option = read("colonne,sens\n", "Zut=votes_found", "Total=")
    assert found(by_table) == found(by_option) == 702
    columns = [
        next(each for each in evidence.inputs if each.path == "pv du soir.csv").sheets
        for evidence in (by_table, by_option)
    ]
    assert columns[0] == columns[1]


def test_an_option_comes_before_the_table() -> None:
    evidence = read("colonne,sens\nZut,blank\n", "Zut=votes_found")
    assert found(evidence) == 702


def test_what_cannot_be_is_named_with_its_row_and_the_rest_holds() -> None:
    evidence = read("colonne,sens\nTotal,le temps\nAilleurs,blank\n,blank\nZut,votes_found\n")
    assert found(evidence) == 702
    (meaning, header, absent) = evidence.problems
    assert (meaning.file, meaning.row, meaning.column, meaning.got) == ("colonnes.csv", 2, "sens", "le temps")
    assert (header.row, header.got) == (4, "blank")
    assert (absent.file, absent.row, absent.column, str(absent.got)) == ("colonnes.csv", 3, "Ailleurs", "none")
    assert NOTHING not in (meaning.got, header.got)


def test_a_table_of_something_else_is_not_used_and_the_evidence_is() -> None:
    evidence = read("a,b\n1,2\n", "Zut=votes_found")
    assert found(evidence) == 702
    said = input_of(evidence, "colonnes.csv")
    assert said.used is Used.NONE


def test_follow_ups_that_say_nothing_are_not_used() -> None:
    meanings = "colonne,sens\nZut,votes_found\n"
    folder = new_folder({"suites.csv": "insee,bureau,statut\n", "pv du soir.csv": PV, "colonnes.csv": meanings})
    said = input_of(audit(folder), "suites.csv")
    assert (said.used, str(said.why)) == (Used.NONE, "nothing filled in")


@pytest.mark.parametrize("by_option", [True, False])
def test_what_columns_mean_leaves_the_official_lists_what_they_are(night: Night, by_option: bool) -> None:
    if not by_option:
        night.raw["colonnes.csv"] = b"colonne,sens\nZut,nuls\n"
    evidence = loaded(night.write(), columns=("Zut=nuls",) if by_option else ())
    assert evidence.universe.official
    assert evidence.contests.official
    assert evidence.failures == []
    assert not [used.path for used in evidence.inputs if used.unread]
