"""The tables: PVs, sign-in counts, votes by choice, official lists, documents of the way up, published results."""

from __future__ import annotations

import sys
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from protocol import night
from protocol.errors import InputError, RegardError, wrong_file
from protocol.evidence_kinds import EvidenceKind
from protocol.night import NightTable, has_entry_columns
from protocol.opening import OpenedFile, list_files
from protocol.transmission import CORRECTIONS, FOLDER, StepUp, choices_of, step_table, sums_table
from protocol.words import Text, msg, nmsg, series
from verify.align.files import Files, GivenSheet
from verify.inputs import MOST
from verify.loading.opened import OpenedNight, Taking
from verify.model.published import Level, Published
from verify.model.use import Input, Taken, Use, Used, archive_of, say_not_understood
from verify.read.sheet import Sheet, join_sheets, parse_sheet
from verify.read.tables.asked import NOTHING_ASKED
from verify.read.tables.kinds import KINDS

if TYPE_CHECKING:
    from verify.read.tables.parts import GivenSheets

_TABLES = (night.UNIVERSE, night.CHOICES, night.SIGNATURES, night.RECORDS, night.VOTES, night.TABULATION)
_OF_KIND = {table.kind: table for table in _TABLES}
_FURTHER = ("emargements_", "circonscription_")
"""Beginnings of further columns of a file of a night."""


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


class Tables:
    """Reads all tables, and published results; those of a night stand in the order in which they count.

    Args:
        opened: all files that were looked at.
        files: what was given, and what is read of published results and of the other round.
    """

    def __init__(self, opened: OpenedNight, files: Files) -> None:
        self._opened, self._files = opened, files
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
        """Give tables and results the communes that they are of, by their ids; gives those of their files."""
        files = {}
        for at, (kind, sheet, given) in enumerate(self._sheets):
            if town := towns.get(id(sheet)):
                files[archive_of(sheet.pieces[0].file)] = town
                self._sheets[at] = GivenSheet(kind, sheet.with_texts("commune", np.full(len(sheet), town)), given)
        for at, each in enumerate(self._files.published):
            if town := towns.get(id(each)):
                files[archive_of(each.file)] = town
                self._files.published[at] = replace(each, commune=np.full(len(each.row), town))
        return files

    def leave(self, files: Collection[str]) -> None:
        """Take out what some files have."""
        self._sheets = [each for each in self._sheets if archive_of(each.sheet.pieces[0].file) not in files]

    def read(self) -> None:
        """Read those that were given, and those that have a night's name in its folder."""
        folder = self._files.sources.folder
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
        sources = self._files.sources
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
            own = sheet is not None and all(name.startswith(_FURTHER) for name in sheet.extra)
            if sheet is not None and (own or kinds[0] not in KINDS):  # else percentages or votes of a PV are beside
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

    def _read_results(self, path: Path) -> None:
        """Read what was given as published results: a file, a feed's folder, or one of files of the layout asked for.

        Of the PVs' own file it is said.
        """
        opened = self._opened
        if path.is_dir():
            if opened.asked.layout is None:
                self.read_feed(path, named=True)
            for each in () if opened.asked.layout is None else list_files(path):
                opened.read(EvidenceKind.PUBLISHED, each, path, self.take)
            return
        same = opened.same_as(path, (night.RECORDS.kind,))
        before = len(opened.inputs)
        opened.read(EvidenceKind.PUBLISHED, path, None, self.take)
        for at in range(before, len(opened.inputs)) if same else ():
            said = msg("the same bytes as {name}: that both agree says nothing", name=same)
            opened.inputs[at] = opened.inputs[at].with_note(said)

    def read_results(self, paths: Sequence[Path], election: str) -> None:
        """Read everything that was given as published results.

        Args:
            paths: files and folders.
            election: id of the one to take out of data.gouv.fr's tables of all elections, empty where it is not known.
        """
        if not paths:
            return
        from verify.read.results_files import tables_of

        together = tables_of(paths)
        for path in paths:
            if path not in together:
                self._read_results(path)
        if together:
            self.read_election(together, election, named=True)

    def read_election(self, paths: Sequence[Path], asked: str, *, named: bool) -> None:
        """One election out of data.gouv.fr's tables, which belong together; the others in them are not used.

        Args:
            paths: of both tables, or of one.
            asked: its id, empty where it is not known.
            named: whether they were given, not found in a folder.
        """
        from verify.read.aggregated.history import one_election

        opened = self._opened
        count = iter(range(1, sys.maxsize))

        def step() -> None:
            opened.step(EvidenceKind.PUBLISHED, next(count))

        try:
            with one_election(paths, asked, step) as (history, found):
                note = self.add([found], paths[0])
                others = len(history.elections()) - 1
                why = (
                    nmsg("{count:n} other election in it", "{count:n} other elections in it", others) if others else ""
                )
                used = Used.PART if others else Used.WHOLE
                for source in history.sources:
                    name, digest = opened.name(source.path), source.digest()
                    opened.inputs.append(
                        Input(EvidenceKind.PUBLISHED, name, source.size, digest, note, used, why, named=named)
                    )
        except Exception as error:  # as in `OpenedNight.read`
            self._not_one(paths, error, named)

    def _not_one(self, paths: Sequence[Path], error: Exception, named: bool) -> None:
        """No election out of tables that belong together: what is wrong is said of the one that it is of."""
        of = [path for path in paths if isinstance(error, InputError) and error.file == str(path)]
        for path in paths:
            if path in (of or paths[:1]) or not isinstance(error, RegardError):
                self._opened.unusable(EvidenceKind.PUBLISHED, path, error, None, named)
            else:
                why = msg("not used without the other table: {other}", other=self._opened.name((of or paths)[0]))
                self._opened.not_used(EvidenceKind.PUBLISHED, path, None, why=why, named=named)

    def take(self, file: OpenedFile) -> Taking:
        """Read one file."""
        self._opened.step(EvidenceKind.PUBLISHED, 0)
        from verify.read.results_files import parse_given

        found = parse_given(file, self._opened.asked.of(file))
        return Taking(self.add(found.published, file.path), found.uses)

    def add(self, results: Sequence[Published], path: Path) -> Text:
        """Take results as they are to be shown; gives a note on what they were read as."""
        found = [self._renamed(published, path) for published in results]
        self._files.published += found
        self._opened.problems += [problem for published in found for problem in published.problems]
        notes = dict.fromkeys((each.layout, each.title) for each in found)
        from verify.read.layouts.built_in import layout_label  # of which a night without results has no need

        return series((layout_label(*note) for note in notes), msg("; "))

    def read_feed(self, folder: Path, *, named: bool) -> None:
        """Read a folder of the ministry's night feed: each file in it is named as used or not.

        Args:
            folder: the folder.
            named: whether it was given, not found in another one.
        """
        from verify.read.feed.members import read_folder

        opened = self._opened
        try:
            feed = read_folder(folder, partial(opened.step, EvidenceKind.PUBLISHED))
        except Exception as error:  # as in `OpenedNight.read`
            opened.unusable(EvidenceKind.PUBLISHED, folder, error, None, named)
        else:
            note = self.add(feed.results, folder)
            opened.inputs += [replace(each, path=opened.name(Path(each.path)), note=note) for each in feed.files]

    def read_other_round(self, path: Path) -> None:
        """The election's other round: a night's folder, of which the PVs are read, published results, or PVs."""
        self._opened.step("other round", 0)
        if path.is_dir():
            self._opened.read_found("other round", path / night.CHOICES.file, self._other_choices)
            self._opened.read("other round", path / night.RECORDS.file, path, self._other_counts)
        else:
            self._opened.read("other round", path, None, self._other_counts)

    def _other_counts(self, file: OpenedFile) -> Taking:
        """Published results by bureau of the other round, else PVs, whatever the file has."""
        from verify.read.layouts.built_in import layout_label
        from verify.read.tables.reading import sort_out

        opened, name = self._opened, self._opened.name(file.path)
        number = opened.asked.round
        found = sort_out(file, name, replace(NOTHING_ASKED, round=3 - number if number else None))
        of_bureaux = [table for table in found.published if table.level is Level.BUREAU]
        others = [table for table in of_bureaux if table.says.round != (number or 0)]
        if (by_bureau := next(iter(others or of_bureaux), None)) is not None:
            other = self._files.other_round = self._renamed(by_bureau, file.path)
            opened.problems += other.problems
            return Taking(layout_label(by_bureau.layout))
        sheets = found.sheets
        sheet = sheets.get(night.RECORDS.kind) or sheets.get(night.SIGNATURES.kind)
        if sheet is None:
            levels = series(table.level.text for table in found.published)
            got = msg("results by {level}", level=levels) if found.published else msg("none")
            raise wrong_file(name, msg("results by bureau"), got)
        self._files.other_round = sheet
        opened.problems += [*found.problems, *sheet.problems]
        return Taking()

    def _other_choices(self, file: OpenedFile) -> Taking:
        choices = self._files.other_choices = parse_sheet(file, night.CHOICES, self._opened.name(file.path))
        self._opened.problems += choices.problems
        return Taking()

    def _renamed(self, published: Published, path: Path) -> Published:
        """The same with the name that is shown in place of the path, in the problems as well."""

        def shown(name: str) -> str:
            return self._opened.name(path) + name.removeprefix(str(path)) if name.startswith(str(path)) else name

        return published.renamed(shown)
