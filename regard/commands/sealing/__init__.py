"""Commands: figures sealed so that nobody changes them unseen, and a night as it comes in."""

from __future__ import annotations

from pathlib import Path

from protocol.words import msg
from regard.arguments import Argument, CommandOptions, Either, flag, later, option, path, seed, whole
from regard.commands.options import FILE, FOLDERS_OR_FILES, FORCE, JSON

KINDS = ("ed25519", "ed25519-cosignature", "ml-dsa-44")
OPTIONS: CommandOptions = {
    "live": (
        path(
            "source",
            msg("NIGHT"),
            msg("a night's folder or results by bureau, to play again; or the folder of a feed"),
        ),
        path(
            "--store",
            FILE,
            msg("file for returns, findings and seals; continued if it exists"),
            required=True,
        ),
        flag("--watch", msg("with a feed: keep taking new editions of its files, until Ctrl-C")),
        option(
            "--speed",
            "N",
            msg("with a night: seconds of the evening played per second; 0: as fast as possible (default 60)"),
            type=whole(0, 100_000),
            default=60,
        ),
        option(
            "--every",
            "N",
            msg("with a night: minutes of the evening between two sealed editions (default 5)"),
            type=whole(1, 240),
            default=5,
        ),
        seed(msg("with a night: seed of the times at which bureaux arrive (default 1)")),
        path(
            "--key",
            FILE,
            msg("the private key that signs the editions (default: beside the store, created if missing)"),
        ),
        path(
            "--sealed",
            msg("DIR"),
            msg("with a night: folder to seal when all has arrived, for `regard prove` and `regard check`"),
        ),
    ),
    "keys": (
        Argument("action", choices=("new",), help=msg("new: make a key")),
        Argument(
            "-o",
            "--output",
            metavar=FILE,
            type=Path,
            required=True,
            help=msg("the private key; the public one is FILE.vkey"),
        ),
        option(
            "--name", msg("NAME"), msg("name of the log or the witness, such as seal.example/2027 (default: a new one)")
        ),
        Argument(
            "--kind",
            choices=KINDS,
            default=KINDS[0],
            help=msg("log: ed25519 (default) or ml-dsa-44; witness: ed25519-cosignature or ml-dsa-44"),
        ),
    ),
    "seal": (
        FOLDERS_OR_FILES,
        Argument(
            "-o",
            "--output",
            metavar=msg("DIR"),
            type=Path,
            help=msg("the sealed folder (default: sealed in the night, FILE.sealed beside a file)"),
        ),
        path("--key", FILE, msg("the private key (default: beside the night, created at the first seal)")),
        option(
            "--edition",
            msg("NAME"),
            msg(
                "name of this edition: night, provisional, definitive or another (default: that of the last one; "
                "at first, night)"
            ),
        ),
    ),
    "prove": (
        path("night", msg("PATH"), msg("what was sealed: a night's folder, a file of results, or a sealed folder")),
        option("commune", msg("COMMUNE"), msg("INSEE code of the commune")),
        option("bureau", msg("BUREAU"), msg("code of the bureau: 0001, or 1")),
        option("--poll", "N", msg("the poll, where there are several on one day")),
        Argument(
            "-o", "--output", metavar=FILE, type=Path, required=True, help=msg("the proof to write (.tlog-proof)")
        ),
        path(
            "--sheet",
            FILE,
            msg("also write a sheet for the wall, with the figures and the proof as a QR code; .pdf or .html, A4"),
        ),
        option(
            "--commune-name",
            msg("NAME"),
            msg("the commune's name for the sheet (default: that of the list of bureaux or of the results)"),
        ),
        FORCE,
    ),
    "check": (
        path(
            "proof",
            msg("PROOF"),
            msg("the proof (.tlog-proof), or the texts of its QR codes, in one file or in several, in any order"),
            nargs="*",
        ),
        path(
            "--key",
            FILE,
            msg("the public key of the log (.vkey); the file may also hold keys of witnesses"),
            action="append",
            default=[],
        ),
        option(
            "--figures",
            msg("NAME=NUMBER"),
            msg("figures posted on the wall: registered=958 votes_found=727 votes:1=12 (or inscrits=, voix:1=)"),
            type=later("regard.sealing.words.stated_figure"),
            nargs="+",
            default=[],
        ),
        path(
            "--page",
            FILE,
            msg(
                "write a page (.html) that checks proofs in a browser, without internet or regard, in the "
                "language of --lang; takes no PROOF"
            ),
        ),
        JSON,
        FORCE,
    ),
    "witness": (
        path("night", msg("NIGHT"), msg("a sealed night, its sealed folder, or a file of results that was sealed")),
        Either(
            flag("--plan", msg("say how many bureaux to draw by lot, and draw them")),
            path(
                "--sheets",
                msg("FILE|FOLDER"),
                msg("compare figures copied from the sheets of bureaux, and .tlog-proof files, with the log"),
                nargs="+",
            ),
            required=True,
        ),
        option("--shift", "N", msg("how many moved votes the sheets are to reveal"), type=whole(1, 10**9)),
        option(
            "--probability",
            "P",
            msg("probability of revealing them, such as 99 %% (default 95 %%)"),
            type=later("regard.commands.sealing.witness.probability"),
            default="95 %",
        ),
        option(
            "--at-most",
            msg("SHARE|VOTES"),
            msg("most votes moved in one bureau: a share of its valid votes, or a number (default 100 %%)"),
            type=later("regard.commands.sealing.witness.most_moved"),
        ),
        option(
            "--seed",
            msg("TEXT"),
            msg("digits drawn in public once the night is sealed; they decide the drawing"),
        ),
        option("--poll", "N", msg("the poll, where the log has several"), default=""),
        path("--key", FILE, msg("the log's public key, obtained from another source")),
        Argument("-o", "--output", metavar=FILE, help=msg("write the drawn bureaux as a table to fill in (CSV)")),
        JSON,
        FORCE,
    ),
    "changes": (
        path("first", msg("NIGHT"), msg("a sealed night, its sealed folder, or a file of results that was sealed")),
        path("second", msg("LATER"), msg("a later copy of it (default: two editions of the same)"), nargs="?"),
        option(
            "--from",
            msg("EDITION"),
            msg("earlier edition, by its name or its number of leaves (default: the one before)"),
            dest="earlier",
        ),
        option("--to", msg("EDITION"), msg("later edition (default: the newest)"), dest="later"),
        path("--key", FILE, msg("the log's public key, obtained from another source")),
        option(
            "--witness",
            msg("VKEY"),
            msg("require the cosignature of this witness: its public key, or a file with it"),
            action="append",
            default=[],
        ),
        Argument(
            "-o",
            "--output",
            metavar=FILE,
            help=msg("write the proof that the log only grew, or the two notes that contradict each other"),
        ),
        JSON,
        FORCE,
    ),
}
