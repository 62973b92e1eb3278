"""Comparisons of the steps of transmission with the documents that they copy, and of their sums with the bureaux."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum
from functools import cached_property
from itertools import takewhile

import numpy as np

from protocol.evidence_kinds import EvidenceKind
from protocol.quantities import VOTERS, Quantity
from protocol.transmission import CORRECTING, StepUp, ancestors
from protocol.words import Text, msg
from verify.align.polls import poll_named_by
from verify.model.contests import match
from verify.model.evidence import FIRST_CHOICE, LinedEvidence, LinedVotes, StatedCorrections, StatedSums, WayUp
from verify.model.figures import MISSING, SUMMED, Bools, Figures, Ints, Texts, absent, name_files, nowhere, sum_groups
from verify.model.published import Level, Published
from verify.model.thresholds import LEAST_DIFFERENT

RECORD = msg("the bureau's PV")
"""First documents of the transmission."""
_STEPS = tuple(StepUp)
_MOST_LOOKED_AT = 5000
"""Rows of one step that are looked at for whose they are, at most."""
_EDITIONS = (StepUp.NIGHT, StepUp.PROVISIONAL, StepUp.DEFINITIVE)


class Change(IntEnum):
    """Kind of difference between a figure and the one it copies."""

    UNEXPLAINED = 0
    SETTLED = 1
    """A later document corrects it."""
    RECORDED = 2
    """A document says so."""
    UNRECORDED = 3
    """At a step that may correct, and no document says so."""
    STALE = 4
    """Of before a correction that had been made."""
    OF_ANOTHER = 5
    """Its row is another bureau's."""


@dataclass(frozen=True)
class WayDocument:
    """The figures of one step; or, without a step, those of the bureaux' PVs.

    Attributes:
        figures: counts, then votes by panel, each of shape ``(units, polls)``.
        present: where it has a row.
    """

    step: StepUp | None
    label: Text
    figures: tuple[Figures, ...]
    present: Bools

    @cached_property
    def values(self) -> Ints:
        """All figures in one array, shape ``(units, polls, columns)``."""
        return np.stack([figures.values for figures in self.figures], axis=2)


@dataclass(frozen=True, slots=True)
class StepChanges:
    """Differences of one step from the document that it copies, ``n`` of them.

    Attributes:
        now, before: both documents.
        unit, poll, column: of each figure, shape ``(n,)``.
        change: what each is, a `Change`, shape ``(n,)``.
        said: row among the stated corrections that speaks of it, -1 for none, shape ``(n,)``.
        other: the bureau whose row it is of, -1 for its own, shape ``(n,)``.
        lost: bureaux that the other document has and this one lacks, shape ``(units, polls)``.
        compared: both figures of each column that both documents have.
    """

    now: WayDocument
    before: WayDocument
    unit: Ints
    poll: Ints
    column: Ints
    change: Ints
    said: Ints
    other: Ints
    lost: Bools
    compared: tuple[tuple[Figures, Figures], ...]

    def are(self, change: Change) -> Bools:
        """Select the differences of a kind, shape ``(n,)``."""
        return np.asarray(self.change == change, np.bool_)


def documents(evidence: LinedEvidence) -> dict[StepUp | None, WayDocument]:
    """All documents of the way that there are, that of the PVs under None."""
    way = evidence.way_up
    if way is None:
        return {}
    found: dict[StepUp | None, WayDocument] = {}
    if evidence.records is not None or evidence.votes is not None:
        found[None] = _records(evidence, way.columns, evidence.votes if evidence.contests.official else None)
    for step, counted in way.steps.items():
        found[step] = WayDocument(
            step, step.label, _in_columns(counted.figures, way.columns, evidence), counted.present
        )
    return found


def _in_columns(figures: Mapping[str, Figures], columns: int, evidence: LinedEvidence) -> tuple[Figures, ...]:
    """Some figures by the names of a table of the way, as so many columns of one."""
    names = (*VOTERS, *(f"voix_{number + 1}" for number in range(columns - FIRST_CHOICE)))
    shape = evidence.shape
    return tuple(figures.get(name) or Figures(name, absent(shape), nowhere(shape)) for name in names)


def _records(evidence: LinedEvidence, columns: int, votes: LinedVotes | None) -> WayDocument:
    """The PVs as a document of so many columns, with some votes by choice."""
    records = evidence.records
    figures: dict[str, Figures] = {} if records is None else {name: records.figures[name] for name in VOTERS}
    if votes is not None:
        for at in range(votes.values.shape[2]):
            name, of = f"voix_{at + 1}", votes.places
            places = replace(of, file=of.file[..., at], at=of.at[..., at])
            figures[name] = Figures(name, votes.values[..., at], places)
    present = np.zeros(evidence.shape, np.bool_) if records is None else records.present
    return WayDocument(None, RECORD, _in_columns(figures, columns, evidence), present)


def before_of(found: dict[StepUp | None, WayDocument], step: StepUp) -> WayDocument | None:
    """The nearest document that a step copies: one that is not there is passed over."""
    return next((found[each] for each in (*ancestors(step), None) if each in found), None)


def step_changes(evidence: LinedEvidence) -> list[StepChanges] | None:
    """Each step that can be compared with the one before it; None without documents of the way."""
    way = evidence.way_up
    if way is None:
        return None
    found = evidence.once(documents)
    compared = []
    for step in way.steps:
        before = before_of(found, step)
        if before is not None:
            compared.append(_compared(evidence, way, step, found[step], before))
    return compared


def _compared(evidence: LinedEvidence, way: WayUp, step: StepUp, now: WayDocument, before: WayDocument) -> StepChanges:
    ours, theirs = now.values, before.values
    differs = (ours >= 0) & (theirs >= 0) & (ours != theirs)
    if step is StepUp.NIGHT:
        _add_late(way, ours, differs)
    column, unit, poll = np.nonzero(differs.transpose(2, 0, 1))
    change = np.full(len(unit), Change.UNRECORDED if step in CORRECTING else Change.UNEXPLAINED, np.int64)
    said = np.full(len(unit), -1, np.int64)
    other = _of_another(evidence, now, before, unit, poll)
    change[other >= 0] = Change.OF_ANOTHER
    if way.corrections is not None:
        _explain(step, now, before, way.corrections, (unit, poll, column), change, said)
    pairs = tuple(zip(now.figures, before.figures, strict=True))
    return StepChanges(now, before, unit, poll, column, change, said, other, _lost(evidence, now, before), pairs)


def _explain(
    step: StepUp,
    now: WayDocument,
    before: WayDocument,
    stated: StatedCorrections,
    cells: tuple[Ints, Ints, Ints],
    change: Ints,
    said: Ints,
) -> None:
    """Say of each figure that differs what the stated corrections say of it."""
    of = _STEPS.index(step)
    between = {_STEPS.index(each) for each in takewhile(lambda each: each is not before.step, (step, *ancestors(step)))}
    corrected: dict[tuple[int, int, int], list[int]] = {}
    for row, key in enumerate(zip(stated.unit.tolist(), stated.poll.tolist(), stated.column.tolist(), strict=True)):
        corrected.setdefault(key, []).append(row)
    for at, key in enumerate(zip(*(axis.tolist() for axis in cells), strict=True)):
        ours, theirs = int(now.values[key]), int(before.values[key])
        for row in corrected.get(key, ()):
            was, becomes, where = int(stated.before[row]), int(stated.after[row]), int(stated.step[row])
            if where in between and (was, becomes) == (theirs, ours):
                change[at], said[at] = Change.RECORDED, row
            elif where > of and step is not StepUp.NIGHT and (was, becomes) == (ours, theirs):
                change[at], said[at] = Change.SETTLED, row
            elif step in _EDITIONS and was == ours and (becomes == theirs or ours == theirs):
                change[at], said[at] = Change.STALE, row


def _add_late(way: WayUp, values: Ints, differs: Bools) -> None:
    """Mark the figures of the night edition that were corrected when it was written, and are still as before."""
    stated, hours = way.corrections, way.steps[StepUp.NIGHT].figures.get("heure")
    if stated is not None and hours is not None:
        cells = stated.unit, stated.poll, stated.column
        late = (values[cells] == stated.before) & (stated.hour >= 0) & (hours.values[cells[:2]] > stated.hour)
        differs[tuple(axis[late] for axis in cells)] = True


def _of_another(evidence: LinedEvidence, now: WayDocument, before: WayDocument, unit: Ints, poll: Ints) -> Ints:
    """For each figure that differs the bureau of its commune whose whole row it stands in, -1 for none."""
    other = np.full(len(unit), -1, np.int64)
    polls = len(evidence.polls)
    rows, inverse, counts = np.unique(unit * polls + poll, return_inverse=True, return_counts=True)
    universe = evidence.universe
    for at in np.flatnonzero(counts >= LEAST_DIFFERENT)[:_MOST_LOOKED_AT].tolist():
        mine, of = divmod(int(rows[at]), polls)
        units, row = universe.of_commune(str(universe.insee[mine])), now.values[mine, of]
        same = ((before.values[units, of] == row) | (row < 0)).all(axis=1) & (units != mine)
        if same.sum() == 1:
            other[inverse.reshape(-1) == at] = units[same][0]
    return other


def _lost(evidence: LinedEvidence, now: WayDocument, before: WayDocument) -> Bools:
    """Bureaux of a place of which a document has others, and which the one before it has."""
    universe = evidence.universe
    _, place = np.unique(np.where(universe.department == "", universe.insee, universe.department), return_inverse=True)
    place = place.reshape(-1)
    covered = np.zeros((int(place.max(initial=-1)) + 1, len(evidence.polls)), np.bool_)
    np.logical_or.at(covered, place, now.present)
    return np.asarray(before.present & ~now.present & covered[place], np.bool_)


_COMPARED = (Quantity.REGISTERED, Quantity.VOTES_FOUND, Quantity.BLANK, Quantity.NULL, Quantity.VALID)
_REGISTERED, _FOUND, _VALID = (VOTERS.index(name) for name in (_COMPARED[0], _COMPARED[1], _COMPARED[-1]))
_BOUNDS = (
    (_REGISTERED, slice(_FOUND, _FOUND + 1)),
    (_FOUND, slice(_FOUND + 1, FIRST_CHOICE)),
    (_VALID, slice(FIRST_CHOICE, None)),
)
"""Columns of counts of a bureau, each with those of which none can be more."""


def wrong_totals(evidence: LinedEvidence) -> StatedSumsCompared | None:
    """Published totals that are not the sum of their bureaux' own; None where there is nothing to compare.

    Of places of which every known bureau has the count, in the poll whose choices a table names; of a poll by the
    tables of the finest level, as these are compared with the others. Without the official list bureaux may be unknown:
    then only where none can have what is published beyond the sum.
    """
    own = _last(evidence)
    tables = [(each, poll_named_by(evidence, each)) for each in evidence.once(of_own_communes) if each.level in _LEVELS]
    if own is None or not tables or any(lines.counted.present.any() for lines in evidence.published):
        return None
    found = StatedSumsCompared([], 0)
    for table, poll in tables:
        finest = min(_LEVELS.index(each.level) for each, of in tables if of == poll)
        if poll >= 0 and table.level is _LEVELS[finest]:
            rows, totals = _published(evidence, table, poll, len(own.figures))
            found.add_table(table, rows, _SumsOfStep(evidence, own, totals, whole=True), own.label)
    return found


def of_own_communes(evidence: LinedEvidence) -> list[Published]:
    """Each published file by commune, less the rows and choices of communes without a bureau; and the other files."""
    from verify.read.published.sums import choose

    universe, found = evidence.universe, []
    for table in evidence.tables:
        own = np.isin(table.insee, universe.insee[universe.communes])
        if table.level is Level.COMMUNE and own.any() and not own.all():
            table = choose(table, np.flatnonzero(own))
            used, label = np.unique(table.vote_label, return_inverse=True)
            labels = tuple(table.labels[at] for at in used.tolist())
            table = replace(table, labels=labels, vote_label=label.reshape(-1))
        found.append(table)
    return found


def _last(evidence: LinedEvidence) -> WayDocument | None:
    """The last document of the way that there is, else the PVs; with votes by choice where all have the same ones."""
    found = evidence.once(documents)
    for step in (StepUp.DEFINITIVE, StepUp.COMMISSION, StepUp.CALL_BACK, StepUp.ENTRY, StepUp.COMMUNE, None):
        if step in found:
            return found[step]
    votes = evidence.votes if evidence.contests.official or len(evidence.contests.contests) == 1 else None
    columns = FIRST_CHOICE + (0 if votes is None else votes.values.shape[2])
    return None if evidence.records is None else _records(evidence, columns, votes)


def _published(evidence: LinedEvidence, table: Published, poll: int, columns: int) -> tuple[Ints, StatedSums]:
    """The figures of a table by place, as sums of so many columns, and the row of each; several of one together."""
    values = np.full((len(table.row), columns), MISSING, np.int64)
    for name in _COMPARED:
        if name in table.counts:
            values[:, VOTERS.index(name)] = table.counts[name]
    of_poll = [contest for contest in evidence.contests.contests if contest.poll == evidence.polls[poll]]
    choices = of_poll[0].choices if len(of_poll) == 1 else ()
    for label, choice in enumerate(match(table.labels, choices)):
        if choice is not None and FIRST_CHOICE + choice < columns:
            here = table.vote_label == label
            values[table.vote_unit[here], FIRST_CHOICE + choice] = table.votes[here]
    nowhere_named = np.zeros_like(table.insee)
    insee = table.insee if table.level is Level.COMMUNE else nowhere_named
    department = table.department if table.level is Level.DEPARTMENT else nowhere_named
    codes = np.strings.add(insee.astype(np.str_), department.astype(np.str_))
    rows = np.flatnonzero((codes != "") | (table.level is Level.NATION))
    _, first, place = np.unique(codes[rows], return_index=True, return_inverse=True)
    summed = np.stack([sum_groups(column, place.reshape(-1), len(first)) for column in values[rows].T], axis=1)
    polls = np.full(len(first), poll, np.int64)
    at = rows[first]
    return at, StatedSums(table.file, department[at], insee[at], polls, summed, table.row[at])


_SHOWN = VOTERS.index(Quantity.VOTES_FOUND)
"""The count that is shown, where it is among those that differ."""
_LEVELS = (Level.COMMUNE, Level.DEPARTMENT, Level.NATION)


@dataclass(frozen=True, slots=True)
class WrongSum:
    """A sum that is not that of the bureaux of its step.

    Attributes:
        label, step, piece: of the document that states it; no step for published results.
        level: of the place.
        insee: code of the place, empty for the country.
        poll: index.
        place, against: where the sum stands, and what was summed up; ``parts``: the evidence that this is.
        column: the count that is shown; ``fields``: how many differ.
        stated, summed: both figures of it.
        unit: the bureau that it lacks or has twice, -1 where none is exactly that.
        twice: whether it has it twice.
    """

    label: Text
    step: str
    piece: EvidenceKind
    level: Level
    insee: str
    poll: int
    place: str
    against: str
    parts: EvidenceKind
    column: int
    fields: int
    stated: int
    summed: int
    unit: int
    twice: bool


@dataclass(frozen=True, slots=True)
class OpenTotal:
    """A published total of a commune that may have bureaux which nobody gave.

    Attributes:
        table: the published table.
        insee: code of the commune.
        more: by how many registered voters it has more than the bureaux that are known; 0 where that is not known.
        lacking: how many known bureaux have nothing.
    """

    table: Published
    insee: str
    more: int
    lacking: int


@dataclass(slots=True)
class StatedSumsCompared:
    """Sums that are wrong or open, how many figures of sums were compared, and the published tables that have them."""

    wrong: list[WrongSum]
    compared: int
    tables: list[Published] = field(default_factory=list)
    open: list[OpenTotal] = field(default_factory=list)

    def add_table(self, table: Published, rows: Ints, sums: _SumsOfStep, own: Text) -> None:
        """Add the totals of some rows of a published table beside what their bureaux have."""
        differs = sums.differing()
        may_lack = {at for at in differs if sums.may_lack_bureaux(at)}
        compared = np.delete(sums.stated, list(may_lack), axis=0)
        self.compared += int(compared.sum())
        self.tables += [table] if compared.any() else []
        for at in (at for at in differs if at not in may_lack):
            self.wrong.append(replace(sums.wrong(at, own), place=table.place(int(rows[at]))))
        if table.level is Level.COMMUNE:
            self.open += [
                OpenTotal(table, str(table.insee[rows[at]]), int(sums.registered[at]), int(sums.without[at]))
                for at in sorted({*may_lack, *np.flatnonzero(sums.without).tolist()})
            ]


def wrong_sums(evidence: LinedEvidence) -> StatedSumsCompared | None:
    """Stated sums that are wrong, but not by just what those of a step before them are; None without any."""
    way = evidence.way_up
    if way is None:
        return None
    found, known = evidence.once(documents), set[tuple[StepUp, int, str, int, bytes]]()
    compared = StatedSumsCompared([], 0)
    for step, sums in way.sums.items():
        own = found.get(step) or before_of(found, step)
        if own is None:
            continue
        looked_at = _SumsOfStep(evidence, own, sums, whole=False)
        compared.compared += int(looked_at.stated.sum())
        for at in looked_at.differing():
            what = looked_at.named(at)
            known.add((step, *what))
            if not any((each, *what) in known for each in ancestors(step)):
                compared.wrong.append(looked_at.wrong(at, step.label, step))
    return compared


class _SumsOfStep:
    """The sums of one step beside those of its bureaux; ``whole``: only those of which every bureau has the figure.

    Where they have to be whole, registered voters are no figure that differs: rolls change between sources.

    Attributes:
        stated: which are there and have bureaux to be compared with, shape ``(n, columns)``.
        differs: by how much each is more, likewise.
        registered: by how many registered voters, shape ``(n,)``.
        without: bureaux of each place that have nothing where others have something, shape ``(n,)``.
    """

    def __init__(self, evidence: LinedEvidence, own: WayDocument, sums: StatedSums, *, whole: bool) -> None:
        self._evidence, self._own, self._sums = evidence, own, sums
        self._values, self._lacking = own.values.clip(0), (own.values < 0) & whole
        universe = evidence.universe
        self._level = np.where(sums.insee != "", 0, np.where(sums.departement != "", 1, 2))
        self._summed: Ints = np.zeros_like(sums.values)
        self._known = np.ones(sums.values.shape, np.bool_)
        self.without = np.zeros(len(sums.values), np.int64)
        nation = np.zeros_like(universe.department)
        of_units = ((sums.insee, universe.insee), (sums.departement, universe.department), (sums.departement, nation))
        for level, (codes, units) in enumerate(of_units):
            self._sum_up(np.flatnonzero(self._level == level), codes, units)
        self._take_stated_parts()
        self.stated = np.asarray((sums.values >= 0) & self._known, np.bool_)
        self.differs = np.where(self.stated, sums.values - self._summed, 0)
        self.registered = self.differs[:, _REGISTERED].copy()
        if whole:
            self.stated[:, _REGISTERED], self.differs[:, _REGISTERED] = False, 0

    def _sum_up(self, rows: Ints, codes: Texts, of_units: Texts) -> None:
        """The sums of the bureaux of some places; those that have none are passed over."""
        different, place = np.unique(of_units, return_inverse=True)
        totals, lacking = np.zeros((2, len(different), *self._values.shape[1:]), np.int64)
        np.add.at(totals, place.reshape(-1), self._values)
        np.add.at(lacking, place.reshape(-1), self._lacking)
        without = np.zeros(totals.shape[:2], np.int64)
        np.add.at(without, place.reshape(-1), ~self._own.present)
        at = np.searchsorted(different, codes[rows]).clip(0, max(len(different) - 1, 0))
        known = different[at] == codes[rows] if len(different) else np.zeros(len(rows), np.bool_)
        here = at[known], self._sums.poll[rows[known]]
        self._known[rows[~known]] = False
        self._known[rows[known]] = lacking[here] == 0
        self._summed[rows[known]] = totals[here]
        self.without[rows[known]] = np.where(totals[here].any(axis=1), without[here], 0)

    def _take_stated_parts(self) -> None:
        """Take the sums of the départements for the country's parts, where the step states them."""
        for row in np.flatnonzero(self._level == 2).tolist():
            parts = (self._level == 1) & (self._sums.poll == self._sums.poll[row])
            if parts.any():
                self._summed[row] = self._sums.values[parts].clip(0).sum(axis=0)

    def _code(self, at: int) -> str:
        return str(self._sums.insee[at] or self._sums.departement[at])

    def differing(self) -> list[int]:
        """List those that are wrong."""
        return np.flatnonzero(self.differs.any(axis=1)).tolist()

    def may_lack_bureaux(self, at: int) -> bool:
        """Check that bureaux which are not known can have what a sum has more than those that are.

        Not of a commune on the official list, nor where a bureau would have more voters than are registered there, more
        valid votes than voters, more votes for choices than valid ones, or less than nothing.
        """
        if self._evidence.universe.official and self._level[at] == 0:
            return False
        known, more = self._known[at] & (self._sums.values[at] >= 0), self.differs[at].copy()
        more[_REGISTERED] = self.registered[at]
        beyond = (known[most] and more[of].max(initial=0) > more[most] for most, of in _BOUNDS)
        return not (self.differs[at] < 0).any() and not any(beyond)

    def named(self, at: int) -> tuple[int, str, int, bytes]:
        """Key of a wrong sum across steps: place, poll, and difference."""
        return int(self._level[at]), self._code(at), int(self._sums.poll[at]), self.differs[at].tobytes()

    def wrong(self, at: int, label: Text, step: StepUp | None = None) -> WrongSum:
        """One that differs, of published results where there is no step."""
        differs, poll = self.differs[at], int(self._sums.poll[at])
        column = _SHOWN if differs[_SHOWN] else int(np.flatnonzero(differs)[0])
        twice = bool(differs[column] > 0)
        return WrongSum(
            label=label,
            step="" if step is None else step.value,
            piece=EvidenceKind.PUBLISHED if step is None else step.kind,
            level=_LEVELS[int(self._level[at])],
            insee=self._code(at),
            poll=poll,
            place=self._sums.place(at),
            against=self._summed_from(),
            parts=EvidenceKind.RECORDS if self._own.step is None else self._own.step.kind,
            column=column,
            fields=int(np.count_nonzero(differs)),
            stated=int(self._sums.values[at, column]),
            summed=int(self._summed[at, column]),
            unit=self._bureau(at, poll, differs),
            twice=twice,
        )

    def _summed_from(self) -> str:
        files = (file.rstrip(":@") for each in self._own.figures for file in each.places.files if file)
        return name_files(files) + SUMMED

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
