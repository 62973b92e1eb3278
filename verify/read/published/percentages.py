"""Published percentages against the figures they are made of: rounded half up at two decimals, truncated, or wrong.

Exact: a percentage is compared as a whole number of hundredths. On all the ministry's files of 2017 that were seen,
percentages are rounded half up and their trailing zeros cut (``9,2`` for 9.20); newer ones write ``78,94%``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from protocol.quantities import Quantity
from protocol.words import msg
from verify.model.figures import Ints, Texts
from verify.model.published import Published

TRUNCATED = "truncated"
WRONG = "wrong"
UNREADABLE = "unreadable"
KINDS = {TRUNCATED: msg("truncated"), WRONG: msg("wrong"), UNREADABLE: msg("unreadable")}
"""The kinds of wrong percentages, for people."""

_PERCENTAGE = re.compile(r"([0-9]{1,4})(?:[.,]([0-9]{1,2})0*)?\s*%?")


@dataclass(frozen=True, slots=True)
class Percentages:
    """The percentages of a file that are not their ratio rounded half up at two decimals, as columns of shape ``(k,)``.

    Attributes:
        checked: how many were compared.
        field: which percentage, as in `Published.percentages`.
        index: index of the unit, or, where the field starts with ``votes/``, of the vote entry.
        published: as the file writes it.
        expected: as it would be, with a decimal comma and two decimals; empty where the denominator is 0.
        kind: `TRUNCATED`, `WRONG` or `UNREADABLE`.
    """

    checked: int
    field: Texts
    index: Ints
    published: Texts
    expected: Texts
    kind: Texts


def checked(published: Published) -> Percentages:
    """Compare every percentage that has a text and whose two figures are there."""
    parts: list[tuple[str, Ints, Ints, Texts]] = []
    total = 0
    for field, written in published.percentages.items():
        above, below = field.split("/")
        of_votes = above == Quantity.VOTES
        numerator = published.votes if of_votes else published.counts[above]
        denominator = published.counts[below]
        if of_votes:
            denominator = denominator[published.vote_unit]
        there = np.flatnonzero((written != "") & (numerator >= 0) & (denominator >= 0))
        total += len(there)
        texts, n, d = written[there], numerator[there], denominator[there]
        different, inverse = np.unique(texts, return_inverse=True)
        stated = np.array([_hundredths(str(text)) for text in different], np.int64)[inverse]
        safe = np.maximum(d, 1)
        rounded = np.where(d == 0, 0, (20_000 * n + safe) // (2 * safe))
        truncated = 10_000 * n // safe
        kind = np.select(
            [stated < 0, stated == rounded, (d > 0) & (stated == truncated)], [UNREADABLE, "", TRUNCATED], default=WRONG
        )
        bad = kind != ""
        parts.append((field, there[bad], np.where(d == 0, -1, rounded)[bad], kind[bad]))
    index = np.concatenate([part[1] for part in parts]) if parts else np.zeros(0, np.int64)
    fields = [field for field, where, _, _ in parts for _ in where]
    shown = [str(published.percentages[field][where]) for field, where in zip(fields, index, strict=True)]
    expected = [_text(int(value)) for _, _, values, _ in parts for value in values]
    return Percentages(
        checked=total,
        field=np.array(fields, np.str_),
        index=index,
        published=np.array(shown, np.str_),
        expected=np.array(expected, np.str_),
        kind=np.concatenate([part[3] for part in parts]) if parts else np.zeros(0, "U1"),
    )


def _hundredths(text: str) -> int:
    found = _PERCENTAGE.fullmatch(text.strip())
    return -1 if found is None else int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0"))


def _text(hundredths: int) -> str:
    return "" if hundredths < 0 else f"{hundredths // 100},{hundredths % 100:02}"
