"""Traps seen in real files: codes, spoilt ids, missing cells, totals, rows of other lengths."""

from pathlib import Path

import pytest

from protocol.errors import InputError, count_of
from regard.language import show
from tests.sources import new_file
from tests.verify.night_builder import loaded
from tests.verify.published import samples
from verify.model.figures import BLANK, MISSING, UNREADABLE
from verify.model.published import Published
from verify.read.published.checks import flaws
from verify.read.published.codes import constituency_code, department_code, insee_code, spoilt
from verify.read.results_files import read, read_all


def reading(content: str, encoding: str = "utf-8") -> Published:
    return read(new_file("file.csv", content.encode(encoding)))


def told(problem: InputError) -> tuple[int | None, str | None, str, str]:
    return problem.row, problem.column, str(problem.expected), str(problem.got)


@pytest.mark.parametrize("code", ["0001", "1", "01.1", "0A11", "BV01", "069A", "1E12"])
def test_bureau_codes_are_text(code: str) -> None:
    found = reading(samples.RESEARCHERS.replace("0A11", code))
    assert found.bureau[1] == code
    assert found.problems == ()


def test_an_id_that_a_spreadsheet_rounded_is_named_as_that() -> None:
    found = reading(samples.CITY_TIDY.replace(",0001,", ',"2,785500010019E+12",'))
    assert found.bureau.tolist() == ["2,785500010019E+12"]
    ((row, column, _, got),) = map(told, found.problems)
    assert (row, column) == (2, "bureau")
    assert "a spreadsheet rounded" in got


def test_a_number_that_a_spreadsheet_made_a_date_is_named_and_read_as_the_number() -> None:
    found = reading(samples.PARIS)
    assert found.constituency.tolist() == ["2", "12"]
    ((row, column, _, got),) = map(told, found.problems)
    assert (row, column) == (3, "NUM_CIRC")
    assert got == "1900/01/12, a 12 that a spreadsheet turned into a date"


def test_a_count_that_a_spreadsheet_made_a_date_is_not_a_count() -> None:
    found = reading(samples.CITY_TIDY.replace(",12,0,", ",1900-01-12 00:00:00,0,"))
    assert found.counts["blank"].tolist() == [UNREADABLE]
    assert "a 12 that a spreadsheet turned into a date" in str(found.problems[0].got)


def test_what_a_spreadsheet_made_of_ids() -> None:
    for text, likely in (
        ("1900/01/12", "12"),
        ("12/01/1900", "12"),
        ("1900-02-28", "59"),
        ("1900-03-01", "61"),  # spreadsheets count a 29 February
        ("2024-03-01", ""),
        ("1900/13/45", ""),
        ("2,785500010019E+12", ""),
        ("1.5E+3", ""),
    ):
        found = spoilt(text)
        assert found is not None
        assert found[1] == likely


def test_what_is_no_spoilt_id() -> None:
    for text in ("0001", "1E12", "0A11", "069A", "12", "", "01.1", "2A", "BV01", "1-2"):
        assert spoilt(text) is None


def test_codes_of_communes() -> None:
    for department, commune, insee in (
        ("06", "079", "06079"),
        ("6", "79", "06079"),
        ("6.0", "79.0", "06079"),
        ("2A", "004", "2A004"),
        ("ZA", "101", "97101"),
        ("ZB", "201", "97201"),
        ("ZM", "501", "97601"),
        ("ZN", "801", "98801"),
        ("ZP", "011", "98711"),
        ("ZS", "502", "97502"),
        ("ZW", "001", "98601"),
        ("ZX", "701", "97701"),
        ("ZX", "801", "97801"),
        ("ZZ", "231", "99231"),
        ("971", "101", "97101"),
        ("29", "29011", "29011"),
        ("ZA", "ZA101", "97101"),
        ("2A", "2A004", "2A004"),
        ("", "29011", ""),
        ("29", "", ""),
    ):
        assert insee_code(department, commune) == insee


def test_codes_of_departments() -> None:
    for text, code in (
        ("1", "01"),
        ("01", "01"),
        ("2a", "2A"),
        ("ZA", "971"),
        ("ZZ", "99"),
        ("ZX", "ZX"),
        ("971", "971"),
    ):
        assert department_code(text) == code


def test_codes_of_constituencies() -> None:
    for text, code in (
        ("08", "8"),
        ("2.0", "2"),
        ("2902", "2"),
        ("0101", "1"),
        ("ZA01", "1"),
        ("2A02", "2"),
        ("21", "21"),
    ):
        assert constituency_code(text) == code


def test_blank_zero_and_missing_differ() -> None:
    found = reading(samples.CITY_TIDY.replace(",12,0,", ",,0,"))
    assert found.counts["blank"].tolist() == [BLANK]
    assert found.counts["null"].tolist() == [0]
    assert found.counts["signatures"].tolist() == [MISSING]


@pytest.mark.parametrize("cell", ["-1", "1.200", "n/a", "1" * 5000, "\x00"])
def test_what_is_no_count(cell: str) -> None:
    found = reading(samples.CITY_TIDY.replace("0001,400", f'0001,"{cell}"'))
    assert found.counts["registered"].tolist() == [UNREADABLE]
    assert found.counts["valid"].tolist() == [288]
    ((row, column, expected, _),) = map(told, found.problems)
    assert (row, column, expected) == (2, "inscrits", "a whole number from 0 up, or nothing")


def test_a_row_can_lack_a_choice() -> None:
    line = samples.PRESIDENTIAL.splitlines()[1]
    found = reading(samples.PRESIDENTIAL.replace(line, line[: line.index(";2;M;PETIT")]))
    assert found.vote_unit.tolist() == [0, 1, 1]
    assert found.problems == ()  # T310 tells it


def test_a_row_with_part_of_a_block_is_read_as_far_as_it_goes() -> None:
    found = reading(samples.PRESIDENTIAL.replace(";25;34,72", ""))
    assert found.vote_unit.tolist() == [0, 1, 1]
    ((row, _, expected, got),) = map(told, found.problems)
    assert (row, expected, got) == (2, "21 cells and 7 for each choice", "33")


def test_a_row_that_is_too_short_is_left_out_and_told() -> None:
    found = reading(samples.PRESIDENTIAL.replace("ZA;Guadeloupe", "ZA;Guad\neloupe"))
    assert found.bureau.tolist()[0] == "0001"
    assert found.problems[0].row == 3
    assert str(found.problems[0].got) == "2: not read"


def test_a_row_with_cells_too_many_is_told() -> None:
    found = reading(samples.RESEARCHERS.replace("Ambérac,90", "Ambérac,le-Haut,90"))
    assert 3 in [problem.row for problem in found.problems]
    assert found.row.tolist() == [2, 3, 4, 5]


def test_a_choice_twice_in_a_row_is_told_and_counted_once() -> None:
    found = reading(samples.PRESIDENTIAL.replace("2;M;PETIT-LUC;Jean-Marc;100", "2;F;DE L'ÉTANG;Anne;100"))
    assert found.votes.tolist() == [188, 40, 38]
    ((row, _, expected, got),) = map(told, found.problems)
    assert (row, expected, got) == (2, "each choice once", "“DE L'ÉTANG Anne” twice")


def test_votes_without_a_name_are_told() -> None:
    found = reading(samples.PRESIDENTIAL.replace("PETIT-LUC;Jean-Marc;100", ";;100"))
    assert found.votes.tolist() == [188, 40, 38]
    assert [problem.column for problem in found.problems] == ["33"]


def test_a_name_without_votes_is_blank() -> None:
    found = reading(samples.PRESIDENTIAL.replace("Jean-Marc;100;", "Jean-Marc;;"))
    assert found.votes.tolist() == [188, BLANK, 40, 38]


def test_a_total_row_is_left_out_and_told() -> None:
    found = reading(samples.BREST + "2;TOTAL;;;;;490;380;12;3;366;;228;;138;\n")
    assert found.bureau.tolist() == ["104", "012"]
    assert found.problems == ()
    [total, wrong] = found.flaws
    assert (total.code, total.left, total.place) == ("C110", "2 TOTAL", f"{found.file}:4")
    assert (wrong.code, wrong.field, wrong.left, wrong.right) == ("C125", "null", 3, 2)


def test_a_bureau_at_all_zeros_is_read_as_zeros() -> None:
    found = reading(samples.BREST.replace("90;80;0;2;78;88,89 %;40;51,28 %;38;48,72 %", "90;0;0;0;0;;0;;0;"))
    assert found.counts["votes_found"].tolist() == [300, 0]
    assert found.votes.tolist() == [188, 100, 0, 0]


def test_before_2014_blank_and_null_votes_can_be_one_count() -> None:
    one = "Blancs et nuls;% BlNuls/Ins;% BlNuls/Vot"
    text = samples.PRESIDENTIAL.replace("Blancs;% Blancs/Ins;% Blancs/Vot;Nuls;% Nuls/Ins;% Nuls/Vot", one)
    text = text.replace("12;3;4;0;0;0;288", "12;3;4;288").replace("0;0;0;2;2,22;2,5;78", "2;2,22;2,5;78")
    found = reading(text)
    assert found.counts["null"].tolist() == [12, 2]
    assert found.counts["blank"].tolist() == [MISSING, MISSING]
    assert found.votes.tolist() == [188, 100, 40, 38]


def test_empty_lines_count_as_rows() -> None:
    head, first, second = samples.PRESIDENTIAL.splitlines()
    found = reading(f"{head}\n{first}\n\n;;;;\n{second}\n")
    assert found.row.tolist() == [2, 5]
    assert found.problems == ()


def test_problems_are_told_up_to_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("verify.read.rows.MAX_PROBLEMS", 2)
    found = reading(samples.CITY_TIDY.replace("400,100,300,12", "a,b,c,d"))
    assert [problem.column for problem in found.problems] == ["inscrits", "abstentions", None]
    assert str(found.problems[-1]).endswith(": expected at most 2 problems to be listed, got 4")
    assert count_of(found.problems) == 4


def test_texts_are_bounded() -> None:
    found = reading(samples.CITY_TIDY.replace("Vauréal", "V" * 100_000))
    assert found.commune[0] == "V" * 100
    assert [problem.column for problem in found.problems] == ["commune"]
    found = reading(samples.PRESIDENTIAL.replace("PETIT-LUC", "P" * 100_000))
    assert max(map(len, found.labels)) == 200
    assert found.problems


def test_a_file_has_at_most_so_many_units(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("verify.read.bounds.entries", lambda size: 3)
    found = reading(samples.RESEARCHERS)
    assert found.row.tolist() == [2]
    assert (found.problems[-1].row, str(found.problems[-1].got)) == (3, "more: the rest is not read")


def test_a_file_has_at_most_so_many_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("verify.read.layouts.rows.CHUNK", 2)
    monkeypatch.setattr("verify.read.bounds.cells", lambda size: 3)
    found = reading(samples.RESEARCHERS)
    assert found.row.tolist() == [2, 3]
    assert (found.problems[-1].row, str(found.problems[-1].expected)) == (3, "at most 3 rows")


def test_chunks_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = reading(samples.LEGISLATIVE)
    monkeypatch.setattr("verify.read.layouts.rows.CHUNK", 1)
    parts = reading(samples.LEGISLATIVE)
    for name in ("insee", "bureau", "row", "vote_unit", "votes", "panel"):
        assert getattr(parts, name).tolist() == getattr(whole, name).tolist(), name
    assert [parts.labels[at] for at in parts.vote_label] == [whole.labels[at] for at in whole.vote_label]


def test_an_endless_quote_is_told_and_costs_its_row() -> None:
    whole = reading(samples.RESEARCHERS)
    found = reading(samples.RESEARCHERS.replace("01,004,0A11", '01,004,"0A11') + "x" * 200_000)
    assert found.row.tolist() == [row for row in whole.row.tolist() if row != 3]
    assert [(each.row, str(each.expected)) for each in found.problems][:1] == [(3, "cells separated by ,")]


REPEATED = [
    (
        *("Canton;Bureau;Inscrits;Votants;Exprimés;DURAND;PETIT", "A;1;90;70;70;40;30|B;1;80;60;60;35;25"),
        *([[40, 30], [35, 25]], 0),
    ),
    ("Canton;Bureau;Candidat;Voix", "A;1;DURAND;40|A;1;PETIT;30|B;1;DURAND;35|B;1;PETIT;25", [[UNREADABLE] * 2], 2),
    ("Bureau;Candidat;Voix", "1;DURAND;40|1;PETIT;30|1;DURAND;40|2;DURAND;5|2;PETIT;6", [[40, 30], [5, 6]], 1),
    (
        *("Bureau;Contest;Candidat;Voix", "1;Mayor;DURAND;40|1;Mayor;PETIT;30|1;Senate;DURAND;35|1;Senate;ROCHE;25"),
        *(None, 0),
    ),
]
"""Tables in which a bureau is named again: the votes of each set, and how many rows are problems."""


@pytest.mark.parametrize(("header", "rows", "votes", "problems"), REPEATED)
def test_no_figure_of_a_bureau_that_is_named_again_takes_the_place_of_another(
    header: str, rows: str, votes: list[list[int]] | None, problems: int
) -> None:
    path = new_file("table.csv", "\n".join([header, *rows.split("|")]) + "\n")
    found = read_all(path)
    if votes is None:
        assert [(each.title, each.votes.tolist()) for each in found] == [("Mayor", [40, 30]), ("Senate", [35, 25])]
    else:
        [table] = found
        assert [table.votes[table.vote_unit == unit].tolist() for unit in range(len(table.row))] == votes
    assert [problem.row for problem in found[0].problems] == [4, 5][:problems]
    assert all(f"as in row {(each.row or 0) - 2}" in show("en", each.got) for each in found[0].problems)


def test_a_damaged_header_before_the_blocks_of_choices_ends_the_counts() -> None:
    found = reading(samples.MINISTRY_2024.replace("% Exprimés/votants", "% Exprimés/votantX"))
    assert found.counts["valid"].tolist() == [288, 78]


def test_a_row_that_ends_within_a_block_keeps_the_columns_of_its_place() -> None:
    header, *rows = samples.MINISTRY_2024.replace("Code BV", "x").replace("Prénom candidat 2", "Code BV").splitlines()
    found = reading("\n".join([header, *(";".join(row.split(";")[:36]) for row in rows)]))
    assert found.bureau.tolist() == ["Luc", ""]
    assert [(each.row, str(each.got)) for each in found.problems] == [(2, "36")]


def test_the_head_of_a_list_is_called_by_the_name_and_not_by_the_nuance(tmp_path: Path) -> None:
    head = "Code commune;Code BV;Inscrits;Votants;Blancs;Nuls;Exprimés"
    of_list = "Panneau;Nuance liste;Nom tête de liste;Prénom;Voix"
    rows = ["92040;0001;900;500;0;0;500;2;LUC;DUVAL;Hélène;300;4;LUG;ROUVIÈRE;Thomas;200"]
    (tmp_path / "r.csv").write_text("\n".join([f"{head};{of_list};{of_list}", *rows]), "utf-8")
    [found] = loaded(published=(tmp_path / "r.csv",)).published
    assert found.published.labels == ("DUVAL Hélène", "ROUVIÈRE Thomas")


def test_votes_beside_a_blank_choice_are_no_more_than_the_valid_ones() -> None:
    """Two cells glued into one, 341 and 250: nothing was said of 341,250 votes."""
    names = "departement,commune,bureau,commune_libelle,inscrits,votants,blancs,nuls,exprimes,MACRON,LE PEN"
    rows = "63,178,0001,Issoire,914,610,12,7,591,341250,\n"
    rows += "".join(f"63,178,{at:04},Issoire,900,600,5,5,590,300,290\n" for at in range(2, 22))
    found = reading(f"{names}\n{rows}")
    told = {(flaw.code, flaw.unit, flaw.field, flaw.left, flaw.right) for flaw in flaws(found)}
    assert ("T306", 0, "valid", 591, 341250) in told
    found = reading(f"{names}\n{rows.replace('341250', '341')}")
    assert [flaw.code for flaw in flaws(found)] == ["T310"]
