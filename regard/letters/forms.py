"""The forms in which the document is written: a page for the browser, PDF, a text document."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from protocol.words import language, msg, pmsg
from protocol.wrapping import unbroken
from regard.language import show
from regard.letters.handout import Handout, foot_of, parts
from regard.outputs import Outputs
from regard.templates import render

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
        from regard.letters.text_document import need_docx

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
    from regard.letters.text_document import docx_bytes

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
