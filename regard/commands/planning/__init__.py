"""Commands: polling day planned, simulated, and written from published results."""

from __future__ import annotations

from protocol.words import msg, series
from regard.arguments import Argument, CommandOptions, flag, later, option, path, seed, whole
from regard.commands.options import ELECTIONS, FILE, FORCE, JSON, LIMIT, SCHEDULER, WORKERS

LEAST_DAYS, MOST_DAYS = 50, 20_000
"""Simulated days of a plan."""
YEARS = (2017, 2021, 2022)
"""Those of `sim.elections.SCENARIOS`, here so that the help needs nothing of the simulator."""
_NIGHT = path("folder", msg("DIR"), msg("where to write the night: a new or empty folder"))
_WAY_UP = option(
    "--way-up",
    msg("WHICH"),
    msg(
        "also write the documents from the centralising bureau up to the press, with these faults: none, "
        "default, or NAME=RATE,…"
    ),
)
_WRITING = (
    seed(msg("same seed, same night (default 1)")),
    WORKERS,
    flag("--force", msg("replace a night that regard wrote there before")),
)
_SHEET = option(
    "--sheet",
    msg("NAME"),
    msg("the sheet of the workbook to read (give it again for more)"),
    action="append",
    default=[],
)


def _opening_hours(default: str | None) -> Argument:
    about = msg("opening hours, where the list gives none (default 8-19)")
    return option("--hours", "H-H", about, type=later("regard.commands.planning.simulate.hours"), default=default)


OPTIONS: CommandOptions = {
    "plan": (
        path(
            "town",
            msg("LIST"),
            msg("the town's bureaux: CSV or workbook with bureau, registered, machines, tables, hours"),
        ),
        _SHEET,
        _opening_hours("8-19"),
        option(
            "--election",
            msg("NAME"),
            msg("whose turnout (default 2022-P1): {names}", names=series(ELECTIONS)),
            choices=ELECTIONS,
        ),
        option("--turnout", "0.74", msg("share of registered voters who vote, instead of that election's")),
        option(
            "--profile",
            "12h=0.35,17h=0.88",
            msg("when they come: shares of the voters by 12h and by 17h, or the name of an election"),
        ),
        Argument("--late-city", action="store_const", const="yes", help=msg("arrivals of a city that votes until 20h")),
        option("--proxies", "0.03", msg("share of the votes by proxy (default 0.03)")),
        option("--service", "S", msg("mean seconds a vote (default 42)")),
        Argument("--polls", choices=("1", "2"), help=msg("polls on one day, on one machine (default 1)")),
        option("--second", "S", msg("mean seconds for the vote of the second poll (default: as the first)")),
        option("--first-only", "0.02", msg("share of voters who vote only in the first of two polls")),
        option("--breakdown", "0.01", msg("probability that a machine fails on a day (default: none does)")),
        option("--repair", "MIN", msg("mean minutes until a machine is repaired (default 60)")),
        Argument(
            "--then",
            choices=("repair", "reserve", "paper"),
            help=msg("wait for the repair, bring a reserve machine, or go on with ballot papers"),
        ),
        option("--reserves", "N", msg("reserve machines of the town")),
        option("--travel", "MIN", msg("minutes until a reserve machine is in service (default 30)")),
        option("--paper-after", "MIN", msg("minutes until ballot papers are in use (default 30)")),
        option("--patience", "MIN", msg("mean minutes after which people leave (default: nobody does)")),
        option(
            "--scenario",
            msg("SETTINGS|FILE"),
            msg(
                "a scenario to compare, such as polls=2,closing=20, or a .toml file with the same keys (give it "
                "again for more): name, polls, second (s), first-only, turnout, election, profile, late-city, "
                "proxies, service (s), opening-delay (min), opening, closing, out=17:00/40, breakdown, repair "
                "(min), then, reserves, travel (min), paper-after (min), patience (min)"
            ),
            action="append",
            default=[],
        ),
        option("--days", "N", msg("simulated days (default 1000)"), type=whole(LEAST_DAYS, MOST_DAYS), default=1000),
        LIMIT,
        seed(msg("same seed, same days (default 1)")),
        option("--report", FILE, msg("write a page to read, show and print (.html)")),
        flag("--verbose", msg("show every remedy, what was assumed, and what was read")),
        JSON,
        WORKERS,
        FORCE,
    ),
    "simulate": (
        _NIGHT,
        option(
            "--communes",
            "CODES",
            msg(
                "INSEE codes, separated by commas (default: all); with --list, the code of the town, where the "
                "list lacks it"
            ),
        ),
        path(
            "--list",
            FILE,
            msg(
                "a town's own bureaux instead of --communes: a list as for `regard plan`; a bureau with 0 "
                "machines votes on paper"
            ),
        ),
        option(
            "--day",
            "N",
            msg("with --list: which of the days that `regard plan` simulates (default 1)"),
            type=whole(1, MOST_DAYS),
        ),
        option(
            "--scenario",
            msg("SETTINGS|FILE"),
            msg(
                "with --list: what happens that day, as in `regard plan --scenario`; bureau=CODE says where a "
                "machine fails"
            ),
        ),
        _SHEET,
        _opening_hours(None),
        Argument(
            "--year",
            type=whole(min(YEARS), max(YEARS)),
            choices=YEARS,
            help=msg("whose communes and choices: 2017, 2022 (default), or 2021 with two polls on one day"),
        ),
        option(
            "--faults",
            msg("WHICH"),
            msg(
                "none, default, or NAME=RATE,… (a rate from 0 to 1); default,NAME=RATE changes some; NAME@BUREAU "
                "strikes that bureau; « regard faults » lists them (default: default)"
            ),
            default="default",
        ),
        Argument(
            "--mixed",
            choices=("studies", "paris", "toulouse"),
            help=msg(
                "also simulate the paper bureaux of mixed communes, with the gaps found by these studies or cities"
            ),
        ),
        option(
            "--election",
            msg("NAME"),
            msg(
                "whose turnout at 12h, 17h and the end the arrivals follow (default: that of the year's first round): "
                "{names}",
                names=series(ELECTIONS),
            ),
            choices=ELECTIONS,
        ),
        _WAY_UP,
        SCHEDULER,
        *_WRITING,
    ),
    "replay": (
        path("published", msg("PUBLISHED"), msg("results by bureau, in any known layout")),
        _NIGHT,
        option("--election", "ID", msg("id of the election (default: from the file's name)")),
        option(
            "--date",
            msg("DD/MM/YYYY"),
            msg("polling day (default: from the file's name)"),
            type=later("regard.letters.asking.day_of"),
        ),
        Argument("--round", type=whole(1, 2), choices=(1, 2), help=msg("round (default: from the file's name)")),
        path(
            "--machines",
            "CSV",
            msg(
                "bureaux that have a machine, columns insee,bureau (default: those without null votes; "
                "in the presidential elections of 2017 and 2022 only in the machine communes)"
            ),
        ),
        _WAY_UP,
        *_WRITING,
    ),
}
