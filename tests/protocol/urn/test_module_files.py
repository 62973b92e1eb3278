"""Files and folders of module images: everything readable is read, the rest is named, memory is bounded."""

import hashlib
import os
from pathlib import Path

import pytest

from protocol.urn import files as module_files
from protocol.urn.files import read_urn_images
from protocol.urn.image import IMAGE_SIZE
from tests.protocol.urn.module_images import closed, example


def test_a_folder_with_all_kinds_of_things(tmp_path: Path) -> None:
    (tmp_path / "a.urn").write_bytes(example())
    (tmp_path / "b.urn").write_bytes(example()[:-1])
    (tmp_path / "c.urn").write_bytes(b"")
    with (tmp_path / "d.urn").open("wb") as file:
        file.truncate(10**10)  # sparse
    os.mkfifo(tmp_path / "e.urn")
    (tmp_path / "f.urn").symlink_to(tmp_path / "nowhere")
    (tmp_path / "g.urn").write_bytes(closed(3, voters=7).image())
    reading = read_urn_images([tmp_path, tmp_path / "missing"])
    assert [file.path.name for file in reading.files] == [*(f"{name}.urn" for name in "abcdefg"), "missing"]
    assert reading.file.tolist() == [0, 6]
    assert reading.urns.columns["enablings"].tolist() == [4, 7]
    assert reading.files[0].sha256 == hashlib.sha256(example()).hexdigest()
    problems = [str(file.problem) for file in reading.files]
    assert problems[0] == problems[6] == "None"
    assert problems[1] == f"image at byte {IMAGE_SIZE - 1}: expected {IMAGE_SIZE} bytes, got {IMAGE_SIZE - 1} bytes"
    assert problems[2] == f"image at byte 0: expected {IMAGE_SIZE} bytes, got 0 bytes"
    assert "10000000000 bytes" in problems[3]
    assert "a regular file" in problems[4]
    assert "a link that leads nowhere" in problems[5]


def test_blocks_join_without_a_seam(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module_files, "_BLOCK", 2)
    for number in range(5):
        image = bytearray(closed(3, voters=number + 1).image())
        image[0x8000 + 4 * 4000] &= 0x7F
        image[0x8C] = 3  # the round
        (tmp_path / f"{number}.urn").write_bytes(image)
    seen: list[int] = []
    reading = read_urn_images([tmp_path], seen.append)
    assert seen == [2, 4]
    assert reading.urns.columns["enablings"].tolist() == [1, 2, 3, 4, 5]
    assert sorted(set(reading.urns.slots["image"].tolist())) == [0, 1, 2, 3, 4]
    assert sorted(set(reading.urns.events["image"].tolist())) == [0, 1, 2, 3, 4]
    assert sorted(reading.reasons) == [0, 1, 2, 3, 4]


def test_no_file_at_all() -> None:
    reading = read_urn_images([])
    urns = reading.urns
    assert (len(urns.columns), len(urns.slots), len(urns.events), reading.files) == (0, 0, 0, ())
