"""`jour.html`: the simulated day as one self-contained page to look at, in French and, smaller, in all languages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from protocol.words import Message, language
from sim.elections import Scenario
from sim.evidence import BureauEvidence, Truth
from sim.faults.catalogue import all_faults
from sim.faults.model import Fault
from sim.passage import Passage
from sim.polling import clock
from sim.templates import render
from sim.way_up.faults import way_faults

STEP = 200
"""Registered voters by which bureaux are grouped."""
WORST = 10
TEMPLATE = Path(__file__).with_name("jour.html.j2")

Row = dict[str, str | int | float | Message]
Held = tuple[BureauEvidence, Passage]


def page(scenario: Scenario, done: Sequence[BureauEvidence], further: Sequence[Truth] = ()) -> bytes:
    """The page. It shows faults, so it is for who simulates, not for who verifies."""
    held = [(evidence, evidence.passage) for evidence in done if evidence.passage is not None]
    return render(
        TEMPLATE,
        language("fr"),
        title=scenario.name,
        bureaux=len(held),
        people=sum(passage.people for _, passage in held),
        hours=_hours([passage for _, passage in held]),
        sizes=_sizes(held),
        worsts=_worst(held),
        faults=_faults([*(line for evidence in done for line in evidence.truth), *further]),
    ).encode()


def _minutes(milliseconds: int) -> float:
    """Minutes with one decimal, rounded half up, by whole numbers."""
    return (milliseconds + 3000) // 6000 / 10


def _hours(passages: Sequence[Passage]) -> list[Row]:
    arrivals: Counter[int] = Counter()
    waited: Counter[int] = Counter()
    queues: dict[int, list[int]] = {}
    for passage in passages:
        for after, (people, wait, queue) in enumerate(
            zip(passage.arrivals, passage.waited, passage.queues, strict=True)
        ):
            hour = passage.first_hour + after
            arrivals[hour] += people
            waited[hour] += wait
            queues.setdefault(hour, []).append(queue)
    means = {hour: waited[hour] // max(arrivals[hour], 1) for hour in sorted(arrivals)}
    most = max(means.values(), default=0) or 1
    return [
        {
            "hour": hour,
            "arrivals": arrivals[hour],
            "wait": _minutes(mean),
            "width": 100 * mean // most,
            "queue": (2 * sum(queues[hour]) + len(queues[hour])) // (2 * len(queues[hour])),
            "worst": max(queues[hour]),
        }
        for hour, mean in means.items()
    ]


def _sizes(held: Sequence[Held]) -> list[Row]:
    groups: dict[int, list[Passage]] = {}
    for evidence, passage in held:
        groups.setdefault(evidence.bureau.registered // STEP, []).append(passage)
    return [
        {
            "least": group * STEP,
            "most": group * STEP + STEP - 1,
            "bureaux": len(members),
            "mean": _minutes(sum(passage.longest for passage in members) // len(members)),
            "worst": _minutes(max(passage.longest for passage in members)),
            "queue": max(passage.queue for passage in members),
        }
        for group, members in sorted(groups.items())
    ]


def _worst(held: Sequence[Held]) -> list[Row]:
    ordered = sorted(held, key=lambda each: (-each[1].longest, each[0].bureau.key))
    return [
        {
            "name": f"{evidence.bureau.commune} {evidence.bureau.code}",
            "registered": evidence.bureau.registered,
            "machines": evidence.bureau.machines,
            "longest": _minutes(passage.longest),
            "queue": passage.queue,
            "closing": clock(passage.closing),
        }
        for evidence, passage in ordered[:WORST]
    ]


def _faults(truth: Sequence[Truth]) -> list[Row]:
    counts = Counter(line.fault for line in truth)
    every: dict[str, Fault] = {**all_faults(), **way_faults()}
    return [{"name": name, "count": counts[name], "effect": every[name].effect} for name in sorted(counts)]
