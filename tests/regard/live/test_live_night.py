"""`regard live` of a night: its leaves, its cases as their bureaux come in, its checkpoint after interruptions."""

import datetime
import re
from pathlib import Path

import pytest

from protocol.sealing.folder import read_sealed
from protocol.sealing.keys import NoteKeyKind, parse_vkeys, verify
from protocol.sealing.leaves import parse_leaf
from protocol.sealing.notes import parse_checkpoint
from protocol.sealing.tree import HashTree, hash_leaves
from regard.commands.planning.simulate import simulate
from regard.language import show
from regard.live.night import EveningClock, feed, night_to_come
from regard.live.points import awaited_said, read_awaited, write_awaited
from regard.live.store import LiveStore, StoreReader
from regard.live.totals import FollowedTotals
from regard.sealing.gathering import of_evidence
from regard.sealing.places import write_new
from tests.regard.calling import CommandLine
from tests.regard.live.live_nights import come_in, content, note
from tests.verify.night_builder import audited, loaded
from verify.model.findings import Severity


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A simulated night with faults, on machines and on paper."""
    folder = tmp_path_factory.mktemp("live") / "night"
    simulate(folder, communes=["77513", "92077"], seed=5)
    return folder


def test_every_leaf_comes_in_once_in_the_order_of_its_time(night: Path) -> None:
    come = night_to_come(night, 300, 1)
    seconds = [each.second for each in come.evening.returns]
    assert seconds == sorted(seconds)
    assert min(seconds) > 18 * 3600
    sealed = of_evidence(loaded(night), night)
    assert sorted(each.leaf for each in come.evening.returns) == sorted(each.canonical() for each in sealed.leaves)
    assert len({each.key for each in come.evening.returns}) == len(sealed.leaves)
    assert come.evening.editions[-1].size == len(sealed.leaves)
    assert night_to_come(night, 300, 1).evening.digest() == come.evening.digest()
    assert night_to_come(night, 300, 2).evening.digest() != come.evening.digest()
    assert night_to_come(night, 600, 1).evening.digest() != come.evening.digest()


def test_a_case_is_found_when_the_last_of_its_bureaux_has_come_in(night: Path) -> None:
    come = night_to_come(night, 300, 1)
    result = audited(night)
    grave = {f"case {case.number}": case for case in result.cases if case.severity >= Severity.WARNING}
    assert {each.key for each in come.evening.found} == grave.keys() != set()
    index = {each.key: at for at, each in enumerate(come.evening.returns, 1)}
    early = 0
    for each in come.evening.found:
        places = [place for place in grave[each.key].places if place.bureau]
        at = [index[key] for place in places if (key := f"{place.insee}/{place.bureau}/{place.poll or 1}") in index]
        assert each.size == max(at, default=len(index)), each
        early += each.size < len(index)
        assert each.said["fr"] != each.said["en"]
        assert each.second == come.evening.returns[each.size - 1].second
    assert early


def test_the_checkpoint_is_that_of_the_leaves_and_signed(
    night: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = tmp_path / "store"
    assert come_in(night, store) == 0
    shown = capsys.readouterr()
    assert f"The key that signs the editions is new: {store}.key" in shown.err
    returns, found, seals = content(store)
    signed = parse_checkpoint(seals[-1][3].encode())
    tree = HashTree(hash_leaves([each.leaf for each in returns]))
    assert (signed.checkpoint.size, signed.checkpoint.root) == (len(returns), tree.root())
    [key] = parse_vkeys((tmp_path / "store.key.vkey").read_bytes())
    assert verify(signed.note.text, key, signed.note.signatures[0]) == 0
    assert shown.out.endswith(seals[-1][3])
    assert f"{len(returns)} of {len(returns)} returns, {len(found)} finding" in shown.out
    lines = shown.out.removesuffix(seals[-1][3]).splitlines()
    editions = re.sub(r"\n {7}", " ", "\n".join(lines)).splitlines()
    assert [" awaited: " in line for line in editions] == [True] * (len(seals) - 1) + [False]
    with StoreReader(store) as reader:
        names = read_awaited(reader.about["awaited"])
    assert names is not None
    assert all(name and name in shown.out for name in names.values())
    assert max(map(len, lines)) <= 80
    assert len(found) > 1


def test_a_night_that_was_interrupted_ends_with_the_same_checkpoint(
    night: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = tmp_path / "key"
    write_new(key, "example/night")
    whole, disturbed = tmp_path / "whole", tmp_path / "disturbed"
    assert come_in(night, whole, "--key", str(key)) == 0
    come = night_to_come(night, 300, 1)
    with StoreReader(whole) as reader:
        about = reader.about
    with LiveStore(disturbed, about) as store:
        store.commit(come.evening.returns[:1], come.evening.found_between(0, 1))
    assert come_in(night, disturbed, "--key", str(key)) == 0
    assert "1 return was in the store: it is gone on with." in capsys.readouterr().err
    assert content(disturbed) == content(whole)
    assert come_in(night, disturbed, "--key", str(key)) == 0
    assert content(disturbed) == content(whole)


def test_the_sealed_folder_of_the_night_is_proved_and_checked(
    night: Path, tmp_path: Path, cli: CommandLine, capsys: pytest.CaptureFixture[str]
) -> None:
    store, folder, proof = tmp_path / "store", tmp_path / "sealed", tmp_path / "a.tlog-proof"
    assert come_in(night, store, "--sealed", str(folder)) == 0
    sealed = read_sealed(folder)
    returns, _, seals = content(store)
    assert sealed.log.leaves == [each.leaf for each in returns]
    assert [each.note.data.decode() for each in sealed.checkpoints] == [each[3] for each in seals]
    assert {each.name for each in sealed.editions} == {"night"}
    insee, bureau, _ = returns[0].key.split("/")
    cli("prove", folder, insee, bureau, "-o", proof)
    cli("check", proof, "--key", folder / "key.vkey")
    assert come_in(night, store, "--sealed", str(folder)) == 2
    assert "is there already" in capsys.readouterr().err
    assert read_sealed(folder).newest == sealed.newest


def test_another_key_or_other_options_are_refused(
    night: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = tmp_path / "store"
    assert come_in(night, store) == 0
    write_new(tmp_path / "other", "example/other")
    write_new(tmp_path / "timed", "example/timed", NoteKeyKind.ED25519_COSIGNATURE)
    for options, said in (
        (("--key", str(tmp_path / "other")), "of another night, or was begun with other options"),
        (("--seed", "2"), "of another night, or was begun with other options"),
        (("--every", "7"), "of another night, or was begun with other options"),
        (("--key", str(tmp_path / "timed")), "a key of the kind ed25519"),
        (("--watch",), "--watch goes with the folder of a feed"),
    ):
        capsys.readouterr()
        assert come_in(night, store, *options) == 2
        assert said in capsys.readouterr().err


def test_neither_store_nor_key_lies_in_the_night(
    night: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = sorted(night.iterdir())
    assert come_in(night, night / "store") == 2
    said = capsys.readouterr().err
    assert "would be among the evidence" in said
    assert "--force" not in said  # which the command does not have
    assert sorted(night.iterdir()) == before
    (tmp_path / "folder").mkdir()
    assert come_in(night, tmp_path / "folder") == 2  # nothing is made beside what is no file
    assert [each.name for each in tmp_path.iterdir()] == ["folder"]


def test_no_key_is_made_for_what_is_no_night_or_beside_what_is_there(
    night: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document, store = tmp_path / "doc.pdf", tmp_path / "d.live"
    document.write_bytes(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    assert come_in(document, store) == 2
    assert "is new" not in capsys.readouterr().err
    assert [each.name for each in tmp_path.iterdir()] == ["doc.pdf"]
    assert come_in(night, document) == 2  # neither beside what is no store
    (tmp_path / "d.live-wal").mkdir()
    assert come_in(night, store) == 2  # nor where SQLite could not write
    assert {each.name for each in tmp_path.iterdir()} == {"doc.pdf", "d.live-wal"}


def test_a_store_whose_key_is_gone_gets_no_other(
    night: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store, key = tmp_path / "store", tmp_path / "store.key"
    assert come_in(night, store) == 0
    key.unlink()
    (tmp_path / "store.key.vkey").unlink()
    capsys.readouterr()
    assert come_in(night, store) == 2
    assert f"its key is not in {key}: give it with --key" in capsys.readouterr().err
    assert not key.exists()


def test_totals_are_those_of_the_leaves_as_they_come_in(night: Path, tmp_path: Path) -> None:
    come = night_to_come(night, 300, 1)
    store = tmp_path / "store"
    with (
        LiveStore(store, {"kind": "night", "due": str(len(come.evening.returns))}) as writing,
        StoreReader(store) as reader,
    ):
        followed = FollowedTotals(reader)
        for size in (1, 2, 7, len(come.evening.returns)):
            writing.commit(come.evening.returns[writing.count() : size])
            followed.update()
            leaves = [parse_leaf(each.leaf) for each in come.evening.returns[:size]]
            now = followed.points[-1]
            assert (now.there, now.due, followed.size) == (size, len(come.evening.returns), size)
            for name, total in now.figures.items():
                assert total == sum(count for leaf in leaves for of, count in leaf.figures.items() if of == name)
            votes = [each for leaf in leaves for each in leaf.votes]
            assert now.choices == {
                name: sum(each.votes or 0 for each in votes if each.name == name) for name in {v.name for v in votes}
            }
        assert [each.second for each in followed.points] == sorted({each.second for each in followed.points})
        alone = FollowedTotals(reader)
        alone.update()
        assert alone.points[-1] == followed.points[-1]


def test_awaited_bureaux_are_named_by_commune() -> None:
    """Those of communes with the fewest first; another poll is said, and so is a commune without a name of its own."""
    awaited = {f"76351/{at:04}/1": "Le Havre" for at in range(1, 8)}
    awaited |= {
        "29019/0003/1": "Brest",
        "29019/0003/2": "Brest",
        "93066/1/1": "Saint-Denis",
        "97411/1/1": "Saint-Denis",
    }
    awaited["99999/1/1"] = ""
    assert read_awaited(write_awaited(awaited)) == awaited
    said = awaited_said(awaited)
    assert show("en", said) == "12 awaited: 99999 (1); Saint-Denis 93066 (1); Saint-Denis 97411 (1); …"
    assert show("fr", awaited_said({key: name for key, name in awaited.items() if name in ("Brest", "Le Havre")})) == (
        "9 en attente : Brest (0003, 0003 (scrutin 2)) ; Le Havre (0001, 0002, 0003, 0004, +3)"
    )
    assert [read_awaited(text) for text in ("", "[]", '{"a": "b"}', '{"a/b/c": 1}', "[" * 10**5)] == [None] * 5


def test_published_results_of_a_town_come_in(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from tests.verify.published import samples

    file = tmp_path / "2022-presidentielle-t1.csv"
    name = "city-brest"
    file.write_text(samples.TEXTS[name], "utf-8")
    assert come_in(file, tmp_path / "store") == 0
    assert "All 2 returns are in" in capsys.readouterr().err
    for empty in ("empty.csv", "none.csv"):
        (tmp_path / empty).write_text("a;b\n1;2\n", "utf-8")
        assert come_in(tmp_path / empty, tmp_path / f"{empty}.store") == 2
    assert come_in(tmp_path / "nothing", tmp_path / "n.store") == 2
    assert "does not exist" in capsys.readouterr().err


@pytest.mark.check(5)
def test_the_nation_of_2017_adds_up_to_the_official_totals(real_data: Path, tmp_path: Path) -> None:
    file = real_data / "2017-presidentielle-2_par_bureau_large.csv.gz"
    come = night_to_come(file, 300, 1)
    assert len(come.evening.returns) == 69_242
    store = tmp_path / "store"
    with LiveStore(store, {"kind": "night", "due": "69242"}) as writing:
        feed(writing, come.evening, lambda start: EveningClock(start, 0, lambda: 0.0, lambda _: None), note)
    with StoreReader(store) as reader:
        followed = FollowedTotals(reader)
        followed.update()
    assert sorted(followed.points[-1].choices.values()) == [10_638_475, 20_743_128]
    assert datetime.timedelta(seconds=come.evening.returns[-1].second) < datetime.timedelta(hours=30)


def test_help_is_in_both_languages(cli: CommandLine) -> None:
    for language, said in (("en", "minutes of the evening"), ("fr", "minutes")):
        cli("live", "--help", "--lang", language)
        assert said in cli.out
