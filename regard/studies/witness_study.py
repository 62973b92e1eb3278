"""``python -m regard.studies.witness_study``: how often drawn sheets show a shift, on a simulated night.

Writes `docs/studies/witnesses.md` and its picture: the night is sealed with votes moved in it, sheets of drawn bureaux
are compared with the log by the very code of `regard witness`, and the share of drawings that show the shift stands
beside the exact formula.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from protocol import files
from protocol.quantities import Quantity
from protocol.sealing.folder import SealedFolder
from protocol.sealing.leaves import Leaf
from protocol.sealing.log import Place, SealedLog
from regard.cli import main as main_command
from regard.reference import markdown
from regard.sealing.gathering import of_evidence
from regard.sealing.sheet_reading import SheetFigure, WitnessFiles
from regard.sealing.witness_plan import MostMoved, draw, frame_of
from regard.sealing.witnesses import compare
from verify.loading import load
from verify.model.evidence import Sources
from verify.statistics.distributions import clopper_pearson
from verify.statistics.shift_detection import DrawnPart, detection

TEMPLATE = Path(__file__).with_name("witnesses.md.j2")
DOCUMENT = Path(__file__).parents[2] / "docs" / "studies" / "witnesses.md"
COMMUNES = ("92002", "92012", "77296", "77513", "76351", "06079")
"""Of four départements."""
SEED = 7
MOST = MostMoved(Fraction(1, 5))
LITTLE = MostMoved(votes=5)
"""What is moved in one bureau by somebody who spreads a shift."""
SHIFTS = (300, 1000, 3000)
COUNTS = (5, 10, 20, 40, 80, 160)
CONFIDENCE = Fraction(99, 100)


@dataclass(frozen=True, slots=True)
class MeasuredDetection:
    """How often a shift was seen.

    Attributes:
        shift: in votes.
        altered: bureaux in which votes were moved.
        sheets: drawn and compared.
        draws, seen: drawings, and those with a sheet that differs.
        exact: what the formula says at the least.
    """

    shift: int
    altered: int
    sheets: int
    draws: int
    seen: int
    exact: Fraction

    @property
    def interval(self) -> tuple[Fraction, Fraction]:
        """The exact interval of the share that was seen."""
        return clopper_pearson(self.seen, self.draws, CONFIDENCE)


def move(leaves: Sequence[Leaf], shift: int, most: MostMoved) -> list[Leaf]:
    """The same leaves with votes moved to the last choice of each bureau, in as few bureaux as there is room in."""
    log = SealedLog([leaf.canonical() for leaf in leaves])
    [part] = frame_of(log, most).parts
    room = dict(zip(part.places, part.bounds, strict=True))
    moved = {}
    for leaf in sorted(leaves, key=lambda each: (-room[each.place], each.place)):
        some = min(room[leaf.place], shift)
        shift -= some
        moved[leaf.place] = _moved(leaf, some) if some else leaf
    if shift:
        raise ValueError(f"no room for {shift} votes more")
    return [moved[leaf.place] for leaf in leaves]


def _moved(leaf: Leaf, some: int) -> Leaf:
    """A leaf with so many votes taken from its other choices, the largest first, and given to the last one."""
    votes = [each.votes or 0 for each in leaf.votes]
    left = some
    for index in sorted(range(len(votes) - 1), key=lambda each: -votes[each]):
        taken = min(votes[index], left)
        votes[index], left = votes[index] - taken, left - taken
    votes[-1] += some - left
    return replace(leaf, votes=tuple(replace(each, votes=n) for each, n in zip(leaf.votes, votes, strict=True)))


def sheets_of(leaves: Sequence[Leaf]) -> tuple[SheetFigure, ...]:
    """The votes of every bureau as they stood on its wall."""
    return tuple(
        SheetFigure(leaf.insee, leaf.bureau, leaf.poll, Quantity.VOTES, each.name, each.votes or 0, "sheet")
        for leaf in leaves
        for each in leaf.votes
    )


def measure(
    leaves: Sequence[Leaf], shift: int, moving: MostMoved, counts: Sequence[int], draws: int
) -> Iterator[MeasuredDetection]:
    """Move votes, compare all sheets with the log once, and see in each drawing when the first one differs.

    Args:
        leaves: as the bureaux posted their figures.
        shift: votes to move.
        moving: how many are moved in one bureau.
        counts: numbers of sheets.
        draws: drawings, each with a seed of its own.
    """
    log = SealedLog([leaf.canonical() for leaf in move(leaves, shift, moving)])
    found = compare(SealedFolder(Path(), log), WitnessFiles(sheets_of(leaves), (), ()), ())
    frame = frame_of(log, MOST)
    [part] = frame.parts
    first = [_first(draw(frame, [len(part.places)], f"draw {seed}"), found.differing) for seed in range(draws)]
    for count in counts:
        exact = detection([DrawnPart(part.bounds, count)], shift).seen
        seen = sum(place < count for place in first)
        yield MeasuredDetection(shift, len(found.differing), count, draws, seen, exact)


def _first(places: Iterator[Place], differing: frozenset[Place]) -> int:
    """How many bureaux are drawn before the first whose sheet differs."""
    return next(index for index, place in enumerate(places) if place in differing)


def simulate(folder: Path) -> list[Leaf]:
    """The leaves of a night without faults."""
    words = ["simulate", str(folder), "--faults", "none", "--seed", str(SEED), "--communes", ",".join(COMMUNES)]
    with contextlib.redirect_stdout(io.StringIO()):
        if code := main_command(words):
            raise RuntimeError(f"regard simulate ended with {code}")
    return of_evidence(load(Sources(folder=folder)), folder).leaves


def text(leaves: Sequence[Leaf], draws: int) -> tuple[str, bytes]:
    """The document and its picture."""
    measured = [list(measure(leaves, shift, MOST, COUNTS, draws)) for shift in SHIFTS]
    spread = [next(measure(leaves, shift, LITTLE, COUNTS[:1], draws)) for shift in SHIFTS[:2]]
    rows = [_row(each) for some in measured for each in some]
    inside = sum(low <= each.exact <= high for some in measured for each in some for low, high in [each.interval])
    document = markdown.document(
        TEMPLATE,
        bureaux=len(leaves),
        draws=draws,
        head=("votes moved", "bureaux changed", "sheets drawn", "seen", "99 % interval", "formula"),
        inside=inside,
        measured=len(rows),
        numbers=range(6),
        rows=rows,
        seed=SEED,
        spread=[_row(each) for each in spread],
    )
    return document, picture(measured)


def _row(each: MeasuredDetection) -> tuple[str, ...]:
    low, high = each.interval
    share = Fraction(each.seen, each.draws)
    shown = (f"{100 * float(value):.1f} %" for value in (share, low, high, each.exact))
    seen, low_shown, high_shown, exact = shown
    counts = (f"{each.shift:,}", f"{each.altered:,}", f"{each.sheets:,}")
    return (*counts, seen, f"{low_shown} to {high_shown}", exact)


def picture(measured: Sequence[Sequence[MeasuredDetection]]) -> bytes:
    """The formula as lines, what was measured as dots; sheets to the right, the share seen upwards."""
    width, height, left, bottom, most = 640, 340, 56, 300, max(COUNTS)

    def x(count: int) -> int:
        return left + count * (width - left - 110) // most

    def y(share: float) -> int:
        return bottom - round(share * (bottom - 30))

    marks = []
    for share in (0, 0.25, 0.5, 0.75, 1):
        marks.append(f'<path d="M{left} {y(share)}H{x(most)}" stroke="#dddddd"/>')
        marks.append(f'<text x="{left - 6}" y="{y(share) + 4}" text-anchor="end">{share:.0%}</text>')
    for count in COUNTS[2:]:
        marks.append(f'<text x="{x(count)}" y="{bottom + 18}" text-anchor="middle">{count}</text>')
    marks.append(f'<text x="{x(most)}" y="{bottom + 34}" text-anchor="end">sheets drawn</text>')
    for colour, some in zip(("#b3261e", "#2f7d4f", "#22437a"), measured, strict=True):
        points = " ".join([f"{x(0)},{y(0)}", *(f"{x(each.sheets)},{y(float(each.exact))}" for each in some)])
        marks.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="1.5"/>')
        for each in some:
            marks.append(f'<circle cx="{x(each.sheets)}" cy="{y(each.seen / each.draws)}" r="3.5" fill="{colour}"/>')
        last = some[-1]
        at = y(float(last.exact)) + 4 + 14 * (2 - SHIFTS.index(last.shift))
        marks.append(f'<text x="{x(most) + 8}" y="{at}" fill="{colour}">{last.shift:,} votes</text>')
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        'font-family="sans-serif" font-size="12" role="img" xml:lang="en">'
    )
    title = "<title>How often drawn sheets show a shift: formula (lines) and measured (dots)</title>"
    return "\n".join(
        [head, title, f'<rect width="{width}" height="{height}" fill="#ffffff"/>', *marks, "</svg>", ""]
    ).encode()


def main(argv: Sequence[str] | None = None, document: Path = DOCUMENT) -> int:
    """Simulate, measure, write. Returns 0."""
    parser = argparse.ArgumentParser(prog="python -m regard.studies.witness_study", description=__doc__)
    parser.add_argument("--draws", metavar="N", type=int, default=2000, help="drawings of each line (default 2000)")
    parsed = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        leaves = simulate(Path(folder) / "night")
    said, drawn = text(leaves, parsed.draws)
    files.write(document, said.encode())
    files.write(document.with_suffix(".svg"), drawn)
    print(document)
    return 0


if __name__ == "__main__":
    sys.exit(main())
