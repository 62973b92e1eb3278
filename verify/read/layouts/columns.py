"""The headers of a table, and those that an entry names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from verify.model.identity import plain
from verify.read.cells import fitting, is_pattern
from verify.read.layouts.language import Names, Parts

_NTH = re.compile(r"(.*)#([1-9][0-9]{0,3})", re.DOTALL)
BRACED = re.compile(r"\{([^{}]*)\}")
_NOTHING_IN = re.compile(r"\s*(?:\(\s*\)|\[\s*\])")


class HeaderNames:
    """The headers of a table; one that an entry names is found as it is written, else by its letters and digits.

    Args:
        cells: the headers.
    """

    def __init__(self, cells: Sequence[str]) -> None:
        self.cells = tuple(" ".join(cell.split()) for cell in cells)
        self._exact: dict[str, list[int]] = {}
        self._normal: dict[str, list[int]] = {}
        for at, cell in enumerate(self.cells):
            self._exact.setdefault(cell, []).append(at)
            self._normal.setdefault(plain(cell), []).append(at)

    def find(self, names: Names) -> int | None:
        """The column of the first wording that is there; None for none."""
        return next((at for name in names if (at := self._find(name)) is not None), None)

    def find_all(self, names: Names) -> list[int]:
        """All columns that any of the wordings means, from left to right."""
        found = {at for name in names for at in self._all(name)}
        return sorted(found)

    def _find(self, name: str) -> int | None:
        return next(iter(self._all(name)), None)

    def _all(self, name: str) -> list[int]:
        if is_pattern(name):
            fits = fitting(name, self.cells) or ()
            return [at for at, fit in enumerate(fits) if fit is not None]
        if found := self._exact.get(" ".join(name.split())):
            return found
        if (nth := _NTH.fullmatch(name)) is not None:
            among = self._alike(nth[1]) if nth[1] else list(range(len(self.cells)))
            if found := among[int(nth[2]) - 1 :][:1]:
                return found
        return self._alike(name)

    def _alike(self, name: str) -> list[int]:
        return self._normal.get(letters, []) if (letters := plain(name)) else []


def name_of(cells: Sequence[str], at: int) -> str:
    """The header of a column, or its number where that is blank, as an entry would name it."""
    return cells[at] or f"#{at + 1}"


@lru_cache(64)
def header_names(row: tuple[str, ...]) -> HeaderNames:
    """The headers of a row, which every layout looks at."""
    return HeaderNames(row)


def parts_of(parts: Parts) -> list[Names]:
    """The columns of a list, or of a template, in which ``|`` stands between wordings."""
    if not isinstance(parts, str):
        return list(parts)
    return [(name,) if is_pattern(name) else tuple(name.split("|")) for name in BRACED.findall(parts)]


def join_parts(parts: Parts, cells: Sequence[str], between: str) -> str:
    """The cells of columns as one text: those that are filled, or a template with all of them in place.

    Brackets around an empty cell are left out.
    """
    if not isinstance(parts, str):
        return between.join(filter(None, cells))
    each = iter(cells)
    return _NOTHING_IN.sub("", BRACED.sub(lambda _: next(each), parts)).strip(" ,;-/")
