"""The audit of a case beside its page: whenever the folder has changed, in a thread, with what it is doing now."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

from protocol.errors import RegardError
from protocol.evidence_kinds import EvidenceKind
from protocol.words import Message, Text, msg
from regard.serve.bureau_states import BureauStates, states_of
from regard.serve.case_folder import CaseFolder
from regard.serve.case_index import CaseIndex
from verify.audit import Audit
from verify.model.evidence import LinedEvidence, Sources
from verify.model.unreadable import NothingReadable
from verify.model.use import Input

_LOOKED = 0.5
"""Seconds for which the folder is not looked at again."""
_LONG = 2
"""Seconds from which it is said how many there were."""
STEPS: dict[str, Message] = {
    EvidenceKind.EXPORTS: msg("reading exports"),
    EvidenceKind.URNS: msg("reading and recounting modules"),
    EvidenceKind.PUBLISHED: msg("reading published results"),
    "rules": msg("applying the rules"),
}
READING = msg("reading tables")


@dataclass(frozen=True, slots=True)
class ExaminedCase:
    """What is known of a case, for one state of its folder.

    Attributes:
        mark: of the folder.
        inputs: what became of each file.
        evidence, result, states, cases: None where nothing could be checked.
        error: why nothing could be.
    """

    mark: str
    inputs: tuple[Input, ...] = ()
    evidence: LinedEvidence | None = None
    result: Audit | None = None
    states: BureauStates | None = None
    cases: CaseIndex | None = None
    error: RegardError | None = None


class Examiner:
    """Examines a case again and again; `close` ends it."""

    def __init__(self, folder: CaseFolder) -> None:
        self._folder = folder
        self._wake, self._closed = threading.Event(), threading.Event()
        self._lock = threading.Lock()
        self._latest: ExaminedCase | None = None
        self._looked = -_LOOKED
        self._step: tuple[str, int] = ("", 0)
        self._since = 0.0
        self.busy = False
        self._thread = threading.Thread(target=self._work, name="audit", daemon=True)
        self._thread.start()

    def latest(self) -> ExaminedCase | None:
        """What was found last; None before the first time. Begins anew where the folder has changed since."""
        self.look()
        return self._latest

    @property
    def before(self) -> bool:
        """Whether there is something from before the last change."""
        return self._latest is not None

    def is_at_work(self) -> bool:
        """Whether it is examining the case, now that the folder has been looked at."""
        self.look()
        return self.busy

    def look(self) -> None:
        """Begin anew if the folder has changed; looks at it twice a second at most."""
        with self._lock:
            if self.busy or time.monotonic() - self._looked < _LOOKED:
                return
            self._looked = time.monotonic()
            if self._latest is None or self._folder.mark() != self._latest.mark:
                self._begin()

    def changed(self) -> None:
        """Begin anew: something was written."""
        with self._lock:
            self._begin()

    def _begin(self) -> None:
        self.busy, self._since = True, time.monotonic()
        self._wake.set()

    def doing(self) -> Message:
        """What it does now, how much of it is done where that is counted, and since when."""
        name, done = self._step
        step: Text = STEPS.get(name, READING)
        if done:
            step = msg("{step} ({count:n})", step=step, count=done)
        seconds = int(time.monotonic() - self._since)
        if seconds < _LONG:
            return msg("The files are being compared: {step}.", step=step)
        return msg("The files are being compared, since {seconds:n} s: {step}.", seconds=seconds, step=step)

    def wait(self, seconds: float) -> bool:
        """Wait until nothing is left to do. Returns whether that is so."""
        end = time.monotonic() + seconds
        while self.busy and time.monotonic() < end:
            time.sleep(0.01)
        return not self.busy

    def close(self) -> None:
        """End the thread when what it does is done."""
        self._closed.set()
        self._wake.set()

    def _work(self) -> None:
        while True:
            self._wake.wait()
            self._wake.clear()
            if self._closed.is_set():
                return
            found = self._examine(self._folder.mark())
            with self._lock:
                self._latest = found
                self.busy = self._wake.is_set()

    def _say(self, name: str, done: int) -> None:
        self._step = name, done

    def _examine(self, mark: str) -> ExaminedCase:
        """Load and audit the folder as it is now; whatever is raised is said on the page."""
        from verify import audit as auditing
        from verify.loading import load

        self._step = "", 0
        try:
            evidence = load(Sources(folder=self._folder.path), self._say)
            result = auditing.run(evidence, self._say)
            states = states_of(evidence, result)
            return ExaminedCase(mark, result.inputs, evidence, result, states, CaseIndex(result))
        except NothingReadable as error:
            return ExaminedCase(mark, tuple(error.inputs), error=error)
        except RegardError as error:
            return ExaminedCase(mark, error=error)
        except Exception as error:  # memory that ran out included
            return ExaminedCase(mark, error=RegardError(describe_bug(error)))


def describe_bug(error: Exception) -> Message:
    """What is said of an error that nothing expected."""
    if isinstance(error, MemoryError):
        return msg("there is not enough memory: close other programs, or give fewer files at a time")
    return msg("{kind}: {error}. This is a bug in regard, not in your files.", kind=type(error).__name__, error=error)
