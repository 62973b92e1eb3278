"""A night played again from published results: the machines vote until they show exactly the published figures.

Sign-in counts equal the votes found by construction, so such a night says nothing of gaps; `election.toml` says so.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from machine.esf1 import Machine
from protocol import civil_time
from protocol.election import Election, Poll, election_toml
from protocol.night import CHOICES, ELECTION, EXPORTS, TRUTH, export_name
from protocol.output_refusals import check_name
from protocol.urn.image import SLOTS
from protocol.words import Message, msg
from sim import equipment, parameters, polling
from sim.bureaux import Bureau, machine_communes
from sim.elections import Choice
from sim.errors import SimulationError
from sim.evidence import FIRST_POLL, BureauEvidence, PaperFigures, PublishedRow
from sim.executors import executor
from sim.executors import results as results_of
from sim.faults.catalogue import Rates
from sim.nights.bureau_days import Progress
from sim.nights.folder import NightFolder, bureau_tables, choices_csv, truth_csv
from sim.nights.ministry import published_bytes
from sim.nights.night import PUBLISHED
from sim.streams import stream
from sim.transmission.drawing import carry_over, go_up
from sim.transmission.writing import PollWay, way_up_files
from sim.voters import HOUR

BATCH = 64
"""Machine bureaux that are replayed as one task."""


@dataclass(frozen=True, slots=True)
class PublishedBureau:
    """One row of published results. Counts in votes; ``votes`` in the order of its contest's choices.

    Attributes:
        departement: code, as it begins the commune's INSEE code.
        commune: name.
        constituency: code, empty where the contest is the whole election's.
        votes_found: the published « votants ».
    """

    insee: str
    commune: str
    departement: str
    constituency: str
    bureau: str
    registered: int
    votes_found: int
    blank: int
    null: int
    votes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PublishedResults:
    """Published results of one round: the choices of each constituency in panel order, and a row for each bureau."""

    choices: Mapping[str, tuple[str, ...]]
    rows: Sequence[PublishedBureau]


@dataclass(frozen=True, slots=True)
class ReplayedElection:
    """The election of the results. The id is the same for both rounds, at most 24 ASCII characters."""

    id: str
    name: str
    type: str
    date: datetime.date
    round: int
    opening: int = 8
    closing: int = 19
    choice_type: str = "candidat"


@dataclass(frozen=True, slots=True)
class Replayed:
    """A night that was written: its bureaux, those with a machine, votes found, and faults of the way up.

    ``left_out`` has the reason for each bureau that is not in the night.
    """

    bureaux: int
    machine_bureaux: int
    votes: int
    faults: int
    left_out: tuple[Message, ...] = ()


def replay(
    results: PublishedResults,
    election: ReplayedElection,
    folder: Path,
    *,
    machines: Collection[tuple[str, str]] | None = None,
    seed: int = 1,
    way_up: Rates | None = None,
    workers: int | None = None,
    force: bool = False,
    progress: Progress = lambda done, total: None,
) -> Replayed:
    """Write the night whose machines would have given exactly these figures.

    Args:
        results: published results; a row that contradicts itself, and a second row of a bureau, are left out.
        election: name and date of the night.
        folder: to write.
        machines: ``(insee, bureau)`` of the bureaux that have a machine; None for every bureau without null votes
            whose votes one urn can hold. The others vote on paper: a sign-in count and a PV, no export.
        seed: of the order in which the votes are cast, and of the faults of the way up.
        way_up: rates of these faults by name; the night then has the documents of the way up and published results.
        workers: processes; None for one for each processor.
        force: replace a night that regard wrote there before.
        progress: called with the number of machine bureaux done, and of all.

    Raises:
        SimulationError: no row is left, or a bureau of ``machines`` has nulls.
        OutputRefused: a spreadsheet would take a name for a formula, or the folder must not be replaced.
        OSError: the folder cannot be written.
    """
    rows, left_out = _choose_rows(results)
    done = [_papers(row, election, _has_machine(row, machines)) for row in rows]
    done.sort(key=lambda evidence: evidence.bureau.key)
    voting = [evidence for evidence in done if evidence.bureau.machines]
    tasks = [
        ReplayTask(election, seed, tuple(_count(each, results.choices) for each in voting[at : at + BATCH]))
        for at in range(0, len(voting), BATCH)
    ]
    with NightFolder(folder, force) as night, executor(workers, tasks=len(tasks)) as pool:
        _write_exports(night, results_of(pool, perform, tasks), len(voting), progress)
        night.write(ELECTION, election_toml(_describe(election)))
        night.write(CHOICES.file, choices_csv((results.choices, election.choice_type)))
        about: dict[str, object] = {"rejouee": True}
        if way_up is not None:
            for name, data in _go_up(seed, election, results.choices, done, way_up):
                night.write(name, data)
            about["montee"] = dict(sorted(way_up.items()))
        for name, data in bureau_tables(done, results.choices):
            night.write(name, data)
        night.write_manifest({"election": election.id, "tour": election.round, "graine": seed, **about})
    faults = sum(len(evidence.truth) for evidence in done)
    return Replayed(len(done), len(voting), sum(row.votes_found for row in rows), faults, tuple(left_out))


def _go_up(
    seed: int,
    election: ReplayedElection,
    choices: Mapping[str, tuple[str, ...]],
    done: Sequence[BureauEvidence],
    rates: Rates,
) -> Iterator[tuple[str, bytes]]:
    """Draw the way up, which changes the communes' records; yield its documents, the published results, the truth."""
    key = election.id, election.round
    way = go_up(seed, key, done, rates)
    for evidence in done:
        evidence.published = [PublishedRow(evidence.tabulated.copy())]
    carry_over(way, done)
    yield from way_up_files(seed, [PollWay(key, way, choices, (election.type, election.date.year))])
    rows = ((evidence.bureau, row) for evidence in done for row in evidence.published)
    candidates = {area: [_candidate(label) for label in labels] for area, labels in choices.items()}
    yield PUBLISHED, published_bytes(rows, candidates)
    yield TRUTH.file, truth_csv(done)


def _candidate(label: str) -> Choice:
    """Make a choice of the ministry's layout from its name alone."""
    surname, _, first_name = label.rpartition(" ")
    return Choice(label, ("", surname or first_name, first_name if surname else ""), 0)


def _write_exports(
    night: NightFolder, replayed: Iterable[list[tuple[str, bytes]]], total: int, progress: Progress
) -> None:
    done = 0
    for exports in replayed:
        for name, data in exports:
            night.write(f"{EXPORTS}/{name}", data)
        done += len(exports)
        progress(done, total)


ReplayedCount = tuple[Bureau, tuple[str, ...], tuple[int, ...]]
"""A bureau, its choices, and the counts of its machine: blank votes, then votes of each choice in panel order."""


@dataclass(frozen=True, slots=True)
class ReplayTask:
    """Bureaux to be replayed together in one process."""

    election: ReplayedElection
    seed: int
    counts: tuple[ReplayedCount, ...]


def perform(task: ReplayTask) -> list[tuple[str, bytes]]:
    """Cast all votes of each bureau on a machine; gives file name and bytes of its export."""
    return [(export_name(*count[0].key, FIRST_POLL, 1), _cast(task, *count)) for count in task.counts]


def _cast(task: ReplayTask, bureau: Bureau, choices: tuple[str, ...], count: tuple[int, ...]) -> bytes:
    election = task.election
    key = (election.id, election.round, *bureau.key)
    votes = np.repeat(np.arange(len(count)), count)
    stream(task.seed, *key, "replayed order").shuffle(votes)
    midnight = civil_time.seconds(election.date, 0)
    random = stream(task.seed, *key, "urn", 1)
    module = equipment.configuration(bureau, 1, election.id, election.date, election.round, choices)
    machine = Machine(module, random)
    equipment.open_poll(machine, random, midnight + bureau.opening * 3600)
    for choice in votes.tolist():
        machine.enable()
        machine.choose(choice)
        machine.validate()
    closing = midnight + bureau.closing * 3600
    equipment.close(machine, closing)
    return machine.export(FIRST_POLL, closing + parameters.EXPORT_AFTER)


def _choose_rows(results: PublishedResults) -> tuple[list[PublishedBureau], list[Message]]:
    """Choose the rows that can be replayed, and state for each other row why it cannot.

    Raises:
        OutputRefused: a spreadsheet would take a name for a formula.
        SimulationError: no row can be replayed.
    """
    for label in {label for labels in results.choices.values() for label in labels}:
        check_name(label)
    chosen: dict[tuple[str, str], PublishedBureau] = {}
    wrong: list[Message] = []
    for row in results.rows:
        for name in (row.insee, row.commune, row.departement, row.bureau):
            check_name(name)
        if said := _contradiction(row, results.choices, twice=(row.insee, row.bureau) in chosen):
            wrong.append(said)
        else:
            chosen[row.insee, row.bureau] = row
    if wrong and not chosen:
        raise SimulationError(wrong[0])
    return list(chosen.values()), wrong


def _contradiction(row: PublishedBureau, choices: Mapping[str, tuple[str, ...]], *, twice: bool) -> Message | None:
    """State why a row cannot be replayed; None if it can."""
    where, total = _name_bureau(row), sum(row.votes) + row.blank + row.null
    counts = (row.registered, row.votes_found, row.blank, row.null, *row.votes)
    if min(counts) < 0 or len(row.votes) != len(choices.get(row.constituency, ())):
        return msg("{where}: a count is missing or below zero; such a row cannot be replayed", where=where)
    if total != row.votes_found:
        return msg(
            "{where}: votes, blanks and nulls add up to {total}, published are {votes_found}",
            where=where,
            total=total,
            votes_found=row.votes_found,
        )
    return msg("{where} is there twice", where=where) if twice else None


def in_machine_communes(results: PublishedResults, year: int) -> set[tuple[str, str]]:
    """Find the bureaux without null votes in the communes that voted on machines in ``year``.

    A bureau with a null vote is taken for a paper bureau, even in a commune that votes on machines throughout.

    Raises:
        ValueError: a year without a table.
    """
    communes = {commune.insee for commune in machine_communes(year)}
    return {
        (row.insee, row.bureau) for row in results.rows if row.insee in communes and _has_machine(row, machines=None)
    }


def _name_bureau(row: PublishedBureau) -> Message:
    """Name the bureau in a message."""
    return msg("bureau {bureau}, {insee} ({commune})", bureau=row.bureau, insee=row.insee, commune=row.commune)


def _has_machine(row: PublishedBureau, machines: Collection[tuple[str, str]] | None) -> bool:
    if machines is None:
        return row.null == 0 and row.votes_found <= SLOTS
    chosen = (row.insee, row.bureau) in machines
    if chosen and row.null:
        raise SimulationError(
            msg("{row} has {null} null votes: no machine takes them", row=_name_bureau(row), null=row.null),
        )
    return chosen


def _papers(row: PublishedBureau, election: ReplayedElection, machine: bool) -> BureauEvidence:
    bureau = Bureau(
        insee=row.insee,
        commune=row.commune,
        departement=row.departement,
        departement_name="",
        constituency=row.constituency,
        constituency_name="",
        code=row.bureau,
        registered=row.registered,
        machines=int(machine),
        opening=election.opening,
        closing=election.closing,
    )
    figures = PaperFigures.counted(row.registered, row.votes_found, row.blank, row.null, row.votes)
    record = polling.record(bureau, figures, None, election.opening * HOUR, election.closing * HOUR)
    return BureauEvidence.of_record(bureau, int(machine), record)


def _count(evidence: BureauEvidence, choices: Mapping[str, tuple[str, ...]]) -> ReplayedCount:
    figures = evidence.record.figures
    counts = tuple(count or 0 for count in (figures.blank, *figures.votes))
    return evidence.bureau, choices[evidence.bureau.constituency], counts


def _describe(election: ReplayedElection) -> Election:
    return Election(
        id=election.id,
        name=election.name,
        date=election.date,
        round=election.round,
        polls=(Poll(FIRST_POLL, election.name, election.type),),
        opening=f"{election.opening:02}:00",
        closing=f"{election.closing:02}:00",
        complete=frozenset({"exports", "emargements", "pv"}),
        rehearsed=True,
    )
