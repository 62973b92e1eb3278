"""A reading unit read from a program, and one emulated: what `regard lab read` and `regard lab emulate` do."""

from __future__ import annotations

import contextlib
import datetime
import os
import re
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from protocol.errors import InputError, LinkError, RegardError
from protocol.files import Output
from protocol.line import emulator
from protocol.line.link import Stream, UnitLink
from protocol.line.messages import MAX_IMAGE_LENGTH
from protocol.line.reading_unit import ReadingUnit
from protocol.line.serial_port import SerialStream
from protocol.line.trace import TracedStream
from protocol.line.unit_port import serve
from protocol.opening import open_evidence
from protocol.output_refusals import OutputRefused, check_distinct, check_output
from protocol.own_files import part_path, record_path, state_path
from protocol.words import msg
from regard.paths import AnyPath
from regard.reading.finishing import ReadingEnd, finish, session_of
from regard.reading.partial_read import PartialRead
from regard.reading.trace import open_trace

BAUD = 115_200
"""Bits a second of a line, 8N1."""
PORT = "pty" if hasattr(os, "openpty") else "tcp:0"
"""Port of an emulated unit: a pseudo-terminal, or a TCP port where the system has none, as Windows."""


@dataclass(frozen=True, slots=True)
class UnitReading:
    """A module that was read.

    Attributes:
        image: its bytes.
        module, machine: the serial numbers that the unit named; that of the machine may be empty.
        sha256: of the image.
        compared: bytes of a second pass that were the same.
        failing: sections of the image that fail their check.
        path: the file that it is in; None where none was asked for.
    """

    image: bytes
    module: str
    machine: str
    sha256: str
    compared: int
    failing: tuple[str, ...]
    path: Path | None


def read_unit(
    port: str,
    output: AnyPath | None = None,
    *,
    baud: int = BAUD,
    once: bool = False,
    resume: bool = False,
    force: bool = False,
    trace: AnyPath | None = None,
    progress: Report | None = None,
) -> UnitReading:
    """Read the module in a reading unit, twice, and compare. It waits; in asyncio, `asyncio.to_thread` calls it.

    Args:
        port: a device or URL that pyserial knows, as `regard lab read --port` takes it.
        output: where to write the image, with its record beside it; None: nowhere.
        baud: bits a second of the line, 8N1.
        once: read once, without a comparison.
        resume: go on with an unfinished reading into ``output``.
        force: replace ``output``, or an unfinished reading of it.
        trace: file for every byte that is sent and received.
        progress: called in the calling thread with ``ask``, ``read`` or ``compare``, and how many bytes of how many.

    Raises:
        LinkError: no unit answers, the line failed, or there is no readable module. What was read stays beside
            ``output``.
        PassesDifferError: the passes brought different bytes.
        OutputRefused: something else is at ``output``.
        OSError: it cannot be written.
    """
    with contextlib.ExitStack() as keep:
        if output is None:
            folder = Path(keep.enter_context(tempfile.TemporaryDirectory()))
            path = folder / "module.urn"
        else:
            path = Path(output)
        traced = None if trace is None else Path(trace)
        earlier = prepare(path, keep, resume=resume, force=force, trace=traced)
        report = progress or (lambda step, done, total: None)
        partial = read_all(port, path, earlier, keep, baud=baud, once=once, force=force, trace=traced, report=report)
        image, finished = bytes(partial.image), finish(partial, path, force=force)
        if finished.end in (ReadingEnd.OTHER_IMAGE, ReadingEnd.OTHER_RECORD):
            raise OutputRefused(msg("{path} exists and holds something else; force replaces it", path=path))
        state = finished.state
        return UnitReading(
            image=image,
            module=state.module_serial,
            machine=state.machine_serial,
            sha256=state.sha256,
            compared=state.compared,
            failing=finished.failing,
            path=None if output is None else path,
        )


def prepare(
    output: Path, keep: contextlib.ExitStack, *, resume: bool, force: bool, trace: Path | None
) -> PartialRead | None:
    """Claim the files of a reading, so that nothing is overwritten that somebody may still need.

    Returns:
        The unfinished reading to go on with, if that was asked for and there is one.

    Raises:
        OutputRefused: one of the files that are written is no regular file, or two have the same name.
        RegardError: an unfinished reading, or the record of another one, is in the way.
    """
    keep.enter_context(Output(output))  # nobody else reads into it meanwhile
    part, record = part_path(output), record_path(output)
    written = {"FILE": output, "FILE.json": record, "FILE.part": part, "FILE.part.json": state_path(output)}
    for path in written.values():
        check_output(path)
    check_distinct(written | ({} if trace is None else {"--trace": trace}))
    if not force:
        if part.exists() and not resume:
            raise RegardError(msg("{part} is an unfinished reading: --resume goes on, --force starts anew", part=part))
        if record.exists() and not (output.exists() or resume):
            raise RegardError(msg("{record} exists without its module image: --force replaces it", record=record))
    earlier = PartialRead.resume(output) if resume else None
    if earlier is not None:
        keep.callback(earlier.close)
    return earlier


def read_all(
    port: str,
    output: Path,
    earlier: PartialRead | None,
    keep: contextlib.ExitStack,
    *,
    baud: int,
    once: bool,
    force: bool,
    trace: Path | None,
    report: Report,
) -> PartialRead:
    """Open the port and bring a reading to its end.

    Raises:
        LinkError, PassesDifferError, OutputRefused, OSError: as `read_unit`.
    """
    listening = re.fullmatch(r"tcp:(\d{1,5})", port)
    if listening is not None:
        address = f"socket://127.0.0.1:{listening[1]}"
        raise LinkError(
            msg("{port} is where regard lab emulate listens: read from {address}", port=port, address=address)
        )
    with contextlib.ExitStack() as stack:
        log = None if trace is None else stack.enter_context(open_trace(trace, f"{port!a} {baud} baud", force))
        report("ask", 0, 0)
        stream: Stream = SerialStream(port, baud)
        stack.callback(stream.close)
        if log is not None:
            stream = TracedStream(stream, log)
        return read_session(UnitLink(stream, baud), output, earlier, once, report, (port, baud), keep)


class Emulator:
    """A reading unit with a module, to try things without hardware: ``with Emulator(image) as unit`` serves it.

    Args:
        image: bytes of the module, or the file that has them.
        port: ``pty``, or ``tcp:`` and a port on 127.0.0.1, 0 for any free one.
        baud: pace of the line, 8N1.
        noise, drop: share of the bytes that are changed, and lost.
        stall: seconds of silence before one answer in 100.
        disconnect_after: bytes after which the connection breaks, once; None: never.
        seed: of these faults.

    Attributes:
        image: bytes of the module.
        port: what a reader gives as its port, once it is served; it may change when a connection breaks.

    Raises:
        InputError: the file cannot be read, is empty or too large.
        ValueError: a share or a number outside of its range.
    """

    def __init__(
        self,
        image: AnyPath | bytes,
        *,
        port: str = PORT,
        baud: int = BAUD,
        noise: float = 0.0,
        drop: float = 0.0,
        stall: float = 0.0,
        disconnect_after: int | None = None,
        seed: int = 1,
    ) -> None:
        self.image = image if isinstance(image, bytes) else open_evidence(Path(image), MAX_IMAGE_LENGTH).data
        if not self.image:
            raise InputError(
                "bytes" if isinstance(image, bytes) else str(Path(image)),
                None,
                None,
                msg("a module image of 1 to {max_image_length} bytes", max_image_length=MAX_IMAGE_LENGTH),
                msg("nothing"),
            )
        boot = int(np.random.SeedSequence([seed, len(self.image)]).generate_state(1)[0])
        faults = emulator.Faults(noise, drop, stall, disconnect_after, seed)
        self._emulator = emulator.EmulatedLine(ReadingUnit(self.image, boot), baud, faults)
        self._listens_on = port
        self.port = ""
        self._error: RegardError | None = None

    def serve(self, stop: threading.Event, announce: Callable[[str], None]) -> None:
        """Serve readers in this thread until ``stop`` is set; ``announce`` is called with each port to read from.

        Raises:
            LinkError: there is no such port, or it is taken.
        """
        serve(self._emulator, self._listens_on, stop, announce)

    def __enter__(self) -> Self:
        self._stop, self._served = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        self._served.wait()
        if self._error is not None:
            raise self._error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()

    def _serve(self) -> None:
        try:
            self.serve(self._stop, self._announce)
        except RegardError as error:
            self._error = error
        finally:
            self._served.set()

    def _announce(self, port: str) -> None:
        self.port = port
        self._served.set()


# --- One connection's part of a module reading: who is there, what is missing of either pass, and how it went ---


SAVE_EVERY = 1.0
"""Seconds of reading that a loss of power may cost."""

Report = Callable[[str, int, int], None]
"""Takes what is being done, and how many bytes of how many; 0 of 0 while waiting for the unit."""


def read_session(
    link: UnitLink,
    output: Path,
    earlier: PartialRead | None,
    once: bool,
    report: Report,
    port: tuple[str, int],
    keep: contextlib.ExitStack,
) -> PartialRead:
    """Read what is missing of a module, and compare it with a second pass.

    A pass ends with a look at who is there. It vouches neither for bytes of an earlier connection, which broke before
    that, nor for those of a unit that restarted meanwhile or whose module was taken out and put back. These are always
    read twice, also where once was asked for.

    Args:
        link: to the unit.
        output: where the image is to be in the end.
        earlier: an unfinished reading to go on with.
        once: read but once what one look at the unit vouches for.
        report: told of the progress.
        port: its name and its baud rate, for the record of this connection.
        keep: closes the reading in the end, also on an error.

    Raises:
        LinkError: the line failed, or another module is in the unit.
        PassesDifferError: the passes brought different bytes.
        OSError, OutputRefused: the partial file cannot be written.
    """
    started = _now()
    report("ask", 0, 0)
    identity = link.identify()
    if earlier is not None:
        earlier.state.check_same(identity)
    before = link.status()
    partial = earlier
    if partial is None:
        partial = PartialRead.begin(output, identity)
        keep.callback(partial.close)
    restarted = None
    try:
        begun, stop = partial.state.read, partial.state.image_length
        _pass(link, partial, report, "read", begun, stop)
        if once:
            after = link.status()
            stop = begun if (after.boot, after.insertions) == (before.boot, before.insertions) else stop
        if partial.state.compared < stop:
            _pass(link, partial, report, "compare", partial.state.compared, stop)
        restarted = link.status().boot != before.boot
    finally:
        partial.add_session(session_of(*port, (started, _now()), link.counts, restarted))
    return partial


def _pass(link: UnitLink, partial: PartialRead, report: Report, step: str, done: int, stop: int) -> None:
    """Read a part of a module for the first time or the second, and look who is there then."""
    take = partial.append if step == "read" else partial.compare
    saved = link.clock()
    report(step, done, stop)
    for piece in link.read(done, stop):
        take(piece)
        done += len(piece)
        report(step, done, stop)
        if link.clock() >= saved + SAVE_EVERY:
            partial.save()
            saved = link.clock()
    report("ask", 0, 0)
    partial.state.check_same(link.identify())


def _now() -> str:
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
