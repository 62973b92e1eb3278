"""`regard plan`: the day of a real town: where people will wait too long, what changes it, what would be enough."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from numbers import Real
from pathlib import Path
from typing import TYPE_CHECKING, Any

from protocol.words import Message, msg, series
from regard.arguments import (
    SEED,
    add_force_argument,
    add_json_argument,
    add_scheduler_argument,
    add_workers_argument,
    whole,
)
from regard.commands.queue import add_limit_argument
from regard.commands.simulate import ELECTIONS
from regard.commands.town_arguments import MOST_DAYS, add_reading_arguments
from regard.language import add_language, language_of, show
from regard.office.hours import HOURS
from regard.paths import AnyPath, existing, one_or_more, whole_from
from regard.terminal import progress_bar

if TYPE_CHECKING:
    from regard.office.contents import PlannedTown

LEAST_DAYS = 50
SETTINGS = (
    "election", "turnout", "profile", "late-city", "proxies", "service", "polls", "second", "first-only", "breakdown",
    "repair", "then", "reserves", "travel", "paper-after", "patience",
)  # fmt: skip
"""Options that are settings of all scenarios, `regard.office.settings.SETTINGS`."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe what the command takes."""
    text = partial(show, language_of(parser))
    parser.add_argument(
        "town",
        metavar=text(msg("LIST")),
        type=Path,
        help=text(msg("the town's bureaux: CSV or workbook with bureau, registered, machines, tables, hours")),
    )
    add_reading_arguments(parser)
    _add_day(parser, text)
    _add_failures(parser, text)
    parser.add_argument(
        "--scenario",
        action="append",
        metavar=text(msg("SETTINGS|FILE")),
        default=[],
        help=text(
            msg(
                "one to compare, as polls=2,closing=20, or a .toml file with the same keys (again for more): name, "
                "polls, second (s), first-only, turnout, election, profile, late-city, proxies, service (s), "
                "opening-delay (min), opening, closing, out=17:00/40, breakdown, repair (min), then, reserves, "
                "travel (min), paper-after (min), patience (min)"
            )
        ),
    )
    parser.add_argument(
        "--days",
        "--replications",
        dest="days",
        type=whole(LEAST_DAYS, MOST_DAYS),
        default=1000,
        metavar="N",
        help=text(msg("simulated days (default 1000)")),
    )
    add_limit_argument(parser)
    parser.add_argument("--seed", type=SEED, default=1, metavar="N", help=text(msg("same seed, same days (default 1)")))
    _add_outputs(parser, text)
    add_workers_argument(parser)
    add_scheduler_argument(parser)
    add_force_argument(parser)
    add_language(parser)


def _add_outputs(parser: argparse.ArgumentParser, text: Callable[[Message], str]) -> None:
    """What is written."""
    file = text(msg("FILE"))
    parser.add_argument("--report", metavar=file, help=text(msg("write a page to read, show and print (.html)")))
    parser.add_argument("--xlsx", metavar=file, help=text(msg("write all figures as a workbook")))
    add_json_argument(parser)


def _add_day(parser: argparse.ArgumentParser, text: Callable[[Message], str]) -> None:
    """Who comes, when, and how long a vote takes."""
    parser.add_argument(
        "--election",
        choices=ELECTIONS,
        metavar=text(msg("NAME")),
        help=text(msg("whose turnout (default 2022-P1): {names}", names=series(ELECTIONS))),
    )
    parser.add_argument("--turnout", metavar="0.74", help=text(msg("share of the registered who vote, instead")))
    parser.add_argument(
        "--profile",
        metavar="12h=0.35,17h=0.88",
        help=text(msg("when they come: shares of the voters by 12h and by 17h, or the name of an election")),
    )
    parser.add_argument(
        "--late-city",
        action="store_const",
        const="yes",
        help=text(msg("arrivals of a city that votes until 20h")),
    )
    parser.add_argument("--proxies", metavar="0.03", help=text(msg("share of the votes by proxy (default 0.03)")))
    parser.add_argument("--service", metavar="S", help=text(msg("mean seconds a vote (default 42)")))
    parser.add_argument("--polls", choices=("1", "2"), help=text(msg("polls on one day, on one machine (default 1)")))
    parser.add_argument(
        "--second", metavar="S", help=text(msg("mean seconds for the vote of the second poll (default: as the first)"))
    )
    parser.add_argument(
        "--first-only", metavar="0.02", help=text(msg("share of the people who vote in the first of two polls only"))
    )


def _add_failures(parser: argparse.ArgumentParser, text: Callable[[Message], str]) -> None:
    """What goes wrong, in all scenarios."""
    parser.add_argument(
        "--breakdown", metavar="0.01", help=text(msg("probability that a machine fails on a day (default: none does)"))
    )
    parser.add_argument("--repair", metavar="MIN", help=text(msg("mean minutes until it is repaired (default 60)")))
    parser.add_argument(
        "--then",
        choices=("repair", "reserve", "paper"),
        help=text(msg("wait for the repair, bring a reserve machine, or go on with ballot papers")),
    )
    parser.add_argument("--reserves", metavar="N", help=text(msg("reserve machines of the town")))
    parser.add_argument(
        "--travel", metavar="MIN", help=text(msg("minutes until a reserve machine is in service (default 30)"))
    )
    parser.add_argument(
        "--paper-after", metavar="MIN", help=text(msg("minutes until ballot papers are in use (default 30)"))
    )
    parser.add_argument(
        "--patience", metavar="MIN", help=text(msg("mean minutes after which people leave (default: nobody does)"))
    )


def run(args: argparse.Namespace) -> int:
    """Read, simulate, show and write. Returns 0: a bureau above the limit is no error.

    Raises:
        InputError: the list or a file of scenarios cannot be read.
        ScenarioRefused: a setting cannot be what it is.
        OutputRefused: a file must not be written where it is to be; nothing was simulated.
    """
    from regard.office.scenarios import is_file
    from regard.office.screen import PlanScreen
    from regard.outputs import Outputs, check_ending, json_bytes
    from regard.terminal import console

    check_ending("--report", args.report, ".html")
    check_ending("--xlsx", args.xlsx, ".xlsx")
    read = [existing(args.town), *(existing(each) for each in args.scenario if is_file(each))]
    targets = {"--report": args.report, "--json": args.json, "--xlsx": args.xlsx}
    base = {key: value for key in SETTINGS if (value := getattr(args, key.replace("-", "_"))) is not None}
    with Outputs(targets, read, force=args.force) as outputs:
        planned = _planned(args, base)
        outputs.write("--report", lambda: _page(planned, args.lang))
        outputs.write("--json", lambda: json_bytes(planned.to_dict(args.lang)))
        outputs.write("--xlsx", lambda: _workbook(planned, args.lang))
        PlanScreen(planned, args.lang, console(sys.stderr if outputs.on_screen else sys.stdout)).show()
        return outputs.end("plan", args.lang, 0)


def _page(planned: PlannedTown, language: str) -> bytes:
    from regard.office.plan_page import plan_page

    return plan_page(planned, language)


def _workbook(planned: PlannedTown, language: str) -> bytes:
    from regard.office.plan_workbook import as_workbook  # takes longer to load than a small town to plan

    return as_workbook(planned, language)


def _planned(args: argparse.Namespace, base: Mapping[str, str]) -> PlannedTown:
    from regard.office.planning import Studied, plan_town
    from regard.office.scenarios import scenarios_of
    from regard.office.town_list import read_town
    from regard.terminal import notice_in
    from sim.executors import executor

    text = partial(show, args.lang)
    studied = Studied(
        town=read_town(args.town, args.hours, args.sheet),
        scenarios=scenarios_of(base, args.scenario),
        seed=args.seed,
        days=args.days,
        limit=args.limit,
    )
    steps = text(msg("days"))
    with executor(args.workers, args.scheduler, notice=notice_in(args.lang)) as pool:
        with progress_bar(text(msg("simulating")), steps, args.lang) as playing:
            played = studied.play(pool, playing)
        with progress_bar(text(msg("looking for the fewest machines")), steps, args.lang) as searching:
            return plan_town(studied, played, pool, searching)


def plan(
    town: AnyPath,
    *,
    scenarios: str | Mapping[str, object] | Iterable[str | Mapping[str, object]] = (),
    settings: Mapping[str, object] | None = None,
    hours: tuple[int, int] = HOURS,
    sheets: str | Sequence[str] = (),
    days: int = 1000,
    limit: float = 15.0,
    seed: int = 1,
    workers: int | None = 1,
    progress: Callable[[int, int], None] | None = None,
) -> PlannedTown:
    """Plan the day of a town: simulate its bureaux, compare scenarios, look for the fewest machines.

    Args:
        town: the list of its bureaux.
        scenarios: one or several, each ``"polls=2,closing=20"``, ``{"polls": 2}`` or the path of a ``.toml`` file.
        settings: what holds for all of them, by the same keys.
        hours: opening and closing where the list does not say them.
        sheets: names of the sheets of a workbook to read; all that list bureaux by default.
        days: that are simulated, from 50 to 20,000.
        limit: minutes that the mean of the day's longest wait is to stay within.
        seed: 0 to 2**63 - 1.
        workers: processes; None for one for each processor.
        progress: called with how much is done, and of how much.

    Raises:
        ValueError: a number that is out of its bounds.
        RegardError: the list or a scenario cannot be what it is.
    """
    from regard.office.planning import Studied, plan_town
    from regard.office.scenarios import as_settings, scenarios_of
    from regard.office.town_list import read_town
    from sim.executors import executor

    whole_from(LEAST_DAYS, MOST_DAYS, days=days)
    whole_from(0, 2**63 - 1, seed=seed)
    if isinstance(limit, bool) or not isinstance(limit, Real) or not 1 <= limit <= 600:
        raise ValueError(f"limit: a number from 1 to 600, got {limit!r}")
    if not isinstance(hours, (tuple, list)) or len(hours) != 2:
        raise ValueError(f"hours: opening and closing, such as (8, 19), got {hours!r}")
    one_or_more("workers", workers)
    studied = Studied(
        read_town(existing(town), hours, [sheets] if isinstance(sheets, str) else sheets),
        scenarios_of(as_settings(settings or {}), [scenarios] if isinstance(scenarios, (str, Mapping)) else scenarios),
        seed,
        days,
        limit,
    )
    report: Any = progress or (lambda done, total: None)
    with executor(workers) as pool:
        return plan_town(studied, studied.play(pool, report), pool, report)
