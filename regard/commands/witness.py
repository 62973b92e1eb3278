"""`regard witness`: how many sheets must agree with a sealed night, and what those at hand are worth."""

from __future__ import annotations

import argparse
import re
import sys
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from protocol.words import cited, msg
from regard.arguments import Refused, add_force_argument, add_json_argument, whole
from regard.language import add_language, language_of, show

if TYPE_CHECKING:
    from rich.console import Console

    from protocol.sealing.folder import SealedFolder
    from regard.outputs import Outputs
    from regard.sealing.witness_plan import MostMoved, WitnessFrame, WitnessPlan

MOST_SHIFTED = 10**9
_SHARE = re.compile(r"([0-9]{1,9})(?:[.,]([0-9]{1,9}))?\s*%")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe what the command takes."""
    text = partial(show, language_of(parser))
    file = text(msg("FILE"))
    parser.add_argument(
        "night",
        metavar=text(msg("NIGHT")),
        type=Path,
        help=text(msg("a sealed night, its sealed folder, or a file of results that was sealed")),
    )
    kinds = parser.add_mutually_exclusive_group(required=True)
    kinds.add_argument(
        "--plan", action="store_true", help=text(msg("say how many bureaux to draw by lot, and draw them"))
    )
    kinds.add_argument(
        "--sheets",
        metavar=text(msg("FILE|FOLDER")),
        type=Path,
        nargs="+",
        help=text(msg("compare figures copied from the sheets of bureaux, and .tlog-proof files, with the log")),
    )
    _add_drawing(parser)
    parser.add_argument("--key", metavar=file, type=Path, help=text(msg("the log's public key, from elsewhere")))
    parser.add_argument(
        "-o", "--output", metavar=file, help=text(msg("write the drawn bureaux as a table to fill in (CSV)"))
    )
    add_json_argument(parser)
    add_force_argument(parser)
    add_language(parser)


def _add_drawing(parser: argparse.ArgumentParser) -> None:
    """What is to be seen, with which probability, and how bureaux are drawn for it."""
    text = partial(show, language_of(parser))
    parser.add_argument(
        "--shift",
        metavar="N",
        type=whole(1, MOST_SHIFTED),
        help=text(msg("votes whose shift is to be seen")),
    )
    parser.add_argument(
        "--probability",
        metavar="P",
        type=probability,
        default=Fraction(19, 20),
        help=text(msg("with which it is to be seen, such as 99 %% (default 95 %%)")),
    )
    parser.add_argument(
        "--at-most",
        metavar=text(msg("SHARE|VOTES")),
        type=most_moved,
        help=text(msg("what can be moved in one bureau: a share of its valid votes, or so many (default 100 %%)")),
    )
    parser.add_argument(
        "--departements",
        metavar=text(msg("CODES")),
        type=codes,
        default=(),
        help=text(msg("sheets come from these départements only: 13,2A,971")),
    )
    parser.add_argument("--by-departement", action="store_true", help=text(msg("draw in each département by itself")))
    parser.add_argument(
        "--seed",
        metavar=text(msg("TEXT")),
        help=text(msg("what the drawing is made from: digits thrown in public when the night is sealed")),
    )
    parser.add_argument("--poll", metavar="N", default="", help=text(msg("the poll, where the log has several")))


def probability(text: str) -> Fraction:
    """A probability as it is typed: ``95 %``, ``99,9%``, ``0.95``."""
    share = _share(text)
    if share is None and re.fullmatch(r"[01](?:[.,][0-9]{1,9})?", text.strip()):
        share = Fraction(text.strip().replace(",", "."))
    if share is None or not 0 < share <= 1:
        raise Refused(msg("{text} is no probability: 95 %, for example", text=cited(text)))
    return share


def most_moved(text: str) -> MostMoved:
    """What can be moved in one bureau, as it is typed: ``20 %`` or ``150``."""
    from regard.sealing.witness_plan import MostMoved

    share = _share(text)
    if share is not None and 0 < share <= 1:
        return MostMoved(share)
    if text.isascii() and text.isdecimal() and len(text) < 10 and int(text):
        return MostMoved(votes=int(text))
    raise Refused(msg("{text} is neither a share such as 20 % nor a number of votes", text=cited(text)))


def codes(text: str) -> tuple[str, ...]:
    """Codes of départements with commas between them."""
    found = tuple(dict.fromkeys(code.strip().upper().zfill(2) for code in text.split(",") if code.strip()))
    if not found:
        raise Refused(msg("{text} names no département", text=cited(text)))
    return found


def _share(text: str) -> Fraction | None:
    found = _SHARE.fullmatch(text.strip())
    return Fraction(f"{found[1]}.{found[2] or 0}") / 100 if found else None


def run(args: argparse.Namespace) -> int:
    """Read the log, plan or compare, show.

    Returns:
        0, 1 where no number of sheets is enough or something does not agree, 2 where nothing could be compared.

    Raises:
        RegardError: there is no sealed log, it does not hold together, or it is not of the key.
        OutputRefused: a file must not be written where it is to be; nothing was read.
    """
    from regard.outputs import Outputs
    from regard.paths import existing
    from regard.sealing.places import never_replaced
    from regard.terminal import complain

    if args.shift is None and (args.plan or args.seed is not None):
        complain(args.lang, "witness", msg("--shift is needed: how many votes moved are to be seen"))
        return 2
    if args.output is not None and (args.seed is None or not args.plan):
        complain(args.lang, "witness", msg("-o writes the bureaux that --plan draws with --seed"))
        return 2
    read = [args.night, *never_replaced(existing(args.night)), *(args.sheets or ()), *filter(None, [args.key])]
    with Outputs({"-o": args.output, "--json": args.json}, read, force=args.force) as outputs:
        code = _plan(args, outputs) if args.plan else _compare(args, outputs)
        return outputs.end("witness", args.lang, code)


def _read(args: argparse.Namespace) -> tuple[SealedFolder, WitnessFrame, WitnessPlan | None]:
    """The sealed log, the bureaux of the poll, and what is needed to see a shift, where one was named."""
    from regard.sealing.keys import read_trusted
    from regard.sealing.witness_plan import MostMoved, frame_of, plan

    sealed = read_trusted(args.night, args.key)
    most = args.at_most or MostMoved()
    frame = frame_of(sealed.log, most, args.poll, args.departements, apart=args.by_departement)
    made = None if args.shift is None else plan(frame, args.shift, args.probability, args.seed)
    return sealed, frame, made


def _plan(args: argparse.Namespace, outputs: Outputs) -> int:
    """How many sheets are needed, and of which bureaux."""
    from regard.outputs import json_bytes
    from regard.sealing.witness_json import plan_document
    from regard.sealing.witness_screen import WitnessScreen, to_fill_in
    from regard.terminal import complain

    sealed, frame, made = _read(args)
    assert made is not None  # noqa: S101 - `run` has made sure of it
    if made.drawn is not None:
        outputs.write("-o", lambda: to_fill_in(sealed.log, made.places))
    elif args.output is not None:
        complain(args.lang, "witness", msg("{path} is not written: no bureau was drawn", path=args.output))
    document = {**plan_document(sealed, frame, made), "vouched": args.key is not None}
    outputs.write("--json", lambda: json_bytes(document))
    screen = WitnessScreen(args.lang, _console(outputs))
    screen.plan(sealed, frame, made)
    if args.key is None:
        screen.own_key()
    return 0 if made.drawn is not None else 1


def _compare(args: argparse.Namespace, outputs: Outputs) -> int:
    """Sheets and proofs against the leaves, and what they are worth."""
    from regard.outputs import json_bytes
    from regard.paths import all_existing
    from regard.sealing.sheet_reading import read_witness_files
    from regard.sealing.witness_json import statement_document
    from regard.sealing.witness_plan import state
    from regard.sealing.witness_screen import WitnessScreen
    from regard.sealing.witnesses import compare

    paths = all_existing(args.sheets)
    sealed, frame, made = _read(args)
    found = compare(sealed, read_witness_files(paths), sealed.keys, frame.poll)
    worth = state(frame, found, made)
    document = {**statement_document(sealed, frame, found, worth, args.lang), "vouched": args.key is not None}
    outputs.write("--json", lambda: json_bytes(document))
    screen = WitnessScreen(args.lang, _console(outputs))
    screen.statement(sealed, frame, found, worth)
    if args.key is None:
        screen.own_key()
    if not found.bureaux and not found.unknown and not found.proofs:
        return 2
    return 0 if found.clean and not worth.missing else 1


def _console(outputs: Outputs) -> Console:
    from regard.terminal import console

    return console(sys.stderr if outputs.on_screen else sys.stdout)
