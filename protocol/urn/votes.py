"""The stored votes of many urns counted at once, and every slot that is not as it should be named on its own.

The machine counts for itself, with other code. Here a vote counts when both banks agree on it, or when one of them
lost it and the other one holds it whole: that is a repair, and is reported.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from protocol.arrays import Bytes, Ints, Rows, Words
from protocol.export.record import MAX_CHOICES, MAX_POLLS
from protocol.urn.image import SLOTS, SPANS, TEST_POLL, Section, slot_bytes
from protocol.urn.terms import SlotState as SlotState

_BLOCK = 16
"""Images looked at together: their banks, half a megabyte, stay in the processor's cache."""
_ONES = np.uint32(0xFFFF_FFFF)
_WIDTH = MAX_CHOICES + 1
_CODES = MAX_POLLS * _WIDTH
_NO_VOTE = _CODES


SLOT_COLUMNS: np.dtype[Any] = np.dtype(
    [("image", "i8"), ("position", "i8"), ("state", "u1"), ("poll", "i8"), ("choice", "i8"), ("a", "V4"), ("b", "V4")]
)
"""One row for each slot in a `SlotState`: index of the image, position in the banks, the vote where there is one (poll
from 1, choice 0 for blank; poll 0 for none), the bytes of both banks."""


@dataclass(frozen=True, slots=True)
class UrnVotes:
    """The count of ``n`` urns.

    Attributes:
        counts: votes by poll and choice, shape ``(n, 5, 65)``, int64; choice 0 is blank. Foreign votes included.
        used: slots that hold a vote, repaired ones included, shape ``(n,)``.
        burnt: slots given up after a power cut, shape ``(n,)``.
        slots: every irregular slot, dtype `SLOT_COLUMNS`, by image and position; foreign votes are in `counts` only.
    """

    counts: Ints
    used: Ints
    burnt: Ints
    slots: Rows


def _word(bytes_: bytes) -> int:
    return int(np.frombuffer(bytes_, np.uint32)[0])


def _tables() -> tuple[Words, Ints]:
    """For the first two bytes of a slot: the whole word that a vote with them has, and the vote's code."""
    words = np.zeros(1 << 16, np.uint32)  # the word 0 is no vote
    codes = np.full(1 << 16, _NO_VOTE, np.int64)
    for poll in range(1, MAX_POLLS + 1):
        for choice in range(_WIDTH):
            slot = slot_bytes(poll, choice)
            key = int(np.frombuffer(slot[:2], np.uint16)[0])
            words[key] = _word(slot)
            codes[key] = (poll - 1) * _WIDTH + choice
    return words, codes


_WORD_OF, _CODE_OF = _tables()
_TEST_WORDS = np.array(
    [_word(slot_bytes(poll | TEST_POLL, choice)) for poll in range(1, MAX_POLLS + 1) for choice in range(_WIDTH)],
    np.uint32,
)


def code_of(words: Words) -> Ints:
    """The vote in each word (contiguous, as it lies in memory): ``(poll - 1) * 65 + choice``, or 325 for no vote."""
    keys = words.view(np.uint16)[::2]  # poll and choice come first in memory, whatever the processor's byte order
    codes = _CODE_OF[keys]
    good = _WORD_OF[keys] == words
    if not good.all():
        codes[~good] = _NO_VOTE
    return codes


def count_votes(images: Bytes) -> UrnVotes:
    """Count the stored votes of urns.

    Args:
        images: whole module images, shape ``(n, 65536)``, uint8, each row contiguous.
    """
    n = len(images)
    histogram = np.zeros((n, _CODES + 1), np.int64)
    burnt = np.zeros(n, np.int64)
    odd: list[Rows] = []
    bank_a, bank_b = (_bank(images, section) for section in (Section.BANK_A, Section.BANK_B))
    for start in range(0, n, _BLOCK):
        a, b = np.ascontiguousarray(bank_a[start : start + _BLOCK]), bank_b[start : start + _BLOCK]
        paired = (a ^ b) == _ONES
        blank = (a & b) == _ONES
        where = np.flatnonzero(paired)
        codes = code_of(a.ravel()[where])
        codes += (where // SLOTS) * (_CODES + 1)
        block = np.bincount(codes, minlength=len(a) * (_CODES + 1)).reshape(len(a), -1)
        if len(where) + np.count_nonzero(blank) != a.size or block[:, _NO_VOTE].any():
            rows = (paired | blank).all(axis=1) & (block[:, _NO_VOTE] == 0)
            for row in np.flatnonzero(~rows).tolist():
                extra, burnt[start + row], slots = _irregular(a[row], b[row])
                block[row] += extra
                slots["image"] = start + row
                odd.append(slots)
        histogram[start : start + _BLOCK] = block
    counts = histogram[:, :_CODES].reshape(n, MAX_POLLS, _WIDTH)
    return UrnVotes(
        counts=counts,
        used=counts.sum(axis=(1, 2)),
        burnt=burnt,
        slots=np.concatenate(odd) if odd else np.zeros(0, SLOT_COLUMNS),
    )


def _bank(images: Bytes, section: Section) -> Words:
    start, end = SPANS[section]
    return images[:, start:end].view(np.uint32)


def _irregular(a: Words, b: Words) -> tuple[Ints, int, Rows]:
    """Look at one urn slot by slot: votes to add to those in both banks, slots given up, slots to name."""
    c = ~b
    in_a, in_c = code_of(a), code_of(c)
    blank_a, blank_b = a == _ONES, b == _ONES
    burnt = (a == 0) & (b == 0)
    both = (a == c) & (in_a != _NO_VOTE)
    from_a = (in_a != _NO_VOTE) & (in_c == _NO_VOTE)
    from_b = (in_a == _NO_VOTE) & (in_c != _NO_VOTE)
    state = np.zeros(len(a), np.uint8)
    rest = ~((blank_a & blank_b) | burnt | both)
    state[rest] = SlotState.UNREADABLE
    state[rest & (blank_a | blank_b)] = SlotState.NOT_BLANK
    state[(in_a != _NO_VOTE) & (in_c != _NO_VOTE) & ~both] = SlotState.CONFLICT
    state[(a == c) & np.isin(a, _TEST_WORDS)] = SlotState.TEST
    state[from_a], state[from_b] = SlotState.REPAIRED_FROM_A, SlotState.REPAIRED_FROM_B
    codes = np.where(from_a, in_a, np.where(from_b, in_c, _NO_VOTE))
    extra = np.bincount(codes[from_a | from_b], minlength=_CODES + 1)
    named = np.flatnonzero(state)
    slots = np.zeros(len(named), SLOT_COLUMNS)
    slots["position"], slots["state"] = named, state[named]
    voted = codes[named] != _NO_VOTE
    slots["poll"] = np.where(voted, codes[named] // _WIDTH + 1, 0)
    slots["choice"] = np.where(voted, codes[named] % _WIDTH, 0)
    slots["a"], slots["b"] = a[named].view("V4"), b[named].view("V4")
    return extra, int(np.count_nonzero(burnt)), slots
