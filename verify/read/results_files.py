"""The one way in for published results: a known layout, the ministry's feed in a folder, any table of bureaux."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from protocol.errors import InputError, wrong_file
from protocol.opening import OpenedFile, list_files, open_evidence
from protocol.words import msg
from verify.model.published import Published, UnknownLayout
from verify.read.aggregated import history
from verify.read.aggregated.sources import header_of
from verify.read.bounds import MAX_FEED
from verify.read.feed.members import read_folder
from verify.read.layouts.language import Layout
from verify.read.published import registry
from verify.read.tables import reading
from verify.read.tables.asked import NOTHING_ASKED, Asked
from verify.read.tables.headers import key
from verify.read.tables.parts import GivenSheets, NotUnderstood


def read_all(
    path: Path, progress: Callable[[int], object] = lambda done: None, layout: Layout | None = None
) -> list[Published]:
    """Everything that a file has, or the files in a folder: the feed where there is one.

    Args:
        path: of either.
        progress: called with how many files of a folder are read.
        layout: the only one to read a file by, or all files of a folder.

    Raises:
        InputError: it cannot be read, or is larger than its bounds.
        UnknownLayout: no layout fits, and it is no table of bureaux either.
    """
    if path.is_dir() and layout is not None:
        return _of_folder(path, progress, layout)
    if path.is_dir():
        try:
            return read_folder(path, progress).results
        except UnknownLayout as no_feed:
            return _of_folder(path, progress, no_feed)
    if layout is None and tables_of([path]):
        return [one_election([path], "")]
    return parse_all(open_evidence(path), layout)


def _of_folder(folder: Path, progress: Callable[[int], object], by: Layout | UnknownLayout) -> list[Published]:
    """The results of all files of a folder; those that cannot be read are problems of the first.

    Args:
        folder: where they are.
        progress: called with how many are read.
        by: the one layout that they are to have; else why they are no feed.

    Raises:
        UnknownLayout: none can be read.
    """
    layout = by if isinstance(by, Layout) else None
    found: list[Published] = []
    beside: list[InputError] = []
    for number, path in enumerate(list_files(folder)[:MAX_FEED], 1):
        try:
            found += parse_all(open_evidence(path, below=folder), layout)
        except InputError as error:
            beside.append(error)
        except UnknownLayout as error:
            beside.append(wrong_file(path, registry.wanted_of(layout), error.seen))
        progress(number)
    if found:
        return [found[0].with_problems(beside), *found[1:]]
    if isinstance(by, Layout):
        raise UnknownLayout(folder, beside[0].got if beside else msg("nothing"), by.name)
    if not beside:
        raise by
    raise UnknownLayout(folder, msg("no results in this folder: {problem}", problem=beside[0].message))


def tables_of(paths: Sequence[Path]) -> list[Path]:
    """Choose data.gouv.fr's tables of all elections among files: they belong together."""
    return [path for path in paths if path.is_file() and header_of(path) is not None]


def one_election(paths: Sequence[Path], asked: str) -> Published:
    """One election out of data.gouv.fr's tables.

    Args:
        paths: of both tables, or of one.
        asked: its id, empty for the only one that there is.

    Raises:
        InputError: a file is damaged, a second one of its kind, or there is no such election.
    """
    with history.one_election(paths, asked) as (_, found):
        return found


def parse_all(file: OpenedFile, layout: Layout | None = None) -> list[Published]:
    """Everything that an opened file has; as `read_all`. Tables of it that are not used are problems of the first.

    Raises:
        InputError, UnknownLayout: as `read_all`.
    """
    found = parse_given(file, replace(NOTHING_ASKED, layout=layout))
    return [found.published[0].with_problems(found.problems), *found.published[1:]]


def parse_given(file: OpenedFile, asked: Asked) -> GivenSheets:
    """Everything that an opened file has, and what became of its tables where it is of no known layout.

    Args:
        file: the file.
        asked: what the user says of its columns: a file that has one of them is read by its columns alone.

    Raises:
        InputError, UnknownLayout: as `read_all`.
    """
    if asked.layout is not None:
        return GivenSheets({}, (), (), published=tuple(registry.parse_all(file, asked.layout)))
    if asked.columns:
        with contextlib.suppress(InputError):
            found = reading.results_in(file, asked)
            if any(key(column.header) in asked.columns for use in found.uses for column in use.columns):
                return found
    try:
        return GivenSheets({}, (), (), published=tuple(registry.parse_all(file)))
    except UnknownLayout as unknown:
        try:
            return reading.results_in(file)
        except NotUnderstood as error:
            seen = msg(
                "no known layout of results, and no table of bureaux: expected {expected}, got {got}. "
                "Rename the columns in the file, or say what they are: `regard results … --layout mine.toml` "
                '(`regard help layouts`), or `regard verify … --map "…=bureau"`',
                expected=error.expected,
                got=error.got,
            )
            raise UnknownLayout(file.path, seen) from error
        except InputError:
            raise unknown from None
