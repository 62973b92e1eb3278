"""`regard study queue`: the waits in a bureau of a given size, and the largest size that keeps them within a limit."""

from __future__ import annotations

import argparse
from dataclasses import replace
from typing import Any

from protocol.words import language, msg, nmsg
from regard.office.screen import clock
from regard.outputs import claim, json_bytes
from regard.terminal import notice_in, print_said, progress_bar
from sim import parameters
from sim.elections import PROFILES
from sim.executors import executor
from sim.queues.days import town_days
from sim.queues.town import Circumstances, TownBureau, TownDays

_MINUTE = 60_000
_MANY = 2000
"""Days from which other processes are worth their start."""
_FEW = 200
"""Days of each size that is tried."""
_MOST_VOTERS = 4000
"""Registered voters that are tried."""


def run(args: argparse.Namespace) -> int:
    """Simulate the days and say what they were like. Returns 0, or 2 where it cannot be done or written.

    Raises:
        OutputRefused: the JSON must not be written where it is to be.
        SimulationError: no scheduler answers.
    """
    profile = PROFILES[args.election]
    of = Circumstances(
        profile.late() if args.late_city else profile, service=replace(parameters.VOTE, mean=args.service)
    )
    bureau = TownBureau("", "", "", args.registered, args.machines, 1, *args.hours)
    workers = args.workers if args.replications > _MANY else 1
    with (
        claim(args, "--json") as outputs,
        executor(workers, args.scheduler, notice=notice_in(args.lang)) as pool,
    ):
        with progress_bar(args.lang, msg("simulating"), msg("days")) as report:
            [days] = town_days([bureau], [of], args.seed, args.replications, pool, report)

        def longest(registered: int) -> float:
            tried = replace(bureau, registered=registered)
            [found] = town_days([tried], [of], args.seed, min(args.replications, _FEW), pool)
            return float(found.longest.mean())

        low, high = 0, _MOST_VOTERS // 10 + 1
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if longest(middle * 10) <= args.limit * _MINUTE else (low, middle)
        figures = _figures(args, days) | {"largest_bureau": low * 10}
        outputs.write("--json", lambda: json_bytes(figures))
        if not outputs.on_screen:
            _show(args, figures)
        return outputs.end(args, 0)


def _figures(args: argparse.Namespace, days: TownDays) -> dict[str, Any]:
    """The JSON: waits in minutes, queues in people, closing in hours of the day."""
    asked = ("registered", "election", "late_city", "machines", "replications", "seed")
    voters = int((days.people - days.lost).sum())
    stayed = (days.arrivals - days.lost_by_hour)[0]
    hours = range(*args.hours)
    return {
        "tool": "regard",
        **{name: getattr(args, name) for name in asked},
        "service_seconds": args.service,
        "hours": list(args.hours),
        "limit_minutes": args.limit,
        "wait_mean": round(int(days.waited.sum()) / max(voters, 1) / _MINUTE, 2),
        "wait_p95": round(int(days.wait_within(0.95)[0]) / _MINUTE, 2),
        "longest_wait_mean": round(float(days.longest.mean()) / _MINUTE, 2),
        "longest_wait_worst": round(float(days.longest.max()) / _MINUTE, 2),
        "longest_queue_mean": round(float(days.queue.mean()), 1),
        "longest_queue_worst": int(days.queue.max()),
        "closing_mean": round(float(days.last.mean()) / 60 / _MINUTE, 3),
        "closing_worst": round(float(days.last.max()) / 60 / _MINUTE, 3),
        "by_hour": [
            {
                "hour": hour,
                "wait_mean": round(int(waited) / max(int(voted), 1) / _MINUTE, 2),
                "arrivals_mean": round(int(arrived) / args.replications, 1),
            }
            for hour, waited, voted, arrived in zip(
                hours, days.waited_by_hour[0], stayed, days.arrivals[0], strict=True
            )
        ],
    }


def _show(args: argparse.Namespace, figures: dict[str, Any]) -> None:
    words = language(args.lang)
    of = {name: figures[name] for name in ("wait_mean", "wait_p95", "longest_wait_mean", "longest_wait_worst")}
    end, worst_end = (clock(figures[f"closing_{which}"], args.lang) for which in ("mean", "worst"))
    said = (
        msg(
            "{registered:n} registered voters, {machines}, {service} s a vote on average, {opening}h to {closing}h, "
            "turnout of {election}; {replications:n} simulated days.",
            registered=args.registered,
            machines=nmsg("one machine", "{count} machines", args.machines),
            service=words.plain(args.service),
            opening=args.hours[0],
            closing=args.hours[1],
            election=args.election,
            replications=args.replications,
        ),
        msg("Wait of all voters: {wait_mean:.1f} min on average; 95 of 100 wait {wait_p95:.1f} min at most.", **of),
        msg(
            "Longest wait of a day: {longest_wait_mean:.1f} min on average, {longest_wait_worst:.1f} min on the worst.",
            **of,
        ),
        msg(
            "Longest queue of a day: {mean:n} people on average, {worst:n} on the worst.",
            mean=round(figures["longest_queue_mean"]),
            worst=figures["longest_queue_worst"],
        ),
        msg("The last voter has signed: {mean} on average, {worst} on the worst day.", mean=end, worst=worst_end),
        msg(
            "Largest bureau: {voters:n} registered, where the longest wait of a day is to stay within {limit} min on "
            "average.",
            voters=figures["largest_bureau"],
            limit=words.plain(args.limit),
        ),
        msg(
            "Times at the table and at the roll, and the spread of all times, are assumed; see "
            "`regard help calibration`. A town's list: regard plan."
        ),
    )
    for each in said:
        print_said(args.lang, each)
