"""M: does a machine agree with itself."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from protocol import civil_time
from protocol.export import TIMES
from verify.evidence import Evidence
from verify.exports import Exports
from verify.figures import Bools
from verify.findings import Finding, Side, finding, where


def _records(
    evidence: Evidence, exports: Exports, code: str, mask: Bools, left: str, right: str, field: str
) -> Iterator[Finding]:
    """A finding for each record where ``mask`` holds, from two of its counts."""
    columns = exports.columns
    for record in np.flatnonzero(mask).tolist():
        row, place = columns[record], exports.place(record)
        first = int(row["tally_sum"]) + int(row["blank"]) if left == "sum" else int(row[left])
        yield finding(
            code,
            Side(place, first),
            Side(place, int(row[right])),
            field=field,
            insee=str(evidence.universe.insee[exports.unit[record]]),
            bureau=str(evidence.universe.bureau[exports.unit[record]]),
            poll=evidence.polls[int(exports.poll[record])],
        )


def sums(evidence: Evidence) -> Iterator[Finding]:
    """M101: tallies and blank votes make up the votes cast. All are below 2**28, so the sum is exact."""
    exports = evidence.exports
    if exports is None:
        return
    columns = exports.columns
    differs = columns["tally_sum"] + columns["blank"] != columns["cast"]
    yield from _records(evidence, exports, "M101", exports.used & differs, "sum", "cast", "cast")


def public_counter(evidence: Evidence) -> Iterator[Finding]:
    """M102: votes cast and the public counter of voters agree."""
    exports = evidence.exports
    if exports is None:
        return
    differs = exports.columns["cast"] != exports.columns["voters"]
    yield from _records(evidence, exports, "M102", exports.used & differs, "cast", "voters", "voters")


def times(evidence: Evidence) -> Iterator[Finding]:
    """M105: zero check, opening, closing and export follow one another; a time that never was is not compared."""
    exports = evidence.exports
    if exports is None:
        return
    columns = exports.columns
    for earlier, later in pairwise(TIMES):
        first, second = columns[earlier], columns[later]
        wrong = exports.used & (first >= 0) & (second >= 0) & (first > second)
        for record in np.flatnonzero(wrong).tolist():
            place = exports.place(record)
            yield finding(
                "M105",
                Side(place, civil_time.text(int(first[record]))),
                Side(place, civil_time.text(int(second[record]))),
                field=later,
                insee=str(evidence.universe.insee[exports.unit[record]]),
                bureau=str(evidence.universe.bureau[exports.unit[record]]),
                poll=evidence.polls[int(exports.poll[record])],
                details={"earlier": earlier, "later": later},
            )


def more_than_registered(evidence: Evidence) -> Iterator[Finding]:
    """M108: a bureau's machines took more votes than it has registered voters by the machine's own configuration."""
    exports = evidence.exports
    if exports is None:
        return
    cast, registered = exports.cast, exports.registered
    mask = cast.known & registered.known & (cast.values > registered.values)
    yield from where(evidence, "M108", mask, cast, registered)


CHECKS = (sums, public_counter, times, more_than_registered)
