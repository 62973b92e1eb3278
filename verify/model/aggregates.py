"""The way up: figures of bureaux added up to communes, départements and the nation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from verify.model.figures import Figures, Ints, Texts, unlike
from verify.model.universe import Universe


@dataclass(frozen=True, slots=True)
class Levels:
    """Which bureaux make up which commune and département; both in the order of the list.

    Attributes:
        communes: INSEE codes of the communes.
        departments: codes of the départements, by the first figures of the INSEE code.
        bureau: index of the first bureau of each commune.
        commune: index of the first commune of each département.
    """

    communes: Texts
    departments: Texts
    bureau: Ints
    commune: Ints


@dataclass(frozen=True, slots=True)
class Sums:
    """Exact sums of groups of bureaux, shape ``(groups, polls)``.

    Attributes:
        sums: of what is known.
        known: number of bureaux that are known. Where the group has more, the sum is not that of the group.
    """

    sums: Ints
    known: Ints


def levels(universe: Universe) -> Levels:
    """The communes and départements of a list of bureaux."""
    bureau = universe.communes
    communes = universe.insee[bureau]
    codes = communes.astype("U3")
    letters = codes.view(np.uint32).reshape(len(codes), 3)
    overseas = (letters[:, 0] == ord("9")) & ((letters[:, 1] == ord("7")) | (letters[:, 1] == ord("8")))
    letters[~overseas, 2] = 0
    commune = _starts(codes)
    return Levels(communes, codes[commune], bureau, commune)


def sums(figures: Figures, of: Levels) -> tuple[Sums, Sums, Sums]:
    """Sums by commune, by département and of the nation."""
    known = figures.known
    if bool(known.all()):
        sizes = np.diff(of.bureau, append=len(known))
        values, counts = figures.values, np.broadcast_to(sizes[:, None], (len(sizes), known.shape[1]))
    else:
        values = np.where(known, figures.values, 0)
        counts = _added(known.astype(np.int64), of.bureau)
    communes = Sums(_added(values, of.bureau), counts)
    departments = Sums(_added(communes.sums, of.commune), _added(communes.known, of.commune))
    nation = Sums(departments.sums.sum(axis=0)[None], departments.known.sum(axis=0)[None])
    return communes, departments, nation


def _added(values: Ints, first: Ints) -> Ints:
    return np.add.reduceat(values, first, axis=0) if len(first) else np.zeros((0, values.shape[1]), np.int64)


def _starts(codes: Texts) -> Ints:
    if not len(codes):
        return np.zeros(0, np.int64)
    return np.concatenate([[0], unlike(codes[1:], codes[:-1]) + 1])
