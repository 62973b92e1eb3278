"""Cases in the making: which findings have one already, and the columns that the table of cases is made from."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from verify.model.cases import CaseDetail, Drafts, Sure
from verify.model.figures import Bools, Ints
from verify.model.finding_table import FindingTable
from verify.rulebook.causes import Cause, causes

_SURE = tuple(Sure)


class Drafting:
    """Takes cases one by one or many at once, each finding into one of them at most.

    Args:
        table: of the findings.
    """

    def __init__(self, table: FindingTable) -> None:
        self.table = table
        self.keys = table.keys()
        self._taken = np.zeros(len(table), np.bool_)
        self._causes = tuple(causes().values())
        self._pieces: dict[str, int] = {}
        self._cause: list[Ints] = []
        self._sure: list[Ints] = []
        self._piece: list[Ints] = []
        self._sizes: list[Ints] = []
        self._findings: list[Ints] = []
        self._details: dict[int, CaseDetail] = {}
        self._count = 0

    def free(self) -> Bools:
        """Which findings have no case yet."""
        return ~self._taken

    def add(
        self,
        cause: Cause,
        findings: Sequence[int] | Ints,
        sure: Sure,
        piece: str,
        detail: CaseDetail | None = None,
    ) -> None:
        """One case; nothing where none of its findings is free."""
        rows = np.array(findings, np.int64)
        rows = np.unique(rows[~self._taken[rows]])
        if not len(rows):
            return
        if detail is not None:
            self._details[self._count] = detail
        self._append(cause, rows, np.array([len(rows)]), sure, piece)

    def add_groups(self, cause: Cause, findings: Ints, group: Ints, sure: Sure) -> None:
        """A case for each group of findings, by a number of each; both of shape ``(n,)``."""
        free = ~self._taken[findings]
        findings, group = findings[free], group[free]
        if not len(findings):
            return
        order = np.argsort(group, kind="stable")
        sizes = np.unique(group, return_counts=True)[1]
        self._append(cause, findings[order], sizes, sure, cause.piece)

    def _append(self, cause: Cause, findings: Ints, sizes: Ints, sure: Sure, piece: str) -> None:
        number = len(sizes)
        self._taken[findings] = True
        self._findings.append(findings)
        self._sizes.append(sizes)
        self._cause.append(np.full(number, self._causes.index(cause), np.int64))
        self._sure.append(np.full(number, _SURE.index(sure), np.int64))
        self._piece.append(np.full(number, self._pieces.setdefault(piece, len(self._pieces)), np.int64))
        self._count += number

    def done(self) -> Drafts:
        """The cases as columns."""

        def joined(parts: list[Ints]) -> Ints:
            return np.concatenate([np.zeros(0, np.int64), *parts]).astype(np.int64)

        return Drafts(
            causes=self._causes,
            pieces=tuple(self._pieces),
            cause=joined(self._cause),
            sure=joined(self._sure),
            piece=joined(self._piece),
            start=np.append(0, np.cumsum(joined(self._sizes))).astype(np.int64),
            findings=joined(self._findings),
            details=self._details,
        )
