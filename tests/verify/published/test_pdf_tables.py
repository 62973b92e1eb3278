"""Tables and forms in PDFs with text: with ruled lines or without, over several pages, and what cannot be read."""

import io
from collections.abc import Callable
from pathlib import Path

import pypdf
import pytest

import regard
from protocol import extras
from protocol.errors import InputError
from verify.read import disguised
from verify.read.published.source import OpenedSource
from verify.read.rows import Problems
from verify.read.spreadsheets.workbook import sheets

typst = pytest.importorskip("typst")
pytest.importorskip("pdfplumber")
HEADER = ["Bureau", "Inscrits", "Émargements", "Votes trouvés", "Blancs", "Nuls", "Exprimés"]
ROWS = [[f"{n:04}", str(1000 + n), str(700 + n), str(700 + n + 3 * (n == 50)), "10", "4", str(686 + n + 3 * (n == 50))]
        for n in range(1, 61)]  # fmt: skip
TOWN = "Ville d’Essai-sur-Marne (77001)"
FOOT = "footer: context [Essai, page #counter(page).display()]"
PAGE = f'#set page(paper: "a4", margin: 2cm, {FOOT})\n#set text(size: 10pt)\n'


def table(stroke: str) -> bytes:
    """A table of more rows than a page has, with its header on every page."""
    cells = ", ".join(f"[{cell}]" for row in ROWS for cell in row)
    header = ", ".join(f"[{cell}]" for cell in HEADER)
    text = f"{PAGE}= {TOWN}\n#table(columns: 7, stroke: {stroke}, table.header({header}), {cells})"
    return bytes(typst.compile(text.encode()))


def forms(stroke: str) -> bytes:
    """A page for each of three bureaux, with a label and a value on each line."""
    pages = []
    for number, *counts in ROWS[:3]:
        cells = ", ".join(f"[{label}], [{count}]" for label, count in zip(HEADER[1:], counts, strict=True))
        pages.append(f"= {TOWN}\nBureau de vote {number}\n#table(columns: (6cm, 3cm), stroke: {stroke}, {cells})")
    return bytes(typst.compile((PAGE + "#pagebreak()\n".join(pages)).encode()))


def opened(data: bytes) -> OpenedSource:
    return OpenedSource("pv.pdf", "", len(data), "pv.pdf", data)


def cells_of(data: bytes) -> dict[str, list[list[str]]]:
    """Rows of each sheet, without the empty cells at their end."""
    return {
        each.title: ["\t".join(row).rstrip().split("\t") for row in each.rows(Problems(""))]
        for each in sheets(opened(data))
    }


def test_a_table_over_pages_is_one_sheet_with_one_header() -> None:
    for stroke in ("0.5pt", "none"):
        assert cells_of(table(stroke)) == {"pages 1-2": [[TOWN], HEADER, *ROWS]}


@pytest.mark.parametrize("stroke", ["0.5pt", "none"])
def test_a_page_that_repeats_the_labels_is_a_form_of_its_own(stroke: str) -> None:
    found = cells_of(forms(stroke))
    assert list(found) == ["page 1", "page 2", "page 3"]
    for (number, *counts), rows in zip(ROWS, found.values(), strict=False):
        assert [f"Bureau de vote {number}"] in rows
        assert [row for row in rows if len(row) == 2] == [list(each) for each in zip(HEADER[1:], counts, strict=True)]


def test_a_slip_in_a_pdf_is_found_and_cites_its_page(tmp_path: Path) -> None:
    (tmp_path / "pv.pdf").write_bytes(table("0.5pt"))
    result = regard.audit(tmp_path / "pv.pdf")
    (finding,) = (each for each in result.findings if each.code == "R201")
    assert (finding.bureau, finding.left.value, finding.right.value) == ("0050", 750, 753)
    assert "pv.pdf" in str(finding.left.source)


def written(pdf: pypdf.PdfWriter) -> bytes:
    file = io.BytesIO()
    pdf.write(file)
    return file.getvalue()


def blank() -> bytes:
    pdf = pypdf.PdfWriter()
    pdf.add_blank_page(200, 200)
    return written(pdf)


def locked() -> bytes:
    pdf = pypdf.PdfWriter(clone_from=io.BytesIO(table("none")))
    pdf.encrypt("secret")
    return written(pdf)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: table("none")[:9000], "a PDF that is damaged"),
        (lambda: b"%PDF-1.7\n" + bytes(range(256)), "a PDF that is damaged"),
        (blank, "pages without text"),
        (locked, "one with a password"),
    ],
    ids=["cut", "noise", "scan", "password"],
)
def test_what_cannot_be_read_is_an_error_of_the_file(make: Callable[[], bytes], said: str) -> None:
    with pytest.raises(InputError, match=said):
        sheets(opened(make()))


def test_without_the_library_a_pdf_is_refused_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    assert b"%PDF-1.7".startswith(disguised.WORKBOOKS)
    assert disguised.no_table("pv.pdf", b"%PDF-1.7") is None
    monkeypatch.setattr(extras, "find_spec", lambda name: None)
    refused = disguised.no_table("pv.pdf", b"%PDF-1.7")
    assert refused is not None
    assert "pdfplumber" in str(refused)
