"""The rules: one module a category, one function a question, each over all bureaux at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from verify.evidence import Evidence
from verify.findings import Finding
from verify.rules import (
    authenticity,
    completeness,
    diagnosis,
    integrity,
    machine,
    materiality,
    modules,
    plausibility,
    reconciliation,
    records,
    second_round,
    transmission,
)

CHECKS: tuple[Callable[[Evidence], Iterable[Finding]], ...] = (
    *completeness.CHECKS,
    *authenticity.CHECKS,
    *second_round.CHECKS,
    *integrity.CHECKS,
    *machine.CHECKS,
    *modules.CHECKS,
    *reconciliation.CHECKS,
    *records.CHECKS,
    *diagnosis.CHECKS,
    *transmission.CHECKS,
    *materiality.CHECKS,
    *plausibility.CHECKS,
)
"""Every check; each yields the findings of one or a few codes."""
