"""Plan of witnesses: the number of sheets that must agree, and the bureaux, by a lot that anybody can repeat.

The order of a drawing is that of SHA-256 over its seed, the poll, the INSEE code and the bureau's code, each followed
by the end of a line. The seed is to be made in public when the night is sealed: whoever knows it before can keep away
from the bureaux that are drawn.
"""

from __future__ import annotations

import bisect
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from hashlib import sha256

from protocol.errors import RegardError
from protocol.quantities import Quantity
from protocol.sealing.leaves import Leaf
from protocol.sealing.log import Place, SealedLog
from protocol.words import msg, series
from regard.sealing.witnesses import Witnessed


@dataclass(frozen=True, slots=True)
class MostMoved:
    """Assumption: the most votes that can be moved in one bureau without anybody there noticing.

    Attributes:
        share: of its valid votes.
        votes: of any bureau, at most; None for no such bound.
    """

    share: Fraction = Fraction(1)
    votes: int | None = None

    def of(self, valid: int) -> int:
        """Of a bureau with so many valid votes; a part of a vote counts as one."""
        bound = -(-valid * self.share.numerator // self.share.denominator)
        return bound if self.votes is None else min(bound, self.votes)


@dataclass(frozen=True, slots=True)
class WitnessFrame:
    """All bureaux of a poll.

    Attributes:
        poll: its number.
        valid: valid votes of each bureau.
        bounds: votes that can be moved in each.
        without: bureaux of which no votes are in the leaf: they have no room for a shift.
        most: what can be moved in one bureau.
    """

    poll: str
    valid: dict[Place, int]
    bounds: dict[Place, int]
    without: int
    most: MostMoved


@dataclass(frozen=True, slots=True)
class WitnessPlan:
    """Drawing that is needed to see a shift.

    Attributes:
        shift: in votes.
        probability: that was asked for.
        altered: fewest bureaux in which the shift has room; None where all of them have too little.
        count: sheets that are needed; None where the shift is impossible.
        seen: probability with which they show it, at the least.
        seed: that the bureaux were drawn with; None where none were.
        places: the drawn bureaux, in the order of the drawing.
    """

    shift: int
    probability: Fraction
    altered: int | None
    count: int | None
    seen: Fraction
    seed: str | None = None
    places: tuple[Place, ...] = ()

    @property
    def impossible(self) -> bool:
        """True if all bureaux together have less room than the shift needs."""
        return self.altered is None


def valid_votes(leaf: Leaf) -> int | None:
    """The valid votes of a bureau by its leaf: as they are stated, else the sum of its choices."""
    stated = leaf.figures.get(Quantity.VALID)
    votes = [each.votes for each in leaf.votes if each.votes is not None]
    return stated if stated is not None else sum(votes) if votes else None


def frame_of(log: SealedLog, most: MostMoved, poll: str = "") -> WitnessFrame:
    """The bureaux of a poll.

    Args:
        log: of which the leaves that hold are taken.
        most: votes that can be moved in one bureau.
        poll: its number; empty for the only one.

    Raises:
        RegardError: there is no such poll, or several polls and none was named.
    """
    polls = sorted({place[0] for place in log.latest})
    if poll not in polls and (poll or len(polls) > 1):
        raise RegardError(msg("the log has the polls {polls}: --poll says which", polls=series(polls)))
    poll = poll or polls[0]
    valid: dict[Place, int] = {}
    without = 0
    for place in sorted(place for place in log.latest if place[0] == poll):
        votes = valid_votes(log.leaf(log.latest[place]))
        without += votes is None
        valid[place] = votes or 0
    return WitnessFrame(poll, valid, {place: most.of(votes) for place, votes in valid.items()}, without, most)


def plan(frame: WitnessFrame, shift: int, probability: Fraction, seed: str | None = None) -> WitnessPlan:
    """Find the fewest sheets that show a shift with at least that probability; exact.

    Args:
        frame: the bureaux.
        shift: in votes, above 0.
        probability: above 0, at most 1.
        seed: to draw the bureaux with; None to draw none.
    """
    bureaux, altered = len(frame.bounds), fewest(tuple(frame.bounds.values()), shift)
    if altered is None:
        return WitnessPlan(shift, probability, None, None, Fraction(1), seed)
    count = enough(bureaux, altered, probability)
    return WitnessPlan(
        shift,
        probability,
        altered,
        count,
        1 - chance_of_missing(bureaux, altered, count),
        seed,
        () if seed is None else tuple(sorted(frame.bounds, key=lambda place: _lot(seed, place))[:count]),
    )


def _lot(seed: str, place: Place) -> bytes:
    return sha256("".join(f"{each}\n" for each in (seed, *place)).encode("utf-8", "surrogatepass")).digest()


@dataclass(frozen=True, slots=True)
class WitnessWorth:
    """Coverage by sheets.

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
        """True if all drawn bureaux have a sheet that agrees: then the plan's probability can be stated.

        A drawn bureau without one counts as if it had one that differs: whoever made a change may have kept it away.
        """
        return self.plan is not None and self.plan.seed is not None and bool(self.plan.places) and not self.missing


def state(frame: WitnessFrame, found: Witnessed, plan: WitnessPlan | None) -> WitnessWorth:
    """Compute the coverage by sheets that agree.

    Args:
        frame: all bureaux of the poll.
        found: the sheets, compared with the log.
        plan: with the bureaux that were drawn; None where the sheets were not drawn.
    """
    agreeing = found.agreeing & frame.valid.keys()
    elsewhere = sum(bound for place, bound in frame.bounds.items() if place not in agreeing)
    return WitnessWorth(
        len(agreeing),
        sum(frame.valid[place] for place in agreeing),
        elsewhere,
        plan,
        () if plan is None else tuple(place for place in plan.places if place not in agreeing),
    )


# --- Number of bureaux to look at so that a shift of votes is seen with a stated probability; exact ---


def fewest(bounds: Sequence[int], shift: int) -> int | None:
    """Fewest bureaux in which ``shift`` votes have room, the largest first; None where all have too little."""
    count, bureaux = 0, Counter(bounds)
    for bound in sorted(bureaux, reverse=True):
        if shift <= 0 or not bound:
            break
        some = min(bureaux[bound], -(-shift // bound))
        count, shift = count + some, shift - some * bound
    return None if shift > 0 else count


def chance_of_missing(bureaux: int, altered: int, drawn: int) -> Fraction:
    """The chance that none of ``altered`` bureaux is among ``drawn`` of all ``bureaux``: C(B - k, n) / C(B, n)."""
    few, many = sorted((altered, drawn))
    if few + many > bureaux:
        return Fraction(0)
    # the same with k and n exchanged, and the fewer factors of the two
    return Fraction(math.perm(bureaux - many, few), math.perm(bureaux, few))


def enough(bureaux: int, altered: int, probability: Fraction) -> int:
    """Find the fewest drawn bureaux that show a shift with at least that probability.

    Args:
        bureaux: all of them.
        altered: the fewest in which the shift has room, above 0.
        probability: from 0 to 1.
    """
    return bisect.bisect_left(
        range(bureaux), True, key=lambda drawn: 1 - chance_of_missing(bureaux, altered, drawn) >= probability
    )
