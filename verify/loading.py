"""Loading the evidence: the one way in for whatever an auditor gives, a night's folder or single files.

What cannot be read is kept as a problem, and the rest is used.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from protocol import night
from protocol.election import Election, parse_election
from protocol.errors import InputError, RegardError
from protocol.opening import MAX_FILE, Digest, OpenedFile, TooLargeError, check_inside, open_evidence
from protocol.structured import MAX_TOML, parse_json
from protocol.words import Text, msg, series
from verify.align.lining_up import LiningUp
from verify.align.lists import Files
from verify.inputs import account_for, unread
from verify.model.evidence import Evidence, Input, NothingReadable, Sources, Used
from verify.model.failures import Failure, all_or_most, failure
from verify.model.layouts import layout_label
from verify.model.published import Level, Published, UnknownLayout
from verify.model.thresholds import Thresholds, parse_thresholds
from verify.read.ahead import Ahead
from verify.read.clean_sheet import Columns
from verify.read.sheet import Sheet, parse_sheet

if TYPE_CHECKING:
    from protocol.export.reading import Reading
    from protocol.urn.files import ModuleReading
    from verify.read.tables.sheet import Given

_TABLES = (night.UNIVERSE, night.CHOICES, night.SIGNATURES, night.RECORDS, night.VOTES, night.TABULATION)
_MAX_MANIFEST = 2**26

NOT_CHECKED = msg("it could not be checked")
Progress = Callable[[str, int], None]
Take = Callable[[OpenedFile], Text]


def load(sources: Sources, progress: Progress | None = None) -> Evidence:
    """Read all evidence.

    Args:
        sources: what the auditor gave.
        progress: called with the name of a step and how much of it is done, in files.

    Raises:
        NothingReadable: there is nothing at all to check: neither a bureau nor published results of a higher level.
        InputError: the file of thresholds is wrong.
    """
    _keep_memory()
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
            InputError(each.what, None, None, msg("a file that can be read"), each.error) for each in evidence.failures
        ]
        raise NothingReadable(msg("no bureau in any of the files given"), [*failed, *evidence.problems][:3])
    for index, digest in loader.digests.items():
        evidence.inputs[index] = replace(evidence.inputs[index], sha256=digest.hexdigest())
    evidence.inputs = account_for(evidence)
    return evidence


@cache
def _keep_memory() -> None:
    """Let this process use the memory of one table for the next.

    The C library of Linux hands blocks as large as a column back to the system, which gives them anew page by page,
    until it has seen a larger one freed. This one is never written to, and takes no memory. Elsewhere it does nothing.
    """
    bytes(2**25 - 2**16)


class _Loader:
    def __init__(self, sources: Sources, progress: Progress | None) -> None:
        self.sources = sources
        self._prefix = "" if sources.folder is None else sources.folder.as_posix().rstrip("/") + "/"
        self.progress = progress
        self.problems: list[InputError] = []
        self.inputs: list[Input] = []
        self.digests: dict[int, Digest] = {}
        """By the index of an input: the digests of files that were read, which are waited for when all is done."""
        self.election: Election | None = None
        self.sheets: dict[str, Sheet] = {}
        self._beside: dict[str, Sheet] = {}
        self.published: list[Published] = []
        self.other_round: Published | Sheet | None = None
        self.other_choices: Sheet | None = None
        self.reading: Reading | None = None
        self.modules: ModuleReading | None = None
        self.manifest: dict[str, str] = {}
        self.present: frozenset[str] = frozenset()
        self.thresholds = Thresholds()
        self.failures: list[Failure] = []
        self._looked_at: set[str] = set()
        self._partly: set[str] = set()

    def read(self) -> None:
        folder = self.sources.folder
        if folder is not None:
            self._looked_at |= {self.name(path) for path in self.sources.paths() if self.name(path) != str(path)}
            self._found("election", folder / night.ELECTION, self._election, MAX_TOML)
            self._found("manifest", folder / night.MANIFEST, partial(self._manifest, folder), _MAX_MANIFEST)
        if self.sources.thresholds is not None:
            self._thresholds(self.sources.thresholds)
        self._tables(folder)
        for path in self.sources.published:
            if path.is_dir():
                self._feed(path)
            else:
                self._read("published", path, None, self._published)
        if folder is not None and not self.sources.published:
            for path in sorted(folder.glob("publie.*")):
                self._found("published", path, self._published)
        self._other_round(self.sources.other_round)
        if self.sources.exports:
            self._exports(self.sources.exports, None)
        elif folder is not None and self._is_folder(folder / night.EXPORTS, folder):
            self._exports([folder / night.EXPORTS], folder)
        if self.sources.modules:
            self._modules(self.sources.modules, None)
        elif folder is not None and self._is_folder(folder / night.MODULES, folder):
            self._modules([folder / night.MODULES], folder)
        if folder is not None:
            self.inputs += unread(folder, self._looked_at)

    def _tables(self, folder: Path | None) -> None:
        """The tables, of which two at a time are read side by side."""
        given = {
            night.SIGNATURES.file: self.sources.signatures,
            night.RECORDS.file: self.sources.records,
            night.VOTES.file: self.sources.votes,
        }
        tables: list[tuple[night.Table, Path, Path | None]] = []
        for table in _TABLES:
            path = given.get(table.file)
            if path is not None:
                tables.append((table, path, None))
            elif folder is not None and os.path.lexists(folder / table.file):
                self._looked_at.add(table.file)
                tables.append((table, folder / table.file, folder))
        for first, *others in (tables[at : at + 2] for at in range(0, len(tables), 2)):
            beside = [Ahead(path, below, table) for table, path, below in others]
            self._read(first[0].file, *first[1:], partial(self._sheet, first[0], None))
            for (table, path, below), ahead in zip(others, beside, strict=True):
                file, clean = ahead.take() or (None, None)
                self._read(table.file, path, below, partial(self._sheet, table, clean), file=file)
        self.sheets = {**self._beside, **self.sheets}

    def _found(self, kind: str, path: Path, take: Take, limit: int = MAX_FILE) -> None:
        """Read a file of a folder, if there is anything of its name: a link that leads nowhere is named."""
        if os.path.lexists(path):
            if path.parent == self.sources.folder:
                self._looked_at.add(path.name)
            self._read(kind, path, path.parent, take, limit)

    def _read(
        self,
        kind: str,
        path: Path,
        below: Path | None,
        take: Take,
        limit: int = MAX_FILE,
        file: OpenedFile | None = None,
    ) -> None:
        """Read one file, once. Whatever is raised is said of this file, and the others are read.

        Args:
            kind: of evidence.
            path: the file.
            below: as in `open_evidence`.
            take: is given the file; returns a note on what was read as what.
            limit: as in `open_evidence`.
            file: the file, where it is open already.
        """
        try:
            file = file or open_evidence(path, limit, below)
            note = take(file)
            self.digests[len(self.inputs)] = file.digest
        except RegardError as error:
            self._unusable(kind, path, error, file)
        except Exception as error:  # memory that ran out included
            self.failures.append(failure(self.name(path), error))
            self._not_used(kind, path, file)
        else:
            used = Used.PART if self.name(path) in self._partly else Used.WHOLE
            self.inputs.append(Input(kind, self.name(path), len(file.data), None, note, used))

    def _is_folder(self, path: Path, below: Path) -> bool:
        """Whether there is a folder; what else has its name is named."""
        if not os.path.lexists(path):
            return False
        self._looked_at.add(path.name)
        try:
            check_inside(path, below)
            if not path.is_dir():
                raise InputError(str(path), None, None, msg("a folder"), msg("a file"))
        except InputError as error:
            self._unusable(path.name, path, error, None)
            return False
        return True

    def _thresholds(self, path: Path) -> None:
        """What changes verdicts is among the inputs, and what is wrong with it ends the audit."""
        file = open_evidence(path, MAX_TOML)
        self.thresholds = parse_thresholds(file)
        changed = self.thresholds.changed().items()
        note = series(
            (
                msg("{name} = {value} instead of {own}", name=name, value=value, own=own)
                for name, (value, own) in changed
            ),
            msg("; "),
        )
        self._looked_at.add(self.name(path))
        self.inputs.append(Input("thresholds", self.name(path), len(file.data), file.sha256, note))

    def name(self, path: Path) -> str:
        """A path as it is shown: within the night's folder without the folder's own name."""
        return path.as_posix().removeprefix(self._prefix) if self._prefix else str(path)

    def _step(self, name: str, done: int) -> None:
        if self.progress is not None:
            self.progress(name, done)

    def _election(self, file: OpenedFile) -> str:
        self.election = parse_election(file)
        name = self.name(file.path)
        self.problems += [InputError(name, p.row, p.column, p.expected, p.got) for p in self.election.unknown]
        return ""

    def _manifest(self, folder: Path, file: OpenedFile) -> str:
        """The SHA-256 of each file, as the night's manifest has them under ``files``."""
        name = str(file.path)
        try:
            listed = {str(name): str(digest) for name, digest in parse_json(file.data, name)["files"].items()}
        except (ValueError, RecursionError, KeyError, TypeError, AttributeError) as error:
            expected = msg("JSON with an object `files` of names and SHA-256")
            raise InputError(name, None, None, expected, type(error).__name__) from error
        outside = [name for given in self.sources.paths() if (name := self.name(given)) == str(given)]
        # a file given by itself may have the name of one of the folder's, and is another
        self.manifest = {name: digest for name, digest in listed.items() if not _within(name, outside)}
        self.present = frozenset(
            Path(place, name).relative_to(folder).as_posix() for place, _, names in os.walk(folder) for name in names
        )
        return ""

    def _sheet(self, table: night.Table, clean: Columns | None, file: OpenedFile) -> Text:
        self._step(table.file, 0)
        note: Text = ""
        try:
            sheet = parse_sheet(file, table, self.name(file.path), clean)
            given = self._auditor_sheet(table, file, sheet) if sheet.extra else None
        except InputError:
            given = self._auditor_sheet(table, file)
            if given is None:
                raise
        if given is not None:
            if table.file not in given.sheets:
                return given.note
            sheet, note = given.sheets[table.file], given.note
            self._partly |= set() if given.whole else {self.name(file.path)}
            self.problems += given.problems
            for name, other in given.sheets.items():
                self._beside.setdefault(name, other)
        self.sheets[table.file] = sheet
        self.problems += sheet.problems
        return note

    def _auditor_sheet(self, table: night.Table, file: OpenedFile, sheet: Sheet | None = None) -> Given | None:
        """A file in a form of the auditor's own; None for those that only a night has."""
        from verify.read.tables import sheet as auditor_sheet

        if table.file not in auditor_sheet.KINDS or (sheet is not None and not auditor_sheet.says_more(sheet, table)):
            return None
        choices = self.sheets.get(night.CHOICES.file)
        known = () if choices is None else tuple(dict.fromkeys(choices.texts["choix"].tolist()))
        return auditor_sheet.parse(file, table.file, self.name(file.path), known)

    def _published(self, file: OpenedFile) -> Text:
        self._step("published", 0)
        from verify.read.results_files import parse_all

        return self._add_published(parse_all(file), file.path)

    def _add_published(self, results: Sequence[Published], path: Path) -> Text:
        """Take results as they are to be shown; gives a note on what they were read as."""
        found = [self._renamed(published, path) for published in results]
        self.published += found
        self.problems += [problem for published in found for problem in published.problems]
        notes = dict.fromkeys((each.layout, each.title) for each in found)
        return series((layout_label(*note) for note in notes), msg("; "))

    def _feed(self, folder: Path) -> None:
        """A folder of the ministry's night feed: each file in it is named as used or not."""
        from verify.read.feed.members import read_folder

        try:
            feed = read_folder(folder, partial(self._step, "published"))
        except RegardError as error:
            self._unusable("published", folder, error, None)
        except Exception as error:  # as in `_read`
            self.failures.append(failure(self.name(folder), error))
            self._not_used("published", folder, None)
        else:
            note = self._add_published(feed.results, folder)
            for file in feed.files:
                used = Used.NONE if file.why else Used.WHOLE
                name = self.name(file.path)
                self.inputs.append(Input("published", name, file.size, file.sha256, note, used, file.why))

    def _other_round(self, path: Path | None) -> None:
        """The election's other round: a night's folder, of which the PVs are read, published results, or PVs."""
        if path is None:
            return
        self._step("other round", 0)
        if path.is_dir():
            self._found("other round", path / night.CHOICES.file, self._other_choices)
            self._read("other round", path / night.RECORDS.file, path, self._other_counts)
        else:
            self._read("other round", path, None, self._other_counts)

    def _other_counts(self, file: OpenedFile) -> Text:
        from verify.read.published.registry import parse_all

        try:
            tables = parse_all(file)
        except UnknownLayout:
            self.other_round = self._records(file)
            self.problems += self.other_round.problems
            return ""
        by_bureau = next((table for table in tables if table.level is Level.BUREAU), None)
        if by_bureau is None:
            raise InputError(
                str(file.path),
                None,
                None,
                msg("results by bureau"),
                msg("results by {level}", level=tables[0].level.text),
            )
        self.other_round = self._renamed(by_bureau, file.path)
        self.problems += self.other_round.problems
        return layout_label(by_bureau.layout)

    def _other_choices(self, file: OpenedFile) -> str:
        self.other_choices = parse_sheet(file, night.CHOICES, self.name(file.path))
        self.problems += self.other_choices.problems
        return ""

    def _records(self, file: OpenedFile) -> Sheet:
        name = self.name(file.path)
        try:
            return parse_sheet(file, night.RECORDS, name)
        except InputError:
            from verify.read.tables import sheet as auditor_sheet

            given = auditor_sheet.parse(file, night.RECORDS.file, name)
            sheet = given.sheets.get(night.RECORDS.file)
            if sheet is None:
                raise InputError(name, None, None, msg("figures"), given.note) from None
            return replace(sheet, problems=(*given.problems, *sheet.problems))

    def _renamed(self, published: Published, path: Path) -> Published:
        """The same with the name that is shown in place of the path, in the problems as well."""

        def shown(name: str) -> str:
            return self.name(path) + name.removeprefix(str(path)) if name.startswith(str(path)) else name

        return published.renamed(shown)

    def _unusable(self, kind: str, path: Path, error: RegardError, file: OpenedFile | None) -> None:
        """A file of which nothing is used: what is wrong with it, and which bytes it had if they were read."""
        name = self.name(path)
        from verify.read.tables.sheet import NotUnderstood

        if isinstance(error, NotUnderstood):
            self.problems += error.problems
        elif isinstance(error, InputError):
            self.problems.append(InputError(name, error.row, error.column, error.expected, error.got))
        else:
            seen = error.seen if isinstance(error, UnknownLayout) else error.message
            self.problems.append(InputError(name, None, None, msg("a known layout of results"), seen))
        first = error.problems[0] if isinstance(error, NotUnderstood) else self.problems[-1]
        why = msg("expected {expected}, got {got}", expected=first.expected, got=first.got)
        self._not_used(kind, path, file, error.size if isinstance(error, TooLargeError) else 0, why)

    def _not_used(self, kind: str, path: Path, file: OpenedFile | None, size: int = 0, why: Text = NOT_CHECKED) -> None:
        size, digest = (size, None) if file is None else (len(file.data), file.sha256)
        self.inputs.append(Input(kind, self.name(path), size, digest, msg("not used"), Used.NONE, why))

    def _exports(self, paths: Sequence[Path], below: Path | None) -> None:
        from protocol.export import reading

        step = partial(self._step, "exports")
        self.reading, failed = all_or_most(paths, below, lambda some, root, bad: reading.read(some, step, root, bad))
        self._failed("export", failed)
        for file in () if self.reading is None else self.reading.files:
            self.inputs.append(Input("export", self.name(file.path), file.size, file.sha256))

    def _modules(self, paths: Sequence[Path], below: Path | None) -> None:
        from protocol.urn.files import read_modules

        step = partial(self._step, "modules")
        self.modules, failed = all_or_most(paths, below, lambda some, root, bad: read_modules(some, step, root, bad))
        self._failed("module", failed)
        for file in () if self.modules is None else self.modules.files:
            self.inputs.append(Input("module", self.name(file.path), file.size, file.sha256))

    def _failed(self, kind: str, failed: Sequence[tuple[Path, Failure]]) -> None:
        for path, each in failed:
            self.failures.append(replace(each, what=self.name(path)))
            self._not_used(kind, path, None)


def _within(name: str, paths: Sequence[str]) -> bool:
    return any(name == path or name.startswith(path.rstrip("/") + "/") for path in paths)
