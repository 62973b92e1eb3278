"""Options that several commands take."""

from __future__ import annotations

from protocol.words import msg
from regard.arguments import Argument, flag, later, option, path, real, whole

FILE = msg("FILE")
_PATH = msg("PATH")
FOLDERS_OR_FILES = path(
    "folder", _PATH, msg("a night's folder, or files of any kind (regard recognises them)"), nargs="+"
)
FORCE = flag(
    "--force",
    msg(
        "replace a file that regard did not write; allow a new file in a folder of evidence (nothing "
        "there is ever replaced)"
    ),
)
JSON = option("--json", FILE, msg("write everything as JSON; - for standard output"))
SCHEDULER = option(
    "--scheduler", msg("ADDRESS"), msg("compute on the Dask cluster of that scheduler, such as tcp://127.0.0.1:8786")
)
WORKERS = option("--workers", "N", msg("processes (default: one for each processor)"), type=whole(1, 1024))
VERBOSE = flag("--verbose", msg("show everything, not one screen of it"))
SKIP_CRYPTO = flag("--skip-crypto", msg("skip digital signatures (slow); the report lists them as not checked"))
LIMIT = option(
    "--limit",
    "MIN",
    msg("limit in minutes for the mean of each day's longest wait (default 15)"),
    type=real(1, 600),
    default=15.0,
)
ELECTIONS = (
    *("2007-P1", "2007-P2", "2012-P1", "2012-P2", "2014-M1", "2014-M2", "2017-P1", "2017-P2", "2020-M1"),
    *("2021-R1", "2021-R2", "2022-P1", "2022-P2", "2022-P1-75", "2022-P1-91", "2022-P1-93", "2022-L1", "2022-L2"),
    *("2024-E", "2024-L1"),
)
"""Names of `sim.elections.PROFILES`, here so that the help needs nothing of the simulator."""
PIECES = (
    *(
        path(option, metavar, about, action="append")
        for option, metavar, about in (
            ("--exports", _PATH, msg("exports: a file or a folder")),
            ("--modules", _PATH, msg("module images: a file or a folder")),
            ("--pv", FILE, msg("the bureaux' records (PV), one row a bureau; give it again for further files")),
            ("--voix", FILE, msg("the PVs' votes, one row a choice; give it again for further files")),
            ("--emargements", FILE, msg("the sign-in counts, one row a bureau; give it again for further files")),
            ("--published", FILE, msg("published results")),
            ("--suites", FILE, msg("follow-ups: what was done about each finding (suites.csv)")),
        )
    ),
    option(
        "--add",
        msg("BUREAU=VOTES"),
        msg("ballots lost or wrongly void, voters kept from voting: --add 92012:0001=4"),
        type=later("regard.commands.checking.given.addition"),
        action="append",
    ),
)
"""Evidence that can be given beside a night's folder, or in its place."""
EVIDENCE = (
    *PIECES,
    SKIP_CRYPTO,
    option(
        "--election",
        "ID",
        msg("the election to take out of data.gouv.fr's tables of all elections, such as 2022_pres_t1"),
    ),
    path("--other-round", _PATH, msg("the other round: a night's folder, PVs or published results")),
    Argument(
        "--round", type=int, choices=(1, 2), help=msg("the round that is checked, where files have tables of both")
    ),
    path("--thresholds", FILE, msg("other thresholds for the rules (TOML)")),
)
"""The same, and how it is checked."""
LAYOUT = option(
    "--layout",
    msg("LAYOUT"),
    msg("read published results by this layout: its name (regard layouts), or a file with an entry of your own"),
)
READING = (
    option(
        "--map",
        msg("HEADER=MEANING"),
        msg('what a column is: --map "Compteur=votes found"; --map "Total=" leaves it out'),
        action="append",
        dest="columns",
    ),
    option(
        "--sheet", msg("NAME"), msg("read only the sheet of this name of workbooks"), action="append", dest="sheets"
    ),
    LAYOUT,
)
"""Options on reading tables."""
