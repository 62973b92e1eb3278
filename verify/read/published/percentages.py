"""Published percentages against the figures they are made of: rounded at two decimals, truncated, or wrong.

Exact: a percentage is compared as a whole number of hundredths. A half may be rounded up or to the even digit, as
programs do. The ministry's files of 2017 cut trailing zeros (``9,2`` for 9.20); newer ones write ``78,94%``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from protocol.quantities import Quantity
from protocol.words import msg
from verify.model.figures import Bools, Ints, Shares, Texts
from verify.model.published import Published

TRUNCATED = "truncated"
WRONG = "wrong"
UNREADABLE = "unreadable"
KINDS = {TRUNCATED: msg("truncated"), WRONG: msg("wrong"), UNREADABLE: msg("unreadable")}
"""The kinds of wrong percentages, for people."""

_PERCENTAGE = re.compile(r"([0-9]{1,4})(?:[.,]([0-9]{1,2})0*)?\s*%?")


@dataclass(frozen=True, slots=True)
class Percentages:
    """The percentages of a file that are not their ratio rounded at two decimals, as columns of shape ``(k,)``.

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


def check_percentages(published: Published) -> Percentages:
    """Compare every percentage that is there and whose two figures are."""
    total = 0
    fields: list[str] = []
    index: list[int] = []
    shown: list[str] = []
    expected: list[str] = []
    kinds: list[str] = []
    for field, written in published.percentages.items():
        above, below = field.split("/")
        of_votes = above == Quantity.VOTES
        numerator = published.votes if of_votes else published.counts[above]
        denominator = published.counts[below]
        of = published.vote_unit if of_votes else None
        # what fits in the processor's memory is looked at several times as fast; of texts the different ones are few
        step = _AT_ONCE if written.dtype.kind == "f" else max(len(written), 1)
        for start in range(0, len(written), step):
            part = slice(start, start + step)
            below_them = denominator[part] if of is None else denominator[of[part]]
            compared, bad, stated = _compare(written[part], numerator[part], below_them)
            total += compared
            if len(bad):
                n, d = numerator[part][bad], below_them[bad]
                safe = np.maximum(d, 1)
                truncated = (d > 0) & (stated == 10_000 * n // safe)
                kinds += np.select([stated < 0, truncated], [UNREADABLE, TRUNCATED], default=WRONG).tolist()
                rounded = np.where(d == 0, -1, (20_000 * n + safe) // (2 * safe))
                fields += [field] * len(bad)
                index += (start + bad).tolist()
                shown += map(str, written[part][bad])  # of a number in 32 bits as few digits as it needs
                expected += map(_text, rounded.tolist())
    return Percentages(
        checked=total,
        field=np.array(fields, np.str_),
        index=np.array(index, np.int64),
        published=np.array(shown, np.str_),
        expected=np.array(expected, np.str_),
        kind=np.array(kinds, np.str_),
    )


def _compare(written: Texts | Shares, above: Ints, below: Ints) -> tuple[int, Ints, Ints]:
    """How many percentages are there with both figures, which of them are not their ratio, and what those state."""
    is_there = written == written if written.dtype.kind == "f" else written != ""  # a number is not equal to none
    is_there = is_there & (above >= 0) & (below >= 0)
    if is_there.all():
        stated = _read_stated(written)
        bad = np.flatnonzero(~_is_ratio(stated, above, below))
        return len(written), bad, stated[bad]
    there = np.flatnonzero(is_there)
    stated = _read_stated(written[there])
    bad = np.flatnonzero(~_is_ratio(stated, above[there], below[there]))
    return len(there), there[bad], stated[bad]


def _read_stated(written: Texts | Shares) -> Ints:
    """What is stated in hundredths; -1 for what is no percentage with two decimals."""
    if written.dtype.kind == "f":
        hundredths = np.asarray(written, np.float64) * 100
        stated = np.rint(hundredths)
        with np.errstate(invalid="ignore"):  # infinite ones are too large
            near = np.abs(hundredths - stated) < _NEAR * np.maximum(stated, 1)
        is_one = (stated >= 0) & (stated < _MOST) & near
        return np.where(is_one, stated, -1).astype(np.int64)
    different, inverse = np.unique(written, return_inverse=True)
    values: Ints = np.array([_hundredths(str(text)) for text in different], np.int64)[inverse]
    return values


def _is_ratio(stated: Ints, n: Ints, d: Ints) -> Bools:
    """Whether hundredths are 10,000 n / d to the nearest, a half either way; 0 where d is."""
    near = np.abs(2 * d * stated - 20_000 * n) <= d
    return np.asarray(np.where(d == 0, stated == 0, near & (stated >= 0)))


_AT_ONCE = 2**14
_MOST = 10**6
"""Hundredths of a percentage of four digits."""
_NEAR = 1e-6
"""How far from hundredths a number in 32 bits may be that was written with two decimals."""


def _hundredths(text: str) -> int:
    found = _PERCENTAGE.fullmatch(text.strip())
    return -1 if found is None else int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0"))


def _text(hundredths: int) -> str:
    return "" if hundredths < 0 else f"{hundredths // 100},{hundredths % 100:02}"
