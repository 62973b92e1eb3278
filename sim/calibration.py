"""Calibration of the parameters: simulated gaps and queues beside observed ones."""

from __future__ import annotations

import functools
import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from protocol.words import Message, msg
from sim import parameters
from sim.bureaux import Bureau, machine_bureaux, machine_communes
from sim.elections import PROFILES, SCENARIOS, Scenario
from sim.executors import Here
from sim.faults.catalogue import default_rates, strike_day
from sim.parameters import Care
from sim.queues.days import town_days
from sim.queues.town import Circumstances, TownBureau
from sim.voters import HOUR
from sim.voters import draw as draw_voters

YEAR = 2022
LARGE = 40
"""Bureaux from which a commune's own rate of gaps is looked at."""


@dataclass(frozen=True, slots=True)
class SimulatedGaps:
    """Gaps between votes and signatures over many bureaux; counts of bureaux.

    Attributes:
        bureaux, some, above_3, above_4, above_10: all; with a gap; with one above 3, 4 and 10 ‰ of the votes.
        more: with more votes than signatures.
        by_size: with a gap of 1, of 2, and of 3 votes or more.
        communes: lowest and highest share of bureaux with a gap among communes of 40 bureaux and more, in one night.
        again: how many times as likely a gap in round 2 is where there was one in round 1.
    """

    bureaux: int
    some: int
    above_3: int
    above_4: int
    above_10: int
    more: int
    by_size: tuple[int, int, int]
    communes: tuple[float, float]
    again: float


@dataclass(frozen=True, slots=True)
class Observed:
    """Observed shares; None without a source. `docs/studies/calibration.md` names the sources."""

    name: Message
    care: Care
    paper: bool
    some: float
    above_3: float | None
    above_4: float | None
    more: float | None
    by_size: tuple[float, float, float] | None = None


OBSERVED = (
    Observed(
        name=msg("machine bureaux, 2007 and 2008"),
        care=parameters.MACHINE_CARE,
        paper=False,
        some=0.298,
        above_3=0.073,
        above_4=0.040,
        more=None,
    ),
    Observed(
        name=msg("paper bureaux, 2007 and 2008"),
        care=parameters.PAPER_CARE["studies"],
        paper=True,
        some=0.053,
        above_3=0.004,
        above_4=None,
        more=None,
    ),
    Observed(
        name=msg("paper bureaux of Paris, 18 ballots 2007 to 2024"),
        care=parameters.PAPER_CARE["paris"],
        paper=True,
        some=0.223,
        above_3=0.024,
        above_4=None,
        more=0.80,
        by_size=(0.149, 0.048, 0.025),
    ),
    Observed(
        name=msg("paper bureaux of Toulouse, 3 ballots"),
        care=parameters.PAPER_CARE["toulouse"],
        paper=True,
        some=0.087,
        above_3=None,
        above_4=None,
        more=None,
    ),
)


@functools.cache
def gaps(observed: Observed, nights: int, seed: int = 1) -> SimulatedGaps:
    """Simulate who votes and who signs in all machine bureaux, that many times; on paper if so observed."""
    scenario = SCENARIOS[YEAR]
    count: Counter[str] = Counter()
    low, high = 1.0, 0.0
    for night in range(nights):
        of_commune: Counter[str] = Counter()
        sizes: Counter[str] = Counter()
        for bureau in _bureaux(scenario, observed.paper):
            (gap, votes), (second, _) = (_gap(seed + night, scenario, round_, bureau, observed) for round_ in (1, 2))
            count["both"] += gap != 0 and second != 0
            count["second"] += second != 0
            count["bureaux"] += 1
            sizes[bureau.insee] += 1
            if not gap:
                continue
            of_commune[bureau.insee] += 1
            count.update(some=1, more=int(gap > 0))
            count[f"size {min(abs(gap), 3)}"] += 1
            for permille in (3, 4, 10):
                count[f"above {permille}"] += abs(gap) * 1000 > permille * votes
        shares = [of_commune[insee] / size for insee, size in sizes.items() if size >= LARGE]
        low, high = min(low, *shares), max(high, *shares)
    return SimulatedGaps(
        bureaux=count["bureaux"],
        some=count["some"],
        above_3=count["above 3"],
        above_4=count["above 4"],
        above_10=count["above 10"],
        more=count["more"],
        by_size=(count["size 1"], count["size 2"], count["size 3"]),
        communes=(low, high),
        again=_ratio(count["both"], count["some"], count["second"] - count["both"], count["bureaux"] - count["some"]),
    )


def _ratio(hits: int, of: int, others: int, of_others: int) -> float:
    return hits / of / (others / of_others) if of and others else math.nan


def _bureaux(scenario: Scenario, paper: bool) -> Iterator[Bureau]:
    for commune in machine_communes(YEAR):
        for bureau in machine_bureaux(1, scenario, commune):
            yield replace(bureau, machines=0) if paper else bureau


def _gap(seed: int, scenario: Scenario, round_: int, bureau: Bureau, observed: Observed) -> tuple[int, int]:
    """Votes less signatures of one bureau, and its votes."""
    held = replace(scenario, round=round_)
    voters = draw_voters(seed, held, bureau)
    key = (*held.key, *bureau.key)
    strike_day(seed, key, default_rates(), voters, observed.care, observed.paper)
    votes = int((voters.choices >= 0).sum())
    return votes - int(voters.signatures.sum()), votes


def interval(hits: int, of: int) -> tuple[float, float]:
    """95 % interval of a share (Wilson)."""
    if not of:
        return 0.0, 1.0
    z, share = 1.96, hits / of
    middle = (share + z * z / (2 * of)) / (1 + z * z / of)
    half = z / (1 + z * z / of) * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return middle - half, middle + half


@dataclass(frozen=True, slots=True)
class Remembered:
    """A bureau whose queue is on record, or is not, with the time of a vote that is tried for it."""

    registered: int
    service: int
    election: str
    seen: Message
    compared: Message


@dataclass(frozen=True, slots=True)
class Queue:
    """Queue of a bureau as planned: minutes, people, hour of the day; means over the days.

    ``interval`` is that of the mean of the day's longest wait, at 95 %.
    """

    of: Remembered
    longest: float
    interval: tuple[float, float]
    worst: float
    people: float
    last: float


_NONE_SEEN = msg("no report of queues found")
_FINE = msg("Le Perreux: up to 1,300 registered it was fine, says the mayor (lagazettedescommunes.com)")
_THREE_HOURS = msg(
    "Le Perreux: nearly 3 h in one bureau, closed at 22h (lagazettedescommunes.com); the largest has nearly 2,000 "
    "registered (lemondeinformatique.fr)"
)
_AGREES = msg("agrees")
QUEUES = (
    Remembered(
        1000,
        45,
        "2007-P1",
        msg("40 minutes and more, about 50 people; some 1,000 registered, about 45 s a vote (hervekabla.com)"),
        _AGREES,
    ),
    Remembered(
        1100,
        45,
        "2007-P1",
        msg("Issy: about an hour in several bureaux (francematin.info); their sizes are not told"),
        msg("of the same order"),
    ),
    Remembered(1300, 45, "2007-P1", _FINE, msg("disagrees, if a vote took 45 s there")),
    Remembered(1300, 30, "2007-P1", _FINE, _AGREES),
    Remembered(2000, 45, "2007-P1", _THREE_HOURS, msg("disagrees, if a vote took 45 s there")),
    Remembered(2000, 30, "2007-P1", _THREE_HOURS, _AGREES),
    Remembered(930, 40, "2022-P1", _NONE_SEEN, _AGREES),
    Remembered(800, 40, "2022-P1", _NONE_SEEN, _AGREES),
)


def queues(days: int, seed: int = 1) -> list[Queue]:
    """Plan these bureaux as `regard plan` does: one table and one machine, 8h to 20h."""
    table = []
    for of in QUEUES:
        bureau = TownBureau("", "", f"{of.registered} {of.service}", of.registered, 1, 1, 8, 20)
        circumstances = Circumstances(PROFILES[of.election], service=replace(parameters.VOTE, mean=of.service))
        [found] = town_days([bureau], [circumstances], seed, days, Here())
        longest = found.longest[:, 0] / 60_000
        half = 1.96 * float(longest.std(ddof=1)) / math.sqrt(days)
        mean = float(longest.mean())
        table.append(
            Queue(
                of=of,
                longest=mean,
                interval=(mean - half, mean + half),
                worst=float(longest.max()),
                people=float(found.queue.mean()),
                last=float(found.last.mean()) / HOUR,
            )
        )
    return table
