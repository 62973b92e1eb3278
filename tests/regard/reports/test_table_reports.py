"""Findings, figures and inputs as tables: what stands beside a CSV, what a workbook holds, what is said of columns."""

import csv
import io
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest

from protocol.evidence_kinds import EvidenceKind
from protocol.quantities import Quantity
from regard.reports.fields import column
from regard.reports.tables import figures_of
from regard.reports.workbook import MARK
from tests.regard.calling import verify
from tests.sources import put_text
from tests.verify.night_builder import loaded, small_night

SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
HOSTILE = '=HYPERLINK("http://x","y")'


@pytest.fixture
def night(tmp_path: Path) -> Path:
    built = small_night()
    built.sign("0001", 2)
    built.row("pv.csv", "0002")["blancs"] = ""
    return built.write(tmp_path / "night")


def rows_of(path: Path, delimiter: str = ";") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig")), delimiter=delimiter))


def sheets_of(path: Path) -> dict[str, list[list[str | None]]]:
    """The cells of a workbook as text, by sheet; what is no formula is told apart from what is one by the test."""
    with zipfile.ZipFile(path) as archive:
        book = ElementTree.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314 - our own file
        names = [sheet.get("name", "") for sheet in book.iter(f"{SHEET}sheet")]
        shared: list[str] = []
        if "xl/sharedStrings.xml" in archive.namelist():
            root = ElementTree.fromstring(archive.read("xl/sharedStrings.xml"))  # noqa: S314
            shared = ["".join(text.text or "" for text in item.iter(f"{SHEET}t")) for item in root]
        found = {}
        for number, name in enumerate(names, 1):
            root = ElementTree.fromstring(archive.read(f"xl/worksheets/sheet{number}.xml"))  # noqa: S314
            assert not list(root.iter(f"{SHEET}f")), "a formula"
            found[name] = [[_cell(cell, shared) for cell in row] for row in root.iter(f"{SHEET}row")]
    return found


def _cell(cell: ElementTree.Element, shared: list[str]) -> str | None:
    if cell.get("t") == "inlineStr":
        return "".join(text.text or "" for text in cell.iter(f"{SHEET}t"))
    value = cell.find(f"{SHEET}v")
    if value is None or value.text is None:
        return None
    return shared[int(value.text)] if cell.get("t") == "s" else value.text


def test_each_finding_has_its_legal_basis(night: Path, tmp_path: Path) -> None:
    verify(night, "--lang", "fr", "--csv", tmp_path / "f.csv")
    [gap] = [row for row in rows_of(tmp_path / "f.csv") if row["code"] == "R204"]
    assert "L65" in gap["basis"] or "R62" in gap["basis"]


def test_a_workbook_has_cases_first_then_findings_figures_and_inputs(night: Path, tmp_path: Path) -> None:
    verify(night, "--lang", "fr", "--xlsx", tmp_path / "f.xlsx", "--csv", tmp_path / "f.csv")
    sheets = sheets_of(tmp_path / "f.xlsx")
    assert list(sheets) == ["Cas", "Constats", "Chiffres", "Pièces"]
    cases = rows_of(tmp_path / "f-cases.csv")
    assert [row[0] for row in sheets["Cas"][1:]] == [row["case"] for row in cases]
    assert cases
    found, asked = sheets["Constats"], rows_of(tmp_path / "f.csv")
    assert [[row["case"] or None, row["code"]] for row in asked] == [
        [None, *row][:2] if row[0] and not row[0].isdecimal() else row[:2] for row in found[1:]
    ]
    assert "0001" in {row[5] for row in found[1:] if len(row) > 5}  # the zeros of a code stay
    assert len(sheets["Chiffres"]) == 1 + 5
    whole, blank = (next(row for row in sheets["Chiffres"] if row[1] == bureau) for bureau in ("0001", "0002"))
    assert "0" in whole
    assert len(blank) == len(whole) - 1  # a cell left blank is empty
    inputs = {str(row[0]): row[1:3] for row in sheets["Pièces"][1:]}
    assert inputs["pv.csv"] == ["PV", "utilisé"]  # in words, no codes
    assert inputs["emargements.csv"] == ["émargements", "utilisé"]
    assert "liste des bureaux : inscrits" in sheets["Chiffres"][0]


def test_a_workbook_runs_nothing_and_is_the_same_each_time(tmp_path: Path) -> None:
    built = small_night()
    built.row("pv.csv", "0002")["blancs"] = HOSTILE
    night = built.write(tmp_path / "night")
    made = []
    for _ in range(2):
        verify(night, "--xlsx", tmp_path / "f.xlsx")  # the second takes the place of the first without being told to
        made.append((tmp_path / "f.xlsx").read_bytes())
    assert made[0] == made[1]
    assert made[0].endswith(MARK)
    cells = [cell for sheet in sheets_of(tmp_path / "f.xlsx").values() for row in sheet for cell in row if cell]
    assert any("HYPERLINK" in cell for cell in cells)


def test_a_workbook_says_where_it_has_no_room(
    night: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("regard.reports.workbook.MOST_ROWS", 2)
    assert verify(night, "--xlsx", tmp_path / "f.xlsx", "--csv", tmp_path / "f.csv", "--lang", "en") == 2
    assert "at most" in capsys.readouterr().err
    assert not (tmp_path / "f.xlsx").exists()
    assert rows_of(tmp_path / "f.csv", ",")


def test_several_nights_have_a_column_for_the_night(night: Path, tmp_path: Path) -> None:
    other = small_night().write(tmp_path / "other")
    arguments = ("--csv", tmp_path / "f.csv", "--xlsx", tmp_path / "f.xlsx", "--workers", "1")
    verify(night, other, "--lang", "en", *arguments)
    assert {row["night"] for row in rows_of(tmp_path / "f-inputs.csv", ",")} == {str(night), str(other)}
    assert len(sheets_of(tmp_path / "f.xlsx")["Figures"]) == 1 + 2 * 5
    assert {rows[0][0] for rows in sheets_of(tmp_path / "f.xlsx").values()} == {"Night"}


def test_a_list_of_bureaux_is_in_the_figures_only_where_one_was_given(night: Path, tmp_path: Path) -> None:
    alone = tmp_path / "alone"
    alone.mkdir()
    put_text(alone / "pv.csv", "Commune;Bureau;Inscrits;Émargements;Votes trouvés\nGap;1;900;318;318\n")
    listed, known = (figures_of(loaded(folder)) for folder in (night, alone))
    assert (listed[column(EvidenceKind.UNIVERSE, Quantity.REGISTERED)] > 0).all()
    assert known[column(EvidenceKind.UNIVERSE, Quantity.REGISTERED)].tolist() == [-1]
    assert known[column(EvidenceKind.RECORDS, Quantity.REGISTERED)].tolist() == [900]
