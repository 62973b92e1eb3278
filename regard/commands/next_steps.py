"""`regard next`: until when, to whom and how to complain, which documents may be seen, and the letters for it."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from protocol.words import Message, cited, msg, series
from regard.arguments import Refused, add_force_argument, whole
from regard.language import add_language, language_of, show
from regard.letters.asking import AskedVote, SaidVote, day_of, vote_of
from regard.letters.law import ELECTIONS, election_of

if TYPE_CHECKING:
    from regard.letters.handout import Handout


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe what the command takes."""
    text = partial(show, language_of(parser))
    parser.add_argument(
        "pieces",
        metavar=text(msg("PATH")),
        type=Path,
        nargs="*",
        help=text(msg("a night's folder, or files, whose cases are put into the letters")),
    )
    parser.add_argument(
        "--election",
        metavar=text(msg("KIND")),
        type=_kind,
        help=text(msg("what was voted on: {kinds} (default: as the folder says)", kinds=series(ELECTIONS))),
    )
    day = text(msg("DD/MM/YYYY"))
    parser.add_argument(
        "--date",
        metavar=day,
        type=day_of,
        help=text(msg("day of the vote, as 15/03/2026 or 2026-03-15 (default: as the folder says)")),
    )
    parser.add_argument(
        "--proclaimed",
        metavar=day,
        type=day_of,
        help=text(msg("day on which the result was proclaimed, where the time counts from it")),
    )
    parser.add_argument("--round", metavar="N", type=whole(1, 2), help=text(msg("round, 1 or 2")))
    _add_outputs(parser, text)
    add_language(parser)


def _add_outputs(parser: argparse.ArgumentParser, text: Callable[[Message], str]) -> None:
    """What is to be written."""
    for option, help_text in (
        ("--html", msg("write all of it and the letters as a page for the browser")),
        ("--pdf", msg("the same as PDF")),
        ("--docx", msg("the same as a text document to be edited")),
    ):
        parser.add_argument(option, metavar=text(msg("FILE")), type=Path, help=text(help_text))
    add_force_argument(parser)


def _kind(word: str) -> str:
    found = election_of(word)
    if found is None:
        raise Refused(msg("{word}: no kind of election: one of {kinds}", word=cited(word), kinds=", ".join(ELECTIONS)))
    return found


def run(args: argparse.Namespace) -> int:
    """Show what can be done next, and write it with the letters. Returns 0, or 2 for wrong usage.

    Raises:
        NothingReadable: none of the pieces can be read.
        OutputRefused: something must not be written where it is to be; nothing was read.
    """
    from regard.api import gather
    from regard.letters.forms import need, show_steps, write
    from regard.letters.letters import Matter
    from regard.letters.making import handout
    from regard.letters.matters import asked_of
    from regard.outputs import Outputs, check_ending
    from regard.terminal import complain, console

    for option, target, endings in (
        ("--html", args.html, (".html", ".htm")),
        ("--pdf", args.pdf, (".pdf",)),
        ("--docx", args.docx, (".docx",)),
    ):
        check_ending(option, target, *endings)
    need(pdf=args.pdf is not None, docx=args.docx is not None)
    folders = [path for path in args.pieces if path.is_dir()]
    files = [path for path in args.pieces if not path.is_dir()]
    if len(folders) > 1:
        complain(args.lang, "next", msg("one folder at most: each night has its own times and letters"))
        return 2
    sources = gather(*folders, files=files) if args.pieces else None
    read = [] if sources is None else [*sources.paths(), *filter(None, [sources.folder])]
    with Outputs({"--html": args.html, "--pdf": args.pdf, "--docx": args.docx}, read, force=args.force) as outputs:
        if sources is None:
            evidence, result = None, None
        else:
            from regard.commands.verify import examine

            evidence, result = examine(sources, args.lang)
        given = AskedVote(args.election, args.date, args.round, args.proclaimed)
        vote = vote_of(given, SaidVote.of(evidence))
        if isinstance(vote, Message):
            complain(args.lang, "next", vote)
            return 2
        asked = Matter() if evidence is None or result is None else asked_of(evidence, result, vote.election)
        made: Handout = handout(vote, asked, () if result is None else result.inputs, args.lang)
        write(made, outputs)
        show_steps(made, args.lang, console())
        return outputs.end("next", args.lang, 0)
