"""The fuzzing itself: it sees exceptions, hangs and much memory, and goes on from what reached something new."""

import gzip
import itertools
import sys
import time
import zlib
from pathlib import Path

import pytest

from tests.fuzz import _guided
from tests.fuzz._guided import Bounds, Effort
from verify.read.published.codes import constituency_code

WIDE = Bounds(seconds=60, memory=2**30)


def run(examine: object, bounds: Bounds = WIDE, count: int = 5) -> tuple[int, list[str]]:
    said: list[str] = []
    failed = _guided.run({"one": b"7;8;9"}, examine, bounds, Effort(count), 1, said.append)  # type: ignore[arg-type]
    return failed, said


def test_an_exception_is_a_failure_and_names_the_input() -> None:
    def broken(_: str, __: Path, data: bytes) -> int:
        if data != b"7;8;9":
            raise ZeroDivisionError
        return 1

    failed, said = run(broken)
    assert failed == 5
    assert said[0].startswith("one, input 0, seed 1: ZeroDivisionError")
    assert "5 inputs, 0 understood, 5 failed" in said[-1]


def test_much_work_is_a_failure_and_waiting_for_a_processor_is_none() -> None:
    def work(_: str, __: Path, ___: bytes) -> int:
        end = time.process_time() + 0.2
        while time.process_time() < end:
            pass
        return 1

    def wait(_: str, __: Path, ___: bytes) -> int:
        time.sleep(0.2)
        return 1

    bounds = Bounds(seconds=0.1, memory=2**30)
    assert run(work, bounds, 2)[0] == 2
    assert run(wait, bounds, 2)[0] == 0


def test_much_memory_is_a_failure() -> None:
    assert run(lambda *_: len(bytearray(2**22)), Bounds(seconds=60, memory=2**20))[0] == 5


def test_the_same_seed_gives_the_same_inputs() -> None:
    one, other, another = (list(itertools.islice(_guided.inputs(b"7;8;9", seed), 50)) for seed in (1, 1, 2))
    assert one == other != another


def test_what_is_packed_is_changed_and_packed_again() -> None:
    changed = [gzip.compress(b"")]
    for data in itertools.islice(_guided.inputs(gzip.compress(b"7;8;9", mtime=0), 1), 50):
        try:
            changed.append(gzip.decompress(data))
        except (OSError, EOFError, zlib.error):
            continue
    assert len(set(changed)) > 20


@pytest.mark.skipif(sys.version_info < (3, 12), reason="no monitoring before Python 3.12")
def test_lines_of_ours_are_counted_once() -> None:
    with _guided._Lines() as lines:
        constituency_code("x")
        assert lines.taken() > 0
        constituency_code("x")
        assert lines.taken() == 0
        constituency_code("2902")  # another way through
        assert lines.taken() > 0
