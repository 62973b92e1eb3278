"""The rows of an auditor's table as a sheet of a night."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from protocol import night
from protocol.night import Content
from verify.model.figures import MISSING, Ints
from verify.model.stated import StatedElection, common
from verify.model.text_columns import TextColumns
from verify.read import bounds
from verify.read.cells import code_cells
from verify.read.published.stated import said_in, stating
from verify.read.rows import Problems
from verify.read.sheet import Piece, Sheet, text_columns
from verify.read.tables import headers
from verify.read.tables.columns import TableColumns

_POLL = "scrutin"
"""A column that may have the poll's number or the name of the election."""


def sheet_of(
    columns: TableColumns, table: night.NightTable, shown: str, sheet: str, size: int, of_round: int, *, totals: bool
) -> Sheet:
    """The rows of a table as one of a night.

    Args:
        columns: of the table.
        table: what it is used as.
        shown: name of the file.
        sheet: name of the sheet, empty where the file has one only.
        size: bytes of the file that are this table's share, which bound what it takes.
        of_round: the round that the table says it is of outside its rows, 0 where it says none.
        totals: whether rows that sum up others are kept: they are named once.
    """
    votes = table is night.VOTES
    entries = [entry for entry in columns.entries if totals or entry[0] not in columns.totals]
    bureaux = [index for index in columns.bureaux if totals or index not in columns.totals]
    pick = [index for index, _, _ in entries] if votes else bureaux
    row = [columns.row[index] for index in pick]
    if votes:
        row = [columns.choice_lines.get(label, columns.row[index]) for index, label, _ in entries]
    # a row has many votes: of its texts only those that say where it stands are written beside each of them
    cells = _picked({n: c for n, c in columns.extra.items() if not votes or headers.is_page(n)}, pick)
    further = list(cells)
    cells |= _picked({n: c for n, c in columns.texts.items() if not votes or n != "observations"}, pick)
    counts: dict[str, Ints]
    if votes:
        cells["choix"] = [label for _, label, _ in entries]
        counts = {"votes": np.array([vote for _, _, vote in entries], np.int64)}
    else:
        counted = [each.key for each in (*table.columns, *table.further) if each.content is not Content.TEXT]
        counts = {name: _numbers(columns, name, pick) for name in counted}
    stated = _stated(columns).or_else(StatedElection(round=of_round))
    unread = Problems()
    rows, coded = np.array(row, np.int64), {name: code_cells(each) for name, each in cells.items()}
    done = text_columns(coded, bounds.memory(size) // 8, shown, rows, unread)  # for each of the two that a file can be
    extra = {name: done[name] for name in further if name not in columns.texts}
    return Sheet(
        shown,
        rows,
        TextColumns({name: values for name, values in done.items() if name not in extra}),
        counts,
        TextColumns(extra),
        unread.all(),
        (Piece(shown, sheet, "observations" in columns.texts, stated),),
        lines={name: np.full(len(pick), line, np.int64) for name, line in columns.lines.items() if name in counts},
    )


def _stated(columns: TableColumns) -> StatedElection:
    """The election that the columns, else the titles, say the rows are of; nothing of that on which they disagree.

    A year in a title may be that of a correction, and says nothing by itself.
    """
    told = columns.extra | ({_POLL: columns.texts[_POLL]} if _POLL in columns.texts else {})
    names = list(told)
    cells = {(names[at], cell) for at in stating(names) for cell in told[names[at]] if cell}
    titled = common(StatedElection.of_text(title) for title in columns.titles)
    return common(said_in(name, cell) for name, cell in sorted(cells)).or_else(
        replace(titled, year=titled.day.year if titled.day else 0)
    )


def _picked(columns: Mapping[str, list[str]], pick: list[int]) -> dict[str, list[str]]:
    return {name: [cells[index] for index in pick] for name, cells in columns.items()}


def _numbers(columns: TableColumns, name: str, pick: list[int]) -> Ints:
    values = columns.counts.get(name)
    if values is None:
        return np.full(len(pick), MISSING, np.int64)
    return np.array([values[index] for index in pick], np.int64)
