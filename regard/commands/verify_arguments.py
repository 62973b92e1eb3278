"""What `regard verify` takes: the evidence, how its tables are read, what is written."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from functools import partial
from pathlib import Path

from protocol.words import Message, msg
from regard.arguments import add_force_argument, add_json_argument, add_scheduler_argument, add_workers_argument
from regard.commands.evidence_options import add_evidence, add_reading
from regard.language import add_language, language_of, show


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe what the command takes."""
    text = partial(show, language_of(parser))
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
    add_evidence(parser, text)
    add_reading(parser, text)
    parser.add_argument(
        "--columns",
        action="store_true",
        dest="show_columns",
        help=text(msg("show what each column is taken for, and check nothing")),
    )
    _add_reports(parser, text)
    parser.add_argument(
        "--fail-on",
        choices=("error", "warning", "never"),
        default="error",
        help=text(msg("exit with 1 from this severity on (default: error)")),
    )
    how_much = parser.add_mutually_exclusive_group()
    how_much.add_argument("--quiet", action="store_true", help=text(msg("show the last sentence only")))
    how_much.add_argument("--verbose", action="store_true", help=text(msg("show every case and every indication")))
    parser.add_argument(
        "--watch", action="store_true", help=text(msg("check again whenever a file changes, until Ctrl-C"))
    )
    add_force_argument(parser)
    add_workers_argument(parser)
    add_scheduler_argument(parser)
    add_language(parser)


def _add_reports(parser: argparse.ArgumentParser, text: Callable[[Message], str]) -> None:
    """What is to be written."""
    file = text(msg("FILE"))
    parser.add_argument(
        "--report",
        metavar=file,
        help=text(
            msg(
                "write a report to hand on: one HTML file to look at and to print, or with the ending .pdf a PDF; - "
                "for standard output"
            )
        ),
    )
    add_json_argument(parser)
    parser.add_argument(
        "--since",
        metavar=file,
        type=Path,
        help=text(msg("an earlier report (--json): say what went, what came and what moved since")),
    )
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
        "--nist",
        metavar=file,
        type=Path,
        help=text(msg("write the results in the common data format of NIST SP 1500-100 version 2 (JSON)")),
    )
    parser.add_argument(
        "--figures",
        metavar=file,
        type=Path,
        help=text(msg("write every bureau's figures side by side, as .csv, .xlsx or .parquet")),
    )
