"""Columns of text of which each different cell is known: an array of texts is made of one when it is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from verify.model.figures import Texts, filled
from verify.model.joins import encode
from verify.model.numbering import Numbering, Numbers


@dataclass(frozen=True, slots=True)
class Coded:
    """A column of texts: each different cell once, and for every row the index of its own, shape ``(n,)``."""

    labels: tuple[str, ...]
    codes: npt.NDArray[np.integer[Any]]

    def __len__(self) -> int:
        return len(self.codes)


def texts_of(column: Coded) -> Texts:
    """The text of each row, shape ``(n,)``."""
    return np.asarray(np.array(column.labels or ("",), np.str_)[column.codes], np.str_)


class TextColumns(Mapping[str, Texts]):
    """Columns of text by name, as arrays of shape ``(n,)``; `coded` gives one by its different texts."""

    def __init__(self, columns: Mapping[str, Texts | Coded]) -> None:
        self._columns = dict(columns)
        self._texts: dict[str, Texts] = {}

    def __getitem__(self, name: str) -> Texts:
        if name not in self._texts:
            column = self._columns[name]
            self._texts[name] = texts_of(column) if isinstance(column, Coded) else column
        return self._texts[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)

    def __contains__(self, name: object) -> bool:
        return name in self._columns

    def coded(self, name: str) -> Coded:
        """A column by its different texts, each of them once."""
        column = self._columns[name]
        if not isinstance(column, Coded):
            self._texts[name] = column
            self._columns[name] = column = Coded(*encode(column))
        return column

    @cached_property
    def numbered(self) -> tuple[Numbering, Numbers] | None:
        """The bureaux, by ``insee`` and ``bureau``, as numbers, as `Numbering.of` gives them."""
        return Numbering.of(self["insee"], self["bureau"])

    @property
    def all_have_communes(self) -> bool:
        """True if each row has an INSEE code."""
        known = self.numbered
        return bool(filled(self["insee"]).all()) if known is None else known[0].all_have_communes(known[1])

    def with_column(self, name: str, texts: Texts) -> TextColumns:
        """These columns with another one, in place of that of its name if there is one."""
        return TextColumns({**self._columns, name: texts})
