"""A file of any name in a folder: each of its tables is read for what it is, by its columns.

Official lists by the columns of a night's own; published results by their layout, or because they call themselves so;
everything else as the tables of auditors, PVs, sign-in counts and votes.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from protocol import night
from protocol.errors import InputError
from protocol.night import NightTable
from protocol.opening import OpenedFile
from protocol.words import Text, msg
from verify.model.published import Published
from verify.model.use import MEMBER, Use, Used
from verify.read.disguised import refuse_disguised
from verify.read.feed.elements import is_xml
from verify.read.layouts.built_in import layout_label
from verify.read.layouts.language import Layout
from verify.read.published import registry
from verify.read.published.source import SourceTable, unpack
from verify.read.sheet import Sheet, join_sheets, sheet_of_rows
from verify.read.tables import as_published, headers, polls
from verify.read.tables.asked import Asked
from verify.read.tables.grid import Grid, grids_of
from verify.read.tables.kinds import PUBLISHED, RECORDS
from verify.read.tables.parts import GivenSheets, NotUnderstood, TablePart, decide, sheets_of_parts, use_of
from verify.read.tables.sheet import GENERIC, understand

INSTEAD = msg("another was given in its place")
"""Why evidence of a folder is not used that an option gives as well."""
_LISTS = (night.UNIVERSE, night.CHOICES)
_COUNTED = (night.VOTES, night.RECORDS, night.SIGNATURES)
"""Tables of counts, those first that have the columns of the next as well."""
_RESULTS = re.compile(r"publi|r[eé]sultat|results?\b|affich", re.IGNORECASE)
_PUBLISHED = re.compile(r"publi|affich", re.IGNORECASE)
"""Names of files that can be published results only, though a PV may hold results as well."""
_TAR = re.compile(r"\.(?:tar(?:\.gz)?|tgz)$", re.IGNORECASE)
_OF_A_BUREAU = ("signatures", "observations", "ouverture", "cloture")
"""Columns that a PV has and published results have not."""


def sort_out(
    file: OpenedFile, shown: str, known: Sequence[str], asked: Asked, barred: Collection[str] = ()
) -> GivenSheets:
    """Read every table of a file for what it is: as a sheet of a night by its kind, or as published results.

    Args:
        file: the file.
        shown: its name.
        known: the choices by the préfecture's list, empty where there is none.
        asked: what the user says of columns and sheets.
        barred: kinds of evidence that were given by an option, and are not taken from this file.

    Raises:
        InputError: it is damaged, or larger than its bounds when unpacked.
        NotUnderstood: there is nothing in it that is read; its ``uses`` have each table with the reason.
        UnknownLayout: it is XML, and no feed of the ministry's.
    """
    refuse_disguised(file.data, shown)
    packed = file.data.startswith(b"PK") or _TAR.search(file.path.name) is not None
    if is_xml(file.data) or (packed and is_xml(next(unpack(file)).data)):
        feed = registry.parse_all(file)
        return GivenSheets({}, (), _uses_of(feed, "", barred), published=() if PUBLISHED in barred else tuple(feed))
    layouts = _Layouts(file, asked.layout)
    grids = grids_of(file, shown, asked, layouts.take)
    uses = [use for label, found in layouts.found for use in _uses_of(found, label, barred)]
    lists: dict[str, list[Sheet]] = {}
    others: list[Grid] = []
    for grid in grids:
        table = _own_form(grid, asked)
        if table is None:
            others.append(grid)
            continue
        uses.append(_use((table.kind,), grid.label, "", barred))
        if table.kind not in barred:
            lists.setdefault(table.kind, []).append(sheet_of_rows(grid.kept, table, grid.shown, grid.table.size))
    parts, left, errors = understand(polls.apart(others), (), known, asked)
    tables, wrong = list(parts.values()), list(errors.values())
    decide(tables, (), asked, known)
    results = [part for part in tables if _is_results(part, barred)]
    named = [found for part in results for found in as_published.results_of(file, part)]
    uses += [use_of(replace(part, kinds=(PUBLISHED,))) for part in results]
    tables = [part for part in tables if part not in results]
    for part in tables:
        _bar(part, barred)
    uses += [*(use_of(part) for part in tables), *left.values()]
    published = () if PUBLISHED in barred else (*(one for _, found in layouts.found for one in found), *named)
    sheets = {kind: join_sheets(several) for kind, several in lists.items()}
    if not any(part.kinds for part in tables):
        if not published and not sheets and not any(use.kinds for use in uses):
            raise NotUnderstood(wrong or [_nothing(shown)], uses)
        return GivenSheets(sheets, (), tuple(uses), published=published)
    given = sheets_of_parts(tables, (), shown, len(file.data), uses, wrong)
    return replace(given, sheets={**sheets, **given.sheets}, published=published)


class _Layouts:
    """Tables that are of a layout of published results, with the names that tell them apart."""

    def __init__(self, file: OpenedFile, first: Layout | None) -> None:
        self.found: list[tuple[str, list[Published]]] = []
        self._readers = (*(registry.readers_of(first) if first is not None else ()), *registry.LAYOUTS)
        self._file, self._full = file, False

    def take(self, table: SourceTable) -> bool:
        """Read a table if it is of a known layout, and say whether it was."""
        skipped = GENERIC if _is_of_bureaux(table) else frozenset()
        if self._full or (found := registry.read_table(table, self._readers, skipped)) is None:
            return False
        member = table.file.removeprefix(str(self._file.path)).removeprefix(MEMBER)
        self.found.append((" ".join(filter(None, (member, table.title if table.trimmed else ""))), found))
        everything = [one for _, results in self.found for one in results]
        self._full = registry.is_too_much(everything, len(self._file.data))
        return True


def _is_of_bureaux(table: SourceTable) -> bool:
    """Test whether a table has columns that only PVs and sign-in lists have."""
    at = headers.read(table.head[0] if table.head else (), signatures=False).at
    return any(column in at for column in _OF_A_BUREAU)


def _is_results(part: TablePart, barred: Collection[str]) -> bool:
    """Test whether a table calls itself published results, and has nothing that only a PV has.

    Signatures are published as well: beside PVs that were given, or in a file called published, they make no PV.
    """
    name = part.grid.name or part.grid.member or part.grid.shown
    named = _RESULTS.search(name) is not None
    only = _OF_A_BUREAU[1:] if RECORDS in barred or _PUBLISHED.search(name) else _OF_A_BUREAU
    counted = RECORDS not in barred and any(headers.hour_of(cell) is not None for cell in part.table.header.cells)
    return named and RECORDS in part.kinds and not (counted or any(part.table.has(column) for column in only))


def _own_form(grid: Grid, asked: Asked) -> NightTable | None:
    """The table of a night that a grid is, by its columns: official lists of any kind, counts that regard can write.

    Those are read as under their own names: a column of remarks that is empty says that there are none.
    """
    header = [cell.strip() for cell in grid.rows[0]] if grid.rows else []
    tables: tuple[NightTable, ...] = _LISTS if grid.padded or asked.columns else (*_LISTS, *_COUNTED)
    for table in tables:
        known = {column.name for column in (*table.columns, *table.further)}
        needed = {column.name for column in table.columns if column.required}
        if needed <= set(header) and (table in _LISTS or set(header) <= known):
            return table
    return None


def _uses_of(found: Sequence[Published], label: str, barred: Collection[str]) -> tuple[Use, ...]:
    notes = dict.fromkeys((each.layout, each.title) for each in found)
    return tuple(_use((PUBLISHED,), label, layout_label(*note), barred) for note in notes)


def _use(kinds: tuple[str, ...], label: str, note: Text, barred: Collection[str]) -> Use:
    """The use of a whole table as one kind of evidence, unless an option gives that kind."""
    if kinds[0] in barred:
        return Use(label, (), Used.NONE, INSTEAD)
    return Use(label, kinds, Used.WHOLE, notes=(note,) if note else ())


def _bar(part: TablePart, barred: Collection[str]) -> None:
    """Take from a table what an option gives as well."""
    kinds = tuple(kind for kind in part.kinds if kind not in barred)
    if part.kinds and not kinds:
        part.why = INSTEAD
    part.kinds = kinds


def _nothing(shown: str) -> InputError:
    return InputError(shown, None, None, msg("a table of bureaux"), msg("none"))
