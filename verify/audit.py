"""The audit: all rules over the evidence, and what was and was not checked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from verify.cases.consequences import find_consequences, outcomes_read_otherwise, read_contradictions
from verify.cases.corrections import correct
from verify.cases.effects import Looks, look_again
from verify.cases.making import draft_by_codes, draft_cases
from verify.cases.proof import prove
from verify.coverage import Coverage, bureaux_with_votes, coverage, nothing_covered, votes_of
from verify.follow_ups import follow
from verify.ledger import Ledger, ledger
from verify.model.case_table import CaseTable
from verify.model.cases import LIKELY_ENOUGH, Sure
from verify.model.checks import Check, FoundBy, finding_of
from verify.model.evidence import LinedEvidence
from verify.model.failures import Failure, failure
from verify.model.figures import Ints
from verify.model.finding_table import FindingTable
from verify.model.findings import Found, Severity
from verify.model.follow_ups import Followed
from verify.model.thresholds import Thresholds
from verify.model.use import Input
from verify.rules import CHECKS, plugged_checks
from verify.rules.integrity import rules_failed
from verify.rules.reconciliation import WRITTEN, slips

if TYPE_CHECKING:
    from protocol.dumps.layouts import DumpReading


@dataclass(frozen=True, slots=True)
class Audit:
    """The result: inputs, coverage, findings, gravest first, the cases that explain them, thresholds, and the ledger.

    ``followed`` is what people say became of findings, with what is found today; ``dumps`` are those of other machines.
    """

    inputs: tuple[Input, ...]
    coverage: Coverage
    findings: FindingTable
    cases: CaseTable
    thresholds: Thresholds
    ledger: Ledger = field(default_factory=Ledger)
    followed: tuple[Followed, ...] = ()
    dumps: tuple[DumpReading, ...] = ()

    def count(self, severity: Severity) -> int:
        """Count the findings of a severity."""
        return self.findings.number_of(severity)


def run(evidence: LinedEvidence, progress: Callable[[str, int], None] | None = None) -> Audit:
    """Apply every rule to the evidence, each by itself: one that fails is a finding, and the others are applied.

    Published results of other elections are checked by themselves, by the rules that they allow. Then cases are found,
    and what could change and the screens are looked at again with the corrections of the cases.
    """
    rules = apply_rules(evidence, progress)
    table, covered = rules.table, rules.coverage
    try:
        drafts, sure = prove(evidence, table, draft_cases(evidence, table))
        covered = covered if sure.votes is evidence.votes else _with_corrected_votes(covered, sure)
        chosen = read_contradictions(sure, drafts)
        read = correct(sure, drafts.read(chosen))
        likely = [*drafts.corrections(*LIKELY_ENOUGH), *drafts.read(chosen)]
        with_them = correct(evidence, likely) if drafts.corrections(Sure.LIKELY) else read
        outcomes, drafts = outcomes_read_otherwise(evidence, sure, table, drafts, chosen)
        table, drafts = look_again(Looks(evidence, sure, read, with_them), table, drafts, outcomes)
        weight: Ints | None = find_consequences(with_them, table)
    except Exception as error:
        unseen = rules_failed([failure(_SEEN_TWICE, error)])
        more = [finding_of(evidence, each, each.code) for each in unseen]
        table = FindingTable([*rules.found, *more], *rules.of_others)
        drafts, weight = draft_by_codes(evidence, table), None
    cases = CaseTable(table, drafts, weight)
    followed = follow(table, cases, evidence.follow_ups)
    inputs, limits = tuple(evidence.inputs), evidence.thresholds
    return Audit(inputs, covered, table, cases, limits, rules.ledger, followed, evidence.dumps)


def _with_corrected_votes(covered: Coverage, sure: LinedEvidence) -> Coverage:
    """The coverage with the votes added up of evidence in which the certain corrections are made."""
    before, some = covered.votes, bureaux_with_votes(sure)
    after = votes_of(sure, some) if before is not None and some.any() else ()
    if before is None or after in ((), before.choices):
        return covered
    return replace(covered, votes=replace(before, corrected=after))


@dataclass(frozen=True, slots=True)
class Applied:
    """Result of the rules alone: findings of the night and of each other election, their table, the checks made."""

    found: list[Found]
    of_others: list[list[Found]]
    table: FindingTable
    coverage: Coverage
    ledger: Ledger


def apply_rules(evidence: LinedEvidence, progress: Callable[[str, int], None] | None = None) -> Applied:
    """Apply every rule, without a look at what explains the findings."""
    failures: list[Failure] = []
    by = _found(evidence, (*CHECKS, *plugged_checks()), failures, progress)
    findings, failed = by.found, [code for each in failures for code in each.what.split()]
    compared = Ledger()
    try:
        compared = ledger(evidence, by.looked)
        covered = coverage(evidence, by.looked, failed)
    except Exception as error:
        covered = nothing_covered(evidence)
        failures.append(failure("C111", error))
    of_others = [_found(other.evidence, _OF_OTHERS, failures).found for other in evidence.other_elections]
    findings += (finding_of(evidence, failed, failed.code) for failed in rules_failed(failures))
    return Applied(findings, of_others, FindingTable(findings, *of_others), covered, compared)


_SEEN_TWICE = "V501 V502 V503"
"""Rules that are not applied with the corrections of cases where these cannot be had."""


_OF_OTHERS = tuple(each for each in CHECKS if each.codes != ("C111",))
"""Those for results of other elections: what is covered is said of the night."""


def _found(
    evidence: LinedEvidence,
    checks: Sequence[Check],
    failures: list[Failure],
    progress: Callable[[str, int], None] | None = None,
) -> FoundBy:
    """Run the checks on some evidence; those that fail are added to the failures."""
    all_of_them = FoundBy([], [])

    def apply(codes: tuple[str, ...], found_by: Callable[[], FoundBy]) -> None:
        try:
            by = found_by()
        except Exception as error:  # memory that ran out included
            failures.append(failure(" ".join(codes), error))
        else:
            all_of_them.found.extend(by.found)
            all_of_them.looked.extend(by.looked)

    def by_slips() -> FoundBy:
        looked = [("R213", look) for code, look in all_of_them.looked if code in WRITTEN]
        return FoundBy([finding_of(evidence, slip, slip.code) for slip in slips(all_of_them.found)], looked)

    for index, check in enumerate(checks):
        if progress is not None:
            progress("rules", index)
        apply(check.codes, partial(evidence.once, check.found_in))
    apply(("R213",), by_slips)
    return all_of_them
