"""Sign-in counts and PVs as auditors have them, turned into the same sheets that a night's own files give.

CSV, xlsx or xls; a row a bureau or a row a choice; a column a choice or none; headers in many wordings; a city's feed
that carries both counts. `parse` takes any of these, sheet by sheet, each for what it is.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from protocol import night
from protocol.errors import InputError
from protocol.opening import OpenedFile
from protocol.quantities import Quantity, column_of
from protocol.words import Message, Text, msg, nmsg, series
from verify.model.field_names import field_label
from verify.model.figures import MISSING, Texts
from verify.model.layouts import layout_label
from verify.model.published import Published
from verify.model.use import NOTHING_FILLED_IN, ColumnMissing, Use, Used
from verify.read.published import city_nantes, city_tidy, researchers
from verify.read.rows import Problems
from verify.read.sheet import Sheet, joined
from verify.read.tables import headers
from verify.read.tables import table as auditor_table
from verify.read.tables.asked import NOTHING_ASKED, Asked
from verify.read.tables.below import sheet_of
from verify.read.tables.city_feed import has_both_counts, sheets_of, texts_of
from verify.read.tables.columns import TableColumns, columns_of
from verify.read.tables.grid import Grid, grids_of
from verify.read.tables.kinds import RECORDS, SIGNATURES, VOTES, kinds_of, named_sign_ins, round_of
from verify.read.tables.table import AuditorTable

_GENERIC = frozenset((city_tidy.NAME, researchers.NAME, city_nantes.NAME))
"""Layouts that are told by headers which any table may have: read as such only where its headers say no more."""
_NEEDS: dict[str, tuple[str, ...]] = {
    SIGNATURES: ("signatures",),
    RECORDS: ("signatures", "votes_found", "valid"),
    VOTES: ("votes",),
}
"""Columns of which a table must have one, to be of each kind."""
_NO_COMMUNE = re.compile(
    r"\s*(?:$|feuil|sheet|tableau|table|onglet|page|pv\b|tour\b|[0-9]|t[12]\b|scrutin|émarg|emarg|bureau|bv\b|vot|recap)",
    re.IGNORECASE,
)
"""Names of sheets that are no names of communes."""
_SOME = 5
"""Columns that are named where several are not understood."""


@dataclass(frozen=True, slots=True)
class GivenSheets:
    """What one file holds.

    Attributes:
        sheets: by name of the night's file that it stands for: sign-ins, PVs, votes by choice. None where a table has
            the headers and nothing was filled in below them: that is no evidence yet, and not wrong.
        problems: everything that could not be read, of all its tables that are used.
        uses: what became of each of its tables.
    """

    sheets: dict[str, Sheet]
    problems: tuple[InputError, ...]
    uses: tuple[Use, ...]


class NotUnderstood(InputError):
    """A file without what its kind of evidence needs; ``problems`` has all that is wrong with it."""

    def __init__(self, problems: Sequence[InputError], uses: Sequence[Use] = ()) -> None:
        first = problems[0]
        super().__init__(first.file, first.row, first.column, first.expected, first.got)
        self.problems = tuple(problems)
        self.uses = tuple(uses)


@dataclass(slots=True)
class _Part:
    """One table of a file, and what it is used as so far."""

    grid: Grid
    table: AuditorTable
    columns: TableColumns
    kinds: tuple[str, ...] = ()
    why: Text = ""


def parse(
    file: OpenedFile,
    given: Collection[str],
    name: str | None = None,
    known: Sequence[str] = (),
    asked: Asked = NOTHING_ASKED,
) -> GivenSheets:
    """What one file of an auditor holds, each of its sheets taken for what it is.

    Args:
        file: the file.
        given: what it was given as: names of the night's files for sign-ins, PVs or votes by choice; none for whatever
            it is.
        name: the name to show; by default the path as given.
        known: the choices by the préfecture's list, empty where there is none.
        asked: what the user says of columns and sheets.

    Raises:
        InputError: the file is damaged, or larger than its bounds when unpacked.
        NotUnderstood: nothing in it is what it was given as.
    """
    shown = str(file.path) if name is None else name
    grids, size = grids_of(file, shown, asked), len(file.data)
    uses: dict[int, Use] = {}
    parts: dict[int, _Part] = {}
    wrong: list[InputError] = []
    for index, grid in enumerate(grids):
        if grid.name and not asked.wants(grid.name):
            uses[index] = Use(grid.name, (), Used.NONE, msg("not asked for: --sheet"))
            continue
        found = auditor_table.found(grid, signatures=_is_sign_ins(grid, given), known=known)
        if isinstance(found, AuditorTable):
            parts[index] = _Part(grid, found, columns_of(found, known))
        else:
            wrong.append(found)
            uses[index] = _not_understood(grid, found)
    feeds = _feeds([grid for index, grid in enumerate(grids) if index in parts or index in uses], parts)
    if feeds:
        return _of_feed(feeds, given, shown, uses)
    if not parts:
        if asked.sheets and all(use.why == msg("not asked for: --sheet") for use in uses.values()):
            wrong = [_no_such_sheet(shown, grids, asked)]
        raise NotUnderstood(wrong, list(uses.values()))
    _decide(list(parts.values()), given, asked, known)
    uses |= {index: _use(part) for index, part in parts.items()}
    return _of_parts(list(parts.values()), given, shown, size, [uses[index] for index in sorted(uses)], wrong)


def _is_sign_ins(grid: Grid, given: Collection[str]) -> bool:
    """Whether « Votants » alone are signatures in a table."""
    return set(given) == {SIGNATURES} or (RECORDS not in given and named_sign_ins(grid.name or grid.shown))


def _not_understood(grid: Grid, error: InputError) -> Use:
    why = msg("expected {expected}, got {got}", expected=error.expected, got=error.got)
    return Use(grid.sheet, (), Used.NONE, why)


def _no_such_sheet(shown: str, grids: Sequence[Grid], asked: Asked) -> InputError:
    expected = msg("a sheet « {sheet} » (--sheet)", sheet=series(asked.sheets))
    return InputError(shown, None, None, expected, series(grid.name for grid in grids))


def _feeds(grids: Sequence[Grid], parts: dict[int, _Part]) -> list[Published]:
    """Published results by bureau that the file is, of a layout that says more than its headers do."""
    both = any(part.table.has("signatures") and part.table.has("votes_found") for part in parts.values())
    feeds = [feed for grid in grids for feed in grid.feed(_GENERIC if parts else frozenset())]
    return [feed for feed in feeds if not both or has_both_counts(feed)]


def bureaux(file: OpenedFile) -> dict[str, Texts]:
    """The bureaux that a table or published results name, as columns of text; rows of totals are left out.

    Raises:
        InputError: the file is damaged, or no table in it names bureaux.
    """
    grids = grids_of(file, str(file.path))
    understood = [auditor_table.found(grid, signatures=False, known=()) for grid in grids]
    tables = [table for table in understood if isinstance(table, AuditorTable)]
    feeds = [feed for grid in grids for feed in grid.feed(_GENERIC if tables else frozenset())]
    if feeds:
        return texts_of(feeds[0])
    if not tables:
        raise NotUnderstood([error for error in understood if isinstance(error, InputError)])
    columns = columns_of(tables[0], ())
    rows = [row for row in columns.bureaux if row not in columns.totals]
    return {column: np.array([cells[row] for row in rows], np.str_) for column, cells in columns.texts.items()}


def _of_feed(feeds: list[Published], given: Collection[str], shown: str, uses: dict[int, Use]) -> GivenSheets:
    feed = feeds[0]
    problems = [
        InputError(shown + p.file.removeprefix(feed.file), p.row, p.column, p.expected, p.got) for p in feed.problems
    ]
    if len(feeds) > 1:
        got = msg("{feeds} of them; the first is used", feeds=len(feeds))
        problems.append(InputError(shown, None, None, msg("one table of bureaux"), got))
    sheets = sheets_of(feed, shown)
    if SIGNATURES not in given and RECORDS in sheets:  # a PV's own count serves where no sign-in list was given
        sheets.pop(SIGNATURES, None)
    lacks = [kind for kind in given if kind not in sheets]
    if lacks and len(lacks) == len(given):
        got = msg("published results ({layout})", layout=layout_label(feed.layout))
        raise NotUnderstood([InputError(shown, 1, column_of(_NEEDS[lacks[0]][0]), _wanted(lacks[0]), got), *problems])
    note = layout_label(feed.layout, feed.title)
    left = [use for use in uses.values() if use.sheet]
    return GivenSheets(sheets, tuple(problems), (Use("", tuple(sheets), Used.WHOLE, notes=(note,)), *left))


def _wanted(kind: str) -> Message:
    return msg(
        "columns such as {columns}", columns=series(headers.example(column) for column in ("bureau", *_NEEDS[kind]))
    )


def _decide(parts: Sequence[_Part], given: Collection[str], asked: Asked, known: Sequence[str]) -> None:
    """Say of each table what it is used as, and why it is not."""
    for part, kinds in zip(parts, kinds_of([part.columns for part in parts], given), strict=True):
        part.kinds = kinds
    for kind in (SIGNATURES, RECORDS, VOTES):
        _leave_other_rounds([part for part in parts if kind in part.kinds], asked)
        _by_sheet([part for part in parts if kind in part.kinds], known)
    for part in parts:
        if not part.kinds and not part.why:
            filled = {
                Quantity.SIGNATURES,
                Quantity.VOTES_FOUND,
                Quantity.VALID,
                Quantity.VOTES,
            } & part.table.header.at.keys()
            part.why = NOTHING_FILLED_IN if filled else msg("no signatures, votes found or votes by choice in it")


def _leave_other_rounds(parts: Sequence[_Part], asked: Asked) -> None:
    """Of sheets that are named after different rounds, leave out those that are not of this one, else of the first."""
    rounds = {round_of(part.grid.name) for part in parts} - {None}
    wanted = asked.round if asked.round in rounds else min((each for each in rounds if each), default=None)
    if len(rounds) > 1 and not asked.sheets:
        for part in parts:
            if round_of(part.grid.name) not in (None, wanted):
                part.kinds, part.why = (), msg("of another round, by its name")


def _by_sheet(parts: Sequence[_Part], known: Sequence[str]) -> None:
    """`by_sheet` for tables of one kind."""
    for part, table in zip(parts, by_sheet([part.table for part in parts]), strict=True):
        if table is not part.table:
            part.table, part.columns = table, columns_of(table, known)


def by_sheet(tables: Sequence[AuditorTable]) -> list[AuditorTable]:
    """Tables that tell no commune and have the same bureaux: one commune a sheet, as the sheets are named."""
    silent = [table for table in tables if not table.says_where]
    codes = [set(table.codes()) - {""} for table in silent]
    same = len({frozenset(table.header.at) for table in silent}) == 1  # else of the same bureaux, and something more
    alike = same and sum(map(len, codes)) > len(set().union(*codes))
    if not alike or any(_NO_COMMUNE.match(table.grid.sheet) for table in silent):
        return list(tables)
    return [table if table.says_where else table.of_communes([table.grid.sheet] * len(table.rows)) for table in tables]


def _use(part: _Part) -> Use:
    """What became of one table."""
    header, taken = part.table.header, part.table.header.taken(part.table.choices)
    if not part.kinds:
        action = msg('Say which columns they are: --map "…=votes_found".')
        return Use(part.grid.sheet, (), Used.NONE, part.why, "" if part.why == NOTHING_FILLED_IN else action, taken)
    left = [index for index in header.unread() if _is_left(part.table, index)]
    why: list[Text] = []
    if left:
        names = [msg("« {header} »", header=header.cells[index].strip()[:80]) for index in left]
        some = series([*names[:_SOME], "…"] if names[_SOME:] else names)
        why.append(
            nmsg(
                "{count:n} column not understood: {some}",
                "{count:n} columns not understood: {some}",
                len(left),
                some=some,
            )
        )
    for index, column in header.again.items():
        if any(row[index].strip() not in ("", row[header.at[column]].strip()) for row in part.table.rows):
            name = header.cells[index].strip()[:80]
            why.append(msg("« {header} » would be {column} as well", header=name, column=field_label(column)))
    if not why:
        return Use(part.grid.sheet, part.kinds, Used.WHOLE, columns=taken, notes=part.table.notes)
    name = header.cells[[*left, *header.again][0]].strip()[:80]
    action = msg('If one of them counts: --map "{header}=…"; --columns shows all.', header=name)
    return Use(part.grid.sheet, part.kinds, Used.PART, series(why, msg("; ")), action, taken, part.table.notes)


def _is_left(table: AuditorTable, index: int) -> bool:
    """Whether a column has something in it, and nobody knows what it is."""
    header = table.header.cells[index]
    if index in table.choices or index in table.header.again or headers.is_other(header):
        return False
    return any(row[index].strip() for row in table.rows)


def _of_parts(
    parts: Sequence[_Part],
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
        of_kind = [part for part in used if table.file in part.kinds]
        share = size * 8 // max(len(of_kind), 1)
        read = [
            sheet_of(part.columns, table, shown, part.grid.sheet, share, totals=_first(part.kinds, given) == table.file)
            for part in of_kind
        ]
        if read:
            sheets[table.file] = joined(read)
    problems = Problems(problem for part in used for problem in part.columns.problems)
    problems.more = sum(part.columns.problems.more for part in used)
    if not sheets:
        if all(part.why == NOTHING_FILLED_IN for part in parts) and not any(part.columns.problems for part in parts):
            return GivenSheets({}, (), tuple(uses))
        lacking = [_lacks(part.table, kind) for kind in given or (RECORDS,) for part in parts]
        own = [problem for part in parts for problem in part.columns.problems]
        raise NotUnderstood([*lacking, *own, *wrong], uses)
    missing = [kind for kind in given if kind not in sheets]
    problems += [_lacks(used[0].table, kind) for kind in missing if not _is_empty(parts, kind)]
    if RECORDS in sheets and RECORDS in given and (sheets[RECORDS].counts["votes_found"] == MISSING).all():
        record = next(part.table for part in used if RECORDS in part.kinds)
        expected = msg("columns such as {columns}", columns=headers.example("votes_found"))
        problems.append(ColumnMissing(shown, record.header_row, Quantity.VOTES_FOUND.column, expected, _seen(record)))
    return GivenSheets(sheets, problems.all(), tuple(uses))


def _first(kinds: Sequence[str], given: Collection[str]) -> str:
    """The kind that the rows of totals of a table are of: what it was given as, else the first that it is."""
    return next((kind for kind in kinds if kind in given), kinds[0])


def _is_empty(parts: Sequence[_Part], kind: str) -> bool:
    """Whether a table has the headers of a kind, and nothing below them."""
    return any(part.why == NOTHING_FILLED_IN and set(_NEEDS[kind]) & part.table.header.at.keys() for part in parts)


def _lacks(table: AuditorTable, kind: str) -> InputError:
    return ColumnMissing(table.shown, table.header_row, column_of(_NEEDS[kind][0]), _wanted(kind), _seen(table))


def _seen(table: AuditorTable) -> str:
    return " | ".join(cell.strip() for cell in table.header.cells if cell.strip())[:200]
