"""Sums of communes, départements and the country, as the steps of the way up state them, beside the bureaux."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from protocol.quantities import VOTERS, Quantity
from protocol.transmission import StepUp, ancestors
from protocol.words import Text
from verify.align.lined_published import poll_named
from verify.columns.way_up import RECORD, WayDocument, before_of, documents
from verify.model.contests import match
from verify.model.evidence import LinedEvidence
from verify.model.figures import MISSING, Figures, Ints, Texts, absent, nowhere
from verify.model.published import Level, Published
from verify.model.transmission import VOTES, StatedSums

_COUNTS = (Quantity.VOTES_FOUND, Quantity.BLANK, Quantity.NULL, Quantity.VALID)
"""Counts that are compared: rolls change between sources."""


@dataclass(frozen=True, slots=True)
class WrongCommune:
    """A commune whose published figures are not the sum of its bureaux' own.

    Attributes:
        insee: its code.
        poll: index.
        place, against: where the published figure stands, and the file that was summed up.
        label: of the documents that were.
        field: the count or the choice that is shown.
        published, summed: both figures.
        fields: how many differ.
    """

    insee: str
    poll: int
    place: str
    against: str
    label: Text
    field: str
    published: int
    summed: int
    fields: int


@dataclass(slots=True)
class CommunesCompared:
    """Communes that differ, how many figures of communes were compared, and the tables that have them."""

    wrong: list[WrongCommune]
    compared: int = 0
    tables: list[Published] = field(default_factory=list)


def wrong_communes(evidence: LinedEvidence) -> CommunesCompared | None:
    """Communes that differ; None where there is nothing to compare.

    Of the official list's communes those of which every bureau has the count, in the poll whose choices a table names.
    """
    tables = [table for table in evidence.tables if table.level is Level.COMMUNE]
    last = _last(evidence)
    if evidence.published or not tables or last is None or not evidence.universe.official:
        return None
    polls = ((table, poll_named(evidence, table)) for table in tables)
    found = CommunesCompared([])
    for table, poll in polls:
        if poll >= 0:
            found.wrong += _of_table(evidence, last, table, poll, found)
    return found


def _last(evidence: LinedEvidence) -> WayDocument | None:
    """The last document of the way that there is, else the PVs."""
    found = evidence.once(documents)
    for step in (StepUp.DEFINITIVE, StepUp.COMMISSION, StepUp.CALL_BACK, StepUp.ENTRY, StepUp.COMMUNE, None):
        if step in found:
            return found[step]
    records, votes = evidence.records, evidence.votes
    if records is None:
        return None
    nothing = Figures("", absent(evidence.shape), nowhere(evidence.shape))
    counts = tuple(records.figures.get(name, nothing) for name in VOTERS)
    if votes is None or not evidence.contests.official:
        return WayDocument(None, RECORD, counts, records.present)
    places = votes.places.first()
    of_choices = (Figures(f"voix_{at + 1}", votes.values[..., at], places) for at in range(votes.values.shape[2]))
    return WayDocument(None, RECORD, (*counts, *of_choices), records.present)


def _of_table(
    evidence: LinedEvidence, last: WayDocument, table: Published, poll: int, found: CommunesCompared
) -> Iterator[WrongCommune]:
    """The communes of one table of a poll that differ, each by its first figure; counts the figures compared."""
    universe = evidence.universe
    communes = universe.insee[universe.communes]
    order = np.argsort(communes)
    at = np.searchsorted(communes, table.insee, sorter=order).clip(0, len(communes) - 1)
    commune = np.where(communes[order[at]] == table.insee, order[at], -1)
    rows = np.flatnonzero(commune >= 0)
    first_row = np.full(len(communes), -1, np.int64)
    first_row[commune[rows][::-1]] = rows[::-1]
    files = next((each.places.files for each in last.figures if each.places.files), ("",))
    differing: dict[int, list[tuple[str, int, int]]] = {}
    before = found.compared
    for name, column, values in _published(evidence, table, poll, len(last.figures)):
        stated = _summed(commune[rows], values[rows], len(communes))
        own = _summed(universe.commune_number, last.figures[column].values[:, poll], len(communes))
        both = (stated >= 0) & (own >= 0)
        found.compared += int(both.sum())
        for number in np.flatnonzero(both & (stated != own)).tolist():
            differing.setdefault(number, []).append((name, int(stated[number]), int(own[number])))
    found.tables += [table] if found.compared > before else []
    for number, fields in sorted(differing.items()):
        name, stated_figure, own_figure = fields[0]
        yield WrongCommune(
            insee=str(communes[number]),
            poll=poll,
            place=table.place(int(first_row[number])),
            against=f"{files[0].rstrip(':@')} (Σ)",
            label=last.label,
            field=name,
            published=stated_figure,
            summed=own_figure,
            fields=len(fields),
        )


def _published(evidence: LinedEvidence, table: Published, poll: int, columns: int) -> Iterator[tuple[str, int, Ints]]:
    """The figures of a table by unit: name, column among those of a document, values."""
    for name in _COUNTS:
        if name in table.counts:
            yield name.value, VOTERS.index(name), table.counts[name]
    contests = evidence.contests
    of_poll = [contest for contest in contests.contests if contest.poll == evidence.polls[poll]]
    if len(of_poll) != 1 or not contests.official:
        return
    choices = of_poll[0].choices
    for label, choice in enumerate(match(table.labels, choices)):
        if choice is not None and VOTES + choice < columns:
            votes = np.full(len(table.row), MISSING, np.int64)
            of = table.vote_label == label
            votes[table.vote_unit[of]] = table.votes[of]
            yield choices[choice], VOTES + choice, votes


def _summed(place: Ints, values: Ints, size: int) -> Ints:
    """Sums by place; MISSING where a figure lacks, or there is none."""
    sums = np.zeros(size, np.int64)
    np.add.at(sums, place, values.clip(0))
    lacking = np.ones(size, np.bool_)
    lacking[place] = False
    lacking[place[values < 0]] = True
    return np.where(lacking, MISSING, sums)


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
        """Key of a wrong sum across steps: place, poll, and difference."""
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
