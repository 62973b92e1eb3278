"""P: screens. They say what is unusual in figures that may all be right: indications, never errors, always infos."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from verify.columns.needs import BothCounts, Limits, PaperPart, ScreenedCounts, ScreenedVotes, Universe
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
    voters = np.stack([counts.registered.values[used], found.values[used]], axis=1)
    rows = _repeated(np.column_stack([poll, voters]), np.arange(len(unit)))
    others = (counts.blank.values[used], counts.null.values[used], counts.valid.values[used])
    whole = np.column_stack([poll, voters, *others, votes[used]])
    rows = _repeated(whole[rows], rows)
    first = -1
    for row in rows[np.lexsort((rows, *whole[rows].T))].tolist():
        if first < 0 or (whole[row] != whole[first]).any():
            first = row
            continue
        ours, theirs = ((int(unit[each]), int(poll[each])) for each in (first, row))
        left, right = (Side(found.places.text(*at), int(found.values[at])) for at in (ours, theirs))
        other, registered = str(universe.key[ours[0]]), int(counts.registered.values[theirs])
        yield one(theirs, left, right, field="votes_found", other=other, registered=registered)


def _repeated(figures: Ints, rows: Ints) -> Ints:
    """Of ``rows``, those whose figures, shape ``(rows, k)``, are those of another row as well."""
    if not len(rows):
        return rows
    whole = np.ascontiguousarray(figures)
    each = whole.view(np.dtype((np.void, whole.itemsize * whole.shape[1]))).reshape(-1)
    _, inverse, uses = np.unique(each, return_inverse=True, return_counts=True)
    return rows[uses[inverse] > 1]


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
def many_nulls(counts: ScreenedCounts, limits: Limits) -> Where:
    """P412: many null votes in a bureau that does not count by machine."""
    null, found = counts.null, counts.found
    many = null.values * 100 > limits.null_percent * found.values
    enough = found.values >= max(limits.screen_votes, 1)
    return where(null.known & many & enough & ~counts.annulled & ~counts.machine, null, found)


@check("P415")
def nulls_by_machine(counts: ScreenedCounts, paper: PaperPart) -> Where:
    """P415: null votes in a bureau that counts by machine, which takes none."""
    mask = counts.machine & (counts.null.values > 0) & ~counts.annulled & (paper == 0)
    return where(mask, counts.null, counts.found)
