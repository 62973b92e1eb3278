"""Results as portals of cities publish them: the shapes are real, places and figures are not."""

import json

import numpy as np
import pytest

from protocol.opening import open_evidence
from tests.sources import new_file, new_folder, put_text
from tests.verify.published import samples
from verify.model.published import Level, Published, UnknownLayout
from verify.model.use import CHOICE, Use, Used
from verify.read.results_files import parse_given, read_all
from verify.read.tables.asked import Asked, parse_meanings

UNIT = "400;100;25;300;75;12;3;4;0;0;0;288;72;96"
OTHER = "90;10;11,11;80;88,89;0;0;0;2;2,22;2,5;78;86,67;97,5"


def reading(content: str, name: str = "resultats.csv") -> list[Published]:
    return read_all(new_file(name, content))


def only_table(*lines: str) -> Published:
    [found] = reading("\n".join(lines))
    return found


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
def test_a_row_a_choice_below_the_ministrys_header(behind: str) -> None:
    header = f"{samples.BUREAU};N°Panneau;Sexe;Nom;Prénom;Voix;% Voix/Ins;% Voix/Exp{behind}"
    first, second = "06;Alpes;08;8ème;079;Séranon;0001", "06;Alpes;08;8ème;079;Séranon;0002"
    more = ";2406;93;MAIRIE" if behind else ""
    rows = (
        f"{first};{UNIT};1;F;DURAND;Anne;188;47;65,28{more}",
        f"{second};{OTHER};2;M;PETIT;Luc;40;44,44;51,28{more}",
        f"{first};{UNIT};2;M;PETIT;Luc;100;25;34,72{more}",
        f"{second};{OTHER};1;F;DURAND;Anne;38;42,22;48,72{more}",
    )
    found = only_table(header, *rows)
    assert (found.layout, found.level, found.problems) == ("ministry", Level.BUREAU, ())
    assert bureaux(found, "registered", "votes_found", "valid") == WHAT
    assert votes(found) == WHO
    assert found.row.tolist() == [2, 3]
    assert np.asarray(found.percentages["votes_found/registered"]).tolist() == ["75", "88,89"]
    shares = np.asarray(found.percentages["votes/valid"]).tolist()
    assert shares == ["65,28", "34,72", "51,28", "48,72"]


def test_a_row_a_choice_whose_counts_differ_is_said_with_its_row() -> None:
    header = f"{samples.BUREAU};N°Panneau;Sexe;Nom;Prénom;Voix;% Voix/Ins;% Voix/Exp"
    place = "06;Alpes;08;8ème;079;Séranon;0001"
    rows = (f"{place};{UNIT};1;F;DURAND;Anne;188;47;65,28", f"{place};{UNIT[1:]};2;M;PETIT;Luc;100;25;34,72")
    found = only_table(header, *rows)
    assert bureaux(found, "registered") == {"0001": [400]}
    [problem] = found.problems
    assert (problem.row, problem.column, problem.got) == (3, "Inscrits", "0")


def test_two_rows_of_one_bureau_and_one_choice_stay_two() -> None:
    header = f"{samples.BUREAU};N°Panneau;Sexe;Nom;Prénom;Voix;% Voix/Ins;% Voix/Exp"
    row = f"06;Alpes;08;8ème;079;Séranon;0001;{UNIT};1;F;DURAND;Anne;288;72;100"
    [found] = reading("\n".join((header, row, row)))
    assert found.row.tolist() == [2, 3]


def test_the_communes_whole_code_behind_the_choice() -> None:
    header = (
        "Code Officiel du département;Nom Officiel Commune;Code B.Vote;Inscrits;Votants;Exprimés;N.Pan.;Nom;Prénom;"
        "Liste;Voix;Code Officiel Commune"
    )
    rows = (
        "95;Cergy-les-Eaux;0001;400;300;288;1;DURAND;Anne;EN AVANT;188;95199",
        "95;Cergy-les-Eaux;0001;400;300;288;2;PETIT;Luc;AUTREMENT;100;95199",
    )
    found = only_table(header, *rows)
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
def test_a_row_a_choice_of_a_portal(name: str) -> None:
    header, row = LONG[name]
    rows = [
        row.format(bureau=bureau, last=last, first=first, votes=n, **dict(zip(COUNTS, counts, strict=True)))
        for bureau, counts in WHAT.items()
        for (last, first), n in ((who.split(), n) for who, n in WHO[bureau].items())
    ]
    found = only_table(header, *rows)
    assert (found.layout, found.level, found.problems) == ("table", Level.BUREAU, ())
    assert bureaux(found, "registered", "votes_found", "valid") == WHAT
    assert votes(found) == WHO


def test_a_surname_alone_names_a_choice() -> None:
    [found] = reading("Bureau;Inscrits;Votants;Exprimés;Nom;Voix\n1;400;300;288;ZOLA;188\n1;400;300;288;CURIE;100")
    assert votes(found) == {"1": {"ZOLA": 188, "CURIE": 100}}


def test_two_choices_of_one_surname_are_two() -> None:
    header = "Bureau;Inscrits;Votants;Exprimés;Nom;Prénom;Voix"
    rows = ("1;400;300;288;MARTIN;Anne;188", "1;400;300;288;MARTIN;Luc;100")
    found = only_table(header, *rows)
    assert votes(found) == {"1": {"MARTIN Anne": 188, "MARTIN Luc": 100}}


def test_how_many_bureaux_there_are_names_none() -> None:
    header = "Code de la commune;Code du département;Nombre de bureaux;Inscrits;Votants;Exprimés;Nom;Prénom;Voix"
    [found] = reading(f"{header}\n079;06;12;400;300;288;DURAND;Anne;288")
    assert (found.level, found.insee.tolist()) == (Level.COMMUNE, ["06079"])


def test_a_bureaus_code_with_its_commune_ahead() -> None:
    header = "departement,commune,uniq_bdv,nb_inscrits,nb_bulletins,nb_emargements,nb_exprimes,nom_candidat,voix"
    rows = ("31,599,31599_0001,400,300,299,288,DURAND Anne,188", "31,599,31599_0001,400,300,299,288,PETIT Luc,100")
    found = only_table(header, *rows)
    assert (found.insee.tolist(), found.problems) == (["31599"], ())
    assert bureaux(found, "registered", "votes_found", "signatures") == {"0001": [400, 300, 299]}
    assert votes(found) == {"0001": WHO["0001"]}


def test_a_code_with_another_commune_ahead_stays() -> None:
    header = "Code INSEE;Bureau;Inscrits;Votants;Exprimés;DURAND;PETIT"
    [found] = reading(f"{header}\n31598;31599_0001;400;300;288;188;100")
    assert (found.insee.tolist(), found.bureau.tolist()) == (["31598"], ["31599_0001"])


def test_of_two_codes_of_bureaux_the_one_that_tells_them_apart() -> None:
    header = "id_bvote,num_arrond,num_bureau,nb_inscr,nb_emarg,nb_exprim,DURAND,PETIT"
    rows = ("1-1,1,1,400,300,288,188,100", "2-1,2,1,90,80,78,38,40")
    found = only_table(header, *rows)
    assert bureaux(found, "registered", "signatures", "valid") == {"1-1": [400, 300, 288], "2-1": [90, 80, 78]}


def test_bureaux_that_begin_anew_in_each_arrondissement() -> None:
    header = "Arrondissement;Bureau;Inscrits;Votants;Exprimés;DURAND;PETIT"
    rows = ("69381;1;400;300;288;188;100", "69382;1;90;80;78;38;40")
    found = only_table(header, *rows)
    assert found.bureau.tolist() == ["0101", "0201"]
    alone = (rows[0], rows[1].replace(";1;", ";2;"))
    [found] = reading("\n".join((header, *alone)))
    assert found.bureau.tolist() == ["1", "2"]


def test_rows_of_places_above_bureaux_are_none() -> None:
    header = "Commune;Niveau_detail;Numero_bureau;Inscrits;Votants;Exprimes;DURAND;PETIT"
    rows = (
        "Ambérac;Commune;;490;380;366;226;140",
        "Ambérac;Lieu;1;490;380;366;226;140",
        "Ambérac;Bureau;1;400;300;288;188;100",
        "Ambérac;Bureau;2;90;80;78;38;40",
    )
    found = only_table(header, *rows)
    assert (found.bureau.tolist(), found.row.tolist(), found.problems) == (["1", "2"], [4, 5], ())
    assert [(flaw.code, flaw.left, flaw.place[-2:]) for flaw in found.flaws] == [
        ("C110", "Commune", ":2"),
        ("C110", "Lieu", ":3"),
    ]


@pytest.mark.parametrize(
    "over",
    [
        ("nb_voix_durand", "nb_voix_petit"),
        ("durand_voix", "petit_voix"),
        ("DURAND (voix)", "PETIT (voix)"),
        ("Voix DURAND", "Voix PETIT"),
        ("DURAND - votes", "PETIT - votes"),
    ],
)
def test_what_stands_beside_the_name_over_its_votes(over: tuple[str, str]) -> None:
    [found] = reading(f"bureau;inscrits;votants;exprimes;{over[0]};{over[1]}\n1;400;300;288;188;100")
    assert {label.upper(): votes(found)["1"][label] for label in found.labels} == {"DURAND": 188, "PETIT": 100}


def test_abstentions_cut_short_are_no_choice() -> None:
    [found] = reading("code_bv,inscrits,votants,exprimes,NUP,ENS,abst\n1,400,300,288,188,100,100")
    assert votes(found) == {"1": {"NUP": 188, "ENS": 100}}


SERVERS = {
    "a map server's": '{{"fields": [{{"name": "a"}}], "features": [{{"attributes": {record}, "geometry": {{}}}}]}}',
    "a catalogue's": '{{"success": true, "result": {{"fields": [{{"id": "a"}}], "records": [{record}]}}}}',
}


@pytest.mark.parametrize("name", SERVERS)
def test_json_of_a_server(name: str) -> None:
    record = '{"NUM_BUREAU": 3, "INSCRITS": 400, "VOTANTS": 300, "EXPRIMES": 288, "DURAND": 188, "PETIT": 100}'
    [found] = reading(SERVERS[name].format(record=record), "resultats.json")
    assert bureaux(found, "registered", "votes_found", "valid") == {"3": [400, 300, 288]}
    assert votes(found) == {"3": {"DURAND": 188, "PETIT": 100}}


FIGURES = ("{n},MN,2026,2,31,555,{n:04},I,400,{abstentions},300,299,8,4,288,2,005,188,012,100",)


def test_toulouse_without_names_of_columns() -> None:
    body = "\n".join(FIGURES[0].format(n=n, abstentions=100) for n in (1, 2))
    names = ",".join(f"column_{at}" for at in range(1, 21))
    for content in (body, f"{names}\n{body}"):
        [found] = reading(content)
        assert (found.layout, found.title) == ("city-toulouse-2026", "MN édition I")
        assert (found.stated.year, found.stated.round) == (2026, 2)
        assert bureaux(found, "registered", "votes_found", "signatures", "blank", "null", "valid") == {
            code: [400, 300, 299, 8, 4, 288] for code in ("0001", "0002")
        }
        assert votes(found)["0001"] == {"liste 005": 188, "liste 012": 100}
        assert found.insee.tolist() == ["31555", "31555"]


def test_figures_that_do_not_add_up_name_no_columns() -> None:
    with pytest.raises(UnknownLayout):
        reading("\n".join(FIGURES[0].format(n=n, abstentions=99) for n in (1, 2)))


def test_toulouse_with_candidates_and_whole_codes() -> None:
    header = (
        "sequence,type,annee,tour,code_departement,code_commune,uniq_bdv,code_canton,code_circonscription,indicatif,"
        "nb_inscrits,nombre_de_votants,nombre_de_votants_d_apres_les_feuilles_d_emargement,nb_exprimes,"
        "code_depot_du_candidata,nombre_de_voix_du_candidata,code_depot_du_candidatb,nombre_de_voix_du_candidatb"
    )
    row = "1,LG,2022,2,31,555,31555_0001,3,2,I,400,300,299,288,7,188,9,100"
    [found] = reading(f"{header}\n{row}")
    assert (found.layout, found.constituency.tolist()) == ("city-toulouse", ["2"])
    assert bureaux(found, "registered", "votes_found", "signatures") == {"0001": [400, 300, 299]}
    assert votes(found) == {"0001": {"liste 7": 188, "liste 9": 100}}


def given(content: str, *pairs: str) -> tuple[list[Published], tuple[Use, ...]]:
    path = new_folder() / "resultats.csv"
    put_text(path, content)
    found = parse_given(open_evidence(path), Asked(parse_meanings(pairs)))
    return list(found.published), found.uses


def test_what_each_column_was_taken_for_is_said() -> None:
    header = "Bureau;Inscrits;Votants;Exprimés;DURAND;PETIT;Remarquable;Tour"
    [found], [use] = given(f"{header}\n1;400;300;288;188;100;peut-être;1")
    assert votes(found) == {"1": {"DURAND": 188, "PETIT": 100}}
    assert (use.kinds, use.used) == (("publie",), Used.PART)
    assert str(use.why) == "1 column not understood: « Remarquable »"
    assert {column.header: column.meaning for column in use.columns}["PETIT"] == CHOICE


def test_a_column_is_what_the_user_says() -> None:
    content = "Station;Inscrits;Votants;Exprimés;DURAND;PETIT\n7;400;300;288;188;100"
    with pytest.raises(UnknownLayout, match=r'--map "…=bureau"'):
        given(content.replace("Station", "Repère"))
    [found], _ = given(content.replace("Station", "Repère"), "Repère=bureau")
    assert found.bureau.tolist() == ["7"]
    [found], _ = given(samples.TEXTS["city-nantes"].replace("INSCRITS", "ROLES"), "ROLES=registered")
    assert (found.layout, found.counts["registered"].tolist()) == ("table", [400])


def test_a_list_of_places_of_vote_is_no_results() -> None:
    with pytest.raises(UnknownLayout):
        reading("IDBURO,NUMERO,LIEU_NOM,COMMUNE,inscrits\n0101,1,Salle,Ambérac,400\n0102,2,Mairie,Ambérac,90")


@pytest.mark.parametrize("header", ["CODE_SCRUTIN", "num_circ", "codecirc."])
def test_a_header_like_that_of_a_place_is_no_mistake(header: str) -> None:
    [found] = reading(f"{header};Bureau;Inscrits;Votants;Exprimés;DURAND;PETIT\n2;1;400;300;288;188;100")
    assert found.problems == ()


def test_a_number_alone_is_the_bureaus_beside_counts() -> None:
    choices = [{"nom": last, "prenom": first, "voix": count} for last, first, count in NESTED]
    record = {"numero": 12, "inscrits": 400, "votants": 300, "exprimes": 288, "candidats": choices}
    [found] = reading(json.dumps([record]), "resultats.json")
    assert (found.layout, found.bureau.tolist()) == ("table", ["12"])
    assert votes(found) == {"12": WHO["0001"]}
    with pytest.raises(UnknownLayout):
        reading("Numéro;Inscrits;Adresse\n12;400;rue")


NESTED = (("DURAND", "Anne", 188), ("PETIT", "Luc", 100))


def test_several_nations_are_none() -> None:
    with pytest.raises(UnknownLayout):
        reading("Inscrits;Votants;Exprimés;Nom;Voix\n400;300;288;DURAND;288\n90;80;78;DURAND;78")


@pytest.mark.parametrize(
    "cells",
    [
        ("BV012 - ÉCOLE 3", "BV013 - MAIRIE"),
        ("ÉCOLE 3 - Bureau n°012", "MAIRIE - Bureau n°013"),
        ("École (bureau 012)", "Mairie (bureau 013)"),
        ("École Jules-Ferry (012)", "Mairie (013)"),
        ("Essai 012", "Essai 013"),
        ("N° 012", "N° 013"),
        ("BDV 012", "BDV 013"),
        ("bureau-012", "bureau-013"),
        ("'012", "'013"),
    ],
)
@pytest.mark.parametrize("header", ["Bureau de vote;Inscrits", "code_insee;bureau;inscrits"])
def test_codes_of_bureaux_among_words(cells: tuple[str, str], header: str) -> None:
    town = "31555;" if header.startswith("code") else ""
    rows = "\n".join(f"{town}{cell};400;300;288;188;100" for cell in cells)
    [found] = reading(f"{header};Votants;Exprimés;DURAND;PETIT\n{rows}")
    assert found.bureau.tolist() == ["012", "013"]


@pytest.mark.parametrize(
    ("cells", "codes"),
    [
        (("1er bureau", "2e bureau"), ["1", "2"]),
        (("1.0", "2.0"), ["1", "2"]),
        (("31555_0001", "31555_0002"), ["0001", "0002"]),
        (("315550001", "315550002"), ["0001", "0002"]),
        (("École du 8 mai", "Mairie"), ["École du 8 mai", "Mairie"]),
        (("Salle 1 (3)", "Salle 2 (4)"), ["Salle 1 (3)", "Salle 2 (4)"]),
        (("Rue Haute 1", "Rue Basse 1"), ["Rue Haute 1", "Rue Basse 1"]),
    ],
)
@pytest.mark.parametrize("header", ["Code INSEE;Bureau de vote;Inscrits", "code_insee;bureau;inscrits"])
def test_codes_with_something_more(header: str, cells: tuple[str, str], codes: list[str]) -> None:
    rows = "\n".join(f"31555;{cell};400;300;288;188;100" for cell in cells)
    [found] = reading(f"{header};Votants;Exprimés;DURAND;PETIT\n{rows}")
    assert (found.bureau.tolist(), found.insee.tolist()) == (codes, ["31555", "31555"])


@pytest.mark.parametrize(
    "cells",
    [
        ("1-5", "2-5"),
        ("1_5", "2_5"),
        ("01.05", "02.05"),
        ("1er arr. bureau 5", "2e arr. bureau 5"),
        ("75101_0105", "75102_0205"),
        ("75101_5", "75102_5"),
    ],
)
@pytest.mark.parametrize("header", ["Code INSEE;Bureau de vote;Inscrits", "code_insee;bureau;inscrits"])
def test_bureaux_of_arrondissements(header: str, cells: tuple[str, str]) -> None:
    rows = "\n".join(f"75056;{cell};400;300;288;188;100" for cell in cells)
    [found] = reading(f"{header};Votants;Exprimés;DURAND;PETIT\n{rows}")
    assert (found.bureau.tolist(), found.insee.tolist()) == (["0105", "0205"], ["75056", "75056"])
    elsewhere = reading(f"{header};Votants;Exprimés;DURAND;PETIT\n{rows}".replace("75056", "31555"))[0]
    assert elsewhere.bureau.tolist() != ["0105", "0205"]


def test_a_shape_between_the_cells_is_no_delimiter() -> None:
    shape = '"{""coordinates"": [' + ",".join(["[1.2, 43.6]"] * 9000) + ']}"'
    row = f"1;{shape};400;300;288;188;100"
    [found] = reading(f"bureau;geo_shape;inscrits;votants;exprimes;DURAND;PETIT\n{row}")
    assert votes(found) == {"1": {"DURAND": 188, "PETIT": 100}}


@pytest.mark.parametrize(
    "content",
    [
        "Bureau;Inscrits;Votants;Exprimés;Candidat 1;Voix 1;Candidat 2;Voix 2\n1;400;300;288;DURAND;188;PETIT;100",
        "Niveau;Bureau;Inscrits;Votants;Exprimés;DURAND;PETIT\nVille;;400;300;288;188;100\nBureau;1;400;300;288;188;100",
        "N° bureau;Bureau;Inscrits;Votants;Exprimés;DURAND;PctVoixExp;PETIT\n1;École;400;300;288;188;65,28;100",
        "N° circo;Circonscription;Bureau;Inscrits;Votants;Exprimés;DURAND;PETIT\n6;Sixième;1;400;300;288;188;100",
    ],
)
def test_columns_that_are_used_or_say_the_same_are_not_called_unknown(content: str) -> None:
    [found], [use] = given(content)
    assert votes(found) == {"1": {"DURAND": 188, "PETIT": 100}}
    assert (use.used, use.why) == (Used.WHOLE, "")


def test_a_second_column_of_codes_is_said() -> None:
    header = "N° bureau;Code BV;Inscrits;Votants;Exprimés;DURAND;PETIT"
    _, [use] = given(f"{header}\n1;A7;400;300;288;188;100")
    assert (use.used, str(use.why)) == (Used.PART, "« Code BV » would be bureau as well")


def test_a_number_that_a_second_row_of_headers_doubles_is_no_bureau() -> None:
    with pytest.raises(UnknownLayout):
        reading("Inscrits;Votants;Exprimés;N°;Zone;Quartier\n;;;;N°;Nom\n400;300;288;12;3;Port")
