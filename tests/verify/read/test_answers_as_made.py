"""Answers as town halls make them: drafts, units, forms side by side, footnotes; each figure is read, or named."""

from pathlib import Path
from typing import Any

import pytest

from regard.language import show
from tests.sources import new_file, new_folder, put_text
from tests.verify.layouts.test_language import HEAD, read, votes_of
from tests.verify.night_builder import loaded
from tests.verify.published import samples
from verify.model.identity import StatedElection
from verify.read.published.codes import bare_codes

FORM = "{bureau}|{place}|\nInscrits|{roll}|\nÉmargés|{signed}|\nVotants|{signed}|\nExprimés|{signed}|\nZOLA|{signed}|\n"


def read_pvs(files: dict[str, str | bytes], **asked: Any) -> dict[str, list[int]]:
    """For each bureau of the PVs its registered voters, signatures and votes found."""
    evidence = loaded(records=tuple(new_folder(files) / name for name in files), **asked)
    assert evidence.records is not None
    assert not evidence.problems
    counts = [evidence.records[name].values[:, 0].tolist() for name in ("registered", "signatures", "votes_found")]
    return {
        f"{insee} {bureau}".strip(): list(row)
        for insee, bureau, *row in zip(
            evidence.universe.insee.tolist(), evidence.universe.bureau.tolist(), *counts, strict=True
        )
    }


@pytest.mark.parametrize(("asked", "signed"), [({}, 299), ({"sheets": ("brouillon",)}, 290)])
def test_a_hidden_draft_is_no_commune_and_not_read_beside_the_sheet_that_is_seen(
    asked: dict[str, Any], signed: int
) -> None:
    table = "Bureau|Inscrits|Émargements|Votants\n1|400|{signed}|300\n2|500|410|410\n"
    sheets = {"brouillon": table.format(signed=290), "Définitif": table.format(signed=299)}
    book = samples.workbook(sheets, hidden={"brouillon"})
    assert read_pvs({"pv.xlsx": book}, **asked) == {"1": [400, signed, 300], "2": [500, 410, 410]}


def test_a_hidden_sheet_of_other_bureaux_is_read_and_one_that_is_left_says_how_to_read_it() -> None:
    sheets = {"caché": "Bureau|Votants\n1|300\n", "Définitif": "Bureau|Votants\n2|410\n"}
    path = new_file("pv.xlsx", samples.workbook(sheets, hidden={"caché"}))
    assert loaded(records=(path,)).universe.bureau.tolist() == ["1", "2"]
    path = new_file("pv.xlsx", samples.workbook(sheets | {"Définitif": sheets["caché"]}, hidden={"caché"}))
    [action] = [str(use.action) for use in loaded(records=(path,)).inputs[0].sheets if use.action]
    assert action == "To read it instead: --sheet “caché”."


def test_a_hidden_sheet_of_the_other_round_is_asked_for_by_its_round() -> None:
    sheets = {"tour 1": "Bureau|Inscrits|Émargements|Votants\n1|400|300|300\n"}
    sheets["tour 2"] = sheets["tour 1"].replace("300", "310")
    book = samples.workbook(sheets, hidden={"tour 2"})
    assert read_pvs({"pv.xlsx": book}, round=2) == {"1": [400, 310, 310]}


def test_figures_with_what_they_count() -> None:
    text = "Bureau;Inscrits;Pointés;Votants;ZOLA\n1;1 024 électeurs;700 émarg.;701 bulletins;701 voix\n"
    assert read_pvs({"pv.csv": text}) == {"1": [1024, 700, 701]}


def test_forms_side_by_side_in_bands() -> None:
    forms = [FORM.format(bureau=f"Bureau {n}", place=f"École {n}", roll=400 + n, signed=300 + n) for n in range(1, 6)]
    lines = [[form.split("\n") for form in some] for some in (forms[:3], forms[3:])]
    bands = ["\n".join(map("|".join, zip(*some, strict=True))) for some in lines]
    book = samples.workbook({"Feuil1": "Essai, tour 1\n" + "\n\n".join(bands)})
    assert read_pvs({"pv.xlsx": book}) == {str(n): [400 + n, 300 + n, 300 + n] for n in range(1, 6)}


@pytest.mark.parametrize("more", ["", "\n500|400|400|400"])
def test_a_form_with_its_figures_below_their_names(more: str) -> None:
    sheet = f"Relevé|||Bureau n°|7\n\nInscrits|Émargements|Votants|Exprimés\n400|300|301|301{more}\n\n"
    sheet += "Candidat|Voix\nZOLA|301\n"
    if more:  # of two bureaux, and one is named
        with pytest.raises(AssertionError):
            read_pvs({"pv.xlsx": samples.workbook({"BV7": sheet})})
    else:
        assert read_pvs({"pv.xlsx": samples.workbook({"BV7": sheet})}) == {"7": [400, 300, 301]}


def test_a_sentence_with_a_number_below_a_table_is_no_bureau_and_is_named(tmp_path: Path) -> None:
    text = "Bureau;Inscrits;Émargements;Votants\n1;400;300;300\n2;500;410;411\nSource : procès-verbaux;;;12\n"
    evidence = loaded(records=(put_text(tmp_path / "pv.csv", text),))
    assert evidence.universe.bureau.tolist() == ["1", "2"]
    assert [(each.row, show("en", each.got)) for each in evidence.problems] == [(4, "“Source : procès-verbaux”")]


def test_choices_called_voix_obtenues_par_are_those_of_other_tables() -> None:
    head = "Bureau;Émargements;Votants;Exprimés;"
    files: dict[str, str | bytes] = {
        "Gap.csv": head + "ZOLA;CURIE\n1;300;300;300;200;100\n",
        "Rodez.csv": head + "ZOLA Émile;CURIE Marie\n1;300;300;300;200;100\n",
        "Vire.csv": head + "Voix obtenues par M. Émile ZOLA;Voix obtenues par Mme Marie CURIE\n1;300;300;300;200;100\n",
    }
    folder = new_folder(files)
    evidence = loaded(records=tuple(folder / name for name in files), votes=tuple(folder / name for name in files))
    assert not evidence.problems
    assert [len(contest.choices) for contest in evidence.contests.contests] == [2]


def test_a_point_behind_the_number_of_a_bureau_is_not_of_it() -> None:
    assert bare_codes(["1. Mairie", "12. École"], [("", "")] * 2) == ["1", "12"]
    assert bare_codes(["1.2 Mairie", "1.3 École"], [("", "")] * 2) == ["1.2", "1.3"]


@pytest.mark.parametrize(
    ("written", "codes"),
    [
        (["« 1er bureau »", "« 2e bureau »"], ["1", "2"]),
        (["2e bureau", "3e bureau"], ["2", "3"]),
        (['"Bureau 1"', '"Bureau 2"'], ["1", "2"]),
        (["2e École", "2f École"], ["2e", "2f"]),
        (["1", "« 1 »"], ["1", "« 1 »"]),
    ],
)
def test_marks_around_a_code_and_its_ordinal_are_no_part_of_it(written: list[str], codes: list[str]) -> None:
    assert bare_codes(written, [("", "")] * len(written)) == codes


def test_a_sum_of_counts_is_no_choice() -> None:
    text = "BV;Inscrits;Exprimés + B + N;MACRON;LE PEN\n1;400;300;200;100\n2;500;400;200;200\n"
    votes = loaded(records=(new_folder({"pv.csv": text}) / "pv.csv",)).contests.contests
    assert [contest.choices for contest in votes] == [("MACRON", "LE PEN")]


def test_bureaux_in_words_have_their_number_beside_a_total_too() -> None:
    text = "Bureau;Inscrits;Émargements;Votants\n1er bureau (centralisateur);400;300;300\n2e bureau;500;410;411\n"
    assert read_pvs({"pv.csv": text + "Total;900;710;711\n"}) == {"1": [400, 300, 300], "2": [500, 410, 411]}


@pytest.mark.parametrize(
    ("title", "day"), [("Référendum du 29 mai 2005", "2005-05-29"), ("Présidentielle, 24/04/2022", "None")]
)
def test_an_election_without_rounds_is_of_the_day_of_its_title(title: str, day: str) -> None:
    assert str(StatedElection.of_text(title).day) == day


def test_a_place_that_stands_once_over_its_rows_is_theirs() -> None:
    entry = HEAD + 'needs = ["Town"]\nchecks = ["valid = votes"]\nplace.commune = "Town"\nplace.station = "Unit"\n'
    entry += 'counts.valid = "Valid"\nchoices.from = "Ann"\ntotals.Town = ["/Sum .*/"]\n'
    text = "Town,Unit,Valid,Ann,Bob\nAix,1,5,2,3\n,2,7,3,4\nSum Aix,,12,5,7\nBrou,1,9,5,4\n,2,1,1,0\n"
    text += "Sum Brou,,10,6,5\n,,9,4,5\n"
    [table] = read(entry, text)
    assert list(zip(table.commune.tolist(), table.bureau.tolist(), strict=True)) == [
        ("Aix", "1"), ("Aix", "2"), ("Brou", "1"), ("Brou", "2"), ("", ""),
    ]  # fmt: skip
    assert [(each.left, each.right) for each in table.flaws] == [(5, 4)]
    assert table.problems == ()


def test_digits_of_any_script_and_a_lower_header_that_is_wider() -> None:
    entry = HEAD + 'needs = ["Unit"]\nplace.station = "Unit"\ncounts.valid = "Good"\nthousands = ","\n'
    entry += 'choices.from = "Ann"\npercentages = { "valid/registered" = "Share" }\ncounts.registered = "Roll"\n'
    text = "Unit,Roll,Share,Old,Votes\n,,,,Good,Ann,Bob\n١,١٬٠٠٠,٥٠٫٠٠٪,٥,٥٠٠,٣٠٠,٢٠٠\n"
    text += '２,"２,００,０００",50.00 %,,５００,３００,２００\n'
    [table] = read(entry, text)
    assert votes_of(table) == {("١", "Ann"): 300, ("١", "Bob"): 200, ("２", "Ann"): 300, ("２", "Bob"): 200}
    assert table.counts["registered"].tolist() == [1000, 200_000]
    assert table.unused == ("Old",)


def test_a_header_of_three_rows_is_found_by_each_of_them() -> None:
    entry = HEAD + 'needs = ["Unit"]\nplace.station = "Unit"\nchoices.from = "Ann"\n'
    entry += 'counts = { blank = "Empty", null = "Void" }\n'
    [table] = read(entry, "Unit,No choice,,Votes,\n,of them,,,\n,Empty,Void,Ann,Bob\n1,2,3,40,50\n")
    assert (table.counts["blank"].tolist(), table.counts["null"].tolist(), table.votes.tolist()) == ([2], [3], [40, 50])


@pytest.mark.parametrize(
    ("head", "left", "total"),
    [
        (";BV n°1 Mairie;BV n°2 Salle des fêtes;TOTAL", "", "{}"),
        ("N° liste;Intitulé;Bureau 1;Bureau 2;Total;%", ";", "{};"),
        (";Libellé;BV 1 (École);BV 2 - Gymnase;% des inscrits", ";", "45,00"),
        (";1er bureau;2ème bureau - École;Ensemble", "", "{}"),
    ],
)
def test_a_table_with_the_bureaux_over_its_columns(head: str, left: str, total: str) -> None:
    text = f"Européennes 9 juin 2024;;Cognac (16102)\n{head}\n"
    for label, one, two in (
        ("Inscrits", 400, 500),
        ("Émargements", 300, 410),
        ("Votants", 301, 410),
        ("ZOLA", 301, 410),
    ):
        text += f"{left}{label};{one};{two};{total.format(one + two)}\n"
    assert read_pvs({"pv.csv": text}) == {"16102 1": [400, 300, 301], "16102 2": [500, 410, 410]}
