"""`regard seal`: the figures of a night, published so that nobody can change them unseen."""

from __future__ import annotations

import argparse
import datetime
from pathlib import Path

from protocol.sealing.folder import CHECKPOINT, Sealing
from protocol.sealing.keys import PrivateKey, need_signing
from regard.commands.checking.given import sources_of
from regard.outputs import no_collections
from regard.sealing.gathering import Sealable, of_evidence, of_results
from regard.sealing.places import KeyMissing, key_path, new_name, read_private, sealed_folder, write_new
from regard.sealing.seal_screen import SealReport, SealScreen
from regard.sealing.words import edition_of
from regard.terminal import console, step_line
from verify.loading import load
from verify.model.evidence import Sources

FIRST_EDITION = "night"


def run(args: argparse.Namespace) -> int:
    """Read the evidence, append what is new to the log, sign it. Returns 0.

    Raises:
        NothingReadable: there is nothing to seal.
        OutputRefused: another process seals there, or it cannot be written.
        InputError, SealError: the key or what was sealed before does not hold together.
        ExtraMissing: the library that signs is not installed.
    """
    need_signing()
    sources, _ = sources_of(args)
    given = args.folder[0] if len(args.folder) == 1 else sources.folder or sources.paths()[0]
    folder, key = args.output or sealed_folder(given), args.key or key_path(given)
    with no_collections():
        sealable = _gather(args, sources, given)
        keys, made = _keys(folder, key, asked=args.key is not None)
        with Sealing(folder, keys) as sealing:
            editions = sealing.sealed.editions
            edition = edition_of(args.edition or (editions[-1].name if editions else FIRST_EDITION))
            now = datetime.datetime.now(datetime.UTC)
            appended = sealing.seal(sealable.leaves, edition, now, sealable.inputs)
            report = SealReport(sealable, appended, sealing.sealed, key, made)
    SealScreen(args.lang, console()).show(report)
    return 0


def _gather(args: argparse.Namespace, sources: Sources, given: Path) -> Sealable:
    """The leaves. One file of published results is only read; anything else is lined up with the list of bureaux."""
    if len(args.folder) == 1 and (found := of_results(given)) is not None:
        return found
    with step_line(args.lang) as step:
        return of_evidence(load(sources, step), given)


def _keys(folder: Path, path: Path, *, asked: bool) -> tuple[tuple[PrivateKey, ...], bool]:
    """The keys to sign with, and whether one was made.

    Raises:
        KeyMissing: the folder was sealed before, and its key is not there.
    """
    if asked or path.exists():
        return read_private(path), False
    if (folder / CHECKPOINT).exists():
        raise KeyMissing(folder, path)
    return (write_new(path, new_name()),), True
