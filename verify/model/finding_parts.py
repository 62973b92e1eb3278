"""The parts that a table of findings is made of: their figures, how far these are apart, and their places."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from protocol.words import Text
from verify.model.figures import Ints, Texts
from verify.model.findings import Finding, Hits
from verify.model.holds import Side, SideColumn

BETWEEN = "\1"
"""Between the two codes of a place; below every character that a code can have."""


def sources_and_values(
    part: Hits | Sequence[Finding], rows: Ints, name: str
) -> Iterable[tuple[str, int | Text | None]]:
    """Where one of the two figures of some findings stands, and what stands there."""
    if isinstance(part, Hits):
        column: SideColumn = getattr(part, name)
        return zip(column.sources(rows), column.values[rows].tolist(), strict=True)
    sides: list[Side] = [getattr(part[row], name) for row in rows.tolist()]
    return [(side.source, side.value) for side in sides]


def how_far_apart(part: Hits | Sequence[Finding]) -> Ints | list[int]:
    """By how much the two figures of each finding differ; 0 where they are no counts."""
    if isinstance(part, Hits):
        return np.abs(part.left.values - part.right.values)
    both = ((each.left.value, each.right.value) for each in part)
    return [abs(left - right) if isinstance(left, int) and isinstance(right, int) else 0 for left, right in both]


def places_of(
    hits: Sequence[Hits], singles: Sequence[Finding], of_hits: Sequence[int], of_singles: Sequence[int]
) -> tuple[Texts, Ints]:
    """All places in the order of their codes, and the index of each finding's, so that places are whole numbers.

    The bureaux of several elections are several places, one behind the other.

    Args:
        hits: the findings of many bureaux; those of one election have the same bureaux.
        singles: the others.
        of_hits: the number of the election of each of ``hits``.
        of_singles: the same of ``singles``.
    """
    lists = dict(zip(of_hits, hits, strict=True))
    starts: dict[int, int] = {}
    keys: list[Texts] = []
    size = 0
    for election, each in lists.items():
        starts[election] = size
        size += len(each.insee)
        keys.append(_keys(each.insee, each.bureau, election))
    for election in sorted(set(of_singles)):
        some = [each for each, of in zip(singles, of_singles, strict=True) if of == election]
        keys.append(_keys(np.array([one.insee for one in some]), np.array([one.bureau for one in some]), election))
    order = np.argsort(np.array(of_singles, np.int64), kind="stable")
    places, index = _in_order(keys) if keys else (np.zeros(0, np.str_), np.zeros(0, np.int64))
    single = np.zeros(len(singles), np.int64)
    single[order] = index[size:]
    units = (index[starts[election] + each.unit] for election, each in zip(of_hits, hits, strict=True))
    return places, np.concatenate([*units, single]).astype(np.int64)


def _in_order(keys: Sequence[Texts]) -> tuple[Texts, Ints]:
    """Keys each once and in order, and the index of each; quick where the first part is in order and the rest short."""
    first, rest = keys[0], np.concatenate([keys[0][:0], *keys[1:]])
    if not len(first) or 8 * len(rest) > len(first) or not (first[1:] > first[:-1]).all():
        places, index = np.unique(np.concatenate(keys), return_inverse=True)
        return places, np.asarray(index, np.int64)
    at = np.minimum(np.searchsorted(first, rest), len(first) - 1)
    new = np.unique(rest[first[at] != rest])
    before = np.searchsorted(first, new)
    places = np.insert(first.astype(rest.dtype), before, new)
    own = np.arange(len(first)) + np.cumsum(np.bincount(before, minlength=len(first) + 1))[:-1]
    return places, np.concatenate([own, np.searchsorted(places, rest)]).astype(np.int64)


def _keys(insee: Texts, bureau: Texts, election: int) -> Texts:
    keys = np.strings.add(np.strings.add(insee.astype(np.str_), BETWEEN), bureau.astype(np.str_))
    return np.strings.add(keys, f"{BETWEEN}{election}") if election else keys
