"""All findings of an audit as one table, in order, without those that yield to another one by the rulebook."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TypeVar, overload

import numpy as np

from protocol.words import Text
from verify.model.figures import MISSING, Bools, Ints, Texts
from verify.model.findings import Finding, Found, Hits, Severity, is_of_roll
from verify.model.rule_results import Named, Side, SideColumn
from verify.rulebook.catalogue import rule

Row = TypeVar("Row")
POLLS = 64
"""More than the polls of a day, so that a place and a poll make one whole number."""


def yielding(
    labels: Sequence[tuple[str, str]], label: Ints, place: Ints, poll: Ints, figures: Callable[[Ints, str], Texts]
) -> Bools:
    """Find findings that yield to another one, which may yield as well. All arrays of shape ``(n,)``.

    Args:
        labels: code and case of the findings that there are.
        label: index into them.
        place: numbers of places.
        poll: numbers of polls, 0 for none.
        figures: gives the figures of some findings on one side, ``left`` or ``right``, with their places.
    """

    def beside(rows: Ints, others: Ints) -> Bools:
        """Find findings of the bureau and poll of another one; without a poll, of any poll of the bureau."""
        there, of_poll = place[others], poll[others]
        found = np.isin(place[rows] * POLLS + poll[rows], there * POLLS + of_poll)
        found |= np.isin(place[rows], there[of_poll == 0])
        found |= (poll[rows] == 0) & np.isin(place[rows], there)
        return np.asarray(found, np.bool_)

    def show_figures(rows: Ints, others: Ints) -> Bools:
        """Find findings whose first figure others show, first or second: the same value in the same place."""
        shown = np.unique(np.concatenate([figures(others, side) for side in ("left", "right")]))
        return np.asarray(np.isin(figures(rows, "left"), shown), np.bool_)

    gone = np.zeros(len(label), np.bool_)
    rows_of = {each: rows for index, each in enumerate(labels) if len(rows := np.flatnonzero(label == index))}
    for (code, _), rows in rows_of.items():
        for each in rule(code).yields:
            wanted = [other for other in rows_of if other[0] == each.code and each.case in ("", other[1])]
            if wanted:
                others = np.concatenate([rows_of[other] for other in wanted])
                gone[rows] |= show_figures(rows, others) if each.figure else beside(rows, others)
    return gone


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


def _of_roll(part: Hits | Sequence[Finding]) -> Bools:
    found = [part] if isinstance(part, Hits) else part
    return np.resize(np.array(list(map(is_of_roll, found)), np.bool_), len(part))


def differences_of(part: Hits | Sequence[Finding]) -> Ints | list[int]:
    """By how much the two figures of each finding differ: the gap that it states, if any; 0 where that is no count."""
    if isinstance(part, Hits):
        gap = part.details.get("gap")
        if isinstance(gap, np.ndarray):
            return np.where(gap == MISSING, 0, np.abs(gap))
        return np.abs(part.left.values - part.right.values)
    return list(map(_difference_of, part))


def _difference_of(found: Finding) -> int:
    left, right, gap = found.left.value, found.right.value, found.details.get("gap")
    if isinstance(gap, int):
        return 0 if gap == MISSING else abs(gap)
    return abs(left - right) if isinstance(left, int) and isinstance(right, int) else 0


def places_of(
    hits: Sequence[Hits], singles: Sequence[Finding], of_hits: Sequence[int], of_singles: Sequence[int]
) -> tuple[Texts, FoundPlaces, Ints]:
    """All places in the order of their codes, and the index of each finding's, so that places are whole numbers.

    The bureaux of several elections are several places, one behind the other.

    Args:
        hits: the findings of many bureaux; those of one election have the same bureaux.
        singles: the others.
        of_hits: the number of the election of each of ``hits``.
        of_singles: the same of ``singles``, in order.

    Returns:
        What puts them in order, the places themselves, and the index of each finding's.
    """
    lists = dict(zip(of_hits, hits, strict=True))
    starts: dict[int, int] = {}
    parts: list[tuple[Texts, Texts, Texts, Ints]] = []
    no_text, no_number = np.zeros(0, np.str_), np.zeros(0, np.int64)
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
    if not parts:
        return no_text, FoundPlaces(no_text, no_text, no_number), no_number
    keys, *columns = (np.concatenate(each) for each in zip(*parts, strict=True))
    places, row, index = np.unique(keys, return_index=True, return_inverse=True)  # of several rows the first
    units = (index[starts[election] + each.unit] for election, each in zip(of_hits, hits, strict=True))
    found = FoundPlaces(*(column[row] for column in columns))
    return places, found, np.concatenate([*units, index[size:]]).astype(np.int64)


def _keys(insee: Texts, bureau: Texts, election: int) -> Texts:
    keys = np.strings.add(np.strings.add(insee.astype(np.str_), BETWEEN), bureau.astype(np.str_))
    return np.strings.add(keys, f"{BETWEEN}{election}") if election else keys


@dataclass(frozen=True, slots=True)
class Block:
    """Some consecutive findings of the table: the rows of each part, and their positions in the block."""

    size: int
    parts: tuple[tuple[Hits | Sequence[Finding], Ints, Ints], ...]


@dataclass(frozen=True, slots=True)
class FindingKeys:
    """Keys of findings, in the order of the table; ``n`` of them.

    Attributes:
        code, case: index of the rule and of its case in ``codes`` and ``cases``, shape ``(n,)``.
        severity, poll: shape ``(n,)``.
        apart: by how much the two figures differ, 0 where they are no counts, shape ``(n,)``.
        of_roll: `is_of_roll` of each, shape ``(n,)``.
        place: index into ``places``, shape ``(n,)``.
        places: INSEE code and bureau of each place.
        commune: number of the commune of each of ``places``, in the order of their codes.
    """

    codes: tuple[str, ...]
    cases: tuple[str, ...]
    code: Ints
    case: Ints
    severity: Ints
    poll: Ints
    apart: Ints
    of_roll: Bools
    place: Ints
    places: FoundPlaces
    commune: Ints

    def named(self, place: int, poll: int) -> Named:
        """A place and a poll as findings name them."""
        return Named(*self.places[place], poll)

    def code_of(self, row: int) -> str:
        """Look up the code of a finding."""
        return self.codes[int(self.code[row])]

    def place_of(self, row: int) -> tuple[str, str]:
        """Look up the INSEE code and the bureau of a finding."""
        return self.places[int(self.place[row])]

    def of(self, *codes: str) -> Bools:
        """Select the findings of some rules."""
        if not len(self.code):
            return np.zeros(0, np.bool_)
        return np.array([code in codes for code in self.codes], np.bool_)[self.code]


class MadeRows(Sequence[Row]):
    """A table whose rows are made when somebody looks at them, by `row`."""

    @abstractmethod
    def row(self, at: int) -> Row:
        """Make one row."""

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> list[Row]: ...
    def __getitem__(self, index: int | slice) -> Row | list[Row]:
        rows = range(len(self))[index]
        return list(map(self.row, rows)) if isinstance(rows, range) else self.row(rows)

    def __iter__(self) -> Iterator[Row]:
        return map(self.row, range(len(self)))


class FindingTable(MadeRows[Finding]):
    """All findings of an audit, the gravest first, then by place and code; those that yield to another left out.

    Args:
        found: what the rules gave.
        others: the same of other elections; their findings yield to none of another election.
    """

    def __init__(self, found: Iterable[Found], *others: Iterable[Found]) -> None:
        hits: list[Hits] = []
        singles: list[Finding] = []
        elections: list[int] = []  # of each of the hits, then of each single
        of_singles: list[int] = []
        self._given = [list(several) for several in (found, *others)]
        for election, several in enumerate(self._given):
            for each in several:
                if isinstance(each, Finding):
                    singles.append(each)
                    of_singles.append(election)
                elif len(each):
                    hits.append(each)
                    elections.append(election)
        self._parts: list[Hits | Sequence[Finding]] = [*hits, singles]
        sizes = [len(part) for part in self._parts]
        self._part = np.repeat(np.arange(len(sizes)), sizes)
        self._row = np.concatenate([np.arange(size) for size in sizes])
        self._labels = sorted({(each.code, each.case) for each in hits} | {(each.code, each.case) for each in singles})
        self._codes = sorted({code for code, _ in self._labels})
        rank = {code: index for index, code in enumerate(self._codes)}
        label = {each: index for index, each in enumerate(self._labels)}

        def column(of_hits: Iterable[Ints], of_singles: Iterable[int]) -> Ints:
            return np.concatenate([*of_hits, np.array(list(of_singles), np.int64)])

        self._label = column(
            (np.full(len(each), label[each.code, each.case]) for each in hits),
            (label[each.code, each.case] for each in singles),
        )
        self._code = np.array([rank[code] for code, _ in self._labels] or [0], np.int64)[self._label]
        self._severity = column(
            (np.full(len(each), int(each.severity)) for each in hits), (int(each.severity) for each in singles)
        )
        self._poll = column((each.poll for each in hits), (each.poll for each in singles))
        self._places, self._found_places, self._place = places_of(hits, singles, elections, of_singles)
        kept = np.flatnonzero(~yielding(self._labels, self._label, self._place, self._poll, self._figures))
        order = np.lexsort([axis[kept] for axis in (self._code, self._poll, self._place, -self._severity)])
        self._order = self._sort_ties(kept[order])
        self._keys: FindingKeys | None = None
        self._election = column(
            (np.full(len(each), election) for each, election in zip(hits, elections, strict=True)), of_singles
        )

    def keys(self) -> FindingKeys:
        """Keys of the findings, as columns; built on request."""
        if self._keys is None:
            rows, insee = self._order, self._found_places.insee
            first = np.zeros(len(insee), np.int64)
            first[np.flatnonzero(insee[1:] != insee[:-1]) + 1] = 1
            cases = sorted({case for _, case in self._labels})
            case = np.array([cases.index(case) for _, case in self._labels] or [0], np.int64)
            self._keys = FindingKeys(
                codes=tuple(self._codes),
                cases=tuple(cases),
                code=self._code[rows],
                case=case[self._label[rows]],
                severity=self._severity[rows],
                poll=self._poll[rows],
                apart=np.concatenate([np.array(differences_of(part), np.int64) for part in self._parts])[rows],
                of_roll=np.concatenate(list(map(_of_roll, self._parts)))[rows],
                place=self._place[rows],
                places=self._found_places,
                commune=np.cumsum(first),
            )
        return self._keys

    def __len__(self) -> int:
        return len(self._order)

    def row(self, at: int) -> Finding:
        """Make one finding, by its place in the order."""
        return self._finding(int(self._order[at]))

    def _finding(self, at: int) -> Finding:
        part: Hits | Sequence[Finding] = self._parts[int(self._part[at])]
        return part[int(self._row[at])]

    def place_numbers(self, other: FindingTable) -> Ints:
        """For each place of another table its index among the places of this one, further numbers for those it lacks.

        In one order they may be told apart then by whole numbers.
        """
        ours, theirs = self._places, other._places
        if not len(ours) or np.array_equal(ours, theirs):
            return np.arange(len(theirs))
        at = np.minimum(np.searchsorted(ours, theirs), len(ours) - 1)
        return np.where(ours[at] == theirs, at, len(ours) + np.arange(len(theirs)))

    def replaceable(self) -> Bools:
        """Select findings of the first election that stand by themselves: `with_others` can replace them."""
        single = self._part[self._order] == len(self._parts) - 1
        return np.asarray(single & self.of_first(), np.bool_)

    def of_first(self) -> Bools:
        """Select findings of the first election, in the order of the table."""
        return np.asarray(self._election[self._order] == 0, np.bool_)

    def with_others(self, others: Mapping[int, Finding], more: Sequence[Finding]) -> tuple[FindingTable, Ints]:
        """The same findings with others in the place of some, and with more of them, all of the first election.

        Args:
            others: of the same rules, by row, which is `replaceable`.
            more: further ones.

        Returns:
            The table, and the row in it that each finding of this one has; -1 where it yields to a further one.
        """
        singles = self._parts[-1]
        many = len(self._part) - len(singles)
        replaced = {id(singles[int(self._order[row]) - many]): each for row, each in others.items()}
        first, *rest = self._given
        table = FindingTable([*(replaced.get(id(each), each) for each in first), *more], *rest)
        position = np.full(len(table._part), -1, np.int64)
        position[table._order] = np.arange(len(table))
        behind = (self._order >= many) & (self._election[self._order] > 0)  # those of others follow further ones
        return table, position[self._order + len(more) * behind]

    def number_of(self, severity: Severity) -> int:
        """Count the findings of a severity."""
        return int(np.count_nonzero(self._severity[self._order] == severity))

    def by_code(self) -> dict[tuple[Severity, str], int]:
        """Count the findings of each severity and code, the gravest first."""
        size = max(len(self._codes), 1)
        numbers = (Severity.ERROR - self._severity[self._order]) * size + self._code[self._order]
        keys, counts = np.unique(numbers, return_counts=True)
        return {
            (Severity(Severity.ERROR - key // size), self._codes[key % size]): count
            for key, count in zip(keys.tolist(), counts.tolist(), strict=True)
        }

    def by_commune(self) -> dict[str, tuple[int, dict[Severity, int]]]:
        """For each INSEE code with an error or a warning: how many bureaux have one, and how many there are of each."""
        rows = self._order[self._severity[self._order] > Severity.INFO]
        place, severity = self._place[rows], self._severity[rows]
        communes: dict[str, tuple[int, dict[Severity, int]]] = {}
        insee, bureau = self._found_places.insee, self._found_places.bureau
        there = np.unique(place)
        for code, _ in sorted(set(zip(insee[there].tolist(), bureau[there].tolist(), strict=True))):
            if code:
                communes[code] = communes.get(code, (0, {}))[0] + 1, {}
        names, inverse = np.unique(insee, return_inverse=True)
        for weight in (Severity.ERROR, Severity.WARNING):
            counts = np.bincount(inverse[place[severity == weight]], minlength=len(names)).tolist()
            for name, count in zip(names.tolist(), counts, strict=True):
                if name in communes:
                    communes[name][1][weight] = count
        return communes

    def blocks(self, size: int = 8192) -> Iterator[Block]:
        """All findings in their order, some at a time, each with its part: what a report writes column by column."""
        for start in range(0, len(self._order), size):
            yield self._block(self._order[start : start + size])

    def _block(self, rows: Ints) -> Block:
        part = self._part[rows]
        parts = []
        for index in np.unique(part).tolist():
            at = np.flatnonzero(part == index)
            parts.append((self._parts[index], self._row[rows[at]], at))
        return Block(len(rows), tuple(parts))

    def _figures(self, rows: Ints, side: str) -> Texts:
        """One of the figures of some findings with its place, as texts of shape ``(n,)``."""
        figures = np.full(len(rows), "", object)
        for index in np.unique(self._part[rows]).tolist():
            here = np.flatnonzero(self._part[rows] == index)
            of_part = sources_and_values(self._parts[index], self._row[rows[here]], side)
            figures[here] = [f"{source}{BETWEEN}{value}" for source, value in of_part]
        return figures.astype(np.str_)

    def _sort_ties(self, order: Ints) -> Ints:
        """The same order, with findings of one place, poll and code by field, then by their sources and figures."""
        if len(order) < 2:
            return order
        same = np.ones(len(order) - 1, np.bool_)
        for axis in (self._severity, self._place, self._poll, self._code):
            same &= axis[order[1:]] == axis[order[:-1]]
        alike = np.flatnonzero(np.append(same, False) | np.append(False, same))
        starts = np.append(True, ~same)
        group = np.cumsum(starts)[alike]
        pairs = zip(group.tolist(), alike.tolist(), strict=True)
        for _, members in groupby(pairs, key=lambda pair: pair[0]):
            positions = [position for _, position in members]
            order[positions] = sorted(order[positions].tolist(), key=self._tie_key)
        return order

    def _tie_key(self, at: int) -> tuple[str, ...]:
        """Key of findings of one place, poll and code, independent of their order."""
        found = self._finding(at)
        details = sorted((name, str(value)) for name, value in found.details.items())
        sides = (found.left.source, found.right.source, str(found.left.value), str(found.right.value))
        return str(found.field), *sides, str(details)
