"""Commands: how well it all works: ``regard study matrix`` and others."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from protocol.words import msg, series
from regard.arguments import SEED, Argument, Either, integer, later, real, whole
from regard.commands.options import ELECTIONS, FILE, FORCE, JSON, LIMIT, SCHEDULER, WORKERS

SEEDS = 3
NIGHTS = 3


OPTIONS: Mapping[str, tuple[Argument | Either, ...]] = {
    "calibrate": (
        Argument(
            "--nights",
            type=integer,
            choices=range(1, 51),
            default=NIGHTS,
            metavar="N",
            help=msg("simulated nights, 1 to 50 (default 3)"),
        ),
        Argument("--write", type=Path, metavar=FILE, help=msg("write the document there")),
        FORCE,
    ),
    "matrix": (
        Argument(
            "--seeds",
            type=whole(1, 10_000),
            default=SEEDS,
            metavar="N",
            help=msg("nights for each fault, seeds 1 to N (default {seeds})", seeds=SEEDS),
        ),
        Argument(
            "--fault",
            action="append",
            default=[],
            metavar=msg("NAME"),
            help=msg("measure this fault only; may be given several times (default: every fault)"),
        ),
        Argument(
            "-o",
            "--output",
            type=Path,
            default=Path("matrix"),
            metavar=msg("DIR"),
            help=msg("where to write (default: matrix)"),
        ),
        Argument(
            "--astray",
            metavar=FILE,
            help=msg("write the instances that no case names rightly as CSV; - for standard output"),
        ),
        WORKERS,
        FORCE,
    ),
    "score": (
        Argument(
            "night", metavar=msg("NIGHT"), type=Path, help=msg("a night that regard simulated, with its verite.csv")
        ),
        Argument("--csv", metavar=FILE, help=msg("write every fault of every bureau as CSV; - for standard output")),
        Argument("--json", metavar=FILE, help=msg("write faults, findings and cases as JSON; - for standard output")),
        FORCE,
    ),
    "precision": (
        Argument(
            "paths",
            metavar=msg("PATH"),
            type=Path,
            nargs="+",
            help=msg("nights, PVs, or published results with both counts"),
        ),
        Argument(
            "--as-it-stands", action="store_true", help=msg("take every figure as it stands, slips of the pen included")
        ),
        JSON,
        FORCE,
    ),
    "queue": (
        Argument(
            "--registered",
            type=whole(0, 10_000),
            default=1000,
            metavar="N",
            help=msg("voters of the bureau (default 1000)"),
        ),
        Argument(
            "--service", type=real(1, 600), default=42.0, metavar="S", help=msg("mean seconds a vote (default 42)")
        ),
        Argument(
            "--hours",
            type=later("regard.commands.planning.town.hours"),
            default="8-20",
            metavar="H-H",
            help=msg("opening hours (default 8-20)"),
        ),
        Argument(
            "--election",
            choices=ELECTIONS,
            default="2022-P1",
            metavar=msg("NAME"),
            help=msg("whose turnout (default 2022-P1): {names}", names=series(ELECTIONS)),
        ),
        Argument("--late-city", action="store_true", help=msg("arrivals of a city that votes until 20h")),
        Argument(
            "--machines", type=integer, choices=range(1, 5), default=1, help=msg("machines in the bureau (default 1)")
        ),
        Argument(
            "--replications",
            type=whole(1, 20_000),
            default=1000,
            metavar="N",
            help=msg("simulated days (default 1000)"),
        ),
        LIMIT,
        Argument("--seed", type=SEED, default=1, metavar="N", help=msg("same seed, same days (default 1)")),
        WORKERS,
        SCHEDULER,
        JSON,
        FORCE,
    ),
}
