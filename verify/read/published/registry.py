"""The one way in: recognises a published file by its content and hands it to the reader of its layout."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from protocol.errors import InputError, wrong_file
from protocol.opening import OpenedFile, open_evidence
from protocol.words import Message, Text, msg, series
from verify.model.published import FRANCE, Level, Published, UnknownLayout
from verify.model.use import MEMBER
from verify.read import bounds
from verify.read.disguised import is_page, root_of
from verify.read.feed.belonging import Member
from verify.read.feed.elements import is_xml, parse
from verify.read.feed.members import of_archive
from verify.read.layouts.built_in import known_layouts
from verify.read.layouts.columns import HeaderNames
from verify.read.layouts.language import Layout
from verify.read.layouts.reading import read_by_layout
from verify.read.layouts.rows import row_labels, tree_table
from verify.read.published import ministry_nation
from verify.read.published.codes import has_sums, with_bare_codes
from verify.read.published.source import ENCODINGS, OpenedSource, SourceTable, unpack
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
    found = find_tables(file, partial(results_of_table, layout=layout), layout)
    wrong, unknown = found.wrong, [table for table, _ in found.others]
    if wrong and not (found.known or unknown or isinstance(wrong[0], NoTable)):
        raise wrong[0]
    if not found.known:
        if layout is None:
            raise UnknownLayout(file.path, _unknown(unknown))
        raise UnknownLayout(file.path, _not_of(layout, unknown) if unknown or not wrong else wrong[0].got, layout.name)
    beside = (*wrong, *(wrong_file(table.file, wanted_of(layout), _seen(table)) for table in unknown))
    first, *others = found.results
    return [first.with_problems(beside), *others]


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
    found, feed = FoundTables(), list[Member]()
    layouts = known_layouts() if layout is None else (layout,)
    roots = frozenset(path.split("/")[0] for each in layouts if each.tree for path in each.tree.rows)
    for source in unpack(file, roots):
        try:
            if root_of(source.data) in roots:
                results = _read_tree(source, layouts)
                found.known += [] if results is None else [("", results)]
                if results is not None or layout is not None:
                    continue
            page = is_page(source.data) and not source.name.lower().endswith(".xml")
            if layout is None and is_xml(source.data) and not page:
                feed.append(Member(source.name, source.file, "", parse(source.data, source.file)))
                continue
            tables = tables_in(source, *(() if layout is None else (layout.encoding, layout.delimiter)))
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


_NO_ROW = msg("its headers, and below them no row of a station")


def wanted_of(layout: Layout | None) -> Message:
    """What a table beside the results should have been."""
    return msg("a known layout") if layout is None else msg("a table of the layout {layout}", layout=layout.name)


def _not_of(layout: Layout, tables: Sequence[SourceTable]) -> Text:
    """What the tables of a file lack to be of a layout: headers of the row that has most of them."""
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


def _unknown(tables: list[SourceTable]) -> Message:
    seen = series((_seen(table) for table in tables[:3]), " / ") if tables else msg("nothing in it")
    return msg(
        "no known layout: {seen}; `regard layouts` lists those that are known, and `regard help layouts` says how to "
        "write one",
        seen=seen,
    )


def _seen(table: SourceTable) -> Message:
    start = next((row for row in table.head if any(row)), None)
    if start is None:
        return msg("{form}, empty", form=table.form)
    if not all(cell.isprintable() for cell in start):
        return msg("what is no text")
    return msg("{form}, starts with « {start} »", form=table.form, start=shorten(" | ".join(start)))
