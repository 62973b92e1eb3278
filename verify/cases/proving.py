"""Whether certain cases are: with the corrections of one its findings are gone, and no error or warning is new.

The search sees the identities of one bureau. Rules see more: that one thing hides another, that figures were copied
further on, that the sums of a commune change. So all rules are applied once more to the evidence with the corrections
of certain cases made: of one case in each commune at a time, as far as that is quick, and then of all the others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from verify.cases.corrected import corrected
from verify.model.cases import Drafts, Sure
from verify.model.evidence import LinedEvidence
from verify.model.figures import Ints
from verify.model.finding_table import FindingTable
from verify.model.findings import Found, Severity
from verify.rules import CHECKS

_AT_ONCE = 200_000
"""Bureaux and findings that are looked at again in all rounds together, about."""
_MOST_ROUNDS = 8
_CHECKS = tuple(check for check in CHECKS if not all(code[0] in "PV" for code in check.codes))
_BY_ITSELF = frozenset(code for check in _CHECKS for code in check.codes)
"""Rules that look at the evidence alone, and not at other findings."""
Place = tuple[str, str, str, int]
"""Code of a rule, INSEE code and bureau, number of the poll."""


def proved(evidence: LinedEvidence, table: FindingTable, drafts: Drafts) -> Drafts:
    """The same cases; those are no longer certain whose corrections do not end their findings, or make others."""
    certain = drafts.correcting(Sure.CERTAIN)
    if not certain:
        return drafts
    before, grave_before = _numbers(table), _numbers(table, grave=True)
    failed: set[int] = set()
    for cases in _rounds(drafts, certain, _AT_ONCE // (len(evidence.universe) + len(table))):
        corrections = [each for case in cases for each in drafts.details[case].corrections]
        again = FindingTable(_found(corrected(evidence, corrections)))
        after = _numbers(again)
        failed |= {case for case in cases if _stays(table, drafts.findings_of(case), before, after)}
        grave = _numbers(again, grave=True)
        new = [place for place, count in grave.items() if count > grave_before.get(place, 0)]
        failed |= set(_blamed(drafts, cases, new))
    return drafts.less_sure(failed)


def _stays(table: FindingTable, rows: Ints, before: Mapping[Place, int], after: Mapping[Place, int]) -> bool:
    """Whether findings of a case are there again with its corrections."""
    keys = table.keys()
    own = Counter((keys.codes[keys.code[row]], *keys.places[keys.place[row]], int(keys.poll[row])) for row in rows)
    return any(after.get(place, 0) > before[place] - count for place, count in own.items() if place in before)


def _blamed(drafts: Drafts, cases: Sequence[int], new: Sequence[Place]) -> Iterator[int]:
    """The cases that new findings come from: those that correct their bureau, else their commune or département."""
    of_bureau: dict[tuple[str, str], set[int]] = {}
    for case in cases if new else ():
        for each in drafts.details[case].corrections:
            of_bureau.setdefault((each.place.insee, each.place.bureau), set()).add(case)
    for _, insee, bureau, _ in new:
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


def _numbers(table: FindingTable, *, grave: bool = False) -> Mapping[Place, int]:
    """How many findings of each rule there are in each place, or errors and warnings of it.

    Of what rules find in the evidence itself, screens and contests left out.
    """
    keys = table.keys()
    kept = np.flatnonzero(
        table.of_first()
        & keys.of(*(code for code in keys.codes if code in _BY_ITSELF))
        & (keys.severity > (Severity.INFO if grave else 0))
    )
    polls = int(keys.poll.max(initial=0)) + 1
    number = (keys.code[kept] * max(len(keys.places), 1) + keys.place[kept]) * polls + keys.poll[kept]
    different, counts = np.unique(number, return_counts=True)
    found: dict[Place, int] = {}
    for each, count in zip(different.tolist(), counts.tolist(), strict=True):
        rest, poll = divmod(each, polls)
        code, place = divmod(rest, max(len(keys.places), 1))
        found[keys.codes[code], *keys.places[place], poll] = count
    return found
