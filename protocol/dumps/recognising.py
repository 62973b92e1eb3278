"""Recognise the dumps among files and folders: each file goes to the layout that knows it, none is passed over."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

import numpy as np

from protocol.dumps.checks import Checklist, CheckVerdict
from protocol.dumps.layouts import HEAD, DumpFile, DumpLayout, DumpReading, layouts, unread_format
from protocol.dumps.tallies import TALLY_LABELS, Tallies, TallyKind
from protocol.errors import InputError
from protocol.opening import Progress, list_files, read_ends, read_head, silent, size_of
from protocol.words import Message, Text, msg, series

MAGIC = b"PK\x03\x04"
LOOKED_AT = 2**16
"""Bytes of the zip that are looked at."""
MAX_FILES = 16
"""Files of the zip that are looked at."""
_HEADER = 30
_STORED, _DEFLATED = 0, 8
_SIZE_BEHIND = 8
"""The flag that says that the size of a file stands behind it."""


def packed_dumps(path: Path) -> Message | None:
    """Advise on a zip whose first files are mostly dumps; None for all other files."""
    try:
        data = read_ends(path, LOOKED_AT, 0)[0] if read_ends(path, len(MAGIC), 0)[0] == MAGIC else b""
    except (OSError, ValueError):
        return None
    files = list(_first_files(data))
    recognised = [next((each for each in layouts() if each.recognise(start, name)), None) for name, start in files]
    known = [each for each in recognised if each is not None]
    if 2 * len(known) <= len(files):
        return None
    return msg("a zip with dumps in it, {layout}: unpack it, and give the folder", layout=known[0].title)


def _first_files(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Name and first bytes of the files at the start of a zip."""
    at = 0
    for _ in range(MAX_FILES):
        if data[at : at + 4] != MAGIC or len(data) < at + _HEADER:
            return
        flags, method, size, length, further = (
            int.from_bytes(data[at + start : at + end], "little")
            for start, end in ((6, 8), (8, 10), (18, 22), (26, 28), (28, 30))
        )
        name = data[at + _HEADER : at + _HEADER + length].decode("utf-8", "replace")
        start = at + _HEADER + length + further
        content = data[start : start + size] if size else data[start:]
        yield PurePosixPath(name).name, _unpack(content, method)
        if flags & _SIZE_BEHIND:
            return
        at = start + size


def _unpack(content: bytes, method: int) -> bytes:
    """The first bytes of a file; none where they are packed in another way."""
    if method == _STORED:
        return content[:HEAD]
    if method != _DEFLATED:
        return b""
    try:
        return zlib.decompressobj(wbits=-zlib.MAX_WBITS).decompress(content, HEAD)
    except zlib.error:
        return b""


CODE = "M103"
_SHOWN = 5
"""Differences that a failed check lists."""
Votes = dict[tuple[TallyKind, str], int]


def compare_copies(readings: Iterable[DumpReading]) -> Iterator[DumpReading]:
    """Compare each dump with the first one of the same unit and contest; add the differences as checks."""
    seen: dict[tuple[str, str], tuple[Votes, Text]] = {}
    for reading in readings:
        title: Text = reading.layout.title
        checks = Checklist()
        same = 0
        for key, votes in _votes(reading.tallies).items():
            if key not in seen:
                seen[key] = votes, title
                continue
            other, source = seen[key]
            unlike = sorted(place for place in {*votes, *other} if votes.get(place) != other.get(place))
            same += not unlike
            if unlike:
                left, right = (series(_figure(place, one) for place in unlike[:_SHOWN]) for one in (other, votes))
                checks.of("", key[0]).differ(CODE, _TEXT, (left, right), (source, title), times=len(unlike))
        checks.holds(CODE, _TEXT, times=same)
        yield replace(reading, checks=(*reading.checks, *checks.made)) if checks.made else reading


_TEXT = msg("votes by choice and blank votes against another dump of the same unit")


def _votes(tallies: Tallies) -> dict[tuple[str, str], Votes]:
    """Votes by unit and contest, by kind and by the choice's identifier, which two layouts share."""
    found: dict[tuple[str, str], Votes] = {}
    for unit, contest, choice, kind, votes in tallies.rows.tolist():
        of_contest = found.setdefault((tallies.units[unit], tallies.contests[contest].id), {})
        of_contest[TallyKind(kind), tallies.choices[choice].id if choice >= 0 else ""] = votes
    return found


def _figure(place: tuple[TallyKind, str], votes: Votes) -> Text:
    kind, choice = place
    name: Text = msg("choice {number}", number=choice) if kind is TallyKind.CHOICE else TALLY_LABELS[kind]
    count = votes.get(place)
    return msg("{name}: {count}", name=name, count=msg("none") if count is None else str(count))


UNKNOWN = msg("of no layout that is known")


@dataclass(frozen=True, slots=True)
class FoundDumps:
    """Dumps found in files and folders.

    Attributes:
        readings: one for each layout and given folder in which something of it is.
        left: files that no layout recognises, with why.
    """

    readings: tuple[DumpReading, ...]
    left: tuple[DumpFile, ...]

    def outcome(self) -> int:
        """2 where nothing is counted or checked, 1 where a check fails or something could not be read, else 0."""
        if not any(reading.has_content for reading in self.readings):
            return 2
        failed = any(check.verdict is CheckVerdict.FAILS for reading in self.readings for check in reading.checks)
        return 1 if failed or any(reading.problems for reading in self.readings) else 0

    def copies(self) -> list[set[tuple[int, int]]]:
        """For each reading, the unit and contest of votes that an earlier one has as well."""
        seen: set[tuple[str, str]] = set()
        found: list[set[tuple[int, int]]] = []
        for tallies in (reading.tallies for reading in self.readings):
            keys = {
                (tallies.units[unit], tallies.contests[contest].id): (unit, contest)
                for unit, contest in np.unique(tallies.rows[["unit", "contest"]]).tolist()
            }
            found.append({place for key, place in keys.items() if key in seen})
            seen |= keys.keys()
        return found

    def tidy(self) -> Iterator[tuple[str, str, str, str, int]]:
        """Unit, contest, choice, kind and votes of every tally; what a second copy says again is left out."""
        for reading, copied in zip(self.readings, self.copies(), strict=True):
            yield from reading.tallies.tidy(copied)


def find_dumps(
    paths: Iterable[Path],
    progress: Progress = silent,
    within: Path | None = None,
    signatures: bool = True,
) -> FoundDumps:
    """Read all dumps in files and folders.

    Files that were given one by one are read together, those of a folder by themselves: the manifests of a folder
    belong to its exports. Nothing in a file's content makes it fail.

    Args:
        paths: files and folders.
        progress: called with the number of files read so far, now and then.
        within: the folder that single files were found in, which their links must not lead out of.
        signatures: whether to check signatures, as `DumpLayout.read` has it.
    """
    alone: list[Path] = []
    inside: list[Path] = []
    groups: list[tuple[Path | None, list[Path]]] = [(None, alone), (within, inside)]
    for path in paths:
        if path.is_dir():
            groups.append((path, list_files(path)))
        elif within is not None and path.is_relative_to(within):
            inside.append(path)
        else:
            alone.append(path)
    readings: list[DumpReading] = []
    left: list[DumpFile] = []
    for below, files in groups:
        by_layout: dict[str, tuple[DumpLayout, list[Path]]] = {}
        for path in files:
            layout, why = layout_of(path, below)
            if layout is None:
                left.append(DumpFile(path, size_of(path), None, "", packed_dumps(path) or why))
            else:
                by_layout.setdefault(layout.name, (layout, []))[1].append(path)
        readings += [layout.read(some, below, progress, signatures) for layout, some in by_layout.values()]
    order = [layout.name for layout in layouts()]
    readings.sort(key=lambda reading: order.index(reading.layout.name))
    return FoundDumps(tuple(compare_copies(readings)), tuple(left))


def layout_of(path: Path, below: Path | None = None, *, models: bool = True) -> tuple[DumpLayout | None, Text]:
    """The layout that recognises a file; None, and why, where none does.

    Args:
        path: the file.
        below: as `protocol.opening.open_evidence` has it.
        models: whether the layouts that are models of ours are among those that are asked.
    """
    try:
        head = read_head(path, HEAD, below)
    except InputError as error:
        return None, error.got
    known = (layout for layout in layouts() if models or not layout.model)
    layout = next((layout for layout in known if layout.recognise(head, path.name)), None)
    return layout, unread_format(head) or UNKNOWN
