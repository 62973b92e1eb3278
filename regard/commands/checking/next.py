"""`regard next`: until when, to whom and how to complain, which documents may be seen, and the letters for it."""

from __future__ import annotations

import argparse
from functools import partial

from protocol.errors import RegardError
from protocol.words import Message, cited, msg
from regard.arguments import Refused
from regard.commands.checking.given import is_given, paths_read, sources_of
from regard.commands.checking.verify import examine
from regard.letters.asking import AskedVote, SaidVote, vote_of
from regard.letters.forms import FORMS, need, show_steps
from regard.letters.handout import Handout
from regard.letters.law import ELECTIONS, election_of
from regard.letters.making import handout
from regard.letters.matter import Matter
from regard.letters.matters import collect_matter
from regard.outputs import check_ending, claim
from regard.reports.screen import Printer
from regard.terminal import console
from regard.views.case_view import CaseViews
from regard.views.saying import Speaker


def kind(word: str) -> str:
    """Parser of a kind of election whose complaints are known."""
    found = election_of(word)
    if found is None:
        raise Refused(msg("{word}: no kind of election: one of {kinds}", word=cited(word), kinds=", ".join(ELECTIONS)))
    return found


def run(args: argparse.Namespace) -> int:
    """Show what can be done next, and write it with the letters. Returns 0.

    Raises:
        RegardError: wrong usage, or an election whose times are not known.
        NothingReadable: none of the pieces can be read.
        OutputRefused: something must not be written where it is to be; nothing was read.
    """
    check_ending("--html", args.html, ".html", ".htm")
    check_ending("--pdf", args.pdf, ".pdf")
    check_ending("--docx", args.docx, ".docx")
    targets = {form: getattr(args, form) for form in FORMS}
    need(*(form for form, target in targets.items() if target is not None))
    if sum(path.is_dir() for path in args.folder) > 1:
        raise RegardError(msg("one folder at most: each night has its own times and letters"))
    sources = sources_of(args)[0] if is_given(args) else None
    read = [] if sources is None else paths_read(sources)
    with claim(args, *(f"--{form}" for form in FORMS), read=read) as outputs:
        if sources is None:
            evidence, result = None, None
        else:
            evidence, result = examine(sources, args.lang)
        given = AskedVote(args.kind, args.date, args.number, args.proclaimed)
        vote = vote_of(given, SaidVote.of(evidence))
        if isinstance(vote, Message):
            raise RegardError(vote)
        asked = Matter(author=args.author) if args.author else Matter()
        if evidence is not None and result is not None:
            views = CaseViews(result, Speaker(args.lang), evidence=evidence)
            asked = collect_matter(views, vote.election, args.author)
        made: Handout = handout(vote, asked, () if result is None else result.inputs, args.lang)
        for form, write in FORMS.items():
            outputs.write(f"--{form}", partial(write, made))
        show_steps(made, Printer(args.lang, console()))
        return outputs.end(args, 0)
