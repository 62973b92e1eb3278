"""Two hundred readings over bad lines: the module's bytes or a refusal in time; and a fault in the reader is seen."""

import pytest

from regard.reading.partial_read import PartialRead
from tests.fuzz import link
from tests.fuzz._guided import Effort


@pytest.mark.check(5)
def test_two_hundred_readings() -> None:
    lines: list[str] = []
    assert link.run(Effort(200), 1, lines.append) == 0, "\n".join(lines)
    outcomes = {text.strip(): int(count) for count, _, text in (line.strip().partition(" ") for line in lines)}
    assert sum(outcomes.values()) == 200
    # Nothing but the exchange of a module keeps a reading from its end, and every kind of exchange is among the cases.
    assert outcomes["identical"] > 100
    for said in ("the two passes differ", "another module is in the unit", "there is no readable module"):
        assert any(said in outcome for outcome in outcomes), said
    assert not any("seconds" in outcome for outcome in outcomes)


@pytest.mark.check(3)
def test_a_comparison_that_sees_nothing_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """The campaign itself can fail."""

    def compare(self: PartialRead, data: bytes) -> None:
        start = self.state.compared
        same(self, bytes(self.image[start : start + len(data)]))

    same = PartialRead.compare
    monkeypatch.setattr(PartialRead, "compare", compare)
    lines: list[str] = []
    assert link.run(Effort(100), 1, lines.append) > 0
    assert any("a wrong file" in line for line in lines)
