"""The evidence matrix as a picture, in each language: what evidence shows of each fault, and what cases name it."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from itertools import groupby
from xml.sax.saxutils import escape

from protocol.words import Message, Text, msg, nmsg
from regard.language import decimal, show
from regard.studies.case_scoring import CaseCounts
from regard.studies.evidence_sets import EVIDENCE, FULL, PARTS
from regard.studies.matrix_cases import Cells, fault_names
from regard.studies.matrix_document import figures
from regard.studies.matrix_words import NAMES, STAGES
from regard.studies.scoring import FaultOutcome
from regard.studies.trials import Cell, stage
from sim.faults.catalogue import faults

WIDTH = 880
"""Pixels, as a page has: the text is as large there as it is here."""
LABEL, CELL = 296, 28
"""How wide the names are, and a bar with its margin."""
_NUMBERS = LABEL + CELL * len(EVIDENCE)
_NUMBER = (WIDTH - _NUMBERS - 4) // 3
_TEXT, _SMALL, _LINE, _BAR = 11, 9, 13, 15
CHARACTERS = 46
"""So many of the text's size have room in a name."""
RIGHT, CAUGHT, MISSED, WRONG = "#2f7d4f", "#a8cba5", "#f1ece2", "#b3261e"
"""Dark, middle and pale, so that they read without colours as well; and the stroke of a wrong cause."""
_INK, _GREY = "#222222", "#6b6b6b"
_HEADS = (msg("cases per instance"), msg("right cause"), msg("right piece"))


class _Drawing:
    """Marks on the page, in the order in which they were made; places in pixels from the upper left."""

    def __init__(self, code: str) -> None:
        self._code = code
        self.marks: list[str] = []

    def text(
        self,
        x: int,
        y: int,
        said: Text,
        *,
        anchor: str = "start",
        size: int = _TEXT,
        ink: str = _INK,
        bold: bool = False,
    ) -> None:
        weight = ' font-weight="bold"' if bold else ""
        shown = escape(show(self._code, said))
        self.marks.append(
            f'<text x="{x}" y="{y}" font-size="{size}" text-anchor="{anchor}" fill="{ink}"{weight}>{shown}</text>'
        )

    def box(self, x: int, y: int, width: int, height: int, fill: str) -> None:
        if width > 0:
            self.marks.append(f'<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="{fill}"/>')

    def dot(self, x: int, y: int, fill: str) -> None:
        self.marks.append(f'<circle cx="{x}" cy="{y}" r="4" fill="{fill}"/>')


def as_svg(cells: Cells, seeds: int, code: str) -> bytes:
    """A block for each stage, a row for each fault in it, a bar for each combination of evidence; in one language."""
    drawing = _Drawing(code)
    top = _legend(drawing, seeds)
    for name, some in groupby(fault_names(cells), key=stage):
        top = _head(drawing, top + 20, STAGES[name], code)
        for fault in some:
            top = _row(drawing, top, fault, cells, code)
    height = top + 10
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" id="regard-matrix" width="{WIDTH}" height="{height}" '
        f'viewBox="0 0 {WIDTH} {height}" font-family="sans-serif" role="img" xml:lang="{code}">'
    )
    title = f"<title>{escape(show(code, msg('The evidence matrix')))}</title>"
    ground = f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>'
    return "\n".join([head, title, ground, *drawing.marks, "</svg>", ""]).encode()


def _legend(drawing: _Drawing, seeds: int) -> int:
    """What the marks mean. Returns where it ends."""
    drawing.text(10, 24, msg("The evidence matrix"), size=16, bold=True)
    said = msg(
        "{seeds}: a bar is all instances of a fault, with the evidence that has a dot; figures are of all evidence.",
        seeds=nmsg("{count:n} seed", "{count:n} seeds", seeds),
    )
    drawing.text(10, 44, said)
    for at, (fill, label) in enumerate(
        (
            (RIGHT, msg("caught, and a case names the right cause")),
            (CAUGHT, msg("caught, and no case names the right cause")),
            (MISSED, msg("not caught")),
        )
    ):
        drawing.box(10, 54 + 19 * at, CELL - 2, _BAR, fill)
        drawing.text(16 + CELL, 66 + 19 * at, label)
    half = 10 + WIDTH // 2
    drawing.box(half, 54 + _BAR - 3, CELL - 2, 3, WRONG)
    drawing.text(half + 6 + CELL, 66, msg("of how many a case names a wrong cause"))
    drawing.text(half + CELL // 2, 85, "=", anchor="middle")
    drawing.text(half + 6 + CELL, 85, msg("no instance has a net effect; no mark: there was none"))
    return 54 + 19 * 3


def _head(drawing: _Drawing, top: int, name: Message, code: str) -> int:
    """The name of a stage, which evidence each column has, and what the figures are. Returns where it ends."""
    drawing.text(10, top + 12, name, size=14, bold=True)
    for row, part in enumerate(PARTS):
        y = top + 24 + _LINE * row
        drawing.text(LABEL - 8, y + 4, NAMES[part], anchor="end")
        for column, kind in enumerate(EVIDENCE):
            x = LABEL + CELL * column + CELL // 2
            drawing.dot(x, y, _INK if part in kind.parts else "#e5e2dc")
    bottom = top + 24 + _LINE * len(PARTS)
    for column, said in enumerate(_HEADS):
        lines = textwrap.wrap(show(code, said), 10)
        for row, line in enumerate(lines):
            y = bottom - 6 - 11 * (len(lines) - row - 1)
            drawing.text(_right_of(column), y, line, anchor="end", size=_SMALL, ink=_GREY)
    return bottom


def _right_of(column: int) -> int:
    return _NUMBERS + _NUMBER * (column + 1)


def _row(drawing: _Drawing, top: int, name: str, cells: Cells, code: str) -> int:
    """One fault: what it does, its name for the command line, its bars and figures. Returns where it ends."""
    lines = textwrap.wrap(show(code, faults()[name].effect), CHARACTERS)
    for row, line in enumerate(lines):
        drawing.text(10, top + 11 + _LINE * row, line)
    drawing.text(10, top + 10 + _LINE * len(lines), name, size=_SMALL, ink=_GREY)
    bottom = top + _LINE * len(lines) + 17
    middle = (top + bottom - 4) // 2
    for column, kind in enumerate(EVIDENCE):
        _bar(drawing, LABEL + CELL * column, middle - _BAR // 2, cells[name, kind.name])
    for column, said in enumerate(_figures(cells[name, FULL].cases, code)):
        drawing.text(_right_of(column), middle + 4, said, anchor="end")
    return bottom


def _bar(drawing: _Drawing, left: int, top: int, cell: Cell) -> None:
    caught, seen, able = figures(cell)
    if not able:
        if cell.outcomes[FaultOutcome.CANCELLED]:
            drawing.text(left + CELL // 2, top + 11, "=", anchor="middle", ink=_GREY)
        return
    wide = CELL - 2
    dark, middle, red = (wide * min(part, able) // able for part in (cell.cases.right, caught + seen, cell.cases.wrong))
    drawing.box(left, top, wide, _BAR, MISSED)
    drawing.box(left, top, middle, _BAR, CAUGHT)
    drawing.box(left, top, dark, _BAR, RIGHT)
    drawing.box(left, top + _BAR - 3, max(red, 1) if cell.cases.wrong else 0, 3, WRONG)


def _figures(counts: CaseCounts, code: str) -> Sequence[str]:
    """Cases for an instance, and the instances with a right cause and with a right piece out of a hundred."""
    if not counts.traced:
        return ()
    each = decimal(code, counts.cases / counts.told, 2)
    return each, *(f"{100 * part // of} %" for part, of in ((counts.right, counts.traced), (counts.piece, counts.told)))
