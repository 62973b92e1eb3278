"""Options that several commands take."""

from __future__ import annotations

from pathlib import Path

from protocol.words import msg
from regard.arguments import Argument, later, real, whole

FILE = msg("FILE")
_PATH = msg("PATH")
FOLDERS_OR_FILES = Argument(
    "folder", metavar=_PATH, type=Path, nargs="+", help=msg("a night's folder, or files, each read for what it is")
)
FORCE = Argument(
    "--force",
    action="store_true",
    help=msg(
        "replace a file that is not regard's; allow a new file in a folder of evidence, where nothing is ever replaced"
    ),
)
JSON = Argument("--json", metavar=FILE, help=msg("write everything as JSON; - for standard output"))
SCHEDULER = Argument(
    "--scheduler",
    metavar=msg("ADDRESS"),
    help=msg("compute on the Dask cluster of that scheduler, such as tcp://127.0.0.1:8786"),
)
WORKERS = Argument(
    "--workers", type=whole(1, 1024), metavar="N", help=msg("processes (default: one for each processor)")
)
VERBOSE = Argument("--verbose", action="store_true", help=msg("show everything, not one screen of it"))
SKIP_CRYPTO = Argument(
    "--skip-crypto",
    action="store_true",
    help=msg("skip digital signatures (slow); the report lists them as not checked"),
)
PAGE = (
    Argument(
        "--port",
        type=whole(0, 65535),
        default=0,
        metavar="N",
        help=msg("the port on 127.0.0.1; 0 for any free one (default 0)"),
    ),
    Argument("--open", action="store_true", dest="browse", help=msg("open the page in the browser")),
)
"""Address of a page of this computer, and opening it at once."""
LIMIT = Argument(
    "--limit",
    type=real(1, 600),
    default=15.0,
    metavar="MIN",
    help=msg("minutes that a day's longest wait is to stay within on average (default 15)"),
)
ELECTIONS = (
    *("2007-P1", "2007-P2", "2012-P1", "2012-P2", "2014-M1", "2014-M2", "2017-P1", "2017-P2", "2020-M1"),
    *("2021-R1", "2021-R2", "2022-P1", "2022-P2", "2022-P1-75", "2022-P1-91", "2022-P1-93", "2022-L1", "2022-L2"),
    *("2024-E", "2024-L1"),
)
"""Names of `sim.elections.TURNOUTS`, here so that the help needs nothing of the simulator."""
PIECES = (
    *(
        Argument(option, metavar=metavar, type=Path, action="append", help=about)
        for option, metavar, about in (
            ("--exports", _PATH, msg("exports: a file or a folder")),
            ("--modules", _PATH, msg("module images, likewise")),
            ("--pv", FILE, msg("the bureaux' records (PV), one row a bureau; several files are read together")),
            ("--voix", FILE, msg("the PVs' votes, one row a choice, likewise")),
            ("--emargements", FILE, msg("the sign-in counts, likewise")),
            ("--published", FILE, msg("published results")),
            ("--suites", FILE, msg("what became of findings: remarks and states, as in suites.csv")),
        )
    ),
    Argument(
        "--add",
        metavar=msg("BUREAU=VOTES"),
        type=later("regard.commands.checking.given.addition"),
        action="append",
        help=msg("ballots lost or wrongly void, voters kept from voting: --add 92012:0001=4"),
    ),
)
"""Evidence that can be given beside a night's folder, or in its place."""
EVIDENCE = (
    *PIECES,
    SKIP_CRYPTO,
    Argument(
        "--election",
        metavar="ID",
        help=msg("the election to take out of data.gouv.fr's tables of all elections, such as 2022_pres_t1"),
    ),
    Argument(
        "--other-round",
        metavar=_PATH,
        type=Path,
        help=msg("the other round: a night's folder, PVs or published results"),
    ),
    Argument(
        "--round", type=int, choices=(1, 2), help=msg("the round that is checked, where files have tables of both")
    ),
    Argument("--thresholds", metavar=FILE, type=Path, help=msg("other thresholds for the rules (TOML)")),
)
"""The same, and how it is checked."""
LAYOUT = Argument(
    "--layout",
    metavar=msg("LAYOUT"),
    help=msg("read published results by this layout: its name (regard layouts), or a file with an entry of your own"),
)
READING = (
    Argument(
        "--map",
        metavar=msg("HEADER=MEANING"),
        action="append",
        dest="columns",
        help=msg('what a column is: --map "Compteur=votes found"; --map "Total=" leaves it out'),
    ),
    Argument(
        "--sheet",
        metavar=msg("NAME"),
        action="append",
        dest="sheets",
        help=msg("read only the sheet of this name of workbooks"),
    ),
    LAYOUT,
)
"""Options on reading tables."""
