"""Figures of one bureau that stand in another one's place."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from verify.model.evidence import Evidence
from verify.model.figures import Bools, Ints


def of_another(
    evidence: Evidence, machine: Ints, record: Ints, whole: Bools, wrong: Bools
) -> Iterator[tuple[int, int]]:
    """Pairs of a bureau and the other one of its commune whose figures it was given.

    Args:
        evidence: the bureaux.
        machine: the true figures of each bureau, shape ``(units, n)``.
        record: those that a paper or a file gives it, likewise.
        whole: where both are known, shape ``(units,)``.
        wrong: where they are not the same, likewise.
    """
    units = np.flatnonzero(whole)
    by_figures: dict[tuple[str, bytes], list[int]] = {}
    insee = evidence.universe.insee
    wanted = {(str(insee[unit]), record[unit].tobytes()) for unit in np.flatnonzero(wrong).tolist()}
    if not wanted:
        return
    for unit in units[np.isin(insee[units], insee[wrong])].tolist():
        key = str(insee[unit]), machine[unit].tobytes()
        if key in wanted:
            by_figures.setdefault(key, []).append(unit)
    for unit in np.flatnonzero(wrong).tolist():
        sources = by_figures.get((str(insee[unit]), record[unit].tobytes()), [])
        if len(sources) == 1 and sources[0] != unit and record[unit].any():
            yield unit, sources[0]
