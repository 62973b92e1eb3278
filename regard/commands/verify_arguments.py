"""What `regard verify` takes: the evidence, how its tables are read, what is written."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from functools import partial
from pathlib import Path

from protocol.words import Message, msg
from regard.arguments import add_force_argument, add_json_argument
from regard.commands.simulate import add_scheduler_argument, add_workers_argument
from regard.language import add_language, show, spoken


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe what the command takes."""
    text = partial(show, spoken(parser))
    parser.add_argument(
        "folder",
        metavar=text(msg("PATH")),
        type=Path,
        nargs="*",
        help=text(
            msg(
                "a night's folder, all of which is optional, or files, each read for what it is; of several folders, "
                "each is verified by itself, a line a night"
            )
        ),
    )
    _add_evidence(parser, text)
    _add_reading(parser, text)
    _add_reports(parser, text)
    parser.add_argument(
        "--fail-on",
        choices=("error", "warning", "never"),
        default="error",
        help=text(msg("exit with 1 from this severity on (default: error)")),
    )
    add_force_argument(parser)
    add_workers_argument(parser)
    add_scheduler_argument(parser)
    add_language(parser)


def _add_evidence(parser: argparse.ArgumentParser, text: Callable[[Message], str]) -> None:
    """What can be given beside a night's folder, or in its place."""
    file, path = text(msg("FILE")), text(msg("PATH"))
    for option, given, help_text in (
        ("--exports", path, msg("exports: a file or a folder")),
        ("--modules", path, msg("module images, likewise")),
        ("--pv", file, msg("the bureaux' records (PV), one row a bureau; several files are read together")),
        ("--voix", file, msg("the PVs' votes, one row a choice, likewise")),
        ("--emargements", file, msg("the sign-in counts, likewise")),
        ("--published", file, msg("published results")),
        ("--suites", file, msg("what became of findings: remarks and states, as in suites.csv")),
    ):
        parser.add_argument(option, metavar=given, type=Path, action="append", help=text(help_text))
    parser.add_argument(
        "--election",
        metavar="ID",
        help=text(msg("the election to take out of data.gouv.fr's tables of all elections, such as 2022_pres_t1")),
    )
    parser.add_argument(
        "--other-round",
        metavar=path,
        type=Path,
        help=text(msg("the other round: a night's folder, PVs or published results")),
    )
    parser.add_argument(
        "--thresholds",
        metavar=file,
        type=Path,
        help=text(msg("other thresholds for the rules (TOML)")),
    )
    parser.add_argument(
        "--since",
        metavar=file,
        type=Path,
        help=text(msg("an earlier report (--json): say what went, what came and what moved since")),
    )


def _add_reading(parser: argparse.ArgumentParser, text: Callable[[Message], str]) -> None:
    """How tables are to be read."""
    parser.add_argument(
        "--map",
        metavar=text(msg("HEADER=MEANING")),
        action="append",
        dest="columns",
        help=text(msg('what a column is: --map "Compteur=votes_found"; --map "Total=" leaves it out')),
    )
    parser.add_argument(
        "--sheet",
        metavar=text(msg("NAME")),
        action="append",
        dest="sheets",
        help=text(msg("read only the sheet of this name of workbooks")),
    )
    parser.add_argument(
        "--columns",
        action="store_true",
        dest="show_columns",
        help=text(msg("show what each column is taken for, and check nothing")),
    )


def _add_reports(parser: argparse.ArgumentParser, text: Callable[[Message], str]) -> None:
    """What is to be written."""
    file = text(msg("FILE"))
    parser.add_argument(
        "--report",
        metavar=file,
        help=text(msg("write a report to hand on, one HTML file to look at and to print; - for standard output")),
    )
    add_json_argument(parser)
    parser.add_argument(
        "--csv",
        metavar=file,
        help=text(msg("write the findings as CSV; - for standard output; cases and inputs go to files beside it")),
    )
    parser.add_argument(
        "--csv-dialect",
        choices=("fr", "en", "plain"),
        help=text(msg("the CSV for spreadsheets in French (;) or English (,), or plain (default: the language's)")),
    )
    parser.add_argument(
        "--xlsx",
        metavar=file,
        type=Path,
        help=text(msg("write cases, findings, figures and inputs as a workbook")),
    )
    parser.add_argument(
        "--parquet",
        metavar=file,
        type=Path,
        help=text(
            msg(
                "write the findings as Parquet, with the SHA-256 of all inputs in its metadata; cases go to a file "
                "beside it"
            )
        ),
    )
    parser.add_argument(
        "--figures",
        metavar=file,
        type=Path,
        help=text(msg("write every bureau's figures side by side, as .csv, .xlsx or .parquet")),
    )
