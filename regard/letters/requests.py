"""The requests for documents: PVs of bureaux, sign-in lists, the PV of the centralising bureau, papers of machines."""

from __future__ import annotations

from protocol.words import Message, Text, msg
from regard.letters.deadlines import Vote
from regard.letters.law import law
from regard.letters.official_letter import GREETING, THANKS, Matter, OfficialLetter
from regard.letters.places import bureaux_named, of_one_commune
from regard.letters.steps import operations, source, time_of


def requests_for(vote: Vote, asked: Matter) -> list[OfficialLetter]:
    """All requests that there are for a vote."""
    return [
        _records(vote, asked),
        _sign_in_lists(vote, asked),
        _centralising_record(vote, asked),
        _machines(vote, asked),
    ]


def _records(vote: Vote, asked: Matter) -> OfficialLetter:
    return OfficialLetter(
        name="records",
        title=msg("A request for the PVs of bureaux"),
        when=time_of(law()["records"], vote),
        advice=_advice("records", asked),
        to=_mairie(asked),
        subject=msg("PVs of bureaux ({operations})", operations=operations(vote)),
        opening=(
            GREETING,
            msg(
                "I ask to see the PVs of the following bureaux and to be given a copy of them, with all that is "
                "written under remarks: {bureaux}.",
                bureaux=bureaux_named(asked),
            ),
            msg(
                "As long as there is time for complaints I ask for what every voter may see, after that under book III "
                "of the CRPA."
            ),
        ),
        basis=("records",),
        farewell=(THANKS,),
    )


def _sign_in_lists(vote: Vote, asked: Matter) -> OfficialLetter:
    return OfficialLetter(
        name="sign-in-lists",
        title=msg("A request for the sign-in lists"),
        when=time_of(law()["sign-in-lists"], vote),
        advice=_advice("sign-in-lists", asked, per_commune=False),
        to=msg("[Préfecture / Sous-préfecture] of [place]"),
        subject=msg("sign-in lists ({operations})", operations=operations(vote)),
        opening=(
            GREETING,
            msg(
                "I ask to consult, as the law allows every voter within ten days, the sign-in lists of these bureaux: "
                "{bureaux}.",
                bureaux=bureaux_named(asked),
            ),
            msg("Please tell me at what place and at what hours they can be seen."),
        ),
        basis=("sign-in-lists",),
        farewell=(THANKS,),
    )


def _centralising_record(vote: Vote, asked: Matter) -> OfficialLetter:
    return OfficialLetter(
        name="centralising-record",
        title=msg("A request for the PV of the centralising bureau"),
        when=time_of(law()["centralising-record"], vote),
        advice=_advice("centralising-record", asked),
        to=_mairie(asked),
        subject=msg("PV of the centralising bureau ({operations})", operations=operations(vote)),
        opening=(
            GREETING,
            msg(
                "I ask for a copy of the PV of the centralising bureau of the commune {of_commune}, which has for each "
                "bureau:",
                of_commune=of_one_commune(asked),
            ),
        ),
        entries=(
            msg("the registered voters"),
            msg("the voters by the signatures on the sign-in list"),
            msg("the votes found"),
            msg("the blank votes and the null votes"),
            msg("the votes for each list or candidate"),
        ),
        basis=("centralising-record",),
        farewell=(THANKS,),
    )


def _machines(vote: Vote, asked: Matter) -> OfficialLetter:
    return OfficialLetter(
        name="machines",
        title=msg("A request for the tickets and the seals of the machines"),
        when=time_of(law()["machines"], vote),
        advice=_advice("machines", asked),
        to=_mairie(asked),
        subject=msg("voting machines ({operations})", operations=operations(vote)),
        opening=(
            GREETING,
            msg(
                "I ask to be given, for the voting machines of these bureaux ({bureaux}):",
                bureaux=bureaux_named(asked),
            ),
        ),
        entries=(
            msg("the numbers of the seals, as they were reported to the prefect and as they were read on the day"),
            msg("the PV of their configuration"),
            msg("the life-cycle file of each machine"),
            msg("the tickets that each machine printed at the opening and at the close"),
        ),
        basis=("machines", "seals-reported"),
        farewell=(THANKS,),
    )


def _mairie(asked: Matter) -> Message:
    return msg("Mairie {of_commune}", of_commune=of_one_commune(asked))


def _advice(name: str, asked: Matter, *, per_commune: bool = True) -> tuple[Text, ...]:
    """What to know of a document before it is asked for."""
    line = law()[name]
    said: list[Text | None] = [
        None if line.who is None else msg("Who: {who}.", who=line.who),
        line.where,
        line.unsaid,
        _PER_COMMUNE if per_commune and len(asked.communes) > 1 else None,
        msg("Source: {source}", source=source(line)),
    ]
    return tuple(each for each in said if each is not None)


_PER_COMMUNE = msg("Each mairie has the documents of its own commune: a letter to each, with its own bureaux only.")
