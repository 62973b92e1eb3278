"""`regard help`: the documents that messages point to, without a network; the list of them, or one to read."""

from __future__ import annotations

import argparse
import difflib
import sys
from functools import partial
from pathlib import PurePath

from protocol.words import msg
from regard.language import add_language, colon, say, show, spoken


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe what the command takes."""
    text = partial(show, spoken(parser))
    parser.add_argument(
        "topic",
        metavar=text(msg("TOPIC")),
        nargs="?",
        help=text(msg("a document or a command (default: the list)")),
    )
    add_language(parser)


def run(args: argparse.Namespace) -> int:
    """List the documents, or show one. Returns 0, or 2 for a topic that there is not."""
    from regard.cli import COMMANDS, build_parser
    from regard.reference.documents import FRENCH, documents

    if args.topic is None:
        _list(args.lang)
        return 0
    known = documents()
    topic = PurePath(args.topic).name.removesuffix(".md")  # as other documents and messages name it
    if args.lang == "fr":
        topic = FRENCH.get(topic, topic)
    if topic in known:
        _read(known[topic].text(), markdown=known[topic].path.suffix == ".md")
        return 0
    if topic in COMMANDS:
        build_parser(topic, args.lang).parse_args([topic, "--help"])
    from regard.terminal import clean

    near = difflib.get_close_matches(topic, dict.fromkeys([*known, *COMMANDS]), 3, 0.6)
    unknown = show(args.lang, msg("no such topic"))
    meant = show(args.lang, msg("; near: ")) + ", ".join(near) if near else ""
    listed = show(args.lang, msg("; `regard help` lists them"))
    print(clean(f"regard help: {args.topic!r}{colon(args.lang)} {unknown}{meant}{listed}"), file=sys.stderr)
    return 2


def _list(language: str) -> None:
    from regard.reference.documents import of_language

    shown = of_language(language)
    width = max((len(each.topic) for each in shown), default=0)
    french, english = (
        "Les documents ; « regard help SUJET » en montre un :",
        "Documents; `regard help TOPIC` shows one:",
    )
    print(say(language, french, english))
    for each in shown:
        other = " (en anglais)" if language == "fr" and each.language == "en" else ""
        print(f"  {each.topic:<{width}}  {each.title}{other}")
    more = show(language, msg("`regard help COMMAND` shows the help of a command."))
    print(f"\n{more}")


def _read(text: str, markdown: bool) -> None:
    """On a terminal laid out and page by page, elsewhere as it is."""
    if not sys.stdout.isatty():
        print(text, end="")
        return
    from rich.markdown import Markdown

    from regard.terminal import console

    out = console()
    with out.pager():
        out.print(Markdown(text) if markdown else text)
