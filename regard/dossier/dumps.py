"""Section of a report on dumps of other machines, as texts in its language."""

from __future__ import annotations

from dataclasses import dataclass

from protocol.dumps.checks import CheckVerdict, DumpCheck
from protocol.dumps.layouts import DumpReading
from protocol.dumps.tallies import Tallies
from protocol.words import Text, nmsg
from regard.reports.dumps import TOPICS, VERDICTS, figures_of_contest
from regard.views.saying import Speaker


@dataclass(frozen=True, slots=True)
class DumpContestSaid:
    """One contest of a dump: its name, and each count with its label, over all units."""

    name: str
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class DumpSaid:
    """A dump of another machine.

    Attributes:
        facts: what it says of itself, as name and value.
        contests: the first of them.
        checks: outcome, what was checked, topic, and where; those that do not hold first.
        left: what is not listed.
    """

    title: str
    facts: tuple[tuple[str, str], ...]
    contests: tuple[DumpContestSaid, ...]
    checks: tuple[tuple[str, str, str, str], ...]
    left: tuple[str, ...]


MOST_CONTESTS, MOST_CHECKS = 60, 200
"""Shown of each dump and list of checks; the rest is counted."""


def dump_sections(dumps: tuple[DumpReading, ...], speaker: Speaker) -> tuple[DumpSaid, ...]:
    """Describe the dumps of other machines."""
    return tuple(_dump(reading, speaker) for reading in dumps)


def _dump(reading: DumpReading, speaker: Speaker) -> DumpSaid:
    names, voted = reading.tallies.contest_names(), reading.tallies.contests_voted_in()
    checks = sorted(reading.checks, key=lambda check: _ORDER.index(check.verdict))
    left: list[Text] = []
    if none := len(names) - len(voted):
        left.append(nmsg("{count:n} contest without ballots", "{count:n} contests without ballots", none))
    if (more := len(voted) - MOST_CONTESTS) > 0:
        left.append(nmsg("… {count:n} more contest (--csv)", "… {count:n} more contests (--csv)", more))
    if (more := len(checks) - MOST_CHECKS) > 0:
        left.append(nmsg("… {count:n} more (--json)", "… {count:n} more (--json)", more))
    return DumpSaid(
        title=speaker.sentence(reading.layout.title),
        facts=tuple((speaker.name(name), speaker.name(value)) for name, value in reading.facts),
        contests=tuple(_contest(reading.tallies, at, names[at], speaker) for at in voted[:MOST_CONTESTS]),
        checks=tuple(_check(check, speaker) for check in checks[:MOST_CHECKS]),
        left=tuple(map(speaker.text, left)),
    )


_ORDER = (CheckVerdict.FAILS, CheckVerdict.NOT_CHECKED, CheckVerdict.HOLDS)


def _contest(tallies: Tallies, index: int, name: str, speaker: Speaker) -> DumpContestSaid:
    rows = figures_of_contest(tallies, index)
    return DumpContestSaid(
        speaker.name(name), tuple((speaker.name(label), speaker.number(count)) for label, count in rows)
    )


def _check(check: DumpCheck, speaker: Speaker) -> tuple[str, str, str, str]:
    """The outcome, what was checked, what it is about, and where."""
    where = check.where if check.verdict is not CheckVerdict.HOLDS else check.unit
    topic, outcome = speaker.sentence(TOPICS[check.topic]), speaker.sentence(VERDICTS[check.verdict])
    return outcome, speaker.sentence(check.told), topic, speaker.name(where)
