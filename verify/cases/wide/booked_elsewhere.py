"""Rows of a whole commune under another code than its own: a mistyped INSEE code, on the list or not.

In one piece of evidence a commune has no row, and rows of the same bureaux stand under a code that is not on the list,
or beside those of another commune.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from protocol.words import msg
from verify.cases.drafting import Drafting
from verify.cases.place_names import commune_of
from verify.cases.subjects import codes_about
from verify.cases.wide.communes import LACKING, STRANGE
from verify.cases.wide.operations import CaseDesk
from verify.cases.wording import in_piece
from verify.model.cases import CaseDetail, Sure
from verify.model.codes_alike import nearly
from verify.model.figures import Bools
from verify.rulebook.causes import causes

_OTHERSLACKING = ("C101", "C113", "C119")
"""Further ones that a commune has which is none."""
TELLING = 10
"""Bureaux from which on the same codes of bureaux are enough, whatever the two codes of the communes look like."""
_OF_TEN = 9
"""How many of ten bureaux have to be the same."""
_DIGITS = 4
_MOST = 20_000
"""Rows that are looked at one by one at most."""


@dataclass(slots=True)
class _RowsOfCommune:
    """Findings on the rows of one commune in one piece: their bureaux, and their positions in the table."""

    bureaux: set[str] = field(default_factory=set)
    findings: list[int] = field(default_factory=list)

    def are(self, other: _RowsOfCommune) -> bool:
        """Whether these are, but for one in ten, the bureaux of others."""
        return 10 * len(self.bureaux & other.bureaux) >= _OF_TEN * max(len(self.bureaux), len(other.bureaux))


_ByCommune = dict[str, dict[str, _RowsOfCommune]]


def draft_booked_elsewhere(desk: CaseDesk) -> None:
    """A case for each commune of which a piece has the rows under another code."""
    drafting = desk.drafting
    lacking = _by_commune(drafting, *LACKING)
    if not lacking:
        return
    same: dict[tuple[str, frozenset[str]], list[str]] = {}
    for commune, pieces in lacking.items():
        for piece, lacks in pieces.items():
            same.setdefault((piece, frozenset(lacks.bureaux)), []).append(commune)
    for code, pieces in _by_commune(drafting, *STRANGE).items():
        for piece, rows in pieces.items():
            right = [
                commune
                for commune in nearly(code)
                if piece in lacking.get(commune, ()) and rows.are(lacking[commune][piece])
            ]
            if not right and len(rows.bureaux) >= TELLING:
                right = same.get((piece, frozenset(rows.bureaux)), [])
            if len(right) == 1 and piece in lacking[right[0]]:
                booked = _Booked(code, right[0], piece, rows, lacking[right[0]].pop(piece))
                _draft(desk, booked)


@dataclass(frozen=True, slots=True)
class _Booked:
    """Rows of a commune in a piece under another code, and those that the commune lacks."""

    code: str
    right: str
    piece: str
    rows: _RowsOfCommune
    lacks: _RowsOfCommune


def _draft(desk: CaseDesk, found: _Booked) -> None:
    drafting, places, names = desk.drafting, desk.places, desk.evidence.universe.commune_names()
    units = places.unit[found.rows.findings]
    beside: Bools = np.isin(places.unit, units[units >= 0]) & drafting.free()
    beside &= drafting.keys.of(*codes_about(found.piece), *_OTHERSLACKING, *STRANGE) & (places.unit >= 0)
    said = msg(
        "{count:n} bureaux stand under {code} {there}, which are probably those of {right}: it has none there",
        count=len(found.rows.bureaux),
        code=commune_of(found.code, names.get(found.code, "")),
        right=commune_of(found.right, names.get(found.right, "")),
        there=in_piece(found.piece),
    )
    findings = [*found.rows.findings, *found.lacks.findings, *np.flatnonzero(beside).tolist()]
    drafting.add(causes()["booked-elsewhere"], findings, Sure.LIKELY, found.piece, CaseDetail(said=said))


def _by_commune(drafting: Drafting, *codes: str) -> _ByCommune:
    """The findings of some rules by commune and piece."""
    keys = drafting.keys
    found: _ByCommune = {}
    if not any(code in keys.codes for code in codes):
        return found
    rows = np.flatnonzero(drafting.free() & keys.of(*codes))
    for row in rows.tolist() if len(rows) <= _MOST else ():
        insee, bureau = keys.places[int(keys.place[row])]
        code = keys.codes[int(keys.code[row])]
        piece = LACKING.get(code) or drafting.blamed(row)
        of = found.setdefault(insee, {}).setdefault(piece, _RowsOfCommune())
        of.bureaux.add(bureau.zfill(_DIGITS))
        of.findings.append(row)
    return found
