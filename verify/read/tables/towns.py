"""The town of a table that has no column for it: by its titles, by the name of its sheet, and by that of its file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from pathlib import PurePosixPath

from verify.model.identity import plain, without_round
from verify.model.use import MEMBER

_CODE = r"(?:[0-9]{2}|2[AB])[0-9]{3}(?!\w)"
_TOWN = re.compile(
    r"(?:ville|mairie|commune)(?: (?:de|(?P<of>du|des)) | d['’] ?| ?: ?)"
    r"(?P<named>[^\W\d](?:"
    r"(?! - | (?:code|insee|service|[ée]lections?|scrutin|premier|second|tour(?!-)|r[ée]sultats?|bureau"
    r"|pr[ée]sidentielles?|l[ée]gislatives?|municipales?|europ[ée]ennes?|r[ée]gionales?|d[ée]partementales?)\b)"
    r"[^\d,;:(|/–—]){1,80})"
    rf"(?:\W*(?:(?:code|insee|commune)\W+)*(?P<code>{_CODE}))?"
    rf"|(?P<coded>[^\W\d][^\d(]{{0,80}})\((?P<of_code>{_CODE})\)",
    re.IGNORECASE,
)
"""A title that begins with the commune of all rows: « Ville de Brest – 1er tour », « BREST (29019) »."""
_CALLED_TOWN = re.compile(
    r"ville[ _-](?:d['’ _-]? ?avray\b|du[ _-](?:bois|pont)\b|(?:aux?|devant|en|[eè]s|la|le|sous|sur)[ _-])",
    re.IGNORECASE,
)
"""Communes whose own name begins as such a title does."""
_APART = re.compile(r" [-–—|] |[,;] ")
_SAYS_TOWN = re.compile(rf"(?:commune|ville)\b|[^\W\d][^\d(]{{0,80}}\({_CODE}\)", re.IGNORECASE)
"""The beginning of a further part of a title: « Relevé des PV – commune de Brest », « PV – Gap (05061) »."""
_ASKED = re.compile(r"(?:nom de la )?(?:ville|commune) ?:?", re.IGNORECASE)
"""A cell beside which the commune stands."""
_LEAD = re.compile(r"[^\W\d](?:(?! [-–—])[^\d,;:(|/–—]){1,80}")
"""What a title begins with: « LE HAVRE – Élection présidentielle »."""


def town_of_titles(titles: Sequence[str], file: str) -> str:
    """The only town that titles say, with its code where they have one; empty for none, and for several.

    A title says it by its form, « Ville de Brest », or with the name of the file: « LE HAVRE » in « Le Havre 2.xlsx ».
    """
    from verify.read.tables import headers  # a night's own tables have no titles: a start goes without it

    cells = [" ".join(cell.split()) for cell in titles]
    beside = (said for asked, said in pairwise(cells) if _ASKED.fullmatch(asked) and headers.meaning_of(said) is None)
    parts = (part for cell in cells for part in _APART.split(cell)[1:] if _SAYS_TOWN.match(part))
    towns: dict[str, str] = {}
    for found in filter(None, map(_TOWN.match, [*cells, *parts, *(f"commune : {said}" for said in beside)])):
        name, code = _named(found), found["code"] or found["of_code"]
        towns[headers.key(name)] = f"{name} ({code})" if code else towns.get(headers.key(name), name)
    of_file = plain((named := town_of_file(file)).partition(" (")[0])
    if not towns and of_file:
        leads = (found[0].strip(" .-") for found in map(_LEAD.match, cells) if found)
        towns = {plain(lead): lead for lead in leads if _are_of_one(plain(lead), of_file, joined=" " not in lead)}
    if named.endswith(")") and len(towns) == 1 and plain(*towns.values()) == of_file:
        return named
    return next(iter(towns.values())) if len(towns) == 1 else ""


def town_above(title: str) -> str:
    """The town in a text above rows, « Les Aubiers » of « Commune des Aubiers »; empty where a word says no town."""
    found = _TOWN.match(title)
    name = _named(found) if found else title
    words = (word for word in _WORDS.findall(name) if word.casefold() not in _ARTICLES)
    return name if all(map(is_of_town, words)) else ""


def _named(found: re.Match[str]) -> str:
    if _CALLED_TOWN.match(found[0]):
        return found[0].partition("(")[0].strip(" .-")
    name: str = (found["named"] or found["coded"]).strip(" .-")
    return {"du": "Le ", "des": "Les "}.get((found["of"] or "").lower(), "") + name


def _are_of_one(title: str, file: str, joined: bool) -> bool:
    """Test whether a title has the town of a file's name; its one word may say more: « Mandelieu-la-Napoule »."""
    longer = f" {title} ".startswith(f" {file} ") and joined
    return longer or (f" {title} " in f" {file} " and any(map(is_of_town, title.split())))


def is_of_town(word: str) -> bool:
    """Test whether a word may be of a commune's name."""
    return _SAYS_NO_TOWN.fullmatch(word) is None


_NO_COMMUNE = re.compile(
    r"\s*(?:$|feuil|sheet|tableau|table|onglet|page|pv\b|tour\b|[0-9]|t[12]\b|scrutin|poll\b|émarg|emarg|bureau|bv\b|vot"
    r"|recap|r[ée]sultats?\b|[ée]lections?\b|(?:r[ée]g|d[ée]p|cant)\b|(?:régional|regional|départemental"
    r"|departemental|cantonal|municipal|communautaire|européen|europeen|législativ|legislativ|présidentiel|presidentiel"
    r"|sénatorial|senatorial|référendum|referendum)[a-z]{0,2}\b)",
    re.IGNORECASE,
)
"""Names of sheets that are no names of communes."""


_SAYS_NO_TOWN = re.compile(
    r"(?:\w*[0-9]\w*|\w|docs?|documents?|scans?|classeurs?|sans|titre|pi[eè]ces?|jointe?s?|pvs?|mails?|courriels?|messages?|textes?|objet|votre|demande|re|tr|fwd?|synth[eè]ses?|r[ée]cap(?:itulatif)?s?|relev[ée]s?|[ée]tats?"
    r"|bilans?|statistiques?|suivis?|d[ée]pouillements?|comptages?|totaux|total|chiffres?|cantons?|centralisateurs?|"
    r"proc[eè]s|verb(?:al|aux)|[ée]mar(?:g|gements?)|listes?|r[ée]sultats?|results?|r[ée]ponses?|re[cç]us?|exemples?|mod[eè]les?"
    r"|bureaux?|bv|votes?|votants?|voix|tours?|scrutins?|[ée]lections?|pr[ée]sidentielles?|l[ée]gislatives?|municipales?"
    r"|europ[ée]ennes?|r[ée]gionales?|d[ée]partementales?|d[ée]partements?|cantonales?|r[ée]f[ée]rendum|participation"
    r"|tableaux?|tables?|feuilles?|exports?|donn[ée]es|d[ée]finitifs?|provisoires?|final|copies?|copy|brouillons?|drafts?|versions?|corrig[ée]e?s?|rectifi[ée]e?s?|ancien(?:ne)?s?|nouve(?:au|lle)s?|annexes?|communes?"
    r"|villes?|mairies?|fichiers?|folder|files?|records?|signatures?|sign|in|counts?|published|publi[ée]s?|round|first|second|premier"
    r"|de|du|des|d|par|et|janvier|f[ée]vrier|mars|avril|mai|juin|juillet|ao[uû]t|septembre|octobre|novembre|d[ée]cembre)",
    re.IGNORECASE,
)
"""Words of names of files that are of no commune's name."""
_WORDS = re.compile(r"([^\W_]+)")
_ARTICLES = frozenset(("de", "du", "des", "d", "et"))


def towns_of_files(files: Sequence[str]) -> list[str]:
    """The commune of each file: what names two files in folders of two towns names no town, and the folder does."""
    towns, folders = ([*map(town_of_file, paths)] for paths in (files, map(_folder_of, files)))
    homes: dict[str, set[str]] = {}
    for town, folder in zip(towns, folders, strict=True):
        homes.setdefault(town, set()).update([folder] if folder else [])
    return [folder if folder and len(homes[town]) > 1 else town for town, folder in zip(towns, folders, strict=True)]


def _folder_of(file: str) -> str:
    return str(PurePosixPath(file.partition(MEMBER)[0]).parent)


def town_of_file(file: str) -> str:
    """The commune that a file or one of its folders has with its code, else that it, or its folder, is named after.

    « 29019 Brest/tableau.csv », « 05061_Gap_T1.csv », « Gap/pv.csv »; empty for none.
    """
    parts = PurePosixPath(file.replace(MEMBER, "/")).parts[::-1]
    for part in (*filter(_INSEE_AHEAD.match, parts), *parts):
        pieces = _WORDS.split(PurePosixPath(part).stem)
        called = {at for at in range(1, len(pieces), 2) if _CALLED_TOWN.match("".join(pieces[at:]))}
        said = [at for at in range(1, len(pieces), 2) if at in called or is_of_town(pieces[at])]
        if said:
            name = " ".join("".join(pieces[said[0] : said[-1] + 1]).replace("_", " ").split())
            code = _INSEE_AHEAD.match(part)
            return f"{name} ({code[0]})" if code else name
    return ""


_INSEE_AHEAD = re.compile(r"(?:[0-9]{2}|2[AB])[0-9]{3}(?=[ _-])")


def commune_in(sheet: str) -> str:
    """The name of a sheet without the round: « Brest 2nd tour »."""
    return without_round(sheet).strip(" -–—_")


def names_no_commune(sheet: str) -> bool:
    """Test whether a sheet is named after no commune: not at all, « Feuil1 », a draft, or results of a round."""
    return _NO_COMMUNE.match(commune_in(sheet)) is not None or not any(map(is_of_town, _WORDS.findall(sheet)))
