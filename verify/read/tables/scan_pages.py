"""Where a row was read: its file, its sheet, its page of a scan. Shown with the row wherever a figure of it is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from verify.model.figures import Ints, Texts
from verify.model.joins import encode
from verify.read.sheet import Sheet


@dataclass(frozen=True, slots=True)
class Spots:
    """Parts of the files of a sheet, as `Places` has them.

    Attributes:
        files, parts: of each, the name of its file with the mark before a row, and what is shown behind the row.
        of: index into them for each row, shape ``(n,)``; None where there is one.
    """

    files: tuple[str, ...]
    parts: tuple[str, ...]
    of: Ints | None


def spots_of(sheet: Sheet) -> Spots:
    """The parts of a sheet: `` [Essai, page 3]`` where a column says the page.

    A value that is more than a number is shown as it stands.
    """
    pieces = sheet.pieces
    columns = _pages(sheet) if len(sheet.extra) else []
    if not columns or not len(sheet):
        parts = tuple(f" [{piece.sheet}]" if piece.sheet else "" for piece in pieces)
        return Spots(tuple(f"{piece.file}:" for piece in pieces), parts if any(parts) else (), sheet.piece)
    rows = zip(*(column.tolist() for column in columns), strict=True)
    pages, page = encode(np.array([", ".join(filter(None, row)) for row in rows], np.str_))
    pairs, code = np.unique(sheet.piece_of * len(pages) + page, return_inverse=True)
    of = [(pieces[at // len(pages)], pages[at % len(pages)]) for at in pairs.tolist()]
    said = [", ".join(filter(None, (piece.sheet, text))) for piece, text in of]
    return Spots(tuple(f"{piece.file}:" for piece, _ in of), tuple(f" [{part}]" if part else "" for part in said), code)


def _pages(sheet: Sheet) -> list[Texts]:
    from verify.read.tables.headers import is_page

    return [_shown(name, sheet.extra[name]) for name in sheet.extra if is_page(name)]


def _shown(name: str, cells: Texts) -> Texts:
    return np.where(np.strings.isdigit(cells), np.strings.add(f"{name.casefold()} ", cells), cells)
