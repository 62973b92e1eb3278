"""`regard queue`: how long voters will wait in a bureau of a given size, and how large a bureau may be."""

from __future__ import annotations

import argparse
import json
import re
import shutil
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from protocol import files
from regard.simulate import ELECTIONS, seed_argument

if TYPE_CHECKING:
    from sim.queueing import Office, Waits

MINUTE = 60_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe what the command takes."""
    parser.add_argument("--registered", type=_registered, default=1000, metavar="N", help="voters (default 1000)")
    parser.add_argument("--service", type=_service, default=42.0, metavar="S", help="mean seconds a vote (default 42)")
    parser.add_argument("--hours", type=_hours, default=(8, 20), metavar="H-H", help="opening hours (default 8-20)")
    parser.add_argument("--election", choices=ELECTIONS, default="2022-P1", help="whose turnout (default 2022-P1)")
    parser.add_argument("--late-city", action="store_true", help="arrivals of a city that votes until 20h")
    parser.add_argument("--machines", type=int, choices=range(1, 5), default=1, help="in the bureau (default 1)")
    parser.add_argument("--replications", type=_replications, default=1000, metavar="N", help="days (default 1000)")
    parser.add_argument(
        "--limit", type=_service, default=15.0, metavar="MIN", help="of a day's longest wait (default 15)"
    )
    parser.add_argument("--seed", type=seed_argument, default=1, metavar="N", help="same number, same days (default 1)")
    parser.add_argument("--json", metavar="FILE", help="write the figures there, - for standard output")


def run(args: argparse.Namespace) -> int:
    """Simulate the days and say what they were like. Returns 0, or 2 where the figures cannot be written."""
    from sim import parameters
    from sim.elections import PROFILES
    from sim.queueing import Office, draw, largest, serve, waits

    opening, closing = args.hours
    office = Office(
        registered=args.registered,
        profile=PROFILES[args.election].late() if args.late_city else PROFILES[args.election],
        service=replace(parameters.VOTE, mean=args.service),
        opening=opening,
        closing=closing,
        machines=args.machines,
    )
    draws = draw(office, args.seed, args.replications)
    seen = waits(draws, serve(draws, office.machines), office)
    most = largest(office, round(args.limit * MINUTE), args.seed, min(args.replications, 200))
    figures = _figures(args, seen, most)
    if args.json == "-":
        print(json.dumps(figures, indent=1))
        return 0
    print(_report(office, args, figures))
    if args.json is not None:
        try:
            files.write(Path(args.json), (json.dumps(figures, indent=1) + "\n").encode())
        except OSError as error:
            print(f"regard queue: {error}", file=sys.stderr)
            return 2
    return 0


def _figures(args: argparse.Namespace, seen: Waits, most: int) -> dict[str, Any]:
    """What the JSON holds: waits in minutes, queues in people, closing in hours of the day."""
    hours = range(args.hours[0], args.hours[1])
    return {
        "registered": args.registered,
        "service_seconds": args.service,
        "hours": list(args.hours),
        "election": args.election,
        "late_city": args.late_city,
        "machines": args.machines,
        "replications": args.replications,
        "seed": args.seed,
        "wait_mean": round(seen.mean / MINUTE, 2),
        "wait_p95": round(seen.p95 / MINUTE, 2),
        "longest_wait_mean": round(float(seen.longest.mean()) / MINUTE, 2),
        "longest_wait_worst": round(float(seen.longest.max()) / MINUTE, 2),
        "longest_queue_mean": round(float(seen.queue.mean()), 1),
        "longest_queue_worst": int(seen.queue.max()),
        "closing_mean": round(float(seen.closing.mean()) / 60 / MINUTE, 3),
        "closing_worst": round(float(seen.closing.max()) / 60 / MINUTE, 3),
        "limit_minutes": args.limit,
        "largest_bureau": most,
        "by_hour": [
            {"hour": hour, "wait_mean": round(float(wait) / MINUTE, 2), "arrivals_mean": round(float(arrivals), 1)}
            for hour, wait, arrivals in zip(hours, *seen.by_hour, strict=True)
        ],
    }


def _report(office: Office, args: argparse.Namespace, figures: dict[str, Any]) -> str:
    machines = "one machine" if office.machines == 1 else f"{office.machines} machines"
    lines = [
        f"{office.registered:,} registered voters, {machines}, {args.service:g} s a vote on average, "
        f"{office.opening}h to {office.closing}h, turnout of {args.election}; {args.replications:,} simulated days.",
        "",
        "  mean wait by hour of arrival",
        *_plot(figures["by_hour"]),
        "",
        f"  wait, all voters          mean {figures['wait_mean']:.1f} min, "
        f"95th percentile {figures['wait_p95']:.1f} min",
        f"  longest wait of a day     mean {figures['longest_wait_mean']:.1f} min, "
        f"worst day {figures['longest_wait_worst']:.1f} min",
        f"  longest queue of a day    mean {figures['longest_queue_mean']:.0f} people, "
        f"worst day {figures['longest_queue_worst']} people",
        f"  the last one has signed   mean {_clock(figures['closing_mean'])}, "
        f"worst day {_clock(figures['closing_worst'])}",
        f"  largest bureau            {figures['largest_bureau']:,} registered, where the longest wait of a day "
        f"is to stay within {args.limit:g} min on average",
        "",
        "Times at the table and at the roll, and the spread of all times, are assumed; see docs/calibration.md.",
    ]
    return "\n".join(lines)


def _plot(hours: list[dict[str, Any]]) -> list[str]:
    """A bar for each hour, as wide as the terminal has room for."""
    room = max(10, min(60, shutil.get_terminal_size((100, 24)).columns - 30))
    highest = max((hour["wait_mean"] for hour in hours), default=0.0) or 1.0
    encoding = sys.stdout.encoding or "ascii"
    bar = "█" if encoding.casefold().replace("-", "").startswith("utf") else "#"
    return [
        f"  {hour['hour']:>2}h {bar * round(hour['wait_mean'] / highest * room):<{room}} {hour['wait_mean']:6.1f} min"
        for hour in hours
    ]


def _clock(hours: float) -> str:
    minutes = round(hours * 60)
    return f"{minutes // 60}:{minutes % 60:02}"


def _bounded(text: str, low: float, high: float, what: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = low - 1.0
    if not low <= number <= high:
        raise argparse.ArgumentTypeError(f"expected {what} from {low:g} to {high:g}, got {text!r}")
    return number


def _registered(text: str) -> int:
    return int(_bounded(text, 0, 10_000, "a number of voters"))


def _replications(text: str) -> int:
    return int(_bounded(text, 1, 20_000, "a number of days"))


def _service(text: str) -> float:
    return _bounded(text, 1, 600, "a number")


def _hours(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"(\d{1,2})-(\d{1,2})", text)
    if found is None or not int(found[1]) < 12 or not 17 < int(found[2]) <= 24:
        raise argparse.ArgumentTypeError(
            f"expected hours such as 8-20, opening before 12 and closing after 17, got {text!r}"
        )
    return int(found[1]), int(found[2])
