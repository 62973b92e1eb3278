"""Commands: how well it all works: ``regard study matrix`` and others."""

from __future__ import annotations

from pathlib import Path

from protocol.words import msg, series
from regard.arguments import Argument, CommandOptions, flag, later, option, path, real, seed, whole
from regard.commands.options import ELECTIONS, FILE, FORCE, JSON, LIMIT, WORKERS

SEEDS = 3
NIGHTS = 3


OPTIONS: CommandOptions = {
    "calibrate": (
        option(
            "--nights",
            "N",
            msg("simulated nights, 1 to 50 (default 3)"),
            type=whole(1, 50),
            default=NIGHTS,
        ),
    ),
    "matrix": (
        option(
            "--seeds",
            "N",
            msg("nights for each fault, seeds 1 to N (default {seeds})", seeds=SEEDS),
            type=whole(1, 10_000),
            default=SEEDS,
        ),
        option(
            "--fault",
            msg("NAME"),
            msg("measure this fault only; may be given several times (default: every fault)"),
            action="append",
            default=[],
        ),
        Argument(
            "-o",
            "--output",
            type=Path,
            default=Path("matrix"),
            metavar=msg("DIR"),
            help=msg("where to write (default: matrix)"),
        ),
        WORKERS,
        FORCE,
    ),
    "score": (
        path("night", msg("NIGHT"), msg("a night that regard simulated, with its verite.csv")),
        option("--json", FILE, msg("write faults, findings and cases as JSON; - for standard output")),
        FORCE,
    ),
    "precision": (
        path("paths", msg("PATH"), msg("nights, PVs, or published results with both counts"), nargs="+"),
        flag("--as-it-stands", msg("take every figure as written, without correcting slips")),
        JSON,
        FORCE,
    ),
    "queue": (
        option("--registered", "N", msg("voters of the bureau (default 1000)"), type=whole(0, 10_000), default=1000),
        option("--service", "S", msg("mean seconds a vote (default 42)"), type=real(1, 600), default=42.0),
        option(
            "--hours",
            "H-H",
            msg("opening hours (default 8-20)"),
            type=later("regard.commands.planning.simulate.hours"),
            default="8-20",
        ),
        option(
            "--election",
            msg("NAME"),
            msg("whose turnout (default 2022-P1): {names}", names=series(ELECTIONS)),
            choices=ELECTIONS,
            default="2022-P1",
        ),
        flag("--late-city", msg("arrivals of a city that votes until 20h")),
        Argument(
            "--machines",
            type=whole(1, 4),
            choices=range(1, 5),
            default=1,
            help=msg("machines in the bureau (default 1)"),
        ),
        option("--replications", "N", msg("simulated days (default 1000)"), type=whole(1, 20_000), default=1000),
        LIMIT,
        seed(msg("same seed, same days (default 1)")),
        WORKERS,
        JSON,
        FORCE,
    ),
}
