"""An urn that is read over a serial line beside the page: in a thread, one at a time, into the folder of the case.

The image and its record get their names when all is read and compared, as `regard lab read` does it. Until then what
has come stands beside them as an unfinished reading, which the page or `regard lab read --resume` goes on with.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from http import HTTPStatus
from typing import TYPE_CHECKING

from protocol.errors import InputError, RegardError, cause
from protocol.files import Output
from protocol.night import URNS
from protocol.output_refusals import check_output
from protocol.reading_files import PART, RECORD, STATE, part_path, record_path, state_path
from protocol.words import Text, msg
from regard.reading.finishing import FinishedReading, ReadingEnd, finish
from regard.reading.partial_read import PartialRead, ReadState, load_state
from regard.serve.case_folder import CaseFolder, safe_name
from regard.serve.examining import describe_bug
from regard.serve.security import RequestRefused

if TYPE_CHECKING:
    from protocol.line.link import LinkCounts, Stream, UnitLink
    from protocol.line.serial_port import PortDescription

LOOKED = 0.2
"""Seconds after which a reading notices that it is to stop."""
_JOINED = 5.0
"""Seconds that the end of the page waits for a reading to put away what has come."""
_ENDING = ".urn"
_MOST_UNFINISHED = 20


class ReadingStopped(RegardError):
    """A reading that was stopped on the page."""


class ReadingStep(Enum):
    """What a reading is doing."""

    OPEN = auto()
    ASK = auto()
    READ = auto()
    COMPARE = auto()
    WRITE = auto()
    ENDED = auto()


_STEPS = {"ask": ReadingStep.ASK, "read": ReadingStep.READ, "compare": ReadingStep.COMPARE}
"""By the names that `regard.reading.session` gives them."""


@dataclass(frozen=True, slots=True)
class WatchedReading:
    """How far a reading has come; made anew whenever that changes, so that a page sees one moment of it.

    Attributes:
        name: of the image that is to be.
        port, baud: of the line.
        step: what is being done.
        done, total: bytes of the pass over the urn that is under way; 0 of 0 before there is any.
        blocks, asked_again, silences, damaged, foreign, received: counts of the line so far (`LinkCounts`).
        began: seconds, of a clock that only goes forward.
        seconds: how long it took; None while it goes on.
        finished: what became of it where it came to its end.
        error: why it did not; None where it was stopped.
    """

    name: str
    port: str
    baud: int
    step: ReadingStep = ReadingStep.OPEN
    done: int = 0
    total: int = 0
    blocks: int = 0
    asked_again: int = 0
    silences: int = 0
    damaged: int = 0
    foreign: int = 0
    received: int = 0
    began: float = field(default_factory=time.monotonic)
    seconds: float | None = None
    finished: FinishedReading | None = None
    error: Text | None = None

    @property
    def under_way(self) -> bool:
        """Whether it goes on."""
        return self.step is not ReadingStep.ENDED


@dataclass(frozen=True, slots=True)
class UnfinishedReading:
    """A reading in the folder that broke off or was stopped.

    Attributes:
        name: of the image that is to be.
        state: how far it has come, and of which urn; None where that cannot be told.
        error: why not.
    """

    name: str
    state: ReadState | None
    error: Text = ""

    @property
    def goes_on(self) -> bool:
        """Whether it can."""
        return self.state is not None and self.state.differs_at is None


class _WatchedStream:
    """A stream that ends soon after its reading is to stop, however long an answer may take.

    Args:
        stream: the line.
        beat: called again and again; raises `ReadingStopped`.
    """

    def __init__(self, stream: Stream, beat: Callable[[], None]) -> None:
        self._stream, self._beat = stream, beat

    def send(self, data: bytes) -> None:
        self._beat()
        self._stream.send(data)

    def receive(self, timeout: float) -> bytes:
        self._beat()
        return self._stream.receive(min(timeout, LOOKED))

    def close(self) -> None:
        self._stream.close()


class UrnReader:
    """Reads urns into the folder of a case, one at a time; `close` ends it.

    Args:
        folder: of the case.
        units: ports besides those of this computer, as the command was given them.
        changed: called when an image has been written.
    """

    def __init__(self, folder: CaseFolder, units: Sequence[str], changed: Callable[[], None]) -> None:
        self._folder, self._units, self._changed = folder, tuple(units), changed
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._link: UnitLink | None = None
        self.latest: WatchedReading | None = None
        """The reading that is under way, or the last one; None before the first."""

    def ports(self) -> list[PortDescription]:
        """The ports that may be read from: those that the command was given, and those of this computer."""
        from protocol.line.serial_port import PortDescription, ports

        return [*(PortDescription(unit, "", "") for unit in self._units), *ports()]

    def unfinished(self) -> list[UnfinishedReading]:
        """The readings in the folder that can go on, or could not; without the one that is under way."""
        latest = self.latest
        now = latest.name if latest is not None and latest.under_way else None
        try:
            states = sorted((self._folder.path / URNS).glob(f"*{_ENDING}{STATE}"))
        except OSError:
            return []
        names = [path.name.removesuffix(STATE) for path in states]
        return [self._unfinished(name) for name in names if name != now][:_MOST_UNFINISHED]

    def _unfinished(self, name: str) -> UnfinishedReading:
        try:
            return UnfinishedReading(name, load_state(state_path(self._folder.path / URNS / name)))
        except InputError as error:
            return UnfinishedReading(name, None, error.message)

    def begin(self, port: str, baud: int, called: str, *, once: bool) -> None:
        """Begin to read an urn.

        Args:
            port: one of `ports`.
            baud: of the line.
            called: what the image is to be called; where something has that name, it gets a number.
            once: read but once what one look at the unit vouches for.

        Raises:
            RequestRefused: another reading is under way, or there is no such port.
            OutputRefused: nothing can be written there.
        """
        name = safe_name(called)
        name = name if name.lower().endswith(_ENDING) else name + _ENDING
        self._start(port, baud, lambda: self._folder.claim(name, (RECORD, PART, STATE)), once=once, resume=False)

    def go_on(self, port: str, baud: int, name: str, *, once: bool) -> None:
        """Go on with an unfinished reading.

        Args:
            port: one of `ports`.
            baud: of the line.
            name: of an image in `unfinished`.
            once: as `begin` has it.

        Raises:
            RequestRefused: another reading is under way, or there is no such port or no such unfinished reading.
            OutputRefused: nothing can be written there, or another program reads it.
        """
        if name not in [each.name for each in self.unfinished() if each.goes_on]:
            raise RequestRefused(HTTPStatus.NOT_FOUND, msg("there is no such unfinished reading any more"))
        self._start(port, baud, lambda: Output(self._folder.folder_for(name) / name), once=once, resume=True)

    def _start(self, port: str, baud: int, claim: Callable[[], Output], *, once: bool, resume: bool) -> None:
        if port not in [each.device for each in self.ports()]:
            raise RequestRefused(
                HTTPStatus.BAD_REQUEST, msg("there is no such port any more: look again, and choose one of the list")
            )
        with self._lock:
            if self._thread is not None and self._thread.is_alive():
                raise RequestRefused(
                    HTTPStatus.CONFLICT, msg("an urn is being read: wait until that is done, or stop it")
                )
            output = claim()
            self._stop.clear()
            self._link = None
            self.latest = WatchedReading(output.path.name, port, baud)
            self._thread = threading.Thread(
                target=self._work, args=(output,), kwargs={"once": once, "resume": resume}, name="urn", daemon=True
            )
            self._thread.start()

    def stop(self) -> None:
        """Let the reading that is under way stop, if there is one; what has come is kept."""
        self._stop.set()

    def close(self) -> None:
        """Stop, and wait until what has come is put away."""
        self.stop()
        if self._thread is not None:
            self._thread.join(_JOINED)

    def wait(self, seconds: float) -> bool:
        """Wait until nothing is read any more. Returns whether that is so."""
        if self._thread is not None:
            self._thread.join(seconds)
        return self._thread is None or not self._thread.is_alive()

    def _work(self, output: Output, *, once: bool, resume: bool) -> None:
        """Read, compare, write; whatever is raised is said on the page."""
        finished, error = None, None
        try:
            finished = self._read(output, once=once, resume=resume)
        except ReadingStopped:
            pass
        except RegardError as raised:
            error = raised.message
        except OSError as raised:
            error = cause(raised)
        except Exception as raised:
            error = describe_bug(raised)
        began = self._now().began
        self._say(step=ReadingStep.ENDED, seconds=time.monotonic() - began, finished=finished, error=error)
        if finished is not None and finished.end in (ReadingEnd.WRITTEN, ReadingEnd.SAME):
            self._changed()

    def _read(self, output: Output, *, once: bool, resume: bool) -> FinishedReading:
        from protocol.line.link import UnitLink
        from protocol.line.serial_port import SerialStream
        from regard.reading.session import read_session

        now = self._now()
        with contextlib.ExitStack() as keep:
            keep.enter_context(output)  # nobody else reads into it meanwhile
            path = output.path
            for each in (record_path(path), part_path(path), state_path(path)):
                check_output(each)
            earlier = PartialRead.resume(path) if resume else None
            if earlier is not None:
                keep.callback(earlier.close)
            with contextlib.ExitStack() as opened:
                stream = _WatchedStream(SerialStream(now.port, now.baud), self._beat)
                opened.callback(stream.close)
                self._link = UnitLink(stream, now.baud)
                line = now.port, now.baud
                partial = read_session(self._link, path, earlier, once, self._report, line, keep)
            self._say(step=ReadingStep.WRITE)
            return finish(partial, path, force=False)

    def _now(self) -> WatchedReading:
        assert self.latest is not None  # noqa: S101 - a reading is said before its thread begins
        return self.latest

    def _say(self, **changes: object) -> None:
        self.latest = replace(self._now(), **changes)  # type: ignore[arg-type]

    def _report(self, step: str, done: int, total: int) -> None:
        """Told by the session what is being done; the bar stands while the unit is asked who it is."""
        if total:
            self._say(step=_STEPS[step], done=done, total=total)
        else:
            self._say(step=_STEPS[step])

    def _beat(self) -> None:
        """Note what the line has counted.

        Raises:
            ReadingStopped: the reading is to stop.
        """
        if self._link is not None:
            self._say(**_counts(self._link.counts))
        if self._stop.is_set():
            raise ReadingStopped(msg("The reading was stopped."))


def _counts(counts: LinkCounts) -> dict[str, int]:
    return {
        "blocks": sum(counts.block_lengths.values()),
        "asked_again": counts.repeated,
        "silences": counts.timeouts,
        "damaged": counts.damaged,
        "foreign": counts.foreign,
        "received": counts.received,
    }
