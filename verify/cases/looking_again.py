"""The second look at contests and screens, with corrections and follow-ups: notes on their findings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from protocol.quantities import Quantity
from protocol.words import Message, Text, msg, nmsg, series
from verify.cases.corrections import correct
from verify.cases.proving import NumberedFindings, found_by
from verify.columns.contests_at_hand import supplement_of
from verify.materiality.deduction import ContestVerdict
from verify.model.cases import Correction, Drafts, Sure
from verify.model.checks import Check
from verify.model.evidence import LinedEvidence
from verify.model.figures import Ints
from verify.model.finding_table import FindingTable
from verify.model.findings import Finding
from verify.rules import CHECKS

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


def contest_of(found: Finding) -> Contest:
    """Key of a contest's finding, the same with and without corrections."""
    return found.code, found.insee, found.poll, str(found.details["contest"])


def contests_of(table: FindingTable) -> dict[Contest, int]:
    """The rows of the findings of contests."""
    return {contest_of(table[row]): row for row in rows_of(table, _CONTESTS).tolist()}


def contests_found(evidence: LinedEvidence) -> dict[Contest, Finding]:
    """The findings of contests that some evidence gives."""
    return {contest_of(found): found for found in FindingTable(found_by(evidence, CONTESTS))}


def annotate(found: Finding, note: Text, **details: int | Text) -> Finding:
    """A finding with a note at its end, and further details."""
    return replace(found, details={**found.details, **details, "note": note})


def _annotate_too(found: Finding, note: Text, **details: int | Text) -> Finding:
    """The same behind the note that there is."""
    before = found.details.get("note")
    return annotate(found, series([before, note], "") if before else note, **details)


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
            " This takes the figures as they stand; {count:n} case gives others (V503).",
            " This takes the figures as they stand; {count:n} cases give others (V503).",
            count,
        )
        for contest, row in known.items():
            if contest[1:] != contest_of(found)[1:] or "likely_verdict" in table[row].details:
                continue
            sum_, conclusion = table[row], {}
            if (sum_.details["verdict"], found.details["verdict"]) == _ONLY_READ_OTHERWISE:
                conclusion = {"conclusion": _READ_OTHERWISE}
            noted[row] = _annotate_too(sum_, note, **conclusion)
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
        others[row] = _weighed(found, followed, _said_with(with_them, followed, found))
    more = [_weighed(found, found, ONLY_FOLLOWED) for contest, found in then.items() if contest not in known]
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


def _weighed(found: Finding, then: Finding | None, note: Text) -> Finding:
    return _annotate_too(found, note, followed_excess=_excess(then), followed_verdict=_verdict(then))


LIKELY_ENOUGH = (Sure.CERTAIN, Sure.LIKELY)
"""Cases whose corrections are made."""
_SCREENS = "P"
SCREENS = of_category(_SCREENS)
_GAPS = "P401"
"""The screen of gaps: a correction can show the gap that a slip hides, and it is of that case then."""


def look_again(
    evidence: LinedEvidence, sure: LinedEvidence, table: FindingTable, drafts: Drafts
) -> tuple[FindingTable, Drafts]:
    """Note in findings what the corrections and the follow-ups change; ``sure`` has the certain corrections made."""
    likely = bool(drafts.corrections(Sure.LIKELY))
    with_them = correct(evidence, drafts.corrections(*LIKELY_ENOUGH)) if likely else sure
    if with_them is not evidence:
        table, drafts = _with_corrections(evidence, sure, with_them, table, drafts)
    return weigh(with_them, table, drafts, corrected=with_them is not evidence)


def _with_corrections(
    evidence: LinedEvidence, sure: LinedEvidence, with_them: LinedEvidence, table: FindingTable, drafts: Drafts
) -> tuple[FindingTable, Drafts]:
    """The same, with what the corrected evidence shows otherwise."""
    others: dict[int, Finding] = {}
    more: list[Finding] = []
    known, contests = contests_of(table), contests_found(with_them)
    certain = {contest: table[row] for contest, row in known.items()} if sure is evidence else contests_found(sure)
    likely = with_them is not sure
    for contest, row in known.items():
        found = table[row]
        found = found if sure is evidence else _with_certain(found, certain.get(contest))
        others[row] = _with_likely(found, certain.get(contest), contests.get(contest)) if likely else found
    more += (_with_certain(found, found, only=True) for contest, found in certain.items() if contest not in known)
    new = {contest: found for contest, found in contests.items() if contest not in known and contest not in certain}
    more += (_with_likely(found, None, found, only=True) for found in new.values())
    screens = FindingTable(found_by(with_them, SCREENS))
    there = NumberedFindings(table.keys(), rows_of(table, _SCREENS), np.arange(len(table.keys().places)))
    then = NumberedFindings(screens.keys(), rows_of(screens, _SCREENS), table.numbers_of(screens))
    more += (annotate(screens[row], _ADDED) for row in np.sort(then.rows[there.of(then.numbers) == 0]).tolist())
    gone = np.sort(there.rows[then.of(there.numbers) == 0])
    explained = _explained(table, drafts, gone.tolist())
    alone = table.replaceable()
    others |= {row: annotate(table[row], _GONE) for row in gone.tolist() if row not in explained and alone[row]}
    amended, position = table.with_others(others, more)
    position[_not_explained(table, drafts, gone)] = -1
    return amended, drafts.moved(position, explained)


# --- Contests ---

_MADE = msg(" The certain corrections are made in this.")
_THE_SAME = msg(" With the certain corrections made, this is the same.")
_THE_SAME_IF = msg(" If the likely corrections hold too, this is the same.")
_NONE_LEFT = msg("With the certain corrections made, there are none.")
_NO_SUM = msg("So there is nothing to sum up.")
ONLY_THEN = msg(" This is so with the certain corrections made; as the evidence stands, there are none.")
ONLY_IF = msg(" This is so only if the likely corrections hold; as the evidence stands, there are none.")


def _with_certain(found: Finding, again: Finding | None, *, only: bool = False) -> Finding:
    """A contest's finding with the certain corrections made: never of figures that they put right."""
    corrected: dict[str, int | Text] = {"corrected_excess": _excess(again), "corrected_verdict": _verdict(again)}
    if only:
        return annotate(found, ONLY_THEN, **corrected)
    stated: dict[str, int | Text] = {"stated_excess": _excess(found), "stated_verdict": _verdict(found)}
    note: Message = nmsg(
        " The certain corrections are made in this; without them it would be {count:n} vote.",
        " The certain corrections are made in this; without them it would be {count:n} votes.",
        _excess(found),
    )
    if _excess(found) == _excess(again):
        note = _MADE
    if again is None:
        none = replace(found, right=replace(found.right, value=0))
        return annotate(none, note, **corrected, **stated, verdict=NO_VERDICT, conclusion=_NONE_LEFT, steps=_NO_SUM)
    if _excess(again) == _excess(found) and _conclusion(again) == _conclusion(found):
        return annotate(found, _THE_SAME, **corrected)
    return annotate(again, note, **corrected, **stated)


def _with_likely(found: Finding, sure: Finding | None, again: Finding | None, *, only: bool = False) -> Finding:
    """The same with what it would be if the likely corrections held as well; ``sure`` is with the certain ones."""
    found = _annotate_too(
        found,
        ONLY_IF if only else _beside(sure, again),
        corrected_excess=_excess(sure),
        corrected_verdict=_verdict(sure),
    )
    return replace(found, details={**found.details, "likely_excess": _excess(again), "likely_verdict": _verdict(again)})


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
