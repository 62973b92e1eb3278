"""The letters, ready to be copied: each says to whom it goes, what it asks for, and on which lines of the law it rests.

They go to French authorities and are in French; in another language a translation follows, which is not to be sent.
What only the sender knows is a blank in square brackets. They ask and state figures, and say of nobody what he did.
"""

from __future__ import annotations

from protocol.words import Message, Text, msg, nmsg, series
from regard.letters.deadlines import Vote
from regard.letters.law import LineOfLaw, decisions_on, law
from regard.letters.official_letter import Matter, OfficialLetter
from regard.letters.places import communes_named, one_bureau
from regard.letters.requests import requests_for
from regard.letters.steps import cited, operations, source, time_of

SENT_IN = "fr"
"""The language of letters."""


def letters_for(vote: Vote, asked: Matter) -> list[OfficialLetter]:
    """All letters that there are for a vote."""
    return [
        *([_remark(vote, asked)] if vote.election in _BY_REMARK else []),
        _complaint(vote, asked),
        *requests_for(vote, asked),
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
_REGISTRY = msg("Registry of the tribunal administratif of [town]")
_ADDRESSEES: dict[str, Message] = {
    "presidentielle": msg("Conseil constitutionnel"),
    "legislatives": msg("Conseil constitutionnel"),
    "senatoriales": msg("Conseil constitutionnel"),
    "municipales": _REGISTRY,
    "departementales": _REGISTRY,
    "regionales": msg("Conseil d'État"),
    "europeennes": msg("Conseil d'État"),
}
"""To whom a complaint is written."""
_ON_A_ROLL = msg("[on the electoral roll of … / candidate in …]")
_OF_A_CONSTITUENCY = msg("[on an electoral roll of the constituency of … / candidate in the constituency of …]")
_AS_WHOM: dict[str, Message] = {
    "presidentielle": msg("candidate in this election"),
    "legislatives": _OF_A_CONSTITUENCY,
    "senatoriales": _OF_A_CONSTITUENCY,
    "municipales": _ON_A_ROLL,
    "departementales": _ON_A_ROLL,
}
"""In which capacity one complains, where that was read …"""
_UNSAID = msg("[in which capacity]")
"""… and where it was not."""


def _remark(vote: Vote, asked: Matter) -> OfficialLetter:
    name = _BY_REMARK[vote.election]
    line = law()[name]
    several = sum(len(bureaux) for _, bureaux in asked.communes) > 1
    return OfficialLetter(
        name="remark",
        title=msg("A remark for the PV of the bureau, before it is closed"),
        when=msg("Only before the PV of the bureau is closed; afterwards nothing can be written into it any more."),
        advice=(
            *(() if line.who is None else (msg("Who: {who}.", who=line.who),)),
            *_said(line),
            *((law()["remarks-sent"].how or "",) if vote.election == "presidentielle" else ()),
            *((msg("Each bureau has a PV of its own: a remark for each."),) if several else ()),
            msg("Source: {source}", source=source(line)),
        ),
        to=None,
        subject=msg("remark for the PV of the {bureau}", bureau=one_bureau(asked)),
        opening=(
            msg("Vote: {operations}.", operations=operations(vote)),
            msg(
                "[first name and name], [voter of this bureau / candidate / delegate of …], asks, before this PV is "
                "closed, that it mention:"
            ),
        ),
        entries=(
            msg("signatures on the sign-in list: [number]; votes found, by the counter of the machine: [number]"),
            msg("[what was seen, at what time]"),
        ),
        closing=(msg("What caused the difference is not known."),),
        basis=(name, "differences-mentioned"),
    )


def _complaint(vote: Vote, asked: Matter) -> OfficialLetter:
    name = _COMPLAINTS.get(vote.election, vote.election)
    line = law()[name]
    found = asked.facts or (
        msg("bureau [number]: [what is counted], [figure] in [document, page] and [figure] in [document, page]"),
    )
    rests_on = [name]
    rests_on += ["differences-mentioned"] if not asked.facts or "R204" in asked.codes else []
    rests_on += ["results-unchanged"] if "R214" in asked.codes else []
    sums = decisions_on("A") if "R201" in asked.codes else []
    rests_on += [each.name for each in sums]
    return OfficialLetter(
        name="complaint",
        title=msg("A complaint (réclamation)"),
        when=_when(line, vote, asked),
        advice=(
            *(() if line.who is None else (msg("Who: {who}.", who=line.who),)),
            *_said(line),
            msg("Source: {source}", source=source(line)),
            msg("Enclose copies of the documents that are named; strike out what does not apply."),
            *((_PLACES,) if asked.facts else ()),
            *map(cited, sums),
            *asked.notes,
        ),
        to=_ADDRESSEES[vote.election],
        subject=msg("complaint against the operations of the vote ({operations})", operations=operations(vote)),
        opening=(
            msg(
                "I, the undersigned [first name and name], {as_whom}, contest the operations of the vote {communes} "
                "for these facts:",
                as_whom=_AS_WHOM.get(vote.election, _UNSAID),
                communes=communes_named(asked),
            ),
        ),
        entries=found,
        closing=(
            msg(
                "Each figure is as it stands in the document named beside it; what caused the differences is not known "
                "to me."
            ),
            msg(
                "I ask that the PVs, the sign-in lists and the tickets of the machines of these bureaux be produced "
                "and compared, and I ask for [what is asked of the judge, for example that the vote be annulled]."
            ),
        ),
        basis=tuple(rests_on),
    )


def _said(line: LineOfLaw) -> tuple[Message, ...]:
    return tuple(each for each in (line.how, line.unsaid) if each is not None)


def _when(line: LineOfLaw, vote: Vote, asked: Matter) -> Text:
    """Until when a complaint is of use, and what of the evidence stands in it."""
    said: list[Text] = [time_of(line, vote)]
    if asked.facts:
        said.append(nmsg("It states {count:n} irregularity.", "It states {count:n} irregularities.", asked.stated))
    if asked.left:
        said.append(
            nmsg(
                "{count:n} irregularity is not in it: which, and why, stands above the letter.",
                "{count:n} irregularities are not in it: which, and why, stands above the letter.",
                asked.left,
            )
        )
    return series(said, " ")


_PLACES = msg(
    "Read each figure again in the document that the letter names, fill in its page, and correct the name of the "
    "document where it is another one. Below stand the files and rows that regard "
    "read; they are not part of the letter."
)
