"""`regard study precision`: how often votes found and signatures differ, machine against paper, commune by commune."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path

from protocol.words import Message, Text, msg, nmsg, series
from regard.language import exact_decimal
from regard.outputs import claim
from regard.reports.json_report import input_in_short
from regard.reports.screen import FOLDED, WHOLE, Printer, titled_grid
from regard.terminal import step_line
from regard.views.audit import not_read
from verify.precision import RateLine, Study, study
from verify.rulebook.causes import causes
from verify.statistics.within_commune import RateDifference

SHOWN = 25
"""Communes shown; ``--json`` has all of them."""
KINDS: dict[int, Message] = {0: msg("counting unknown"), 1: msg("machine"), 2: msg("paper")}
"""Ways of counting of bureaux, for people."""


def run(args: argparse.Namespace) -> int:
    """Read, count, show. Returns 0: a gap is a fact, not a fault.

    Raises:
        NothingReadable: a path has no bureau with both counts.
        OutputRefused: the JSON must not be written where it is to be.
    """
    with claim(args, "--json", read=args.paths) as outputs:
        with step_line(args.lang) as step:
            result = study(args.paths, step, as_it_stands=args.as_it_stands)
        outputs.write_json(lambda: document(result, args.lang))
        tabulate(result, Printer(args.lang, outputs.console()))
        return outputs.end(args, 0)


def document(result: Study, language: str) -> dict[str, object]:
    """The study for programs: counts as they are, shares and ends of intervals as exact decimals of a share."""
    return {
        "tool": "regard",
        "confidence": "95 %, Clopper-Pearson; of the difference: cluster-robust",
        "inputs": [input_in_short(used, language) for used in result.inputs],
        "left_out": result.left_out,
        "corrected": dict(sorted(result.corrected.items())),
        "set_aside": dict(sorted(result.set_aside.items())),
        "counting_from_figures": result.from_figures,
        "by_counting": [_line_document(line) for line in result.by_kind],
        "by_source": [{"source": line.label, **_line_document(line)} for line in result.by_source],
        "by_commune": [{"commune": line.label, "name": line.name, **_line_document(line)} for line in result.by_place],
        "difference": None if result.difference is None else _difference_document(result.difference),
    }


_KEYS = {0: "unknown", 1: "machine", 2: "paper"}


def _line_document(line: RateLine) -> dict[str, object]:
    counts = {"gaps": line.gaps, "above_3": line.above_3, "above_4": line.above_4}
    return {
        "counting": _KEYS[line.counting],
        "bureaux": line.bureaux,
        **{name: _with_interval(line, count) for name, count in counts.items()},
        "more": {"bureaux": line.more, "votes": line.votes_more},
        "fewer": {"bureaux": line.fewer, "votes": line.votes_fewer},
        "sizes": {"1": line.one, "2": line.two, "3 or more": line.larger},
    }


def _with_interval(line: RateLine, count: int) -> dict[str, object]:
    return {"bureaux": count, "interval": [float(end) for end in line.interval(count)]}


def _difference_document(found: RateDifference) -> dict[str, object]:
    return {
        "machine": round(float(found.first), 6),
        "paper": round(float(found.second), 6),
        "interval": None if found.low is None or found.high is None else [round(found.low, 6), round(found.high, 6)],
        "communes": {"machine": found.communes[0], "paper": found.communes[1]},
    }


def tabulate(result: Study, out: Printer) -> None:
    """The tables for people."""
    out.print(
        nmsg(
            "{count:n} bureau with both votes found and signatures; {others:n} without one of them.",
            "{count:n} bureaux with both votes found and signatures; {others:n} without one of them.",
            sum(line.bureaux for line in result.by_kind),
            others=result.left_out,
        ),
        "bold",
    )
    unread = [used.path for used in result.inputs if used.unread]
    for said in (*([not_read(unread)] if unread else []), *_slips(result)):
        out.print(said)
    if result.from_figures:
        told = nmsg(
            "How {count:n} bureau counts was told from the null votes of its commune, not from a list.",
            "How {count:n} bureaux count was told from the null votes of their commune, not from a list.",
            result.from_figures,
        )
        out.print(told)
    _table(msg("All"), result.by_kind, out)
    _test(result, out)
    if len({line.label for line in result.by_source}) > 1:
        _table(msg("By source"), result.by_source, out, sources=True)
    if len(result.by_place) > len(result.by_kind):
        largest = sorted(result.by_place, key=lambda line: (-line.bureaux, line.label, line.counting))
        _table(msg("By commune"), tuple(largest[:SHOWN]), out)
        if len(largest) > SHOWN:
            out.print(nmsg("… and {count:n} more (--json)", "… and {count:n} more (--json)", len(largest) - SHOWN))
    out.print(
        msg(
            "Exact 95 % intervals (Clopper-Pearson), as if bureaux were independent. A gap says that "
            "two counts differ, not why: sign-in is done by hand."
        ),
        "dim",
    )


def _slips(result: Study) -> Iterator[Message]:
    """Report slips of the pen in counts, and their treatment."""
    put_right, aside = sum(result.corrected.values()), sum(result.set_aside.values())
    if put_right:
        yield nmsg(
            "The counts of {count:n} bureau are corrected, as a certain case does: {causes}.",
            "The counts of {count:n} bureaux are corrected, as certain cases do: {causes}.",
            put_right,
            causes=_by_cause(result.corrected),
        )
    if aside:
        yield nmsg(
            "{count:n} bureau is set aside, as a slip probably makes or hides its gap: {causes}.",
            "{count:n} bureaux are set aside, as a slip probably makes or hides their gap: {causes}.",
            aside,
            causes=_by_cause(result.set_aside),
        )


def _by_cause(bureaux: Mapping[str, int]) -> Text:

    ordered = sorted(bureaux.items(), key=lambda each: (-each[1], each[0]))
    return series(msg("{cause} ({count:n})", cause=causes()[name].title, count=count) for name, count in ordered)


def _table(title: Message, lines: tuple[RateLine, ...], out: Printer, sources: bool = False) -> None:
    heads = [*map(out.text, (msg("bureaux"), msg("gap"))), "%", "95 %", "> 3 ‰", "> 4 ‰", "+", "−", "1", "2", "≥ 3"]
    columns = ({"header": head, "justify": "left" if head == "95 %" else "right", **WHOLE} for head in heads)
    table = titled_grid(out, title, FOLDED, *columns, padding=(0, 1, 0, 0))
    for line in lines:
        low, high = line.interval(line.gaps)
        label = Path(line.label).name if sources else line.label
        words = map(out.text, (label, line.name, KINDS[line.counting]))
        counts = (line.above_3, line.above_4, line.more, line.fewer, line.one, line.two, line.larger)
        table.add_row(
            " ".join(filter(None, words)),
            out.number(line.bureaux),
            out.number(line.gaps),
            _percent(Fraction(line.gaps, line.bureaux), out.language),
            f"{_percent(low, out.language)}–{_percent(high, out.language)}",
            *map(out.number, counts),
        )
    out.print()
    out.draw(table)


def _test(result: Study, out: Printer) -> None:
    found = result.difference
    if found is None:
        return
    interval: Text = ""
    if found.low is not None and found.high is not None:
        low, high = (_percent(Fraction(end), out.language) for end in (found.low, found.high))
        interval = msg(" [{low}; {high}]", low=low, high=high)
    out.print(
        msg(
            "Machine less paper: {apart} points{interval}, allowing for communes ({machines:n} machine, {papers:n} "
            "paper).",
            apart=_percent(found.first - found.second, out.language),
            interval=interval,
            machines=found.communes[0],
            papers=found.communes[1],
        )
    )


def _percent(share: Fraction, code: str) -> str:
    return exact_decimal(code, share * 100, 1)
