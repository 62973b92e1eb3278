"""Published results by bureau, and what they should be: the votes of the PVs, or where there is none the machines'."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from protocol.quantities import Quantity
from verify.align.polls import poll_named_by
from verify.columns.counts import recorded
from verify.columns.exchanged import others
from verify.columns.machine_votes import machine_votes
from verify.model.contests import match
from verify.model.evidence import LinedEvidence, PublishedLines
from verify.model.figures import MISSING, Bools, Figures, Ints, Texts, rows_with_any
from verify.model.published import Flaw, Level, Published
from verify.model.universe import find_units
from verify.read.published.checks import flaws, looked_at
from verify.read.published.comparison import Difference, compare
from verify.read.published.sums import NoSum


def signatures(evidence: LinedEvidence) -> list[Figures] | None:
    """The signatures of each published file that has them; None where none has."""
    stated = [lines.counted["signatures"] for lines in evidence.published]
    return [each for each in stated if each.known.any()] or None


@dataclass(frozen=True, slots=True)
class VotesOfFile:
    """One published file, and the votes by choice that it should have.

    Attributes:
        lines: the published file.
        votes: those of the PVs or the machines, shape ``(units, polls, width)``.
        other: the bureau whose votes the published row of a bureau has, -1 for its own; shape ``(units, polls)``.
    """

    lines: PublishedLines
    votes: Figures
    other: Ints

    def differs(self) -> Bools:
        """Find votes that differ from those published, in rows that are the bureau's own; shape of ``votes``."""
        published = self.lines.votes.values
        unlike = np.asarray(published != self.votes.values, np.bool_)
        rows = rows_with_any(unlike)
        known = (published[rows] >= 0) & (self.votes.values[rows] >= 0) & (self.other[rows] < 0)[:, :, None]
        unlike[rows] &= known
        return unlike


def own_votes(evidence: LinedEvidence) -> list[VotesOfFile] | None:
    """Each published file with the votes of the PVs; None without them."""
    if evidence.votes is None:
        return None
    return _of_files(evidence, evidence.votes.figures)


def _of_files(evidence: LinedEvidence, votes: Figures) -> list[VotesOfFile]:
    return [VotesOfFile(each, votes, others(evidence, votes.values, each.votes.values)) for each in evidence.published]


def own_machine_votes(evidence: LinedEvidence) -> list[VotesOfFile] | None:
    """Each published file with the votes of the machines, for bureaux that have no PV; None without machines."""
    machine = evidence.once(machine_votes)
    if machine is None or evidence.machines is None:
        return None
    values = np.where(evidence.once(recorded)[:, :, None], MISSING, machine)
    return _of_files(evidence, Figures(Quantity.VOTES, values, evidence.machines.cast.places.along(values.shape[2])))


def own_rows(evidence: LinedEvidence) -> list[tuple[PublishedLines, Bools]]:
    """Each published file, and where its rows have no other bureau's votes by the PVs, ``(units, polls)``."""
    compared = evidence.once(own_votes)
    if compared is None:
        return [(each, np.ones(evidence.shape, np.bool_)) for each in evidence.published]
    return [(each.lines, np.asarray(each.other < 0, np.bool_)) for each in compared]


@dataclass(frozen=True, slots=True)
class FlawsOfTable:
    """One published file, of any level, and what it shows by itself.

    Attributes:
        table: the file.
        flaws: what it shows.
        looked_at: how many of its figures each rule has looked at for these.
        bureau: codes of its bureaux as the list of them has them, shape ``(n,)``.
        poll: number of the poll that it is about, where the day has several and that is known; else 0.
    """

    table: Published
    flaws: list[Flaw]
    looked_at: dict[str, int]
    bureau: Texts
    poll: int


def table_flaws(evidence: LinedEvidence) -> list[FlawsOfTable] | None:
    """Each published file and what it shows by itself; None where there is none."""
    found = []
    for table in evidence.tables:
        own, codes = table.once(flaws), table.bureau
        if table.level is Level.BUREAU and any(flaw.unit >= 0 for flaw in own):
            codes = as_listed(evidence, table.insee, table.bureau)
        found.append(FlawsOfTable(table, own, looked_at(table), codes, _poll_of(evidence, table)))
    return found or None


def _poll_of(evidence: LinedEvidence, table: Published) -> int:
    if len(evidence.polls) == 1:
        return 0
    lines = next((each for each in evidence.published if each.published is table), None)
    if lines is None:
        named = poll_named_by(evidence, table)
        return evidence.polls[named] if named >= 0 else 0
    (polls,) = lines.counted.present.any(axis=0).nonzero()
    return evidence.polls[int(polls[0])] if len(polls) else 0


@dataclass(frozen=True, slots=True)
class ComparedTables:
    """Two published files of one contest at the lowest level that both have, or can be summed up to.

    Attributes:
        left, right: the files.
        level: at which they are compared.
        figures: how many are.
        differences: the figures that they give differently.
        whole: codes of the communes of which one of them has every bureau of the official list.
        bureau: code of the bureau of each of them as the list has it, empty at other levels.
        poll: as in `FlawsOfTable`.
    """

    left: Published
    right: Published
    level: Level
    figures: int
    differences: tuple[Difference, ...]
    whole: frozenset[str]
    bureau: Texts
    poll: int


def tables_compared(evidence: LinedEvidence) -> Iterator[ComparedTables] | None:
    """Every two published files of one contest that can be compared; None where there is one at most."""
    return _compared(evidence) if evidence.tables[1:] else None


def _compared(evidence: LinedEvidence) -> Iterator[ComparedTables]:
    for left, right in combinations(evidence.tables, 2):
        if left.file == right.file or not _of_one_contest(left, right):
            continue
        try:
            lowest = compare(left, right)[0]
        except NoSum:
            continue
        differences = tuple(lowest.differences)
        places = [difference.place.partition("/")[::2] for difference in differences]
        bureau = np.array([code if lowest.level is Level.BUREAU else "" for _, code in places], np.str_)
        if len(bureau) and lowest.level is Level.BUREAU:
            bureau = as_listed(evidence, np.array([insee for insee, _ in places], np.str_), bureau)
        figures = lowest.units * len(lowest.fields)
        whole, poll = _whole_communes(evidence, left) | _whole_communes(evidence, right), _poll_of(evidence, left)
        yield ComparedTables(left, right, lowest.level, figures, differences, whole, bureau, poll)


def _whole_communes(evidence: LinedEvidence, table: Published) -> frozenset[str]:
    """Codes of the communes of which a table has every bureau of the official list."""
    universe = evidence.universe
    there = [lines.counted.present.any(axis=1) for lines in evidence.published if lines.published is table]
    if not universe.official or not there:
        return frozenset()
    communes = universe.insee[universe.communes]
    return frozenset(communes[~universe.in_communes_of(~there[0])[universe.communes]].tolist())


def _of_one_contest(left: Published, right: Published) -> bool:
    if left.round and right.round and left.round != right.round:
        return False
    most = max(len(left.labels), len(right.labels))
    common = sum(at is not None for at in match(left.labels, right.labels))
    # one spelt otherwise is still a contest; two presidential elections have more than half of their names in common
    return common * 2 > most and most - common <= max(1, most // 4)


def as_listed(evidence: LinedEvidence, insee: Texts, bureau: Texts) -> Texts:
    """Codes of bureaux as the list of them has them: of ``3`` and ``0003`` the same wherever they are shown."""
    universe = evidence.universe
    unit = find_units(universe, insee, bureau)
    return np.where(unit >= 0, universe.bureau[unit], bureau) if len(universe) else bureau


def machine_counts(evidence: LinedEvidence) -> dict[str, Figures] | None:
    """The counts of the machines by the names of published ones, for bureaux that have no PV; None without machines."""
    machines = evidence.machines
    if machines is None:
        return None
    cast, blank = machines.cast, machines.blank
    valid = cast.values - np.where(cast.known, blank.values, 0)
    counts = {"votes_found": cast.values, "blank": blank.values, "valid": valid}
    there = evidence.once(recorded)
    return {name: Figures(name, np.where(there, MISSING, values), cast.places) for name, values in counts.items()}
