"""`regard layouts`: the layouts of published results that are known, and what one of them reads where."""

from __future__ import annotations

import argparse

from protocol.words import msg, titled
from regard.language import show
from regard.reference.layouts_document import explain
from regard.terminal import clean, console, print_words
from verify.read.layouts.built_in import find_layout, known_layouts


def run(args: argparse.Namespace) -> int:
    """Show. Returns 0.

    Raises:
        InputError: there is no such layout, or the file is none.
    """
    out = console()
    if args.layout is None:
        for layout in known_layouts():
            line = f"{layout.country:<4}{layout.name:<28} {show(args.lang, titled(layout.title))}"
            print_words(out, clean(line), indent=" " * 8)
        out.print(clean(show(args.lang, msg("`regard help layouts` says how to write one."))))
        return 0
    for number, said in enumerate(explain(find_layout(args.layout))):
        print_words(out, ("  " if number else "") + clean(show(args.lang, said)), indent="    ")
    return 0
