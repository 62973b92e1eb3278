"""`regard forecast`: forecasts and polls against a result that was checked first, on equal terms."""

from __future__ import annotations

import argparse
import datetime
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from protocol.words import msg
from regard.arguments import add_force_argument, add_json_argument
from regard.language import add_language, language_of, show
from regard.letters.asking import day_of

if TYPE_CHECKING:
    from protocol.words import Text
    from verify.forecasts.choosing import Question
    from verify.forecasts.model import ForecastFile
    from verify.forecasts.result import CheckedResult
    from verify.forecasts.study import ForecastStudy


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe what the command takes."""
    text = partial(show, language_of(parser))
    file, date = text(msg("FILE")), text(msg("DAY"))
    parser.add_argument(
        "forecasts",
        metavar=text(msg("FORECASTS")),
        type=Path,
        nargs="+",
        help=text(
            msg("NSPPolls' CSV, or tables with a row for each source, day and candidate (regard template --forecast)")
        ),
    )
    parser.add_argument(
        "--results",
        metavar=file,
        type=Path,
        required=True,
        help=text(msg("published results in any known layout, or the folder of a night: checked and added up anew")),
    )
    parser.add_argument(
        "--baseline",
        metavar=file,
        type=Path,
        help=text(msg("results of the last election, as what everybody could have said")),
    )
    parser.add_argument(
        "--date",
        metavar=date,
        type=day_of,
        help=text(
            msg("the day of the vote, where neither the night nor the name of the results says which election it is")
        ),
    )
    parser.add_argument("--round", type=int, choices=(1, 2), help=text(msg("the round, where that is not clear")))
    parser.add_argument("--since", metavar=date, type=day_of, help=text(msg("only forecasts of that day or later")))
    parser.add_argument("--until", metavar=date, type=day_of, help=text(msg("only forecasts of that day or earlier")))
    parser.add_argument(
        "--election",
        metavar="ID",
        default="",
        help=text(msg("only rows whose column of elections says this; by default those of the year and the round")),
    )
    add_json_argument(parser)
    parser.add_argument(
        "--csv",
        metavar=file,
        help=text(msg("write every error as a row for each forecast and candidate; - for standard output")),
    )
    parser.add_argument(
        "--report", metavar=file, help=text(msg("write a report with pictures, as HTML or PDF by its ending"))
    )
    add_force_argument(parser)
    add_language(parser)


def run(args: argparse.Namespace) -> int:
    """Read, check, compare, write, show.

    Returns:
        0; 1 where the result has findings, or something in a file could not be read; 2 where nothing could be compared.
        Candidates who did not stand are named and are no finding: polls ask for who may stand.

    Raises:
        InputError, UnknownLayout, NoResult: the result cannot be read, or is none.
        OutputRefused: a file must not be written where it is to be.
    """
    from protocol.words import language
    from regard.forecasts import handing_on
    from regard.forecasts.nothing import why_no_forecast, why_nothing_left
    from regard.forecasts.screen import show_study
    from regard.outputs import Outputs, check_ending
    from regard.terminal import complain, console

    check_ending("--report", args.report, ".html", ".pdf")
    handing_on.check(args.report)
    read = [path for path in (*args.forecasts, args.results, args.baseline) if path is not None]
    with Outputs({"--json": args.json, "--csv": args.csv, "--report": args.report}, read, force=args.force) as outputs:
        files, broken = _read_files(args)
        if not any(file.forecasts for file in files):
            return _nothing(args, why_no_forecast(files))
        result, question = _result(args)
        if question is None:
            said = msg("which day the vote was is not known from {path}: name it with --date", path=args.results)
            complain(args.lang, "forecast", said)
            return 2
        study = _study(args, files, question, result)
        if not study.main.ranked and not study.main.apart:
            return _nothing(args, why_nothing_left(study))
        words = language(args.lang)
        show_study(study, words, console(sys.stderr if outputs.on_screen else sys.stdout))
        handing_on.write(study, words, outputs)
        return outputs.end("forecast", args.lang, 2 if broken else _code(study))


def _nothing(args: argparse.Namespace, reasons: list[Text]) -> int:
    """Say why nothing is compared; nothing is shown or written then."""
    from regard.terminal import complain

    for reason in reasons:
        complain(args.lang, "forecast", reason)
    return 2


def _read_files(args: argparse.Namespace) -> tuple[list[ForecastFile], int]:
    """All tables of all files, and how many files could not be opened: each is said."""
    from protocol.errors import RegardError
    from regard.terminal import complain
    from verify.forecasts.reading import read_forecasts

    found, broken = [], 0
    for path in args.forecasts:
        try:
            found += read_forecasts(path)
        except RegardError as error:
            complain(args.lang, "forecast", error)
            broken += 1
    return found, broken


def _result(args: argparse.Namespace) -> tuple[CheckedResult, Question | None]:
    """The result, and what is asked of it; None where the day of the vote is not known."""
    from protocol import night
    from protocol.election import read_election
    from regard.commands.replay import PRESIDENTIAL
    from verify.forecasts.cells import round_in
    from verify.forecasts.choosing import Question
    from verify.forecasts.result import read_result
    from verify.model.stated import StatedElection

    if (args.results / night.ELECTION).is_file():
        from regard.commands.verify import examine
        from verify.forecasts.night_result import night_result
        from verify.model.evidence import Sources

        election = read_election(args.results / night.ELECTION)
        result = night_result(*examine(Sources(folder=args.results), args.lang), str(args.results))
        vote: datetime.date = election.date
        round_ = election.round
    else:
        result = read_result(args.results)
        said = StatedElection.of_text(args.results.name)
        table = result.tables[0]
        round_ = round_in(args.results.name) or table.round or StatedElection.of_text(table.title).round
        known = PRESIDENTIAL.get((said.year, round_)) if said.kind == "pres" else None
        if args.date is None and known is None:
            return result, None
        vote = known or args.date
    return result, Question(args.date or vote, args.round or round_, args.since, args.until, args.election)


def _study(
    args: argparse.Namespace, files: list[ForecastFile], question: Question, result: CheckedResult
) -> ForecastStudy:
    from verify.forecasts.result import read_result
    from verify.forecasts.study import study_forecasts

    baseline = None if args.baseline is None else read_result(args.baseline)
    return study_forecasts(files, question, result, baseline)


def _code(study: ForecastStudy) -> int:
    from verify.model.use import Used

    flawed = any(study.result.flaws) or study.result.findings or study.result.problems or not study.result.adds_up
    return int(bool(flawed) or any(file.used is Used.NONE or file.problems for file in study.files))
