"""The figures of a night as they are sealed: of each bureau and poll, by quantity, each with its source.

Where several sources have a figure, the first of an order that is the same for all bureaux is taken, and nothing is
corrected. ``docs/reference/proof.md`` gives the order and its reasons.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from protocol.quantities import VOTERS, Quantity
from verify.columns.counts import listed_voters, whole_day
from verify.columns.day_parts import paper_part
from verify.model.evidence import Counted, LinedEvidence
from verify.model.figures import MISSING, Bools, Ints

PV, SIGN_IN, MACHINE, CENTRAL = "pv", "emargements", "machine", "recap"
PUBLISHED, LISTED = "published", "list"
SOURCES = (PV, SIGN_IN, MACHINE, CENTRAL, PUBLISHED, LISTED)
"""Kinds of sources: record, sign-in list, machine, centralising record, published results, list of bureaux."""
_FIRST = {Quantity.SIGNATURES: (SIGN_IN, PV, CENTRAL, PUBLISHED)}
_ORDER = (PV, MACHINE, CENTRAL, PUBLISHED)
_REGISTERED = (PV, SIGN_IN, MACHINE, CENTRAL, PUBLISHED, LISTED)
COUNTED = (*VOTERS, Quantity.PROXIES, Quantity.PAPER)
"""Counts that are sealed. Abstentions follow from two of them."""


@dataclass(frozen=True, slots=True)
class SealedCounts:
    """One count of every bureau and poll; all of shape ``(units, polls)``.

    Attributes:
        values: negative where there is none.
        source: index into `SOURCES`, -1 where there is none.
    """

    values: Ints
    source: Ints


@dataclass(frozen=True, slots=True)
class SealedFigures:
    """All counts, and the votes of every choice.

    Attributes:
        counts: by quantity.
        votes: of shape ``(units, polls, width)``, negative where there are none.
        votes_source: index into `SOURCES`, -1 where there is none, of shape ``(units, polls)``.
        differing: where two sources have the same figure otherwise, of shape ``(units, polls)``.
    """

    counts: dict[Quantity, SealedCounts]
    votes: Ints
    votes_source: Ints
    differing: Bools

    @property
    def present(self) -> Bools:
        """Places with more known figures than the registered voters of the list."""
        found = self.votes_source >= 0
        for name, count in self.counts.items():
            known = count.source >= 0
            found = found | (known & (count.source != SOURCES.index(LISTED)) if name == Quantity.REGISTERED else known)
        return np.asarray(found, np.bool_)


def order_of(quantity: Quantity) -> tuple[str, ...]:
    """The sources of a figure, that which is taken first at the start."""
    if quantity is Quantity.REGISTERED:
        return _REGISTERED
    return _FIRST.get(quantity, _ORDER)


def sealed_figures(evidence: LinedEvidence) -> SealedFigures:
    """The figures to seal of a night's evidence."""
    differing = np.zeros(evidence.shape, np.bool_)
    counts = {}
    for quantity in COUNTED:
        of = _sources_of(evidence, quantity)
        differing |= _differ([each for each, _ in of])
        counts[quantity] = SealedCounts(*_first(of, evidence.shape))
    votes = _votes_of(evidence)
    compared = [each for each, source in votes if source != MACHINE]
    tallies = [np.where((evidence.once(paper_part) > 0)[..., None], MISSING, each) for each, s in votes if s == MACHINE]
    differing |= _differ([*compared, *tallies]).any(axis=-1) if votes else False
    values = np.full((*evidence.shape, evidence.contests.width), MISSING, np.int64)
    source = np.full(evidence.shape, -1, np.int64)
    for each, name in votes:
        here = (source < 0) & (each >= 0).any(axis=-1)
        values[here], source[here] = each[here], SOURCES.index(name)
    return SealedFigures(counts, values, source, np.asarray(differing, np.bool_))


def _sources_of(evidence: LinedEvidence, quantity: Quantity) -> list[tuple[Ints, str]]:
    """The values of a count by every source that may have it, in the order in which they are taken."""
    machines = evidence.machines
    found: list[tuple[Ints, str]] = []
    for source in order_of(quantity):
        if source == PV:
            found += _of(evidence.records, quantity, source)
        elif source == SIGN_IN:
            found += _of(evidence.signatures, quantity, source)
        elif source == CENTRAL:
            found += _of(evidence.tabulation, quantity, source)
        elif source == PUBLISHED:
            for lines in evidence.published:
                found += _of(lines.counted, quantity, source)
        elif source == LISTED:
            found.append((evidence.once(listed_voters).values, source))
        elif machines is not None:
            cast = evidence.once(whole_day) or machines.cast
            figures = {
                Quantity.REGISTERED: machines.registered,
                Quantity.VOTES_FOUND: cast,
                Quantity.BLANK: machines.blank,
            }
            if quantity in figures:
                found.append((figures[quantity].values, source))
    return found


def _of(counted: Counted | None, quantity: Quantity, source: str) -> list[tuple[Ints, str]]:
    return [] if counted is None or quantity not in counted.figures else [(counted[quantity].values, source)]


def _votes_of(evidence: LinedEvidence) -> list[tuple[Ints, str]]:
    """The votes of all choices by every source, in the order in which they are taken."""
    width = evidence.contests.width
    found = [] if evidence.votes is None else [(evidence.votes.values, PV)]
    if evidence.machines is not None:
        there = np.arange(width) < evidence.contests.sizes()[..., None]
        tallies = evidence.machines.tallies[..., :width]
        if tallies.shape[-1] == width:
            found.append((np.where(there & (evidence.machines.parts > 0)[..., None], tallies, MISSING), MACHINE))
    return [*found, *((lines.votes.values, PUBLISHED) for lines in evidence.published)]


def _first(of: Sequence[tuple[Ints, str]], shape: tuple[int, int]) -> tuple[Ints, Ints]:
    values, source = np.full(shape, MISSING, np.int64), np.full(shape, -1, np.int64)
    for each, name in of:
        here = (source < 0) & (each >= 0)
        values, source = np.where(here, each, values), np.where(here, SOURCES.index(name), source)
    return values, source


def _differ(values: Sequence[Ints]) -> Bools:
    """Find places at which two of several arrays know different figures."""
    found: Bools = np.zeros(values[0].shape, np.bool_) if values else np.zeros((), np.bool_)
    for at, one in enumerate(values):
        for other in values[at + 1 :]:
            found = found | ((one >= 0) & (other >= 0) & (one != other))
    return found
