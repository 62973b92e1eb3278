"""The proof of certain cases: all rules once more, on the evidence with their corrections made.

Findings of two tables are compared as whole numbers, many at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import chain

import numpy as np

from verify.cases.corrections import correct
from verify.cases.drafting import grouped
from verify.model.cases import Correction, Drafts, Sure
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


CONTESTS, SCREENS = (tuple(check for check in CHECKS if check.codes[0].startswith(each)) for each in "VP")
_CHECKS = tuple(check for check in CHECKS if check not in CONTESTS + SCREENS)
"""Rules that look at the evidence alone, and not at other findings."""


def rows_of(table: FindingTable, checks: Sequence[Check]) -> Ints:
    """The rows of the findings of some rules, of the night's own election."""
    codes = (code for check in checks for code in check.codes)
    return np.flatnonzero(table.keys().of(*codes) & table.of_first())


def prove(evidence: LinedEvidence, table: FindingTable, drafts: Drafts) -> tuple[Drafts, LinedEvidence]:
    """Apply the rules to the evidence with the certain corrections made.

    Returns the same cases, and the evidence with those corrections made that stay certain. A case is only likely where
    its findings are still there, or others come with its corrections.
    """
    certain, sure = drafts.correcting(Sure.CERTAIN), correct(evidence, drafts.corrections(Sure.CERTAIN))
    if not certain:
        return drafts, evidence
    again = FindingTable(found_by(sure, _CHECKS))
    findings = [drafts.findings_of(case) for case in certain]
    explained, case = np.concatenate(findings), np.repeat(certain, [len(each) for each in findings])
    case, explained = (each[np.isin(explained, rows_of(table, _CHECKS))] for each in (case, explained))
    own, rows = np.arange(len(table.keys().places)), rows_of(again, _CHECKS)
    numbers = [number_findings(table.keys(), some, own) for some in (rows_of(table, _CHECKS), explained)]
    numbers.append(number_findings(again.keys(), rows, table.place_numbers(again)))
    every, which = np.unique(np.concatenate(numbers), return_inverse=True)
    before, due, after = np.split(which, np.cumsum([len(each) for each in numbers])[:-1])
    there, gone, left = (np.bincount(each, minlength=len(every)) for each in (before, due, after))
    more = left > there - gone
    grave = rows[(more & (gone == 0))[after] & (again.keys().severity[rows] > Severity.INFO)]
    new = [again.keys().place_of(row) for row in grave.tolist()]
    proven = drafts.downgrade({*case[more[due]].tolist(), *_blamed(drafts, certain, new)})
    return proven, sure if proven is drafts else correct(evidence, proven.corrections(Sure.CERTAIN))


def _blamed(drafts: Drafts, cases: Sequence[int], new: Sequence[tuple[str, str]]) -> Iterator[int]:
    """The cases that new findings come from: those that correct their bureau, else their commune or département."""
    of_bureau = by_bureau(drafts, cases) if new else {}
    for insee, bureau in new:
        around = (some for (code, _), some in of_bureau.items() if code.startswith(insee))
        yield from [case for case, _ in of_bureau.get((insee, bureau)) or chain(*around)] or cases


def by_bureau(drafts: Drafts, cases: Sequence[int]) -> dict[tuple[str, str], list[tuple[int, Correction]]]:
    """The corrections of some cases by INSEE code and bureau, each with its case."""
    every = ((case, each) for case in cases for each in drafts.details[case].corrections)
    return grouped(lambda one: (one[1].place.insee, one[1].place.bureau), every)
