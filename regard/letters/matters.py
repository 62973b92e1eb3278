"""What letters say of the evidence: the cases that matter, the first in their order, each with both figures."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from operator import attrgetter

from protocol.words import Text, msg, nmsg, series
from regard.dossier.case_cards import choose_first
from regard.letters.law import election_of
from regard.letters.letters import Matter
from verify.audit import Audit
from verify.cases.wording import place_of, told_by, told_of, with_place
from verify.model.cases import Case
from verify.model.evidence import LinedEvidence
from verify.model.findings import Finding, Severity, shown
from verify.model.holds import Named, Side
from verify.rulebook.causes import CaseKind

MOST_CASES, _MOST_FIGURES, _MOST_BUREAUX = 10, 5, 60
"""Cases in a letter; findings of one case whose figures are named; bureaux that a request lists."""


def asked_of(evidence: LinedEvidence, result: Audit, election: str) -> Matter:
    """What the letters of an election say of some evidence."""
    polls = _polls(evidence, election)
    mattering = _chosen(result, polls)
    left = _count(result, polls) - len(mattering)
    facts: list[Text] = [_fact(case, result) for case in mattering]
    if left > 0:
        facts.append(nmsg("{count:n} further case: [list enclosed]", "{count:n} further cases: [list enclosed]", left))
    places = [place for case in mattering for place in case.places if place.bureau]
    communes = list(dict.fromkeys(place.insee for place in places))
    return Matter(
        commune=(result.coverage.communes.get(communes[0]) or communes[0]) if len(communes) == 1 else "",
        bureaux=bureaux_listed(places, result),
        facts=tuple(facts),
        codes=frozenset(result.findings[at].code for case in mattering for at in case.findings),
    )


def _polls(evidence: LinedEvidence, election: str) -> frozenset[int]:
    """The polls of the day that are of a kind of election; none where that is not known: all cases then count."""
    polls = evidence.election.polls if evidence.election is not None else ()
    return frozenset(poll.number for poll in polls if election_of(poll.type) == election)


def _chosen(result: Audit, polls: frozenset[int]) -> list[Case]:
    """Those that a report has on its first page, and others in their order as far as there is room."""
    first = (result.cases[at] for at in choose_first(result))
    chosen = [case for case in first if case.cause.kind is not CaseKind.EVIDENCE and _is_of(case, polls)]
    numbers = {case.number for case in chosen}
    others = (case for case in _mattering(result, polls) if case.number not in numbers)
    chosen += islice(others, max(MOST_CASES - len(chosen), 0))
    return sorted(chosen, key=attrgetter("number"))


def _mattering(result: Audit, polls: frozenset[int]) -> Iterator[Case]:
    """Cases about figures with an error or a warning, in their order: not those of evidence that is missing."""
    for case in result.cases:
        if case.cause.kind is CaseKind.EVIDENCE:
            return
        if case.severity >= Severity.WARNING and _is_of(case, polls):
            yield case


def _count(result: Audit, polls: frozenset[int]) -> int:
    """How many such cases there are."""
    if polls:
        return sum(1 for _ in _mattering(result, polls))
    about_figures = (CaseKind.IRREGULARITY, CaseKind.REREAD)
    grave = (Severity.ERROR, Severity.WARNING)
    return sum(result.cases.number_of(kind, severity) for kind in about_figures for severity in grave)


def _is_of(case: Case, polls: frozenset[int]) -> bool:
    return not polls or any(place.poll == 0 or place.poll in polls for place in case.places) or not case.places


def _fact(case: Case, result: Audit) -> Text:
    """What is said of one case: what was seen, both figures of it with where they stand, and those of its gap."""
    several = len(case.places) > 1
    told = told_by(case.cause, (result.findings[at].code for at in case.findings))
    code = result.findings[case.findings[told]].code
    named = (at for number, at in enumerate(case.findings) if number == told or _is_named(result, at, code, several))
    positions = list(islice(named, _MOST_FIGURES + 1))
    figures = list(dict.fromkeys(_figures(result.findings[at], several) for at in positions[:_MOST_FIGURES]))
    if len(positions) > _MOST_FIGURES:
        figures.append("…")
    place = place_of(case.places, result.coverage.communes)
    said = with_place(place, told_of(case, result.findings))
    return msg("{fact} Figures: {figures}.", fact=said, figures=series(figures, msg("; ")))


def _is_named(result: Audit, at: int, code: str, several: bool) -> bool:
    """Whether figures of a further finding are named: those of a gap, in several places those of the same rule."""
    other = result.findings[at].code
    return other in BOTH_COUNTS or (several and other == code)


def _figures(finding: Finding, several: bool) -> Text:
    """Both figures of a finding, what they count, and where each stands."""
    left, right = (_figure(side) for side in (finding.left, finding.right))
    if finding.code in BOTH_COUNTS:
        both: Text = msg("signatures: {left}, votes found: {right}", left=left, right=right)
    else:
        both = series((left, right), msg(" and "))
    if several and finding.bureau:
        return msg("bureau {code}, {figures}", code=finding.bureau, figures=both)
    return both


BOTH_COUNTS = frozenset(("R201", "R202", "R204"))
"""Rules whose first figure are the signatures, and whose second one the votes found."""


def _figure(side: Side) -> Text:
    figure: Text = series((shown(side.value),))
    return msg("{figure} ({source})", figure=figure, source=side.source) if side.source else figure


def bureaux_listed(places: list[Named], result: Audit) -> Text | None:
    """The bureaux by commune; None where there are none, or too many to list."""
    codes: dict[str, dict[str, None]] = {}
    for place in places:
        codes.setdefault(place.insee, {})[place.bureau] = None
    if not 0 < sum(map(len, codes.values())) <= _MOST_BUREAUX:
        return None
    if len(codes) == 1:
        return series(next(iter(codes.values())))
    named = (
        msg("{place}: {text}", place=result.coverage.communes.get(insee) or insee, text=series(of_commune))
        for insee, of_commune in codes.items()
    )
    return series(named, msg("; "))
