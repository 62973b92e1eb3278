"""The tables: PVs, sign-in counts, votes by choice, official lists, documents of the way up."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from protocol import night
from protocol.errors import InputError
from protocol.evidence_kinds import EvidenceKind
from protocol.night import NightTable, has_entry_columns
from protocol.opening import OpenedFile
from protocol.transmission import CORRECTIONS, FOLDER, StepUp, choices_of, step_table, sums_table
from protocol.words import msg
from verify.align.files import GivenSheet
from verify.inputs import MOST
from verify.loading.opened import OpenedNight, Taking
from verify.model.evidence import Sources
from verify.model.use import Taken, Use, Used, archive_of, say_not_understood
from verify.read.sheet import Sheet, join_sheets, parse_sheet
from verify.read.tables.kinds import KINDS, says_more

if TYPE_CHECKING:
    from verify.read.tables.parts import GivenSheets


_TABLES = (night.UNIVERSE, night.CHOICES, night.SIGNATURES, night.RECORDS, night.VOTES, night.TABULATION)
_OF_KIND = {table.kind: table for table in _TABLES}
_FURTHER = ("emargements_", "circonscription_")
"""Beginnings of further columns of a file of a night."""


class NightTables:
    """All tables that were read, by name of the night's file, in the order in which they count.

    Args:
        opened: all files that were looked at.
        sources: what was given.
    """

    def __init__(self, opened: OpenedNight, sources: Sources) -> None:
        self._opened, self._sources = opened, sources
        self._sheets: list[GivenSheet] = []

    def sheets(self) -> dict[str, Sheet]:
        """Sheets given as each kind, with sheets of other files below."""
        found = {table.kind: [sheet for kind, sheet, _ in self._in_order() if kind == table.kind] for table in _TABLES}
        return {kind: join_sheets(sheets) for kind, sheets in found.items() if sheets}

    def counted(self) -> list[GivenSheet]:
        """PVs, sign-in counts and votes, those first that were given as such or have a night's name."""
        return [each for each in self._in_order() if each.kind in KINDS]

    def _in_order(self) -> list[GivenSheet]:
        return sorted(self._sheets, key=lambda each: (not each.given, each.kind))

    def name_towns(self, towns: Mapping[int, str]) -> dict[str, str]:
        """Give tables the communes that they are of, by their ids; gives those of their files."""
        files = {}
        for at, (kind, sheet, given) in enumerate(self._sheets):
            if kind in KINDS and (town := towns.get(id(sheet))):
                files[archive_of(sheet.pieces[0].file)] = town
                self._sheets[at] = GivenSheet(kind, sheet.with_texts("commune", np.full(len(sheet), town)), given)
        return files

    def leave(self, files: Collection[str]) -> None:
        """Take out what some files have."""
        self._sheets = [each for each in self._sheets if archive_of(each.sheet.pieces[0].file) not in files]

    def read(self) -> None:
        """Read those that were given, and those that have a night's name in its folder."""
        folder = self._sources.folder
        given: dict[Path, list[NightTable]] = {}
        for kind, paths in self._given().items():
            for path in paths:
                given.setdefault(_same(path, given), []).append(_OF_KIND[kind])
        named = {table.file for tables in given.values() for table in tables}
        for table in _TABLES:
            for path, tables in given.items():
                if tables[0] is table:
                    self._opened.read(table.kind, path, None, partial(self._take, tables))
            if folder is not None and table.file not in named:
                self._opened.read_found(table.kind, folder / table.file, partial(self._take, [table]))

    def check_asked(self) -> None:
        """Name each column that the user said something of, and that no table has."""
        if not self._opened.asked.columns:
            return
        from verify.read.tables.headers import key

        seen: set[str] = set()
        for each in self._opened.inputs:
            found = [column.header for use in each.sheets for column in use.columns]
            if not has_entry_columns(Path(each.path).name, found):
                seen |= {key(header) for header in found}
        for plain, column in self._opened.asked.columns.items():
            if plain not in seen:
                expected, got = msg("a column of this name in one of the tables"), msg("none")
                self._opened.problems.append(InputError(column.file, column.row, column.header, expected, got))

    def _given(self) -> Mapping[EvidenceKind, Sequence[Path]]:
        sources = self._sources
        return {
            night.SIGNATURES.kind: sources.signatures,
            night.RECORDS.kind: sources.records,
            night.VOTES.kind: sources.votes,
        }

    def _take(self, tables: Sequence[NightTable], file: OpenedFile) -> Taking:
        kinds, name = [table.kind for table in tables], self._opened.name(file.path)
        self._opened.step(kinds[0], 0)
        sheet, asked = None, self._opened.asked.of(file)
        if len(tables) == 1 and not (asked.columns and kinds[0] in KINDS):
            try:
                sheet = parse_sheet(file, tables[0], name)
            except InputError:
                if kinds[0] not in KINDS:
                    raise
            if sheet is not None and not says_more(sheet, tables[0], self.choices()):
                return self.add_night_sheet(tables[0], sheet)
        from verify.read.tables.reading import parse

        return self.add_given(parse(file, name, kinds, replace(asked, choices=self.choices())), kinds)

    def choices(self) -> tuple[str, ...]:
        """The choices by the préfecture's list, where it was read."""
        lists = (sheet for kind, sheet, _ in self._sheets if kind == night.CHOICES.kind)
        return tuple(dict.fromkeys(choice for sheet in lists for choice in sheet.texts["choix"].tolist()))

    def lists(self) -> set[EvidenceKind]:
        """The official lists that were read, or none."""
        return {night.UNIVERSE.kind, night.CHOICES.kind} & {each.kind for each in self._sheets}

    def add_night_sheet(self, table: NightTable, sheet: Sheet) -> Taking:
        """Take a table in a night's own form; columns that mean nothing in it are named."""
        self._sheets.append(GivenSheet(table.kind, sheet, True))
        self._opened.problems += sheet.problems
        return taking_of(table, sheet)

    def add_given(self, given: GivenSheets, kinds: Collection[str]) -> Taking:
        """Take what a file of an auditor holds: as what it was given, and beside it what else it has."""
        self._opened.problems += given.problems
        for kind, sheet in given.sheets.items():
            self._sheets.append(GivenSheet(kind, sheet, kind in kinds))
            self._opened.problems += sheet.problems
        return Taking(uses=given.uses)


def taking_of(table: NightTable, sheet: Sheet) -> Taking:
    """Report the columns of a table in a night's own form that mean nothing in it."""
    if not len(sheet.extra):
        return Taking()
    from verify.read.tables import headers

    left = [name for name in sheet.extra if not (name.startswith(_FURTHER) or headers.is_other(name))]
    if not left:
        return Taking()
    columns = [Taken(column.name, column.key, "", plain=True) for column in table.columns]
    columns += [Taken(name, "", "") for name in left]
    return Taking(uses=[Use("", (table.kind,), Used.PART, say_not_understood(left), columns=tuple(columns))])


def _same(path: Path, others: Collection[Path]) -> Path:
    """The path under which a file was given already, or the path itself."""
    for other in others:
        try:
            if other.samefile(path):
                return other
        except OSError:
            continue
    return path


KIND = EvidenceKind.WAY_UP
"""Of its files among the inputs."""


def read_way_up(opened: OpenedNight, folder: Path) -> dict[str, Sheet]:
    """Read the tables of the way up in the folder of a night, by their names; what has another name is not used."""
    place = folder / FOLDER
    sheets: dict[str, Sheet] = {}
    if not opened.is_folder(place, folder):
        return sheets

    def take(file: OpenedFile) -> Taking:
        opened.step(KIND, len(sheets))
        name = f"{FOLDER}/{file.path.name}"
        table = _table(name, choices_of(file.data))
        if table is None:
            raise LookupError(name)
        sheets[name] = sheet = parse_sheet(file, table, opened.name(file.path))
        opened.problems += sheet.problems
        return taking_of(table, sheet)

    try:
        paths = sorted(path for path in place.iterdir() if not path.name.startswith("."))
    except OSError:
        paths = []
    for path in paths[:MOST]:
        if _table(f"{FOLDER}/{path.name}", 0) is None:
            opened.leave(path, msg("no document of the way up has this name"), folder)
        else:
            opened.read_found(KIND, path, take)
    if len(paths) > MOST:
        opened.leave(place, msg("too many files to name"), folder)
    return sheets


def _table(name: str, choices: int) -> NightTable | None:
    """The table of a name, with columns for so many choices; None for another name."""
    if name == CORRECTIONS.file:
        return CORRECTIONS
    for step in StepUp:
        for file, table in ((step.file, partial(step_table, step)), (step.sums_file, partial(sums_table, step))):
            if name == file:
                return table(choices)
    return None
