"""Expectations for the screens of shares, measured on real results: who is named, and who with votes moved is.

A bureau is compared with the other bureaux of its commune, as P404 does, after what was expected of it is taken away:
nothing, or what its own shares in the other round say by the slope of all bureaux.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from statistics import NormalDist

import numpy as np

from protocol.words import Message, Text, msg
from verify.model.figures import Ints
from verify.model.thresholds import Thresholds
from verify.read.results_files import read_all
from verify.statistics.distributions import Floats
from verify.statistics.expected import expected, spread
from verify.statistics.leave_one_out import least_group, scores, significant

MOVED = (5, 10, 20)
"""Per cent of a bureau's valid votes that are taken from a choice and given to others."""
SHIFTED = 2000
"""Bureaux drawn for that."""
_SEED = (0x7265, 0x67617264, 2)


@dataclass(frozen=True, slots=True)
class ExpectationLine:
    """One expectation for one screen.

    Attributes:
        round: that is screened.
        text: what is expected, for people.
        spread: robust standard deviation within communes, on the scale of the arc sine.
        named: bureaux of the real results that are named.
        caught: share of the drawn bureaux that are named once votes are moved, by `MOVED`.
    """

    round: int
    text: Text
    spread: float
    named: int
    caught: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class ExpectedShares:
    """All of them; ``bureaux`` were compared, ``against_nation`` is the share of them that differ from the nation."""

    bureaux: int
    shifted: int
    moved: tuple[int, ...]
    against_nation: Fraction
    lines: tuple[ExpectationLine, ...]


class _Round:
    """Votes of one round in the bureaux that both have, in one order; ``labels`` are its choices."""

    def __init__(self, path: Path) -> None:
        table = read_all(path)[0]
        self.labels = table.labels
        self.key = np.strings.add(np.strings.add(table.insee, "/"), table.bureau)
        self.commune = table.insee
        self.votes = np.zeros((len(table.row), len(table.labels)), np.int64)
        self.votes[table.vote_unit, table.vote_label] = table.votes
        self.found, self.blank = table.counts["votes_found"], table.counts["blank"]

    def keep(self, units: Ints) -> None:
        """Leave out all other bureaux."""
        self.key, self.commune, self.votes = self.key[units], self.commune[units], self.votes[units]
        self.found, self.blank = self.found[units], self.blank[units]

    def share(self, label: str) -> Floats:
        """On the scale of the arc sine."""
        return _scaled(self.votes[:, self.labels.index(label)], self.votes.sum(axis=1))


def _scaled(part: Ints, whole: Ints) -> Floats:
    return np.asarray(np.arcsin(np.sqrt((part + 0.375) / (whole + 0.75))), np.float64)


def measure_expectations(first: Path, second: Path) -> ExpectedShares:
    """Measure on the two rounds of one election by bureau."""
    rounds = _Round(first), _Round(second)
    _, here, there = np.intersect1d(rounds[0].key, rounds[1].key, return_indices=True)
    rounds[0].keep(here)
    rounds[1].keep(there)
    limits = Thresholds()
    enough = np.all([each.votes.sum(axis=1) >= limits.screen_votes for each in rounds], axis=0)
    group = np.unique(rounds[0].commune, return_inverse=True)[1]
    sizes = np.bincount(group[enough], minlength=int(group.max()) + 1)
    units = np.flatnonzero(enough & (sizes[group] >= least_group(limits.screen_bureaux)))
    for each in rounds:
        each.keep(units)
    group = np.asarray(np.unique(rounds[0].commune, return_inverse=True)[1], np.int64)
    return ExpectedShares(
        len(units), SHIFTED, MOVED, _against_nation(rounds[1], "MACRON"), tuple(_lines(rounds, group, limits))
    )


def _against_nation(of: _Round, label: str) -> Fraction:
    """Share of the bureaux that are named where the exact result of the nation is expected of each; Bonferroni."""
    valid, votes = of.votes.sum(axis=1), of.votes[:, of.labels.index(label)]
    nation = float(np.arcsin(np.sqrt(votes.sum() / valid.sum())))
    away = np.abs(_scaled(votes, valid) - nation) * 2 * np.sqrt(valid + 0.5)
    return Fraction(int((away > NormalDist().inv_cdf(1 - 0.025 / len(away))).sum()), len(away))


def _lines(rounds: tuple[_Round, _Round], group: Ints, limits: Thresholds) -> Iterator[ExpectationLine]:
    one, two = rounds
    for number, of, other, label, told in (
        (1, one, two, "MÉLENCHON", ("MACRON",)),
        (1, one, two, "LE PEN", ("MACRON",)),
        (2, two, one, "MACRON", ("MACRON",)),
        (2, two, one, "MACRON", ("LE PEN",)),
        (2, two, one, "MACRON", one.labels),
    ):
        votes, valid = of.votes[:, of.labels.index(label)], of.votes.sum(axis=1)
        values = _scaled(votes, valid)
        before = np.stack([other.share(each) for each in told], axis=1)
        alone = told in (("MACRON",),)
        if alone:
            text: Message = msg("{choice}: the commune alone", choice=label)
            yield _line(limits, number, text, values, votes, valid, group)
        what = msg("all choices") if len(told) > 1 else told[0]
        text = msg("{choice}: its own share of {other} in the other round", choice=label, other=what)
        left = values - expected(values, before, group)
        yield _line(limits, number, text, left, votes, valid, group)
    values = _scaled(two.blank, two.found)
    before = _scaled(one.blank, one.found)[:, None]
    text = msg("blank votes: the commune alone")
    yield _line(limits, 2, text, values, two.blank, two.found, group)
    text = msg("blank votes: its own share in the other round")
    yield _line(limits, 2, text, values - expected(values, before, group), two.blank, two.found, group)


def _line(
    limits: Thresholds, number: int, text: Text, values: Floats, part: Ints, whole: Ints, group: Ints
) -> ExpectationLine:
    noise: Floats = 0.5 / np.sqrt(whole + 0.5)

    def named(given: Floats) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
        found = scores(given, group, noise, limits.screen_bureaux, limits.screen_spread_percent)
        return significant(found, limits.screen_one_in)

    random = np.random.default_rng(np.random.SeedSequence(_SEED))
    drawn = random.choice(len(values), min(SHIFTED, len(values)), replace=False)
    caught = []
    for moved in MOVED:
        left = np.maximum(part[drawn] - (whole[drawn] * moved + 50) // 100, 0)
        changed = values.copy()
        changed[drawn] += _scaled(left, whole[drawn]) - _scaled(part[drawn], whole[drawn])
        caught.append(float(named(changed)[drawn].mean()))
    return ExpectationLine(number, text, spread(values, group), int(named(values).sum()), tuple(caught))
