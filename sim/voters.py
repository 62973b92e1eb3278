"""The people of one bureau's day before it begins: when they come, how long each act takes, what they will choose.

Every number that is random is drawn here, in whole milliseconds, so that a simpy day and the vectorised engine can
run on the same draws.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass, replace
from statistics import NormalDist

import numpy as np

from protocol.arrays import Floats, Ints
from sim import parameters
from sim.bureaux import Bureau
from sim.elections import PROFILES, Profile, Scenario
from sim.parameters import Service
from sim.streams import stream

HOUR = 3_600_000
"""Milliseconds."""
NO_VISIT = -2
"""In ``choices``: the person does not go to the machine this time."""
LEAVES = -1
"""In ``choices``: the person goes away without validating, and the president cancels the enabling; in ``second``, of
who has voted in the first poll: for the second one only."""
LATE_CLOSING = 20
"""Hour of the day."""
TABLE = 2**16
"""Durations that a law is represented by."""
GRID = 4096
"""Points at which a law is computed for it."""
VISITS = 3
"""Times one person can go to the machine: the own vote, a proxy's, and one that should not be."""


@dataclass(frozen=True, slots=True)
class Voters:
    """``n`` people in order of arrival. Times in milliseconds since midnight, durations in milliseconds.

    Attributes:
        arrival: shape ``(n,)``, ascending.
        identify: time at the table, shape ``(n,)``.
        visits: time at the machine on each visit, shape ``(n, VISITS)``, 0 for none.
        choices: shape ``(n, VISITS)``: number on the panel, 0 blank, `LEAVES`, `NO_VISIT`.
        sign: time at the roll in all, shape ``(n,)``.
        signatures: marks that the person leaves on the roll, shape ``(n,)``; may be negative where a mark is lost.
        proxies: votes cast for somebody else.
        booths: time of each visit in a booth, where the bureau goes on with ballot papers; None: as at the machine.
        patience: how long each waits to be identified and to vote before leaving, shape ``(n,)``; None: for ever.
        second: where there are two polls, the choices in the second one, shape ``(n, VISITS)``; a visit then is as
            long as both votes together. Who votes in the first poll only `LEAVES` before this one.
        second_signatures: marks that the person leaves on the second poll's list, shape ``(n,)``; None: as many as on
            the first.
    """

    arrival: Ints
    identify: Ints
    visits: Ints
    choices: Ints
    sign: Ints
    signatures: Ints
    proxies: int
    booths: Ints | None = None
    patience: Ints | None = None
    second: Ints | None = None
    second_signatures: Ints | None = None

    def __len__(self) -> int:
        return len(self.arrival)

    @property
    def lists(self) -> tuple[Ints, ...]:
        """The marks that each person leaves on the list of each poll, each of shape ``(people,)``."""
        if self.second is None:
            return (self.signatures,)
        return self.signatures, self.signatures if self.second_signatures is None else self.second_signatures

    def before(self, closing: int) -> Voters:
        """Those who come until then, in milliseconds since midnight."""
        inside = int(np.searchsorted(self.arrival, closing, side="right"))
        if inside == len(self):
            return self
        arrays = {
            name: value[:inside] for name in self.__slots__ if isinstance(value := getattr(self, name), np.ndarray)
        }
        return replace(self, **arrays, proxies=int((self.choices[:inside, 1] >= 0).sum()))


def draw(seed: int, scenario: Scenario, bureau: Bureau) -> Voters:
    """The people who will come to this bureau; where there are two polls, each of them votes in both."""
    key = (*scenario.key, *bureau.key)
    random = stream(seed, *key, "who comes")
    turnout = _shift(scenario.turnout, parameters.TURNOUT_SPREAD_BUREAU, random, _commune_turnout(seed, key))
    votes = int(random.binomial(bureau.registered, turnout))
    proxies = min(int(random.binomial(votes, parameters.PROXY_SHARE)), votes // 2)
    people = votes - proxies
    holders = random.choice(people, proxies, replace=False)

    choices = np.full((people, VISITS), NO_VISIT, np.int64)
    cast = draw_choices(seed, scenario, bureau, votes)
    choices[:, 0] = cast[:people]
    choices[holders, 1] = cast[people:]
    leave = random.random(people) < parameters.LEAVES_SHARE
    leave[holders] = False
    choices[leave, 0] = LEAVES

    times = stream(seed, *key, "service times")
    visits = service_times(times, parameters.VOTE if bureau.machines else parameters.BOOTH, (people, VISITS))
    visits[choices == NO_VISIT] = 0
    signatures = np.ones(people, np.int64)
    signatures[holders] = 2
    signatures[leave] = 0
    sign = service_times(times, parameters.SIGN, (people, 2))
    sign[signatures < 2, 1] = 0
    voters = Voters(
        arrival=arrivals(stream(seed, *key, "arrivals"), PROFILES[scenario.profile], bureau, people),
        identify=service_times(times, parameters.IDENTIFY, (people,)),
        visits=visits,
        choices=choices,
        sign=sign.sum(axis=1) * (signatures > 0),
        signatures=signatures,
        proxies=proxies,
    )
    return voters if scenario.second is None else _for_both(seed, scenario, scenario.second, bureau, voters)


def _for_both(seed: int, first: Scenario, second: Scenario, bureau: Bureau, voters: Voters) -> Voters:
    """Add to each vote a second one, and a second list to sign."""
    times = stream(seed, *first.key, *bureau.key, "service times of the second poll")
    visits = service_times(times, parameters.VOTE if bureau.machines else parameters.BOOTH, voters.visits.shape)
    marks = np.arange(2) < voters.signatures[:, None]
    signing = np.where(marks, service_times(times, parameters.SIGN, (len(voters), 2)), 0)
    return with_second(
        seed,
        second,
        bureau,
        replace(
            voters,
            visits=voters.visits + np.where(voters.choices >= 0, visits, 0),
            sign=voters.sign + signing.sum(axis=1),
        ),
    )


def with_second(seed: int, second: Scenario, bureau: Bureau, voters: Voters) -> Voters:
    """Add the choices of those who vote in the second poll, and their marks on its list."""
    choices = (voters.choices if voters.second is None else voters.second).copy()
    marks = voters.signatures if voters.second_signatures is None else voters.second_signatures
    cast = choices >= 0
    choices[cast] = draw_choices(seed, second, bureau, int(cast.sum()))
    return replace(voters, second=choices, second_signatures=marks.copy())


def draw_choices(seed: int, scenario: Scenario, bureau: Bureau, votes: int) -> Ints:
    """Draw each vote, shape ``(votes,)``: 0 for blank, the number on the panel, on paper one more for null.

    Shares lie around the commune's, those around the national ones (logit-normal); the order says nothing.
    """
    commune = stream(seed, *scenario.key, bureau.insee, "shares")
    random = stream(seed, *scenario.key, *bureau.key, "choices")
    national = np.array([candidate.votes for candidate in scenario.candidates], np.float64)
    away = commune.normal(0.0, parameters.SHARES_COMMUNE, len(national))
    away += random.normal(0.0, parameters.SHARES_BUREAU, len(national))
    shares = national * np.exp(away)
    shares /= shares.sum()
    blanks = _shift(scenario.blanks if bureau.machines else scenario.paper_blanks, parameters.BLANK_SPREAD, random, 0.0)
    nulls = 0.0 if bureau.machines else _shift(scenario.paper_nulls, parameters.BLANK_SPREAD, random, 0.0)
    law = np.concatenate([[blanks], shares * (1.0 - blanks - nulls), [] if bureau.machines else [nulls]])
    return random.choice(len(law), votes, p=law / law.sum()).astype(np.int64)


def arrivals(random: np.random.Generator, profile: Profile, bureau: Bureau, people: int) -> Ints:
    """When they come, ascending, shape ``(people,)``: as many before 12h, until 17h and after as the profile says.

    A bureau that is open until 20h has the late profile.

    Between these hours the rate is even: no finer official figure exists.
    """
    here = profile.late() if bureau.closing >= LATE_CLOSING else profile
    return np.sort(arrival_times(random.random(people), here, bureau.opening, bureau.closing))


def arrival_times(uniform: Floats, profile: Profile, opening: int, closing: int) -> Ints:
    """Arrivals for uniform numbers of [0, 1), same shape: the inverse of the cumulative profile, in milliseconds."""
    shares = np.array([0.0, profile.noon / profile.final, profile.five / profile.final, 1.0])
    hours = np.array([opening, 12, 17, closing], np.float64) * HOUR
    return np.asarray(np.interp(uniform, shares, hours).astype(np.int64))


def service_times(random: np.random.Generator, service: Service, shape: tuple[int, ...]) -> Ints:
    """Durations in milliseconds of that shape, drawn from `service_table`."""
    table = service_table(service)
    return table[random.integers(0, len(table), shape)]


@functools.lru_cache(maxsize=64)
def service_table(service: Service) -> Ints:
    """Durations in milliseconds that are equally likely, ascending, shape ``(TABLE,)``: the law's quantiles.

    A lognormal law, mixed with the same law of ``slow_factor`` times the length; scaled so that the table's mean is
    that of the service. At least one second each.
    """
    spread = math.sqrt(math.log(1.0 + service.variation**2))
    law = NormalDist(0.0, spread)
    logs = np.linspace(-7.0 * spread, 7.0 * spread + math.log(service.slow_factor), GRID)
    shift = math.log(service.slow_factor)
    below = [(1.0 - service.slow_share) * law.cdf(x) + service.slow_share * law.cdf(x - shift) for x in logs.tolist()]
    middles = (np.arange(TABLE) + 0.5) / TABLE
    times = np.exp(np.interp(middles, below, logs))
    table = np.maximum(np.rint(times * (service.mean * 1000.0 / times.mean())), 1000.0).astype(np.int64)
    table.flags.writeable = False
    return table


def _commune_turnout(seed: int, key: tuple[str, int, str, str]) -> float:
    election, round_, insee, _ = key
    return float(stream(seed, election, round_, insee, "turnout").normal(0.0, parameters.TURNOUT_SPREAD_COMMUNE))


def _shift(share: float, spread: float, random: np.random.Generator, shift: float) -> float:
    """A share moved in logits by ``shift`` and by a normal deviation of ``spread``."""
    logit = math.log(share / (1.0 - share)) + shift + float(random.normal(0.0, spread))
    return 1.0 / (1.0 + math.exp(-logit))
