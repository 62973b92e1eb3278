"""Published results as tables: the counts of each place, the votes of each choice, and where two files differ."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow

from protocol.opening import open_evidence
from protocol.words import msg
from regard.paths import AnyPath, Paths, all_existing, existing
from regard.reports.tables import Table, valid_text
from verify.model.published import COUNTS, Published
from verify.read.layouts.built_in import find_layout
from verify.read.layouts.files import read_by
from verify.read.published import comparison
from verify.read.published.comparison import Comparison
from verify.read.published.sums import NoSum
from verify.read.results_files import one_election, read_all, tables_of

if TYPE_CHECKING:
    import numpy.typing as npt

_PLACE = ("insee", "department", "region", "commune", "constituency", "bureau")
RESULTS = ("table", "file", "level", "row", *_PLACE, *(str(each) for each in COUNTS))
"""Columns of `ResultTables`: a row for each place, its counts in voters or votes."""
VOTES = ("table", "file", "level", "row", *_PLACE, "panel", "choice", "votes")
"""Columns of `ResultTables.votes`: a row for each choice of each place."""
SOURCES = ("table", "file", "sha256", "layout", "level", "title", "round", "country", "places", "problems")
"""Columns of `ResultTables.sources`: a row for each table that was read."""
PROBLEMS = ("table", "file", "row", "column", "expected", "got", "count")
"""Columns of `ResultTables.problems`: a row for each cell, row or part of a file that could not be read."""
_COMPARED = ("left", "right", "left_row", "right_row")
DIFFERENCES = ("left_file", "right_file", "level", "place", "commune", "field", *_COMPARED)
"""Columns of `Differences`: a row for each figure that two files give differently."""
_NUMBERS = frozenset(
    ("table", "row", "panel", "votes", "round", "places", "problems", "count", *_COMPARED, *map(str, COUNTS))
)


class ResultTables(Table):
    """Published results: a row for each place and level, with its counts; null where a file has none.

    Attributes:
        votes: a row for each choice of each place, with its votes.
        sources: a row for each table that was read: a workbook can have several, one a level.
        problems: a row for each thing that could not be read; the rest is there.
    """

    def __init__(self, published: Sequence[Published]) -> None:
        tables = list(enumerate(published))
        super().__init__(lambda: _table(RESULTS, [_places(*each) for each in tables]))
        self.votes = Table(lambda: _table(VOTES, [_votes(*each) for each in tables]))
        self.sources = Table(lambda: _table(SOURCES, [_source(*each) for each in tables]))
        self.problems = Table(lambda: _table(PROBLEMS, [_problems(*each) for each in tables]))
        self._published = tuple(published)

    def __len__(self) -> int:
        return sum(len(each.row) for each in self._published)


class Differences(Table):
    """Figures that two files give differently, a row each.

    Attributes:
        places: how many places were compared, over all levels.
        only_left, only_right: places that one of them has alone.
        unmatched: choices of each for which the other has none, or more than one that could be meant.
    """

    def __init__(self, found: Sequence[Comparison]) -> None:
        super().__init__(lambda: _table(DIFFERENCES, [_differences(each) for each in found]))
        self._number = sum(len(each.differences) for each in found)
        self.places = sum(each.units for each in found)
        self.only_left = tuple(place for each in found for place in each.only_left)
        self.only_right = tuple(place for each in found for place in each.only_right)
        left, right = ([each.unmatched[side] for each in found] for side in (0, 1))
        self.unmatched = (tuple(dict.fromkeys(sum(left, ()))), tuple(dict.fromkeys(sum(right, ()))))

    def __len__(self) -> int:
        return self._number


def results(paths: Paths, *, layout: str = "", election: str = "") -> ResultTables:
    """Read published results, as `regard results` does: one file or several, in any layout that is known.

    Args:
        paths: files, or a folder of the ministry's feed.
        layout: the name of the layout to read all of them by, or a file with an entry of one; any by default.
        election: the one to take out of data.gouv.fr's tables of all elections: ``2022_pres_t1``.

    Raises:
        RegardError: a file does not exist, cannot be read, or is of no known layout; there is no such election.
    """
    files = all_existing(paths)
    together = tables_of(files) if election else []
    read = reader_of(layout)
    tables = [each for path in files if path not in together for each in read(path)]
    return ResultTables([*tables, *([one_election(together, election)] if together else [])])


def compare(left: AnyPath, right: AnyPath, *, layout: str = "") -> Differences:
    """Compare two files of published results, across layouts and levels, as `regard results --compare` does.

    Args:
        left: a file.
        right: another one.
        layout: as in `results`.

    Raises:
        RegardError: as `results`, or they have no choice or no level in common.
    """
    first, second = existing(left), existing(right)
    read = reader_of(layout)
    return Differences(comparisons(paired(first, read(first), second, read(second))))


def reader_of(layout: str | None) -> Callable[[Path], list[Published]]:
    """Choose how a file is read: by one layout where one is named.

    Raises:
        InputError: there is no such layout.
    """
    if not layout:
        return read_all
    entry = find_layout(layout)
    return lambda path: read_by(open_evidence(path), entry)


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


def _table(names: Sequence[str], parts: Sequence[dict[str, object]]) -> pyarrow.Table:
    """Columns of several parts, one below the other. A number below zero and an empty text are null."""
    types = pyarrow.schema([(each, pyarrow.int64() if each in _NUMBERS else pyarrow.string()) for each in names])
    tables = [pyarrow.table({each: _column(part[each]) for each in names}, schema=types) for part in parts]
    return pyarrow.concat_tables(tables) if tables else types.empty_table()


def _column(values: object) -> pyarrow.Array:
    column: npt.NDArray[Any] = np.asarray(values)
    if column.dtype.kind in "iu":
        return pyarrow.array(column.astype(np.int64), mask=column < 0)
    texts = [valid_text(each) or None for each in column.tolist()]
    return pyarrow.array(texts, pyarrow.string())


def _places(number: int, of: Published) -> dict[str, object]:
    rows = range(len(of.row))
    return {
        **_whole(number, of, len(rows)),
        "row": of.row,
        "file": [of.file_of(row) for row in rows],
        **{each: getattr(of, each) for each in _PLACE},
        **{str(each): of.counts[each] for each in COUNTS},
    }


def _votes(number: int, of: Published) -> dict[str, object]:
    places, units = _places(number, of), of.vote_unit
    return {
        **{each: np.asarray(values)[units] for each, values in places.items()},
        "panel": np.where(of.panel > 0, of.panel, -1),
        "choice": np.array([*of.labels, ""], object)[of.vote_label],
        "votes": of.votes,
    }


def _whole(number: int, of: Published, rows: int) -> dict[str, object]:
    """The columns that are the same in every row of a table."""
    return {"table": np.full(rows, number), "file": [of.file] * rows, "level": [of.level.value] * rows}


def _source(number: int, of: Published) -> dict[str, object]:
    values = {"sha256": of.sha256, "layout": of.layout, "title": of.title, "country": of.country}
    numbers = {"round": of.says.round or -1, "places": len(of.row), "problems": len(of.problems)}
    return {**_whole(number, of, 1), **{name: [value] for name, value in (values | numbers).items()}}


def _problems(number: int, of: Published) -> dict[str, object]:
    some = of.problems
    return {
        **_whole(number, of, len(some)),
        "file": [each.file for each in some],
        "row": np.array([-1 if each.row is None else each.row for each in some], np.int64),
        "column": [each.column or "" for each in some],
        "expected": [str(each.expected) for each in some],
        "got": [str(each.got) for each in some],
        "count": np.array([each.count for each in some], np.int64),
    }


def _differences(of: Comparison) -> dict[str, object]:
    some = of.differences
    texts = {"place": "place", "commune": "name", "field": "field"}
    numbers = partial(np.fromiter, dtype=np.int64, count=len(some))
    return {
        "left_file": [of.left.file] * len(some),
        "right_file": [of.right.file] * len(some),
        "level": [of.level.value] * len(some),
        **{column: [getattr(each, name) for each in some] for column, name in texts.items()},
        **{name: numbers(getattr(each, name) for each in some) for name in _COMPARED},
    }
