"""Inputs of the screens: the best figures at hand for every bureau, and the values to compare them with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

import numpy as np

from protocol.evidence_kinds import EvidenceKind
from protocol.quantities import Quantity
from verify.columns.counts import stated
from verify.columns.machine_votes import machine_votes
from verify.model.evidence import Counted, LinedEvidence
from verify.model.figures import Bools, Figures, Ints, absent, first_known, nowhere
from verify.model.universe import MACHINE


@dataclass(frozen=True, slots=True)
class Screened:
    """Counts of every bureau and poll, shape ``(units, polls)``: from its PV, else its machine, else published.

    Attributes:
        null: as stated, else what votes found, blank and valid votes leave.
        annulled: votes were found and not one is valid: they were all booked as null.
    """

    registered: Figures
    found: Figures
    blank: Figures
    null: Figures
    valid: Figures
    annulled: Bools


@dataclass(frozen=True, slots=True)
class OtherRound:
    """The same of the election's other round, without the choices, which are others."""

    registered: Figures
    found: Figures
    null: Figures
    annulled: Bools


_BEST = EvidenceKind.RECORDS, EvidenceKind.EXPORTS, EvidenceKind.PUBLISHED
"""Sources of a count, the best first."""


def screened(evidence: LinedEvidence) -> Screened:
    """The figures of the evidence at hand. What the PVs have of all bureaux is looked at nowhere else."""
    found, valid = _best(evidence, Quantity.VOTES_FOUND), _best(evidence, Quantity.VALID)
    return Screened(
        registered=_best(evidence, Quantity.REGISTERED),
        found=found,
        blank=_best(evidence, Quantity.BLANK),
        null=_best(evidence, Quantity.NULL, _left_over_nulls(evidence)),
        valid=valid,
        annulled=_annulled(found, valid),
    )


def _left_over_nulls(evidence: LinedEvidence) -> Iterator[Figures]:
    """Null votes by each source as what its other counts leave."""
    if evidence.records is not None:
        yield _left_over_of(evidence.records)
    for lines in evidence.published:
        yield _left_over_of(lines.counted)


def on_machines(evidence: LinedEvidence) -> Bools:
    """Bureaux that count by machine, shape ``(units, polls)`` or ``(units, 1)``."""
    machine = (evidence.universe.counting == MACHINE)[:, None]
    if evidence.machines is not None:
        machine = machine | (evidence.machines.parts > 0)
    return np.asarray(machine, np.bool_)


def other_round(evidence: LinedEvidence) -> OtherRound | None:
    """The figures of the other round, where it was given."""
    counted = evidence.other_round
    if counted is None:
        return None
    found, valid = counted["votes_found"], counted["valid"]
    null = counted["null"].or_else(_left_over_of(counted))
    return OtherRound(counted["registered"], found, null, _annulled(found, valid))


def _best(evidence: LinedEvidence, name: Quantity, further: Iterable[Figures] = ()) -> Figures:
    return _first(name, evidence.shape, chain(stated(evidence, name, *_BEST), further))


def _first(name: Quantity, shape: tuple[int, ...], sources: Iterable[Figures]) -> Figures:
    found = first_known(sources)
    return Figures(name, absent(shape), nowhere(shape)) if found is None else Figures(name, found.values, found.places)


def _left_over_of(counted: Counted) -> Figures:
    """Null votes where a file does not state them: votes found less blank and valid ones, where all three are there."""
    found, blank, valid = (counted[name] for name in (Quantity.VOTES_FOUND, Quantity.BLANK, Quantity.VALID))
    rest = found.values - blank.values - valid.values
    known = found.known & blank.known & valid.known & (rest >= 0)
    return Figures("null", np.where(known, rest, absent(rest.shape)), found.places)


def _annulled(found: Figures, valid: Figures) -> Bools:
    return np.asarray((valid.values == 0) & (found.values > 0), np.bool_)


def votes_by_choice(evidence: LinedEvidence) -> Figures:
    """Votes by choice from the PVs, else the machines, else published; shape ``(units, polls, width)``."""
    return _first(Quantity.VOTES, (*evidence.shape, max(evidence.contests.width, 1)), _votes(evidence))


def _votes(evidence: LinedEvidence) -> Iterator[Figures]:
    """The same by each source that has any, the best first; each is looked at when it is asked for."""
    if evidence.votes is not None:
        yield evidence.votes.figures
    on_machine = evidence.once(machine_votes)
    if on_machine is not None and evidence.machines is not None:
        yield Figures(Quantity.VOTES, on_machine, evidence.machines.cast.places.along(on_machine.shape[2]))
    yield from (lines.votes.figures for lines in evidence.published)


def comparable(evidence: LinedEvidence) -> Ints:
    """A number for bureaux that can be compared: one commune, way of counting and contest; ``(units, polls)``."""
    universe = evidence.universe
    whole = universe.commune_number[:, None] * 3 + universe.counting[:, None]
    contest = evidence.contests.of + 1
    keys = whole * (len(evidence.contests.contests) + 1) + contest
    return np.asarray(np.unique(keys, return_inverse=True)[1].reshape(evidence.shape), np.int64)
