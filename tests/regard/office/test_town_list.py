"""The list of a town: what is read, what is assumed and said, what is not used and said, what is refused."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest
import xlsxwriter

from protocol.errors import RegardError
from regard.language import show
from regard.office.town_list import MOST_BUREAUX, TownList, read_town
from sim.queues.town import TownBureau
from tests.sources import put_text

FULL = """Ville du Havre
Liste des bureaux à machines
Code INSEE;Commune;N° BV;Lieu;Inscrits;Nb machines;Tables;Horaires
76351;Le Havre;0001;Mairie;1 012;1;1;8h-19h
76351;Le Havre;0002;École Jaurès;1300;2;2;de 8 h à 20 h
Total;;;;2312;3;3;
"""
HOURS = (8, 19)


def listed(tmp_path: Path, text: str, name: str = "ville.csv") -> TownList:
    path = tmp_path / name
    put_text(path, text)
    return read_town(path, HOURS)


def refused(tmp_path: Path, text: str) -> str:
    with pytest.raises(RegardError) as found:
        listed(tmp_path, text)
    return str(found.value).removeprefix(str(tmp_path / "ville.csv"))


def workbook(path: Path, sheets: Mapping[str, Sequence[Sequence[object]]], hidden: str = "") -> Path:
    with xlsxwriter.Workbook(path) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)
            if name == hidden:
                sheet.hide()
    return path


def unused(found: TownList) -> list[str]:
    return [str(each) for each in found.source.unused]


def test_all_cells_that_are_wrong_are_told_at_once(tmp_path: Path) -> None:
    rows = "".join(f"BV {at};{at}x;1;19h\n" for at in range(30))
    said = refused(tmp_path, f"Bureau;Inscrits;Machines;Fermeture\nA;900;many;26h\nB;1000;1;19h\n{rows}").split("\n")
    assert ", row 2, column Machines" in said[0]
    assert "“many”" in said[0]
    assert ", row 2, column Fermeture" in said[1]
    assert "“26h”" in said[1]
    assert ", row 4, column Inscrits" in said[2]
    assert "“0x”" in said[2]
    assert len(said) == 21
    assert said[-1] == "12 more cells are wrong"


def test_a_whole_list_is_read_below_its_titles(tmp_path: Path) -> None:
    found = listed(tmp_path, FULL)
    assert [each.bureau for each in found.bureaux] == [
        TownBureau("76351", "Le Havre", "0001", 1012, 1, 1, 8, 19),
        TownBureau("76351", "Le Havre", "0002", 1300, 2, 2, 8, 20),
    ]
    assert [each.assumed for each in found.bureaux] == [(), ()]
    assert found.assumptions == ()
    assert unused(found) == ["column not used: Lieu", "row of totals not used: 6 (« Total »)"]
    assert len(found.source.sha256) == 64
    assert "« Nb machines » = voting machines" in str(found.source.note)


def test_english_headers_and_times_of_a_spreadsheet(tmp_path: Path) -> None:
    rows = "Polling station,Registered voters,Voting machines,Opening,Closing\n1,1000,2,08:00:00,20:00\n"
    [only] = listed(tmp_path, rows).bureaux
    assert only.bureau == TownBureau("", "", "1", 1000, 2, 1, 8, 20)
    assert only.assumed == ("tables",)


def test_a_time_of_day_may_be_a_part_of_the_day(tmp_path: Path) -> None:
    rows = "bureau;inscrits;ouverture;fermeture\n1;1000;0.3333333333333333;0,791666666666667\n"
    [only] = listed(tmp_path, rows).bureaux
    assert (only.bureau.opening, only.bureau.closing) == (8, 19)
    with pytest.raises(RegardError, match="a whole hour such as 8h"):
        listed(tmp_path, rows.replace("0.3333333333333333", "0.35"))


COLUMNS = {
    "Machines": ("1", "machines", "the list does not say how many machines there are: one in each bureau"),
    "Tables": ("1", "tables", "the list does not say at how many tables identity is checked: at one in each bureau"),
    "Ouverture": ("8h", "opening", "the list does not say when the bureaux open: at 8h"),
    "Fermeture": ("19h", "closing", "the list does not say when the bureaux close: at 19h"),
}


@pytest.mark.parametrize("missing", COLUMNS)
def test_a_column_that_is_missing_is_assumed_and_said(tmp_path: Path, missing: str) -> None:
    there = {name: cell for name, (cell, _, _) in COLUMNS.items() if name != missing}
    found = listed(tmp_path, f"Bureau;Inscrits;{';'.join(there)}\n12;1000;{';'.join(there.values())}\n")
    _, field, said = COLUMNS[missing]
    assert found.bureaux[0].assumed == (field,)
    assert [str(each) for each in found.assumptions] == [said]
    assert found.bureaux[0].bureau == TownBureau("", "", "12", 1000, 1, 1, 8, 19)


@pytest.mark.parametrize("missing", COLUMNS)
def test_an_empty_cell_is_assumed_and_the_bureau_named(tmp_path: Path, missing: str) -> None:
    cells = {name: cell for name, (cell, _, _) in COLUMNS.items()}
    rows = [["12", "1000", *cells.values()], ["13", "900", *({**cells, missing: ""}).values()]]
    text = "\n".join(";".join(row) for row in [["Bureau", "Inscrits", *cells], *rows])
    found = listed(tmp_path, text)
    assert [each.assumed for each in found.bureaux] == [(), (COLUMNS[missing][1],)]
    [said] = found.assumptions
    assert "13" in str(said)
    assert "12" not in str(said)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("Bureau;Inscrits;Machines\n12;mille;1", ", row 2, column Inscrits: expected a whole number from 0 to 10000"),
        ("Bureau;Inscrits;Machines\n12;1000;une", ", row 2, column Machines: expected a whole number from 0 to 20"),
        ("Bureau;Inscrits;Machines\n12;1000;21", ", row 2, column Machines: expected a whole number from 0 to 20"),
        ("Bureau;Inscrits;Tables\n12;1000;0", ", row 2, column Tables: expected a whole number from 1 to 20"),
        ("Bureau;Inscrits\n12;10001", ", row 2, column Inscrits: expected a whole number from 0 to 10000"),
        ("Bureau;Inscrits;Horaires\n12;1000;8h30-19h", ", row 2, column Horaires: expected whole hours such as 8h-19h"),
        ("Bureau;Inscrits;Ouverture\n12;1000;8h30", ", row 2, column Ouverture: expected a whole hour such as 8h"),
        ("Bureau;Inscrits;Ouverture\n12;1000;12h", ", row 2, column Ouverture: expected an opening from 0h to 11h"),
        ("Bureau;Inscrits;Fermeture\n12;1000;17h", ", row 2, column Fermeture: expected a closing from 18h to 24h"),
        ("Bureau;Inscrits\n12;1000\n12;900", ", row 3: expected each bureau once, got bureau 12 in row 2 as well"),
        (
            "Bureau;Inscrits\n0012;1000\n12;900",
            ", row 3: expected codes that differ by more than leading zeros, got bur",
        ),
        (
            "Bureau;Inscrits;Machines\n1;800;1\n2;;1",
            ", row 3, column Inscrits: expected a whole number from 0 to 10000",
        ),
        ("Bureau;Machines\n12;1", ", row 1: expected a column such as « Inscrits », got Bureau | Machines"),
        ("Inscrits;Machines\n1000;1", ", row 1: expected a column such as « N° bureau », got Inscrits"),
        ("Bureau;Inscrits\n", ": expected a list of bureaux, found nothing"),
        ("", ": expected a table, found nothing"),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(tmp_path: Path, rows: str, said: str) -> None:
    assert refused(tmp_path, rows).startswith(said)


def test_bureaux_that_cannot_be_planned_are_named(tmp_path: Path) -> None:
    found = listed(tmp_path, "Bureau;Inscrits;Machines\n1;1000;1\n2;900;0\n3;0;1\n4;0;1\n5;;0\n")
    assert [each.bureau.code for each in found.bureaux] == ["1"]
    assert "bureaux 3, 4: no registered voters, not planned" in unused(found)
    assert "bureaux 2, 5: no machine, not planned" in unused(found)


def test_a_bureau_that_is_there_twice_is_told_with_its_sheet(tmp_path: Path) -> None:
    rows = [("Bureau", "Inscrits"), ("1", 800), ("01", 900)]
    path = workbook(tmp_path / "ville.xlsx", {"2026": rows, "Autre": [("Bureau", "Inscrits"), ("9", 700)]})
    with pytest.raises(RegardError, match=r"\[2026\], row 3: .*got bureau 01, and 1 in row 2"):
        read_town(path, HOURS)


def test_what_is_asked_for_and_says_nothing_is_told(tmp_path: Path) -> None:
    path = tmp_path / "ville.csv"
    put_text(path, "Bureau;Inscrits;Horaires\n1;800;8h-19h\n")
    assert unused(read_town(path, (8, 20), ["x"])) == [
        "--sheet: the file has no sheets",
        "--hours: the list says the hours of all bureaux itself",
    ]
    assert unused(read_town(path, HOURS)) == []
    book = workbook(tmp_path / "ville.xlsx", {"2026": [("Bureau", "Inscrits"), ("1", 800)], "b": [("x",)]})
    with pytest.raises(RegardError, match="expected a sheet called “2028”, got sheets called 2026, b"):
        read_town(book, HOURS, ["2028"])
    book.write_bytes(b"\x00\x01 damaged")
    with pytest.raises(RegardError, match="expected a workbook, got no workbook: a damaged file"):
        read_town(book, HOURS)


def test_two_communes_may_have_a_bureau_of_one_code(tmp_path: Path) -> None:
    found = listed(tmp_path, "Commune;Bureau;Inscrits\nIssy;1;1000\n;2;900\nSèvres;1;800\n")
    assert [(each.bureau.commune, each.bureau.code) for each in found.bureaux] == [
        ("Issy", "1"),
        ("Issy", "2"),
        ("Sèvres", "1"),
    ]


def test_sheets_hidden_other_and_repeated_are_named(tmp_path: Path) -> None:
    head = ["Bureau", "Inscrits"]
    path = workbook(
        tmp_path / "ville.xlsx",
        {
            "Lisez-moi": [["La liste de nos bureaux"]],
            "Nord": [head, [1, 1000], [2, 900]],
            "Brouillon": [head, [9, 100]],
            "Sud": [head, [3, 800]],
            "2022": [head, [1, 950]],
        },
        hidden="Brouillon",
    )
    found = read_town(path, HOURS)
    assert [each.bureau.code for each in found.bureaux] == ["1", "2", "3"]
    said = "\n".join(unused(found))
    assert "[Lisez-moi] expected columns such as" in said
    assert "[Brouillon] a hidden sheet, not used; --sheet takes it" in said
    assert "[2022] not used: bureau 1 is on another sheet already" in said
    assert [each.bureau.registered for each in read_town(path, HOURS, ["2022"]).bureaux] == [950]
    assert [each.bureau.code for each in read_town(path, HOURS, ["brouillon"]).bureaux] == ["9"]
    with pytest.raises(RegardError, match="expected a sheet called “2030”, got sheets called Lisez-moi, Nord"):
        read_town(path, HOURS, ["2030"])


def test_the_sentences_are_french(tmp_path: Path) -> None:
    found = listed(tmp_path, "Bureau;Inscrits;Lieu\n1;1000;Mairie\n2;0;Gymnase\n")
    said = [show("fr", each) for each in (found.source.note, *found.source.unused, *found.assumptions)]
    assert any(each.startswith("colonne non utilisée") for each in said)
    english = {str(each) for each in (found.source.note, *found.source.unused, *found.assumptions)}
    assert english.isdisjoint(said)


def test_more_bureaux_than_any_town_has_are_refused(tmp_path: Path) -> None:
    rows = "\n".join(f"{code};1000" for code in range(MOST_BUREAUX + 1))
    assert "expected at most 2,000 bureaux" in refused(tmp_path, f"Bureau;Inscrits\n{rows}\n")


@pytest.mark.check(8)
def test_damaged_and_hostile_files_are_refused_or_read_but_never_fail(tmp_path: Path) -> None:
    """Every byte of a good list damaged, cut or doubled: a list, or a sentence that says why not."""
    good = [FULL.encode(), workbook(tmp_path / "good.xlsx", {"B": [["Bureau", "Inscrits"], [1, 1000]]}).read_bytes()]
    draw = np.random.default_rng(17)
    outcomes = set()
    for data in good:
        for number in range(150):
            at, other = int(draw.integers(len(data))), int(draw.integers(256))
            damaged = (data[:at], data[:at] + bytes([other]) + data[at + 1 :], data[at:] + data[:at])[number % 3]
            path = tmp_path / "damaged"
            path.write_bytes(damaged)
            try:
                outcomes.add(bool(read_town(path, HOURS).bureaux))
            except RegardError:
                outcomes.add(False)
    assert outcomes == {True, False}


def test_a_folder_is_no_list(tmp_path: Path) -> None:
    with pytest.raises(RegardError, match="expected a regular file, got a folder"):
        read_town(tmp_path, HOURS)
