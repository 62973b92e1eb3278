"""Consequences of findings, by which cases are put in order: a result could change, or nothing is told of a bureau."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from verify.cases.again.looking_again import contest_of, contests_of
from verify.cases.everywhere import MISSING_PIECES, find_alone
from verify.cases.subjects import FIGURES, place_of_findings
from verify.columns.contests_at_hand import contests_at_hand
from verify.materiality.deduction import ContestVerdict
from verify.model.evidence import LinedEvidence
from verify.model.figures import Ints
from verify.model.finding_table import FindingTable
from verify.model.findings import Finding


def find_consequences(evidence: LinedEvidence, table: FindingTable) -> Ints:
    """1 for figures of bureaux whose votes could change a result, -1 for what lacks where nothing is given, else 0.

    Args:
        evidence: as it stands.
        table: of its findings; the result has its shape. Results that somebody published are given of any bureau.
    """
    keys, at = table.keys(), place_of_findings(evidence, table.keys())
    alone = (at.unit >= 0) & np.append(find_alone(evidence), False)[at.unit]
    found = np.where(alone & keys.of(*MISSING_PIECES), -1, 0)
    material = set(map(contest_of, _material(table)))
    for judged in evidence.once(contests_at_hand) if material else ():
        bureaux = judged.count.bureaux
        for code, some in (("V501", bureaux.excess > 0), ("V502", bureaux.irregular)):
            if (code, judged.insee, judged.poll, str(judged.label)) in material:
                here = np.isin(at.unit, judged.units[some]) & (at.poll == evidence.polls.index(judged.poll))
                found[here & keys.of(*FIGURES)] = 1
    return found


def _material(table: FindingTable) -> Iterator[Finding]:
    """The findings of contests whose result could change."""
    found = (table[row] for row in contests_of(table).values())
    return (each for each in found if each.details["verdict"] == ContestVerdict.MATERIAL.value)
