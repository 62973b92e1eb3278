"""`regard help`: the documents that messages point to, without a network; the list of them, or one to read."""

from __future__ import annotations

import argparse
import difflib
import re
import sys
from pathlib import PurePath

from rich.markdown import Markdown

from protocol.errors import RegardError
from protocol.words import ENGLISH, Text, cited, msg, series
from regard.cli import COMMANDS, GROUPS, build_parser, spell_out
from regard.language import show
from regard.printing import print_beside, print_text
from regard.reference.documents import documents, find, of_language
from regard.terminal import console, print_said

_COMMENTS = re.compile(r"\A(?:<!--.*?-->\s*)+", re.DOTALL)
"""At the start of a document, for those who write it: what it is made from."""


def run(args: argparse.Namespace) -> int:
    """List the documents, or show one. Returns 0.

    Raises:
        RegardError: there is no such topic.
    """
    if args.topic is None:
        _list(args.lang)
        return 0
    topic = PurePath(args.topic).name.removesuffix(".md")  # as other documents and messages name it
    found = find(args.lang, topic)
    if found is not None:
        markdown = found.path.suffix == ".md"
        _read(_COMMENTS.sub("", found.text()) if markdown else found.text(), markdown)
        return 0
    if topic in COMMANDS or topic in GROUPS:
        build_parser([topic], args.lang).parse_args([*spell_out([topic])[0], "--help"])
    near = difflib.get_close_matches(topic, dict.fromkeys([*documents(), *COMMANDS, *GROUPS]), 3, 0.6)
    said = msg("{topic}: no such topic; `regard help` lists them", topic=cited(args.topic))
    if near:
        said = msg(
            "{topic}: no such topic; did you mean {near}? `regard help` lists them",
            topic=cited(args.topic),
            near=series(near),
        )
    raise RegardError(said)


def _list(language: str) -> None:
    shown = of_language(language)
    width = max((len(each.topic) for each in shown), default=0)
    print_said(language, msg("Documents; `regard help TOPIC` shows one:"))
    for each in shown:
        title: Text = each.title
        if each.language != language and language != ENGLISH.code:
            both = msg("{title} (in English and French)", title=each.title)
            title = msg("{title} (in English)", title=each.title) if each.language else both
        print_beside(f"  {each.topic:<{width}}  ", show(language, title))
    more = show(language, msg("`regard help COMMAND` shows the help of a command."))
    print_text(f"\n{more}")


def _read(text: str, markdown: bool) -> None:
    """On a terminal laid out and page by page, elsewhere as it is."""
    if not sys.stdout.isatty():
        print(text, end="")
        return

    out = console()
    with out.pager():
        out.print(Markdown(text) if markdown else text)
