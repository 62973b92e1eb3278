"""`regard verify`: all the evidence at hand, side by side; findings with both figures and both sources."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path

from protocol.errors import RegardError
from protocol.words import msg
from regard.api import exit_code
from regard.commands.checking.given import NAMES, paths_read, sources_of
from regard.dossier.writing import write_reports
from regard.language import say_error
from regard.letters.asking import deadlines, vote_wanted
from regard.outputs import Outputs, check_ending
from regard.paths import existing
from regard.reports.inputs import show_columns
from regard.reports.json_report import Options
from regard.reports.screen import Printer, Screen
from regard.reports.since import compare, read_earlier
from regard.reports.summary import Detail, summarise
from regard.reports.table_reports import beside
from regard.terminal import clean, console, step_line
from verify import audit as auditing
from verify.audit import Audit
from verify.loading import load
from verify.model.evidence import LinedEvidence, Sources
from verify.model.thresholds import Thresholds, read_thresholds
from verify.model.use import NothingReadable


def run(args: argparse.Namespace) -> int:
    """Read, check, write, show.

    Returns:
        0, 1 where there are findings, 2 where nothing could be read or a report could not be written.

    Raises:
        RegardError: options that do not go together.
        NothingReadable: there is nothing to check.
        OutputRefused: a report must not be written where it is to be; nothing was read.
    """
    if args.report is not None and Path(args.report).suffix.lower() == ".pdf":
        from regard.pdf import need_typst  # noqa: PLC0415 - start-up

        need_typst()
    files = [path for path in args.folder if not path.is_dir()]
    if len(args.folder) > 1 and len(files) < len(args.folder) - 1:
        return _many(args)
    if args.scheduler is not None:
        raise RegardError(msg("{option} goes with several folders only", option="--scheduler"))
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
        write_reports(evidence, result, args.lang, wanted, options, since, args.author)
        out = Screen(args.lang, wanted.console(), whole=True)
        summarise(result, out, since, detail, deadlines(evidence) or vote_wanted(evidence))
        return wanted.end(args, exit_code(result, args.fail_on))


def _show_columns(sources: Sources, language: str) -> int:
    """Show the interpretation of every column. Returns 1 if a file is not used at all, 2 if none is."""
    try:
        inputs, code = load(sources).inputs, 0
    except NothingReadable as error:
        inputs, code = error.inputs, 2
        print(clean(f"regard verify: {say_error(language, error)}"), file=sys.stderr)
    return max(code, show_columns(inputs, Printer(language, console())))


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
    from regard.commands.checking.many_nights import VerifyTask, verify  # noqa: PLC0415 - start-up

    renamed = {"columns": "--map", "sheets": "--sheet", "show_columns": "--columns"}
    for name in (*NAMES, "since", "show_columns", "report"):
        if getattr(args, name) and name != "thresholds":
            option = renamed.get(name, "--" + name.replace("_", "-"))
            raise RegardError(msg("{option} goes with one folder only", option=option))
    for folder in args.folder:
        if not folder.is_dir():
            raise RegardError(msg("{path}: is not a folder", path=str(folder)))

    path, options = args.thresholds, {"fail_on": args.fail_on}
    # what is wrong with it is said once, not of every night
    thresholds = Thresholds() if path is None else read_thresholds(path)
    if path is not None:
        options["thresholds"] = str(path)
    with outputs(args, [*args.folder, *filter(None, [path])]) as reports:
        wanted = frozenset(option for option in ("--json", "--csv", "--xlsx") if reports.wants(option))
        tasks = [VerifyTask(folder, path, args.lang, wanted, options) for folder in args.folder]
        code = verify(tasks, reports, thresholds, args.workers, args.scheduler)
        return reports.end(args, code)


def examine(sources: Sources, language: str) -> tuple[LinedEvidence, Audit]:
    """Load the evidence and apply the rules, with progress on a terminal."""
    with step_line(language) as step:
        evidence = load(sources, step)
        return evidence, auditing.run(evidence, step)
