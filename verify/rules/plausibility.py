"""P: screens. They say what is unusual in figures that may all be right: indications, never errors, always infos."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from verify.columns.needs import BothCounts, Limits, OnMachines, PaperPart, ScreenedCounts, ScreenedVotes, Universe
from verify.model.checks import Reach, check
from verify.model.figures import MISSING, Figures, Ints, hits
from verify.model.holds import One, Where, one, side_of, where
from verify.model.joins import among


@check("P401", reach=Reach.COMMUNE)
def gap_sizes(counts: BothCounts, limits: Limits) -> Iterator[Where]:
    """P401: a gap between votes found and signatures that is large by the measures of the studies."""
    for signed, found in counts:
        known = signed.known & found.known
        gap = np.where(known, np.abs(found.values - signed.values), 0)
        at = hits(gap != 0)  # where there is none, there is nothing to measure
        size, votes = gap[at], found.values[at]
        passed = {
            f"> {limits.gap_permille} ‰": size * 1000 > limits.gap_permille * votes,
            f"> {limits.gap_permille_large} ‰": size * 1000 > limits.gap_permille_large * votes,
            f"≥ {limits.gap_percent} %": size * 100 >= limits.gap_percent * votes,
            f"≥ {limits.gap_votes}": size >= limits.gap_votes,
        }
        large = np.logical_or.reduce(list(passed.values()))
        mask = np.zeros(gap.shape, np.bool_)
        mask[at] = large
        which = np.add.reduce([here[large] << place for place, here in enumerate(passed.values())])
        texts = [
            ", ".join(name for place, name in enumerate(passed) if several >> place & 1)
            for several in range(1 << len(passed))
        ]
        measures = [texts[each] for each in which.tolist()]
        yield where(mask, signed, found, gap=Figures("gap", gap, found.places), measures=measures)


@check("P405")
def alike(counts: ScreenedCounts, by_choice: ScreenedVotes, universe: Universe, limits: Limits) -> Iterator[One]:
    """P405: two bureaux with all figures alike, the roll included."""
    found = counts.found
    used = counts.registered.known & (found.values >= max(limits.screen_votes, 1)) & ~counts.annulled
    votes, _ = by_choice
    if votes.max(initial=MISSING) < 0:  # no votes by choice
        return
    registered = counts.registered.values
    rows = np.flatnonzero(used)[_repeated(_mixed(votes, registered, found.values)[used])]
    unit, poll = np.divmod(rows, used.shape[1])
    some = (votes[unit, poll] >= 0).any(axis=1)
    unit, poll = unit[some], poll[some]
    figures = (counts.registered, found, counts.blank, counts.null, counts.valid)
    whole = np.column_stack([poll, *(each.values[unit, poll] for each in figures), votes[unit, poll]])
    _, of, times = np.unique(_as_one(whole), return_inverse=True, return_counts=True)
    again = np.flatnonzero(times[of] > 1)
    again = again[np.lexsort((again, *whole[again].T))]
    unit, poll, whole = unit[again], poll[again], whole[again]
    first = -1
    for each in range(len(whole)):
        if first < 0 or (whole[each] != whole[first]).any():
            first = each
            continue
        ours, theirs = ((int(unit[row]), int(poll[row])) for row in (first, each))
        left, right = (side_of(found, *at) for at in (ours, theirs))
        other, on_roll = str(universe.key[ours[0]]), int(registered[theirs])
        yield one(theirs, left, right, field="votes_found", other=other, registered=on_roll)


def _mixed(votes: Ints, *counts: Ints) -> Ints:
    """Of each bureau and poll one whole number: the same of the same figures, and hardly ever of others."""
    weights = np.cumprod(np.full(votes.shape[2] + len(counts), _ODD, np.uint64), dtype=np.uint64).view(np.int64)
    mixed = votes @ weights[: votes.shape[2]]  # what goes beyond 64 bits is left out, exactly alike everywhere
    for weight, values in zip(weights[votes.shape[2] :], counts, strict=True):
        mixed += values * weight
    return np.asarray(mixed, np.int64)


_ODD = 0x9E3779B97F4A7C15
"""Its powers are spread over all bits."""


def _as_one(figures: Ints) -> npt.NDArray[np.void]:
    """Each row of some figures, shape ``(rows, k)``, as one value."""
    whole = np.ascontiguousarray(figures)
    return whole.view(np.dtype((np.void, whole.itemsize * whole.shape[1]))).reshape(-1)


_LOW = (1 << 18) - 1
"""Bits by which most numbers of a nation are told apart."""


def _repeated(numbers: Ints) -> Ints:
    """The rows whose number is that of another row as well."""
    low = numbers & _LOW
    rows = np.flatnonzero(np.bincount(low)[low] > 1)  # few are left to be put in order
    ordered = np.sort(numbers[rows])
    return rows[among(numbers[rows], ordered[1:][ordered[1:] == ordered[:-1]])]


@check("P406", reach=Reach.COMMUNE)
def annulled(counts: ScreenedCounts) -> Where:
    """P406: votes were found and not one is valid. Their nulls are kept out of all screens."""
    return where(counts.annulled, counts.valid, counts.found)


@check("P407", reach=Reach.COMMUNE)
def everybody_voted(counts: ScreenedCounts, limits: Limits) -> Where:
    """P407: as many votes found as voters on the roll."""
    registered, found = counts.registered, counts.found
    enough = registered.values >= max(limits.screen_votes, 1)
    return where((registered.values == found.values) & enough, found, registered)


@check("P412", reach=Reach.COMMUNE)
def many_nulls(counts: ScreenedCounts, machine: OnMachines, limits: Limits) -> Where:
    """P412: many null votes in a bureau that does not count by machine."""
    null, found = counts.null, counts.found
    many = null.values * 100 > limits.null_percent * found.values
    enough = found.values >= max(limits.screen_votes, 1)
    return where(null.known & many & enough & ~counts.annulled & ~machine, null, found)


@check("P415", reach=Reach.COMMUNE)
def nulls_by_machine(counts: ScreenedCounts, machine: OnMachines, paper: PaperPart) -> Where:
    """P415: null votes in a bureau that counts by machine, which takes none."""
    mask = machine & (counts.null.values > 0) & ~counts.annulled & (paper == 0)
    return where(mask, counts.null, counts.found)
