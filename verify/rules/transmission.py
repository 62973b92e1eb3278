"""T: do the figures arrive, from the bureau's record to what is published."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from verify.evidence import Evidence, PublishedLines
from verify.figures import Bools, Figures, Ints, Places, total
from verify.findings import Finding, Side, differ, finding, where
from verify.rules.reconciliation import machine_votes

_RECORD = {"votes_found": "votes_trouves", "blank": "blancs", "null": "nuls", "valid": "exprimes"}
"""Published counts and the PV's own name for each."""


def published_against_records(evidence: Evidence) -> Iterator[Finding]:
    """T301: published and PV, field by field and choice by choice."""
    for lines in evidence.published:
        if evidence.records is not None:
            for name, own in _RECORD.items():
                yield from differ(evidence, "T301", lines.counted.figures.get(name), evidence.records[own])
        if evidence.votes is not None:
            yield from _votes(evidence, "T301", lines, evidence.votes.values, evidence.votes.places)


def published_against_machines(evidence: Evidence) -> Iterator[Finding]:
    """T302: published and machine, for bureaux that have no PV."""
    if evidence.exports is None:
        return
    exports = evidence.exports
    without = np.ones(evidence.shape, np.bool_) if evidence.records is None else ~evidence.records.present
    valid = Figures(
        "valid", exports.cast.values - np.where(exports.cast.known, exports.blank.values, 0), exports.cast.places
    )
    for lines in evidence.published:
        for name, own in (("votes_found", exports.cast), ("blank", exports.blank), ("valid", valid)):
            yield from differ(evidence, "T302", lines.counted.figures.get(name), own, without)
        machine = np.where(without[:, :, None], machine_votes(evidence, exports), -1)
        yield from _votes(evidence, "T302", lines, machine, exports.cast.places.along(machine.shape[2]))


def _votes(evidence: Evidence, code: str, lines: PublishedLines, values: Ints, places: Places) -> Iterator[Finding]:
    published = lines.votes
    differs = (published.values >= 0) & (values >= 0) & (published.values != values)
    for unit, poll, choice in np.argwhere(differs).tolist():
        yield finding(
            code,
            Side(published.places.text(unit, poll, choice), int(published.values[unit, poll, choice])),
            Side(places.text(unit, poll, choice), int(values[unit, poll, choice])),
            field=evidence.contests.label(unit, poll, choice),
            insee=str(evidence.universe.insee[unit]),
            bureau=str(evidence.universe.bureau[unit]),
            poll=evidence.polls[poll],
        )


def published_sums(evidence: Evidence) -> Iterator[Finding]:
    """T306: abstentions, votes found, valid votes and the sum of the choices follow from one another."""
    for lines in evidence.published:
        figures = lines.counted.figures
        registered, found, valid = (figures[name] for name in ("registered", "votes_found", "valid"))
        yield from _added_up(evidence, figures["abstentions"], (registered, found), "inscrits - votants")
        null, blank = figures["null"], figures["blank"]
        yield from _added_up(evidence, valid, (found, blank, null), "votants - blancs - nuls")
        values = lines.votes.values
        votes = Figures("voix", total(values), lines.votes.places.first())
        sizes = evidence.contests.sizes()
        complete = ((values >= 0).sum(axis=2) == sizes) & (sizes > 0)
        yield from _sum(evidence, complete & valid.known & (votes.values != valid.values), votes, valid, "exprimes")


def _added_up(evidence: Evidence, stated: Figures, terms: tuple[Figures, ...], formula: str) -> Iterator[Finding]:
    first, *rest = terms
    known = stated.known & first.known
    values = first.values.copy()
    for term in rest:
        known = known & term.known
        values -= term.values
    yield from _sum(evidence, known & (values != stated.values), stated, Figures("sum", values, first.places), formula)


def _sum(evidence: Evidence, mask: Bools, left: Figures, right: Figures, formula: str) -> Iterator[Finding]:
    for found in where(evidence, "T306", mask, left, right):
        found.details["sum"] = formula
        yield found


def published_zeros(evidence: Evidence) -> Iterator[Finding]:
    """T308: a bureau with registered voters is published as all zeros."""
    for lines in evidence.published:
        figures = lines.counted.figures
        registered, found = figures["registered"], figures["votes_found"]
        nothing = (total(lines.votes.values) == 0) & (found.values == 0)
        yield from where(evidence, "T308", nothing & (registered.values > 0), registered, found)


CHECKS = (published_against_records, published_against_machines, published_sums, published_zeros)
