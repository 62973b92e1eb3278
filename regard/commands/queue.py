"""`regard queue`: how long voters will wait in a bureau of a given size, and how large a bureau may be."""

from __future__ import annotations

import argparse
import re
import shutil
import sys
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from protocol.errors import RegardError
from protocol.words import msg
from regard.arguments import SEED, Refused, add_force_argument, add_json_argument, integer, real, whole
from regard.commands.simulate import ELECTIONS, add_scheduler_argument, add_workers_argument, progress
from regard.language import add_language, decimal, number, say, show, spoken, told

if TYPE_CHECKING:
    from sim.queues.replications import Office, Waits

MINUTE = 60_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe what the command takes."""
    text = partial(show, spoken(parser))
    parser.add_argument(
        "--registered",
        type=whole(0, 10_000),
        default=1000,
        metavar="N",
        help=text(msg("voters of the bureau (default 1000)")),
    )
    parser.add_argument(
        "--service",
        type=real(1, 600),
        default=42.0,
        metavar="S",
        help=text(msg("mean seconds a vote (default 42)")),
    )
    parser.add_argument(
        "--hours",
        type=_hours,
        default=(8, 20),
        metavar="H-H",
        help=text(msg("opening hours (default 8-20)")),
    )
    parser.add_argument(
        "--election",
        choices=ELECTIONS,
        default="2022-P1",
        help=text(msg("whose turnout (default 2022-P1)")),
    )
    parser.add_argument(
        "--late-city",
        action="store_true",
        help=text(msg("arrivals of a city that votes until 20h")),
    )
    parser.add_argument(
        "--machines",
        type=integer,
        choices=range(1, 5),
        default=1,
        help=text(msg("machines in the bureau (default 1)")),
    )
    parser.add_argument(
        "--replications",
        type=whole(1, 20_000),
        default=1000,
        metavar="N",
        help=text(msg("simulated days (default 1000)")),
    )
    parser.add_argument(
        "--limit",
        type=real(1, 600),
        default=15.0,
        metavar="MIN",
        help=text(msg("minutes that a day's longest wait is to stay within on average (default 15)")),
    )
    parser.add_argument(
        "--seed",
        type=SEED,
        default=1,
        metavar="N",
        help=text(msg("same seed, same days (default 1)")),
    )
    add_workers_argument(parser)
    add_scheduler_argument(parser)
    add_json_argument(parser)
    add_force_argument(parser)
    add_language(parser)


def run(args: argparse.Namespace) -> int:
    """Simulate the days and say what they were like. Returns 0, or 2 where it cannot be done or written."""
    from regard.outputs import Outputs, json_bytes
    from regard.terminal import clean, notice_in
    from sim import parameters
    from sim.elections import PROFILES
    from sim.executors import executor
    from sim.queues.replications import BATCH, Office, largest, replicate

    opening, closing = args.hours
    office = Office(
        registered=args.registered,
        profile=PROFILES[args.election].late() if args.late_city else PROFILES[args.election],
        service=replace(parameters.VOTE, mean=args.service),
        opening=opening,
        closing=closing,
        machines=args.machines,
    )
    try:
        with (
            Outputs({"--json": args.json}, force=args.force) as outputs,
            executor(
                args.workers if args.replications > BATCH else 1, args.scheduler, notice=notice_in(args.lang)
            ) as pool,
        ):
            with progress(show(args.lang, msg("simulating")), show(args.lang, msg("days")), args.lang) as report:
                seen = replicate(office, args.seed, args.replications, pool, report)
            limit = round(args.limit * MINUTE)
            most = largest(office, limit, args.seed, min(args.replications, 2 * BATCH), pool)
            figures = _figures(args, seen, most)
            outputs.write("--json", lambda: json_bytes(figures))
            if not outputs.on_screen:
                print(_report(office, args, figures))
            return outputs.end("queue", args.lang, 0)
    except (RegardError, OSError) as error:
        print(clean(f"regard queue: {told(args.lang, error)}"), file=sys.stderr)
        return 2


def _figures(args: argparse.Namespace, seen: Waits, most: int) -> dict[str, Any]:
    """What the JSON holds: waits in minutes, queues in people, closing in hours of the day."""
    hours = range(args.hours[0], args.hours[1])
    return {
        "tool": "regard",
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
    language = args.lang

    text = partial(show, language)

    def whole(value: float) -> str:
        return number(language, round(value))

    def minutes(name: str) -> str:
        return f"{decimal(language, figures[name])} min"

    def people(name: str) -> str:
        return f"{whole(figures[name])} {text(msg('people'))}"

    machines = f"{office.machines} machines" if office.machines > 1 else text(msg("one machine"))
    service, limit = f"{args.service:g}", f"{args.limit:g}"
    if language == "fr":
        service, limit = service.replace(".", ","), limit.replace(".", ",")
    mean, worst = text(msg("mean")), text(msg("worst day"))
    lines = [
        text(
            msg(
                "{registered} registered voters, {machines}, {service} s a vote on average, {opening}h "
                "to {closing}h,\nturnout of {election}; {replications} simulated days.",
                registered=whole(office.registered),
                machines=machines,
                service=service,
                opening=office.opening,
                closing=office.closing,
                election=args.election,
                replications=whole(args.replications),
            )
        ),
        "",
        text(msg("  mean wait by hour of arrival")),
        *_plot(figures["by_hour"], language),
        "",
    ]
    for french, english, first, second in (
        (
            "attente, tous les électeurs",
            "wait, all voters",
            f"{mean} {minutes('wait_mean')}",
            f"{text(msg('95th percentile'))} {minutes('wait_p95')}",
        ),
        (
            "plus longue attente du jour",
            "longest wait of a day",
            f"{mean} {minutes('longest_wait_mean')}",
            f"{worst} {minutes('longest_wait_worst')}",
        ),
        (
            "plus longue file du jour",
            "longest queue of a day",
            f"{mean} {people('longest_queue_mean')}",
            f"{worst} {people('longest_queue_worst')}",
        ),
        (
            "le dernier a signé à",
            "the last one has signed",
            f"{mean} {_clock(figures['closing_mean'])}",
            f"{worst} {_clock(figures['closing_worst'])}",
        ),
    ):
        lines.append(f"  {say(language, french, english):<29} {first:<21} {second}")
    largest = whole(figures["largest_bureau"])
    lines += [
        say(
            language,
            f"  {'plus grand bureau possible':<29} {largest} inscrits, pour que la plus longue attente du jour\n"
            f"  {'':<29} reste en moyenne sous {limit} min",
            f"  {'largest bureau':<29} {largest} registered, where the longest wait of a day\n"
            f"  {'':<29} is to stay within {limit} min on average",
        ),
        "",
        text(
            msg(
                "Times at the table and at the roll, and the spread of all times, are assumed;\nsee "
                "`regard help calibration`."
            )
        ),
    ]
    return "\n".join(lines)


def _plot(hours: list[dict[str, Any]], language: str) -> list[str]:
    """A bar for each hour, as wide as the terminal has room for."""
    room = max(10, min(60, shutil.get_terminal_size((100, 24)).columns - 30))
    highest = max((hour["wait_mean"] for hour in hours), default=0.0) or 1.0
    encoding = sys.stdout.encoding or "ascii"
    bar = "█" if encoding.casefold().replace("-", "").startswith("utf") else "#"
    return [
        f"  {hour['hour']:>2}h {bar * round(hour['wait_mean'] / highest * room):<{room}} "
        f"{decimal(language, hour['wait_mean']):>6} min"
        for hour in hours
    ]


def _clock(hours: float) -> str:
    minutes = round(hours * 60)
    return f"{minutes // 60}:{minutes % 60:02}"


def _hours(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"([0-9]{1,2})-([0-9]{1,2})", text)
    if found is None or not int(found[1]) < 12 or not 17 < int(found[2]) <= 24:
        raise Refused(
            msg("expected hours such as 8-20, opening before 12 and closing after 17, got {text}", text=repr(text))
        )
    return int(found[1]), int(found[2])
