"""Loading the evidence: the one way in for whatever an auditor gives, a night's folder or single files.

What cannot be read is kept as a problem, and the rest is used.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from protocol import night, reading
from protocol.errors import InputError, RegardError
from protocol.module_files import ModuleReading, read_modules
from verify.auditor import city_feed
from verify.evidence import Evidence, Input, NothingReadable, Sources
from verify.failures import Failure, all_or_most, failure
from verify.lines.lining_up import LiningUp
from verify.lines.lists import Files
from verify.published import Level, Published, UnknownLayout
from verify.published.registry import read_all
from verify.sheet import Sheet, read_bytes, read_sheet
from verify.thresholds import Thresholds, read_thresholds

if TYPE_CHECKING:
    from verify.auditor.sheet import Given

_TABLES = (night.UNIVERSE, night.CHOICES, night.SIGNATURES, night.RECORDS, night.VOTES, night.TABULATION)
_MAX_MANIFEST = 2**26

Progress = Callable[[str, int], None]


def load(sources: Sources, progress: Progress | None = None) -> Evidence:
    """Read all evidence.

    Args:
        sources: what the auditor gave.
        progress: called with the name of a step and how much of it is done, in files.

    Raises:
        NothingReadable: there is nothing at all to check: neither a bureau nor published results of a higher level.
        InputError: the file of thresholds is wrong.
    """
    loader = _Loader(sources, progress)
    loader.read()
    files = Files(
        name=loader.name,
        problems=loader.problems,
        inputs=loader.inputs,
        election=loader.election,
        sheets=loader.sheets,
        published=loader.published,
        other_round=loader.other_round,
        other_choices=loader.other_choices,
        reading=loader.reading,
        modules=loader.modules,
        manifest=loader.manifest,
        present=loader.present,
        thresholds=loader.thresholds,
        failures=loader.failures,
    )
    evidence = LiningUp(files).evidence()
    if not len(evidence.universe) and not evidence.tables:
        failed = [
            InputError(each.what, None, None, "a file that can be read", each.error) for each in evidence.failures
        ]
        raise NothingReadable("no bureau in any of the files given", [*failed, *evidence.problems][:3])
    return evidence


class _Loader:
    def __init__(self, sources: Sources, progress: Progress | None) -> None:
        self.sources = sources
        self._prefix = "" if sources.folder is None else sources.folder.as_posix().rstrip("/") + "/"
        self.progress = progress
        self.problems: list[InputError] = []
        self.inputs: list[Input] = []
        self.election: night.Election | None = None
        self.sheets: dict[str, Sheet] = {}
        self._beside: dict[str, Sheet] = {}
        self.published: list[Published] = []
        self.other_round: Published | Sheet | None = None
        self.other_choices: Sheet | None = None
        self.reading: reading.Reading | None = None
        self.modules: ModuleReading | None = None
        self.manifest: dict[str, str] = {}
        self.present: frozenset[str] = frozenset()
        self.thresholds = Thresholds()
        self.failures: list[Failure] = []

    def read(self) -> None:
        folder = self.sources.folder
        if folder is not None:
            self._by_itself("election", folder / night.ELECTION, self._election)
            self._by_itself("manifest", folder / night.MANIFEST, self._manifest)
        if self.sources.thresholds is not None:
            self.thresholds = read_thresholds(self.sources.thresholds)
        given = {
            night.SIGNATURES.file: self.sources.signatures,
            night.RECORDS.file: self.sources.records,
            night.VOTES.file: self.sources.votes,
        }
        for table in _TABLES:
            path = given.get(table.file)
            if path is None and folder is not None and os.path.lexists(folder / table.file):
                path = folder / table.file  # a link that leads nowhere is named, not passed over
            if path is not None:
                self._by_itself(table.file, path, partial(self._sheet, table))
        self.sheets = {**self._beside, **self.sheets}
        paths = list(self.sources.published)
        if folder is not None and not paths:
            paths = sorted(folder.glob("publie.*"))
        for path in paths:
            self._by_itself("published", path, self._published)
        if self.sources.other_round is not None:
            self._by_itself("other round", self.sources.other_round, self._other_round)
        exports = list(self.sources.exports)
        if folder is not None and not exports and (folder / night.EXPORTS).is_dir():
            exports = [folder / night.EXPORTS]
        if exports:
            self._exports(exports)
        self._both_counts()
        modules = list(self.sources.modules)
        if folder is not None and not modules and (folder / night.MODULES).is_dir():
            modules = [folder / night.MODULES]
        if modules:
            self._modules(modules)

    def _by_itself(self, kind: str, path: Path, read: Callable[[Path], None]) -> None:
        """Read one file. Whatever is raised is a failure of this file, and the others are read."""
        try:
            read(path)
        except Exception as error:  # memory that ran out included
            self.failures.append(failure(self.name(path), error))
            self._name_unused(kind, path)

    def name(self, path: Path) -> str:
        """A path as it is shown: within the night's folder without the folder's own name."""
        return path.as_posix().removeprefix(self._prefix) if self._prefix else str(path)

    def _step(self, name: str, done: int) -> None:
        if self.progress is not None:
            self.progress(name, done)

    def _election(self, path: Path) -> None:
        if not os.path.lexists(path):
            return
        try:
            data = read_bytes(path, night.MAX_TOML)  # never opens what is no regular file
            self.election = night.read_election(path)
        except (InputError, OSError) as error:
            self._unusable("election", path, error)
        else:
            self.inputs.append(Input("election", self.name(path), len(data), hashlib.sha256(data).hexdigest()))

    def _manifest(self, path: Path) -> None:
        """The SHA-256 of each file, as the night's manifest has them under ``files``."""
        if not os.path.lexists(path):
            return
        try:
            data = read_bytes(path, _MAX_MANIFEST)
            listed = {str(name): str(digest) for name, digest in json.loads(data)["files"].items()}
            outside = [name for given in self.sources.paths() if (name := self.name(given)) == str(given)]
            # a file given by itself may have the name of one of the folder's, and is another
            self.manifest = {name: digest for name, digest in listed.items() if not _within(name, outside)}
        except InputError as error:
            self._unusable("manifest", path, error)
        except (ValueError, RecursionError, KeyError, TypeError, AttributeError) as error:
            expected = "JSON with an object `files` of names and SHA-256"
            self._unusable("manifest", path, InputError(str(path), None, None, expected, type(error).__name__))
        else:
            self.present = frozenset(
                Path(place, name).relative_to(path.parent).as_posix()
                for place, _, names in os.walk(path.parent)
                for name in names
            )
            self.inputs.append(Input("manifest", self.name(path), len(data), hashlib.sha256(data).hexdigest()))

    def _sheet(self, table: night.Table, path: Path) -> None:
        self._step(table.file, 0)
        note = ""
        try:
            try:
                sheet = read_sheet(path, table, self.name(path))
                given = self._auditor_sheet(table, path, sheet) if sheet.extra else None
            except InputError:
                given = self._auditor_sheet(table, path)
                if given is None:
                    raise
            if given is not None:
                if table.file not in given.sheets:
                    self.inputs.append(
                        Input(table.file, self.name(path), path.stat().st_size, given.sha256, given.note)
                    )
                    return
                sheet, note = given.sheets[table.file], given.note
                self.problems += given.problems
                for file, other in given.sheets.items():
                    self._beside.setdefault(file, other)
        except InputError as error:
            self._unusable(table.file, path, error)
            return
        self.sheets[table.file] = sheet
        self.problems += sheet.problems
        self.inputs.append(Input(table.file, sheet.file, sheet.size, sheet.sha256, note))

    def _auditor_sheet(self, table: night.Table, path: Path, sheet: Sheet | None = None) -> Given | None:
        """A file in a form of the auditor's own; None for those that only a night has."""
        from verify.auditor import sheet as auditor_sheet  # only here: most nights have none

        if table.file not in auditor_sheet.KINDS or (sheet is not None and not auditor_sheet.says_more(sheet, table)):
            return None
        choices = self.sheets.get(night.CHOICES.file)
        known = () if choices is None else tuple(dict.fromkeys(choices.texts["choix"].tolist()))
        return auditor_sheet.read(path, table.file, self.name(path), known)

    def _both_counts(self) -> None:
        """Published results that carry both counts of voters stand for PVs where nothing else has either count."""
        by_bureau = [published for published in self.published if published.level is Level.BUREAU]
        counted = {night.SIGNATURES.file, night.RECORDS.file} & self.sheets.keys()
        if by_bureau and not counted and self.reading is None and all(map(city_feed.has_both_counts, by_bureau)):
            self.sheets[night.RECORDS.file] = city_feed.both_counts(by_bureau[0], 0)

    def _published(self, path: Path) -> None:
        self._step("published", 0)
        try:
            if not path.is_file():  # opening a pipe would wait for ever
                raise InputError(str(path), None, None, "a file", "something else")
            found = [self._renamed(published, path) for published in read_all(path)]
        except RegardError as error:
            self._unusable("published", path, error)
        else:
            self.published += found
            self.problems += [problem for published in found for problem in published.problems]
            about = "; ".join(
                dict.fromkeys(f"{each.layout}{f', {each.title}' if each.title else ''}" for each in found)
            )
            self.inputs.append(Input("published", self.name(path), path.stat().st_size, found[0].sha256, about))

    def _other_round(self, path: Path) -> None:
        """The election's other round: a night's folder, of which the PVs are read, published results, or PVs."""
        self._step("other round", 0)
        if path.is_dir():
            self._other_choices(path / night.CHOICES.file)
            path = path / night.RECORDS.file
        try:
            if not path.is_file():  # opening a pipe would wait for ever
                raise InputError(str(path), None, None, "a file", "something else" if path.exists() else "nothing")
            try:
                tables = read_all(path)
                by_bureau = next((table for table in tables if table.level is Level.BUREAU), None)
                if by_bureau is None:
                    raise InputError(str(path), None, None, "results by bureau", f"by {tables[0].level.value}")
                found: Published | Sheet = self._renamed(by_bureau, path)
            except UnknownLayout:
                found = self._records(path)
        except RegardError as error:
            self._unusable("other round", path, error)
            return
        self.other_round = found
        self.problems += found.problems
        note = found.layout if isinstance(found, Published) else ""
        self.inputs.append(Input("other round", self.name(path), path.stat().st_size, found.sha256, note))

    def _other_choices(self, path: Path) -> None:
        if not os.path.lexists(path):
            return
        try:
            sheet = read_sheet(path, night.CHOICES, self.name(path))
        except InputError as error:
            self._unusable("other round", path, error)
        else:
            self.other_choices = sheet
            self.problems += sheet.problems
            self.inputs.append(Input("other round", sheet.file, sheet.size, sheet.sha256))

    def _records(self, path: Path) -> Sheet:
        try:
            return read_sheet(path, night.RECORDS, self.name(path))
        except InputError:
            from verify.auditor import sheet as auditor_sheet

            given = auditor_sheet.read(path, night.RECORDS.file, self.name(path))
            sheet = given.sheets.get(night.RECORDS.file)
            if sheet is None:
                raise InputError(self.name(path), None, None, "figures", given.note) from None
            return replace(sheet, problems=(*given.problems, *sheet.problems))

    def _renamed(self, published: Published, path: Path) -> Published:
        """The same with the name that is shown in place of the path, in the problems as well."""

        def shown(name: str) -> str:
            return self.name(path) + name.removeprefix(str(path)) if name.startswith(str(path)) else name

        problems = (InputError(shown(p.file), p.row, p.column, p.expected, p.got) for p in published.problems)
        return replace(published, file=shown(published.file), problems=tuple(problems))

    def _unusable(self, kind: str, path: Path, error: RegardError | OSError) -> None:
        """A file of which nothing is used: what is wrong with it, and which bytes it had all the same."""
        name = self.name(path)
        from verify.auditor.sheet import NotUnderstood

        if isinstance(error, NotUnderstood):
            self.problems += error.problems
        elif isinstance(error, InputError):
            self.problems.append(InputError(name, error.row, error.column, error.expected, error.got))
        elif isinstance(error, OSError):
            self.problems.append(InputError(name, None, None, "a readable file", error.strerror or str(error)))
        else:
            said = str(error).removeprefix(f"{path}: ")
            self.problems.append(InputError(name, None, None, "a known layout of results", said))
        self._name_unused(kind, path)

    def _name_unused(self, kind: str, path: Path) -> None:
        name = self.name(path)
        try:
            data = read_bytes(path)
        except (InputError, MemoryError):
            self.inputs.append(Input(kind, name, 0, None, "not used"))
        else:
            self.inputs.append(Input(kind, name, len(data), hashlib.sha256(data).hexdigest(), "not used"))

    def _exports(self, paths: Sequence[Path]) -> None:
        step = partial(self._step, "exports")
        self.reading, failed = all_or_most(paths, lambda some, below, bad: reading.read(some, step, below, bad))
        self._failed("export", failed)
        for file in () if self.reading is None else self.reading.files:
            self.inputs.append(Input("export", self.name(file.path), file.size, file.sha256))

    def _modules(self, paths: Sequence[Path]) -> None:
        step = partial(self._step, "modules")
        self.modules, failed = all_or_most(paths, lambda some, below, bad: read_modules(some, step, below, bad))
        self._failed("module", failed)
        for file in () if self.modules is None else self.modules.files:
            self.inputs.append(Input("module", self.name(file.path), file.size, file.sha256))

    def _failed(self, kind: str, failed: Sequence[tuple[Path, Failure]]) -> None:
        for path, each in failed:
            self.failures.append(replace(each, what=self.name(path)))
            self._name_unused(kind, path)


def _within(name: str, paths: Sequence[str]) -> bool:
    return any(name == path or name.startswith(path.rstrip("/") + "/") for path in paths)
