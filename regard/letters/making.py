"""The whole document: what can be done next, then the letters, then the evidence that they were made from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from protocol.words import Text, msg, nmsg, series
from regard.language import capitalise, show
from regard.letters.asking import questions
from regard.letters.handout import Handout, HandoutBlock, HandoutSection, SectionMaker
from regard.letters.law import Vote
from regard.letters.letters import SENT_IN, letters_for
from regard.letters.matter import Matter
from regard.letters.official_letter import OfficialLetter, lines_of_text
from regard.letters.steps import sections, title_of
from regard.paths import digest_of
from verify.model.use import Input, Used

_MOST_INPUTS = 60
"""Pieces of evidence that are listed."""


def handout(vote: Vote, asked: Matter, inputs: Sequence[Input], language: str) -> Handout:
    """All of it, in a language; the letters in French, at its end."""
    used = (each for each in inputs if each.used is not Used.NONE)
    read = tuple((each.path, each.sha256) for each in used if each.sha256 is not None)
    every = letters_for(vote, asked)
    letters = [each for each in every if not each.over]
    make, sent = SectionMaker(language), SectionMaker(SENT_IN)
    doubts = questions(vote)
    made = (
        *([make.section("plain", msg("To look at again first"), make.entries(doubts))] if doubts else []),
        *sections(vote, make),
        *_overview(letters, [each for each in every if each.over], make),
        *_notes(letters, asked.again, make),
        *([_read(read, make)] if read else []),
        *(sent.section("letter", "", *_text_of(each, sent)) for each in letters),
    )
    return Handout(show(language, title_of(vote)), language, made, read)


def _overview(
    letters: Sequence[OfficialLetter], over: Sequence[OfficialLetter], make: SectionMaker
) -> list[HandoutSection]:
    """List the letters with the use of each, then those that are of use no longer, once each."""
    named: list[tuple[Text, OfficialLetter]] = [
        *((msg("Letter {number}", number=number), letter) for number, letter in enumerate(letters, 1)),
        *((msg("Too late"), letter) for letter in {each.name: each for each in over}.values()),
    ]
    rows = ((name, series((msg("{title}.", title=letter.title), letter.when), " ")) for name, letter in named)
    how = msg(
        "What stands in square brackets is to be filled in, checked or chosen by hand. What to know before a letter is "
        "sent stands below, and is no part of it; the letters stand at the end, each on pages of its own."
    )
    return [
        make.section("plain", msg("The letters, and when each is of use"), make.rows("facts", rows)),
        make.section("aside", "", make.paragraph(how)),
    ]


def _notes(letters: Sequence[OfficialLetter], again: Sequence[Text], make: SectionMaker) -> Iterator[HandoutSection]:
    """Sections of advice, one before each letter, with its content in a language that it is not written in.

    What is to be read again stands once, with the first letter of which it is advice, and what goes for letters to
    several mairies with the first of them.
    """
    told = set[tuple[str, str]]()
    for number, letter in enumerate(letters, 1):
        title = msg("Letter {number}: {title}", number=number, title=letter.title)
        advice = [("" if said in again else letter.name, make.text(said)) for said in letter.advice if said]
        fresh = [said for said in advice if said not in told]
        told.update(advice)
        blocks = [make.entries(capitalise(text) for _, text in fresh)] if fresh else []
        if make.language != SENT_IN:
            about = msg("What it says; the letter is to be sent in French")
            blocks += [make.subheading(about), *_text_of(letter, make)]
        if blocks:
            yield make.section("aside", title, *blocks)


def _text_of(letter: OfficialLetter, make: SectionMaker) -> Iterator[HandoutBlock]:
    before, entries, after = lines_of_text(letter)
    yield from map(make.paragraph, before)
    if entries:
        yield make.entries(entries)
    yield from map(make.paragraph, after)
    if letter.exhibits:
        yield make.subheading(msg("Exhibits"))
        yield make.rows("facts", ((str(number), each) for number, each in enumerate(letter.exhibits, 1)))


def _read(inputs: Sequence[tuple[str, str]], make: SectionMaker) -> HandoutSection:
    """The evidence with its digests, the first of many, and the digest of the whole list."""
    blocks = [make.rows("table", ((msg("piece"), "SHA-256"), *inputs[:_MOST_INPUTS]))]
    if (left := len(inputs) - _MOST_INPUTS) > 0:
        said = nmsg(
            "And {count:n} more, which `regard verify --json` lists.",
            "And {count:n} more, which `regard verify --json` lists.",
            left,
        )
        blocks.append(make.paragraph(said))
    whole = msg(
        "SHA-256 of the list of all of them, as sha256sum writes it (digest, two spaces, name, line feed): {digest}",
        digest=digest_of(inputs),
    )
    return make.section("aside", msg("Evidence that was read"), *blocks, make.paragraph(whole))
