"""The whole document: what can be done next, then the letters, then the evidence that they were made from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from protocol.words import Text, msg, nmsg, series
from regard.language import capitalise, show
from regard.letters.asking import questions
from regard.letters.handout import Handout, HandoutBlock, HandoutSection
from regard.letters.law import Vote
from regard.letters.letters import SENT_IN, OfficialLetter, letters_for, lines_of_text
from regard.letters.matter import Matter
from regard.letters.steps import sections, title_of
from regard.paths import digest_of
from regard.terminal import clean
from verify.model.use import Input, Used

_MOST_INPUTS = 60
"""Pieces of evidence that are listed."""
_LONGEST = 6000
"""Characters of one text; a longer one is cut, which is to be seen."""


def handout(vote: Vote, asked: Matter, inputs: Sequence[Input], language: str) -> Handout:
    """All of it, in a language; the letters in French, at its end."""
    used = (each for each in inputs if each.used is not Used.NONE)
    read = tuple((each.path, each.sha256) for each in used if each.sha256 is not None)
    every = letters_for(vote, asked)
    letters = [each for each in every if not each.over]
    made = [
        *_questions(vote, language),
        *sections(vote, language),
        *_overview(letters, [each for each in every if each.over], language),
        *_notes(letters, asked.again, language),
        *_read(read, language),
        *(HandoutSection("letter", SENT_IN, "", tuple(_text_of(each, SENT_IN))) for each in letters),
    ]
    return Handout(show(language, title_of(vote)), language, tuple(map(harmless, made)), read)


def _questions(vote: Vote, language: str) -> Iterator[HandoutSection]:
    """Section of doubts to settle first; empty without any."""
    asked = tuple((show(language, each),) for each in questions(vote))
    if asked:
        yield HandoutSection(
            "plain", language, show(language, msg("To look at again first")), (HandoutBlock("entries", rows=asked),)
        )


def _overview(letters: Sequence[OfficialLetter], over: Sequence[OfficialLetter], language: str) -> list[HandoutSection]:
    """List the letters with the use of each, then those that are of use no longer, once each."""
    named: list[tuple[Text, OfficialLetter]] = [
        *((msg("Letter {number}", number=number), letter) for number, letter in enumerate(letters, 1)),
        *((msg("Too late"), letter) for letter in {each.name: each for each in over}.values()),
    ]
    rows = tuple(
        (show(language, name), show(language, series((msg("{title}.", title=letter.title), letter.when), " ")))
        for name, letter in named
    )
    how = msg(
        "What stands in square brackets is to be filled in, checked or chosen by hand. What to know before a letter is "
        "sent stands below, and is no part of it; the letters stand at the end, each on pages of its own."
    )
    title = show(language, msg("The letters, and when each is of use"))
    return [
        HandoutSection("plain", language, title, (HandoutBlock("facts", rows=rows),)),
        HandoutSection("aside", language, "", (HandoutBlock("text", show(language, how)),)),
    ]


def _notes(letters: Sequence[OfficialLetter], again: Sequence[Text], language: str) -> Iterator[HandoutSection]:
    """Sections of advice, one before each letter, with its content in a language that it is not written in.

    What is to be read again stands once, with the first letter of which it is advice.
    """
    told = False
    for number, letter in enumerate(letters, 1):
        title = show(language, msg("Letter {number}: {title}", number=number, title=letter.title))
        fresh = [said for said in letter.advice if said and not (told and said in again)]
        advice = tuple((capitalise(show(language, said)),) for said in fresh)
        told |= any(said in again for said in fresh)
        blocks = [HandoutBlock("entries", rows=advice)] if advice else []
        if language != SENT_IN:
            about = msg("What it says; the letter is to be sent in French")
            blocks += [HandoutBlock("subheading", show(language, about)), *_text_of(letter, language)]
        if blocks:
            yield HandoutSection("aside", language, title, tuple(blocks))


def _text_of(letter: OfficialLetter, language: str) -> Iterator[HandoutBlock]:
    before, entries, after = lines_of_text(letter)
    yield from _paragraphs(before, language)
    if entries:
        yield HandoutBlock("entries", rows=tuple((show(language, entry),) for entry in entries))
    yield from _paragraphs(after, language)
    if letter.exhibits:
        yield HandoutBlock("subheading", show(language, msg("Exhibits")))
        numbered = enumerate(letter.exhibits, 1)
        yield HandoutBlock("facts", rows=tuple((str(number), show(language, each)) for number, each in numbered))


def _paragraphs(texts: Sequence[Text], language: str) -> Iterator[HandoutBlock]:
    return (HandoutBlock("text", show(language, text)) for text in texts)


def _read(inputs: Sequence[tuple[str, str]], language: str) -> Iterator[HandoutSection]:
    """The evidence with its digests, the first of many, and the digest of the whole list."""
    if not inputs:
        return
    head = (show(language, msg("piece")), "SHA-256")
    blocks = [HandoutBlock("table", rows=(head, *inputs[:_MOST_INPUTS]))]
    if left := len(inputs) - _MOST_INPUTS:
        said = nmsg(
            "And {count:n} more, which `regard verify --json` lists.",
            "And {count:n} more, which `regard verify --json` lists.",
            left,
        )
        blocks += [HandoutBlock("text", show(language, said))] if left > 0 else []
    whole = msg(
        "SHA-256 of the list of all of them, as sha256sum writes it (digest, two spaces, name, line feed): {digest}",
        digest=digest_of(inputs),
    )
    blocks.append(HandoutBlock("text", show(language, whole)))
    yield HandoutSection("aside", language, show(language, msg("Evidence that was read")), tuple(blocks))


def harmless(section: HandoutSection) -> HandoutSection:
    """The same without control and direction characters, and without endless texts."""
    blocks = (
        HandoutBlock(block.kind, _clean(block.text), tuple(tuple(map(_clean, row)) for row in block.rows))
        for block in section.blocks
    )
    return HandoutSection(section.tone, section.language, section.title, tuple(blocks))


def _clean(text: str) -> str:
    cleaned = "\n".join(map(clean, text.split("\n")))
    return cleaned if len(cleaned) <= _LONGEST else cleaned[:_LONGEST] + " […]"
