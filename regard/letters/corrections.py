"""Figures that a mairie, or who published results, is asked to correct."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from protocol.evidence_kinds import EvidenceKind
from protocol.quantities import Quantity
from protocol.words import Clause, Text, msg, nmsg, series
from regard.views.case_view import CaseViews
from verify.audit import Audit
from verify.cases.place_names import place_of
from verify.cases.wording import own_corrections
from verify.model.bureau_codes import by_number
from verify.model.cases import Case, Correction
from verify.model.evidence import LinedEvidence
from verify.model.findings import Finding, Severity, file_of, shown
from verify.model.labels import field_label, is_made
from verify.model.rule_results import Named

MOST_FINDINGS = 1000
"""Findings of a case that are looked at."""
_MOST_CORRECTIONS, _MOST_OF_A_CASE = 20, 4
"""Corrections that a letter lists in all, and of one case; a case with more is told in one sentence."""


def found_by_rule(result: Audit, code: str, polls: frozenset[int]) -> Iterator[tuple[Named, Severity]]:
    """The bureaux of the findings of a rule, in the polls of the election, and how grave each is."""
    for at in np.flatnonzero(result.findings.keys().of(code)).tolist():
        found = result.findings[at]
        if found.bureau and (not polls or found.poll in polls):
            yield bureau_of(found), found.severity


def bureau_of(found: Finding) -> Named:
    """The bureau and poll of a finding."""
    return Named(found.insee, found.bureau, found.poll)


OF_THE_MAIRIE = frozenset((EvidenceKind.RECORDS, EvidenceKind.VOTES, EvidenceKind.TABULATION))
"""Pieces that a mairie writes."""


def corrections(slips: Sequence[Case], views: CaseViews, *, published: bool) -> list[Text]:
    """List figures to correct in the mairie's pieces, or in the published results; the first of many."""
    found = [
        *_disagreeing(slips, views, published=published),
        *_in_a_sentence(slips, views, published=published),
    ]
    further: list[Text] = [msg("[further figures of the same kind enclosed]")]
    return found[:_MOST_CORRECTIONS] + further * (len(found) > _MOST_CORRECTIONS)


def _wanted(case: Case, result: Audit, *, published: bool) -> bool:
    """Check that a case is about the published results, or about the mairie's pieces alone or beside these."""
    wrong = wrong_pieces(case, result)
    if published:
        return EvidenceKind.PUBLISHED in wrong
    return wrong <= OF_THE_MAIRIE | {EvidenceKind.PUBLISHED} and not wrong <= {EvidenceKind.PUBLISHED}


def _in_a_sentence(slips: Sequence[Case], views: CaseViews, *, published: bool) -> Iterator[Text]:
    """Cases of rows or totals, a sentence each."""
    for case in slips:
        if _is_of_rows(case) and _wanted(case, views.result, published=published):
            said = views.line(case).placed
            sent = not _tells_a_bureau(case) or case.piece in (EvidenceKind.PUBLISHED, EvidenceKind.TABULATION)
            yield said if sent else msg("[If this table is the mairie's: {said}]", said=said)


def _is_of_rows(case: Case) -> bool:
    """Check for a case of more figures than are listed one by one, or of a total that just lacks a bureau."""
    read = max((len(own_corrections(each.corrections)) for each in case.detail.readings), default=0)
    return _tells_a_bureau(case) or max(read, len(own_corrections(case.detail.corrections))) > _MOST_OF_A_CASE


def _tells_a_bureau(case: Case) -> bool:
    return case.cause.name == "total-off" and bool(case.detail.said)


def _disagreeing(slips: Sequence[Case], views: CaseViews, *, published: bool) -> Iterator[Text]:
    """Figures that do not agree with one another, bureau by bureau; the same two once."""
    result, once = views.result, dict[tuple[object, ...], tuple[Finding, Correction | None]]()
    of_cases = ((each, result.findings[at]) for each in slips for at in each.findings[:MOST_FINDINGS])
    for case, found in of_cases:
        values, pieces = (found.left.value, found.right.value), {found.left.piece, found.right.piece}
        counted = all(isinstance(value, int) for value in values) and values[0] != values[1]
        counted &= not is_made(found.left.quantity) and (len(pieces) == 1 or not is_made(found.right.quantity))
        counted = counted and found.field != Quantity.VOTES
        counted &= bool(found.bureau) or not any(each.place.bureau for each in case.detail.corrections)
        wanted = (counted or _is_row_of(found)) and _wanted(case, result, published=published)
        wanted &= not _is_of_rows(case)
        if EvidenceKind.PUBLISHED in wrong_pieces(case, result):  # who published is told of these figures alone
            wanted &= published == (EvidenceKind.PUBLISHED in pieces)
        if wanted and pieces <= OF_THE_MAIRIE | {EvidenceKind.PUBLISHED}:
            slip = _slip_beside(found, case)
            what = (str(found.label_of(found.left)), *values) if slip is None else (str(slip.field),)
            once.setdefault((found.insee, found.bureau, found.poll, *what), (found, slip))
    for found, slip in _said_once(once.values()):
        left, right = (side.piece.there if side.piece else "" for side in (found.left, found.right))
        said: dict[str, object] = {
            "what": found.label_of(found.left),
            "left": shown(found.left.value),
            "there": left,
            "other": _summed(found, views.evidence) or found.details.get("sum") or found.label_of(found.right),
            "right": shown(found.right.value),
            "right_there": right,
            "source": file_of(found.left.source),
            "by": file_of(found.right.source),
            "place": place_of([bureau_of(found)], result.coverage.communes, result.coverage.several_polls),
        }
        if _is_row_of(found):
            row: dict[str, object] = {"place": said["place"], "there": left, "other": found.details["other"]}
            yield msg("{place}: the votes for each choice {there} are those of bureau {other}.", **row)
        elif slip is not None:
            figures = {"what": field_label(slip.field), "left": shown(slip.was), "right": shown(slip.becomes)}
            yield msg("{place}: {what}, {left} {there}; with {right} the figures add up.", **said | figures)
        elif is_made(found.right.quantity) and found.bureau:
            yield msg("{place}: {what}, {left} {there}; the computation gives {right} ({other}).", **said)
        elif is_made(found.right.quantity) and "sum" in found.details:
            yield msg("{what}: {left} in the total ({source}); the computation gives {right} ({other}).", **said)
        elif not found.bureau and found.left.piece in (EvidenceKind.PUBLISHED, EvidenceKind.TABULATION):
            yield msg("{what}: {left} in the total ({source}), {right} by the sum of the bureaux ({by}).", **said)
        elif not found.bureau:
            yield msg(
                "[If this table is the mairie's: {what}, {left} in the total, {right} by the sum of the bureaux.]",
                **said,
            )
        elif found.left.quantity != found.right.quantity:
            yield msg("{place}: {said}.", place=said["place"], said=Clause(found.message))
        elif left == right:
            yield msg("{place}: {what}, {left} in one version and {right} in another ({there}).", **said)
        else:
            yield msg("{place}: {what}, {left} {there} and {right} {right_there}.", **said)
            if "other" in found.details and found.left.quantity == Quantity.VOTES != found.field:
                exchanged = said | {"what": found.details["other"], "left": said["right"], "right": said["left"]}
                yield msg("{place}: {what}, {left} {there} and {right} {right_there}.", **exchanged)


def _slip_beside(found: Finding, case: Case) -> Correction | None:
    """The one figure that makes a sum right, where it is another one than the sum is compared with; else None."""
    first = [each for each in case.detail.corrections if not each.copied]
    if (
        not is_made(found.right.quantity)
        or len(first) != 1
        or None in (first[0].was, first[0].becomes)
        or first[0].piece != found.left.piece
    ):
        return None
    return first[0] if case.detail.adds_up and first[0].field != found.field else None


def _said_once(
    every: Iterable[tuple[Finding, Correction | None]],
) -> Iterator[tuple[Finding, Correction | None]]:
    """Put them by bureau, and leave out a figure that makes a sum right where two pieces are quoted for it."""
    several = sorted(every, key=lambda each: (not each[0].bureau, each[0].insee, by_number(each[0].bureau)))
    sides = ((found, found.left, found.right) for found, slip in several if slip is None and found.bureau)
    compared = {
        (bureau_of(found), found.field)
        for found, left, right in sides
        if left.quantity == right.quantity and left.piece != right.piece
    }
    return (each for each in several if each[1] is None or (bureau_of(each[0]), each[1].field) not in compared)


def _is_row_of(found: Finding) -> bool:
    """Check that a finding says that the votes of a bureau are those of another one."""
    return found.field == Quantity.VOTES and "other" in found.details


def wrong_pieces(case: Case, result: Audit) -> set[str]:
    """The pieces that a case puts right; all that it is about where it is open, but for what is to be known only."""
    wrong = {each.piece for each in case.detail.corrections if not each.copied}
    several = map(result.findings.__getitem__, case.findings[:MOST_FINDINGS])
    sides = (side for found in several if found.severity > Severity.INFO for side in (found.left, found.right))
    return wrong or {side.piece for side in sides if side.piece is not None}


def _summed(found: Finding, evidence: LinedEvidence) -> Text | None:
    """The votes for each choice that make up a sum; None where it is of other counts."""
    unit = evidence.universe.index(found.insee, found.bureau)
    tables = [] if evidence.votes is None else [evidence.votes.values]
    column = evidence.polls.index(found.poll) if found.poll in evidence.polls else 0
    for votes in (*tables, *(lines.votes.values for lines in evidence.published)):
        each = votes[unit, column] if unit >= 0 else votes[:0]
        some = each[each >= 0].tolist()
        if len(some) > 1 and sum(some) == found.right.value:
            return msg("sum of the votes: {votes}", votes=series((shown(one) for one in some), " + "))
    return None


def unpublished(result: Audit, polls: frozenset[int]) -> Iterator[Text]:
    """Bureaux that the published results of their commune leave out, a commune each."""
    lacking: dict[str, list[Named]] = {}
    for place, severity in found_by_rule(result, "C107", polls):
        if severity >= Severity.WARNING:
            lacking.setdefault(place.insee, []).append(place)
    for places in list(lacking.values())[:_MOST_CORRECTIONS]:
        named = place_of(places, result.coverage.communes, result.coverage.several_polls)
        yield nmsg(
            "{place}: not in the published results.", "{place}: not in the published results.", len(places), place=named
        )
    if len(lacking) > _MOST_CORRECTIONS:
        yield msg("[further bureaux enclosed]")
