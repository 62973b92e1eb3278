"""The second look: rules applied once more, to the evidence with the corrections of cases made.

It proves certain cases, and says in findings of contests and screens what corrections and follow-ups change there.
Findings of two tables are compared as whole numbers, many at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from protocol.quantities import Quantity
from protocol.words import Message, Text, msg, nmsg, series
from verify.cases.corrections import correct
from verify.columns.contests_at_hand import supplement_of
from verify.materiality.deduction import ContestVerdict
from verify.model.cases import Correction, Drafts, Sure
from verify.model.checks import Check
from verify.model.evidence import LinedEvidence
from verify.model.figures import Ints
from verify.model.finding_table import FindingKeys, FindingTable
from verify.model.findings import Finding, Found, Severity
from verify.rulebook.catalogue import rules
from verify.rules import CHECKS


def found_by(evidence: LinedEvidence, checks: Sequence[Check]) -> Iterator[Found]:
    """Apply some rules."""
    for check in checks:
        yield from check(evidence)


_POLL, _PLACE = 6, 34
"""Bits that a poll and a place take."""


def number_findings(keys: FindingKeys, rows: Ints, places: Ints) -> Ints:
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


_CHECKS = tuple(check for check in CHECKS if not all(code[0] in "PV" for code in check.codes))
_BY_ITSELF = frozenset(code for check in _CHECKS for code in check.codes)
"""Rules that look at the evidence alone, and not at other findings."""


def prove(evidence: LinedEvidence, table: FindingTable, drafts: Drafts) -> Drafts:
    """Apply the rules to the evidence with the certain corrections made.

    Returns the same cases. One is only likely where its findings are still there, or others come with its corrections.
    """
    certain = drafts.correcting(Sure.CERTAIN)
    if not certain:
        return drafts
    again = FindingTable(found_by(correct(evidence, drafts.corrections(Sure.CERTAIN)), _CHECKS))
    own, places = np.arange(len(table.keys().places)), table.numbers_of(again)
    findings = [drafts.findings_of(case) for case in certain]
    rows, case = np.concatenate(findings), np.repeat(certain, [len(each) for each in findings])
    explained, of, count = np.unique(number_findings(table.keys(), rows, own), return_inverse=True, return_counts=True)
    before, after = _of_evidence(table, own), _of_evidence(again, places)
    there = before.of(explained)
    staying = (there > 0) & (after.of(explained) > there - count)
    new = _of_evidence(again, places, grave=True).more_than(_of_evidence(table, own, grave=True))
    return drafts.downgrade({*case[staying[of]].tolist(), *_blamed(drafts, certain, new)})


def _blamed(drafts: Drafts, cases: Sequence[int], new: Sequence[tuple[str, str]]) -> Iterator[int]:
    """The cases that new findings come from: those that correct their bureau, else their commune or département."""
    of_bureau: dict[tuple[str, str], set[int]] = {}
    for case in cases if new else ():
        for each in drafts.details[case].corrections:
            of_bureau.setdefault((each.place.insee, each.place.bureau), set()).add(case)
    for insee, bureau in new:
        around = (some for (code, _), some in of_bureau.items() if code.startswith(insee))
        yield from of_bureau.get((insee, bureau), ()) or set[int]().union(*around) or cases


def _of_evidence(table: FindingTable, places: Ints, *, grave: bool = False) -> NumberedFindings:
    """Number what rules find in the evidence itself: screens, contests, other elections left out.

    Args:
        table: of the findings.
        places: the number of each of its places.
        grave: only errors and warnings.
    """
    keys = table.keys()
    kept = table.of_first() & keys.of(*(code for code in keys.codes if code in _BY_ITSELF))
    return NumberedFindings(keys, np.flatnonzero(kept & (keys.severity > (Severity.INFO if grave else 0))), places)


class NumberedFindings:
    """Findings of each rule in each place and poll, each once by its number (`number_findings`), with their counts.

    Attributes:
        numbers: ascending, shape ``(n,)``.
        rows: the position of the first finding of each, shape ``(n,)``.
    """

    def __init__(self, keys: FindingKeys, rows: Ints, places: Ints) -> None:
        numbers = number_findings(keys, rows, places)
        self.numbers, first, self._counts = np.unique(numbers, return_index=True, return_counts=True)
        self.rows, self._keys = rows[first], keys

    def of(self, wanted: Ints) -> Ints:
        """Look up the counts of some numbers."""
        at = np.searchsorted(self.numbers, wanted).clip(0, max(len(self.numbers) - 1, 0))
        if not len(self.numbers):
            return np.zeros(len(wanted), np.int64)
        return np.where(self.numbers[at] == wanted, self._counts[at], 0)

    def more_than(self, other: NumberedFindings) -> list[tuple[str, str]]:
        """INSEE code and bureau where there are more of a rule than in another table."""
        rows = self.rows[self._counts > other.of(self.numbers)]
        return [self._keys.places[place] for place in self._keys.place[rows].tolist()]


# --- Contests and screens once more ---

_CONTESTS = "V"
NO_VERDICT = "none"
"""The verdict on a contest of which there is nothing to say."""
Contest = tuple[str, str, int, str]
"""Code of the rule, INSEE code, number of the poll, and label of the contest."""


def of_category(letter: str) -> tuple[Check, ...]:
    """All rules of a category."""
    return tuple(check for check in CHECKS if all(code.startswith(letter) for code in check.codes))


def rows_of(table: FindingTable, letter: str) -> Ints:
    """The rows of the findings of a category, of the night's own election."""
    keys = table.keys()
    codes = [code for code in keys.codes if code.startswith(letter)]
    return np.flatnonzero(keys.of(*codes) & table.of_first()) if codes else np.zeros(0, np.int64)


CONTESTS = of_category(_CONTESTS)


_NOTHING: Mapping[str, int | Text] = {}


def contest_of(found: Finding) -> Contest:
    """Key of a contest's finding, the same with and without corrections."""
    return found.code, found.insee, found.poll, str(found.details["contest"])


def contests_of(table: FindingTable) -> dict[Contest, int]:
    """The rows of the findings of contests."""
    return {contest_of(table[row]): row for row in rows_of(table, _CONTESTS).tolist()}


def contests_found(evidence: LinedEvidence) -> dict[Contest, Finding]:
    """The findings of contests that some evidence gives."""
    return {contest_of(found): found for found in FindingTable(found_by(evidence, CONTESTS))}


def _annotate(found: Finding, note: Text, details: Mapping[str, int | Text] = _NOTHING) -> Finding:
    """A finding with a note at its end, behind the one that there is, and further details."""
    before = found.details.get("note")
    notes = series([before, note], "") if before else note
    return replace(found, details={**found.details, **details, "note": notes})


def _weight(name: str, found: Finding | None) -> dict[str, int | Text]:
    """Excess and verdict of a contest's finding as further details, under a name."""
    return {f"{name}_excess": _excess(found), f"{name}_verdict": _verdict(found)}


_ONLY_READ_OTHERWISE = ContestVerdict.NOT_MATERIAL.value, ContestVerdict.MATERIAL.value
_READ_OTHERWISE = msg("As the figures stand, this sum does not change the outcome; read otherwise, it can (V503).")
"""In place of a conclusion that holds only for figures that cases leave open."""


def note_readings(table: FindingTable, outcomes: Sequence[Finding]) -> dict[int, Finding]:
    """Findings of contests, by row, with a note on cases that leave other readings of their figures."""
    known, noted = contests_of(table), dict[int, Finding]()
    for found in outcomes:
        if not (count := _excess(found)):
            continue
        note = nmsg(
            " {count:n} case gives other figures (V503).",
            " {count:n} cases give other figures (V503).",
            count,
        )
        for contest, row in known.items():
            if contest[1:] != contest_of(found)[1:] or "likely_verdict" in table[row].details:
                continue
            sum_ = table[row]
            only = (sum_.details["verdict"], found.details["verdict"]) == _ONLY_READ_OTHERWISE
            noted[row] = _annotate(sum_, note, {"conclusion": _READ_OTHERWISE} if only else _NOTHING)
    return noted


_WITH = msg("With the follow-ups")
_WITH_BOTH = msg("With these corrections and the follow-ups")
_WITH_LIKELY = msg("If the likely corrections hold too")
ONLY_FOLLOWED = msg(" This is so with the follow-ups, and not as the evidence stands.")


def weigh(
    evidence: LinedEvidence, table: FindingTable, drafts: Drafts, *, corrected: bool
) -> tuple[FindingTable, Drafts]:
    """The findings and cases, those of contests with what they would be with the follow-ups.

    Args:
        evidence: with the corrections made, where there are any.
        table: the findings.
        drafts: the cases.
        corrected: whether there are any.
    """
    weighed = replace(evidence, weighed=evidence.follow_ups)
    if not evidence.follow_ups or not weighed.once(supplement_of).any():
        return table, drafts
    known, then = contests_of(table), contests_found(weighed)
    with_them = _WITH_BOTH if corrected else _WITH
    others: dict[int, Finding] = {}
    for contest, row in known.items():
        found, followed = table[row], then.get(contest)
        others[row] = _annotate(found, _said_with(with_them, followed, found), _weight("followed", followed))
    new = [found for contest, found in then.items() if contest not in known]
    more = [_annotate(found, ONLY_FOLLOWED, _weight("followed", found)) for found in new]
    amended, position = table.with_others(others, more)
    return amended, drafts.moved(position, {})


def _said_with(with_them: Message, then: Finding | None, before: Finding | None) -> Message:
    """Say a contest's sum and verdict with further corrections or follow-ups, beside those before."""
    if then is None:
        return msg(" {with_them}, there are none.", with_them=with_them)
    same = _conclusion(before) == _conclusion(then)
    return nmsg(
        " {with_them}: {count:n} vote. {verdict}",
        " {with_them}: {count:n} votes. {verdict}",
        _excess(then),
        with_them=with_them,
        verdict=msg("The verdict is the same.") if same else then.details["conclusion"],
    )


LIKELY_ENOUGH = (Sure.CERTAIN, Sure.LIKELY)
"""Cases whose corrections are made."""
_SCREENS = "P"
SCREENS = of_category(_SCREENS)
_GAPS = "P401"
"""The screen of gaps: a correction can show the gap that a slip hides, and it is of that case then."""


@dataclass(frozen=True, slots=True)
class Looks:
    """The evidence in four ways; two are the same object where nothing is between them.

    Attributes:
        stands: as it stands.
        sure: with the certain corrections made.
        read: figures that contradict each other read as well, with the most votes beyond signatures.
        likely: with the likely corrections made as well.
    """

    stands: LinedEvidence
    sure: LinedEvidence
    read: LinedEvidence
    likely: LinedEvidence

    @property
    def made(self) -> Message:
        """Say what ``read`` has otherwise than the evidence as it stands."""
        if self.read is self.sure:
            return msg("with the certain corrections made")
        if self.sure is self.stands:
            return msg("with contradicting figures read so that most votes are beyond signatures")
        return msg(
            "with the certain corrections made, and contradicting figures read so that most votes are beyond signatures"
        )


def look_again(looks: Looks, table: FindingTable, drafts: Drafts) -> tuple[FindingTable, Drafts]:
    """Note in findings what the corrections, the readings of contradictions and the follow-ups change."""
    corrected = looks.likely is not looks.stands
    if corrected:
        table, drafts = _with_corrections(looks, table, drafts)
    return weigh(looks.likely, table, drafts, corrected=corrected)


def _with_corrections(looks: Looks, table: FindingTable, drafts: Drafts) -> tuple[FindingTable, Drafts]:
    """The same, with what the corrected evidence shows otherwise."""
    others: dict[int, Finding] = {}
    more: list[Finding] = []
    with_them, as_stated = looks.likely, looks.read is looks.stands
    known, contests = contests_of(table), contests_found(with_them)
    certain = {contest: table[row] for contest, row in known.items()} if as_stated else contests_found(looks.read)
    likely = with_them is not looks.read
    for contest, row in known.items():
        found = table[row]
        found = found if as_stated else _with_certain(found, certain.get(contest), looks.made)
        others[row] = _with_likely(found, certain.get(contest), contests.get(contest)) if likely else found
    new = {contest: found for contest, found in certain.items() if contest not in known}
    only = Message(ONLY_THEN.text, {"made": looks.made})
    more += (_annotate(found, only, _weight("corrected", found)) for found in new.values())
    new = {contest: found for contest, found in contests.items() if contest not in known and contest not in certain}
    more += (_annotate(found, ONLY_IF, _weight("corrected", None) | _weight("likely", found)) for found in new.values())
    screens = FindingTable(found_by(with_them, SCREENS))
    there = NumberedFindings(table.keys(), rows_of(table, _SCREENS), np.arange(len(table.keys().places)))
    then = NumberedFindings(screens.keys(), rows_of(screens, _SCREENS), table.numbers_of(screens))
    more += (_annotate(screens[row], _ADDED) for row in np.sort(then.rows[there.of(then.numbers) == 0]).tolist())
    gone = np.sort(there.rows[then.of(there.numbers) == 0])
    explained = _explained(table, drafts, gone.tolist())
    alone = table.replaceable()
    others |= {row: _annotate(table[row], _GONE) for row in gone.tolist() if row not in explained and alone[row]}
    amended, position = table.with_others(others, more)
    position[_not_explained(table, drafts, gone)] = -1
    return amended, drafts.moved(position, explained)


# --- Contests ---

_THE_SAME_IF = msg(" If the likely corrections hold too, this is the same.")
_NONE_LEFT = msg("There are none.")
_NO_SUM = msg("So there is nothing to sum up.")
ONLY_THEN = msg(" This is so {made}; as the evidence stands, there are none.")
ONLY_IF = msg(" This is so only if the likely corrections hold; as the evidence stands, there are none.")


def _with_certain(found: Finding, again: Finding | None, made: Message) -> Finding:
    """A contest's finding with the certain corrections made and contradictions read."""
    corrected = _weight("corrected", again)
    both = corrected | _weight("stated", found)
    note: Message = nmsg(
        " This is so {made}; as the evidence stands it would be {count:n} vote.",
        " This is so {made}; as the evidence stands it would be {count:n} votes.",
        _excess(found),
        made=made,
    )
    if _excess(found) == _excess(again):
        note = msg(" This is so {made}.", made=made)
    if again is None:
        none: dict[str, int | Text] = {"verdict": NO_VERDICT, "conclusion": _NONE_LEFT, "steps": _NO_SUM}
        return _annotate(replace(found, right=replace(found.right, value=0)), note, both | none)
    if _excess(again) == _excess(found) and _conclusion(again) == _conclusion(found):
        return _annotate(found, msg(" This is the same {made}.", made=made), corrected)
    return _annotate(again, note, both)


def _with_likely(found: Finding, sure: Finding | None, again: Finding | None) -> Finding:
    """The same with what it would be if the likely corrections held as well; ``sure`` is with the certain ones."""
    return _annotate(found, _beside(sure, again), _weight("corrected", sure) | _weight("likely", again))


def _beside(sure: Finding | None, again: Finding | None) -> Message:
    """Compare a contest's finding with the certain corrections with that of the likely ones too."""
    if _excess(sure) == _excess(again) and _conclusion(sure) == _conclusion(again):
        return _THE_SAME_IF
    return _said_with(_WITH_LIKELY, again, sure)


def _conclusion(again: Finding | None) -> str:
    return "" if again is None else str(again.details["conclusion"])


def _excess(again: Finding | None) -> int:
    return again.right.value if again is not None and isinstance(again.right.value, int) else 0


def _verdict(again: Finding | None) -> str:
    return NO_VERDICT if again is None else str(again.details["verdict"])


# --- Screens ---

_GONE = msg(" With the certain and likely corrections made, nothing is unusual here.")
_ADDED = msg(" This is so with the certain and likely corrections made, and not as the evidence stands.")


def _not_explained(table: FindingTable, drafts: Drafts, gone: Ints) -> Ints:
    """Screens that are in a case with corrections and still there with them: of several in a place the first."""
    in_cases = [drafts.findings_of(case) for case in drafts.correcting(*LIKELY_ENOUGH)]
    if not in_cases:
        return np.zeros(0, np.int64)
    keys, rows = table.keys(), rows_of(table, _SCREENS)
    first = NumberedFindings(keys, rows[~keys.of(_GAPS)[rows]], np.arange(len(keys.places))).rows
    return np.intersect1d(np.concatenate(in_cases), first[~np.isin(first, gone)])


def _explained(table: FindingTable, drafts: Drafts, gone: Sequence[int]) -> Mapping[int, int]:
    """The case of each screen that is gone and is in none: one that corrects what the screen looks at."""
    corrects: dict[tuple[str, str], list[tuple[int, Correction]]] = {}
    for case in drafts.correcting(*LIKELY_ENOUGH):
        for each in drafts.details[case].corrections:
            corrects.setdefault((each.place.insee, each.place.bureau), []).append((case, each))
    keys, free = table.keys(), np.ones(len(table), np.bool_)
    free[drafts.findings] = False
    found: dict[int, int] = {}
    for row in (row for row in gone if free[row]):
        screen = table[row]
        pieces = {screen.left.piece, screen.right.piece}
        for case, each in corrects.get(keys.place_of(row), ()):
            if each.piece in pieces and _looks_at(screen.code, each):
                found.setdefault(row, case)
    return found


_LOOKED_AT = {
    "P401": (Quantity.SIGNATURES, Quantity.VOTES_FOUND),
    "P402": (Quantity.BLANK, Quantity.VOTES_FOUND),
    "P403": (Quantity.REGISTERED, Quantity.VOTES_FOUND),
    "P404": (Quantity.VALID, Quantity.VOTES),
}
"""Screens that look at some figures of a bureau only, the others at any."""


def _looks_at(screen: str, correction: Correction) -> bool:
    of = _LOOKED_AT.get(screen)
    return of is None or (Quantity.VOTES if correction.choice >= 0 else correction.field) in of
