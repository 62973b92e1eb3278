"""The tables of one file, each with what it is used as: those that are used become sheets of a night."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from protocol import night
from protocol.errors import InputError, wrong_file
from protocol.quantities import Quantity, column_of
from protocol.words import Message, Text, cited, msg, series
from verify.model.bureau_codes import texts_of
from verify.model.figures import MISSING
from verify.model.identity import StatedElection, Voters, are_apart, is_stated, round_of, voters_of
from verify.model.labels import field_label
from verify.model.published import Published
from verify.model.universe import is_counting_column
from verify.model.use import NOTHING_FILLED_IN, ColumnMissing, Use, Used, say_not_understood
from verify.read.cells import filled_in
from verify.read.counts import counts_in
from verify.read.published.cells import is_figure
from verify.read.rows import Problems
from verify.read.sheet import Piece, Sheet, join_sheets
from verify.read.tables import headers
from verify.read.tables.asked import Asked, SeveralRounds
from verify.read.tables.codes import by_sheet, may_be_commune
from verify.read.tables.columns import TableColumns, columns_of, sheet_of
from verify.read.tables.forms import form_of, refuse_form
from verify.read.tables.grid import Grid
from verify.read.tables.headers import LEVELS, key, wordings
from verify.read.tables.kinds import (
    PUBLISHED,
    RECORDS,
    SIGNATURES,
    TABULATION,
    VOTES,
    kinds_of,
    named_central,
    named_sign_ins,
    named_tickets,
)
from verify.read.tables.table import KEYS, AuditorTable, find_table

NEEDS: dict[str, tuple[str, ...]] = {
    SIGNATURES: ("signatures",),
    RECORDS: ("signatures", "votes_found", "valid"),
    VOTES: ("votes",),
}
"""Columns of which a table must have one, to be of each kind."""
_NAMED_AS_WELL = ("insee", "commune", "departement", "circonscription", "choix")
"""Columns whose name tables have beside the code, or a longer name."""
_WORDS = re.compile(r"[^\W\d_]{3}")
_FEW = 3
"""Bureaux by whose figures two tables are told to be of two rounds."""


@dataclass(frozen=True, slots=True)
class GivenSheets:
    """Sheets of one file.

    Attributes:
        sheets: by name of the night's file that it stands for: sign-ins, PVs, votes by choice. None where a table has
            the headers and nothing was filled in below them: that is no evidence yet, and not wrong.
        problems: everything that could not be read, of all its tables that are used.
        uses: what became of each of its tables.
        published: the tables that are published results.
    """

    sheets: dict[str, Sheet]
    problems: tuple[InputError, ...]
    uses: tuple[Use, ...]
    published: tuple[Published, ...] = ()


class NotUnderstood(InputError):
    """A file without what its kind of evidence needs; ``problems`` has all that is wrong with it."""

    def __init__(self, problems: Sequence[InputError], uses: Sequence[Use] = ()) -> None:
        first = problems[0]
        super().__init__(first.file, first.row, first.column, first.expected, first.got)
        self.problems = tuple(problems)
        self.uses = tuple(uses)


@dataclass(slots=True)
class TablePart:
    """One table of a file, and what it is used as so far."""

    grid: Grid
    table: AuditorTable
    columns: TableColumns
    kinds: tuple[str, ...] = ()
    why: Text = ""
    action: Text = ""
    is_left: bool = False

    @property
    def is_central(self) -> bool:
        """Test whether it is of several bureaux, and its sheet, file or titles call it a centralising record."""
        named = named_central((self.grid.sheet or self.grid.shown, *self.columns.titles))
        return named and len(self.columns.figures.head) > 1

    @property
    def places(self) -> set[tuple[str, ...]]:
        """The places and codes of its bureaux."""
        texts, heads = self.columns.texts, self.columns.figures.head
        return set(zip(*(texts_of(texts[name])[heads].tolist() for name in KEYS if name in texts), strict=True))

    @property
    def said_round(self) -> int:
        """The round that the table says it is of, 0 for none."""
        return self.grid.round or self.table.rows.stated().round

    @property
    def named_round(self) -> int:
        """The same, else the round that its sheet is named after."""
        return self.said_round or round_of(self.grid.name) or 0

    @property
    def piece(self) -> Piece:
        """The piece that its rows are of, with what is said of all of them."""
        said = self.columns.stated_by_all().or_else(StatedElection(round=self.grid.round))
        said = replace(said, kind="") if self.grid.of_poll else said  # its rows say it: of several polls
        return Piece(self.grid.shown, self.grid.sheet, "observations" in self.columns.texts, said, self.is_central)

    def leave(self, why: Text) -> None:
        """Use it as nothing, though it could be."""
        self.kinds, self.why, self.is_left = (), why, True

    def leave_round(self, number: int, why: Text) -> None:
        """Use it as nothing, as it is of another round."""
        self.leave(why)
        self.action = msg("To check that round: --round {number}; beside this one: --other-round.", number=number)


NOT_ASKED = msg("not asked for: --sheet")
"""Why a sheet is not used that the user did not name."""


def understand(
    grids: Sequence[Grid], given: Collection[str]
) -> tuple[dict[int, TablePart], dict[int, Use], dict[int, InputError]]:
    """The tables in some grids; what becomes of the others, and what is wrong with them; each by index."""
    uses: dict[int, Use] = {}
    parts: dict[int, TablePart] = {}
    wrong: dict[int, InputError] = {}
    for index, grid in enumerate(grids):
        if grid.name and not grid.asked.wants(grid.name):
            uses[index] = Use(grid.name, (), Used.NONE, NOT_ASKED)
            continue
        found = _table_in(replace(grid, asked=replace(grid.asked, signatures=_is_sign_ins(grid, given))))
        if isinstance(found, AuditorTable):
            parts[index] = TablePart(grid, found, columns_of(found))
        else:
            wrong[index] = found
            uses[index] = _not_understood(grid, found)
    return parts, uses, wrong


def _table_in(grid: Grid) -> AuditorTable | InputError:
    """The table in a grid, or what is wrong with it; a form with its figures on the right is a table of one row."""
    found = find_table(grid)
    if isinstance(found, InputError) or counts_in(found.header.cells):
        form = form_of(grid)
        as_table = found if form is None else find_table(form)
        if isinstance(as_table, AuditorTable):
            return as_table
        return found if isinstance(found, AuditorTable) else refuse_form(grid) or found
    return found


def _is_sign_ins(grid: Grid, given: Collection[str]) -> bool:
    """Test whether « Votants » alone are signatures in a table."""
    others = {RECORDS, PUBLISHED}.isdisjoint(given)
    return set(given) == {SIGNATURES} or (others and named_sign_ins(grid.name or grid.shown))


def _not_understood(grid: Grid, error: InputError) -> Use:
    """The use of a table in which no bureaux with figures were found."""
    why = error.said
    if grid.table.hidden:
        why = msg("a hidden sheet: {said}", said=why)
    return Use(grid.label, (), Used.NONE, why)


def list_columns(kind: str) -> Message:
    """Columns that a kind of evidence needs, as they are written."""
    return msg(
        "columns such as {columns}", columns=series(headers.example(column) for column in ("bureau", *NEEDS[kind]))
    )


def decide(parts: Sequence[TablePart], given: Collection[str], asked: Asked) -> None:
    """Say of each table what it is used as, and why it is not."""
    for part, kinds in zip(parts, kinds_of([part.columns for part in parts], given), strict=True):
        part.kinds = kinds
    for part in parts:
        if part.table.header.of_communes:
            part.leave(msg("a row for each commune, and none for a bureau: it can be published results only"))
        elif part.kinds and not given and named_tickets((part.grid.name, part.grid.shown, *part.columns.titles)):
            part.leave(msg("figures of the machines' tickets, which are no PVs"))
            part.action = _BESIDE
    for kind in (SIGNATURES, RECORDS, VOTES):
        if not asked.sheets and any(part.grid.table.hidden for part in parts):
            _leave_hidden([part for part in parts if kind in part.kinds])
        _leave_other_rounds([part for part in parts if kind in part.kinds], asked)
        name_by_sheets([part for part in parts if kind in part.kinds])
    for part in parts:
        if not part.kinds and not part.why:
            part.why = why_not(part.table)


def why_not(table: AuditorTable) -> Text:
    """Why a table of bureaux is used as nothing."""
    if without_choices(table):
        return _VOTES_OF_NOBODY
    if not _counts(table):
        return msg("no signatures, votes found or votes by choice in it")
    if table.problems:
        first = next(iter(table.problems))
        values: dict[str, object] = {"row": first.row, "expected": first.expected, "got": first.got}
        return msg("no row of it can be read (row {row}: expected {expected}, got {got})", **values)
    return NOTHING_FILLED_IN


def _counts(table: AuditorTable) -> bool:
    """Test whether a header of a table is that of a count that makes it evidence."""
    counts = {Quantity.SIGNATURES, Quantity.VOTES_FOUND, Quantity.VALID, Quantity.VOTES}
    return not counts.isdisjoint(table.header.at)


_BESIDE = msg(
    "Compare with the tickets the figures that are to be read again; where there are no PVs, give the file with --pv."
)
_VOTES_OF_NOBODY = msg("votes, and no column that says for which choice")


def without_choices(table: AuditorTable) -> bool:
    """Test whether a table has votes, and nothing says for whom: neither a column of choices nor headers."""
    return not table.choices and not table.has("choix") and table.has("votes")


def _leave_hidden(parts: Sequence[TablePart]) -> None:
    """Leave out of tables of one kind the hidden ones, such as drafts, that have bureaux of one that is seen."""
    seen = [(part.places, part.named_round) for part in parts if not part.grid.table.hidden]
    for part in parts:
        if part.grid.table.hidden and any(
            part.places & places and len({part.named_round, number} - {0}) < 2 for places, number in seen
        ):
            part.leave(msg("a hidden sheet, of bureaux that another sheet has as well"))
            part.action = msg("To read it instead: --sheet {name}.", name=cited(part.grid.name))


def _leave_other_rounds(parts: Sequence[TablePart], asked: Asked) -> None:
    """Leave out tables that say another round than this one; of those that only the names of sheets tell, the others.

    Raises:
        SeveralRounds: they are of both rounds, and nobody has said which one is meant.
    """
    for part in parts:
        if asked.round and (said := part.said_round) not in (0, asked.round):
            part.leave_round(said, msg("of round {number}, which --round {number} reads", number=said))
    left = [(part, part.named_round) for part in parts if part.kinds]
    rounds = {number for _, number in left} - {0}
    if not rounds and len(left) == 2:
        _leave_other_table([part for part, _ in left], asked)
    if len(rounds) < 2 or asked.sheets:
        return
    if not asked.round:
        voters = {each: _voters(part for part, number in left if number == each) for each in sorted(rounds)}
        raise SeveralRounds(left[0][0].grid.shown, voters, named=True)
    for part, number in left:
        if number not in (0, asked.round):
            part.leave_round(number, msg("of another round, by its name"))


def _leave_other_table(parts: Sequence[TablePart], asked: Asked) -> None:
    """Leave out that of two tables which is not asked for, where both have the same bureaux and hardly a same count.

    Raises:
        SeveralRounds: nobody has said which one is meant.
    """
    voters = {number: _voters([part]) for number, part in enumerate(parts, 1)}
    if not are_apart(voters[1], voters[2], max(_FEW, len({code for code, _ in voters[1]}) // 2)):
        return
    texts = [part.columns.texts for part in parts]
    places = [{label for name in ("commune", "scrutin") if name in of for label in of[name].labels} for of in texts]
    if places[0] != places[1] or any(map(may_be_commune, (part.grid.sheet for part in parts))):
        return
    if not asked.table:
        raise SeveralRounds(parts[0].grid.shown, voters, named=False)
    parts[2 - asked.table].leave(msg("of the same bureaux as another table, and of another round by its figures"))


def _voters(parts: Iterable[TablePart]) -> Voters:
    """The bureaux and voters in some tables."""
    found: set[tuple[str, int]] = set()
    for part in parts:
        figures = part.columns.figures
        counts = [figures.counts[name].tolist() for name in ("votes_found", "signatures") if name in figures.counts]
        found |= voters_of(texts_of(part.columns.texts["bureau"])[figures.head].tolist(), *counts)
    return frozenset(found)


def name_by_sheets(parts: Sequence[TablePart]) -> None:
    """Give tables of one kind that tell no commune those that their sheets are named after (`by_sheet`)."""
    for part, table in zip(parts, by_sheet([part.table for part in parts]), strict=True):
        if table is not part.table:
            part.table, part.columns = table, columns_of(table)


def use_of(part: TablePart) -> Use:
    """Describe the use of one table."""
    header = part.table.header
    ways = {index for index in header.unread() if is_counting_column(part.table.rows.columns[index])}
    taken = header.taken(part.table.choices, ways)
    if not part.kinds:
        action = part.action or msg('Say which columns they are: --map "…=votes_found".')
        return Use(part.grid.label, (), Used.NONE, part.why, "" if part.why == NOTHING_FILLED_IN else action, taken)
    notes = (
        *([msg("a hidden sheet, read like the others")] if part.grid.table.hidden else []),
        *([msg("the columns of one of several polls")] if part.grid.of_poll else []),
        *part.table.notes,
    )
    together = headers.blank_and_null(header) if PUBLISHED not in part.kinds else None  # in a sum of published results
    left = [index for index in header.unread() if index == together or _is_left(part.table, index)]
    left = [index for index in left if index not in ways]
    why: list[Text] = []
    if left:
        why.append(say_not_understood(list(map(header.shown, left))))
    for index, column in _again(part.table):
        said = msg("« {header} » would be {column} as well", header=header.shown(index), column=field_label(column))
        why.append(said)
    kinds = tuple(TABULATION if kind == RECORDS and part.is_central else kind for kind in part.kinds)
    if not why and not part.table.others:
        return Use(part.grid.label, kinds, Used.WHOLE, columns=taken, notes=notes)
    action = msg("Give each table a sheet or a file of its own.")
    if why:
        name = header.shown([*left, *header.again][0])
        action = msg('If one of them counts: --map "{header}=…"; --columns shows all.', header=name)
    why += part.table.others
    return Use(part.grid.label, kinds, Used.PART, series(why, msg("; ")), action, taken, notes)


def unused_figures(table: AuditorTable) -> tuple[str, ...]:
    """Headers of the columns of figures that nothing is read from, in published results."""
    header = table.header
    together = headers.blank_and_null(header)
    left = [index for index in header.unread() if index != together and _is_left(table, index)]
    columns = [*left, *(index for index, _ in _again(table))]
    return tuple(header.cells[at] for at in columns if any(map(is_figure, table.rows.columns[at].labels)))


def _again(table: AuditorTable) -> Iterator[tuple[int, str]]:
    """Columns of a meaning for which another one was taken, where they say something else; each with the meaning."""
    for index, column in table.header.again.items():
        own = table.header.at[column]
        other = any(a not in ("", b) for a, b in zip(table.written(index), table.written(own), strict=True))
        if other and not _says_the_same(table, index, column):
            yield index, column


def _says_the_same(table: AuditorTable, index: int, column: str) -> bool:
    """Test whether a second column of one meaning is a name beside a code, or of a block of its own."""
    if column in _NAMED_AS_WELL or index in table.choices or index in _naming(table):
        return True
    if column != "bureau":
        return False
    own = table.header.at["bureau"]
    pairs = [pair for pair in zip(table.written(index), table.written(own), strict=True) if pair[0]]
    # the commune's code is ahead in one of the two
    behind = all(cell and code and (cell.endswith(code) or code.endswith(cell)) for cell, code in pairs)
    return behind or all(_WORDS.search(cell) for cell, _ in pairs)


def _naming(table: AuditorTable) -> set[int]:
    return {index for columns in table.names.values() for index in columns}


def _is_left(table: AuditorTable, index: int) -> bool:
    """Test whether a column has something in it, and nobody knows what it is."""
    header = table.header.cells[index]
    if index in _naming(table) or (table.above and key(header) in wordings().kinds[LEVELS]):
        return False
    if index in table.choices or index in table.header.again or headers.is_other(header) or is_stated(header):
        return False
    return any(map(str.strip, table.rows.columns[index].labels))


def sheets_of_parts(
    parts: Sequence[TablePart],
    given: Collection[str],
    shown: str,
    size: int,
    uses: Sequence[Use],
    wrong: Sequence[InputError],
) -> GivenSheets:
    """The sheets of all tables that are used, by kind, one below the other; what lacks in them is a problem."""
    used = [part for part in parts if part.kinds]
    sheets: dict[str, Sheet] = {}
    for table in (night.SIGNATURES, night.RECORDS, night.VOTES):
        of_kind = [part for part in used if table.kind in part.kinds]
        share = size * 8 // max(len(of_kind), 1)
        first = [next((kind for kind in part.kinds if kind in given), part.kinds[0]) for part in of_kind]
        read = [
            sheet_of(part.columns, table, part.piece, share, is_first=table.kind == kind)
            for part, kind in zip(of_kind, first, strict=True)
        ]
        if read:
            sheets[table.kind] = whole = join_sheets(read)
            if any(part.grid.of_poll for part in of_kind):  # those of one table are one piece
                pieces = np.array([whole.pieces.index(each) for each in whole.pieces], np.int64)
                sheets[table.kind] = replace(whole, piece=pieces[whole.piece_of])
    problems = Problems(shown, (problem for part in used for problem in part.columns.problems))
    problems.more = sum(part.columns.problems.more for part in used)
    if not sheets:
        if all(part.why == NOTHING_FILLED_IN for part in parts) and not any(part.columns.problems for part in parts):
            return GivenSheets({}, (), tuple(uses))
        told = [part for part in parts if not part.is_left and not (_counts(part.table) and part.table.problems)]
        lacking = [lacks(part.table, kind) for kind in given or (RECORDS,) for part in told]
        left = [part for part in parts if part.is_left]
        lacking += [wrong_file(part.table.shown, msg("a table of this round"), part.why) for part in left]
        own = [problem for part in parts for problem in part.columns.problems]
        raise NotUnderstood([*lacking, *own, *wrong], uses)
    missing = [kind for kind in given if kind not in sheets]
    problems += [lacks(used[0].table, kind) for kind in missing if not _is_empty(parts, kind)]
    if RECORDS in sheets and RECORDS in given and (sheets[RECORDS].counts["votes_found"] == MISSING).all():
        record = next(part.table for part in used if RECORDS in part.kinds)
        expected = msg("columns such as {columns}", columns=headers.example("votes_found"))
        problems.append(ColumnMissing(shown, record.header_row, Quantity.VOTES_FOUND.column, expected, seen(record)))
    return GivenSheets(sheets, problems.all(), tuple(uses))


def _is_empty(parts: Sequence[TablePart], kind: str) -> bool:
    """Test whether a table has the headers of a kind, and nothing below them."""
    return any(part.why == NOTHING_FILLED_IN and set(NEEDS[kind]) & part.table.header.at.keys() for part in parts)


def lacks(table: AuditorTable, kind: str) -> InputError:
    """Say what a table lacks to be of a kind."""
    if without_choices(table):
        wanted_choices = msg("a column such as {column}, or one for each choice", column=headers.example("choix"))
        return InputError(table.shown, table.header_row, table.name("votes"), wanted_choices, _VOTES_OF_NOBODY)
    return ColumnMissing(table.shown, table.header_row, column_of(NEEDS[kind][0]), list_columns(kind), seen(table))


def seen(table: AuditorTable) -> str:
    """The headers of a table, for a message."""
    return " | ".join(filled_in(table.header.cells))[:200]
