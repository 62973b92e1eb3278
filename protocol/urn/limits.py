"""Limits of the format in many module images, by section, as in `protocol.urn.parsing`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from protocol.export.record import MAX_CHOICES, MAX_POLLS, TEXTS
from protocol.limits import dates_good, texts_good
from protocol.urn.checks import GOOD, UNSEALED, Checks
from protocol.urn.image import (
    DTYPE,
    ERASED,
    EVENT_SIZE,
    EVENTS,
    LABEL_SIZE,
    LIMITS,
    MARK_BYTES,
    SLOT_SIZE,
    SPANS,
    TEST_POLL,
    EventKind,
    Section,
    slot_bytes,
)

Rows = npt.NDArray[np.void]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

_NUMBERS = np.arange(1, MAX_POLLS + 1)
_HEAD: Mapping[str, Any] = DTYPE["configuration"].fields or {}
_TEXT_NAMES = [name for name in _HEAD if name in TEXTS]
_TEXT = slice(_HEAD[_TEXT_NAMES[0]][1], _HEAD[_TEXT_NAMES[-1]][1] + _HEAD[_TEXT_NAMES[-1]][0].itemsize)
_TEXT_STARTS = np.array([_HEAD[name][1] for name in _TEXT_NAMES]) - _TEXT.start
_WORD = np.uint64(2**64 - 1)


def configurations_good(images: npt.NDArray[np.uint8], rows: Rows) -> Bools:
    """Check the configurations of images; those that fail have the verdict `VALUE`; shape ``(n,)``."""
    head = rows["configuration"]
    good = texts_good(np.ascontiguousarray(images[:, _TEXT]), _TEXT_STARTS) & dates_good(head["date"].astype(np.int64))
    good &= _within("configuration", head, "round", "part", "registered")
    polls = head["polls"]
    without = polls["number"] == ERASED
    good &= ~without.all(axis=1)
    known = polls_known(rows)
    texts = _bytes(polls["constituency"])
    known &= texts_good(texts.reshape(known.size, texts.shape[2]), np.zeros(1, np.int64)).reshape(known.shape)
    if without.any():
        raw = _bytes(polls)
        without &= (raw[:, :, 1] == ERASED) & (raw[:, :, 4:] == ERASED).all(axis=2)
    return np.asarray(good & (known | without).all(axis=1), np.bool_)


def polls_known(rows: Rows) -> Bools:
    """Find the polls of each module, by number less one; shape ``(n, 5)``."""
    polls = rows["configuration"]["polls"]
    return np.asarray((polls["number"] == _NUMBERS) & _within("configuration.polls", polls, "choices"), np.bool_)


def _within(path: str, entries: Rows, *names: str) -> Bools:
    """Check that all numbers of the same entries are within `LIMITS`; shape as that of ``entries``."""
    good = np.ones(entries.shape, np.bool_)
    for name in names:
        least, most = LIMITS[f"{path}.{name}"]
        good &= (entries[name] >= least) & (entries[name] <= most)
    return good


def _bytes(fields: npt.NDArray[Any]) -> npt.NDArray[np.uint8]:
    """The bytes of fields: one dimension more than there are fields."""
    whole = np.ascontiguousarray(fields)
    return whole.view(np.uint8).reshape(*whole.shape, whole.dtype.itemsize)


@dataclass(frozen=True, slots=True)
class Images:
    """Inputs of the checks of this module, for ``n`` images.

    Attributes:
        raw: bytes, shape ``(n, 65536)``.
        rows: the same as `protocol.urn.image.DTYPE`, shape ``(n,)``.
        checks: what their checksums say.
        choices: number of choices of each poll, 0 for a poll that there is not; shape ``(n, 5)``.
    """

    raw: npt.NDArray[np.uint8]
    rows: Rows
    checks: Checks
    choices: Ints

    def part(self, section: Section) -> npt.NDArray[np.uint8]:
        """The bytes of one section, shape ``(n, size)``."""
        start, end = SPANS[section]
        return self.raw[:, start:end]


def allowed(images: Images) -> Bools:
    """Check the limits of each section, but for the configuration and the labels; shape ``(n, 9)``."""
    good = np.ones((len(images.rows), len(Section)), np.bool_)
    for section, check in (
        (Section.ZERO_CHECKS, _zero_checks),
        (Section.TEST_VOTES, _test_votes),
        (Section.LOG, _log),
        (Section.MARKS, _marks),
        (Section.CLOSING, _closing),
        (Section.CHOICES, _unused_labels),
    ):
        good[:, section] = check(images)
    return good


def _zero_checks(images: Images) -> Bools:
    entries, good = images.rows["zero_checks"], images.checks.zero_good
    fits = _within("zero_checks", entries, "at", "counter_sum", "slots_written", "test_votes")
    whole = _bytes(entries)[:, :, -1] != ERASED
    return np.asarray(np.where(good, fits, ~whole).all(axis=1), np.bool_)


def _test_tables() -> tuple[npt.NDArray[np.uint32], Ints, Ints]:
    """Every test vote and every part of one that a loss of power can leave: its bytes, its poll, its choice."""
    found: dict[bytes, tuple[int, int]] = {}
    for poll in range(1, MAX_POLLS + 1):
        for choice in range(MAX_CHOICES + 1):
            vote = slot_bytes(poll | TEST_POLL, choice)
            for kept in range(1, SLOT_SIZE + 1):
                found.setdefault(vote[:kept].ljust(SLOT_SIZE, b"\xff"), (poll, choice if kept > 1 else 0))
    words = np.frombuffer(b"".join(found), np.uint32)
    order = np.argsort(words)
    polls, choices = np.array(list(found.values()), np.int64)[order].T
    return words[order], polls, choices


_TEST_WORDS, _TEST_POLLS, _TEST_CHOICES = _test_tables()


def _test_votes(images: Images) -> Bools:
    words = np.ascontiguousarray(images.part(Section.TEST_VOTES)).view(np.uint32)
    good = np.ones(len(words), np.bool_)
    image, slot = np.nonzero(words != np.uint32(0xFFFF_FFFF))
    written = words[image, slot]
    at = np.minimum(np.searchsorted(_TEST_WORDS, written), len(_TEST_WORDS) - 1)
    most = images.choices[image, _TEST_POLLS[at] - 1]
    fits = (_TEST_WORDS[at] == written) & (most > 0) & (_TEST_CHOICES[at] <= most)
    good[image[~fits]] = False
    return good


def _log(images: Images) -> Bools:
    events, n = images.checks.events, len(images.rows)
    words = np.ascontiguousarray(images.part(Section.LOG)).view(np.uint64).reshape(n, EVENTS, EVENT_SIZE // 8)
    erased = (words == _WORD).all(axis=2)
    last = EVENTS - 1 - np.argmin(erased[:, ::-1], axis=1)
    last[erased.all(axis=1)] = -1
    good = np.asarray((~erased).sum(axis=1) == last + 1, np.bool_)  # else entries were left out
    image = events["image"]
    ends = images.rows["log"]["crc32"][image, events["entry"]] & 0xFF == ERASED
    torn = (events["entry"] == last[image]) & ends & (images.checks.sections[image, Section.CLOSING] == UNSEALED)
    good[image[~(events["good"] | (torn & ~events["sound"]))]] = False
    return good


def events_fit(events: npt.NDArray[np.void], choices: Ints) -> Bools:
    """Check that log entries name a poll of their module, or none where none belongs, and a time.

    Args:
        events: dtype `protocol.urn.checks.EVENT_COLUMNS`.
        choices: number of choices of each poll, 0 for a poll that there is not; shape ``(n, 5)``.
    """
    poll = events["poll"]
    of_urn = choices[events["image"], np.clip(poll - 1, 0, MAX_POLLS - 1)] > 0
    of_urn &= (poll >= 1) & (poll <= MAX_POLLS)
    fits = np.where(events["kind"] == EventKind.HOURLY, of_urn, poll == 0)
    return np.asarray(fits & _within("log", events, "at"), np.bool_)


def _marks(images: Images) -> Bools:
    none = images.choices == 0
    if not none.any():
        return np.ones(len(none), np.bool_)
    area = images.part(Section.MARKS)[:, 2 * MARK_BYTES :]
    voters = 2 * MARK_BYTES * MAX_POLLS
    parts = [part.view(np.uint64) for part in (area[:, :voters], area[:, voters:])]
    marked = [(part.reshape(*none.shape, part.shape[1] // MAX_POLLS) != _WORD).any(axis=2) for part in parts]
    return np.asarray(~(none & (marked[0] | marked[1])).any(axis=1), np.bool_)


def _closing(images: Images) -> Bools:
    closing, choices = images.rows["closing"], images.choices
    good = _within("closing", closing, "at", "enablings", "unreadable", "burnt")
    polls = closing["polls"]
    fits = _within("closing.polls", polls, "voters", "cancellations", "cast", "blank")
    most = np.where(np.arange(MAX_CHOICES) < choices[:, :, None], LIMITS["closing.polls.tallies"][1], 0)
    fits &= (polls["tallies"] <= most).all(axis=2)
    none = choices == 0
    if none.any():
        fits = np.where(none, (_bytes(polls).view(np.uint64) == _WORD).all(axis=2), fits)
    return np.asarray((good & fits.all(axis=1)) | (images.checks.sections[:, Section.CLOSING] != GOOD), np.bool_)


def _unused_labels(images: Images) -> Bools:
    words = images.part(Section.CHOICES).view(np.uint64)
    words = words.reshape(len(words), MAX_POLLS, MAX_CHOICES, LABEL_SIZE // 8)
    written = (words != _WORD).any(axis=3)
    return np.asarray(~(written & (np.arange(MAX_CHOICES) >= images.choices[:, :, None])).any(axis=(1, 2)), np.bool_)


def reserved_erased(rows: Rows) -> Bools:
    """Check that all bytes that version 1 does not use are erased; shape ``(n,)``."""
    head, closing = rows["configuration"], rows["closing"]
    fields = (head["reserved_1"], head["reserved_2"], head["polls"]["reserved"], head["reserved_3"])
    others = (rows["zero_checks"]["reserved"], closing["reserved"])
    good = np.ones(len(rows), np.bool_)
    for field in (*fields, *others):
        raw = _bytes(field)
        good &= (raw == ERASED).all(axis=tuple(range(1, raw.ndim)))
    return good
