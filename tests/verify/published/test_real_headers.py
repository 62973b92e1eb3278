"""Headers and first lines as files on public portals have them, by the programs that read them; figures are invented.

Each is a variant of a layout in `samples` that was not recognised, or read as something else.
"""

import json

import pytest

from tests.verify.published import samples
from tests.verify.published.test_layouts import reading, votes_of
from verify.model.published import Level, UnknownLayout
from verify.read.layouts.built_in import find_layout
from verify.read.published.checks import flaws

FIELDS_2007 = (
    "N° tour", "Code département", "Code commune", "Nom de la commune", "N° de bureau de vote", "Inscrits", "Votants",
    "Exprimés", "N° de dépôt de la liste", "Nom du candidat tête de liste", "Prénom du candidat  tête de liste",
    "Code nuance de la liste", "Nombre de voix",
)  # fmt: skip
COMMENT = "\r\n".join(
    [
        "-" * 60,
        "-- Élection présidentielle, résultats par bureau ; tours 1, 2",
        *(f"-- Champ {number:<2} : {name}" for number, name in enumerate(FIELDS_2007, 1)),
        "-" * 60,
        "",
    ]
)
"""Sixteen lines, as before the rows of 2002 and 2007; the legislative file of 2012 has eighteen."""

MUNICIPAL_2020 = f"""Code du département;Libellé du département;Code de la commune;Libellé de la commune;Code B.Vote;\
{samples.UNIT};N.Pan.;Code Nuance;Sexe;Nom;Prénom;Liste;Voix;% Voix/Ins;% Voix/Exp
01;Ain;004;Ambérac;0001;{samples.FIRST};1;LDVD;F;DURAND;Anne;POUR AMBÉRAC;188;47;65,28;\
2;LDVG;M;PETIT;Luc;ENSEMBLE;100;25;34,72
01;Ain;004;Ambérac;0002;{samples.SECOND};1;LDVD;F;DURAND;Anne;POUR AMBÉRAC;40;44,44;51,28;\
2;LDVG;M;PETIT;Luc;ENSEMBLE;38;42,22;48,72
"""

EUROPEAN_2019 = f"""Code du département;Libellé du département;Code de la commune;Libellé de la commune;\
Code du b.vote;{samples.UNIT};N°Liste;Libellé Abrégé Liste;Libellé Etendu Liste;Nom Tête de Liste;Voix;% Voix/Ins;\
% Voix/Exp
01;Ain;004;Ambérac;0001;{samples.FIRST}""" + "".join(
    f";{number};LISTE {number};UNE LISTE AU NOM PLUS LONG, {number};TÊTE Anne;{votes};0,00;0,00"
    for number, votes in enumerate([214, *[2] * 37], 1)
)
"""38 lists; no circonscription, and no place for it."""

NATION_2022 = f"""Code du niveau;Libellé du niveau;Etat saisie;{samples.UNIT};N°Panneau;Sexe;Nom;Prénom;Voix;\
% Voix/Ins;% Voix/Exp
FE;France entière;Complet;{samples.FIRST};1;F;DE L'ÉTANG;Anne;188;47;65,28;2;M;PETIT;Luc;100;25;34,72
"""
NUANCES_2022 = f"""Code du département;Libellé du département;Etat saisie;{samples.UNIT};Code Nuance;Voix;% Voix/Ins;\
% Voix/Exp;Sièges
01;Ain;Complet;{samples.FIRST};NUP;188;47;65,28;1;ENS;100;25;34,72;0
"""
NUANCES_2024 = """Inscrits;Votants;% Votants;Exprimés;Blancs;Nuls;Nuance candidat 1;Voix 1;% Voix/inscrits 1;\
% Voix/exprimés 1;Nuance candidat 2;Voix 2;% Voix/inscrits 2;% Voix/exprimés 2
400;300;75,00%;288;12;0;UG;188;47,00%;65,28%;RN;100;25,00%;34,72%
"""
PARIS_2022 = """objectid;id_bvote;type_election;annee;numero_tour;date_tour;circ_bv;quartier_bv;arr_bv;sec_bv;\
num_bureau;nb_procuration;nb_inscrit;nb_emargement;nb_votant;nb_vote_blanc;nb_vote_nul;nb_exprime;de_l_etang_anne;petit_luc;\
geo_shape;geo_point_2d;st_area_shape;created_user
1;5-18;Présidentielle;2022;1;2022-04-10;2;18;5;;18;20;400;301;300;12;0;288;188;100;"{""a"": [1, 2]}";"48.1, 2.3";12.5;x
"""
RENNES_2017 = """CODE_ELECTION;NOM_ELECTION;NUMERO_TOUR;DATE_ELECTION;NIVEAU_DETAIL;NUMERO_LIEU;NOM_LIEU;ADRESSE_LIEU;\
NUMERO_CANTON;NOM_CANTON;NUMERO_CIRCONSCRIPTION;NOM_CIRCONSCRIPTION;GEO_POINT;NB_INSCRITS;NB_EMARGEMENTS;NB_BULLETINS;\
NB_NULS;NB_EXPRIMES;POURCENTAGE_PARTICIPATION;CANDIDAT_1;NB_VOIX_1;POURCENTAGE_1;CANDIDAT_2;NB_VOIX_2;POURCENTAGE_2;\
NB_BLANC
P17;PRESIDENTIELLE 2017;1;2017-04-23;bu;111;École;;1;RENNES-1;8;8ème;;400;301;300;0;288;75.25;\
DE L'ÉTANG Anne;188;65.28;PETIT Luc;100;34.72;12
P17;PRESIDENTIELLE 2017;1;2017-04-23;vi;1;RENNES;;;;;;;400;301;300;0;288;75.25;\
DE L'ÉTANG Anne;188;65.28;PETIT Luc;100;34.72;12
"""
RENNES_METROPOLE = """nom_election;numero_tour;date_election;code_commune;libelle_commune;niveau_detail;numero_lieu;\
nom_lieu;nb_inscrits;nb_emargements;nb_bulletins;nb_blancs;nb_nuls;nb_exprimes;candidat_1;nb_voix_1;pourcentage_1
EUROPEENNES 2024;1;2024-06-09;35;Bréal-Nord;bu;1;École;400;301;300;12;0;288;DE L'ÉTANG Anne;288;100
EUROPEENNES 2024;1;2024-06-09;238;Rennes;bu;1;École;90;80;80;0;2;78;DE L'ÉTANG Anne;78;100
"""
TOULOUSE_2015 = """sequence_increment;type_election;année;tour;département;commune;bv;canton;circonscription;\
Initial/Rectifié;inscrits;abstention;votants;votants_émargement;bulletins_blancs;bulletins_nuls;bulletins_exprimés;\
nbr_liste;liste_A;nbr_voix_liste_A;liste_B;nbr_voix_listeB
2;DP;2015;2;31;555;155;16;1;I;400;100;300;301;12;0;288;2;62;188;137;100
"""
NANTES_2015 = """"BUREAU_DE_VOTE","INSCRITS","PROCURATIONS","VOTANTS","NULS","EXPRIMES","DURAND-ROI","PETIT-LI"
"111-Ecole Maternelle "Molière"","400","18","300","12","288","188","100"
"""

ALL = {
    "ministry-2012": COMMENT + samples.ROWS_2012,
    "ministry-2007": COMMENT + samples.ROWS_2007,
    "ministry-2007 header": ";".join(FIELDS_2007) + "\n" + samples.ROWS_2007,
    "ministry municipal": MUNICIPAL_2020,
    "ministry european": EUROPEAN_2019,
    "ministry nation": NATION_2022,
    "ministry nuances": NUANCES_2022,
    "ministry numbered nuances": NUANCES_2024,
    "city-paris": PARIS_2022,
    "city-rennes": RENNES_2017,
    "city-rennes metropole": RENNES_METROPOLE,
    "city-toulouse": TOULOUSE_2015,
    "city-nantes": NANTES_2015,
}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "iso-8859-1"])
@pytest.mark.parametrize("name", ALL)
def test_every_one_is_recognised_and_adds_up(name: str, encoding: str) -> None:
    found = reading(ALL[name].encode(encoding))[0]
    assert found.layout == name.split()[0]
    assert [int(found.counts[count][0]) for count in ("registered", "votes_found", "valid")] == [400, 300, 288]
    assert sum(votes_of(found, 0).values()) == 288
    assert found.problems == ()
    assert [flaw for flaw in flaws(found) if flaw.code == "T306"] == []


def test_rows_keep_their_numbers_below_lines_of_comment() -> None:
    first, second = reading(COMMENT + samples.ROWS_2012)
    assert (first.row.tolist(), second.row.tolist()) == ([17, 19], [21])
    two_more = "-- arrondissement\r\n\r\n" + COMMENT
    assert reading(two_more + samples.ROWS_2012)[0].row.tolist() == [19, 21]


@pytest.mark.parametrize(("name", "rows"), [("ministry-2012", samples.ROWS_2012), ("ministry-2007", samples.ROWS_2007)])
def test_rows_of_candidates_below_a_header_in_the_ministry_s_words(name: str, rows: str) -> None:
    found = reading(";".join(find_layout(name).headers) + "\n" + rows)[0]
    assert found.level is Level.BUREAU
    assert votes_of(found, 0) == {"DURAND Anne": 188, "PETIT Luc": 100}


@pytest.mark.parametrize("content", [samples.ROWS_2012, samples.ROWS_2007])
def test_rows_of_candidates_with_a_delimiter_at_the_end(content: str) -> None:
    found = reading(content.replace("\n", ";\n"))[0]
    assert votes_of(found, 0) == {"DURAND Anne": 188, "PETIT Luc": 100}
    assert found.problems == ()


def test_a_damaged_count_among_the_first_rows_does_not_hide_the_layout() -> None:
    found = reading(samples.ROWS_2012.replace("0002;90;80;78;2;", "0002;9O;80;78;2;"))[0]
    assert [(problem.row, problem.column) for problem in found.problems] == [(4, "inscrits")]
    assert found.counts["registered"].tolist() == [400, 90]


def test_rows_of_no_round_and_rows_cut_short_are_told_once() -> None:
    rows = (
        samples.ROWS_2012
        + "3;01;004;Ambérac;4;10;0001;401;310;300;2;PETIT;Luc;PET;300\n1;01;004;Ambérac\nx;y\n"
        + ";" * 14
    )
    first, second = reading(rows)
    told = [(problem.row, str(problem.got)) for problem in (*first.problems, *second.problems)]
    assert told == [(7, "4: not read"), (8, "2: not read"), (6, "3: not read")]
    assert (votes_of(first, 0), votes_of(second, 0)) == ({"DURAND Anne": 188, "PETIT Luc": 100}, {"PETIT Luc": 300})


def test_rows_of_which_few_are_of_candidates_are_another_layout() -> None:
    with pytest.raises(UnknownLayout):
        reading("a;b\nc;d\n" + samples.ROWS_2007.splitlines()[0])


def test_the_nation_and_nuances() -> None:
    assert reading(NATION_2022)[0].level is Level.NATION
    assert reading(NUANCES_2022)[0].labels == ("NUP", "ENS")
    nation = reading(NUANCES_2024)[0]
    assert (nation.level, nation.labels) == (Level.NATION, ("UG", "RN"))


def test_paris_with_its_names_spelt_out() -> None:
    found = reading(PARIS_2022)[0]
    assert found.labels == ("de_l_etang_anne", "petit_luc")
    assert found.bureau.tolist() == ["0518"]
    assert found.constituency.tolist() == ["2"]
    assert {name: int(found.counts[name][0]) for name in ("signatures", "blank", "null", "proxies")} == {
        "signatures": 301,
        "blank": 12,
        "null": 0,
        "proxies": 20,
    }
    assert found.title == "Présidentielle 2022 2022-04-10 tour 1"


@pytest.mark.parametrize("content", [PARIS_2022, RENNES_2017, TOULOUSE_2015])
def test_records_of_a_portal_say_what_its_csv_says(content: str) -> None:
    names, first = (line.split(";") for line in content.splitlines()[:2])
    fields = {name.lower(): value for name, value in zip(names, first, strict=True) if not name.startswith("geo")}
    table, records = reading(content)[0], reading(json.dumps([{"fields": fields}]))[0]
    assert records.layout == table.layout
    assert votes_of(records, 0) == votes_of(table, 0)
    assert {name: values[0] for name, values in records.counts.items()} == {
        name: values[0] for name, values in table.counts.items()
    }


def test_rennes_of_2017_has_the_city_and_its_bureaux() -> None:
    bureaux, city = reading(RENNES_2017)
    assert (bureaux.level, city.level) == (Level.BUREAU, Level.COMMUNE)
    assert bureaux.insee.tolist() == city.insee.tolist() == ["35238"]
    assert bureaux.counts["blank"].tolist() == [12]


def test_communes_around_rennes_are_not_rennes() -> None:
    found = reading(RENNES_METROPOLE)[0]
    assert found.insee.tolist() == ["35035", "35238"]
    assert found.department.tolist() == ["35", "35"]
    assert found.commune.tolist() == ["Bréal-Nord", "Rennes"]


@pytest.mark.parametrize("nameless", ["", "Unnamed: {}", "...{}"])
def test_a_copied_table_names_the_columns_without_a_name(nameless: str) -> None:
    header, *rows = samples.PRESIDENTIAL.splitlines()
    for column in range(header.count(";") + 1, rows[0].count(";") + 1):
        header += ";" + nameless.format(column)
    found = reading("\n".join([header, *rows]))[0]
    assert votes_of(found, 0) == {"DE L'ÉTANG Anne": 188, "PETIT-LUC Jean-Marc": 100}
    assert votes_of(found, 1) == {"DE L'ÉTANG Anne": 38, "PETIT-LUC Jean-Marc": 40}


def test_a_sheet_saved_as_text_has_its_titles_above_the_header() -> None:
    titles = "Résultats par bureau, tour 1;;;\n;;;\n"
    found = reading(titles.replace(";", "") + samples.PRESIDENTIAL)[0]
    assert (found.layout, found.title) == ("ministry", "Résultats par bureau, tour 1")
    assert reading(titles + samples.PRESIDENTIAL)[0].row.tolist() == found.row.tolist() == [4, 5]
    assert votes_of(found, 0) == {"DE L'ÉTANG Anne": 188, "PETIT-LUC Jean-Marc": 100}
