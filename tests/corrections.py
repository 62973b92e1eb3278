"""`python -m tests.corrections --seeds 10`: does a certain case explain its findings, and nothing else?

Of simulated nights with one fault each, or with ten at once (`--together`), every certain case that corrects figures is
tried: with its corrections made in a copy of the evidence its findings are gone, and no error or warning is new. Those
of which that is not so are shown. `tests/regard/test_corrections.py` does it for a few nights on every run.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from regard.studies.evidence_sets import EVIDENCE, FULL, EvidenceSet
from regard.studies.trial_nights import MACHINES, NightInMemory, TrialNights
from regard.studies.trials import COMMUNES, rates_of_many, write_part
from tests.verify.night_builder import loaded
from verify import audit
from verify.audit import Audit
from verify.cases.corrections import correct
from verify.model.cases import Case, Sure
from verify.model.evidence import LinedEvidence
from verify.model.findings import Finding, Severity

FAULTS = (
    "digits-exchanged",
    "digit-wrong",
    "columns-shifted",
    "records-exchanged",
    "record-copied",
    "votes-slipped",
    "roll-slipped",
    "roll-digit-doubled",
    "roll-from-votes",
    "roll-total",
    "blank-null-exchanged",
    "choices-exchanged",
    "found-from-roll",
    "gap-as-nulls",
    "bundle-as-nulls",
    "tabulated-changed",
    "gap-corrected",
    "registered-outdated",
    "proxies-registered",
    "published-zeros",
    "published-registered-overwritten",
    "published-figure-wrong",
    "published-doubled",
    "published-rows-exchanged",
    "published-choices-exchanged",
    "published-by-telephone",
    "published-corrected",
    "published-only-in-sum",
    "commune-sum-short",
    "departement-sum-short",
    "dump-tally-wrong",
    "dump-votes-moved",
    "dump-registered-short",
    "counter-decayed",
    "wrong-list",
    "panel-exchanged",
)
"""Faults of figures: those of which cases make corrections."""
KINDS = {kind.name: kind for kind in EVIDENCE}
FEW, MOST = "pv", FULL
"""PVs and sign-in counts alone, and all evidence."""


@dataclass(frozen=True, slots=True)
class Violation:
    """A case that does not end what it says that it ends, and nothing else.

    Attributes:
        stay: its findings that are still there with its corrections.
        new: errors and warnings that are there with them only.
    """

    case: Case
    stay: tuple[Finding, ...]
    new: tuple[Finding, ...]

    def __str__(self) -> str:
        figures = ", ".join(
            f"{each.place.bureau} {each.piece} {each.field} {each.was} → {each.becomes}"
            for each in self.case.detail.corrections[:6]
        )
        shown = [f"{self.case.cause.name} ({self.case.sure.value}, {self.case.piece}): {figures}"]
        shown += [f"    stays {_shown(found)}" for found in self.stay]
        shown += [f"    new   {_shown(found)}" for found in self.new]
        return "\n".join(shown)


def _shown(found: Finding) -> str:
    sides = (f"{side.source} {side.value}" for side in (found.left, found.right))
    return f"{found.code} {found.insee} {found.bureau} {found.field}: {' / '.join(sides)}"


def certain(cases: Iterable[Case]) -> list[Case]:
    """The certain cases that correct figures."""
    return [case for case in cases if case.sure is Sure.CERTAIN and case.detail.corrections]


def violations(evidence: LinedEvidence, result: Audit) -> Iterator[Violation]:
    """The certain cases with corrections that do not end their findings, or make others."""
    for case in certain(result.cases):
        after = audit.run(correct(evidence, case.detail.corrections))
        yield from violation(result, case, after)


def violation(before: Audit, case: Case, after: Audit) -> Iterator[Violation]:
    """Find faults of a case in one audit by another audit, in which its corrections are made."""
    known, there = ({_key(found) for found in each.findings} for each in (before, after))
    stay = tuple(found for row in case.findings if _key(found := before.findings[row]) in there)
    new = tuple(found for found in after.findings if found.severity > Severity.INFO and _key(found) not in known)
    if stay or new:
        yield Violation(case, stay, new)


def _key(found: Finding) -> tuple[str, str, str, int, str, str, str]:
    """A finding without its values, which corrections may change."""
    sources = found.left.source, found.right.source
    return found.code, found.insee, found.bureau, found.poll, str(found.field), *sources


def tried(
    seed: int, names: Sequence[str], kinds: Sequence[EvidenceSet]
) -> Iterator[tuple[str, str, Audit, list[Violation]]]:
    """For each fault and kind of evidence the audit of a night, and its violations."""
    nights = TrialNights(seed, MACHINES)
    for name in names:
        yield from _of(name, nights.night(name), kinds)


def tried_together(seed: int, kinds: Sequence[EvidenceSet]) -> Iterator[tuple[str, str, Audit, list[Violation]]]:
    """The same of a night of sixty bureaux with ten faults at once."""
    yield from _of("together", TrialNights(seed, COMMUNES).night_at(rates_of_many(seed)), kinds)


def _of(
    name: str, written: NightInMemory, kinds: Sequence[EvidenceSet]
) -> Iterator[tuple[str, str, Audit, list[Violation]]]:
    for kind in kinds:
        with tempfile.TemporaryDirectory(prefix="regard-") as folder:
            write_part(written, kind, Path(folder) / "night")
            evidence = loaded(Path(folder) / "night")
            result = audit.run(evidence)
            yield name, kind.name, result, list(violations(evidence, result))


def main(given: Sequence[str] | None = None) -> int:
    """Show all violations. Returns 1 where there is one."""
    parser = argparse.ArgumentParser(prog="python -m tests.corrections", description=__doc__)
    parser.add_argument("faults", nargs="*", default=list(FAULTS))
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--evidence", action="append", choices=list(KINDS))
    parser.add_argument("--together", action="store_true", help="ten faults at once, drawn at random, in sixty bureaux")
    args = parser.parse_args(given)
    kinds = [KINDS[name] for name in args.evidence or (MOST, FEW)]
    number = wrong = 0
    for seed in range(1, args.seeds + 1):
        nights = tried_together(seed, kinds) if args.together else tried(seed, args.faults, kinds)
        for name, kind, result, found in nights:
            number += len(certain(result.cases))
            wrong += len(found)
            for each in found:
                print(f"seed {seed}, {name}, {kind}: {each}", flush=True)
    print(f"{number} certain cases with corrections, {wrong} of them do not end their findings or make new ones.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
