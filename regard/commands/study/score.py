"""`regard study score`: the injected faults of a simulated night that its audit found, and false findings."""

from __future__ import annotations

import argparse
from collections import Counter

from rich.console import Console

from protocol import night
from protocol.errors import RegardError
from protocol.words import msg, nmsg, series
from regard.commands.checking.verify import examine
from regard.language import show
from regard.outputs import claim
from regard.studies.case_scoring import CaseScore, judge
from regard.studies.evidence_sets import SINGLE
from regard.studies.matrix_screen import Rows, show_measures
from regard.studies.matrix_words import fault_label
from regard.studies.scores import as_json
from regard.studies.scoring import FaultOutcome, Score, count_outcome, grave, read_truth
from regard.terminal import clean
from verify.model.evidence import Sources

_SHOWN = 15


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
        _show(found, cases, args.lang, outputs.console())
        outcomes = {instance.outcome for instance in found.instances}
        code = int(bool(outcomes - {FaultOutcome.CAUGHT, FaultOutcome.CANCELLED}) or grave(found.false) > 0)
        return outputs.end(args, code)


def _show(found: Score, cases: CaseScore, language: str, console: Console) -> None:
    _show_faults(found, language, console)
    console.print()
    faults = sorted({each.instance.fault for each in cases.diagnoses})
    rows: Rows = [(fault_label(fault), cases.counts(fault)) for fault in faults]
    rows.append((msg("all"), cases.counts()))
    show_measures(msg("The truth and the cases"), rows, language, console)
    console.print()
    counts = Counter(instance.outcome for instance in found.instances)
    outcomes = series(count_outcome(each, counts[each]) for each in FaultOutcome)
    total = nmsg(
        "{count:n} instance: {outcomes}.", "{count:n} instances: {outcomes}.", len(found.instances), outcomes=outcomes
    )
    console.print(show(language, total))
    console.print(
        show(
            language,
            nmsg(
                "{count:n} finding where nothing is wrong (errors or warnings: {grave:n}); screens (P) likewise: "
                "{screens:n}.",
                "{count:n} findings where nothing is wrong (errors or warnings: {grave:n}); screens (P) likewise: "
                "{screens:n}.",
                len(found.false),
                grave=grave(found.false),
                screens=len(found.false_screens),
            ),
        )
    )
    if cases.false:
        false = nmsg(
            "{count:n} case where nothing is wrong.", "{count:n} cases where nothing is wrong.", len(cases.false)
        )
        console.print(show(language, false))
    for finding in found.false[:_SHOWN]:
        place = " ".join(part for part in (finding.code, finding.insee, finding.bureau) if part)
        console.print(clean(f"  {place}  {show(language, finding.message)}"))
    console.print(
        show(
            language,
            msg(
                "Seen: a finding, but not the net effect. Cancelled: no net effect.\nSee `regard help "
                "matrix` and `regard help limits`."
            ),
        ),
        style="dim",
    )


def _show_faults(found: Score, language: str, console: Console) -> None:
    """Show the result and rules of each fault."""
    console.print(show(language, msg("The truth and the findings")), style="bold")
    for fault in sorted({instance.fault for instance in found.instances}):
        own = [instance for instance in found.instances if instance.fault == fault]
        outcomes = Counter(instance.outcome for instance in own)
        codes = Counter(code for instance in own for code in instance.codes)
        listed = " ".join(code for code, _ in sorted(codes.items(), key=lambda item: (-item[1], item[0])))
        said = series(count_outcome(each, outcomes[each]) for each in FaultOutcome if outcomes[each])
        by = msg("{outcomes} ({rules})", outcomes=said, rules=listed) if listed else said
        console.print(clean(show(language, msg("{name}: {value}", name=fault_label(fault), value=by))))
