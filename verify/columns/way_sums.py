"""The sums that steps of the way state: of communes, départements and the country, and which bureau one has wrongly."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from protocol.quantities import VOTERS, Quantity
from protocol.way_up import StepUp, ancestors
from protocol.words import Text
from verify.columns.way_up import WayDocument, before_of, documents
from verify.model.evidence import LinedEvidence
from verify.model.figures import Ints, Texts
from verify.model.published import Level
from verify.model.way_up import StatedSums

_SHOWN = VOTERS.index(Quantity.VOTES_FOUND)
"""The count that is shown, where it is among those that differ."""
_LEVELS = (Level.COMMUNE, Level.DEPARTMENT, Level.NATION)


@dataclass(frozen=True, slots=True)
class WrongSum:
    """A sum that is not that of the bureaux of its step.

    Attributes:
        label, step: of the step.
        level: of the place.
        insee: code of the place, empty for the country.
        poll: index.
        place, against: where the sum stands, and what was summed up.
        column: the count that is shown.
        stated, summed: both figures of it.
        unit: the bureau that it lacks or has twice, -1 where none is exactly that.
        twice: whether it has it twice.
    """

    label: Text
    step: StepUp
    level: Level
    insee: str
    poll: int
    place: str
    against: str
    column: int
    stated: int
    summed: int
    unit: int
    twice: bool


@dataclass(frozen=True, slots=True)
class StatedSumsCompared:
    """Sums that are wrong, and how many figures of them were compared."""

    wrong: list[WrongSum]
    compared: int


def wrong_sums(evidence: LinedEvidence) -> StatedSumsCompared | None:
    """Stated sums that are wrong, but not by just what those of a step before them are; None without any."""
    way = evidence.way_up
    if way is None:
        return None
    found, known = evidence.once(documents), set[tuple[StepUp, int, str, int, bytes]]()
    wrong, compared = [], 0
    for step, sums in way.sums.items():
        own = found.get(step) or before_of(found, step)
        if own is None:
            continue
        looked_at = _SumsOfStep(evidence, own, sums)
        compared += int(looked_at.stated.sum())
        for at in np.flatnonzero(looked_at.differs.any(axis=1)).tolist():
            what = looked_at.named(at)
            known.add((step, *what))
            if not any((each, *what) in known for each in ancestors(step)):
                wrong.append(looked_at.wrong(at, step))
    return StatedSumsCompared(wrong, compared)


class _SumsOfStep:
    """The sums of one step beside those of its bureaux.

    Attributes:
        stated: which are there and have bureaux to be compared with, shape ``(n, columns)``.
        differs: by how much each is more, likewise.
    """

    def __init__(self, evidence: LinedEvidence, own: WayDocument, sums: StatedSums) -> None:
        self._evidence, self._own, self._sums = evidence, own, sums
        self._values = np.stack([figures.values for figures in own.figures], axis=2).clip(0)
        universe = evidence.universe
        self._level = np.where(sums.insee != "", 0, np.where(sums.departement != "", 1, 2))
        self._summed: Ints = np.zeros_like(sums.values)
        self._known = np.ones(len(sums.row), np.bool_)
        for level, codes, of_units in ((0, sums.insee, universe.insee), (1, sums.departement, universe.department)):
            self._sum_up(np.flatnonzero(self._level == level), codes, of_units)
        self._whole()
        self.stated = np.asarray((sums.values >= 0) & self._known[:, None], np.bool_)
        self.differs = np.where(self.stated, sums.values - self._summed, 0)

    def _sum_up(self, rows: Ints, codes: Texts, of_units: Texts) -> None:
        """The sums of the bureaux of some places; those that have none are passed over."""
        different, place = np.unique(of_units, return_inverse=True)
        totals = np.zeros((len(different), *self._values.shape[1:]), np.int64)
        np.add.at(totals, place.reshape(-1), self._values)
        at = np.searchsorted(different, codes[rows]).clip(0, max(len(different) - 1, 0))
        known = different[at] == codes[rows] if len(different) else np.zeros(len(rows), np.bool_)
        self._known[rows[~known]] = False
        self._summed[rows[known]] = totals[at[known], self._sums.poll[rows[known]]]

    def _whole(self) -> None:
        """The country's: the sums of its départements, where the step states them, else that of all bureaux."""
        for row in np.flatnonzero(self._level == 2).tolist():
            poll = int(self._sums.poll[row])
            parts = (self._level == 1) & (self._sums.poll == poll)
            if parts.any():
                self._summed[row] = self._sums.values[parts].clip(0).sum(axis=0)
            else:
                self._summed[row] = self._values[:, poll].sum(axis=0)

    def _code(self, at: int) -> str:
        return str(self._sums.insee[at] or self._sums.departement[at])

    def named(self, at: int) -> tuple[int, str, int, bytes]:
        """What a wrong sum of another step is told to be the same by: place, poll, and by how much it is off."""
        return int(self._level[at]), self._code(at), int(self._sums.poll[at]), self.differs[at].tobytes()

    def wrong(self, at: int, step: StepUp) -> WrongSum:
        """One that differs."""
        differs, poll = self.differs[at], int(self._sums.poll[at])
        column = _SHOWN if differs[_SHOWN] else int(np.flatnonzero(differs)[0])
        twice = bool(differs[column] > 0)
        return WrongSum(
            label=step.label,
            step=step,
            level=_LEVELS[int(self._level[at])],
            insee=self._code(at),
            poll=poll,
            place=self._sums.place(at),
            against=self._summed_from(),
            column=column,
            stated=int(self._sums.values[at, column]),
            summed=int(self._summed[at, column]),
            unit=self._bureau(at, poll, differs),
            twice=twice,
        )

    def _summed_from(self) -> str:
        files = next((each.places.files for each in self._own.figures if each.places.files), ("",))
        return f"{files[0].rstrip(':@')} (Σ)"

    def _bureau(self, at: int, poll: int, differs: Ints) -> int:
        """The one bureau of the place whose figures are just those by which the sum is off, -1 for none or several."""
        stated = self._sums.values[at] >= 0
        same = (self._values[:, poll][:, stated] == np.abs(differs[stated])).all(axis=1)
        same &= self._own.present[:, poll]
        if (differs > 0).any() and (differs < 0).any():
            return -1
        universe, level = self._evidence.universe, int(self._level[at])
        if level < 2:
            same &= (universe.insee if level == 0 else universe.department) == self._code(at)
        units = np.flatnonzero(same)
        return int(units[0]) if len(units) == 1 else -1
