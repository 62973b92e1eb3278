"""The contests of which the evidence has the counts, as `verify.materiality` wants them.

Nothing is netted between bureaux or carried to another level, and of a contest of which only a part is at hand, that is
said.

Votes beyond what the papers allow are those beyond the signatures and those beyond the voters that the same paper
states. Where two PVs contradict each other, each is a reading, and the one with more votes beyond signatures counts.
Conseil constitutionnel, 2024-6367 AN, 7 March 2025: votes that a PV counts beyond its voters less blank and null votes
are taken from the choices as votes beyond the signatures are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from protocol.evidence_kinds import EvidenceKind
from protocol.insee import as_written
from protocol.quantities import Quantity
from protocol.words import Text, msg, series
from verify.columns.counts import gap, signatures, stated, votes_found
from verify.columns.machine_votes import machine_votes
from verify.columns.sources import of_table
from verify.materiality.contest import BureauNames, Bureaux, ContestCount, Scope
from verify.materiality.kinds import MUNICIPAL, Ballot, ElectionKind, election_word, kind_of, word_of
from verify.materiality.outcome import Totals
from verify.model.contests import match
from verify.model.evidence import LinedEvidence
from verify.model.figures import MISSING, Bools, Figures, Ints, absent, first_known, rows_with_any
from verify.model.follow_ups import FollowStatus, FollowUp
from verify.model.identity import UNSTATED, StatedElection
from verify.model.published import Level, Published
from verify.model.universe import MACHINE, Universe


def contest_totals(evidence: LinedEvidence) -> dict[tuple[int, str], tuple[str, Totals]]:
    """Totals and their file by number of the poll and constituency, for polls in which the country is one contest.

    A row counts where it has the valid votes and a number for each choice of the contest, and for no other.
    """
    if evidence.election is None:
        return {}
    national = {poll.number for poll in evidence.election.polls if (kind := kind_of(poll.type)) and kind.national}
    found: dict[tuple[int, str], tuple[str, Totals]] = {}
    for contest in evidence.contests.contests:
        if contest.poll not in national or contest.constituency:
            continue
        for table in evidence.tables:
            totals = _of_the_nation(table, contest.choices)
            if totals is not None:
                found.setdefault((contest.poll, ""), (table.file, totals))
    return found


def _of_the_nation(table: Published, choices: tuple[str, ...]) -> Totals | None:
    if table.level is not Level.NATION or len(table.row) != 1:
        return None
    votes = [-1] * len(choices)
    labels = [table.labels[label] for label in table.vote_label.tolist()]
    for place, count in zip(match(labels, choices), table.votes.tolist(), strict=True):
        if place is None:
            return None
        votes[place] = count
    registered, valid = int(table.counts["registered"][0]), int(table.counts["valid"][0])
    if valid < 0 or min(votes, default=-1) < 0:
        return None
    return Totals(registered if registered >= 0 else None, valid, tuple(votes))


def _worse_of_two(evidence: LinedEvidence, figures: Figures, choose: Callable[[int, int], int]) -> Figures:
    """A count of PVs with the more (`max`) or the fewer (`min`) where two PVs of a bureau have others."""
    own = None if evidence.records is None else evidence.records.figures.get(figures.name)
    values = figures.values.copy()
    for twice in evidence.twice:
        if twice.first is own:
            for unit, poll in np.argwhere(twice.differs & (figures.values == own.values)).tolist():
                if figures.places.text(unit, poll) == own.places.text(unit, poll):  # the figure is the first PV's
                    values[unit, poll] = choose(int(values[unit, poll]), int(twice.other.values[unit, poll]))
    return replace(figures, values=values)


def beyond_voters(evidence: LinedEvidence) -> Ints:
    """Votes by choice, blank and null beyond the voters of the same paper: the PV's, else the most that is published.

    Shape ``(units, polls)``. A count that is not known adds nothing; a PV whose counts stand one column off has none.
    """
    most = np.zeros(evidence.shape, np.int64)
    of_pv = np.zeros(evidence.shape, np.bool_)
    if evidence.votes is not None and evidence.records is not None:
        counts = evidence.records
        voters = counts[Quantity.VOTES_FOUND].values
        if evidence.shifted is not None:
            voters = np.where(evidence.shifted == 0, voters, -1)
        most, of_pv = _beyond(
            evidence.votes.values, voters, counts[Quantity.BLANK].values, counts[Quantity.NULL].values
        )
    for lines in evidence.published:
        of = lines.counted
        blank_and_null = of[Quantity.BLANK].values, of[Quantity.NULL].values
        beyond, known = _beyond(lines.votes.values, of[Quantity.VOTES_FOUND].values, *blank_and_null)
        np.maximum(most, beyond, out=most, where=known & ~of_pv)
    return most


def _beyond(votes: Ints, voters: Ints, *others: Ints) -> tuple[Ints, Bools]:
    """Votes by choice, and other votes, beyond the voters of one paper; and where that is known."""
    counted = np.einsum("ijk->ij", np.maximum(votes, 0), dtype=np.int64)
    counted += sum((np.maximum(each, 0) for each in others), start=np.zeros_like(voters))
    known = np.asarray((voters >= 0) & np.einsum("ijk->ij", votes >= 0), np.bool_)  # much quicker than `any`
    return np.where(known, np.maximum(counted - voters, 0), 0), known


_OF_GAPS = frozenset(("", "R201", "R202", "R204", "open-gap", "gap-unmentioned"))
"""Subject of a follow-up that explains a gap."""


@dataclass(frozen=True, slots=True)
class Supplement:
    """Additions of an auditor to the evidence, each of shape ``(units, polls)``.

    Attributes:
        explained: votes of a gap, in either direction, with a corroborated explanation.
        contested: contested signatures.
        kept_out: ballots lost or wrongly declared void, and voters kept from voting.
    """

    explained: Ints
    contested: Ints
    kept_out: Ints

    def any(self) -> bool:
        """Check that there is any addition."""
        return bool(self.explained.any() or self.contested.any() or self.kept_out.any())


def _unmentioned(evidence: LinedEvidence, gaps: Ints) -> Bools:
    """Find gaps between votes and signatures that the PV does not mention, shape ``(units, polls)``."""
    if evidence.records is None:
        return np.zeros(evidence.shape, np.bool_)
    return np.asarray((gaps != 0) & evidence.records.present & ~evidence.records.mentioned, np.bool_)


def supplement_of(evidence: LinedEvidence) -> Supplement:
    """Take additions from the follow-ups.

    A gap counts as explained where a follow-up says so and names the piece that shows it: as many votes as it says, the
    whole gap where it does not. Signatures count as contested, and ballots or voters as kept out, where a follow-up of
    one bureau says how many; of those that are contested in a gap, only what goes beyond the gap, which counts already.
    """
    counts = evidence.once(gap)
    gaps = np.zeros(evidence.shape, np.int64) if counts is None else counts.values
    explained, contested, kept_out = np.zeros((3, *evidence.shape), np.int64)
    stated = {FollowStatus.CONTESTED: contested, FollowStatus.KEPT_OUT: kept_out}
    for row in () if counts is None else evidence.weighed:
        at = _where(evidence, row)
        if row.corroborated and row.about in _OF_GAPS and (row.bureau or row.number is None):
            most = np.abs(gaps[at])
            explained[at] = np.maximum(explained[at], most if row.number is None else np.minimum(row.number, most))
        elif row.status in stated and row.number is not None and row.bureau:
            figures = stated[row.status]
            in_gap = row.status is FollowStatus.CONTESTED and row.about != "" and row.about in _OF_GAPS
            figures[at] = np.maximum(figures[at], row.number - (gaps[at].clip(0) if in_gap else 0))
    return Supplement(explained, contested, kept_out)


def _where(evidence: LinedEvidence, row: FollowUp) -> tuple[Ints, Ints]:
    """The units and polls that a follow-up is about, as indices for arrays of shape ``(units, polls)``."""
    universe = evidence.universe
    units = np.ones(len(universe), np.bool_)
    if row.insee:
        units &= universe.insee == row.insee
    if row.bureau:
        units &= universe.bureau == row.bureau
    polls = np.array([not row.poll or number == row.poll for number in evidence.polls], np.bool_)
    unit, poll = np.nonzero(units[:, None] & polls)
    return unit, poll


@dataclass(frozen=True, slots=True)
class Judged:
    """A contest with what it is called: its label, number of the poll, constituency, and INSEE code of its commune.

    ``insee`` is empty where the contest is not one commune's. ``units`` are the bureaux of the count, by index.
    """

    label: Text
    poll: int
    constituency: str
    insee: str
    count: ContestCount
    votes_from: str
    signatures_from: str
    units: Ints


def _label(evidence: LinedEvidence, number: int, area: str, commune: str) -> Text:
    names = {} if evidence.election is None else {poll.number: poll.name for poll in evidence.election.polls}
    stated = _stated(evidence)
    poll: Text = names.get(number) or (stated.text if stated.kind else msg("poll {number}", number=number))
    where: Text = area
    if area.isdecimal():
        by_canton = election_word(_elects(evidence, number)[0]) == ElectionKind.DEPARTMENTAL.value
        where = msg("canton {area}", area=area) if by_canton else msg("constituency {area}", area=area)
    return series((part for part in (poll, where, commune) if part), ", ")


def _commune(universe: Universe, unit: int) -> str:
    """The commune of a bureau as people write it, with its code where it has no name or shares it."""
    insee, name = str(universe.insee[unit]), str(universe.commune[unit])
    return f"{as_written(name)} {insee}" if name in universe.shared_names else as_written(name) or insee


def _stated(evidence: LinedEvidence) -> StatedElection:
    """The election that the files say they are of; nothing where the day has several polls."""
    return evidence.stated if len(evidence.polls) == 1 else UNSTATED


def contests_at_hand(evidence: LinedEvidence) -> list[Judged]:
    """Every contest in which something could change, with what is to be weighed of the follow-ups."""
    return list(contests(evidence))


def irregular_contests(evidence: LinedEvidence) -> list[Judged]:
    """Those in which some bureau is irregular."""
    return [each for each in evidence.once(contests_at_hand) if each.count.bureaux.irregular.any()]


def contests(evidence: LinedEvidence, *, every: bool = False) -> Iterator[Judged]:
    """The contests with votes beyond the signatures, some kept out, or an irregular bureau; or ``every`` one."""
    table = _table(evidence)
    if table is None:
        return
    stirred = np.ones(evidence.shape, np.bool_) if every else (table.excess + table.kept_out > 0) | table.irregular
    for column, number in enumerate(evidence.polls):
        of = evidence.contests.of[:, column]
        for index in np.flatnonzero(np.bincount(of[stirred[:, column] & (of >= 0)])).tolist():
            units = np.flatnonzero(of == index)
            machines = bool((evidence.universe.counting[units] == MACHINE).any())
            ballot, by_commune = _ballot(evidence, number, machines)
            codes = evidence.universe.insee[units] if by_commune else np.zeros(0, np.str_)
            for insee in np.unique(codes).tolist() if by_commune else [""]:
                here = units[codes == insee] if insee else units
                if stirred[here, column].any():
                    yield table.judged(here, column, index, ballot, str(insee))


def excess(evidence: LinedEvidence) -> Ints:
    """Votes beyond signatures or voters of each bureau and poll, shape ``(units, polls)``."""
    table = _table(evidence)
    return np.zeros(evidence.shape, np.int64) if table is None else table.excess


def _table(evidence: LinedEvidence) -> _Table | None:
    signed, found = evidence.once(signatures), evidence.once(votes_found)
    if signed is None or found is None:
        return None
    return _Table(evidence, _worse_of_two(evidence, signed, min), _worse_of_two(evidence, found, max))


def _ballot(evidence: LinedEvidence, number: int, machines: bool) -> tuple[Ballot | None, bool]:
    """Find the voting system of a poll, None if unknown; and whether each commune is a contest of its own."""
    word, round_, seats = _elects(evidence, number)
    kind = kind_of(word, machines, evidence.stated.year)
    if kind is None:
        return None, election_word(word) == MUNICIPAL
    round_ = round_ or (1 if kind.rounds == 1 else 0)
    ballot = Ballot(kind, round_, seats) if 1 <= round_ <= kind.rounds else None
    return ballot, kind.by_commune


def _elects(evidence: LinedEvidence, number: int) -> tuple[str, int, int | None]:
    """The word for what a poll elects, its round and seats: by `election.toml`, else by what the files say."""
    election, stated = evidence.election, _stated(evidence)
    poll = next((poll for poll in election.polls if poll.number == number), None) if election is not None else None
    if election is None or poll is None:
        return word_of(stated.kind), stated.round, None
    return poll.type.strip() or word_of(stated.kind), election.round, poll.seats


def _names_one_choice(evidence: LinedEvidence, number: int) -> bool:
    """Check that a ballot names one choice: else votes may exceed voters."""
    machines = bool((evidence.universe.counting == MACHINE).any())
    kind = kind_of(_elects(evidence, number)[0], machines, evidence.stated.year)
    return kind is not None and not kind.several_names


_REGISTERED = EvidenceKind.RECORDS, EvidenceKind.PUBLISHED, EvidenceKind.SIGNATURES, EvidenceKind.UNIVERSE
"""Sources of registered voters, the best first."""


class _Table:
    """The figures of all bureaux and polls that contests are made of; those of a contest are made when there is one."""

    def __init__(self, evidence: LinedEvidence, signed: Figures, found: Figures) -> None:
        self._evidence = evidence
        self._signed, self._found = signed, found
        polls = () if evidence.election is None else evidence.election.polls
        self._whole = {poll.number for poll in polls if poll.whole}
        given = evidence.once(supplement_of)
        self._contested, self.kept_out = given.contested, given.kept_out
        self.compared = signed.known & found.known
        gaps = np.where(self.compared, found.values - signed.values, 0)
        self._explained = np.where(gaps > 0, given.explained, 0)
        one_choice = [_names_one_choice(evidence, number) for number in evidence.polls]
        self._over = np.where(one_choice, beyond_voters(evidence), 0)
        self.excess = np.maximum(np.maximum(gaps - self._explained, 0), self._over) + self._contested
        unexplained = (given.explained == 0) | (given.explained < np.abs(gaps))
        self.irregular = np.asarray(_unmentioned(evidence, gaps) & unexplained, np.bool_)

    @cached_property
    def _totals_of(self) -> Mapping[tuple[int, str], tuple[str, Totals]]:
        return contest_totals(self._evidence)

    @cached_property
    def _sources(self) -> list[tuple[str, Ints]]:
        return list(_vote_sources(self._evidence))

    @cached_property
    def _valid(self) -> Ints:
        return _first_known(self._evidence, _valid_sources(self._evidence))

    @cached_property
    def _registered(self) -> Ints:
        return _first_known(self._evidence, stated(self._evidence, Quantity.REGISTERED, *_REGISTERED))

    def judged(self, units: Ints, column: int, index: int, ballot: Ballot | None, insee: str) -> Judged:
        """The contest of some bureaux in one poll."""
        evidence, universe = self._evidence, self._evidence.universe
        contest = evidence.contests.contests[index]
        every = _rows(units, len(universe))
        votes, known, choices, source = self._votes(units, column, len(contest.choices), by_commune=bool(insee))
        if ballot is not None and ballot.kind.several_names:
            valid = self._valid[every, column]
        else:
            valid = np.where(known, np.einsum("ij->i", votes, dtype=np.int64), MISSING)
        rows = np.flatnonzero(known & (valid >= 0))
        here, communes = _rows(units[rows], len(universe)), universe.commune_number[every]
        apart = bool((communes != communes[:1]).any())
        bureaux = Bureaux(
            names=BureauNames(
                universe.bureau[here],
                *((universe.commune[here], universe.insee[here], universe.shared_names) if apart else ()),
            ),
            registered=self._registered[here, column],
            found=self._found.values[here, column],
            signed=self._signed.values[here, column],
            valid=valid[rows],
            votes=votes if len(rows) == len(votes) else votes[rows],
            explained=self._explained[here, column],
            contested=self._contested[here, column],
            over=self._over[here, column],
            kept_out=self.kept_out[here, column],
            irregular=self.irregular[here, column],
        )
        names = tuple(contest.choices[choice] for choice in choices)
        totals, totals_from = self._totals(bureaux, contest.poll, insee or contest.constituency)
        scope = Scope(
            listed=len(units),
            voted=len(rows),
            compared=int(self.compared[here, column].sum()),
            closed=(bool(insee) or contest.poll in self._whole) and evidence.universe.official,
            totals=totals_from,
            unplaced=int(self.excess[every, column].sum() - self.excess[here, column].sum()),
        )
        count = ContestCount(names, ballot, bureaux, totals, scope, doubtful=ballot is None and bool(insee))
        signed_from = _file(self._signed, units, column)
        commune = _commune(universe, int(units[0])) if insee else ""
        label = _label(evidence, contest.poll, contest.constituency, commune)
        votes_from = totals_from or source
        return Judged(label, contest.poll, contest.constituency, insee, count, votes_from, signed_from, units[rows])

    def _votes(self, units: Ints, column: int, size: int, by_commune: bool) -> tuple[Ints, Bools, list[int], str]:
        """Votes of the bureaux, each from the first source that has all of them; MISSING where none has.

        Where communes that vote apart share one list of choices, those that no bureau here has a count for are left
        out. Returns also where all are known, the choices that stay and the names of the sources.
        """
        rows = _rows(units, len(self._evidence.universe))
        tables = ((name, values[rows, column, :size]) for name, values in self._sources)
        choices = list(range(size))
        if by_commune:
            every = list(tables)
            choices = [choice for choice in choices if any((table[:, choice] >= 0).any() for _, table in every)]
            tables = ((name, table[:, choices]) for name, table in every)
        votes: Ints | None = None
        known = np.zeros(len(units), np.bool_)
        used = []
        for name, table in tables if choices else ():
            whole = ~known
            whole[rows_with_any(table < 0)] = False
            if whole.any():
                votes = table if whole.all() else np.where(whole[:, None], table, MISSING if votes is None else votes)
                known |= whole
                used.append(name)
            if known.all():
                break
        if votes is None:
            votes = absent((len(units), len(choices)))
        return votes, known, choices, " + ".join(dict.fromkeys(used))

    def _totals(self, bureaux: Bureaux, poll: int, area: str) -> tuple[Totals, str]:
        """The totals of the whole contest where they are given and can be: not below the bureaux at hand."""
        own = bureaux.totals()
        source, whole = self._totals_of.get((poll, area), ("", own))
        fits = len(whole.votes) == len(own.votes) and whole.valid >= own.valid
        if fits and all(all_ >= part for all_, part in zip(whole.votes, own.votes, strict=True)):
            return whole, source
        return own, ""


def _rows(units: Ints, size: int) -> Ints | slice:
    """An index for some of so many units in their order: of all of them one that copies nothing."""
    return slice(None) if len(units) == size else units


def _vote_sources(evidence: LinedEvidence) -> Iterator[tuple[str, Ints]]:
    """Votes by choice, shape ``(units, polls, width)``, best source first: a bureau's PV is what is proclaimed."""
    if evidence.votes is not None:
        yield of_table(evidence.votes), evidence.votes.values
    for lines in evidence.published:
        yield lines.published.file, lines.votes.values
    on_machine = evidence.once(machine_votes)
    if on_machine is not None:
        yield "machines", on_machine


def _valid_sources(evidence: LinedEvidence) -> Iterator[Figures]:
    yield from stated(evidence, Quantity.VALID, EvidenceKind.RECORDS, EvidenceKind.PUBLISHED)
    if evidence.machines is not None:
        cast, blank = evidence.machines.cast, evidence.machines.blank
        yield Figures("valid", np.where(cast.known & blank.known, cast.values - blank.values, MISSING), cast.places)


def _first_known(evidence: LinedEvidence, sources: Iterator[Figures]) -> Ints:
    found = first_known(sources)
    return absent(evidence.shape) if found is None else found.values


def _file(figures: Figures, units: Ints, column: int) -> str:
    """The files that some figures come from, without rows."""
    file = np.maximum(figures.places.file[_rows(units, len(figures.values)), column], -1)
    used = np.flatnonzero(np.bincount(file + 1)[1:]).tolist()
    return " + ".join(dict.fromkeys(figures.places.files[file].rstrip(":@") for file in used))
