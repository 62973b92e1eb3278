"""One official letter, and its text in paragraphs."""

from __future__ import annotations

from dataclasses import dataclass

from protocol.words import Message, Text, msg, series
from regard.letters.law import law
from regard.letters.matter import NAME

_SIGNATURE = msg("[place], [date]\n[signature]")
_BASIS_UNREAD = msg("Basis: [articles of the decree that calls the vote].")
GREETING = msg("Madam, Sir,")
THANKS = msg("Yours faithfully,")


@dataclass(frozen=True, slots=True)
class OfficialLetter:
    """One letter.

    Attributes:
        name: stable.
        title: what it is, for who sends it.
        when: until when it is of use, a sentence; ``over`` says that this is past, and the letter is not written.
        advice: what else to know before it is sent; not part of the letter.
        to: the addressee; None of what is written into a PV.
        subject: what it is about, in a line.
        opening, entries, closing: its paragraphs before and after a list, and the list.
        author: who sends it.
        basis: names of the lines of the law that it rests on; empty where nothing was read, None where it needs none.
        farewell: what stands before the signature.
        exhibits: pieces that are enclosed, in the order of their numbers.
    """

    name: str
    title: Message
    when: Text
    advice: tuple[Text, ...]
    to: Text | None
    subject: Text
    opening: tuple[Text, ...]
    basis: tuple[str, ...] | None
    author: Text = NAME
    over: bool = False
    entries: tuple[Text, ...] = ()
    closing: tuple[Text, ...] = ()
    farewell: tuple[Text, ...] = ()
    exhibits: tuple[Text, ...] = ()


def lines_of_text(letter: OfficialLetter) -> tuple[list[Text], list[Text], list[Text]]:
    """Text of a letter before its list, the list, and the text after it but for its exhibits, a paragraph each."""
    before: list[Text] = []
    if letter.to is not None:
        before += [msg("{name}\n[address]", name=letter.author), msg("Addressee: {to}\n[address]", to=letter.to)]
    before.append(msg("Subject: {subject}", subject=letter.subject))
    after = [*letter.closing, *_basis(letter), *letter.farewell, _SIGNATURE]
    return [*before, *letter.opening], list(letter.entries), after


def _basis(letter: OfficialLetter) -> list[Text]:
    if letter.basis is None:
        return []
    sources = series((law()[name].source or "" for name in letter.basis), msg("; "))
    return [msg("Basis: {sources}.", sources=sources) if letter.basis else _BASIS_UNREAD]
