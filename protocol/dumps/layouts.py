"""The layouts of dumps that are read, one line each: how a file is recognised by its content, and who reads it."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, partial
from importlib import import_module
from pathlib import Path

from protocol.dumps.checks import CheckVerdict, DumpCheck
from protocol.dumps.tallies import Tallies, TallyBuilder
from protocol.errors import InputError, wrong_file
from protocol.opening import Progress, silent
from protocol.plug_ins import DUMPS, PlugIn, PlugInError, plug_ins
from protocol.words import Message, Text, msg

HEAD = 4096
"""Bytes from the start of a file that a layout is recognised by."""


@dataclass(frozen=True, slots=True)
class DumpFile:
    """A file that a reader looked at.

    Attributes:
        path: as given, or found in a folder.
        size: in bytes.
        sha256: None where it was not read.
        taken_for: what it turned out to be, as ``bulletin``; empty where it was not used.
        note: how much of it was used, or why it was not.
    """

    path: Path
    size: int
    sha256: str | None
    taken_for: Text = ""
    note: Text = ""


@dataclass(frozen=True, slots=True)
class DumpReading:
    """Dumps of one layout, as read.

    Attributes:
        layout: the layout.
        tallies: what was counted.
        files: every file that was looked at.
        checks: what was checked.
        problems: what could not be read, with its place.
        facts: what a dump says of itself (election, machine, version, times), as label and value.
    """

    layout: DumpLayout
    tallies: Tallies
    files: tuple[DumpFile, ...]
    checks: tuple[DumpCheck, ...] = ()
    problems: tuple[InputError, ...] = ()
    facts: tuple[tuple[Text, Text], ...] = field(default=())

    @property
    def has_content(self) -> bool:
        """True if anything was counted or checked; false for lists alone and for an export without ballots."""
        made = any(check.verdict is not CheckVerdict.NOT_CHECKED for check in self.checks)
        return bool(self.tallies.units) or made


@dataclass(frozen=True, slots=True)
class DumpLayout:
    """A maker's layout, as a plug-in.

    Attributes:
        name: in code and files, as ``bu``.
        title: for people.
        reader: the Python module that reads it, loaded when it is used: it has ``recognise(head, name)`` and
            ``read(files, below, progress)``.
        model: that the layout is a model of ours and not the maker's.
        signed: that its dumps are signed, and its reader takes ``signatures``: whether to check these.
        plug_in: what brings it; None for one of ours.
    """

    name: str
    title: Message
    reader: str
    model: bool = False
    signed: bool = False
    plug_in: PlugIn | None = None

    def recognise(self, head: bytes, name: str) -> bool:
        """Check whether a file may have this layout; the name alone never decides."""
        return bool(self._call("recognise", head, name))

    def read(
        self,
        files: Sequence[Path],
        below: Path | None = None,
        progress: Progress = silent,
        signatures: bool = True,
    ) -> DumpReading:
        """Read all files of this layout together; nothing in their content makes it fail, but for a plug-in.

        Args:
            files: in any order.
            below: the folder that they were found in.
            progress: called with the number of files read so far, now and then.
            signatures: whether to check signatures, which take longer than all the rest; those that are not checked
                are counted among what was not checked.
        """
        further = {"signatures": signatures} if self.signed else {}
        read = self._call("read", self, files, below, progress, **further)
        if isinstance(read, DumpReading):
            return read
        expected, got = msg("a dump that its layout can read"), msg("its plug-in failed")
        problems = tuple(wrong_file(file, expected, got) for file in files)
        unread = tuple(DumpFile(file, 0, None) for file in files)
        return DumpReading(self, TallyBuilder(()).finish(), unread, problems=problems)

    def _call(self, function: str, *given: object, **further: object) -> object:
        """Call a function of the reader; None where that of a plug-in fails."""

        def call(_: object = None) -> object:
            return getattr(import_module(self.reader), function)(*given, **further)

        return call() if self.plug_in is None else self.plug_in.use(call)


LAYOUTS: tuple[DumpLayout, ...] = (
    DumpLayout("esf1-urn", msg("ESF1 module image (a model)"), "protocol.urn.as_dump", model=True),
    DumpLayout("esf1-export", msg("ESF1 result export (a model)"), "protocol.export.as_dump", model=True),
    DumpLayout("bu", msg("Brazilian urna (boletim de urna)"), "protocol.bu.reader", signed=True),
    DumpLayout("dominion", msg("Dominion Democracy Suite, ballots one by one"), "protocol.cvr.reader"),
    DumpLayout("nist-cvr", msg("NIST SP 1500-103, cast vote records"), "protocol.cvr.nist_reader"),
)
"""Most particular first: the first that recognises a file gets it."""

_UNREAD: tuple[tuple[re.Pattern[bytes], str], ...] = (
    (re.compile(rb"http://tempuri\.org/CVRDesign\.xsd"), "Hart Verity"),
    (re.compile(rb'^\W{0,4}RowNumber"?,"?BoxID"?,"?BoxPosition'), "Clear Ballot"),
    (re.compile(rb'^\W{0,4}Cast Vote Record"?,"?(?:Precinct"?,"?Ballot Style|Batch"?,"?Ballot Status)'), "ES&S"),
    (re.compile(rb"<(?:\w{1,40}:)?CastVoteRecordReport\b(?s:.*)\bUnisyn\b"), "Unisyn, NIST SP 1500-103, XML"),
    (re.compile(rb"<(?:\w{1,40}:)?CastVoteRecordReport\b"), "NIST SP 1500-103, XML"),
)
"""Formats of ballots one by one that no reader is for: first bytes and name; the more particular first."""


def unread_format(head: bytes) -> Message | None:
    """Name a known format that regard does not read; None for any other file."""
    names = (name for pattern, name in _UNREAD if pattern.search(head))
    return next((msg("{format}: recognised, and not read by regard", format=name) for name in names), None)


@cache
def layouts() -> tuple[DumpLayout, ...]:
    """Ours, then those of plug-ins: an entry point of the group ``regard.dumps`` names a `DumpLayout`."""
    names = {layout.name for layout in LAYOUTS}
    found = list(LAYOUTS)
    for plug_in in plug_ins(DUMPS):
        layout = plug_in.use(partial(_plugged, plug_in, names))
        if layout is not None:
            names.add(layout.name)
            found.append(layout)
    return tuple(found)


def _plugged(plug_in: PlugIn, taken: Collection[str], layout: object) -> DumpLayout:
    if not isinstance(layout, DumpLayout):
        raise PlugInError(msg("expected a DumpLayout"))
    if layout.name in taken:
        raise PlugInError(msg("{name}: there is a layout of this name", name=layout.name))
    import_module(layout.reader)
    return replace(layout, plug_in=plug_in)
