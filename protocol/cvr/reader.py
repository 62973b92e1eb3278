"""Dominion's exports of ballots, JSON and CSV, with the lists and manifests beside them.

The files of one folder belong together. Where only one folder of those given has lists, they are used for all; a
ballot manifest serves other folders where it lies in one without exports.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from protocol.cvr.ballot_manifests import (
    MAX_DIGESTS,
    MAX_MANIFEST,
    ManifestBatch,
    are_digests,
    digests,
    is_manifest,
    read_manifest,
)
from protocol.cvr.counting import UNIT_PARTS, CountedExport
from protocol.cvr.csv_export import count_csv
from protocol.cvr.csv_rows import is_csv
from protocol.cvr.export_checks import ExportSet
from protocol.cvr.json_export import count_file, is_export
from protocol.cvr.lists import CONFIGURATION, ExportLists, check_configuration, list_kind
from protocol.dumps.checks import Checklist
from protocol.dumps.layouts import HEAD, DumpFile, DumpLayout, DumpReading
from protocol.dumps.tallies import TallyBuilder
from protocol.errors import InputError
from protocol.opening import OpenedFile, Progress, open_evidence, read_head, silent, size_of
from protocol.words import Text, msg, nmsg

MAX_LIST = 2**26
"""Bytes of a list."""
LIST = msg("list of the election's data")
MANIFEST = msg("ballot manifest")
DIGESTS = msg("digests of files")


def recognise(head: bytes, name: str) -> bool:
    """By its fields or columns; of the lists that are alike in these, by the name as well."""
    return bool(kind_of(head, name))


def kind_of(head: bytes, name: str) -> str:
    """Recognise a Dominion file by its first bytes and name; empty if it is none."""
    if head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{":
        return "json" if is_export(head) else list_kind(head, name)
    if are_digests(head, name):
        return "digests"
    return "manifest" if is_manifest(head) else "csv" if is_csv(head) else ""


@dataclass(slots=True)
class _Folder:
    """Files of one folder."""

    lists: ExportLists = field(default_factory=ExportLists)
    listed: bool = False
    exports: list[Path] = field(default_factory=list)
    tables: list[Path] = field(default_factory=list)
    batches: list[ManifestBatch] = field(default_factory=list)
    manifest: str = ""
    digests: list[tuple[str, bytes]] = field(default_factory=list)


class FolderReader:
    """Reads files in two passes: what describes exports, then the exports."""

    def __init__(self, below: Path | None, progress: Progress) -> None:
        self._below, self._progress = below, progress
        self._before = 0
        self.folders: dict[Path, _Folder] = {}
        self.files: list[DumpFile] = []
        self.checks = Checklist()
        self.problems: list[InputError] = []

    def sort(self, paths: Sequence[Path]) -> None:
        """Take in all lists and manifests, and put the exports into their folders."""
        for path in paths:
            folder = self.folders.setdefault(path.parent, _Folder())
            try:
                kind = kind_of(read_head(path, HEAD, self._below), path.name)
            except InputError:
                kind = "json"  # what cannot be opened is said where it is opened to be read
            if kind == "json":
                folder.exports.append(path)
            elif kind == "csv":
                folder.tables.append(path)
            else:
                self._take(folder, kind, path)

    def _take(self, folder: _Folder, kind: str, path: Path) -> None:
        """Read what describes an export."""
        opened = None
        try:
            limit = {"manifest": MAX_MANIFEST, "digests": MAX_DIGESTS}.get(kind, MAX_LIST)
            opened = open_evidence(path, limit, self._below)
            taken_for, note = self._describe(folder, kind, opened)
        except InputError as error:
            self.problems.append(error)
            taken_for, note = "", error.got
        size, sha256 = (len(opened.data), opened.sha256) if opened else (size_of(path), None)
        self.files.append(DumpFile(path, size, sha256, taken_for, note))

    def _describe(self, folder: _Folder, kind: str, opened: OpenedFile) -> tuple[Text, Text]:
        """Use such a file; what it was taken for, and what is to be said of it."""
        if kind == "manifest":
            found, problems = read_manifest(opened)
            folder.batches += found
            folder.manifest = folder.manifest or str(opened.path)
            self.problems += problems
            return MANIFEST, nmsg("{count:n} batch", "{count:n} batches", len(found))
        if kind == "digests":
            folder.digests.append((str(opened.path), opened.data))
            return DIGESTS, ""
        if kind == CONFIGURATION:
            check_configuration(self.checks, opened)
            return LIST, ""
        if folder.lists.take(kind, opened):
            folder.listed = True
            return LIST, ""
        return LIST, msg("not needed for totals")

    def lists_of(self, folder: _Folder) -> ExportLists:
        """The lists of a folder, or the only ones that there are."""
        listed = [each for each in self.folders.values() if each.listed]
        return folder.lists if folder.listed or len(listed) != 1 else listed[0].lists

    def count(self) -> Iterator[ExportSet]:
        """Count the exports of each folder."""
        with_exports = [folder for folder in self.folders.values() if folder.exports or folder.tables]
        manifests = [folder for folder in self.folders.values() if folder.manifest and folder not in with_exports]
        for folder in with_exports:
            lists = self.lists_of(folder)
            beside = folder if folder.manifest or len(manifests) != 1 else manifests[0]
            found = ExportSet(lists, beside.batches, beside.manifest, self.checks)
            for path in sorted(folder.exports, key=lambda path: (len(path.name), path.name)):
                found.exports.append(self._count(count_file(path, lists, self._below, self._step)))
            for path in folder.tables:
                found.exports.append(self._count(count_csv(path, self._below, self._step)))
            found.digests = [(source, digests(data)) for source, data in folder.digests]
            yield found

    def _step(self, done: int) -> None:
        self._progress(self._before + done)

    def _count(self, export: CountedExport) -> CountedExport:
        self._before += export.number
        return export


def read(
    layout: DumpLayout,
    files: Sequence[Path],
    below: Path | None = None,
    progress: Progress = silent,
) -> DumpReading:
    """Count the ballots of exports, and hold them against what lies beside them.

    Args:
        layout: this one.
        files: exports, lists, manifests, digests, in any order.
        below: the folder that they were found in.
        progress: called with the number of ballots read so far.
    """
    reader = FolderReader(below, progress)
    reader.sort(files)
    sets = list(reader.count())
    builder = TallyBuilder(UNIT_PARTS)
    facts: list[tuple[Text, Text]] = []
    several = len({election for each in sets for election in each.elections()}) > 1
    for each in sets:
        each.settle()
        each.fill(builder, several)
        reader.files += each.files()
        each.check()
        reader.problems += each.problems
        facts += each.facts()
    return DumpReading(
        layout, builder.finish(), tuple(reader.files), tuple(reader.checks.made), tuple(reader.problems), tuple(facts)
    )
