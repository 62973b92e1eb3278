"""Model of a fault: a name, a rate and its unit, and what it does to which evidence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Any, TypeVar

from protocol.words import Message, msg
from sim.bureaux import Bureau
from sim.elections import Scenario
from sim.equipment import Conduct
from sim.evidence import BureauEvidence
from sim.streams import RandomStream
from sim.voters import Voters


class Unit(StrEnum):
    """Unit that a rate counts; its label says what a rate is a share of."""

    label: Message

    def __new__(cls, name: str, label: Message) -> Unit:
        """A member with its label."""
        member = str.__new__(cls, name)
        member._value_, member.label = name, label
        return member

    PERSON = "person", msg("of the people who vote in a bureau")
    BALLOT = "paper ballot", msg("of the paper ballots of a bureau")
    BUREAU = "bureau", msg("of the bureaux")
    GAP = "bureau whose votes and signatures differ", msg("of the bureaux whose votes and signatures differ")


class Stage(Enum):
    """When a fault strikes, in the order in which a figure travels; later papers copy earlier ones."""

    DAY = "day"
    DUMP = "dump"
    ROLL = "roll"
    RECORD = "record"
    TABULATION = "tabulation"
    PUBLICATION = "publication"
    KEEPING = "keeping"


@dataclass(frozen=True, slots=True)
class Effect:
    """Effect of one fault: the piece of evidence, its field, the effect in words, and the signed change in votes.

    Attributes:
        change: None where the field is no count.
        poll: of a fault of the day: the poll that it is about; None: each of them.
    """

    piece: str
    field: str
    detail: str
    change: int | None = None
    poll: int | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """Fields of all faults.

    Attributes:
        name: what `--faults NAME=RATE` takes.
        unit: what the rate counts.
        rate: default rate; 0 for a fault that the default night does not have.
        effect: what it does to which piece of evidence.
    """

    name: str
    unit: Unit
    rate: float
    effect: Message


@dataclass(frozen=True, slots=True)
class DayFault(Fault):
    """Somebody errs during the day. ``act`` changes what one person does; None where that person cannot err so.

    ``machines`` and ``paper`` say in which kinds of bureaux it can happen. On paper all rates of the day are
    multiplied by the mean of `sim.parameters.PAPER_CARE`. ``each_list`` says that it happens to the list that each poll
    has of its own: ``signatures`` are then the marks there.
    """

    act: Callable[[Voters, int], Effect | None]
    machines: bool = True
    paper: bool = False
    each_list: bool = False


@dataclass(frozen=True, slots=True)
class CountFault(Fault):
    """The tellers of a paper bureau err at the count, which `sim.paper.hand_count` does by the fault's rate."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A bureau's day before it begins: what a fault of its conduct can change."""

    scenario: Scenario
    bureau: Bureau
    voters: Voters
    conduct: Conduct


@dataclass(frozen=True, slots=True)
class ConductFault(Fault):
    """The bureau or its machine is not run by the rules. ``act`` changes the plan of the day; None where it cannot."""

    act: Callable[[Plan, RandomStream], Effect | None]


Struck = list[tuple[int, Effect]]
"""Effects, each with the place of its bureau in the commune."""
PaperAct = Callable[[list[BureauEvidence], int, RandomStream], Struck]


@dataclass(frozen=True, slots=True)
class PaperFault(Fault):
    """A dump or a document goes wrong after the day.

    ``act`` gets the commune's bureaux, which of them it strikes, and a generator for what else it draws. It returns
    what it did to which bureau; nothing where there is nothing to do wrong (no second bureau, no figure to confuse).
    ``paper`` is whether it happens in paper bureaux only. ``anywhere`` is the same act on any figure of the form, for a
    fault that is placed.
    """

    stage: Stage
    act: PaperAct
    paper: bool = False
    anywhere: PaperAct | None = None


def struck_by(fault: str, evidence: BureauEvidence) -> bool:
    """Check whether that fault has struck these papers already: a second strike could undo it."""
    return any(line.fault == fault for line in evidence.truth)


F = TypeVar("F", bound=Fault)
A = TypeVar("A", bound=Callable[..., Any])


def adding(faults: list[F], kind: Callable[..., F], **of_all: object) -> Callable[..., Callable[[A], A]]:
    """A decorator that adds faults to a list: its arguments are name, effect, rate and other fields of the fault.

    Args:
        faults: the list.
        kind: class of its faults, whose ``act`` is the decorated function.
        of_all: fields that all of them share.
    """

    def describe(name: str, effect: Message, rate: float = 0.0, **own: object) -> Callable[[A], A]:
        def add(act: A) -> A:
            faults.append(kind(name=name, effect=effect, rate=rate, act=act, **{**of_all, **own}))
            return act

        return add

    return describe
