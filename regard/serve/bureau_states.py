"""How each bureau stands: nothing to compare yet, agreement, something to look at, something that cannot be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from protocol.quantities import Quantity
from protocol.words import Message, msg, nmsg, pmsg
from regard.serve.commune_table import CommuneTable, PlaceSummary, department_codes
from verify.audit import Audit
from verify.model.evidence import LinedEvidence
from verify.model.figures import Bools, Ints
from verify.model.findings import Severity
from verify.model.universe import Universe


class BureauState(IntEnum):
    """In the order of their gravity; ``mark`` tells them apart without a colour."""

    NOTHING = 0
    AGREES = 1
    WARNING = 2
    ERROR = 3

    @property
    def text(self) -> Message:
        """For people."""
        return _TEXTS[self]

    def counted(self, count: int) -> Message:
        """So many bureaux of this state."""
        if self is BureauState.NOTHING:
            return nmsg("{count:n} with nothing to compare", "{count:n} with nothing to compare", count)
        if self is BureauState.AGREES:
            return nmsg("{count:n} in agreement", "{count:n} in agreement", count)
        if self is BureauState.WARNING:
            return nmsg("{count:n} to look at", "{count:n} to look at", count)
        return nmsg("{count:n} in contradiction", "{count:n} in contradiction", count)

    @property
    def mark(self) -> str:
        """A shape of its own."""
        return "○●▲■"[self]

    @property
    def css(self) -> str:
        """The class of what is drawn."""
        return self.name.lower()


_TEXTS = {
    BureauState.NOTHING: msg("nothing to compare yet"),
    BureauState.AGREES: pmsg("the figures of a bureau", "agree"),
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
        """How many bureaux are in each state."""
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
    """The state of every bureau: the gravest of its findings, else whether two of its counts could be compared."""
    universe = evidence.universe
    state = np.where(_compared(evidence), int(BureauState.AGREES), int(BureauState.NOTHING))
    keys = result.findings.keys()
    places = universe.find(keys.places.insee, keys.places.bureau)
    unit = np.where(result.findings.of_first(), places[keys.place], -1) if len(places) else np.zeros(0, np.int64)
    for severity, means in ((Severity.WARNING, BureauState.WARNING), (Severity.ERROR, BureauState.ERROR)):
        of = unit[(keys.severity == severity) & (unit >= 0)]
        state[of] = np.maximum(state[of], int(means))
    return BureauStates(universe, state, unit, CommuneTable(universe, state, len(BureauState)))


def _compared(evidence: LinedEvidence) -> Bools:
    """Bureaux of which two counts of voters are known, whatever they say; shape ``(units,)``."""
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
    count = np.zeros(evidence.shape, np.int64)
    for each in known:
        count += each
    return np.asarray((count >= 2).any(axis=1), np.bool_)


def _counted(state: Ints) -> tuple[int, ...]:
    return tuple(np.bincount(state, minlength=len(BureauState)).tolist())
