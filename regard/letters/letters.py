"""The letters, ready to be copied: each says to whom it goes, what it asks for, and on which lines of the law it rests.

They go to French authorities and are in French; in another language a translation follows, which is not to be sent.
What only the sender knows is a blank in square brackets. They ask and state figures, and say of nobody what he did.
"""

from __future__ import annotations

from dataclasses import dataclass

from protocol.words import Message, Text, msg, series
from regard.letters.deadlines import Vote, until
from regard.letters.law import law
from regard.letters.steps import operations, source

SENT_IN = "fr"
"""The language of letters."""


@dataclass(frozen=True, slots=True)
class Matter:
    """What letters are about, beside the vote.

    Attributes:
        commune: name of the one commune that they are about; empty where it is not known or not one.
        bureaux: the bureaux, in words; None where they are not known.
        facts: what was seen, one entry a case; none where nothing was read.
        codes: of the rules by which it was seen.
        notes: what to know before a complaint is sent: where the facts stand, and figures to be read again.
    """

    commune: str = ""
    bureaux: Text | None = None
    facts: tuple[Text, ...] = ()
    codes: frozenset[str] = frozenset()
    notes: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class OfficialLetter:
    """One letter.

    Attributes:
        name: stable.
        title: what it is, for who sends it.
        advice: what to know before it is sent; not part of the letter.
        to: the addressee; None of what is written into a PV.
        subject: None likewise.
        opening, entries, closing: its paragraphs before and after a list, and the list.
        basis: names of the lines of the law that it rests on.
    """

    name: str
    title: Message
    advice: tuple[Text, ...]
    to: Text | None
    subject: Text | None
    opening: tuple[Text, ...]
    entries: tuple[Text, ...] = ()
    closing: tuple[Text, ...] = ()
    basis: tuple[str, ...] = ()


def letters_for(vote: Vote, asked: Matter) -> list[OfficialLetter]:
    """All letters that there are for a vote."""
    return [
        *([_remark(vote)] if vote.election in _BY_REMARK else []),
        _complaint(vote, asked),
        _records(vote, asked),
        _sign_in_lists(vote, asked),
        _centralising_record(vote, asked),
        _machines(vote, asked),
    ]


_BY_REMARK = {
    "presidentielle": "presidentielle-voter",
    "municipales": "municipales",
    "departementales": "departementales",
}
"""Elections in which a remark in the PV is a complaint, and the line that says so."""
_COMPLAINTS = {
    "presidentielle": "presidentielle-candidate",
    "legislatives": "parliament",
    "senatoriales": "parliament",
}
"""The line that a complaint in writing rests on, where it has another name than the election."""
_SENDER = msg("[first name and name]\n[address]")
_SIGNATURE = msg("[place], [date]\n[signature]")
_WRITTEN = msg("[commune]")
_BUREAUX = msg("[numbers of the bureaux]")
_GREETING = msg("Madam, Sir,")


def lines_of_text(letter: OfficialLetter) -> tuple[list[Text], list[Text], list[Text]]:
    """What stands in a letter before its list, the list, and what stands after it, a paragraph each."""
    before: list[Text] = []
    if letter.to is not None:
        before += [_SENDER, msg("Addressee: {to}", to=letter.to)]
    if letter.subject is not None:
        before.append(msg("Subject: {subject}", subject=letter.subject))
    sources = series((law()[name].source or "" for name in letter.basis), msg("; "))
    after = [msg("Basis: {sources}.", sources=sources), *letter.closing, _SIGNATURE]
    return [*before, *letter.opening], list(letter.entries), after


def _remark(vote: Vote) -> OfficialLetter:
    name = _BY_REMARK[vote.election]
    return OfficialLetter(
        name="remark",
        title=msg("A remark for the PV of the bureau"),
        advice=(
            msg("To be written into the PV of the bureau. {how}", how=law()[name].how or ""),
            *((law()["remarks-sent"].how or "",) if vote.election == "presidentielle" else ()),
        ),
        to=None,
        subject=None,
        opening=(
            msg(
                "Bureau [number] of [commune]. {operations}. The undersigned [first name and name], [voter of this "
                "bureau / candidate / delegate of …], asks that this be mentioned:",
                operations=operations(vote),
            ),
        ),
        entries=(
            msg("signatures on the sign-in list: [number]; votes found, by the counter of the machine: [number]"),
            msg("[what was seen, at what time]"),
        ),
        closing=(msg("The cause is not known to the undersigned."),),
        basis=(name, "differences-mentioned"),
    )


def _complaint(vote: Vote, asked: Matter) -> OfficialLetter:
    name = _COMPLAINTS.get(vote.election, vote.election)
    line = law()[name]
    end = until(line, vote)
    as_whom = msg("candidate in this election") if vote.election == "presidentielle" else _AS_WHOM
    found = asked.facts or (
        msg("bureau [number]: [what is counted], [figure] in [document, page] and [figure] in [document, page]"),
    )
    rests_on = [name]
    rests_on += ["differences-mentioned"] if not asked.facts or "R204" in asked.codes else []
    rests_on += ["results-unchanged"] if "R214" in asked.codes else []
    return OfficialLetter(
        name="complaint",
        title=msg("A complaint (réclamation)"),
        advice=(
            line.how or "",
            *(() if end is None else (msg("Until: {end}.", end=end),)),
            source(line),
            msg("Enclose copies of the documents that are named; strike out what does not apply."),
            *((_PLACES,) if asked.facts else ()),
            *asked.notes,
        ),
        to=line.judge,
        subject=msg("complaint against the operations of the vote: {operations}", operations=operations(vote)),
        opening=(
            msg(
                "I, the undersigned [first name and name], {as_whom}, contest the operations of the vote in {commune} "
                "for these facts:",
                as_whom=as_whom,
                commune=asked.commune or _WRITTEN,
            ),
        ),
        entries=found,
        closing=(
            msg(
                "Both figures are as they stand in the documents named; what caused the difference is not known to me."
            ),
            msg(
                "I ask that the PVs, the sign-in lists and the tickets of the machines of these bureaux be produced "
                "and compared, and that what follows from it be decided."
            ),
        ),
        basis=tuple(rests_on),
    )


_PLACES = msg(
    "Read each figure again in the document that the letter names, fill in its page, and correct the name of the "
    "document where it is another one. Below stand the files and rows that regard "
    "read; they are not part of the letter."
)
_AS_WHOM = msg("[voter registered in … / candidate in …]")


def _records(vote: Vote, asked: Matter) -> OfficialLetter:
    return OfficialLetter(
        name="records",
        title=msg("A request for the PVs of bureaux"),
        advice=_advice("records", vote),
        to=_mairie(asked),
        subject=msg("PVs of bureaux: {operations}", operations=operations(vote)),
        opening=(
            _GREETING,
            msg(
                "I ask to see the PVs of these bureaux and to be given a copy of them, with all that is written under "
                "remarks: {bureaux}.",
                bureaux=asked.bureaux or _BUREAUX,
            ),
            msg("As long as there is time for complaints I ask as a voter, after that under book III of the CRPA."),
        ),
        closing=(_THANKS,),
        basis=("records",),
    )


def _sign_in_lists(vote: Vote, asked: Matter) -> OfficialLetter:
    return OfficialLetter(
        name="sign-in-lists",
        title=msg("A request for the sign-in lists"),
        advice=_advice("sign-in-lists", vote),
        to=msg("the préfecture or the sous-préfecture of [place]"),
        subject=msg("sign-in lists: {operations}", operations=operations(vote)),
        opening=(
            _GREETING,
            msg(
                "As a voter I ask to consult the sign-in lists of these bureaux within the ten days that the law "
                "gives: {commune}, {bureaux}.",
                commune=asked.commune or _WRITTEN,
                bureaux=asked.bureaux or _BUREAUX,
            ),
            msg("Please tell me at what place and at what hours they can be seen."),
        ),
        closing=(_THANKS,),
        basis=("sign-in-lists",),
    )


def _centralising_record(vote: Vote, asked: Matter) -> OfficialLetter:
    return OfficialLetter(
        name="centralising-record",
        title=msg("A request for the PV of the centralising bureau"),
        advice=_advice("centralising-record", vote),
        to=_mairie(asked),
        subject=msg("PV of the centralising bureau: {operations}", operations=operations(vote)),
        opening=(
            _GREETING,
            msg("I ask for a copy of the PV of the centralising bureau, which has for each bureau:"),
        ),
        entries=(
            msg("the registered voters"),
            msg("the voters by the signatures on the sign-in list"),
            msg("the votes found"),
            msg("the blank votes and the null votes"),
            msg("the votes for each list or candidate"),
        ),
        closing=(_THANKS,),
        basis=("centralising-record",),
    )


def _machines(vote: Vote, asked: Matter) -> OfficialLetter:
    return OfficialLetter(
        name="machines",
        title=msg("A request for the tickets and the seals of the machines"),
        advice=_advice("machines", vote),
        to=_mairie(asked),
        subject=msg("voting machines: {operations}", operations=operations(vote)),
        opening=(
            _GREETING,
            msg("Of the machines of these bureaux, {bureaux}, I ask for a copy of:", bureaux=asked.bureaux or _BUREAUX),
        ),
        entries=(
            msg("the numbers of the seals, as they were reported to the prefect and as they were read on the day"),
            msg("the PV of the configuration"),
            msg("the life-cycle file of each machine"),
            msg("the tickets that each machine printed at the opening and at the close"),
        ),
        closing=(_THANKS,),
        basis=("machines", "seals-reported"),
    )


_THANKS = msg("Yours faithfully,")


def _mairie(asked: Matter) -> Message:
    return msg("the mairie of {commune}", commune=asked.commune or _WRITTEN)


def _advice(name: str, vote: Vote) -> tuple[Text, ...]:
    """What to know of a document before it is asked for."""
    line = law()[name]
    end = until(line, vote)
    said: list[Text | None] = [
        None if end is None else msg("Until: {end}.", end=end),
        line.unsaid,
        source(line),
    ]
    return tuple(each for each in said if each is not None)
