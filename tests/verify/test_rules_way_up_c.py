"""C126: documents of the way up that are not there."""

from pathlib import Path

import pytest

from protocol.transmission import CORRECTIONS, StepUp
from tests.verify.way_up_nights import audited, found, grave, nation, without

EVERY = [*(step.file for step in StepUp), CORRECTIONS.file]


def test_c126(tmp_path: Path) -> None:
    folder = nation(tmp_path / "n")
    assert not found(folder, "C126")
    without(folder, *EVERY[1:])
    assert {finding.left.source for finding in found(folder, "C126")} == set(EVERY[1:])


@pytest.mark.parametrize("name", EVERY)
def test_each_document_alone_that_is_missing_is_said(tmp_path: Path, name: str) -> None:
    folder = nation(tmp_path / "n")
    without(folder, name)
    assert [finding.left.source for finding in found(folder, "C126")] == [name]
    assert not grave(audited(folder))
