"""The tables of a file, in one walk for all readers, and the results in those that are of a known layout.

They are sheets of a workbook, records of JSON or Parquet, rows of a text.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import PurePath
from typing import TYPE_CHECKING

from protocol.errors import InputError, wrong_file
from protocol.opening import OpenedFile
from protocol.words import msg
from verify.model.published import FRANCE, Published
from verify.model.use import MEMBER
from verify.read import bounds
from verify.read.disguised import PARQUET, WORKBOOKS, ZIP, disguised_as, is_json, is_page, is_xml, root_of
from verify.read.layouts.built_in import known_layouts
from verify.read.layouts.language import Layout
from verify.read.layouts.reading import read_by_layout
from verify.read.layouts.rows import tree_table
from verify.read.published import ministry_nation
from verify.read.published.codes import has_sums, with_bare_codes
from verify.read.published.source import OpenedSource, SourceTable, text_table, unpack
from verify.read.rows import MAX_PROBLEMS, NOT_READ, repair

if TYPE_CHECKING:
    from verify.read.feed.belonging import Member

TABLES = 4
"""Tables as large as one may be that the members of an archive, or the sheets of a workbook, may come to together."""


@dataclass(slots=True)
class FoundTables:
    """The tables of a file.

    Attributes:
        known: the results of those of a known layout, each with its name in the file, empty for the only one.
        others: those of none, each with whether it is one of several of its file or member.
        wrong: what could not be read, of a member of an archive that member alone.
    """

    known: list[tuple[str, list[Published]]] = field(default_factory=list)
    others: list[tuple[SourceTable, bool]] = field(default_factory=list)
    wrong: list[InputError] = field(default_factory=list)

    @property
    def results(self) -> list[Published]:
        """All results."""
        return [one for _, several in self.known for one in several]


def find_tables(
    file: OpenedFile, read: Callable[[SourceTable], list[Published] | None], layout: Layout | None = None
) -> FoundTables:
    """Find the tables of a file; of XML the results, those of a night's feed of all its files together.

    Args:
        file: the file.
        read: gives the results of a table, None where it is of no known layout.
        layout: the only one to read XML by.

    Raises:
        InputError: it is a damaged archive, or larger than its bounds, or has XML alone, and that no results.
    """
    found = FoundTables()
    feed: list[Member] = []
    trees = partial(_trees, layout)
    for source in unpack(file, trees):
        try:
            if layouts := trees(root_of(source.data)):
                results = _read_tree(source, layouts)
                found.known += [] if results is None else [("", results)]
                if results is not None or layout is not None:
                    continue
            page = is_page(source.data) and not source.name.lower().endswith(".xml")
            if layout is None and is_xml(source.data) and not page:
                from verify.read.feed.belonging import Member
                from verify.read.feed.elements import parse

                feed.append(Member(source.name, source.file, "", parse(source.data, source.file)))
                continue
            tables = _tables_in(source, *(() if layout is None else (layout.encoding, layout.delimiter)))
        except InputError as error:
            found.wrong.append(error)
            continue
        for table in tables:
            if _is_too_much(found.results, len(file.data)):
                expected = msg("tables that are together no larger than those of one file")
                found.wrong.append(wrong_file(file.path, expected, NOT_READ))
                return found
            if (results := read(table)) is None:
                found.others.append((table, len(tables) > 1))
            else:
                member = table.file.removeprefix(str(file.path)).removeprefix(MEMBER)
                found.known.append((" ".join(filter(None, (member, table.title if table.trimmed else ""))), results))
    if feed:
        from verify.read.feed.members import of_archive

        found.known.append(("", of_archive(feed, str(file.path), file.sha256)))
    return found


def results_of_table(
    table: SourceTable, layout: Layout | None = None, *, generic: bool = True
) -> list[Published] | None:
    """The results in a table by the first known layout that it is of; None where it is of none.

    Args:
        table: its rows.
        layout: the only one to read it by.
        generic: whether layouts are tried, last, that are told by headers which any table may have.
    """
    if layout is None and (nation := ministry_nation.read(table)) is not None:
        return nation
    layouts = sorted(known_layouts(), key=lambda each: each.generic) if layout is None else [layout]
    found = (_read_with(each, table) for each in layouts if each.tree is None and (generic or not each.generic))
    return next((results for results in found if results is not None), None)


def _read_with(layout: Layout, table: SourceTable) -> list[Published] | None:
    """Read a table by a layout; None where it is not of it."""
    found = read_by_layout(layout, table)
    if found is None or layout.country != FRANCE:
        return found
    found = list(map(with_bare_codes, found))
    # by its columns alone such a file is read as well, and its rows of sums are no bureaux there
    return None if layout.generic and any(map(has_sums, found)) else found


def _is_too_much(found: Sequence[Published], size: int) -> bool:
    """Test whether the tables of one file, of an archive above all, are together more than one may be."""
    units = sum(len(table.row) for table in found)
    votes = sum(len(table.votes) for table in found)
    problems = sum(len(table.problems) for table in found)
    return units > TABLES * bounds.places(size) or votes > bounds.entries(size) or problems > MAX_PROBLEMS


def _trees(layout: Layout | None, root: str) -> list[Layout]:
    """The layouts of XML with a root element of this name, of all or of the one that was asked for."""
    layouts = () if not root else known_layouts() if layout is None else (layout,)
    return [each for each in layouts if each.tree and any(path.split("/")[0] == root for path in each.tree.rows)]


def _read_tree(source: OpenedSource, layouts: Sequence[Layout]) -> list[Published] | None:
    """The results in XML; None where it is of none of the layouts of such XML.

    Raises:
        InputError: it is damaged, or larger than its bounds.
    """
    for layout in layouts:
        table = None if layout.tree is None else tree_table(source, layout.tree)
        if table is not None and (found := read_by_layout(layout, table)) is not None:
            return found
    return None


TABLE = msg("a table")


class NoTable(InputError):
    """A file of a kind that holds no table."""


def _tables_in(source: OpenedSource, encoding: str = "", delimiter: str = "") -> list[SourceTable]:
    """The tables of a file, or of a member of an archive. The reader of a kind of files is loaded where there is one.

    Args:
        source: its bytes.
        encoding: of a text, empty where it is found out.
        delimiter: between its cells, the same.

    Raises:
        NoTable: it is of a kind that holds none.
        InputError: it is damaged, larger than its bounds, or not in its encoding.
    """
    if is_page(source.data) or source.data.startswith(ZIP):
        from verify.read.spreadsheets.pages import page_table

        if (page := page_table(source)) is not None:
            return [page]
    what = disguised_as(source.data, PurePath(source.name).name)
    if what is None and source.data.startswith(ZIP):
        from verify.read.published.archives import is_other_archive

        if is_other_archive(source.data):  # of an archive that was given, the members come here
            what = msg("an archive in an archive, which is not opened: unpack it")
    if what is not None:
        raise NoTable(source.file, None, None, TABLE, what)
    if source.data.startswith(WORKBOOKS):
        from verify.read.spreadsheets.workbook import sheets

        return sheets(source)
    text = _text_of(source, encoding)
    if is_json(text.data):
        from verify.read.spreadsheets.json_tables import json_table

        if (records := json_table(text)) is not None:
            return [records]
        got = msg("JSON without a list of bureaux: an object for each, with names such as inscrits")
        raise NoTable(source.file, None, None, TABLE, got)
    return [text_table(text, delimiter)]


def _text_of(source: OpenedSource, encoding: str) -> OpenedSource:
    """A text with its accents repaired that were encoded twice, or that of a Parquet file.

    Raises:
        InputError: it is damaged, larger than its bounds, or not in its encoding.
    """
    if source.data.startswith(PARQUET):
        from verify.read.parquet.opened import in_text

        return in_text(source)
    data = source.data.removeprefix(codecs.BOM_UTF8) if encoding else source.data
    if encoding:
        try:
            data = data.decode("utf-8" if data is not source.data else encoding).encode()
        except UnicodeDecodeError as error:
            expected = msg("text in {encoding}", encoding=encoding)
            raise wrong_file(source.file, expected, f"{error.start}") from error
    return replace(source, data=repair(data))
