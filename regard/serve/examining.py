"""The audit of a folder as pages ask for it: its cases, and the state of every bureau and commune, as columns.

A nation of them takes no object each, and a page shows a few.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from protocol.errors import RegardError
from protocol.evidence_kinds import EvidenceKind
from protocol.insee import as_written
from protocol.quantities import Quantity
from protocol.words import Message, Text, msg, pmsg
from regard.serve.case_folder import CaseFolder
from regard.terminal import STEPS
from regard.views.cases import LinesOfCases, settled
from verify.audit import Audit
from verify.cases.by_codes import MISSING_PIECES
from verify.cases.wording import KINDS
from verify.columns.counts import stated
from verify.columns.sources import having
from verify.model.bureau_codes import by_number
from verify.model.cases import Case, Sure
from verify.model.evidence import LinedEvidence, Sources
from verify.model.figures import Bools, Ints, Texts
from verify.model.findings import Severity
from verify.model.universe import Universe
from verify.model.use import Input, NothingReadable
from verify.rulebook.causes import CaseKind

ORDERS = ("reading", "place", "apart")
"""As cases are read; by commune and bureau; the largest difference first."""
_SURE = tuple(Sure)
_HUNDRED = 2
"""Consequence of a case of a hundred votes; more could change a result."""


class CaseGroup(IntEnum):
    """The headings of the list of cases, in their order: what could change a result or 100 votes first."""

    RESULT = 0
    HUNDRED = 1
    IRREGULARITY = 2
    REREAD = 3
    EVIDENCE = 4
    INFORMATION = 5
    SETTLED = 6

    @property
    def text(self) -> Message:
        """For people."""
        return _GROUPS[self]


_GROUPS = {
    CaseGroup.RESULT: msg("What could change a result"),
    CaseGroup.HUNDRED: msg("A hundred votes or more"),
    CaseGroup.IRREGULARITY: KINDS[CaseKind.IRREGULARITY],
    CaseGroup.REREAD: KINDS[CaseKind.REREAD],
    CaseGroup.EVIDENCE: KINDS[CaseKind.EVIDENCE],
    CaseGroup.INFORMATION: msg("For information"),
    CaseGroup.SETTLED: msg("Settled"),
}


@dataclass(frozen=True, slots=True)
class CasesWanted:
    """Selection of cases; None, or an empty text, for all."""

    group: CaseGroup | None = None
    sure: Sure | None = None
    place: str = ""
    order: str = ORDERS[0]


class CaseIndex:
    """Made once for each audit.

    Attributes:
        group, sure, apart: of each case in its order, shape ``(n,)``.
        insee, bureau: of its first finding.
        lines: those in which cases are read.
    """

    def __init__(self, result: Audit) -> None:
        self._cases, self.lines = result.cases, LinesOfCases(result)
        keys = result.findings.keys()
        parts: list[tuple[Ints, Ints, Ints]] = []
        for block in result.cases.blocks():
            kinds = np.array([int(cause.kind) for cause in block.causes], np.int64)
            parts.append((kinds[block.cause], block.sure, block.findings[block.start[:-1]]))
        columns = zip(*parts, strict=True) if parts else [[np.zeros(0, np.int64)]] * 3
        kind, self.sure, first = (np.concatenate(list(each)) for each in columns)
        weight, self._consequence = result.cases.rank, result.cases.consequence
        done = np.isin(np.arange(1, len(kind) + 1), list(settled(result)))
        groups = [CaseGroup.SETTLED, CaseGroup.INFORMATION, CaseGroup.RESULT, CaseGroup.HUNDRED]
        tests = [done, ~result.cases.asks, weight > _HUNDRED, weight == _HUNDRED]
        self.group = np.select(tests, list(map(int, groups)), kind + CaseGroup.HUNDRED)
        place = keys.place[first]
        self.apart = keys.apart[first]
        self.insee: Texts = keys.places.insee[place]
        self.bureau: Texts = keys.places.bureau[place]
        names = result.coverage.communes
        self._names = {code: f"{name} {code}".casefold() for code, name in names.items()}

    def __len__(self) -> int:
        return len(self.group)

    def find(self, wanted: CasesWanted) -> Ints:
        """Indices of the cases that are wanted, in the order that is."""
        kept = np.ones(len(self), np.bool_)
        if wanted.group is not None:
            kept &= self.group == int(wanted.group)
        if wanted.sure is not None:
            kept &= self.sure == _SURE.index(wanted.sure)
        if wanted.place.strip():
            kept &= self._is_at(wanted.place)
        rows = np.flatnonzero(kept)
        if wanted.order == "place":
            numbers = np.array([by_number(code) for code in self.bureau[rows].tolist()], np.str_)
            return rows[np.lexsort((rows, numbers, self.insee[rows]))]
        if wanted.order == "apart":
            return rows[np.lexsort((rows, -self.apart[rows]))]
        first = np.where(self.group <= CaseGroup.HUNDRED, -self._consequence, 0)
        return rows[np.lexsort((rows, first[rows], self.group[rows]))]

    def in_lines(self, rows: Ints, wanted: CasesWanted) -> Ints:
        """The cases that begin a line, of those wanted as they are best read; of a place, and in another order, all."""
        if wanted.place.strip() or wanted.order != ORDERS[0]:
            return rows
        return rows[self.lines.begins()[rows]]

    def _is_at(self, place: str) -> Bools:
        """Cases of communes with all of these words in their name or code; a word may be the bureau instead."""
        found = np.ones(len(self), np.bool_)
        codes, of = np.unique(self.insee, return_inverse=True)
        for word in place.casefold().split():
            named = np.array([word in self._names.get(code, code.casefold()) for code in codes.tolist()], np.bool_)
            found &= named[of] | (self.bureau == word.upper())
        return found

    def case(self, index: int) -> Case:
        """The case itself."""
        return self._cases[index]


_LOOKED = 0.5
"""Seconds for which the folder is not looked at again."""
_LONG = 2
"""Seconds from which it is said how many there were."""
READING = msg("reading tables")


@dataclass(frozen=True, slots=True)
class PlaceSummary:
    """The bureaux of a commune.

    Attributes:
        code, name: of the commune.
        counts: of bureaux in each state.
    """

    code: str
    name: str
    counts: tuple[int, ...]

    @property
    def bureaux(self) -> int:
        """Number of bureaux."""
        return sum(self.counts)


class CommuneTable:
    """The communes in the order of their codes.

    Args:
        universe: the bureaux.
        state: of each bureau, shape ``(units,)``.
        states: how many there are.
    """

    def __init__(self, universe: Universe, state: Ints, states: int) -> None:
        self._code, first, of = np.unique(universe.insee, return_index=True, return_inverse=True)
        self._names = list(map(as_written, universe.commune[first].tolist()))
        self._folded = [f"{name} {code}".casefold() for name, code in zip(self._names, self._code, strict=True)]
        self._counts = np.zeros((len(self._code), states), np.int64)
        np.add.at(self._counts, (of, state), 1)

    def __len__(self) -> int:
        return len(self._code)

    def find(self, place: str = "", state: int | None = None) -> Ints:
        """Indices of the communes that are asked for.

        Args:
            place: words that are in their name or code.
            state: that one of their bureaux is in, None for all.
        """
        kept = np.ones(len(self), np.bool_)
        if state is not None:
            kept &= self._counts[:, state] > 0
        for word in place.casefold().split():
            kept &= np.array([word in folded for folded in self._folded], np.bool_)
        return np.flatnonzero(kept)

    def counts(self, indices: Ints) -> tuple[int, ...]:
        """Count their bureaux by state."""
        return tuple(self._counts[indices].sum(axis=0).tolist())

    def summaries(self, indices: Iterable[int]) -> list[PlaceSummary]:
        """Summaries to show."""
        return [PlaceSummary(str(self._code[at]), self._names[at], tuple(self._counts[at].tolist())) for at in indices]


class BureauState(IntEnum):
    """In the order of their gravity; ``mark`` tells them apart without a colour."""

    NOTHING = 0
    GIVEN = 1
    LACKING = 2
    AGREES = 3
    DONE = 4
    WARNING = 5
    ERROR = 6

    @property
    def text(self) -> Message:
        """For people."""
        return _TEXTS[self]

    @property
    def mark(self) -> str:
        """A shape of its own."""
        return "○◔◐●✓▲■"[self]

    @property
    def css(self) -> str:
        """The class of what is drawn."""
        return self.name.lower()


_TEXTS = {
    BureauState.NOTHING: pmsg("the figures of a bureau", "nothing given"),
    BureauState.GIVEN: msg("nothing to compare yet"),
    BureauState.LACKING: pmsg("the figures of a bureau", "agree, but a piece is missing"),
    BureauState.AGREES: pmsg("the figures of a bureau", "agree"),
    BureauState.DONE: pmsg("the figures of a bureau", "settled"),
    BureauState.WARNING: pmsg("the figures of a bureau", "to look at"),
    BureauState.ERROR: pmsg("the figures of a bureau", "contradict each other"),
}


@dataclass(frozen=True, slots=True)
class BureauStates:
    """The state of every bureau, shape ``(units,)``, and the findings of each.

    Attributes:
        unit: of each finding, -1 where it is of no bureau of the list; shape ``(n,)``.
        communes: with the states of their bureaux.
    """

    universe: Universe
    state: Ints
    unit: Ints
    communes: CommuneTable

    def counts(self) -> tuple[int, ...]:
        """Count the bureaux by state."""
        return tuple(np.bincount(self.state, minlength=len(BureauState)).tolist())

    def of(self, unit: int) -> BureauState:
        """The state of one bureau."""
        return BureauState(int(self.state[unit]))

    def bureaux(self, insee: str) -> Iterator[tuple[str, BureauState]]:
        """The bureaux of a commune by the numbers in their codes: code and state."""
        order = self.universe.by_number
        for unit in order[self.universe.insee[order] == insee].tolist():
            yield str(self.universe.bureau[unit]), BureauState(int(self.state[unit]))


def states_of(evidence: LinedEvidence, result: Audit) -> BureauStates:
    """The state of every bureau: the gravest of its findings that are not settled, else what there is to compare."""
    universe = evidence.universe
    state = _given(evidence)
    done = np.isin(result.cases.number, list(settled(result)))
    keys = result.findings.keys()
    places = universe.find(keys.places.insee, keys.places.bureau)
    unit = np.where(result.findings.of_first(), places[keys.place], -1) if len(places) else np.zeros(0, np.int64)
    lacking = np.ones(len(universe), np.bool_)  # what agrees without the one independent count
    if evidence.signatures is not None:
        lacking = ~evidence.signatures["signatures"].known.any(axis=1)
    lacking[unit[keys.of(*MISSING_PIECES) & (unit >= 0)]] = True
    state[lacking & (state == BureauState.AGREES)] = int(BureauState.LACKING)
    asks = np.append(False, result.cases.asks)[result.cases.number]
    grave = np.where(asks, np.maximum(keys.severity, Severity.WARNING), keys.severity)  # an info to be read again too
    for severity, means in ((Severity.WARNING, BureauState.WARNING), (Severity.ERROR, BureauState.ERROR)):
        here = (grave == severity) & (unit >= 0)
        state[unit[here & done]] = np.maximum(state[unit[here & done]], int(BureauState.DONE))
        state[unit[here & ~done]] = np.maximum(state[unit[here & ~done]], int(means))
    return BureauStates(universe, state, unit, CommuneTable(universe, state, len(BureauState)))


def _given(evidence: LinedEvidence) -> Ints:
    """State of every bureau by its figures alone: two counts of voters, any other figure, or none."""
    count = np.zeros(evidence.shape, np.int64)
    for quantity in (Quantity.SIGNATURES, Quantity.VOTES_FOUND):
        for each in stated(evidence, quantity, *_COUNTING):
            count += each.known
    some = [np.zeros(len(evidence.universe), np.bool_), *(mask.any(axis=1) for _, mask, _ in having(evidence))]
    kinds = [int(BureauState.AGREES), int(BureauState.GIVEN)]
    return np.select([(count >= 2).any(axis=1), np.logical_or.reduce(some)], kinds, int(BureauState.NOTHING))


_COUNTING = (
    EvidenceKind.SIGNATURES,
    EvidenceKind.RECORDS,
    EvidenceKind.EXPORTS,
    EvidenceKind.TABULATION,
    EvidenceKind.PUBLISHED,
)
"""Pieces that count voters."""


@dataclass(frozen=True, slots=True)
class Compared:
    """What was found in a folder in which something could be checked."""

    evidence: LinedEvidence
    result: Audit
    states: BureauStates
    cases: CaseIndex


@dataclass(frozen=True, slots=True)
class ExaminedCase:
    """Result for one state of a folder.

    Attributes:
        mark: of the folder; empty before it was looked at.
        inputs: what became of each file.
        compared: None where nothing could be checked, and ``error`` why.
    """

    mark: str = ""
    inputs: tuple[Input, ...] = ()
    compared: Compared | None = None
    error: RegardError | None = None


class Examiner:
    """Examines a case again and again; `close` ends it."""

    def __init__(self, folder: CaseFolder) -> None:
        self._folder = folder
        self._wake, self._closed = threading.Event(), threading.Event()
        self._lock = threading.Lock()
        self._latest = ExaminedCase()
        self._looked = -_LOOKED
        self._step: tuple[str, int] = ("", 0)
        self._since = 0.0
        self.busy = False
        self._thread = threading.Thread(target=self._work, name="audit", daemon=True)
        self._thread.start()

    def latest(self) -> ExaminedCase:
        """Latest result. Starts again if the folder has changed since."""
        self.look()
        return self._latest

    @property
    def before(self) -> bool:
        """True if there is a result from before the last change."""
        return bool(self._latest.mark)

    def is_at_work(self) -> bool:
        """Look at the folder, and check that the case is being examined."""
        self.look()
        return self.busy

    def look(self) -> None:
        """Begin anew if the folder has changed; looks at it twice a second at most."""
        with self._lock:
            if self.busy or time.monotonic() - self._looked < _LOOKED:
                return
            self._looked = time.monotonic()
            if self._folder.mark() != self._latest.mark:
                self._begin()

    def changed(self) -> None:
        """Begin anew: something was written."""
        with self._lock:
            self._begin()

    def _begin(self) -> None:
        self.busy, self._since = True, time.monotonic()
        self._wake.set()

    def doing(self) -> Message:
        """Present step, its progress if counted, and its start."""
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
            compared = Compared(evidence, result, states_of(evidence, result), CaseIndex(result))
            return ExaminedCase(mark, result.inputs, compared)
        except NothingReadable as error:
            return ExaminedCase(mark, tuple(error.inputs), error=error)
        except RegardError as error:
            return ExaminedCase(mark, error=error)
        except Exception as error:  # memory that ran out included
            return ExaminedCase(mark, error=RegardError(describe_bug(error)))


def describe_bug(error: Exception) -> Message:
    """Describe an unexpected error."""
    if isinstance(error, MemoryError):
        return msg("there is not enough memory: close other programs, or give fewer files at a time")
    return msg("{kind}: {error}. This is a bug in regard, not in your files.", kind=type(error).__name__, error=error)
