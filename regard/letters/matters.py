"""Statements of letters on the evidence: the cases that matter, in order, each with both figures."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile

import numpy as np

from protocol import night
from protocol.evidence_kinds import DUMPS, EvidenceKind
from protocol.insee import departement_of
from protocol.quantities import Quantity
from protocol.words import Message, Text, msg, nmsg, series
from regard.letters.contest_lead import contest_of, lead_of, lead_without, other_order
from regard.letters.corrections import (
    MOST_FINDINGS,
    OF_THE_MAIRIE,
    bureau_of,
    corrections,
    found_by_rule,
    unpublished,
    wrong_pieces,
)
from regard.letters.law import election_of
from regard.letters.matter import COMMUNE, BureauGap, Communes, Lead, Matter
from regard.views.case_view import MOST_REMARK, CaseViews
from regard.views.cases import settled
from regard.views.saying import cut
from sim.towns import of_departements
from verify.audit import Audit
from verify.cases.corrections import correct
from verify.cases.place_names import place_of
from verify.cases.wording import GIVEN_TWICE, told_by
from verify.columns.contests_at_hand import Judged
from verify.columns.screened import screened
from verify.materiality.deduction import ContestVerdict
from verify.model.bureau_codes import by_number
from verify.model.cases import Case, Sure
from verify.model.evidence import LinedEvidence
from verify.model.figures import Bools
from verify.model.findings import Finding, Severity, file_of, is_of_roll, shown, shown_source
from verify.model.labels import is_made
from verify.model.rule_results import Named, Side
from verify.model.universe import PAPER, UNKNOWN
from verify.rulebook.causes import CaseKind

MOST_CASES, _MOST_FIGURES, _MOST_BUREAUX = 10, 5, 60
"""Cases in a letter; findings of a case that are stated; bureaux that a request lists."""
_UNMENTIONED, _OWN_SIGNATURES = "R204", "R205"
_BY_BOTH_COUNTS = frozenset(("found-from-signatures",))
"""Causes whose correction is no fact of a letter, as the two counts that it leaves are."""


def collect_matter(views: CaseViews, election: str, author: str = "") -> Matter:
    """Collect the statements of an election's letters; what stands beside them is in the language of the views.

    Args:
        views: of the cases.
        election: kind of the vote, of `regard.letters.law.ELECTIONS`.
        author: who sends the letters; empty for a field to be filled in.
    """
    evidence, result = views.evidence, views.result
    polls, names = _polls(evidence, election), result.coverage.communes
    slips, pending = _slips(result, polls), _pending(result)
    stated, further, left = _stated(evidence, result, polls, pending)
    exhibits = _Exhibits(result)
    facts = [_fact(case, found, evidence, exhibits) for case, found in stated]
    facing = [case for case, _ in stated]
    every = [*facing, *left, *slips[:MOST_CASES]]
    reread = [*slips, *(each for each in left if is_of_roll(each.first))]
    notes = [*_standings(stated), *_left_out(left, views), *_others(result, polls)]
    corrected = correct(evidence, result.cases.corrections(Sure.CERTAIN))
    contest, deductions = contest_of(corrected, polls), _deductions(result, polls)

    def bureaux(wanted: Callable[[Finding], bool] | None, lacking: str = "", cases: Sequence[Case] = every) -> Communes:
        there = {place.insee for case in every for place in case.places}
        lack = (place for place, _ in found_by_rule(result, lacking, polls) if place.insee in there)
        return communes_listed([*_bureaux_of(cases, result, wanted), *lack], names)

    everywhere = bureaux(None, "C106")
    nowhere = tuple((name, ()) for name, _ in everywhere)
    return Matter(
        **({"author": author} if author else {}),
        communes=everywhere,
        departement=_departement(place.insee for case in every for place in case.places),
        constituency=_constituency(evidence),
        lists=bureaux(_on_signatures, "C105") or nowhere,
        machines=bureaux(None, cases=[each for each in every if not _needs_no_machine(each, evidence)]) or nowhere,
        on_paper=bool(len(evidence.universe) and evidence.once(on_paper).all()),
        centralised=_is_whole(result.coverage.kinds.get(EvidenceKind.TABULATION, (0, 0))),
        contested=bureaux(None, cases=facing),
        correcting=bureaux(None, cases=[each for each in reread if wrong_pieces(each, result) <= OF_THE_MAIRIE]),
        facts=(*facts, *_further(further)),
        gaps=tuple(_gaps(stated, names, evidence)),
        corrections=tuple(corrections(reread, views, published=False)),
        published=(
            *corrections(reread, views, published=True),
            *unpublished(result, polls),
            *other_order(evidence, contest, polls),
        ),
        codes=frozenset(result.findings[at].code for case in facing for at in case.findings[:MOST_FINDINGS]),
        deducted=sum(each.right.value for each in deductions if isinstance(each.right.value, int)),
        changes=any(each.details["verdict"] == ContestVerdict.MATERIAL.value for each in deductions),
        lead=None if contest is None else lead_of(contest.count, pending),
        otherwise=() if contest is None else tuple(_otherwise(result, corrected, contest, polls)),
        without=None if contest is None else _without(result, contest, stated, evidence),
        stated=len(stated) + further,
        recount=any(_is_to_count_again(case, found) for case, found in stated),
        left=len(left),
        notes=tuple(notes),
        again=tuple(_again(slips, facing, views)),
        exhibits=exhibits.listed(),
    )


def _is_whole(kind: tuple[int, int]) -> bool:
    """Test whether evidence of a kind was read for all bureaux that should have it."""
    had, due = kind
    return had == due > 0


def _further(count: int) -> Iterator[Text]:
    """Cases that a letter does not state one by one."""
    if count:
        yield nmsg("{count:n} further case: [list enclosed]", "{count:n} further cases: [list enclosed]", count)


def _otherwise(
    result: Audit, corrected: LinedEvidence, contest: Judged, polls: frozenset[int]
) -> Iterator[tuple[Text, Lead]]:
    """The lead in each reading of a deciding case by which others are ahead or elected."""
    stands = lead_of(contest.count, frozenset())
    for case in filter(_decides, _takes(result, CaseKind.REREAD)):
        for reading in case.detail.readings:
            read = contest_of(correct(corrected, reading.corrections), polls)
            lead = stands if read is None else lead_of(read.count, frozenset())
            if (lead.names, lead.elected) != (stands.names, stands.elected):
                yield place_of(case.places, result.coverage.communes, result.coverage.several_polls), lead


def _without(
    result: Audit, contest: Judged, stated: Sequence[Stated], evidence: LinedEvidence
) -> tuple[Text, Lead] | None:
    """The bureaux of the facts whose PVs do not mention the difference, and the lead without them (V502)."""
    places = [
        bureau_of(found)
        for case, several in stated
        if any(result.findings[at].code == _UNMENTIONED for at in case.findings[:MOST_FINDINGS])
        for found in several
        if found.is_gap
    ]
    lead = lead_without(contest, {evidence.universe.index(place.insee, place.bureau) for place in places})
    if lead is None:
        return None
    return place_of(places, result.coverage.communes, result.coverage.several_polls), lead


def _deductions(result: Audit, polls: frozenset[int]) -> list[Finding]:
    """The deduction of votes beyond signatures or voters in each contest of the election (V501)."""
    rows = np.flatnonzero(result.findings.keys().of("V501")).tolist()
    return [found for found in map(result.findings.__getitem__, rows) if not polls or found.poll in polls]


@dataclass(frozen=True)
class _Exhibits:
    """The pieces that a letter names, numbered in the order in which it does: of a bureau, or a file by its name."""

    result: Audit
    numbers: dict[tuple[Named | None, Text], int] = field(default_factory=dict)

    def number(self, found: Finding, document: Text, *, of_all: bool = False) -> int:
        """The number of a piece of a finding's bureau, or of one that is about all bureaux."""
        key = (None if of_all else bureau_of(found)), document
        return self.numbers.setdefault(key, len(self.numbers) + 1)

    def number_of_record(self, found: Finding) -> int:
        """The number of the PV of a finding's bureau."""
        return self.number(found, EvidenceKind.RECORDS.document)

    def listed(self) -> tuple[Text, ...]:
        """Each piece and its bureau."""
        return tuple(
            msg("[{to_check}]", to_check=document)
            if place is None
            else msg("[{document}], {place}", document=document, place=self.place(place))
            for place, document in self.numbers
        )

    def place(self, place: Named) -> Text:
        """The commune and the bureau, a field for a commune that is not known."""
        said = place_of([place], self.result.coverage.communes, self.result.coverage.several_polls)
        return said if place.insee else series((COMMUNE, said))


def _bureaux_of(cases: Iterable[Case], result: Audit, wanted: Callable[[Finding], bool] | None) -> Iterator[Named]:
    """The bureaux of some cases; where only some findings are wanted, those of these."""
    for case in cases:
        places = case.places
        if wanted is not None:
            places = tuple(
                bureau_of(found) for at in case.findings[:MOST_FINDINGS] if wanted(found := result.findings[at])
            )
        yield from (place for place in places if place.bureau)


def on_paper(evidence: LinedEvidence) -> Bools:
    """Bureaux that vote on paper by the list, else as all of their commune have null votes, which no machine records.

    Shape ``(units,)``.
    """
    universe, nulls = evidence.universe, screened(evidence).null
    commune = np.unique(universe.insee, return_inverse=True)[1]
    some = (nulls.values > 0).any(axis=1)
    of_commune = np.bincount(commune, ~some)[commune] == 0
    return np.asarray((universe.counting == PAPER) | ((universe.counting == UNKNOWN) & of_commune), np.bool_)


def _needs_no_machine(case: Case, evidence: LinedEvidence) -> bool:
    """Check for a case that puts the published results right, and nothing else, or of which all vote on paper."""
    units = [evidence.universe.index(place.insee, place.bureau) for place in case.places]
    paper = evidence.once(on_paper)
    all_paper = units and all(unit >= 0 and paper[unit] for unit in units)
    return bool(all_paper) or (case.piece == EvidenceKind.PUBLISHED and case.sure is not Sure.OPEN)


def _on_signatures(found: Finding) -> bool:
    return Quantity.SIGNATURES in (found.left.quantity, found.right.quantity)


def _takes(result: Audit, kind: CaseKind) -> Iterator[Case]:
    """The cases of a kind before those of missing evidence, in their order."""
    before = takewhile(lambda each: each.cause.kind is not CaseKind.EVIDENCE, result.cases)
    return (each for each in before if each.cause.kind is kind)


def _slips(result: Audit, polls: frozenset[int]) -> list[Case]:
    """The figures to be read again in some polls, but for what people say is settled."""
    done = settled(result)
    return [each for each in _takes(result, CaseKind.REREAD) if _is_of(each, polls) and each.number not in done]


def _polls(evidence: LinedEvidence, election: str) -> frozenset[int]:
    """The polls of the day that are of a kind of election; none where that is not known: all cases then count."""
    polls = evidence.election.polls if evidence.election is not None else ()
    return frozenset(poll.number for poll in polls if election_of(poll.type) == election)


def _departement(communes: Iterable[str]) -> str:
    """The one département of some communes, after a noun; empty where there are several, or none is known."""
    found = {departement_of(insee) for insee in communes}
    return of_departements().get(found.pop(), "") if len(found) == 1 else ""


_CONSTITUENCY = re.compile(r"\b[0-9]+(?:re|ère|e|ème|nde?) circonscription (?:d[eu]s? |d['’])[^,;:–—(]+")


def _constituency(evidence: LinedEvidence) -> str:
    """The one constituency that the names of the election and of its polls say; empty for none."""
    election = evidence.election
    names = () if election is None else (election.name, *(poll.name for poll in election.polls))
    found = {said[0].strip() for name in names for said in _CONSTITUENCY.finditer(name)}
    return found.pop() if len(found) == 1 else ""


Stated = tuple[Case, tuple[Finding, ...]]
"""A case, and the findings of it whose two figures are stated."""


def _pending(result: Audit) -> frozenset[tuple[str, str, str]]:
    """Commune, bureau and count of every figure to be read again: of a case without corrections, all of its figures.

    Both counts of an open gap stand, whichever of them is wrong: they are not pending. A figure given twice is.
    """
    keys = result.findings.keys()
    twice = np.flatnonzero(keys.of(GIVEN_TWICE) & result.findings.of_first())
    pending = {each for row in twice.tolist() for each in _figures_of(result.findings[row])}
    for case in _takes(result, CaseKind.REREAD):
        if _is_open_gap(case, result):
            continue
        corrections = case.detail.corrections
        pending |= {(each.place.insee, each.place.bureau, str(each.field)) for each in corrections}
        if not corrections:
            pending.update(*(_figures_of(result.findings[at]) for at in case.findings[:MOST_FINDINGS]))
    return frozenset(pending)


def _stated(
    evidence: LinedEvidence, result: Audit, polls: frozenset[int], pending: frozenset[tuple[str, str, str]]
) -> tuple[list[Stated], int, list[Case]]:
    """The cases that are facts, those of the gravest consequence, how many more, and those that are none.

    Facts are irregularities that remain and open gaps, of a bureau and with both counts, no figure of which is to be
    read again; and two figures that contradict each other where the outcome depends on it. Missing votes that the PV
    mentions are none, nor those that a figure to be read again may end.
    """
    cases = result.cases
    rows = np.concatenate([cases.rows_of(CaseKind.IRREGULARITY), cases.rows_of(CaseKind.REREAD)])
    stated: list[Stated] = []
    left: list[Case] = []
    for at in rows[np.argsort(-cases.consequence[rows], kind="stable")].tolist():
        case = cases[at]
        if case.severity < Severity.WARNING or not _is_of(case, polls):
            continue
        if case.cause.kind is CaseKind.REREAD and not (_is_open_gap(case, result) or _decides(case)):
            continue
        found = counts_of(case, result, frozenset() if _decides(case) else pending)
        again = case.cause.kind is CaseKind.REREAD and not _decides(case) and _lacks_votes(found)
        if found and not again and not _is_mentioned_lack(found, evidence):
            stated.append((case, found))
        else:
            left.append(case)
    stated.sort(key=lambda each: not _decides(each[0]) and _is_mentioned(each[1], evidence))
    return stated[:MOST_CASES], len(stated[MOST_CASES:]), left


def _is_mentioned_lack(found: Sequence[Finding], evidence: LinedEvidence) -> bool:
    """Check for fewer votes than signatures, of which the PV speaks: nothing is deducted for these."""
    return _lacks_votes(found) and _is_mentioned(found, evidence)


def _lacks_votes(found: Sequence[Finding]) -> bool:
    """Check for fewer votes than signatures, for which nothing is deducted."""
    counts = [(each.left.value, each.right.value) for each in found if each.is_gap]
    return len(counts) == len(found) and all(
        isinstance(signed, int) and isinstance(votes, int) and signed > votes for signed, votes in counts
    )


def _is_mentioned(found: Sequence[Finding], evidence: LinedEvidence) -> bool:
    return all(evidence.remark(each.insee, each.bureau, each.poll) for each in found)


def _decides(case: Case) -> bool:
    """Check for an open case whose readings have different outcomes."""
    return case.sure is Sure.OPEN and case.detail.consequence > 0


def _is_open_gap(case: Case, result: Audit) -> bool:
    """Check for an open case of a gap between votes and signatures, which one of its readings leaves."""
    differ = case.sure is Sure.OPEN and any(each.gap for each in case.detail.readings)
    return differ and any(result.findings[at].is_gap for at in case.findings[:MOST_FINDINGS])


def counts_of(case: Case, result: Audit, pending: frozenset[tuple[str, str, str]]) -> tuple[Finding, ...]:
    """The findings by which a case is told, as far as they are of a bureau and have two sure counts."""
    table = result.findings
    some = [table[at] for at in case.findings[:MOST_FINDINGS]]
    code = some[told_by(case.cause, (each.code for each in some))].code
    if case.cause.name in _BY_BOTH_COUNTS or _is_open_gap(case, result):
        code = next((each.code for each in some if each.is_gap), code)
    return tuple(each for each in some if each.code == code and _is_fact(each, pending))


def _is_fact(found: Finding, pending: frozenset[tuple[str, str, str]]) -> bool:
    counted = all(isinstance(side.value, int) and side.value >= 0 for side in (found.left, found.right))
    stand = not any(side.piece is None or is_made(side.quantity) for side in (found.left, found.right))
    # Of two lists of as many choices nothing can be told by numbers.
    differ = found.left.value != found.right.value and not is_of_roll(found)
    return counted and stand and differ and bool(found.bureau) and _figures_of(found).isdisjoint(pending)


def _figures_of(found: Finding) -> frozenset[tuple[str, str, str]]:
    """Commune, bureau and count of both figures of a finding; the choice for the votes for one."""
    sides = (found.left.quantity, found.right.quantity)
    counts = (str(found.field) if count == Quantity.VOTES else count for count in sides)
    return frozenset((found.insee, found.bureau, count) for count in counts)


def _is_of(case: Case, polls: frozenset[int]) -> bool:
    return not polls or any(place.poll == 0 or place.poll in polls for place in case.places) or not case.places


def _fact(case: Case, findings: tuple[Finding, ...], evidence: LinedEvidence, exhibits: _Exhibits) -> Text:
    """State one case: both counts and their pieces; no cause, and of files only those that others gave."""
    some = findings[:_MOST_FIGURES]
    said: list[Text] = [_stated_counts(each, exhibits) for each in some]
    of_gap = any(each.is_gap for each in findings)
    codes = {exhibits.result.findings[at].code for at in case.findings[:MOST_FINDINGS]}
    if of_gap and (count := _signatures_in_record(some[0], evidence)) >= 0:
        values = {"number": exhibits.number_of_record(some[0]), "count": count}
        if _OWN_SIGNATURES in codes:
            said.append(msg("The PV (exhibit {number}) has {count:n} signatures.", **values))
        else:
            said.append(msg("The PV (exhibit {number}) has {count:n} signatures as well.", **values))
    of_gap &= _OWN_SIGNATURES not in codes
    if of_gap and _UNMENTIONED in codes:
        number = exhibits.number_of_record(some[0])
        said.append(msg("[The PV (exhibit {number}) does not mention the difference.]", number=number))
    if of_gap:
        said += [
            msg(
                "The PV (exhibit {number}) remarks: “{remark}”.",
                number=exhibits.number_of_record(each),
                remark=cut(remark, MOST_REMARK),
            )
            for each in some
            if (remark := evidence.remark(each.insee, each.bureau, each.poll))
        ]
    if _decides(case):
        said.append(msg("[The outcome of the election is another by the one figure than by the other.]"))
    elif _is_to_count_again(case, some):
        said.append(msg("[To be counted again before it is stated.]"))
    if len(findings) > _MOST_FIGURES:
        said.append(msg("[further figures of the same kind enclosed]"))
    return series(said, " ")


def _is_to_count_again(case: Case, found: Sequence[Finding]) -> bool:
    """Check for a gap that may end once it is counted again: of an open case, or that a publication alone shows."""
    again = case.cause.kind is CaseKind.REREAD
    return any(
        each.is_gap and (again or EvidenceKind.PUBLISHED in (each.left.piece, each.right.piece)) for each in found
    )


def _signatures_in_record(gap: Finding, evidence: LinedEvidence) -> int:
    """The signatures that the PV of a bureau states, where the gap has those of the list; negative for none."""
    places = {side.piece for side in (gap.left, gap.right) if side.quantity == Quantity.SIGNATURES}
    if evidence.records is None or EvidenceKind.RECORDS in places:
        return -1
    unit, column = evidence.universe.index(gap.insee, gap.bureau), evidence.polls.index(gap.poll)
    return int(evidence.records[Quantity.SIGNATURES].values[unit, column])


def _stated_counts(found: Finding, exhibits: _Exhibits) -> Text:
    values: dict[str, object] = {
        "place": exhibits.place(bureau_of(found)),
        "left": shown(found.left.value),
        "left_place": _in_document(found, found.left, exhibits),
        "right": shown(found.right.value),
        "right_place": _in_document(found, found.right, exhibits),
    }
    what, other = found.label_of(found.left), found.label_of(found.right)
    if what != other:
        values |= {"what": what, "other": other}
        return msg("{place}: {left} {what} ({left_place}) and {right} {other} ({right_place}).", **values)
    said = msg("{place}: {what}, {left} ({left_place}) and {right} ({right_place}).", what=what, **values)
    if "other" not in found.details or not found.left.quantity == Quantity.VOTES != found.field:
        return said
    values |= {"said": said, "other": found.details["other"]}
    return msg("{said} {other}, the other way round: {right} and {left}.", **values)


def _in_document(found: Finding, side: Side, exhibits: _Exhibits) -> Text:
    """The piece that a figure stands in and its exhibit; of a page that is not known, a blank to fill in.

    Of signatures without a page of their list it is the file that was given, but for what one fills in from the list.
    """
    if side.piece is None:
        return msg("[document, page …]")
    page, document = _PAGE.search(side.source), side.piece.document
    file = re.split(r"[/\\]", file_of(side.source))[-1]
    counted = side.piece is EvidenceKind.SIGNATURES and page is None and file not in _FROM_THE_LIST
    if counted:
        document = msg("counts of signatures, “{file}”", file=file)
    number = exhibits.number(found, document, of_all=counted)
    values: dict[str, object] = {"document": document, "number": number}
    if page is not None:
        return msg("{document}, page {page}, exhibit {number}", page=page[1], **values)
    if side.piece in DUMPS or counted:
        return msg("[{document}], exhibit {number}", **values)
    return msg("[{document}, page …], exhibit {number}", **values)


_FROM_THE_LIST = night.SIGNATURES.file, night.ENTERED_SIGNATURES
"""Tables that regard gives out to be filled in from the sign-in list itself."""
_PAGE = re.compile(r"\bpage (\d{1,6}(?:-\d{1,6})?)\]$", re.ASCII)


def _standings(stated: Sequence[Stated]) -> Iterator[Text]:
    """Beside the letter: in which files and rows the figures of each fact stand."""
    for number, (_, findings) in enumerate(stated, 1):
        rows = (
            msg("{left} and {right}", left=_figure(each.left), right=_figure(each.right))
            for each in findings[:_MOST_FIGURES]
        )
        yield msg("Fact {number} stands at: {rows}.", number=number, rows=series(rows, msg("; ")))


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
    if is_of_roll(case.first):
        return msg("it is about registered voters, and no vote is in question.")
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
            yield msg("To be counted again before a complaint states it ({sure}): {said} {action}", **values)
        else:
            yield msg("To be read again; no fact of a complaint yet ({sure}): {said} {action}", **values)
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
            "Not in the letter: case {numbers} of the report, of evidence that is missing, damaged or to be put right.",
            "Not in the letter: cases {numbers} of the report, of evidence that is missing, damaged or to be put "
            "right.",
            evidence,
            numbers="–".join(map(str, dict.fromkeys((len(result.cases) - evidence + 1, len(result.cases))))),
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


def _gaps(stated: Sequence[Stated], names: Mapping[str, str], evidence: LinedEvidence) -> Iterator[BureauGap]:
    """Each bureau of the facts whose signatures and votes differ."""
    for found in (each for _, several in stated for each in several if each.is_gap):
        signed, votes = found.left.value, found.right.value
        if isinstance(signed, int) and isinstance(votes, int):
            remark = evidence.remark(found.insee, found.bureau, found.poll)
            yield BureauGap(names.get(found.insee, found.insee), found.bureau, signed, votes, bool(remark))
