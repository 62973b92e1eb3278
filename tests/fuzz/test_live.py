"""A dozen kills of a small night; and a store that has lost something is found out."""

from pathlib import Path

import pytest

from regard.live.night import feed
from regard.live.store import LiveStore
from tests.fuzz import live
from tests.fuzz._guided import Effort
from tests.fuzz.live import NightKills
from tests.regard.live.live_nights import about, at_once, made_up, note


@pytest.mark.check(4)
def test_a_dozen_kills() -> None:
    lines: list[str] = []
    assert live.run(Effort(12), 1, lines.append, bureaux=3000, real_seconds=20, per_kill=0.8) == 0, "\n".join(lines)
    assert lines[-1].startswith("12 kills")


def test_what_is_lost_is_found_out(tmp_path: Path) -> None:
    """The campaign itself can fail."""
    night = NightKills(200, 1, 0, tmp_path / "store")
    size = night.evening.editions[0].size
    with LiveStore(night.path, about(night.evening)) as store:
        store.commit(night.evening.returns[:size], night.evening.found_between(0, size))
    night.check(size, over=False)
    with pytest.raises(AssertionError, match=f"{size + 1} acknowledged, {size} there"):
        night.check(size + 1, over=False)
    with pytest.raises(AssertionError, match="another state"):
        night.check(size, over=True)
    with LiveStore(night.path, about(night.evening)) as store:
        store.commit(night.evening.returns[size + 1 : size + 9])
    with pytest.raises(AssertionError, match="other returns"):
        night.check(size, over=False)
    night.path.unlink()
    with pytest.raises(AssertionError, match="there is no store"):
        night.check(1, over=False)


def test_a_seal_of_other_returns_is_found_out(tmp_path: Path) -> None:
    night = NightKills(200, 1, 0, tmp_path / "store")
    with LiveStore(night.path, about(night.evening)) as store:
        store.commit(night.evening.returns[:3], night.evening.found_between(0, 3))
        store.commit(seal=(night.evening.editions[0].second, note))
    with pytest.raises(AssertionError, match="other seals"):
        night.check(3, over=False)
    other = made_up(200, 2)
    with LiveStore(tmp_path / "other", about(other)) as store:
        feed(store, other, at_once, note)
    night.path = tmp_path / "other"
    with pytest.raises(AssertionError, match="other returns"):
        night.check(0, over=True)
