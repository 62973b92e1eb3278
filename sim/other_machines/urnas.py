"""A night as the files of Brazilian urnas: bulletin, votes one by one, printed text and signatures of each bureau.

A bulletin holds what all exports of its bureau say, added up: a section has one urna. The format is that of 2022, the
phase that of a rehearsal; the office is the president, that of a second poll of the day the governor, and the number
that voters type is that of the choice. The
keys of lines, QR texts and chips are made of the seed: they show that nothing changed, and anybody can make them. The
issuer of a chip's certificate is nobody, and the program's signatures are zeros. An export of another election makes a
bulletin of its own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import groupby

from protocol import civil_time
from protocol.bu.bulletin import EnvelopeKind
from protocol.bu.counts import OfficeCounts, UrnaSection
from protocol.bu.printed import write_printed
from protocol.bu.schema import FormatVersion
from protocol.bu.signatures import made_up_chip, write_signature_file
from protocol.bu.writing import UrnaDay, line_signer, write_ballots, write_bulletin, write_envelope
from sim.elections import Scenario
from sim.other_machines.counts import MachineCount, SectionNumber, SectionNumbers
from sim.other_machines.machine_dumps import UrnaDump

OFFICES = {1: 1, 2: 3}
"""President and governor, by the number of the poll."""
REHEARSAL = 1
SOFTWARE = "8.26.0.0 - regard"
VERSION = FormatVersion.V2022
_LOADED_AT = 12


def dumps(seed: int, scenario: Scenario, counts: Sequence[MachineCount]) -> Iterator[UrnaDump]:
    """The files of each section.

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
        polls = tuple(sorted({each.poll for each in of_section}))
        dump = UrnaDump({}, place, (section.vote, section.unit), polls, name, day, seed)
        files = {"bu": write_bulletin(day, VERSION), "rdv": write_ballots(day, VERSION), "imgbu": print_bulletin(day)}
        dump.files = {dump.name(kind): data for kind, data in files.items()}
        dump.files[dump.name("vscmr")] = sign_files(dump, day.machine)
        yield dump


def print_bulletin(day: UrnaDay) -> bytes:
    """The printed text, in its envelope."""
    return write_envelope(day, VERSION, EnvelopeKind.PRINTED, write_printed(day))


def sign_files(dump: UrnaDump, machine: int) -> bytes:
    """The signature file over the files of a section and the key of the lines, by the chip of an urna."""
    secret = hashlib.sha512(f"regard {dump.seed} chip {machine}".encode()).digest()
    key = line_signer(dump.day.key).public_key().public_bytes_raw()
    files: Mapping[str, bytes] = {**dump.files, dump.name("chvtp"): key}
    return write_signature_file(VERSION.value, made_up_chip(machine, secret), files, dump.day.written)


def _section_of(count: MachineCount) -> tuple[tuple[str, str], int]:
    return count.place, count.vote


def _day(seed: int, scenario: Scenario, counts: Sequence[MachineCount], number: SectionNumber, machine: int) -> UrnaDay:
    first = counts[0]
    section = UrnaSection(REHEARSAL, first.vote, number.municipality, number.zone, number.section)
    offices = list(_offices(counts))
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
        offices=offices,
        key=hashlib.sha256(f"regard {seed} {section.vote} {section.unit}".encode()).digest(),
        by_hand=max(office.turnout or 0 for office in offices),
    )


def _offices(counts: Sequence[MachineCount]) -> Iterator[OfficeCounts]:
    """Those of the polls of a section, in their order."""
    for poll, group in groupby(sorted(counts, key=_poll_of), key=_poll_of):
        of_poll = list(group)
        first, cast = of_poll[0], sum(each.cast for each in of_poll)
        office = OfficeCounts(first.vote, OFFICES[poll], first.registered, cast, choices=1)
        for each in of_poll:
            office.blank += each.blank
            for choice, votes in enumerate(each.tallies, 1):
                office.nominal[choice] = office.nominal.get(choice, 0) + votes
                office.parties[choice] = choice
        yield office


def _poll_of(count: MachineCount) -> int:
    return count.poll


def _time(moment: int) -> str:
    """``20220410T190000``."""
    return civil_time.write(moment).replace(" ", "T").translate({ord(sign): None for sign in "-:"})
