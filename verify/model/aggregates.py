"""The way up: figures of bureaux added up to communes, départements and the nation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from verify.model.figures import Figures, Ints, hits
from verify.model.universe import Universe


@dataclass(frozen=True, slots=True)
class Levels:
    """Bureaux of each commune, and communes of each département; both in the order of the list.

    Attributes:
        bureau: index of the first bureau of each commune.
        commune: index of the first commune of each département.
        bureaux: how many a commune has.
    """

    bureau: Ints
    commune: Ints
    bureaux: Ints


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
    """The communes and départements of a list of bureaux; a département by the first figures of the INSEE code."""
    bureau, insee = universe.communes, universe.insee
    if not len(bureau):
        return Levels(bureau, bureau, bureau)
    wide = insee if insee.dtype.itemsize >= 12 else insee.astype("U3")
    letters = np.ascontiguousarray(wide).view(np.uint32).reshape(len(insee), -1)
    first, second, third = (letters[:, place][bureau] for place in range(3))
    overseas = (first == ord("9")) & ((second == ord("7")) | (second == ord("8")))
    other = (first[1:] != first[:-1]) | (second[1:] != second[:-1]) | (overseas[1:] & (third[1:] != third[:-1]))
    return Levels(bureau, np.append(0, np.flatnonzero(other) + 1), np.diff(bureau, append=len(insee)))


def sums(figures: Figures, of: Levels) -> tuple[Sums, Sums, Sums]:
    """Sums by commune, by département and of the nation."""
    values = figures.values
    communes = Sums(
        _added_in_runs(values, of.bureau), np.broadcast_to(of.bureaux[:, None], (len(of.bureaux), values.shape[1]))
    )
    unit, poll = hits(~figures.known)
    if len(unit):  # most often few: what stands for no figure is taken out again
        communes = Sums(communes.sums, communes.known.copy())
        commune = np.searchsorted(of.bureau, unit, "right") - 1
        np.subtract.at(communes.sums, (commune, poll), values[unit, poll])
        np.subtract.at(communes.known, (commune, poll), 1)
    departments = Sums(*(_added(each, of.commune) for each in (communes.sums, communes.known)))
    nation = Sums(departments.sums.sum(axis=0)[None], departments.known.sum(axis=0)[None])
    return communes, departments, nation


def _added(values: Ints, first: Ints) -> Ints:
    """Sums of the rows from each of ``first`` to the next."""
    return np.add.reduceat(values, first, axis=0) if len(first) else np.zeros((0, values.shape[1]), np.int64)


def _added_in_runs(values: Ints, first: Ints) -> Ints:
    """The same for many small groups: differences of running sums."""
    sums = np.zeros((len(first), values.shape[1]), np.int64)
    last = np.append(first[1:], len(values)) - 1
    for poll in range(values.shape[1] if len(first) else 0):
        running = np.cumsum(values[:, poll])[last]
        sums[0, poll] = running[0]
        np.subtract(running[1:], running[:-1], out=sums[1:, poll])
    return sums
