"""The rules: one module a category, one function a question, each over all bureaux at once."""

from __future__ import annotations

from verify.model.checks import Check
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
    official_lists,
    other_dumps,
    parts,
    plausibility,
    plausibility_rates,
    plausibility_rounds,
    plausibility_shares,
    reconciliation,
    records,
    second_round,
    transmission,
    twice,
    urn_counts,
    urn_images,
    urn_papers,
    urns,
    way_up,
)

_FILES = (
    failures,
    completeness,
    official_lists,
    parts,
    blanks,
    authenticity,
    urns,
    urn_papers,
    second_round,
    integrity,
    other_dumps,
    machine,
    dates,
    urn_images,
    urn_counts,
    reconciliation,
    records,
    twice,
    diagnosis,
    transmission,
    way_up,
    materiality,
    plausibility,
    plausibility_shares,
    plausibility_rates,
    plausibility_rounds,
)
CHECKS = tuple(each for file in _FILES for each in vars(file).values() if isinstance(each, Check))
"""Every check, with the codes of its findings: what was not checked where it fails."""
