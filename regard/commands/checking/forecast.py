"""`regard forecast`: forecasts and polls against a result that was checked first, on equal terms."""

from __future__ import annotations

import argparse
import datetime

from protocol.errors import RegardError
from protocol.words import Text, language, msg
from regard.commands.planning.replay import PRESIDENTIAL
from regard.forecasts.contents import file_lines, show_study, why_nothing
from regard.forecasts.documents import as_page, document
from regard.outputs import check_ending, claim
from regard.reports.screen import Screen
from regard.terminal import complain
from verify.forecasts.choosing import Question
from verify.forecasts.model import ForecastFile
from verify.forecasts.reading import read_forecasts, round_in
from verify.forecasts.result import CheckedResult, read_result
from verify.forecasts.study import ForecastStudy
from verify.model.identity import StatedElection
from verify.model.use import Used


def run(args: argparse.Namespace) -> int:
    """Read, check, compare, write, show.

    Returns:
        0; 1 where the result has findings, or something in a file could not be read; 2 where nothing could be compared.
        Candidates who did not stand are named and are no finding: polls ask for who may stand.

    Raises:
        InputError, UnknownLayout, NoResult: the result cannot be read, or is none.
        OutputRefused: a file must not be written where it is to be.
    """
    check_ending("--report", args.report, ".html")
    read = [path for path in (*args.forecasts, args.results, args.baseline) if path is not None]
    with claim(args, "--json", "--report", read=read) as outputs:
        files, broken = _read_files(args)
        if not any(file.forecasts for file in files):
            return _nothing(args, [line for file in files for line in file_lines(file)])
        result, question = _result(args)
        baseline = None if args.baseline is None else read_result(args.baseline)
        study = ForecastStudy(files, question, result, baseline)
        if not study.ranked and not study.apart:
            return _nothing(args, why_nothing(study))
        words = language(args.lang)
        screen = Screen(args.lang, outputs.console(), whole=args.verbose)
        show_study(study, words, screen, verbose=args.verbose)
        outputs.write_json(lambda: document(study, words))
        outputs.write("--report", lambda: as_page(study, words))
        return outputs.end(args, 2 if broken else _code(study))


def _nothing(args: argparse.Namespace, reasons: list[Text]) -> int:
    """Say why nothing is compared; nothing is shown or written then."""
    for reason in reasons:
        complain(args, reason)
    return 2


def _read_files(args: argparse.Namespace) -> tuple[list[ForecastFile], int]:
    """All tables of all files, and how many files could not be opened: each is said."""
    found, broken = [], 0
    for path in args.forecasts:
        try:
            found += read_forecasts(path)
        except RegardError as error:
            complain(args, error)
            broken += 1
    return found, broken


def _result(args: argparse.Namespace) -> tuple[CheckedResult, Question]:
    """The result, and what is asked of it.

    Raises:
        RegardError: the day of the vote is not known.
    """
    result = read_result(args.results)
    said = StatedElection.of_text(args.results.name)
    table = result.tables[0]
    round_ = round_in(args.results.name) or table.round or StatedElection.of_text(table.title).round
    vote: datetime.date | None = args.date or (PRESIDENTIAL.get((said.year, round_)) if said.kind == "pres" else None)
    if vote is None:
        raise RegardError(
            msg("which day the vote was is not known from {path}: name it with --date", path=args.results)
        )
    return result, Question(vote, args.round or round_, args.since)


def _code(study: ForecastStudy) -> int:
    flawed = any(study.result.flaws) or study.result.problems or not study.result.adds_up
    return int(bool(flawed) or any(file.used is Used.NONE or file.problems for file in study.files))
