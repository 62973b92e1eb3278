"""The proof of certain cases: the rules applied once more, to the evidence with their corrections made.

Findings of two tables are compared as whole numbers, many at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

import numpy as np

from verify.cases.corrections import correct
from verify.model.cases import Drafts, Sure
from verify.model.checks import Check
from verify.model.evidence import LinedEvidence
from verify.model.figures import Ints
from verify.model.finding_table import FindingKeys, FindingTable
from verify.model.findings import Found, Severity
from verify.rulebook.catalogue import rules
from verify.rules import CHECKS


def found_by(evidence: LinedEvidence, checks: Sequence[Check]) -> Iterator[Found]:
    """Apply some rules."""
    for check in checks:
        yield from check(evidence)


_POLL, _PLACE = 6, 34
"""Bits that a poll and a place take."""


def number_findings(keys: FindingKeys, rows: Ints, places: Ints) -> Ints:
    """Rule, place and poll of some findings as a whole number each.

    Args:
        keys: of all findings of a table.
        rows: their positions.
        places: a number for each place of the table, the same in all tables that are compared.
    """
    code = np.array([_rank()[code] for code in keys.codes] or [0], np.int64)[keys.code[rows]]
    return np.asarray((code << (_PLACE + _POLL)) | (places[keys.place[rows]] << _POLL) | keys.poll[rows], np.int64)


@cache
def _rank() -> dict[str, int]:
    return {code: at for at, code in enumerate(rules())}


_CHECKS = tuple(check for check in CHECKS if not all(code[0] in "PV" for code in check.codes))
_BY_ITSELF = frozenset(code for check in _CHECKS for code in check.codes)
"""Rules that look at the evidence alone, and not at other findings."""


def prove(evidence: LinedEvidence, table: FindingTable, drafts: Drafts) -> Drafts:
    """Apply the rules to the evidence with the certain corrections made.

    Returns the same cases. One is only likely where its findings are still there, or others come with its corrections.
    """
    certain = drafts.correcting(Sure.CERTAIN)
    if not certain:
        return drafts
    again = FindingTable(found_by(correct(evidence, drafts.corrections(Sure.CERTAIN)), _CHECKS))
    own, places = np.arange(len(table.keys().places)), table.numbers_of(again)
    findings = [drafts.findings_of(case) for case in certain]
    rows, case = np.concatenate(findings), np.repeat(certain, [len(each) for each in findings])
    explained, of, count = np.unique(number_findings(table.keys(), rows, own), return_inverse=True, return_counts=True)
    before, after = _of_evidence(table, own), _of_evidence(again, places)
    there = before.of(explained)
    staying = (there > 0) & (after.of(explained) > there - count)
    new = _of_evidence(again, places, grave=True).more_than(_of_evidence(table, own, grave=True))
    return drafts.downgrade({*case[staying[of]].tolist(), *_blamed(drafts, certain, new)})


def _blamed(drafts: Drafts, cases: Sequence[int], new: Sequence[tuple[str, str]]) -> Iterator[int]:
    """The cases that new findings come from: those that correct their bureau, else their commune or département."""
    of_bureau: dict[tuple[str, str], set[int]] = {}
    for case in cases if new else ():
        for each in drafts.details[case].corrections:
            of_bureau.setdefault((each.place.insee, each.place.bureau), set()).add(case)
    for insee, bureau in new:
        around = (some for (code, _), some in of_bureau.items() if code.startswith(insee))
        yield from of_bureau.get((insee, bureau), ()) or set[int]().union(*around) or cases


def _of_evidence(table: FindingTable, places: Ints, *, grave: bool = False) -> NumberedFindings:
    """Number what rules find in the evidence itself: screens, contests, other elections left out.

    Args:
        table: of the findings.
        places: the number of each of its places.
        grave: only errors and warnings.
    """
    keys = table.keys()
    kept = table.of_first() & keys.of(*(code for code in keys.codes if code in _BY_ITSELF))
    return NumberedFindings(keys, np.flatnonzero(kept & (keys.severity > (Severity.INFO if grave else 0))), places)


class NumberedFindings:
    """Findings of each rule in each place and poll, each once by its number (`number_findings`), with their counts.

    Attributes:
        numbers: ascending, shape ``(n,)``.
        rows: the position of the first finding of each, shape ``(n,)``.
    """

    def __init__(self, keys: FindingKeys, rows: Ints, places: Ints) -> None:
        numbers = number_findings(keys, rows, places)
        self.numbers, first, self._counts = np.unique(numbers, return_index=True, return_counts=True)
        self.rows, self._keys = rows[first], keys

    def of(self, wanted: Ints) -> Ints:
        """Look up the counts of some numbers."""
        at = np.searchsorted(self.numbers, wanted).clip(0, max(len(self.numbers) - 1, 0))
        if not len(self.numbers):
            return np.zeros(len(wanted), np.int64)
        return np.where(self.numbers[at] == wanted, self._counts[at], 0)

    def more_than(self, other: NumberedFindings) -> list[tuple[str, str]]:
        """INSEE code and bureau where there are more of a rule than in another table."""
        rows = self.rows[self._counts > other.of(self.numbers)]
        return [self._keys.places[place] for place in self._keys.place[rows].tolist()]
