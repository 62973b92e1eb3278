"""Published results: files, folders of the ministry's feed, and the other round."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

from protocol import night
from protocol.errors import InputError, RegardError, wrong_file
from protocol.evidence_kinds import EvidenceKind
from protocol.opening import OpenedFile, list_files
from protocol.words import Text, msg, nmsg, series
from verify.loading.opened import OpenedNight, Taking
from verify.model.published import Level, Published
from verify.model.use import Input, Used, archive_of
from verify.read.sheet import Sheet, parse_sheet
from verify.read.tables.asked import NOTHING_ASKED


class Results:
    """All published results that were read, and what there is of the other round."""

    def __init__(self, opened: OpenedNight) -> None:
        self._opened = opened
        self.published: list[Published] = []
        self.other_round: Published | Sheet | None = None
        self.other_choices: Sheet | None = None

    def read(self, path: Path) -> None:
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

    def name_towns(self, towns: Mapping[int, str]) -> dict[str, str]:
        """Give results the communes that they are of, by their ids; gives those of their files."""
        files = {archive_of(each.file): towns[id(each)] for each in self.published if id(each) in towns}
        self.published = [
            replace(each, commune=np.full(len(each.row), towns[id(each)])) if id(each) in towns else each
            for each in self.published
        ]
        return files

    def read_all(self, paths: Sequence[Path], election: str) -> None:
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
                self.read(path)
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
        self.published += found
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
            self.other_round = self._renamed(by_bureau, file.path)
            opened.problems += self.other_round.problems
            return Taking(layout_label(by_bureau.layout))
        sheets = found.sheets
        sheet = sheets.get(night.RECORDS.kind) or sheets.get(night.SIGNATURES.kind)
        if sheet is None:
            levels = series(table.level.text for table in found.published)
            got = msg("results by {level}", level=levels) if found.published else msg("none")
            raise wrong_file(name, msg("results by bureau"), got)
        self.other_round = sheet
        opened.problems += [*found.problems, *sheet.problems]
        return Taking()

    def _other_choices(self, file: OpenedFile) -> Taking:
        self.other_choices = parse_sheet(file, night.CHOICES, self._opened.name(file.path))
        self._opened.problems += self.other_choices.problems
        return Taking()

    def _renamed(self, published: Published, path: Path) -> Published:
        """The same with the name that is shown in place of the path, in the problems as well."""

        def shown(name: str) -> str:
            return self._opened.name(path) + name.removeprefix(str(path)) if name.startswith(str(path)) else name

        return published.renamed(shown)
