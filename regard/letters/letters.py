"""The letters: complaints, what is told the prefect, and requests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from protocol.words import Message, Text, msg, nmsg, pmsg, series
from regard.letters.law import ONE_ROUND, LineOfLaw, Vote, decisions_on, law, lines_of
from regard.letters.matter import (
    COMMUNE,
    BureauGap,
    Lead,
    Matter,
    beyond,
    bureaux_named,
    communes_named,
    deducted_otherwise,
    how_many,
    in_commune,
    lead_alone,
    lead_said,
    majority_of,
    of_commune,
    of_one_commune,
)
from regard.letters.official_letter import GREETING, THANKS, OfficialLetter
from regard.letters.steps import cited, is_over, operations, pv_is_closed, source, time_of
from verify.cases.place_names import listed

_AS_LONG_AS = msg("Every voter may see this as long as there is time for complaints; I am [a voter in …].")
_AFTER = msg("I ask for this under book III of the CRPA.")
_EVERY_VOTER = msg(
    "As long as there is time for complaints every voter may see this, and I am [a voter in …]; after that I ask for "
    "it under book III of the CRPA."
)
_TEN_DAYS = msg("The law allows that to every voter within ten days; I am [a voter in …].")


def requests_for(vote: Vote, asked: Matter) -> list[OfficialLetter]:
    """All requests that there are for a vote."""
    return [
        *([_correction(vote, asked)] if asked.corrections else []),
        *([_correction_published(vote, asked)] if asked.published else []),
        *(_records(vote, each) for each in asked.by_commune()),
        _sign_in_lists(vote, asked),
        *(_centralising_record(vote, each) for each in asked.by_commune() if not asked.centralised),
        *(
            _machines(vote, each)
            for each in asked.by_commune()
            if each.machines or not (asked.machines or asked.on_paper)
        ),
    ]


def _request(
    vote: Vote,
    asked: Matter,
    of_law: str,
    title: Message,
    subject: Message,
    opening: tuple[Text, ...],
    **others: Any,
) -> OfficialLetter:
    """A request to the mairie for a document, by a line of the law; one whose time is over may still be sent."""
    line = _line(vote, of_law)
    values: dict[str, Any] = {
        "name": of_law,
        "to": msg("Mairie {of_commune}", of_commune=of_one_commune(asked)),
        "advice": _advice(line, _unread(line), _PER_COMMUNE if len(asked.communes) > 1 else None),
        "basis": _read(vote, of_law),
        **others,
    }
    if "to" not in others and len(asked.communes) == 1:
        title = msg("{title} ({commune})", title=title, commune=asked.communes[0][0] or COMMUNE)
    return OfficialLetter(
        title=title,
        when=time_of(line, vote),
        subject=msg("{what} ({operations})", what=subject, operations=operations(vote)),
        opening=(GREETING, *opening),
        author=asked.author,
        farewell=(THANKS,),
        **values,
    )


def _correction(vote: Vote, asked: Matter) -> OfficialLetter:
    return _request(
        vote,
        asked,
        "results-unchanged",
        msg("A request to the mairie to correct its table of results"),
        msg("figures that do not agree with one another"),
        (
            msg(
                "In [the table of results / the PV] that you handed out on [date], these figures do not agree with one "
                "another:"
            ),
        ),
        to=msg("Mairie {of_commune}", of_commune=of_one_commune(replace(asked, communes=asked.correcting))),
        advice=asked.again,
        entries=asked.corrections,
        closing=(
            msg(
                "I do not ask that the results of a bureau be changed. I ask you to compare these figures with [the "
                "PVs of the bureaux / the other copy of the PV], to correct your table where it differs, and to tell "
                "me what you find."
            ),
        ),
    )


def _correction_published(vote: Vote, asked: Matter) -> OfficialLetter:
    return _request(
        vote,
        asked,
        "results-unchanged",
        msg("A request to correct the published results"),
        msg("figures of the published results"),
        (
            msg(
                "In the results that you published on [date], these figures do not agree with one another, or not with "
                "the PVs:"
            ),
        ),
        to=msg("[who published them: mairie {of_commune}, préfecture or ministry]", of_commune=of_one_commune(asked)),
        advice=asked.again,
        name="published-results",
        basis=None,
        entries=asked.published,
        closing=(
            msg(
                "I ask you to compare these figures with the PVs of the bureaux and, where machines were used, with "
                "their tickets, to put right what is wrong, and to tell me what you find."
            ),
        ),
    )


def _records(vote: Vote, asked: Matter) -> OfficialLetter:
    on = {True: _AFTER, False: _AS_LONG_AS, None: _EVERY_VOTER}[is_over(_line(vote, "records"), vote)]
    return _request(
        vote,
        asked,
        "records",
        msg("A request for the PVs of bureaux"),
        msg("PVs of bureaux"),
        (
            nmsg(
                "I ask to see the PV of the following bureau and to be given a copy of it, with all that is written "
                "under remarks: {bureaux}.",
                "I ask to see the PVs of the following bureaux and to be given a copy of them, with all that is "
                "written under remarks: {bureaux}.",
                how_many(asked.communes),
                bureaux=bureaux_named(asked.communes),
            ),
            *([on] if _read(vote, "records") else []),
        ),
    )


def _sign_in_lists(vote: Vote, asked: Matter) -> OfficialLetter:
    line = _line(vote, "sign-in-lists")
    return _request(
        vote,
        asked,
        "sign-in-lists",
        msg("A request for the sign-in lists"),
        msg("sign-in lists"),
        (
            nmsg(
                "I ask to consult the sign-in list of this bureau: {bureaux}.",
                "I ask to consult the sign-in lists of these bureaux: {bureaux}.",
                how_many(asked.lists),
                bureaux=bureaux_named(asked.lists),
            ),
            *([_TEN_DAYS] if _read(vote, "sign-in-lists") else []),
            msg("Please tell me at what place and at what hours they can be seen."),
        ),
        to=msg("[{prefecture} / Sous-préfecture of …]", prefecture=_prefecture(asked)),
        advice=_advice(line, _unread(line)),
        over=is_over(line, vote) is True,
    )


def _centralising_record(vote: Vote, asked: Matter) -> OfficialLetter:
    return _request(
        vote,
        asked,
        "centralising-record",
        msg("A request for the centralising record"),
        pmsg("subject of a letter", "PV of the centralising bureau"),
        (
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
            msg("the blank votes, the null votes and the valid votes"),
            msg("the votes for each list or candidate"),
        ),
    )


def _machines(vote: Vote, asked: Matter) -> OfficialLetter:
    return _request(
        vote,
        asked,
        "machines",
        msg("A request for the tickets and the seal numbers of the machines, where one voted on machines"),
        msg("voting machines"),
        (
            nmsg(
                "I ask to be given, for every voting machine that was used in this bureau ({bureaux}):",
                "I ask to be given, for every voting machine that was used in these bureaux ({bureaux}):",
                how_many(asked.machines),
                bureaux=bureaux_named(asked.machines),
            ),
        ),
        entries=(
            msg("the numbers of the seals, as they were reported to the prefect and as they were read on the day"),
            msg("the PV of their configuration"),
            msg("the life-cycle file of each machine"),
            msg("the tickets that each machine printed at the opening and at the close"),
        ),
        basis=_read(vote, "machines", "seals-reported"),
    )


def _prefecture(asked: Matter) -> Message:
    return msg("Préfecture {of_departement}", of_departement=asked.departement or msg("of …"))


def _line(vote: Vote, name: str) -> LineOfLaw:
    """A line of the law; of a kind of election that it is not about, the line that nothing was read."""
    return law()[name if vote.election in law()[name].elections else vote.election]


def _read(vote: Vote, *names: str) -> tuple[str, ...]:
    """Those lines that are about a kind of election, were found, and are no later than the vote."""
    lines = map(law().__getitem__, names)
    return tuple(
        each.name for each in lines if vote.election in each.elections and each.source and each.of_day <= vote.date
    )


def _advice(line: LineOfLaw, *more: Text | None) -> tuple[Text, ...]:
    """Advice for a letter: who may send it, where to, further remarks, and the source."""
    who = None if line.who is None else msg("Who: {who}.", who=line.who)
    said = (who, line.where, *more, line.unsaid, msg("Source: {source}", source=source(line)))
    return tuple(each for each in said if each is not None)


def _unread(line: LineOfLaw) -> Text | None:
    """That nothing was read; None for a line that has a source."""
    return None if line.source else line.how


_PER_COMMUNE = msg("Each mairie has the documents of its own commune: a letter to each, with its own bureaux only.")


SENT_IN = "fr"
"""The language of letters."""


def letters_for(vote: Vote, asked: Matter) -> list[OfficialLetter]:
    """All letters that there are for a vote; those whose time is over are marked."""
    by_remark = [line for line in lines_of("complaint", vote.election) if line.remark is not None]
    open_gaps = () if pv_is_closed(vote) else asked.gaps
    return [
        *(_remark(vote, asked, line, gap) for line in by_remark for gap in open_gaps or (None,)),
        _complaint(vote, asked),
        *(_to_the_prefect(vote, asked, line) for line in lines_of("prefect", vote.election) if asked.facts),
        *requests_for(vote, asked),
    ]


_REGISTRY = msg("Registry of the tribunal administratif of [town of the tribunal whose area the commune is in]")
_ADDRESSEES: dict[str, Message] = {
    "presidentielle": msg("Conseil constitutionnel"),
    "legislatives": msg("Conseil constitutionnel"),
    "senatoriales": msg("Conseil constitutionnel"),
    "municipales": msg("[Registry of the tribunal administratif of … / {prefecture} / Sous-préfecture of …]"),
    "departementales": _REGISTRY,
    "regionales": msg("Conseil d'État"),
    "europeennes": msg("Conseil d'État"),
    "referendum": msg("[judge of complaints, by the decree that calls the vote]"),
}
"""To whom a complaint is written."""
_REQUESTED = frozenset(("legislatives", "senatoriales", "regionales", "europeennes"))
_SUBJECTS = {
    False: msg("complaint against the operations of the vote ({operations})"),
    True: msg("request (requête) against the operations of the vote ({operations})"),
}
"""Subject of a complaint: True where the law calls it a request."""
_ON_A_ROLL = msg("[voter on the roll {of_commune} / candidate {in_commune}]")
_OF_A_CONSTITUENCY = msg("[voter of the constituency of … / candidate in the constituency of …]")
_AS_WHOM: dict[str, Message] = {
    "presidentielle": msg("candidate in this election"),
    "legislatives": _OF_A_CONSTITUENCY,
    "senatoriales": _OF_A_CONSTITUENCY,
    "municipales": _ON_A_ROLL,
    "departementales": _ON_A_ROLL,
}
"""In which capacity one complains, where that was read …"""
_AREAS: dict[str, Message] = {
    "legislatives": msg("[of the … constituency of …]"),
    "senatoriales": msg("[of the département of …]"),
    "departementales": msg("[of the canton of …]"),
}
"""The area of the contested election, to be filled in."""
_UNSAID = msg("[capacity in which you complain]")
"""… and where it was not."""


def _remark(vote: Vote, asked: Matter, line: LineOfLaw, gap: BureauGap | None) -> OfficialLetter:
    title = msg("A remark for the PV of the bureau, before it is closed")
    bureau: Text = msg("[number]")
    counts: Message = msg("signatures on the sign-in list: [number]; votes found: [number]")
    of = of_one_commune(asked)
    if gap is not None:
        bureau, of = gap.bureau, of_commune(gap.commune)
        title = msg("A remark for the PV of bureau {bureau}, before it is closed", bureau=bureau)
        counts = msg(
            "signatures on the sign-in list: {signatures:n}; votes found: {found:n}",
            signatures=gap.signatures,
            found=gap.votes_found,
        )
    return OfficialLetter(
        name="remark",
        title=title,
        when=msg("Only before the PV of the bureau is closed; afterwards nothing can be written into it any more."),
        over=pv_is_closed(vote),
        advice=_advice(line, line.remark, law()["remarks-sent"].how if vote.election == "presidentielle" else None),
        to=None,
        subject=msg("remark for the PV of bureau {bureau} of the commune {of_commune}", bureau=bureau, of_commune=of),
        opening=(
            msg("Vote: {operations}.", operations=operations(vote)),
            msg(
                "{name}, [voter of this bureau / candidate / delegate of …], asks, before this PV is closed, that it "
                "mention:",
                name=asked.author,
            ),
        ),
        entries=(counts, msg("[what was seen, at what time]")),
        closing=(msg("What caused the difference is not known."),),
        basis=(line.name, "differences-mentioned"),
    )


def _to_the_prefect(vote: Vote, asked: Matter, line: LineOfLaw) -> OfficialLetter:
    return OfficialLetter(
        name="prefect",
        title=msg("A letter to the prefect, who has a time of his own"),
        when=time_of(line, vote),
        over=is_over(line, vote) is True,
        advice=(*_advice(line), *asked.notes),
        to=_prefecture(asked) if asked.departement else msg("[{to_check}]", to_check=_prefecture(asked)),
        subject=msg("counts of the vote that differ ({operations})", operations=operations(vote)),
        opening=(
            GREETING,
            msg(
                "I bring these facts of the vote {communes} to your notice, so that you can judge whether to bring "
                "them before {judge} within the time that the law gives you:",
                communes=communes_named(asked),
                judge=line.judge,
            ),
        ),
        entries=asked.facts,
        closing=(_AS_IT_STANDS,),
        basis=_read(vote, line.name, *_rules_of(asked)),
        author=asked.author,
        farewell=(THANKS,),
        exhibits=asked.exhibits,
    )


_AS_IT_STANDS = msg(
    "Each figure is as it stands in the document named beside it; I do not know what caused what I state here."
)


def _rules_of(asked: Matter) -> list[str]:
    """Names of the lines of the law that the facts rest on."""
    return [
        *(["differences-mentioned"] if not asked.facts or "R204" in asked.codes else []),
        *(["results-unchanged"] if "R214" in asked.codes else []),
    ]


def _complaint(vote: Vote, asked: Matter) -> OfficialLetter:
    written = (each for each in lines_of("complaint", vote.election) if each.how is not None)
    line = next(written, law()["referendum"])
    found = asked.facts or (
        msg("bureau [number]: [what is counted], [figure] in [document, page] and [figure] in [document, page]"),
    )
    sums = decisions_on("A") if asked.changes and (asked.lead is None or asked.lead.is_lost(beyond(asked))) else []
    return OfficialLetter(
        name="complaint",
        title=msg("A complaint (réclamation)"),
        when=_when(line, vote, asked),
        over=is_over(line, vote) is True,
        advice=(
            *_advice(line, line.how),
            msg("Enclose copies of the documents that are named; strike out what does not apply."),
            *((_PLACES,) if asked.facts else ()),
            *map(cited, sums),
            *deducted_otherwise(asked),
            *asked.notes,
            *asked.again,
        ),
        to=Message(_ADDRESSEES[vote.election].text, {"prefecture": _prefecture(asked)}),
        subject=Message(_SUBJECTS[vote.election in _REQUESTED].text, {"operations": operations(vote)}),
        opening=(
            msg(
                "I contest, as {as_whom}, the operations of the vote {where} for these facts:",
                as_whom=_as_whom(vote, asked),
                where=series(filter(None, (_area(vote, asked), communes_named(asked))), " "),
            ),
        ),
        entries=found,
        closing=(
            _AS_IT_STANDS,
            series((*_votes_beyond(asked), *_outcome_of(vote, asked)), " "),
            *(
                _as_sure(asked, msg("See {source}: {how}", source=each.source or "", how=each.how or ""))
                for each in sums
            ),
            nmsg(
                "I ask that the PV and the sign-in list of this bureau, and the tickets of every voting machine used "
                "there, be produced and compared, and I ask for [what is asked of the judge, for example that the vote "
                "be annulled].",
                "I ask that the PVs and the sign-in lists of these bureaux, and the tickets of every voting machine "
                "used there, be produced and compared, and I ask for [what is asked of the judge, for example that the "
                "vote be annulled].",
                how_many(asked.contested),
            ),
        ),
        basis=_read(vote, line.name, *_rules_of(asked)),
        author=asked.author,
        exhibits=asked.exhibits or (msg("[document], bureau [number]"),),
    )


def _as_whom(vote: Vote, asked: Matter) -> Message:
    """The capacity in which one complains, to be chosen by hand."""
    [name] = [name for name, _ in asked.contested] if len(asked.contested) == 1 else ["…"]
    values = {"of_commune": of_commune(name), "in_commune": in_commune(name)}
    return Message(_AS_WHOM.get(vote.election, _UNSAID).text, values)


def _area(vote: Vote, asked: Matter) -> Text | None:
    """The area of the contested election, where it is more than a commune's."""
    area = _AREAS.get(vote.election)
    return msg("of the {constituency}", constituency=asked.constituency) if area and asked.constituency else area


def _votes_beyond(asked: Matter) -> list[Message]:
    """The votes beyond signatures of all bureaux of the facts, which the lead is compared with."""
    count = beyond(asked)
    mentioned = sum(max(gap.votes_found - gap.signatures, 0) for gap in asked.gaps if gap.mentioned)
    said = msg("Votes beyond signatures, in all: {count:n}.", count=count)
    if mentioned:
        said = msg(
            "Votes beyond signatures, in all: {count:n}, of which {mentioned:n} with a remark in the PV.",
            count=count,
            mentioned=mentioned,
        )
    return [_as_sure(asked, said)] if count else []


def _as_sure(asked: Matter, said: Message) -> Message:
    """A statement that rests on the facts, to be checked where one of them is to be counted again."""
    return msg("[{to_check}]", to_check=said) if asked.recount else said


_MARGIN = msg("[Name or list] has [number] votes more than [the next name or list].")


def _outcome_of(vote: Vote, asked: Matter) -> Iterator[Text]:
    """The lead and those who are elected, as far as the votes that were read say it; fields for the rest."""
    lead = asked.lead
    if lead is None:
        yield from (_MARGIN, _proclaimed(vote))
        return
    said = lead_said(lead)
    yield said if lead.sure else msg("[{to_check}]", to_check=said)
    for place, other in asked.otherwise:
        yield msg("[With the other figures of {place}, {said}]", place=place, said=lead_alone(other))
    yield from _majority_left(lead, asked)
    if asked.without is not None:
        place, other = asked.without
        yield msg(
            "[If the votes of {place} are annulled, as the PV does not mention the difference: {said}]",
            place=place,
            said=lead_alone(other),
        )
    if lead.sure and lead.elected:
        yield msg("Elected by these votes: {names}.", names=listed(lead.elected))
    elif lead.sure and lead.elected is not None and not _is_last(vote):
        yield msg("By these votes nobody is elected in this round.")
    else:
        yield _proclaimed(vote, lead)


def _majority_left(lead: Lead, asked: Matter) -> Iterator[Message]:
    """The votes and the majority of who was elected in a first round, without the votes beyond signatures."""
    count = beyond(asked)
    if not lead.by_majority or not count:
        return
    said = nmsg(
        "Without this vote, “{first}” would have {left:n}, and the absolute majority would be {majority:n}.",
        "Without these {count:n} votes, “{first}” would have {left:n}, and the absolute majority would be "
        "{majority:n}.",
        count,
        first=lead.names[0],
        left=lead.votes[0] - count,
        majority=majority_of(lead.valid - count),
    )
    yield _as_sure(asked, said) if lead.sure else msg("[{to_check}]", to_check=said)


_OF_LISTS = frozenset(("municipales", "regionales", "europeennes"))


def _is_last(vote: Vote) -> bool:
    return vote.round == 2 or vote.election in ONE_ROUND


def _proclaimed(vote: Vote, lead: Lead | None = None) -> Message:
    """A field for what was proclaimed; a first round may have elected nobody, a referendum never does."""
    if vote.election == "referendum":
        return msg("Answer proclaimed: [yes / no].")
    if vote.election in _OF_LISTS:
        if _is_last(vote):
            first = msg("name of the list") if lead is None else msg("“{first}” / another", first=lead.names[0])
            return msg("List proclaimed first: [{first}].", first=first)
        return msg("[No list was elected in this first round. / List proclaimed elected: … (name of the list).]")
    if vote.election == "departementales" and _is_last(vote):
        return msg("Proclaimed elected: [both names].")
    if _is_last(vote):
        return msg("Proclaimed elected: [name].")
    return msg("[Nobody was elected in this first round. / Proclaimed elected: … (name).]")


def _when(line: LineOfLaw, vote: Vote, asked: Matter) -> Text:
    """Until when a complaint is of use, and what of the evidence stands in it."""
    said: list[Text] = [time_of(line, vote)]
    if is_over(line, vote):
        return said[0]
    if asked.facts:
        said.append(nmsg("It states {count:n} fact.", "It states {count:n} facts.", asked.stated))
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
