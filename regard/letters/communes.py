"""Names of communes in sentences: as people write them, after “of” and after “in”."""

from __future__ import annotations

import re
import unicodedata

from protocol.words import Text, msg, pmsg, without_accents

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
