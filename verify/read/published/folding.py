"""Rows that have one choice each, as the units that they are of with all their choices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from protocol.errors import InputError
from protocol.words import msg
from verify.model.figures import Bools, Ints, Texts
from verify.model.published import Published
from verify.read.rows import Problems

_ENTRY_COLUMNS = ("vote_unit", "vote_label", "votes", "vote_column", "panel")
_PLACES = ("insee", "department", "region", "commune", "constituency", "bureau")
_OF_A_CHOICE = "votes/"
"""What the names of percentages of each choice begin with; the others are of units."""


def is_row_a_choice(rows: Published) -> bool:
    """Whether rows have one choice each, and those of one place different ones: most of those that name it again."""
    if not len(rows.vote_unit) or np.bincount(rows.vote_unit).max() > 1:
        return False
    heads, unit = _units(rows)
    again = len(rows.row) - len(heads)
    pairs = len(np.unique(np.stack([unit[rows.vote_unit], rows.vote_label]), axis=1)[0])
    return 2 * (pairs - len(heads)) > again > 0


def fold(rows: Published) -> Published:
    """Rows of one choice each made into units with all their choices; a unit's counts must agree in all its rows."""
    head, unit_of_row = _units(rows)
    problems = Problems()
    for name, values in rows.counts.items():
        for row in np.flatnonzero(values != values[head[unit_of_row]]):
            expected = msg(
                "the count of row {row}, {values}",
                row=rows.row[head[unit_of_row[row]]],
                values=values[head[unit_of_row[row]]],
            )
            problems.append(InputError(rows.file, int(rows.row[row]), name, expected, str(values[row])))
    unit = unit_of_row[rows.vote_unit]
    kept = _first_of_each(unit, rows.vote_label)
    for entry in np.flatnonzero(~kept):
        got = msg("{labels} a second time", labels=rows.labels[rows.vote_label[entry]])
        problems.append(InputError(rows.file, int(rows.row[rows.vote_unit[entry]]), None, msg("each choice once"), got))
    by_unit = np.flatnonzero(kept)[np.argsort(unit[kept], kind="stable")]
    entries = {name: getattr(rows, name)[by_unit] for name in _ENTRY_COLUMNS} | {"vote_unit": unit[by_unit]}
    return replace(
        rows,
        **{name: getattr(rows, name)[head] for name in ("row", *_PLACES)},
        **entries,
        counts={name: values[head] for name, values in rows.counts.items()},
        percentages=_percentages(rows, head, by_unit),
        problems=(*rows.problems, *problems.all()),
    )


def _units(rows: Published) -> tuple[Ints, Ints]:
    """The first row of each unit, in the order of the rows, and the index of the unit of each row."""
    names = [getattr(rows, name) for name in _PLACES]  # abroad and overseas have no common prefix
    starts = np.ones(len(rows.row), np.bool_)
    starts[1:] = np.logical_or.reduce([name[1:] != name[:-1] for name in names])
    heads = np.flatnonzero(starts)  # the rows of a unit follow each other, most often
    keys = np.rec.fromarrays([name[heads] for name in names])
    _, first, inverse = np.unique(keys, return_index=True, return_inverse=True)
    first, inverse = heads[first], inverse[np.cumsum(starts) - 1]
    order = np.argsort(first)
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    return first[order], rank[inverse]


def _percentages(rows: Published, head: Ints, entries: Ints) -> Mapping[str, Texts]:
    return {
        name: np.asarray(values, np.str_)[entries if name.startswith(_OF_A_CHOICE) else head]
        for name, values in rows.percentages.items()
    }


def _first_of_each(unit: Ints, label: Ints) -> Bools:
    pair = unit * (int(label.max(initial=0)) + 1) + label
    first = np.zeros(len(pair), np.bool_)
    first[np.unique(pair, return_index=True)[1]] = True
    return first
