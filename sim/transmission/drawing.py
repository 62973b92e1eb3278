"""Draws faults of the way up and applies them to a night; a bureau's draw depends on no other bureau."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

import numpy as np

from protocol.arrays import Floats, Ints, LongWords
from protocol.quantities import VOTERS
from protocol.transmission import StepUp
from sim.bureaux import Bureau
from sim.evidence import BureauEvidence, PublishedRow
from sim.faults.catalogue import truth
from sim.streams import stream
from sim.transmission.faults import EVERY
from sim.transmission.steps import NOTHING, VOTES, Ascent, beginning

Key = tuple[str, int]
"""Election and round."""


def go_up(seed: int, key: Key, nights: Sequence[BureauEvidence], rates: Mapping[str, float]) -> Ascent:
    """Carry all bureaux from their communes' records up to the ministry. Sorted by bureau; the same for a seed."""
    way = beginning([each.bureau for each in nights], (each.tabulated for each in nights))
    ids = identities(way.bureaux)
    for fault in EVERY:
        if not rates.get(fault.name):
            continue
        purpose = (*key, "way up", fault.name)
        for at in np.flatnonzero(draw(seed, purpose, ids) < rates[fault.name]).tolist():
            if at in way.struck:
                continue
            effects = fault.act(way, at, stream(seed, *purpose, *way.bureaux[at].key))
            if effects:
                way.struck.add(at)
                way.truth += ((at, fault.name, effect) for effect in effects)
    return way


def identities(bureaux: Sequence[Bureau]) -> LongWords:
    """A number of 64 bits for each bureau, by its codes alone."""
    digests = b"".join(hashlib.sha256("\x1f".join(each.key).encode()).digest()[:8] for each in bureaux)
    return np.frombuffer(digests, "<u8").astype(np.uint64)


def draw(seed: int, purpose: tuple[str | int, ...], ids: LongWords) -> Floats:
    """For each bureau a number in [0, 1) for one purpose, shape of ``ids``, which depends on no other bureau."""
    salt = stream(seed, *purpose).integers(0, 2**64, dtype=np.uint64)
    mixed = ids ^ salt
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    mixed ^= mixed >> np.uint64(31)
    return np.asarray((mixed >> np.uint64(11)).astype(np.float64) / 2.0**53, np.float64)


def carry_over(way: Ascent, nights: Sequence[BureauEvidence]) -> None:
    """Put what the way ends with into the open data, and what the communes recorded into their records.

    A published figure that was changed already, after the way, stays as it is. Each fault writes its truth.
    """
    tables = way.tables()
    recorded, final = tables[StepUp.COMMUNE], tables[StepUp.DEFINITIVE]
    for at in np.flatnonzero((final != way.start).any(axis=1)).tolist():
        old, new = way.start[at], final[at]
        for row in nights[at].published:
            _take_over(row, old, new)
    for at in {unit for unit, _, _ in way.changes[StepUp.COMMUNE]}:
        figures = nights[at].tabulated = nights[at].tabulated.copy()
        _set(figures, recorded[at])
    for at in way.lost:
        nights[at].published = []
    for at, name, effect in way.truth:
        nights[at].truth.append(truth(name, nights[at], effect))


def _take_over(row: PublishedRow, old: Ints, new: Ints) -> None:
    figures = row.figures
    for column in np.flatnonzero(old != new).tolist():
        value = None if new[column] == NOTHING else int(new[column])
        if column < VOTES:
            if getattr(figures, VOTERS[column]) == old[column]:
                setattr(figures, VOTERS[column], value)
        elif figures.votes[column - VOTES] == old[column]:
            figures.votes[column - VOTES] = value


def _set(figures: object, values: Ints) -> None:
    for column, name in enumerate(VOTERS):
        setattr(figures, name, None if values[column] == NOTHING else int(values[column]))
