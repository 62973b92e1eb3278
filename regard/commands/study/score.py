"""`regard study score`: the injected faults of a simulated night that its audit found, and false findings."""

from __future__ import annotations

import argparse
from collections import Counter

from rich.console import Console

from protocol import night
from protocol.errors import RegardError
from protocol.words import msg, nmsg, series
from regard.commands.checking.verify import examine
from regard.language import number, show
from regard.outputs import claim
from regard.studies.case_scoring import CaseScore, judge
from regard.studies.evidence_sets import SINGLE
from regard.studies.matrix_screen import Rows, show_measures
from regard.studies.matrix_words import fault_label
from regard.studies.scores import as_csv, as_json
from regard.studies.scoring import LABELS, FaultOutcome, Score, count_outcome, grave, read_truth
from regard.terminal import clean, titled_table
from verify.model.evidence import Sources

_SHOWN = 15
_GAP, _RULES, _LEAST = 2, 14, 24
"""Characters between columns, for the codes of rules, and that there must be for what a fault does."""


def run(args: argparse.Namespace) -> int:
    """Verify the night, hold the truth against it, show.

    Returns:
        0 where every fault was caught and nothing is false, else 1.

    Raises:
        RegardError: there is no truth.
        InputError: the truth cannot be read.
        NothingReadable: there is nothing to check.
        OutputRefused: the CSV must not be written where it is to be.
    """
    path = args.night / night.TRUTH.file
    if not path.is_file():
        nothing = msg("nothing: only a simulated night has one")
        raise RegardError(msg("{path}: {reason}", path=str(path), reason=nothing))
    with claim(args, "--csv", "--json", read=[args.night]) as outputs:
        truth = read_truth(path)
        evidence, result = examine(Sources(folder=args.night), args.lang)
        parts = [part.name for part in SINGLE if any((args.night / entry).exists() for entry in part.entries)]
        found, cases = judge(truth, result, evidence.universe, parts)
        outputs.write("--csv", lambda: as_csv(cases))
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
    show_measures(msg("The truth and the cases"), msg("fault"), rows, language, console)
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
    """Show the result and rules of each fault: a table if there is room for it, else a paragraph a fault."""
    labels = {outcome: show(language, LABELS[outcome]) for outcome in FaultOutcome}
    left = console.width - sum(_GAP + len(label) for label in labels.values()) - _GAP - _RULES
    table = titled_table(show(language, msg("The truth and the findings")), _GAP)
    table.add_column(show(language, msg("fault")), width=left, overflow="fold")
    for label in labels.values():
        table.add_column(label, justify="right", no_wrap=True)
    table.add_column(show(language, msg("rules")), width=_RULES, overflow="fold")
    if narrow := left < _LEAST:
        console.print(table.title, style="bold")
    for fault in sorted({instance.fault for instance in found.instances}):
        own = [instance for instance in found.instances if instance.fault == fault]
        outcomes = Counter(instance.outcome for instance in own)
        codes = Counter(code for instance in own for code in instance.codes)
        listed = " ".join(code for code, _ in sorted(codes.items(), key=lambda item: (-item[1], item[0])))
        name = clean(show(language, fault_label(fault)))
        if narrow:
            said = series(count_outcome(each, outcomes[each]) for each in FaultOutcome if outcomes[each])
            by = msg("{outcomes} ({rules})", outcomes=said, rules=listed) if listed else said
            console.print(show(language, msg("{name}: {value}", name=name, value=by)))
        else:
            counts = (number(language, outcomes[each]) if outcomes[each] else "" for each in FaultOutcome)
            table.add_row(name, *counts, listed)
    if not narrow:
        console.print(table)
