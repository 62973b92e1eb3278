"""The way of one figure of a bureau, from the machine to the published result, and where it parts."""

from __future__ import annotations

from dataclasses import dataclass

from protocol.evidence_kinds import EvidenceKind
from protocol.quantities import Quantity
from protocol.words import Text, series
from regard.views.saying import Speaker
from verify.cases.wording import own_corrections
from verify.columns.machine_votes import machine_votes
from verify.model.cases import Case
from verify.model.evidence import LinedEvidence, LinedVotes
from verify.model.figures import Figures
from verify.model.findings import Finding
from verify.model.labels import field_label
from verify.model.rule_results import Named, Side, side_at, side_of

_GAPS = frozenset(("R201", "R202", "R204"))
_COUNTS = frozenset(
    (Quantity.SIGNATURES, Quantity.VOTES_FOUND, Quantity.BLANK, Quantity.NULL, Quantity.VALID, Quantity.REGISTERED)
)


@dataclass(frozen=True, slots=True)
class WayStep:
    """One piece on the way of a figure: its name, where the figure stands there, and the figure.

    ``parts`` says that it is not what it should be or, where that is not known, not the figure of the step before;
    ``apart`` is by how much it differs from the step before.
    """

    piece: str
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
        if corrections:
            first = corrections[0]
            return self._way(first.place, first.field, first.choice, (), first.becomes)
        place = Named(told.insee, told.bureau, told.poll)
        if told.code in _GAPS:
            return self._way(place, Quantity.VOTES_FOUND, -1, self._signed(place))
        return self._way(place, told.field, -1, ())

    def _at(self, place: Named) -> tuple[int, int] | None:
        evidence = self._evidence
        unit = evidence.universe.index(place.insee, place.bureau)
        if unit < 0 or place.poll not in evidence.polls:
            return None
        return unit, evidence.polls.index(place.poll)

    def _signed(self, place: Named) -> tuple[_Stop, ...]:
        at, signed = self._at(place), self._evidence.signatures or self._evidence.records
        if at is None or signed is None or not signed["signatures"].known[at]:
            return ()
        return tuple(_stop(signed["signatures"], at))

    def _way(
        self, place: Named, field: Text, choice: int, before: tuple[_Stop, ...], right: int | None = None
    ) -> Way | None:
        """The way of a figure; it parts where it is not what it should be or, where that is not known, changes."""
        at = self._at(place)
        if at is None:
            return None
        name = str(field)
        index = self._choice(at, name) if choice < 0 and name not in _COUNTS else choice
        stops = [*before, *(self._votes(at, index) if index >= 0 else self._counts(at, name))]
        if len(stops) < 2:
            return None
        label: Text = field_label(field)
        if before:
            label = series((field_label(Quantity.SIGNATURES), label), " / ")
        steps = []
        for number, stop in enumerate(stops):
            apart = stop.value - stops[number - 1].value if number else 0
            steps.append(
                WayStep(
                    piece=stop.piece,
                    name=self._speaker.sentence(stop.piece.one),
                    where=self._speaker.place(stop.where),
                    value=stop.value,
                    parts=apart != 0 if right is None else stop.value != right,
                    apart=apart,
                )
            )
        return Way(self._speaker.sentence(label), tuple(steps))

    def _choice(self, at: tuple[int, int], name: str) -> int:
        contest = int(self._evidence.contests.of[at]) if self._evidence.contests.of.size else -1
        choices = self._evidence.contests.contests[contest].choices if contest >= 0 else ()
        return choices.index(name) if name in choices else -1

    def _counts(self, at: tuple[int, int], name: str) -> list[_Stop]:
        """A count along the way."""
        evidence, stops = self._evidence, []
        machines = evidence.machines
        if machines is not None:
            of_machines = {
                "votes_found": machines.cast,
                "blank": machines.blank,
                "registered": machines.registered,
            }
            stops += _stop(of_machines.get(name), at)
        for counted in (evidence.signatures, evidence.records, evidence.tabulation):
            stops += _stop(None if counted is None else counted.figures.get(name), at)
        stops += self._steps(at, name, stops)
        for lines in evidence.published:
            stops += _stop(lines.counted.figures.get(name), at)
        return stops

    def _steps(self, at: tuple[int, int], name: str, stops: list[_Stop]) -> list[_Stop]:
        """The steps of the way up that have another figure than the stop before them."""
        way, found = self._evidence.way_up, list[_Stop]()
        for counted in () if way is None else way.steps.values():
            last = [*stops, *found][-1:]
            for stop in _stop(counted.figures.get(name), at):
                found += [stop] if last and stop.value != last[0].value else []
        return found

    def _votes(self, at: tuple[int, int], choice: int) -> list[_Stop]:
        """The votes of a choice along the way."""
        evidence, stops = self._evidence, list[_Stop]()
        tallies = evidence.once(machine_votes)
        if evidence.machines is not None and tallies is not None and choice < tallies.shape[2]:
            stops += _known(side_at(evidence.machines.cast, *at, value=int(tallies[(*at, choice)])))
        stops += _stop_of_votes(evidence.votes, at, choice)
        stops += self._steps(at, f"voix_{choice + 1}", stops)
        for lines in evidence.published:
            stops += _stop_of_votes(lines.votes, at, choice)
        return stops


def _stop_of_votes(votes: LinedVotes | None, at: tuple[int, int], choice: int) -> list[_Stop]:
    if votes is None or choice >= votes.values.shape[2]:
        return []
    return _known(side_of(votes.figures, *at, choice))


def _stop(figures: Figures | None, at: tuple[int, int]) -> list[_Stop]:
    return [] if figures is None else _known(side_of(figures, *at))


def _known(side: Side) -> list[_Stop]:
    if side.piece is None or not isinstance(side.value, int) or side.value < 0:
        return []
    return [_Stop(side.piece, side.source, side.value)]
