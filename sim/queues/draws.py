"""The people and the failures of a town's days, the same chance for every scenario: so their differences are sharp.

Each person of a bureau has 64 random bits a day, which say when he comes and how long each act takes, by tables and
thresholds; further bits are mixed from these. A slower vote then is the same person's, more registered voters come
after those who are there, and a bureau's days are the same whatever else is on the list. Whole numbers only.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from protocol.arrays import Floats, Ints
from sim import parameters
from sim.parameters import Service
from sim.queues.recursion import FAR, Bools, Draws, Failures
from sim.queues.town import BLOCK, Circumstances, Then, TownBureau
from sim.streams import stream
from sim.voters import HOUR, TABLE, service_table

Bits = npt.NDArray[np.uint64]

FINER = 4
"""Neighbouring durations of `service_table` that are taken together, so that a law stays in the processor's cache."""
MASK = TABLE // FINER - 1
UNIT = 2**20
"""Mean of the spacings between arrivals, before they are stretched to the day."""
FOR_EVER = 2**31 - 1
"""Milliseconds: whoever has patience for so many has it for the day."""
FAILURE_BITS = 24
"""Of a machine's 64 bits: whether it fails, then when; the rest says how long the repair takes."""
_MINUTE = 60_000
"""Milliseconds."""


@dataclass(frozen=True, slots=True)
class Laws:
    """Lookup tables for the bits of people: durations in milliseconds, by `part` of the bits; and thresholds.

    Attributes:
        spacing: between arrivals, in no unit.
        patience: empty where nobody leaves.
        proxies: below so many of 2**16 a person holds a proxy …
        leaves: … and from so many on leaves without validating.
        alone: from so many on, below ``leaves``, a person votes in the first of two polls only.
        polls: votes to each enabling.
        noon, five, final: cumulative turnout at 12h and 17h, and in all.
    """

    spacing: Ints
    identify: Ints
    vote: Ints
    second: Ints
    sign: Ints
    booth: Ints
    patience: Ints
    proxies: int
    leaves: int
    alone: int
    polls: int
    noon: int
    five: int
    final: int


def laws(of: Circumstances) -> Laws:
    """The tables of a scenario."""
    proxies = round(of.proxies / (1.0 - of.proxies) * TABLE)
    leaves = TABLE - round(parameters.LEAVES_SHARE * TABLE)
    return Laws(
        spacing=exponential_table(float(UNIT)),
        identify=law(of.identify),
        vote=law(of.service),
        second=law(of.second if of.second is not None else of.service),
        sign=law(of.sign),
        booth=law(of.booth),
        patience=np.zeros(0, np.int64)
        if of.patience is None
        else np.minimum(exponential_table(of.patience * _MINUTE), FOR_EVER),
        proxies=proxies,
        leaves=leaves,
        alone=max(leaves - round(of.first_only * TABLE), proxies),
        polls=of.polls,
        noon=of.profile.noon,
        five=of.profile.five,
        final=max(of.profile.final, 1),
    )


@functools.lru_cache(maxsize=64)
def law(service: Service) -> Ints:
    """Durations in milliseconds that are equally likely, ascending, shape ``(MASK + 1,)``."""
    return _fix(service_table(service).reshape(-1, FINER).mean(axis=1))


@functools.lru_cache(maxsize=64)
def exponential_table(mean: float) -> Ints:
    """Whole numbers that are equally likely, ascending, shape ``(MASK + 1,)``: the quantiles of an exponential law."""
    quantiles = -np.log1p(-(np.arange(MASK + 1) + 0.5) / (MASK + 1))
    return _fix(quantiles * (mean / quantiles.mean()))


def _fix(values: Floats) -> Ints:
    table = np.rint(values).astype(np.int64)
    table.flags.writeable = False
    return table


def come(bureau: TownBureau, of: Circumstances, seed: int, block: int) -> Ints:
    """Draw the number of people of each day of a block, shape ``(BLOCK,)``: binomial, by inversion."""
    turnout = of.profile.final / 10_000 if of.turnout is None else of.turnout
    uniform = stream(seed, "plan", "people", *bureau.identity, block).random(BLOCK)
    below = _binomial(bureau.registered, turnout * (1.0 - of.proxies))
    return np.searchsorted(below, uniform, side="right").astype(np.int64)


@functools.lru_cache(maxsize=1024)
def _binomial(number: int, share: float) -> Floats:
    """Probability of at most so many of ``number``, for each count below it, shape ``(number,)``."""
    if not 0.0 < share < 1.0:
        return np.full(number, 1.0 if share <= 0.0 else 0.0)
    count = np.arange(number)
    steps = np.log((number - count) / (count + 1.0)) + np.log(share / (1.0 - share))
    logs = np.concatenate([[0.0], np.cumsum(steps)])
    law = np.exp(logs - logs.max())
    return np.asarray(np.cumsum(law)[:-1] / law.sum())


def bits(bureau: TownBureau, seed: int, block: int, rows: int) -> Bits:
    """The bits of the first people of a bureau on each day of a block, shape ``(rows, BLOCK)``."""
    random = stream(seed, "plan", "bits", *bureau.identity, block)
    return random.integers(0, 2**64, (rows, BLOCK), dtype=np.uint64)


def mix(of: Bits) -> Bits:
    """Further bits of the same people, one to one (SplitMix64)."""
    z = of + np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


def part(of: Bits, number: int) -> Ints:
    """Take the upper bits of one of the four 16-bit groups (0 to 3), to look up a table."""
    return ((of >> np.uint64(16 * (number + 1) - MASK.bit_length())) & np.uint64(MASK)).astype(np.int64)


class Chance:
    """The bits of people, shape ``(days, rows)``, and what is made of them for more than one scenario."""

    def __init__(self, of: Bits) -> None:
        self._bits = [of]
        self._parts: dict[tuple[int, int], Ints] = {}
        self._arrivals: dict[tuple[bytes | int, ...], Ints] = {}

    def bits(self, number: int) -> Bits:
        """The first bits of all people (0), and those mixed from them (1 to 3)."""
        while len(self._bits) <= number:
            self._bits.append(mix(self._bits[-1]))
        return self._bits[number]

    def part(self, number: int, quarter: int) -> Ints:
        """`part` of these bits."""
        if (number, quarter) not in self._parts:
            self._parts[number, quarter] = part(self.bits(number), quarter)
        return self._parts[number, quarter]

    @functools.cached_property
    def who(self) -> Ints:
        """Bits for the thresholds of `Laws`."""
        return (self.bits(1) & np.uint64(TABLE - 1)).astype(np.int64)

    def arrivals(self, of: Laws, people: Ints, opening: Ints, closing: Ints) -> Ints:
        """When people come, `FAR` for who does not, shape ``(days, people)``.

        Spacings are stretched so that as many come before 12h, until 17h and after as the profile says.
        """
        key = (of.noon, of.five, of.final, people.tobytes(), opening.tobytes(), closing.tobytes())
        if key not in self._arrivals:
            sums = np.cumsum(of.spacing[self.part(0, 3)], axis=1)
            total = sums[np.arange(len(people)), people]
            sums = sums[:, : int(people.max(initial=0))]
            ends = [np.zeros_like(total), total * of.noon // of.final, total * of.five // of.final, total]
            hours = [opening, np.full_like(opening, 12 * HOUR), np.full_like(opening, 17 * HOUR), closing]
            arrival = np.full(sums.shape, FAR, np.int64)
            for number in (2, 1, 0):
                slope = ((hours[number + 1] - hours[number]) << 32) // np.maximum(ends[number + 1] - ends[number], 1)
                some = ((sums - ends[number][:, None]) * slope[:, None] >> 32) + hours[number][:, None]
                np.copyto(arrival, some, where=sums < ends[number + 1][:, None])
            self._arrivals = {key: arrival}
        return self._arrivals[key]


def draw(of: Laws, chance: Chance, people: Ints, opening: Ints, closing: Ints, booths: bool) -> Draws:
    """The people of some days.

    Args:
        of: how long things take.
        chance: bits of a person more than come on any day.
        people: who come, shape ``(days,)``.
        opening: by the préfet's order, in milliseconds since midnight, shape ``(days,)``.
        closing: likewise.
        booths: whether anybody may vote on paper.
    """
    arrival = chance.arrivals(of, people, opening, closing)
    rows = arrival.shape[1]
    who = chance.who[:, :rows]
    days, proxies = np.nonzero(who < of.proxies)
    alone = (who >= of.alone) & (who < of.leaves)

    def visits(*laws: tuple[Ints, int, int, int]) -> Ints:
        """Own vote and a proxy's, by table, bits, and quarters for the two; of each poll, which are added up."""
        found = np.zeros((2, *arrival.shape), np.int64)
        for poll, (table, number, own, proxy) in enumerate(laws):
            times = table[chance.part(number, own)[:, :rows]]
            found[0] += np.where(alone, 0, times) if poll and of.alone < of.leaves else times
            found[1, days, proxies] += table[part(chance.bits(number + (number == 0))[days, proxies], proxy)]
        return found

    two = of.polls > 1
    sign = visits((of.sign, 0, 2, 2), *([(of.sign, 3, 2, 3)] if two else [])).sum(axis=0)
    sign[who >= of.leaves] = 0
    papers = [(of.booth, 2, 2, 3), *([(of.booth, 3, 0, 1)] if two else [])]
    votes = [(of.vote, 0, 1, 1), *([(of.second, 2, 0, 1)] if two else [])]
    return Draws(
        arrival=arrival.T,
        identify=of.identify[chance.part(0, 0)[:, :rows]].T,
        visits=visits(*votes).transpose(0, 2, 1),
        sign=sign.T,
        people=people,
        booths=visits(*papers).transpose(0, 2, 1) if booths else None,
        patience=of.patience[chance.part(1, 3)[:, :rows]].T if len(of.patience) else None,
    )


@dataclass(frozen=True, slots=True)
class TownFailures:
    """The failures of a block of days.

    Attributes:
        of: those of each bureau.
        brought: of each bureau, where a reserve machine is brought, shape ``(machines, BLOCK)``.
        without: for how many failures no reserve machine was left, shape ``(bureaux, BLOCK)``.
    """

    of: list[Failures]
    brought: list[Bools]
    without: Ints


def town_failures(bureaux: Sequence[TownBureau], of: Circumstances, seed: int, block: int) -> TownFailures | None:
    """Draw the failures in a town on each day of a block; None if none can occur."""
    if of.breakdowns is None and of.outage is None:
        return None
    struck = [_chances(bureau, of, seed, block) for bureau in bureaux]
    at = np.concatenate([each for each, _ in struck])
    length = np.concatenate([each for _, each in struck])
    counts = [bureau.machines for bureau in bureaux]
    first = np.concatenate([np.arange(machines) for machines in counts]) == 0
    paper, asked, brought = np.zeros((3, *at.shape), np.bool_)
    if of.breakdowns is not None:
        paper |= (at < FAR) & (of.breakdowns.then is Then.PAPER)
        asked |= (at < FAR) & (of.breakdowns.then is Then.RESERVE)
    if of.outage is not None:
        at[first], length[first] = of.outage.at, max(of.outage.length, 1)
        paper[first], asked[first] = of.outage.then is Then.PAPER, False
    if asked.any():
        brought = _brought(bureaux, np.where(asked, at, FAR), of.reserves)
    if of.outage is not None and of.outage.then is Then.RESERVE:
        asked[first], brought[first] = True, of.reserves > 0
    length = np.where(paper, _length(of.paper_after), np.where(brought, _length(of.travel), length))
    booths = np.where(paper, np.concatenate([_booths(bureau) for bureau in bureaux])[:, None], 0)
    ends = np.cumsum(counts)
    parts = [slice(end - machines, end) for end, machines in zip(ends.tolist(), counts, strict=True)]
    return TownFailures(
        of=[Failures(at[part], length[part], booths[part]) for part in parts],
        brought=[brought[part] for part in parts],
        without=np.array([(asked & ~brought)[part].sum(axis=0) for part in parts], np.int64).reshape(-1, BLOCK),
    )


def _chances(bureau: TownBureau, of: Circumstances, seed: int, block: int) -> tuple[Ints, Ints]:
    """When machines fail by chance, and how long each repair takes, shape ``(machines, BLOCK)`` each."""
    shape = bureau.machines, BLOCK
    if of.breakdowns is None:
        return np.full(shape, FAR, np.int64), np.ones(shape, np.int64)
    chance = stream(seed, "plan", "failures", *bureau.identity, block).integers(0, 2**64, shape, np.uint64)
    low = np.uint64(2**FAILURE_BITS - 1)
    fails = (chance & low) < np.uint64(round(of.breakdowns.rate * 2**FAILURE_BITS))
    opening, closing = of.hours(bureau)
    moment = ((chance >> np.uint64(FAILURE_BITS)) & low).astype(np.int64)
    at = opening * HOUR + (moment * ((closing - opening) * HOUR) >> FAILURE_BITS)
    repair = law(Service(of.breakdowns.repair * 60, parameters.REPAIR_VARIATION))
    return np.where(fails, at, FAR), repair[part(chance, 3)]


def _brought(bureaux: Sequence[TownBureau], asked: Ints, reserves: int) -> Bools:
    """For which failures a reserve machine is brought: the first ones of the day, in the order in which they happen.

    Whose moment is the same comes by code. ``asked`` is when, `FAR` where nobody asks, shape ``(machines, BLOCK)``.
    """
    names = [(*bureau.identity, machine) for bureau in bureaux for machine in range(bureau.machines)]
    rank = np.argsort(np.array(sorted(range(len(names)), key=names.__getitem__), np.int64))
    order = np.lexsort((np.broadcast_to(rank[:, None], asked.shape), asked), axis=0)
    return np.asarray((np.argsort(order, axis=0) < reserves) & (asked < FAR))


def _booths(bureau: TownBureau) -> Ints:
    """Number of booths that replace each machine: one for 300 registered voters in all (L62)."""
    booths = max(1, -(-bureau.registered // parameters.VOTERS_PER_BOOTH))
    share, rest = divmod(booths, max(bureau.machines, 1))
    return np.array([max(share + (machine < rest), 1) for machine in range(bureau.machines)], np.int64)


def _length(minutes: float) -> int:
    """A duration in milliseconds, one at least."""
    return max(round(minutes * _MINUTE), 1)
