"""The communes of a case as columns: a nation has thirty-five thousand of them, and a page shows a few."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from protocol.insee import departements_of
from protocol.quantities import Quantity
from protocol.words import Message, msg, nmsg, pmsg
from regard.views.cases import settled
from verify.audit import Audit
from verify.model.evidence import LinedEvidence
from verify.model.figures import Ints, Texts
from verify.model.findings import Severity
from verify.model.universe import Universe


@dataclass(frozen=True, slots=True)
class PlaceSummary:
    """Some bureaux together.

    Attributes:
        code, name: of the commune or the département.
        counts: of bureaux in each state.
    """

    code: str
    name: str
    counts: tuple[int, ...]

    @property
    def bureaux(self) -> int:
        """Number of bureaux."""
        return sum(self.counts)


class CommuneTable:
    """The communes in the order of their codes.

    Args:
        universe: the bureaux.
        state: of each bureau, shape ``(units,)``.
        states: how many there are.
    """

    def __init__(self, universe: Universe, state: Ints, states: int) -> None:
        self._code, first, of = np.unique(universe.insee, return_index=True, return_inverse=True)
        self._names = [str(name) for name in universe.commune[first].tolist()]
        self._folded = [f"{name} {code}".casefold() for name, code in zip(self._names, self._code, strict=True)]
        self._department = department_codes(universe)[first]
        self._counts = np.zeros((len(self._code), states), np.int64)
        np.add.at(self._counts, (of, state), 1)

    def __len__(self) -> int:
        return len(self._code)

    def find(self, department: str | None = None, place: str = "", state: int | None = None) -> Ints:
        """Indices of the communes that are asked for.

        Args:
            department: that they are in, None for all.
            place: words that are in their name or code.
            state: that one of their bureaux is in, None for all.
        """
        kept = np.ones(len(self), np.bool_) if department is None else self._department == department
        if state is not None:
            kept &= self._counts[:, state] > 0
        for word in place.casefold().split():
            kept &= np.array([word in folded for folded in self._folded], np.bool_)
        return np.flatnonzero(kept)

    def counts(self, indices: Ints) -> tuple[int, ...]:
        """Count their bureaux by state."""
        return tuple(self._counts[indices].sum(axis=0).tolist())

    def summaries(self, indices: Iterable[int]) -> list[PlaceSummary]:
        """Summaries to show."""
        return [PlaceSummary(str(self._code[at]), self._names[at], tuple(self._counts[at].tolist())) for at in indices]


def department_codes(universe: Universe) -> Texts:
    """Of each bureau: by the list, else by the first digits of the INSEE code."""
    insee, listed = universe.insee, universe.department
    return np.asarray(np.where(listed != "", listed, departements_of(insee)))


class BureauState(IntEnum):
    """In the order of their gravity; ``mark`` tells them apart without a colour."""

    NOTHING = 0
    GIVEN = 1
    AGREES = 2
    DONE = 3
    WARNING = 4
    ERROR = 5

    @property
    def text(self) -> Message:
        """For people."""
        return _TEXTS[self]

    def counted(self, count: int) -> Message:
        """So many bureaux of this state."""
        if self is BureauState.NOTHING:
            return nmsg("{count:n} without anything", "{count:n} without anything", count)
        if self is BureauState.GIVEN:
            return nmsg("{count:n} with nothing to compare", "{count:n} with nothing to compare", count)
        if self is BureauState.DONE:
            return nmsg("{count:n} settled", "{count:n} settled", count)
        if self is BureauState.AGREES:
            return nmsg("{count:n} in agreement", "{count:n} in agreement", count)
        if self is BureauState.WARNING:
            return nmsg("{count:n} to look at", "{count:n} to look at", count)
        return nmsg("{count:n} in contradiction", "{count:n} in contradiction", count)

    @property
    def mark(self) -> str:
        """A shape of its own."""
        return "○◐●✓▲■"[self]

    @property
    def css(self) -> str:
        """The class of what is drawn."""
        return self.name.lower()


_TEXTS = {
    BureauState.NOTHING: pmsg("the figures of a bureau", "nothing given"),
    BureauState.GIVEN: msg("nothing to compare yet"),
    BureauState.AGREES: pmsg("the figures of a bureau", "agree"),
    BureauState.DONE: pmsg("the figures of a bureau", "settled"),
    BureauState.WARNING: pmsg("the figures of a bureau", "to look at"),
    BureauState.ERROR: pmsg("the figures of a bureau", "contradict each other"),
}


@dataclass(frozen=True, slots=True)
class BureauStates:
    """The state of every bureau, shape ``(units,)``, and the findings of each.

    Attributes:
        unit: of each finding, -1 where it is of no bureau of the list; shape ``(n,)``.
        communes: with the states of their bureaux.
    """

    universe: Universe
    state: Ints
    unit: Ints
    communes: CommuneTable

    def counts(self) -> tuple[int, ...]:
        """Count the bureaux by state."""
        return _counted(self.state)

    def of(self, unit: int) -> BureauState:
        """The state of one bureau."""
        return BureauState(int(self.state[unit]))

    def departments(self) -> list[PlaceSummary]:
        """All bureaux by département: by the list, else by the first digits of the INSEE code."""
        codes, of = np.unique(department_codes(self.universe), return_inverse=True)
        counts = np.zeros((len(codes), len(BureauState)), np.int64)
        np.add.at(counts, (of, self.state), 1)
        return [PlaceSummary(code, "", tuple(row)) for code, row in zip(codes.tolist(), counts.tolist(), strict=True)]

    def bureaux(self, insee: str) -> Iterator[tuple[str, BureauState]]:
        """The bureaux of a commune: code and state."""
        for unit in np.flatnonzero(self.universe.insee == insee).tolist():
            yield str(self.universe.bureau[unit]), BureauState(int(self.state[unit]))


def states_of(evidence: LinedEvidence, result: Audit) -> BureauStates:
    """The state of every bureau: the gravest of its findings that are not settled, else what there is to compare."""
    universe = evidence.universe
    state = _given(evidence)
    done = np.isin(result.cases.number, list(settled(result)))
    keys = result.findings.keys()
    places = universe.find(keys.places.insee, keys.places.bureau)
    unit = np.where(result.findings.of_first(), places[keys.place], -1) if len(places) else np.zeros(0, np.int64)
    for severity, means in ((Severity.WARNING, BureauState.WARNING), (Severity.ERROR, BureauState.ERROR)):
        here = (keys.severity == severity) & (unit >= 0)
        state[unit[here & done]] = np.maximum(state[unit[here & done]], int(BureauState.DONE))
        state[unit[here & ~done]] = np.maximum(state[unit[here & ~done]], int(means))
    return BureauStates(universe, state, unit, CommuneTable(universe, state, len(BureauState)))


def _given(evidence: LinedEvidence) -> Ints:
    """State of every bureau by its figures alone: two counts of voters, any other figure, or none."""
    pairs = (Quantity.SIGNATURES, Quantity.VOTES_FOUND)
    counted = [
        evidence.signatures,
        evidence.records,
        evidence.tabulation,
        *(each.counted for each in evidence.published),
    ]
    known = [each[name].known for each in counted if each is not None for name in pairs if name in each.figures]
    if evidence.machines is not None:
        known.append(evidence.machines.cast.known)
    count, some = np.zeros(evidence.shape, np.int64), np.zeros(evidence.shape, np.bool_)
    for there in known:
        count += there
    for each in counted:
        some |= False if each is None else each.present
    kinds = [int(BureauState.AGREES), int(BureauState.GIVEN)]
    return np.select([(count >= 2).any(axis=1), (some | (count > 0)).any(axis=1)], kinds, int(BureauState.NOTHING))


def _counted(state: Ints) -> tuple[int, ...]:
    return tuple(np.bincount(state, minlength=len(BureauState)).tolist())
