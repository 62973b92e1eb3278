"""`regard keys new`: a key that signs what is sealed, in a file that only its owner may read."""

from __future__ import annotations

import argparse
from functools import partial
from pathlib import Path

from protocol.words import msg
from regard.language import add_language, language_of, show
from regard.printing import print_text

_KINDS = ("ed25519", "ed25519-cosignature", "ml-dsa-44")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe what the command takes."""
    text = partial(show, language_of(parser))
    parser.add_argument("action", choices=("new",), help=text(msg("new: make a key")))
    parser.add_argument(
        "-o",
        "--output",
        metavar=text(msg("FILE")),
        type=Path,
        required=True,
        help=text(msg("the private key; the public one is FILE.vkey")),
    )
    parser.add_argument(
        "--name",
        metavar=text(msg("NAME")),
        help=text(msg("name of the log or the witness, such as seal.example/2027 (default: a new one)")),
    )
    parser.add_argument(
        "--kind",
        choices=_KINDS,
        default=_KINDS[0],
        help=text(msg("of a log ed25519 (default) or ml-dsa-44; of a witness one of the other two")),
    )
    add_language(parser)


def run(args: argparse.Namespace) -> int:
    """Make a key and write it. Returns 0.

    Raises:
        OutputRefused: one of the files is there already, or cannot be written.
        SealError: no key can have that name.
        SigningMissing: the library that makes keys is not installed.
    """
    from regard.sealing.keys import KINDS, new_name, public_path, write_new
    from regard.terminal import clean

    key = write_new(args.output, args.name or new_name(), KINDS[args.kind])
    for said in (
        msg("Private key: {path}. Who has it can seal in this name: keep it, and give it to nobody.", path=args.output),
        msg("Public key, to be published: {path}", path=public_path(args.output)),
    ):
        print_text(clean(show(args.lang, said)))
    print(clean(key.public.vkey))
    return 0
