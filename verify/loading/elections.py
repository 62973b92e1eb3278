"""Evidence of another election or round than the night's: left out and named, as its bureaux bear the same codes.

A column or a title says of which election a table is, else the name of its file; that of a file counts only against
other figures of the same bureaux. Of two tables of a kind with hardly a figure in common the first is kept. What was
given as PVs, sign-in counts or votes is left out only for that, or where it says itself that it is of another election
than the others of its kind and has other figures.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from protocol import night
from protocol.election import Election
from protocol.errors import InputError
from protocol.night import ELECTION
from protocol.quantities import Quantity
from protocol.words import Text, cited, msg, without_accents
from verify.align.implied import communes_of
from verify.loading.opened import OpenedNight
from verify.loading.tables import NightTables
from verify.materiality.kinds import ElectionKind, election_named
from verify.model.identity import StatedElection, Voters, common, round_of, same_counts, voters_of
from verify.model.published import Level, Published
from verify.model.use import Use, Used, action_of, archive_of, used_of, why_of
from verify.read.sheet import Sheet
from verify.read.tables.asked import SeveralRounds
from verify.read.tables.kinds import KINDS

_FEW = 10
"""Bureaux that two tables have in common, from which on their figures alone tell whether they are of one count …"""
_BY_CHANCE = 0.05
"""… which they are not where no greater share of them has the same figures."""
_SAME = 0.5
"""The share of bureaux with the same count from which on two tables are of one election, whatever a file is called."""


@dataclass(frozen=True, slots=True)
class _StatedTable:
    """One file's table of one kind, the election that it says, and whether only its file's name does.

    Attributes:
        kind: by the name of the night's file.
        sheet: the table.
        stated: of which election.
        by_name: whether only the name of the file says it.
        given: whether it was given as what it is.
        communes: of its rows: code, else name.
        beside: the file whose figures it does not have, where that is why it is left out.
        same, places: of how many of the bureaux that both have the figures are the same.
    """

    kind: str
    sheet: Sheet
    stated: StatedElection
    by_name: bool
    given: bool = False
    communes: Sequence[str] = ()
    beside: str = ""
    same: int = 0
    places: int = 0

    @property
    def file(self) -> str:
        return archive_of(self.sheet.pieces[0].file)


def leave_other_elections(tables: NightTables, opened: OpenedNight, election: Election | None) -> None:
    """Take out of the tables those of another election than the night, and say so.

    Args:
        tables: that were read.
        opened: all files that were looked at.
        election: that of the night, None where nobody says; it is then the one of most rows.
    """
    sheets = [*tables.beside(), *tables.given()]
    counted = [sheet for _, sheet in sheets if not sheet.counts.keys().isdisjoint(_VOTERS)]
    communes = dict(zip(map(id, counted), communes_of(counted), strict=True))
    every = [replace(_of(kind, sheet), communes=communes.get(id(sheet), ())) for kind, sheet in sheets]
    found = every[: len(tables.beside())]
    given = [replace(each, given=True) for each in every[len(found) :]]
    kinds = _kinds_of(election) or _most([*given, *found])
    others = [table for table in found if table.stated.kind and kinds and table.stated.kind not in kinds]
    rest = [table for table in (*given, *found) if table not in others]
    left = {table.file: table for table in others if rest and not _belongs(table, rest)}
    left |= _of_other_counts([table for table in (*given, *found) if table.file not in left], election)
    tables.leave(left)
    opened.problems = [each for each in opened.problems if archive_of(each.file) not in left]
    for at, each in enumerate(opened.inputs):
        if each.path in left and each.used is not Used.NONE:
            uses = [_left(use, left[each.path]) for use in each.sheets]
            why, action = why_of(uses), action_of(uses)
            whole = replace(each, used=used_of(uses), why=why, action=action, sheets=tuple(uses))
            opened.inputs[at] = replace(whole, contradicts=bool(left[each.path].beside))


def _of_other_counts(tables: Sequence[_StatedTable], election: Election | None) -> dict[str, _StatedTable]:
    """Collect the figures beside another count of the same bureaux, by name of the file; the first is kept.

    It says itself that it is of another election; or hardly a bureau has the same figures in a file of the same kind.
    """
    telling = sorted((each for each in tables if not each.by_name), key=lambda each: each.kind != night.RECORDS.kind)
    own = telling[0].stated if telling else StatedElection()
    if election is not None:
        own = StatedElection("", election.date.year, election.round)
    number = Counter(table.kind for table in tables)
    tables = [table for table in tables if number[table.kind] > 1]
    kept: dict[tuple[str, frozenset[str]], dict[str, Voters]] = {}
    left: dict[str, _StatedTable] = {}
    for otherwise in (False, True):
        for table in tables:
            if (not table.by_name and table.stated.conflicts(own)) is not otherwise or table.file in left:
                continue
            kind, voters = (table.kind, frozenset(table.sheet.coded("scrutin").labels)), _voters([table])
            before = kept.setdefault(kind, {})
            same, places = same_counts(frozenset().union(*before.values()), voters)
            if otherwise and places and same < _SAME * places:
                left[table.file] = table
            elif places >= _FEW and same < _BY_CHANCE * places:
                beside = max(before, key=lambda file: same_counts(before[file], voters)[1])
                left[table.file] = replace(table, beside=beside, same=same, places=places)
            else:
                before[table.file] = before.get(table.file, frozenset()) | voters
    return left


def _of(kind: str, sheet: Sheet) -> _StatedTable:
    itself = common(piece.stated for piece in sheet.pieces)
    if itself.kind:
        return _StatedTable(kind, sheet, itself, by_name=False)
    named = StatedElection.of_text(PurePosixPath(sheet.pieces[0].file).name)
    return _StatedTable(kind, sheet, named, by_name=True)


def _kinds_of(election: Election | None) -> Collection[str]:
    polls = () if election is None else election.polls
    kinds = {StatedElection.of_text(poll.type).kind for poll in polls}
    return set() if "" in kinds else kinds


def _most(tables: Sequence[_StatedTable]) -> Collection[str]:
    """The kind of election that most rows are of, those first that say so themselves; none where they say none."""
    rows: Counter[str] = Counter()
    for itself in (True, False):
        for table in tables:
            if table.stated.kind and table.by_name is not itself:
                rows[table.stated.kind] += len(table.sheet)
        if rows:
            break
    return [max(rows, key=lambda kind: (rows[kind], kind))] if rows else []


def _belongs(table: _StatedTable, rest: Sequence[_StatedTable]) -> bool:
    """Test whether its figures are those of the night; where they are not known a name alone does not exclude it."""
    same, places = same_counts(_voters(rest), _voters([table]))
    return same >= _SAME * places if places else table.by_name


def _voters(tables: Sequence[_StatedTable]) -> Voters:
    """The bureaux of some tables, with how many voted there."""
    return frozenset[tuple[str, int]]().union(*(_of_sheet(table.sheet, table.communes) for table in tables))


def _left(use: Use, table: _StatedTable) -> Use:
    if use.used is Used.NONE or KINDS.isdisjoint(use.kinds):
        return use
    why: Text = msg("of another election: {election}", election=table.stated.text)
    action = msg("Check it by itself; if it is of this election after all, give it with --pv, --emargements or --voix.")
    if table.by_name:
        why = msg("of another election by its name: {election}", election=table.stated.text)
        action = msg("Check it by itself; if it is of this election after all, give it another name.")
    if table.given:
        action = msg("Check it by itself.")
    if table.beside:
        action = msg("Check it by itself; if it is of another commune, add its INSEE code as a column.")
        why = msg(
            "of another count than {file}, or of another commune: the same figures in {same:n} of {count:n} bureaux",
            file=table.beside,
            same=table.same,
            count=table.places,
        )
    return replace(use, used=Used.NONE, kinds=(), why=why, action=action)


_VOTERS = (Quantity.VOTES_FOUND, Quantity.SIGNATURES)


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
    others = [*map(_of_sheet, sheets), *_of_results(published)]
    shares = {number: _share(file, others, number) for number in (1, 2)}
    if shares[1] != shares[2] and max(shares.values()) * 2 >= 1:
        return max(shares, key=lambda number: shares[number])
    if not file.named:
        return None
    said = {piece.stated.round for sheet in sheets for piece in sheet.pieces} | {each.says.round for each in published}
    if len(known := said - {0}) == 1:
        return known.pop()
    if len(known := {round_of(path.stem) or 0 for path in paths} - {0}) == 1:
        return known.pop()
    codes = {code for pairs in others for code, _ in pairs}
    beside = any(code in codes for pairs in file.voters.values() for code, _ in pairs)
    return None if beside and not any(shares.values()) else 1


def leave_dumps(opened: OpenedNight, kind: str, rounds: Iterable[int], asked: int) -> bool:
    """Test whether all dumps of a kind are of the round that was not asked for; each is then named as not used.

    Args:
        opened: all files that were looked at.
        kind: of the inputs.
        rounds: of those that are whole; of none nothing is said.
        asked: 1 or 2, 0 where nobody asked for one.
    """
    others = set(rounds)
    if not asked or len(others) != 1 or asked in others:
        return False
    [number] = others
    why = msg("of round {number}, which --round {number} reads", number=number)
    for at, each in enumerate(opened.inputs):
        if each.kind == kind:
            opened.inputs[at] = replace(each, kind="file", used=Used.NONE, why=why)
    return True


def _share(file: SeveralRounds, others: Sequence[Voters], number: int) -> float:
    """The greatest share of one round's bureaux that other evidence has with the same count."""
    own = file.voters.get(number, frozenset())
    bureaux = len({code for code, _ in own})
    return max((len({code for code, _ in own & pairs}) / bureaux for pairs in others), default=0.0) if bureaux else 0.0


def _of_sheet(sheet: Sheet, communes: Sequence[str] = ()) -> Voters:
    """The bureaux of a table, with their communes where these are given, and how many voted there."""
    counts = [sheet.counts[name].tolist() for name in _VOTERS if name in sheet.counts]
    if not counts or "bureau" not in sheet.texts:
        return frozenset()
    codes = sheet.texts["bureau"].tolist()
    if communes:
        codes = [f"{code.lstrip('0')} {of}" for code, of in zip(codes, communes, strict=True)]
    return voters_of(codes, *counts)


def _of_results(published: Iterable[Published]) -> Iterator[Voters]:
    for each in published:
        if each.level is Level.BUREAU:
            yield voters_of(each.bureau.tolist(), *(each.counts[name].tolist() for name in _VOTERS))


_LIKE = 0.7
"""Least likeness of two words of which one is named beside the other."""


def unknown_types(election: Election) -> list[InputError]:
    """Report each kind of election that is none; an empty one is not reported."""
    kinds = [kind.value for kind in ElectionKind]
    expected = msg("one of {expected}", expected=", ".join(kinds))
    found = []
    for poll in election.polls:
        if not poll.type.strip() or election_named(poll.type) is not None:
            continue
        got: Text = cited(poll.type)
        import difflib

        near = difflib.get_close_matches(without_accents(poll.type).strip(), kinds, 1, _LIKE)
        if near:
            got = msg("{word}; the nearest is {near}", word=got, near=near[0])
        found.append(InputError(ELECTION, None, "type", expected, got))
    return found
