"""`regard prove`: one small file that shows, with nothing else, what was sealed for one bureau."""

from __future__ import annotations

import argparse

from protocol.sealing.folder import read_sealed
from protocol.sealing.leaves import leaf_number
from protocol.words import msg
from regard.outputs import check_ending, claim
from regard.sealing.codes import need_codes
from regard.sealing.places import NotSealed, existing_sealed, never_replaced
from regard.sealing.sheet import commune_name, election_name, sheet_bytes
from regard.sealing.witnesses import LogPlaces, UnknownBureau
from regard.sealing.words import edition_label
from regard.terminal import print_said


def run(args: argparse.Namespace) -> int:
    """Write the proof of the leaf that holds for a bureau. Returns 0, or 2 where something could not be written.

    Raises:
        NotSealed: nothing is sealed there, or not this bureau.
        InputError, SealError: what was sealed does not hold together.
        OutputRefused: the output must not be written there.
        ExtraMissing: the library that verifies, or the one that makes the sheet, is not installed.
    """
    check_ending("--sheet", args.sheet, ".pdf", ".html")
    if args.sheet is not None:
        need_codes()
    folder = existing_sealed(args.night)
    with claim(args, "--output", "--sheet", read=never_replaced(args.night)) as outputs:
        sealed = read_sealed(folder)
        place = LogPlaces(sealed.log, "").find(args.commune.upper(), args.bureau, args.poll or "")
        if isinstance(place, UnknownBureau):
            raise NotSealed(place.said)
        index = sealed.log.latest[place]
        proof = sealed.prove_leaf(index)
        outputs.write("--output", lambda: proof)
        if args.sheet is not None:
            names = args.commune_name or commune_name(args.night, place[1]), election_name(args.night, place[0])
            ending = args.sheet.suffix.lower()
            outputs.write("--sheet", lambda: sheet_bytes(proof, args.lang, ending, *names))
        said = msg(
            "{path}: bureau {bureau} of {commune}, leaf {index:n} of {size:n} (edition: {edition})",
            path=args.output,
            bureau=place[2],
            commune=place[1],
            index=leaf_number(index),
            size=sealed.newest.checkpoint.size,
            edition=edition_label(sealed.editions[-1].name),
        )
        print_said(args.lang, said)
        if outputs.wants("--sheet"):
            print_said(args.lang, msg("{path}: the sheet for the wall", path=args.sheet))
        return outputs.end(args, 0)
