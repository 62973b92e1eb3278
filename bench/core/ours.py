"""The core by the verifier itself, which does that and more."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from bench.core import RECORDS, SIGNATURES
from protocol.insee import departements_of
from protocol.quantities import VOTERS
from verify.loading import load
from verify.model.evidence import Sources
from verify.model.figures import Ints
from verify.model.findings import Finding, Hits
from verify.rules import CHECKS

if TYPE_CHECKING:
    from bench.core import Result


SCREENS = frozenset(("P401", "P406", "P407", "P412"))
APPLIED = [check for check in CHECKS if check.codes[0][0] == "R" or check.codes[0] in SCREENS]
"""Rules that hold the two tables against each other, and the screens that the other ways apply as well."""


def core(folder: Path) -> Result:
    """The verifier: everything read and lined up with the places of all figures, then the same rules and sums."""

    def named(found: Finding | Hits) -> str:
        return f"{found.code} {found.field}" if found.code == "R219" else found.code

    pv = folder / RECORDS
    evidence = load(Sources(signatures=(folder / SIGNATURES,), records=(pv,)))
    found = [finding for check in APPLIED for finding in check(evidence)]
    fired: dict[str, list[int]] = {}
    for each in found:
        if isinstance(each, Finding):
            fired.setdefault(named(each), []).append(int(each.left.source.rpartition(":")[2]))
        else:
            rows = np.arange(len(each))
            each.left.sources(rows), each.right.sources(rows)  # the rows in both files, as they are shown
            fired.setdefault(named(each), []).extend(evidence.universe.row[each.unit].tolist())
    if evidence.signatures is None or evidence.records is None:
        raise ValueError(f"{folder}: not the night that write_night writes")
    signed, recorded = evidence.signatures["signatures"], evidence.records.present[:, 0]
    fired["C105"] = evidence.universe.row[recorded & ~signed.known[:, 0]].tolist()
    fired["C106"] = signed.places.at[~recorded, 0].tolist()
    fired["I114"] = [row for again in evidence.repeats for row in again.rows.tolist()]
    figures = np.stack([evidence.records[name].values[:, 0] for name in VOTERS], axis=1).clip(0)
    departments = departements_of(evidence.universe.insee[evidence.universe.communes])
    first = np.append(0, np.flatnonzero(departments[1:] != departments[:-1]) + 1)
    communes: Ints = np.add.reduceat(figures, evidence.universe.communes, axis=0)
    return fired, [communes, np.add.reduceat(communes, first, axis=0), communes.sum(axis=0)[None]]
