"""Whatever of the kinds of evidence is there, empty, damaged or absent: every rule is applied, and none fails."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from protocol import night
from tests.verify.night_builder import PUBLISHED, audited, small_night
from tests.verify.night_urn_images import FILE, night_with_urn
from tests.verify.published import samples
from verify.audit import Audit
from verify.model.use import NothingReadable

WHOLE, EMPTY, ABSENT, README, DAMAGED, OTHER_LEVEL = "whole", "empty", "absent", "a README only", "damaged", "communes"
OF_A_FOLDER = (WHOLE, EMPTY, ABSENT, README, DAMAGED)
STATES = {
    night.ELECTION: (WHOLE, ABSENT),
    **dict.fromkeys((night.EXPORTS, night.URNS), OF_A_FOLDER),
    **dict.fromkeys((table.file for table in night.TABLES if table is not night.TRUTH), (WHOLE, EMPTY, ABSENT)),
    PUBLISHED: (WHOLE, EMPTY, ABSENT, OTHER_LEVEL),
}
State = dict[str, str]


def combinations() -> Iterator[State]:
    """States of all kinds, in which every three kinds come in every combination of their states."""
    rng = np.random.default_rng(1)
    left = {
        tuple(zip(kinds, states, strict=True))
        for kinds in itertools.combinations(STATES, 3)
        for states in itertools.product(*(STATES[kind] for kind in kinds))
    }
    while left:
        fixed = dict(min(left))
        state = {kind: fixed.get(kind) or str(rng.choice(states)) for kind, states in STATES.items()}
        left -= set(itertools.combinations(state.items(), 3))
        yield state


class Folder:
    """A night's folder, of which only what changes is written anew."""

    def __init__(self, path: Path) -> None:
        full = night_with_urn()
        columns = night.TABULATION.header
        full.tables["recap.csv"] = [{name: row[name] for name in columns} for row in full.tables["pv.csv"]]
        self.path = path
        self._files = full.files()
        self._now: State = {}
        path.mkdir()

    def audit(self, state: State) -> Audit | None:
        for kind, wanted in state.items():
            if self._now.get(kind) != wanted:
                self._put(kind, wanted)
        self._now = state
        try:
            return audited(self.path)
        except NothingReadable:
            return None

    def _put(self, kind: str, state: str) -> None:
        path = self.path / kind
        if state == OTHER_LEVEL:
            path.write_text(samples.RESEARCHERS_COMMUNES, encoding="utf-8")
            return
        if kind not in (night.EXPORTS, night.URNS):
            path.unlink(missing_ok=True)
            if state != ABSENT:
                data = self._files[kind]
                path.write_bytes(data if state == WHOLE else data[: data.index(b"\n") + 1])
            return
        path.mkdir(exist_ok=True)
        for file in path.iterdir():
            file.unlink()
        if state == ABSENT:
            path.rmdir()
        elif state == README:
            (path / "README.txt").write_bytes(b"nothing here\n")
        elif state != EMPTY:
            for name in (name for name in self._files if name.startswith(f"{kind}/")):
                image = bytearray(self._files[name])
                image[0 if kind == night.URNS else 40] ^= 0xFF * (state == DAMAGED)
                (self.path / name).write_bytes(image)


@pytest.mark.check(7)
def test_every_three_kinds_of_evidence_in_every_state(tmp_path: Path) -> None:
    folder, readable = Folder(tmp_path / "night"), 0
    for state in combinations():
        readable += folder.audit(state) is not None
    assert readable > 150


@pytest.mark.parametrize("state", [EMPTY, README, DAMAGED])
def test_images_beside_exports_of_which_none_is_whole(tmp_path: Path, state: str) -> None:
    everything = dict.fromkeys(STATES, WHOLE)
    result = Folder(tmp_path / "night").audit({**everything, night.EXPORTS: state})
    assert result is not None
    assert "M103" in result.coverage.checked
    assert result.coverage.kinds["modules"] == (1, 4)


def test_the_states_are_what_they_say(tmp_path: Path) -> None:
    result = Folder(tmp_path / "night").audit(dict.fromkeys(STATES, WHOLE))
    assert result is not None
    assert {used.path for used in result.inputs} == {*small_night().files(), FILE, night.TABULATION.file}
