"""The audit: all rules over the evidence, and what was and was not checked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from verify.cases.following import follow
from verify.cases.looking_again import look_again
from verify.cases.making import draft_by_codes, draft_cases
from verify.cases.proving import proved
from verify.coverage import Coverage, coverage, nothing_covered
from verify.model.cases import CaseTable
from verify.model.checks import Check, finding_of
from verify.model.evidence import LinedEvidence
from verify.model.failures import Failure, failure
from verify.model.finding_table import FindingTable
from verify.model.findings import Found, Severity
from verify.model.follow_ups import Followed
from verify.model.thresholds import Thresholds
from verify.model.use import Input
from verify.rules import CHECKS
from verify.rules.diagnosis import slips
from verify.rules.failures import rules_failed

if TYPE_CHECKING:
    from protocol.dumps.layouts import DumpReading


@dataclass(frozen=True, slots=True)
class Audit:
    """The result: inputs, coverage, findings, gravest first, the cases that explain them, and the thresholds.

    ``followed`` is what people say became of findings, with what is found today; ``dumps`` are those of other machines.
    """

    inputs: tuple[Input, ...]
    coverage: Coverage
    findings: FindingTable
    cases: CaseTable
    thresholds: Thresholds
    followed: tuple[Followed, ...] = ()
    dumps: tuple[DumpReading, ...] = ()

    def count(self, severity: Severity) -> int:
        """How many findings of a severity there are."""
        return self.findings.number_of(severity)


def run(evidence: LinedEvidence, progress: Callable[[str, int], None] | None = None) -> Audit:
    """Apply every rule to the evidence, each by itself: one that fails is a finding, and the others are applied.

    Published results of other elections are checked by themselves, by the rules that they allow. Then cases are found,
    and what could change and the screens are looked at again with the corrections of the cases.
    """
    rules = apply_rules(evidence, progress)
    table = rules.table
    try:
        drafts = proved(evidence, table, draft_cases(evidence, table))
        table, drafts = look_again(evidence, table, drafts)
    except Exception as error:
        unseen = rules_failed([failure(_SEEN_TWICE, error)])
        more = [finding_of(evidence, each, each.code) for each in unseen]
        table = FindingTable([*rules.found, *more], *rules.of_others)
        drafts = draft_by_codes(evidence, table)
    cases = CaseTable(table, drafts)
    followed = follow(table, cases, evidence.follow_ups)
    return Audit(tuple(evidence.inputs), rules.coverage, table, cases, evidence.thresholds, followed, evidence.dumps)


@dataclass(frozen=True, slots=True)
class Applied:
    """What the rules alone give: findings of the night and of each other election, the table of both, and coverage."""

    found: list[Found]
    of_others: list[list[Found]]
    table: FindingTable
    coverage: Coverage


def apply_rules(evidence: LinedEvidence, progress: Callable[[str, int], None] | None = None) -> Applied:
    """Apply every rule, without a look at what explains the findings."""
    failures: list[Failure] = []
    findings = _found(evidence, CHECKS, failures, progress)
    failed = [code for each in failures for code in each.what.split()]
    try:
        covered = coverage(evidence, failed)
    except Exception as error:
        covered = nothing_covered(evidence)
        failures.append(failure("C111", error))
    of_others = [_found(other.evidence, _OF_OTHERS, failures) for other in evidence.other_elections]
    findings += (finding_of(evidence, failed, failed.code) for failed in rules_failed(failures))
    return Applied(findings, of_others, FindingTable(findings, *of_others), covered)


_SEEN_TWICE = "V501 V502"
"""Rules that are not applied with the corrections of cases where these cannot be had."""


_OF_OTHERS = tuple(each for each in CHECKS if each.codes != ("C111",))
"""Those for results of other elections: what is covered is said of the night."""


def _found(
    evidence: LinedEvidence,
    checks: Sequence[Check],
    failures: list[Failure],
    progress: Callable[[str, int], None] | None = None,
) -> list[Found]:
    """What the checks find in some evidence; those that fail are added to the failures."""
    findings: list[Found] = []

    def apply(codes: tuple[str, ...], check: Callable[[], Iterable[Found]]) -> None:
        try:
            findings.extend(check())
        except Exception as error:  # memory that ran out included
            failures.append(failure(" ".join(codes), error))

    for index, check in enumerate(checks):
        if progress is not None:
            progress("rules", index)
        apply(check.codes, partial(check, evidence))
    apply(("R213",), lambda: [finding_of(evidence, slip, slip.code) for slip in slips(findings)])
    return findings
