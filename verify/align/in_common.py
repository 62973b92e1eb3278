"""Evidence of one commune that has no bureau in common: the codes are written in ways that nobody has put together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import numpy as np

from protocol import night
from protocol.errors import InputError
from protocol.words import Text, cited, msg, series
from verify.model.evidence import Counted, LinedEvidence
from verify.model.figures import Ints
from verify.read.sheet import Sheet

_SHOWN = 3
"""Codes of each that are shown."""


def without_common(evidence: LinedEvidence, sheets: Mapping[str, Sheet]) -> list[InputError]:
    """Files of which no bureau is compared with those of the first one, though both are of the same commune.

    Published results may be a file for each constituency: those of other bureaux with codes that are written alike are
    parts, where one of them is the first file or has bureaux in common with it.

    Args:
        evidence: PVs, signatures and published results, lined up; with an official list each bureau is said by itself.
        sheets: by name of their table in a night.
    """
    if evidence.universe.official:
        return []
    insee = evidence.universe.insee
    pieces = list(_pieces(evidence, sheets))
    problems = []
    parts = {lines.published.file for lines in evidence.published}
    for name, units in pieces[1:]:
        first, others = pieces[0]
        if name in parts and _is_part(evidence, units, [some for file, some in pieces if file in parts], others):
            continue
        communes = (insee[units], insee[others])
        same = np.isin(*communes).any() or any((each == "").all() for each in communes)
        if len(units) and len(others) and same and not np.isin(units, others).any():
            expected = msg("bureaux as in {file}: {codes}", file=first, codes=_codes(evidence, others))
            problems.append(InputError(name, None, "bureau", expected, _codes(evidence, units)))
    return problems


def _pieces(evidence: LinedEvidence, sheets: Mapping[str, Sheet]) -> Iterator[tuple[str, Ints]]:
    for kind, counted in ((night.RECORDS, evidence.records), (night.SIGNATURES, evidence.signatures)):
        if counted is not None and kind.kind in sheets:
            yield sheets[kind.kind].pieces[0].name, _units(counted)
    for lines in evidence.published:
        yield lines.published.file, _units(lines.counted)


def _units(counted: Counted) -> Ints:
    return np.flatnonzero(counted.present.any(axis=1))


def _is_part(evidence: LinedEvidence, units: Ints, published: list[Ints], first: Ints) -> bool:
    """Whether published results of some bureaux go on with those that have bureaux of the first file."""
    known = [some for some in published if np.isin(some, first).any()]
    return any(not np.isin(units, some).any() and _forms(evidence, units) & _forms(evidence, some) for some in known)


def _forms(evidence: LinedEvidence, units: Ints) -> set[str]:
    """How the codes of bureaux are written: numbers of any length as one, and letters."""
    codes = set(evidence.universe.bureau[units].tolist())
    return {re.sub(r"[^\W\d_]+", "A", re.sub(r"[0-9]+", "9", str(code))) for code in codes}


def _codes(evidence: LinedEvidence, units: Ints) -> Text:
    some = [cited(str(code)) for code in evidence.universe.bureau[units[:_SHOWN]].tolist()]
    return series([*some, "…"] if len(units) > _SHOWN else some)
