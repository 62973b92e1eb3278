"""The evidence matrix as a picture, in all languages at once."""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import escape

from protocol.words import Message, languages, msg
from regard.language import show
from regard.studies.evidence_sets import EVIDENCE, PARTS
from regard.studies.matrix_document import Cells, fault_names, figures
from regard.studies.matrix_words import NAMES
from regard.studies.trials import Cell

_LINE, _LEFT, _TOP, _WIDE = 17, 230, 124, 74
_SHADES = ("#f4f1ea", "#d9e5d6", "#a8cba5", "#6aa86f", "#2f7d4f")
"""From nothing caught to everything: pale to dark, so that it reads without colours as well."""


def as_svg(cells: Cells, seeds: int) -> bytes:
    """The matrix as a picture: a row for each fault, a column for each combination of evidence, darker for more."""
    names = fault_names(cells)
    width, height = _LEFT + _WIDE * len(EVIDENCE) + 10, _TOP + _LINE * len(names) + 34
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        'font-family="sans-serif" font-size="11" role="img">',
        f"<title>regard matrix, {seeds} seeds</title>",
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        _text(10, 20, _in_all(msg("Evidence matrix")), size=15),
        _text(10, 36, _in_all(msg("{seeds} seeds; share of instances caught", seeds=seeds))),
    ]
    for row, part in enumerate(PARTS):
        top = _TOP - 12 - _LINE * (len(PARTS) - row)
        lines.append(_text(_LEFT - 8, top + 12, _in_all(NAMES[part]), "end"))
        for column, kind in enumerate(EVIDENCE):
            at, fill = _LEFT + _WIDE * column + _WIDE // 2, "#222222" if part in kind.parts else "#e5e2dc"
            lines.append(f'<circle cx="{at}" cy="{top + 8}" r="5" fill="{fill}"/>')
    for row, name in enumerate(names):
        top = _TOP + _LINE * row
        lines.append(_text(_LEFT - 8, top + 12, name, "end"))
        for column, kind in enumerate(EVIDENCE):
            lines += _square(_LEFT + _WIDE * column, top, cells[name, kind.name])
    signs = msg("(n): seen with another number; =: no net effect")
    lines.append(_text(10, height - 12, _in_all(signs)))
    return "\n".join([*lines, "</svg>", ""]).encode()


def _in_all(message: Message) -> str:
    """A text in every language, one after another."""
    return " · ".join(dict.fromkeys(show(code, message) for code in languages()))


def _square(left: int, top: int, cell: Cell) -> Iterator[str]:
    caught, seen, able = figures(cell)
    shade = _SHADES[0] if not caught else _SHADES[min(4, 1 + 3 * caught // able)]
    yield f'<rect x="{left + 1}" y="{top + 1}" width="{_WIDE - 2}" height="{_LINE - 2}" fill="{shade}"/>'
    label = f"{caught}/{able}" + (f" ({seen})" if seen else "") if able else "="
    if able and not caught and not seen:
        label = "0"
    light = shade == _SHADES[-1]
    yield _text(left + _WIDE // 2, top + 12, label, "middle", colour="#ffffff" if light else "#333333")


def _text(x: int, y: int, text: str, anchor: str = "start", *, size: int = 11, colour: str = "#222222") -> str:
    return f'<text x="{x}" y="{y}" font-size="{size}" text-anchor="{anchor}" fill="{colour}">{escape(text)}</text>'
