"""`regard witness`: plan how many witness sheets are needed, or compare those at hand with a sealed night."""

from __future__ import annotations

import argparse
from fractions import Fraction
from typing import Any

from protocol.errors import RegardError
from protocol.sealing.folder import SealedFolder
from protocol.words import cited, msg
from regard.arguments import Refused, typed_share
from regard.outputs import Outputs, claim
from regard.paths import all_existing, existing
from regard.sealing.places import never_replaced, read_trusted
from regard.sealing.sheet_reading import read_witness_files
from regard.sealing.witness_plan import MostMoved, WitnessFrame, WitnessPlan, frame_of, plan, state
from regard.sealing.witness_screen import WitnessScreen, plan_document, statement_document, to_fill_in
from regard.sealing.witnesses import compare
from regard.terminal import complain


def probability(text: str) -> Fraction:
    """Parse a probability: ``95 %``, ``99,9%``, ``0.95``."""
    share = typed_share(text)
    if share is None or not 0 < share <= 1:
        raise Refused(msg("{text} is no probability: 95 %, for example", text=cited(text)))
    return share


def most_moved(text: str) -> MostMoved:
    """Parse the most that can be moved in one bureau: ``20 %`` or ``150``."""
    share = typed_share(text)
    if share is not None and "%" in text and 0 < share <= 1:
        return MostMoved(share)
    if text.isascii() and text.isdecimal() and len(text) < 10 and int(text):
        return MostMoved(votes=int(text))
    raise Refused(msg("{text} is neither a share such as 20 % nor a number of votes", text=cited(text)))


def run(args: argparse.Namespace) -> int:
    """Read the log, plan or compare, show.

    Returns:
        0; 1 if no number of sheets is enough or something does not agree; 2 if nothing could be compared.

    Raises:
        RegardError: options that do not go together; the log is missing, inconsistent, or not signed by the key.
        OutputRefused: an output cannot be written; nothing was read.
    """
    if args.shift is None and (args.plan or args.seed is not None):
        raise RegardError(msg("--shift is needed: how many votes moved are to be seen"))
    if args.output is not None and (args.seed is None or not args.plan):
        raise RegardError(msg("-o writes the bureaux that --plan draws with --seed"))
    read = [args.night, *never_replaced(existing(args.night)), *(args.sheets or ()), *filter(None, [args.key])]
    with claim(args, "-o", "--json", read=read) as outputs:
        screen = WitnessScreen(args.lang, outputs.console())
        document, code = _plan(args, outputs, screen) if args.plan else _compare(args, screen)
        outputs.write_json(lambda: {**document, "vouched": args.key is not None})
        if args.key is None:
            screen.own_key()
        return outputs.end(args, code)


def _read(args: argparse.Namespace) -> tuple[SealedFolder, WitnessFrame, WitnessPlan | None]:
    """Read the sealed log and the bureaux of the poll, and plan the sheets for a shift if one is given."""
    sealed = read_trusted(args.night, args.key)
    frame = frame_of(sealed.log, args.at_most or MostMoved(), args.poll)
    planned = None if args.shift is None else plan(frame, args.shift, args.probability, args.seed)
    return sealed, frame, planned


def _plan(args: argparse.Namespace, outputs: Outputs, screen: WitnessScreen) -> tuple[dict[str, Any], int]:
    """Show the number of sheets and their bureaux; returns the JSON and the exit code."""
    sealed, frame, planned = _read(args)
    assert planned is not None  # noqa: S101 - `run` has made sure of it
    if not planned.impossible:
        outputs.write("-o", lambda: to_fill_in(sealed.log, planned.places))
    elif args.output is not None:
        complain(args, msg("{path} is not written: no bureau was drawn", path=args.output))
    screen.plan(sealed, frame, planned)
    return plan_document(sealed, frame, planned), int(planned.impossible)


def _compare(args: argparse.Namespace, screen: WitnessScreen) -> tuple[dict[str, Any], int]:
    """Compare sheets and proofs with the log, and show what they prove; returns the JSON and the exit code."""
    paths = all_existing(args.sheets)
    sealed, frame, planned = _read(args)
    found = compare(sealed, read_witness_files(paths), sealed.keys, frame.poll)
    worth = state(frame, found, planned)
    screen.statement(sealed, frame, found, worth)
    nothing = not found.bureaux and not found.unknown and not found.proofs
    code = 2 if nothing else int(not found.clean or bool(worth.missing))
    return statement_document(sealed, frame, found, worth, args.lang), code
