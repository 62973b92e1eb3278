"""``python -m regard.pictures [FOLDER]``: the README's pictures in each language, of one small simulated night."""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from rich.terminal_theme import TerminalTheme
from rich.text import Text

from protocol import files
from protocol.words import languages
from regard.commands.checking.verify import examine
from regard.commands.planning.simulate import simulate
from regard.dossier.contents import build
from regard.dossier.printed import front_picture, pictures_of
from regard.letters.asking import deadlines
from regard.reports.screen import Screen
from regard.reports.summary import summarise
from regard.terminal import recorder
from verify.audit import Audit
from verify.model.evidence import LinedEvidence, Sources

FOLDER = Path(__file__).parent.parent / "docs" / "pictures"
COMMUNES, SEED = ("34324", "68224", "77513"), 1
_WIDTH, _LINES = 84, 46
"""Characters of a line of the terminal, and how many lines are shown at most: whole paragraphs."""
_DOTS = 80.0
"""Per inch: a page of A4 is some 660 pixels wide."""
_THEME = TerminalTheme(
    (250, 248, 243),
    (34, 34, 34),
    [
        (34, 34, 34),
        (153, 32, 28),
        (47, 125, 79),
        (138, 90, 0),
        (31, 75, 115),
        (110, 50, 110),
        (20, 105, 115),
        (90, 90, 90),
    ],
)
_SCREEN = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">
<style>
.{unique_id}-matrix {{
font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace;
font-size: {char_height}px;
line-height: {line_height}px;
}}
{styles}
</style>
<defs>
{lines}
</defs>
<rect fill="#faf8f3" stroke="#d8d2c4" width="100%" height="100%"/>
<g transform="translate({terminal_x}, {terminal_y})">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""
"""Places of the lines of a terminal in `rich`: without a font from elsewhere."""


def pictures() -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each picture: the same on every run."""
    with tempfile.TemporaryDirectory() as scratch:
        night = Path(scratch) / "night"
        simulate(night, communes=list(COMMUNES), seed=SEED)
        for code in languages():
            evidence, result = examine(Sources(folder=night), code)
            dossier = build(evidence, result, code)
            yield f"report.{code}.png", front_picture(dossier, _DOTS)
            yield f"gaps.{code}.svg", _on_white(pictures_of(dossier)[1]["gaps.svg"])
            yield f"terminal.{code}.svg", _terminal(evidence, result, code)


def _on_white(svg: bytes) -> bytes:
    """A picture that is readable on a dark page too."""
    return svg.replace(b">", b'><rect width="100%" height="100%" fill="#ffffff"/>', 1) + b"\n"


def _terminal(evidence: LinedEvidence, result: Audit, code: str) -> bytes:
    """Draw the beginning of the summary of `regard verify`."""
    whole, shown = recorder(_WIDTH), recorder(_WIDTH)
    summarise(result, Screen(code, whole, whole=True), times=deadlines(evidence))
    lines = [Text.from_ansi(line) for line in whole.export_text(styles=True).split("\n")[:_LINES]]
    while lines[-1].plain.strip():
        lines.pop()
    for line in lines:
        shown.print(line)
    shown.print(Text("…"))
    svg = shown.export_svg(theme=_THEME, code_format=_SCREEN, unique_id="t", font_aspect_ratio=0.6)
    return re.sub(r" +$", "", svg, flags=re.MULTILINE).encode()


def main(folder: Path = FOLDER) -> int:
    """Write the pictures; returns 0."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in pictures():
        files.write(folder / name, data)
        print(folder / name)
    return 0


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:2])))
