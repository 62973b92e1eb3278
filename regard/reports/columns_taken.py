"""What the columns of every table were taken for, in the user's words: `regard verify --columns`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table

from protocol.evidence_kinds import EvidenceKind
from protocol.words import Text, msg, pmsg, series
from regard.language import show
from regard.terminal import clean, print_words
from verify.model.use import Input, Taken, Use, Used, alike, of_sheets


def show_columns(inputs: Iterable[Input], language: str, console: Console) -> int:
    """A table for each sheet. Returns 1 where nothing is used of a file that was given by its name, else 0."""
    code = 0
    for each in inputs:
        if not each.sheets and each.used is not Used.NONE and not each.note:
            continue
        print_words(console, clean(each.path), "bold")
        if not each.sheets and each.used is not Used.NONE:
            print_words(console, clean("  " + show(language, each.note)), "cyan", "  ")
        elif not each.sheets:
            print_words(console, clean("  " + show(language, msg("not used: {why}", why=each.why))), "yellow", "  ")
        for uses in alike(each.sheets, [str((use.kinds, use.columns, use.why, use.action)) for use in each.sheets]):
            _show_sheets(uses, language, console)
        code = max(code, int(each.named and each.used is Used.NONE and not each.explains))
    return code


def _show_sheets(uses: Sequence[Use], language: str, console: Console) -> None:
    """Sheets that are the same but for their names and figures."""
    use = uses[0]
    what: Text = series([EvidenceKind.named(kind).label for kind in use.kinds]) if use.kinds else msg("not used")
    print_words(console, clean("  " + show(language, of_sheets(uses, what))), "cyan" if use.kinds else "yellow", "  ")
    if use.columns:
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 2))
        table.add_column(show(language, msg("column")), overflow="fold")
        table.add_column(show(language, msg("taken for")), overflow="fold")
        for column in use.columns:
            table.add_row(clean(column.header), clean(show(language, _taken(column))))
        console.print(table)
    for text in (use.why, use.action):
        if text:
            print_words(console, clean("  " + show(language, text)), "yellow", "  ")


def _taken(column: Taken) -> Text:
    if not column.meaning:
        return pmsg("a column that was not read", "-")
    return column.label if column.sure else msg("{label}, by the other columns", label=column.label)
