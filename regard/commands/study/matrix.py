"""`regard study matrix`: the faults that each kind of evidence shows, measured on simulated nights."""

from __future__ import annotations

import argparse
from functools import partial

from protocol.output_refusals import make_folder
from protocol.words import Message, languages, msg, nmsg, series
from regard.outputs import Outputs
from regard.reference.documents import name_in
from regard.reports.screen import Printer
from regard.studies.evidence_sets import FULL, fault_label
from regard.studies.matrix_document import Cells, as_csv, as_markdown, fault_names, is_whole
from regard.studies.scoring import FaultOutcome, count_outcome
from regard.studies.trial_nights import NO_FAULT
from regard.studies.trials import Trial, names, trial_of_many, trials
from regard.terminal import progress_bar
from sim.executors import executor
from verify.model.findings import Severity


def run(args: argparse.Namespace) -> int:
    """Simulate, verify, count, write Markdown in every language and CSV. Returns 0, or 2 where a file failed.

    Raises:
        UnknownFault: there is no fault of a name that was given.
        OutputRefused: a file must not be written there, or cannot be.
    """
    measured = names(args.fault)
    make_folder(args.output)  # before minutes of work, not after
    documents = {f"{name_in(code, 'matrix')}.md": code for code in languages()}
    files = {name: args.output / name for name in ("matrix.csv", *documents)}
    with Outputs(files, force=args.force) as outputs:
        with (
            progress_bar(args.lang, msg("faults and evidence"), msg("seeds")) as report,
            executor(args.workers) as pool,
        ):
            seeds = range(1, args.seeds + 1)
            many = None if args.fault else trial_of_many(seeds, pool)
            cells = trials([Trial(seed, measured) for seed in seeds], pool, report)
        outputs.write("matrix.csv", partial(as_csv, cells, args.seeds))
        for name, code in documents.items():
            outputs.write(name, partial(as_markdown, cells, args.seeds, code, many, args.output.as_posix()))
        _say(args, cells, Printer(args.lang, outputs.console()))
        return outputs.end(args, 0)


def _say(args: argparse.Namespace, cells: Cells, out: Printer) -> None:
    caught = [name for name in fault_names(cells) if is_whole(cells[name, FULL])]
    faultless = cells[NO_FAULT, FULL]
    grave = faultless.false[Severity.ERROR] + faultless.false[Severity.WARNING]
    out.print(
        msg(
            "{faults}, {seeds}. With all evidence {caught} caught in every instance; {grave} errors and warnings "
            "on {nights} without a fault.",
            faults=_faults(len(fault_names(cells))),
            seeds=nmsg("{count:n} seed", "{count:n} seeds", args.seeds),
            caught=_faults(len(caught)),
            grave=grave,
            nights=nmsg("{count:n} night", "{count:n} nights", faultless.nights),
        )
    )
    for name in fault_names(cells):
        cell = cells[name, FULL]
        if name not in caught:
            counts = [count_outcome(each, cell.outcomes[each]) for each in FaultOutcome if cell.outcomes[each]]
            came = series(counts) if counts else msg("no instance")
            labelled = msg("{name} ({option})", name=fault_label(name), option=name)
            out.print(msg("- {said}", said=msg("{name}: {value}", name=labelled, value=came)))
    out.print()
    out.print(msg("Written to {output}.", output=args.output))


def _faults(count: int) -> Message:
    return nmsg("{count:n} fault", "{count:n} faults", count)
