"""Communes and their bureaux in letters: « Mairie d'Essai », « Mairie du Havre », « à Essai, bureaux 0002 et 0003 ».

What stands before a name depends on it in French and on nothing in English; so a name is a message of its own, told
apart by its article and its first sound.
"""

from __future__ import annotations

import re
import unicodedata

from protocol.accents import without_accents
from protocol.words import Message, Text, msg, nmsg, pmsg, series
from regard.letters.official_letter import Matter
from verify.cases.place_names import listed

_MOST_NAMED = 5
"""Communes that a sentence names."""
_ARTICLE = re.compile(r"(le|les) +(?=\S)", re.IGNORECASE)
_VOWELS = tuple("aeiouyœæ")
_SILENT_H = ("hy", "hé", "hayange", "hazebrouck", "halluin", "harnes", "haubourdin", "hautmont", "hendaye", "hennebont",
             "herblay", "houilles", "hagondange")  # fmt: skip
"""How names begin whose h is not said, of towns of 9,000 inhabitants and more by the Code officiel géographique."""
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
    """Where the vote is contested, in a sentence: “in the commune of Essai”."""
    names = matter.contested
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
