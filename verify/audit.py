"""The audit: all rules over the evidence, and what was and was not checked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from verify.catalogue import Rule, rules
from verify.evidence import Evidence, Input
from verify.findings import Finding, Severity, in_order, without_suppressed
from verify.lines.universe import MACHINE, PAPER
from verify.rules import CHECKS
from verify.rules.completeness import covered
from verify.rules.diagnosis import slips
from verify.rules.reconciliation import panels_unknown


@dataclass(frozen=True, slots=True)
class Coverage:
    """What was checked by what.

    Attributes:
        bureaux, machine, paper: number of bureaux, in all and by way of counting.
        source: the file that the list of bureaux was taken from; ``official`` whether it is the official list.
        kinds: for each kind of evidence, bureaux that have it and out of how many.
        checked: codes of the rules whose evidence was there.
        unchecked: codes of those whose evidence was not, with the kinds that were missing; ``pv: blancs`` where there
            are PVs and none of them has that figure.
        communes: names of the communes by INSEE code, as far as the list has them.
    """

    bureaux: int
    machine: int
    paper: int
    source: str
    official: bool
    kinds: dict[str, tuple[int, int]]
    checked: tuple[str, ...]
    unchecked: dict[str, tuple[str, ...]]
    communes: dict[str, str]


@dataclass(frozen=True, slots=True)
class Audit:
    """The result: the inputs, the coverage and the findings, gravest first."""

    inputs: tuple[Input, ...]
    coverage: Coverage
    findings: tuple[Finding, ...]

    def count(self, severity: Severity) -> int:
        """How many findings of a severity there are."""
        return sum(found.severity is severity for found in self.findings)


def run(evidence: Evidence, progress: Callable[[str, int], None] | None = None) -> Audit:
    """Apply every rule to the evidence."""
    findings: list[Finding] = []
    for index, check in enumerate(CHECKS):
        if progress is not None:
            progress("rules", index)
        findings += check(evidence)
    findings += list(slips(findings))
    counting = evidence.universe.counting
    kinds = {kind: (there, of) for kind, (there, of, _) in covered(evidence).items()}
    unchecked = {code: lacks for code, rule in rules().items() if (lacks := _lacking(rule, evidence))}
    coverage = Coverage(
        bureaux=len(evidence.universe),
        machine=int((counting == MACHINE).sum()),
        paper=int((counting == PAPER).sum()),
        source=evidence.universe.source,
        official=evidence.universe.official,
        kinds=kinds,
        checked=tuple(code for code in rules() if code not in unchecked),
        unchecked=unchecked,
        communes=dict(zip(evidence.universe.insee.tolist(), evidence.universe.commune.tolist(), strict=True)),
    )
    return Audit(tuple(evidence.inputs), coverage, tuple(in_order(without_suppressed(findings))))


_COLUMNS = {
    "R206": ("votes_trouves",),
    "R208": ("blancs",),
    "R209": ("nuls",),
    "R210": ("exprimes",),
    "R215": ("blancs", "nuls"),
    "R220": ("procurations",),
}
"""Figures of a PV without which a rule has nothing to look at, though the PVs are there."""


def _lacking(rule: Rule, evidence: Evidence) -> tuple[str, ...]:
    there = {
        "univers": evidence.universe.official,
        "choix": evidence.contests.official,
        "exports": evidence.exports is not None,
        "modules": evidence.modules is not None,
        "emargements": any(
            counted["emargements"].known.any()
            for counted in (evidence.signatures, evidence.records)
            if counted is not None
        ),
        "pv": evidence.records is not None,
        "voix": evidence.votes is not None,
        "publie": bool(evidence.tables),
        "recap": evidence.tabulation is not None,
        "autre_tour": evidence.other_round is not None,
        "publie_emargements": any(lines.counted["signatures"].known.any() for lines in evidence.published),
    }
    needs = rule.needs
    if {"exports|modules", "voix"} <= set(needs) and panels_unknown(evidence):
        needs = (*needs, "choix")
    lacks = [need for need in needs if not any(there[kind] for kind in need.split("|"))]
    if (records := evidence.records) is not None:
        lacks += [f"pv: {name}" for name in _COLUMNS.get(rule.code, ()) if not records[name].known.any()]
    return tuple(lacks)
