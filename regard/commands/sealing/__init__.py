"""Commands: figures sealed so that nobody changes them unseen, and a night as it comes in."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from protocol.words import msg
from regard.arguments import SEED, Argument, Either, later, whole
from regard.commands.options import FILE, FOLDERS_OR_FILES, FORCE, JSON, PAGE

KINDS = ("ed25519", "ed25519-cosignature", "ml-dsa-44")
OPTIONS: Mapping[str, tuple[Argument | Either, ...]] = {
    "live": (
        Argument(
            "source",
            metavar=msg("NIGHT"),
            type=Path,
            help=msg("a night's folder, or results by bureau, to come in once more; or the folder of a feed"),
        ),
        Argument(
            "--store",
            metavar=FILE,
            type=Path,
            required=True,
            help=msg("where returns, findings and seals are kept; it is gone on with where it is there"),
        ),
        Argument(
            "--watch", action="store_true", help=msg("of a feed: take new editions of its files until Ctrl-C ends it")
        ),
        Argument(
            "--speed",
            type=whole(0, 100_000),
            default=60,
            metavar="N",
            help=msg("of a night: seconds of its evening in one second; 0 for as fast as can be (default 60)"),
        ),
        Argument(
            "--every",
            type=whole(1, 240),
            default=5,
            metavar="N",
            help=msg("of a night: minutes of its evening between two sealed editions (default 5)"),
        ),
        Argument(
            "--seed",
            type=SEED,
            default=1,
            metavar="N",
            help=msg("of a night: when each bureau's figures arrive is drawn from it (default 1)"),
        ),
        Argument(
            "--key",
            metavar=FILE,
            type=Path,
            help=msg("the private key that signs the editions (default: beside the store, made where there is none)"),
        ),
        Argument(
            "--sealed",
            metavar=msg("DIR"),
            type=Path,
            help=msg("of a night: the sealed folder to make when all is in, for `regard prove` and `regard check`"),
        ),
        Argument("--serve", action="store_true", help=msg("show it on a page of this computer while it comes in")),
        *PAGE,
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
        Argument(
            "--name",
            metavar=msg("NAME"),
            help=msg("name of the log or the witness, such as seal.example/2027 (default: a new one)"),
        ),
        Argument(
            "--kind",
            choices=KINDS,
            default=KINDS[0],
            help=msg("of a log ed25519 (default) or ml-dsa-44; of a witness one of the other two"),
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
        Argument(
            "--key",
            metavar=FILE,
            type=Path,
            help=msg("the private key (default: beside the night, made at the first seal)"),
        ),
        Argument(
            "--edition",
            metavar=msg("NAME"),
            help=msg(
                "what these figures are: night, provisional, definitive, or another name (default: as before; at first "
                "night)"
            ),
        ),
        JSON,
        FORCE,
    ),
    "prove": (
        Argument(
            "night",
            metavar=msg("PATH"),
            type=Path,
            help=msg("what was sealed: a night's folder, a file of results, or a sealed folder"),
        ),
        Argument("commune", metavar=msg("COMMUNE"), help=msg("INSEE code of the commune")),
        Argument("bureau", metavar=msg("BUREAU"), help=msg("code of the bureau: 0001, or 1")),
        Argument("--poll", metavar="N", help=msg("the poll, where there are several on one day")),
        Argument(
            "-o", "--output", metavar=FILE, type=Path, required=True, help=msg("the proof to write (.tlog-proof)")
        ),
        Argument(
            "--sheet",
            metavar=FILE,
            type=Path,
            help=msg("also write a sheet for the wall, with the figures and the proof as a QR code; .pdf or .html, A4"),
        ),
        Argument(
            "--commune-name",
            metavar=msg("NAME"),
            help=msg("the commune's name for the sheet (default: that of the list of bureaux or of the results)"),
        ),
        JSON,
        FORCE,
    ),
    "check": (
        Argument(
            "proof",
            metavar=msg("PROOF"),
            nargs="*",
            type=Path,
            help=msg("the proof (.tlog-proof), or the texts of its QR codes, in one file or in several, in any order"),
        ),
        Argument(
            "--key",
            metavar=FILE,
            type=Path,
            action="append",
            default=[],
            help=msg("the public key of the log (.vkey), and further ones of witnesses"),
        ),
        Argument(
            "--figures",
            metavar=msg("NAME=NUMBER"),
            type=later("regard.sealing.words.stated_figure"),
            nargs="+",
            default=[],
            help=msg("what stands on the wall: registered=958 votes_found=727 votes:1=12 (inscrits, voix:1 likewise)"),
        ),
        Argument(
            "--page",
            metavar=FILE,
            type=Path,
            help=msg(
                "write the page (.html) that checks proofs in a browser, without internet and without regard; it "
                "begins in the language of --lang; no PROOF"
            ),
        ),
        JSON,
        FORCE,
    ),
    "witness": (
        Argument(
            "night",
            metavar=msg("NIGHT"),
            type=Path,
            help=msg("a sealed night, its sealed folder, or a file of results that was sealed"),
        ),
        Either(
            Argument("--plan", action="store_true", help=msg("say how many bureaux to draw by lot, and draw them")),
            Argument(
                "--sheets",
                metavar=msg("FILE|FOLDER"),
                type=Path,
                nargs="+",
                help=msg("compare figures copied from the sheets of bureaux, and .tlog-proof files, with the log"),
            ),
            required=True,
        ),
        Argument("--shift", metavar="N", type=whole(1, 10**9), help=msg("votes whose shift is to be seen")),
        Argument(
            "--probability",
            metavar="P",
            type=later("regard.commands.sealing.witness.probability"),
            default="95 %",
            help=msg("with which it is to be seen, such as 99 %% (default 95 %%)"),
        ),
        Argument(
            "--at-most",
            metavar=msg("SHARE|VOTES"),
            type=later("regard.commands.sealing.witness.most_moved"),
            help=msg("what can be moved in one bureau: a share of its valid votes, or so many (default 100 %%)"),
        ),
        Argument(
            "--seed",
            metavar=msg("TEXT"),
            help=msg("what the drawing is made from: digits thrown in public when the night is sealed"),
        ),
        Argument("--poll", metavar="N", default="", help=msg("the poll, where the log has several")),
        Argument("--key", metavar=FILE, type=Path, help=msg("the log's public key, from elsewhere")),
        Argument("-o", "--output", metavar=FILE, help=msg("write the drawn bureaux as a table to fill in (CSV)")),
        JSON,
        FORCE,
    ),
    "changes": (
        Argument(
            "first",
            metavar=msg("NIGHT"),
            type=Path,
            help=msg("a sealed night, its sealed folder, or a file of results that was sealed"),
        ),
        Argument(
            "second",
            metavar=msg("LATER"),
            type=Path,
            nargs="?",
            help=msg("a later copy of it (default: two editions of the same)"),
        ),
        Argument(
            "--from",
            metavar=msg("EDITION"),
            dest="earlier",
            help=msg("earlier edition, by its name or its number of leaves (default: the one before)"),
        ),
        Argument("--to", metavar=msg("EDITION"), dest="later", help=msg("later edition (default: the newest)")),
        Argument("--key", metavar=FILE, type=Path, help=msg("the log's public key, from elsewhere")),
        Argument(
            "--witness",
            metavar=msg("VKEY"),
            action="append",
            default=[],
            help=msg("ask for the cosignature of this witness: its public key, or a file with it"),
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
