"""What is the same in nearly all bureaux of a commune, or in nearly all that there are: one thing, and one case.

A column of times left blank, copies of dumps that were cut in one way: nobody did that bureau by bureau.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from protocol.evidence_kinds import DUMPS
from verify.cases.drafting import Drafting
from verify.cases.subjects import FoundAt
from verify.model.evidence import LinedEvidence
from verify.model.figures import Bools, Ints
from verify.model.universe import MACHINE

_LEAST, _OF_TEN = 3, 9
"""Bureaux at least, and in how many of ten."""


def are_nearly_all(count: int, of: int) -> bool:
    """Whether so many bureaux are nearly all of some."""
    return count >= _LEAST and 10 * count >= _OF_TEN * of


MISSING_PIECES = ("C101", "C105", "C106", "C107", "C113")
"""Codes that say of a bureau that it lacks a piece of evidence."""


def find_alone(evidence: LinedEvidence) -> Bools:
    """Bureaux of which nothing was given but published results, shape ``(units,)``."""
    alone: Bools = np.ones(len(evidence.universe), np.bool_)
    for table in (evidence.signatures, evidence.records):
        if table is not None:
            alone &= ~table.present.any(axis=1)
    for dumps in (evidence.exports, evidence.urns):
        if dumps is not None:
            alone[dumps.unit[dumps.unit >= 0]] = False
    return alone


@dataclass(frozen=True, slots=True)
class Everywhere:
    """The bureaux of a night, and those that findings are of.

    Attributes:
        commune: number of the commune of each bureau, shape ``(units,)``.
        machine: which bureaux have a machine, shape ``(units,)``.
        unit: index of the bureau of each finding, -1 for none on the list; shape ``(n,)``.
        alone: bureaux of which nothing was given but published results, shape ``(units,)``.
        nowhere: codes that say of each bureau that it lacks a piece of evidence, of those that there are none of.
    """

    commune: Ints
    machine: Bools
    unit: Ints
    alone: Bools
    nowhere: tuple[str, ...]

    @classmethod
    def of(cls, evidence: LinedEvidence, places: FoundAt) -> Everywhere:
        """The same of some evidence and its findings."""
        counting = evidence.universe.counting
        machine = np.asarray(counting == MACHINE, np.bool_)
        pieces = {
            "C101": evidence.exports,
            "C105": evidence.signatures,
            "C106": evidence.records,
            "C107": evidence.published or None,
            "C113": evidence.urns,
        }
        return cls(
            evidence.universe.commune_number,
            machine if machine.any() else np.ones(len(counting), np.bool_),
            places.unit,
            find_alone(evidence),
            tuple(code for code, piece in pieces.items() if piece is None),
        )

    def together(self, drafting: Drafting, rows: Ints, group: Ints) -> Ints:
        """The groups of some findings, of bureaux each, those put into one that have the same codes nearly everywhere.

        Args:
            drafting: with the findings.
            rows: of findings of one cause, shape ``(n,)``.
            group: a number for each, the same for those that are one case otherwise, shape ``(n,)``.
        """
        _, number = np.unique(group, return_inverse=True)
        _, code = np.unique(drafting.keys.code[rows], return_inverse=True)
        codes = np.zeros(int(number.max()) + 1, np.int64)
        np.bitwise_or.at(codes, number, np.left_shift(1, code))
        one = np.asarray(number, np.int64)
        for some in np.unique(codes).tolist():
            here = np.flatnonzero((codes == some)[number] & (self.unit[rows] >= 0))
            if len(here) < _LEAST:
                continue
            unit = self.unit[rows[here]]
            due = self.machine if drafting.blamed(int(rows[here[0]])) in DUMPS else np.ones_like(self.machine)
            units = np.unique(unit)
            if are_nearly_all(len(units), int(np.count_nonzero(due))):
                one[here] = one[here[0]]
                continue
            number_of = np.bincount(self.commune[units], minlength=len(self.commune))
            size = np.bincount(self.commune[due], minlength=len(self.commune))
            for commune in np.flatnonzero((number_of >= _LEAST) & (10 * number_of >= _OF_TEN * size)).tolist():
                of_commune = here[self.commune[unit] == commune]
                one[of_commune] = one[of_commune[0]]
        return one
