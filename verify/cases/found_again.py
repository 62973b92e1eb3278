"""What rules find once more in evidence with corrections: only where it can be otherwise than before.

A rule that looks no further than a commune is applied to the communes of which some figures changed, and has found
before what it finds in the others. A rule that only looks at which figures there are is not applied where all are still
there. All others are applied to everything, unless they look at nothing that changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from verify.model.checks import Check, Reach
from verify.model.evidence import LinedEvidence
from verify.model.figures import Bools, Ints
from verify.model.finding_table import FindingTable
from verify.model.findings import Finding, Found
from verify.model.parts import NotOfAPart, changed_bureaux, other_parts, part_of

_LEAST_BUREAUX = 1000
"""Of fewer all are looked at again: taking some of them out takes as long."""
_LARGEST_PART = 4
"""All are looked at again where the part would be more than one in so many of them."""


@dataclass(frozen=True, slots=True)
class FoundAgain:
    """What rules find in some communes with the corrections made, and by which rules it may be otherwise elsewhere.

    Attributes:
        insee: codes of the communes.
        found: what all rules find there, by what they are: those of ``elsewhere`` are not among them.
        elsewhere: rules that find otherwise, and look further than a commune; what they find everywhere.
    """

    insee: frozenset[str]
    found: tuple[Found, ...]
    elsewhere: dict[Check, list[Found]]

    def places(self, table: FindingTable) -> Bools:
        """Which places of a table of findings are in these communes."""
        of_commune = np.zeros(len(table.keys().places), np.bool_)
        for start, end in table.places_in(sorted(self.insee)):
            of_commune[start:end] = True
        return of_commune


def find_again(before: LinedEvidence, after: LinedEvidence, checks: Sequence[Check]) -> FoundAgain | None:
    """What some rules find; None where all have to be looked at to know it, or are looked at as soon.

    Args:
        before: the evidence, to which the same rules have been applied.
        after: a copy of it with corrections.
        checks: the rules.
    """
    if len(before.universe) < _LEAST_BUREAUX:
        return None
    changed, as_many = changed_bureaux(before, after)
    communes = before.universe.in_communes_of(changed)
    units = np.flatnonzero(communes)
    if len(units) * _LARGEST_PART > len(communes):
        return None
    part, others = part_of(after, units), other_parts(before, after)
    insee = frozenset(part.universe.insee[part.universe.communes].tolist())
    found: list[Found] = []
    elsewhere: dict[Check, list[Found]] = {}
    for check in checks:
        known = before.made(check.found_in)
        if others.isdisjoint(known.reads) or (as_many and check.reach is Reach.PRESENCE):
            found += _there(known.value, communes, insee, part)
            continue
        if check.reach is Reach.COMMUNE:
            try:
                found += check(part)
                continue
            except NotOfAPart:  # by a way that there is with other evidence: everything is looked at
                pass
        again = check(after)
        if _same(known.value, again):
            found += _there(known.value, communes, insee, part)
        else:
            elsewhere[check] = again
    return FoundAgain(insee, tuple(found), elsewhere)


def _same(one: Sequence[Found], other: Sequence[Found]) -> bool:
    """Whether two rules found the same, as far as that is soon seen."""
    singles = all(isinstance(each, Finding) for each in (*one, *other))
    return singles and list(one) == list(other)


def _there(found: Sequence[Found], communes: Bools, insee: frozenset[str], part: LinedEvidence) -> Iterator[Found]:
    """Those of some findings that are in the communes of a part, and are said as its own."""
    number: Ints | None = None
    for each in found:
        if isinstance(each, Finding):
            if each.insee in insee:
                yield each
            continue
        rows = np.flatnonzero(communes[each.unit])
        if len(rows):
            number = np.cumsum(communes) - 1 if number is None else number
            yield each.only(rows, part.universe.insee, part.universe.bureau, number[each.unit[rows]])
