"""`regard prove`: one small file that shows, with nothing else, what was sealed for one bureau."""

from __future__ import annotations

import argparse
import sys
from functools import partial
from pathlib import Path

from protocol.words import msg
from regard.arguments import add_force_argument, add_json_argument
from regard.language import add_language, language_of, show
from regard.printing import print_text


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe what the command takes."""
    text = partial(show, language_of(parser))
    parser.add_argument(
        "night",
        metavar=text(msg("PATH")),
        type=Path,
        help=text(msg("what was sealed: a night's folder, a file of results, or a sealed folder")),
    )
    parser.add_argument("commune", metavar=text(msg("COMMUNE")), help=text(msg("INSEE code of the commune")))
    parser.add_argument("bureau", metavar=text(msg("BUREAU")), help=text(msg("code of the bureau: 0001, or 1")))
    parser.add_argument("--poll", metavar="N", help=text(msg("the poll, where there are several on one day")))
    parser.add_argument(
        "-o",
        "--output",
        metavar=text(msg("FILE")),
        type=Path,
        required=True,
        help=text(msg("the proof to write (.tlog-proof)")),
    )
    parser.add_argument(
        "--sheet",
        metavar=text(msg("FILE")),
        type=Path,
        help=text(
            msg("also write a sheet for the wall, with the figures and the proof as a QR code; .pdf or .html, A4")
        ),
    )
    parser.add_argument(
        "--commune-name",
        metavar=text(msg("NAME")),
        help=text(msg("the commune's name for the sheet (default: that of the list of bureaux or of the results)")),
    )
    add_json_argument(parser)
    add_force_argument(parser)
    add_language(parser)


def run(args: argparse.Namespace) -> int:
    """Write the proof of the leaf that holds for a bureau. Returns 0, or 2 where something could not be written.

    Raises:
        NotSealed: nothing is sealed there, or not this bureau.
        InputError, SealError: what was sealed does not hold together.
        OutputRefused: the output must not be written there.
        SigningMissing: the library that verifies is not installed.
        ExtraMissing: what makes the sheet is not installed.
    """
    from protocol.sealing.folder import read_sealed
    from protocol.sealing.leaves import leaf_number
    from regard.outputs import Outputs, check_ending, json_bytes
    from regard.sealing.places import existing_sealed, find_place, never_replaced
    from regard.sealing.seal_screen import proved_json
    from regard.sealing.words import edition_label
    from regard.terminal import clean

    check_ending("--sheet", args.sheet, ".pdf", ".html")
    if args.sheet is not None:
        from regard.sealing.codes import need_codes
        from regard.sealing.sheet import WallSheet, commune_name, election_name, sheet_bytes

        need_codes()
    folder = existing_sealed(args.night)
    targets = {"--output": args.output, "--sheet": args.sheet, "--json": args.json}
    with Outputs(targets, never_replaced(args.night), force=args.force) as outputs:
        sealed = read_sealed(folder)
        place = find_place(sealed, args.commune, args.bureau, args.poll)
        index = sealed.log.latest[place]
        proof = sealed.prove_leaf(index)
        outputs.write("--output", lambda: proof)
        if args.sheet is not None:
            name = args.commune_name or commune_name(args.night, place[1])
            sheet = WallSheet(proof, name, election_name(args.night, place[0]))
            outputs.write("--sheet", lambda: sheet_bytes(sheet, args.lang, args.sheet.suffix.lower()))
        outputs.write("--json", lambda: json_bytes(proved_json(sealed, index, args.output, args.sheet)))
        said = msg(
            "{path}: bureau {bureau} of {commune}, leaf {index:n} of {size:n} (edition: {edition})",
            path=args.output,
            bureau=place[2],
            commune=place[1],
            index=leaf_number(index),
            size=sealed.newest.checkpoint.size,
            edition=edition_label(sealed.editions[-1].name),
        )
        out = sys.stderr if outputs.on_screen else sys.stdout
        print_text(clean(show(args.lang, said)), out)
        if outputs.wants("--sheet"):
            print_text(clean(show(args.lang, msg("{path}: the sheet for the wall", path=args.sheet))), out)
        return outputs.end("prove", args.lang, 0)
