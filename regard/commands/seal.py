"""`regard seal`: the figures of a night, published so that nobody can change them unseen."""

from __future__ import annotations

import argparse
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from protocol.words import msg
from regard.arguments import add_force_argument, add_json_argument
from regard.commands.evidence_options import add_evidence, add_reading, only_file, paths_read, sources_of
from regard.language import add_language, language_of, show

if TYPE_CHECKING:
    from protocol.sealing.keys import PrivateKey
    from regard.sealing.gathering import Sealable

FIRST_EDITION = "night"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe what the command takes."""
    text = partial(show, language_of(parser))
    parser.add_argument(
        "folder",
        metavar=text(msg("PATH")),
        type=Path,
        nargs="+",
        help=text(msg("a night's folder, or files, each read for what it is")),
    )
    parser.add_argument(
        "-o",
        "--output",
        metavar=text(msg("DIR")),
        type=Path,
        help=text(msg("the sealed folder (default: sealed in the night, FILE.sealed beside a file)")),
    )
    parser.add_argument(
        "--key",
        metavar=text(msg("FILE")),
        type=Path,
        help=text(msg("the private key (default: beside the night, made at the first seal)")),
    )
    parser.add_argument(
        "--edition",
        metavar=text(msg("NAME")),
        help=text(
            msg(
                "what these figures are: night, provisional, definitive, or another name (default: as before; at first "
                "night)"
            )
        ),
    )
    add_evidence(parser, text)
    add_reading(parser, text)
    add_json_argument(parser)
    add_force_argument(parser)
    add_language(parser)


def run(args: argparse.Namespace) -> int:
    """Read the evidence, append what is new to the log, sign it. Returns 0.

    Raises:
        NothingReadable: there is nothing to seal.
        OutputRefused: another process seals there, or it cannot be written.
        InputError, SealError: the key or what was sealed before does not hold together.
        SigningMissing: the library that signs is not installed.
    """
    import datetime

    from protocol.sealing.keys import need_signing
    from protocol.sealing.writing import Sealing
    from regard.outputs import Outputs, json_bytes, no_collections
    from regard.sealing.places import key_path, sealed_folder
    from regard.sealing.seal_screen import SealReport, seal_json, show_seal
    from regard.sealing.words import edition_of
    from regard.terminal import console

    need_signing()
    given = _given(args)
    folder, key = args.output or sealed_folder(given), args.key or key_path(given)
    read = [*args.folder, *paths_read(sources_of(args)[0]), folder, key]
    with Outputs({"--json": args.json}, read, force=args.force) as outputs, no_collections():
        sealable = _gather(args, given)
        keys, made = _keys(folder, key, asked=args.key is not None)
        with Sealing(folder, keys) as sealing:
            editions = sealing.sealed.editions
            edition = edition_of(args.edition or (editions[-1].name if editions else FIRST_EDITION))
            now = datetime.datetime.now(datetime.UTC)
            appended = sealing.seal(sealable.leaves, edition, now, sealable.inputs)
            report = SealReport(given, sealable, appended, sealing.sealed, key, made)
        outputs.write("--json", lambda: json_bytes(seal_json(report)))
        show_seal(report, args.lang, console(sys.stderr if outputs.on_screen else sys.stdout))
        return outputs.end("seal", args.lang, 0)


def _given(args: argparse.Namespace) -> Path:
    """What the sealed folder and the key lie beside: the night's folder, or the first file."""
    if (alone := only_file(args)) is not None:
        return alone
    sources, _ = sources_of(args)
    return sources.folder or sources.paths()[0]


def _gather(args: argparse.Namespace, given: Path) -> Sealable:
    """The leaves. One file of published results is only read; anything else is lined up with the list of bureaux."""
    from regard.sealing.gathering import of_evidence, of_results
    from verify.model.published import UnknownLayout

    if only_file(args) is not None:
        try:
            found = of_results(given)
        except UnknownLayout:
            found = None
        if found is not None:
            return found
    from regard.terminal import step_line
    from verify.loading import load

    with step_line(args.lang) as step:
        return of_evidence(load(sources_of(args)[0], step), given)


def _keys(folder: Path, path: Path, *, asked: bool) -> tuple[tuple[PrivateKey, ...], bool]:
    """The keys to sign with, and whether one was made.

    Raises:
        KeyMissing: the folder was sealed before, and its key is not there.
    """
    from protocol.sealing.folder import CHECKPOINT
    from regard.sealing.keys import KeyMissing, new_name, read_private, write_new

    if asked or path.exists():
        return read_private(path), False
    if (folder / CHECKPOINT).exists():
        raise KeyMissing(folder, path)
    return (write_new(path, new_name()),), True
