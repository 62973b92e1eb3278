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


def may_be_commune(sheet: str) -> bool:
    """Whether the name of a sheet may be that of a commune: two towns have bureaux of the same codes."""
    return bool(sheet) and not names_no_commune(sheet)


def names_no_commune(sheet: str) -> bool:
    """Whether the name of a sheet says something else than a commune: nothing, « Feuil1 », or results of a round."""
    return _NO_COMMUNE.match(without_round(sheet).strip()) is not None
