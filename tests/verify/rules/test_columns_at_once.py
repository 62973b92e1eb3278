"""Rules work on columns: over 2,000 clean bureaux none of them makes a finding, a figure or a Python step a bureau."""

import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from tests.sources import new_folder
from tests.verify.night_builder import (
    INSEE,
    PUBLISHED,
    Night,
    PublishedRow,
    loaded,
    many_exports,
    only,
    small_night,
)
from verify import audit
from verify.model.checks import Check
from verify.model.evidence import LinedEvidence
from verify.rules import CHECKS

BUREAUX = 2000


def night_of(bureaux: int) -> Night:
    """So many bureaux with the votes of bureau 0001, no two with as many registered voters; exports in one file."""
    night = small_night()
    codes = [f"{number:04}" for number in range(1, bureaux + 1)]
    for file, rows in night.tables.items():
        if file != "choix.csv":
            mine = [row for row in rows if row["bureau"] == "0001"]
            night.tables[file] = [row | {"bureau": code} for code in codes for row in mine]
    for file in ("univers.csv", "emargements.csv", "pv.csv"):
        for number, row in enumerate(night.tables[file]):
            row["inscrits"] = str(700 + number)
    for number, row in enumerate(night.tables["univers.csv"]):
        serials = ("machine", "machine_serial"), ("module", "module_serial")
        row |= {column: f"m{number:07}" for column, _ in serials}
        row |= {"scelle_machine": f"m{number:07}", "scelle_module": f"m{number:07}"}
    like = night.publish("0001")
    night.published[PUBLISHED] = []
    for number, code in enumerate(codes):
        counts = like.counts | {"Inscrits": 700 + number, "Abstentions": 700 + number - like.counts["Votants"]}
        night.published[PUBLISHED].append(PublishedRow(like.insee, like.commune, code, counts, dict(like.votes)))
    night.exports = {"all.esf": many_exports([INSEE] * bureaux, codes, range(700, 700 + bureaux))}
    return night


@pytest.fixture(scope="module")
def evidence() -> LinedEvidence:
    return loaded(night_of(BUREAUX).write(new_folder()))


def test_the_large_night_is_clean(evidence: LinedEvidence) -> None:
    result = audit.run(evidence)
    only(result)
    assert result.coverage.bureaux == BUREAUX
    assert {kind: there for kind, (there, _) in result.coverage.kinds.items()}["exports"] == BUREAUX


DISTINCT_TEXTS = ("_read_stated", "_hundredths", "with_our_digits")
"""Functions that read each distinct percentage once."""


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_a_rule_takes_no_step_a_bureau(evidence: LinedEvidence, check: Check) -> None:
    """Counts the lines of our own modules that run while a rule looks at the night."""
    lines: Counter[str] = Counter()

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        file = frame.f_code.co_filename.replace("\\", "/")
        if "/verify/" not in file or frame.f_code.co_name in DISTINCT_TEXTS:
            return None
        if event == "line":
            lines[f"{Path(frame.f_code.co_filename).name}:{frame.f_lineno}"] += 1
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        found = list(check(replace(evidence)))  # which nothing was looked for in so far
    finally:
        sys.settrace(before)
    assert lines.total() > 0
    place, times = lines.most_common(1)[0]
    assert times < BUREAUX / 4, f"{place} ran {times} times"
    assert [one for one in found if one.code not in ("C111",) and one.severity > 1] == []
