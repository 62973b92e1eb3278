"""Loading the evidence: the one way in for whatever an auditor gives, a night's folder or single files.

What cannot be read is kept as a problem, and the rest is used.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

from protocol import night, reading
from protocol.errors import InputError, RegardError
from verify.evidence import Evidence, Input, NothingReadable, Sources
from verify.lining_up import Files, LiningUp
from verify.published import Published
from verify.published import read as read_published
from verify.sheet import Sheet, read_sheet

Progress = Callable[[str, int], None]


def load(sources: Sources, progress: Progress | None = None) -> Evidence:
    """Read all evidence.

    Args:
        sources: what the auditor gave.
        progress: called with the name of a step and how much of it is done, in files.

    Raises:
        NothingReadable: there is nothing at all to check.
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
        reading=loader.reading,
    )
    evidence = LiningUp(files).evidence()
    if not len(evidence.universe):
        found = "; ".join(str(problem) for problem in evidence.problems[:3])
        raise NothingReadable(f"no bureau in any of the files given{': ' + found if found else ''}")
    return evidence


class _Loader:
    def __init__(self, sources: Sources, progress: Progress | None) -> None:
        self.sources = sources
        self.progress = progress
        self.problems: list[InputError] = []
        self.inputs: list[Input] = []
        self.election: night.Election | None = None
        self.sheets: dict[str, Sheet] = {}
        self.published: list[Published] = []
        self.reading: reading.Reading | None = None

    def read(self) -> None:
        folder = self.sources.folder
        if folder is not None:
            self._election(folder / night.ELECTION)
        given = {
            night.SIGNATURES.file: self.sources.signatures,
            night.RECORDS.file: self.sources.records,
            night.VOTES.file: self.sources.votes,
        }
        for table in (night.UNIVERSE, night.CHOICES, night.SIGNATURES, night.RECORDS, night.VOTES):
            path = given.get(table.file)
            if path is None and folder is not None and (folder / table.file).exists():
                path = folder / table.file
            if path is not None:
                self._sheet(table, path)
        paths = list(self.sources.published)
        if folder is not None and not paths:
            paths = sorted(folder.glob("publie.*"))
        for path in paths:
            self._published(path)
        exports = list(self.sources.exports)
        if folder is not None and not exports and (folder / night.EXPORTS).is_dir():
            exports = [folder / night.EXPORTS]
        if exports:
            self._exports(exports)

    def name(self, path: Path) -> str:
        folder = self.sources.folder
        if folder is not None and path.is_relative_to(folder):
            return path.relative_to(folder).as_posix()
        return str(path)

    def _step(self, name: str, done: int) -> None:
        if self.progress is not None:
            self.progress(name, done)

    def _election(self, path: Path) -> None:
        if not path.exists():
            return
        try:
            self.election = night.read_election(path)
            data = path.read_bytes()
        except OSError as error:
            self.problems.append(InputError(self.name(path), None, None, "a readable file", str(error.strerror)))
        except InputError as error:
            self.problems.append(InputError(self.name(path), error.row, error.column, error.expected, error.got))
        else:
            self.inputs.append(Input("election", self.name(path), len(data), hashlib.sha256(data).hexdigest()))

    def _sheet(self, table: night.Table, path: Path) -> None:
        self._step(table.file, 0)
        try:
            sheet = read_sheet(path, table, self.name(path))
        except InputError as error:
            self.problems.append(InputError(self.name(path), error.row, error.column, error.expected, error.got))
            return
        self.sheets[table.file] = sheet
        self.problems += sheet.problems
        self.inputs.append(Input(table.file, sheet.file, sheet.size, sheet.sha256))

    def _published(self, path: Path) -> None:
        self._step("published", 0)
        try:
            published = read_published(path)
        except InputError as error:
            self.problems.append(error)
        except RegardError as error:
            self.problems.append(InputError(self.name(path), None, None, "a known layout of results", str(error)))
        else:
            self.published.append(published)
            self.problems += published.problems
            size = path.stat().st_size
            self.inputs.append(Input("published", self.name(path), size, published.sha256, published.layout))

    def _exports(self, paths: Sequence[Path]) -> None:
        self.reading = reading.read(paths, lambda done: self._step("exports", done))
        for file in self.reading.files:
            self.inputs.append(Input("export", self.name(file.path), file.size, file.sha256))
