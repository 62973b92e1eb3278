"""Reading the files of Brazilian urnas: those of one section together, and its votes once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import TypeAlias

from protocol.bu.ballots import count_ballots
from protocol.bu.bounds import MAX_SIZE, Undecodable, check_bounds
from protocol.bu.bulletin import EnvelopeKind, read_bulletin, read_envelope
from protocol.bu.checklist import Checklist
from protocol.bu.counting import UNIT_PARTS
from protocol.bu.file_names import UrnaSection, section_of_name
from protocol.bu.schema import holds_ballots, missing_libraries
from protocol.bu.section_files import ReadBulletin, ReadFile, SectionFiles
from protocol.bu.sections import SectionReader
from protocol.dumps.layouts import DumpFile, DumpLayout, DumpReading
from protocol.dumps.tallies import TallyBuilder
from protocol.errors import InputError
from protocol.opening import TooLargeError, open_evidence
from protocol.words import msg

_LENGTH = rb"(?:[\x00-\x7f]|\x81.|\x82..|\x83...|\x84....)"
_TIME = rb"\x1b\x0f\d{8}T\d{6}"
_RESULT = re.compile(rb"\x30" + _LENGTH + rb"\x30." + _TIME + rb"[\x81-\x83]", re.DOTALL)
"""The start of an envelope and of votes one by one: a header with a time, and a number of the election."""
_KINDS = frozenset(
    (*("bu", "busa", "imgbu", "imgbusa", "rdv"), *("bu.dat", "busa.dat", "imgbu.dat", "imgbusa.dat", "rdv.dat"))
)
"""Kinds of files in the names that the urnas give them; one with damaged content is read for what is wrong with it."""


Sections: TypeAlias = dict[tuple[int, str], SectionFiles]


def recognise(head: bytes, name: str) -> bool:
    """By the first elements, or by the whole name that an urna gives such a file."""
    named = section_of_name(name)
    return bool(_RESULT.match(head)) or (named is not None and named[1] in _KINDS)


def read(
    layout: DumpLayout,
    files: Sequence[Path],
    below: Path | None = None,
    progress: Callable[[int], None] | None = None,
    signatures: bool = True,
) -> DumpReading:
    """Read files of urnas, section by section.

    Args:
        layout: this one.
        files: in any order.
        below: the folder that they were found in.
        progress: is told of files as they are read.
        signatures: whether to check the signature of each line of votes (2022), which takes longer than all the rest.
    """
    missing = missing_libraries()
    if missing:
        return _without_libraries(layout, files, missing)
    reading = _Reading(below, signatures)
    order = {path: number for number, path in enumerate(files)}
    for _, some in groupby(sorted(files, key=lambda path: (_group(path), order[path])), _group):
        reading.read_group(list(some))
        if progress is not None:
            progress(len(reading.files))
    found = sorted(reading.files, key=lambda file: order[file.path])
    return DumpReading(
        layout,
        reading.sections.builder.finish(),
        tuple(found),
        reading.sections.checks.finish(),
        tuple(reading.problems),
        tuple(reading.sections.facts()),
    )


class _Reading:
    """Files as they are opened and decoded, until those of a section are complete."""

    def __init__(self, below: Path | None, signatures: bool) -> None:
        self.files: list[DumpFile] = []
        self.problems: list[InputError] = []
        self.sections = SectionReader(TallyBuilder(UNIT_PARTS), Checklist(), signatures)
        self._below = below

    def read_group(self, paths: list[Path]) -> None:
        """Read files that are of one section by their names, and count what is in them."""
        sections: Sections = {}
        opened = list(self._opened(paths))
        for file in opened:
            try:
                self._decode(file, sections)
            except Undecodable as error:
                file.note = msg("it could not be read")
                self.problems.append(InputError(str(file.path), None, None, error.expected, error.got))
        for section in sections.values():
            self.sections.add(section)
        for file in opened:
            self.files.append(DumpFile(file.path, len(file.data), file.sha256, file.taken_for, file.note))

    def _opened(self, paths: list[Path]) -> Iterator[ReadFile]:
        for path in paths:
            try:
                opened = open_evidence(path, MAX_SIZE, self._below)
            except InputError as error:
                size = error.size if isinstance(error, TooLargeError) else 0
                self.files.append(DumpFile(path, size, None, "", error.got))
                self.problems.append(error)
            else:
                yield ReadFile(path, opened.data, opened.sha256)

    def _decode(self, file: ReadFile, sections: Sections) -> None:
        check_bounds(file.data)
        if holds_ballots(file.data):
            ballots = count_ballots(file.data)
            file.taken_for = msg("votes one by one, counted")
            _files_of(ballots.section, sections).ballots.append((file, ballots))
        else:
            self._decode_envelope(file, sections)

    def _decode_envelope(self, file: ReadFile, sections: Sections) -> None:
        envelope = read_envelope(file.data)
        if envelope.encrypted:
            raise Undecodable(msg("content that can be read"), msg("content that is encrypted"))
        if envelope.kind != EnvelopeKind.BULLETIN:
            raise Undecodable(msg("a bulletin"), msg("an envelope with something else"))
        bulletin = read_bulletin(envelope.content)
        file.taken_for = msg("bulletin")
        _files_of(bulletin.section, sections).bulletins.append(ReadBulletin(file, envelope, bulletin))


def _files_of(section: UrnaSection, sections: Sections) -> SectionFiles:
    return sections.setdefault((section.vote, section.unit), SectionFiles())


def _group(path: Path) -> tuple[int, str]:
    """What files that belong together by their names have in common; those of other names are read first."""
    named = section_of_name(path.name)
    return (0, "") if named is None else (named[0].vote, named[0].unit)


def _without_libraries(layout: DumpLayout, files: Sequence[Path], missing: tuple[str, ...]) -> DumpReading:
    """What is said of all files where a library is not installed that is needed to read any."""
    names = " ".join(missing)
    note = msg("not read: {packages} is not installed (pip install {packages})", packages=names)
    problem = InputError(
        str(files[0]),
        None,
        None,
        msg("a Python package to read it with: pip install {packages}", packages=names),
        msg("none that is installed"),
    )
    unread = tuple(DumpFile(path, 0, None, "", note) for path in files)
    return DumpReading(layout, TallyBuilder(UNIT_PARTS).finish(), unread, (), (problem,))
