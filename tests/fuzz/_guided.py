"""Mutation fuzzing guided by coverage: an input that reaches lines of ours that none did before is changed further.

Guidance needs Python 3.12, whose monitoring tells of each line once at next to no cost; on 3.11 only the given examples
are changed. The same seed tries the same inputs on the same code and Python.
"""

from __future__ import annotations

import gzip
import io
import os
import sys
import tempfile
import time
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import CodeType
from typing import TypeAlias, TypeVar

import numpy as np

ROOTS = tuple(str(Path(__file__).parents[2] / package) for package in ("protocol", "verify", "regard"))
_TOOL = 4  # one that neither debuggers, nor coverage, nor profilers claim
_KEPT = 400
_PARQUET = b"PAR1"
_SIZE = 2**16

TOKENS = (
    *(b";", b",", b"\t", b'"', b"'", b"\n", b"\r", b"\x00", b"\xff", b"\xc3"),
    *(b"\xef\xbb\xbf", b"\xc2\xa0", b"\xe2\x80\xaf", b"\x1b[2J"),
    *(b"-1", b"0", b"1", b"9" * 30, b"1e999", b"NaN", b"nan", b"null", b"[", b"{", b"}", b"=", b"true", b"../"),
    *(b"1900/01/12", b"2,785500010019E+12", b"ZX", b"ZZ", b"Total", b"Voix", b"Nom", b"Inscrits", b"1 000", b"1,000"),
    *(b"A" * 3000, b";" * 2000, b"\n" * 200),
)
"""Texts that are put in: delimiters, quotes, odd encodings, odd numbers, codes, names of columns, much of one thing."""


T = TypeVar("T")
Random: TypeAlias = np.random.Generator
Change = Callable[[bytes, bytes, Random], bytes]


def one_of(given: Sequence[T], random: Random) -> T:
    """One of some things, all alike likely."""
    return given[int(random.integers(len(given)))]


@dataclass(frozen=True, slots=True)
class Effort:
    """Amount of inputs to try: a number, or as many as fit into some seconds.

    Attributes:
        count: inputs of each kind.
        seconds: time for each kind; where it is given, ``count`` says nothing.
        only: kinds to try, by name; all where there is none.
    """

    count: int = 0
    seconds: float | None = None
    only: tuple[str, ...] = ()

    def numbers(self) -> Iterator[int]:
        """0, 1, 2 and so on, until it is enough."""
        started = time.monotonic()
        number = 0
        while number < self.count if self.seconds is None else time.monotonic() - started < self.seconds:
            yield number
            number += 1


@dataclass(frozen=True, slots=True)
class Bounds:
    """Limits of one input: processor seconds, beyond which it hangs, and bytes."""

    seconds: float
    memory: int


class _Lines:
    """Counts the lines of ours that are reached for the first time in this process."""

    new = 0

    def __enter__(self) -> _Lines:
        if sys.version_info >= (3, 12):
            sys.monitoring.use_tool_id(_TOOL, "tests.fuzz")
            sys.monitoring.register_callback(_TOOL, sys.monitoring.events.LINE, self._reached)
            sys.monitoring.set_events(_TOOL, sys.monitoring.events.LINE)
            sys.monitoring.restart_events()
        return self

    def __exit__(self, *_: object) -> None:
        if sys.version_info >= (3, 12):
            sys.monitoring.set_events(_TOOL, 0)
            sys.monitoring.free_tool_id(_TOOL)

    def _reached(self, code: CodeType, _: int) -> object:
        self.new += code.co_filename.startswith(ROOTS)
        return sys.monitoring.DISABLE if sys.version_info >= (3, 12) else None

    def taken(self) -> int:
        """Number since the last call."""
        found, self.new = self.new, 0
        return found


def mutated(data: bytes, other: bytes, random: Random) -> bytes:
    """An input changed at random; of archives, workbooks and Parquet most often what is packed in them."""
    if random.integers(8):
        try:
            if data.startswith(b"\x1f\x8b"):
                return gzip.compress(_changed(gzip.decompress(data), other, random), 1, mtime=0)
            if data.startswith(b"PK"):
                return _repacked(data, random)
            if data.startswith(_PARQUET):
                return _in_pages(data, random)
        except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError, RuntimeError):
            pass  # changed so much already that it cannot be unpacked
    return _changed(data, other, random)


def _in_pages(data: bytes, random: Random) -> bytes:
    """A Parquet file with other bytes in its pages, or in what it says of itself; every byte stays in its place."""
    out = bytearray(data)
    listed = int.from_bytes(data[-8:-4], "little")
    pages = max(len(data) - 8 - listed, 5)
    for _ in range(int(random.integers(1, 6))):
        first, last = (4, pages) if random.integers(3) else (pages, max(len(data) - 8, pages + 1))
        at = int(random.integers(first, last))
        if at < len(out):
            out[at] = int(random.integers(256)) if random.integers(2) else out[at] ^ 1 << int(random.integers(8))
    return bytes(out)


def _repacked(data: bytes, random: Random) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as given, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        names = given.namelist()
        hit = int(random.integers(max(len(names), 1)))
        for index, name in enumerate(names):
            content = given.read(name)[:_SIZE]
            made.writestr(name, _changed(content, content, random) if index == hit else content)
    return out.getvalue()


def _changed(data: bytes, other: bytes, random: Random) -> bytes:
    """A few random changes: bytes, cuts, copies, pieces of another input, and what readers of tables stumble over."""
    out = bytearray(data)
    for _ in range(int(random.integers(1, 6))):
        at = int(random.integers(0, len(out) + 1))
        size = int(random.integers(1, 80))
        kind = int(random.integers(7))
        if kind == 0 and at < len(out):
            out[at] = int(random.integers(256))
        elif kind == 1:
            del out[at : at + size]
        elif kind == 2:
            out[at:at] = out[at : at + size]
        elif kind == 3:
            to = int(random.integers(0, len(out) + 1))
            out[to:to] = out[at : at + size]
        elif kind == 4 and random.integers(4) == 0:
            del out[at:]
        elif kind == 5:
            start = int(random.integers(0, len(other) + 1))
            out[at : at + int(random.integers(0, 2)) * size] = other[start : start + size]
        else:
            token = one_of(TOKENS, random)
            out[at : at + int(random.integers(0, 3))] = token
    return bytes(out[:_SIZE])


def inputs(example: bytes, seed: int, lines: _Lines | None = None, change: Change = mutated) -> Iterator[bytes]:
    """Changed forms of an example without end; with ``lines``, of those as well that reached something new."""
    random = np.random.default_rng(np.random.SeedSequence(seed))
    corpus = [example]
    while True:
        base = one_of(corpus, random)
        data = change(base, one_of(corpus, random), random)
        yield data
        if lines is not None and lines.taken():
            if len(corpus) == _KEPT:
                del corpus[int(random.integers(1, _KEPT))]
            corpus.append(data)


def _worked() -> float:
    """Seconds that processors have worked for this process and its ended children, whatever else they had to do."""
    return sum(os.times()[:4])


def run(
    examples: Mapping[str, bytes],
    examine: Callable[[str, Path, bytes], int],
    bounds: Bounds,
    effort: Effort,
    seed: int,
    report: Callable[[str], object],
    change: Change = mutated,
) -> int:
    """Try changed forms of each example.

    Args:
        examples: by name of its kind.
        examine: called with a kind, a path to write to and an input; returns how much of it was read.
        change: gives the changed form of an input; it is given another one to take pieces from.

    Returns:
        how many inputs failed: an exception, a hang, too much memory.
    """
    failed = 0
    with tempfile.TemporaryDirectory() as folder, _Lines() as lines:
        for name, example in examples.items():
            if effort.only and name not in effort.only:
                continue
            path = Path(folder) / "input"
            tried = understood = peak = wrong = 0
            slowest = 0.0
            examine(name, path, example)
            reached = lines.taken()
            tracemalloc.start()
            try:
                for number, data in zip(effort.numbers(), inputs(example, seed, lines, change), strict=False):
                    tracemalloc.reset_peak()
                    before, started = lines.new, _worked()
                    tried += 1
                    try:
                        understood += examine(name, path, data) > 0
                        taken, most = _worked() - started, tracemalloc.get_traced_memory()[1]
                        slowest, peak = max(slowest, taken), max(peak, most)
                        assert taken < bounds.seconds, f"{taken:.1f} s"
                        assert most < bounds.memory, f"{most:,} bytes"
                    except Exception as error:
                        wrong += 1
                        if wrong <= 10:
                            report(f"{name}, input {number}, seed {seed}: {type(error).__name__}: {error}: {data!r}")
                    reached += lines.new - before
            finally:
                tracemalloc.stop()
            failed += wrong
            report(
                f"{name}: {tried:,} inputs, {understood:,} understood, {wrong} failed, {reached:,} new lines of ours "
                f"reached, at most {slowest:.2f} s and {peak:,} bytes for one"
            )
    return failed


@dataclass(frozen=True)
class Harness:
    """A fuzzer of some kinds of input; arguments as those of `run`."""

    seeds: Callable[[], Mapping[str, bytes]]
    examine: Callable[[str, Path, bytes], int]
    bounds: Bounds
    change: Change = mutated

    def run(self, effort: Effort, seed: int, report: Callable[[str], object]) -> int:
        """Fuzz every kind; returns how many inputs failed."""
        return run(self.seeds(), self.examine, self.bounds, effort, seed, report, self.change)
