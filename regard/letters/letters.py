"""A letter as data, and what letters are about."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace

from protocol.words import Message, Text, msg, nmsg, pmsg, series, without_accents
from regard.letters.law import ONE_ROUND, LineOfLaw, Vote, decisions_on, law
from regard.letters.steps import cited, operations, source, time_of
from verify.cases.place_names import listed

_SENDER = msg("[first name and name]\n[address]")
_SIGNATURE = msg("[place], [date]\n[signature]")
_BASIS_UNREAD = msg("Basis: [articles of the decree that calls the vote].")
GREETING = msg("Madam, Sir,")
THANKS = msg("Yours faithfully,")


@dataclass(frozen=True, slots=True)
class Matter:
    """Subject of letters, beside the vote.

    Attributes:
        communes: name of each commune and its bureaux; no bureaux where they are too many to list, no communes where
            none is known or they are too many.
        contested: the same of those that the facts are about.
        facts: what was seen, one entry a case; none where nothing was read.
        codes: of the rules by which it was seen.
        stated: how many cases stand in the facts.
        left: how many irregularities are not stated as facts; the notes name them.
        notes: what to know before a complaint is sent: where the facts stand, what is left out and why, and figures to
            be read again.
        exhibits: the pieces that the facts name, in the order of their numbers.
    """

    communes: tuple[tuple[str, tuple[str, ...]], ...] = ()
    contested: tuple[tuple[str, tuple[str, ...]], ...] = ()
    facts: tuple[Text, ...] = ()
    codes: frozenset[str] = frozenset()
    stated: int = 0
    left: int = 0
    notes: tuple[Text, ...] = ()
    exhibits: tuple[Text, ...] = ()


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
        basis: names of the lines of the law that it rests on; none where nothing was read.
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
    basis: tuple[str, ...]
    entries: tuple[Text, ...] = ()
    closing: tuple[Text, ...] = ()
    farewell: tuple[Text, ...] = ()
    exhibits: tuple[Text, ...] = ()


def lines_of_text(letter: OfficialLetter) -> tuple[list[Text], list[Text], list[Text]]:
    """Text of a letter before its list, the list, and the text after it but for its exhibits, a paragraph each."""
    before: list[Text] = []
    if letter.to is not None:
        before += [_SENDER, msg("Addressee: {to}\n[address]", to=letter.to)]
    before.append(msg("Subject: {subject}", subject=letter.subject))
    sources = series((law()[name].source or "" for name in letter.basis), msg("; "))
    basis = msg("Basis: {sources}.", sources=sources) if letter.basis else _BASIS_UNREAD
    after = [*letter.closing, basis, *letter.farewell, _SIGNATURE]
    return [*before, *letter.opening], list(letter.entries), after


_MOST_NAMED = 5
"""Communes that a sentence names."""
_ARTICLE = re.compile(r"(le|les) +(?=\S)", re.IGNORECASE)
_VOWELS = tuple("aeiouyœæ")
_SILENT_H = ("hy", "hé", "hayange", "hazebrouck", "halluin", "harnes", "haubourdin", "hautmont", "hendaye", "hennebont",
             "herblay", "houilles", "hagondange")  # fmt: skip
"""Beginnings of names with a silent h, of towns of 9,000 inhabitants and more by the Code officiel géographique."""
BUREAUX = msg("[numbers of the bureaux]")
COMMUNE = msg("[commune]")


def of_commune(name: str) -> Text:
    """A commune after “of”."""
    if not name:
        return msg("of {commune}", commune=COMMUNE)
    article, rest = _article(name)
    if article == "le":
        return pmsg("with the article Le", "of Le {name}", name=rest)
    if article == "les":
        return pmsg("with the article Les", "of Les {name}", name=rest)
    if _is_elided(name):
        return pmsg("before a vowel", "of {elided}", elided=name)
    return pmsg("before a consonant", "of {name}", name=name)


def in_commune(name: str) -> Text:
    """A commune after “in”."""
    if not name:
        return pmsg("a commune", "in {name}", name=COMMUNE)
    article, rest = _article(name)
    if article == "le":
        return pmsg("with the article Le", "in Le {name}", name=rest)
    if article == "les":
        return pmsg("with the article Les", "in Les {name}", name=rest)
    return pmsg("a commune", "in {name}", name=name)


def _article(name: str) -> tuple[str, str]:
    found = _ARTICLE.match(name)
    return ("", name) if found is None else (found[1].casefold(), name[found.end() :])


def _is_elided(name: str) -> bool:
    small = unicodedata.normalize("NFC", name).casefold()
    return small.startswith(_SILENT_H) or without_accents(name).casefold().startswith(_VOWELS)


def of_one_commune(matter: Matter) -> Text:
    """The one commune that a request is about: of several, a choice to be made by hand."""
    names = [name for name, _ in matter.communes]
    if not 0 < len(names) <= _MOST_NAMED:
        return msg("of {commune}", commune=COMMUNE)
    if len(names) == 1:
        return of_commune(names[0])
    return msg("[{choices}]", choices=series(map(of_commune, names), " / "))


def communes_named(matter: Matter) -> Text:
    """Communes of the contested vote, in a sentence: “in the commune of Essai”."""
    names = [name for name, _ in matter.contested]
    if not names:
        return msg("in the commune {of_commune}", of_commune=of_one_commune(matter))
    if len(names) > _MOST_NAMED:
        return msg("in the communes named below")
    if len(names) == 1:
        return msg("in the commune {of_commune}", of_commune=of_commune(names[0]))
    return msg("in the communes {of_communes}", of_communes=listed(map(of_commune, names)))


def bureaux_named(matter: Matter) -> Text:
    """The bureaux, commune by commune: “in Essai, bureaux 0002 and 0003”."""
    if not matter.communes:
        return msg("commune {commune}, bureaux {bureaux}", commune=COMMUNE, bureaux=BUREAUX)
    return series((_named(name, bureaux) for name, bureaux in matter.communes), msg("; "))


def _named(name: str, bureaux: tuple[str, ...]) -> Message:
    if not bureaux:
        return msg("{in_commune}, bureaux {bureaux}", in_commune=in_commune(name), bureaux=BUREAUX)
    return nmsg(
        "{in_commune}, bureau {bureaux}",
        "{in_commune}, bureaux {bureaux}",
        len(bureaux),
        in_commune=in_commune(name),
        bureaux=listed(bureaux),
    )


def one_bureau(matter: Matter) -> Text:
    """The one bureau that a remark is about; of several, a choice to be made by hand."""
    bureaux = matter.communes[0][1] if len(matter.communes) == 1 else ()
    number: Text = msg("[number]")
    if len(bureaux) == 1:
        number = bureaux[0]
    elif 0 < len(bureaux) <= _MOST_NAMED:
        number = msg("[{choices}]", choices=series(bureaux, " / "))
    return msg("bureau {bureau} of the commune {of_commune}", bureau=number, of_commune=of_one_commune(matter))


_EVERY_VOTER = msg(
    "As long as there is time for complaints I ask for what every voter may see, after that under book III of the CRPA."
)
_TEN_DAYS = msg("The law allows that to every voter within ten days.")


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
        when=time_of(_line(vote, "records"), vote),
        advice=_advice(_line(vote, "records"), asked),
        to=_mairie(asked),
        subject=msg("PVs of bureaux ({operations})", operations=operations(vote)),
        opening=(
            GREETING,
            msg(
                "I ask to see the PVs of the following bureaux and to be given a copy of them, with all that is "
                "written under remarks: {bureaux}.",
                bureaux=bureaux_named(asked),
            ),
            *([_EVERY_VOTER] if _read(vote, "records") else []),
        ),
        basis=_read(vote, "records"),
        farewell=(THANKS,),
    )


def _sign_in_lists(vote: Vote, asked: Matter) -> OfficialLetter:
    return OfficialLetter(
        name="sign-in-lists",
        title=msg("A request for the sign-in lists"),
        when=time_of(_line(vote, "sign-in-lists"), vote),
        advice=_advice(_line(vote, "sign-in-lists"), asked, per_commune=False),
        to=msg("[Préfecture / Sous-préfecture] of [place]"),
        subject=msg("sign-in lists ({operations})", operations=operations(vote)),
        opening=(
            GREETING,
            msg("I ask to consult the sign-in lists of these bureaux: {bureaux}.", bureaux=bureaux_named(asked)),
            *([_TEN_DAYS] if _read(vote, "sign-in-lists") else []),
            msg("Please tell me at what place and at what hours they can be seen."),
        ),
        basis=_read(vote, "sign-in-lists"),
        farewell=(THANKS,),
    )


def _centralising_record(vote: Vote, asked: Matter) -> OfficialLetter:
    return OfficialLetter(
        name="centralising-record",
        title=msg("A request for the PV of the centralising bureau"),
        when=time_of(_line(vote, "centralising-record"), vote),
        advice=_advice(_line(vote, "centralising-record"), asked),
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
        basis=_read(vote, "centralising-record"),
        farewell=(THANKS,),
    )


def _machines(vote: Vote, asked: Matter) -> OfficialLetter:
    return OfficialLetter(
        name="machines",
        title=msg("A request for the tickets and the seals of the machines"),
        when=time_of(_line(vote, "machines"), vote),
        advice=_advice(_line(vote, "machines"), asked),
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
        basis=_read(vote, "machines", "seals-reported"),
        farewell=(THANKS,),
    )


def _mairie(asked: Matter) -> Message:
    return msg("Mairie {of_commune}", of_commune=of_one_commune(asked))


def _line(vote: Vote, name: str) -> LineOfLaw:
    """A line of the law; of a kind of election that it is not about, the line that nothing was read."""
    return law()[name if vote.election in law()[name].elections else vote.election]


def _read(vote: Vote, *names: str) -> tuple[str, ...]:
    """Those lines that are about a kind of election, and were found."""
    return tuple(name for name in names if vote.election in law()[name].elections and law()[name].source)


def _advice(line: LineOfLaw, asked: Matter, *, per_commune: bool = True) -> tuple[Text, ...]:
    """Advice on a document, before it is asked for."""
    said: list[Text | None] = [
        None if line.who is None else msg("Who: {who}.", who=line.who),
        line.where,
        line.unsaid if line.source else line.how,
        _PER_COMMUNE if per_commune and len(asked.communes) > 1 else None,
        msg("Source: {source}", source=source(line)),
    ]
    return tuple(each for each in said if each is not None)


_PER_COMMUNE = msg("Each mairie has the documents of its own commune: a letter to each, with its own bureaux only.")


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
_REGISTRY = msg("Registry of the tribunal administratif of [town of the tribunal whose area the commune is in]")
_ADDRESSEES: dict[str, Message] = {
    "presidentielle": msg("Conseil constitutionnel"),
    "legislatives": msg("Conseil constitutionnel"),
    "senatoriales": msg("Conseil constitutionnel"),
    "municipales": _REGISTRY,
    "departementales": _REGISTRY,
    "regionales": msg("Conseil d'État"),
    "europeennes": msg("Conseil d'État"),
    "referendum": msg("[judge of complaints, by the decree that calls the vote]"),
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
    asked = replace(asked, communes=asked.contested or asked.communes)
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
            _outcome_of(vote),
            msg(
                "I ask that the PVs, the sign-in lists and the tickets of the machines of these bureaux be produced "
                "and compared, and I ask for [what is asked of the judge, for example that the vote be annulled]."
            ),
        ),
        basis=_read(vote, *rests_on),
        exhibits=asked.exhibits or (msg("[document], bureau [number]"),),
    )


def _outcome_of(vote: Vote) -> Message:
    """A field for the outcome that is contested; a first round may have elected nobody, and a referendum never does."""
    if vote.election == "referendum":
        return msg("Answer proclaimed: [yes / no], with [number] votes more than the other.")
    if vote.round == 2 or vote.election in ONE_ROUND:
        return msg("Proclaimed elected: [name or list], with [number] votes more than [the next name or list].")
    return msg(
        "[Nobody was elected in this first round: … (name or list) had … votes more than the next. / Proclaimed "
        "elected: … (name or list), with … votes more than the next.]"
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
