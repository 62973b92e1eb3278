"""Where in a scan or a workbook a row was read: shown with its file and row wherever a figure of it is."""

from __future__ import annotations

import numpy as np

from verify.figures import Ints, Texts
from verify.headers import is_page
from verify.joins import coded
from verify.sheet import Sheet


def sources(sheet: Sheet) -> tuple[tuple[str, ...], Ints | None]:
    """Names of a sheet's parts with the mark that follows them, as in `Places`, and which each row is of; None: one.

    ``pv.xlsx [page 3]:`` where a column says the page; a value that is more than a number is shown as it stands.
    """
    parts = [_shown(name, cells) for name, cells in sheet.extra.items() if is_page(name)]
    if not parts or not len(sheet):
        return (f"{sheet.file}:",), None
    rows = zip(*(part.tolist() for part in parts), strict=True)
    joined = np.array([", ".join(filter(None, row)) for row in rows], np.str_)
    different, code = coded(joined)
    return tuple(f"{sheet.file} [{part}]:" if part else f"{sheet.file}:" for part in different), code


def _shown(name: str, cells: Texts) -> Texts:
    numbers = np.strings.isdigit(cells)
    return np.where(numbers, np.strings.add(f"{name.casefold()} ", cells), cells)
