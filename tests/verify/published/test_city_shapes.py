"""Shapes in which cities put their results on the web: columns, sheets and cells that were taken for something else."""

from collections.abc import Callable, Sequence

import pytest
import xlsxwriter

from tests.sources import new_folder
from tests.verify.published.test_portals import bureaux, reading, votes
from verify.model.published import Published
from verify.read.published.checks import flaws
from verify.read.results_files import read_all
from verify.read.tables.codes import arrondissement_of

COUNTS = ("registered", "signatures", "votes_found", "blank", "null", "valid")
ONE, TWO = [400, 299, 300, 9, 3, 288], [90, 80, 80, 0, 2, 78]
HEAD = "Inscrits;Émargements;Votants;Blancs;Nuls;Exprimés;DURAND;PETIT"
FIRST, SECOND = "400;299;300;9;3;288;188;100", "90;80;80;0;2;78;38;40"
WHO = {"DURAND": 188, "PETIT": 100}, {"DURAND": 38, "PETIT": 40}


@pytest.mark.parametrize("header", ["num_arr", "arr_bv", "N° arrond.", "code_arrondissement", "arrdt"])
def test_bureaux_begin_anew_below_any_word_for_arrondissement(header: str) -> None:
    [found] = reading(f"{header};num_bureau;{HEAD}\n12;1;{FIRST}\n13;1;{SECOND}")
    assert bureaux(found, *COUNTS) == {"1201": ONE, "1301": TWO}
    assert found.problems == ()


@pytest.mark.parametrize("header", ["numbureau", "Libellé BV", "lib_bv", "Nom du bureau de vote", "Intitulé bureau"])
def test_the_only_column_that_names_bureaux_has_their_codes(header: str) -> None:
    [found] = reading(f"{header};{HEAD}\nBureau n°12 : École;{FIRST}\nBureau n°13 : Mairie;{SECOND}")
    assert bureaux(found, *COUNTS) == {"12": ONE, "13": TWO}


def test_a_name_beside_a_code_stays_a_name() -> None:
    [found] = reading(f"BV;Libellé BV;{HEAD}\n12;Salle 1;{FIRST}\n13;Salle 2;{SECOND}")
    assert found.bureau.tolist() == ["12", "13"]


@pytest.mark.parametrize(
    ("names", "codes"), [(("École", "École"), ["7", "8"]), (("École", "Mairie"), ["École", "Mairie"])]
)
def test_of_names_that_two_bureaux_share_the_number_tells_them_apart(names: tuple[str, str], codes: list[str]) -> None:
    [found] = reading(f"N°;Bureau;{HEAD}\n7;{names[0]};{FIRST}\n8;{names[1]};{SECOND}")
    assert found.bureau.tolist() == codes
    assert [votes(found)[code] for code in codes] == list(WHO)


@pytest.mark.parametrize("header", ["Blancs et nuls", "BL_NUL", "Nuls et blancs", "Blancs + Nuls"])
def test_blank_and_null_votes_in_one_column_are_in_the_sum(header: str) -> None:
    head = f"Bureau;Inscrits;Votants;{header};Exprimés;DURAND;PETIT"
    [found] = reading(f"{head}\n1;400;300;12;288;188;100\n2;90;80;1;78;38;40\n3;90;80;;78;38;40")
    assert [(flaw.code, flaw.unit, flaw.field, flaw.left, flaw.right, str(flaw.how)) for flaw in flaws(found)] == [
        ("T306", 1, "valid", 78, 79, "voters − blank − null"),
        ("C120", 2, "null", None, None, "null votes"),
    ]
    apart = f"Bureau;Inscrits;Votants;Blancs;Nuls;{header};Exprimés;DURAND;PETIT\n1;400;300;9;3;11;288;188;100"
    assert flaws(reading(apart)[0]) == []


def test_the_ministrys_columns_beside_signatures() -> None:
    head = "Code du b.vote;Inscrits;Émargements;Votants;Blancs;Nuls;Exprimés;N°Panneau;Sexe;Nom;Prénom;Voix;% Voix/Exp"
    row = "0001;400;299;300;9;3;288;1;F;DURAND;Anne;188;65,28;2;M;PETIT;Luc;100;34,72"
    [found] = reading(f"{head}\n{row}")
    assert bureaux(found, *COUNTS) == {"0001": ONE}


@pytest.mark.parametrize("names", ["commune_libelle", "Libellé commune", "nom_commune"])
def test_the_names_of_communes_beside_their_codes(names: str) -> None:
    head = f"departement,commune,bureau,{names},inscrits,votants,blancs,exprimes"
    rows = "06,088,0001,Nice,400,300,12,288\n09,166,0001,Leychert,90,80,0,80"
    [found] = reading(f"{head}\n{rows}")
    assert found.insee.tolist() == ["06088", "09166"]
    assert found.commune.tolist() == ["Nice", "Leychert"]


Rows = Sequence[Sequence[object]]


def of_sheets(sheets: dict[str, Rows]) -> list[Published]:
    path = new_folder() / "resultats.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)
    return read_all(path)


def cells(line: str) -> list[object]:
    return [int(cell) if cell.isdecimal() else cell for cell in line.split(";")]


def of_arrondissements(name: str, *rows: list[str]) -> Published:
    """The reading of a workbook with a sheet for each arrondissement, from the twelfth on."""
    [found] = of_sheets({name.format(at): [*map(cells, [f"Bureau;{HEAD}", *own])] for at, own in enumerate(rows, 12)})
    return found


@pytest.mark.parametrize("name", ["{}e arrondissement", "Arr. {}", "Paris {}e", "{}e arr."])
def test_a_sheet_for_each_arrondissement(name: str) -> None:
    found = of_arrondissements(name, [f"1;{FIRST}", f"2;{SECOND}"], [f"1;{SECOND}", f"2;{FIRST}"])
    assert bureaux(found, *COUNTS) == {"1201": ONE, "1202": TWO, "1301": TWO, "1302": ONE}


def test_sheets_of_arrondissements_whose_bureaux_have_their_codes() -> None:
    found = of_arrondissements("{}e arrondissement", [f"1201;{FIRST}"], [f"1301;{SECOND}"])
    assert bureaux(found, *COUNTS) == {"1201": ONE, "1301": TWO}


def test_which_names_of_sheets_are_arrondissements() -> None:
    for sheet, number in (
        ("12e", 0),
        ("2e tour", 0),
        ("Feuil1", 0),
        ("Lyon 3", 3),
        ("1er arrondissement", 1),
        ("Arr 31", 0),
    ):
        assert arrondissement_of(sheet) == number


@pytest.mark.parametrize("more", [[], ["Nbre", "Nbre", "%"]])
def test_the_last_cell_of_a_header_is_merged_over_two_columns(more: list[str]) -> None:
    head: list[list[object]] = [["Bureau", "Inscrits", "Votants", "Blancs", "Nuls", "Exprimés", "DURAND", "", "PETIT"]]
    if more:
        head.append(["", "Nbre", "Nbre", "Nbre", "Nbre", "Nbre", "Voix", "%", "Voix", "%"])
    rows: list[list[object]] = [
        ["1", 400, 300, 9, 3, 288, 188, 188 / 288, 100, 100 / 288],
        ["2", 90, 80, 0, 2, 78, 38, 38 / 78, 40, 40 / 78],
    ]
    [found] = of_sheets({"Résultats": [*head, *rows]})
    assert (found.problems, votes(found)) == ((), {"1": WHO[0], "2": WHO[1]})


@pytest.mark.parametrize("write", [repr, "{:.19f}".format, lambda share: f"{share:.3e}".replace(".", ",")])
def test_shares_of_less_than_a_thousandth_as_programs_write_them(write: Callable[[float], str]) -> None:
    head = "Bureau;Inscrits;Votants;Blancs;Nuls;Exprimés;DURAND;%;PETIT;%"
    rows = [
        f"{at};90000;80000;0;0;80000;{one};{write(one / 80000)};{80000 - one};{1 - one / 80000}"
        for at, one in enumerate((1, 7, 79))
    ]
    [found] = reading("\n".join((head, *rows)))
    assert flaws(found) == []
    wrong = rows[0].replace(f";{write(1 / 80000)};", f";{write(3 / 80000)};")
    [found] = reading("\n".join((head, wrong, *rows[1:])))
    assert [flaw.code for flaw in flaws(found)] == ["T307"]
