"""The forms in which the document is written or shown: a page for the browser, PDF, a text document, a terminal."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from protocol import extras
from protocol.words import language, msg, nmsg, pmsg
from regard.language import show
from regard.letters.handout import Handout, HandoutBlock, foot_of, parts
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
    from regard.letters.docx_form import docx_bytes

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
