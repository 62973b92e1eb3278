"""What a fault is: a name, a rate and of what, the evidence that it touches, and a sentence on why it happens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, StrEnum

import numpy as np

from sim.evidence import Evidence
from sim.voters import Voters


class Unit(StrEnum):
    """What a rate counts."""

    VOTER = "voter"
    BUREAU = "bureau"


class Stage(Enum):
    """When a fault of the papers strikes, in the order in which a figure travels; later papers copy earlier ones."""

    DUMP = "dump"
    ROLL = "roll"
    RECORD = "record"
    TABULATION = "tabulation"
    PUBLICATION = "publication"


@dataclass(frozen=True, slots=True)
class Effect:
    """What one fault did: the piece of evidence, its field, the signed change in votes (None: no count), in words."""

    piece: str
    field: str
    change: int | None
    detail: str


@dataclass(frozen=True, slots=True)
class Fault:
    """What all faults have.

    Attributes:
        name: what `--faults NAME=RATE` takes.
        rate: default rate, per ``unit``; 0 for a fault that the default night does not have.
        touches: pieces of evidence that it changes.
        effect: what it does to them.
        why: why it happens.
    """

    name: str
    unit: Unit
    rate: float
    touches: str
    effect: str
    why: str


@dataclass(frozen=True, slots=True)
class DayFault(Fault):
    """Somebody errs during the day. ``act`` changes what one person does; None where that person cannot err so."""

    act: Callable[[Voters, int], Effect | None]


@dataclass(frozen=True, slots=True)
class PaperFault(Fault):
    """A document goes wrong after the day.

    ``act`` gets the commune's bureaux, which of them it strikes, and a generator for what else it draws. It returns
    what it did to which bureau; nothing where there is nothing to do wrong (no gap to hide, no second bureau).
    """

    stage: Stage
    act: Callable[[list[Evidence], int, np.random.Generator], list[tuple[int, Effect]]]
