"""Short runs of the harnesses that draw their inputs; and faults in what they try, which they have to see."""

import sys
from pathlib import Path

import numpy as np
import pytest

from protocol import opening
from protocol.export import columns, scan
from regard.live.night import feed
from regard.live.store import LiveStore
from regard.reading.partial_read import PartialRead
from tests.fuzz import exports, folders, link, live
from tests.fuzz._guided import Effort
from tests.fuzz.live import NightKills
from tests.protocol.export.records import frozen
from tests.regard.live.live_nights import about, at_once, made_up, note
from verify.loading.opened import OpenedNight

with_links = pytest.mark.skipif(sys.platform == "win32", reason="no pipes and no links without rights")


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


@with_links
@pytest.mark.check(2)
def test_whatever_stands_in_a_folder() -> None:
    said: list[str] = []
    assert folders.run(Effort(25), 5, said.append) == 0, said
    assert all(kind in said[-1] for kind in folders.KINDS), said


@with_links
def test_the_harness_sees_links_that_are_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "_within", lambda path, _: Path(path).resolve(strict=True))
    monkeypatch.setattr(opening, "_NO_LINK", 0)
    said: list[str] = []
    assert folders.run(Effort(25), 5, said.append) > 0
    assert any("outside" in line for line in said)


@with_links
def test_the_harness_sees_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(OpenedNight, "unusable", lambda *_: None)
    said: list[str] = []
    assert folders.run(Effort(25), 5, said.append) > 0
    assert any("is not named" in line for line in said)


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
