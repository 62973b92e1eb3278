"""P: screens. They say what is unusual in figures that may all be right: indications, never errors, always infos."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from verify.evidence import Evidence
from verify.figures import Figures, Ints
from verify.findings import Finding, Side, finding, hits, where
from verify.rules import plausibility_rates, plausibility_rounds, plausibility_shares, reconciliation
from verify.rules.completeness import paper_part
from verify.rules.screened import Screened, other_round, screened


def screens(evidence: Evidence) -> Iterator[Finding]:
    """All screens; the figures that they look at are put together once."""
    counts, other = screened(evidence), other_round(evidence)
    yield from gap_sizes(evidence)
    yield from plausibility_shares.blanks(evidence, counts)
    yield from plausibility_shares.turnout(evidence, counts, other)
    yield from plausibility_shares.choices(evidence, counts)
    yield from alike(evidence, counts)
    yield from annulled(evidence, counts)
    yield from everybody_voted(evidence, counts)
    yield from plausibility_rates.too_good(evidence)
    yield from plausibility_rounds.no_null_votes(evidence, counts, other)
    yield from plausibility_rates.last_digits(evidence, counts)
    yield from plausibility_rounds.rolls(evidence, counts, other)
    yield from many_nulls(evidence, counts)
    yield from plausibility_rounds.written_over(evidence, counts, other)
    yield from nulls_by_machine(evidence, counts)


def gap_sizes(evidence: Evidence) -> Iterator[Finding]:
    """P401: a gap between votes found and signatures that is large by the measures of the studies."""
    limits = evidence.thresholds
    for signed, found in both_counts(evidence):
        known = signed.known & found.known
        gap = np.where(known, np.abs(found.values - signed.values), 0)
        votes = np.where(known, found.values, 0)
        passed = {
            f"> {limits.gap_permille} ‰": gap * 1000 > limits.gap_permille * votes,
            f"> {limits.gap_permille_large} ‰": gap * 1000 > limits.gap_permille_large * votes,
            f"≥ {limits.gap_percent} %": (gap * 100 >= limits.gap_percent * votes) & (gap > 0),
            f"≥ {limits.gap_votes}": (gap >= limits.gap_votes) & (gap > 0),
        }
        mask = np.logical_or.reduce(list(passed.values()))
        size = Figures("gap", gap, found.places)
        large = where(evidence, "P401", mask, signed, found, details={"gap": size})
        for one, unit, poll in zip(large, *hits(mask), strict=True):
            one.details["measures"] = ", ".join(name for name, here in passed.items() if here[unit, poll])
            yield one


def both_counts(evidence: Evidence) -> Iterator[tuple[Figures, Figures]]:
    """Signatures and votes found of the same bureaux: the evidence's own, and those of each file that has both."""
    signed, found = reconciliation.signatures(evidence), reconciliation.votes_found(evidence)
    if signed is not None and found is not None:
        yield signed, found
    for lines in evidence.published:
        signatures, votes = lines.counted["signatures"], lines.counted["votes_found"]
        same = found is not None and f"{lines.published.file}:" in found.places.files
        if (signatures.known & votes.known).any() and not same:  # it stands for the PVs as well: see above
            yield signatures, votes


def alike(evidence: Evidence, counts: Screened) -> Iterator[Finding]:
    """P405: two bureaux with all figures alike, the roll included."""
    found = counts.found
    used = counts.registered.known & (found.values >= max(evidence.thresholds.screen_votes, 1)) & ~counts.annulled
    used &= (counts.votes >= 0).any(axis=2)
    unit, poll = np.nonzero(used)
    voters = np.stack([counts.registered.values[used], found.values[used]], axis=1)
    rows = _repeated(np.column_stack([poll, voters]), np.arange(len(unit)))
    others = (counts.blank.values[used], counts.null.values[used], counts.valid.values[used])
    whole = np.column_stack([poll, voters, *others, counts.votes[used]])
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


def annulled(evidence: Evidence, counts: Screened) -> Iterator[Finding]:
    """P406: votes were found and not one is valid. Their nulls are kept out of all screens."""
    yield from where(evidence, "P406", counts.annulled, counts.valid, counts.found)


def everybody_voted(evidence: Evidence, counts: Screened) -> Iterator[Finding]:
    """P407: as many votes found as voters on the roll."""
    registered, found = counts.registered, counts.found
    mask = (registered.values == found.values) & (registered.values >= max(evidence.thresholds.screen_votes, 1))
    yield from where(evidence, "P407", mask, found, registered)


def many_nulls(evidence: Evidence, counts: Screened) -> Iterator[Finding]:
    """P412: many null votes in a bureau that does not count by machine."""
    null, found = counts.null, counts.found
    many = null.values * 100 > evidence.thresholds.null_percent * found.values
    enough = found.values >= max(evidence.thresholds.screen_votes, 1)
    mask = null.known & many & enough & ~counts.annulled & ~counts.machine
    yield from where(evidence, "P412", mask, null, found)


def nulls_by_machine(evidence: Evidence, counts: Screened) -> Iterator[Finding]:
    """P415: null votes in a bureau that counts by machine, which takes none. In a PV it is R209."""
    mask = counts.machine & (counts.null.values > 0) & ~counts.annulled & (paper_part(evidence) == 0)
    yield from where(evidence, "P415", mask, counts.null, counts.found)


CHECKS = (screens,)
