"""What contests and screens say with the corrections of cases made, noted in their findings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np

from protocol.quantities import Quantity
from protocol.words import Message, Text, msg, nmsg, series
from verify.cases.proof import CONTESTS, SCREENS, by_bureau, found_by, number_findings, rows_of
from verify.columns.contests_at_hand import supplement_of
from verify.materiality.deduction import ContestVerdict
from verify.model.cases import LIKELY_ENOUGH, Correction, Drafts
from verify.model.evidence import LinedEvidence
from verify.model.figures import Ints
from verify.model.finding_table import FindingTable
from verify.model.findings import Finding

NO_VERDICT = "none"
"""The verdict on a contest of which there is nothing to say."""
Contest = tuple[str, str, int, str]
"""Code of the rule, INSEE code, number of the poll, and label of the contest."""


_NOTHING: Mapping[str, int | Text] = {}


def contest_of(found: Finding) -> Contest:
    """Key of a contest's finding, the same with and without corrections."""
    return found.code, found.insee, found.poll, str(found.details["contest"])


def contests_of(table: FindingTable) -> dict[Contest, int]:
    """The rows of the findings of contests."""
    return {contest_of(table[row]): row for row in rows_of(table, CONTESTS).tolist()}


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


def _note_readings(now: dict[Contest, Finding], outcomes: Sequence[Finding]) -> None:
    """Note in findings of contests which cases leave other readings of their figures."""
    for found in outcomes:
        if not (count := _excess(found)):
            continue
        note = nmsg(
            " {count:n} case gives other figures (V503).",
            " {count:n} cases give other figures (V503).",
            count,
        )
        for contest, sum_ in now.items():
            if contest[1:] == contest_of(found)[1:] and "likely_verdict" not in sum_.details:
                only = (sum_.details["verdict"], found.details["verdict"]) == _ONLY_READ_OTHERWISE
                now[contest] = _annotate(sum_, note, {"conclusion": _READ_OTHERWISE} if only else _NOTHING)


_WITH = msg("With the follow-ups")
_WITH_BOTH = msg("With these corrections and the follow-ups")
_WITH_LIKELY = msg("If the likely corrections hold too")
ONLY_FOLLOWED = msg(" This is so with the follow-ups, and not as the evidence stands.")


def _said_with(with_them: Message, then: Finding | None, before: Finding | None) -> Message:
    """Say a contest's sum and verdict with further corrections or follow-ups, beside those before."""
    if then is None:
        return msg(" {with_them}, there are none.", with_them=with_them)
    same = _conclusion(before) == _conclusion(then)
    verdict = msg("The verdict is the same.") if same else then.details["conclusion"]
    values = {"with_them": with_them, "verdict": verdict}
    if then.code == "V502":
        return nmsg(
            " {with_them}: {count:n} valid vote. {verdict}",
            " {with_them}: {count:n} valid votes. {verdict}",
            _excess(then),
            **values,
        )
    return nmsg(
        " {with_them}: {count:n} vote. {verdict}",
        " {with_them}: {count:n} votes. {verdict}",
        _excess(then),
        **values,
    )


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
            return msg("with each contradiction read at its worst")
        return msg("with the certain corrections made, and each contradiction read at its worst")


def look_again(
    looks: Looks, table: FindingTable, drafts: Drafts, outcomes: Sequence[Finding] = ()
) -> tuple[FindingTable, Drafts]:
    """Note in findings what the corrections, the readings of contradictions and the follow-ups change.

    Args:
        looks: the evidence.
        table: the findings.
        drafts: the cases.
        outcomes: further findings, on what can be read otherwise in each contest.
    """
    rows = contests_of(table)
    known = {contest: table[row] for contest, row in rows.items()}
    now = _look_at_contests(looks, known)
    _note_readings(now, outcomes)
    others = {rows[contest]: found for contest, found in now.items() if known.get(contest, found) is not found}
    more = [*outcomes, *(found for contest, found in now.items() if contest not in known)]
    explained: Mapping[int, int] = {}
    unexplained = np.zeros(0, np.int64)
    if looks.likely is not looks.stands:
        screens, alone, keys = FindingTable(found_by(looks.likely, SCREENS)), table.replaceable(), table.keys()
        before, there = _by_number(table, np.arange(len(keys.places)))
        after, then = _by_number(screens, table.place_numbers(screens))
        more += (_annotate(screens[row], _ADDED) for row in then[~np.isin(after, before)].tolist())
        stays, in_cases = np.isin(before, after), map(drafts.findings_of, drafts.correcting(*LIKELY_ENOUGH))
        unexplained = there[stays & ~keys.of(_GAPS)[there] & np.isin(there, [*chain(*in_cases)])]
        gone = np.sort(there[~stays]).tolist()
        explained = _explained(table, drafts, gone)
        others |= {row: _annotate(table[row], _GONE) for row in gone if row not in explained and alone[row]}
    if not (others or more or explained or len(unexplained)):
        return table, drafts
    amended, position = table.with_others(others, more)
    position[unexplained] = -1
    return amended, drafts.moved(position, explained)


def _look_at_contests(looks: Looks, known: Mapping[Contest, Finding]) -> dict[Contest, Finding]:
    """The findings of contests, with what each look changes of them; those that come with one are further ones."""
    now, certain = dict(known), known
    if looks.read is not looks.stands:
        certain, only = contests_found(looks.read), Message(ONLY_THEN.text, {"made": looks.made})
        now = {each: _with_certain(found, certain.get(each), looks.made) for each, found in now.items()}
        now |= {
            each: _annotate(certain[each], only, _weight("corrected", certain[each]))
            for each in certain
            if each not in now
        }
    if looks.likely is not looks.read:
        then = contests_found(looks.likely)
        now |= {each: _with_likely(now[each], certain.get(each), then.get(each)) for each in known}
        now |= {
            each: _annotate(then[each], ONLY_IF, _weight("corrected", None) | _weight("likely", then[each]))
            for each in then
            if each not in now
        }
    weighed = replace(looks.likely, weighed=looks.likely.follow_ups)
    if looks.likely.follow_ups and weighed.once(supplement_of).any():
        then, with_them = contests_found(weighed), _WITH if looks.likely is looks.stands else _WITH_BOTH
        now = {
            each: _annotate(found, _said_with(with_them, then.get(each), found), _weight("followed", then.get(each)))
            for each, found in now.items()
        }
        now |= {
            each: _annotate(then[each], ONLY_FOLLOWED, _weight("followed", then[each]))
            for each in then
            if each not in now
        }
    return now


def _by_number(table: FindingTable, places: Ints) -> tuple[Ints, Ints]:
    """The screens of each rule in each place and poll by number, and the row of the first of each."""
    rows = rows_of(table, SCREENS)
    numbers, first = np.unique(number_findings(table.keys(), rows, places), return_index=True)
    return numbers, rows[first]


# --- Contests ---

_THE_SAME_IF = msg(" If the likely corrections hold too, the conclusion is the same.")
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
        return _annotate(found, msg(" The conclusion is the same {made}.", made=made), corrected)
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


def _explained(table: FindingTable, drafts: Drafts, gone: Sequence[int]) -> Mapping[int, int]:
    """The case of each screen that is gone and is in none: one that corrects what the screen looks at."""
    corrects = by_bureau(drafts, drafts.correcting(*LIKELY_ENOUGH))
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
