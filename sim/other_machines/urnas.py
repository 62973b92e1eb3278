"""A night as the files of Brazilian urnas: a section each bureau, with bulletin, votes one by one and printed text.

A bulletin holds what all exports of its bureau say, added up: a section has one urna. The format is that of 2022, the
phase that of a rehearsal; the office is the president, and the number that voters type is that of the choice. Lines
and QR texts are signed with a key that is made of the seed: it shows that nothing changed, and anybody can make it.
There is no file of signatures of the urna's chip. An export of another election makes a bulletin of its own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import groupby

from protocol import civil_time
from protocol.bu.bulletin import EnvelopeKind
from protocol.bu.counts import OfficeCounts
from protocol.bu.file_names import UrnaSection
from protocol.bu.printing import write_printed
from protocol.bu.schema import FormatVersion
from protocol.bu.writing import UrnaDay, write_ballots, write_bulletin, write_envelope
from sim.elections import Scenario
from sim.other_machines.counts import MachineCount, SectionNumber, SectionNumbers

PRESIDENT = 1
REHEARSAL = 1
SOFTWARE = "8.26.0.0 - regard"
_VERSION = FormatVersion.V2022
_LOADED_AT = 12


def dumps(seed: int, scenario: Scenario, counts: Sequence[MachineCount]) -> Iterator[tuple[str, bytes]]:
    """The files of the folder, by their names.

    Args:
        seed: of the night.
        scenario: the election.
        counts: of the night, sorted.
    """
    numbers = SectionNumbers(each.place for each in counts)
    serials = sorted({each.serial for each in counts})
    machines = {serial: number for number, serial in enumerate(serials, 1)}
    for (place, _), group in groupby(sorted(counts, key=_section_of), key=_section_of):
        of_section = list(group)
        day = _day(seed, scenario, of_section, numbers[place], machines[of_section[0].serial])
        section = day.section
        name = f"s{section.vote:05}-{section.municipality:05}{section.zone:04}{section.section:04}"
        yield f"{name}.bu", write_bulletin(day, _VERSION)
        yield f"{name}.rdv", write_ballots(day, _VERSION)
        yield f"{name}.imgbu", write_envelope(day, _VERSION, EnvelopeKind.PRINTED, write_printed(day))


def _section_of(count: MachineCount) -> tuple[tuple[str, str], int]:
    return count.place, count.vote


def _day(seed: int, scenario: Scenario, counts: Sequence[MachineCount], number: SectionNumber, machine: int) -> UrnaDay:
    first = counts[0]
    section = UrnaSection(REHEARSAL, first.vote, number.municipality, number.zone, number.section)
    office = OfficeCounts(first.vote, PRESIDENT, first.registered, sum(each.cast for each in counts), choices=1)
    for each in counts:
        office.blank += each.blank
        for choice, votes in enumerate(each.tallies, 1):
            office.nominal[choice] = office.nominal.get(choice, 0) + votes
            office.parties[choice] = choice
    opened, closed = (civil_time.seconds(first.date, hour) for hour in (scenario.opening, scenario.closing))
    opened = min((each.opening for each in counts if each.opening >= 0), default=opened)
    closed = max((each.closing for each in counts if each.closing >= 0), default=closed)
    written = max((each.export for each in counts if each.export >= 0), default=closed)
    return UrnaDay(
        section=section,
        place=1,
        machine=machine,
        software=SOFTWARE,
        load_code=f"{number.municipality:05}{number.zone:04}{number.section:04}{first.vote:05}{machine:06}",
        loaded=_time(civil_time.seconds(first.date - timedelta(1), _LOADED_AT)),
        opened=_time(opened),
        closed=_time(closed),
        written=_time(written),
        offices=[office],
        key=hashlib.sha256(f"regard {seed} {section.vote} {section.unit}".encode()).digest(),
        by_hand=office.turnout or 0,
    )


def _time(moment: int) -> str:
    """``20220410T190000``."""
    return civil_time.write(moment).replace(" ", "T").translate({ord(sign): None for sign in "-:"})
