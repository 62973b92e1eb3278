"""Commands: polling day planned, simulated, and written from published results."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from protocol.words import msg, series
from regard.arguments import SEED, Argument, Either, integer, later, whole
from regard.commands.options import ELECTIONS, FILE, FORCE, JSON, LIMIT, SCHEDULER, WORKERS

LEAST_DAYS, MOST_DAYS = 50, 20_000
"""Simulated days of a plan."""
YEARS = (2017, 2021, 2022)
"""Those of `sim.elections.SCENARIOS`, here so that the help needs nothing of the simulator."""
_NIGHT = Argument("folder", metavar=msg("DIR"), type=Path, help=msg("where to write the night: a new or empty folder"))
_WAY_UP = Argument(
    "--way-up",
    metavar=msg("WHICH"),
    help=msg(
        "also the documents of the way up, from the centralising bureau to the press, with these faults of it: "
        "none, default, or NAME=RATE,…"
    ),
)
_WRITING = (
    Argument("--seed", type=SEED, default=1, metavar="N", help=msg("same seed, same night (default 1)")),
    WORKERS,
    Argument("--force", action="store_true", help=msg("replace a night that regard wrote there before")),
)
_SHEET = Argument(
    "--sheet",
    action="append",
    metavar=msg("NAME"),
    default=[],
    help=msg("the sheet of the workbook to read (again for more)"),
)


def _opening_hours(default: str | None) -> Argument:
    about = msg("opening hours where the list does not say them (default 8-19)")
    return Argument(
        "--hours", type=later("regard.commands.planning.town.hours"), default=default, metavar="H-H", help=about
    )


OPTIONS: Mapping[str, tuple[Argument | Either, ...]] = {
    "plan": (
        Argument(
            "town",
            metavar=msg("LIST"),
            type=Path,
            help=msg("the town's bureaux: CSV or workbook with bureau, registered, machines, tables, hours"),
        ),
        _SHEET,
        _opening_hours("8-19"),
        Argument(
            "--election",
            choices=ELECTIONS,
            metavar=msg("NAME"),
            help=msg("whose turnout (default 2022-P1): {names}", names=series(ELECTIONS)),
        ),
        Argument("--turnout", metavar="0.74", help=msg("share of the registered who vote, instead")),
        Argument(
            "--profile",
            metavar="12h=0.35,17h=0.88",
            help=msg("when they come: shares of the voters by 12h and by 17h, or the name of an election"),
        ),
        Argument("--late-city", action="store_const", const="yes", help=msg("arrivals of a city that votes until 20h")),
        Argument("--proxies", metavar="0.03", help=msg("share of the votes by proxy (default 0.03)")),
        Argument("--service", metavar="S", help=msg("mean seconds a vote (default 42)")),
        Argument("--polls", choices=("1", "2"), help=msg("polls on one day, on one machine (default 1)")),
        Argument(
            "--second", metavar="S", help=msg("mean seconds for the vote of the second poll (default: as the first)")
        ),
        Argument(
            "--first-only", metavar="0.02", help=msg("share of the people who vote in the first of two polls only")
        ),
        Argument(
            "--breakdown", metavar="0.01", help=msg("probability that a machine fails on a day (default: none does)")
        ),
        Argument("--repair", metavar="MIN", help=msg("mean minutes until it is repaired (default 60)")),
        Argument(
            "--then",
            choices=("repair", "reserve", "paper"),
            help=msg("wait for the repair, bring a reserve machine, or go on with ballot papers"),
        ),
        Argument("--reserves", metavar="N", help=msg("reserve machines of the town")),
        Argument("--travel", metavar="MIN", help=msg("minutes until a reserve machine is in service (default 30)")),
        Argument("--paper-after", metavar="MIN", help=msg("minutes until ballot papers are in use (default 30)")),
        Argument("--patience", metavar="MIN", help=msg("mean minutes after which people leave (default: nobody does)")),
        Argument(
            "--scenario",
            action="append",
            metavar=msg("SETTINGS|FILE"),
            default=[],
            help=msg(
                "one to compare, as polls=2,closing=20, or a .toml file with the same keys (again for more): name, "
                "polls, second (s), first-only, turnout, election, profile, late-city, proxies, service (s), "
                "opening-delay (min), opening, closing, out=17:00/40, breakdown, repair (min), then, reserves, "
                "travel (min), paper-after (min), patience (min)"
            ),
        ),
        Argument(
            "--days",
            type=whole(LEAST_DAYS, MOST_DAYS),
            default=1000,
            metavar="N",
            help=msg("simulated days (default 1000)"),
        ),
        LIMIT,
        Argument("--seed", type=SEED, default=1, metavar="N", help=msg("same seed, same days (default 1)")),
        Argument("--report", metavar=FILE, help=msg("write a page to read, show and print (.html)")),
        Argument("--verbose", action="store_true", help=msg("show every remedy, what was assumed, and what was read")),
        JSON,
        WORKERS,
        SCHEDULER,
        FORCE,
    ),
    "simulate": (
        _NIGHT,
        Argument(
            "--communes",
            metavar="CODES",
            help=msg(
                "INSEE codes with commas between them (default: all); with --list, that of a town it does not name"
            ),
        ),
        Argument(
            "--list",
            metavar=FILE,
            type=Path,
            help=msg(
                "a town's own bureaux, in place of --communes: a list as `regard plan` takes it; 0 machines: on paper"
            ),
        ),
        Argument(
            "--day",
            type=whole(1, MOST_DAYS),
            metavar="N",
            help=msg("with --list: which of the days that `regard plan` simulates (default 1)"),
        ),
        Argument(
            "--scenario",
            metavar=msg("SETTINGS|FILE"),
            help=msg(
                "with --list: what happens on that day, as `regard plan --scenario` takes it; bureau=CODE: "
                "where a machine is out"
            ),
        ),
        _SHEET,
        _opening_hours(None),
        Argument(
            "--year",
            type=integer,
            choices=YEARS,
            help=msg("whose communes and choices: 2017, 2022 (default), or 2021 with two polls on one day"),
        ),
        Argument(
            "--faults",
            metavar=msg("WHICH"),
            default="default",
            help=msg(
                "none, default, or NAME=RATE,… (a rate from 0 to 1); default,NAME=RATE changes some; NAME@BUREAU "
                "strikes that bureau; « regard faults » lists them (default: default)"
            ),
        ),
        Argument(
            "--mixed",
            choices=("studies", "paris", "toulouse"),
            help=msg("also the paper bureaux of mixed communes, with gaps as those studies or places have them"),
        ),
        Argument(
            "--election",
            choices=ELECTIONS,
            metavar=msg("NAME"),
            help=msg(
                "whose turnout at 12h, 17h and the end the arrivals follow (default: that of the year's first round): "
                "{names}",
                names=series(ELECTIONS),
            ),
        ),
        _WAY_UP,
        SCHEDULER,
        *_WRITING,
    ),
    "replay": (
        Argument("published", metavar=msg("PUBLISHED"), type=Path, help=msg("results by bureau, in any known layout")),
        _NIGHT,
        Argument("--election", metavar="ID", help=msg("id of the election (default: from the file's name)")),
        Argument(
            "--date",
            type=later("regard.letters.asking.day_of"),
            metavar=msg("DD/MM/YYYY"),
            help=msg("polling day (default: from the file's name)"),
        ),
        Argument("--round", type=integer, choices=(1, 2), help=msg("round (default: from the file's name)")),
        Argument(
            "--machines",
            metavar="CSV",
            type=Path,
            help=msg(
                "bureaux that have a machine, columns insee,bureau (default: those without null votes; "
                "in the presidential elections of 2017 and 2022 only in the machine communes)"
            ),
        ),
        _WAY_UP,
        *_WRITING,
    ),
}
