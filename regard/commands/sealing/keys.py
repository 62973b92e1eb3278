"""`regard keys new`: a key that signs what is sealed, in a file that only its owner may read."""

from __future__ import annotations

import argparse

from protocol.words import msg
from regard.sealing.places import KINDS, new_name, public_path, write_new
from regard.terminal import clean, print_said


def run(args: argparse.Namespace) -> int:
    """Make a key and write it. Returns 0.

    Raises:
        OutputRefused: one of the files is there already, or cannot be written.
        SealError: no key can have that name.
        ExtraMissing: the library that makes keys is not installed.
    """
    key = write_new(args.output, args.name or new_name(), KINDS[args.kind])
    for said in (
        msg("Private key: {path}. Whoever has it can seal under this name: keep it secret.", path=args.output),
        msg("Public key, to be published: {path}", path=public_path(args.output)),
    ):
        print_said(args.lang, said)
    print(clean(key.public.vkey))
    return 0
