"""The way of one figure of a bureau, from the machine to the published result, and where it parts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from protocol.evidence_kinds import EvidenceKind
from protocol.quantities import Quantity
from protocol.words import Text, series
from regard.views.saying import Speaker
from verify.cases.wording import own_corrections
from verify.explanations.side_by_side import FOUND, PUBLISHED, SIGNATURES, UNIVERSE, VOTES, SideBySide, lay_out
from verify.model.cases import Case
from verify.model.evidence import LinedEvidence
from verify.model.findings import Finding
from verify.model.labels import field_label
from verify.model.rule_results import Named, side_of


@dataclass(frozen=True, slots=True)
class WayStep:
    """One piece on the way of a figure: its name, where the figure stands there, and the figure.

    ``parts`` says that it is not what it should be or, where that is not known, not the figure of the step before;
    ``apart`` is by how much it differs from the step before.
    """

    name: str
    where: str
    value: int
    parts: bool
    apart: int


@dataclass(frozen=True, slots=True)
class Way:
    """The way of one figure of a bureau from the polling station up."""

    what: str
    steps: tuple[WayStep, ...]


@dataclass(frozen=True, slots=True)
class _Stop:
    """Content of one piece for a figure."""

    piece: EvidenceKind
    where: str
    value: int


class Ways:
    """Follows figures through all evidence."""

    def __init__(self, evidence: LinedEvidence, speaker: Speaker) -> None:
        self._evidence, self._speaker = evidence, speaker

    def of(self, case: Case, told: Finding) -> Way | None:
        """The way of the figure that a case is about: of its first correction, else of the finding that says it.

        Of a gap it is that of the votes found, after the signatures. None where fewer than two pieces have the figure.
        """
        corrections = own_corrections(case.detail.corrections)
        place = corrections[0].place if corrections else Named(told.insee, told.bureau, told.poll)
        evidence = self._evidence
        unit = evidence.universe.index(place.insee, place.bureau)
        if unit < 0 or place.poll not in evidence.polls:
            return None
        laid = lay_out(evidence, np.array([unit]), np.array([evidence.polls.index(place.poll)]))
        if corrections:
            first = corrections[0]
            column = VOTES + first.choice if first.choice >= 0 else _column(laid, first.field)
            return self._way(first.field, self._stops(laid, column), first.becomes)
        if told.is_gap:
            both = series((field_label(Quantity.SIGNATURES), field_label(Quantity.VOTES_FOUND)), " / ")
            return self._way(both, [*self._stops(laid, SIGNATURES)[:1], *self._stops(laid, FOUND)])
        return self._way(told.field, self._stops(laid, _column(laid, told.field)))

    def _way(self, what: Text, stops: list[_Stop], right: int | None = None) -> Way | None:
        """The way of a figure; it parts where it is not what it should be or, where that is not known, changes."""
        if len(stops) < 2:
            return None
        steps = []
        for number, stop in enumerate(stops):
            apart = stop.value - stops[number - 1].value if number else 0
            steps.append(
                WayStep(
                    name=self._speaker.sentence(stop.piece.one),
                    where=self._speaker.place(stop.where),
                    value=stop.value,
                    parts=apart != 0 if right is None else stop.value != right,
                    apart=apart,
                )
            )
        return Way(self._speaker.sentence(field_label(what) if isinstance(what, str) else what), tuple(steps))

    def _stops(self, laid: SideBySide, column: int) -> list[_Stop]:
        """The pieces that have a figure, and those steps of the way up that have another one than the piece before."""
        if column < 0:
            return []
        stops = [
            (piece.kind, _Stop(EvidenceKind.named(piece.kind), piece.source(0, column), value))
            for piece in laid.pieces
            if (value := int(piece.values[0, column])) >= 0 and piece.kind != UNIVERSE
        ]
        found = [stop for kind, stop in stops if kind != PUBLISHED]
        found += self._steps(laid, column, found[-1:])
        return [*found, *(stop for kind, stop in stops if kind == PUBLISHED)]

    def _steps(self, laid: SideBySide, column: int, last: list[_Stop]) -> list[_Stop]:
        way, found, at = self._evidence.way_up, list[_Stop](), (int(laid.unit[0]), int(laid.poll[0]))
        name = f"voix_{column - VOTES + 1}" if column >= VOTES else str(laid.field(0, column))
        for counted in () if way is None else way.steps.values():
            side = side_of(counted.figures[name], *at) if name in counted.figures else None
            if side is None or side.piece is None or not isinstance(side.value, int) or side.value < 0:
                continue
            before = [*last, *found][-1:]
            if before and before[0].value != side.value:
                found.append(_Stop(side.piece, side.source, side.value))
        return found


def _column(laid: SideBySide, field: Text) -> int:
    """The column of a count or a choice; -1 where there is none."""
    columns = range(VOTES + int(laid.sizes[0]))
    return next((at for at in columns if str(laid.field(0, at)) == str(field)), -1)
