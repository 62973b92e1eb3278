"""A night's returns in the order in which they come in, and when editions are sealed: the same on every run.

Neither depends on the clock, nor on how often the process was ended: what is committed and sealed next follows from
what the store has.
"""

from __future__ import annotations

import bisect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from regard.live.rows import LiveFinding, LiveReturn
from regard.live.store import LiveStore, Sign

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
