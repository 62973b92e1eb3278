"""Two dumps of the same unit and contest side by side: a machine's result and its stored votes, for example."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from protocol.dumps.checks import Checklist
from protocol.dumps.layouts import DumpReading
from protocol.dumps.tallies import TALLY_LABELS, Tallies, TallyKind
from protocol.words import Text, msg, series

CODE = "M103"
_SHOWN = 5
"""Differences that a failed check lists."""
Votes = dict[tuple[TallyKind, str], int]


def compare_copies(readings: Iterable[DumpReading]) -> Iterator[DumpReading]:
    """Compare each dump with the first one of the same unit and contest; add the differences as checks."""
    seen: dict[tuple[str, str], tuple[Votes, Text]] = {}
    for reading in readings:
        title: Text = reading.layout.title
        checks = Checklist()
        same = 0
        for key, votes in _votes(reading.tallies).items():
            if key not in seen:
                seen[key] = votes, title
                continue
            other, source = seen[key]
            unlike = sorted(place for place in {*votes, *other} if votes.get(place) != other.get(place))
            same += not unlike
            if unlike:
                left, right = (series(_figure(place, one) for place in unlike[:_SHOWN]) for one in (other, votes))
                checks.of("", key[0]).differ(CODE, _TEXT, (left, right), (source, title), times=len(unlike))
        checks.holds(CODE, _TEXT, times=same)
        yield replace(reading, checks=(*reading.checks, *checks.made)) if checks.made else reading


_TEXT = msg("votes by choice and blank votes against another dump of the same unit")


def _votes(tallies: Tallies) -> dict[tuple[str, str], Votes]:
    """Votes by unit and contest, by kind and by the choice's identifier, which two layouts share."""
    found: dict[tuple[str, str], Votes] = {}
    for unit, contest, choice, kind, votes in tallies.rows.tolist():
        of_contest = found.setdefault((tallies.units[unit], tallies.contests[contest].id), {})
        of_contest[TallyKind(kind), tallies.choices[choice].id if choice >= 0 else ""] = votes
    return found


def _figure(place: tuple[TallyKind, str], votes: Votes) -> Text:
    kind, choice = place
    name: Text = msg("choice {number}", number=choice) if kind is TallyKind.CHOICE else TALLY_LABELS[kind]
    count = votes.get(place)
    return msg("{name}: {count}", name=name, count=msg("none") if count is None else str(count))
