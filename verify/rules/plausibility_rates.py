"""P408, P410: what is unlikely about many bureaux together: not a single gap, or last digits that are not even."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from verify.columns.needs import CountsOfTheDay, Limits, OnMachines, Polls, ScreenedVotes, Universe
from verify.model.checks import check
from verify.model.figures import Bools, Ints
from verify.model.holds import Named, One, Side, one, side_at
from verify.model.thresholds import Thresholds
from verify.statistics.clusters import chance_of_none, correlation
from verify.statistics.distributions import digits_tail, holm

_DIGITS = 10


@check("P408")
def too_good(
    compared: CountsOfTheDay, machine: OnMachines, universe: Universe, polls: Polls, limits: Limits
) -> Iterator[One]:
    """P408: a commune with many machine bureaux and not one gap, where others have them."""
    signed, found = compared
    both = signed.known & found.known & machine
    communes, number = universe.insee[universe.communes], universe.commune_number
    for poll, scrutin in enumerate(polls):
        used = both[:, poll]
        bureaux = np.bincount(number[used], minlength=len(communes))
        gaps = np.bincount(number[used & (found.values != signed.values)[:, poll]], minlength=len(communes))
        without = np.flatnonzero((gaps == 0) & (bureaux >= max(limits.too_good_bureaux, 1)))
        chances = [_chance(limits, gaps, bureaux, commune) for commune in without.tolist()]
        looked_at = [row for row, chance in enumerate(chances) if chance is not None]
        tails = np.array([float(chance[0]) for chance in chances if chance is not None])
        # every commune of that size could have been the one without a gap
        tests = int((bureaux >= max(limits.too_good_bureaux, 1)).sum())
        for row in np.array(looked_at, np.int64)[holm(tails, max(limits.screen_one_in, 1), tests)].tolist():
            commune, chance = int(without[row]), chances[row]
            unit = int(np.flatnonzero(used & (number == commune))[0])
            if chance is not None:
                left = side_at(signed, unit, poll, value=0, quantity="gap")
                right = side_at(found, unit, poll, value=int(bureaux[commune]), quantity="bureaux")
                rate, one_in = round(1000 * chance[1]), round(1 / chance[0])
                at = Named(str(communes[commune]), poll=scrutin)
                yield one(at, left, right, field="signatures", rate=rate, one_in=one_in)


def _chance(limits: Thresholds, gaps: Ints, bureaux: Ints, commune: int) -> tuple[Fraction, Fraction] | None:
    """The chance of not one gap in a commune, and the rate that it rests on; None where there is nothing to go by."""
    alike = Fraction(min(limits.gap_correlation_permille, 999), 1000)
    rate = Fraction(min(limits.gap_rate_permille, 1000), 1000)
    if not rate:
        elsewhere = bureaux > 0
        elsewhere[commune] = False
        if int(elsewhere.sum()) < max(limits.too_good_communes, 1):
            return None
        rate = Fraction(int(gaps[elsewhere].sum()), int(bureaux[elsewhere].sum()))
        alike = max(alike, correlation(gaps[elsewhere], bureaux[elsewhere]))
    if not rate:
        return None
    return chance_of_none(int(bureaux[commune]), rate, alike), rate


@check("P410")
def last_digits(by_choice: ScreenedVotes, universe: Universe, polls: Polls, limits: Limits) -> Iterator[One]:
    """P410: the last digits of a commune's votes by choice are not even.

    Not for wider areas: counts thin out as they grow, which makes small digits a little more frequent, and ten
    thousand figures are enough to show it.
    """
    votes, places = by_choice
    communes, number, figures_at_least = universe.insee[universe.communes], universe.commune_number, _figures(limits)
    several = np.flatnonzero(np.bincount(number)[number] * votes.shape[2] >= figures_at_least)  # bureaux that can do
    for poll, scrutin in enumerate(polls):
        row, choice = np.nonzero(votes[several, poll] >= max(limits.digit_least, _DIGITS))
        unit = several[row]
        digit = votes[unit, poll, choice] % _DIGITS
        seen = np.bincount(number[unit] * _DIGITS + digit, minlength=len(communes) * _DIGITS).reshape(-1, _DIGITS)
        total = seen.sum(axis=1)
        tested = np.flatnonzero(total >= figures_at_least)
        # the sum of (seen - total / 10) ** 2 / (total / 10), in whole numbers up to the last division
        squares = ((_DIGITS * seen[tested] - total[tested][:, None]) ** 2).sum(axis=1)
        tails = np.array([digits_tail(s / (_DIGITS * t)) for s, t in zip(squares, total[tested], strict=True)])
        for row in np.flatnonzero(_uneven(tails, limits)).tolist():
            commune = int(tested[row])
            most, figures = int(np.argmax(seen[commune])), int(total[commune])
            first = int(np.flatnonzero(number[unit] == commune)[0])
            at_first = int(unit[first]), poll, int(choice[first])
            left = Side(places.text(*at_first), int(seen[commune, most]), "last digits", places.piece(*at_first))
            right = Side(str(communes[commune]), round(figures / _DIGITS), "last digits")
            at, one_in = Named(str(communes[commune]), poll=scrutin), _one_in(tails[row])
            yield one(at, left, right, field="votes", digit=most, figures=figures, one_in=one_in)


def _figures(limits: Thresholds) -> int:
    """Figures that a commune needs for their last digits to be looked at."""
    return max(limits.digit_figures, _DIGITS)


def _uneven(tails: np.ndarray[tuple[int, ...], np.dtype[np.float64]], limits: Thresholds) -> Bools:
    return holm(tails, max(limits.screen_one_in, 1)) if len(tails) else np.zeros(0, np.bool_)


def _one_in(tail: float) -> int:
    return min(round(1 / max(tail, 1e-9)), 10**9)
