"""The audit: all rules over the evidence, and what was and was not checked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from verify.coverage import Coverage, coverage
from verify.evidence import Evidence, Input
from verify.findings import Finding, Severity, in_order, without_suppressed
from verify.rules import CHECKS
from verify.rules.diagnosis import slips


@dataclass(frozen=True, slots=True)
class Audit:
    """The result: the inputs, the coverage and the findings, gravest first."""

    inputs: tuple[Input, ...]
    coverage: Coverage
    findings: tuple[Finding, ...]

    def count(self, severity: Severity) -> int:
        """How many findings of a severity there are."""
        return sum(found.severity is severity for found in self.findings)


def run(evidence: Evidence, progress: Callable[[str, int], None] | None = None) -> Audit:
    """Apply every rule to the evidence."""
    findings: list[Finding] = []
    for index, check in enumerate(CHECKS):
        if progress is not None:
            progress("rules", index)
        findings += check(evidence)
    findings += list(slips(findings))
    return Audit(tuple(evidence.inputs), coverage(evidence), tuple(in_order(without_suppressed(findings))))
