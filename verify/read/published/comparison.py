"""Two published files side by side, across layouts and levels: every figure that differs, and what only one has."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from operator import itemgetter

import numpy as np

from protocol.words import msg
from verify.model.contests import match
from verify.model.figures import MISSING, Bools, Ints, sum_groups
from verify.model.published import COUNTS, Level, Published
from verify.read.published.sums import PLACES_OF, RANK, NoSum, choose, keys, sum_up, with_codes_of

CITY = "city-"
"""Beginning of the names of cities' own layouts."""

_LIST_NUMBER = re.compile(r"liste \d+")


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure that two files give differently.

    Attributes:
        place: key of the unit at the level of the comparison.
        name: name of the commune, where known.
        field: a count of `COUNTS`, or the choice as the first file writes it.
        left, right: both figures, or one of the absences of `verify.model.figures`.
        left_row, right_row: rows in the files, -1 for a sum.
    """

    place: str
    name: str
    field: str
    left: int
    right: int
    left_row: int
    right_row: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """Differences of two files at one level.

    Attributes:
        level: the level.
        left, right: the results compared, sums where a file is of a lower level.
        units: places that both have.
        only_left, only_right: places that one file has alone.
        twice: places that a file has more than once, which are not compared.
        fields: figures compared: counts, and choices as the first file writes them.
        missing: counts that one of them does not have, so that nothing can be compared.
        unmatched: choices of each file for which the other has none, or more than one that could be meant.
        moved: places that the two put into different circonscriptions.
        differences: every figure that differs, by place.
    """

    level: Level
    left: Published
    right: Published
    units: int
    only_left: tuple[str, ...]
    only_right: tuple[str, ...]
    twice: tuple[str, ...]
    fields: tuple[str, ...]
    missing: tuple[str, ...]
    unmatched: tuple[tuple[str, ...], tuple[str, ...]]
    moved: tuple[str, ...]
    differences: tuple[Difference, ...]

    @property
    def differing_units(self) -> int:
        """Places with at least one difference."""
        return len({difference.place for difference in self.differences})


def pairs(left: Sequence[Published], right: Sequence[Published]) -> list[tuple[Published, Published]]:
    """Pair the tables of two files: those with most choices in common, at one level or the nearest.

    Each table of the file that has more of them (a workbook with its levels) is paired once at most. Where none adds
    up to another (communes and circonscriptions), a level above both will do. A feed that names its lists by numbers
    only is paired by its level, for its counts.
    """
    if len(left) > len(right):
        return [(one, other) for other, one in pairs(right, left)]
    share = {(i, j): _in_common(one, other) for i, one in enumerate(left) for j, other in enumerate(right)}
    for above in (False, True):
        if found := _nearest(left, right, share, partial(_distance, above=above)):
            return found
    if len(left) == len(right) == 1 and any(map(_by_numbers, (*left, *right))):
        return [pair for pair in zip(left, right, strict=True) if _distance(*pair) is not None]
    return []


def _nearest(
    left: Sequence[Published],
    right: Sequence[Published],
    share: dict[tuple[int, int], Fraction],
    distance: Callable[[Published, Published], int | None],
) -> list[tuple[Published, Published]]:
    found: list[tuple[Published, Published]] = []
    for j, other in enumerate(right):
        candidates: list[tuple[int, int]] = []
        for i, one in enumerate(left):
            best = max(share[at] for at in share if i == at[0] or j == at[1])
            if share[i, j] == best > 0 and (apart := distance(one, other)) is not None:
                candidates.append((apart, i))
        if candidates:
            found.append((left[min(candidates)[1]], other))
    return found


def compare(left: Published, right: Published) -> list[Comparison]:
    """Compare at the lowest level that both have or add up to, and at every higher one the sums of what both have.

    Where two files put a bureau into different circonscriptions, the sums follow the left one.

    Raises:
        NoSum: there is no such level.
    """
    choices = _meant(left, right)
    left, right = with_codes_of(left, right), with_codes_of(right, left)
    found: list[Comparison] = []
    for level in Level:
        if not found and any(part_of_a_place(side, level) for side in (left, right)):
            continue
        try:
            both = sum_up(left, level), sum_up(right, level)
            comparison, common = _at_level(level, both, choices)
        except NoSum:
            continue
        found.append(comparison)
        if len(found) == 1:
            left, right = (choose(side, units) for side, units in zip(both, common, strict=True))
            right = replace(right, **{name: getattr(left, name) for name in PLACES_OF[Level.BUREAU]})
    if not found:
        raise NoSum(
            msg(
                "{first} by {level}, {second} by {other}: no common level",
                first=left.file,
                level=left.level.text,
                second=right.file,
                other=right.level.text,
            )
        )
    return found


def parts_only(differences: Sequence[Difference], higher: int) -> set[str]:
    """Places of which the finer file has a part only; ``higher`` is positive where the right file is the coarser one.

    The finer file's sums are then below the other's figures in the roll, votes found and valid votes, above in none.
    """
    if not higher:
        return set()
    below: dict[str, set[str]] = {}
    above: set[str] = set()
    for difference in differences:
        part, whole = (difference.left, difference.right)[:: 1 if higher > 0 else -1]
        if 0 <= part < whole:
            below.setdefault(difference.place, set()).add(difference.field)
        else:
            above.add(difference.place)
    return {place for place, fields in below.items() if fields >= _OF_A_PART} - above


_OF_A_PART = {"registered", "votes_found", "valid"}


def counted_twice(differences: Sequence[Difference], finer: Published, places: Collection[str]) -> set[str]:
    """Places that a single row of the finer file has all counts of by which they differ: it is in the sum twice."""
    off: dict[str, dict[str, int]] = {}
    for each in differences:
        if each.place in places and each.field in finer.counts:
            off.setdefault(each.place, {})[each.field] = abs(each.left - each.right)
    found = set()
    for place, by in off.items():
        rows = np.flatnonzero((finer.insee == place) | (finer.department == place))
        same = np.logical_and.reduce([finer.counts[name][rows] == value for name, value in by.items()])
        found |= {place} if same.sum() == 1 else set()
    return found


def part_of_a_place(published: Published, level: Level) -> bool:
    """Test whether these are results of a city, which is a part only of its département, its région and the nation.

    Paris is a département of its own.
    """
    if not published.layout.startswith(CITY) or RANK[level] <= RANK[Level.COMMUNE]:
        return False
    return level is not Level.DEPARTMENT or bool((published.department != "75").any())


def _by_numbers(published: Published) -> bool:
    return bool(published.labels) and all(map(_LIST_NUMBER.fullmatch, published.labels))


def _in_common(one: Published, other: Published) -> Fraction:
    """Choices that both have, of those of the one that has more."""
    matched = sum(at is not None for at in match(one.labels, other.labels))
    return Fraction(matched, max(len(one.labels), len(other.labels), 1))


def _distance(one: Published, other: Published, *, above: bool = False) -> int | None:
    """Levels from two tables to the lowest that both add up to, the coarser one's or one ``above``; None for none."""
    own = max(one.level, other.level, key=RANK.__getitem__)
    for level in Level if above else (own,):
        if any(part_of_a_place(side, level) for side in (one, other)):
            continue
        try:
            keys(one, level), keys(other, level)
        except NoSum:
            continue
        return 2 * RANK[level] - RANK[one.level] - RANK[other.level]
    return None


def _at_level(
    level: Level, both: tuple[Published, Published], choices: Sequence[int | None]
) -> tuple[Comparison, tuple[Ints, Ints]]:
    """The comparison, and which units of both files are the same place."""
    left, right = both
    places = keys(left, level), keys(right, level)
    once = tuple(np.unique(side, return_counts=True) for side in places)
    twice = sorted({str(place) for unique, count in once for place in unique[count > 1]})
    common, in_left, in_right = np.intersect1d(places[0], places[1], return_indices=True)
    if twice:
        single = ~np.isin(common, twice)
        common, in_left, in_right = common[single], in_left[single], in_right[single]
    missing: list[str] = []
    compared: list[str] = []
    found: list[tuple[int, str, int, int]] = []
    nothing = np.zeros(0, np.int64)
    for field in dict.fromkeys((*COUNTS, *left.counts, *right.counts)):
        one, two = (
            side.counts[field][places] if field in side.counts else nothing
            for side, places in ((left, in_left), (right, in_right))
        )
        absent = bool((one == MISSING).all()), bool((two == MISSING).all())
        if any(absent):
            missing += [] if all(absent) else [field]
            continue
        compared.append(field)
        found += [(int(at), field, int(one[at]), int(two[at])) for at in np.flatnonzero(one != two)]
    votes = _votes(both, (in_left, in_right), choices)
    found += [(at, left.labels[label], one, two) for at, label, one, two in votes]
    matched = {at for at in choices if at is not None}
    comparison = Comparison(
        level=level,
        left=left,
        right=right,
        units=len(common),
        only_left=tuple(np.setdiff1d(places[0], places[1]).tolist()),
        only_right=tuple(np.setdiff1d(places[1], places[0]).tolist()),
        twice=tuple(twice),
        fields=(*compared, *(label for at, label in enumerate(left.labels) if at in matched)),
        missing=tuple(missing),
        unmatched=(
            tuple(label for at, label in enumerate(left.labels) if at not in matched),
            tuple(label for label, at in zip(right.labels, choices, strict=True) if at is None),
        ),
        moved=tuple(common[_find_moved(left, right, in_left, in_right)].tolist()),
        differences=tuple(
            Difference(
                place=str(common[at]),
                name=str(left.commune[in_left[at]]) or str(right.commune[in_right[at]]),
                field=field,
                left=one,
                right=two,
                left_row=int(left.row[in_left[at]]),
                right_row=int(right.row[in_right[at]]),
            )
            for at, field, one, two in sorted(found, key=itemgetter(0))
        ),
    )
    return comparison, (in_left, in_right)


def _meant(left: Published, right: Published) -> list[int | None]:
    """The left file's label that each label of the right one means.

    Of several that mean one, in a unit that has more than one of them: the one written alike, or none.
    """
    found = match(right.labels, left.labels)
    for at in {at for at in found if at is not None and found.count(at) > 1}:
        same = [number for number, meant in enumerate(found) if meant == at]
        of_these = np.isin(right.vote_label, same)
        if len(np.unique(right.vote_unit[of_these])) < int(of_these.sum()):
            for number in same:
                if right.labels[number] != left.labels[at]:
                    found[number] = None
    return found


def _find_moved(left: Published, right: Published, in_left: Ints, in_right: Ints) -> Bools:
    one, two = left.constituency[in_left], right.constituency[in_right]
    return np.asarray((one != two) & (one != "") & (two != ""), np.bool_)


def _votes(
    both: tuple[Published, Published], common: tuple[Ints, Ints], choices: Sequence[int | None]
) -> list[tuple[int, int, int, int]]:
    """Votes that differ: index among the common places, label of the left file, votes left and right.

    `MISSING` where one of them does not have the choice in that place. Labels are the left file's; of labels of the
    right file that mean the same one, the sum.
    """
    left = both[0]
    to_left = np.array([-1 if at is None else at for at in choices], np.int64)
    matched = np.isin(np.arange(len(left.labels)), to_left)
    count = max(len(left.labels), 1)
    sides = []
    for published, indices in zip(both, common, strict=True):
        position = np.full(len(published.row), -1, np.int64)
        position[indices] = np.arange(len(indices))
        label = published.vote_label if published is left else to_left[published.vote_label]
        kept = (position[published.vote_unit] >= 0) & (label >= 0)
        kept[kept] &= matched[label[kept]]
        cell, entry = np.unique(position[published.vote_unit[kept]] * count + label[kept], return_inverse=True)
        sides.append((cell, sum_groups(published.votes[kept], entry, len(cell))))
    cells = np.union1d(sides[0][0], sides[1][0])
    values = []
    for cell, votes in sides:
        value = np.full(len(cells), MISSING, np.int64)
        value[np.searchsorted(cells, cell)] = votes
        values.append(value)
    where = np.flatnonzero(values[0] != values[1])
    return [(int(cells[at]) // count, int(cells[at]) % count, int(values[0][at]), int(values[1][at])) for at in where]
