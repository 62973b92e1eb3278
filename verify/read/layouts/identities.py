"""Sums that must hold in a station: ``found = valid + blank + null``, ``votes_found <= registered``, ``valid = votes``.

``votes`` is the sum of the votes of a station's choices.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from protocol.words import Text, series
from verify.model.figures import MISSING, Bools, Ints
from verify.model.labels import field_label
from verify.model.published import Flaw

VOTES = "votes"
_TERM = re.compile(r"\s*([+-]?)\s*([^\W\d]\w*)\s*")
_RELATION = re.compile(r"<=|>=|=")
_HOLDS: dict[str, Callable[[Ints, Ints], Bools]] = {
    "=": lambda left, right: np.asarray(left == right),
    "<=": lambda left, right: np.asarray(left <= right),
    ">=": lambda left, right: np.asarray(left >= right),
}


@dataclass(frozen=True, slots=True)
class Expression:
    """A sum of counts.

    Attributes:
        terms: sign and name of each.
    """

    terms: tuple[tuple[int, str], ...]

    @property
    def names(self) -> frozenset[str]:
        """The counts that it adds."""
        return frozenset(name for _, name in self.terms)

    @property
    def text(self) -> Text:
        """The sum in words."""
        shown: list[Text] = []
        for sign, name in self.terms:
            if shown or sign < 0:
                shown.append("+" if sign > 0 else "−")
            shown.append(field_label(name))
        return series(shown, " ")

    def of(self, figures: Mapping[str, Ints]) -> tuple[Ints, Bools]:
        """The sum of each station, and where all its terms are figures; shape ``(n,)`` each."""
        columns = [(sign, figures[name]) for sign, name in self.terms]
        known = np.logical_and.reduce([values >= 0 for _, values in columns])
        total = sum((sign * values for sign, values in columns), np.zeros(len(known), np.int64))
        return np.asarray(total, np.int64), np.asarray(known, np.bool_)

    def derive(self, figures: Mapping[str, Ints]) -> Ints:
        """The sum of each station, `MISSING` where a term is no figure, or where it is below zero."""
        total, known = self.of(figures)
        return np.where(known & (total >= 0), total, MISSING)


@dataclass(frozen=True, slots=True)
class SumCheck:
    """Two sums, and how they must relate: ``=``, ``<=`` or ``>=``."""

    left: Expression
    relation: str
    right: Expression

    @property
    def names(self) -> frozenset[str]:
        """The counts on both sides."""
        return self.left.names | self.right.names

    @property
    def text(self) -> Text:
        """The check in words."""
        return series((self.left.text, self.relation, self.right.text), " ")

    @property
    def due(self) -> Text:
        """The right side in words, after ≤ or ≥ where it is a bound."""
        sign = {"<=": "≤", ">=": "≥"}.get(self.relation)
        return self.right.text if sign is None else series([sign, self.right.text], " ")

    def holds(self, figures: Mapping[str, Ints]) -> Bools:
        """Mark the stations where both sums are known and it holds, shape ``(n,)``."""
        _, _, known, holds = self._compare(figures)
        return known & holds

    def check(self, figures: Mapping[str, Ints], left_out: Bools, due: Text = "") -> tuple[int, list[Flaw]]:
        """Count the stations that have both sums, and give a flaw for each where the identity does not hold.

        Args:
            figures: of the stations.
            left_out: stations that are not looked at, shape ``(n,)``.
            due: the right side in words, where these are not its own.
        """
        left, right, known, holds = self._compare(figures)
        known = known & ~left_out
        at = np.flatnonzero(known & ~holds)
        field = self.left.terms[0][1] if len(self.left.terms) == 1 else str(self.left.text)
        sums = zip(at.tolist(), left[at].tolist(), right[at].tolist(), strict=True)
        return int(known.sum()), [
            Flaw("T306", unit, field, one, other if other >= 0 else str(other), due or self.due)  # no absence
            for unit, one, other in sums
        ]

    def _compare(self, figures: Mapping[str, Ints]) -> tuple[Ints, Ints, Bools, Bools]:
        """Both sums of each station, where they are known, and where they relate as they must."""
        (left, known_left), (right, known_right) = self.left.of(figures), self.right.of(figures)
        return left, right, known_left & known_right, _HOLDS[self.relation](left, right)


def parse_expression(text: str) -> Expression | None:
    """A sum as an entry writes it; None where it is none."""
    terms: list[tuple[int, str]] = []
    at = 0
    while at < len(text):
        found = _TERM.match(text, at)
        if found is None or (terms and not found[1]):
            return None
        terms.append((-1 if found[1] == "-" else 1, found[2]))
        at = found.end()
    return Expression(tuple(terms)) if terms else None


def parse_identity(text: str) -> SumCheck | None:
    """A check as an entry writes it; None where it is none."""
    sides = _RELATION.split(text)
    relation = _RELATION.search(text)
    if len(sides) != 2 or relation is None:
        return None
    left, right = map(parse_expression, sides)
    return None if left is None or right is None else SumCheck(left, relation[0], right)
