"""The one way in: recognises a published file by its content and hands it to the reader of its layout."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from protocol.errors import InputError
from protocol.opening import OpenedFile, open_evidence
from protocol.words import Message, msg, series
from verify.model.published import FRANCE, Level, Published, UnknownLayout
from verify.read import bounds
from verify.read.disguised import root_of
from verify.read.feed.belonging import Member
from verify.read.feed.elements import is_xml, parse
from verify.read.feed.members import of_archive
from verify.read.layouts.built_in import known_layouts
from verify.read.layouts.columns import HeaderNames
from verify.read.layouts.language import Layout
from verify.read.layouts.reading import read_by_layout
from verify.read.layouts.shapes import row_labels, tree_table
from verify.read.published import ministry_nation
from verify.read.published.codes import has_sums, with_bare_codes
from verify.read.published.source import OpenedSource, SourceTable, unpack
from verify.read.rows import MAX_PROBLEMS, NOT_READ, shorten
from verify.read.source_tables import NoTable, tables_in

TABLES = 4
"""Tables as large as one may be that the members of an archive, or the sheets of a workbook, may come to together."""


def read(path: Path) -> Published:
    """Read published results: the finest level that the file has.

    Raises:
        InputError: the file cannot be read, or is larger than its bounds.
        UnknownLayout: no layout fits.
    """
    levels = list(Level)
    return min(read_all(path), key=lambda published: levels.index(published.level))


def read_all(path: Path) -> list[Published]:
    """Read everything that a file has: several levels of a workbook, both rounds of a text, all files of an archive.

    Raises:
        InputError, UnknownLayout: as `read`.
    """
    return parse_all(open_evidence(path))


def parse_all(file: OpenedFile, layout: Layout | None = None) -> list[Published]:
    """Everything that an opened file has; as `read_all`.

    Args:
        file: the file.
        layout: the only one to read it by.

    Raises:
        InputError, UnknownLayout: as `read`.
    """
    found: list[Published] = []
    unknown: list[SourceTable] = []
    damaged: list[InputError] = []
    feed: list[Member] = []
    for table in _tables(file, layout, damaged, feed, found):
        if is_too_much(found, len(file.data)):
            expected = msg("tables that are together no larger than those of one file")
            damaged.append(InputError(str(file.path), None, None, expected, NOT_READ))
            break
        if (results := results_of_table(table, layout)) is None:
            unknown.append(table)
        else:
            found += results
    found += of_archive(feed, str(file.path), file.sha256) if feed else []
    if damaged and not (found or unknown or isinstance(damaged[0], NoTable)):
        raise damaged[0]
    if not found:
        raise UnknownLayout(file.path, _unknown(unknown) if layout is None else _not_of(layout, unknown))
    beside = (*damaged, *(InputError(table.file, None, None, msg("a known layout"), _seen(table)) for table in unknown))
    return [found[0].with_problems(beside), *found[1:]]


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


def is_too_much(found: Sequence[Published], size: int) -> bool:
    """Test whether the tables of one file, of an archive above all, are together more than one may be."""
    units = sum(len(table.row) for table in found)
    votes = sum(len(table.votes) for table in found)
    problems = sum(len(table.problems) for table in found)
    return units > TABLES * bounds.places(size) or votes > bounds.entries(size) or problems > MAX_PROBLEMS


def _tables(
    file: OpenedFile, layout: Layout | None, damaged: list[InputError], feed: list[Member], found: list[Published]
) -> Iterator[SourceTable]:
    """Every table of a file; what is wrong with a member of an archive is said of it alone.

    Files of a night's feed are put into ``feed``: only together are they results. What entries read of XML is
    put into ``found``.
    """
    layouts = known_layouts() if layout is None else (layout,)
    roots = frozenset(path.split("/")[0] for each in layouts if each.tree for path in each.tree.rows)
    for source in unpack(file, roots):
        if root_of(source.data) in roots:
            results = _read_tree(source, layouts)
            found += results or []
            if results is not None or layout is not None:
                continue
        if layout is None and is_xml(source.data):
            feed.append(Member(source.name, source.file, "", parse(source.data, source.file)))
            continue
        try:
            yield from tables_in(source, *(() if layout is None else (layout.encoding, layout.delimiter)))
        except InputError as error:
            damaged.append(error)


def _read_tree(source: OpenedSource, layouts: Sequence[Layout]) -> list[Published] | None:
    """The results in XML; None where it is none of the layouts.

    Raises:
        InputError: it is damaged, or larger than its bounds.
    """
    for layout in layouts:
        table = None if layout.tree is None else tree_table(source, layout.tree)
        if table is not None and (found := read_by_layout(layout, table)) is not None:
            return found
    return None


_NO_ROW = msg("its headers are there; below them is no row of a station")


def _not_of(layout: Layout, tables: Sequence[SourceTable]) -> Message:
    """What the tables of a file lack to be of a layout: headers of the row that has most of them."""
    seen = [msg("no XML with the elements {paths}", paths=series(layout.tree.rows))] if layout.tree else []
    for table in tables if not seen else ():
        rows = (table.head or [()]) if layout.turned is None else [row_labels(table.head, layout.turned)]
        lacking = ([names[0] for names in layout.needs if HeaderNames(row).find(names) is None] for row in rows)
        least = min(lacking, key=lambda names: len(names), default=[]) or list(layout.choices.columns)
        if layout.headers:
            seen.append(
                msg(
                    "most of its first rows are not as wide as {width} headers, or fail [checks]",
                    width=len(layout.headers),
                )
            )
        elif least:
            seen.append(msg("no row has the headers {headers}", headers=series(least)))
        else:
            is_french = layout.country == FRANCE  # any other table has its counts even so
            seen.append(msg("its headers are there; no column fits [choices]") if is_french else _NO_ROW)
    return msg("not of the layout {layout}: {why}", layout=layout.name, why=series(seen[:3], " / "))


def _unknown(tables: list[SourceTable]) -> Message:
    seen = series((_seen(table) for table in tables[:3]), " / ") if tables else msg("nothing in it")
    return msg("no known layout: {seen}; `regard layouts` lists those that are known", seen=seen)


def _seen(table: SourceTable) -> Message:
    start = next((row for row in table.head if any(row)), None)
    if start is None:
        return msg("{form}, empty", form=table.form)
    if not all(cell.isprintable() for cell in start):
        return msg("what is no text")
    return msg("{form}, starts with « {start} »", form=table.form, start=shorten(" | ".join(start)))
