"""R213 looks only at figures that differ by what a slip of the pen makes: it passes over none that is one."""

import numpy as np
import pytest

from tests.verify.night_builder import Night
from verify.model import case_table
from verify.rules.reconciliation import _BY_A_SLIP, slip


def test_whatever_is_a_slip_is_looked_at() -> None:
    differences = set(_BY_A_SLIP.tolist())
    random = np.random.default_rng(1)
    large = [(one, swapped(str(one), int(random.integers(18)))) for one in random.integers(0, 10**17, 2000).tolist()]
    small = [(one, other) for one in range(1100) for other in range(one)]
    told = [abs(one - other) for one, other in (*small, *large) if slip(one, other) is not None]
    assert len(told) > 10_000
    assert differences.issuperset(told)


def swapped(digits: str, at: int) -> int:
    return int(digits[:at] + digits[at : at + 2][::-1] + digits[at + 2 :])


def test_a_slip_between_list_and_pv_is_told_and_another_difference_is_not(night: Night) -> None:
    night.row("emargements.csv", "0001")["emargements"] = "662"
    night.row("emargements.csv", "0002")["emargements"] = "549"
    found = night.run().findings
    assert [each.bureau for each in found if each.code == "R213"] == ["0001"]
    assert {each.bureau for each in found if each.code == "R205"} == {"0001", "0002"}


def test_a_case_of_many_findings_is_made_once(night: Night, monkeypatch: pytest.MonkeyPatch) -> None:
    night.row("emargements.csv", "0001")["emargements"] = "662"
    table = night.run().cases
    number = next(at for at, case in enumerate(table) if case.cause.name == "digits-exchanged")
    assert table[number] == table[number]
    assert table[number] is not table[number]
    monkeypatch.setattr(case_table, "_LARGE", 2)
    assert table[number] is table[number]
