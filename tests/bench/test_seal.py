"""The benchmark of seals: its sums are those of the leaves, and a missed bound is an exit code."""

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import pytest

from bench import seal
from bench.timing import ProcessUsage
from protocol.sealing.folder import Sealing
from protocol.sealing.leaves import Leaf, LeafElection, LeafVotes
from tests.protocol.sealing.samples import AT, key

needs_peer = pytest.mark.skipif(
    find_spec("pymerkle") is None, reason="no pymerkle, a peer of the benchmarks alone: `make bench` installs it"
)


def leaves(count: int) -> list[Leaf]:
    votes = (LeafVotes("MACRON", 3), LeafVotes("LE PEN", 2))
    return [
        Leaf(LeafElection("x"), "01001", f"{at:04}", figures={"registered": 10}, votes=votes) for at in range(count)
    ]


def test_totals_are_sums_of_the_leaves() -> None:
    assert seal.totals([each.canonical() for each in leaves(7)]) == {"registered": 70, "MACRON": 21, "LE PEN": 14}


@needs_peer
def test_every_path_is_measured_and_a_sample_of_the_peers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seal, "SAMPLE", 5)
    times = seal.paths([each.canonical() for each in leaves(21)])
    assert {name: each.items for name, each in times.items()} == {"regard": 21, "pymerkle": 6}


def test_whole_proofs_are_those_of_a_sealed_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seal, "WHOLE", 3)
    with Sealing(tmp_path / "sealed", [key()]) as sealing:
        sealing.seal(leaves(9), "night", AT)
    assert seal.whole_proofs(tmp_path / "sealed").items == 3


@needs_peer
@pytest.mark.parametrize(("bound", "code"), [(1e9, 0), (0.0, 1)])
def test_a_missed_bound_is_an_exit_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], bound: float, code: int
) -> None:
    """Of three bureaux, in place of the nation."""
    monkeypatch.setenv("REGARD_DATA", str(tmp_path))
    monkeypatch.setattr(seal, "BUREAUX", 3)
    monkeypatch.setattr(seal, "OFFICIAL", {"registered": 30, "MACRON": 9, "LE PEN": 6})
    monkeypatch.setattr(seal, "ROUNDS", 1)
    monkeypatch.setattr(seal, "SAMPLE", 3)
    monkeypatch.setattr(seal, "WHOLE", 3)
    for name in ("BOUND_SEAL", "BOUND_ALL", "BOUND_PROOF", "BOUND_PEER"):
        monkeypatch.setattr(seal, name, bound if name == "BOUND_SEAL" else 1e9)

    def sealed(command: Sequence[str]) -> ProcessUsage:
        if "seal" in command:
            with Sealing(Path(command[command.index("-o") + 1]), [key()]) as sealing:
                sealing.seal(leaves(3), "night", AT)
        return ProcessUsage(1.0, 1.0, 1.0, "")

    monkeypatch.setattr(seal, "measure", sealed)
    (tmp_path / seal.RESULTS).touch()
    assert seal.main() is (code == 0)
    assert capsys.readouterr().out.count("MISSED") == code
