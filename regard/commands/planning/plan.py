"""`regard plan`: the day of a real town: where people will wait too long, what changes it, what would be enough."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Mapping, Sequence
from numbers import Real
from typing import Any

from protocol.words import msg
from regard.commands.planning import LEAST_DAYS, MOST_DAYS
from regard.office.contents import PlannedTown
from regard.office.hours import HOURS
from regard.office.plan_page import plan_page
from regard.office.planning import TownStudy, plan_town
from regard.office.scenarios import as_settings, is_file, scenarios_of
from regard.office.screen import PlanScreen
from regard.office.settings import SETTINGS
from regard.office.town_list import read_town
from regard.outputs import check_ending, claim
from regard.paths import AnyPath, existing, one_or_more, whole_from
from regard.reports.screen import Screen
from regard.terminal import progress_bar
from sim.executors import executor


def run(args: argparse.Namespace) -> int:
    """Read, simulate, show and write. Returns 0: a bureau above the limit is no error.

    Raises:
        InputError: the list or a file of scenarios cannot be read.
        ScenarioRefused: a setting cannot be what it is.
        OutputRefused: a file must not be written where it is to be; nothing was simulated.
    """
    check_ending("--report", args.report, ".html")
    read = [existing(args.town), *(existing(each) for each in args.scenario if is_file(each))]
    base = {key: value for key in SETTINGS if (value := getattr(args, key.replace("-", "_"), None)) is not None}
    with claim(args, "--report", "--json", read=read) as outputs:
        with progress_bar(args.lang, msg("simulating"), msg("days")) as report:
            planned = plan(
                args.town,
                scenarios=args.scenario,
                settings=base,
                hours=args.hours,
                sheets=args.sheet,
                days=args.days,
                limit=args.limit,
                seed=args.seed,
                workers=args.workers,
                progress=report,
            )
        outputs.write("--report", lambda: plan_page(planned, args.lang))
        outputs.write_json(lambda: planned.to_dict(args.lang))
        screen = Screen(args.lang, outputs.console(), whole=args.verbose)
        PlanScreen(planned, screen).show(verbose=args.verbose)
        return outputs.end(args, 0)


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
    whole_from(LEAST_DAYS, MOST_DAYS, days=days)
    whole_from(0, 2**63 - 1, seed=seed)
    if isinstance(limit, bool) or not isinstance(limit, Real) or not 1 <= limit <= 600:
        raise ValueError(f"limit: a number from 1 to 600, got {limit!r}")
    if not isinstance(hours, (tuple, list)) or len(hours) != 2:
        raise ValueError(f"hours: opening and closing, such as (8, 19), got {hours!r}")
    one_or_more("workers", workers)
    studied = TownStudy(
        read_town(existing(town), hours, [sheets] if isinstance(sheets, str) else sheets),
        scenarios_of(as_settings(settings or {}), [scenarios] if isinstance(scenarios, (str, Mapping)) else scenarios),
        seed,
        days,
        limit,
    )
    report: Any = progress or (lambda done, total: None)
    with executor(workers) as pool:
        return plan_town(studied, studied.play(pool, report), pool, report)
