"""What rules of one category find once more in other evidence; contests told apart, and notes on their findings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from protocol.words import Text
from verify.model.checks import Check
from verify.model.evidence import LinedEvidence
from verify.model.figures import Ints
from verify.model.finding_table import FindingTable
from verify.model.findings import Finding, Found
from verify.rules import CHECKS

_CONTESTS = "V"
NO_VERDICT = "none"
"""The verdict on a contest of which there is nothing to say."""
Contest = tuple[str, str, int, str]
"""Code of the rule, INSEE code, number of the poll, and label of the contest."""


def of_category(letter: str) -> tuple[Check, ...]:
    """All rules of a category."""
    return tuple(check for check in CHECKS if all(code.startswith(letter) for code in check.codes))


def found_by(evidence: LinedEvidence, checks: Sequence[Check]) -> Iterator[Found]:
    """What some rules find."""
    for check in checks:
        yield from check(evidence)


def rows_of(table: FindingTable, letter: str) -> Ints:
    """The rows of the findings of a category, of the night's own election."""
    keys = table.keys()
    codes = [code for code in keys.codes if code.startswith(letter)]
    return np.flatnonzero(keys.of(*codes) & table.of_first()) if codes else np.zeros(0, np.int64)


CONTESTS = of_category(_CONTESTS)


def contest_of(found: Finding) -> Contest:
    """What a contest's finding is told apart by, in two pieces of evidence."""
    return found.code, found.insee, found.poll, str(found.details["contest"])


def contests_of(table: FindingTable) -> dict[Contest, int]:
    """The rows of the findings of contests."""
    return {contest_of(table[row]): row for row in rows_of(table, _CONTESTS).tolist()}


def contests_found(evidence: LinedEvidence) -> dict[Contest, Finding]:
    """The findings of contests that some evidence gives."""
    return {contest_of(found): found for found in FindingTable(found_by(evidence, CONTESTS))}


def noted(found: Finding, note: Text, **details: int | Text) -> Finding:
    """A finding with a note at its end, and further details."""
    return replace(found, details={**found.details, **details, "note": note})
