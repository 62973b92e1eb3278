"""Findings of several tables told apart by whole numbers, so that many of them are compared at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from verify.cases.again.corrected import corrected
from verify.model.cases import Drafts, Sure
from verify.model.checks import Check, FoundBy, Reach
from verify.model.evidence import LinedEvidence
from verify.model.figures import Bools, Ints
from verify.model.finding_keys import FindingKeys
from verify.model.finding_table import FindingTable
from verify.model.findings import Finding, Found, Severity
from verify.model.parts import NotOfAPart, changed_bureaux, not_of_a_part, other_parts, part_of
from verify.rulebook.catalogue import rules
from verify.rules import CHECKS

_POLL, _PLACE = 6, 34
"""Bits that a poll and a place take."""


def numbered(keys: FindingKeys, rows: Ints, places: Ints) -> Ints:
    """Rule, place and poll of some findings as a whole number each.

    Args:
        keys: of all findings of a table.
        rows: their positions.
        places: a number for each place of the table, the same in all tables that are compared.
    """
    code = np.array([_rank()[code] for code in keys.codes] or [0], np.int64)[keys.code[rows]]
    return np.asarray((code << (_PLACE + _POLL)) | (places[keys.place[rows]] << _POLL) | keys.poll[rows], np.int64)


@cache
def _rank() -> dict[str, int]:
    return {code: at for at, code in enumerate(rules())}


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


_AT_ONCE = 200_000
"""Bureaux and findings that are looked at again in all rounds together, about."""
_MOST_ROUNDS = 8
_CHECKS = tuple(check for check in CHECKS if not all(code[0] in "PV" for code in check.codes))
_BY_ITSELF = frozenset(code for check in _CHECKS for code in check.codes)
"""Rules that look at the evidence alone, and not at other findings."""


def proved(evidence: LinedEvidence, table: FindingTable, drafts: Drafts) -> Drafts:
    """The same cases; those are no longer certain whose corrections do not end their findings, or make others."""
    certain = drafts.correcting(Sure.CERTAIN)
    if not certain:
        return drafts
    failed: set[int] = set()
    for cases in _rounds(drafts, certain, _AT_ONCE // (len(evidence.universe) + len(table))):
        corrections = [each for case in cases for each in drafts.details[case].corrections]
        with_them = corrected(evidence, corrections)
        again = find_again(evidence, with_them, _CHECKS)
        if again is None:
            every = np.ones(len(table.keys().places), np.bool_)
            failed |= _failing(table, drafts, cases, every, FindingTable(_found(with_them)))
        else:
            failed |= _failing(table, drafts, cases, again.places(table), FindingTable(again.found))
    return drafts.less_sure(failed)


def _failing(
    table: FindingTable, drafts: Drafts, cases: Sequence[int], looked_at: Bools, again: FindingTable
) -> set[int]:
    """The cases of which findings are there again with their corrections, or that make others.

    Args:
        table: the findings.
        drafts: the cases.
        cases: those of which the corrections were made.
        looked_at: which places of the findings were looked at again; at the others all is as it was.
        again: what was found there.
    """
    own, places = np.arange(len(looked_at)), table.numbers_of(again)
    before, after = _Numbers(table, own, looked_at), _Numbers(again, places)
    new = _Numbers(again, places, grave=True).more_than(_Numbers(table, own, looked_at, grave=True))
    return _staying(table, drafts, cases, looked_at, before, after) | set(_blamed(drafts, cases, new))


def _staying(
    table: FindingTable, drafts: Drafts, cases: Sequence[int], looked_at: Bools, before: _Numbers, after: _Numbers
) -> set[int]:
    """The cases of which findings are there again with their corrections, or were not looked at again."""
    keys, findings = table.keys(), [drafts.findings_of(case) for case in cases]
    rows, case = np.concatenate(findings), np.repeat(cases, [len(rows) for rows in findings])
    elsewhere = ~looked_at[keys.place[rows]] & _of_evidence(table)[rows]
    numbers = numbered(keys, rows, np.arange(len(keys.places)))
    order = np.lexsort((numbers, case))
    case, numbers = case[order], numbers[order]
    first = np.flatnonzero(np.append(True, (case[1:] != case[:-1]) | (numbers[1:] != numbers[:-1])))
    count, own = np.diff(first, append=len(case)), numbers[first]
    there = before.of(own)
    staying = case[first][(there > 0) & (after.of(own) > there - count)]
    return {*staying.tolist(), *np.repeat(cases, [len(rows) for rows in findings])[elsewhere].tolist()}


def _blamed(drafts: Drafts, cases: Sequence[int], new: Sequence[tuple[str, str]]) -> Iterator[int]:
    """The cases that new findings come from: those that correct their bureau, else their commune or département."""
    of_bureau: dict[tuple[str, str], set[int]] = {}
    for case in cases if new else ():
        for each in drafts.details[case].corrections:
            of_bureau.setdefault((each.place.insee, each.place.bureau), set()).add(case)
    for insee, bureau in new:
        around = (some for (code, _), some in of_bureau.items() if code.startswith(insee))
        yield from of_bureau.get((insee, bureau), ()) or set[int]().union(*around) or cases


def _rounds(drafts: Drafts, certain: Sequence[int], most: int) -> Iterator[list[int]]:
    """The cases in rounds, in each but the last one of every commune at the most."""
    taken: dict[str, int] = {}
    rounds: dict[int, list[int]] = {}
    for case in certain:
        communes = {each.place.insee for each in drafts.details[case].corrections}
        number = min(max(taken.get(commune, 0) for commune in communes), max(min(most, _MOST_ROUNDS), 1) - 1)
        taken |= dict.fromkeys(communes, number + 1)
        rounds.setdefault(number, []).append(case)
    yield from rounds.values()


def _found(evidence: LinedEvidence) -> Iterator[Found]:
    for check in _CHECKS:
        yield from check(evidence)


def _of_evidence(table: FindingTable) -> Bools:
    """Which findings are what rules find in the evidence itself: screens, contests, other elections left out."""
    keys = table.keys()
    return np.asarray(table.of_first() & keys.of(*(code for code in keys.codes if code in _BY_ITSELF)), np.bool_)


class _Numbers:
    """How many findings of each rule there are in each place, in the order of `keys`: those of `_of_evidence`.

    Args:
        table: of the findings.
        places: the number of each of its places.
        some: which of its places count; all where it is not said.
        grave: only errors and warnings.
    """

    def __init__(self, table: FindingTable, places: Ints, some: Bools | None = None, *, grave: bool = False) -> None:
        keys = table.keys()
        of = _of_evidence(table) & (keys.severity > (Severity.INFO if grave else 0))
        kept = np.flatnonzero(of if some is None else of & some[keys.place])
        self.keys, first, self.counts = np.unique(numbered(keys, kept, places), return_index=True, return_counts=True)
        self._rows, self._of = kept[first], keys

    def of(self, wanted: Ints) -> Ints:
        """How many there are of some keys."""
        at = np.searchsorted(self.keys, wanted).clip(0, max(len(self.keys) - 1, 0))
        if not len(self.keys):
            return np.zeros(len(wanted), np.int64)
        return np.where(self.keys[at] == wanted, self.counts[at], 0)

    def more_than(self, other: _Numbers) -> list[tuple[str, str]]:
        """INSEE code and bureau where there are more of a rule than in another table."""
        rows = self._rows[self.counts > other.of(self.keys)]
        return [self._of.places[place] for place in self._of.place[rows].tolist()]
