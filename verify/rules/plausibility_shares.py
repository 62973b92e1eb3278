"""P402 to P404: a bureau out of line with the other bureaux of its commune. It may have a good reason; most have one.

Shares are put on the scale on which chance weighs equally everywhere (the arc sine of the square root), held against
the median of the others, and corrected for the number of bureaux and choices looked at.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from verify.columns.screened import Screened, comparable, other_round, screened, votes_by_choice
from verify.model.evidence import Evidence
from verify.model.figures import Bools, Ints
from verify.model.findings import Finding, finding
from verify.model.holds import Side
from verify.model.thresholds import Thresholds
from verify.statistics.distributions import Floats
from verify.statistics.leave_one_out import Scores, scores, significant


def blanks(evidence: Evidence) -> Iterator[Finding]:
    """P402: the share of blank votes among the votes found."""
    counts = evidence.once(screened)
    blank, found = counts.blank, counts.found
    used = _enough(evidence, counts) & blank.known & (blank.values <= found.values)
    unit, poll = np.nonzero(used)
    whole = found.values[used]
    result = _of_shares(evidence.thresholds, blank.values[used], whole, evidence.once(comparable)[used])
    for row in np.flatnonzero(significant(result, evidence.thresholds.screen_one_in)).tolist():
        at = int(unit[row]), int(poll[row])
        left = Side(blank.places.text(*at), int(blank.values[at]))
        expected = _expected(result.middle[row], int(whole[row]))
        yield _finding(evidence, "P402", at, "blank", left, expected, result, row, {"votes": int(whole[row])})


def turnout(evidence: Evidence) -> Iterator[Finding]:
    """P403: the change of turnout since the other round."""
    counts, other = evidence.once(screened), evidence.once(other_round)
    if other is None:
        return
    least = max(evidence.thresholds.screen_votes, 1)
    used = counts.found.known & other.found.known
    used &= (counts.registered.values >= least) & (other.registered.values >= least)
    unit, poll = np.nonzero(used)
    registered = counts.registered.values[used]
    before = other.found.values[used] / other.registered.values[used]
    change = counts.found.values[used] / registered - before
    # one voter more or less is the least that a turnout can change by
    limits = evidence.thresholds.screen_bureaux, evidence.thresholds.screen_spread_percent
    result = scores(change, evidence.once(comparable)[used], 1 / registered, *limits)
    for row in np.flatnonzero(significant(result, evidence.thresholds.screen_one_in)).tolist():
        at = int(unit[row]), int(poll[row])
        left = Side(counts.found.places.text(*at), int(counts.found.values[at]))
        expected = round(float(before[row] + result.middle[row]) * int(registered[row]))
        details: dict[str, int | str] = {
            "registered": int(registered[row]),
            "other_voters": int(other.found.values[at]),
            "other_registered": int(other.registered.values[at]),
        }
        yield _finding(evidence, "P403", at, "votes_found", left, expected, result, row, details)


def choices(evidence: Evidence) -> Iterator[Finding]:
    """P404: a choice's share of the valid votes; of several in one bureau the one that is farthest out."""
    counts = evidence.once(screened)
    enough = _enough(evidence, counts) & (counts.valid.values > 0)
    rows: list[tuple[Ints, Ints, Ints]] = []
    results: list[Scores] = []
    by_choice, places = evidence.once(votes_by_choice)
    for choice in range(by_choice.shape[2]):
        votes = by_choice[:, :, choice]
        used = enough & (votes >= 0) & (votes <= counts.valid.values)
        unit, poll = np.nonzero(used)
        rows.append((unit, poll, np.full(len(unit), choice)))
        group = evidence.once(comparable)[used]
        results.append(_of_shares(evidence.thresholds, votes[used], counts.valid.values[used], group))
    unit, poll, label = (np.concatenate(parts) for parts in zip(*rows, strict=True))
    result = Scores(*(np.concatenate([getattr(one, name) for one in results]) for name in ("score", "middle", "size")))
    out = np.flatnonzero(significant(result, evidence.thresholds.screen_one_in))
    farthest = out[np.argsort(-np.abs(result.score[out]), kind="stable")]
    key = unit[farthest] * len(evidence.polls) + poll[farthest]
    _, first, several = np.unique(key, return_index=True, return_counts=True)
    for row, others in zip(farthest[first].tolist(), (several - 1).tolist(), strict=True):
        at = int(unit[row]), int(poll[row])
        choice, valid = int(label[row]), int(counts.valid.values[at])
        left = Side(places.text(*at, choice), int(by_choice[(*at, choice)]))
        details: dict[str, int | str] = {"valid": valid, "further": others}
        name = evidence.contests.label(*at, choice)
        yield _finding(evidence, "P404", at, name, left, _expected(result.middle[row], valid), result, row, details)


def _enough(evidence: Evidence, counts: Screened) -> Bools:
    """Bureaux whose shares mean something: enough votes, and not annulled."""
    return np.asarray((counts.found.values >= max(evidence.thresholds.screen_votes, 1)) & ~counts.annulled, np.bool_)


def _of_shares(thresholds: Thresholds, part: Ints, whole: Ints, group: Ints) -> Scores:
    share = np.arcsin(np.sqrt((part + 0.375) / (whole + 0.75)))
    noise: Floats = 0.5 / np.sqrt(whole + 0.5)
    return scores(share, group, noise, thresholds.screen_bureaux, thresholds.screen_spread_percent)


def _expected(middle: float, whole: int) -> int:
    """The votes that the others' middle share would give."""
    return round(float(np.sin(middle)) ** 2 * whole)


def _finding(
    evidence: Evidence,
    code: str,
    at: tuple[int, int],
    field: str,
    left: Side,
    expected: int,
    result: Scores,
    row: int,
    details: dict[str, int | str],
) -> Finding:
    universe, (unit, poll) = evidence.universe, at
    insee = str(universe.insee[unit])
    tenths = abs(round(10 * float(result.score[row])))
    return finding(
        code,
        left,
        Side(insee, expected),
        field=field,
        insee=insee,
        bureau=str(universe.bureau[unit]),
        poll=evidence.polls[poll],
        details={**details, "others": int(result.size[row]) - 1, "score": f"{tenths // 10}.{tenths % 10}"},
    )
