"""Published results of several elections, or rounds, that were given together: each is a night of its own.

What a file says of itself counts first: its columns and its title. Where it says nothing, the names of files do, unless
the figures contradict them: two files of one election agree in nearly all bureaux, of two elections in almost none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

import numpy as np

from protocol import night
from protocol.evidence_kinds import EvidenceKind
from protocol.quantities import Quantity
from verify.align.lists import Files
from verify.model.contests import match
from verify.model.figures import Ints, Texts
from verify.model.identity import UNSTATED, StatedElection, common, shared_folders, stated_in
from verify.model.published import Level, Published
from verify.model.table_faults import StatedDay
from verify.model.use import file_of
from verify.read.sheet import Sheet

_FEW = 3
"""Places of which figures can tell elections apart that nothing else tells apart …"""
_BY_CHANCE = 0.05
"""… where no greater share of them has the same counts: bureaux of one size may have them in any election."""


@dataclass(slots=True)
class ResultsOfElection:
    """Published results that are of one election, by all that they say.

    Attributes:
        stated: which one.
        tables: the results, in the order in which they were given.
        supposed: those of them that say less than the others, and may as well be of another one.
    """

    stated: StatedElection
    tables: list[Published] = field(default_factory=list)
    supposed: list[Published] = field(default_factory=list)
    _certain: StatedElection = field(default_factory=StatedElection)

    def take(self, said: _Said, *, supposed: bool = False) -> None:
        """Add results to them."""
        self.tables.append(said.table)
        self.supposed += [said.table] if supposed else []
        self._certain = self._certain.or_else(said.itself)
        self.stated = self._certain.or_else(self.stated).or_else(said.named)

    def is_of(self, stated: StatedElection, sheets: Iterable[Sheet]) -> bool:
        """Test whether they can be of a night, by what they say; by names of files if no figures say more.

        A round in a name counts unless half of the figures are the same, a year or a kind where hardly one is.
        """
        if self._certain.conflicts(stated):
            return False
        if not self.stated.conflicts(stated):
            return True
        share, places = _with_sheets(self, sheets)
        if StatedElection(round=self.stated.round).conflicts(stated):
            return share * 2 >= 1
        return share >= _BY_CHANCE or places < _FEW

    def can_be(self, said: _Said) -> bool:
        """Test whether nothing that they say themselves speaks against it."""
        return not self._certain.conflicts(said.itself)

    def agrees(self, said: _Said) -> float | None:
        """The share of the common places that have the same counts; None where there are none."""
        shares = [share for table in self.tables if (share := _agreement(table, said.table)) is not None]
        return max(shares, default=None)

    def is_unlike(self, said: _Said, *, silent: bool) -> bool:
        """Test whether hardly a place has the same counts, and other choices stood or the round is not stated.

        Never of results that say themselves of which year and round they are.
        """
        if said.itself.year and said.itself.round and self._certain.covers(said.itself):
            return False
        file = file_of(said.table.file)  # two tables of one file have no reason to differ in one election
        return any(_are_unlike(table, said.table, silent or file_of(table.file) == file) for table in self.tables)


@dataclass(frozen=True, slots=True)
class _Said:
    """Results with what they say themselves, and what their file's name says."""

    table: Published
    itself: StatedElection
    named: StatedElection

    @property
    def both(self) -> StatedElection:
        return self.itself.or_else(self.named)


def by_election(files: Files, polls: Sequence[int]) -> tuple[ResultsOfElection, list[ResultsOfElection]]:
    """The published results that are of the night, and those of each other election."""
    own = _of_night(files, polls)
    tables = files.published
    strange = _unlike_the_sheets(files) if len(polls) == 1 else []
    foreign = [table for table, unlike in zip(tables, strange, strict=False) if unlike]
    if not tables or (len(tables) == 1 and not own.known and not foreign):
        return ResultsOfElection(own.or_else(common(said.both for said in _said_of(tables))), list(tables)), []
    alike = [table for table, unlike in zip(tables, strange or [False] * len(tables), strict=True) if not unlike]
    several = len(polls) > 1
    groups = _grouped(_said_of(alike, _kinds_of_day(files) if several else None), one_poll=not several)
    others = _grouped(_said_of(foreign), one_poll=True)
    place = {id(table): at for at, table in enumerate(tables)}
    for group in (*groups, *others):
        group.tables.sort(key=lambda table: place[id(table)])
    fitting = [group for group in groups if group.is_of(own, files.sheets.values())]
    groups += others
    if not fitting:
        return ResultsOfElection(own), groups
    best = max(fitting, key=lambda group: (_with_sheets(group, files.sheets.values())[0], *_rank(group)))
    best.stated = own.or_else(best.stated)
    return best, [group for group in groups if group is not best]


def _unlike_the_sheets(files: Files) -> list[bool]:
    """Find published results that cannot be of the night, by the choices and the figures of its PVs and sign-in lists.

    Other choices stood in them, and hardly a bureau has the same counts; or not one bureau is the PVs', and they say of
    which election they are, where others do not that have the PVs' counts.
    """
    names: set[str] = set()
    for file in (night.CHOICES.kind, night.VOTES.kind):
        if file in files.sheets and "choix" in files.sheets[file].texts:
            names |= set(files.sheets[file].coded("choix").labels) - {""}
    choices = tuple(sorted(names))
    other = [_are_others(table.labels, choices) and table.level is Level.BUREAU for table in files.published]
    if not choices or not any(other):
        return [False] * len(files.published)
    sheets = files.sheets.values()
    shares = [
        [_same(ours, _figures(table)) for ours in _counts_of(sheets)] if unlike else []
        for table, unlike in zip(files.published, other, strict=True)
    ]
    silent = any(
        not table.says.known and _with_sheets(ResultsOfElection(StatedElection(), [table]), sheets)[0] > 0
        for table, unlike in zip(files.published, other, strict=True)
        if not unlike
    )
    found = []
    for table, each in zip(files.published, shares, strict=True):
        known = [(share, places) for share, places in each if share is not None]
        unlike = bool(known) and all(share < _BY_CHANCE for share, _ in known) and max(known)[1] >= _FEW
        found.append(unlike or (bool(each) and not known and silent and table.says.known > 0))
    return found


def _are_others(labels: Sequence[str], choices: Sequence[str]) -> bool:
    """Test whether other choices stood: not half of them are the same."""
    few, many = sorted((labels, choices), key=len)
    return bool(few) and sum(at is not None for at in match(few, many)) * 2 <= len(many)


def _counts_of(sheets: Iterable[Sheet]) -> Iterator[tuple[Texts, Ints]]:
    """The bureaux of each of the night's own tables, and their votes found or signatures."""
    for sheet in sheets:
        if "insee" in sheet.texts and sheet.counts.keys() & {Quantity.VOTES_FOUND, Quantity.SIGNATURES}:
            name = Quantity.VOTES_FOUND if Quantity.VOTES_FOUND in sheet.counts else Quantity.SIGNATURES
            yield _keys(sheet.texts["insee"], sheet.texts["bureau"]), sheet.counts[name]


def _of_night(files: Files, polls: Sequence[int]) -> StatedElection:
    """The election that the night is of: by its `election.toml`, else by the exports, else by its own tables."""
    election = files.election
    tables = common(piece.stated for sheet in files.sheets.values() for piece in sheet.pieces)
    if election is not None:
        kind = StatedElection.of_text(election.polls[0].type).kind if len(polls) == 1 else ""
        return StatedElection(kind, election.date.year, election.round)
    asked = StatedElection(round=files.sources.round)
    if files.reading is None:
        return asked.or_else(tables)
    whole = files.reading.columns[files.reading.verdict == 0]
    days = Counter(zip((whole["date"] // 10_000).tolist(), whole["round"].tolist(), strict=True))
    [(year, number)] = [day for day, _ in days.most_common(1)] or [(0, 0)]
    return StatedElection("", year, number).or_else(tables)


def stated_days(files: Files) -> tuple[StatedDay, ...]:
    """The day that `election.toml` says, and those that columns of tables and of published results say, by file."""
    found = []
    if files.election is not None:
        found.append(StatedDay(night.ELECTION, None, files.election.date.isoformat()))
    for table in (night.RECORDS, night.SIGNATURES, night.VOTES):
        if (sheet := files.sheets.get(table.kind)) is not None:
            own = stated_in(tuple(sheet.extra), zip(*sheet.extra.values(), strict=True)) if sheet.extra else UNSTATED
            days = [(piece.name, piece.stated.day or own.day) for piece in sheet.pieces]
            found += [StatedDay(name, table.kind.piece, day.isoformat()) for name, day in days if day is not None]
    days = [(each.file, each.says.day) for each in files.published]
    found += [StatedDay(name, EvidenceKind.PUBLISHED, day.isoformat()) for name, day in days if day is not None]
    return tuple(dict.fromkeys(found))


def of_two_elections(one: Published, other: Published) -> tuple[StatedElection, StatedElection] | None:
    """Describe the elections of two published tables, where these are two: they say so, or others stood.

    Also where they say two days.
    """
    ours, theirs = (table.says.or_else(_named(table.file, ())) for table in (one, other))
    two_days = ours.day is not None and theirs.day is not None and ours.day != theirs.day
    apart = two_days or ours.conflicts(theirs) or _are_unlike(one, other, silent=False)
    return (ours, theirs) if apart else None


def _kinds_of_day(files: Files) -> frozenset[str]:
    """The kinds of a day's polls; none where they are not known."""
    polls = () if files.election is None else files.election.polls
    return frozenset(StatedElection.of_text(poll.type).kind for poll in polls) - {""}


def _said_of(tables: Sequence[Published], of_day: frozenset[str] | None = None) -> list[_Said]:
    """Join what all say, those first that say most, in an order that does not depend on that in which they were given.

    Args:
        tables: the results.
        of_day: where several polls are held on one day, their kinds, none for any: they are of one election then.
    """

    def of_one(stated: StatedElection) -> StatedElection:
        is_one = of_day is not None and (not of_day or stated.kind in of_day)
        return replace(stated, kind="") if is_one else stated

    parents = [PurePosixPath(table.file).parent.parts for table in tables]
    shared = shared_folders(parents)
    found = [
        _Said(table, of_one(table.says), of_one(_named(table.file, parts[shared:])))
        for table, parts in zip(tables, parents, strict=True)
    ]
    found.sort(key=lambda said: (-said.itself.known, -said.both.known, -len(said.table.row), said.table.file))
    return found


def _named(file: str, folders: Sequence[str]) -> StatedElection:
    """Statement in the name of a file, else in the folders that distinguish it from the others."""
    said = StatedElection.of_text(PurePosixPath(file).name)
    for folder in reversed(folders):
        said = said.or_else(StatedElection.of_text(folder))
    return said


def _grouped(all_said: Iterable[_Said], *, one_poll: bool) -> list[ResultsOfElection]:
    groups: list[ResultsOfElection] = []
    for said in all_said:
        possible = [group for group in groups if group.can_be(said)]
        fitting = [group for group in possible if not group.stated.conflicts(said.both)]
        if not fitting:  # by the name of a file alone: figures that are the same say more
            fitting = [group for group in possible if (group.agrees(said) or 0) * 2 >= 1]
        if one_poll:  # else they may be of another one of the day's
            fitting = [each for each in fitting if not each.is_unlike(said, silent=not said.both.covers(each.stated))]
        best = fitting[0] if len(fitting) == 1 else None
        if len(fitting) > 1:
            best = max(fitting, key=lambda group: (group.agrees(said) or 0, *_rank(group)))
        if best is None:
            groups.append(best := ResultsOfElection(said.both))
            best.take(said)
        else:
            best.take(said, supposed=not said.both.covers(best.stated) and not best.agrees(said))
    return groups


def _rank(group: ResultsOfElection) -> tuple[int, int, int, str]:
    rows = sum(len(table.row) for table in group.tables if table.level is Level.BUREAU)
    return rows, group.stated.year, group.stated.round, min(table.file for table in group.tables)


def _with_sheets(group: ResultsOfElection, sheets: Iterable[Sheet]) -> tuple[float, int]:
    """Share of bureaux that have the counts of the night's own tables, the greatest of all results.

    And of how many bureaux that is; none where they have none in common.
    """
    shares = [(0.0, 0)]
    for ours in _counts_of(sheets):
        found = (_same(ours, _figures(table)) for table in group.tables if table.level is Level.BUREAU)
        shares += [(share or 0, places) for share, places in found]
    return max(shares)


def _agreement(one: Published, other: Published) -> float | None:
    if one.level is not other.level:
        return None
    return _same(_figures(one), _figures(other))[0]


def _are_unlike(one: Published, other: Published, silent: bool) -> bool:
    if one.level is not other.level:
        return False
    if not silent and not _are_others(one.labels, other.labels):
        return False
    share, places = _same(_figures(one), _figures(other))
    return share is not None and share < _BY_CHANCE and places >= _FEW


def _figures(table: Published) -> tuple[Texts, Ints]:
    code = table.bureau if table.level is Level.BUREAU else table.constituency
    where = table.insee if table.level in (Level.BUREAU, Level.COMMUNE) else table.department
    return _keys(where, code), table.counts[Quantity.VOTES_FOUND]


def _keys(insee: Texts, bureau: Texts) -> Texts:
    """Places without the zeros of their codes."""
    insee, bureau = insee.astype(np.str_), np.strings.lstrip(bureau.astype(np.str_), "0")
    return np.strings.add(np.strings.add(insee, "/"), bureau)


def _same(one: tuple[Texts, Ints], other: tuple[Texts, Ints]) -> tuple[float | None, int]:
    """The share of the places that two tables share with the same count, None without any; and how many they are."""
    _, ours, theirs = np.intersect1d(one[0], other[0], return_indices=True)
    left, right = one[1][ours], other[1][theirs]
    known = (left >= 0) & (right >= 0)
    places = int(np.count_nonzero(known))
    return (float(np.mean(left[known] == right[known])) if places else None), places
