"""`regard next`: until when, to whom and how to complain, which documents may be seen, and the letters for it."""

from __future__ import annotations

import argparse
import datetime
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from protocol.words import Message, Text, cited, msg, series
from regard.arguments import Refused, add_force_argument, whole
from regard.language import add_language, show, spoken
from regard.letters.law import ELECTIONS, ONE_ROUND, election_of

if TYPE_CHECKING:
    from protocol.election import Election
    from regard.letters.deadlines import Vote
    from regard.letters.handout import Handout
    from verify.model.evidence import LinedEvidence

_YEARS = (1958, 2199)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe what the command takes."""
    text = partial(show, spoken(parser))
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
    day = text(msg("YYYY-MM-DD"))
    parser.add_argument(
        "--date", metavar=day, type=day_of, help=text(msg("day of the vote (default: as the folder says)"))
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


def day_of(word: str) -> datetime.date:
    """A day as ``2026-03-15``."""
    try:
        day = datetime.date.fromisoformat(word) if re.fullmatch(r"\d{4}-\d\d-\d\d", word, re.ASCII) else None
    except ValueError:
        day = None
    if day is None or not _YEARS[0] <= day.year <= _YEARS[1]:
        raise Refused(msg("{word}: no day as 2026-03-15", word=cited(word)))
    return day


def run(args: argparse.Namespace) -> int:
    """Show what can be done next, and write it with the letters. Returns 0, or 2 for wrong usage.

    Raises:
        NothingReadable: none of the pieces can be read.
        OutputRefused: something must not be written where it is to be; nothing was read.
    """
    from regard.api import gather
    from regard.letters.forms import need, write
    from regard.letters.letters import Matter
    from regard.letters.making import handout
    from regard.letters.matters import asked_of
    from regard.letters.screen import show_steps
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
        vote = vote_of(args, evidence)
        if isinstance(vote, Message):
            complain(args.lang, "next", vote)
            return 2
        asked = Matter() if evidence is None or result is None else asked_of(evidence, result, vote.election)
        made: Handout = handout(vote, asked, () if result is None else result.inputs, args.lang)
        write(made, outputs)
        show_steps(made, args.lang, console())
        return outputs.end("next", args.lang, 0)


def vote_of(args: argparse.Namespace, evidence: LinedEvidence | None) -> Vote | Message:
    """What is complained about, by the options or else by the evidence; or what is missing or contradicts itself."""
    from regard.letters.deadlines import Vote

    said = None if evidence is None else evidence.election
    kinds = [] if said is None else list(dict.fromkeys(filter(None, (election_of(poll.type) for poll in said.polls))))
    election: str | None = args.election or (next(iter(kinds)) if len(kinds) == 1 else None)
    date: datetime.date | None = args.date or (None if said is None else said.date)
    if said is not None and (against := _contradiction(args, said, kinds)) is not None:
        return against
    missing: list[Text] = [
        *([] if election is not None else ["--election"]),
        *([] if date is not None else ["--date"]),
    ]
    if election is None or date is None:
        return msg("say what was voted on and when: {missing}", missing=series(missing))
    number: int = args.round or (0 if said is None or said.date != date else said.round)
    if election in ONE_ROUND:
        if number == 2:
            return msg("{election}: there is one round only", election=ELECTIONS[election])
        number = 0
    if args.proclaimed is not None and args.proclaimed < date:
        return msg("the result cannot have been proclaimed before the vote: {option}", option="--proclaimed")
    return Vote(election, date, number, args.proclaimed)


def _contradiction(args: argparse.Namespace, said: Election, kinds: list[str]) -> Message | None:
    """What is said where an option names another vote than the folder does; None where none does."""
    from regard.letters.deadlines import Vote, in_words
    from regard.letters.steps import operations

    kind, day, number = args.election, args.date, args.round
    other_round = number is not None and number != said.round and (kind or (kinds or [""])[0]) not in ONE_ROUND
    if not (other_round or (kind and kinds and kind not in kinds) or (day and day != said.date)):
        return None
    of_folder: list[Text] = [
        operations(Vote(each, said.date, 0 if each in ONE_ROUND else said.round)) for each in kinds
    ]
    given: list[Text] = [
        *([f"--election {kind}"] if kind else []),
        *([f"--date {day.isoformat()}"] if day else []),
        *([f"--round {number}"] if number else []),
    ]
    return msg(
        "the folder says: {folder}; the options say: {options}. Leave the options out, or take the folder of that vote",
        folder=series(of_folder, msg("; ")) if of_folder else in_words(said.date),
        options=series(given, " "),
    )
