"""Kind of each table of a file: PVs, sign-in counts, votes by choice, or none of them.

Every sheet is taken for what it is, and none for two counts of one thing: a sheet is never compared with itself.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING

from protocol import night
from protocol.evidence_kinds import EvidenceKind
from verify.model.figures import BLANK

if TYPE_CHECKING:
    from verify.read.tables.columns import TableColumns

SIGNATURES, RECORDS, VOTES = night.SIGNATURES.kind, night.RECORDS.kind, night.VOTES.kind
TABULATION = night.TABULATION.kind
KINDS = frozenset((SIGNATURES, RECORDS, VOTES))
"""The files of a night that an auditor can have in a form of his own."""

PUBLISHED = EvidenceKind.PUBLISHED
"""The kind of published results among the uses of a table."""

_OF_A_RECORD = ("votes_found", "valid", "blank", "null")
_CENTRAL = re.compile(
    r"(?:\bpv|proc[eè]s[- ]verba(?:l|ux)) (?:(?:r[ée]capitulatif|du|de la|bureau|commune) )*centralisa"
    r"|\brecensement\b(?! de la population)|^\W*centralisateur\W*$",
    re.IGNORECASE,
)
_TICKETS = re.compile(r"\btickets?\b", re.IGNORECASE)
_RECORDS = re.compile(r"\bpv|proc[eè]s[- ]verb|[eé]marg", re.IGNORECASE)
_APART = re.compile(r"[\s_]+")
_SIGN_INS = re.compile(r"[eé]marg|signature|sign[- _]?in", re.IGNORECASE)


def named_sign_ins(name: str) -> bool:
    """Test whether a file or a sheet calls itself one of sign-in counts."""
    return _SIGN_INS.search(name) is not None


def named_central(texts: Iterable[str]) -> bool:
    """Test whether the names or titles of a table of bureaux call it the centralising record."""
    return any(_CENTRAL.search(" ".join(_APART.split(text))) for text in texts)


def named_tickets(texts: Iterable[str]) -> bool:
    """Test whether the names or titles of a table say that it has what machines printed, and no PVs."""
    said = " ".join(_APART.split(" ".join(texts)))
    return _TICKETS.search(said) is not None and _RECORDS.search(said) is None


def kinds_of(tables: Sequence[TableColumns], given: Collection[str]) -> list[tuple[str, ...]]:
    """Choose the use of each table of a file.

    What has the votes found, or others of the counts of a PV, is a PV; what has signatures alone is a list of them, but
    where a file was given as PVs and has no others, these are PVs that state nothing else. A file that was given as
    sign-in counts alone, and has them in PVs only, is both. Votes by choice are used from wherever they stand.

    Args:
        tables: of one file.
        given: what it was given as, names of a night's files; none for a file that was found in a folder.
    """
    counted = [_kind_of_counts(columns) for columns in tables]
    only = set(given)
    if RECORDS in only and SIGNATURES not in only and RECORDS not in counted:
        counted = [RECORDS if kind == SIGNATURES else kind for kind in counted]
    both = SIGNATURES in only and RECORDS not in only and SIGNATURES not in counted
    found: list[tuple[str, ...]] = []
    for columns, kind in zip(tables, counted, strict=True):
        kinds = [kind] if kind else []
        if both and kind == RECORDS and _has_signatures(columns):
            kinds = [SIGNATURES, *([RECORDS] if "votes_found" in columns.figures.counts else [])]
        if (columns.figures.votes != BLANK).any():
            kinds.append(VOTES)
        found.append(tuple(kinds))
    return found


def _kind_of_counts(columns: TableColumns) -> str:
    """Choose PVs or sign-in counts by the columns that a table has; empty without counts of voters."""
    if any(name in columns.figures.counts for name in _OF_A_RECORD):
        return RECORDS
    return SIGNATURES if _has_signatures(columns) else ""


def _has_signatures(columns: TableColumns) -> bool:
    return "signatures" in columns.figures.counts or any(name.startswith("emargements_") for name in columns.extra)
