"""Plan of witnesses: the number of sheets that must agree, and the bureaux, by a lot that anybody can repeat.

The order of a drawing is that of SHA-256 over its seed, the poll, the INSEE code and the bureau's code, each followed
by the end of a line. The seed is to be made in public when the night is sealed: whoever knows it before can keep away
from the bureaux that are drawn.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from hashlib import sha256

from protocol.errors import RegardError
from protocol.insee import departement_of
from protocol.quantities import Quantity
from protocol.sealing.leaves import Leaf
from protocol.sealing.log import Place, SealedLog
from protocol.words import msg, series
from regard.sealing.witnesses import Witnessed
from verify.statistics.shift_detection import Detection, DrawnPart, detection, enough


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
class FramePart:
    """Bureaux among which some are drawn.

    Attributes:
        name: the département's code; empty for all.
        places: of the bureaux.
        bounds: votes that can be moved in each.
    """

    name: str
    places: tuple[Place, ...]
    bounds: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class WitnessFrame:
    """All bureaux of a poll.

    Attributes:
        poll: its number.
        parts: those that can be drawn, in one part or by département.
        beyond: those that cannot.
        valid: valid votes of each bureau.
        without: bureaux of which no votes are in the leaf: they have no room for a shift.
        most: what can be moved in one bureau.
        departments: from which sheets can be had; none for all.
    """

    poll: str
    parts: tuple[FramePart, ...]
    beyond: FramePart
    valid: dict[Place, int]
    without: int
    most: MostMoved
    departments: tuple[str, ...] = ()

    @property
    def drawable(self) -> int:
        """Bureaux that can be drawn."""
        return sum(len(part.places) for part in self.parts)

    @property
    def apart(self) -> bool:
        """True if each département is drawn by itself."""
        return any(part.name for part in self.parts)


@dataclass(frozen=True, slots=True)
class WitnessPlan:
    """Drawing that is needed to see a shift.

    Attributes:
        shift: in votes.
        probability: that was asked for.
        drawn: sheets of each part of the frame; None where even all are not enough, or the shift is impossible.
        detection: what they show; with all sheets of the frame where they are not enough.
        sheets: how many are needed for other probabilities, None where no number is enough.
        seed: that the bureaux were drawn with; None where none were.
        places: the drawn bureaux, those of each part in the order of the drawing.
    """

    shift: int
    probability: Fraction
    drawn: tuple[int, ...] | None
    detection: Detection
    sheets: tuple[tuple[Fraction, int | None], ...]
    seed: str | None = None
    places: tuple[Place, ...] = ()

    @property
    def count(self) -> int | None:
        """Sheets in all; None where even all of them are not enough."""
        return None if self.drawn is None else sum(self.drawn)

    @property
    def impossible(self) -> bool:
        """True if all bureaux together have less room than the shift needs."""
        return self.detection.altered is None


OTHER_PROBABILITIES = (Fraction(1, 2), Fraction(4, 5), Fraction(9, 10), Fraction(19, 20), Fraction(99, 100))


def valid_votes(leaf: Leaf) -> int | None:
    """The valid votes of a bureau by its leaf: as they are stated, else the sum of its choices."""
    stated = leaf.figures.get(Quantity.VALID)
    votes = [each.votes for each in leaf.votes if each.votes is not None]
    return stated if stated is not None else sum(votes) if votes else None


def frame_of(
    log: SealedLog, most: MostMoved, poll: str = "", departments: Collection[str] = (), *, apart: bool = False
) -> WitnessFrame:
    """The bureaux of a poll.

    Args:
        log: of which the leaves that hold are taken.
        most: votes that can be moved in one bureau.
        poll: its number; empty for the only one.
        departments: from which sheets can be had; none for all.
        apart: draw in each département by itself.

    Raises:
        RegardError: there is no such poll or département, or several polls and none was named.
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
    known = {departement_of(place[1]) for place in valid}
    if strange := sorted(set(departments) - known):
        raise RegardError(msg("no bureau of the log is in département {codes}", codes=series(strange)))
    inside = [place for place in valid if not departments or departement_of(place[1]) in departments]
    groups: dict[str, list[Place]] = {}
    for place in inside:
        groups.setdefault(departement_of(place[1]) if apart else "", []).append(place)
    beyond = sorted(valid.keys() - set(inside))

    def part(name: str, places: Iterable[Place]) -> FramePart:
        chosen = tuple(places)
        return FramePart(name, chosen, tuple(most.of(valid[place]) for place in chosen))

    parts = tuple(part(*each) for each in groups.items())
    return WitnessFrame(poll, parts, part("", beyond), valid, without, most, tuple(departments))


def plan(frame: WitnessFrame, shift: int, probability: Fraction, seed: str | None = None) -> WitnessPlan:
    """Find the fewest sheets that show a shift with at least that probability; exact.

    Args:
        frame: the bureaux.
        shift: in votes, above 0.
        probability: above 0, at most 1.
        seed: to draw the bureaux with; None to draw none.
    """
    room = sum(map(sum, (part.bounds for part in (*frame.parts, frame.beyond))))

    def needed(wanted: Fraction) -> list[int] | None:
        if shift > room:
            return None
        return enough([part.bounds for part in frame.parts], frame.beyond.bounds, shift, wanted)

    drawn = needed(probability)
    every = [len(part.places) for part in frame.parts]
    parts = [DrawnPart(part.bounds, count) for part, count in zip(frame.parts, drawn or every, strict=True)]
    others = {wanted: needed(wanted) for wanted in OTHER_PROBABILITIES}
    return WitnessPlan(
        shift,
        probability,
        None if drawn is None else tuple(drawn),
        detection([*parts, DrawnPart(frame.beyond.bounds, 0)], shift),
        tuple((wanted, None if sheets is None else sum(sheets)) for wanted, sheets in others.items()),
        seed,
        () if seed is None or drawn is None else tuple(draw(frame, drawn, seed)),
    )


def draw(frame: WitnessFrame, drawn: Iterable[int], seed: str) -> Iterator[Place]:
    """The bureaux that are drawn, those of each part in the order of the drawing."""
    for part, count in zip(frame.parts, drawn, strict=True):
        yield from sorted(part.places, key=lambda place: _lot(seed, place))[:count]


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
