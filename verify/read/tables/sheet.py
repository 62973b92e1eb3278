"""Sign-in counts and PVs as auditors have them, turned into the same sheets that a night's own files give.

CSV, xlsx or xls; a row a bureau or a row a choice; a column a choice or none; headers in many wordings; a city's feed
that carries both counts. `parse` takes any of these, sheet by sheet, each for what it is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import islice

import numpy as np

from protocol.errors import InputError
from protocol.opening import OpenedFile
from protocol.quantities import column_of
from protocol.words import msg, series
from verify.model.figures import Texts
from verify.model.published import Level, Published
from verify.model.use import Use, Used
from verify.read.counts import parse_count
from verify.read.layouts.built_in import known_layouts, layout_label
from verify.read.published.registry import read_table
from verify.read.sheet import has_both_counts, sheets_of, texts_of
from verify.read.tables import polls
from verify.read.tables import table as auditor_table
from verify.read.tables.asked import NOTHING_ASKED, Asked
from verify.read.tables.columns import columns_of
from verify.read.tables.forms import form_of, refuse_stacked
from verify.read.tables.grid import Grid, grids_of
from verify.read.tables.kinds import PUBLISHED, RECORDS, SIGNATURES, named_sign_ins
from verify.read.tables.parts import (
    NEEDS,
    GivenSheets,
    NotUnderstood,
    TablePart,
    decide,
    list_columns,
    sheets_of_parts,
    use_of,
)
from verify.read.tables.table import AuditorTable

GENERIC = frozenset(layout.name for layout in known_layouts() if layout.generic)
"""Layouts that are told by headers which any table may have: read as such only where its headers say no more."""
NOT_ASKED = msg("not asked for: --sheet")
"""Why a sheet is not used that the user did not name."""


def parse(
    file: OpenedFile,
    given: Collection[str],
    name: str | None = None,
    known: Sequence[str] = (),
    asked: Asked = NOTHING_ASKED,
) -> GivenSheets:
    """Read one file of an auditor, each of its sheets for what it is.

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
    grids, size = polls.apart(grids_of(file, shown, asked)), len(file.data)
    parts, uses, errors = understand(grids, given, known, asked)
    wrong = list(errors.values())
    looked = [grid for index, grid in enumerate(grids) if index in parts or index in uses]
    feeds = list(islice(_feeds(looked, parts), 2))
    if feeds:
        return _of_feed(feeds, given, shown, uses)
    if not parts:
        if asked.sheets and all(use.why == NOT_ASKED for use in uses.values()):
            wrong = [_no_such_sheet(shown, grids, asked)]
        raise NotUnderstood(wrong, list(uses.values()))
    decide(list(parts.values()), given, asked, known)
    uses |= {index: use_of(part) for index, part in parts.items()}
    return sheets_of_parts(list(parts.values()), given, shown, size, [uses[index] for index in sorted(uses)], wrong)


def understand(
    grids: Sequence[Grid], given: Collection[str], known: Sequence[str], asked: Asked
) -> tuple[dict[int, TablePart], dict[int, Use], dict[int, InputError]]:
    """The tables in some grids; what becomes of the others, and what is wrong with them; each by index."""
    uses: dict[int, Use] = {}
    parts: dict[int, TablePart] = {}
    wrong: dict[int, InputError] = {}
    for index, grid in enumerate(grids):
        if grid.name and not asked.wants(grid.name):
            uses[index] = Use(grid.name, (), Used.NONE, NOT_ASKED)
            continue
        found = _table_in(grid, signatures=_is_sign_ins(grid, given), known=known)
        if isinstance(found, AuditorTable):
            parts[index] = TablePart(grid, found, columns_of(found, known))
        else:
            wrong[index] = found
            uses[index] = _not_understood(grid, found)
    return parts, uses, wrong


def _table_in(grid: Grid, *, signatures: bool, known: Sequence[str]) -> AuditorTable | InputError:
    """The table in a grid, or what is wrong with it; a form with its figures on the right is a table of one row."""
    found = auditor_table.find_table(grid, signatures=signatures, known=known)
    if isinstance(found, InputError) or any(parse_count(cell) >= 0 for cell in found.header.cells):
        form = form_of(grid)
        as_table = found if form is None else auditor_table.find_table(form, signatures=signatures, known=known)
        if isinstance(as_table, AuditorTable):
            return as_table
        return found if isinstance(found, AuditorTable) else refuse_stacked(grid) or found
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


def _no_such_sheet(shown: str, grids: Sequence[Grid], asked: Asked) -> InputError:
    expected = msg("a sheet « {sheet} » (--sheet)", sheet=series(asked.sheets))
    return InputError(shown, None, None, expected, series(grid.name for grid in grids))


def _feeds(grids: Sequence[Grid], parts: dict[int, TablePart]) -> Iterator[Published]:
    """Published results by bureau that the file is, of a layout that says more than its headers do."""
    both = any(part.table.has("signatures") and part.table.has("votes_found") for part in parts.values())
    return (feed for feed in _of_layouts(grids, bool(parts)) if not both or has_both_counts(feed))


def _of_layouts(grids: Sequence[Grid], understood: bool) -> Iterator[Published]:
    """The results by bureau of tables of known layouts; where they are ``understood``, of those that say more."""
    for grid in grids:
        found = read_table(grid.table, skipped=GENERIC if understood else frozenset()) or ()
        yield from (each for each in found if each.level is Level.BUREAU and len(each.row))


def bureaux(file: OpenedFile) -> dict[str, Texts]:
    """The bureaux that a table or published results name, as columns of text; rows of totals are left out.

    Raises:
        InputError: the file is damaged, or no table in it names bureaux.
    """
    grids = polls.apart(grids_of(file, str(file.path)))
    understood = [auditor_table.find_table(grid, signatures=False, known=()) for grid in grids]
    tables = [table for table in understood if isinstance(table, AuditorTable)]
    if (feed := next(_of_layouts(grids, bool(tables)), None)) is not None:
        return texts_of(feed)
    if not tables:
        raise NotUnderstood([error for error in understood if isinstance(error, InputError)])
    columns = columns_of(tables[0], ())
    rows = [row for row in columns.bureaux if row not in columns.totals]
    return {column: np.array([cells[row] for row in rows], np.str_) for column, cells in columns.texts.items()}


def _of_feed(feeds: list[Published], given: Collection[str], shown: str, uses: dict[int, Use]) -> GivenSheets:
    """The first of some results; those behind it are said, and not read."""
    feed = feeds[0]
    problems = [problem.in_file(shown + problem.file.removeprefix(feed.file)) for problem in feed.problems]
    if len(feeds) > 1:
        got = msg("several; the first is used")
        problems.append(InputError(shown, None, None, msg("one table of bureaux"), got))
    sheets = sheets_of(feed, shown)
    if SIGNATURES not in given and RECORDS in sheets:  # a PV's own count serves where no sign-in list was given
        sheets.pop(SIGNATURES, None)
    lacks = [kind for kind in given if kind not in sheets]
    if lacks and len(lacks) == len(given):
        got = msg("published results ({layout})", layout=layout_label(feed.layout))
        raise NotUnderstood(
            [InputError(shown, 1, column_of(NEEDS[lacks[0]][0]), list_columns(lacks[0]), got), *problems]
        )
    note = layout_label(feed.layout, feed.title)
    left = [use for use in uses.values() if use.sheet]
    return GivenSheets(sheets, tuple(problems), (Use("", tuple(sheets), Used.WHOLE, notes=(note,)), *left))
