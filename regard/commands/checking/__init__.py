"""Commands: an election checked: evidence side by side, cases, letters, published results, dumps of machines."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from protocol.words import msg, series
from regard.arguments import SEED, Argument, Either, later, whole
from regard.commands.options import (
    EVIDENCE,
    FILE,
    FOLDERS_OR_FILES,
    FORCE,
    JSON,
    LAYOUT,
    PAGE,
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
_AUTHOR = Argument(
    "--author",
    metavar=msg("NAME"),
    default="",
    help=msg("who signs the report or the letters (default: a field to be filled in)"),
)

OPTIONS: Mapping[str, tuple[Argument | Either, ...]] = {
    "verify": (
        Argument(
            "folder",
            metavar=msg("PATH"),
            type=Path,
            nargs="*",
            help=msg(
                "a night's folder, all of which is optional, or files, each read for what it is; of several folders, "
                "each is verified by itself, a line a night"
            ),
        ),
        *EVIDENCE,
        *READING,
        Argument(
            "--columns",
            action="store_true",
            dest="show_columns",
            help=msg("show what each column is taken for, and check nothing"),
        ),
        Argument(
            "--report",
            metavar=FILE,
            help=msg(
                "write a report to hand on: one HTML file to look at and to print, or with the ending .pdf a PDF; - "
                "for standard output"
            ),
        ),
        _AUTHOR,
        JSON,
        Argument(
            "--since",
            metavar=FILE,
            type=Path,
            help=msg("an earlier report (--json): say what went, what came and what moved since"),
        ),
        Argument(
            "--csv",
            metavar=FILE,
            help=msg("write the findings as CSV; - for standard output; cases and inputs go to files beside it"),
        ),
        Argument(
            "--xlsx", metavar=FILE, type=Path, help=msg("write cases, findings, figures and inputs as a workbook")
        ),
        Argument(
            "--fail-on",
            choices=("error", "warning", "never"),
            default="error",
            help=msg("exit with 1 from this severity on (default: error)"),
        ),
        Either(
            Argument("--quiet", action="store_true", help=msg("show the last sentence only")),
            Argument("--verbose", action="store_true", help=msg("show every case and every indication")),
        ),
        FORCE,
        WORKERS,
        SCHEDULER,
    ),
    "show": (
        FOLDERS_OR_FILES,
        Argument("commune", metavar=msg("COMMUNE"), help=msg("INSEE code or name of the commune")),
        Argument("bureau", metavar=msg("BUREAU"), help=msg("code of the bureau: 0001, or 1")),
        *EVIDENCE,
        *READING,
    ),
    "serve": (
        Argument(
            "folder",
            metavar=msg("FOLDER"),
            type=Path,
            nargs="?",
            default=Path(),
            help=msg("the folder of the case; it is made where there is none (default: here)"),
        ),
        Argument(
            "--live",
            metavar=msg("STORE"),
            type=Path,
            help=msg("show a night that comes in, from the store that `regard live` writes, in place of a case"),
        ),
        *PAGE,
    ),
    "next": (
        Argument(
            "folder",
            metavar=msg("PATH"),
            type=Path,
            nargs="*",
            help=msg("a night's folder, or files, whose cases are put into the letters"),
        ),
        *PIECES,
        Argument(
            "--election",
            dest="kind",
            metavar=msg("KIND"),
            type=later("regard.commands.checking.next.kind"),
            help=msg("what was voted on: {kinds} (default: as the folder says)", kinds=series(ELECTIONS)),
        ),
        Argument(
            "--date",
            metavar=_DAY,
            type=later("regard.letters.asking.day_of"),
            help=msg("day of the vote, as 15/03/2026 or 2026-03-15 (default: as the folder says)"),
        ),
        Argument(
            "--proclaimed",
            metavar=_DAY,
            type=later("regard.letters.asking.day_of"),
            help=msg("day on which the result was proclaimed, where the time counts from it"),
        ),
        Argument("--round", dest="number", metavar="N", type=whole(1, 2), help=msg("round, 1 or 2")),
        Argument(
            "--html", metavar=FILE, type=Path, help=msg("write all of it and the letters as a page for the browser")
        ),
        Argument("--pdf", metavar=FILE, type=Path, help=msg("the same as PDF")),
        Argument("--docx", metavar=FILE, type=Path, help=msg("the same as a text document to be edited")),
        _AUTHOR,
        *READING,
        FORCE,
    ),
    "template": (
        Argument("folder", metavar=msg("DIR"), type=Path, nargs="?", default=Path(), help=msg("where to write (here)")),
        Argument("--univers", metavar=FILE, type=Path, help=msg("fill in the bureaux of this list, or of results")),
        Argument("--choix", metavar=FILE, type=Path, help=msg("fill in the choices of this list (choix.csv)")),
        Argument(
            "--wide", action="store_true", help=msg("one table of PVs with a column for each choice; no voix.csv")
        ),
        Either(
            Argument(
                "--forecast",
                action="store_true",
                help=msg("one table of forecasts, for regard forecast, in place of the others"),
            ),
            Argument(
                "--plan",
                action="store_true",
                help=msg("one list of the town's bureaux, for regard plan, in place of the others"),
            ),
        ),
    ),
    "results": (
        Argument("files", metavar=FILE, type=Path, nargs="*", help=msg("published results, in any known layout")),
        Argument("--compare", metavar=("A", "B"), type=Path, nargs=2, help=msg("show where two files differ")),
        Argument(
            "--election",
            metavar="ID",
            default="",
            help=msg("one election out of data.gouv.fr's tables, such as 2022_pres_t1; all of them by default"),
        ),
        Argument(
            "--csv",
            metavar=FILE,
            help=msg("with --compare: write where they differ, a row a département; - for standard output"),
        ),
        Argument("--xlsx", metavar=FILE, help=msg("with --compare: the same as a workbook")),
        Argument("--svg", metavar=FILE, help=msg("with --compare: the same as a picture")),
        LAYOUT,
        VERBOSE,
        JSON,
        FORCE,
        SCHEDULER,
    ),
    "layouts": (
        Argument(
            "layout",
            metavar=msg("LAYOUT"),
            nargs="?",
            help=msg("the name of a layout, or a file with one: what it reads where (default: list them all)"),
        ),
    ),
    "totals": (
        Argument(
            "paths",
            metavar=msg("FILE|FOLDER"),
            type=Path,
            nargs="+",
            help=msg("dumps of any machine whose layout is known, and what lies beside them"),
        ),
        SKIP_CRYPTO,
        Argument(
            "--csv",
            metavar=FILE,
            help=msg("write the votes as a table: unit, contest, choice, kind, votes (- for standard output)"),
        ),
        VERBOSE,
        JSON,
        FORCE,
    ),
    "audit": (
        Argument("action", choices=("plan",), help=msg("plan: say how many papers or bureaux prove a result")),
        Argument(
            "results",
            metavar=msg("RESULTS"),
            type=Path,
            help=msg("published results, best by bureau; or a night's folder, which is verified first"),
        ),
        Argument(
            "--election",
            metavar=msg("KIND"),
            type=later("regard.commands.checking.audit.kind"),
            help=msg("what was voted on: {kinds} (default: as the file says)", kinds=series(KINDS)),
        ),
        Argument("--round", metavar="N", type=whole(1, 2), help=msg("round, 1 or 2 (default: as the file says)")),
        Argument("--seats", metavar="N", type=whole(1, 1000), help=msg("seats to share out among lists")),
        Argument(
            "--bonus",
            metavar="N",
            type=whole(0, 1000),
            help=msg("seats of the first list's bonus, where the law of the place differs, as in Paris since 2026"),
        ),
        Argument(
            "--paper",
            metavar=FILE,
            type=Path,
            help=msg(
                "CSV with insee and bureau: only these have papers to audit; the PVs of others are taken as right"
            ),
        ),
        Argument(
            "--risk",
            metavar="5%",
            type=later("regard.commands.checking.audit.share"),
            default="5%",
            help=msg("greatest chance that a wrong result is confirmed (default 5%%)"),
        ),
        Argument(
            "--slips",
            metavar="1/1000",
            type=later("regard.commands.checking.audit.share"),
            default="1/1000",
            help=msg("papers recorded or counted for another choice by mistake (default 1/1000)"),
        ),
        Argument("--seed", metavar="N", type=SEED, default=1, help=msg("same seed, same sizes (default 1)")),
        Argument("--report", metavar=FILE, help=msg("write a page to read, show and print (.html)")),
        JSON,
        FORCE,
    ),
    "forecast": (
        Argument(
            "forecasts",
            metavar=msg("FORECASTS"),
            type=Path,
            nargs="+",
            help=msg(
                "NSPPolls' CSV, or tables with a row for each source, day and candidate (regard template --forecast)"
            ),
        ),
        Argument(
            "--results",
            metavar=FILE,
            type=Path,
            required=True,
            help=msg("published results in any known layout, or the folder of a night: checked and added up anew"),
        ),
        Argument(
            "--baseline",
            metavar=FILE,
            type=Path,
            help=msg("results of the last election, as what everybody could have said"),
        ),
        Argument(
            "--date",
            metavar=msg("DAY"),
            type=later("regard.letters.asking.day_of"),
            help=msg(
                "the day of the vote, where neither the night nor the name of the results says which election it is"
            ),
        ),
        Argument("--round", type=int, choices=(1, 2), help=msg("the round, where that is not clear")),
        Argument(
            "--since",
            metavar=msg("DAY"),
            type=later("regard.letters.asking.day_of"),
            help=msg("only forecasts of that day or later"),
        ),
        JSON,
        Argument(
            "--csv",
            metavar=FILE,
            help=msg("write every error as a row for each forecast and candidate; - for standard output"),
        ),
        Argument("--report", metavar=FILE, help=msg("write a page to read, show and print (.html)")),
        Argument("--verbose", action="store_true", help=msg("show every table, and each file with its SHA-256")),
        FORCE,
    ),
}
