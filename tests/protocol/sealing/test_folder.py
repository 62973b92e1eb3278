"""Sealed folders: appended to, never changed; whole at every moment; damage is refused."""

import dataclasses
import datetime
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import protocol.files
import protocol.sealing.folder
from protocol.errors import InputError, RegardError
from protocol.output_refusals import OutputRefused
from protocol.sealing.folder import SealedEdition, SealedInput, Sealing, editions_bytes, parse_editions, read_sealed
from protocol.sealing.keys import PrivateKey
from protocol.sealing.leaves import Leaf, LeafElection
from protocol.sealing.log import Appended, SealedLog
from protocol.sealing.notes import SignedCheckpoint
from protocol.sealing.proofs import check_proof
from protocol.sealing.seal_error import SealError
from protocol.sealing.tree import is_continued
from tests.protocol.sealing.samples import AT, a_leaf, files_of, key, leaves

KEY = key()
LATER = AT + datetime.timedelta(hours=2)
INPUTS = (SealedInput("pv.csv", "0b" * 32),)


def seal(
    folder: Path,
    entries: list[Leaf],
    edition: str = "night",
    at: datetime.datetime = AT,
    keys: tuple[PrivateKey, ...] = (KEY,),
) -> Appended:
    with Sealing(folder, keys) as sealing:
        return sealing.seal(entries, edition, at, INPUTS)


@pytest.fixture
def sealed(tmp_path: Path) -> Path:
    """A folder with two checkpoints and three editions."""
    folder = tmp_path / "sealed"
    seal(folder, leaves(5))
    seal(folder, [*leaves(4), a_leaf("0005", 390)], "provisional", LATER)
    seal(folder, [*leaves(4), a_leaf("0005", 390)], "definitive", LATER)
    return folder


def test_what_is_in_a_sealed_folder(tmp_path: Path) -> None:
    appended = seal(tmp_path / "sealed", leaves(3)[::-1])
    files = files_of(tmp_path / "sealed")
    assert sorted(files) == ["checkpoint", "checkpoints/00000003.txt", "editions.jsonl", "key.vkey", "leaves.jsonl"]
    assert files["leaves.jsonl"] == b"".join(each.canonical() + b"\n" for each in leaves(3))
    assert files["checkpoint"] == files["checkpoints/00000003.txt"]
    assert files["key.vkey"].decode() == f"{KEY.public.vkey}\n"
    assert KEY.skey.encode() not in b"".join(files.values())
    [edition] = parse_editions(files["editions.jsonl"])
    assert edition == SealedEdition("night", 3, AT, INPUTS)
    places = tuple(each.place for each in leaves(3))
    assert appended == Appended(places, (), 0, ())
    found = read_sealed(tmp_path / "sealed")
    assert (found.keys, found.editions, found.behind) == ((KEY.public,), (edition,), False)


def test_leaves_are_sorted_by_poll_commune_and_bureau(tmp_path: Path) -> None:
    entries = [a_leaf("0002"), a_leaf("0001", poll="2"), a_leaf("0001", insee="01001"), a_leaf("0001"), a_leaf("01.1")]
    seal(tmp_path / "sealed", entries)
    log = read_sealed(tmp_path / "sealed").log
    assert list(log.latest) == [
        ("1", "01001", "0001"),
        ("1", "76351", "0001"),
        ("1", "76351", "0002"),
        ("1", "76351", "01.1"),
        ("2", "76351", "0001"),
    ]


def test_a_night_sealed_twice_without_change_adds_nothing(tmp_path: Path) -> None:
    seal(tmp_path / "sealed", leaves())
    before = files_of(tmp_path / "sealed")
    assert seal(tmp_path / "sealed", leaves(), at=LATER) == Appended((), (), 5, ())
    assert files_of(tmp_path / "sealed") == before


def test_what_changed_is_appended_and_names_what_it_replaces(sealed: Path) -> None:
    found = read_sealed(sealed)
    assert found.log.leaves[:5] == [each.canonical() for each in leaves(5)]
    assert found.log.leaf(5) == a_leaf("0005", 390).replacing(4)
    assert found.log.latest[("1", "76351", "0005")] == 5
    assert [(each.name, each.size) for each in found.editions] == [("night", 5), ("provisional", 6), ("definitive", 6)]
    assert sorted(each.name for each in (sealed / "checkpoints").iterdir()) == ["00000005.txt", "00000006.txt"]
    first, second = (each.checkpoint for each in found.checkpoints)
    assert is_continued(first.size, first.root, second.size, second.root, found.log.tree.consistency(5))
    assert seal(sealed, [*leaves(4), a_leaf("0005")], "definitive", LATER).replaced == (("1", "76351", "0005"),)
    assert read_sealed(sealed).log.leaf(6).replaces == 5


def test_what_is_no_longer_in_the_evidence_stays(sealed: Path) -> None:
    appended = seal(sealed, leaves(3), "definitive", LATER)
    assert appended == Appended((), (), 3, (("1", "76351", "0004"), ("1", "76351", "0005")))
    assert read_sealed(sealed).log.tree.size == 6


def test_the_newest_leaf_of_a_bureau_is_proved(sealed: Path) -> None:
    found = read_sealed(sealed)
    proof = found.prove_leaf(found.log.latest["1", "76351", "0005"])
    check = check_proof(proof, found.keys, {"votes:1": 390})
    assert (check.fault, check.index) == (None, 5)


def test_two_leaves_of_one_bureau(tmp_path: Path) -> None:
    with pytest.raises(SealError, match="two leaves for bureau 0001 of 76351"):
        seal(tmp_path / "sealed", [a_leaf("0001"), a_leaf("0002"), a_leaf("0001", 3)])
    with pytest.raises(SealError, match="nothing is sealed"):
        read_sealed(tmp_path / "sealed")


def test_nothing_to_seal(tmp_path: Path) -> None:
    with pytest.raises(SealError, match="nothing to seal"):
        seal(tmp_path / "sealed", [])


@pytest.mark.parametrize("edition", ["", " ", "x" * 81, "a\nb"])
def test_a_name_that_no_edition_has(tmp_path: Path, edition: str) -> None:
    with pytest.raises(SealError, match="edition"):
        seal(tmp_path / "sealed", leaves(), edition)


def test_another_key_is_refused(sealed: Path) -> None:
    before = files_of(sealed)
    with pytest.raises(SealError, match="another key"):
        seal(sealed, leaves(), keys=(key(),))
    assert files_of(sealed) == before


def test_only_one_process_seals(sealed: Path) -> None:
    with Sealing(sealed, [KEY]), pytest.raises(OutputRefused, match="another process"):
        seal(sealed, leaves())
    seal(sealed, leaves(), "definitive")


def test_a_folder_with_something_else_in_it_is_not_sealed(tmp_path: Path) -> None:
    (tmp_path / "sealed").mkdir()
    (tmp_path / "sealed" / ".hidden").touch()
    (tmp_path / "sealed" / "scan.pdf").touch()
    with pytest.raises(OutputRefused, match=r"scan\.pdf is in it"):
        seal(tmp_path / "sealed", leaves())
    assert sorted(each.name for each in (tmp_path / "sealed").iterdir()) == [".hidden", "scan.pdf"]
    (tmp_path / "sealed" / "scan.pdf").unlink()
    seal(tmp_path / "sealed", leaves())


def test_a_seal_that_ends_while_the_folder_is_read(sealed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    listed, once = protocol.sealing.folder._checkpoints, iter([True])

    def sealed_meanwhile(folder: Path) -> tuple[SignedCheckpoint, ...]:
        found = listed(folder)
        if next(once, False):
            seal(folder, leaves(9), "definitive", LATER)
        return found

    monkeypatch.setattr(protocol.sealing.folder, "_checkpoints", sealed_meanwhile)
    found = read_sealed(sealed)
    assert (found.log.tree.size, len(found.editions)) == (6, 3)
    assert read_sealed(sealed).log.tree.size == 11


def test_one_process_seals_again_and_again(tmp_path: Path) -> None:
    with Sealing(tmp_path / "sealed", [KEY]) as sealing:
        for count in (2, 3, 5):
            sealing.seal(leaves(count), "night", AT, INPUTS)
            now = read_sealed(tmp_path / "sealed")
            assert now.checkpoints == sealing.sealed.checkpoints
            assert now.editions == sealing.sealed.editions
            assert now.log.leaves == sealing.sealed.log.leaves
    assert [each.checkpoint.size for each in now.checkpoints] == [2, 3, 5]


def test_any_changed_byte_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "sealed"
    short = Leaf(LeafElection("x"), "1", "1", figures={"blank": 1})
    seal(folder, [short, dataclasses.replace(short, bureau="2")])
    seal(folder, [dataclasses.replace(short, figures={})], "provisional", LATER)
    for name, data in files_of(folder).items():
        for at in range(len(data)):
            (folder / name).write_bytes(data[:at] + bytes([data[at] ^ (1 << at % 8)]) + data[at + 1 :])
            with pytest.raises(RegardError):
                read_sealed(folder)
        (folder / name).write_bytes(data)
    read_sealed(folder)


@settings(max_examples=50)
@given(st.data())
def test_any_damage_is_refused_or_no_damage(tmp_path_factory: pytest.TempPathFactory, draw: st.DataObject) -> None:
    """Cut, replaced or emptied: what is read is what was sealed, or nothing is."""
    folder = tmp_path_factory.mktemp("night") / "sealed"
    seal(folder, leaves(3))
    whole = read_sealed(folder)
    name = draw.draw(st.sampled_from(sorted(files_of(folder))))
    data = (folder / name).read_bytes()
    start = draw.draw(st.integers(0, len(data)))
    end = draw.draw(st.integers(start, len(data)))
    (folder / name).write_bytes(data[:start] + draw.draw(st.binary(max_size=5)) + data[end:])
    try:
        found = read_sealed(folder)
    except RegardError:
        return
    assert (found.log.leaves, found.checkpoints, found.keys) == (whole.log.leaves, whole.checkpoints, whole.keys)
    assert found.editions == whole.editions


def test_a_missing_file_is_refused(sealed: Path) -> None:
    for name, data in files_of(sealed).items():
        if name in ("checkpoint", "checkpoints/00000006.txt"):
            continue  # as if the last seal had not come to its end
        (sealed / name).unlink()
        with pytest.raises(RegardError):
            read_sealed(sealed)
        (sealed / name).write_bytes(data)
    read_sealed(sealed)


def test_a_checkpoint_by_another_name_is_refused(sealed: Path) -> None:
    (sealed / "checkpoints" / "00000006.txt").rename(sealed / "checkpoints" / "00000007.txt")
    with pytest.raises(SealError, match="another than its name says"):
        read_sealed(sealed)


def test_checkpoints_that_are_no_folder_are_refused(sealed: Path) -> None:
    (sealed / "checkpoints").rename(sealed / "elsewhere")
    (sealed / "checkpoints").write_text("x")
    with pytest.raises(SealError, match="checkpoints"):
        read_sealed(sealed)


def test_a_file_among_the_checkpoints_is_refused(sealed: Path) -> None:
    (sealed / "checkpoints" / "notes.txt").write_text("x")
    with pytest.raises(SealError, match="name of a checkpoint"):
        read_sealed(sealed)


def test_a_log_that_was_rewritten_is_not_gone_on_with(sealed: Path) -> None:
    lines = (sealed / "leaves.jsonl").read_bytes().splitlines(keepends=True)
    lines[0] = a_leaf("0001", 1).canonical() + b"\n"
    (sealed / "leaves.jsonl").write_bytes(b"".join(lines))
    before = files_of(sealed)
    with pytest.raises(SealError, match="do not give the root"):
        seal(sealed, leaves(), "definitive", LATER)
    assert files_of(sealed) == before


def test_a_leaf_says_which_one_it_replaces() -> None:
    first, second = a_leaf("0001"), a_leaf("0001", 1)
    SealedLog([first.canonical(), second.replacing(0).canonical()])
    for wrong in (None, 1, 2):
        with pytest.raises(SealError, match="leaf 2 does not say"):
            SealedLog([first.canonical(), second.replacing(wrong).canonical()])
    with pytest.raises(SealError, match="leaf 1 does not say"):
        SealedLog([first.replacing(0).canonical()])


def test_a_seal_stopped_at_any_write_leaves_an_edition_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And the next seal comes to where an undisturbed one would have."""
    write = protocol.files.write
    writes: list[str] = []

    def noted(path: Path, data: bytes, **given: Any) -> None:
        writes.append(path.name)
        write(path, data, **given)

    monkeypatch.setattr(protocol.sealing.folder, "write", noted)
    changed = [*leaves(4), a_leaf("0005", 390)]
    undisturbed = tmp_path / "undisturbed"
    for entries, edition in ((leaves(5), "night"), (changed, "provisional")):
        seal(undisturbed, entries, edition)
    assert writes[-5:] == ["key.vkey", "leaves.jsonl", "editions.jsonl", "00000006.txt", "checkpoint"]
    for stop in range(10):
        folder, left = tmp_path / f"stopped-{stop}", iter(range(stop + 1, 0, -1))

        def stopped(path: Path, data: bytes, left: Any = left, **given: Any) -> None:
            if next(left, 0) == 1:
                raise KeyboardInterrupt
            write(path, data, **given)

        monkeypatch.setattr(protocol.sealing.folder, "write", stopped)
        with pytest.raises(KeyboardInterrupt):  # noqa: PT012 - which of the two is stopped depends on where
            seal(folder, leaves(5), "night")
            seal(folder, changed, "provisional")
        monkeypatch.setattr(protocol.sealing.folder, "write", write)
        if stop < 4:
            with pytest.raises(SealError, match="nothing is sealed"):
                read_sealed(folder)
        else:
            found = read_sealed(folder)
            assert found.newest.checkpoint.size == (5 if stop < 9 else 6)
            assert [each.name for each in found.editions] == ["night", "provisional"][: len(found.checkpoints)]
        seal(folder, leaves(5) if stop < 5 else changed, "night" if stop < 5 else "provisional")
        seal(folder, changed, "provisional")
        assert files_of(folder) == files_of(undisturbed)


def test_what_could_not_be_stored_is_sealed_the_next_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, data: bytes) -> None:
        raise OSError(28, "No space left on device")

    with Sealing(tmp_path / "sealed", [KEY]) as sealing:
        sealing.seal(leaves(3), "night", AT, INPUTS)
        with monkeypatch.context() as patch:
            patch.setattr(protocol.sealing.folder, "write", full)
            with pytest.raises(OSError, match="No space"):
                sealing.seal(leaves(5), "night", AT, INPUTS)
        assert sealing.sealed.log.tree.size == 3
        assert len(sealing.seal(leaves(5), "night", AT, INPUTS).new) == 2
    assert read_sealed(tmp_path / "sealed").log.tree.size == 5


@pytest.mark.parametrize(
    "name", ["leaves.jsonl", "key.vkey", "editions.jsonl", "checkpoint", "checkpoints/00000005.txt"]
)
def test_what_is_no_regular_file_is_refused(sealed: Path, tmp_path: Path, name: str) -> None:
    data = (sealed / name).read_bytes()
    (sealed / name).unlink()
    (tmp_path / "outside").write_bytes(data)
    (sealed / name).symlink_to(tmp_path / "outside")
    with pytest.raises(InputError, match="leads out of it"):
        read_sealed(sealed)
    (sealed / name).unlink()
    os.mkfifo(sealed / name)
    with pytest.raises(RegardError):
        read_sealed(sealed)


def test_editions_are_read_as_they_are_written() -> None:
    editions = (SealedEdition("night", 1, AT), SealedEdition("définitive", 2, LATER, INPUTS))
    assert parse_editions(editions_bytes(editions)) == editions
    [line, _] = editions_bytes(editions[1:]).split(b"\n")
    for bad in (b"", b"{}", b"[]", b"\xff", line.replace(b"2", b"3"), line + b" ", line.replace(b"0b", b"0B")):
        with pytest.raises(SealError, match="line 2 is no edition"):
            parse_editions(editions_bytes(editions[:1]) + bad + b"\n")
    with pytest.raises(SealError, match="line 2"):
        parse_editions(editions_bytes(editions)[:-1])


def test_editions_are_those_of_the_checkpoints(sealed: Path) -> None:
    editions = read_sealed(sealed).editions
    for wrong in (editions[:1], editions[1:], editions[::-1], (*editions, dataclasses.replace(editions[0], size=4))):
        (sealed / "editions.jsonl").write_bytes(editions_bytes(wrong))
        with pytest.raises(SealError, match="not those of the checkpoints"):
            read_sealed(sealed)
