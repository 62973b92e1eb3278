"""Counts of a night's exports, with numbered bureaux, for the dumps of other machines.

Each record without fault counts, as `regard totals` counts it: what a fault of the day did to an export stands in the
other dump as well, and a bureau without a readable export has none.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count, groupby
from pathlib import Path

import numpy as np

from protocol.export.reading import read
from protocol.export.record import RecordVerdict
from protocol.opening import OpenedFile

FREE_FROM = 96001
"""The first number for communes whose INSEE code is no number; no département is 96."""


@dataclass(frozen=True, slots=True, order=True)
class MachineCount:
    """Count of one export record; the order does not depend on the place of the record.

    Attributes:
        insee, bureau: codes.
        date: polling day.
        election: its id.
        round: its round.
        part: of the bureau's day.
        poll: its number.
        serial: of the machine.
        cast, blank: votes cast by the machine's counter, and blank votes.
        tallies: votes of each choice.
        registered: voters on the roll.
        opening, closing, export: seconds since 2000, -1 for never.
    """

    insee: str
    bureau: str
    date: datetime.date
    election: str
    round: int
    part: int
    poll: int
    serial: str
    cast: int
    blank: int
    tallies: tuple[int, ...]
    registered: int
    opening: int
    closing: int
    export: int

    @property
    def place(self) -> tuple[str, str]:
        """Codes of commune and bureau."""
        return self.insee, self.bureau

    @property
    def vote(self) -> int:
        """The election's number: ten times its year and its round, 20221 for the first round of 2022."""
        return self.date.year * 10 + self.round


def counts_of(exports: Iterable[tuple[str, bytes]]) -> list[MachineCount]:
    """Count the faultless records of some files of exports."""
    found = read((), opened=[OpenedFile(Path(name), data) for name, data in exports])
    return [_count_of(row) for row in found.columns[found.verdict == RecordVerdict.OK]]


def _count_of(row: np.void) -> MachineCount:
    day = int(row["date"])
    return MachineCount(
        insee=row["insee"].decode("ascii"),
        bureau=row["bureau"].decode("ascii"),
        date=datetime.date(day // 10_000, day // 100 % 100, day % 100),
        election=row["election"].decode("ascii"),
        round=int(row["round"]),
        part=int(row["part"]),
        poll=int(row["poll"]),
        serial=row["machine_serial"].decode("ascii"),
        cast=int(row["cast"]),
        blank=int(row["blank"]),
        tallies=tuple(row["tallies"][: row["choices"]].tolist()),
        registered=int(row["registered"]),
        opening=int(row["opening"]),
        closing=int(row["closing"]),
        export=int(row["export"]),
    )


@dataclass(frozen=True, slots=True)
class SectionNumber:
    """A bureau by numbers."""

    municipality: int
    zone: int
    section: int

    @property
    def portion(self) -> int:
        """As one number: bureau 0012 of 25388 is 253880012."""
        return (self.zone - 1) * 10**9 + self.municipality * 10**4 + self.section


class SectionNumbers:
    """The numbers of bureaux, each its own, as those machines have no codes with letters.

    - An INSEE code of five digits is the number of the municipality: 25388 is 25388.
    - A bureau's code of four digits is the number of the section in zone 1: 0012 is 12.
    - The other codes of bureaux of a commune are numbered from 1 in zone 2, in the order of the codes: where a commune
      has 0012, 12 and 12B, the second is section 1 of zone 2, and the third its section 2.
    - Other INSEE codes get the numbers from 96001 up that no commune of the night has, in the order of the codes.
    - 00000 and 0000 are among the others, as these numbers begin with 1.

    Args:
        places: INSEE code and bureau code of all bureaux.
    """

    def __init__(self, places: Iterable[tuple[str, str]]) -> None:
        ordered = sorted(set(places))
        communes = {insee: int(insee) for insee, _ in ordered if _is_number(insee, 5)}
        free = (number for number in count(FREE_FROM) if number not in set(communes.values()))
        self._numbers: dict[tuple[str, str], SectionNumber] = {}
        for insee, group in groupby(ordered, key=lambda place: place[0]):
            municipality = communes[insee] if insee in communes else next(free)
            others = count(1)
            for _, bureau in group:
                zone, section = (1, int(bureau)) if _is_number(bureau, 4) else (2, next(others))
                self._numbers[insee, bureau] = SectionNumber(municipality, zone, section)

    def __getitem__(self, place: tuple[str, str]) -> SectionNumber:
        return self._numbers[place]


def _is_number(code: str, digits: int) -> bool:
    return len(code) == digits and code.isascii() and code.isdigit() and int(code) > 0
