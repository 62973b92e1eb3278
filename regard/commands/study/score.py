"""`regard study score`: the injected faults of a simulated night that its audit found, and false findings."""

from __future__ import annotations

import argparse
from collections import Counter
from dataclasses import asdict
from typing import Any

from protocol import night
from protocol.errors import RegardError
from protocol.words import msg, nmsg, series
from regard.commands.checking.verify import examine
from regard.language import show
from regard.outputs import claim
from regard.reports.screen import Printer
from regard.studies.case_scoring import MARKS, MEASURES, CaseScore, Diagnosis, judge, measures
from regard.studies.evidence_sets import SINGLE, fault_label
from regard.studies.scoring import FaultOutcome, Score, count_outcome, grave, read_truth
from verify.model.evidence import Sources

_SHOWN = 15
"""False findings that the screen lists."""


def run(args: argparse.Namespace) -> int:
    """Verify the night, hold the truth against it, show.

    Returns:
        0 where every fault was caught and nothing is false, else 1.

    Raises:
        RegardError: there is no truth.
        InputError: the truth cannot be read.
        NothingReadable: there is nothing to check.
        OutputRefused: the JSON must not be written where it is to be.
    """
    path = args.night / night.TRUTH.file
    if not path.is_file():
        nothing = msg("nothing: only a simulated night has one")
        raise RegardError(msg("{path}: {reason}", path=str(path), reason=nothing))
    with claim(args, "--json", read=[args.night]) as outputs:
        truth = read_truth(path)
        evidence, result = examine(Sources(folder=args.night), args.lang)
        parts = [part.name for part in SINGLE if any((args.night / entry).exists() for entry in part.entries)]
        found, cases = judge(truth, result, evidence.universe, parts)
        outputs.write_json(lambda: as_json(found, cases, args.lang))
        _show(found, cases, Printer(args.lang, outputs.console()))
        outcomes = {instance.outcome for instance in found.instances}
        code = int(bool(outcomes - {FaultOutcome.CAUGHT, FaultOutcome.CANCELLED}) or grave(found.false) > 0)
        return outputs.end(args, code)


def _show(found: Score, cases: CaseScore, out: Printer) -> None:
    _show_faults(found, out)
    out.print()
    _show_cases(cases, out)
    out.print()
    counts = Counter(instance.outcome for instance in found.instances)
    outcomes = series(count_outcome(each, counts[each]) for each in FaultOutcome)
    out.print(
        nmsg(
            "{count:n} instance: {outcomes}.",
            "{count:n} instances: {outcomes}.",
            len(found.instances),
            outcomes=outcomes,
        )
    )
    out.print(
        nmsg(
            "{count:n} finding where nothing is wrong (errors or warnings: {grave:n}); screens (P) likewise: "
            "{screens:n}.",
            "{count:n} findings where nothing is wrong (errors or warnings: {grave:n}); screens (P) likewise: "
            "{screens:n}.",
            len(found.false),
            grave=grave(found.false),
            screens=len(found.false_screens),
        )
    )
    if cases.false:
        out.print(
            nmsg("{count:n} case where nothing is wrong.", "{count:n} cases where nothing is wrong.", len(cases.false))
        )
    for finding in found.false[:_SHOWN]:
        place = " ".join(part for part in (finding.code, finding.insee, finding.bureau) if part)
        out.print(f"  {place}  {out.text(finding.message)}")
    out.print(msg("Seen: a finding, but not the net effect. Cancelled: no net effect."), "dim")
    out.print(msg("See `regard help matrix` and `regard help limits`."), "dim")


def _show_faults(found: Score, out: Printer) -> None:
    """Show the result and rules of each fault."""
    out.print(msg("The truth and the findings"), "bold")
    for fault in sorted({instance.fault for instance in found.instances}):
        own = [instance for instance in found.instances if instance.fault == fault]
        outcomes = Counter(instance.outcome for instance in own)
        codes = Counter(code for instance in own for code in instance.codes)
        listed = " ".join(code for code, _ in sorted(codes.items(), key=lambda item: (-item[1], item[0])))
        said = series(count_outcome(each, outcomes[each]) for each in FaultOutcome if outcomes[each])
        by = msg("{outcomes} ({rules})", outcomes=said, rules=listed) if listed else said
        out.print(msg("{name}: {value}", name=fault_label(fault), value=by))


def _show_cases(cases: CaseScore, out: Printer) -> None:
    """Show each of `MEASURES` of each fault, and of all."""
    out.print(msg("The truth and the cases"), "bold")
    faults = sorted({each.instance.fault for each in cases.diagnoses})
    for name, of in (*((fault_label(fault), cases.counts(fault)) for fault in faults), (msg("all"), cases.counts())):
        cells = zip(MEASURES.values(), measures(of, out.number), strict=True)
        said = [msg("{field}: {figures}", field=label, figures=cell) for label, cell in cells if cell]
        out.print(msg("{name}: {value}", name=name, value=series(said, msg("; "))) if said else name)


# --- Result of each fault of a simulated night as JSON: findings that show it, cases that name it ---


_MARKS = ("told", *MARKS)


def as_json(found: Score, cases: CaseScore, language: str) -> dict[str, Any]:
    """All of it, with the sums, and what is said where nothing is wrong."""
    return {
        "tool": "regard",
        "instances": [_instance(each) for each in cases.diagnoses],
        "cases": asdict(cases.counts()),
        "false": {
            "findings": len(found.false),
            "errors_and_warnings": grave(found.false),
            "screens": len(found.false_screens),
            "said": [
                {"code": each.code, "insee": each.insee, "bureau": each.bureau, "message": show(language, each.message)}
                for each in (*found.false, *found.false_screens)
            ],
        },
    }


def _instance(each: Diagnosis) -> dict[str, Any]:
    own = each.instance
    return {
        "fault": own.fault,
        "insee": own.insee,
        "bureau": own.bureau,
        "outcome": own.outcome.value,
        "rules": list(own.codes),
        "screens": list(own.screens),
        "right_causes": sorted(each.expected),
        "cases": [
            {"id": case.number, "cause": case.cause.name, "sure": case.sure.value, "piece": case.piece}
            for case in each.cases
        ],
        **{name: getattr(each, name) for name in _MARKS},
    }
