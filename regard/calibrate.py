"""`regard calibrate`: what the simulator's parameters come to, beside what was observed."""

from __future__ import annotations

import argparse
import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

from protocol import files

if TYPE_CHECKING:
    from sim.calibration import Gaps, Observed, Queue

NIGHTS = 3
REPLICATIONS = 500


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe what the command takes."""
    parser.add_argument("--nights", type=int, choices=range(1, 51), default=NIGHTS, metavar="N", help="1 to 50 (3)")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the document there")


def run(args: argparse.Namespace) -> int:
    """Simulate, and print or write the document. Returns 0, or 2 where it cannot be written."""
    text = document(args.nights)
    if args.write is None:
        print(text, end="")
        return 0
    try:
        files.write(args.write, text.encode())
    except OSError as error:
        print(f"regard calibrate: {error}", file=sys.stderr)
        return 2
    print(f"Written to {args.write}.")
    return 0


def document(nights: int = NIGHTS) -> str:
    """`docs/calibration.md`, the same text for the same number of nights."""
    from sim.calibration import OBSERVED, gaps, queues

    found = [(observed, gaps(observed, nights)) for observed in OBSERVED]
    return "\n".join([_HEAD, *_gap_lines(found, nights), *_queue_lines(queues(REPLICATIONS)), *_parameter_lines(), ""])


_HEAD = """# Calibration of the simulated day

Made by `regard calibrate --write docs/calibration.md`. It holds what the simulator's parameters come to beside what
was observed, how they were found, and what is only assumed. Every parameter stands with its unit and source in
`sim/parameters.py`, every rate in `sim/faults/`.
"""


def _gap_lines(found: list[tuple[Observed, Gaps]], nights: int) -> list[str]:
    bureaux = found[0][1].bureaux // nights
    lines = [
        "## Gaps between votes and signatures",
        "",
        *_wrapped(
            f"{nights} simulated nights of {bureaux:,} bureaux, on machines or with the same people on paper. "
            "Simulated shares have their 95 % interval (Wilson; as if bureaux were independent, which clustered "
            "gaps are not)."
        ),
        "",
        "| bureaux | share with | observed | simulated |",
        "|---|---|---|---|",
    ]
    for observed, gaps in found:
        sizes = observed.by_size or (None, None, None)
        for label, share, hits, of in (
            ("a gap", observed.some, gaps.some, gaps.bureaux),
            ("a gap above 3 ‰ of the votes", observed.above_3, gaps.above_3, gaps.bureaux),
            ("a gap above 4 ‰", observed.above_4, gaps.above_4, gaps.bureaux),
            ("a gap above 10 ‰", None, gaps.above_10, gaps.bureaux),
            ("a gap of 1", sizes[0], gaps.by_size[0], gaps.bureaux),
            ("a gap of 2", sizes[1], gaps.by_size[1], gaps.bureaux),
            ("a gap of 3 or more", sizes[2], gaps.by_size[2], gaps.bureaux),
            ("more votes than signatures, of those with a gap", observed.more, gaps.more, gaps.some),
        ):
            lines.append(f"| {observed.name} | {label} | {_percent(share)} | {_with_interval(hits, of)} |")
    lines += [
        "",
        *_wrapped("Observed: " + "; ".join(f"{observed.name}: {observed.source}" for observed, _ in found) + "."),
        "",
        *_wrapped(
            "**Clustering.** Observed in Paris: arrondissements range from 13.7 to 35.2 %, and a bureau with a gap in "
            "one round is 1.7 to 2.7 times as likely to have one in the other. Simulated, communes of 40 bureaux and "
            "more, and the same ratio between the two rounds:"
        ),
        "",
        "| bureaux | lowest commune | highest commune | a gap again |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| {observed.name} | {_percent(gaps.communes[0])} | {_percent(gaps.communes[1])} | x {gaps.again:.1f} |"
        for observed, gaps in found
    ]
    lines += [
        "",
        *_wrapped(
            "**How the rates were found.** Two numbers were fitted for each kind of bureau by hand, on the share with "
            "a gap and the share above 3 ‰: the sum of the rates of the day, and the shape of the gamma law by which "
            "bureaux differ. How that sum is divided among causes is assumed; the studies name « multiple » and "
            "« impossible » votes as the frequent ones. What the fit does not reach: in Paris gaps of 2 and of 3 or "
            "more are more frequent than simulated; the studies say that no gap of a machine bureau was above 1 %, "
            "and a few simulated ones are. A rate found in one place holds for that place: Paris and Toulouse, both "
            "on paper, differ by a factor of two and a half."
        ),
        "",
    ]
    return lines


def _queue_lines(table: list[Queue]) -> list[str]:
    lines = [
        "## Queues",
        "",
        *_wrapped(
            f"One machine, open from 8h to 20h, {REPLICATIONS} simulated days each. The wait is what a voter waits "
            "before the table and before the machine, together."
        ),
        "",
        "| registered | s a vote | turnout of | seen | day's longest wait, mean | worst day | last one out, mean |",
        "|---|---|---|---|---|---|---|",
    ]
    for queue in table:
        minutes = round(queue.closing * 60)
        lines.append(
            f"| {queue.registered:,} | {queue.service} | {queue.election} | {queue.seen} | {queue.longest:.0f} min "
            f"| {queue.worst:.0f} min | {minutes // 60}h{minutes % 60:02} |"
        )
    return [
        *lines,
        "",
        *_wrapped(
            "Nothing was fitted here: 40 s (a survey of communes, 2007) and 45 s (seen in one bureau) and the official "
            "turnout at 12h, 17h and the end give these waits by themselves. Inside those blocks arrivals are even, "
            "because no finer official figure was found."
        ),
        "",
    ]


def _parameter_lines() -> list[str]:
    from sim import parameters

    lines = [
        "## Assumed",
        "",
        "| what | value |",
        "|---|---|",
    ]
    for what, service in (
        ("identification at the table", parameters.IDENTIFY),
        ("one vote on the machine", parameters.VOTE),
        ("booth and urn on paper", parameters.BOOTH),
        ("one signature", parameters.SIGN),
    ):
        law = f"mean {service.mean:g} s, variation {service.variation:g}"
        if service.slow_share:
            law += f", {service.slow_share:.0%} of people take {service.slow_factor:g} times as long"
        lines.append(f"| {what}: lognormal | {law} |")
    lines += [
        f"| votes by proxy | {parameters.PROXY_SHARE:.1%} of votes |",
        f"| people who leave without voting or signing | {parameters.LEAVES_SHARE:.2%} |",
        f"| bureaux with two machines | from {parameters.TWO_MACHINES_FROM:,} registered |",
        f"| spread of bureau sizes within a commune | {parameters.SIZE_SPREAD:.0%} |",
        f"| départements whose bureaux close at 20h | {', '.join(parameters.LATE_CITIES)} |",
        "| which bureaux of a mixed commune have machines | the first ones of its list |",
        "| rates of everything that is no error of the day | some tenths of a per cent of the bureaux |",
    ]
    return lines


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, 110)


def _percent(share: float | None) -> str:
    return "not known" if share is None else f"{share * 100:.1f} %"


def _with_interval(hits: int, of: int) -> str:
    from sim.calibration import interval

    low, high = interval(hits, of)
    return f"{hits / of * 100 if of else 0.0:.1f} % ({low * 100:.1f} to {high * 100:.1f})"
