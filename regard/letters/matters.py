"""Statements of letters on the evidence: the cases that matter, in order, each with both figures."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile

import numpy as np

from protocol.evidence_kinds import DUMPS, EvidenceKind
from protocol.insee import departement_of
from protocol.quantities import Quantity
from protocol.words import Message, Text, msg, nmsg, series
from regard.letters.communes import COMMUNE
from regard.letters.law import election_of
from regard.letters.matter import BureauGap, Communes, Lead, Matter
from regard.views.case_view import MOST_REMARK, CaseViews
from regard.views.saying import cut
from sim.towns import of_departements
from verify.audit import Audit
from verify.cases.corrections import correct
from verify.cases.place_names import place_of
from verify.cases.wording import told_by
from verify.columns.contests_at_hand import Judged, contests
from verify.columns.supplement import supplement_of
from verify.materiality.contest import ContestCount
from verify.materiality.deduction import ContestVerdict
from verify.materiality.outcome import decide
from verify.model.bureau_codes import by_number
from verify.model.cases import Case, Sure
from verify.model.evidence import LinedEvidence
from verify.model.findings import Finding, Severity, shown, shown_source
from verify.model.labels import is_made
from verify.model.rule_results import Named, Side
from verify.rulebook.catalogue import rule
from verify.rulebook.causes import CaseKind

MOST_CASES, _MOST_FINDINGS, _MOST_FIGURES, _MOST_BUREAUX = 10, 1000, 5, 60
"""Cases in a letter; findings of a case looked at, and of them those that are stated; bureaux that a request lists."""
_MOST_CORRECTIONS = 20
_UNMENTIONED, _OWN_SIGNATURES = "R204", "R205"
_BY_BOTH_COUNTS = frozenset(("found-from-signatures",))
"""Causes whose correction is no fact of a letter, as the two counts that it leaves are."""


def asked_of(views: CaseViews, election: str, author: str = "") -> Matter:
    """Collect the statements of an election's letters; what stands beside them is in the language of the views.

    Args:
        views: of the cases.
        election: kind of the vote, of `regard.letters.law.ELECTIONS`.
        author: who sends the letters; empty for a field to be filled in.
    """
    evidence, result = views.evidence, views.result
    polls, names = _polls(evidence, election), result.coverage.communes
    slips = [each for each in _takes(result, CaseKind.REREAD) if _is_of(each, polls)]
    pending = _pending(result)
    stated, further, left = _stated(evidence, result, polls, pending)
    exhibits = _Exhibits(result)
    facts: list[Text] = [_fact(case, found, evidence, exhibits) for case, found in stated]
    if further > 0:
        facts.append(
            nmsg("{count:n} further case: [list enclosed]", "{count:n} further cases: [list enclosed]", further)
        )
    facing = [case for case, _ in stated]
    every = [*facing, *left, *slips[:MOST_CASES]]
    notes: list[Text] = [_standing(number, found) for number, (_, found) in enumerate(stated, 1)]
    notes += [*_left_out(left, views), *_others(result, polls)]
    corrected = correct(evidence, result.cases.corrections(Sure.CERTAIN))
    contest = _contest(replace(corrected, published=[]), polls) or _contest(corrected, polls)

    def listed(wanted: Callable[[Finding], bool] | None, lacking: str = "", cases: Sequence[Case] = every) -> Communes:
        there = {place.insee for case in every for place in case.places}
        lack = (place for place, _ in _found(result, lacking, polls) if place.insee in there)
        return communes_listed([*_bureaux_of(cases, result, wanted), *lack], names)

    everywhere = listed(None, "C106")
    nowhere = tuple((name, ()) for name, _ in everywhere)
    return Matter(
        **({"author": author} if author else {}),
        communes=everywhere,
        departement=_departement(place.insee for case in every for place in case.places),
        lists=listed(_on_signatures, "C105") or nowhere,
        machines=listed(None, cases=[each for each in every if not _is_of_results(each)]) or nowhere,
        contested=listed(None, cases=facing),
        correcting=listed(None, cases=[each for each in slips if _wrong_pieces(each, result) <= _OF_THE_MAIRIE]),
        facts=tuple(facts),
        gaps=tuple(_gaps(stated, names)),
        corrections=tuple(_corrections(slips, views, published=False)),
        published=(
            *_corrections(slips, views, published=True),
            *_unpublished(result, polls),
            *_other_order(
                _contest(evidence, polls), _contest(replace(evidence, published=[]), polls), contest, evidence
            ),
        ),
        codes=frozenset(result.findings[at].code for case in facing for at in case.findings[:_MOST_FINDINGS]),
        changes=_can_change(result, polls),
        lead=None if contest is None else _lead(contest.count, pending),
        stated=len(stated) + further,
        left=len(left),
        notes=tuple(notes),
        again=tuple(_again(slips, facing, views)),
        exhibits=exhibits.listed(),
    )


def _found(result: Audit, code: str, polls: frozenset[int]) -> Iterator[tuple[Named, Severity]]:
    """The bureaux of the findings of a rule, in the polls of the election, and how grave each is."""
    for at in np.flatnonzero(result.findings.keys().of(code)).tolist():
        found = result.findings[at]
        if found.bureau and (not polls or found.poll in polls):
            yield _bureau_of(found), found.severity


def _can_change(result: Audit, polls: frozenset[int]) -> bool:
    """Check that votes beyond the signatures can change the outcome of a contest of the election."""
    rows = np.flatnonzero(result.findings.keys().of("V501")).tolist()
    return any(
        found.details["verdict"] == ContestVerdict.MATERIAL.value and (not polls or found.poll in polls)
        for found in map(result.findings.__getitem__, rows)
    )


@dataclass(frozen=True)
class _Exhibits:
    """The pieces that a letter names, numbered in the order in which it does."""

    result: Audit
    numbers: dict[tuple[Named, EvidenceKind], int] = field(default_factory=dict)

    def number(self, found: Finding, piece: EvidenceKind) -> int:
        """The number of a piece of a finding's bureau."""
        return self.numbers.setdefault((_bureau_of(found), piece), len(self.numbers) + 1)

    def listed(self) -> tuple[Text, ...]:
        """Each piece and its bureau."""
        return tuple(
            msg("{document}, {place}", document=piece.document, place=self.place(place))
            for place, piece in self.numbers
        )

    def place(self, place: Named) -> Text:
        """The commune and the bureau, a field for a commune that is not known."""
        said = place_of([place], self.result.coverage.communes, self.result.coverage.several_polls)
        return said if place.insee else series((COMMUNE, said))


def _bureau_of(found: Finding) -> Named:
    return Named(found.insee, found.bureau, found.poll)


def _bureaux_of(cases: Iterable[Case], result: Audit, wanted: Callable[[Finding], bool] | None) -> Iterator[Named]:
    """The bureaux of some cases; where only some findings are wanted, those of these."""
    for case in cases:
        places = case.places
        if wanted is not None:
            places = tuple(
                _bureau_of(found) for at in case.findings[:_MOST_FINDINGS] if wanted(found := result.findings[at])
            )
        yield from (place for place in places if place.bureau)


def _is_of_results(case: Case) -> bool:
    """Check for a case that puts the published results right, and nothing else."""
    return case.piece == EvidenceKind.PUBLISHED and case.sure is not Sure.OPEN


def _on_signatures(found: Finding) -> bool:
    return Quantity.SIGNATURES in (found.left.quantity, found.right.quantity)


def _takes(result: Audit, kind: CaseKind) -> Iterator[Case]:
    """The cases of a kind before those of missing evidence, in their order."""
    before = takewhile(lambda each: each.cause.kind is not CaseKind.EVIDENCE, result.cases)
    return (each for each in before if each.cause.kind is kind)


def _polls(evidence: LinedEvidence, election: str) -> frozenset[int]:
    """The polls of the day that are of a kind of election; none where that is not known: all cases then count."""
    polls = evidence.election.polls if evidence.election is not None else ()
    return frozenset(poll.number for poll in polls if election_of(poll.type) == election)


def _departement(communes: Iterable[str]) -> str:
    """The one département of some communes, after a noun; empty where there are several, or none is known."""
    found = {departement_of(insee) for insee in communes}
    return of_departements().get(found.pop(), "") if len(found) == 1 else ""


Stated = tuple[Case, tuple[Finding, ...]]
"""A case, and the findings of it whose two figures are stated."""


def _pending(result: Audit) -> frozenset[tuple[str, str, str]]:
    """Commune, bureau and count of every figure to be read again: of a case without corrections, all of its figures.

    Both counts of an open gap stand, whichever of them is wrong: they are not pending.
    """
    pending: set[tuple[str, str, str]] = set()
    for case in _takes(result, CaseKind.REREAD):
        if _is_open_gap(case, result):
            continue
        corrections = case.detail.corrections
        pending |= {(each.place.insee, each.place.bureau, str(each.field)) for each in corrections}
        if not corrections:
            pending.update(*(_figures_of(result.findings[at]) for at in case.findings[:_MOST_FINDINGS]))
    return frozenset(pending)


def _stated(
    evidence: LinedEvidence, result: Audit, polls: frozenset[int], pending: frozenset[tuple[str, str, str]]
) -> tuple[list[Stated], int, list[Case]]:
    """The cases that are facts, those of the gravest consequence, how many more, and those that are none.

    Facts are irregularities that remain and open gaps, of a bureau and with both counts, no figure of which is to be
    read again; no votes that are missing by a PV that mentions it.
    """
    cases = result.cases
    rows = np.concatenate([cases.rows_of(CaseKind.IRREGULARITY), cases.rows_of(CaseKind.REREAD)])
    stated: list[Stated] = []
    left: list[Case] = []
    for at in rows[np.argsort(-cases.consequence[rows], kind="stable")].tolist():
        case = cases[at]
        if case.severity < Severity.WARNING or not _is_of(case, polls):
            continue
        if case.cause.kind is CaseKind.REREAD and not _is_open_gap(case, result):
            continue
        found = counts_of(case, result, pending)
        if found and not _is_mentioned_lack(found, evidence):
            stated.append((case, found))
        else:
            left.append(case)
    return stated[:MOST_CASES], len(stated[MOST_CASES:]), left


def _is_mentioned_lack(found: Sequence[Finding], evidence: LinedEvidence) -> bool:
    """Check for fewer votes than signatures, of which the PV speaks: nothing is deducted for these."""
    return all(each.code == "R202" and evidence.remark(each.insee, each.bureau, each.poll) for each in found)


def _is_open_gap(case: Case, result: Audit) -> bool:
    """Check for an open case of a gap between votes and signatures, which one of its readings leaves."""
    differ = case.sure is Sure.OPEN and any(each.gap for each in case.detail.readings)
    return differ and any(result.findings[at].is_gap for at in case.findings[:_MOST_FINDINGS])


def counts_of(case: Case, result: Audit, pending: frozenset[tuple[str, str, str]]) -> tuple[Finding, ...]:
    """The findings by which a case is told, as far as they are of a bureau and have two sure counts."""
    table = result.findings
    some = [table[at] for at in case.findings[:_MOST_FINDINGS]]
    code = some[told_by(case.cause, (each.code for each in some))].code
    if case.cause.name in _BY_BOTH_COUNTS:
        code = next((each.code for each in some if each.is_gap), code)
    return tuple(each for each in some if each.code == code and _is_fact(each, pending))


def _is_fact(found: Finding, pending: frozenset[tuple[str, str, str]]) -> bool:
    counted = all(isinstance(side.value, int) and side.value >= 0 for side in (found.left, found.right))
    stand = not any(side.piece is None or is_made(side.quantity) for side in (found.left, found.right))
    differ = found.left.value != found.right.value  # of two lists of as many choices nothing can be told by numbers
    return counted and stand and differ and bool(found.bureau) and _figures_of(found).isdisjoint(pending)


def _figures_of(found: Finding) -> frozenset[tuple[str, str, str]]:
    """Commune, bureau and count of both figures of a finding; the choice for the votes for one."""
    sides = (found.left.quantity, found.right.quantity)
    counts = (str(found.field) if count == Quantity.VOTES else count for count in sides)
    return frozenset((found.insee, found.bureau, count) for count in counts)


def _is_of(case: Case, polls: frozenset[int]) -> bool:
    return not polls or any(place.poll == 0 or place.poll in polls for place in case.places) or not case.places


def _fact(case: Case, findings: tuple[Finding, ...], evidence: LinedEvidence, exhibits: _Exhibits) -> Text:
    """State one case: both counts and their pieces; no cause, and no name of a file."""
    some = findings[:_MOST_FIGURES]
    said: list[Text] = [_stated_counts(each, exhibits) for each in some]
    of_gap = any(each.is_gap for each in findings)
    others = [exhibits.result.findings[at] for at in case.findings[:_MOST_FINDINGS]]
    own = [each for each in others if each.code == _OWN_SIGNATURES and isinstance(each.left.value, int)]
    if of_gap and own:
        number, count = exhibits.number(some[0], EvidenceKind.RECORDS), own[0].left.value
        said.append(msg("The PV (exhibit {number}) has {count:n} signatures.", number=number, count=count))
    elif of_gap and any(each.code == _UNMENTIONED for each in others):
        number = exhibits.number(some[0], EvidenceKind.RECORDS)
        said.append(msg("[The PV (exhibit {number}) does not mention the difference.]", number=number))
    elif of_gap:
        said += [
            msg(
                "The PV (exhibit {number}) remarks: “{remark}”",
                number=exhibits.number(each, EvidenceKind.RECORDS),
                remark=cut(remark, MOST_REMARK),
            )
            for each in some
            if (remark := evidence.remark(each.insee, each.bureau, each.poll))
        ]
    if len(findings) > _MOST_FIGURES:
        said.append(msg("[further figures of the same kind enclosed]"))
    return series(said, " ")


def _stated_counts(found: Finding, exhibits: _Exhibits) -> Text:
    values: dict[str, object] = {
        "place": exhibits.place(_bureau_of(found)),
        "left": shown(found.left.value),
        "left_place": _in_document(found, found.left, exhibits),
        "right": shown(found.right.value),
        "right_place": _in_document(found, found.right, exhibits),
    }
    what, other = found.label_of(found.left), found.label_of(found.right)
    if what != other:
        values |= {"what": what, "other": other}
        return msg("{place}: {left} {what} ({left_place}) and {right} {other} ({right_place}).", **values)
    values |= {"title": rule(found.code).title, "what": what}
    return msg("{place}. {title}; {what}: {left} ({left_place}) and {right} ({right_place}).", **values)


def _in_document(found: Finding, side: Side, exhibits: _Exhibits) -> Text:
    """The piece that a figure stands in and its exhibit; of a page that is not known, a blank to fill in."""
    if side.piece is None:
        return msg("[document, page …]")
    document, page = side.piece.document, _PAGE.search(side.source)
    values: dict[str, object] = {"document": document, "number": exhibits.number(found, side.piece)}
    if page is not None:
        return msg("{document}, page {page}, exhibit {number}", page=page[1], **values)
    if side.piece in DUMPS:
        return msg("[{document}], exhibit {number}", **values)
    return msg("[{document}, page …], exhibit {number}", **values)


_PAGE = re.compile(r"\bpage (\d{1,6})\]$", re.ASCII)


def _standing(number: int, findings: tuple[Finding, ...]) -> Text:
    """Beside the letter: in which files and rows the figures of a fact stand."""
    rows = series(
        (
            msg("{left} and {right}", left=_figure(each.left), right=_figure(each.right))
            for each in findings[:_MOST_FIGURES]
        ),
        msg("; "),
    )
    return msg("Fact {number} stands at: {rows}.", number=number, rows=rows)


def _left_out(left: Sequence[Case], views: CaseViews) -> Iterator[Text]:
    """Beside the letter: the irregularities that are no facts in it, and why."""
    for case in left[:MOST_CASES]:
        yield msg("Not in the letter: {said} Why: {why}", said=views.line(case).placed, why=_why_left(case, views))
    if (more := len(left) - MOST_CASES) > 0:
        yield nmsg(
            "{count:n} more irregularity is not in the letter for such a reason; the report has it.",
            "{count:n} more irregularities are not in the letter for such a reason; the report has them.",
            more,
        )


def _why_left(case: Case, views: CaseViews) -> Message:
    found = counts_of(case, views.result, frozenset())
    if found and _is_mentioned_lack(found, views.evidence):
        return msg("the PV mentions it, and no votes are deducted where some are missing.")
    if found:
        return msg("one of its figures is to be read again first.")
    return msg(
        "it does not consist of two figures of one bureau. To complain of it, describe it in the letter yourself."
    )


def _again(slips: Sequence[Case], facing: Sequence[Case], views: CaseViews) -> Iterator[Text]:
    """Beside the letter: what is probably a slip, how sure that is, and what is to be read again where."""
    stated = {case.number for case in facing}
    for view in map(views.view, slips[:MOST_CASES]):
        values = {"sure": view.sure_word, "said": view.placed, "action": view.what_to_do}
        if view.number in stated:
            yield msg("A fact of the complaint, to be counted again before sending ({sure}): {said} {action}", **values)
        else:
            yield msg("Not in the complaint, to be read again first ({sure}): {said} {action}", **values)
    if (more := len(slips) - MOST_CASES) > 0:
        yield nmsg(
            "And {count:n} more case to be read again before sending, which the report has.",
            "And {count:n} more cases to be read again before sending, which the report has.",
            more,
        )


def _others(result: Audit, polls: frozenset[int]) -> Iterator[Text]:
    """Beside the letter: how many cases are of other kinds, for information only, and of other polls."""
    own = informing = elsewhere = 0
    for case in takewhile(lambda each: each.cause.kind is not CaseKind.EVIDENCE, result.cases):
        if not _is_of(case, polls):
            elsewhere += 1
        elif case.cause.kind is CaseKind.IRREGULARITY and case.severity < Severity.WARNING:
            informing += 1
        else:
            own += 1
    if (evidence := len(result.cases) - own - informing - elsewhere) > 0:
        yield nmsg(
            "Not in the letter: {count:n} case of evidence that is missing, damaged or to be put right; the "
            "report has it.",
            "Not in the letter: {count:n} cases of evidence that is missing, damaged or to be put right; the "
            "report has them.",
            evidence,
        )
    if informing > 0:
        yield nmsg(
            "{count:n} case is for information only and is not in the letter; the report has it.",
            "{count:n} cases are for information only and are not in the letter; the report has them.",
            informing,
        )
    if elsewhere > 0:
        yield nmsg(
            "{count:n} case is of another poll of the day, and is in the letters for that one.",
            "{count:n} cases are of other polls of the day, and are in the letters for those.",
            elsewhere,
        )


def _figure(side: Side) -> Text:
    figure: Text = series((shown(side.value),))
    return msg("{figure} ({source})", figure=figure, source=shown_source(side.source)) if side.source else figure


def communes_listed(places: Sequence[Named], names: Mapping[str, str]) -> Communes:
    """The communes and their bureaux: of too many bureaux none is listed, and of too many communes none either."""
    codes: dict[str, dict[str, None]] = {}
    for place in places:
        codes.setdefault(place.insee, {})[place.bureau] = None
    if len(codes) > _MOST_BUREAUX:
        return ()
    few = sum(map(len, codes.values())) <= _MOST_BUREAUX
    return tuple(
        (names.get(insee) or insee, tuple(sorted(of_commune, key=by_number)) if few else ())
        for insee, of_commune in codes.items()
    )


def _gaps(stated: Sequence[Stated], names: Mapping[str, str]) -> Iterator[BureauGap]:
    """Each bureau of the facts whose signatures and votes differ."""
    for found in (each for _, several in stated for each in several if each.is_gap):
        signed, votes = found.left.value, found.right.value
        if isinstance(signed, int) and isinstance(votes, int):
            yield BureauGap(names.get(found.insee, found.insee), found.bureau, signed, votes)


_OF_THE_MAIRIE = frozenset((EvidenceKind.RECORDS, EvidenceKind.VOTES, EvidenceKind.TABULATION))
"""Pieces that a mairie writes."""


def _corrections(slips: Sequence[Case], views: CaseViews, *, published: bool) -> Iterator[Text]:
    """Figures that do not agree with one another, bureau by bureau; the same two once.

    They are those of the mairie's pieces, or those of the published results and of what these are made from.
    """
    result, once = views.result, dict[tuple[object, ...], Finding]()
    of_cases = ((each, result.findings[at]) for each in slips for at in each.findings[:_MOST_FINDINGS])
    for case, found in of_cases:
        values, pieces = (found.left.value, found.right.value), {found.left.piece, found.right.piece}
        counted = all(isinstance(value, int) for value in values) and values[0] != values[1]
        counted &= not is_made(found.left.quantity) and (len(pieces) == 1 or not is_made(found.right.quantity))
        wrong = _wrong_pieces(case, result)
        wanted = EvidenceKind.PUBLISHED in wrong if published else wrong <= _OF_THE_MAIRIE
        if counted and wanted and pieces <= _OF_THE_MAIRIE | {EvidenceKind.PUBLISHED}:
            key = (found.insee, found.bureau, found.poll, str(found.label_of(found.left)), *values)
            once.setdefault(key, found)
    several = sorted(once.values(), key=lambda each: (not each.bureau, each.insee, by_number(each.bureau)))
    for found in several[:_MOST_CORRECTIONS]:
        left, right = (side.piece.there if side.piece else "" for side in (found.left, found.right))
        said: dict[str, object] = {
            "what": found.label_of(found.left),
            "left": shown(found.left.value),
            "there": left,
            "other": _summed(found, views.evidence) or found.details.get("sum") or found.label_of(found.right),
            "right": shown(found.right.value),
            "right_there": right,
            "place": place_of([_bureau_of(found)], result.coverage.communes, result.coverage.several_polls),
        }
        if not found.bureau:
            yield msg("{what}: {left} in the total, {right} by the sum of the bureaux.", **said)
        elif is_made(found.right.quantity):
            yield msg("{place}: {what}, {left} {there}; the computation gives {right} ({other}).", **said)
        elif left == right:
            yield msg("{place}: {what}, {left} in one version and {right} in another ({there}).", **said)
        else:
            yield msg("{place}: {what}, {left} {there} and {right} {right_there}.", **said)
            if "other" in found.details and found.left.quantity == Quantity.VOTES != found.field:
                exchanged = said | {"what": found.details["other"], "left": said["right"], "right": said["left"]}
                yield msg("{place}: {what}, {left} {there} and {right} {right_there}.", **exchanged)
    if len(several) > _MOST_CORRECTIONS:
        yield msg("[further figures of the same kind enclosed]")


def _wrong_pieces(case: Case, result: Audit) -> set[str]:
    """The pieces that a case puts right; all that it is about where it is open."""
    wrong = {each.piece for each in case.detail.corrections if not each.copied}
    sides = (
        side for at in case.findings[:_MOST_FINDINGS] for side in (result.findings[at].left, result.findings[at].right)
    )
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


_OF_VOTERS = frozenset((Quantity.SIGNATURES, Quantity.VOTES_FOUND, Quantity.REGISTERED))
"""Counts that a lead does not depend on."""


def _contest(evidence: LinedEvidence, polls: frozenset[int]) -> Judged | None:
    """The one contest of an election with votes for two choices of which one is elected."""
    found = [
        each for each in contests(evidence, supplement_of(evidence), every=True) if not polls or each.poll in polls
    ]
    if len(found) != 1 or len(found[0].count.choices) < 2 or not found[0].count.scope.voted:
        return None
    ballot = found[0].count.ballot
    return None if ballot is not None and ballot.kind.several_names else found[0]


def _lead(count: ContestCount, pending: frozenset[tuple[str, str, str]]) -> Lead:
    """The lead in a contest, by evidence with the certain corrections made."""
    ballot, totals = count.ballot, count.totals
    first, second = _first_two(count)
    elected = None
    if ballot is not None and not (ballot.kind.of_registered and totals.registered is None):
        elected = tuple(count.choices[choice] for choice in sorted(decide(ballot, totals).elected))
    return Lead(
        names=(count.choices[first], count.choices[second]),
        votes=(totals.votes[first], totals.votes[second]),
        bureaux=count.scope.voted,
        majority=None if ballot is None or ballot.final else totals.valid // 2 + 1,
        elected=elected,
        sure=count.scope.voted == count.scope.listed and all(name in _OF_VOTERS for _, _, name in pending),
    )


def _first_two(count: ContestCount) -> list[int]:
    """The two choices with the most votes."""
    return sorted(range(len(count.totals.votes)), key=lambda choice: -count.totals.votes[choice])[:2]


def _unpublished(result: Audit, polls: frozenset[int]) -> Iterator[Text]:
    """Bureaux that the published results of their commune leave out, a commune each."""
    lacking: dict[str, list[Named]] = {}
    for place, severity in _found(result, "C107", polls):
        if severity >= Severity.WARNING:
            lacking.setdefault(place.insee, []).append(place)
    for places in list(lacking.values())[:_MOST_CORRECTIONS]:
        named = place_of(places, result.coverage.communes, result.coverage.several_polls)
        yield nmsg(
            "{place}: not in the published results.", "{place}: not in the published results.", len(places), place=named
        )
    if len(lacking) > _MOST_CORRECTIONS:
        yield msg("[further bureaux enclosed]")


def _other_order(
    published: Judged | None, of_records: Judged | None, corrected: Judged | None, evidence: LinedEvidence
) -> Iterator[Text]:
    """That another choice is ahead by the published votes than by those of the PVs, with and without corrections."""
    if published is None or of_records is None or corrected is None or evidence.votes is None:
        return
    before, after = _first_two(published.count), _first_two(of_records.count)
    of_results = published.votes_from in {lines.published.file for lines in evidence.published}
    ahead, stand, hold = (each.count.choices[_first_two(each.count)[0]] for each in (published, of_records, corrected))
    if of_results and ahead != stand == hold:
        yield msg(
            "By the published results {published}; by the PVs {of_records}.",
            published=_ahead(published.count, before),
            of_records=_ahead(of_records.count, after),
        )


def _ahead(count: ContestCount, two: Sequence[int]) -> Text:
    first, second = two
    return msg(
        "“{first}” is ahead of “{second}” ({most:n} and {next:n} votes)",
        first=count.choices[first],
        second=count.choices[second],
        most=count.totals.votes[first],
        next=count.totals.votes[second],
    )
