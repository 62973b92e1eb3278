"""P: screens. They say what is unusual in figures that may all be right: indications, never errors, always infos."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from verify.columns.needs import BothCounts, Limits, OnMachines, PaperPart, ScreenedCounts, ScreenedVotes, Universe
from verify.model.checks import check
from verify.model.figures import Figures, Ints, hits
from verify.model.holds import One, Side, Where, one, where


@check("P401")
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
    used &= (votes >= 0).any(axis=2)
    unit, poll = np.nonzero(used)
    voters = (counts.registered.values[used] << _COUNT_BITS) | found.values[used] | (poll << 2 * _COUNT_BITS)
    rows = _repeated(voters, np.arange(len(unit)))
    some = (counts.registered, found, counts.blank, counts.null, counts.valid)
    at = unit[rows], poll[rows]
    whole = np.column_stack([poll[rows], *(each.values[at] for each in some), votes[at]])
    again = _repeated(_as_one(whole), np.arange(len(rows)))
    again = again[np.lexsort((again, *whole[again].T))]
    rows, whole = rows[again], whole[again]
    first = -1
    for each in range(len(rows)):
        if first < 0 or (whole[each] != whole[first]).any():
            first = each
            continue
        ours, theirs = ((int(unit[row]), int(poll[row])) for row in (rows[first], rows[each]))
        left, right = (Side(found.places.text(*at), int(found.values[at])) for at in (ours, theirs))
        other, registered = str(universe.key[ours[0]]), int(counts.registered.values[theirs])
        yield one(theirs, left, right, field="votes_found", other=other, registered=registered)


_COUNT_BITS = 28
"""Counts are below 2**28, so that two of them and a poll are one whole number."""


def _as_one(figures: Ints) -> npt.NDArray[np.void]:
    """Each row of some figures, shape ``(rows, k)``, as one value."""
    whole = np.ascontiguousarray(figures)
    return whole.view(np.dtype((np.void, whole.itemsize * whole.shape[1]))).reshape(-1)


def _repeated(values: npt.NDArray[Any], rows: Ints) -> Ints:
    """Of ``rows``, those whose value is that of another row as well."""
    order = np.argsort(values)
    same = np.concatenate([[False], values[order[1:]] == values[order[:-1]], [False]])
    return np.sort(rows[order[same[1:] | same[:-1]]]) if len(rows) else rows


@check("P406")
def annulled(counts: ScreenedCounts) -> Where:
    """P406: votes were found and not one is valid. Their nulls are kept out of all screens."""
    return where(counts.annulled, counts.valid, counts.found)


@check("P407")
def everybody_voted(counts: ScreenedCounts, limits: Limits) -> Where:
    """P407: as many votes found as voters on the roll."""
    registered, found = counts.registered, counts.found
    enough = registered.values >= max(limits.screen_votes, 1)
    return where((registered.values == found.values) & enough, found, registered)


@check("P412")
def many_nulls(counts: ScreenedCounts, machine: OnMachines, limits: Limits) -> Where:
    """P412: many null votes in a bureau that does not count by machine."""
    null, found = counts.null, counts.found
    many = null.values * 100 > limits.null_percent * found.values
    enough = found.values >= max(limits.screen_votes, 1)
    return where(null.known & many & enough & ~counts.annulled & ~machine, null, found)


@check("P415")
def nulls_by_machine(counts: ScreenedCounts, machine: OnMachines, paper: PaperPart) -> Where:
    """P415: null votes in a bureau that counts by machine, which takes none."""
    mask = machine & (counts.null.values > 0) & ~counts.annulled & (paper == 0)
    return where(mask, counts.null, counts.found)
