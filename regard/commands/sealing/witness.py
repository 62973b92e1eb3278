"""`regard witness`: how many sheets must agree with a sealed night, and what those at hand are worth."""

from __future__ import annotations

import argparse
import re
import sys
from fractions import Fraction

from rich.console import Console

from protocol.sealing.folder import SealedFolder
from protocol.words import cited, msg
from regard.arguments import Refused
from regard.outputs import Outputs, json_bytes
from regard.paths import all_existing, existing
from regard.sealing.places import never_replaced, read_trusted
from regard.sealing.sheet_reading import read_witness_files
from regard.sealing.witness_plan import MostMoved, WitnessFrame, WitnessPlan, frame_of, plan, state
from regard.sealing.witness_screen import WitnessScreen, plan_document, statement_document, to_fill_in
from regard.sealing.witnesses import compare
from regard.terminal import complain, console

_SHARE = re.compile(r"([0-9]{1,9})(?:[.,]([0-9]{1,9}))?\s*%")


def probability(text: str) -> Fraction:
    """A probability as it is typed: ``95 %``, ``99,9%``, ``0.95``."""
    share = _share(text)
    if share is None and re.fullmatch(r"[01](?:[.,][0-9]{1,9})?", text.strip()):
        share = Fraction(text.strip().replace(",", "."))
    if share is None or not 0 < share <= 1:
        raise Refused(msg("{text} is no probability: 95 %, for example", text=cited(text)))
    return share


def most_moved(text: str) -> MostMoved:
    """Parse the most that can be moved in one bureau: ``20 %`` or ``150``."""
    share = _share(text)
    if share is not None and 0 < share <= 1:
        return MostMoved(share)
    if text.isascii() and text.isdecimal() and len(text) < 10 and int(text):
        return MostMoved(votes=int(text))
    raise Refused(msg("{text} is neither a share such as 20 % nor a number of votes", text=cited(text)))


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
    if args.shift is None and (args.plan or args.seed is not None):
        complain(args.lang, args.command, msg("--shift is needed: how many votes moved are to be seen"))
        return 2
    if args.output is not None and (args.seed is None or not args.plan):
        complain(args.lang, args.command, msg("-o writes the bureaux that --plan draws with --seed"))
        return 2
    read = [args.night, *never_replaced(existing(args.night)), *(args.sheets or ()), *filter(None, [args.key])]
    with Outputs({"-o": args.output, "--json": args.json}, read, force=args.force) as outputs:
        code = _plan(args, outputs) if args.plan else _compare(args, outputs)
        return outputs.end(args.command, args.lang, code)


def _read(args: argparse.Namespace) -> tuple[SealedFolder, WitnessFrame, WitnessPlan | None]:
    """The sealed log, the bureaux of the poll, and what is needed to see a shift, where one was named."""
    sealed = read_trusted(args.night, args.key)
    most = args.at_most or MostMoved()
    frame = frame_of(sealed.log, most, args.poll)
    made = None if args.shift is None else plan(frame, args.shift, args.probability, args.seed)
    return sealed, frame, made


def _plan(args: argparse.Namespace, outputs: Outputs) -> int:
    """Plan the number of sheets, and their bureaux."""
    sealed, frame, made = _read(args)
    assert made is not None  # noqa: S101 - `run` has made sure of it
    if not made.impossible:
        outputs.write("-o", lambda: to_fill_in(sealed.log, made.places))
    elif args.output is not None:
        complain(args.lang, args.command, msg("{path} is not written: no bureau was drawn", path=args.output))
    document = {**plan_document(sealed, frame, made), "vouched": args.key is not None}
    outputs.write("--json", lambda: json_bytes(document))
    screen = WitnessScreen(args.lang, _console(outputs))
    screen.plan(sealed, frame, made)
    if args.key is None:
        screen.own_key()
    return int(made.impossible)


def _compare(args: argparse.Namespace, outputs: Outputs) -> int:
    """Sheets and proofs against the leaves, and what they are worth."""
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
    return console(sys.stderr if outputs.on_screen else sys.stdout)
