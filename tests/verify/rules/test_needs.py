"""Evidence that the functions of a rule ask for equals what the rulebook states: tried with pieces gone."""

import pytest

from tests.verify.evidence.test_by_itself import night_wrong_at_each_stage
from tests.verify.night_builder import PUBLISHED, Night, codes_of
from verify import audit
from verify.model.evidence import LinedEvidence
from verify.rulebook.catalogue import rules
from verify.rules import CHECKS

OF_FINDINGS = {"R213", "I121", "V503"}
"""Rules that look at what the others found, or could not."""
PIECES = (
    "univers.csv",
    "choix.csv",
    "emargements.csv",
    "pv.csv",
    "voix.csv",
    "recap.csv",
    PUBLISHED,
    "exports",
    "modules",
)

DUMPS = ("exports", "modules")
STAND_IN = (
    DUMPS,
    ("pv.csv", "voix.csv"),
    ("pv.csv", PUBLISHED),
    ("emargements.csv", PUBLISHED),
    ("voix.csv", PUBLISHED),
    (*DUMPS, "voix.csv"),
    (*DUMPS, "pv.csv"),
    (*DUMPS, "pv.csv", PUBLISHED),
    (*DUMPS, "emargements.csv", PUBLISHED),
)
"""Pieces that stand in for one another."""
OF_FEW_NIGHTS = {"R205", "R217", "R223", "T309", "T311", "T324", "T337"}
"""Rules that look at what only few nights have of their pieces."""


def night_without(*gone: str) -> Night:
    """A night of every kind of evidence that lacks some pieces, in which every bureau is wrong."""
    night = night_wrong_at_each_stage()
    for name in gone:
        night.tables.pop(name, None)
        night.published.pop(name, None)
        night.raw = {path: data for path, data in night.raw.items() if not path.startswith(f"{name}/")}
        if name == "exports":
            night.exports.clear()
    return night


def is_asked(evidence: LinedEvidence, code: str) -> bool:
    """Check that a function of a rule is given all that it asks for."""
    needs = [check.needs.values() for check in CHECKS if code in check.codes]
    return any(all(evidence.once(need) is not None for need in asked) for asked in needs)


def test_every_rule_has_a_function_but_those_on_findings() -> None:
    assert set(rules()) - {code for check in CHECKS for code in check.codes} == OF_FINDINGS


@pytest.mark.parametrize("gone", [(), *((piece,) for piece in PIECES), *STAND_IN], ids="+".join)
def test_what_a_rule_needs_is_what_its_functions_ask_for(gone: tuple[str, ...]) -> None:
    evidence = night_without(*gone).load()
    result = audit.run(evidence)
    assert codes_of(result.findings).isdisjoint(result.coverage.unchecked)
    in_need = {code for code in (*result.coverage.checked, *result.coverage.idle) if rules()[code].needs}
    assert {code for code in in_need - OF_FINDINGS if not is_asked(evidence, code)} <= OF_FEW_NIGHTS
