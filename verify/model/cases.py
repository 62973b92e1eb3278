"""Certificate of a case: its weighing, for checking by another program."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum

import numpy as np

from protocol.words import Text
from verify.model.figures import Ints
from verify.model.findings import Finding, Severity
from verify.model.rule_results import Named
from verify.rulebook.causes import Cause


@dataclass(frozen=True, slots=True)
class Certificate:
    """Explanation of a bureau: costs in decibans, figures by column, None for unknown ones.

    Attributes:
        cost: of the operations, the gap and the ``doubt`` together. ``bound``: up to which all explanations are known.
        complete: whether they are. ``truth``: registered, signatures, votes found, blank, null, valid, votes by choice.
        operations: cause, piece and cost of each. ``rivals``: the costs of other truths up to the bound.
    """

    cost: int
    bound: int
    complete: bool
    gap: int
    doubt: int
    truth: tuple[int | None, ...]
    operations: tuple[tuple[str, str, int], ...]
    rivals: tuple[int, ...]


class Sure(Enum):
    """Certainty of a case: nothing else is nearly as cheap, little is, or no reading is better than another."""

    CERTAIN = "certain"
    LIKELY = "likely"
    OPEN = "open"


_SURE = tuple(Sure)
LIKELY_ENOUGH = (Sure.CERTAIN, Sure.LIKELY)
"""Cases whose corrections are made."""


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
        of: code of the bureau whose figure stands there, empty where it is not known.
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
    of: str = ""
    file: str = ""
    choice: int = -1


@dataclass(frozen=True, slots=True)
class CaseReading:
    """One way to read an open case: what should read otherwise, nothing where every figure stands.

    Attributes:
        corrections: of all pieces.
        gap: votes found less signatures that are left then, where both are known; else 0.
        by_sum: whether nothing but a sum that is off speaks for it.
    """

    corrections: tuple[Correction, ...]
    gap: int = 0
    by_sum: bool = False


@dataclass(frozen=True, slots=True)
class CaseDetail:
    """Details of a case beyond its findings.

    Attributes:
        corrections: those of the piece that is blamed first, then those of its copies.
        places: bureaux that it is about beyond those of its findings.
        agree: pieces of evidence that agree against the one that is blamed, by name.
        adds_up: whether the piece that is blamed adds up with the corrections, and does not without.
        lead: by how many decibans what contradicts it costs more; -1 where nothing was weighed.
        values: further values for its sentence. ``said``: a clause that is said instead of the corrections, if any.
        readings: of an open case, the cheapest first. ``certificate``: what was weighed, for another program.
        consequence: 2 if its certain corrections change an outcome, 1 if a reading of it does, -1 if no outcome uses
            the figures that it is about, else 0.
    """

    corrections: tuple[Correction, ...] = ()
    places: tuple[Named, ...] = ()
    agree: tuple[str, ...] = ()
    adds_up: bool = False
    lead: int = -1
    values: Mapping[str, int | Text] = field(default_factory=dict)
    said: Text = ""
    readings: tuple[CaseReading, ...] = ()
    certificate: Certificate | None = None
    consequence: int = 0


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

    def read(self, chosen: Mapping[int, int]) -> list[Correction]:
        """The corrections of open cases, by the number of a reading of each."""
        return [each for case, at in chosen.items() for each in self.details[case].readings[at].corrections]

    def findings_of(self, case: int) -> Ints:
        """The positions of its findings."""
        return self.findings[self.start[case] : self.start[case + 1]]

    def downgrade(self, cases: Collection[int]) -> Drafts:
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


def of_corrected_polls(places: tuple[Named, ...], corrected: Iterable[Named]) -> tuple[Named, ...]:
    """The places of a case, without the other polls of a bureau in one of whose polls a figure is corrected.

    A bureau of which no finding names the corrected poll stays as the findings name it.

    Args:
        places: of the findings.
        corrected: of the corrections.
    """
    polls: dict[tuple[str, str], set[int]] = {}
    for each in corrected:
        polls.setdefault((each.insee, each.bureau), set()).add(each.poll)
    if not polls:
        return places
    kept = {each for each in places if each.poll in polls.get((each.insee, each.bureau), {each.poll})}
    there = {(each.insee, each.bureau) for each in kept}
    return tuple(each for each in places if each in kept or (each.insee, each.bureau) not in there)
