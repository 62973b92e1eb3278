"""Results as portals of cities publish them: the shapes are real, places and figures are not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.verify.published import samples
from verify.model.published import Level, Published
from verify.read.results_files import read_all

UNIT = "400;100;25;300;75;12;3;4;0;0;0;288;72;96"
OTHER = "90;10;11,11;80;88,89;0;0;0;2;2,22;2,5;78;86,67;97,5"


def reading(tmp_path: Path, content: str, name: str = "resultats.csv") -> list[Published]:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    return read_all(path)


def bureaux(found: Published, *counts: str) -> dict[str, list[int]]:
    """Of each bureau the counts asked for."""
    return {code: [int(found.counts[name][at]) for name in counts] for at, code in enumerate(found.bureau.tolist())}


def votes(found: Published) -> dict[str, dict[str, int]]:
    """Of each bureau the votes by choice."""
    by_bureau: dict[str, dict[str, int]] = {code: {} for code in found.bureau.tolist()}
    for unit, label, count in zip(found.vote_unit, found.vote_label, found.votes, strict=True):
        by_bureau[found.bureau.tolist()[unit]][found.labels[label]] = int(count)
    return by_bureau


COUNTS = ("registered", "found", "valid")
WHAT = {"0001": [400, 300, 288], "0002": [90, 80, 78]}
WHO = {"0001": {"DURAND Anne": 188, "PETIT Luc": 100}, "0002": {"PETIT Luc": 40, "DURAND Anne": 38}}


@pytest.mark.parametrize("behind", ["", ";Code Officiel EPCI;Code Officiel Région;lieu_vote"])
def test_a_row_a_choice_below_the_ministrys_header(tmp_path: Path, behind: str) -> None:
    header = f"{samples.BUREAU};N°Panneau;Sexe;Nom;Prénom;Voix;% Voix/Ins;% Voix/Exp{behind}"
    first, second = "06;Alpes;08;8ème;079;Séranon;0001", "06;Alpes;08;8ème;079;Séranon;0002"
    more = ";2406;93;MAIRIE" if behind else ""
    rows = (
        f"{first};{UNIT};1;F;DURAND;Anne;188;47;65,28{more}",
        f"{second};{OTHER};2;M;PETIT;Luc;40;44,44;51,28{more}",
        f"{first};{UNIT};2;M;PETIT;Luc;100;25;34,72{more}",
        f"{second};{OTHER};1;F;DURAND;Anne;38;42,22;48,72{more}",
    )
    [found] = reading(tmp_path, "\n".join((header, *rows)))
    assert (found.layout, found.level, found.problems) == ("ministry-text", Level.BUREAU, ())
    assert bureaux(found, "registered", "votes_found", "valid") == WHAT
    assert votes(found) == WHO
    assert found.row.tolist() == [2, 3]
    assert np.asarray(found.percentages["votes_found/registered"]).tolist() == ["75", "88,89"]
    shares = np.asarray(found.percentages["votes/valid"]).tolist()
    assert shares == ["65,28", "34,72", "51,28", "48,72"]


def test_a_row_a_choice_whose_counts_differ_is_said_with_its_row(tmp_path: Path) -> None:
    header = f"{samples.BUREAU};N°Panneau;Sexe;Nom;Prénom;Voix;% Voix/Ins;% Voix/Exp"
    place = "06;Alpes;08;8ème;079;Séranon;0001"
    rows = (f"{place};{UNIT};1;F;DURAND;Anne;188;47;65,28", f"{place};{UNIT[1:]};2;M;PETIT;Luc;100;25;34,72")
    [found] = reading(tmp_path, "\n".join((header, *rows)))
    assert bureaux(found, "registered") == {"0001": [400]}
    [problem] = found.problems
    assert (problem.row, problem.column, problem.got) == (3, "registered", "0")


def test_two_rows_of_one_bureau_and_one_choice_stay_two(tmp_path: Path) -> None:
    header = f"{samples.BUREAU};N°Panneau;Sexe;Nom;Prénom;Voix;% Voix/Ins;% Voix/Exp"
    row = f"06;Alpes;08;8ème;079;Séranon;0001;{UNIT};1;F;DURAND;Anne;288;72;100"
    [found] = reading(tmp_path, "\n".join((header, row, row)))
    assert found.row.tolist() == [2, 3]


def test_the_communes_whole_code_behind_the_choice(tmp_path: Path) -> None:
    header = (
        "Code Officiel du département;Nom Officiel Commune;Code B.Vote;Inscrits;Votants;Exprimés;N.Pan.;Nom;Prénom;"
        "Liste;Voix;Code Officiel Commune"
    )
    rows = (
        "95;Cergy-les-Eaux;0001;400;300;288;1;DURAND;Anne;EN AVANT;188;95199",
        "95;Cergy-les-Eaux;0001;400;300;288;2;PETIT;Luc;AUTREMENT;100;95199",
    )
    [found] = reading(tmp_path, "\n".join((header, *rows)))
    assert (found.insee.tolist(), found.commune.tolist()) == (["95199"], ["Cergy-les-Eaux"])
    assert votes(found) == {"0001": WHO["0001"]}


LONG = {
    "the portal's names of the ministry's columns": (
        "code_du_departement,departement,code_de_la_commune,commune,bureau_de_vote,inscrits,votants,"
        "pourcentage_vot_par_ins,exprimes,numero_panneau,sexe,nom,prenom,nuance,voix,code_insee",
        "17,Charente,300,La Rochette,{bureau},{registered},{found},75.0,{valid},1,F,{last},{first},DVG,{votes},17300",
    ),
    "names run together": (
        "NumBV;NomBV;Inscrits;Votants;Exprimes;NumPanneau;Sexe;Nom;Prenom;Nuance;Voix;PctVoixExp",
        "{bureau};ECOLE;{registered};{found};{valid};1;F;{last};{first};DVG;{votes};1,0",
    ),
    "candidates' columns": (
        "NUMERO_BUREAU_DE_VOTE;INSCRITS;VOTANTS;EXPRIMES;NUMERO_CANDIDAT;NOM_CANDIDAT;PRENOM_CANDIDAT;NB_VOIX",
        "{bureau};{registered};{found};{valid};1;{last};{first};{votes}",
    ),
    "beside counts of candidates and departments that look like a researcher's": (
        "departement,commune,numero_du_bureau,inscrits,votants,exprimes,nombre_de_candidats,label,value,voix,candidat",
        "31,599,{bureau},{registered},{found},{valid},2,Liste 1,1,{votes},{last} {first}",
    ),
}


@pytest.mark.parametrize("name", LONG)
def test_a_row_a_choice_of_a_portal(tmp_path: Path, name: str) -> None:
    header, row = LONG[name]
    rows = [
        row.format(bureau=bureau, last=last, first=first, votes=n, **dict(zip(COUNTS, counts, strict=True)))
        for bureau, counts in WHAT.items()
        for (last, first), n in ((who.split(), n) for who, n in WHO[bureau].items())
    ]
    [found] = reading(tmp_path, "\n".join((header, *rows)))
    assert (found.layout, found.level, found.problems) == ("table", Level.BUREAU, ())
    assert bureaux(found, "registered", "votes_found", "valid") == WHAT
    assert votes(found) == WHO


def test_two_choices_of_one_surname_are_two(tmp_path: Path) -> None:
    header = "Bureau;Inscrits;Votants;Exprimés;Nom;Prénom;Voix"
    rows = ("1;400;300;288;MARTIN;Anne;188", "1;400;300;288;MARTIN;Luc;100")
    [found] = reading(tmp_path, "\n".join((header, *rows)))
    assert votes(found) == {"1": {"MARTIN Anne": 188, "MARTIN Luc": 100}}


def test_how_many_bureaux_there_are_names_none(tmp_path: Path) -> None:
    header = "Code de la commune;Code du département;Nombre de bureaux;Inscrits;Votants;Exprimés;Nom;Prénom;Voix"
    [found] = reading(tmp_path, f"{header}\n079;06;12;400;300;288;DURAND;Anne;288")
    assert (found.level, found.insee.tolist()) == (Level.COMMUNE, ["06079"])
