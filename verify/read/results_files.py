"""The one way in for published results: a known layout, the ministry's feed in a folder, any table of bureaux."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from protocol.errors import InputError, wrong_file
from protocol.opening import OpenedFile, list_files, open_evidence
from protocol.words import Message, Text, msg, series
from verify.model.published import FRANCE, Level, Published, UnknownLayout
from verify.read.aggregated import history
from verify.read.aggregated.sources import header_of
from verify.read.bounds import MAX_FEED
from verify.read.feed.members import read_folder
from verify.read.layouts.columns import HeaderNames
from verify.read.layouts.language import Layout
from verify.read.layouts.rows import row_labels
from verify.read.published.registry import NoTable, find_tables, results_of_table
from verify.read.published.source import ENCODINGS, SourceTable
from verify.read.rows import shorten
from verify.read.tables import reading
from verify.read.tables.asked import NOTHING_ASKED, Asked
from verify.read.tables.headers import key
from verify.read.tables.parts import GivenSheets, NotUnderstood


def read(path: Path) -> Published:
    """Read published results: the finest level that the file has.

    Raises:
        InputError, UnknownLayout: as `read_all`.
    """
    levels = list(Level)
    return min(read_all(path), key=lambda published: levels.index(published.level))


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
            beside.append(wrong_file(path, _wanted_of(layout), error.seen))
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
    layout = asked.layout
    if asked.columns and layout is None:
        with contextlib.suppress(InputError):
            of_columns = reading.results_in(file, find_tables(file, lambda table: None), asked)
            if any(key(column.header) in asked.columns for use in of_columns.uses for column in use.columns):
                return of_columns
    found = find_tables(file, partial(results_of_table, layout=layout), layout)
    wrong, tables = found.wrong, [table for table, _ in found.others]
    if found.known:
        first, *others = found.results
        beside = (*wrong, *(wrong_file(table.file, _wanted_of(layout), _seen(table)) for table in tables))
        return GivenSheets({}, (), (), published=(first.with_problems(beside), *others))
    if wrong and not (tables or isinstance(wrong[0], NoTable)):
        raise wrong[0]
    if layout is not None:
        raise UnknownLayout(file.path, _not_of(layout, tables) if tables or not wrong else wrong[0].got, layout.name)
    try:
        return reading.results_in(file, found)
    except NotUnderstood as error:
        seen = msg(
            "no known layout of results, and no table of bureaux: expected {expected}, got {got}. "
            "Rename the columns in the file, or say what they are: `regard results … --layout mine.toml` "
            '(`regard help layouts`), or `regard verify … --map "…=bureau"`',
            expected=error.expected,
            got=error.got,
        )
        raise UnknownLayout(file.path, seen) from error


_NO_ROW = msg("its headers, and below them no row of a station")


def _wanted_of(layout: Layout | None) -> Message:
    """Describe the table that one beside the results should have been."""
    return msg("a known layout") if layout is None else msg("a table of the layout {layout}", layout=layout.name)


def _not_of(layout: Layout, tables: Sequence[SourceTable]) -> Text:
    """Say why the tables of a file are not of a layout: by the row that has most of its headers."""
    seen = [msg("no XML with the elements {paths}", paths=series(layout.tree.rows))] if layout.tree else []
    for table in tables if not seen else ():
        rows = (table.head or [()]) if layout.turned is None else [row_labels(table.head, layout.turned)]
        lacking = ([names[0] for names in layout.needs if HeaderNames(row).find(names) is None] for row in rows)
        least = min(lacking, key=lambda names: len(names), default=[]) or list(layout.choices.columns)
        if layout.headers:
            seen.append(
                msg(
                    "first rows of which most are not as wide as {width} headers, or fail [checks]",
                    width=len(layout.headers),
                )
            )
        elif found := [row[at] for row in table.head if (at := HeaderNames(row).find(layout.without)) is not None]:
            seen.append(msg("a header of another layout: {header}", header=found[0]))
        elif least:
            seen.append(msg("no row with the headers {headers}", headers=series(least)))
        else:
            is_french = layout.country == FRANCE  # any other table has its counts even so
            seen.append(msg("its headers, and no column that fits [choices]") if is_french else _NO_ROW)
        encoding = table.form.values.get("encoding") if isinstance(table.form, Message) else None
        if encoding not in (None, ENCODINGS["utf-8"]):
            seen[-1] = msg(
                "{why} (read as {encoding}: if that is wrong, encoding says it)", why=seen[-1], encoding=encoding
            )
    return series(seen[:3] or [msg("nothing in it")], " / ")


def _seen(table: SourceTable) -> Message:
    start = next((row for row in table.head if any(row)), None)
    if start is None:
        return msg("{form}, empty", form=table.form)
    if not all(cell.isprintable() for cell in start):
        return msg("what is no text")
    return msg("{form}, starts with « {start} »", form=table.form, start=shorten(" | ".join(start)))
