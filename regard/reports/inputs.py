"""The files that were given, in words: what each was taken for, its columns, the cell that a figure stands in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from protocol import night
from protocol.evidence_kinds import EvidenceKind
from protocol.quantities import Quantity, column_of
from protocol.words import Message, Text, msg, pmsg, series
from regard.reports.screen import FOLDED, Printer, grid
from verify.model.use import CHOICE, COMPANION, OURS, READING, Input, Taken, Use, Used, alike, of_sheets

USED: dict[Used, Message] = {
    Used.WHOLE: msg("used"),
    Used.PART: msg("used in part"),
    Used.NONE: msg("not used"),
}
TAKEN: dict[str, Text] = {
    **{kind: kind.label for kind in EvidenceKind},
    "dump": msg("dump of another machine"),
    "election": msg("what the election is"),
    "manifest": msg("the list of the night's files with their SHA-256"),
    "thresholds": msg("thresholds of the rules"),
    "folder": msg("folder"),
    "file": msg("another file"),
    "columns": msg("what columns mean"),
    "other round": msg("results of the other round"),
    "suites.csv": msg("follow-ups"),
    COMPANION: msg("no evidence"),
    READING: msg("no evidence"),
    OURS: msg("written by regard"),
}
"""Pieces that a file can be taken for, by the kinds of inputs."""


def taken_for(used: Input) -> Text:
    """Name the kind that a file was taken for; of a workbook each kind of its sheets."""
    kinds = dict.fromkeys(kind for use in used.sheets for kind in use.kinds) or [used.kind]
    return series(TAKEN.get(kind, kind) for kind in kinds)


def show_columns(inputs: Iterable[Input], out: Printer) -> int:
    """A table for each sheet. Returns 1 where nothing is used of a file that was given by its name, else 0."""
    code = 0
    for each in inputs:
        if not each.sheets and each.used is not Used.NONE and not each.note:
            continue
        out.print_words(each.path, "bold")
        if not each.sheets and each.used is not Used.NONE:
            _say_below(each.note, "cyan", out)
        elif not each.sheets:
            _say_below(msg("not used: {why}", why=each.why), "yellow", out)
        for uses in alike(each.sheets, [str((use.kinds, use.columns, use.why, use.action)) for use in each.sheets]):
            _show_sheets(uses, out)
        code = max(code, int(each.named and each.used is Used.NONE and not each.explains))
    return code


def _say_below(said: Text, style: str, out: Printer) -> None:
    out.print_words("  " + out.text(said), style, "  ")


def _show_sheets(uses: Sequence[Use], out: Printer) -> None:
    """Sheets that are the same but for their names and figures."""
    use = uses[0]
    what: Text = series([EvidenceKind.named(kind).label for kind in use.kinds]) if use.kinds else msg("not used")
    _say_below(of_sheets(uses, what), "cyan" if use.kinds else "yellow", out)
    if use.columns:
        headers = ({"header": out.text(header), **FOLDED} for header in (msg("column"), msg("taken for")))
        table = grid(*headers, show_header=True, pad_edge=True, padding=(0, 2, 0, 2))
        for column in use.columns:
            table.add_row(out.text(column.header), out.text(_taken(column)))
        out.draw(table)
    for text in (use.why, use.action):
        if text:
            _say_below(text, "yellow", out)


def _taken(column: Taken) -> Text:
    if not column.meaning:
        return pmsg("a column that was not read", "-")
    return column.label if column.sure else msg("{label}, by the other columns", label=column.label)


_CELL = re.compile(r"(.+):([0-9]+)(?: \[[^\]]*\])?")
"""As `verify.model.figures.Places` writes a source with a row: its file, the row, and a page or a sheet."""
_OWN: dict[str, frozenset[str]] = {
    table.kind: frozenset(each.name for each in (*table.columns, *table.further))
    for table in night.TABLES
    if table is not night.TRUTH
}


class CellPlaces:
    """The cells of all tables that were given.

    Args:
        inputs: the files, with what their columns were taken for.
    """

    def __init__(self, inputs: Iterable[Input]) -> None:
        self._headers: dict[str, dict[str, str]] = {}
        self._own: dict[str, frozenset[str]] = {}
        for each in inputs:
            headers = self._headers.setdefault(each.path, {})
            for taken in (column for sheet in each.sheets for column in sheet.columns):
                headers.setdefault(taken.header if taken.meaning == CHOICE else taken.meaning, taken.header)
            if headers.keys() <= {""} and each.kind in _OWN:
                self._own[each.path] = _OWN[each.kind]

    def find(self, source: str, quantity: str, field: str) -> tuple[int | None, str | None]:
        """The row of a figure, and the header of its column; None for what is not known, or where it is of no cell.

        Args:
            source: where it stands, as it is shown.
            quantity: that it is of.
            field: what its finding is about; the choice of votes.
        """
        found = _CELL.fullmatch(source)
        if found is None:
            return None, None
        file, row = found[1], int(found[2])
        column = column_of(quantity)
        if column in self._own.get(file, ()):
            return row, column
        return row, self._headers.get(file, {}).get(field if quantity == Quantity.VOTES else quantity)
