"""Commands: how well it all works: ``regard study matrix`` and others."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from protocol.words import msg
from regard.arguments import Argument, Either, integer, whole
from regard.commands.options import FILE, FORCE, JSON, WORKERS

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
}
