"""The ledger of comparisons: which figures were set beside which others, how many, and why the rest were not.

Rules say at which figures they look (`verify.model.rule_results.Looked`). A figure that a rule would miss if it changed
is *compared*; of all others the ledger says so. Two pieces are compared as well where both are compared with a third.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import combinations

import numpy as np

from protocol.evidence_kinds import EvidenceKind
from protocol.quantities import Quantity
from verify.columns.counts import listed_voters
from verify.columns.machine_votes import machine_votes
from verify.model.evidence import LinedEvidence
from verify.model.figures import Bools, Figures
from verify.model.published import Level
from verify.model.rule_results import Looked
from verify.model.universe import PAPER

_QUANTITIES = {each.value: each for each in Quantity}
"""Quantities by the names of figures."""
_OF_MACHINES = frozenset(("exports", "modules"))
Cell = tuple[str, Quantity]
"""A kind of figures: the piece that they stand in, as the coverage names it, and what they are of."""
Stated = tuple[str, EvidenceKind, Quantity]
"""A file, the piece that it is (two sheets of a workbook are two), and a quantity in it."""


class Why(StrEnum):
    """Why figures of one piece are not compared with another's."""

    NAMES = "names"
    """Votes for choices of other names than the other piece has."""
    BLANK = "blank"
    """Left blank, or not readable, in one of them."""
    NO_ROW = "no row"
    """One of them has nothing of the bureau."""
    NO_RULE = "no rule"
    """Both are there, and no rule looks at both."""


@dataclass(frozen=True, slots=True)
class Line:
    """Extent of the comparison of one quantity in two pieces.

    Attributes:
        quantity: what is compared.
        left, right: the pieces, as the coverage names them.
        figures: bureaux, polls and choices of which one of them has it at least.
        compared: of these.
        why: how many of the others were not compared, by the reason; never 0.
    """

    quantity: Quantity
    left: str
    right: str
    figures: int
    compared: int
    why: Mapping[Why, int]


@dataclass(frozen=True, slots=True)
class Uncompared:
    """Figures of one piece that nothing was compared with: ``figures`` of ``of``, ``bounded`` of them within bounds."""

    quantity: Quantity
    piece: str
    figures: int
    of: int
    bounded: int


@dataclass(frozen=True, slots=True)
class Alone:
    """A published file of a level above the bureau that nothing was compared with: its name, level and rows."""

    file: str
    level: Level
    rows: int


@dataclass(frozen=True, slots=True)
class Ledger:
    """Comparisons made between pieces.

    Attributes:
        lines: every quantity of every two pieces that both have it.
        uncompared: figures that no other figure contradicts, whatever they are.
        looks: figures that each rule looked at, by its code.
        alone: published files of a level above the bureau that were compared with nothing.
    """

    lines: tuple[Line, ...] = ()
    uncompared: tuple[Uncompared, ...] = ()
    looks: Mapping[str, int] = field(default_factory=dict)
    alone: tuple[Alone, ...] = ()

    @property
    def could_have_been(self) -> list[Line]:
        """Lines of figures that are there in both pieces and were not compared all the same."""
        return [line for line in self.lines if line.why.keys() & {Why.NAMES, Why.NO_RULE}]


def ledger(evidence: LinedEvidence, looks: Sequence[tuple[str, Looked]]) -> Ledger:
    """The ledger of some evidence and of what all rules looked at in it, each look with the code of its rule."""
    known: dict[Cell, Bools] = {}
    files: dict[Stated, str] = {}
    for piece, figures in _pieces(evidence):
        cell = piece, _QUANTITIES[figures.name]
        known[cell] = figures.known | known.get(cell, False)
        for file in zip(figures.places.files, figures.places.pieces, strict=True):
            files.setdefault((*file, cell[1]), piece)
    compared, bounded = ({cell: np.zeros_like(mask) for cell, mask in known.items()} for _ in range(2))
    pairs: dict[tuple[Cell, Cell], Bools] = {}
    for _, looked in looks:
        sides = [list(_cells(figures, looked.at, files)) for figures in looked.figures]
        for number, side in enumerate(sides):
            others = [mask for other in (*sides[:number], *sides[number + 1 :]) for mask in other]
            for cell, mask in side:
                if not looked.exact:
                    bounded[cell] |= mask
                    continue
                for other, theirs in others:
                    if other != cell:
                        compared[cell] |= mask & theirs
                        pairs[cell, other] = mask & theirs | pairs.get((cell, other), False)
                if not others:  # an identity of its own
                    compared[cell] |= mask
    counts: dict[str, int] = {}
    for code, looked in looks:
        counts[code] = counts.get(code, 0) + int(np.count_nonzero(looked.at))
    together = {table for _, looked in looks for table in looked.tables}
    alone = tuple(
        Alone(table.file, table.level, len(table.row))
        for table in evidence.tables
        if table.level is not Level.BUREAU and (table.file, table.level) not in together
    )
    return Ledger(tuple(_lines(evidence, known, pairs)), tuple(_uncompared(known, compared, bounded)), counts, alone)


def _pieces(evidence: LinedEvidence) -> Iterator[tuple[str, Figures]]:
    """Every figure that is lined up by bureau, with the piece that it stands in."""
    if evidence.universe.official:
        yield "univers", evidence.once(listed_voters)
    if evidence.machines is not None:
        machines, votes = evidence.machines, evidence.once(machine_votes)
        kind = "modules" if evidence.exports is None else "exports"
        yield from ((kind, each) for each in (machines.registered, machines.cast, machines.blank))
        if votes is not None:
            yield kind, Figures(Quantity.VOTES, votes, machines.cast.places.along(votes.shape[2]))
    steps = {} if evidence.way_up is None else evidence.way_up.steps
    tables = [("pv", evidence.records), ("emargements", evidence.signatures), ("recap", evidence.tabulation)]
    tables += [("publie", lines.counted) for lines in evidence.published]
    tables += [("montee", counted) for counted in steps.values()]
    for kind, counted in tables:
        if counted is not None:
            yield from ((kind, each) for each in counted.figures.values() if each.name in _QUANTITIES)
    votes_of = [
        ("voix", evidence.votes),
        ("recap", evidence.tabulated),
        *(("publie", lines.votes) for lines in evidence.published),
    ]
    yield from ((kind, each.figures) for kind, each in votes_of if each is not None)


def _cells(figures: Figures, at: Bools, files: Mapping[Stated, str]) -> Iterator[tuple[Cell, Bools]]:
    """The kinds of figures that some figures are of, each with where it is of them; nothing of derived figures."""
    quantity = _QUANTITIES.get(figures.name)
    if quantity is None:
        return
    places = zip(figures.places.files, figures.places.pieces, strict=True)
    pieces = [files.get((*file, quantity), "") for file in places]
    several = len(set(pieces)) > 1
    for piece in dict.fromkeys(filter(None, pieces)):
        here = np.array([each == piece for each in (*pieces, "")], np.bool_)  # a figure of no file is of none
        yield (piece, quantity), at & here[figures.places.file] if several else at


def _lines(
    evidence: LinedEvidence, known: Mapping[Cell, Bools], pairs: Mapping[tuple[Cell, Cell], Bools]
) -> Iterator[Line]:
    """Every quantity of two pieces that both have; a machine's of bureaux that can have one."""
    not_on_paper = (evidence.universe.counting != PAPER)[:, None]
    nothing = np.zeros((), np.bool_)
    other_names = _other_names(evidence)
    rows: dict[str, Bools] = {}
    for (piece, quantity), mask in known.items():
        there = mask.any(axis=2) if quantity is Quantity.VOTES else mask
        rows[piece] = there | rows.get(piece, nothing)
    for one, other in combinations(known, 2):
        quantity = one[1]
        has = (known[cell].any() or other_names.get(cell[0], nothing).any() for cell in (one, other))
        if other[1] is not quantity or not all(has):
            continue
        both = pairs.get((one, other), nothing)
        for third in known:
            both = both | (pairs.get((one, third), nothing) & pairs.get((other, third), nothing))
        left, right = known[one], known[other]
        if {one[0], other[0]} & _OF_MACHINES:
            left = left & (not_on_paper[..., None] if quantity is Quantity.VOTES else not_on_paper)
            right = right & (not_on_paper[..., None] if quantity is Quantity.VOTES else not_on_paper)
        rest = (left | right) & ~both
        why = {Why.NO_RULE: int((rest & left & right).sum())}
        for here, (lacking, _) in ((rest & ~right, other), (rest & ~left, one)):
            units = here.sum(axis=2) if quantity is Quantity.VOTES else here.astype(np.int64)
            named = other_names.get(lacking, nothing) if quantity is Quantity.VOTES else nothing
            for reason, where in (
                (Why.NAMES, named),
                (Why.BLANK, ~named & rows[lacking]),
                (Why.NO_ROW, ~named & ~rows[lacking]),
            ):
                why[reason] = why.get(reason, 0) + int((units * where).sum())
        why = {reason: count for reason, count in why.items() if count}
        yield Line(quantity, one[0], other[0], int((left | right).sum()), int((both & (left | right)).sum()), why)


def _other_names(evidence: LinedEvidence) -> dict[str, Bools]:
    """Find votes in a piece for unknown choices, by piece; of shape ``(units, polls)``."""
    found: dict[str, Bools] = {}
    for piece, votes in (("voix", evidence.votes), *(("publie", lines.votes) for lines in evidence.published)):
        if votes is not None:
            found[piece] = np.asarray((votes.strange_rows > 0) | found.get(piece, False), np.bool_)
    return found


def _uncompared(
    known: Mapping[Cell, Bools], compared: Mapping[Cell, Bools], bounded: Mapping[Cell, Bools]
) -> Iterator[Uncompared]:
    for (piece, quantity), mask in known.items():
        left = mask & ~compared[piece, quantity]
        if left.any():
            within = int((left & bounded[piece, quantity]).sum())
            yield Uncompared(quantity, piece, int(left.sum()), int(mask.sum()), within)
