"""One bureau: what every piece of evidence says of it, side by side, and what was found there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator
from dataclasses import dataclass

import numpy as np

from protocol.evidence_kinds import EvidenceKind
from protocol.words import Text, msg
from regard.views.case_view import MOST_REMARK
from regard.views.saying import cut
from verify.audit import Audit
from verify.explanations.side_by_side import VOTES, lay_out
from verify.model.evidence import LinedEvidence
from verify.model.figures import MISSING
from verify.model.labels import field_label


@dataclass(frozen=True, slots=True)
class CardCell:
    """One figure of one piece: a count, or an absence below zero; and where it stands, empty where nowhere."""

    value: int
    source: str


@dataclass(frozen=True, slots=True)
class CardRow:
    """One quantity, or the votes for one choice, in every piece.

    Attributes:
        label, cells: of it.
        named: whether a case is about it: two places of one piece may have it otherwise, or a sum may not be right.
    """

    label: Text
    cells: tuple[CardCell, ...]
    named: bool = False

    @property
    def differs(self) -> bool:
        """True if two of them differ; the row does not decide which is wrong."""
        return len({cell.value for cell in self.cells if cell.value >= 0}) > 1

    @property
    def marked(self) -> bool:
        """True if two of them differ, or a case is about it."""
        return self.named or self.differs


@dataclass(frozen=True, slots=True)
class BureauCard:
    """A bureau in one poll.

    Attributes:
        insee, bureau, commune: of it; the name is empty where it is not known.
        poll: number of the poll, and what it is called.
        pieces: those that have any figure of it; several of one kind are numbered.
        rows: the quantities, then the choices, that any of them has a figure of.
        cases: numbers of the cases that are about it.
        findings: positions of all its findings.
        remark: of its PV; empty without one.
    """

    insee: str
    bureau: str
    commune: str
    poll: tuple[int, Text]
    pieces: tuple[Text, ...]
    rows: tuple[CardRow, ...]
    cases: tuple[int, ...]
    findings: tuple[int, ...]
    remark: str


def cards(evidence: LinedEvidence, result: Audit, unit: int) -> Iterator[BureauCard]:
    """The card of a bureau in each poll of the day.

    Args:
        evidence: the evidence.
        result: of its audit.
        unit: index of the bureau.
    """
    keys, universe = result.findings.keys(), evidence.universe
    insee, bureau = str(universe.insee[unit]), str(universe.bureau[unit])
    places = (keys.places.insee == insee) & (keys.places.bureau == bureau)
    here = np.flatnonzero(places[keys.place])
    names = {} if evidence.election is None else {poll.number: poll.name for poll in evidence.election.polls}
    for column, number in enumerate(evidence.polls):
        found = here[(keys.poll[here] == number) | (keys.poll[here] == 0)]
        numbers = result.cases.number[found]
        told = [result.findings[at] for at in found[numbers > 0].tolist()]
        named = {what for each in told for what in (each.field, each.left.quantity, each.right.quantity)}
        pieces, rows = _side_by_side(evidence, unit, column, named)
        cases = np.unique(numbers)
        yield BureauCard(
            insee=insee,
            bureau=bureau,
            commune=result.coverage.communes.get(insee, ""),
            poll=(number, names.get(number) or msg("poll {number}", number=number)),
            pieces=pieces,
            rows=rows,
            cases=tuple(cases[cases > 0].tolist()),
            findings=tuple(found.tolist()),
            remark=cut(evidence.remark(insee, bureau, number), MOST_REMARK),
        )


def _side_by_side(
    evidence: LinedEvidence, unit: int, column: int, named: Container[Text]
) -> tuple[tuple[Text, ...], tuple[CardRow, ...]]:
    laid = lay_out(evidence, np.array([unit]), np.array([column]))
    table = [piece.values[0].tolist() for piece in laid.pieces]
    there = [at for at, values in enumerate(table) if any(value > MISSING for value in values)]
    several = Counter(laid.pieces[at].kind for at in there)
    kinds, names = Counter[str](), list[Text]()
    for at in there:
        piece = laid.pieces[at]
        name = EvidenceKind.named(piece.kind).heading
        kinds[piece.kind] += 1
        names.append(msg("{name} {number}", name=name, number=kinds[piece.kind]) if several[piece.kind] > 1 else name)
    rows = []
    for quantity in range(VOTES + int(laid.sizes[0])):
        values = [table[at][quantity] for at in there]
        if any(value > MISSING for value in values):
            sources = [laid.pieces[at].source(0, quantity) if table[at][quantity] > MISSING else "" for at in there]
            field = laid.field(0, quantity)
            rows.append(CardRow(field_label(field), tuple(map(CardCell, values, sources)), field in named))
    return tuple(names), tuple(rows)
