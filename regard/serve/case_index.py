"""The cases of an audit by what they are filtered and sorted by, as columns: a nation of them takes no object each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from regard.reports.small_gaps import LinesOfCases
from verify.audit import Audit
from verify.model.cases import Case, Sure
from verify.model.code_order import by_number
from verify.model.figures import Bools, Ints, Texts
from verify.model.findings import Severity
from verify.rulebook.causes import CaseKind

ORDERS = ("reading", "place", "apart")
"""As cases are read; by commune and bureau; the largest difference first."""
_SURE = tuple(Sure)


@dataclass(frozen=True, slots=True)
class CasesWanted:
    """Which cases are asked for; None, or an empty text, for all."""

    kind: CaseKind | None = None
    severity: Severity | None = None
    sure: Sure | None = None
    place: str = ""
    order: str = ORDERS[0]


class CaseIndex:
    """Made once for each audit.

    Attributes:
        kind, severity, sure, apart: of each case in its order, shape ``(n,)``.
        insee, bureau: of its first finding.
        lines: those in which cases are read.
    """

    def __init__(self, result: Audit) -> None:
        self._cases, self.lines = result.cases, LinesOfCases(result)
        keys = result.findings.keys()
        parts: list[tuple[Ints, Ints, Ints, Ints]] = []
        for block in result.cases.blocks():
            kinds = np.array([int(cause.kind) for cause in block.causes], np.int64)
            parts.append((kinds[block.cause], block.severity, block.sure, block.findings[block.start[:-1]]))
        columns = zip(*parts, strict=True) if parts else [[np.zeros(0, np.int64)]] * 4
        self.kind, self.severity, self.sure, first = (np.concatenate(list(each)) for each in columns)
        place = keys.place[first]
        self.apart = keys.apart[first]
        self.insee: Texts = keys.places.insee[place]
        self.bureau: Texts = keys.places.bureau[place]
        names = result.coverage.communes
        self._names = {code: f"{name} {code}".casefold() for code, name in names.items()}

    def __len__(self) -> int:
        return len(self.kind)

    def find(self, wanted: CasesWanted) -> Ints:
        """Indices of the cases that are wanted, in the order that is."""
        kept = np.ones(len(self), np.bool_)
        if wanted.kind is not None:
            kept &= self.kind == int(wanted.kind)
        if wanted.severity is not None:
            kept &= self.severity == int(wanted.severity)
        if wanted.sure is not None:
            kept &= self.sure == _SURE.index(wanted.sure)
        if wanted.place.strip():
            kept &= self._is_at(wanted.place)
        rows = np.flatnonzero(kept)
        if wanted.order == "place":
            numbers = np.array([by_number(code) for code in self.bureau[rows].tolist()], np.str_)
            return rows[np.lexsort((rows, numbers, self.insee[rows]))]
        if wanted.order == "apart":
            return rows[np.lexsort((rows, -self.apart[rows]))]
        return rows

    def in_lines(self, rows: Ints, wanted: CasesWanted) -> Ints:
        """The cases that begin a line, of those wanted as they are best read; of a place, and in another order, all."""
        if wanted.place.strip() or wanted.order != ORDERS[0]:
            return rows
        return rows[self.lines.begins()[rows]]

    def _is_at(self, place: str) -> Bools:
        """Cases of communes with all of these words in their name or code; a word may be the bureau instead."""
        found = np.ones(len(self), np.bool_)
        codes, of = np.unique(self.insee, return_inverse=True)
        for word in place.casefold().split():
            named = np.array([word in self._names.get(code, code.casefold()) for code in codes.tolist()], np.bool_)
            found &= named[of] | (self.bureau == word.upper())
        return found

    def case(self, index: int) -> Case:
        """The case itself."""
        return self._cases[index]
