"""The table of cases: their order, and a case made when somebody looks at it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from verify.model.bureau_codes import by_number, in_order
from verify.model.cases import Case, CaseDetail, Correction, Drafts, Sure, of_corrected_polls
from verify.model.figures import Bools, Ints
from verify.model.finding_table import POLLS, FindingTable, MadeRows
from verify.model.findings import Severity
from verify.model.rule_results import Named
from verify.model.thresholds import FEW_VOTES, MANY_VOTES
from verify.rulebook.causes import CaseKind, Cause

_SURE = tuple(Sure)


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


class CaseTable(MadeRows[Case]):
    """All cases of an audit, in the order in which they are read; a `Case` is made when somebody looks at it.

    Irregularities first, then what to read again, then evidence that is missing or damaged; of each the communes with
    the most consequence first (`consequence_of`), and in a commune likewise, then the gravest, then the largest.

    Args:
        table: the findings.
        drafts: the cases.
        weight: of each finding, as `consequence_of` takes it, shape of the table; 0 by default.
    """

    def __init__(self, table: FindingTable, drafts: Drafts, weight: Ints | None = None) -> None:
        self._table, self._drafts = table, drafts
        keys = table.keys()
        start = drafts.start[:-1]
        severity, apart = (np.maximum.reduceat(each[drafts.findings], start) for each in (keys.severity, keys.apart))
        first = np.minimum.reduceat(drafts.findings, start)
        self._severity, self._first = severity, first
        self._kind = np.array([cause.kind for cause in drafts.causes] or [CaseKind.EVIDENCE], np.int64)[drafts.cause]
        place = keys.place[first] if len(drafts) else np.zeros(0, np.int64)
        commune = keys.commune[place]
        weights = np.zeros(len(table), np.int64) if weight is None else weight
        weights = np.maximum.reduceat(weights[drafts.findings], start)
        for at, detail in drafts.details.items():
            weights[at] = max(weights[at], detail.consequence) if detail.consequence >= 0 else detail.consequence
        counted = np.where(weights < 0, 0, np.minimum(apart, (1 << _APART) - 1))
        grave = (consequence_of(apart, weights) << 8 | severity) << _APART | counted
        gravest = np.zeros(int(commune.max(initial=-1)) + 1, np.int64)
        np.maximum.at(gravest, commune, grave)
        self._large: dict[int, Case] = {}  # kept, as their places take time
        place = np.argsort(in_order(keys.places.bureau, keys.commune), kind="stable")[place]
        self._order = np.lexsort((first, place, -grave, commune, -gravest[commune], self._kind))
        self.number = np.zeros(len(table), np.int64)
        number = np.argsort(self._order) + 1  # the inverse of the order
        self.number[drafts.findings] = np.repeat(number, np.diff(drafts.start))
        asks = severity > Severity.INFO
        asks[[at for at, detail in drafts.details.items() if detail.corrections or detail.readings]] = True
        self.asks = np.asarray(asks[self._order], np.bool_)
        self.consequence = np.asarray(grave[self._order], np.int64)

    number: Ints
    """For each finding the number of its case, 0 for none; shape of the table of findings."""
    asks: Bools
    """True for each case that asks for something, in their order: all but those of infos that correct no figure."""
    consequence: Ints
    """The gravity of each case, in their order: its consequence, then its severity, then by how much figures differ."""

    @property
    def rank(self) -> Ints:
        """Rank each case, in their order, as `consequence_of` does."""
        return self.consequence >> (_APART + 8)

    def __len__(self) -> int:
        return len(self._order)

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

    def rows_of(self, kind: CaseKind) -> Ints:
        """The cases of a kind by index, which follow one another."""
        return np.flatnonzero(self._kind[self._order] == kind)

    def number_of(self, kind: CaseKind) -> int:
        """Count the cases of a kind that ask for something."""
        return int(np.count_nonzero(self.asks[self.rows_of(kind)]))

    def number_caused_by(self, name: str) -> int:
        """Count the cases of a cause that ask for something."""
        of_cause = np.array([cause.name == name for cause in self._drafts.causes] or [False], np.bool_)
        return int(np.count_nonzero(self.asks & of_cause[self._drafts.cause[self._order]]))

    def row(self, at: int) -> Case:
        """Make one case, by its place in the order."""
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
        place, poll = np.divmod(np.unique(keys.place[findings] * POLLS + keys.poll[findings]), POLLS)
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
_APART = 32
"""Bits of a difference."""


def consequence_of(apart: Ints, weight: Ints) -> Ints:
    """Rank the importance of a difference, up to 4: certain corrections change an outcome.

    3 if a result could change, 2 from a hundred votes on, 0 for ones and twos.

    Args:
        apart: by how much they differ, shape ``(n,)``.
        weight: 2 if certain corrections change an outcome, 1 if the result of their contest could change, -1 if they
            decide nothing, else 0; the same shape.
    """
    some = (weight == 0) & ((apart > FEW_VOTES) | (apart == 0))
    return np.select([weight > 0, (weight == 0) & (apart >= MANY_VOTES), some], [weight + 2, 2, 1], 0)
