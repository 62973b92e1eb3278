"""The parts that a table of findings is made of: their figures, how far these are apart, and their places."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from protocol.words import Text
from verify.model.figures import Ints, Texts
from verify.model.findings import Finding, Hits
from verify.model.holds import Side, SideColumn

BETWEEN = "\1"
"""Between the two codes of a place; below every character that a code can have."""


@dataclass(frozen=True, slots=True)
class FoundPlaces:
    """INSEE code and bureau of the places of findings, either may be empty, in their order.

    ``unit`` is the index of the bureau where it is known: among those that many findings of the first election are of.
    Else it is -1.
    """

    insee: Texts
    bureau: Texts
    unit: Ints

    def __len__(self) -> int:
        return len(self.insee)

    def __getitem__(self, index: int) -> tuple[str, str]:
        return str(self.insee[index]), str(self.bureau[index])


def sources_and_values(
    part: Hits | Sequence[Finding], rows: Ints, name: str
) -> Iterable[tuple[str, int | Text | None]]:
    """Place and value of one of the two figures of some findings."""
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
) -> tuple[Texts, FoundPlaces, Ints]:
    """All places in the order of their codes, and the index of each finding's, so that places are whole numbers.

    The bureaux of several elections are several places, one behind the other.

    Args:
        hits: the findings of many bureaux; those of one election have the same bureaux.
        singles: the others.
        of_hits: the number of the election of each of ``hits``.
        of_singles: the same of ``singles``.

    Returns:
        What puts them in order, the places themselves, and the index of each finding's.
    """
    lists = dict(zip(of_hits, hits, strict=True))
    starts: dict[int, int] = {}
    parts: list[tuple[Texts, Texts, Texts, Ints]] = []
    size = 0
    for election, each in lists.items():
        starts[election] = size
        size += len(each.insee)
        unit = np.full(len(each.insee), -1) if election else np.arange(len(each.insee))
        parts.append((_keys(each.insee, each.bureau, election), each.insee, each.bureau, unit))
    for election in sorted(set(of_singles)):
        some = [each for each, of in zip(singles, of_singles, strict=True) if of == election]
        insee, bureau = np.array([one.insee for one in some]), np.array([one.bureau for one in some])
        parts.append((_keys(insee, bureau, election), insee, bureau, np.full(len(some), -1)))
    order = np.argsort(np.array(of_singles, np.int64), kind="stable")
    no_text, no_number = np.zeros(0, np.str_), np.zeros(0, np.int64)
    (places, *columns), index = _in_order(parts) if parts else ((no_text, no_text, no_text, no_number), no_number)
    single = np.zeros(len(singles), np.int64)
    single[order] = index[size:]
    units = (index[starts[election] + each.unit] for election, each in zip(of_hits, hits, strict=True))
    return places, FoundPlaces(*columns), np.concatenate([*units, single]).astype(np.int64)


def _in_order(parts: Sequence[Sequence[Any]]) -> tuple[Sequence[Any], Ints]:
    """Columns with each key once and in order, and the index of each; of several the first one stays.

    Quick where the first part is in order and the rest short.

    Args:
        parts: each some keys, and further columns beside them.
    """
    first = parts[0]
    rest = [np.concatenate([column[:0], *others]) for column, *others in zip(*parts, strict=True)]
    if not len(first[0]) or 8 * len(rest[0]) > len(first[0]) or not (first[0][1:] > first[0][:-1]).all():
        columns = [np.concatenate(each) for each in zip(*parts, strict=True)]
        _, row, index = np.unique(columns[0], return_index=True, return_inverse=True)
        return [column[row] for column in columns], np.asarray(index, np.int64)
    at = np.minimum(np.searchsorted(first[0], rest[0]), len(first[0]) - 1)
    new = np.flatnonzero(first[0][at] != rest[0])
    new = new[np.unique(rest[0][new], return_index=True)[1]]
    before = np.searchsorted(first[0], rest[0][new])
    columns = [np.insert(one.astype(other.dtype), before, other[new]) for one, other in zip(first, rest, strict=True)]
    own = np.arange(len(first[0])) + np.cumsum(np.bincount(before, minlength=len(first[0]) + 1))[:-1]
    return columns, np.concatenate([own, np.searchsorted(columns[0], rest[0])]).astype(np.int64)


def _keys(insee: Texts, bureau: Texts, election: int) -> Texts:
    keys = np.strings.add(np.strings.add(insee.astype(np.str_), BETWEEN), bureau.astype(np.str_))
    return np.strings.add(keys, f"{BETWEEN}{election}") if election else keys
