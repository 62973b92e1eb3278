"""The store of a live night: append only, acknowledged when it is on the disk, looked at from its beginning."""

import os
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from protocol.output_refusals import OutputRefused
from protocol.sealing.tree import HashTree, hash_leaf
from regard.live import store as store_module
from regard.live.night import BATCH, EveningClock, editions, feed
from regard.live.store import LiveReturn, LiveStore, StoreReader, StoreRefused
from tests.regard.live.live_nights import ABOUT, about, content, made_up, note, play

NIGHT = made_up(300)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A store with a whole night."""
    place = tmp_path / "soirée #1?.store"
    play(place, NIGHT)
    return place


def change(path: Path, *statements: str) -> None:
    """Do to a store what its own triggers do not allow, and put these back."""
    database = sqlite3.connect(path)
    triggers = database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _ in triggers:
        database.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        database.execute(statement)
    for _, sql in triggers:
        database.execute(sql)
    database.commit()
    database.close()


def test_a_night_has_all_returns_in_their_order_and_the_root_of_their_leaves(path: Path) -> None:
    returns, found, seals = content(path)
    assert returns == NIGHT.returns
    assert found == NIGHT.found
    assert [(size, second) for size, second, _, _ in seals] == [(each.size, each.second) for each in NIGHT.editions]
    for size, _, root, said in seals:
        assert root == HashTree(b"".join(hash_leaf(each.leaf) for each in returns[:size])).root()
        assert said == note(size, root)
    assert seals[-1][0] == 300


def test_it_waits_for_the_disk_and_keeps_a_log(path: Path) -> None:
    with LiveStore(path, about(NIGHT)) as store:
        assert store._database.execute("PRAGMA synchronous").fetchall() == [(2,)]
        assert store._database.execute("PRAGMA journal_mode").fetchall() == [("wal",)]


def test_a_night_that_is_over_is_left_as_it_is(path: Path) -> None:
    before = content(path)
    play(path, NIGHT)
    assert content(path) == before


def test_it_goes_on_from_what_it_has(tmp_path: Path) -> None:
    place = tmp_path / "store"
    for size in (0, 1, 57, NIGHT.editions[0].size, 120):
        with LiveStore(place, about(NIGHT)) as store:
            start = store.count()
            store.commit(NIGHT.returns[start:size], NIGHT.found_between(start, size))
    said: list[int] = []
    play(place, NIGHT, said.append)
    assert said == sorted(said)
    whole = tmp_path / "whole"
    play(whole, NIGHT)
    assert content(place)[0] == content(whole)[0]
    assert content(place)[1] == content(whole)[1]
    assert content(place)[2][-1] == content(whole)[2][-1]


def test_nothing_is_changed_or_taken_away(path: Path) -> None:
    database = sqlite3.connect(path)
    for statement in (
        "UPDATE returns SET leaf = x'00' WHERE number = 3",
        "DELETE FROM returns",
        "UPDATE seals SET root = x'00'",
        "DELETE FROM seals",
        "DELETE FROM found",
        "UPDATE about SET value = ''",
    ):
        with pytest.raises(sqlite3.IntegrityError, match="append only"):
            database.execute(statement)
    database.close()


def test_a_commit_is_all_or_nothing(path: Path) -> None:
    def refuse(size: int, root: bytes) -> str:
        raise StoreRefused(f"{size} {len(root)}")

    before = content(path)
    with LiveStore(path, about(NIGHT)) as store, pytest.raises(StoreRefused, match="301 32"):
        store.commit([NIGHT.returns[0]], seal=(0, refuse))
    assert content(path) == before


def test_a_finding_is_kept_once(path: Path) -> None:
    with LiveStore(path, about(NIGHT)) as store:
        store.commit(findings=[NIGHT.found[0], replace(NIGHT.found[0], key="another")])
    assert [each.key for each in content(path)[1]] == [*(each.key for each in NIGHT.found), "another"]


def test_one_process_at_a_time_appends(path: Path) -> None:
    """The second is refused, and the first goes on; what a dead one held is free."""
    path.with_name(f".{path.name}.lock").write_bytes(b"")
    with LiveStore(path, about(NIGHT)) as store:
        with pytest.raises(OutputRefused, match="is being written by another process"):
            LiveStore(path, about(NIGHT))
        store.commit([NIGHT.returns[0]])
    with LiveStore(path, about(NIGHT)) as store:
        assert store.count() == 301
    assert [each.name for each in path.parent.iterdir() if each.name.endswith(".lock")] == []


def test_a_store_that_says_less_than_a_new_one_is_gone_on_with(path: Path) -> None:
    with LiveStore(path, {**about(NIGHT), "further": "x"}) as store:
        assert store.count() == 300
    with pytest.raises(StoreRefused, match="a later version"):
        LiveStore(path, {name: said for name, said in about(NIGHT).items() if name != "awaited"})


def test_another_night_is_refused(path: Path) -> None:
    with pytest.raises(StoreRefused, match="another night"):
        LiveStore(path, about(made_up(300, seed=2)))


def test_reading_goes_on_while_it_is_written(path: Path) -> None:
    with StoreReader(path) as reader, LiveStore(path, about(NIGHT)) as store:
        assert reader.size() == 300
        store.commit([NIGHT.returns[0]])
        assert reader.size() == 301
        assert [each.key for _, each in reader.returns(299)] == [NIGHT.returns[299].key, NIGHT.returns[0].key]
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            reader._database.execute("INSERT INTO about VALUES ('a', 'b')")


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE returns SET leaf = x'7b7d' WHERE number = 3", "are not those that were sealed"),
        ("DELETE FROM returns WHERE number = 299", "300 returns were sealed, 299 are there"),
        ("DELETE FROM returns WHERE number = 3", "return 3 is missing"),
        ("UPDATE returns SET leaf = 'text' WHERE number = 3", "return 3 is missing or no return"),
        ("UPDATE returns SET leaf = zeroblob(2000000) WHERE number = 3", "return 3 is missing or no return"),
        ("UPDATE returns SET second = 'x' WHERE number = 3", "return 3 is missing or no return"),
        ("UPDATE seals SET root = x'00' WHERE size = 300", "are not those that were sealed"),
        ("UPDATE seals SET size = -1 WHERE size = 300", "are not those that were sealed"),
        ("UPDATE seals SET note = x'00' WHERE size = 300", "a seal that is none"),
        ("UPDATE returns SET key = CAST(x'ff' AS TEXT) WHERE number = 3", "cannot be used"),
        ("CREATE VIEW v AS SELECT 1", "its tables are not those of a store"),
        ("ALTER TABLE found ADD COLUMN x", "its tables are not those of a store"),
        ("DROP TABLE found", "its tables are not those of a store"),
    ],
)
def test_what_was_changed_is_seen(path: Path, statement: str, said: str) -> None:
    if statement.startswith("DROP"):
        database = sqlite3.connect(path)
        database.execute(statement)
        database.close()
    else:
        change(path, statement)
    with pytest.raises(StoreRefused, match=said):
        LiveStore(path, about(NIGHT))


@pytest.mark.parametrize("column", ["place", "said"])
@pytest.mark.parametrize("text", ["{", "[]", '{"en": 1}', "[" * 100_000])
def test_a_finding_that_is_none_is_seen(path: Path, column: str, text: str) -> None:
    change(path, f"UPDATE found SET {column} = '{text}' WHERE number = 2")  # noqa: S608
    with StoreReader(path) as reader, pytest.raises(StoreRefused, match="a finding that is none"):
        reader.found()


def test_every_damaged_byte_is_a_message_or_harmless(path: Path) -> None:
    whole = path.read_bytes()
    refused = 0
    for at in range(0, len(whole), 977):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :])
        try:
            LiveStore(path, about(NIGHT)).close()
        except StoreRefused:
            refused += 1
    assert refused > 20
    for size in (0, 10, 100, 4096, 5000, len(whole) // 2):
        path.write_bytes(whole[:size])
        with pytest.raises(StoreRefused):
            LiveStore(path, about(NIGHT))


def test_what_is_no_store_is_refused(tmp_path: Path) -> None:
    text, other, folder, link = (tmp_path / name for name in ("a.txt", "b.db", "c", "d"))
    text.write_bytes(b"insee;bureau\n" * 100)
    database = sqlite3.connect(other)
    database.execute("CREATE TABLE t (a)")
    database.close()
    folder.mkdir()
    link.symlink_to(text)
    for place in (text, other, tmp_path / "nothing"):
        with pytest.raises(StoreRefused):
            StoreReader(place)
    for place in (text, other):
        before = place.read_bytes()
        with pytest.raises(StoreRefused, match="no store of a live night"):
            LiveStore(place, ABOUT)
        assert place.read_bytes() == before
    for place in (folder, link, tmp_path / "no folder" / "store"):
        with pytest.raises(OutputRefused):
            LiveStore(place, ABOUT)


def test_a_link_beside_the_store_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "store-wal").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OutputRefused, match="a link"):
        LiveStore(tmp_path / "store", ABOUT)
    assert not (tmp_path / "elsewhere").exists()


def test_it_is_not_begun_among_the_evidence(tmp_path: Path) -> None:
    with pytest.raises(OutputRefused, match="among the evidence"):
        LiveStore(tmp_path / "store", ABOUT, [tmp_path])
    assert list(tmp_path.iterdir()) == []


def test_what_a_dead_process_began_is_replaced(tmp_path: Path) -> None:
    (tmp_path / ".store.regard").write_bytes(b"half")
    (tmp_path / ".store.regard-wal").write_bytes(b"half")
    LiveStore(tmp_path / "store", ABOUT).close()
    assert [each.name for each in tmp_path.iterdir()] == ["store"]


@pytest.mark.parametrize("where", ["connect", "cause", "os.link"])
def test_nothing_stays_of_a_store_whose_beginning_is_interrupted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    real = store_module.connect

    def interrupted(*_: object) -> sqlite3.Connection:
        real(*_).close()  # type: ignore[arg-type]
        raise KeyboardInterrupt

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    if where == "connect":
        monkeypatch.setattr(store_module, "connect", interrupted)
    elif where == "cause":
        monkeypatch.setattr(store_module, "SCHEMA", ("no SQL",))
        monkeypatch.setattr(store_module, "cause", stop)
    else:
        monkeypatch.setattr(os, "link", stop)
    with pytest.raises(KeyboardInterrupt):
        store_module.make(tmp_path / "night.live", {"a": "b"})
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_said(path: Path) -> None:
    with LiveStore(path, about(NIGHT)) as store:
        [(pages,)] = store._database.execute("PRAGMA page_count")
        store._database.execute(f"PRAGMA max_page_count={pages}")
        with pytest.raises(StoreRefused, match="cannot be used: database or disk is full"):
            store.commit([replace(NIGHT.returns[0], data=bytes(100_000))])
    assert len(content(path)[0]) == 300


def test_editions_are_sealed_when_something_came_in() -> None:
    seconds = [10, 20, 299, 300, 301, 1500]
    assert [(each.second, each.size) for each in editions(seconds, 300)] == [(300, 3), (600, 5), (1800, 6)]
    assert editions([], 300) == []


def test_returns_are_committed_as_they_come_in(tmp_path: Path) -> None:
    """With a clock in made-up time: nothing before its second, several at once only where they came at once."""
    now, paused = [0.0], list[float]()

    def pause(seconds: float) -> None:
        paused.append(seconds)
        now[0] += seconds

    said: list[tuple[int, float]] = []
    with LiveStore(tmp_path / "store", about(NIGHT)) as store:
        feed(
            store,
            NIGHT,
            lambda start: EveningClock(start, 60, lambda: now[0], pause),
            note,
            lambda size: said.append((size, now[0])),
        )
    start = NIGHT.returns[0].second
    for size, second in said:
        assert NIGHT.returns[size - 1].second - start <= second * 60
        assert size == 300 or NIGHT.returns[size].second - start > second * 60 - 61
    assert now[0] >= (NIGHT.editions[-1].second - start) / 60
    assert len(said) > 200
    assert min(paused) > 0


def test_much_at_once_is_committed_in_parts(tmp_path: Path) -> None:
    many = made_up(2 * BATCH + 10, every=24 * 3600)
    said: list[int] = []
    play(tmp_path / "store", many, said.append)
    assert said == [BATCH, 2 * BATCH, 2 * BATCH + 10, 2 * BATCH + 10]


def test_a_leaf_of_another_key_order_is_another_night() -> None:
    first, second, *rest = NIGHT.returns
    swapped = replace(
        NIGHT, returns=[replace(second, second=first.second), replace(first, second=second.second), *rest]
    )
    assert swapped.digest() != NIGHT.digest()
    assert replace(NIGHT, editions=NIGHT.editions[1:]).digest() != NIGHT.digest()
    assert LiveReturn("a", 1, b"", "") == LiveReturn("a", 1, b"", "", b"")
