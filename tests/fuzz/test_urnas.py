"""A short run of the fuzzing of the files of Brazilian urnas; and a reader that is wrong is found out."""

from pathlib import Path

import pytest

from protocol.bu import ballots, reader, schema
from protocol.bu.bounds import Undecodable
from protocol.bu.counts import OfficeCounts
from tests.fuzz import urnas
from tests.fuzz._guided import Effort


@pytest.mark.check(8)
@pytest.mark.parametrize("name", urnas.seeds())
def test_every_kind_changed(name: str) -> None:
    said: list[str] = []
    assert urnas.run(Effort(60, only=(name,)), 4, said.append) == 0, said


@pytest.mark.parametrize("name", urnas.seeds())
def test_the_examples_themselves_are_accepted(tmp_path: Path, name: str) -> None:
    assert urnas.examine(name, tmp_path / "input", urnas.seeds()[name]) == 1


def test_elements_encode_again() -> None:
    for name, data in urnas.seeds().items():
        if data.startswith(b"\x30") and not name.startswith("signatures"):
            assert urnas.tree(data).encode() == data


@pytest.mark.check(4)
def test_many_changed_forms_are_accepted_still() -> None:
    said: list[str] = []
    urnas.run(Effort(250, only=("bulletin2022", "ballots2024")), 1, said.append)
    for line in said:
        assert int(line.split(" understood")[0].split()[-1]) > 10, line


def test_the_harness_sees_an_exception(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "check_bounds", lambda _: None)
    monkeypatch.setattr(reader, "check_bounds", lambda _: None)
    monkeypatch.setattr(schema, "_unlike", lambda name: ValueError(name))
    assert urnas.run(Effort(40, only=("bulletin2022",)), 1, lambda _: None) > 0


def test_the_harness_sees_digits_that_are_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def told(counts: OfficeCounts, votes: list[dict[str, str]]) -> None:
        raise Undecodable("votes", str(votes))

    monkeypatch.setattr(ballots, "_count", told)
    with pytest.raises(AssertionError, match="the digits of a vote"):
        urnas.examine("ballots2022", tmp_path / "input", urnas.seeds()["ballots2022"])
