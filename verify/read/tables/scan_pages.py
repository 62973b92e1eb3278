"""Where in a scan or a workbook a row was read: shown with its file and row wherever a figure of it is."""

from __future__ import annotations

import numpy as np

from verify.model.figures import Ints, Texts
from verify.model.joins import coded
from verify.read.sheet import Sheet
from verify.read.tables.headers import is_page


def parts_of(sheet: Sheet) -> tuple[tuple[str, ...], Ints | None]:
    """The parts of a sheet as `Places` has them, and which of them each row is of; nothing where no column tells.

    `` [page 3]`` where a column says the page; a value that is more than a number is shown as it stands.
    """
    columns = [_shown(name, sheet.extra[name]) for name in sheet.extra if is_page(name)]
    if not columns or not len(sheet):
        return (), None
    rows = zip(*(column.tolist() for column in columns), strict=True)
    different, code = coded(np.array([", ".join(filter(None, row)) for row in rows], np.str_))
    return tuple(f" [{part}]" if part else "" for part in different), code


def _shown(name: str, cells: Texts) -> Texts:
    return np.where(np.strings.isdigit(cells), np.strings.add(f"{name.casefold()} ", cells), cells)
