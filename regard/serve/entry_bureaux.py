"""Which bureau of the evidence a PV may be of that was entered under a code with other zeros."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from regard.serve.desk import Desk
from regard.serve.entries import EntryPlace, is_insee
from verify.model.zeros import without_zeros


@dataclass(frozen=True, slots=True)
class BureauAskedAbout:
    """A bureau that the evidence has. ``official`` is whether that is the official list."""

    commune: str
    bureau: str
    official: bool


def listed_bureau(desk: Desk, place: EntryPlace) -> BureauAskedAbout | None:
    """The bureau of the same commune whose code differs by its zeros only; None where the evidence has this one too."""
    found = desk.examiner.latest()
    if found is None or found.evidence is None or place.key in desk.journal.entered():
        return None
    universe = found.evidence.universe
    if not len(universe) or universe.has(place.insee, place.bureau):
        return None
    alike = without_zeros(universe.bureau) == without_zeros(np.array([place.bureau]))[0]
    nearest = []
    for at in np.flatnonzero(alike).tolist():
        insee, commune, bureau = (str(column[at]) for column in (universe.insee, universe.commune, universe.bureau))
        code = insee if insee == place.insee or is_insee(insee) else ""  # else the name stands there
        if place.may_be_in_commune_of(EntryPlace(code, commune or insee, bureau, place.poll), {}):
            nearest.append(BureauAskedAbout(commune or insee, bureau, universe.official))
    exact = any(each.bureau == place.bureau for each in nearest)
    return nearest[0] if nearest and not exact else None
