"""Summary of a night for the makers of pages: waits of people, and the faults made on purpose."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from protocol.words import Text
from sim.bureaux import Bureau
from sim.evidence import BureauEvidence, Truth
from sim.passage import Passage


@dataclass(frozen=True, slots=True)
class DayOfPlan:
    """Day of a town's plan that a night repeats.

    Attributes:
        number: from 1.
        seed: of the plan.
        told: the settings of its scenario.
        failing: INSEE code and code of the bureaux in which a machine fails.
        changed: whether faults of the night can make it another day than the plan's.
    """

    number: int
    seed: int
    told: Sequence[Text]
    failing: Sequence[tuple[str, str]]
    changed: bool


@dataclass(frozen=True, slots=True)
class NightTold:
    """One night, as a page tells of it.

    Attributes:
        name: of the election.
        days: the bureaux whose day was simulated, in the order of their keys.
        truth: the faults.
        day: which day of a town's plan it was; None for another night.
        polls: the number of polls of the day.
    """

    name: str
    days: Sequence[tuple[Bureau, Passage]]
    truth: Sequence[Truth]
    day: DayOfPlan | None = None
    polls: int = 1


MakePages = Callable[[NightTold], Iterable[tuple[str, bytes]]]
"""Makes the pages of a night, each with its file name."""


def no_pages(night: NightTold) -> Iterable[tuple[str, bytes]]:
    """A night without pages."""
    return ()


def sum_up_truth(
    name: str,
    done: Iterable[BureauEvidence],
    further: Iterable[Truth] = (),
    day: DayOfPlan | None = None,
    polls: int = 1,
) -> NightTold:
    """Sum up the truth by bureau; ``further`` is the truth that belongs to no bureau."""
    nights = list(done)
    return NightTold(
        name=name,
        days=[(each.bureau, each.passage) for each in nights if each.passage is not None],
        truth=[*(line for night in nights for each in night.polls for line in each.truth), *further],
        day=day,
        polls=polls,
    )
