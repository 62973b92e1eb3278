"""`regard simulate`: an election night in the machine communes, with faults whose truth is known."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from protocol.errors import RegardError
from protocol.words import msg, series
from regard.arguments import SEED, integer, whole
from regard.counting import progress
from regard.language import add_language, show, spoken
from regard.paths import AnyPath, one_of

if TYPE_CHECKING:
    from sim.communes import Commune
    from sim.faults.catalogue import Rates
    from sim.night import Summary
    from sim.told import MakePages

ELECTIONS = (
    *("2007-P1", "2007-P2", "2012-P1", "2012-P2", "2014-M1", "2014-M2", "2017-P1", "2017-P2", "2020-M1"),
    *("2021-R1", "2021-R2", "2022-P1", "2022-P2", "2022-P1-75", "2022-P1-91", "2022-P1-93", "2022-L1", "2022-L2"),
    *("2024-E", "2024-L1"),
)
"""Names of `sim.elections.TURNOUTS`, here so that the help needs nothing of the simulator."""

MACHINES = ("bu", "cvr")
"""Names of `sim.other_machines.writing.WRITERS`, here for the same reason."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe what the command takes."""
    add_folder_argument(parser)
    language = spoken(parser)
    parser.add_argument(
        "--communes",
        metavar="CODES",
        help=show(language, msg("INSEE codes with commas between them (default: all)")),
    )
    parser.add_argument(
        "--year",
        type=integer,
        choices=(2017, 2022),
        default=2022,
        help=show(language, msg("whose communes and choices (default 2022)")),
    )
    parser.add_argument(
        "--faults",
        metavar=show(language, msg("WHICH")),
        default="default",
        help=show(
            language,
            msg(
                "none, default, or NAME=RATE,… (a rate from 0 to 1); default,NAME=RATE changes some (default: default)"
            ),
        ),
    )
    parser.add_argument(
        "--mixed",
        choices=("studies", "paris", "toulouse"),
        help=show(
            language, msg("also the paper bureaux of mixed communes, with gaps as those studies or places have them")
        ),
    )
    parser.add_argument(
        "--election",
        choices=ELECTIONS,
        metavar=show(language, msg("NAME")),
        help=show(
            language,
            msg(
                "whose turnout at 12h, 17h and the end the arrivals follow (default: that of the year's first round): "
                "{names}",
                names=series(ELECTIONS),
            ),
        ),
    )
    _add_machine_argument(parser)
    add_way_up_argument(parser)
    add_scheduler_argument(parser)
    add_common_arguments(parser)


def _add_machine_argument(parser: argparse.ArgumentParser) -> None:
    """Dumps of another machine."""
    language = spoken(parser)
    parser.add_argument(
        "--machine",
        choices=MACHINES,
        help=show(
            language,
            msg(
                "also what all exports say as dumps of another machine, in a folder of that name: "
                "bu (Brazilian urna), cvr (Dominion)"
            ),
        ),
    )


def add_way_up_argument(parser: argparse.ArgumentParser) -> None:
    """What happens between the bureaux and the ministry."""
    language = spoken(parser)
    parser.add_argument(
        "--way-up",
        metavar=show(language, msg("WHICH")),
        help=show(
            language,
            msg(
                "also the documents of the way up, from the centralising bureau to the press, with these faults of it: "
                "none, default, or NAME=RATE,…"
            ),
        ),
    )


def way_up_rates(which: str | Mapping[str, float] | None) -> Rates | None:
    """The rates of the faults of the way up, as ``--faults`` has those of others; None for no way up.

    Raises:
        UnknownFault: a name that no fault of the way has, or a rate outside of 0 to 1.
    """
    from sim.faults.catalogue import parse_rates
    from sim.way_up.faults import way_faults

    return None if which is None else parse_rates(_as_text(which), way_faults())


def _as_text(faults: str | Mapping[str, float]) -> str:
    return faults if isinstance(faults, str) else ",".join(f"{name}={rate!r}" for name, rate in faults.items())


def add_folder_argument(parser: argparse.ArgumentParser) -> None:
    """Where a night is written."""
    parser.add_argument(
        "folder",
        metavar=show(spoken(parser), msg("DIR")),
        type=Path,
        help=show(spoken(parser), msg("where to write the night: a new or empty folder")),
    )


def add_scheduler_argument(parser: argparse.ArgumentParser) -> None:
    """Where else the work can be done."""
    language = spoken(parser)
    parser.add_argument(
        "--scheduler",
        metavar=show(language, msg("ADDRESS")),
        help=show(language, msg("compute on the Dask cluster of that scheduler, such as tcp://127.0.0.1:8786")),
    )


def add_workers_argument(parser: argparse.ArgumentParser) -> None:
    """How many processes work."""
    language = spoken(parser)
    parser.add_argument(
        "--workers",
        type=whole(1, 1024),
        metavar="N",
        help=show(language, msg("processes (default: one for each processor)")),
    )


def add_common_arguments(parser: argparse.ArgumentParser) -> None:
    """What every command that writes a night takes."""
    language = spoken(parser)
    parser.add_argument(
        "--seed",
        type=SEED,
        default=1,
        metavar="N",
        help=show(language, msg("same seed, same night (default 1)")),
    )
    add_workers_argument(parser)
    parser.add_argument(
        "--force",
        action="store_true",
        help=show(language, msg("replace a night that regard wrote there before")),
    )
    add_language(parser)


def run(args: argparse.Namespace) -> int:
    """Simulate, write, and say what was written. Returns 0, or 2 where the request cannot be carried out."""
    from regard.terminal import clean, complain, notice_in

    language = args.lang
    try:
        codes = None if args.communes is None else [code.strip() for code in args.communes.split(",")]
        with progress(show(language, msg("simulating")), "bureaux", language) as report:
            wrote = simulate(
                args.folder,
                seed=args.seed,
                year=args.year,
                communes=codes,
                faults=args.faults,
                election=args.election,
                mixed=args.mixed,
                machine=args.machine,
                way_up=args.way_up,
                workers=args.workers,
                scheduler=args.scheduler,
                force=args.force,
                language=language,
                progress=report,
                notice=notice_in(language),
            )
    except (RegardError, OSError) as error:
        complain(language, "simulate", error)
        return 2
    print(_said(args, clean(str(args.folder)), wrote))
    return 0


def simulate(
    folder: AnyPath,
    *,
    seed: int = 1,
    year: int = 2022,
    communes: str | Iterable[str] | None = None,
    faults: str | Mapping[str, float] = "default",
    election: str | None = None,
    mixed: str | None = None,
    machine: str | None = None,
    way_up: str | Mapping[str, float] | None = None,
    workers: int | None = 1,
    scheduler: str | None = None,
    force: bool = False,
    language: str = "en",
    progress: Callable[[int, int], None] | None = None,
    notice: Callable[[RegardError], None] | None = None,
) -> Summary:
    """Simulate an election night in machine communes and write it: the same bytes for a seed, wherever it is done.

    Args:
        folder: where to write: a new or empty folder, or with ``force`` one with a night that regard wrote.
        seed: 0 to 2**63 - 1.
        year: 2017 or 2022: whose communes and candidates.
        communes: INSEE codes; None for all of the year.
        faults: ``"none"``, ``"default"``, ``"NAME=RATE,…"``, or rates from 0 to 1 by name; ``verite.csv`` says where.
        election: whose turnout during the day the arrivals follow, such as ``"2017-P2"``; None for the year's own.
        mixed: also the paper bureaux, with gaps as in ``"studies"``, ``"paris"`` or ``"toulouse"``.
        machine: also the counts of all exports as dumps of another machine: ``"bu"`` or ``"cvr"``.
        way_up: faults of the way up, as ``faults``; the documents of the way are then in the night as well.
        workers: processes; None for one for each processor.
        scheduler: address of a Dask scheduler that does the work instead.
        force: replace a night that regard wrote there.
        language: of ``jour.html`` and ``verite.html``, one of `protocol.words.languages`; nothing else depends on it.
        progress: called with the number of bureaux that are done, and of all.
        notice: called with what is waited for: workers of a scheduler that has none.

    Raises:
        ValueError: a value that is not among those above.
        RegardError, OSError: no such commune or fault; no scheduler answers; the folder is not to be written to.
    """
    from sim.night import simulate as write_night

    return write_night(
        Path(folder),
        seed=seed,
        year=_checked(year, seed, election, mixed, machine),
        communes=_chosen(year, communes),
        rates=_rates(faults),
        election=election,
        mixed=mixed,
        machine=machine,
        way_up=way_up_rates(way_up),
        workers=workers,
        scheduler=scheduler,
        force=force,
        pages=_pages(language),
        progress=progress or (lambda done, total: None),
        notice=notice or (lambda said: None),
    )


def _pages(language: str) -> MakePages:
    from protocol.words import languages
    from regard.office.night_pages import night_pages

    one_of("language", language, languages())
    return night_pages(language)


def _chosen(year: int, communes: str | Iterable[str] | None) -> Sequence[Commune]:
    from sim.communes import choose

    return choose(year, [communes] if isinstance(communes, str) else communes)


def _rates(faults: str | Mapping[str, float]) -> Rates:
    from sim.faults.catalogue import parse_rates

    return parse_rates(_as_text(faults))


def _checked(year: int, seed: int, election: str | None, mixed: str | None, machine: str | None) -> int:
    """The year, where all values are among those that there are."""
    from sim.elections import PROFILES, SCENARIOS
    from sim.other_machines.writing import WRITERS
    from sim.parameters import PAPER_CARE

    one_of("year", year, sorted(SCENARIOS))
    one_of("election", election, (None, *PROFILES))
    one_of("mixed", mixed, (None, *PAPER_CARE))
    one_of("machine", machine, (None, *WRITERS))
    if not 0 <= seed < 2**63:
        raise ValueError(f"seed: from 0 to 2**63 - 1, got {seed}")
    return year


def _said(args: argparse.Namespace, folder: str, wrote: Summary) -> str:
    machines = msg("{machines:n} machine bureaux", machines=wrote.bureaux - wrote.paper_bureaux)
    bureaux = msg("{machines} and {paper:n} paper bureaux", machines=machines, paper=wrote.paper_bureaux)
    return show(
        args.lang,
        msg(
            "Simulated {bureaux} of {communes:n} communes, {year}, seed {seed}.\n"
            "{registered:n} registered voters, {votes:n} votes found, {signatures:n} signatures.\n"
            "{faults:n} faults injected; {gaps:n} bureaux where votes and signatures differ.\n"
            "Written to {folder}. The truth is in verite.csv, which `regard verify` never opens.\n"
            "Machines and their formats are a model: the vendor's are not public.",
            bureaux=bureaux if wrote.paper_bureaux else machines,
            communes=wrote.communes,
            year=args.year,
            seed=args.seed,
            registered=wrote.registered,
            votes=wrote.votes,
            signatures=wrote.signatures,
            faults=wrote.faults,
            gaps=wrote.gaps,
            folder=folder,
        ),
    )
