"""The rules: one module a category, one function a question, each over all bureaux at once."""

from __future__ import annotations

from verify.model.findings import Checks
from verify.rules import (
    authenticity,
    blanks,
    completeness,
    dates,
    diagnosis,
    failures,
    integrity,
    machine,
    materiality,
    modules,
    official_lists,
    parts,
    plausibility,
    reconciliation,
    records,
    second_round,
    transmission,
    urn_counts,
    urn_papers,
    urns,
)

CHECKS: Checks = {
    **failures.CHECKS,
    **completeness.CHECKS,
    **official_lists.CHECKS,
    **parts.CHECKS,
    **blanks.CHECKS,
    **authenticity.CHECKS,
    **urns.CHECKS,
    **urn_papers.CHECKS,
    **second_round.CHECKS,
    **integrity.CHECKS,
    **machine.CHECKS,
    **dates.CHECKS,
    **modules.CHECKS,
    **urn_counts.CHECKS,
    **reconciliation.CHECKS,
    **records.CHECKS,
    **diagnosis.CHECKS,
    **transmission.CHECKS,
    **materiality.CHECKS,
    **plausibility.CHECKS,
}
"""Every check, with the codes of its findings: what was not checked where it fails."""
