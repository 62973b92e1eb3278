"""What rules find once more in evidence with corrections: only where it can be otherwise than before.

A rule that looks no further than a commune is applied to the communes of which some figures changed, and has found
before what it finds in the others. A rule that only looks at which figures there are is not applied where all are still
there. All others are applied to everything, unless they look at nothing that changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from verify.model.checks import Check, FoundBy, Reach
from verify.model.evidence import LinedEvidence
from verify.model.figures import Bools, Ints
from verify.model.finding_table import FindingTable
from verify.model.findings import Finding, Found
from verify.model.parts import NotOfAPart, changed_bureaux, not_of_a_part, other_parts, part_of

_LEAST_BUREAUX = 1000
"""Of fewer all are looked at again: taking some of them out takes as long."""
_LARGEST_PART = 4
"""All are looked at again where the part would be more than one in so many of them."""


@dataclass(frozen=True, slots=True)
class FoundAgain:
    """What rules find in some communes with the corrections made. Everywhere else they find what they found before.

    Attributes:
        insee: codes of the communes.
        found: what all rules find there.
    """

    insee: frozenset[str]
    found: tuple[Found, ...]

    def places(self, table: FindingTable) -> Bools:
        """Which places of a table of findings are in these communes."""
        of_commune = np.zeros(len(table.keys().places), np.bool_)
        for start, end in table.places_in(sorted(self.insee)):
            of_commune[start:end] = True
        return of_commune


def find_again(before: LinedEvidence, after: LinedEvidence, checks: Sequence[Check]) -> FoundAgain | None:
    """What some rules find; None where all has to be looked at to know it, or is looked at as soon.

    Args:
        before: the evidence, to which the same rules have been applied.
        after: a copy of it with corrections.
        checks: the rules.
    """
    universe = before.universe
    if len(universe) < _LEAST_BUREAUX:
        return None
    changed, as_many = changed_bureaux(before, after)
    communes = universe.in_communes_of(changed)
    near, far = _looking(before, after, checks, as_many)
    found_far = {check: check(after) for check in far}
    found_far = {check: again for check, again in found_far.items() if not _same(_known(before, check), again)}
    if found_far:
        named = _communes_of([*found_far.values(), *(_known(before, check) for check in found_far)])
        if not named <= _codes(before, np.ones(len(universe), np.bool_)):
            return None  # something is found of more than a commune
        communes |= np.isin(universe.insee, sorted(named))
    if int(communes.sum()) * _LARGEST_PART > len(universe):
        return None
    part, insee = part_of(after, np.flatnonzero(communes)), _codes(before, communes)
    found: list[Found] = []
    try:
        for check in checks:
            if check in near:
                found += check(part)
            else:
                found += _there(found_far.get(check, _known(before, check)), communes, insee, part)
    except NotOfAPart:
        return None
    return FoundAgain(insee, tuple(found))


def _looking(
    before: LinedEvidence, after: LinedEvidence, checks: Sequence[Check], as_many: bool
) -> tuple[frozenset[Check], list[Check]]:
    """The rules that look at what changed: those that a part is enough for, and the others."""
    others, of_all = other_parts(before, after), not_of_a_part(after)
    near, far = set(), []
    for check in checks:
        reads = before.made(check.found_in).reads
        if not others.isdisjoint(reads) and not (as_many and check.reach is Reach.PRESENCE):
            if check.reach is Reach.COMMUNE and of_all.isdisjoint(reads):
                near.add(check)
            else:
                far.append(check)
    return frozenset(near), far


def _known(evidence: LinedEvidence, check: Check) -> Sequence[Found]:
    by: FoundBy = evidence.made(check.found_in).value
    return by.found


def _codes(evidence: LinedEvidence, units: Bools) -> frozenset[str]:
    """The codes of the communes of some bureaux."""
    first = evidence.universe.communes
    return frozenset(evidence.universe.insee[first[units[first]]].tolist())


def _communes_of(several: Sequence[Sequence[Found]]) -> frozenset[str]:
    """The codes of the communes that findings name."""
    named: set[str] = set()
    for found in several:
        for each in found:
            named |= {each.insee} if isinstance(each, Finding) else set(each.insee[each.unit].tolist())
    return frozenset(named)


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
