"""Elections, rounds and towns of tables: by what each says itself, by the names of files, and by the figures.

What a table says counts first: its columns and its title. Where it says nothing, the names of files do, unless the
figures contradict them: two tables of one election agree in nearly all bureaux, of two elections in almost none.

Published results of another election are a night of their own. PVs, sign-in counts and votes of another one are left
out and named, as their bureaux bear the same codes; what was given as such is left out only where it says itself that
it is of another election and has other figures, or where hardly a figure is the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property, partial
from itertools import combinations
from pathlib import Path, PurePosixPath
from typing import Any, Generic, TypeVar

import numpy as np

from protocol import night
from protocol.election import Election
from protocol.evidence_kinds import EvidenceKind
from protocol.quantities import Quantity
from protocol.words import Text, msg
from verify.align.communes import communes_of, plain, stands_in
from verify.align.files import Files, GivenSheet
from verify.model.contests import match
from verify.model.identity import (
    UNSTATED,
    StatedElection,
    Voters,
    are_apart,
    common,
    round_of,
    same_counts,
    shared_folders,
    voters_of,
)
from verify.model.published import Level, Published
from verify.model.use import Input, Use, Used, action_of, archive_of, file_of, used_of, why_of
from verify.read.sheet import Sheet
from verify.read.tables.asked import SeveralRounds
from verify.read.tables.kinds import KINDS
from verify.read.tables.towns import towns_of_files

_FEW = 3
"""Common places from which on two published tables of other choices are told apart by their figures …"""
_FEW_SHEETS = 10
"""… two tables of a kind that say nothing of their election …"""
_FEW_OF_TOWN = 2
"""… and the tables of two towns, where the registered voters of both are known; else as of two elections."""
_SAME = 0.5
"""The share of bureaux with the same count from which on two tables are of one election, whatever a file is called."""
_VOTERS = (Quantity.VOTES_FOUND, Quantity.SIGNATURES)

Table = TypeVar("Table", Sheet, Published)


@dataclass(frozen=True, eq=False)
class Claim(Generic[Table]):
    """One table, and what it says of its election itself.

    Attributes:
        table: the sheet, or the published results.
        itself: its own statement.
        named: that of its file's name.
        kind: of evidence.
        given: whether it was given as what it is.
        places: gives the communes of its rows, where these count.
    """

    table: Table
    itself: StatedElection
    named: StatedElection
    kind: str = EvidenceKind.PUBLISHED
    given: bool = False
    places: Callable[[], Sequence[str]] = tuple

    @property
    def both(self) -> StatedElection:
        """Its own statement, completed by its file's name."""
        return self.itself.or_else(self.named)

    @cached_property
    def voters(self) -> Voters:
        """Its bureaux, with how many voted there."""
        return _voters(self.table, self.places())


def _of_sheet(
    kind: str, sheet: Sheet, given: bool = False, places: Callable[[], Sequence[str]] = tuple
) -> Claim[Sheet]:
    itself = common(piece.stated for piece in sheet.pieces)
    return Claim(sheet, itself, _named(sheet.pieces[0].file), kind, given, places)


def _voters(table: Sheet | Published, places: Sequence[str] = (), counts: Iterable[Quantity] = _VOTERS) -> Voters:
    """The bureaux of a table, with the places that they lie in where these are given, and how many voted there."""
    if isinstance(table, Sheet):
        codes = table.texts.get("bureau")
    else:
        codes = table.bureau if table.level is Level.BUREAU else table.constituency
    figures = [table.counts[name].tolist() for name in counts if name in table.counts]
    return frozenset() if codes is None else voters_of(codes.tolist(), *figures, places=places)


def _by_town(*tables: Sheet | Published) -> Iterable[Voters]:
    """The same for each commune, or each folder of files that say none: among all towns some are alike by chance."""
    towns: dict[str, set[tuple[str, int]]] = {}
    for table in tables:
        for code, count in _voters(table, [place.replace(" ", "_") for place in _places_of_rows(table)]):
            bureau, _, town = code.rpartition(" ")
            towns.setdefault(town, set()).add((bureau, count))
    return map(frozenset, towns.values())


def _places_of_rows(table: Sheet | Published) -> list[str]:
    """The commune of each row, else the folder of its file."""
    if isinstance(table, Published):
        return list(table.insee.tolist())
    said = (table.texts.get(name, np.full(len(table), "")).tolist() for name in ("insee", "commune"))
    folders = np.array([str(PurePosixPath(archive_of(piece.file)).parent) for piece in table.pieces])[table.piece_of]
    return [insee or commune or folder for insee, commune, folder in zip(*said, folders.tolist(), strict=True)]


def _of_results(table: Published, itself: StatedElection, named: StatedElection) -> Claim[Published]:
    where = table.insee if table.level in (Level.BUREAU, Level.COMMUNE) else table.department
    return Claim(table, itself, named, places=where.tolist)


def _joined(several: Iterable[Voters]) -> Voters:
    return frozenset[tuple[str, int]]().union(*several)


def _named(file: str, folders: Sequence[str] = ()) -> StatedElection:
    """Statement in the name of a file, else in the folders that distinguish it from the others."""
    said = StatedElection.of_text(PurePosixPath(file).name)
    for folder in reversed(folders):
        said = said.or_else(StatedElection.of_text(folder))
    return said


def _kinds_of(election: Election | None) -> frozenset[str]:
    """The kinds of a day's polls; none where one of them is not known."""
    kinds = frozenset(StatedElection.of_text(poll.type).kind for poll in (election.polls if election else ()))
    return frozenset() if "" in kinds else kinds


# --- PVs, sign-in counts and votes of another election ---


@dataclass(frozen=True, slots=True)
class Left:
    """A table of another election than the night's.

    Attributes:
        claim: the table.
        beside: the file whose figures it does not have, where that is why it is left out.
        same, places: of how many of the bureaux that both have the figures are the same.
    """

    claim: Claim[Sheet]
    beside: str = ""
    same: int = 0
    places: int = 0

    def of_file(self, given: Input) -> Input:
        """Say of its file that it is not used, and why."""
        if given.used is Used.NONE:
            return given
        uses = tuple(map(self._of_use, given.sheets))
        whole = replace(given, used=used_of(uses), why=why_of(uses), action=action_of(uses), sheets=uses)
        return replace(whole, contradicts=bool(self.beside))

    def _of_use(self, use: Use) -> Use:
        if use.used is Used.NONE or KINDS.isdisjoint(use.kinds):
            return use
        said = self.claim.both.text
        why: Text = msg("of another election: {election}", election=said)
        action = msg(
            "Check it by itself; if it is of this election after all, give it with --pv, --emargements or --voix."
        )
        if not self.claim.itself.kind:
            why = msg("of another election by its name: {election}", election=said)
            action = msg("Check it by itself; if it is of this election after all, give it another name.")
        if self.claim.given:
            action = msg("Check it by itself.")
        if self.beside:
            action = msg("Check it by itself; if it is of another commune, add its INSEE code as a column.")
            why = msg(
                "of another count than {file}, or of another commune: "
                "the same figures in {same:n} of {count:n} bureaux",
                file=self.beside,
                same=self.same,
                count=self.places,
            )
        return replace(use, used=Used.NONE, kinds=(), why=why, action=action)


def other_elections(sheets: Sequence[GivenSheet], election: Election | None) -> dict[str, Left]:
    """Find the tables of another election than the night's, by name of the file.

    Args:
        sheets: PVs, sign-in counts and votes.
        election: that of the night, None where nobody says; it is then the one of most rows.
    """

    @cache
    def communes() -> dict[int, list[str]]:
        counted = [sheet for _, sheet, _ in sheets if not sheet.counts.keys().isdisjoint(_VOTERS)]
        return dict(zip(map(id, counted), communes_of(counted), strict=True))

    def places(sheet: Sheet) -> Sequence[str]:
        return communes().get(id(sheet), ())

    claims = [_of_sheet(kind, sheet, is_given, partial(places, sheet)) for kind, sheet, is_given in sheets]
    kinds = _kinds_of(election) or _most(claims)
    others = [each for each in claims if not each.given and each.both.kind and kinds and each.both.kind not in kinds]
    rest = [each for each in claims if each not in others]
    left = {_file(each): Left(each) for each in others if rest and not _belongs(each, rest)}
    return left | _of_other_counts([each for each in claims if _file(each) not in left], election)


def _file(claim: Claim[Sheet]) -> str:
    return archive_of(claim.table.pieces[0].file)


def _most(claims: Sequence[Claim[Sheet]]) -> Collection[str]:
    """The kind of election that most rows are of, those first that say so themselves; none where they say none."""
    for said in ([each.itself.kind for each in claims], [each.named.kind for each in claims]):
        rows: Counter[str] = Counter()
        for kind, claim in zip(said, claims, strict=True):
            rows[kind] += len(claim.table) if kind else 0
        if any(rows.values()):
            return [max(rows, key=lambda kind: (rows[kind], kind))]
    return []


def _belongs(claim: Claim[Sheet], rest: Iterable[Claim[Sheet]]) -> bool:
    """Test whether its figures are those of the night; where they are not known a name alone does not exclude it."""
    same, places = same_counts(_joined(each.voters for each in rest), claim.voters)
    return same >= _SAME * places if places else not claim.itself.kind


def _of_other_counts(claims: Sequence[Claim[Sheet]], election: Election | None) -> dict[str, Left]:
    """Collect the figures beside another count of the same bureaux, by name of the file; the first is kept.

    It says itself that it is of another election; or hardly a bureau has the same figures in a file of the same kind.
    """
    telling = sorted((each for each in claims if each.itself.kind), key=lambda each: each.kind != night.RECORDS.kind)
    own = telling[0].itself if telling else UNSTATED
    if election is not None:
        own = StatedElection("", election.date.year, election.round)
    number = Counter(each.kind for each in claims)
    kept: dict[tuple[str, frozenset[str]], dict[str, Voters]] = {}
    left: dict[str, Left] = {}
    for otherwise in (False, True):
        for claim in claims:
            conflicts = claim.itself.kind != "" and claim.itself.conflicts(own)
            if number[claim.kind] < 2 or conflicts is not otherwise or _file(claim) in left:
                continue
            before = kept.setdefault((claim.kind, frozenset(claim.table.coded("scrutin").labels)), {})
            every = _joined(before.values())
            same, places = same_counts(every, claim.voters)
            if otherwise and places and same < _SAME * places:
                left[_file(claim)] = Left(claim)
            elif are_apart(every, claim.voters, _FEW_SHEETS):
                beside = max(before, key=lambda file: same_counts(before[file], claim.voters)[1])
                left[_file(claim)] = Left(claim, beside, same, places)
            else:
                before[_file(claim)] = before.get(_file(claim), frozenset()) | claim.voters
    return left


# --- A file of both rounds ---


def round_meant(
    file: SeveralRounds, sheets: Iterable[Sheet], published: Sequence[Published], paths: Iterable[Path]
) -> int | None:
    """The round that the counts of all other evidence are of, else the one that it names, else the first.

    None where the others count the same bureaux, and these are the counts of neither round; or where it can only be
    told by counts.

    Args:
        file: that of both rounds.
        sheets: tables that were read.
        published: results that were read.
        paths: of all files that were given; names of files of both rounds say nothing.
    """
    sheets = list(sheets)
    tables: list[Sheet | Published] = [*sheets, *(each for each in published if each.level is Level.BUREAU)]
    others = [voters for each in tables for voters in _by_town(each)]
    shares = {}
    for number, own in file.voters.items():
        bureaux = len({code for code, _ in own}) or 1
        shares[number] = max((same_counts(own, voters)[0] / bureaux for voters in others), default=0)
    best = max(shares, key=lambda number: shares[number])
    if len(set(shares.values())) > 1 and shares[best] >= _SAME:
        return best
    if not file.named:
        return None
    said = {piece.stated.round for sheet in sheets for piece in sheet.pieces} | {each.says.round for each in published}
    for rounds in (said, {round_of(path.stem) or 0 for path in paths}):
        if len(known := rounds - {0}) == 1:
            return known.pop()
    beside = any(same_counts(own, voters)[1] for own in file.voters.values() for voters in others)
    return None if beside and not any(shares.values()) else 1


# --- Towns that only the names of files say ---


def towns_by_files(sheets: Sequence[GivenSheet], published: Iterable[Published]) -> dict[int, str]:
    """Find the communes of tables that say none, by the id of the table: those that their files are named after.

    None where no two tables are of two towns: they have two codes; other names, and the same bureaux with other
    figures, also published ones; or no bureau in common, and the one that says no commune would be given that of the
    other.

    Args:
        sheets: PVs, sign-in counts and votes.
        published: results that were read.
    """
    by_bureau = [each for each in published if each.level is Level.BUREAU]
    claims: list[Claim[Any]] = [_of_sheet(each.kind, each.sheet) for each in sheets]
    claims += [_of_results(each, each.says, _named(each.file)) for each in by_bureau]
    names: dict[int, str] = {}
    stated: list[tuple[Claim[Any], set[str], bool]] = []
    tables = [claim.table for claim in claims]
    places = [[_places(table, name) for name in ("insee", "commune")] for table in tables]
    if len(tables) < 2 or all(map(any, places)):
        return {}
    of_files = towns_of_files([each.file if isinstance(each, Published) else each.files[0] for each in tables])
    known = {plain(name): name for _, said in places for name in said}

    @cache
    def placed() -> list[Voters]:
        return list(_by_town(*(table for table, said in zip(tables, places, strict=True) if any(said))))

    for claim, table, town, (codes, said) in zip(claims, tables, of_files, places, strict=True):
        if not (codes or said) and town:
            of_place = [name for key, name in known.items() if stands_in(key, town)]
            if len(of_place) == 1 and not town.endswith(")"):
                town = of_place[0]
            elif _is_of_one(_voters(table), placed()):
                continue
            names[id(table)] = town
            said = [town]
        own = {plain(name.partition(" (")[0]) for name in said} or set(codes)
        stated += [(claim, own, bool(said))] if len(own) == 1 else []
    if len({town for town in names.values() if town.endswith(")")}) > 1:  # two codes
        return names
    if not names:
        return {}
    towns = []
    for claim, own, named in stated:
        registered = claim.table.counts.get(Quantity.REGISTERED)
        few = _FEW_OF_TOWN if registered is not None and (registered > 0).any() else _FEW_SHEETS
        voters = _voters(claim.table, (), (Quantity.REGISTERED, *_VOTERS))
        towns.append((claim, own, voters, few, id(claim.table) in names, named))
    for (one, own, ours, few, silent, named), (two, other, theirs, many, quiet, called) in combinations(towns, 2):
        if own == other or one.both.conflicts(two.both):
            continue
        borrows = silent is not quiet and named and called and ours and theirs and not same_counts(ours, theirs)[1]
        alike = one.kind == two.kind or EvidenceKind.PUBLISHED in (one.kind, two.kind)  # a list may be of another year
        if borrows or (alike and are_apart(ours, theirs, max(few, many))):
            return names
    return {}


def _is_of_one(voters: Voters, towns: Sequence[Voters]) -> bool:
    """Test whether bureaux are those of a town that other evidence names: of many, some are alike by chance."""
    counts = (same_counts(town, voters) for town in towns)
    return any(same > _SAME * places and len(towns) <= _FEW * same for same, places in counts)


def _places(table: Sheet | Published, column: str) -> list[str]:
    """The places in a column, each once; empty cells are left out."""
    if isinstance(table, Sheet):
        found = table.coded(column).labels if column in table.texts else ()
    else:
        found = np.unique(table.insee if column == "insee" else table.commune).tolist()
    return [each for each in found if each]


# --- Published results ---


@dataclass(slots=True)
class ResultsOfElection:
    """Published results that are of one election, by all that they say.

    Attributes:
        stated: which one.
        claims: the results.
        supposed: those of them that say less than the others, and may as well be of another one.
    """

    stated: StatedElection
    claims: list[Claim[Published]] = field(default_factory=list)
    supposed: list[Published] = field(default_factory=list)
    _certain: StatedElection = UNSTATED

    @property
    def tables(self) -> list[Published]:
        """The results themselves."""
        return [claim.table for claim in self.claims]

    def take(self, claim: Claim[Published], *, supposed: bool = False) -> None:
        """Add results to them."""
        self.claims.append(claim)
        self.supposed += [claim.table] if supposed else []
        self._certain = self._certain.or_else(claim.itself)
        self.stated = self._certain.or_else(self.stated).or_else(claim.named)

    def is_of(self, stated: StatedElection, ours: Voters) -> bool:
        """Test whether they can be of a night, by what they say; by names of files if no figures say more.

        A round in a name counts unless half of the figures are the same, a year or a kind where hardly one is.
        """
        if self._certain.conflicts(stated):
            return False
        if not self.stated.conflicts(stated):
            return True
        if StatedElection(round=self.stated.round).conflicts(stated):
            return self.likeness(ours) >= _SAME
        return not any(are_apart(ours, claim.voters, _FEW) for claim in self._by_bureau())

    def can_be(self, claim: Claim[Published]) -> bool:
        """Test whether nothing that they say themselves speaks against it."""
        return not self._certain.conflicts(claim.itself)

    def agrees(self, claim: Claim[Published]) -> float:
        """The greatest share of the common places that have the same counts; 0 where there are none."""
        alike = (each.voters for each in self.claims if each.table.level is claim.table.level)
        return max((_share(voters, claim.voters) for voters in alike), default=0)

    def is_unlike(self, claim: Claim[Published], *, silent: bool) -> bool:
        """Test whether hardly a place has the same counts, and other choices stood or the round is not stated.

        Never of results that say themselves of which year and round they are.
        """
        if claim.itself.year and claim.itself.round and self._certain.covers(claim.itself):
            return False
        file = file_of(claim.table.file)  # two tables of one file have no reason to differ in one election
        return any(_are_unlike(each, claim, silent or file_of(each.table.file) == file) for each in self.claims)

    def likeness(self, ours: Voters) -> float:
        """Share of bureaux that have the counts of the night's own tables, the greatest of all results."""
        return max((_share(ours, each.voters) for each in self._by_bureau()), default=0)

    def rank(self) -> tuple[int, int, int, str]:
        """Order of several that have as many counts in common with something."""
        rows = sum(len(each.table.row) for each in self._by_bureau())
        return rows, self.stated.year, self.stated.round, min(each.file for each in self.tables)

    def _by_bureau(self) -> list[Claim[Published]]:
        return [each for each in self.claims if each.table.level is Level.BUREAU]


def by_election(files: Files, polls: Sequence[int]) -> tuple[ResultsOfElection, list[ResultsOfElection]]:
    """The published results that are of the night, and those of each other election."""
    own, tables = _of_night(files, polls), files.published
    one_poll = len(polls) == 1
    sheets = [sheet for sheet in files.sheets.values() if "insee" in sheet.texts] if tables else []
    ours = _joined(_voters(sheet, sheet.texts["insee"].tolist()) for sheet in sheets)
    claims = _claims(tables, None if one_poll else _kinds_of(files.election))
    foreign = _unlike_the_sheets(claims, files, ours) if one_poll else []
    if not tables or (len(tables) == 1 and not own.known and not foreign):
        return ResultsOfElection(own.or_else(common(each.both for each in claims)), claims), []
    groups = _grouped([each for each in claims if each not in foreign], one_poll)
    others = _grouped(foreign, one_poll)
    place = {id(table): at for at, table in enumerate(tables)}
    for group in (*groups, *others):
        group.claims.sort(key=lambda claim: place[id(claim.table)])
    fitting = [group for group in groups if group.is_of(own, ours)]
    groups += others
    if not fitting:
        return ResultsOfElection(own), groups
    best = fitting[0] if len(fitting) == 1 else max(fitting, key=lambda group: (group.likeness(ours), *group.rank()))
    best.stated = own.or_else(best.stated)
    return best, [group for group in groups if group is not best]


def _unlike_the_sheets(claims: Sequence[Claim[Published]], files: Files, ours: Voters) -> list[Claim[Published]]:
    """Find published results that cannot be of the night, by the choices and the figures of its PVs and sign-in lists.

    Other choices stood in them, and hardly a bureau has the same counts; or not one bureau is the PVs', and they say of
    which election they are, where others do not that have the PVs' counts.
    """
    lists = [files.sheets[file] for file in (night.CHOICES.kind, night.VOTES.kind) if file in files.sheets]
    choices = sorted({name for sheet in lists if "choix" in sheet.texts for name in sheet.coded("choix").labels} - {""})
    others = [each for each in claims if each.table.level is Level.BUREAU and _are_others(each.table.labels, choices)]
    if not choices or not others:
        return []
    silent = any(
        not each.itself.known and ResultsOfElection(UNSTATED, [each]).likeness(ours)
        for each in claims
        if each not in others
    )
    common_places = {id(each): same_counts(ours, each.voters)[1] for each in others}
    return [
        each
        for each in others
        if (are_apart(ours, each.voters, _FEW) if common_places[id(each)] else ours and silent and each.itself.known)
    ]


def _are_others(labels: Sequence[str], choices: Sequence[str]) -> bool:
    """Test whether other choices stood: not half of them are the same."""
    few, many = sorted((labels, choices), key=len)
    return bool(few) and sum(at is not None for at in match(few, many)) * 2 <= len(many)


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


def of_two_elections(one: Published, other: Published) -> tuple[StatedElection, StatedElection] | None:
    """Describe the elections of two published tables, where these are two: they say so, or others stood.

    Also where they say two days.
    """
    ours, theirs = (_of_results(table, table.says, _named(table.file)) for table in (one, other))
    days = {ours.both.day, theirs.both.day} - {None}
    apart = len(days) > 1 or ours.both.conflicts(theirs.both) or _are_unlike(ours, theirs, silent=False)
    return (ours.both, theirs.both) if apart else None


def _claims(tables: Sequence[Published], of_day: frozenset[str] | None) -> list[Claim[Published]]:
    """The claims of some tables, the fullest first, in an order that does not depend on that of the tables.

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
        _of_results(table, of_one(table.says), of_one(_named(table.file, parts[shared:])))
        for table, parts in zip(tables, parents, strict=True)
    ]
    found.sort(key=lambda each: (-each.itself.known, -each.both.known, -len(each.table.row), each.table.file))
    return found


def _grouped(claims: Iterable[Claim[Published]], one_poll: bool) -> list[ResultsOfElection]:
    groups: list[ResultsOfElection] = []
    for claim in claims:
        possible = [group for group in groups if group.can_be(claim)]
        fitting = [group for group in possible if not group.stated.conflicts(claim.both)]
        if not fitting:  # by the name of a file alone: figures that are the same say more
            fitting = [group for group in possible if group.agrees(claim) >= _SAME]
        if one_poll:  # else they may be of another one of the day's
            silent = [not claim.both.covers(group.stated) for group in fitting]
            fitting = [
                each for each, less in zip(fitting, silent, strict=True) if not each.is_unlike(claim, silent=less)
            ]
        if not fitting:
            groups.append(ResultsOfElection(claim.both))
            groups[-1].take(claim)
            continue
        best = fitting[0] if len(fitting) == 1 else max(fitting, key=lambda group: (group.agrees(claim), *group.rank()))
        best.take(claim, supposed=not claim.both.covers(best.stated) and not best.agrees(claim))
    return groups


def _are_unlike(one: Claim[Published], other: Claim[Published], silent: bool) -> bool:
    if one.table.level is not other.table.level:
        return False
    is_other = silent or _are_others(one.table.labels, other.table.labels)
    return is_other and are_apart(one.voters, other.voters, _FEW)


def _share(one: Voters, other: Voters) -> float:
    """The share of the common places that have the same count; 0 where there are none."""
    same, places = same_counts(one, other)
    return same / max(places, 1)
