"""What the screens look at: for every bureau the best figures that there are, and what they are compared with."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from protocol.quantities import Quantity
from verify.columns.machine_votes import machine_votes
from verify.model.evidence import Counted, LinedEvidence
from verify.model.figures import Bools, Figures, Ints, Places, absent, nowhere
from verify.model.universe import MACHINE


@dataclass(frozen=True, slots=True)
class Screened:
    """Counts of every bureau and poll, shape ``(units, polls)``: from its PV, else its machine, else published.

    Attributes:
        null: as stated, else what votes found, blank and valid votes leave.
        annulled: votes were found and not one is valid: they were all booked as null.
        machine: bureaux that count by machine, shape ``(units, polls)`` or ``(units, 1)``.
    """

    registered: Figures
    found: Figures
    blank: Figures
    null: Figures
    valid: Figures
    annulled: Bools
    machine: Bools


@dataclass(frozen=True, slots=True)
class OtherRound:
    """The same of the election's other round, without the choices, which are others."""

    registered: Figures
    found: Figures
    null: Figures
    annulled: Bools


def screened(evidence: LinedEvidence) -> Screened:
    """The figures of the evidence at hand."""
    records, machines = evidence.records, evidence.machines
    tables = [lines.counted for lines in evidence.published]

    def best(name: Quantity, machine: Figures | None = None) -> Figures:
        found = [] if records is None else [records[name]]
        found += [] if machine is None else [machine]
        return _first(evidence, name, [*found, *(table[name] for table in tables)])

    cast, machine_blank = (None, None) if machines is None else (machines.cast, machines.blank)
    found, blank = best(Quantity.VOTES_FOUND, cast), best(Quantity.BLANK, machine_blank)
    valid = best(Quantity.VALID)
    null = best(Quantity.NULL)
    if not null.known.all():
        stated = [] if records is None else [_left_over(*(records[n] for n in ("votes_found", "blank", "valid")))]
        null = _first(evidence, Quantity.NULL, [null, *stated, *map(_left_over_of, tables)])
    machine = (evidence.universe.counting == MACHINE)[:, None]
    if machines is not None:
        machine = machine | (machines.parts > 0)
    return Screened(
        registered=best(Quantity.REGISTERED, None if machines is None else machines.registered),
        found=found,
        blank=blank,
        null=null,
        valid=valid,
        annulled=_annulled(found, valid),
        machine=machine,
    )


def other_round(evidence: LinedEvidence) -> OtherRound | None:
    """The figures of the other round, where it was given."""
    counted = evidence.other_round
    if counted is None:
        return None
    found, valid = counted["votes_found"], counted["valid"]
    null = counted["null"].or_else(_left_over_of(counted))
    return OtherRound(counted["registered"], found, null, _annulled(found, valid))


def _first(evidence: LinedEvidence, name: str, all_of: list[Figures]) -> Figures:
    if not all_of:
        return Figures(name, absent(evidence.shape), nowhere(evidence.shape))
    result = Figures(name, all_of[0].values, all_of[0].places)
    for figures in all_of[1:]:
        result = result.or_else(figures)
    return result


def _left_over_of(counted: Counted) -> Figures:
    return _left_over(counted["votes_found"], counted["blank"], counted["valid"])


def _left_over(found: Figures, blank: Figures, valid: Figures) -> Figures:
    """Null votes where a file does not state them: votes found less blank and valid ones, where all three are there."""
    rest = found.values - blank.values - valid.values
    known = found.known & blank.known & valid.known & (rest >= 0)
    return Figures("null", np.where(known, rest, absent(rest.shape)), found.places)


def _annulled(found: Figures, valid: Figures) -> Bools:
    return np.asarray((valid.values == 0) & (found.values > 0), np.bool_)


def votes_by_choice(evidence: LinedEvidence) -> tuple[Ints, Places]:
    """Votes by choice from the PVs, else the machines, else published; shape ``(units, polls, width)``."""
    shape = (*evidence.shape, max(evidence.contests.width, 1))
    sources = [] if evidence.votes is None else [(evidence.votes.values, evidence.votes.places)]
    on_machine = evidence.once(machine_votes)
    if on_machine is not None and evidence.machines is not None:
        sources.append((on_machine, evidence.machines.cast.places.along(shape[2])))
    sources += [(lines.votes.values, lines.votes.places) for lines in evidence.published]
    if not sources:
        return absent(shape), nowhere(shape)
    values, places = sources[0]
    for other, other_places in sources[1:]:
        known = values >= 0
        values, places = np.where(known, values, other), places.or_else(known, other_places)
    return values, places


def comparable(evidence: LinedEvidence) -> Ints:
    """Bureaux that can be compared, by number: one commune, way of counting and contest."""
    universe = evidence.universe
    whole = universe.commune_number[:, None] * 3 + universe.counting[:, None]
    contest = evidence.contests.of + 1
    keys = whole * (len(evidence.contests.contests) + 1) + contest
    return np.asarray(np.unique(keys, return_inverse=True)[1].reshape(evidence.shape), np.int64)
