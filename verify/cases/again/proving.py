"""Whether certain cases are: with the corrections of one its findings are gone, and no error or warning is new.

The search sees the identities of one bureau. Rules see more: that one thing hides another, that figures were copied
further on, that the sums of a commune change. So all rules are applied once more to the evidence with the corrections
of certain cases made: of one case in each commune at a time, as far as that is quick, and then of all the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from verify.cases.again.corrected import corrected
from verify.cases.again.found_again import find_again
from verify.cases.again.numbered import numbered
from verify.model.cases import Drafts, Sure
from verify.model.evidence import LinedEvidence
from verify.model.figures import Bools, Ints
from verify.model.finding_table import FindingTable
from verify.model.findings import Found, Severity
from verify.rules import CHECKS

_AT_ONCE = 200_000
"""Bureaux and findings that are looked at again in all rounds together, about."""
_MOST_ROUNDS = 8
_CHECKS = tuple(check for check in CHECKS if not all(code[0] in "PV" for code in check.codes))
_BY_ITSELF = frozenset(code for check in _CHECKS for code in check.codes)
"""Rules that look at the evidence alone, and not at other findings."""


def proved(evidence: LinedEvidence, table: FindingTable, drafts: Drafts) -> Drafts:
    """The same cases; those are no longer certain whose corrections do not end their findings, or make others."""
    certain = drafts.correcting(Sure.CERTAIN)
    if not certain:
        return drafts
    failed: set[int] = set()
    for cases in _rounds(drafts, certain, _AT_ONCE // (len(evidence.universe) + len(table))):
        corrections = [each for case in cases for each in drafts.details[case].corrections]
        with_them = corrected(evidence, corrections)
        again = find_again(evidence, with_them, _CHECKS)
        if again is None:
            every = np.ones(len(table.keys().places), np.bool_)
            failed |= _failing(table, drafts, cases, every, FindingTable(_found(with_them)))
        else:
            failed |= _failing(table, drafts, cases, again.places(table), FindingTable(again.found))
    return drafts.less_sure(failed)


def _failing(
    table: FindingTable, drafts: Drafts, cases: Sequence[int], looked_at: Bools, again: FindingTable
) -> set[int]:
    """The cases of which findings are there again with their corrections, or that make others.

    Args:
        table: the findings.
        drafts: the cases.
        cases: those of which the corrections were made.
        looked_at: which places of the findings were looked at again; at the others all is as it was.
        again: what was found there.
    """
    own, places = np.arange(len(looked_at)), table.numbers_of(again)
    before, after = _Numbers(table, own, looked_at), _Numbers(again, places)
    new = _Numbers(again, places, grave=True).more_than(_Numbers(table, own, looked_at, grave=True))
    return _staying(table, drafts, cases, looked_at, before, after) | set(_blamed(drafts, cases, new))


def _staying(
    table: FindingTable, drafts: Drafts, cases: Sequence[int], looked_at: Bools, before: _Numbers, after: _Numbers
) -> set[int]:
    """The cases of which findings are there again with their corrections, or were not looked at again."""
    keys, findings = table.keys(), [drafts.findings_of(case) for case in cases]
    rows, case = np.concatenate(findings), np.repeat(cases, [len(rows) for rows in findings])
    elsewhere = ~looked_at[keys.place[rows]] & _of_evidence(table)[rows]
    numbers = numbered(keys, rows, np.arange(len(keys.places)))
    order = np.lexsort((numbers, case))
    case, numbers = case[order], numbers[order]
    first = np.flatnonzero(np.append(True, (case[1:] != case[:-1]) | (numbers[1:] != numbers[:-1])))
    count, own = np.diff(first, append=len(case)), numbers[first]
    there = before.of(own)
    staying = case[first][(there > 0) & (after.of(own) > there - count)]
    return {*staying.tolist(), *np.repeat(cases, [len(rows) for rows in findings])[elsewhere].tolist()}


def _blamed(drafts: Drafts, cases: Sequence[int], new: Sequence[tuple[str, str]]) -> Iterator[int]:
    """The cases that new findings come from: those that correct their bureau, else their commune or département."""
    of_bureau: dict[tuple[str, str], set[int]] = {}
    for case in cases if new else ():
        for each in drafts.details[case].corrections:
            of_bureau.setdefault((each.place.insee, each.place.bureau), set()).add(case)
    for insee, bureau in new:
        around = (some for (code, _), some in of_bureau.items() if code.startswith(insee))
        yield from of_bureau.get((insee, bureau), ()) or set[int]().union(*around) or cases


def _rounds(drafts: Drafts, certain: Sequence[int], most: int) -> Iterator[list[int]]:
    """The cases in rounds, in each but the last one of every commune at the most."""
    taken: dict[str, int] = {}
    rounds: dict[int, list[int]] = {}
    for case in certain:
        communes = {each.place.insee for each in drafts.details[case].corrections}
        number = min(max(taken.get(commune, 0) for commune in communes), max(min(most, _MOST_ROUNDS), 1) - 1)
        taken |= dict.fromkeys(communes, number + 1)
        rounds.setdefault(number, []).append(case)
    yield from rounds.values()


def _found(evidence: LinedEvidence) -> Iterator[Found]:
    for check in _CHECKS:
        yield from check(evidence)


def _of_evidence(table: FindingTable) -> Bools:
    """Which findings are what rules find in the evidence itself: screens, contests, other elections left out."""
    keys = table.keys()
    return np.asarray(table.of_first() & keys.of(*(code for code in keys.codes if code in _BY_ITSELF)), np.bool_)


class _Numbers:
    """How many findings of each rule there are in each place, in the order of `keys`: those of `_of_evidence`.

    Args:
        table: of the findings.
        places: the number of each of its places.
        some: which of its places count; all where it is not said.
        grave: only errors and warnings.
    """

    def __init__(self, table: FindingTable, places: Ints, some: Bools | None = None, *, grave: bool = False) -> None:
        keys = table.keys()
        of = _of_evidence(table) & (keys.severity > (Severity.INFO if grave else 0))
        kept = np.flatnonzero(of if some is None else of & some[keys.place])
        self.keys, first, self.counts = np.unique(numbered(keys, kept, places), return_index=True, return_counts=True)
        self._rows, self._of = kept[first], keys

    def of(self, wanted: Ints) -> Ints:
        """How many there are of some keys."""
        at = np.searchsorted(self.keys, wanted).clip(0, max(len(self.keys) - 1, 0))
        if not len(self.keys):
            return np.zeros(len(wanted), np.int64)
        return np.where(self.keys[at] == wanted, self.counts[at], 0)

    def more_than(self, other: _Numbers) -> list[tuple[str, str]]:
        """INSEE code and bureau where there are more of a rule than in another table."""
        rows = self._rows[self.counts > other.of(self.keys)]
        return [self._of.places[place] for place in self._of.place[rows].tolist()]
