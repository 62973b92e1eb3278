"""The forms in which the document is written or shown: a page for the browser, PDF, a text document, a terminal."""

from __future__ import annotations

import datetime
import io
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from protocol import extras
from protocol.words import language, msg, nmsg, pmsg, unbroken
from regard.language import show
from regard.letters.handout import Handout, HandoutBlock, HandoutSection, foot_of, parts
from regard.outputs import Outputs
from regard.reports.screen import Printer
from regard.templates import render

if TYPE_CHECKING:
    from docx.document import Document
    from docx.section import Section as DocxSection
    from docx.text.paragraph import Paragraph


_PAGE = Path(__file__).with_name("handout.html.j2")
_TYPST = Path(__file__).with_name("handout.typ")


def need(*, pdf: bool, docx: bool) -> None:
    """Make sure, before any work, that what writes these forms is installed.

    Raises:
        ExtraMissing: it is not.
    """
    if pdf:
        from regard.pdf import need_typst

        need_typst()
    if docx:
        need_docx()


def write(made: Handout, outputs: Outputs) -> None:
    """Write each form that was asked for."""
    outputs.write("--html", lambda: html_of(made))
    outputs.write("--pdf", lambda: pdf_of(made))
    outputs.write("--docx", lambda: docx_of(made))


def html_of(made: Handout) -> bytes:
    """A page that needs nothing else; UTF-8."""
    return render(_PAGE, language(made.language), page=printable(made)).encode()


def pdf_of(made: Handout) -> bytes:
    """PDF on A4 pages."""
    from regard.pdf import pdf_bytes

    return pdf_bytes(_TYPST, printable(made))


def docx_of(made: Handout) -> bytes:
    """A text document for a word processor."""
    return docx_bytes(made)


def printable(made: Handout) -> dict[str, Any]:
    """The document as plain values, spaces that must not break being ones that do not, texts in parts."""

    def cells(row: tuple[str, ...]) -> list[list[tuple[str, bool]]]:
        return [parts(unbroken(cell)) for cell in row]

    return {
        "title": unbroken(made.title),
        "language": made.language,
        "footer": show(made.language, foot_of(made)),
        "page": show(made.language, msg("page")),
        "colon": unbroken(show(made.language, pmsg("between a name and what follows", ": "))),
        "sections": [
            {
                "tone": section.tone,
                "language": section.language,
                "title": unbroken(section.title),
                "blocks": [
                    {"kind": block.kind, "text": parts(unbroken(block.text)), "rows": list(map(cells, block.rows))}
                    for block in section.blocks
                ],
            }
            for section in made.sections
        ],
    }


_LOCALES = {"fr": "fr-FR", "en": "en-GB"}
_NO_DATE = datetime.datetime(1980, 1, 1)
"""The earliest that a zip archive can have: the date is no part of the document."""
_OWN = b"regard"
"""The comment at the end of the archive, by which `protocol.own_files` knows it again."""


def need_docx() -> None:
    """Make sure, before any work, that text documents can be written.

    Raises:
        ExtraMissing: the package is not installed.
    """
    extras.need("report", "docx", instead=msg("HTML can be written without it, and word processors open it"))


def docx_bytes(made: Handout) -> bytes:
    """The document as a ``.docx``.

    Raises:
        ExtraMissing: python-docx is not installed.
    """
    need_docx()
    import docx

    document = docx.Document()
    _prepare(document, made)
    document.add_heading(_shown(made.title), 1)
    for section in made.sections:
        if section.tone == "letter":
            document.add_section().footer.is_linked_to_previous = False  # and so has none
        if section.title:
            _speak(document.add_heading(_shown(section.title), 2), section.language)
        for block in section.blocks:
            _add(document, block, section)
    written = io.BytesIO()
    document.save(written)
    return _undated(written.getvalue())


def _prepare(document: Document, made: Handout) -> None:
    """Title, language, A4 pages with their number and the digest of the inputs, no dates and no author."""
    from docx.shared import Mm, Pt

    properties = document.core_properties
    properties.title, properties.language = made.title, _locale(made.language)
    properties.author, properties.comments, properties.keywords = "", "", "regard"
    properties.created = properties.modified = _NO_DATE
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(22)
    page.top_margin = page.bottom_margin = Mm(20)
    style: Any = document.styles["Normal"]
    style.font.name, style.font.size = "Liberation Serif", Pt(11)
    _set_language(style.element.get_or_add_rPr(), made.language)
    _write_foot(page, made)


def _write_foot(page: DocxSection, made: Handout) -> None:
    """The digest of the inputs, and the number of the page."""
    from docx.shared import Pt

    foot = page.footer.paragraphs[0]
    run = foot.add_run(f"{_shown(show(made.language, foot_of(made)))}\t")
    run.font.size = Pt(7)
    _add_field(foot, "PAGE")
    foot.add_run(" / ").font.size = Pt(7)
    _add_field(foot, "NUMPAGES")


def _add(document: Document, block: HandoutBlock, section: HandoutSection) -> None:
    """One block, in the language of its section."""
    if block.kind == "table":
        table = document.add_table(rows=0, cols=len(block.rows[0]))
        for row in block.rows:
            for cell, text in zip(table.add_row().cells, row, strict=True):
                _say(cell.paragraphs[0], text, section.language)
        return
    if block.kind == "subheading":
        _speak(document.add_heading(_shown(block.text), 3), section.language)
    elif block.kind == "text":
        _say(document.add_paragraph(), block.text, section.language)
    elif block.kind == "entries":
        for row in block.rows:
            _say(document.add_paragraph(style="List Bullet"), row[0], section.language)
    else:
        for name, said in block.rows:
            paragraph = document.add_paragraph()
            paragraph.add_run(f"{_shown(name)}\t").bold = True
            _hang(paragraph)
            _say(paragraph, said, section.language)


def _say(paragraph: Paragraph, text: str, language: str) -> None:
    """Add a text to a paragraph; a blank to be filled in by hand is marked."""
    from docx.enum.text import WD_COLOR_INDEX

    for part, blank in parts(_shown(text)):
        run = paragraph.add_run(part)
        if blank:
            run.font.highlight_color = WD_COLOR_INDEX.YELLOW
    _speak(paragraph, language)


def _shown(text: str) -> str:
    """A text as it stands in the document; what no XML may have is seen and not gone."""
    return unbroken(text).translate(_NOT_IN_XML)


_NOT_IN_XML = {0xFFFE: "\ufffd", 0xFFFF: "\ufffd"}
"""The same after `clean`: two characters that are none."""


def _hang(paragraph: Paragraph) -> None:
    """Names in a column of their own."""
    from docx.shared import Mm, Pt

    form = paragraph.paragraph_format
    form.left_indent, form.first_line_indent = Mm(36), Mm(-36)
    form.tab_stops.add_tab_stop(Mm(36))
    form.space_after = Pt(2)


def _speak(paragraph: Paragraph, language: str) -> None:
    """Say in which language a paragraph is, so that it is spelt, hyphenated and read aloud rightly."""
    for run in paragraph.runs:
        _set_language(run._element.get_or_add_rPr(), language)


def _set_language(properties: Any, language: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    for old in properties.findall(qn("w:lang")):
        properties.remove(old)
    element: Any = OxmlElement("w:lang")
    element.set(qn("w:val"), _locale(language))
    properties.append(element)


def _add_field(paragraph: Paragraph, code: str) -> None:
    """A number that the word processor works out: of the page, or of all pages."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Pt

    run = paragraph.add_run()
    run.font.size = Pt(7)
    field: Any = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    paragraph._p.append(field)
    field.append(run._r)
    run.text = "1"


def _locale(language: str) -> str:
    return _LOCALES.get(language, language)


def _undated(archive: bytes) -> bytes:
    """The same archive without the times at which its parts were made, and with the mark of regard."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = zipfile.ZipInfo(name, _NO_DATE.timetuple()[:6])
            part.compress_type, part.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            new.writestr(part, old.read(name))
        new.comment = _OWN
    return made.getvalue()


def show_steps(made: Handout, out: Printer) -> None:
    """Every plain section, then how many letters there are."""
    out.print(made.title, "bold")
    letters = [section for section in made.sections if section.tone == "letter"]
    for section in (each for each in made.sections if each.tone == "plain"):
        out.print()
        if section.title:
            out.print(section.title, "bold")
        for block in section.blocks:
            _show_block(block, out)
    out.print()
    said = nmsg(
        "{count:n} letter is not shown here: --html, --pdf, --docx",
        "{count:n} letters are not shown here: --html, --pdf, --docx",
        len(letters),
    )
    out.print(said)


def _show_block(block: HandoutBlock, out: Printer) -> None:
    if block.kind in ("subheading", "text"):
        out.print(block.text, indent=2 if block.kind == "subheading" else 0)
    elif block.kind == "facts":
        out.print_rows(((name, said) for name, said in block.rows), "")
    elif out.is_narrow:
        for [entry] in block.rows:
            out.print(f"- {entry}")
    else:
        out.print_rows((("-", entry) for [entry] in block.rows), "")
