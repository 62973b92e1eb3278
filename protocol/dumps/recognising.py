"""Find the dumps among files and folders: each file goes to the layout that recognises it, or is named with why not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from protocol.dumps.checks import CheckVerdict
from protocol.dumps.compare import compare_copies
from protocol.dumps.layouts import HEAD, DumpFile, DumpLayout, DumpReading, layouts, unread_format
from protocol.dumps.packed import packed_dumps
from protocol.errors import InputError
from protocol.opening import Progress, list_files, read_head, silent, size_of
from protocol.words import Text, msg

UNKNOWN = msg("of no layout that is known")


@dataclass(frozen=True, slots=True)
class FoundDumps:
    """Dumps found in files and folders.

    Attributes:
        readings: one for each layout found in each given folder.
        unrecognised: files that no layout recognises, with why.
    """

    readings: tuple[DumpReading, ...]
    unrecognised: tuple[DumpFile, ...]

    def exit_code(self) -> int:
        """2 where nothing is counted or checked, 1 where a check fails or something could not be read, else 0."""
        if not any(reading.has_content for reading in self.readings):
            return 2
        failed = any(check.verdict is CheckVerdict.FAILS for reading in self.readings for check in reading.checks)
        return 1 if failed or any(reading.problems for reading in self.readings) else 0

    def copies(self) -> list[set[tuple[int, int]]]:
        """For each reading, the unit and contest of votes that an earlier reading already has."""
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
        """Unit, contest, choice, kind and votes of every tally; a second copy of the same votes is left out."""
        for reading, copied in zip(self.readings, self.copies(), strict=True):
            yield from reading.tallies.tidy(copied)


def find_dumps(
    paths: Iterable[Path],
    progress: Progress = silent,
    within: Path | None = None,
    signatures: bool = True,
) -> FoundDumps:
    """Read all dumps in files and folders.

    Single files are read together, each folder by itself: the manifests of a folder belong to its exports. No content
    of a file makes it fail.

    Args:
        paths: files and folders.
        progress: called now and then with the number of files read so far.
        within: the folder that single files were found in, which their links must not lead out of.
        signatures: whether to check digital signatures, as `DumpLayout.read` has it.
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
    unrecognised: list[DumpFile] = []
    for below, files in groups:
        by_layout: dict[str, tuple[DumpLayout, list[Path]]] = {}
        for path in files:
            layout, why = layout_of(path, below)
            if layout is None:
                unrecognised.append(DumpFile(path, size_of(path), None, "", packed_dumps(path) or why))
            else:
                by_layout.setdefault(layout.name, (layout, []))[1].append(path)
        readings += [layout.read(some, below, progress, signatures) for layout, some in by_layout.values()]
    order = [layout.name for layout in layouts()]
    readings.sort(key=lambda reading: order.index(reading.layout.name))
    return FoundDumps(tuple(compare_copies(readings)), tuple(unrecognised))


def layout_of(path: Path, below: Path | None = None, *, models: bool = True) -> tuple[DumpLayout | None, Text]:
    """The layout that recognises a file, or None and the reason.

    Args:
        path: the file.
        below: as `protocol.opening.open_evidence` has it.
        models: False to leave out the layouts that are models of ours.
    """
    try:
        head = read_head(path, HEAD, below)
    except InputError as error:
        return None, error.got
    known = (layout for layout in layouts() if models or not layout.model)
    layout = next((layout for layout in known if layout.recognise(head, path.name)), None)
    return layout, unread_format(head) or UNKNOWN
