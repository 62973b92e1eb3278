"""Cells in which the library that reads workbooks sees nothing: formulas without their result, and errors."""

import io
import zipfile
from pathlib import Path

import xlsxwriter

from tests.verify.night_builder import findings, loaded
from verify import audit
from verify.audit import Audit

FORMULA = "a formula without its result, “{}”: open the file in a spreadsheet and save it"


def audited(folder: Path, sheets: dict[str, list[list[object]]], first: int = 0) -> Audit:
    """The audit of a workbook of sign-in counts, the sheets' tables starting in a row; a text with « = » is a formula,
    of which no result is kept but an error's."""
    book = xlsxwriter.Workbook(str(folder / "emargements.xlsx"))
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for at, row in enumerate(rows, start=first):
            for column, cell in enumerate(row, start=1):
                if isinstance(cell, str) and cell.startswith("="):
                    formula, _, result = cell.partition(" -> ")
                    sheet.write_formula(at, column, formula, None, result)
                else:
                    sheet.write(at, column, cell)
    book.close()
    return audit.run(loaded(signatures=(folder / "emargements.xlsx",)))


def unread(result: Audit) -> list[tuple[str, str]]:
    """Places of unreadable cells, with the text found there."""
    found = findings(result, "I113")
    return [(each.left.source.rpartition("/")[2], str(each.left.value)) for each in found]


HEADER: list[object] = ["Bureau", "Émargements"]


def test_formulas_without_result_and_errors_are_named_with_their_rows(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["Bureau", "Inscrits", "Émargements"],
        [1, 1000, 702],
        [2, 1000, '=SUM(D1:E9)&"<&>"'],
        [3, "=1/0 -> #DIV/0!", "=700+3 -> 703"],
    ]
    result = audited(tmp_path, {"A & B": rows}, first=6)
    assert sorted(unread(result), key=lambda each: len(each[0])) == [
        ("emargements.xlsx:9", FORMULA.format('=SUM(D1:E9)&"<&>"')),
        ("emargements.xlsx:10", "“#DIV/0!”"),
    ]


def test_each_sheet_has_its_own(tmp_path: Path) -> None:
    sheets: dict[str, list[list[object]]] = {
        "Nord": [HEADER, [1, 702], [2, 800]],
        "Sud & Est": [HEADER, [3, "=A1"], [4, 640]],
    }
    [(place, said)] = unread(audited(tmp_path, sheets))
    assert (place, said) == ("emargements.xlsx [Sud & Est]:2", FORMULA.format("=A1"))


def test_a_row_of_nothing_but_formulas_is_a_row(tmp_path: Path) -> None:
    result = audited(tmp_path, {"A": [HEADER, [1, 702], [2, 800], ["=B3+1", "=C9"]]})
    assert ("emargements.xlsx:4", FORMULA.format("=C9")) in unread(result)


def test_a_formula_whose_result_is_an_empty_text_is_an_empty_cell(tmp_path: Path) -> None:
    book = tmp_path / "emargements.xlsx"
    audited(tmp_path, {"A": [HEADER, [1, 702], [2, '=IF(D1,1,"")']]})
    packed = io.BytesIO()
    with zipfile.ZipFile(book) as old, zipfile.ZipFile(packed, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b'<c r="C3">', b'<c r="C3" t="str">'))
    book.write_bytes(packed.getvalue())
    assert unread(audit.run(loaded(signatures=(book,)))) == []


def test_a_formula_in_a_text_is_one_as_well(tmp_path: Path) -> None:
    (tmp_path / "emargements.csv").write_text("Bureau;Émargements\n1;=626\n2;640\n", encoding="utf-8")
    [(_, said)] = unread(audit.run(loaded(signatures=(tmp_path / "emargements.csv",))))
    assert said == FORMULA.format("=626")
