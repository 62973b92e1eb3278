"""Dumps of other machines before they are written: the files of a unit, which faults may strike."""

from __future__ import annotations

from dataclasses import dataclass

from protocol.bu.writing import UrnaDay
from protocol.cvr.writing import CardBatch


@dataclass(slots=True)
class MachineDump:
    """Some files; those of no unit, such as lists, are struck by no fault.

    Attributes:
        files: their bytes by name.
    """

    files: dict[str, bytes]


@dataclass(slots=True)
class UnitDump(MachineDump):
    """The files of one unit.

    Attributes:
        place: codes of commune and bureau.
        key: what tells it from all others of the night.
        polls: numbers of those that it is of.
    """

    place: tuple[str, str]
    key: tuple[str | int, ...]
    polls: tuple[int, ...]


@dataclass(slots=True)
class UrnaDump(UnitDump):
    """The files of one section.

    Attributes:
        stem: their names up to the endings.
        day: what they were made from.
        seed: of the night, which keys are made of.
    """

    stem: str
    day: UrnaDay
    seed: int

    def name(self, kind: str) -> str:
        """The name of one of them, as ``bu``."""
        return f"{self.stem}.{kind}"


@dataclass(slots=True)
class BatchDump(UnitDump):
    """The export of one batch.

    Attributes:
        batch: its ballots.
        name: of its file.
    """

    batch: CardBatch
    name: str
