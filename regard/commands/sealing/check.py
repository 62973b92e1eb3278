"""`regard check`: check a proof, and the figures that a person has seen, from the proof's file alone."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from protocol.errors import InputError, RegardError
from protocol.opening import open_evidence
from protocol.sealing.keys import need_signing
from protocol.sealing.proofs import HEAD, MAX_PROOF, check_proof
from protocol.words import msg
from regard.outputs import check_ending, claim
from regard.sealing.codes import as_copied, is_part, join_parts
from regard.sealing.places import read_public
from regard.sealing.seal_screen import ProofScreen, proof_json
from regard.sealing.words import stated_figures
from regard.terminal import print_said

_CHECKER = Path(__file__).parents[2] / "sealing" / "checker.html"
_PAGE_HEAD = b'<html lang="en" id="regard-checker">'
_PAGE_LANGUAGES = ("en", "fr")


def run(args: argparse.Namespace) -> int:
    """Check the proof, or write the page that does.

    Returns:
        0 where all that was looked at holds, 1 where not; signatures are looked at where a key is given. 0 for a page.

    Raises:
        InputError: the proof or a key cannot be read, or what is given does not begin as a proof.
        SealError: a key is none, or parts do not make a proof.
        OutputRefused: the page or the JSON must not be written there.
        ExtraMissing: the library that verifies is not installed.
        RegardError: neither or both of proof and page are given, several proofs, or a figure twice.
    """
    if bool(args.proof) is (args.page is not None):
        raise RegardError(
            msg("give a proof to be checked, or --page FILE for the page that checks proofs in a browser")
        )
    if args.page is not None:
        return _write_page(args)
    need_signing()
    figures = stated_figures(args.figures)
    with claim(args, "--json", read=[*args.proof, *args.key]) as outputs:
        keys = read_public(args.key) if args.key else None
        check = check_proof(_read_proof(args.proof), keys, figures)
        outputs.write_json(lambda: proof_json(check, args.lang))
        ProofScreen(args.lang, outputs.console()).show(check, figures)
        return outputs.end(args, 0 if check.fault is None else 1)


def _read_proof(paths: Sequence[Path]) -> bytes:
    """The proof in a file, or in the texts of its codes.

    Raises:
        InputError: a file cannot be read, or begins neither as a proof nor as a part of one.
        SealError: parts do not make a proof.
        RegardError: several files are given that are not parts.
    """
    texts = [as_copied(open_evidence(path, MAX_PROOF).data) for path in paths]
    whole = [text.partition(b"\n")[0] == HEAD.encode() for text in texts]
    for path, text, proof in zip(paths, texts, whole, strict=True):
        if not proof and not is_part(text):
            first = msg("“{head}” as its first line, as proofs have", head=HEAD)
            raise InputError(str(path), None, None, first, msg("another one") if text else msg("an empty file"))
    if len(paths) > 1 and any(whole):
        raise RegardError(
            msg("give one proof at a time; several files are only for the texts of the QR codes of one proof")
        )
    return texts[0] if whole[0] else join_parts(texts)


def checker_page(language: str) -> bytes:
    """The page that checks proofs, which begins in a language if it has it, else in that of the browser."""
    page = _CHECKER.read_bytes()
    if language not in _PAGE_LANGUAGES:
        return page
    code = language.encode()
    return page.replace(_PAGE_HEAD, b'<html lang="%s" id="regard-checker" data-language="%s">' % (code, code), 1)


def _write_page(args: argparse.Namespace) -> int:
    """Write the second checker, which needs nothing of regard.

    Raises:
        OutputRefused: it must not be written there.
    """
    check_ending("--page", args.page, ".html")
    with claim(args, "--page") as outputs:
        outputs.write("--page", lambda: checker_page(args.lang))
        said = msg("{path}: open it in a browser; it checks proofs without internet", path=args.page)
        if outputs.wants("--page"):
            print_said(args.lang, said)
        return outputs.end(args, 0)
