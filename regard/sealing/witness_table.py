"""The drawn bureaux as a table to fill in from their sheets: what `regard witness --sheets` then reads."""

from __future__ import annotations

from collections.abc import Sequence

from protocol.quantities import Quantity
from protocol.sealing.log import Place, SealedLog
from protocol.spreadsheet_cells import check_name, space_formula
from regard.reports.csv_files import DIALECTS, inert_rows

COUNTS = (Quantity.REGISTERED, Quantity.SIGNATURES, Quantity.VOTES_FOUND, Quantity.BLANK, Quantity.NULL, Quantity.VALID)


def to_fill_in(log: SealedLog, places: Sequence[Place]) -> bytes:
    """A row for each bureau with its codes, and empty columns for its figures: semicolons, UTF-8 with its mark.

    Raises:
        OutputRefused: the name of a choice has a part that a spreadsheet would run.
    """
    choices = list(dict.fromkeys(each.name for place in places for each in log.leaf(log.latest[place]).votes))
    for name in choices:
        check_name(name)
    header = ["insee", "bureau", "scrutin", *(quantity.column for quantity in COUNTS), *map(space_formula, choices)]
    rows = [[insee, bureau, poll, *[""] * (len(header) - 3)] for poll, insee, bureau in places]
    dialect = DIALECTS["fr"]
    return dialect.head(header) + dialect.lines(inert_rows(list(zip(*rows, strict=True))))
