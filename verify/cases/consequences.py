"""V503: every outcome that a contest can have, over all readings that open and likely cases leave of its figures.

It is said of each contest in which something can be read otherwise, and of each of V501 and V502.

Certain corrections are made. Each open case may be read in any of its ways, one of which may be as it stands, each
likely correction made or not. Figures that stand in no way of reading a case are read, at first, with the most votes
beyond signatures. Cases that share a bureau are read together, all others by themselves, so that a few copies of the
evidence hold every way of reading each of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, product
from math import prod

import numpy as np

from protocol.evidence_kinds import EvidenceKind
from protocol.quantities import Quantity
from protocol.words import Text, msg, nmsg
from verify.cases.by_codes import MISSING_PIECES, find_alone
from verify.cases.corrections import correct, locate
from verify.cases.effects import contest_of, contests_of
from verify.cases.subjects import FIGURES, place_of_findings
from verify.cases.wording import GIVEN_TWICE, in_piece, own_corrections
from verify.columns.contests_at_hand import Judged, contests, contests_at_hand, excess
from verify.materiality.contest import Bureaux
from verify.materiality.deduction import ContestVerdict
from verify.materiality.kinds import Ballot
from verify.materiality.outcome import Totals, decide
from verify.materiality.readings import Option, ReadGroup, every_outcome
from verify.model.cases import CaseDetail, Correction, Drafts, Sure
from verify.model.checks import finding_of
from verify.model.evidence import LinedEvidence
from verify.model.figures import SIDES, Ints
from verify.model.finding_table import FindingTable
from verify.model.findings import Finding, shown
from verify.model.follow_ups import FollowStatus
from verify.model.labels import field_label
from verify.model.rule_results import Named
from verify.rules.materiality import outcomes

_TOGETHER = 40
"""Ways of reading some bureaux that are tried at most; of more, each case by itself."""
_Ways = tuple[tuple[Correction, ...], ...]
_Read = tuple[int, int]
"""A case, and the number of the way in which it is read."""


@dataclass(frozen=True, slots=True)
class _Shared:
    """Cases that share bureaux.

    Attributes:
        places: the units and numbers of polls that they are of.
        ways: of reading them, first as all stand or are chosen: the cases that are read otherwise and how, and the
            corrections.
        complete: whether these are all ways.
    """

    places: frozenset[tuple[int, int]]
    ways: tuple[tuple[frozenset[_Read], tuple[Correction, ...]], ...]
    complete: bool


def read_contradictions(sure: LinedEvidence, drafts: Drafts) -> dict[int, int]:
    """Choose a way of each open case of which the figures cannot stand: that with the most votes beyond signatures.

    Args:
        sure: with the certain corrections made.
        drafts: the cases.

    Returns:
        The number of the way by case.
    """
    cases = {case: ways for case, ways in _ways_of(drafts).items() if _contradicts(drafts.details[case])}
    layers = [
        excess(correct(sure, [each for ways in cases.values() if at < len(ways) for each in ways[at]]))
        for at in range(max(map(len, cases.values()), default=0))
    ]
    chosen = {}
    for case, ways in cases.items():
        places = [
            (unit, sure.polls.index(poll)) for unit, poll in _places(sure, [each for way in ways for each in way])
        ]
        most = [sum(int(layers[at][place]) for place in places) for at in range(len(ways))]
        chosen[case] = most.index(max(most))
    return chosen


def _contradicts(detail: CaseDetail) -> bool:
    """Check that a case is open, and that its figures stand in none of its readings."""
    return bool(detail.readings) and all(each.corrections for each in detail.readings)


def outcomes_read_otherwise(
    evidence: LinedEvidence, sure: LinedEvidence, table: FindingTable, drafts: Drafts, chosen: Mapping[int, int]
) -> tuple[list[Finding], Drafts]:
    """Find what can be read otherwise in each contest, or changes there.

    Args:
        evidence: as it stands.
        sure: with the certain corrections made; the same object where there are none.
        table: of the findings.
        drafts: the cases.
        chosen: as `read_contradictions` gives it.

    Returns:
        The findings, and the cases with their consequence.
    """
    at_hand = {_key(each) for each in evidence.once(contests_at_hand)}
    own, other = _ways_of(drafts), _other_counts(evidence, table, drafts)
    every_way = {case: (*own.get(case, ()), *other.get(case, ())) for case in {**other, **own}}
    cases = {case: ways for case, ways in every_way.items() if any(map(own_corrections, ways))}
    if not cases and not at_hand:
        return [], drafts
    stated = _contests(correct(evidence, drafts.read(chosen))) if sure is not evidence else {}
    shared = _together(evidence, cases, chosen)
    layers = [
        _contests(correct(sure, [each for group in shared for each in group.ways[min(at, len(group.ways) - 1)][1]]))
        for at in range(max((len(group.ways) for group in shared), default=1))
    ]
    found: list[Finding] = []
    consequence: dict[int, int] = {}
    for key, judged in layers[0].items():
        numbers: dict[_Read, int] = {}
        groups = [
            group for each in shared if (group := _group(each, judged, [layer.get(key) for layer in layers], numbers))
        ]
        if groups or key in at_hand:
            names = [_name(judged, cases[case][way], evidence) for case, way in numbers]
            first: dict[int, Text] = {}
            for (case, _), name in zip(numbers, names, strict=True):
                first.setdefault(case, name)
            every = every_outcome(judged.count, groups, stated[key].count if key in stated else None)
            made = finding_of(evidence, outcomes(judged, list(first.values()), names, every), "V503")
            found += [made] if isinstance(made, Finding) else []
            read = list(numbers)
            deciding = every.alone.union(*(other.readings for other in every.others))
            consequence |= {read[each][0]: 1 for each in deciding}
            if every.stated is not None:
                consequence |= dict.fromkeys(_deciding(evidence, drafts, stated[key], judged), 2)
    weighed = {
        case: replace(drafts.details.get(case, CaseDetail()), consequence=each) for case, each in consequence.items()
    }
    return found, replace(drafts, details={**drafts.details, **weighed})


def _deciding(evidence: LinedEvidence, drafts: Drafts, stated: Judged, judged: Judged) -> list[int]:
    """The certain cases without which the outcome of a contest is another; all of its cases where it takes several."""
    ballot, count = judged.count.ballot, judged.count
    of_contest: dict[int, Totals] = {}
    for case in drafts.correcting(Sure.CERTAIN):
        places = _places(evidence, drafts.details[case].corrections)
        units = np.array([unit for unit, poll in places if poll == judged.poll], np.int64)
        was, becomes = (each.count.bureaux.some(np.isin(each.units, units)).totals() for each in (stated, judged))
        if was != becomes:
            of_contest[case] = count.totals.without(becomes, was)
    if ballot is None:
        return []
    outcome = decide(ballot, count.totals)
    return [case for case, totals in of_contest.items() if decide(ballot, totals) != outcome] or list(of_contest)


def _ways_of(drafts: Drafts) -> dict[int, _Ways]:
    """The readings of each case that is open or likely."""
    read = {case: detail.readings for case, detail in drafts.details.items() if detail.readings}
    open_: dict[int, _Ways] = {case: tuple(each.corrections for each in some) for case, some in read.items()}
    return open_ | {case: (drafts.details[case].corrections,) for case in drafts.correcting(Sure.LIKELY)}


def _other_counts(evidence: LinedEvidence, table: FindingTable, drafts: Drafts) -> dict[int, _Ways]:
    """The other reading of sign-in counts that are given twice, by case, but where a follow-up says which one holds."""
    found: dict[int, _Ways] = {}
    settled = {
        (each.insee, each.bureau, each.poll)
        for each in evidence.follow_ups
        if each.about == GIVEN_TWICE and each.status is FollowStatus.SETTLED
    }
    twice = table.keys().of(GIVEN_TWICE)
    for case in range(len(drafts) if twice.any() else 0):
        for at in drafts.findings_of(case)[twice[drafts.findings_of(case)]].tolist():
            each = table[at]
            left, right = each.left, each.right
            is_settled = not settled.isdisjoint({(each.insee, each.bureau, poll) for poll in (0, each.poll)})
            of_list = left.piece == EvidenceKind.SIGNATURES and left.quantity == Quantity.SIGNATURES
            if of_list and isinstance(left.value, int) and isinstance(right.value, int) and not is_settled:
                place = Named(each.insee, each.bureau, each.poll)
                other = Correction(place, EvidenceKind.SIGNATURES, left.source, left.quantity, left.value, right.value)
                found[case] = (*found.get(case, ()), (other,))
    return found


def _together(evidence: LinedEvidence, cases: Mapping[int, _Ways], chosen: Mapping[int, int]) -> list[_Shared]:
    """The cases, those that share a bureau together."""
    groups: list[tuple[set[int], set[tuple[int, int]]]] = []
    of: dict[tuple[int, int], int] = {}
    for number, ways in cases.items():
        places = _places(evidence, [each for way in ways for each in way])
        met = sorted({of[each] for each in places if each in of})
        groups.append(({number}, set(places)))
        for other in met:
            groups[-1][0].update(groups[other][0])
            groups[-1][1].update(groups[other][1])
        of.update(dict.fromkeys(groups[-1][1], len(groups) - 1))
    return [
        _shared(frozenset(places), [(number, cases[number]) for number in sorted(numbers)], chosen)
        for at, (numbers, places) in enumerate(groups)
        if places and {of[each] for each in places} == {at}
    ]


def _shared(
    places: frozenset[tuple[int, int]], cases: Sequence[tuple[int, _Ways]], chosen: Mapping[int, int]
) -> _Shared:
    """Every way of reading some cases, the chosen ones first; of too many each case by itself."""
    each = [
        [
            (frozenset[_Read](), ways[chosen[at]] if at in chosen else ()),
            *(
                (frozenset(((at, number),)), way)
                for number, way in enumerate(ways)
                if way and number != chosen.get(at, -1)
            ),
        ]
        for at, ways in cases
    ]
    if prod(map(len, each)) > _TOGETHER:
        first = [ways[0][1] for ways in each]
        alone = [(frozenset[_Read](), tuple(chain(*first)))]
        alone += [
            (made, tuple(chain(*first[:at], way, *first[at + 1 :])))
            for at, ways in enumerate(each)
            for made, way in ways[1:]
        ]
        return _Shared(places, tuple(alone[:_TOGETHER]), complete=False)
    ways = (
        (frozenset[_Read]().union(*(made for made, _ in picked)), tuple(one for _, way in picked for one in way))
        for picked in product(*each)
    )
    return _Shared(places, tuple(ways), complete=True)


def _places(evidence: LinedEvidence, corrections: Sequence[Correction]) -> set[tuple[int, int]]:
    """The units and numbers of polls of some corrections, those of the list."""
    return {(unit, evidence.polls[poll]) for (unit, poll), _ in locate(evidence, corrections)}


def _contests(evidence: LinedEvidence) -> dict[tuple[int, str, str], Judged]:
    same = evidence.weighed == evidence.follow_ups
    weighed = evidence if same else replace(evidence, weighed=evidence.follow_ups)
    return {_key(each): each for each in contests(weighed, every=True)}


def _key(judged: Judged) -> tuple[int, str, str]:
    return judged.poll, judged.constituency, judged.insee


def _group(
    shared: _Shared, judged: Judged, layers: Sequence[Judged | None], numbers: dict[_Read, int]
) -> ReadGroup | None:
    """Bureaux of a contest as each way of reading has them; None where nothing of the contest is otherwise.

    Args:
        shared: the cases.
        judged: the contest as it stands.
        layers: the contest in each copy of the evidence.
        numbers: of the readings, to which new ones are added.
    """
    units = np.array(sorted(unit for unit, poll in shared.places if poll == judged.poll), np.int64)
    rows = _rows_of(judged, units)
    if not len(rows):
        return None
    stands = judged.count.bureaux.some(rows)
    options, complete = [Option(frozenset(), stands)], shared.complete
    for (made, _), layer in zip(shared.ways[1:], layers[1:], strict=False):
        there = None if layer is None else _rows_of(layer, units)
        if layer is None or there is None or len(there) != len(rows) or layer.count.choices != judged.count.choices:
            complete = False  # a figure that it needs is not there in this reading
            continue
        read = layer.count.bureaux.some(there)
        if not _same(stands, read, judged.count.ballot):
            for each in sorted(made):
                numbers.setdefault(each, len(numbers))
            options.append(Option(frozenset(numbers[each] for each in made), read))
    return ReadGroup(rows, tuple(options), complete) if len(options) > 1 else None


def _rows_of(judged: Judged, units: Ints) -> Ints:
    """The rows of some bureaux in a contest, all in ascending order."""
    start, end = (np.searchsorted(judged.units, units, side=side) for side in SIDES)
    return np.asarray(start[start < end], np.int64)


def _same(one: Bureaux, other: Bureaux, ballot: Ballot | None) -> bool:
    """Check that nothing that a sum of this election looks at is otherwise."""
    of_roll = ballot is None or (ballot.kind.threshold_of_registered and not ballot.final)
    looked = ("valid", "votes", "excess", "added", *(("registered",) if of_roll else ()))
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in looked)


def _name(judged: Judged, way: Sequence[Correction], evidence: LinedEvidence) -> Text:
    """Name a reading by the first figure that it changes, of a choice where there is one, and count the others."""
    own = own_corrections(way)
    first = max(own, key=lambda each: each.choice >= 0)
    row = np.flatnonzero(judged.units == evidence.universe.index(first.place.insee, first.place.bureau))
    names = judged.count.bureaux.names.of(row)
    said = msg(
        "bureau {bureau}, {field} {there}, {becomes} instead of {was}",
        bureau=names[0] if names else first.place.bureau,
        field=field_label(first.field),
        there=in_piece(first.piece),
        becomes=shown(first.becomes),
        was=shown(first.was),
    )
    others = [each for each in own if each is not first]
    if [(each.place, each.piece, each.was, each.becomes) for each in others] != [
        (first.place, first.piece, first.becomes, first.was)
    ]:
        figures = {(each.place, str(each.field)) for each in others} - {(first.place, str(first.field))}
        if not figures:
            return said
        return nmsg(
            "{said}, and with it {count:n} other figure",
            "{said}, and with it {count:n} other figures",
            len(figures),
            said=said,
        )
    return msg("{said}, and {other} the other way round", said=said, other=field_label(others[0].field))


_DECIDE_NOTHING = "C110", "M112"


def find_consequences(evidence: LinedEvidence, table: FindingTable) -> Ints:
    """1 for figures of bureaux whose votes could change a result, -1 for what cannot change any, else 0.

    That is what lacks where nothing is given, the voters of an hour, registered voters, and that a row is a total.

    Args:
        evidence: with the certain and likely corrections made: a gap that one of them ends decides nothing.
        table: of the findings; the result has its shape. Results that somebody published are given of any bureau.
    """
    keys, at = table.keys(), place_of_findings(evidence, table.keys())
    alone = (at.unit >= 0) & np.append(find_alone(evidence), False)[at.unit]
    found = np.where(alone & keys.of(*MISSING_PIECES) | keys.of(*_DECIDE_NOTHING) | keys.of_roll, -1, 0)
    material = set(map(contest_of, _material(table)))
    for judged in evidence.once(contests_at_hand) if material else ():
        bureaux = judged.count.bureaux
        for code, some in (("V501", bureaux.excess > 0), ("V502", bureaux.irregular)):
            if (code, judged.insee, judged.poll, str(judged.label)) in material:
                here = np.isin(at.unit, judged.units[some]) & (at.poll == evidence.polls.index(judged.poll))
                found[here & keys.of(*FIGURES)] = 1
    return found


def _material(table: FindingTable) -> Iterator[Finding]:
    """The findings of contests whose result could change."""
    found = (table[row] for row in contests_of(table).values())
    return (each for each in found if each.details["verdict"] == ContestVerdict.MATERIAL.value)
