"""The benchmark of reading: all ways do the same work, and a line of the table each."""

import re
from collections.abc import Callable

import numpy as np
import pytest

from bench import __main__ as dispatcher
from bench import parse, timing
from protocol.export import record as export
from protocol.export.columns import build_many
from protocol.export.record import DTYPE, RECORD_LENGTH
from tests.protocol.export.records import checked

COUNT = 60
GOOD = build_many(parse.exports(COUNT, 12))


def all_ways(data: bytes) -> dict[str, Callable[[], int]]:
    count = len(data) // RECORD_LENGTH
    return {
        "regard": lambda: parse.ours(np.frombuffer(data, DTYPE)),
        "construct, interpreted": lambda: parse.with_construct(data, count),
    }


def with_number(data: bytes, number: int, field: str, value: int) -> bytes:
    """The batch with another value in a field of one record, and a right checksum."""
    start = number * RECORD_LENGTH
    place, size = export.PLACES[field]
    record = data[start : start + RECORD_LENGTH]
    record = checked(record[:place] + value.to_bytes(size, "big") + record[place + size :])
    return data[:start] + record + data[start + RECORD_LENGTH :]


def test_every_way_finds_the_records_that_do_not_add_up() -> None:
    for name in all_ways(GOOD):
        assert all_ways(GOOD)[name]() == 0
        wrong = with_number(with_number(GOOD, 3, "cast", 77_777), 59, "blank", 77_777)
        assert all_ways(wrong)[name]() == 2


@pytest.mark.parametrize("name", list(all_ways(GOOD))[1:])
@pytest.mark.parametrize(("field", "value"), [("poll", 6), ("choices", 2), ("date", 20220231), ("blank", 2**28)])
def test_every_way_keeps_the_bounds(name: str, field: str, value: int) -> None:
    with pytest.raises(ValueError, match=r"out of bounds|day|range"):
        all_ways(with_number(GOOD, 5, field, value))[name]()


def test_ours_sets_aside_what_is_out_of_bounds() -> None:
    wrong = with_number(with_number(GOOD, 5, "poll", 6), 5, "cast", 77_777)
    assert parse.ours(np.frombuffer(wrong, DTYPE)) == 0


def test_the_exports_are_the_same_for_the_same_seed() -> None:
    assert build_many(parse.exports(COUNT, 12)) == GOOD
    assert build_many(parse.exports(COUNT, 12, seed=1)) != GOOD


def test_the_table_has_a_line_for_each_way(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    for bound, value in (("BOUND_CONSTRUCT", 0.0), ("BOUND_MEMCPY", 1e9), ("BOUND_CRC", 1e9)):
        monkeypatch.setattr(parse, bound, value)
    assert parse.main(count=200, rounds=1)
    out = capsys.readouterr().out
    for name in ("memcpy", "regard", "construct, interpreted", "checksums"):
        assert re.search(rf"^{name} +[\d.,]+ +[\d.,]+ +[\d.,]+$", out, re.MULTILINE), name
    assert "reads a sample" in out
    assert out.count("held") == 3


def test_ways_are_run_in_turn_and_the_first_round_does_not_count() -> None:
    order: list[str] = []
    times = timing.in_turn({"a": (2, lambda: order.append("a")), "b": (1, lambda: order.append("b"))}, 3)
    assert order == ["a", "b"] * 4
    assert len(times["a"].nanoseconds) == 3
    assert timing.Times(2, (30, 10, 50)).best == 5
    assert timing.Times(2, (30, 10, 50)).median == 15


def test_a_copy_is_a_copy() -> None:
    assert timing.memcpy(b"abc")().tobytes() == b"abc"


def test_the_parameters_of_a_benchmark_are_its_options(capsys: pytest.CaptureFixture[str]) -> None:
    assert dispatcher.main(["recount", "--count", "2", "--rounds", "1"]) in (0, 1)
    assert "2 images" in capsys.readouterr().out


def test_a_process_is_measured_and_its_failure_is_an_error() -> None:
    used = timing.measure(["-c", "print('done')"])
    assert used.said == "done"
    assert 0 < used.processor
    assert 0 < used.megabytes < 1000
    with pytest.raises(RuntimeError, match="ended with 1"):
        timing.measure(["-c", "raise SystemExit(1)"])
    timing.measure(["-c", "raise SystemExit(1)"], findings=True)


def test_benchmarks_are_listed_with_what_they_measure(capsys: pytest.CaptureFixture[str]) -> None:
    known = dispatcher.benchmarks()
    assert "parse" in known
    assert not {"timing", "__main__", "__init__"} & set(known)
    assert dispatcher.main(["--help"]) == 0
    assert dispatcher.main(["none"]) == 2
    assert "parse" in capsys.readouterr().out
