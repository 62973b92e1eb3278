"""Figures of a feed that contradict each other: places that lack, sums of levels, marks of who is elected.

A file that was cut off can still be well formed, and holds then fewer places than it should: a département's
constituencies by the law, the index and other levels say so. Legislative elections (Code électoral, L126 and L162) and
départementales (L193 and L210-1) are by majority in two rounds. In the first nobody is elected without more than half
of the valid votes and votes of a quarter of the registered; the second is open to who has votes of an eighth of the
registered, and to the first two where fewer have. In the second round the most votes elect. Of other elections only the
number of seats is looked at: lists share them by rules that a place alone does not show.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

import numpy as np

from protocol.words import Message, msg
from verify.model.identity import StatedElection
from verify.model.published import Flaw, Level, Published, Seats
from verify.read.feed.belonging import Member, is_elected, stated_department
from verify.read.published.comparison import Comparison, compare, parts_only
from verify.read.published.sums import RANK, SUMS, NoSum, keys

CUT_SHORT = "T321"

_BY_NUMBER = {
    21: "59",
    18: "75",
    16: "13",
    14: "69",
    13: "92",
    12: "33 62 78 93",
    11: "77 94 99",
    10: "31 38 44 76 91 95",
    9: "06 34 57 67",
    8: "29 35 83",
    7: "49 60 974",
    6: "14 30 42 45 54 56 64 68 74",
    5: "01 02 17 21 22 25 27 37 51 63 71 72 80 84 85",
    4: "24 26 28 50 66 73 86 88 971 972",
    3: "03 07 08 10 11 12 16 18 39 40 41 47 53 61 79 81 87 89 987",
    2: "04 05 09 15 19 2A 2B 32 36 43 46 52 55 58 65 70 82 90 973 976 988",
    1: "23 48 975 986 ZX",
}
CONSTITUENCIES = {code: number for number, codes in _BY_NUMBER.items() for code in codes.split()}
"""Legislative constituencies of each département: 577 since the ordinance 2009-935 of 29 July 2009 (law 2010-165)."""
_SINCE = 2012
"""The year of the first election in these."""
_NAMED = 10
"""So many départements that a level lacks are named one by one; more of them at once."""

_COMPLETE = ("OUI", "O", "CLOS")
_NOT_COMPLETE = ("NON", "N", "NON CLOS")


def cut_short(tables: Sequence[Published], members: Sequence[Member], stated: StatedElection) -> Iterator[Flaw]:
    """T321: départements of which there is less than there should be.

    Args:
        tables: the results of each level and round.
        members: the files that they are from, and those of the index.
        stated: the election that they say they are of.
    """
    for member in members:
        if member.document.cut:
            places = len(member.document.places)
            code = next((stated_department(place.texts) for place in member.document.places), "")
            said = msg("the file ends before its end; the places before that are read")
            yield Flaw(CUT_SHORT, -1, "places", places, None, said, member.shown, code)
    yield from _by_law(tables, stated)
    yield from _by_index(members, {code for table in tables for code in table.department.tolist()})
    yield from _without(tables)


def _by_law(tables: Iterable[Published], stated: StatedElection) -> Iterator[Flaw]:
    if stated.kind != "legi" or stated.year < _SINCE:
        return
    for table in tables:
        if table.level is not Level.CONSTITUENCY or table.round != 1:  # the second round may lack those already decided
            continue
        codes, counts = np.unique(table.department, return_counts=True)
        for code, count in zip(codes.tolist(), counts.tolist(), strict=True):
            due = CONSTITUENCIES.get(code)
            if due is not None and count < due:
                said = msg("there are {due:n} by the law", due=due)
                file = table.file_of(int(np.flatnonzero(table.department == code)[0]))
                yield Flaw(CUT_SHORT, -1, "circonscription", count, due, said, file, code)


def _by_index(members: Sequence[Member], there: set[str]) -> Iterator[Flaw]:
    """List what the index says is not complete yet, and what it lists as complete and no file has."""
    for member in members:
        for row in member.document.index:
            code = stated_department(row)
            state = next((row[name].upper() for name in ("Complet", "Clos") if name in row), "")
            if state in _NOT_COMPLETE:
                said = msg("the index itself says so")
                yield Flaw(CUT_SHORT, -1, "index", state, None, said, member.shown, code, "announced")
            elif state in _COMPLETE and code and there and code not in there:
                said = msg("complete by the index; no file has it")
                yield Flaw(CUT_SHORT, -1, "index", state, None, said, member.shown, code)


def _without(tables: Sequence[Published]) -> Iterator[Flaw]:
    """Départements that one level of a round has and a finer one lacks."""
    for table in tables:
        if table.level is not Level.DEPARTMENT:
            continue
        for finer in tables:
            if finer.round != table.round or finer.level not in (Level.COMMUNE, Level.CONSTITUENCY):
                continue
            has = set(finer.department.tolist())
            lacking = [unit for unit, code in enumerate(table.department.tolist()) if code not in has]
            if len(lacking) > _NAMED:
                said = msg(
                    "results by {level}: départements of which there are none, of {all:n}",
                    level=finer.level.text,
                    all=len(table.row),
                )
                yield Flaw(CUT_SHORT, -1, "places", len(lacking), None, said, table.file)
                continue
            for unit in lacking:
                said = msg("results by {level}: none of this département", level=finer.level.text)
                yield Flaw(CUT_SHORT, -1, "places", 0, None, said, table.place(unit), str(table.department[unit]))


def sums_apart(tables: Sequence[Published]) -> Iterator[tuple[Published, Published, str, list[Flaw]]]:
    """T303, T304, T305, T321: figures of a level that are not the sum of a finer one's.

    Each coarser and finer table that were compared, with the rule of the sums.
    """
    for coarse in tables:
        for fine in tables:
            if fine.round != coarse.round or not _is_next(fine, coarse, tables):
                continue
            try:
                found = compare(fine, coarse)[0]
            except NoSum:
                continue
            if found.level is coarse.level:  # not one above both
                yield coarse, fine, SUMS[found.level], list(_flaws(found, coarse))


def _is_next(fine: Published, coarse: Published, tables: Sequence[Published]) -> bool:
    """Test whether no level lies between two; régions do not, as territories overseas and abroad belong to none."""
    low, high = RANK[fine.level], RANK[coarse.level]
    between = (table for table in tables if table.round == coarse.round and table.level is not Level.REGION)
    return low < high and not any(low < RANK[table.level] < high for table in between)


def _flaws(found: Comparison, coarse: Published) -> Iterator[Flaw]:
    """A flaw for each figure; one for a place of which the finer level has a part only."""
    parts = parts_only(found.differences, 1)
    unit = {place: at for at, place in enumerate(keys(coarse, coarse.level).tolist())}
    level = found.left.level.text
    source = f"{coarse.file} (Σ)"
    for difference in found.differences:
        at, own, due = unit[difference.place], difference.right, difference.left
        if difference.place not in parts:
            yield Flaw(SUMS[found.level], at, difference.field, own, due, against=source)
        elif difference.field == "registered":
            how = msg("the results by {level} have {due:n}, and less of all else", level=level, due=due)
            yield Flaw(CUT_SHORT, at, difference.field, own, due, how, against=source)


_MARKED = "T322"
_MAJORITY = ("legi", "dpmt")
ELECTED, GOES_ON, OUT = "OUI", "QUALIF T2", "NON"
WITHDRAWN = "withdrawn"
"""The case of a choice that may go on and does not: it may have withdrawn between the rounds."""
_DUE: dict[str, Message] = {
    ELECTED: msg("elected by the figures"),
    GOES_ON: msg("open to the second round by the figures"),
    OUT: msg("neither elected nor in the second round by the figures"),
}


def contradictions(published: Published) -> Iterator[Flaw]:
    """T322: marks that the figures contradict, and seats filled that are not the number of those marked as elected."""
    seats = published.seats
    if seats is None:
        return
    starts = np.searchsorted(published.vote_unit, np.arange(len(published.row) + 1)).tolist()
    by_majority = published.says.kind in _MAJORITY
    for unit, (start, end) in enumerate(pairwise(starts)):
        marks = list(map(_meaning, seats.marks[start:end].tolist()))
        yield from _seats(seats, unit, marks)
        if by_majority and marks:
            yield from _marks(published, seats, unit, start, marks)


def _meaning(mark: str) -> str:
    if is_elected(mark):
        return ELECTED
    return GOES_ON if "QUALIF" in mark.upper() else OUT


def _seats(seats: Seats, unit: int, marks: list[str]) -> Iterator[Flaw]:
    elected, filled, to_fill = marks.count(ELECTED), int(seats.filled[unit]), int(seats.to_fill[unit])
    if 0 <= filled != elected:
        yield Flaw(_MARKED, unit, "seats", filled, elected, msg("{elected:n} marked as elected", elected=elected))
    elif 0 <= to_fill < elected:
        yield Flaw(_MARKED, unit, "seats", to_fill, elected, msg("{elected:n} marked as elected", elected=elected))


def _marks(published: Published, seats: Seats, unit: int, start: int, marks: list[str]) -> Iterator[Flaw]:
    votes = published.votes[start : start + len(marks)].tolist()
    registered, valid = int(published.counts["registered"][unit]), int(published.counts["valid"][unit])
    if min(registered, valid, *votes) < 0 or not any(votes):
        return
    for at, may_be in enumerate(allowed(published.round, votes, registered, valid)):
        if marks[at] not in may_be:
            label = published.labels[published.vote_label[start + at]]
            written = str(seats.marks[start + at])
            withdrew = marks[at] == OUT and may_be[0] == GOES_ON
            case = WITHDRAWN if withdrew else ""
            yield Flaw(_MARKED, unit, label, written, may_be[0], _DUE[may_be[0]], case=case)


def allowed(round_: int, votes: list[int], registered: int, valid: int) -> list[tuple[str, ...]]:
    """List what each mark may be: two things for those of equal votes, of whom age decides."""
    most = max(votes)
    if round_ == 2:
        return [_of(vote == most, votes.count(most) > 1, ELECTED) for vote in votes]
    if 2 * most > valid and 4 * most >= registered:
        return [(ELECTED,) if vote == most else (OUT,) for vote in votes]
    enough = [8 * vote >= registered for vote in votes]
    if sum(enough) >= 2:
        return [(GOES_ON,) if each else (OUT,) for each in enough]
    second = sorted(votes)[-2:][0]
    above = sum(vote > second for vote in votes)
    tied = above + votes.count(second) > 2
    return [_of(vote >= second, tied and vote == second, GOES_ON) for vote in votes]


def _of(is_in: bool, tied: bool, mark: str) -> tuple[str, ...]:
    if not is_in:
        return (OUT,)
    return (mark, OUT) if tied else (mark,)
