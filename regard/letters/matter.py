"""Subject of letters: bureaux, facts and figures, and how a sentence names the communes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

from protocol.words import Message, Text, msg, nmsg, pmsg, series, without_accents
from verify.cases.place_names import listed

NAME = msg("[first name and name]")
"""A field for who sends a letter."""
Communes: TypeAlias = tuple[tuple[str, tuple[str, ...]], ...]
"""Name of each commune and its bureaux; no bureaux where they are too many to list, no communes where none is known or
they are too many."""


@dataclass(frozen=True, slots=True)
class BureauGap:
    """Both counts of one bureau, which differ; ``mentioned``: the PV has a remark."""

    commune: str
    bureau: str
    signatures: int
    votes_found: int
    mentioned: bool = False


@dataclass(frozen=True, slots=True)
class Lead:
    """The two choices with the most votes, and those whom these votes elect; None where the law is not known.

    ``valid`` are all valid votes; ``majority`` is the absolute one, of a first round; ``sure`` says that all votes of
    the contest were read, and that none is to be read again.
    """

    names: tuple[str, str]
    votes: tuple[int, int]
    bureaux: int
    elected: tuple[str, ...] | None
    valid: int
    majority: int | None = None
    sure: bool = True

    @property
    def by_majority(self) -> bool:
        """True if the first choice is elected by the absolute majority, in a first round."""
        return self.majority is not None and bool(self.elected)

    def is_lost(self, beyond: int) -> bool:
        """Check that the first choice is not ahead, or has no majority, without so many of its votes."""
        if self.by_majority:
            return self.votes[0] - beyond < majority_of(self.valid - beyond)
        return self.votes[0] - self.votes[1] <= beyond


def majority_of(valid: int) -> int:
    """The absolute majority of valid votes: half of them, without a fraction, and one."""
    return valid // 2 + 1


def lead_said(lead: Lead) -> Message:
    """The lead in a sentence or two, with how many bureaux it is of."""
    return nmsg(
        "By the votes of the {count:n} bureau that I have read, {said}",
        "By the votes of the {count:n} bureaux that I have read, {said}",
        lead.bureaux,
        said=lead_alone(lead),
    )


def lead_alone(lead: Lead) -> Message:
    """The lead over the majority where that elects, else over the second."""
    values = {"first": lead.names[0], "second": lead.names[1], "most": lead.votes[0], "next": lead.votes[1]}
    if lead.by_majority and lead.majority is not None:
        return msg(
            "“{first}” has {most:n} of {valid:n} valid votes, for an absolute majority of {majority:n}.",
            valid=lead.valid,
            majority=lead.majority,
            **values,
        )
    apart = lead.votes[0] - lead.votes[1]
    said = msg(
        "“{first}” has {lead:n} votes more than “{second}” ({most:n} and {next:n}).",
        lead=apart,
        **values,
    )
    if lead.majority is None:
        return said
    return msg("{said} The absolute majority is {count:n} votes.", said=said, count=lead.majority)


@dataclass(frozen=True, slots=True)
class Matter:
    """Subject of letters, beside the vote.

    Attributes:
        communes: whose PVs are asked for; ``lists`` whose sign-in lists, ``machines`` whose tickets.
        on_paper: whether all bureaux are known to vote on paper.
        centralised: whether the centralising record of every bureau was read: nobody is asked for it.
        contested: those that the facts are about; ``correcting`` those whose mairie is asked to correct figures.
        facts: what was seen, one entry a case; none where nothing was read.
        gaps: bureaux of the facts whose signatures and votes differ.
        corrections: figures of PVs and tables that do not agree with one another, one entry each; ``published`` those
            of the published results.
        codes: of the rules by which it was seen.
        deducted: votes beyond signatures or voters that the report deducts in the contests (V501).
        changes: whether votes beyond signatures can change the outcome.
        lead: by the votes that were read; None where there are none of one contest.
        otherwise: the lead in readings that have another order or elect others, with the bureaux that are read so.
        without: the lead without the bureaux of the facts whose PVs do not mention the difference, with these bureaux;
            None where the order stays.
        stated: how many cases stand in the facts; ``recount`` says that a count of one is to be made again first.
        left: how many irregularities are not stated as facts; the notes name them.
        notes: what to know before a complaint is sent: where the facts stand, what is left out and why.
        again: figures to be read again before anything is sent.
        exhibits: the pieces that the facts name, in the order of their numbers.
        author: who sends the letters.
        departement: that of the communes after a noun, ``de l'Orne``; empty for a field to be filled in.
        constituency: as the election's name has it, ``9e circonscription du Finistère``; empty likewise.
    """

    communes: Communes = ()
    lists: Communes = ()
    machines: Communes = ()
    contested: Communes = ()
    correcting: Communes = ()
    facts: tuple[Text, ...] = ()
    gaps: tuple[BureauGap, ...] = ()
    corrections: tuple[Text, ...] = ()
    published: tuple[Text, ...] = ()
    codes: frozenset[str] = frozenset()
    deducted: int = 0
    changes: bool = False
    lead: Lead | None = None
    on_paper: bool = False
    centralised: bool = False
    otherwise: tuple[tuple[Text, Lead], ...] = ()
    without: tuple[Text, Lead] | None = None
    stated: int = 0
    recount: bool = False
    left: int = 0
    notes: tuple[Text, ...] = ()
    again: tuple[Text, ...] = ()
    exhibits: tuple[Text, ...] = ()
    author: Text = NAME
    departement: str = ""
    constituency: str = ""

    def by_commune(self) -> tuple[Matter, ...]:
        """The same for each commune, whose mairie has its documents only; itself where they are many, or one."""
        if not 1 < len(self.communes) <= _MOST_NAMED:
            return (self,)
        return tuple(
            replace(
                self,
                communes=_of(name, self.communes),
                lists=_of(name, self.lists),
                machines=_of(name, self.machines),
                contested=_of(name, self.contested),
                correcting=_of(name, self.correcting),
            )
            for name, _ in self.communes
        )


def beyond(asked: Matter) -> int:
    """Count the votes beyond signatures of all bureaux of the facts."""
    return sum(max(gap.votes_found - gap.signatures, 0) for gap in asked.gaps)


def deducted_otherwise(asked: Matter) -> Iterator[Message]:
    """Explain beside the letter that the report deducts other votes than the letter states."""
    if (count := beyond(asked)) and asked.deducted not in (0, count):
        yield msg(
            "Votes beyond signatures or voters: {deducted:n} in the report, {count:n} in this letter. The report "
            "deducts, in all bureaux, those that no explanation accounts for; the letter adds up those beyond "
            "signatures in the bureaux that it states.",
            deducted=asked.deducted,
            count=count,
        )


def _of(name: str, communes: Communes) -> Communes:
    """The bureaux of one commune."""
    return tuple(each for each in communes if each[0] == name)


_MOST_NAMED = 5
"""Communes that a sentence names, and that each get a letter of their own."""
BUREAUX = msg("[numbers of the bureaux]")


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


def bureaux_named(communes: Communes) -> Text:
    """The bureaux, commune by commune: “in Essai, bureaux 0002 and 0003”."""
    if not communes:
        return msg("commune {commune}, bureaux {bureaux}", commune=COMMUNE, bureaux=BUREAUX)
    return series((_named(name, bureaux) for name, bureaux in communes), msg("; "))


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


def how_many(communes: Communes) -> int:
    """Count the bureaux that are named; 0 where they are still to be filled in."""
    return sum(len(bureaux) for _, bureaux in communes)


COMMUNE = msg("[commune]")
"""A field for a commune that is not known."""
_ARTICLE = re.compile(r"(le|les) +(?=\S)", re.IGNORECASE)
_VOWELS = tuple("aeiouyœæ")
_SILENT_H = ("hy", "hé", "hayange", "hazebrouck", "halluin", "harnes", "haubourdin", "hautmont", "hendaye", "hennebont",
             "herblay", "houilles", "hagondange")  # fmt: skip
"""Beginnings of names with a silent h, of towns of 9,000 inhabitants and more by the Code officiel géographique."""


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
