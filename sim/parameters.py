"""Every number that the simulated day rests on, with its unit and its source, in one place.

« Assumed » means that no source was found and the value is ours; what depends on it says so in
`docs/studies/calibration.md`.
"""

from __future__ import annotations

from dataclasses import dataclass

# --- The bureaux -----------------------------------------------------------------------------------------------------

SIZE_SPREAD = 0.13
"""Coefficient of variation of registered voters among the bureaux of one commune. With the communes' own means this
gives the 5 % and 95 % points seen in 1,377 machine bureaux in 2017: 686 and 1,207 (mean 935)."""
SIZE_MAX = 2035
"""Registered voters of the largest machine bureau of 2017."""
SIZE_MIN = 98
"""Registered voters of the smallest one."""
TWO_MACHINES_FROM = 1500
"""Registered voters from which a bureau has two machines: assumed. The circulars ask for 800 to 1,000 a machine;
« up to 1,300 it was fine » (Le Perreux, 2007)."""

# --- Who votes, and for whom -----------------------------------------------------------------------------------------

TURNOUT_SPREAD_COMMUNE = 0.18
"""Standard deviation of a commune's turnout around the national one, in logits: assumed, about 3.5 points."""
TURNOUT_SPREAD_BUREAU = 0.14
"""Spread of the turnout of a bureau around its commune: assumed, about 2.7 points."""
BLANK_SPREAD = 0.15
"""Standard deviation of a bureau's share of blank votes, in logits: assumed."""
SHARES_COMMUNE = 0.37
"""Deviation of a commune's choices from the national ones: standard deviation of a normal law, in logarithms of the
shares, which are then scaled to one. Measured net of chance in the 1,377 bureaux of the 62 communes that
voted by machine alone in 2017: the logarithm of a choice's share differs between communes by 0.21 to 0.50 in round 1,
0.35 on average, whatever the size of the choice. One value for all; `docs/studies/calibration.md` has both
side by side."""
SHARES_BUREAU = 0.21
"""The same of a bureau within its commune. Measured in the same way: 0.15 to 0.32 in round 1, 0.22 on average (the
rarest choice not told from 0); 0.09 and 0.15 in round 2."""
PROXY_SHARE = 0.03
"""Share of votes cast by proxy: assumed for a presidential election (1 to 6 % in city feeds)."""
LEAVES_SHARE = 0.0004
"""Share of people who leave the machine without validating and do not sign either: assumed. It shows as a cancelled
enabling and makes no gap."""

# --- What goes wrong ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Care:
    """Frequency of the errors of the day relative to their rates, and their clustering.

    Attributes:
        mean: factor on all rates.
        commune: shape of the gamma law (mean 1) by which one commune differs from another.
        bureau: the same of a bureau within its commune.
    """

    mean: float
    commune: float
    bureau: float


MACHINE_CARE = Care(mean=1.0, commune=2.0, bureau=0.3)
"""Fitted, with the rates in `sim.faults.day`, to the machine bureaux of 2007 and 2008: 29.8 % with a gap, 7.3 % above
3 ‰ (Enguehard and Graton). `docs/studies/calibration.md` has the fit."""
PAPER_CARE = {
    "studies": Care(mean=0.100, commune=2.0, bureau=0.3),
    "paris": Care(mean=0.61, commune=8.0, bureau=0.6),
    "toulouse": Care(mean=0.175, commune=2.0, bureau=0.5),
}
"""Paper bureaux: fitted to the studies of 2007 and 2008 (5.3 %, 0.4 % above 3 ‰), to 18 ballots of Paris (22.3 %, 2.4 %
above 3 ‰) and to 3 of Toulouse (8.7 %). No one rate holds everywhere."""

# --- The day ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Service:
    """Duration of one act: mean in seconds, coefficient of variation, lognormal law.

    ``slow_share`` of the people take ``slow_factor`` times as long (assisted, unsure); the mean is that of all.
    """

    mean: float
    variation: float
    slow_share: float = 0.0
    slow_factor: float = 1.0


IDENTIFY = Service(mean=12.0, variation=0.5)
"""Identity and roll checked at the table: assumed, no source found."""
VOTE = Service(mean=42.0, variation=0.5, slow_share=0.03, slow_factor=3.0)
"""At the machine, for one vote. 40 s by a survey of communes (Forum des droits sur l'internet, 2007), about 45 s seen
in a bureau of 1,000 in 2007. The law and the slow voters are assumed."""
VOTE_MEANS = (40.0, 45.0)
"""Seconds: the two means that are known, see `VOTE`."""
BOOTH = Service(mean=40.0, variation=0.6)
"""Booth and urn of a paper bureau, for one vote: assumed, no source found."""
VOTERS_PER_BOOTH = 300
"""Registered voters for one booth (L62)."""
SIGN = Service(mean=8.0, variation=0.5)
"""Signature and stamp, for one signature: assumed, no source found."""

REPAIR = 60.0
"""Mean minutes until a machine is repaired: assumed, no source found."""
REPAIR_VARIATION = 0.5
"""Coefficient of variation of the time that a repair takes (lognormal law): assumed, no source found."""
RESERVE_TRAVEL = 30.0
"""Minutes from a machine's failure until a reserve machine is in service: assumed. « Replacement must be quick »
(Conseil constitutionnel, FAQ of 2007)."""
PAPER_AFTER = 30.0
"""Minutes from a machine's failure until voting goes on with ballot papers: assumed, no source found."""

NOTING_SLIP = 0.0005
"""Strokes that a teller puts into another line, per ballot; the two sheets then differ: assumed."""
DOUBTFUL_ADMITTED = 0.02
"""Share of the doubtful ballots that the bureau decides to be blank and not null: assumed."""

ZERO_CHECK_BEFORE = 25 * 60
"""Seconds before the opening at which counters are shown to be at zero (L63 asks for before the opening): assumed."""
EXPORT_AFTER = 12 * 60
"""Seconds after the closing at which the module is read at the town hall, at the earliest: assumed."""
EXPORT_SPREAD = 45 * 60
"""Seconds over which the modules of a commune arrive there: assumed."""

LATE_CITIES = ("92", "93", "94")
"""Départements whose communes keep the bureaux open until 20h. Presidential elections of 2017 and 2022 ran until 19h,
until 20h in some cities; which ones is assumed (Sèvres, for one, publishes 8h to 20h)."""
