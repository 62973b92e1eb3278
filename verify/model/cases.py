"""Cases: what probably happened, each with the contradictions that it explains and the corrections that end them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import overload

import numpy as np

from protocol.words import Text
from verify.model.certificates import Certificate
from verify.model.code_order import by_number, consequence_of, in_order
from verify.model.corrected_polls import of_corrected_polls
from verify.model.figures import Ints
from verify.model.finding_table import FindingTable
from verify.model.findings import Finding, Severity
from verify.model.holds import Named
from verify.rulebook.causes import CaseKind, Cause


class Sure(Enum):
    """How sure a case is: nothing else is nearly as cheap, little is, or no reading is better than another."""

    CERTAIN = "certain"
    LIKELY = "likely"
    OPEN = "open"


_SURE = tuple(Sure)


@dataclass(frozen=True, slots=True)
class Correction:
    """One figure that should read otherwise.

    Attributes:
        place: of the bureau and poll.
        piece: of evidence that the figure stands in: ``pv``, ``emargements``, ``recap``, ``publie``, ``export``…
        source: where it stands.
        field: the count, or the choice, as findings name it.
        was: what stands there; None for nothing.
        becomes: what should stand there; None for nothing.
        copied: whether it only repeats a figure of the piece that the case blames.
        file: name of the published file that it stands in, empty for other pieces.
        choice: index of the choice in its contest, -1 for a count.
    """

    place: Named
    piece: str
    source: str
    field: Text
    was: int | None
    becomes: int | None
    copied: bool = False
    file: str = ""
    choice: int = -1


@dataclass(frozen=True, slots=True)
class CaseDetail:
    """What a case has beyond its findings.

    Attributes:
        corrections: those of the piece that is blamed first, then those of its copies.
        places: bureaux that it is about beyond those of its findings.
        agree: pieces of evidence that agree against the one that is blamed, by name.
        adds_up: whether the piece that is blamed adds up with the corrections, and does not without.
        lead: by how many decibans what contradicts it costs more; -1 where nothing was weighed.
        values: further values for its sentence. ``said``: a clause that is said instead of the corrections, if any.
        readings: of an open case, the corrections of each. ``certificate``: what was weighed, for another program.
    """

    corrections: tuple[Correction, ...] = ()
    places: tuple[Named, ...] = ()
    agree: tuple[str, ...] = ()
    adds_up: bool = False
    lead: int = -1
    values: Mapping[str, int | Text] = field(default_factory=dict)
    said: Text = ""
    readings: tuple[tuple[Correction, ...], ...] = ()
    certificate: Certificate | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """One thing that probably happened.

    Attributes:
        number: from 1 up, in the order in which cases are read.
        piece: of evidence that is probably wrong; ``jour`` for the day itself, empty where nothing tells.
        places: bureaux and polls that it is about, in their order; of no poll where it is of all of them.
        findings: positions in the table of findings, the gravest first.
        first: the gravest of them.
    """

    number: int
    cause: Cause
    severity: Severity
    sure: Sure
    piece: str
    places: tuple[Named, ...]
    findings: tuple[int, ...]
    first: Finding
    detail: CaseDetail


@dataclass(frozen=True, slots=True)
class Drafts:
    """Cases as columns; ``m`` of them, in any order.

    Attributes:
        cause: index into ``causes``, shape ``(m,)``.
        sure: index of `Sure` in its order, shape ``(m,)``.
        piece: index into ``pieces``, shape ``(m,)``.
        start: where the findings of each begin in ``findings``, shape ``(m + 1,)``; each has one at least.
        findings: positions in the table of findings, each in one case at most.
        details: by case, where it has any.
    """

    causes: tuple[Cause, ...]
    pieces: tuple[str, ...]
    cause: Ints
    sure: Ints
    piece: Ints
    start: Ints
    findings: Ints
    details: Mapping[int, CaseDetail]

    def __len__(self) -> int:
        return len(self.cause)

    def correcting(self, *sure: Sure) -> list[int]:
        """The cases that have corrections and are so sure, by index."""
        wanted = [index for index, each in enumerate(_SURE) if each in sure]
        return [at for at, detail in self.details.items() if detail.corrections and self.sure[at] in wanted]

    def corrections(self, *sure: Sure) -> list[Correction]:
        """The corrections of all cases that are so sure."""
        return [each for at in self.correcting(*sure) for each in self.details[at].corrections]

    def findings_of(self, case: int) -> Ints:
        """The positions of its findings."""
        return self.findings[self.start[case] : self.start[case + 1]]

    def less_sure(self, cases: Collection[int]) -> Drafts:
        """The same, with some certain cases only likely."""
        if not cases:
            return self
        sure = self.sure.copy()
        sure[list(cases)] = _SURE.index(Sure.LIKELY)
        return replace(self, sure=sure)

    def moved(self, position: Ints, more: Mapping[int, int]) -> Drafts:
        """The same cases of a table in which findings have other positions; those that are left without any are gone.

        Args:
            position: the new one of each finding, -1 for those that are in no case any more.
            more: cases by the findings that they explain as well, at their old positions.
        """
        of = np.append(np.repeat(np.arange(len(self)), np.diff(self.start)), list(more.values())).astype(np.int64)
        findings = position[np.append(self.findings, list(more)).astype(np.int64)]
        of, findings = of[findings >= 0], findings[findings >= 0]
        sizes = np.bincount(of, minlength=len(self))
        kept, number = np.flatnonzero(sizes), np.cumsum(sizes > 0) - 1
        return replace(
            self,
            cause=self.cause[kept],
            sure=self.sure[kept],
            piece=self.piece[kept],
            start=np.append(0, np.cumsum(sizes[kept])).astype(np.int64),
            findings=findings[np.argsort(of, kind="stable")],
            details={int(number[at]): detail for at, detail in self.details.items() if sizes[at]},
        )


@dataclass(frozen=True, slots=True)
class CaseBlock:
    """Some consecutive cases as columns, ``n`` of them: what a report writes without an object each.

    Attributes:
        number: of the first one.
        cause, sure, piece: indices into ``causes``, `Sure` in its order and ``pieces``, shape ``(n,)``.
        severity: shape ``(n,)``.
        start: where the findings of each begin in ``findings``, shape ``(n + 1,)``.
        findings: positions in the table of findings, of each case the gravest first.
        place, poll: index into the keys' places and number of the poll, of cases that are of one place; -1 for others.
        details: by index of the case in the block, where it has any.
    """

    number: int
    causes: tuple[Cause, ...]
    pieces: tuple[str, ...]
    cause: Ints
    sure: Ints
    piece: Ints
    severity: Ints
    start: Ints
    findings: Ints
    place: Ints
    poll: Ints
    details: Mapping[int, CaseDetail]

    def __len__(self) -> int:
        return len(self.cause)


NO_DETAIL = CaseDetail()


class CaseTable(Sequence[Case]):
    """All cases of an audit, in the order in which they are read; a `Case` is made when somebody looks at it.

    Irregularities first, then what to read again, then evidence that is missing or damaged; of each the communes with
    the most consequence first (`consequence_of`), and in a commune likewise, then the gravest, then the largest.

    Args:
        table: the findings.
        drafts: the cases.
    """

    def __init__(self, table: FindingTable, drafts: Drafts) -> None:
        self._table, self._drafts = table, drafts
        keys = table.keys()
        start = drafts.start[:-1]
        severity, apart = (np.maximum.reduceat(each[drafts.findings], start) for each in (keys.severity, keys.apart))
        first = np.minimum.reduceat(drafts.findings, start)
        self._severity, self._first = severity, first
        self._kind = np.array([cause.kind for cause in drafts.causes] or [CaseKind.EVIDENCE], np.int64)[drafts.cause]
        place = keys.place[first] if len(drafts) else np.zeros(0, np.int64)
        commune = keys.commune[place]
        grave = consequence_of(apart) << 8 | severity
        gravest = np.zeros(int(commune.max(initial=-1)) + 1, np.int64)
        np.maximum.at(gravest, commune, grave << 32 | np.minimum(apart, 2**32 - 1))
        self._large: dict[int, Case] = {}  # kept, as their places take time
        place = np.argsort(in_order(keys.places.bureau, keys.commune), kind="stable")[place]
        self._order = np.lexsort((first, place, -apart, -grave, commune, -gravest[commune], self._kind))
        self.number = np.zeros(len(table), np.int64)
        number = np.argsort(self._order) + 1  # the inverse of the order
        self.number[drafts.findings] = np.repeat(number, np.diff(drafts.start))

    number: Ints
    """For each finding the number of its case, 0 for none; shape of the table of findings."""

    def __len__(self) -> int:
        return len(self._order)

    @overload
    def __getitem__(self, index: int) -> Case: ...
    @overload
    def __getitem__(self, index: slice) -> list[Case]: ...
    def __getitem__(self, index: int | slice) -> Case | list[Case]:
        rows = range(len(self))[index]
        return [self._case(at) for at in rows] if isinstance(rows, range) else self._case(rows)

    def __iter__(self) -> Iterator[Case]:
        return map(self._case, range(len(self)))

    def corrections(self, *sure: Sure) -> list[Correction]:
        """The corrections of all cases that are so sure."""
        return self._drafts.corrections(*sure)

    def corrections_by_cause(self, *sure: Sure) -> dict[str, list[Correction]]:
        """The same by the name of their cause, in the order in which the cases were found."""
        drafts = self._drafts
        found: dict[str, list[Correction]] = {}
        for at in drafts.correcting(*sure):
            name = drafts.causes[int(drafts.cause[at])].name
            found.setdefault(name, []).extend(drafts.details[at].corrections)
        return found

    def blocks(self, size: int = 8192) -> Iterator[CaseBlock]:
        """All cases in their order, some at a time."""
        drafts, keys = self._drafts, self._table.keys()
        for begin in range(0, len(self), size):
            rows = self._order[begin : begin + size]
            sizes = np.diff(drafts.start)[rows]
            start = np.append(0, np.cumsum(sizes)).astype(np.int64)
            of = np.repeat(np.arange(len(rows)), sizes)
            findings = drafts.findings[np.arange(start[-1]) - start[of] + drafts.start[rows][of]]
            findings = findings[np.lexsort((findings, of))]
            place, poll = keys.place[findings], keys.poll[findings]
            first, last = np.minimum.reduceat(place, start[:-1]), np.maximum.reduceat(place, start[:-1])
            most = np.maximum.reduceat(poll, start[:-1])
            least = np.minimum.reduceat(np.where(poll > 0, poll, most[of]), start[:-1])
            details = {at: drafts.details[row] for at, row in enumerate(rows.tolist()) if row in drafts.details}
            alone = (first == last) & (least == most)
            alone[[at for at, detail in details.items() if detail.places]] = False
            yield CaseBlock(
                number=begin + 1,
                causes=drafts.causes,
                pieces=drafts.pieces,
                cause=drafts.cause[rows],
                sure=drafts.sure[rows],
                piece=drafts.piece[rows],
                severity=self._severity[rows],
                start=start,
                findings=findings,
                place=np.where(alone, first, -1),
                poll=np.where(alone, most, -1),
                details=details,
            )

    def number_of(self, kind: CaseKind, severity: Severity) -> int:
        """How many cases of a kind and severity there are."""
        return int(np.count_nonzero((self._kind == kind) & (self._severity == severity)))

    def _case(self, at: int) -> Case:
        case = self._large.get(at) or self._made(at)
        if len(case.findings) >= _LARGE:
            self._large[at] = case
        return case

    def _made(self, at: int) -> Case:
        drafts, row = self._drafts, int(self._order[at])
        findings = np.sort(drafts.findings[drafts.start[row] : drafts.start[row + 1]])
        detail = drafts.details.get(row, NO_DETAIL)
        return Case(
            number=at + 1,
            cause=drafts.causes[int(drafts.cause[row])],
            severity=Severity(int(self._severity[row])),
            sure=_SURE[int(drafts.sure[row])],
            piece=drafts.pieces[int(drafts.piece[row])],
            places=of_corrected_polls(self._places(findings, detail.places), (c.place for c in detail.corrections)),
            findings=tuple(findings.tolist()),
            first=self._table[int(self._first[row])],
            detail=detail,
        )

    def _places(self, findings: Ints, further: tuple[Named, ...]) -> tuple[Named, ...]:
        """The places of some findings and further ones, in their order; one of no poll only where it has no other."""
        keys = self._table.keys()
        place, poll = np.divmod(np.unique(keys.place[findings] * _POLLS + keys.poll[findings]), _POLLS)
        kept = (poll > 0) | (np.append(place[1:], -1) != place)  # one of no poll comes first of its place
        insee, bureau = keys.places.insee[place[kept]].tolist(), keys.places.bureau[place[kept]].tolist()
        places = list(map(Named, insee, bureau, poll[kept].tolist()))
        if further:
            of_a_poll = {(each.insee, each.bureau) for each in (*places, *further) if each.poll}
            every = dict.fromkeys((*places, *further))
            places = [each for each in every if each.poll or (each.insee, each.bureau) not in of_a_poll]
        if len({each.insee for each in places if each.bureau}) == 1:
            places = [each for each in places if each.bureau]  # the sums above them are of the same
        return tuple(sorted(places, key=lambda each: (each.insee, by_number(each.bureau), each.bureau, each.poll)))


_LARGE = 10_000
"""Findings of a case that is made once."""
_POLLS = 64
"""More than the polls of a day, so that a place and a poll make one whole number."""
