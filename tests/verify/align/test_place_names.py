"""Sign-in lists that call bureaux by the names of their places, beside PVs that have numbers and names."""

import pytest

from regard.language import show
from tests.sources import new_folder
from tests.verify.night_builder import bureaux_with, findings
from tests.verify.read.test_any_file import checked, used
from verify.audit import Audit

PV = (
    "BV;Lieu de vote;Émargements;Votes trouvés\n"
    "1;Hôtel de ville – salle A;500;500\n2;École du Vieux-Pont;612;612\n3;Gymnase;400;401\n"
)


def counted(rows: str, pv: str = PV) -> Audit:
    return checked(new_folder({"pv.csv": pv, "mairie.csv": f"Bureau de vote;Émargements\n{rows}"}))


@pytest.mark.parametrize(
    "rows",
    [
        "HOTEL DE VILLE - Salle A;500\nÉcole du Vieux-Pont;587\nGymnase;400\n",
        "n° 2 – École;587\nHôtel de ville – salle A;500\nGymnase (bureau 3);400\n",
        "Bureau n°2 - École;587\n1;500\n3;400\n",
    ],
    ids=["by names", "a number where one is said", "numbers in two ways"],
)
def test_bureaux_by_the_names_of_their_places(rows: str) -> None:
    result = counted(rows)
    assert result.coverage.bureaux == 3
    [other] = findings(result, "R205")
    assert (other.bureau.lstrip("0"), other.left.value, other.right.value) == ("2", 612, 587)


def test_what_was_told_by_names_is_said() -> None:
    result = counted("Hôtel de ville – salle A;500\nÉcole du Vieux-Pont;587\nGymnase;400\n")
    assert "3 bureaux by the names of their places" in show("en", used(result)["mairie.csv"].note)


@pytest.mark.parametrize("again", ["4;Gymnase;300;300\n", ""], ids=["a name of two bureaux", "a name that nothing has"])
def test_names_that_no_one_number_has_are_no_bureaux(again: str) -> None:
    rows = f"École du Vieux-Pont;587\nHôtel de ville – salle A;500\n{'Gymnase' if again else 'Piscine'};400\n"
    result = counted(rows, PV + again)
    assert result.coverage.bureaux == 3 + bool(again)
    assert bureaux_with(result, "R205") == ["2"]
    assert any(each.left.source == "mairie.csv:4" for each in findings(result, "I113"))


def test_names_of_a_commune_of_which_no_table_has_numbers_are_bureaux() -> None:
    files = {
        "pv.csv": "INSEE;Bureau;Émargements\n77001;1;500\n",
        "mairie.csv": "INSEE;Bureau;Émargements\n77002;Gymnase;400\n",
    }
    assert checked(new_folder(files)).coverage.bureaux == 2
