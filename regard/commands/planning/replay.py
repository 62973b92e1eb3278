"""`regard replay`: the night whose machines would have given exactly the published figures."""

from __future__ import annotations

import argparse
import datetime
import re
from pathlib import Path

import numpy as np

from protocol.errors import InputError
from protocol.night import UNIVERSE, NightTable
from protocol.opening import open_evidence
from protocol.output_refusals import check_folder
from protocol.words import Message, Text, msg, series
from regard.commands.planning.fault_arguments import way_up_rates
from regard.language import number
from regard.terminal import complain, print_said, progress_bar
from sim.bureaux import YEARS
from sim.nights.replay import PublishedBureau, PublishedResults, Replayed, ReplayedElection, in_machine_communes, replay
from verify.model.published import Level, Published
from verify.read.results_files import read
from verify.read.sheet import parse_sheet

PRESIDENTIAL = {
    (2007, 1): datetime.date(2007, 4, 22),
    (2007, 2): datetime.date(2007, 5, 6),
    (2012, 1): datetime.date(2012, 4, 22),
    (2012, 2): datetime.date(2012, 5, 6),
    (2017, 1): datetime.date(2017, 4, 23),
    (2017, 2): datetime.date(2017, 5, 7),
    (2022, 1): datetime.date(2022, 4, 10),
    (2022, 2): datetime.date(2022, 4, 24),
}
"""Polling days by year and round, for files whose name says which election they are of."""
TYPES = {
    "presidentielle": ("presid", "pr"),
    "legislatives": ("legis", "lg"),
    "europeennes": ("europ", "eu"),
    "municipales": ("munic", "mn"),
}
MAX_LIST = 2**24
"""Bytes of a list of machine bureaux."""


def run(args: argparse.Namespace) -> int:
    """Replay, write, and say what was written. Returns 0.

    Raises:
        RegardError, OSError: no such fault; the results cannot be read, or are not by bureau; the folder must not be
            written to.
    """
    language = args.lang
    rates = way_up_rates(args.way_up)
    check_folder(args.folder, filter(None, (args.published, args.machines)))
    published = read(args.published)
    election = _election(args)
    rows = results(published)
    machines, chosen = _choice_of_machines(args, election, rows)
    with progress_bar(language, msg("replaying"), msg("machine bureaux")) as report:
        wrote = replay(
            rows,
            election,
            args.folder,
            machines=machines,
            seed=args.seed,
            way_up=rates,
            workers=args.workers,
            force=args.force,
            progress=report,
        )
    for said in (*(problem.message for problem in published.problems), *wrote.left_out):
        complain(args, msg("left out: {problem}", problem=said))
    print_said(args.lang, _said(args, election, wrote, chosen))
    return 0


def _choice_of_machines(
    args: argparse.Namespace, election: ReplayedElection, results: PublishedResults
) -> tuple[set[tuple[str, str]] | None, Message]:
    """The bureaux that have a machine, None for all that can have one; and a sentence on how they were chosen."""
    if args.machines is not None:
        return _machines(args.machines), msg("those of {machines}", machines=args.machines)
    year = election.date.year
    if election.type == "presidentielle" and year in YEARS:
        chosen = msg("those without null votes in the machine communes of {year}", year=year)
        return in_machine_communes(results, year), chosen
    return None, msg("all those without null votes")


def _said(args: argparse.Namespace, election: ReplayedElection, wrote: Replayed, chosen: Message) -> Text:
    counted = {
        "bureaux": wrote.bureaux,
        "machines": wrote.machine_bureaux,
        "paper": wrote.bureaux - wrote.machine_bureaux,
        "votes": wrote.votes,
    }
    said = msg(
        "Replayed {bureaux} bureaux from {published}: {machines} voted on a machine,\n{paper} on "
        "paper; {votes} votes. Written to {folder}.\nMachine bureaux: {chosen}.\nThe exports say: "
        "{id}, {date}, round {round}.\nSign-in counts equal the votes found by construction: such "
        "a night says nothing of gaps.\nMachines and their formats are a model: the vendor's are "
        "not public.",
        published=args.published,
        folder=args.folder,
        chosen=chosen,
        id=election.id,
        date=election.date,
        round=election.round,
        **{name: number(args.lang, count) for name, count in counted.items()},
    )
    if args.way_up is None:
        return said
    faults = msg(
        "{faults:n} faults of the way up injected. The truth is in verite.csv, which `regard verify` never opens.",
        faults=wrote.faults,
    )
    return series([said, faults], "\n")


def results(published: Published) -> PublishedResults:
    """Published figures as rows to replay, -1 for a count that is missing.

    Nulls that a file leaves out are what the other counts leave over.

    Raises:
        InputError: the file is not by bureau.
    """
    if published.level is not Level.BUREAU:
        raise InputError(
            published.file, None, None, msg("results by bureau"), msg("results by {value}", value=published.level.text)
        )
    starts = _starts(published)
    contests = _contests(published, starts)
    rows = [_row(published, unit, starts, contests) for unit in range(len(published.row))]
    return PublishedResults({area: tuple(of) for area, of in contests.items()}, rows)


def _starts(published: Published) -> list[int]:
    """Start of each unit's votes among the entries, and the end of the last one's; entries come unit by unit."""
    return list(np.searchsorted(published.vote_unit, np.arange(len(published.row) + 1)).tolist())


def _contests(published: Published, starts: list[int]) -> dict[str, dict[str, int]]:
    """For each constituency its choices in panel order, with their places; one for all where all vote on the same."""
    labels = published.vote_label.tolist()
    panels = published.panel.tolist()
    units = range(len(starts) - 1)
    national = len({frozenset(labels[starts[unit] : starts[unit + 1]]) for unit in units}) <= 1
    choices: dict[str, dict[int, int]] = {}
    for unit in units:
        contest = choices.setdefault("" if national else _area(published, unit), {})
        for entry in range(starts[unit], starts[unit + 1]):
            contest.setdefault(labels[entry], panels[entry])
    return {
        area: {published.labels[label]: at for at, label in enumerate(sorted(contest, key=contest.__getitem__))}
        for area, contest in choices.items()
    }


def _area(published: Published, unit: int) -> str:
    return f"{published.department[unit]}{str(published.constituency[unit]).zfill(2)}"


def _row(published: Published, unit: int, starts: list[int], contests: dict[str, dict[str, int]]) -> PublishedBureau:
    counts = {name: int(column[unit]) for name, column in published.counts.items()}
    found, valid = counts.get("votes_found", -1), counts.get("valid", -1)
    blank, null = counts.get("blank", -1), counts.get("null", -1)
    if null < 0 <= min(found, valid):
        null = found - valid - max(blank, 0)
    area = "" if "" in contests else _area(published, unit)
    places = contests[area]
    votes = [0] * len(places)
    for entry in range(starts[unit], starts[unit + 1]):
        votes[places[published.labels[published.vote_label[entry]]]] = int(published.votes[entry])
    return PublishedBureau(
        insee=str(published.insee[unit]),
        commune=str(published.commune[unit]),
        departement=str(published.department[unit]),
        constituency=area,
        bureau=str(published.bureau[unit]),
        registered=counts.get("registered", -1),
        votes_found=found,
        blank=max(blank, 0),
        null=null,
        votes=tuple(votes),
    )


def _election(args: argparse.Namespace) -> ReplayedElection:
    """Name and day of the election, as given, else from the file's name."""
    name = args.published.name.casefold()
    kind = next((kind for kind, marks in TYPES.items() if _mentions(name, marks)), "scrutin")
    year_found = re.search(r"(?<!\d)20(\d\d)(?!\d)|(?<![a-z])(?:pr|lg|eu|mn)(\d\d)(?!\d)", name)
    year = 2000 + int(year_found[1] or year_found[2]) if year_found else None
    round_found = re.search(r"(?<![a-z])t(?:our)?[_ -]?([12])(?!\d)|presidentielle-([12])(?!\d)", name)
    round_ = args.round or (int(round_found[1] or round_found[2]) if round_found else 1)
    date = args.date
    if date is None and year is not None:
        date = PRESIDENTIAL.get((year, round_)) if kind == "presidentielle" else datetime.date(year, 1, 1)
    if date is None:
        got = msg("a file name that does not say it")
        raise InputError(str(args.published), None, None, msg("the polling day, in --date"), got)
    return ReplayedElection(
        id=args.election or f"{kind}-{date.year}",
        name=f"{kind} {date.year}, tour {round_}, rejouée de {args.published.name}",
        type=kind,
        date=date,
        round=round_,
    )


def _mentions(name: str, marks: tuple[str, str]) -> bool:
    word, letters = marks
    return word in name or re.search(rf"(?<![a-z]){letters}\d\d(?!\d)", name) is not None


def _machines(path: Path) -> set[tuple[str, str]]:
    """The bureaux of a CSV file with the columns ``insee`` and ``bureau``."""
    columns = tuple(column for column in UNIVERSE.columns if column.name in ("insee", "bureau"))
    sheet = parse_sheet(open_evidence(path, MAX_LIST), NightTable(path.name, "bureaux with a machine", columns))
    if sheet.problems:
        raise sheet.problems[0]
    return set(zip(sheet.texts["insee"].tolist(), sheet.texts["bureau"].tolist(), strict=True))
