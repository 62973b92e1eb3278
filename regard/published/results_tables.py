"""Published results as tables: the counts of each place, the votes of each choice, and where two files differ."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from protocol.opening import OpenedFile
from protocol.quantities import Quantity
from protocol.words import msg
from regard.paths import AnyFile, Files, files_of
from regard.published.moved_places import MOVED, gather_moved
from regard.published.results_json import flaw_row
from regard.reports.fields import BUREAU, COMMUNE, CONSTITUENCY, DEPARTMENT, INSEE, RULE, Field, TableLayout, count_of
from regard.reports.tables import Table, arrow
from verify.model.published import COUNTS, Published
from verify.read.layouts.built_in import find_layout
from verify.read.published import comparison
from verify.read.published.checks import flaws
from verify.read.published.comparison import Comparison
from verify.read.published.sums import NoSum, totals
from verify.read.results_files import one_election, parse_all, read_all, tables_of

_TABLE = (
    Field("table", "count", "number of the table, from 0"),
    Field("file", "text", "file that it is in"),
    Field("level", "text", "`bureau`, `commune`, `canton`, `circonscription`, `departement`, `region`, `nation`"),
)
_ROW = Field("row", "count", "row in the file; the first line is 1")
_NAME = Field("field", "text", "count by its name, or the choice")
_PLACE = (
    _ROW,
    INSEE,
    DEPARTMENT,
    Field("region", "text", "code or name of the region"),
    COMMUNE,
    CONSTITUENCY,
    BUREAU,
)
RESULTS = TableLayout("results", "Published results", (*_TABLE, *_PLACE, *map(count_of, COUNTS)))
VOTES = TableLayout(
    "votes",
    "Votes by choice",
    (
        *_TABLE,
        *_PLACE,
        Field("panel", "count", "number of the choice's panel"),
        Field("choice", "text", "choice as the file writes it"),
        count_of(Quantity.VOTES),
    ),
)
SOURCES = TableLayout(
    "sources",
    "Tables that were read",
    (
        *_TABLE,
        Field("sha256", "text", "digest of the file"),
        Field("layout", "text", "layout that it was read as"),
        Field("title", "text", "its title"),
        Field("round", "count", "round that it states"),
        Field("country", "text", "country"),
        Field("places", "count", "number of places"),
        Field("problems", "count", "number of problems"),
    ),
)
PROBLEMS = TableLayout(
    "problems",
    "Cells, rows and parts that could not be read",
    (
        *_TABLE,
        _ROW,
        Field("column", "text", "header of the column"),
        Field("expected", "text", "expected text or number"),
        Field("got", "text", "text in the file"),
        Field("count", "count", "how many are alike"),
    ),
)
TOTALS = TableLayout(
    "totals",
    "Totals",
    (
        *_TABLE,
        _NAME,
        Field("choice", "flag", "it is a choice"),
        Field("total", "count", "sum of the figures that are there", "voters or votes"),
        Field("known", "count", "figures that are there"),
        Field("of", "count", "figures that there would be"),
    ),
)
FLAWS = TableLayout(
    "findings",
    "Figures that do not fit by themselves",
    (
        *_TABLE,
        RULE,
        *(field for field in _PLACE if field.name not in ("region", "commune")),
        Field("field", "text", "count, percentage or choice"),
        Field("published", "figure", "figure in the file"),
        Field("expected", "figure", "figure by the sum, or by its counts"),
        Field("how", "text", "how that is computed"),
    ),
)
DIFFERENCES = TableLayout(
    "differences",
    "Figures that two files give differently",
    (
        Field("left_file", "text", "first file"),
        Field("right_file", "text", "second file"),
        _TABLE[-1],
        Field("place", "text", "code of the place"),
        COMMUNE,
        _NAME,
        Field("left", "count", "figure of the first file", "voters or votes"),
        Field("right", "count", "figure of the second file", "voters or votes"),
        Field("left_row", "count", "row in the first file; null for a sum"),
        Field("right_row", "count", "row in the second file; null for a sum"),
    ),
)


class ResultTables(Table):
    """Published results: a row for each place and level, with its counts; null where a file has none.

    Attributes:
        votes: a row for each choice of each place, with its votes.
        sources: a row for each table that was read: a workbook can have several, one a level.
        problems: a row for each thing that could not be read; the rest is there.
        totals: a row for each count and each choice of each table.
        findings: a row for each thing that does not fit by itself: sums, percentages, places twice.
    """

    def __init__(self, published: Sequence[Published]) -> None:
        tables = list(enumerate(published))
        super().__init__(lambda: arrow(RESULTS, *(_places(*each) for each in tables)))
        self.votes = Table(lambda: arrow(VOTES, *(_votes(*each) for each in tables)))
        self.sources = Table(lambda: arrow(SOURCES, *(_source(*each) for each in tables)))
        self.problems = Table(lambda: arrow(PROBLEMS, *(_problems(*each) for each in tables)))
        self.totals = Table(lambda: arrow(TOTALS, *(_totals(*each) for each in tables)))
        self.findings = Table(lambda: arrow(FLAWS, *(_flaws(*each) for each in tables)))


class Differences(Table):
    """Figures that two files give differently, a row each.

    Attributes:
        by_place: where they differ most, a row a département or what else the files have several of.
        places: how many places were compared, over all levels.
        only_left, only_right: places that one of them has alone.
        unmatched: choices of each for which the other has none, or more than one that could be meant.
    """

    def __init__(self, found: Sequence[Comparison]) -> None:
        super().__init__(lambda: arrow(DIFFERENCES, *map(_differences, found)))
        self.by_place = Table(lambda: arrow(MOVED, _moved(found[0])))
        self.places = sum(each.units for each in found)
        self.only_left = tuple(place for each in found for place in each.only_left)
        self.only_right = tuple(place for each in found for place in each.only_right)
        left, right = ([each.unmatched[side] for each in found] for side in (0, 1))
        self.unmatched = (tuple(dict.fromkeys(sum(left, ()))), tuple(dict.fromkeys(sum(right, ()))))


def results(files: Files, *, layout: str = "", election: str = "") -> ResultTables:
    """Read published results, as `regard results` does: one file or several, in any layout that is known.

    Args:
        files: paths, folders of the ministry's feed, bytes, open files, or frames of pandas, polars or Arrow.
        layout: the name of the layout to read all of them by, or a file with an entry of one; any by default.
        election: the one to take out of data.gouv.fr's tables of all elections: ``2022_pres_t1``.

    Raises:
        RegardError: a file does not exist, cannot be read, or is of no known layout; there is no such election.
    """
    found = files_of(files)
    together = tables_of([each for each in found if isinstance(each, Path)]) if election else []
    read = reader_of(layout)
    tables = [each for file in found if file not in together for each in read(file)]
    return ResultTables([*tables, *([one_election(together, election)] if together else [])])


def compare(left: AnyFile, right: AnyFile, *, layout: str = "") -> Differences:
    """Compare two files of published results, across layouts and levels, as `regard results --compare` does.

    Args:
        left: a file, as `results` takes it.
        right: another one.
        layout: as in `results`.

    Raises:
        RegardError: as `results`, or they have no choice or no level in common.
    """
    (first, second), read = files_of([left, right]), reader_of(layout)
    names = (each.path if isinstance(each, OpenedFile) else each for each in (first, second))
    return Differences(comparisons(paired(next(names), read(first), next(names), read(second))))


def reader_of(layout: str | None) -> Callable[[Path | OpenedFile], list[Published]]:
    """Choose how a file is read: by one layout where one is named.

    Raises:
        InputError: there is no such layout.
    """
    entry = find_layout(layout) if layout else None

    def read(file: Path | OpenedFile) -> list[Published]:
        return read_all(file, layout=entry) if isinstance(file, Path) else parse_all(file, entry)

    return read


def paired(
    first: Path, left: Sequence[Published], second: Path, right: Sequence[Published]
) -> list[tuple[Published, Published]]:
    """Put the tables of two files together that are of one election and level.

    Raises:
        NoSum: there are none.
    """
    found = comparison.pairs(left, right)
    if not found:
        raise NoSum(msg("{first}, {second}: no choice in common, or no common level", first=first, second=second))
    return found


def comparisons(found: Sequence[tuple[Published, Published]]) -> list[Comparison]:
    """Compare each pair of tables; levels above that of a table only where the file has no table of them itself."""
    levels = [comparison.compare(left, right) for left, right in found]
    return [each for some in levels for each in (some if len(found) == 1 else some[:1])]


def _places(number: int, of: Published) -> dict[str, Any]:
    rows = range(len(of.row))
    return {
        **_whole(number, of, len(rows)),
        "row": of.row,
        "file": [of.file_of(row) for row in rows],
        **{each.name: getattr(of, each.name) for each in _PLACE[1:]},
        **{str(each): of.counts[each] for each in COUNTS},
    }


def _votes(number: int, of: Published) -> dict[str, Any]:
    places, units = _places(number, of), of.vote_unit
    return {
        **{name: np.asarray(places[name])[units] for name in VOTES.header[:-3]},
        "panel": np.where(of.panel > 0, of.panel, -1),
        "choice": np.array([*of.labels, ""], object)[of.vote_label],
        "votes": of.votes,
    }


def _whole(number: int, of: Published, rows: int) -> dict[str, Any]:
    """The columns that are the same in every row of a table."""
    return {"table": [number] * rows, "file": [of.file] * rows, "level": [of.level.value] * rows}


def _columns(number: int, of: Published, layout: TableLayout, rows: Sequence[tuple[object, ...]]) -> dict[str, Any]:
    """The columns of a layout, of rows without those of the whole table."""
    own = TableLayout(layout.name, layout.title, layout.fields[len(_TABLE) :])
    return _whole(number, of, len(rows)) | own.columns(rows)


def _source(number: int, of: Published) -> dict[str, Any]:
    says = (of.says.round or None, of.country, len(of.row), len(of.problems))
    return _columns(number, of, SOURCES, [(of.sha256, of.layout, of.title, *says)])


def _problems(number: int, of: Published) -> dict[str, Any]:
    rows = [(each.row, each.column, str(each.expected), str(each.got), each.count) for each in of.problems]
    return _columns(number, of, PROBLEMS, rows) | {"file": [each.file for each in of.problems]}


def _totals(number: int, of: Published) -> dict[str, Any]:
    some = [(each, choice) for choice, several in enumerate(totals(of)) for each in several]
    rows = [(each.name, bool(choice), each.sum, each.known, each.of) for each, choice in some]
    return _columns(number, of, TOTALS, rows)


def _flaws(number: int, of: Published) -> dict[str, Any]:
    some = [flaw_row(of, flaw, "en") for flaw in flaws(of)]
    return _whole(number, of, len(some)) | {
        name: [each[name] for each in some] for name in ("file", *FLAWS.header[len(_TABLE) :])
    }


def _moved(of: Comparison) -> dict[str, Any]:
    return MOVED.columns(place.cells for place in gather_moved(of))


def _differences(of: Comparison) -> dict[str, Any]:
    size = len(of.differences)
    numbers = partial(np.fromiter, dtype=np.int64, count=size)
    return {
        "left_file": [of.left.file] * size,
        "right_file": [of.right.file] * size,
        "level": [of.level.value] * size,
        "place": [each.place for each in of.differences],
        "commune": [each.name for each in of.differences],
        "field": [each.field for each in of.differences],
        **{
            name: numbers(getattr(each, name) for each in of.differences)
            for name in ("left", "right", "left_row", "right_row")
        },
    }
