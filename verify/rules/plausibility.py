"""P: screens. They say what is unusual in figures that may all be right: indications, never errors, always infos.

Shares are put on the scale on which chance weighs equally everywhere (the arc sine of the square root), held against
the median of the others of the commune, and corrected for the number of bureaux and choices looked at.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from protocol.quantities import Quantity
from verify.columns.needs import (
    BothCounts,
    ComparableBureaux,
    Contests,
    Limits,
    OnMachines,
    OtherRoundCounts,
    PaperPart,
    Polls,
    RequestedLimits,
    ScreenedCounts,
    ScreenedVotes,
    Universe,
)
from verify.model.checks import check
from verify.model.figures import Bools, Figures, Ints, hits
from verify.model.rule_results import Named, One, Side, Where, one, side_at, side_of, where
from verify.model.thresholds import Thresholds
from verify.statistics.distributions import Floats
from verify.statistics.leave_one_out import Scores, least_group, scores, significant


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
    votes = by_choice.values
    used = counts.registered.known & (found.values >= max(limits.screen_votes, 1)) & ~counts.annulled
    used &= (votes >= 0).any(axis=2)
    unit, poll = np.nonzero(used)
    figures = (counts.registered, found, counts.blank, counts.null, counts.valid)
    whole = np.column_stack([poll, *(each.values[used] for each in figures), votes[used]])
    as_bytes = whole.view(np.dtype((np.void, whole.itemsize * whole.shape[1]))).ravel()
    _, of, times = np.unique(as_bytes, return_inverse=True, return_counts=True)
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
        other, on_roll = str(universe.key[ours[0]]).lstrip("/"), int(counts.registered.values[theirs])
        yield one(theirs, left, right, field="votes_found", other=other, registered=on_roll)


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


_AT_ONCE = 2**16
"""Shares of so many choices at once as are that many: more would take more memory, and no less time."""


@check("P402")
def blanks(
    counts: ScreenedCounts, comparable: ComparableBureaux, universe: Universe, limits: RequestedLimits
) -> Iterator[One]:
    """P402: the share of blank votes among the votes found."""
    blank, found = counts.blank, counts.found
    used = _enough(counts, comparable, limits) & blank.known & (blank.values <= found.values)
    unit, poll = np.nonzero(used)
    whole = found.values[used]
    result = _of_shares(limits, blank.values[used], whole, comparable[used])
    for row in np.flatnonzero(significant(result, limits.screen_one_in)).tolist():
        at, votes = (int(unit[row]), int(poll[row])), int(whole[row])
        left, right = side_of(blank, *at), _expected(result.middle[row], votes)
        others, score = _others(result, row), _score(result, row)
        yield one(at, left, _of_commune(universe, at, right), field="blank", votes=votes, others=others, score=score)


@check("P403")
def turnout(
    counts: ScreenedCounts,
    other: OtherRoundCounts,
    comparable: ComparableBureaux,
    universe: Universe,
    limits: RequestedLimits,
) -> Iterator[One]:
    """P403: the change of turnout since the other round."""
    least = max(limits.screen_votes, 1)
    used = counts.found.known & other.found.known
    used &= (counts.registered.values >= least) & (other.registered.values >= least)
    unit, poll = np.nonzero(used)
    registered = counts.registered.values[used]
    before = other.found.values[used] / other.registered.values[used]
    change = counts.found.values[used] / registered - before
    # one voter more or less is the least that a turnout can change by
    bounds = limits.screen_bureaux, limits.screen_spread_percent
    result = scores(change, comparable[used], 1 / registered, *bounds)
    for row in np.flatnonzero(significant(result, limits.screen_one_in)).tolist():
        at = int(unit[row]), int(poll[row])
        expected = round(float(before[row] + result.middle[row]) * int(registered[row]))
        yield one(
            at,
            side_of(counts.found, *at),
            _of_commune(universe, at, expected),
            field="votes_found",
            registered=int(registered[row]),
            other_voters=int(other.found.values[at]),
            other_registered=int(other.registered.values[at]),
            others=_others(result, row),
            score=_score(result, row),
        )


@check("P404")
def choices(
    counts: ScreenedCounts,
    votes: ScreenedVotes,
    comparable: ComparableBureaux,
    universe: Universe,
    contests: Contests,
    limits: RequestedLimits,
) -> Iterator[One]:
    """P404: a choice's share of the valid votes; of several in one bureau the one that is farthest out."""
    unit, poll, label, result = _shares_of_choices(counts, votes.values, comparable, limits)
    out = np.flatnonzero(significant(result, limits.screen_one_in))
    farthest = out[np.argsort(-np.abs(result.score[out]), kind="stable")]
    key = unit[farthest] * counts.found.values.shape[1] + poll[farthest]
    _, first, several = np.unique(key, return_index=True, return_counts=True)
    for row, others in zip(farthest[first].tolist(), (several - 1).tolist(), strict=True):
        at = int(unit[row]), int(poll[row])
        choice, valid = int(label[row]), int(counts.valid.values[at])
        yield one(
            at,
            side_of(votes, *at, choice),
            _of_commune(universe, at, _expected(result.middle[row], valid), Quantity.VOTES),
            field=contests.label(*at, choice),
            valid=valid,
            further=others,
            others=_others(result, row),
            score=_score(result, row),
        )


def _shares_of_choices(
    counts: ScreenedCounts, by_choice: Ints, comparable: Ints, limits: Thresholds
) -> tuple[Ints, Ints, Ints, Scores]:
    """Unit, poll and choice of each share that means something, and how far out of line it is."""
    enough = _enough(counts, comparable, limits) & (counts.valid.values > 0)
    units, groups = np.flatnonzero(enough.any(axis=1)), int(comparable.max(initial=-1)) + 1
    enough, comparable, by_choice = enough[units], comparable[units], by_choice[units]
    valid = counts.valid.values[units]
    rows: list[tuple[Ints, Ints, Ints]] = []
    results: list[Scores] = []
    some = max(1, _AT_ONCE // max(valid.size, 1))
    for start in range(0, by_choice.shape[2], some):
        votes = by_choice[:, :, start : start + some].transpose(2, 0, 1)
        at = np.flatnonzero(enough & (votes >= 0) & (votes <= valid))
        choice, cell = np.divmod(at, valid.size)
        unit, poll = np.divmod(cell, valid.shape[1])
        rows.append((units[unit], poll, start + choice))
        group = choice * groups + comparable.ravel()[cell]
        kind = np.repeat(np.arange(len(votes)), groups)
        results.append(_of_shares(limits, votes.ravel()[at], valid.ravel()[cell], group, kind))
    unit, poll, label = (np.concatenate(parts) for parts in zip(*rows, strict=True))
    result = Scores(*(np.concatenate([getattr(one, name) for one in results]) for name in ("score", "middle", "size")))
    return unit, poll, label, result


def _enough(counts: ScreenedCounts, comparable: ComparableBureaux, limits: Thresholds) -> Bools:
    """Bureaux whose shares mean something: enough votes, not annulled, and of a group that is large enough."""
    enough = (counts.found.values >= max(limits.screen_votes, 1)) & ~counts.annulled
    sizes = np.bincount(comparable[enough], minlength=int(comparable.max(initial=-1)) + 1)
    return np.asarray(enough & (sizes >= least_group(limits.screen_bureaux))[comparable], np.bool_)


def _of_shares(thresholds: Thresholds, part: Ints, whole: Ints, group: Ints, kind: Ints | None = None) -> Scores:
    share = np.arcsin(np.sqrt((part + 0.375) / (whole + 0.75)))
    noise: Floats = 0.5 / np.sqrt(whole + 0.5)
    return scores(share, group, noise, thresholds.screen_bureaux, thresholds.screen_spread_percent, kind)


def _expected(middle: float, whole: int) -> int:
    """The votes that the others' middle share would give."""
    return round(float(np.sin(middle)) ** 2 * whole)


def _of_commune(universe: Universe, at: tuple[int, int], expected: int, quantity: str = "") -> Side:
    return Side(str(universe.insee[at[0]]), expected, quantity)


def _others(result: Scores, row: int) -> int:
    """Number of others that a bureau is compared with."""
    return int(result.size[row]) - 1


def _score(result: Scores, row: int) -> str:
    """Distance from the others, in tenths of the usual one."""
    tenths = abs(round(10 * float(result.score[row])))
    return f"{tenths // 10}.{tenths % 10}"


@check("P409")
def no_null_votes(
    counts: ScreenedCounts,
    other: OtherRoundCounts,
    on_machines: OnMachines,
    universe: Universe,
    polls: Polls,
    limits: Limits,
) -> Iterator[One]:
    """P409: in two rounds not one null vote in a commune that is not known to count by machine."""
    communes, number = universe.insee[universe.communes], universe.commune_number
    first = universe.communes
    machine = np.bincount(number, on_machines.any(axis=1), len(communes)) > 0
    for poll, scrutin in enumerate(polls):
        rounds = [(each.null, each.found, ~each.annulled[:, poll]) for each in (counts, other)]
        unknown = sum(_sum(number, ~(null.known & found.known)[:, poll]) for null, found, _ in rounds)
        null = sum(_sum(number, null.values[:, poll] * used) for null, _, used in rounds)
        votes, other_votes = (_sum(number, found.values[:, poll] * used) for _, found, used in rounds)
        enough = votes + other_votes >= limits.no_null_votes
        for commune in np.flatnonzero((unknown == 0) & (null == 0) & enough & ~machine).tolist():
            at = int(first[commune]), poll
            left = side_at(counts.null, *at, value=0, quantity="null in all")
            right = side_at(counts.found, *at, value=int(votes[commune]), quantity="votes_found in all")
            place = Named(str(communes[commune]), poll=scrutin)
            yield one(place, left, right, field="null", other_votes=int(other_votes[commune]))


def _sum(number: Ints, values: np.ndarray[tuple[int, ...], np.dtype[np.generic]]) -> Ints:
    """Sums by commune; exact, as counts are below 2**28 and sums of them below 2**53."""
    return np.asarray(np.bincount(number, values.astype(np.float64)), np.int64)


@check("P411")
def rolls_jumped(counts: ScreenedCounts, other: OtherRoundCounts, limits: Limits) -> Where:
    """P411: a roll that jumped between rounds."""
    now, before = counts.registered, other.registered
    change = _change(now, before)
    jumped = _far(change, limits) & (change * 100 > limits.registered_jump_percent * before.values)
    return where(jumped, now, before)


@check("P413")
def rolls_exchanged(
    counts: ScreenedCounts, other: OtherRoundCounts, universe: Universe, limits: Limits
) -> Iterator[One]:
    """P413: two bureaux of a commune that each have the roll which the other, and no third one, had before."""
    now, before = counts.registered, other.registered
    moves: dict[tuple[str, int, int, int], list[tuple[int, int]]] = {}
    for unit, poll in np.argwhere(_far(_change(now, before), limits)).tolist():
        key = str(universe.insee[unit]), poll, int(before.values[unit, poll]), int(now.values[unit, poll])
        moves.setdefault(key, []).append((unit, poll))
    for (insee, poll, old, new), here in moves.items():
        there = moves.get((insee, poll, new, old), [])
        if len(here) == len(there) == 1 and here < there:
            left, right = (side_of(now, *at) for at in (here[0], there[0]))
            yield one(here[0], left, right, field="registered", other=str(universe.bureau[there[0][0]]))


def _change(now: Figures, before: Figures) -> Ints:
    return np.where(now.known & before.known, np.abs(now.values - before.values), 0)


def _far(change: Ints, limits: Limits) -> Bools:
    return np.asarray((change >= limits.registered_jump) & (change > 0), np.bool_)


@check("P414")
def written_over(counts: ScreenedCounts, other: OtherRoundCounts, limits: Limits) -> Iterator[Where]:
    """P414: the voters on the roll of one round are the votes found in the other, though the roll had moved.

    Where everybody voted in both rounds the roll has not moved: nothing tells that a figure was written over.
    """
    least = max(limits.screen_votes, 1)
    now, before = counts.registered, other.registered
    moved = (now.values != before.values) & before.known & now.known
    here = moved & (now.values == other.found.values)
    yield where(here & (now.values >= least), now, other.found)
    there = moved & (before.values == counts.found.values)
    yield where(there & (before.values >= least), counts.found, before)
