"""A short run of each guided harness on each kind of its inputs; and faults that the harnesses have to see."""

from pathlib import Path
from types import ModuleType

import pytest

from protocol import structured as bounded
from protocol.bu import ballots as urna_ballots
from protocol.bu import reader, schema
from protocol.bu.bounds import Undecodable
from protocol.bu.counts import OfficeCounts
from protocol.cvr import sessions
from sim.nights import folder
from tests.fuzz import aggregated, ballots, evidence, feed, plans, published, structured, urnas
from tests.fuzz._guided import Effort

COUNTS = {aggregated: 60, ballots: 8, evidence: 8, feed: 60, plans: 60, published: 60, structured: 100, urnas: 60}
"""Inputs of each kind."""
BOOKS = ("ministry-workbook", "ministry-nation", "ods", "--pv workbook")
"""Kinds that are read in a process of their own, with a library that not every Python has."""
KINDS = [(harness, name) for harness in COUNTS for name in sorted(harness.seeds())]


def called(value: object) -> str:
    return value.__name__.rpartition(".")[2] if isinstance(value, ModuleType) else str(value)


def understood(line: str) -> int:
    """Inputs that were understood, by the last line on a kind."""
    return int(line.split(" understood")[0].split()[-1])


@pytest.mark.check(180)
@pytest.mark.parametrize(("harness", "name"), KINDS, ids=called)
def test_every_kind_changed(harness: ModuleType, name: str) -> None:
    slow = name in BOOKS or (harness is aggregated and "parquet" in name)
    if harness is ballots:
        pytest.importorskip("msgspec")
    said: list[str] = []
    assert harness.run(Effort(6 if slow else COUNTS[harness], only=(name,)), 2, said.append) == 0, said


@pytest.mark.parametrize(("harness", "name"), KINDS, ids=called)
def test_the_examples_themselves_are_understood(harness: ModuleType, name: str, tmp_path: Path) -> None:
    found = harness.examine(name, tmp_path / "input", harness.seeds()[name])
    assert found >= (0 if name == "index" else 2 if harness in (aggregated, plans) else 1)


@pytest.mark.check(4)
@pytest.mark.parametrize(
    ("harness", "count", "names"),
    [
        (structured, 200, ("toml", "json")),
        (urnas, 250, ("bulletin2022", "ballots2024")),
        (plans, 60, ("scenarios",)),
    ],
    ids=called,
)
def test_many_changed_forms_are_accepted_still(harness: ModuleType, count: int, names: tuple[str, ...]) -> None:
    """Changes that only break the syntax would not come past the first line of a reader."""
    said: list[str] = []
    harness.run(Effort(count, only=names), 1, said.append)
    assert len(said) == len(names)
    assert all(understood(line) > (30 if harness is plans else 10) for line in said), said


def test_elements_encode_again() -> None:
    for name, data in urnas.seeds().items():
        if data.startswith(b"\x30") and not name.startswith("signatures"):
            assert urnas.tree(data).encode() == data


# A harness that cannot fail says nothing: each of these faults has to be seen.


def fails(*_: object) -> int:
    raise KeyError("a bug")


@pytest.mark.parametrize(
    ("harness", "attribute", "name"), [(evidence, "main", "pv.csv"), (plans, "scenarios_of", "option")], ids=called
)
def test_an_exception_on_the_example_is_seen(
    harness: ModuleType, attribute: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(harness, attribute, fails)
    with pytest.raises(KeyError):
        harness.run(Effort(3, only=(name,)), 1, lambda _: None)


def test_an_exception_on_changed_bytes_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "check_bounds", lambda _: None)
    monkeypatch.setattr(reader, "check_bounds", lambda _: None)
    monkeypatch.setattr(schema, "_unlike", lambda name: ValueError(name))
    assert urnas.run(Effort(40, only=("bulletin2022",)), 1, lambda _: None) > 0


def test_decoders_that_differ_are_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("msgspec")
    monkeypatch.setattr(sessions, "truth", lambda *_: False)
    with pytest.raises(AssertionError):
        ballots.run(Effort(1, only=("CvrExport.json",)), 3, lambda _: None)


def test_values_that_are_lost_are_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded, "_object", lambda pairs, _: dict(pairs[:2]))
    assert structured.run(Effort(300, only=("json",)), 1, lambda _: None) > 0


def test_files_that_go_unlisted_are_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder, "_listed", lambda _: {"univers.csv", "exports/a.esf", "manifest.json"})
    assert structured.run(Effort(50, only=("manifest",)), 1, lambda _: None) > 0


def test_digits_that_are_said_are_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def told(counts: OfficeCounts, votes: list[dict[str, str]]) -> None:
        raise Undecodable("votes", str(votes))

    monkeypatch.setattr(urna_ballots, "_count", told)
    with pytest.raises(AssertionError, match="the digits of a vote"):
        urnas.examine("ballots2022", tmp_path / "input", urnas.seeds()["ballots2022"])


def test_a_signal_that_ends_a_command_ends_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence, "main", lambda arguments: 143)
    with pytest.raises(SystemExit) as ended:
        evidence.run(Effort(3, only=("--pv wide",)), 1, print)
    assert ended.value.code == 143
