"""`regard queue`: how long voters will wait in a bureau of a given size, and how large a bureau may be."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from protocol.errors import RegardError
from protocol.words import Message, cited, msg, nmsg, series
from regard.arguments import (
    SEED,
    Refused,
    add_force_argument,
    add_json_argument,
    add_scheduler_argument,
    add_workers_argument,
    integer,
    real,
    whole,
)
from regard.commands.simulate import ELECTIONS
from regard.language import add_language, decimal, language_of, show
from regard.office.screen import bar, clock, end_of_scale, plain, scale, signs
from regard.printing import print_beside, print_text, width_of
from regard.terminal import progress_bar

if TYPE_CHECKING:
    from sim.queues.replications import Office
    from sim.queues.town import TownDays

MINUTE = 60_000
MANY = 2000
"""Days from which other processes are worth their start."""
FEW = 200
"""Days that show how large a bureau may be."""


_WIDE = 78
"""Columns of a screen that has room for means beside worst days."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe what the command takes."""
    _add_bureau_arguments(parser)
    text = partial(show, language_of(parser))
    parser.add_argument(
        "--replications",
        type=whole(1, 20_000),
        default=1000,
        metavar="N",
        help=text(msg("simulated days (default 1000)")),
    )
    add_limit_argument(parser)
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


def add_limit_argument(parser: argparse.ArgumentParser) -> None:
    """How long people may wait."""
    parser.add_argument(
        "--limit",
        type=real(1, 600),
        default=15.0,
        metavar="MIN",
        help=show(
            language_of(parser), msg("minutes that a day's longest wait is to stay within on average (default 15)")
        ),
    )


def _add_bureau_arguments(parser: argparse.ArgumentParser) -> None:
    """The bureau whose queues are to be known, and its day."""
    text = partial(show, language_of(parser))
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
        metavar=text(msg("NAME")),
        help=text(msg("whose turnout (default 2022-P1): {names}", names=series(ELECTIONS))),
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


def run(args: argparse.Namespace) -> int:
    """Simulate the days and say what they were like. Returns 0, or 2 where it cannot be done or written."""
    from regard.outputs import Outputs, json_bytes
    from regard.terminal import complain, notice_in
    from sim import parameters
    from sim.elections import PROFILES
    from sim.executors import executor
    from sim.queues.days import Workload
    from sim.queues.replications import Office, largest, replicate

    opening, closing = args.hours
    workload = Workload()
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
                args.workers if args.replications > MANY else 1, args.scheduler, notice=notice_in(args.lang)
            ) as pool,
        ):
            with progress_bar(show(args.lang, msg("simulating")), show(args.lang, msg("days")), args.lang) as report:
                seen = replicate(office, args.seed, args.replications, pool, report, workload)
            limit = round(args.limit * MINUTE)
            most = largest(office, limit, args.seed, min(args.replications, FEW), pool, workload=workload)
            figures = _figures(args, seen, most)
            outputs.write("--json", lambda: json_bytes(figures))
            if not outputs.on_screen:
                _show(office, args, figures)
            return outputs.end("queue", args.lang, 0)
    except (RegardError, OSError) as error:
        complain(args.lang, "queue", error)
        return 2


def _figures(args: argparse.Namespace, seen: TownDays, most: int) -> dict[str, Any]:
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
        "wait_mean": round(float(seen.mean_wait[0]) / MINUTE, 2),
        "wait_p95": round(int(seen.wait_within(0.95)[0]) / MINUTE, 2),
        "longest_wait_mean": round(float(seen.longest.mean()) / MINUTE, 2),
        "longest_wait_worst": round(float(seen.longest.max()) / MINUTE, 2),
        "longest_queue_mean": round(float(seen.queue.mean()), 1),
        "longest_queue_worst": int(seen.queue.max()),
        "closing_mean": round(float(seen.last.mean()) / 60 / MINUTE, 3),
        "closing_worst": round(float(seen.last.max()) / 60 / MINUTE, 3),
        "limit_minutes": args.limit,
        "largest_bureau": most,
        "by_hour": [
            {"hour": hour, "wait_mean": round(float(wait) / MINUTE, 2), "arrivals_mean": round(float(arrivals), 1)}
            for hour, wait, arrivals in zip(hours, *(each[0] for each in seen.mean_by_hour), strict=True)
        ],
    }


def _show(office: Office, args: argparse.Namespace, figures: dict[str, Any]) -> None:
    text = partial(show, args.lang)
    about = msg(
        "{registered:n} registered voters, {machines}, {service} s a vote on average, {opening}h to {closing}h, "
        "turnout of {election}; {replications:n} simulated days.",
        registered=office.registered,
        machines=nmsg("one machine", "{count} machines", office.machines),
        service=plain(args.service, args.lang),
        opening=office.opening,
        closing=office.closing,
        election=args.election,
        replications=args.replications,
    )
    least = msg(
        "{voters:n} registered, where the longest wait of a day is to stay within {limit} min on average",
        voters=figures["largest_bureau"],
        limit=plain(args.limit, args.lang),
    )
    print_text(text(about))
    print_text("")
    for line in _plot(figures["by_hour"], args.limit, args.lang):
        print_text(line)
    print_text("")
    wide = width_of() >= _WIDE
    for what, mean, worst in _summary(figures, args.lang):
        if wide:
            print_text(f"  {text(what):<29} {text(mean):<21} {text(worst)}")
        else:
            print_text("  " + text(msg("{name}: {value}", name=what, value=series((mean, worst)))))
    largest = text(msg("largest bureau"))
    if wide:
        print_beside(f"  {largest:<29} ", text(least))
    else:
        print_text("  " + text(msg("{name}: {value}", name=largest, value=least)))
    print_text("")
    print_text(
        text(
            msg(
                "Times at the table and at the roll, and the spread of all times, are assumed; see "
                "`regard help calibration`."
            )
        )
    )


def _summary(figures: dict[str, Any], code: str) -> Iterator[tuple[Message, Message, Message]]:
    """What the days were like: what it is, on average, and at its worst."""
    yield (
        msg("wait, all voters"),
        msg("mean {minutes:.1f} min", minutes=figures["wait_mean"]),
        msg("95th percentile {minutes:.1f} min", minutes=figures["wait_p95"]),
    )
    yield (
        msg("longest wait of a day"),
        msg("mean {minutes:.1f} min", minutes=figures["longest_wait_mean"]),
        msg("worst day {minutes:.1f} min", minutes=figures["longest_wait_worst"]),
    )
    yield (
        msg("longest queue of a day"),
        nmsg("mean {count:n} person", "mean {count:n} people", round(figures["longest_queue_mean"])),
        nmsg("worst day {count:n} person", "worst day {count:n} people", round(figures["longest_queue_worst"])),
    )
    yield (
        msg("the last one has signed"),
        msg("mean {clock}", clock=clock(figures["closing_mean"], code)),
        msg("worst day {clock}", clock=clock(figures["closing_worst"], code)),
    )


def _plot(hours: list[dict[str, Any]], limit: float, code: str) -> list[str]:
    """A bar for each hour, as wide as the terminal has room for."""
    half = max(5, min(30, (width_of() - 30) // 2))
    lines = [
        "  "
        + show(
            code,
            msg(
                "mean wait by hour of arrival; {mark}: the limit, then by doublings",
                mark=signs()[1],
            ),
        ),
        f"      {scale(limit, half, code)} {plain(end_of_scale(limit), code):>6} min",
    ]
    for hour in hours:
        wait = hour["wait_mean"]
        lines.append(f"  {hour['hour']:>2}h {bar(wait, limit, half)} {decimal(code, wait):>6} min")
    return lines


def _hours(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"([0-9]{1,2})-([0-9]{1,2})", text)
    if found is None or not int(found[1]) < 12 or not 17 < int(found[2]) <= 24:
        raise Refused(
            msg("expected hours such as 8-20, opening before 12 and closing after 17, got {text}", text=cited(text))
        )
    return int(found[1]), int(found[2])
