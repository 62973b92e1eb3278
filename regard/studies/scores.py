"""Result of each fault of a simulated night as JSON: findings that show it, cases that name it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from regard.language import show
from regard.studies.case_scoring import MARKS, CaseScore, Diagnosis
from regard.studies.scoring import Score, grave

_MARKS = ("told", *MARKS)


def as_json(found: Score, cases: CaseScore, language: str) -> dict[str, Any]:
    """All of it, with the sums, and what is said where nothing is wrong."""
    return {
        "tool": "regard",
        "instances": [_instance(each) for each in cases.diagnoses],
        "cases": asdict(cases.counts()),
        "false": {
            "findings": len(found.false),
            "errors_and_warnings": grave(found.false),
            "screens": len(found.false_screens),
            "said": [
                {"code": each.code, "insee": each.insee, "bureau": each.bureau, "message": show(language, each.message)}
                for each in (*found.false, *found.false_screens)
            ],
        },
    }


def _instance(each: Diagnosis) -> dict[str, Any]:
    own = each.instance
    return {
        "fault": own.fault,
        "insee": own.insee,
        "bureau": own.bureau,
        "outcome": own.outcome.value,
        "rules": list(own.codes),
        "screens": list(own.screens),
        "right_causes": sorted(each.expected),
        "cases": [
            {"id": case.number, "cause": case.cause.name, "sure": case.sure.value, "piece": case.piece}
            for case in each.cases
        ],
        **{name: getattr(each, name) for name in _MARKS},
    }
