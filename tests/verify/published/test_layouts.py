"""Every layout is recognised by its content and read into the one shape; the samples show the same two bureaux."""

import numpy as np
import pytest

from protocol.errors import RegardError
from tests.fuzz.published import check_shape
from tests.sources import new_file
from tests.verify.published import samples
from verify.model.figures import MISSING
from verify.model.published import Level, Published, UnknownLayout
from verify.read.feed.elements import entry
from verify.read.layouts.built_in import known_layouts, layout_label
from verify.read.published import ministry_nation
from verify.read.results_files import read, read_all

COUNTS = {"registered": 400, "votes_found": 300, "valid": 288}


def reading(content: str | bytes, name: str = "file.txt") -> list[Published]:
    return read_all(new_file(name, content))


def votes_of(found: Published, unit: int) -> dict[str, int]:
    at = np.flatnonzero(found.vote_unit == unit)
    return {found.labels[found.vote_label[entry]]: int(found.votes[entry]) for entry in at}


@pytest.mark.parametrize("name", list(samples.TEXTS))
def test_every_layout_is_recognised(name: str) -> None:
    found = reading(samples.TEXTS[name])[0]
    assert found.layout == name.split()[0]
    assert {count: int(found.counts[count][0]) for count in COUNTS} == {
        **COUNTS,
        **({"registered": 490, "votes_found": 380, "valid": 366} if name.endswith("communes") else {}),
    }
    assert sum(votes_of(found, 0).values()) == found.counts["valid"][0]
    check_shape(found)
    assert (np.diff(found.vote_unit) >= 0).all()


def test_presidential_text() -> None:
    found = reading(samples.PRESIDENTIAL.replace("\n", "\r\n").encode("iso-8859-1"))[0]
    assert found.level is Level.BUREAU
    assert found.labels == ("DE L'ÉTANG Anne", "PETIT-LUC Jean-Marc")
    assert found.insee.tolist() == ["06079", "97101"]
    assert found.department.tolist() == ["06", "971"]
    assert found.constituency.tolist() == ["8", "1"]
    assert found.bureau.tolist() == ["0001", "01.1"]
    assert found.commune.tolist() == ["Séranon-sur-Mer", "Les Îlets"]
    assert found.row.tolist() == [2, 3]
    assert votes_of(found, 0) == {"DE L'ÉTANG Anne": 188, "PETIT-LUC Jean-Marc": 100}
    assert votes_of(found, 1) == {"DE L'ÉTANG Anne": 38, "PETIT-LUC Jean-Marc": 40}
    assert found.panel.tolist() == [1, 2, 2, 1]
    assert found.percentages["votes/valid"].tolist() == ["65,28", "34,72", "51,28", "48,72"]
    assert found.percentages["null/votes_found"].tolist() == ["0", "2,5"]
    assert found.counts["abstentions"].tolist() == [100, 10]
    assert (found.counts["signatures"] == MISSING).all()
    assert found.problems == ()


def test_legislative_text_has_blocks_of_8_and_other_choices_in_every_constituency() -> None:
    found = reading(samples.LEGISLATIVE.encode("iso-8859-1"))[0]
    assert votes_of(found, 0) == {"DURAND Anne": 188, "PETIT Luc": 90, "LE GOFF Yann": 10}
    assert votes_of(found, 1) == {"MARTIN Paul": 40, "LEROY Ève": 38}
    assert found.problems == ()


def test_european_text_has_lists() -> None:
    found = reading(samples.EUROPEAN.encode("iso-8859-1"))[0]
    assert votes_of(found, 0) == {"LISTE BLEUE": 188, "LISTE VERTE": 100}


def test_2012_has_both_rounds_in_one_file() -> None:
    first, second = reading(samples.ROWS_2012.encode("iso-8859-1"))
    assert (first.title, second.title) == ("tour 1", "tour 2")
    assert first.insee.tolist() == ["01004", "98801"]
    assert first.constituency.tolist() == ["4", "1"]
    assert first.row.tolist() == [1, 3]
    assert votes_of(first, 1) == {"DURAND Anne": 40, "PETIT Luc": 38}
    assert (first.counts["blank"] == MISSING).all()
    assert (first.counts["null"] == MISSING).all()
    assert votes_of(second, 0) == {"PETIT Luc": 300}
    assert second.counts["registered"].tolist() == [401]  # the roll moves between rounds


def test_2012_rows_of_a_bureau_must_agree() -> None:
    text = samples.ROWS_2012.replace("0001;400;300;288;2", "0001;410;300;288;2")
    found = reading(text)[0]
    assert [(problem.row, problem.column) for problem in found.problems] == [(2, "inscrits")]
    assert "row 1" in str(found.problems[0].expected)


def test_2024_pads_with_empty_blocks() -> None:
    found = reading(samples.MINISTRY_2024)[0]
    assert found.insee.tolist() == ["29018", "97101"]
    assert found.bureau.tolist() == ["0001", "2"]
    assert votes_of(found, 1) == {"ROCHE Lia": 78}
    assert found.panel.tolist() == [1, 7, 3]
    assert found.percentages["votes_found/registered"].tolist() == ["75,00%", "88,89%"]
    assert found.problems == ()


def test_2024_constituencies_have_whole_codes() -> None:
    found = reading(samples.CONSTITUENCIES_2024)[0]
    assert found.level is Level.CONSTITUENCY
    assert found.department.tolist() == ["01", "2A"]
    assert found.constituency.tolist() == ["4", "1"]


def test_brest() -> None:
    found = reading(samples.BREST)[0]
    assert found.labels == ("Mme DE L'ÉTANG Anne", "M. PETIT Luc")
    assert found.insee.tolist() == ["29019", "29019"]
    assert found.bureau.tolist() == ["104", "012"]
    assert found.percentages["votes/valid"].tolist() == ["65,28 %", "34,72 %", "51,28 %", "48,72 %"]
    assert found.percentages["votes_found/registered"].tolist() == ["75,00 %", "88,89 %"]
    assert found.title == "Élections 1er tour"


def test_paris_has_both_counts() -> None:
    found = reading(samples.PARIS)[0]
    assert found.insee.tolist() == ["75056", "75056"]
    assert found.bureau.tolist() == ["0518", "1502"]
    assert found.counts["signatures"].tolist() == [301, 80]
    assert found.counts["votes_found"].tolist() == [300, 80]
    assert found.counts["proxies"].tolist() == [20, 3]
    assert found.labels == ("de_l_etang_anne", "petit_luc")
    assert found.title == "Présidentielle 2017 2017/04/23 tour 1"


def test_the_bureaux_of_paris_are_of_their_own_two_columns() -> None:
    """A spreadsheet takes 5-18 for the 18th of May."""
    found = reading(samples.PARIS.replace("5-18,P", "2022-05-18 00:00:00,P"))[0]
    assert found.bureau.tolist() == ["0518", "1502"]
    assert [(problem.row, problem.column) for problem in found.problems] == [(3, "NUM_CIRC")]
    found = reading(samples.PARIS.replace(",18,5,18,", ",18,5,Mairie,"))[0]
    assert found.bureau.tolist() == ["5-Mairie", "1502"]


def test_rennes_has_levels_and_both_counts() -> None:
    bureaux, cantons = reading(samples.RENNES)
    assert (bureaux.level, cantons.level) == (Level.BUREAU, Level.CANTON)
    assert bureaux.insee.tolist() == ["35238"]
    assert bureaux.bureau.tolist() == ["111"]
    assert bureaux.constituency.tolist() == cantons.constituency.tolist() == ["1"]
    assert bureaux.counts["signatures"].tolist() == [301]
    assert bureaux.labels[0] == "Mme DURAND Anne et M. ROI Guy (UD)"
    assert cantons.row.tolist() == [3]


def test_nantes_has_proxies_and_no_commune() -> None:
    found = reading(samples.NANTES)[0]
    assert found.bureau.tolist() == ["111"]
    assert found.insee.tolist() == [""]
    assert found.counts["proxies"].tolist() == [20]
    assert (found.counts["blank"] == MISSING).all()


@pytest.mark.parametrize("content", [samples.TOULOUSE, samples.TOULOUSE_JSON])
def test_toulouse_as_csv_and_json_is_the_same(content: str) -> None:
    found = reading(content)[0]
    assert found.insee.tolist() == ["31555"]
    assert found.bureau.tolist() == ["155"]
    assert found.constituency.tolist() == ["16"]  # the canton, in départementales
    assert found.counts["signatures"].tolist() == [301]
    assert votes_of(found, 0) == {"liste 62": 188, "liste 137": 100}
    assert found.row.tolist() == [2]
    assert "DP édition R" in found.title


def test_a_row_of_zeros_below_named_columns_is_no_file_without_names() -> None:
    """It was read as Toulouse's: zeros fulfil all checks of that layout."""
    names = "departement,commune,bureau,commune_libelle,inscrits,votants,blancs,nuls,exprimes"
    content = f"{names},ARTHAUD,ASSELINEAU,FILLON,HAMON,LE PEN,MACRON,POUTOU,LASSALLE,CHEMINADE\n"
    [found] = reading(content + "42,207,0003,Saint-Chamond,969,587,17,0,0" + ",0" * 9 + "\n")
    assert found.insee.tolist() == ["42207"]
    assert found.counts["registered"].tolist() == [969]


def test_researchers_publish_no_null_votes() -> None:
    found = reading(samples.RESEARCHERS)[0]
    assert (found.counts["null"] == MISSING).all()
    assert (found.counts["abstentions"] == MISSING).all()
    assert found.insee.tolist() == ["01004", "01004", "97801", "99001"]
    assert found.department.tolist() == ["01", "01", "ZX", "99"]
    assert found.bureau.tolist() == ["0001", "0A11", "0019", "0001"]
    assert reading(samples.RESEARCHERS_COMMUNES)[0].level is Level.COMMUNE


def test_workbook_of_2022_names_one_block_only() -> None:
    data = samples.workbook({"Résultats Dpt T1_2022-04-14 12h49": samples.DEPARTMENTS_2022})
    (found,) = reading(data, "r.xlsx")
    assert (found.layout, found.level) == ("ministry", Level.DEPARTMENT)
    assert found.title == "Résultats Dpt T1_2022-04-14 12h49"
    assert found.department.tolist() == ["01", "99"]
    assert found.counts["registered"].tolist() == [400, 90]
    assert votes_of(found, 0) == {"DE L'ÉTANG Anne": 188, "PETIT Luc": 100}
    assert votes_of(found, 1) == {"DE L'ÉTANG Anne": 40, "PETIT Luc": 38}
    assert found.percentages["votes/valid"].tolist() == ["65.28", "34.72", "48.72", "51.28"]
    assert found.problems == ()


def test_workbook_of_2017_has_levels_and_says_which_sheet_it_does_not_know() -> None:
    sheets = {
        "FE": samples.NATION_2017,
        "Circo": samples.CONSTITUENCIES_2017,
        "Notes": "Une note|de plus",
    }
    nation, constituencies = reading(samples.workbook(sheets), "r.xlsx")
    assert (nation.level, constituencies.level) == (Level.NATION, Level.CONSTITUENCY)
    assert nation.counts["registered"].tolist() == [400]
    assert votes_of(nation, 0) == {"Mme DE L'ÉTANG Anne": 188, "M. PETIT Luc": 100}
    assert nation.percentages["valid/votes_found"].tolist() == ["96"]
    assert constituencies.department.tolist() == ["01"]  # a number in the file
    assert constituencies.constituency.tolist() == ["4"]
    assert constituencies.row.tolist() == [5]
    assert votes_of(constituencies, 0) == {"DE L'ÉTANG Anne": 188, "PETIT Luc": 100}
    assert [str(problem.expected) for problem in nation.problems] == ["a known layout"]
    assert str(nation.problems[0].got) == "sheet « Notes » of a workbook, starts with « Une note | de plus »"


def test_a_sheet_keeps_the_last_choice_of_a_row_whose_last_cells_are_empty() -> None:
    data = samples.workbook({"t1": samples.MINISTRY_2024.replace(";", "|")})
    found = reading(data, "r.xlsx")[0]
    assert votes_of(found, 0) == {"DURAND Anne": 188, "PETIT Luc": 100}
    assert votes_of(found, 1) == {"ROCHE Lia": 78}
    assert found.problems == ()


def test_a_sheet_of_a_city_whose_last_cell_is_empty() -> None:
    rows = samples.PARIS.replace(",", "|").replace("78|40|38", "78|40|")
    found = reading(samples.workbook({"paris": rows + "a note"}), "p.xlsx")[0]
    assert found.votes.tolist() == [188, 100, 40]
    assert [(problem.row, problem.column) for problem in found.problems] == [(3, "NUM_CIRC")]
    assert found.unused == ("« a note »",)


def test_read_gives_the_finest_level() -> None:
    path = new_file("rennes.csv", samples.RENNES)
    assert read(path).level is Level.BUREAU


def test_unknown_layout_says_what_was_found() -> None:
    with pytest.raises(UnknownLayout) as error:
        reading("Ort;Stimmen\nBern;12\n")
    said = str(error.value)
    assert "no known layout" in said
    assert "Ort | Stimmen" in said
    assert "regard help layouts" in said


def test_every_layout_has_a_name_for_people() -> None:
    names = {layout.name for layout in known_layouts()} | {entry()[0].name, ministry_nation.NAME}
    labels = {str(layout_label(name)) for name in names}
    assert len(labels) == len(names) > 10


RUBBISH = [b"", b"\n\n", b"\x00" * 100, b"\xff\xfe\x00", b"[]", b"[1]", b"PK\x03\x04rest", b"\x1f\x8b", b'"open']


@pytest.mark.parametrize("content", RUBBISH)
def test_nothing_and_rubbish_end_with_a_sentence(content: bytes) -> None:
    with pytest.raises(RegardError, match=r"file\.txt"):
        reading(content)
