"""The forms in which the document is written or shown: a page for the browser, PDF, a text document, a terminal."""

from __future__ import annotations

import datetime
import io
import zipfile
from pathlib import Path
from typing import Any

import docx
from docx.document import Document
from docx.enum.text import WD_COLOR_INDEX
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from protocol import extras
from protocol.words import language, msg, nmsg, pmsg, unbroken
from regard.language import show
from regard.letters.handout import Handout, HandoutBlock, HandoutSection, foot_of, parts
from regard.reports.screen import Printer
from regard.templates import render

_PAGE = Path(__file__).with_name("handout.html.j2")
_TYPST = Path(__file__).with_name("handout.typ")


def need(*forms: str) -> None:
    """Make sure, before any work, that what writes these forms is installed.

    Raises:
        ExtraMissing: it is not.
    """
    if "pdf" in forms:
        from regard.pdf import need_typst

        need_typst()
    if "docx" in forms:
        extras.need("report", "docx", instead=msg("HTML can be written without it, and word processors open it"))


def html_of(made: Handout) -> bytes:
    """A page that needs nothing else; UTF-8."""
    return render(_PAGE, language(made.language), page=printable(made)).encode()


def pdf_of(made: Handout) -> bytes:
    """PDF on A4 pages."""
    from regard.pdf import pdf_bytes

    return pdf_bytes(_TYPST, printable(made))


def docx_of(made: Handout) -> bytes:
    """A text document for a word processor."""
    need("docx")

    return docx_bytes(made)


FORMS = {"html": html_of, "pdf": pdf_of, "docx": docx_of}
"""Writers of the forms that are files, by their endings."""


def printable(made: Handout) -> dict[str, Any]:
    """The document as plain values, its texts in parts."""
    return {
        "title": made.title,
        "language": made.language,
        "footer": show(made.language, foot_of(made)),
        "page": show(made.language, msg("page")),
        "colon": show(made.language, pmsg("between a name and what follows", ": ")),
        "sections": [
            {
                "tone": section.tone,
                "language": section.language,
                "title": section.title,
                "blocks": [
                    {"kind": each.kind, "text": parts(each.text), "rows": [list(map(parts, row)) for row in each.rows]}
                    for each in section.blocks
                ],
            }
            for section in made.sections
        ],
    }


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
        "To write the letter: --html, --pdf or --docx FILE",
        "To write the {count:n} letters: --html, --pdf or --docx FILE",
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


# --- The document as a text document for a word processor ---


_LOCALES = {"fr": "fr-FR", "en": "en-GB"}
_NO_DATE = datetime.datetime(1980, 1, 1)
"""The earliest that a zip archive can have: the date is no part of the document."""
_OWN = b"regard"
"""The comment at the end of the archive, by which `protocol.own_files` knows it again."""


def docx_bytes(made: Handout) -> bytes:
    """The document as a ``.docx``."""
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


def _write_foot(page: Section, made: Handout) -> None:
    """The digest of the inputs, and the number of the page."""
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
    form = paragraph.paragraph_format
    form.left_indent, form.first_line_indent = Mm(36), Mm(-36)
    form.tab_stops.add_tab_stop(Mm(36))
    form.space_after = Pt(2)


def _speak(paragraph: Paragraph, language: str) -> None:
    """Say in which language a paragraph is, so that it is spelt, hyphenated and read aloud rightly."""
    for run in paragraph.runs:
        _set_language(run._element.get_or_add_rPr(), language)


def _set_language(properties: Any, language: str) -> None:

    for old in properties.findall(qn("w:lang")):
        properties.remove(old)
    element: Any = OxmlElement("w:lang")
    element.set(qn("w:val"), _locale(language))
    properties.append(element)


def _add_field(paragraph: Paragraph, code: str) -> None:
    """A number that the word processor works out: of the page, or of all pages."""
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
