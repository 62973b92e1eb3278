"""Scores of an audit's cases against the known faults of a simulated night: their number, cause and blamed piece.

`docs/studies/matrix.md` defines the scores.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, Self, cast

from protocol.words import Message, msg
from regard.studies.right_causes import GAPS, MADE_OF_GAPS, PIECES, right_causes
from regard.studies.scoring import FaultOutcome, Instance, Place, Score, TruthLine, instances_of, score, speaks_of
from verify.audit import Audit
from verify.model.case_table import CaseTable
from verify.model.cases import Case, Sure
from verify.model.finding_table import FindingTable
from verify.model.universe import Universe

MEASURES: dict[str, Message] = {
    "told": msg("reported"),
    "cases": msg("cases"),
    "right_cause": msg("right cause"),
    "wrong_cause": msg("wrong cause"),
    "wrong_certain": msg("wrong and certain"),
    "right_piece": msg("right piece"),
}
"""Heads of columns, by the names of `CaseCounts`."""
MARKS = ("right_cause", "wrong_cause", "wrong_certain", "right_piece")
"""Marks of a reported instance: true or false in `Diagnosis`, counted in `CaseCounts`."""
_COPIED = frozenset({"pv", "recap"})
"""Pieces that the published results copy: where such a piece is not given, the copy is rightly blamed in its place."""


class Summed:
    """Counts that are added up, field by field."""

    __slots__ = ()

    def add(self, other: Self) -> None:
        """Add the counts of another."""
        for each in fields(cast(Any, self)):
            mine, more = getattr(self, each.name), getattr(other, each.name)
            if isinstance(mine, Summed):
                mine.add(more)
            else:
                setattr(self, each.name, mine + more)


@dataclass(slots=True)
class CaseCounts(Summed):
    """Counts of instances by what the cases say of them.

    Attributes:
        told: reported instances: those with a finding or a case, but for those of no net effect.
        traced: reported instances whose fault leaves a trace, and so has a right cause.
        cases: different cases about them.
        right_cause, wrong_cause: instances with a case of a right cause, or of a wrong one; some have both.
        wrong_certain: those of ``wrong_cause`` where such a case is called certain.
        right_piece: instances whose cases blame the piece of evidence that the truth names.
        false: cases where there is no fault.
    """

    told: int = 0
    traced: int = 0
    cases: int = 0
    right_cause: int = 0
    wrong_cause: int = 0
    wrong_certain: int = 0
    right_piece: int = 0
    false: int = 0


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Marks of one instance: an injected fault and the cases about it.

    Attributes:
        cases: cases about it that belong to no other instance.
        expected: its right causes; none where it leaves no trace.
        told: True if it is reported: it has a finding or a case.
        right_cause, wrong_cause: True if one of the cases has a right cause; a wrong one.
        wrong_certain: True if a case of a wrong cause is called certain.
        right_piece: True if a case of a right cause, else any case, blames the piece that the truth names.
    """

    instance: Instance
    cases: tuple[Case, ...]
    expected: frozenset[str]
    told: bool
    right_cause: bool
    wrong_cause: bool
    wrong_certain: bool
    right_piece: bool


@dataclass(frozen=True, slots=True)
class CaseScore:
    """The cases of one audit compared with the truth.

    Attributes:
        diagnoses: one for each instance, in the order of `regard.studies.scoring.Score`.
        false: cases of bureaux, communes or a night without a fault.
    """

    diagnoses: tuple[Diagnosis, ...]
    false: tuple[Case, ...]

    def counts(self, fault: str | None = None) -> CaseCounts:
        """Count over the instances of a fault, or over all."""
        own = [each for each in self.diagnoses if each.told and fault in (None, each.instance.fault)]
        return CaseCounts(
            told=len(own),
            traced=sum(bool(each.expected) for each in own),
            cases=len({case.number for each in own for case in each.cases}),
            false=len(self.false),
            **{name: sum(getattr(each, name) for each in own) for name in MARKS},
        )


@dataclass(slots=True, eq=False)
class _Owned:
    """One instance while its cases are found; equal to itself only."""

    instance: Instance
    lines: Sequence[TruthLine]
    expected: frozenset[str]
    right: list[Case] = field(default_factory=list)
    wrong: list[Case] = field(default_factory=list)


def score_cases(
    truth: Sequence[TruthLine],
    found: Score,
    table: FindingTable,
    cases: CaseTable,
    bureaux: Collection[Place],
    parts: Collection[str],
) -> CaseScore:
    """Compare the cases of an audit with the truth of its night.

    Args:
        truth: the lines of its `verite.csv`.
        found: the findings compared with the same truth.
        table: the findings; cases of none but screens (P), coverage (C111) and possible changes (V) are not scored.
        cases: of the audit.
        bureaux: all bureaux of the official list.
        parts: the evidence that was given, by the names of `regard.studies.evidence_sets.PARTS`.
    """
    lines = instances_of(truth)
    owned = [
        _Owned(each, lines[each.fault, each.insee, each.bureau], right_causes(each.fault, parts))
        for each in found.instances
    ]
    at: defaultdict[Place, list[_Owned]] = defaultdict(list)
    for each in owned:
        at[each.instance.insee, each.instance.bureau].append(each)
    communes, struck = {insee for insee, _ in bureaux}, {insee for insee, _ in at}
    strangers: list[tuple[Case, list[_Owned]]] = []
    false: list[Case] = []
    for case in _scored(cases, table):
        named = [(place.insee, place.bureau) for place in case.places]
        here = [each for place in named if place in bureaux for each in at.get(place, ())]
        wide = {insee if insee in communes else "" for insee, bureau in named if (insee, bureau) not in bureaux}
        if wide:
            here += _by_their_piece(case, table, wide, [each for each in owned if each not in here])
        right = [each for each in here if case.cause.name in each.expected]
        if right and case.cause.name in MADE_OF_GAPS:
            right += [each for each in here if each.instance.fault in GAPS and each not in right]
        for each in right:
            each.right.append(case)
        if here and not right:
            strangers.append((case, here))
        elif not here and not (wide & struck or ("" in wide and struck)):
            false.append(case)
    for case, here in strangers:
        for each in [each for each in here if not each.right] or here:
            each.wrong.append(case)
    return CaseScore(tuple(_diagnosis(each, parts) for each in owned), tuple(false))


def judge(
    truth: Sequence[TruthLine], result: Audit, universe: Universe, parts: Collection[str]
) -> tuple[Score, CaseScore]:
    """Compare the findings and the cases of an audit with the truth of its night.

    Args:
        truth: the lines of its `verite.csv`.
        result: the audit.
        universe: the official list.
        parts: as for `score_cases`.
    """
    bureaux = set(zip(universe.insee.tolist(), universe.bureau.tolist(), strict=True))
    found = score(truth, result.findings, bureaux)
    return found, score_cases(truth, found, result.findings, result.cases, bureaux, parts)


def _scored(cases: CaseTable, table: FindingTable) -> Iterable[Case]:
    keys = table.keys()
    unscored = {index for index, code in enumerate(keys.codes) if code == "C111" or code[0] in "PV"}
    for case in cases:
        if not unscored.issuperset(keys.code[list(case.findings)].tolist()):
            yield case


def _by_their_piece(
    case: Case, table: FindingTable, communes: Collection[str], others: Sequence[_Owned]
) -> list[_Owned]:
    """Instances that a case of a commune, a file or an unknown bureau concerns: a finding of it names their piece."""
    near = [each for each in others if "" in communes or each.instance.insee in communes]
    findings = [table[row] for row in case.findings] if near else []
    return [
        each for each in near if any(speaks_of(found, line, named=True) for found in findings for line in each.lines)
    ]


def _diagnosis(each: _Owned, parts: Collection[str]) -> Diagnosis:
    cases = (*each.right, *each.wrong)
    pieces = {line.piece for line in each.lines} | {PIECES.get(each.instance.fault, "")} - {""}
    if "pv" not in parts and not pieces.isdisjoint(_COPIED):
        pieces.add("publie")
    own = each.right or each.wrong
    if each.instance.fault in GAPS and any(case.cause.name in MADE_OF_GAPS for case in each.right):
        pieces |= {case.piece for case in own}  # the paper that mentions the gap, or hides it, has a fault of its own
    outcome = each.instance.outcome
    return Diagnosis(
        instance=each.instance,
        cases=cases,
        expected=each.expected,
        told=outcome is not FaultOutcome.CANCELLED and (outcome is not FaultOutcome.MISSED or bool(cases)),
        right_cause=bool(each.right),
        wrong_cause=bool(each.wrong),
        wrong_certain=any(case.sure is Sure.CERTAIN for case in each.wrong),
        right_piece=any(case.piece in pieces for case in own),
    )


def measures(counts: CaseCounts, shown: Callable[[int], str]) -> list[str]:
    """The cells of `MEASURES`: right causes out of the instances that leave a trace; empty if none was reported."""
    if not counts.told:
        return [""] * len(MEASURES)
    others = (counts.wrong_cause, counts.wrong_certain, counts.right_piece)
    return [shown(counts.told), shown(counts.cases), right_of(counts, shown), *map(shown, others)]


def right_of(counts: CaseCounts, shown: Callable[[int], str]) -> str:
    """Right causes out of the instances that leave a trace."""
    return f"{shown(counts.right_cause)}/{shown(counts.traced)}" if counts.traced else "-"


def sum_of(counts: Iterable[CaseCounts]) -> CaseCounts:
    """Add up several counts."""
    total = CaseCounts()
    for each in counts:
        total.add(each)
    return total
