"""Commands: an election checked: evidence side by side, cases, letters, published results, dumps of machines."""

from __future__ import annotations

from pathlib import Path

from protocol.words import msg, series
from regard.arguments import Argument, CommandOptions, Either, flag, later, option, path, seed, whole
from regard.commands.options import (
    EVIDENCE,
    FILE,
    FOLDERS_OR_FILES,
    FORCE,
    JSON,
    LAYOUT,
    PIECES,
    READING,
    SCHEDULER,
    SKIP_CRYPTO,
    VERBOSE,
    WORKERS,
)

ELECTIONS = (
    "presidentielle",
    "legislatives",
    "senatoriales",
    "municipales",
    "departementales",
    "regionales",
    "europeennes",
    "referendum",
)
"""Words of `regard.letters.law.ELECTIONS`, here so that the help needs nothing of it."""
KINDS = (
    "presidentielle",
    "legislatives",
    "departementales",
    "municipales_listes",
    "regionales",
    "europeennes",
    "referendum",
)
"""Words of the kinds of election that `regard audit` knows, here for the same reason."""
_DAY = msg("DD/MM/YYYY")
_AUTHOR = option(
    "--author", msg("NAME"), msg("who signs the report or the letters (default: a field to be filled in)"), default=""
)

OPTIONS: CommandOptions = {
    "verify": (
        path(
            "folder",
            msg("PATH"),
            msg(
                "a night's folder, or files of any kind (regard recognises them); several folders are verified "
                "one by one, one line each"
            ),
            nargs="*",
        ),
        *EVIDENCE,
        *READING,
        flag("--columns", msg("show what regard takes each column for; check nothing"), dest="show_columns"),
        option(
            "--report",
            FILE,
            msg(
                "write a report to hand on: one HTML file to look at and to print, or with the ending .pdf a PDF; - "
                "for standard output"
            ),
        ),
        _AUTHOR,
        JSON,
        path("--since", FILE, msg("an earlier report (--json): say what is new, gone or changed since")),
        option(
            "--csv",
            FILE,
            msg("write the findings as CSV; - for standard output; cases and inputs go to files beside it"),
        ),
        path("--xlsx", FILE, msg("write cases, findings, figures and inputs as a workbook")),
        Argument(
            "--fail-on",
            choices=("error", "warning", "never"),
            default="error",
            help=msg("exit with 1 from this severity on (default: error)"),
        ),
        Either(
            flag("--quiet", msg("show the last sentence only")),
            flag("--verbose", msg("show every case and every indication")),
        ),
        FORCE,
        WORKERS,
        SCHEDULER,
    ),
    "show": (
        FOLDERS_OR_FILES,
        option("commune", msg("COMMUNE"), msg("INSEE code or name of the commune")),
        option("bureau", msg("BUREAU"), msg("code of the bureau: 0001, or 1")),
        *EVIDENCE,
        *READING,
    ),
    "serve": (
        path(
            "folder",
            msg("FOLDER"),
            msg("the folder of the case, created if it does not exist (default: the current one)"),
            nargs="?",
            default=Path(),
        ),
        path(
            "--live",
            msg("STORE"),
            msg("show a live night from the store of `regard live` instead of a case"),
        ),
        option(
            "--port", "N", msg("the port on 127.0.0.1; 0 for any free one (default 0)"), type=whole(0, 65535), default=0
        ),
        flag("--open", msg("open the page in the browser"), dest="browse"),
    ),
    "next": (
        path("folder", msg("PATH"), msg("a night's folder, or files, whose cases are put into the letters"), nargs="*"),
        *PIECES,
        option(
            "--election",
            msg("KIND"),
            msg("what was voted on: {kinds} (default: as the folder says)", kinds=series(ELECTIONS)),
            dest="kind",
            type=later("regard.commands.checking.next.kind"),
        ),
        option(
            "--date",
            _DAY,
            msg("day of the vote, as 15/03/2026 or 2026-03-15 (default: as the folder says)"),
            type=later("regard.letters.asking.day_of"),
        ),
        option(
            "--proclaimed",
            _DAY,
            msg("day of the proclamation, for deadlines that run from it"),
            type=later("regard.letters.asking.day_of"),
        ),
        option("--round", "N", msg("round, 1 or 2"), dest="number", type=whole(1, 2)),
        path("--html", FILE, msg("write the steps and the letters as a web page")),
        path("--pdf", FILE, msg("the same as PDF")),
        path("--docx", FILE, msg("the same as a text document to be edited")),
        _AUTHOR,
        *READING,
        FORCE,
    ),
    "template": (
        path("folder", msg("DIR"), msg("where to write (default: the current folder)"), nargs="?", default=Path()),
        path("--univers", FILE, msg("fill in the bureaux of this list, or of results")),
        path("--choix", FILE, msg("fill in the choices of this list (choix.csv)")),
        flag("--wide", msg("one table of PVs with a column for each choice; no voix.csv")),
        Either(
            flag("--forecast", msg("only a table of forecasts, for regard forecast")),
            flag("--plan", msg("only a list of the town's bureaux, for regard plan")),
        ),
    ),
    "results": (
        path("files", FILE, msg("published results, in any known layout"), nargs="*"),
        path("--compare", ("A", "B"), msg("show where two files differ"), nargs=2),
        option(
            "--election",
            "ID",
            msg("one election out of data.gouv.fr's tables, such as 2022_pres_t1; all of them by default"),
            default="",
        ),
        option(
            "--csv", FILE, msg("with --compare: write where they differ, a row a département; - for standard output")
        ),
        option("--xlsx", FILE, msg("with --compare: the same as a workbook")),
        option("--svg", FILE, msg("with --compare: the same as a picture")),
        LAYOUT,
        VERBOSE,
        JSON,
        FORCE,
    ),
    "layouts": (
        option(
            "layout",
            msg("LAYOUT"),
            msg("explain this layout: a name, or a file (default: list all)"),
            nargs="?",
        ),
    ),
    "totals": (
        path(
            "paths",
            msg("FILE|FOLDER"),
            msg("dumps of machines, with the files that belong to them"),
            nargs="+",
        ),
        SKIP_CRYPTO,
        option(
            "--csv", FILE, msg("write the votes as a table: unit, contest, choice, kind, votes (- for standard output)")
        ),
        VERBOSE,
        JSON,
        FORCE,
    ),
    "audit": (
        Argument("action", choices=("plan",), help=msg("plan: say how many papers or bureaux prove a result")),
        path(
            "results",
            msg("RESULTS"),
            msg("published results, best by bureau; or a night's folder, which is verified first"),
        ),
        option(
            "--election",
            msg("KIND"),
            msg("what was voted on: {kinds} (default: as the file says)", kinds=series(KINDS)),
            type=later("regard.commands.checking.audit.kind"),
        ),
        option("--round", "N", msg("round, 1 or 2 (default: as the file says)"), type=whole(1, 2)),
        option("--seats", "N", msg("seats to share out among lists"), type=whole(1, 1000)),
        option(
            "--bonus",
            "N",
            msg("seats of the first list's bonus, where the law of the place differs, as in Paris since 2026"),
            type=whole(0, 1000),
        ),
        path(
            "--paper",
            FILE,
            msg("CSV with insee and bureau: only these have papers to audit; the PVs of others are taken as right"),
        ),
        option(
            "--risk",
            "5%",
            msg("greatest chance that a wrong result is confirmed (default 5%%)"),
            type=later("regard.commands.checking.audit.share"),
            default="5%",
        ),
        option(
            "--slips",
            "1/1000",
            msg("papers recorded or counted for another choice by mistake (default 1/1000)"),
            type=later("regard.commands.checking.audit.share"),
            default="1/1000",
        ),
        seed(msg("seed of the simulated audits (default 1)")),
        option("--report", FILE, msg("write a page to read, show and print (.html)")),
        JSON,
        FORCE,
    ),
    "forecast": (
        path(
            "forecasts",
            msg("FORECASTS"),
            msg("NSPPolls' CSV, or tables with a row for each source, day and candidate (regard template --forecast)"),
            nargs="+",
        ),
        path(
            "--results",
            FILE,
            msg("published results in any known layout; regard checks their figures and sums"),
            required=True,
        ),
        path("--baseline", FILE, msg("results of the previous election, as the simplest forecast")),
        option(
            "--date",
            msg("DAY"),
            msg("day of the vote, if the results do not state it"),
            type=later("regard.letters.asking.day_of"),
        ),
        Argument("--round", type=int, choices=(1, 2), help=msg("the round, if the results do not state it")),
        option(
            "--since",
            msg("DAY"),
            msg("only forecasts of that day or later"),
            type=later("regard.letters.asking.day_of"),
        ),
        JSON,
        option("--report", FILE, msg("write a page to read, show and print (.html)")),
        flag("--verbose", msg("show every table, and each file with its SHA-256")),
        FORCE,
    ),
}
