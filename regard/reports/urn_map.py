"""The memory of an electronic urn as a picture: section by section, which bytes are erased, written, or wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from protocol.urn.image import ERASED, SPANS, Section
from protocol.urn.inspect import InspectedLine, describe
from protocol.urn.terms import SECTION_LABELS
from protocol.words import Message, language, msg
from regard.templates import render

_CELL = 4
"""Bytes of a cell: a slot of the vote banks."""
_COLUMNS = 64
"""Cells in a row, so that a row is 256 bytes."""
_ACROSS, _DOWN = 12, 6
"""Pixels of a cell."""
_TOP, _HEAD = 96, 32
"""Pixels above the first section, and between two."""
_STATES = {
    "erased": (msg("erased"), "#e4ded0"),
    "written": (msg("written"), "#1f4b73"),
    "wrong": (msg("a check fails"), "#c0341d"),
    "missing": (msg("not in the file"), "#ffffff"),
}
"""States of a cell: name and colour."""


@dataclass(frozen=True, slots=True)
class _SectionMap:
    """A section: the line above it, whether its check fails, and its runs of cells as x, y, width and state."""

    text: Message
    fails: bool
    y: int
    runs: tuple[tuple[int, int, int, str], ...]


def draw_urn_map(image: bytes, name: str, code: str) -> bytes:
    """Draw every section of a module image as SVG, a cell for four bytes.

    Positions of votes are drawn at random by the machine; they say nothing of the order of voting.

    Args:
        image: of any length; what it lacks is left white.
        name: of the file, for the title.
        code: of the language.
    """
    lines = describe(image, whole=True)
    heads: dict[Section, InspectedLine] = {}
    for line in lines:
        heads.setdefault(line.section, line)
    wrong = {cell for line in lines if line.fails for cell in _cells(line)}
    sections, y = [], _TOP
    for section, head in heads.items():
        start, end = SPANS[section]
        cells = [_state(image[at : at + _CELL], at in wrong) for at in range(start, end, _CELL)]
        rows = [cells[at : at + _COLUMNS] for at in range(0, len(cells), _COLUMNS)]
        runs = [run for number, row in enumerate(rows) for run in _runs(row, y + number * _DOWN)]
        label = SECTION_LABELS[section.name.lower()]
        text = msg("{section}, bytes {span}: {meaning}", section=label, span=head.value, meaning=head.meaning)
        sections.append(_SectionMap(text, head.fails, y - 6, tuple(runs)))
        y += len(rows) * _DOWN + _HEAD
    return render(
        Path(__file__).with_name("urn_map.svg.j2"),
        language(code),
        name=name,
        sections=sections,
        states=_STATES,
        width=_COLUMNS * _ACROSS,
        height=y,
        down=_DOWN,
    ).encode("utf-8", "replace")


def _cells(line: InspectedLine) -> Iterable[int]:
    """First bytes of the cells that a line is about; of a slot, in both banks."""
    if line.section == Section.BANK_A and line.raw:
        return line.offset, line.offset + SPANS[Section.BANK_B][0] - SPANS[Section.BANK_A][0]
    return range(line.offset - line.offset % _CELL, line.offset + len(line.raw), _CELL)


def _state(cell: bytes, wrong: bool) -> str:
    if not cell:
        return "missing"
    if wrong:
        return "wrong"
    return "erased" if cell.count(ERASED) == len(cell) else "written"


def _runs(row: Sequence[str], y: int) -> Iterator[tuple[int, int, int, str]]:
    x = 0
    for state, cells in groupby(row):
        width = len(tuple(cells)) * _ACROSS
        yield x, y, width, state
        x += width
