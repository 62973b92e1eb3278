"""What the sheets at hand are worth: for their own bureaux, and for all of them where they were drawn by lot."""

from __future__ import annotations

from dataclasses import dataclass

from protocol.sealing.log import Place
from regard.sealing.witness_plan import WitnessFrame, WitnessPlan
from regard.sealing.witnesses import Witnessed


@dataclass(frozen=True, slots=True)
class WitnessWorth:
    """What sheets cover.

    Attributes:
        agreeing: bureaux of the poll of which a whole sheet agrees.
        valid: their valid votes.
        elsewhere: votes that can be moved in the others.
        plan: the drawing that was asked for; None where none was.
        missing: drawn bureaux without a whole sheet that agrees.
    """

    agreeing: int
    valid: int
    elsewhere: int
    plan: WitnessPlan | None
    missing: tuple[Place, ...]

    @property
    def holds(self) -> bool:
        """Whether the probability of the plan can be stated: all drawn bureaux have a sheet that agrees.

        A drawn bureau without one counts as if it had one that differs: whoever made a change may have kept it away.
        """
        return self.plan is not None and self.plan.seed is not None and bool(self.plan.places) and not self.missing


def state(frame: WitnessFrame, found: Witnessed, plan: WitnessPlan | None) -> WitnessWorth:
    """What the sheets that agree cover.

    Args:
        frame: all bureaux of the poll.
        found: the sheets, compared with the log.
        plan: with the bureaux that were drawn; None where the sheets were not drawn.
    """
    agreeing = found.agreeing & frame.valid.keys()
    parts = (*frame.parts, frame.beyond)
    elsewhere = sum(
        bound for part in parts for place, bound in zip(part.places, part.bounds, strict=True) if place not in agreeing
    )
    return WitnessWorth(
        len(agreeing),
        sum(frame.valid[place] for place in agreeing),
        elsewhere,
        plan,
        () if plan is None else tuple(place for place in plan.places if place not in agreeing),
    )
