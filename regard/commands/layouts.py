"""`regard layouts`: the layouts of published results that are known, and what one of them reads where."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from protocol.words import Text, msg, series, titled
from regard.language import add_language, language_of, show

if TYPE_CHECKING:
    from verify.read.layouts.language import Layout, Parts


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


def explain(layout: Layout) -> Iterator[Text]:
    """What an entry reads where, a line for each thing."""
    yield titled(layout.title)
    if layout.source:
        yield msg("published by: {source}", source=layout.source)
    if layout.needs:
        yield msg("recognised by the headers: {headers}", headers=series(names[0] for names in layout.needs))
    if layout.tree is not None:
        yield msg("rows of the XML: {paths}", paths=series(layout.tree.rows))
    if layout.turned is not None:
        yield msg("a station is a column, from column {first} on", first=layout.turned.first)
    for part in layout.parts:
        if contest := part.constants.get("contest"):
            yield msg("contest: {contest}", contest=contest)
        elif part.contest:
            yield msg("contest: {contest}", contest=_shown(part.contest))
        for name, columns in part.place.items():
            yield msg("{name}: {value}", name=name, value=_shown(columns))
        for name, wordings in part.counts.items():
            yield msg("{name}: {value}", name=name, value=_shown((wordings,)))
        if part.choices.label:
            yield msg("a row for each choice: {label}", label=_shown(part.choices.label))
        elif part.choices.columns or part.choices.first:
            run = (*part.choices.columns, *filter(None, (part.choices.first, part.choices.last)))
            yield msg("a column for each choice: {columns}", columns=series(run, " … "))
        for name, sum_ in part.derived.items():
            yield msg("{name}: {value}", name=name, value=sum_.text)
        for check in part.checks:
            shown = series((check.left.text, check.relation, check.right.text), " ")
            yield msg("must hold: {check}", check=shown)


def _shown(parts: Parts) -> Text:
    return parts if isinstance(parts, str) else series((" | ".join(names) for names in parts), " + ")
