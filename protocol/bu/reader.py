"""Read files of Brazilian urnas, section by section, so that the votes of a section are counted once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import TypeAlias

from protocol.bu.ballots import count_ballots
from protocol.bu.bounds import MAX_SIZE, Undecodable, check_bounds
from protocol.bu.bulletin import EnvelopeKind, read_bulletin, read_envelope
from protocol.bu.counts import UNIT_PARTS, UrnaSection, section_of_name
from protocol.bu.printed import read_printed
from protocol.bu.qr_text import START, read_parts, read_qr_bulletin, split_bulletins
from protocol.bu.schema import holds_ballots, lacks_libraries
from protocol.bu.sections import ReadFile, SectionFiles, SectionReader
from protocol.bu.signatures import read_signature_file
from protocol.dumps.layouts import DumpFile, DumpLayout, DumpReading
from protocol.dumps.tallies import TallyBuilder
from protocol.errors import InputError, wrong_file
from protocol.extras import say_missing
from protocol.opening import Progress, TooLargeError, open_evidence, silent
from protocol.words import msg

_LENGTH = rb"(?:[\x00-\x7f]|\x81.|\x82..|\x83...|\x84....)"
_TIME = rb"\x1b\x0f\d{8}T\d{6}"
_RESULT = re.compile(rb"\x30" + _LENGTH + rb"\x30." + _TIME + rb"[\x81-\x83]", re.DOTALL)
"""The start of an envelope and of votes one by one: a header with a time, and a number of the election."""
_SIGNED = re.compile(
    rb"\x30" + _LENGTH + rb"(?:\x0a\x01.|\x30" + _LENGTH + rb")(?:\x30" + _LENGTH + rb")?" + _TIME + rb"\x02", re.DOTALL
)
"""The start of a signature file: a model or none, then a time and the number of a version."""
_KINDS = {
    *("bu", "busa", "imgbu", "imgbusa", "rdv", "vscmr", "vscsa"),
    *("bu.dat", "busa.dat", "imgbu.dat", "imgbusa.dat", "rdv.dat", "vota.vsc", "red.vsc", "sa.vsc"),
}
"""Kinds in the file names that urnas write. A file of such a name is read even if damaged, to report the damage."""
_UNNAMED = (0, "")
MAX_LISTED = 2**26
"""Bytes of a file that a signature file lists; the largest known has 76 kB."""
Sections: TypeAlias = dict[tuple[int, str], SectionFiles]


def recognise(head: bytes, name: str) -> bool:
    """Recognise a file by its first elements, or by the name that an urna gives it."""
    named = section_of_name(name)
    begins = _RESULT.match(head) or _SIGNED.match(head) or head.startswith(START.encode())
    return bool(begins) or (named is not None and named[1] in _KINDS)


def read(
    layout: DumpLayout,
    files: Sequence[Path],
    below: Path | None = None,
    progress: Progress = silent,
    signatures: bool = True,
) -> DumpReading:
    """Read files of urnas, section by section.

    Args:
        layout: layout of urnas, kept in the result.
        files: in any order.
        below: the folder that they were found in.
        progress: called as files are read.
        signatures: whether to check the signature of each line of votes (2022), which takes longer than all the rest.
    """
    if lacks_libraries():
        return _without_libraries(layout, files)
    reading = _Reading(below, signatures)
    order = {path: number for number, path in enumerate(files)}
    for group, some in groupby(sorted(files, key=lambda path: (_group(path), order[path])), _group):
        reading.read_group(list(some), group)
        progress(len(reading.files))
    reading.finish()
    sections = reading.sections
    found = sorted(reading.files, key=lambda file: order[file.path])
    return DumpReading(
        layout,
        sections.builder.finish(),
        tuple(found),
        sections.checks.finish(),
        tuple(reading.problems),
        tuple(sections.facts),
    )


class _Reading:
    """Files that are open and decoded, held until all files of their section are there.

    Files of one section have its number in their names; a file with another name is assigned by its content.
    """

    def __init__(self, below: Path | None, signatures: bool) -> None:
        self.files: list[DumpFile] = []
        self.problems: list[InputError] = []
        self.sections = SectionReader(TallyBuilder(UNIT_PARTS), self._find, signatures)
        self._below = below
        self._waiting: Sections = {}
        self._read: list[ReadFile] = []

    def read_group(self, paths: list[Path], group: tuple[int, str]) -> None:
        """Read files with the name of one section, and count the section if its bulletin is among them."""
        sections: Sections = {}
        for file in self._open(paths):
            self._read.append(file)
            try:
                self._decode(file, sections)
            except Undecodable as error:
                file.note = msg("it could not be read")
                self.problems.append(wrong_file(file.path, error.expected, error.got))
        for key, section in sections.items():
            if key in self._waiting:
                section.take(self._waiting.pop(key))
            if key == group and section.bulletins:
                self.sections.add(section)
            else:
                self._waiting[key] = section
        self._close()

    def finish(self) -> None:
        """Count the sections that still wait: without a bulletin, or in files with another section's name or none."""
        for section in self._waiting.values():
            self.sections.add(section)
        self._waiting = {}
        self._close()

    def _close(self) -> None:
        waiting = {id(file) for section in self._waiting.values() for file in section.files()}
        for file in self._read:
            if id(file) not in waiting:
                self.files.append(DumpFile(file.path, len(file.data), file.sha256, file.taken_for, file.note))
        self._read = [file for file in self._read if id(file) in waiting]

    def _open(self, paths: list[Path]) -> Iterator[ReadFile]:
        for path in paths:
            try:
                opened = open_evidence(path, MAX_SIZE, self._below)
            except InputError as error:
                size = error.size if isinstance(error, TooLargeError) else 0
                self.files.append(DumpFile(path, size, None, "", error.got))
                self.problems.append(error)
            else:
                yield ReadFile(path, opened.data, opened.sha256)

    def _find(self, beside: Path, name: str) -> bytes | None:
        """Read a file that a signature file beside it lists; None if its name is not that of an urna's file."""
        if section_of_name(name) is None:
            return None
        path = beside.with_name(name)
        try:
            return open_evidence(path, MAX_LISTED, self._below or path.parent).data
        except InputError:
            return None

    def _decode(self, file: ReadFile, sections: Sections) -> None:
        if file.data.startswith(START.encode()):
            file.taken_for = msg("QR texts")
            for parts in split_bulletins(read_parts(file.data.decode("latin-1"))):
                qr = read_qr_bulletin(parts)
                _files_of(qr.section, sections).qr.append((file, qr))
            return
        check_bounds(file.data)
        if _SIGNED.match(file.data):
            signed = read_signature_file(file.data)
            file.taken_for = msg("file of signatures")
            section = signed.section or UrnaSection(0, 0, 0, 0, 0)
            _files_of(section, sections).signed.append((file, signed))
        elif holds_ballots(file.data):
            ballots = count_ballots(file.data)
            file.taken_for = msg("votes one by one, counted")
            _files_of(ballots.section, sections).ballots.append((file, ballots))
        else:
            _decode_envelope(file, sections)


def _decode_envelope(file: ReadFile, sections: Sections) -> None:
    envelope = read_envelope(file.data)
    if envelope.encrypted:
        raise Undecodable(msg("content that can be read"), msg("content that is encrypted"))
    if envelope.kind == EnvelopeKind.BULLETIN:
        bulletin = read_bulletin(envelope.content)
        file.taken_for = msg("bulletin")
        _files_of(bulletin.section, sections).bulletins.append((file, envelope, bulletin))
    elif envelope.kind == EnvelopeKind.PRINTED:
        printed = read_printed(envelope.content)
        file.taken_for = msg("printed text")
        _files_of(envelope.section, sections).printed.append((file, envelope, printed))
    else:
        raise Undecodable(msg("a bulletin or a printed text"), msg("an envelope with something else"))


def _files_of(section: UrnaSection, sections: Sections) -> SectionFiles:
    return sections.setdefault((section.vote, section.unit), SectionFiles())


def _group(path: Path) -> tuple[int, str]:
    """Key of the section in a file's name; files with other names have the first key."""
    named = section_of_name(path.name)
    return _UNNAMED if named is None else (named[0].vote, named[0].unit)


def _without_libraries(layout: DumpLayout, files: Sequence[Path]) -> DumpReading:
    """Report all files as unread because a needed library is not installed."""
    missing = say_missing("machines")
    note = msg("not read: {missing}", missing=missing)
    problem = wrong_file(files[0], msg("Python packages to read it with"), missing)
    unread = tuple(DumpFile(path, 0, None, "", note) for path in files)
    return DumpReading(layout, TallyBuilder(UNIT_PARTS).finish(), unread, (), (problem,))
