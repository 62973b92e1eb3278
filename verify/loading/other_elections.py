"""Tables of another election than the night's: they are left out and named, as their bureaux bear the same codes.

A column or a title says of which election a table is, else the name of its file; that of a file counts only against
other figures of the same bureaux. What somebody gave as PVs, sign-in counts or votes is never left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from protocol.election import Election
from protocol.words import Text, msg
from verify.loading.opened import OpenedNight
from verify.loading.rounds import voters_of_sheets
from verify.loading.tables import NightTables
from verify.model.stated import StatedElection, common
from verify.model.use import Use, Used, action_of, archive_of, used_of, why_of
from verify.read.sheet import Sheet
from verify.read.tables.kinds import KINDS

_SAME = 0.5
"""The share of bureaux with the same count from which on two tables are of one election, whatever a file is called."""


@dataclass(frozen=True, slots=True)
class _StatedTable:
    """One file's table of one kind, the election that it says, and whether only its file's name does."""

    sheet: Sheet
    stated: StatedElection
    by_name: bool

    @property
    def file(self) -> str:
        return archive_of(self.sheet.pieces[0].file)


def leave_other_elections(tables: NightTables, opened: OpenedNight, election: Election | None) -> None:
    """Take out of the tables that were found those of another kind of election than the night, and say so.

    Args:
        tables: that were read.
        opened: all files that were looked at.
        election: that of the night, None where nobody says; it is then the one of most rows.
    """
    found = [_of(sheet) for sheet in tables.beside()]
    given = [_of(sheet) for sheet in tables.given()]
    kinds = _kinds_of(election) or _most([*given, *found])
    others = [table for table in found if table.stated.kind and kinds and table.stated.kind not in kinds]
    rest = [table for table in (*given, *found) if table not in others]
    left = {table.file: table for table in others if rest and not _belongs(table, rest)}
    tables.leave(left)
    opened.problems = [each for each in opened.problems if archive_of(each.file) not in left]
    for at, each in enumerate(opened.inputs):
        if each.path in left and each.used is not Used.NONE:
            uses = [_left(use, left[each.path]) for use in each.sheets]
            why, action = why_of(uses), action_of(uses)
            opened.inputs[at] = replace(each, used=used_of(uses), why=why, action=action, sheets=tuple(uses))


def _of(sheet: Sheet) -> _StatedTable:
    itself = common(piece.stated for piece in sheet.pieces)
    if itself.kind:
        return _StatedTable(sheet, itself, by_name=False)
    named = StatedElection.of_text(PurePosixPath(sheet.pieces[0].file).name)
    return _StatedTable(sheet, named, by_name=True)


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
    """Whether its figures are those of the night, or nothing but a name speaks against it where they are not known."""
    own = {pair for voters in voters_of_sheets([table.sheet]) for pair in voters}
    others = {pair for voters in voters_of_sheets(each.sheet for each in rest) for pair in voters}
    shared = {code for code, _ in own} & {code for code, _ in others}
    same = {code for code, _ in own & others}
    return table.by_name if not shared else len(same) >= _SAME * len(shared)


def _left(use: Use, table: _StatedTable) -> Use:
    if use.used is Used.NONE or KINDS.isdisjoint(use.kinds):
        return use
    why: Text = msg("of another election: {election}", election=table.stated.text)
    action = msg("Check it by itself; if it is of this election after all, give it with --pv, --emargements or --voix.")
    if table.by_name:
        why = msg("of another election by its name: {election}", election=table.stated.text)
        action = msg("Check it by itself; if it is of this election after all, give it another name.")
    return replace(use, used=Used.NONE, kinds=(), why=why, action=action)
