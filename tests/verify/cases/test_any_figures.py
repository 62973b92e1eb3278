"""Whatever stands in the tables: every error and warning is in one case, and finding the cases never fails."""

import numpy as np
import pytest

from tests.verify.night_builder import codes_of, small_night
from verify.model.cases import Sure
from verify.model.findings import Severity

TABLES = ("pv.csv", "voix.csv", "emargements.csv", "recap.csv")
KEYS = ("insee", "bureau", "scrutin", "choix")
COUNTS = ("0", "1", "9999999", "268435455")
NO_COUNTS = ("", "-3", "x")
"""In a night of one poll: coverage is a bureau's, and not of each of its polls."""


@pytest.mark.check(4)
@pytest.mark.parametrize("seed", range(40))
def test_every_grave_finding_is_in_one_case(seed: int) -> None:
    draw = np.random.default_rng(seed)
    polls = 1 + seed % 3 // 2
    night, odd = small_night(polls), (*COUNTS, *NO_COUNTS) if polls == 1 else COUNTS
    tables = [name for name in TABLES if name in night.tables]
    for _ in range(int(draw.integers(1, 7))):
        rows = night.tables[tables[int(draw.integers(len(tables)))]]
        row = rows[int(draw.integers(len(rows)))]
        columns = [name for name in row if name not in KEYS]
        values = (*odd, str(int(draw.integers(2000))))
        row[columns[int(draw.integers(len(columns)))]] = values[int(draw.integers(len(values)))]
    result = night.run()
    assert "I121" not in codes_of(result.findings)
    held = [at for case in result.cases for at in case.findings]
    assert len(held) == len(set(held))
    assert {at for at, found in enumerate(result.findings) if found.severity > Severity.INFO} <= set(held)
    assert all(case.detail.corrections for case in result.cases if case.sure is Sure.CERTAIN)
