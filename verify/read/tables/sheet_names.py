"""What the name of a sheet says: a commune, or something else, as « Feuil1 » or « Résultats T2 »."""

from __future__ import annotations

import re

from verify.model.stated import without_round

_NO_COMMUNE = re.compile(
    r"\s*(?:$|feuil|sheet|tableau|table|onglet|page|pv\b|tour\b|[0-9]|t[12]\b|scrutin|poll\b|émarg|emarg|bureau|bv\b|vot"
    r"|recap|r[ée]sultats?\b|[ée]lections?\b|(?:r[ée]g|d[ée]p|cant)\b|(?:régional|regional|départemental"
    r"|departemental|cantonal|municipal|communautaire|européen|europeen|législativ|legislativ|présidentiel|presidentiel"
    r"|sénatorial|senatorial|référendum|referendum)[a-z]{0,2}\b)",
    re.IGNORECASE,
)
"""Names of sheets that are no names of communes."""


_ARRONDISSEMENT = re.compile(
    r"\s*(?:(?:paris|lyon|marseille)\W*)?(?:([0-9]{1,2})\s*(?:er|e|[eè]me)?\s*arr[a-z]*\.?|arr[a-z]*\.?\s*(?:n[°o]\s*)?([0-9]{1,2}))\s*"
    r"|\s*(?:paris|lyon|marseille)\W*([0-9]{1,2})(?:er|e|[eè]me)?\s*",
    re.IGNORECASE,
)


def arrondissement_of(sheet: str) -> int:
    """The arrondissement that a sheet is named after, 0 for none: « 12e arrondissement », « Paris 12 », « arr. 12 »."""
    found = _ARRONDISSEMENT.fullmatch(sheet)
    number = int(next(filter(None, found.groups()))) if found else 0
    return number if number <= 20 else 0


def may_be_commune(sheet: str) -> bool:
    """Whether the name of a sheet may be that of a commune: two towns have bureaux of the same codes, or two parts."""
    return bool(sheet) and (not names_no_commune(sheet) or arrondissement_of(sheet) > 0)


def names_no_commune(sheet: str) -> bool:
    """Whether the name of a sheet says something else than a commune: nothing, « Feuil1 », or results of a round."""
    return _NO_COMMUNE.match(without_round(sheet).strip()) is not None
