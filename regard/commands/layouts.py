"""`regard layouts`: the layouts of published results that are known, and what one of them reads where."""

from __future__ import annotations

import argparse
from functools import partial

from protocol.words import msg, titled
from regard.language import add_language, language_of, show


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe what the command takes."""
    text = partial(show, language_of(parser))
    parser.add_argument(
        "layout",
        metavar=text(msg("LAYOUT")),
        nargs="?",
        help=text(msg("the name of a layout, or a file with one: what it reads where (default: list them all)")),
    )
    add_language(parser)


def run(args: argparse.Namespace) -> int:
    """Show. Returns 0.

    Raises:
        InputError: there is no such layout, or the file is none.
    """
    from regard.reference.layouts_document import explain
    from regard.terminal import clean, console
    from verify.read.layouts.built_in import built_in, find_layout

    out = console()
    if args.layout is None:
        for layout in built_in():
            line = f"{layout.country:<4}{layout.name:<28} {show(args.lang, titled(layout.title))}"
            out.print(clean(line))
        out.print(clean(show(args.lang, msg("`regard help layouts` says how to write one."))))
        return 0
    for number, said in enumerate(explain(find_layout(args.layout))):
        out.print(clean(("  " if number else "") + show(args.lang, said)))
    return 0
