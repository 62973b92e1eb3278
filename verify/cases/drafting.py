"""Cases in the making: which findings have one already, and the columns that the table of cases is made from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

import numpy as np

from protocol.evidence_kinds import EvidenceKind
from protocol.transmission import StepUp
from verify.model.cases import CaseDetail, Correction, Drafts, Sure
from verify.model.figures import Bools, Ints
from verify.model.finding_table import FindingTable
from verify.model.use import Input
from verify.rulebook.catalogue import rule
from verify.rulebook.causes import causes

_SURE = tuple(Sure)
_LISTS = frozenset((EvidenceKind.UNIVERSE, EvidenceKind.CHOICES))
_BLAMED = frozenset(EvidenceKind) - {EvidenceKind.OTHER_ROUND, EvidenceKind.WAY_UP}
"""Kinds of evidence of which a piece is blamed where a rule needs nothing else."""
_ONE_BY_ONE = 2000
"""Cases of one cause of which each is looked at for the piece it blames; of more, one of each rule."""

_Key = TypeVar("_Key")
_Each = TypeVar("_Each")


def grouped(key: Callable[[_Each], _Key], some: Iterable[_Each]) -> dict[_Key, list[_Each]]:
    """Some things by what they have in common, in their order."""
    found: dict[_Key, list[_Each]] = {}
    for each in some:
        found.setdefault(key(each), []).append(each)
    return found


class Drafting:
    """Takes cases one by one or many at once, each finding into one of them at most.

    Args:
        table: of the findings.
        inputs: the files that they speak of.
    """

    def __init__(self, table: FindingTable, inputs: Sequence[Input]) -> None:
        self._files = sorted((each.path for each in inputs), reverse=True)  # a file before a folder that it is in
        kinds = ((each.path, each.kind) for each in inputs if each.kind in _BLAMED - _LISTS)
        self._piece_of: dict[str, str] = {path: EvidenceKind.named(kind).piece for path, kind in sorted(kinds)}
        self._piece_of |= {step.file: step.kind for step in StepUp}
        self.table = table
        self.keys = table.keys()
        self._taken = np.zeros(len(table), np.bool_)
        self._causes = {name: number for number, name in enumerate(causes())}
        self._pieces: dict[str, int] = {}
        self._kinds: list[tuple[int, int, int, int]] = []  # cause, sure and piece by number, and of how many cases
        self._sizes: list[Ints] = []
        self._findings: list[Ints] = []
        self._details: dict[int, CaseDetail] = {}
        self._of: dict[int, int] = {}  # the place of a case with a detail among the sizes and findings
        self._count = 0

    def free(self, *codes: str) -> Bools:
        """Select the findings without a case; of some rules, where these are named."""
        return ~self._taken & self.keys.of(*codes) if codes else ~self._taken

    def rows(self, *codes: str) -> list[int]:
        """The findings of some rules without a case."""
        there = any(code in self.keys.codes for code in codes)
        return np.flatnonzero(self.free(*codes)).tolist() if there else []

    def add(
        self,
        cause: str,
        findings: Sequence[int] | Ints,
        sure: Sure,
        piece: str,
        detail: CaseDetail | None = None,
    ) -> None:
        """One case; nothing where none of its findings is free."""
        rows = np.array(findings, np.int64)
        rows = rows[~self._taken[rows]]
        if not (rows[1:] > rows[:-1]).all():  # each once, in order, as a nation of them is already
            rows = np.unique(rows)
        if not len(rows):
            return
        if detail is not None:
            self._details[self._count], self._of[self._count] = detail, len(self._findings)
        self._append(cause, rows, np.array([len(rows)]), sure, piece)

    def corrections(self) -> Iterator[tuple[int, Correction]]:
        """The corrections of the cases so far, each with the number of its case; those of copies are left out."""
        for number, detail in self._details.items():
            yield from ((number, each) for each in detail.corrections if not each.copied)

    def join(self, number: int, findings: Sequence[int]) -> None:
        """Put findings without a case into one that has a detail."""
        at = self._of[number]
        rows = np.union1d(self._findings[at], findings)
        self._findings[at], self._sizes[at] = rows, np.array([len(rows)])
        self._taken[rows] = True

    def add_groups(self, cause: str, findings: Ints, group: Ints, sure: Sure) -> None:
        """A case for each group of findings, by a number of each; both of shape ``(n,)``."""
        free = ~self._taken[findings]
        findings, group = findings[free], group[free]
        if not len(findings):
            return
        order = np.argsort(group, kind="stable")
        findings, group = findings[order], group[order]
        sizes = np.diff(np.flatnonzero(np.append(group[1:] != group[:-1], True)), prepend=-1)
        if piece := causes()[cause].piece:
            self._append(cause, findings, sizes, sure, piece)
            return
        ends = np.cumsum(sizes)
        first = findings[ends - sizes]
        if len(first) > _ONE_BY_ONE:
            of_code = {
                code: self.blamed(int(first[self.keys.code[first] == code][0]))
                for code in np.unique(self.keys.code[first]).tolist()
            }
            blamed = [of_code[code] for code in self.keys.code[first].tolist()]
        else:
            blamed = [self.blamed(row) for row in first.tolist()]
        for piece in dict.fromkeys(blamed):
            of_piece = np.array([each == piece for each in blamed], np.bool_)
            self._append(cause, findings[np.repeat(of_piece, sizes)], sizes[of_piece], sure, piece)

    def blamed(self, row: int) -> str:
        """The piece that a finding speaks of: the one that its rule finds lacking or needs, else that of its source."""
        code = self.keys.code_of(row)
        kinds = [kind for kind in rule(code).absence or rule(code).needs if kind not in _LISTS]
        if len(kinds) == 1 and kinds[0] in _BLAMED:
            return EvidenceKind.named(kinds[0]).piece
        return self.table[row].left.piece or self._piece_of_file(row)

    def _piece_of_file(self, row: int) -> str:
        """The piece that the file of a row or cell is, which its side does not say; empty for none and for lists."""
        return self._piece_of.get(self.file_of(row), "")

    def file_of(self, row: int) -> str:
        """The file that the first figure of a finding stands in; its source where that is none that was given."""
        source = self.table[row].left.source
        return next((file for file in self._files if source.startswith(file)), source)

    def _append(self, cause: str, findings: Ints, sizes: Ints, sure: Sure, piece: str) -> None:
        number = len(sizes)
        self._taken[findings] = True
        self._findings.append(findings)
        self._sizes.append(sizes)
        of_piece = self._pieces.setdefault(piece, len(self._pieces))
        self._kinds.append((self._causes[cause], _SURE.index(sure), of_piece, number))
        self._count += number

    def done(self) -> Drafts:
        """The cases as columns."""

        def joined(parts: list[Ints]) -> Ints:
            return np.concatenate([np.zeros(0, np.int64), *parts]).astype(np.int64)

        *kinds, number = np.array(self._kinds, np.int64).reshape(-1, 4).T
        cause, sure, piece = (np.repeat(kind, number) for kind in kinds)
        return Drafts(
            causes=tuple(causes().values()),
            pieces=tuple(self._pieces),
            cause=cause,
            sure=sure,
            piece=piece,
            start=np.append(0, np.cumsum(joined(self._sizes))).astype(np.int64),
            findings=joined(self._findings),
            details=self._details,
        )
