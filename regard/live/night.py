"""A night that is over, to come in once more: its figures in the order of a simulated evening, and its cases.

All the evidence is at hand from the start. A case is held back until the last of its bureaux has come in; one that is
of no bureau, until all have. Neither the order of the returns nor the editions depend on the clock, nor on how often
the process was ended: what is committed and sealed next follows from what the store has.
"""

from __future__ import annotations

import bisect
import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from protocol.errors import RegardError
from protocol.sealing.leaves import Leaf
from protocol.words import languages, msg
from regard.live.store import LiveFinding, LiveReturn, LiveStore, Sign
from regard.sealing.gathering import of_evidence, of_results
from regard.views.case_view import CaseLines
from regard.views.saying import Speaker
from sim.arrivals import Awaited, arrivals
from sim.parameters import LATE_CITIES
from verify import audit as auditing
from verify.audit import Audit
from verify.loading import load
from verify.model.cases import Case
from verify.model.evidence import LinedEvidence, Sources
from verify.model.findings import Severity
from verify.model.universe import MACHINE

BATCH = 1000
"""Returns that are committed at once, at most."""


@dataclass(frozen=True, slots=True)
class EveningEdition:
    """An edition that is to be sealed: its second of the evening, and how many returns are in it."""

    second: int
    size: int


@dataclass(frozen=True)
class Evening:
    """A night's returns by their second, and what is found once all the returns that it is of have come in.

    Attributes:
        returns: in the order of their seconds.
        found: findings by the number of returns there are then.
        editions: in their order, each of more returns than the one before; the last has all.
    """

    returns: Sequence[LiveReturn]
    found: Sequence[LiveFinding]
    editions: Sequence[EveningEdition]

    def digest(self) -> str:
        """Digest of the evening: of all leaves, their order, their seconds and the editions."""
        whole = sha256()
        for each in self.returns:
            whole.update(sha256(each.leaf).digest() + each.second.to_bytes(8, "big"))
        whole.update(repr([(each.second, each.size) for each in self.editions]).encode())
        return whole.hexdigest()

    def next_edition(self, sealed: int) -> EveningEdition | None:
        """The first edition of more returns than were sealed; None when the night is over."""
        at = bisect.bisect_right(self.editions, sealed, key=lambda each: each.size)
        return self.editions[at] if at < len(self.editions) else None

    def count_by(self, second: int) -> int:
        """Count the returns up to a second of the evening."""
        return bisect.bisect_right(self.returns, second, key=lambda each: each.second)

    def found_between(self, before: int, size: int) -> Sequence[LiveFinding]:
        """Findings that arise with the returns after the first ``before`` and up to the first ``size``."""
        start, stop = (bisect.bisect_right(self.found, at, key=lambda each: each.size) for at in (before, size))
        return self.found[start:stop]


def editions(seconds: Sequence[int], every: int) -> list[EveningEdition]:
    """Editions every so many seconds of the evening, where anything has come in since the last.

    Args:
        seconds: of the returns, in their order.
        every: seconds between two.
    """
    found: list[EveningEdition] = []
    size = 0
    while size < len(seconds):
        second = (seconds[size] // every + 1) * every
        size = bisect.bisect_left(seconds, second)
        found.append(EveningEdition(second, size))
    return found


class EveningClock:
    """The second of the evening that it is, so many times as fast as real time.

    Args:
        start: the second at which it starts.
        speed: seconds of the evening in one second; 0 for as fast as can be.
        time: real time in seconds.
        pause: waits for so many seconds.
    """

    def __init__(self, start: int, speed: int, time: Callable[[], float], pause: Callable[[float], None]) -> None:
        self._start, self._speed, self._time, self._pause = start, speed, time, pause
        self._began = time()

    def wait(self, second: int) -> int:
        """Wait until a second of the evening; gives the second that it is then, which may be later."""
        if not self._speed:
            return _LATE
        while (left := second - self._now()) > 0:
            self._pause(max(left / self._speed, _LEAST))
        return self._now()

    def _now(self) -> int:
        return self._start + int((self._time() - self._began) * self._speed)


_LEAST = 0.05
"""Seconds of a pause: returns of that time are committed at once."""
_LATE = 2**40
"""A second by which everything has come in."""


def feed(
    store: LiveStore,
    evening: Evening,
    clock: Callable[[int], EveningClock],
    sign: Sign,
    acknowledge: Callable[[int], None] = lambda size: None,
) -> None:
    """Commit the returns that the store does not have yet, as they come in, and seal the editions.

    Args:
        store: of this evening, with the first of its returns.
        evening: all of it.
        clock: gives the clock that starts at a second.
        sign: the note of an edition.
        acknowledge: called after each commit, with the number of returns that are in the store for good.

    Raises:
        StoreRefused: it cannot be written.
    """
    size, ticking = store.count(), None
    sealed = 0 if store.last_seal is None else store.last_seal.size
    while (edition := evening.next_edition(sealed)) is not None:
        if size > edition.size:  # by another program: an edition is never sealed behind what came after it
            sealed = edition.size
            continue
        whole = size == edition.size
        second = edition.second if whole else evening.returns[size].second
        ticking = ticking or clock(second)
        second = ticking.wait(second)
        if whole:
            acknowledge(store.commit(seal=(edition.second, sign)))
            sealed = size
        else:
            due = min(max(evening.count_by(second), size + 1), edition.size, size + BATCH)
            size = store.commit(evening.returns[size:due], evening.found_between(size, due))
            acknowledge(size)


CLOSING, LATE = 19 * 60, 20 * 60
"""When bureaux close, in minutes since midnight, where the evidence does not say it; in the cities that vote longer."""
_LATE_IN = frozenset((*LATE_CITIES, "75"))


class NothingComesIn(RegardError):
    """A night without the figures of any bureau."""


@dataclass(frozen=True, slots=True)
class NightToCome:
    """A night before its evening.

    Attributes:
        title: what it is called.
        evening: its returns.
        communes: the name of the commune of each return, by its key; empty where it is not known.
    """

    title: str
    evening: Evening
    communes: Mapping[str, str]


def night_to_come(
    given: Path, every: int, seed: int, progress: Callable[[str, int], None] | None = None
) -> NightToCome:
    """Read a night, look for its cases, and draw when each of its figures arrives.

    Args:
        given: its folder, or a file of published results by bureau.
        every: seconds of the evening between two editions.
        seed: of the times of arrival.
        progress: called with the name of a step and how much of it is done.

    Raises:
        NothingReadable, InputError: nothing of it can be read.
        NothingComesIn: there are no figures of bureaux.
        SealError: figures that cannot be sealed.
    """
    evidence = load(Sources(folder=given) if given.is_dir() else Sources(files=(given,)), progress)
    sealable = of_results(given) or of_evidence(evidence, given)
    if not sealable.leaves:
        raise NothingComesIn(msg("{path}: no figures of any bureau", path=given))
    result = auditing.run(evidence, progress)
    whole = sha256("".join(sorted(each.sha256 for each in sealable.inputs)).encode()).hexdigest()
    seconds = _seconds(evidence, sealable.leaves, seed)
    leaves = sorted(sealable.leaves, key=lambda leaf: (seconds[leaf.insee, leaf.bureau], leaf.place))
    returns = [LiveReturn(_key(leaf), seconds[leaf.insee, leaf.bureau], leaf.canonical(), whole) for leaf in leaves]
    ends = editions([each.second for each in returns], every)
    found = _findings(result, leaves, returns)
    election = evidence.election
    names = evidence.universe.commune_names()
    return NightToCome(
        title=given.resolve().name if election is None else election.name,
        evening=Evening(returns, found, ends),
        communes={_key(leaf): names.get(leaf.insee, "") for leaf in leaves},
    )


def _key(leaf: Leaf) -> str:
    return f"{leaf.insee}/{leaf.bureau}/{leaf.poll}"


def _seconds(evidence: LinedEvidence, leaves: list[Leaf], seed: int) -> dict[tuple[str, str], int]:
    universe = evidence.universe
    known = {
        place: (closing, counting == MACHINE)
        for place, closing, counting in zip(
            zip(universe.insee.tolist(), universe.bureau.tolist(), strict=True),
            universe.closing.tolist(),
            universe.counting.tolist(),
            strict=True,
        )
    }
    usual = _minutes(evidence.election.closing) if evidence.election and evidence.election.closing else -1
    ballots: dict[tuple[str, str], int] = {}
    for leaf in leaves:
        place = leaf.insee, leaf.bureau
        ballots[place] = ballots.get(place, 0) + leaf.figures.get("votes_found", 0)
    awaited = []
    for (insee, bureau), count in ballots.items():
        closing, machine = known.get((insee, bureau), (-1, False))
        if closing < 0:
            closing = usual if usual >= 0 else LATE if insee[:2] in _LATE_IN else CLOSING
        awaited.append(Awaited(insee, bureau, closing, count, machine))
    return arrivals(awaited, seed)


def _minutes(clock: str) -> int:
    try:
        time = datetime.time.fromisoformat(clock)
    except ValueError:
        return -1
    return time.hour * 60 + time.minute


def _findings(result: Audit, leaves: list[Leaf], returns: list[LiveReturn]) -> list[LiveFinding]:
    """The cases with an error or a warning, each where its last bureau comes in."""
    last: dict[tuple[str, ...], int] = {}
    for at, leaf in enumerate(leaves, 1):
        for place in ((leaf.insee, leaf.bureau, leaf.poll), (leaf.insee, leaf.bureau), (leaf.insee,)):
            last[place] = at
    lines = {code: CaseLines(result, Speaker(code)) for code in languages()}
    found = [
        _finding(case, lines, size, returns[size - 1].second)
        for case in result.cases
        if case.severity >= Severity.WARNING
        for size in [_size(case, last, len(leaves))]
    ]
    return sorted(found, key=lambda each: each.size)


def _size(case: Case, last: dict[tuple[str, ...], int], all_: int) -> int:
    """Number of returns once all bureaux of a case have come in."""
    sizes = []
    for place in case.places:
        names = (place.insee, place.bureau, str(place.poll)) if place.poll else (place.insee, place.bureau)
        sizes.append(last.get(names if place.bureau else (place.insee,), all_))
    return max(sizes, default=all_)


def _finding(case: Case, lines: Mapping[str, CaseLines], size: int, second: int) -> LiveFinding:
    said = {code: each.line(case) for code, each in lines.items()}
    return LiveFinding(
        key=f"case {case.number}",
        size=size,
        second=second,
        severity=case.severity.name.lower(),
        place={code: each.where for code, each in said.items()},
        said={code: each.clause for code, each in said.items()},
    )
