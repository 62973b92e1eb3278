"""`regard prove`: one small file that shows, with nothing else, what was sealed for one bureau."""

from __future__ import annotations

import argparse
from functools import partial
from pathlib import Path

from protocol.words import msg
from regard.language import add_language, show, spoken


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe what the command takes."""
    text = partial(show, spoken(parser))
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
    add_language(parser)


def run(args: argparse.Namespace) -> int:
    """Write the proof of the leaf that holds for a bureau. Returns 0.

    Raises:
        NotSealed: nothing is sealed there, or not this bureau.
        InputError, SealError: what was sealed does not hold together.
        OutputRefused: the output must not be written there.
        SigningMissing: the library that verifies is not installed.
    """
    from protocol.files import Output
    from protocol.sealing.folder import read_sealed
    from regard.own_files import check_replaceable
    from regard.sealing.places import existing_sealed, find_place
    from regard.sealing.words import edition_label
    from regard.terminal import clean

    folder = existing_sealed(args.night)
    with Output(args.output, [folder], check=check_replaceable) as output:
        sealed = read_sealed(folder)
        place = find_place(sealed, args.commune, args.bureau, args.poll)
        index = sealed.log.latest[place]
        output.write(sealed.prove_leaf(index))
    said = msg(
        "{path}: bureau {bureau} of {commune}, leaf {index:n} of {size:n} (edition: {edition})",
        path=args.output,
        bureau=place[2],
        commune=place[1],
        index=index,
        size=sealed.newest.checkpoint.size,
        edition=edition_label(sealed.editions[-1].name),
    )
    print(clean(show(args.lang, said)))
    return 0
