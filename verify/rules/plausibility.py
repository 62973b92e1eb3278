"""P: screens. They say what is unusual in figures that may all be right: indications, never errors, always infos."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from verify.columns.counts import both_counts
from verify.columns.day_parts import paper_part
from verify.columns.screened import screened, votes_by_choice
from verify.model.evidence import Evidence
from verify.model.figures import Figures, Ints, hits
from verify.model.findings import Checks, Finding, Found, finding, where
from verify.model.holds import Side
from verify.rules import plausibility_rates, plausibility_rounds, plausibility_shares


def gap_sizes(evidence: Evidence) -> Iterator[Found]:
    """P401: a gap between votes found and signatures that is large by the measures of the studies."""
    limits = evidence.thresholds
    for signed, found in both_counts(evidence):
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
        measures = [
            ", ".join(name for name, here in passed.items() if here[row]) for row in np.flatnonzero(large).tolist()
        ]
        details: dict[str, Figures | list[str]] = {"gap": Figures("gap", gap, found.places), "measures": measures}
        yield from where(evidence, "P401", mask, signed, found, details=details)


def alike(evidence: Evidence) -> Iterator[Finding]:
    """P405: two bureaux with all figures alike, the roll included."""
    counts = evidence.once(screened)
    found = counts.found
    used = counts.registered.known & (found.values >= max(evidence.thresholds.screen_votes, 1)) & ~counts.annulled
    votes, _ = evidence.once(votes_by_choice)
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
        one, other = (int(unit[first]), int(poll[first])), (int(unit[row]), int(poll[row]))
        yield finding(
            "P405",
            Side(found.places.text(*one), int(found.values[one])),
            Side(found.places.text(*other), int(found.values[other])),
            field="votes_found",
            insee=str(evidence.universe.insee[other[0]]),
            bureau=str(evidence.universe.bureau[other[0]]),
            poll=evidence.polls[other[1]],
            details={
                "other": str(evidence.universe.key[one[0]]),
                "registered": int(counts.registered.values[other]),
            },
        )


def _repeated(figures: Ints, rows: Ints) -> Ints:
    """Of ``rows``, those whose figures, shape ``(rows, k)``, are those of another row as well."""
    if not len(rows):
        return rows
    _, inverse, uses = np.unique(figures, axis=0, return_inverse=True, return_counts=True)
    return rows[uses[inverse] > 1]


def annulled(evidence: Evidence) -> Iterator[Found]:
    """P406: votes were found and not one is valid. Their nulls are kept out of all screens."""
    counts = evidence.once(screened)
    yield from where(evidence, "P406", counts.annulled, counts.valid, counts.found)


def everybody_voted(evidence: Evidence) -> Iterator[Found]:
    """P407: as many votes found as voters on the roll."""
    counts = evidence.once(screened)
    registered, found = counts.registered, counts.found
    mask = (registered.values == found.values) & (registered.values >= max(evidence.thresholds.screen_votes, 1))
    yield from where(evidence, "P407", mask, found, registered)


def many_nulls(evidence: Evidence) -> Iterator[Found]:
    """P412: many null votes in a bureau that does not count by machine."""
    counts = evidence.once(screened)
    null, found = counts.null, counts.found
    many = null.values * 100 > evidence.thresholds.null_percent * found.values
    enough = found.values >= max(evidence.thresholds.screen_votes, 1)
    mask = null.known & many & enough & ~counts.annulled & ~counts.machine
    yield from where(evidence, "P412", mask, null, found)


def nulls_by_machine(evidence: Evidence) -> Iterator[Found]:
    """P415: null votes in a bureau that counts by machine, which takes none. In a PV it is R209."""
    counts = evidence.once(screened)
    mask = counts.machine & (counts.null.values > 0) & ~counts.annulled & (paper_part(evidence) == 0)
    yield from where(evidence, "P415", mask, counts.null, counts.found)


CHECKS: Checks = {
    gap_sizes: ("P401",),
    plausibility_shares.blanks: ("P402",),
    plausibility_shares.turnout: ("P403",),
    plausibility_shares.choices: ("P404",),
    alike: ("P405",),
    annulled: ("P406",),
    everybody_voted: ("P407",),
    plausibility_rates.too_good: ("P408",),
    plausibility_rounds.no_null_votes: ("P409",),
    plausibility_rates.last_digits: ("P410",),
    plausibility_rounds.rolls: ("P411", "P413"),
    many_nulls: ("P412",),
    plausibility_rounds.written_over: ("P414",),
    nulls_by_machine: ("P415",),
}
