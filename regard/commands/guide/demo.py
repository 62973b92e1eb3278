"""`regard demo`: the main job in one command: simulate an election night, verify it, show and save what was found."""

from __future__ import annotations

import argparse

from protocol.errors import RegardError
from protocol.words import msg
from regard.commands.checking.verify import examine
from regard.commands.planning.simulate import simulate
from regard.dossier.writing import write_reports
from regard.language import show
from regard.letters.asking import deadlines
from regard.office.screen import simulated_said
from regard.outputs import Outputs
from regard.printing import print_beside
from regard.reports.screen import Screen
from regard.reports.summary import summarise
from regard.reports.table_reports import CSV_CASES, beside
from regard.terminal import clean, console, print_said, progress_bar
from verify.model.evidence import Sources


def run(args: argparse.Namespace) -> int:
    """Simulate the machine communes of 2022 with the default faults, verify, save. Returns 0, or 2 if that failed."""
    if args.folder.exists() and not args.folder.is_dir():
        raise RegardError(msg("{path}: {reason}", path=args.folder, reason=msg("Not a directory")))
    night, findings = args.folder / "night", args.folder / "findings"
    print_said(args.lang, msg("1. An election night, simulated"))
    with progress_bar(args.lang, msg("simulating"), "bureaux") as progress:
        wrote = simulate(night, seed=args.seed, workers=None, force=True, progress=progress)
    print_said(args.lang, simulated_said(wrote, str(night), 2022, args.seed))
    print()
    print_said(args.lang, msg("2. The same night, verified"))
    json_file, csv_file = findings.with_suffix(".json"), findings.with_suffix(".csv")
    page = args.folder / "report.html"
    tables = beside(csv_file)
    with Outputs({"--report": page, "--json": json_file, "--csv": csv_file, **tables}, [night]) as outputs:
        evidence, result = examine(Sources(folder=night), args.lang)
        write_reports(evidence, result, args.lang, outputs, {})
        summarise(result, Screen(args.lang, console(), whole=True), times=deadlines(evidence))
        code = outputs.end(args, 0)
    print()
    print_said(args.lang, msg("3. The files"))
    for path, holds in (
        (page, msg("the report: open it in a browser, hand it on, print it")),
        (night, msg("the night: exports, PVs, sign-ins, results")),
        (json_file, msg("all cases and findings, for a program")),
        (tables[CSV_CASES], msg("all cases, for a spreadsheet")),
        (csv_file, msg("all findings, for a spreadsheet")),
    ):
        print_beside(clean(f"   {path}  "), show(args.lang, holds))
    if not code:
        print()
        print_said(args.lang, msg("Now open {path} in a browser: it says what was found.", path=str(page)))
    return code
