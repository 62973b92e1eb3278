"""`regard study queue`: how long voters will wait in a bureau of a given size, and how large a bureau may be."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from protocol.errors import RegardError
from protocol.words import Message, msg, nmsg, series
from regard.language import decimal, show
from regard.office.screen import bar, clock, end_of_scale, plain, scale, signs
from regard.outputs import Outputs, json_bytes
from regard.printing import print_beside, print_text, width_of
from regard.terminal import complain, notice_in, progress_bar
from sim import parameters
from sim.elections import PROFILES
from sim.executors import executor
from sim.queues.replications import Office, largest, replicate
from sim.queues.town import TownDays

MINUTE = 60_000
MANY = 2000
"""Days from which other processes are worth their start."""
FEW = 200
"""Days that show how large a bureau may be."""


_WIDE = 78
"""Columns of a screen that has room for means beside worst days."""


def run(args: argparse.Namespace) -> int:
    """Simulate the days and say what they were like. Returns 0, or 2 where it cannot be done or written."""
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
                args.workers if args.replications > MANY else 1, args.scheduler, notice=notice_in(args.lang)
            ) as pool,
        ):
            with progress_bar(show(args.lang, msg("simulating")), show(args.lang, msg("days")), args.lang) as report:
                seen = replicate(office, args.seed, args.replications, pool, report)
            limit = round(args.limit * MINUTE)
            most = largest(office, limit, args.seed, min(args.replications, FEW), pool)
            figures = _figures(args, seen, most)
            outputs.write("--json", lambda: json_bytes(figures))
            if not outputs.on_screen:
                _show(office, args, figures)
            return outputs.end(args.command, args.lang, 0)
    except (RegardError, OSError) as error:
        complain(args.lang, args.command, error)
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
