"""`regard simulate`: an election night in the machine communes, with faults whose truth is known."""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from protocol.errors import RegardError

ELECTIONS = ("2007-P1", "2007-P2", "2012-P1", "2012-P2", "2017-P1", "2017-P2", "2022-P1", "2022-P2")
"""Names of `sim.elections.PROFILES`, here so that the help needs nothing of the simulator."""
MAX_SEED = 2**63 - 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe what the command takes."""
    parser.add_argument("folder", metavar="DIR", type=Path, help="where to write the night: a new or empty folder")
    parser.add_argument("--communes", metavar="CODES", help="INSEE codes with commas between them (default: all)")
    parser.add_argument("--year", type=int, choices=(2017, 2022), default=2022, help="whose communes and choices")
    parser.add_argument(
        "--faults",
        metavar="WHICH",
        default="default",
        help="none, default, or NAME=RATE,… (a rate from 0 to 1); default,NAME=RATE changes some (default: default)",
    )
    parser.add_argument(
        "--mixed",
        choices=("studies", "paris", "toulouse"),
        help="also the paper bureaux of mixed communes, with gaps as those studies or places have them",
    )
    parser.add_argument(
        "--election",
        choices=ELECTIONS,
        help="whose turnout at 12h, 17h and the end the arrivals follow (default: that of the year's first round)",
    )
    parser.add_argument("--scheduler", metavar="ADDRESS", help="compute on the Dask cluster of that scheduler")
    add_common_arguments(parser)


def add_common_arguments(parser: argparse.ArgumentParser) -> None:
    """What every command that writes a night takes."""
    parser.add_argument("--seed", type=seed_argument, default=1, metavar="N", help="same seed, same night (default 1)")
    parser.add_argument("--workers", type=_workers, metavar="N", help="processes (default: one for each processor)")
    parser.add_argument("--force", action="store_true", help="replace a night that regard wrote there before")


def run(args: argparse.Namespace) -> int:
    """Simulate, write, and say what was written. Returns 0, or 2 where the request cannot be carried out."""
    from sim.communes import choose
    from sim.faults.catalogue import parse_rates
    from sim.night import simulate

    try:
        codes = None if args.communes is None else [code.strip() for code in args.communes.split(",")]
        communes = choose(args.year, codes)
        rates = parse_rates(args.faults)
        with progress("simulating", "bureaux") as report:
            wrote = simulate(
                args.folder,
                seed=args.seed,
                year=args.year,
                communes=communes,
                rates=rates,
                election=args.election,
                mixed=args.mixed,
                workers=args.workers,
                scheduler=args.scheduler,
                force=args.force,
                progress=report,
            )
    except (RegardError, OSError) as error:
        print(f"regard simulate: {error}", file=sys.stderr)
        return 2
    paper = f" and {wrote.paper_bureaux:,} paper bureaux" if wrote.paper_bureaux else ""
    machines = wrote.bureaux - wrote.paper_bureaux
    print(f"Simulated {machines:,} machine bureaux{paper} of {wrote.communes} communes, {args.year}, seed {args.seed}.")
    print(f"{wrote.registered:,} registered voters, {wrote.votes:,} votes found, {wrote.signatures:,} signatures.")
    print(f"{wrote.faults:,} faults injected; {wrote.gaps:,} bureaux where votes and signatures differ.")
    print(f"Written to {args.folder}. The truth is in verite.csv, which `regard verify` never opens.")
    print("Machines and their formats are a model: the vendor's are not public.")
    return 0


@contextlib.contextmanager
def progress(what: str, unit: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on stderr, on a terminal only; yields what to call with the number done and that of all."""
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    text = TextColumn("{task.completed:,.0f} of {task.total:,.0f} " + unit)
    console = Console(stderr=True)
    columns = (TextColumn(what), BarColumn(), text, TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bars:
        bar = bars.add_task(what, total=None)
        yield lambda done, total: bars.update(bar, completed=done, total=total)


def seed_argument(text: str) -> int:
    """A seed, for argparse."""
    number = int(text) if text.isascii() and text.isdecimal() and len(text) <= 19 else -1
    if not 0 <= number <= MAX_SEED:
        raise argparse.ArgumentTypeError(f"expected a whole number from 0 to {MAX_SEED}, got {text!r}")
    return number


def _workers(text: str) -> int:
    number = int(text) if text.isascii() and text.isdecimal() and len(text) <= 4 else 0
    if not 1 <= number <= 1024:
        raise argparse.ArgumentTypeError(f"expected a number of processes from 1 to 1024, got {text!r}")
    return number
