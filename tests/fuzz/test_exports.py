"""Short runs of the fuzzing harnesses; ``python -m tests.fuzz NAME`` makes long ones."""

import numpy as np
import pytest

from protocol.export import columns, scan
from tests.fuzz import exports
from tests.fuzz._guided import Effort
from tests.protocol.records import frozen


def test_every_damage_of_an_export_is_found() -> None:
    said: list[str] = []
    assert exports.run(Effort(1500), 20_220_410, said.append) == 0, said


def test_the_harness_sees_a_reader_that_checks_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "parse", lambda _: None)
    assert exports.run(Effort(50), 1, lambda _: None) >= 40


def test_the_harness_sees_a_limit_that_is_drawn_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columns, "limits", lambda _: iter(()))
    assert exports.run(Effort(500), 1, lambda _: None) > 0


def test_the_harness_sees_lost_records(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "MAX_BREAKS", -1)
    assert exports.run(Effort(500), 1, lambda _: None) > 0


def test_damage_comes_in_all_kinds() -> None:
    rng = np.random.default_rng(1)
    one, other = frozen("presidential"), frozen("extreme")
    sizes = [len(exports.damage(one, other, rng)) - len(one) for _ in range(300)]
    assert min(sizes) < 0 < max(sizes)
    assert sizes.count(0) > 50
