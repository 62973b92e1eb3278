"""The rules: one module a category, one function a question, each over all bureaux at once."""

from __future__ import annotations

from verify.model.checks import Check
from verify.rules import (
    authenticity,
    completeness,
    dates,
    diagnosis,
    integrity,
    machine,
    materiality,
    official_lists,
    other_dumps,
    plausibility,
    plausibility_rounds,
    reconciliation,
    records,
    transmission,
    urn_counts,
    urn_images,
    urn_papers,
)

_FILES = (
    integrity,
    completeness,
    official_lists,
    authenticity,
    urn_papers,
    other_dumps,
    machine,
    dates,
    urn_images,
    urn_counts,
    reconciliation,
    records,
    diagnosis,
    transmission,
    materiality,
    plausibility,
    plausibility_rounds,
)
CHECKS = tuple(each for file in _FILES for each in vars(file).values() if isinstance(each, Check))
"""Every check, with the codes of its findings: what was not checked where it fails."""
