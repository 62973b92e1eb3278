"""Two banks of vote slots: each vote alone in each bank, at a position drawn at random.

The order of the writes: four bytes in bank A, then their complement in bank B. **The commit point is the last byte in
bank A**: cut before it, and the slot is cleared to zeros when the power returns, and the voter votes again; cut after
it, and the vote is completed. The design and its sources are in `protocol.urn.image`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from struct import Struct
from typing import Protocol

import numpy as np

from machine.errors import UrnFullError
from machine.memory import Memory
from protocol.arrays import Ints
from protocol.export.record import MAX_CHOICES, MAX_POLLS
from protocol.urn.image import SLOT_SIZE, slot_bytes
from protocol.words import msg

BLANK = 0xFFFF_FFFF
"""A slot in which nothing was written, in either bank."""
BURNT = 0
"""A slot that was given up, in either bank."""

_WORDS = {
    int.from_bytes(slot_bytes(poll, choice), "big"): (poll, choice)
    for poll in range(1, MAX_POLLS + 1)
    for choice in range(MAX_CHOICES + 1)
}
_CODES = [[tuple(slot_bytes(poll, choice)) for choice in range(MAX_CHOICES + 1)] for poll in range(MAX_POLLS + 1)]
_INVERTED = bytes(range(255, -1, -1))


class Draw(Protocol):
    """Random source of the banks: draws an order of the free positions, all orders equally likely."""

    def permutation(self, x: Ints) -> Ints:
        """The elements of ``x`` in an order drawn at random."""


@dataclass(frozen=True, slots=True)
class BankCount:
    """Counts of the banks: votes by (poll, choice), slots given up, unreadable slots."""

    votes: Mapping[tuple[int, int], int]
    burnt: int
    unreadable: int


class Banks:
    """The two banks of one urn.

    The order in which the free positions will be used is drawn when the power comes on and kept in the machine's
    working memory, used positions dropped from it; it is lost with the power. It tells of the future, never the past.
    """

    def __init__(self, memory: Memory, start_a: int, start_b: int, slots: int, random: Draw) -> None:
        self._memory = memory
        self._start_a = start_a
        self._start_b = start_b
        self._slots = slots
        self._words = Struct(f">{slots}I")
        self._random = random
        self._free: list[int] = []

    @property
    def free(self) -> int:
        """Number of votes that still fit."""
        return len(self._free)

    def store(self, poll: int, choice: int) -> None:
        """Store a vote (choice 0 for blank), at a position drawn at random.

        Raises:
            UrnFullError: no slot is free.
        """
        if not self._free:
            raise UrnFullError(msg("the electronic urn is full"))
        offset = self._free.pop() * SLOT_SIZE
        write = self._memory.write
        first, second, third, fourth = _CODES[poll][choice]
        place = self._start_a + offset
        write(place, first)
        write(place + 1, second)
        write(place + 2, third)
        write(place + 3, fourth)
        place = self._start_b + offset
        write(place, 255 - first)
        write(place + 1, 255 - second)
        write(place + 2, 255 - third)
        write(place + 3, 255 - fourth)

    def load(self) -> int:
        """Read the banks after the power was away: complete what counts, clear what does not, draw an order.

        Returns:
            How many votes were completed.
        """
        completed = 0
        blank = self.erased()
        free: list[int] = []
        if not blank:
            for position, (a, b) in enumerate(self._pairs()):
                if a == BLANK and b == BURNT:  # bank B is read through its complement
                    free.append(position)
                elif a != b and not (a == BURNT and b == BLANK):
                    if a in _WORDS:
                        completed += self._complete(position, a)
                    elif b not in _WORDS and (b == BURNT or a == BURNT):
                        self._burn(position)
        order = self._random.permutation(np.arange(self._slots) if blank else np.array(free, np.int64))
        self._free = order.tolist()
        return completed

    def erased(self) -> bool:
        """Check that nothing was ever written in either bank."""
        size = self._slots * SLOT_SIZE
        return self._memory.erased(self._start_a, self._start_a + size) and self._memory.erased(
            self._start_b, self._start_b + size
        )

    def written(self) -> int:
        """Count the slots that are not blank in at least one bank."""
        if self.erased():
            return 0
        return sum((a, b) != (BLANK, BURNT) for a, b in self._pairs())

    def count(self) -> BankCount:
        """Count the votes. A vote that one bank lost is taken from the other; where both hold one, they must agree."""
        votes: Counter[tuple[int, int]] = Counter()
        burnt = unreadable = 0
        for (a, b), slots in self._different():
            first, second = _WORDS.get(a), _WORDS.get(b)
            vote = first if second is None else second
            if vote is not None and (first is None or second is None or first == second):
                votes[vote] += slots
            elif (a, b) == (BURNT, BLANK):
                burnt += slots
            elif (a, b) != (BLANK, BURNT):
                unreadable += slots
        return BankCount(votes, burnt, unreadable)

    def _different(self) -> Iterator[tuple[tuple[int, int], int]]:
        """The different pairs of words that the slots hold, and how many slots hold each; nothing where none does."""
        if self.erased():
            return
        size = self._words.size
        bank_a = np.frombuffer(self._memory.read(self._start_a, self._start_a + size), ">u4")
        bank_b = np.frombuffer(self._memory.read(self._start_b, self._start_b + size), ">u4")
        pairs, slots = np.unique(bank_a.astype(np.uint64) << np.uint64(32) | ~bank_b, return_counts=True)
        for pair, count in zip(pairs.tolist(), slots.tolist(), strict=True):
            yield (pair >> 32, pair & BLANK), count

    def _pairs(self) -> Iterator[tuple[int, int]]:
        size = self._words.size
        bank_a = self._memory.read(self._start_a, self._start_a + size)
        bank_b = self._memory.read(self._start_b, self._start_b + size).translate(_INVERTED)
        return zip(self._words.unpack(bank_a), self._words.unpack(bank_b), strict=True)

    def _complete(self, position: int, word: int) -> int:
        """Write in bank B what a cut kept from it. A slot whose bank B holds something else stays as it is."""
        place = self._start_b + position * SLOT_SIZE
        wanted = (word ^ BLANK).to_bytes(SLOT_SIZE, "big")
        held = self._memory.read(place, place + SLOT_SIZE)
        if any(want & ~have for want, have in zip(wanted, held, strict=True)):
            return 0
        self._memory.write_bytes(place, wanted)
        return 1

    def _burn(self, position: int) -> None:
        for start in (self._start_a, self._start_b):
            self._memory.write_bytes(start + position * SLOT_SIZE, bytes(SLOT_SIZE))
