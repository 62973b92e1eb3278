"""A short run of the harness; ``python -m tests.fuzz ballots`` makes long ones."""

import pytest

from protocol.cvr import sessions
from tests.fuzz import ballots
from tests.fuzz._guided import Effort

pytest.importorskip("msgspec")


@pytest.mark.check(5)
def test_damaged_exports_are_read_or_refused() -> None:
    said: list[str] = []
    assert ballots.run(Effort(8), 3, said.append) == 0, said
    assert len(said) == len(ballots.seeds())


def test_the_harness_sees_decoders_that_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "truth", lambda *_: False)
    with pytest.raises(AssertionError):
        ballots.run(Effort(1, only=("CvrExport.json",)), 3, lambda _: None)
