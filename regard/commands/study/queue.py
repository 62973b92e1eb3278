"""`regard study queue`: the waits in a bureau of a given size, and the largest size that keeps them within a limit."""

from __future__ import annotations

import argparse
from dataclasses import replace
from typing import Any

from protocol.words import language, msg, nmsg
from regard.office.contents import BureauFigures
from regard.office.figures import MINUTE, Played, bureau_figures
from regard.office.scenarios import PlanScenario
from regard.office.wording import clock
from regard.outputs import claim
from regard.terminal import print_said, progress_bar
from sim import parameters
from sim.elections import PROFILES
from sim.executors import executor
from sim.queues.days import town_days
from sim.queues.town import Circumstances, TownBureau

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
    """
    profile = PROFILES[args.election]
    of = Circumstances(
        profile.late() if args.late_city else profile, service=replace(parameters.VOTE, mean=args.service)
    )
    bureau = TownBureau("", "", "", args.registered, args.machines, 1, *args.hours)
    most = round(args.limit * MINUTE)
    workers = args.workers if args.replications > _MANY else 1
    with (
        claim(args, "--json") as outputs,
        executor(workers) as pool,
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
            low, high = (middle, high) if longest(middle * 10) <= most else (low, middle)
        played = Played(PlanScenario("", {}, (), of), [bureau], days, most)
        figures = _figures(args, bureau_figures(played, 0)) | {"largest_bureau": low * 10}
        outputs.write_json(lambda: figures)
        if not outputs.on_screen:
            _show(args, figures)
        return outputs.end(args, 0)


def _figures(args: argparse.Namespace, found: BureauFigures) -> dict[str, Any]:
    """The JSON: waits in minutes, queues in people, closing in hours of the day."""
    asked = ("registered", "election", "late_city", "machines", "replications", "seed")
    return {
        "tool": "regard",
        **{name: getattr(args, name) for name in asked},
        "service_seconds": args.service,
        "hours": list(args.hours),
        "limit_minutes": args.limit,
        "wait_mean": round(found.wait.mean, 2),
        "wait_p95": round(found.p95.mean, 2),
        "longest_wait_mean": round(found.longest.mean, 2),
        "longest_wait_worst": round(found.longest_worst, 2),
        "longest_queue_mean": round(found.queue, 1),
        "longest_queue_worst": found.queue_worst,
        "closing_mean": round(found.last, 3),
        "closing_worst": round(found.last_worst, 3),
        "by_hour": [
            {"hour": each.hour, "wait_mean": round(each.wait, 2), "arrivals_mean": round(each.arrivals, 1)}
            for each in found.by_hour
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
            "Largest bureau in which the longest wait of a day stays within {limit} min on average: {voters:n} "
            "registered.",
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
