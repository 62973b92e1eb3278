"""`regard simulate`: an election night in the machine communes, with faults whose truth is known."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypedDict, Unpack

from protocol.words import cited, msg
from regard.arguments import Refused
from regard.commands.planning import MOST_DAYS
from regard.commands.planning.fault_arguments import as_text, way_up_rates
from regard.office.hours import CLOSINGS, HOURS, OPENINGS, span
from regard.office.listed_night import ListedNight, listed_night
from regard.office.screen import show_listed, simulated_said
from regard.paths import AnyPath, existing, one_of, one_or_more, whole_from
from regard.reports.screen import Screen
from regard.terminal import console, print_said, progress_bar
from sim.bureaux import Commune, choose
from sim.elections import PROFILES, SCENARIOS
from sim.errors import UnfitTown
from sim.faults.catalogue import parse_rates
from sim.nights.night import Summary
from sim.nights.night import simulate as write_night
from sim.parameters import PAPER_CARE
from sim.planned import PlannedNight, year_of


def run(args: argparse.Namespace) -> int:
    """Simulate, write, and say what was written. Returns 0.

    Raises:
        RegardError, OSError: as `simulate`.
    """
    language = args.lang
    listed = asked_night(args)
    codes = None if args.communes is None else [code.strip() for code in args.communes.split(",")]
    with progress_bar(language, msg("simulating"), "bureaux") as report:
        wrote = simulate(
            args.folder,
            seed=args.seed,
            year=args.year,
            communes=codes if listed is None else None,
            bureaux=listed,
            faults=args.faults,
            election=args.election,
            mixed=args.mixed,
            way_up=args.way_up,
            workers=args.workers,
            scheduler=args.scheduler,
            force=args.force,
            progress=report,
        )
    year = _year(args.year, None if listed is None else listed.planned)
    print_said(language, simulated_said(wrote, str(args.folder), year, args.seed))
    if listed is not None:
        show_listed(listed, wrote, args.seed, Screen(language, console(), whole=True))
    return 0


class Work(TypedDict, total=False):
    """Options of simulating a night that change nothing in it.

    Attributes:
        workers: processes (1); None for one for each processor.
        scheduler: address of a Dask scheduler that does the work instead.
        progress: called with the number of bureaux that are done, and of all.
    """

    workers: int | None
    scheduler: str | None
    progress: Callable[[int, int], None] | None


def simulate(
    folder: AnyPath,
    *,
    seed: int = 1,
    year: int | None = None,
    communes: str | Iterable[str] | None = None,
    bureaux: AnyPath | ListedNight | None = None,
    day: int = 1,
    scenario: str | Mapping[str, object] | None = None,
    faults: str | Mapping[str, float] = "default",
    election: str | None = None,
    mixed: str | None = None,
    way_up: str | Mapping[str, float] | None = None,
    force: bool = False,
    **work: Unpack[Work],
) -> Summary:
    """Simulate an election night in machine communes and write it: the same bytes for a seed, wherever it is done.

    Args:
        folder: where to write: a new or empty folder, or with ``force`` one with a night that regard wrote.
        seed: 0 to 2**63 - 1.
        year: 2017, 2021 (two polls on one day) or 2022: whose communes and choices; None: by the ``scenario``.
        communes: INSEE codes; None for all of the year. With ``bureaux``, that of a town which the list does not name.
        bureaux: the list of a town's own bureaux, as `plan` takes it; those without a machine vote on paper.
        day: of ``bureaux``, which of the days of their plan, from 1: the same people come and wait, and as long.
        scenario: of ``bureaux``, what happens on that day, as one of the scenarios of `plan`.
        faults: ``"none"``, ``"default"``, ``"NAME=RATE,…"``, or rates from 0 to 1 by name; ``verite.csv`` says where.
            ``NAME@BUREAU`` strikes that bureau for certain (`regard faults`).
        election: whose turnout during the day the arrivals follow, such as ``"2017-P2"``; None for the year's own.
        mixed: also the paper bureaux, with gaps as in ``"studies"``, ``"paris"`` or ``"toulouse"``.
        way_up: faults of the way up, as ``faults``; the documents of the way are then in the night as well.
        force: replace a night that regard wrote there.
        work: how it is done: `Work`.

    Raises:
        ValueError: a value that is not among those above.
        RegardError, OSError: no such commune, fault or list; no scheduler; the folder is not to be written to.
    """
    _check(year, seed, election, mixed)
    planned = None if bureaux is None else _planned(bureaux, communes, year, election, day, scenario)
    return write_night(
        Path(folder),
        seed=int(seed),
        year=_year(year, planned),
        communes=_chosen(_year(year, planned), communes) if bureaux is None else (),
        planned=planned,
        rates=parse_rates(as_text(faults)),
        election=election,
        mixed=mixed,
        way_up=way_up_rates(way_up),
        force=force,
        **_how(work),
    )


def _year(year: int | None, planned: PlannedNight | None) -> int:
    return int(year_of(year, planned))


def _how(work: Work) -> dict[str, Any]:
    one_or_more("workers", work.get("workers"))
    given = {name: value for name, value in work.items() if value is not None or name == "workers"}
    return {"workers": 1} | given


def _planned(
    bureaux: AnyPath | ListedNight,
    communes: str | Iterable[str] | None,
    year: int | None,
    election: str | None,
    day: int,
    scenario: str | Mapping[str, object] | None,
) -> PlannedNight:
    if isinstance(bureaux, ListedNight):
        return bureaux.planned
    codes = () if communes is None else (communes,) if isinstance(communes, str) else tuple(communes)
    if len(codes) > 1:
        raise ValueError(f"communes: with bureaux, one code, got {codes!r}")
    whole_from(1, MOST_DAYS, day=day)
    insee = codes[0] if codes else None
    return listed_night(existing(bureaux), election, day, scenario, year=year, insee=insee).planned


def _chosen(year: int, communes: str | Iterable[str] | None) -> Sequence[Commune]:
    codes = [communes] if isinstance(communes, str) else communes
    if codes is not None and not (isinstance(codes, Iterable) and (codes := list(codes))):
        raise ValueError(f"communes: INSEE codes, such as ['77513'], or None for all, got {communes!r}")
    return choose(year, codes)


def _check(year: int | None, seed: int, election: str | None, mixed: str | None) -> None:
    """Refuse values that are not among those that there are, with a ValueError."""
    if year is not None:
        one_of("year", year, sorted(SCENARIOS))
    one_of("election", election, (None, *PROFILES))
    one_of("mixed", mixed, (None, *PAPER_CARE))
    whole_from(0, 2**63 - 1, seed=seed)


# --- The list of a town's bureaux as an argument: how it is read, and a night that is simulated from it ---


def asked_night(args: argparse.Namespace) -> ListedNight | None:
    """The night of a list, read; None where no list was given.

    Raises:
        RegardError: the list cannot be read, no night can be made of it, or other options make no sense with it.
    """
    if args.list is None:
        for name in ("day", "scenario", "hours", "sheet"):
            if getattr(args, name):
                raise UnfitTown(msg("--{option} says nothing without --list", option=name))
        return None
    if args.communes is not None and "," in args.communes:
        raise UnfitTown(msg("with --list, --communes takes one code: of a town that the list does not name"))
    return listed_night(
        existing(args.list),
        args.election,
        args.day or 1,
        args.scenario,
        year=args.year,
        hours=args.hours or HOURS,
        sheets=args.sheet,
        insee=None if args.communes is None else args.communes.strip(),
    )


def hours(text: str) -> tuple[int, int]:
    """Parser of opening hours, which are open at 12h and at 17h."""
    found = span(text)
    if found is not None:
        opening, closing = found
        if OPENINGS[0] <= opening <= OPENINGS[1] and CLOSINGS[0] <= closing <= CLOSINGS[1]:
            return opening, closing
    raise Refused(
        msg("expected hours such as 8-20, opening before 12 and closing after 17, got {text}", text=cited(text))
    )
