"""`regard changes`: what changed between two editions of a sealed night, and whether its log only grew."""

from __future__ import annotations

import argparse

from regard.outputs import claim
from regard.paths import existing
from regard.sealing.changes import EditionAt, compare_editions, find_edition, history, proof_text
from regard.sealing.edition_screen import EditionScreen, changes_document
from regard.sealing.places import files_of_witnesses, never_replaced, read_trusted, witness_keys
from regard.sealing.words import edition_of


def run(args: argparse.Namespace) -> int:
    """Compare, write, show.

    Returns:
        0, 1 where the log did not only grow, a change is explained by no document, or a cosignature is missing.

    Raises:
        RegardError: a folder does not hold together, or there is no such edition.
        OutputRefused: a file must not be written where it is to be; nothing was read.
    """
    sealed = [existing(path) for path in (args.first, args.second) if path is not None]
    read = [*sealed, *filter(None, [args.key]), *files_of_witnesses(args.witness)]
    read += [kept for path in sealed for kept in never_replaced(path)]
    with claim(args, "-o", "--json", read=read) as outputs:
        first, second = _editions(args)
        found = history(first, second, witness_keys(args.witness))
        changes = compare_editions(first, second)
        outputs.write("-o", lambda: proof_text(first, second, found))
        document = {**changes_document(first, second, found, changes), "vouched": args.key is not None}
        outputs.write_json(lambda: document)
        screen = EditionScreen(args.lang, outputs.console())
        screen.show(first, second, found, changes)
        if args.key is None:
            screen.own_key()
        good = found.grew and found.all_cosigned and not changes.unexplained
        return outputs.end(args, 0 if good else 1)


def _editions(args: argparse.Namespace) -> tuple[EditionAt, EditionAt]:
    """The two editions that were asked for."""
    args.earlier, args.later = (each and edition_of(each) for each in (args.earlier, args.later))
    if args.second is not None:
        first, second = (read_trusted(path, args.key) for path in (args.first, args.second))
        return find_edition(first, args.earlier), find_edition(second, args.later)
    sealed = read_trusted(args.first, args.key)
    later = find_edition(sealed, args.later)
    return find_edition(sealed, args.earlier, before=None if args.earlier else later.size), later
