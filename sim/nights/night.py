"""A whole election night: every machine bureau's day, then the papers' way up, written as a folder."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Protocol

from protocol.election import Election, Poll, election_toml
from protocol.night import CHOICES, ELECTION, EXPORTS, TRUTH, URNS
from sim.bureaux import Bureau, Commune, polling_bureaux
from sim.elections import SCENARIOS, Scenario
from sim.evidence import Area, BureauEvidence, PublishedRow
from sim.executors import executor
from sim.faults.catalogue import Rates, strike_papers
from sim.faults.model import Stage
from sim.faults.placed import check_placed, find_places
from sim.nights.bureau_days import Progress, days, tasks_of
from sim.nights.folder import NightFolder, bureau_tables, choices_csv, truth_csv
from sim.nights.ministry import published_bytes, sums_bytes
from sim.planned import PlannedNight
from sim.transmission.drawing import carry_over, go_up
from sim.transmission.writing import PollWay, way_up_files
from sim.waits import day_csv

PUBLISHED = "publie.txt"
FIRST_EDITION = "publie.premier.txt"
SUMS = {area: f"publie.{area.value}.txt" for area in Area}
"""Published files; where there are two polls, those of each are called ``publie.1.txt``, ``publie.2.txt`` and so on."""
FURTHER = (FIRST_EDITION, *SUMS.values())
"""Further published files, written only where a fault makes one of them differ."""
DAY = "jour.csv"
TICKETS = "tickets"


class NightFiles(Protocol):
    """Output files of a night."""

    def write(self, name: str, data: bytes, *, listed: bool = True) -> None:
        """Write one file; without ``listed`` the manifest keeps no digest of it, or its earlier one."""

    def remove(self, name: str) -> None:
        """Take a file away that the manifest lists."""


def simulate(
    folder: Path,
    *,
    seed: int,
    year: int,
    communes: Sequence[Commune] = (),
    planned: PlannedNight | None = None,
    rates: Rates,
    election: str | None = None,
    mixed: str | None = None,
    way_up: Rates | None = None,
    workers: int | None = None,
    scheduler: str | None = None,
    force: bool = False,
    progress: Progress = lambda done, total: None,
) -> Summary:
    """Simulate a night and write it: for one seed the same bytes, on any number of processes.

    ``scheduler`` is the address of a Dask scheduler to do the work instead of ``workers`` processes of this machine.
    ``planned`` is a day of a town's own bureaux, in place of ``communes``.
    ``election`` is a profile of arrivals (one of `PROFILES`) other than the year's own.
    ``mixed`` names one of `sim.parameters.PAPER_CARE` and adds the paper bureaux of mixed communes; those of a town's
    list are always in the night.
    ``way_up`` has the rates of faults on the way up, and adds its documents to the night.

    Raises:
        OutputRefused: the folder holds something that is not to be replaced.
        SimulationError: no scheduler answers, or it has no workers; a fault is asked for in a bureau where it cannot
            strike.
        OSError: it cannot be written to.
    """
    scenario = SCENARIOS[year] if election is None else replace(SCENARIOS[year], profile=election)
    about = _about(seed, scenario, communes, planned)
    if planned is not None:
        scenario, mixed = planned.scenario(scenario), planned.care(mixed)
    held = None if planned is None else planned.days(seed)
    bureaux = _bureaux_of(seed, scenario, communes, planned, mixed is not None)
    rates = find_places(rates, chain.from_iterable(bureaux))
    tasks = tasks_of(seed, scenario, bureaux, rates, mixed, held)
    with NightFolder(folder, force) as night, executor(workers, scheduler, tasks=len(tasks)) as pool:
        done: list[BureauEvidence] = []
        for commune in days(tasks, pool, progress):
            copy_papers(seed, scenario, rates, commune)
            write_dumps(night, seed, scenario, rates, commune)
            _write_tickets(night, commune)
            done += commune
        done.sort(key=lambda evidence: evidence.bureau.key)
        check_placed(rates, (line for evidence in done for each in evidence.polls for line in each.truth))
        _go_up(night, seed, scenario, way_up, done)
        write_tables(night, scenario, done)
        _write_day(night, done)
        night.write_manifest(about | _options(mixed, rates, way_up))
    return summary(scenario, done)


def _bureaux_of(
    seed: int, scenario: Scenario, communes: Sequence[Commune], planned: PlannedNight | None, mixed: bool
) -> Sequence[tuple[Bureau, ...]]:
    """The bureaux of each commune."""
    if planned is not None:
        return planned.town.communes()
    return [polling_bureaux(seed, scenario, each, mixed) for each in communes]


def _options(mixed: str | None, rates: Rates, way_up: Rates | None) -> dict[str, object]:
    """The options of a night, for its manifest."""
    options: dict[str, object] = {"papier": mixed, "machine": None, "fautes": dict(sorted(rates.items()))}
    return options if way_up is None else {**options, "montee": dict(sorted(way_up.items()))}


def _about(
    seed: int, scenario: Scenario, communes: Sequence[Commune], planned: PlannedNight | None
) -> dict[str, object]:
    """The sources of a night, for its manifest."""
    codes = {each.insee for each in communes} if planned is None else {each.insee for _, each in planned.town.bureaux}
    night = {"election": scenario.id, "tour": scenario.round, "graine": seed, "communes": sorted(codes)}
    return night | ({"profil": scenario.profile} if planned is None else planned.manifest())


def copy_papers(seed: int, scenario: Scenario, rates: Rates, commune: list[BureauEvidence]) -> None:
    """Copy the figures of one commune, poll by poll, from PV to centralising record to published row."""
    for key, papers in _by_poll(scenario, commune):
        for stage in (Stage.DUMP, Stage.ROLL, Stage.RECORD):
            strike_papers(seed, key, rates, stage, papers)
        for evidence in papers:
            evidence.tabulated = evidence.record.figures.copy()
        strike_papers(seed, key, rates, Stage.TABULATION, papers)
        for evidence in papers:
            evidence.published = [PublishedRow(evidence.tabulated.copy())]
        strike_papers(seed, key, rates, Stage.PUBLICATION, papers)


def write_dumps(night: NightFiles, seed: int, scenario: Scenario, rates: Rates, commune: list[BureauEvidence]) -> None:
    """Write a commune's exports and module images; later faults of keeping change files but not the manifest."""
    before = _dumps(commune)
    for name, data in before.items():
        night.write(name, data)
    for key, papers in _by_poll(scenario, commune):
        strike_papers(seed, key, rates, Stage.KEEPING, papers)
    after = _dumps(commune)
    for name, data in after.items():
        if before.get(name) != data:
            night.write(name, data, listed=False)
    for name in before.keys() - after.keys():
        night.remove(name)


def _dumps(commune: list[BureauEvidence]) -> dict[str, bytes]:
    files = {
        f"{EXPORTS}/{name}": data for evidence in commune for each in evidence.polls for name, data in each.exports
    }
    return files | {f"{URNS}/{name}": data for evidence in commune for name, data in evidence.urns}


def _by_poll(
    scenario: Scenario, commune: list[BureauEvidence]
) -> Iterator[tuple[tuple[str, int, str], list[BureauEvidence]]]:
    """For each poll of the day, the key that its faults are drawn by, and the evidence of each bureau."""
    for place, poll in enumerate(scenario.polls):
        yield (*poll.key, commune[0].bureau.insee), [evidence.polls[place] for evidence in commune]


def write_tables(night: NightFiles, scenario: Scenario, done: Sequence[BureauEvidence]) -> None:
    """Write all files of a night but the dumps, the manifest, the tickets and the course of the day."""
    election = Election(
        id=scenario.id,
        name=_mark_simulated(scenario.day or scenario.name),
        date=scenario.date,
        round=scenario.round,
        polls=tuple(Poll(poll.poll, _mark_simulated(poll.name), poll.type) for poll in scenario.polls),
        opening=f"{scenario.opening:02}:00",
        closing=f"{scenario.closing:02}:00",
        complete=frozenset({"exports", "modules", "emargements", "pv", "publie"}),
    )
    night.write(ELECTION, election_toml(election))
    choices = [{"": poll.labels} for poll in scenario.polls]
    kinds = (poll.kind for poll in scenario.polls)
    night.write(CHOICES.file, choices_csv(*zip(choices, kinds, strict=True)))
    for name, data in bureau_tables(done, *choices):
        night.write(name, data)
    for place, poll in enumerate(scenario.polls):
        for name, data in _publish([evidence.polls[place] for evidence in done], poll):
            night.write(name if scenario.second is None else name.replace("publie", f"publie.{poll.poll}", 1), data)
    night.write(TRUTH.file, truth_csv(done))


def _mark_simulated(name: str) -> str:
    """Add to a name that it is simulated, so that no report can be taken for one of a real night."""
    return f"{name}, simulées" if name.startswith("Élections ") else f"{name}, simulée"


def _go_up(
    night: NightFolder, seed: int, scenario: Scenario, rates: Rates | None, done: Sequence[BureauEvidence]
) -> None:
    """Write the documents of the way up, if asked for, and apply its changes to records and published results."""
    if rates is None:
        return
    ways = []
    for place, poll in enumerate(scenario.polls):
        papers = [evidence.polls[place] for evidence in done]
        way = go_up(seed, poll.key, papers, rates)
        carry_over(way, papers)
        election = poll.type, poll.date.year
        ways.append(PollWay(poll.key, way, {"": poll.labels}, election, poll.poll, poll.kind))
    for name, data in way_up_files(seed, ways):
        night.write(name, data)


def _write_tickets(night: NightFolder, commune: list[BureauEvidence]) -> None:
    """Write the machines' tickets; the dumps are on disk by now and leave memory."""
    for evidence in commune:
        for name, data in evidence.tickets:
            night.write(f"{TICKETS}/{name}", data)
        for each in evidence.polls:
            for kept in (each.exports, each.urns, each.tickets):
                kept.clear()


def _write_day(night: NightFolder, done: Sequence[BureauEvidence]) -> None:
    """Write the course of the day, which is no evidence."""
    figures = [
        (
            each.bureau,
            each.passage,
            [count for poll in each.polls for count in (poll.record.figures.votes_found, poll.roll_signatures)],
        )
        for each in done
        if each.passage is not None
    ]
    night.write(DAY, day_csv(figures))


def _publish(done: Sequence[BureauEvidence], scenario: Scenario) -> Iterator[tuple[str, bytes]]:
    """The published files of a poll: results by bureau, and an earlier edition or sums that a fault made differ."""
    rows = [(evidence.bureau, row) for evidence in done for row in evidence.published]
    yield PUBLISHED, published_bytes(rows, scenario.candidates, scenario.kind)
    if any(evidence.first_edition is not None for evidence in done):
        first = (
            (evidence.bureau, row)
            for evidence in done
            for row in ([evidence.first_edition] if evidence.first_edition is not None else evidence.published)
        )
        yield FIRST_EDITION, published_bytes(first, scenario.candidates, scenario.kind)
    for area, file in SUMS.items():
        by_sum = area is Area.COMMUNE and any(evidence.only_in_sums for evidence in done)
        if by_sum or any(area in evidence.left_out for evidence in done):
            kept = (
                (evidence.bureau, row.figures)
                for evidence in done
                if area not in evidence.left_out
                for row in (*evidence.published, *evidence.only_in_sums)
            )
            yield file, sums_bytes(kept, area, scenario.candidates, scenario.kind)


# --- Summary of a simulated night: counts of its files and figures ---


@dataclass(frozen=True, slots=True)
class Summary:
    """Counts of a night; ``bureaux`` includes paper ones, ``gaps`` are bureaux with a gap in any poll.

    ``votes`` and ``signatures`` are summed over the polls; ``uncounted`` sign-in lists have no written count. ``lost``
    are people who left before voting, out of patience.
    """

    communes: int
    bureaux: int
    paper_bureaux: int
    registered: int
    votes: int
    signatures: int
    faults: int
    gaps: int
    lost: int
    uncounted: int
    polls: tuple[PollSummary, ...]


@dataclass(frozen=True, slots=True)
class PollSummary:
    """Counts of one poll of the day; ``gaps`` are bureaux whose two counts differ.

    ``uncounted`` sign-in lists have no written count: they are neither in ``signatures`` nor in ``gaps``.
    """

    name: str
    votes: int
    signatures: int
    gaps: int
    uncounted: int


def summary(scenario: Scenario, done: Sequence[BureauEvidence]) -> Summary:
    """Count over the bureaux, by their PVs and sign-in lists."""
    polls = tuple(
        PollSummary(
            name=poll.name,
            votes=sum(each.record.figures.votes_found or 0 for each in of_poll),
            signatures=sum(each.roll_signatures or 0 for each in of_poll),
            gaps=sum(map(_has_gap, of_poll)),
            uncounted=sum(each.roll_signatures is None for each in of_poll),
        )
        for place, poll in enumerate(scenario.polls)
        for of_poll in ([evidence.polls[place] for evidence in done],)
    )
    truth = [line for evidence in done for each in evidence.polls for line in each.truth]
    return Summary(
        communes=len({evidence.bureau.insee for evidence in done}),
        bureaux=len(done),
        paper_bureaux=sum(not evidence.bureau.machines for evidence in done),
        registered=sum(evidence.bureau.registered for evidence in done),
        votes=sum(poll.votes for poll in polls),
        signatures=sum(poll.signatures for poll in polls),
        faults=sum(not line.again for line in truth),
        lost=sum(evidence.passage.lost for evidence in done if evidence.passage is not None),
        uncounted=sum(poll.uncounted for poll in polls),
        gaps=sum(any(map(_has_gap, evidence.polls)) for evidence in done),
        polls=polls,
    )


def _has_gap(evidence: BureauEvidence) -> bool:
    signed, found = evidence.roll_signatures, evidence.record.figures.votes_found
    return signed is not None and found is not None and signed != found
