"""A letter as data, and what letters are about."""

from __future__ import annotations

from dataclasses import dataclass

from protocol.words import Message, Text, msg, series
from regard.letters.law import law

_SENDER = msg("[first name and name]\n[address]")
_SIGNATURE = msg("[place], [date]\n[signature]")
GREETING = msg("Madam, Sir,")
THANKS = msg("Yours faithfully,")


@dataclass(frozen=True, slots=True)
class Matter:
    """What letters are about, beside the vote.

    Attributes:
        communes: name of each commune and its bureaux; no bureaux where they are too many to list, no communes where
            none is known or they are too many.
        contested: names of the communes that the facts are about; none where they are too many.
        facts: what was seen, one entry a case; none where nothing was read.
        codes: of the rules by which it was seen.
        stated: how many cases stand in the facts.
        left: how many irregularities are not stated as facts; the notes name them.
        notes: what to know before a complaint is sent: where the facts stand, what is left out and why, and figures to
            be read again.
    """

    communes: tuple[tuple[str, tuple[str, ...]], ...] = ()
    contested: tuple[str, ...] = ()
    facts: tuple[Text, ...] = ()
    codes: frozenset[str] = frozenset()
    stated: int = 0
    left: int = 0
    notes: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class OfficialLetter:
    """One letter.

    Attributes:
        name: stable.
        title: what it is, for who sends it.
        when: until when it is of use, a sentence.
        advice: what else to know before it is sent; not part of the letter.
        to: the addressee; None of what is written into a PV.
        subject: what it is about, in a line.
        opening, entries, closing: its paragraphs before and after a list, and the list.
        basis: names of the lines of the law that it rests on.
        farewell: what stands before the signature.
    """

    name: str
    title: Message
    when: Text
    advice: tuple[Text, ...]
    to: Text | None
    subject: Text
    opening: tuple[Text, ...]
    basis: tuple[str, ...]
    entries: tuple[Text, ...] = ()
    closing: tuple[Text, ...] = ()
    farewell: tuple[Text, ...] = ()


def lines_of_text(letter: OfficialLetter) -> tuple[list[Text], list[Text], list[Text]]:
    """What stands in a letter before its list, the list, and what stands after it, a paragraph each."""
    before: list[Text] = []
    if letter.to is not None:
        before += [_SENDER, msg("Addressee: {to}\n[address]", to=letter.to)]
    before.append(msg("Subject: {subject}", subject=letter.subject))
    sources = series((law()[name].source or "" for name in letter.basis), msg("; "))
    after = [*letter.closing, msg("Basis: {sources}.", sources=sources), *letter.farewell, _SIGNATURE]
    return [*before, *letter.opening], list(letter.entries), after
