"""Arrow's columns as counts and percentages: those that are no numbers, or negative, are told and left out."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from protocol.words import cited, msg
from verify.model.figures import BLANK, UNREADABLE, Ints, Shares
from verify.read.aggregated.sources import texts_and_codes
from verify.read.arrow_arrays import absent_in, fill
from verify.read.counts import MAX_COUNT, parse_count
from verify.read.published.cells import Report

_SHARE = re.compile(r"([0-9]{1,4}(?:[.,][0-9]{1,9})?)\s*%?", re.ASCII)


def counts(column: Any, report: Report) -> Ints:
    """Counts of a column, shape ``(n,)``: a number, `BLANK` for none, `UNREADABLE` (reported) for what is no count."""
    import pyarrow as pa

    if pa.types.is_integer(column.type):
        return _of_integers(column, report)
    if pa.types.is_floating(column.type):
        column = column.cast(pa.string())
    texts, codes = texts_and_codes(column)
    values = np.array([*map(parse_count, texts), BLANK], np.int64)
    found: Ints = values[codes]
    for at in np.flatnonzero(found == UNREADABLE).tolist():
        report(at, msg("a count"), cited(texts[codes[at]]))
    return found


def _of_integers(column: Any, report: Report) -> Ints:
    blank, numbers = absent_in(column), fill(column, 0)
    found: Ints = numbers.astype(np.int64)
    if int(numbers.min(initial=0)) < 0 or int(numbers.max(initial=0)) > MAX_COUNT:
        wrong = (found < 0) | (found > MAX_COUNT)
        for at in np.flatnonzero(wrong).tolist():
            report(at, msg("a count"), f"{found[at]}")
        found[wrong] = UNREADABLE
    if blank is not None:
        found[blank] = BLANK
    return found


def shares(column: Any, report: Report) -> Shares:
    """Percentages of a column, shape ``(n,)``; not a number for none, or (reported) for what is no percentage."""
    import pyarrow as pa

    if pa.types.is_floating(column.type) or pa.types.is_null(column.type):
        return fill(column.cast(pa.float32()), np.nan)
    texts, codes = texts_and_codes(column)
    values = np.array([*map(_share, texts), np.nan], np.float32)
    found: Shares = values[codes]
    unread = np.array([*(bool(text.strip()) for text in texts), False], np.bool_) & np.isnan(values)
    if unread.any():
        for at in np.flatnonzero(unread[codes]).tolist():
            report(at, msg("a percentage"), cited(texts[codes[at]]))
    return found


def _share(text: str) -> float:
    found = _SHARE.fullmatch(text.strip())
    return float("nan") if found is None else float(found[1].replace(",", "."))
