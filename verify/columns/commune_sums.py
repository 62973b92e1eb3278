"""Published results by commune beside the sums of the bureaux' own documents, where no results by bureau are given."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from protocol.quantities import VOTERS, Quantity
from protocol.way_up import StepUp
from protocol.words import Text
from verify.align.lined_published import poll_named
from verify.columns.way_up import RECORD, WayDocument, documents
from verify.model.choices import match
from verify.model.evidence import LinedEvidence
from verify.model.figures import MISSING, Figures, Ints, absent, nowhere
from verify.model.published import Level, Published
from verify.model.way_up import VOTES

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
