"""`regard verify`: all the evidence at hand, side by side; findings with both figures and both sources."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable
from dataclasses import fields
from functools import partial
from pathlib import Path

from protocol.words import msg
from regard.api import exit_code
from regard.commands.checking.given import paths_read, sources_of
from regard.language import say_error
from regard.letters.asking import times_to_complain
from regard.outputs import Outputs, check_ending, no_collections
from regard.paths import existing
from regard.reports import json_report
from regard.reports.inputs import CellPlaces, show_columns
from regard.reports.json_report import Options, as_json
from regard.reports.rows import blocks, case_blocks, case_table
from regard.reports.since import Since, compare, read_earlier
from regard.reports.summary import Detail, summarise
from regard.reports.table_reports import OF_CASES, TABLES, AuditTables, TableReports, beside, inputs_of
from regard.reports.tables import figures_of
from regard.terminal import clean, complain, console, step_line
from verify import audit as auditing
from verify.audit import Audit
from verify.loading import load
from verify.model.evidence import LinedEvidence, Sources
from verify.model.thresholds import Thresholds, read_thresholds
from verify.model.use import NothingReadable

__all__ = ["examine", "outputs", "report", "run", "write_reports"]


def run(args: argparse.Namespace) -> int:
    """Read, check, write, show.

    Returns:
        0, 1 where there are findings, 2 where nothing could be read or a report could not be written.

    Raises:
        NothingReadable: there is nothing to check.
        OutputRefused: a report must not be written where it is to be; nothing was read.
    """
    if args.report is not None and _is_pdf(Path(args.report)):
        from regard.pdf import need_typst  # noqa: PLC0415 - start-up

        need_typst()
    files = [path for path in args.folder if not path.is_dir()]
    if len(args.folder) > 1 and len(files) < len(args.folder) - 1:
        return _many(args)
    if args.scheduler is not None:
        complain(args.lang, args.command, msg("{option} goes with several folders only", option="--scheduler"))
        return 2
    sources, given = sources_of(args)
    if args.show_columns:
        return _show_columns(sources, args.lang)
    return _verify(args, sources, {"fail_on": args.fail_on, **given})


def _verify(args: argparse.Namespace, sources: Sources, options: Options) -> int:
    """Check one night, write its reports and show it; the exit code."""
    earlier = None if args.since is None else read_earlier(existing(args.since))
    detail = Detail.LEAST if args.quiet else Detail.ALL if args.verbose else Detail.USUAL
    with outputs(args, [*paths_read(sources), *filter(None, [args.since])]) as wanted:
        evidence, result = examine(sources, args.lang)
        since = None if earlier is None else compare(earlier, result)
        write_reports(evidence, result, args.lang, wanted, options, since)
        screen = console(sys.stderr if wanted.on_screen else sys.stdout)
        summarise(result, args.lang, screen, since, detail, times_to_complain(evidence))
        return wanted.end(args.command, args.lang, exit_code(result, args.fail_on))


def _show_columns(sources: Sources, language: str) -> int:
    """Show the interpretation of every column. Returns 1 if a file is not used at all, 2 if none is."""
    try:
        inputs, code = load(sources).inputs, 0
    except NothingReadable as error:
        inputs, code = error.inputs, 2
        print(clean(f"regard verify: {say_error(language, error)}"), file=sys.stderr)
    return max(code, show_columns(inputs, language, console()))


def outputs(args: argparse.Namespace, read: Iterable[Path]) -> Outputs:
    """Claim all reports that are wanted.

    Raises:
        OutputRefused: one of them must not be written where it is to be.
    """
    check_ending("--report", args.report, ".html", ".htm", ".pdf")
    wanted = {f"--{name}": getattr(args, name) for name in ("json", "csv", "xlsx", "report")}
    return Outputs({**wanted, **beside(args.csv)}, read, force=args.force)


def _many(args: argparse.Namespace) -> int:
    """Several folders: only what is the same for all of them can be given besides."""
    from regard.commands.checking.many_nights import VerifyTask, Wanted, verify  # noqa: PLC0415 - start-up

    tables = ("exports", "modules", "pv", "voix", "emargements", "published", "suites", "add")
    single = (*tables, "other_round", "round", "election", "since", "skip_crypto")
    options_of = {name: "--" + name.replace("_", "-") for name in single}
    options_of |= {
        "columns": "--map",
        "sheets": "--sheet",
        "show_columns": "--columns",
        "report": "--report",
    }
    if given := [name for name in options_of if getattr(args, name)]:
        option = options_of[given[0]]
        complain(args.lang, args.command, msg("{option} goes with one folder only", option=option))
        return 2
    for folder in args.folder:
        if not folder.is_dir():
            complain(args.lang, args.command, msg("{path}: is not a folder", path=str(folder)))
            return 2

    path, options = args.thresholds, {"fail_on": args.fail_on}
    # what is wrong with it is said once, not of every night
    thresholds = Thresholds() if path is None else read_thresholds(path)
    if path is not None:
        options["thresholds"] = str(path)
    with outputs(args, [*args.folder, *filter(None, [path])]) as reports:
        wanted = Wanted(*(reports.wants(f"--{each.name}") for each in fields(Wanted)))
        tasks = [VerifyTask(folder, path, args.lang, wanted, options) for folder in args.folder]
        code = verify(tasks, reports, thresholds, args.workers, args.scheduler)
        return reports.end(args.command, args.lang, code)


def examine(sources: Sources, language: str) -> tuple[LinedEvidence, Audit]:
    """Load the evidence and apply the rules, with progress on a terminal."""
    with step_line(language) as step:
        evidence = load(sources, step)
        return evidence, auditing.run(evidence, step)


def report(result: Audit, language: str, wanted: Outputs, options: Options, since: Since | None = None) -> None:
    """Write the findings as JSON, where they were asked for, with the options that change a verdict."""
    wanted.stream("--json", lambda: as_json(result, language, options, since))


def _page(evidence: LinedEvidence, result: Audit, language: str, options: Options, target: Path) -> bytes:
    """The report to hand on, in the form that the ending of its file says."""
    from regard.dossier.contents import build  # noqa: PLC0415 - start-up
    from regard.dossier.page import as_page  # noqa: PLC0415 - start-up
    from regard.dossier.printed import as_pdf  # noqa: PLC0415 - start-up

    contents = build(evidence, result, language, options)
    if _is_pdf(target):
        return as_pdf(contents)

    return as_page(contents)


def _is_pdf(target: Path) -> bool:
    return target.suffix.lower() == ".pdf"


def write_reports(
    evidence: LinedEvidence,
    result: Audit,
    language: str,
    wanted: Outputs,
    options: Options,
    since: Since | None = None,
) -> None:
    """Write all that was asked for: the report, the JSON, and cases, findings, figures and inputs as tables.

    The rows of cases and findings are made once for all of them.
    """
    if wanted.wants("--report"):
        wanted.write("--report", partial(_page, evidence, result, language, options, wanted.path("--report")))
    if not any(map(wanted.wants, TABLES)):
        report(result, language, wanted, options, since)
        return

    def write(render: Callable[[], bytes]) -> None:
        wanted.attempt("--json", lambda: wanted.file("--json").write(render()))

    write(lambda: json_report.head(result, language, options, since))
    with no_collections(), TableReports(wanted, language) as tables:

        def cases() -> None:
            for number, columns in enumerate(case_blocks(result, language)):
                write(partial(json_report.case_lines, columns, result, language, first=number == 0))
                tables.cases(case_table(columns, language, result.coverage.communes))

        def findings() -> None:
            places = CellPlaces(result.inputs)
            for number, block in enumerate(blocks(result, language)):
                write(partial(json_report.lines, block, places, first=number == 0))
                tables.findings(block)

        wanted.attempt_all(("--json", *OF_CASES), cases)
        write(lambda: json_report.BETWEEN)
        wanted.attempt_all(("--json", "--csv", "--xlsx"), findings)
        write(lambda: json_report.END)
        wanted.publish("--json")
        tables.add(AuditTables(lambda: figures_of(evidence), inputs_of(result.inputs, language)))
