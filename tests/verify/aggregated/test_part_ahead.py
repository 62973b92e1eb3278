"""The part that comes next is read meanwhile, and what is found in the tables is the same."""

import threading
from pathlib import Path

import pytest

from protocol.errors import InputError
from tests.verify.aggregated.tables import small, written
from verify.model.published import Published
from verify.read.aggregated import sources as parts
from verify.read.aggregated.history import open_history
from verify.read.aggregated.sources import Columns
from verify.read.ahead import Ahead


def described(table: Published) -> tuple[object, ...]:
    columns = (table.row, table.insee, table.bureau, *table.counts.values(), table.votes, table.vote_unit, table.panel)
    return table.title, table.labels, table.problems, [each.tolist() for each in columns]


def all_of(paths: tuple[Path, Path]) -> list[tuple[object, ...]]:
    """All elections; the last of them, then the first, as well."""
    found = open_history(paths)
    try:
        elections = found.elections()
        return [described(found.election(each)) for each in (*elections, elections[-1], elections[0])]
    finally:
        found.close()


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """For each part that was read ahead and is asked for, whether it was there."""
    taken: list[bool] = []
    take = Ahead.take

    def noted(self: Ahead[Columns]) -> Columns | None:
        found = take(self)
        taken.append(found is not None)
        return found

    monkeypatch.setattr(Ahead, "take", noted)
    return taken


@pytest.mark.parametrize("form", ["parquet", "parquet of texts", "csv"])
def test_the_elections_are_as_they_are_one_part_after_the_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, taken: list[bool], form: str
) -> None:
    monkeypatch.setattr("verify.read.aggregated.sources._PIECE", 300)
    paths = written(tmp_path, small(), form=form)
    found = all_of(paths)
    assert taken
    assert all(taken)
    taken.clear()
    monkeypatch.setattr(parts, "_SMALL", 10)
    assert all_of(paths) == found
    assert not taken  # no part is so small


def test_without_room_for_a_thread_a_part_is_read_in_its_turn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, taken: list[bool]
) -> None:
    paths = written(tmp_path, small())
    found = all_of(paths)

    def refuse(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    taken.clear()
    monkeypatch.setattr(threading.Thread, "start", refuse)
    assert all_of(paths) == found
    assert taken
    assert not any(taken)


def test_what_is_raised_there_is_raised_when_its_turn_comes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, taken: list[bool]
) -> None:
    monkeypatch.setattr("verify.read.aggregated.sources._PIECE", 100)
    paths = written(tmp_path, small(), form="csv")
    found = open_history(paths)
    table = found.election("2022_pres_t1")
    paths[0].write_bytes(paths[0].read_bytes() + b"\n")
    taken.clear()
    with pytest.raises(InputError, match="a file that nobody writes to meanwhile") as raised:
        found.election("2022_pres_t2")
    found.close()
    assert raised.value.file == str(paths[0])
    assert False in taken
    assert table.problems == ()


def test_a_file_is_closed_when_nothing_is_read_of_it(tmp_path: Path) -> None:
    begun, go = threading.Event(), threading.Event()
    ended: list[int] = []

    def read() -> Columns:
        begun.set()
        go.wait(60)
        ended.append(1)
        return {}

    found = open_history(written(tmp_path, small()))
    own = found.sources[0].parts
    own._ahead = 1, Ahead(read)
    begun.wait(60)
    threading.Timer(0.05, go.set).start()
    found.close()
    assert ended == [1]
