"""The cases: a list to filter and sort, and a card for each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response

from protocol.words import Message, Plural, Text, msg, pmsg
from regard.dossier.legal import bases
from regard.dossier.saying import Speaker
from regard.letters.steps import citations
from regard.reports.followed import by_case, followed_text
from regard.reports.small_gaps import SmallGaps
from regard.serve.case_index import ORDERS, CasesWanted
from regard.serve.desk import Desk
from regard.serve.examining import ExaminedCase
from regard.serve.follow_form import CaseIdentity
from regard.serve.paging import part_of
from regard.serve.security import RequestRefused
from verify.audit import Audit
from verify.cases.place_names import place_of
from verify.cases.wording import (
    KINDS,
    SURE,
    becoming,
    describe,
    describe_shortly,
    own_corrections,
    piece_name,
    what_to_do,
)
from verify.model.cases import Case, Sure
from verify.model.field_names import field_label
from verify.model.findings import Finding, Severity, shown
from verify.model.follow_ups import FollowStatus
from verify.model.holds import Named
from verify.model.labels import SEVERITIES
from verify.rulebook.catalogue import Rule, rule
from verify.rulebook.causes import CaseKind

_ON_A_PAGE = 50
_MOST_ROWS = 100
"""Corrections and findings that a card lists; what is left is counted."""
SEVERITY_MARKS = {Severity.ERROR: "■", Severity.WARNING: "▲", Severity.INFO: "○"}
_ORDERS: dict[str, Message] = {
    "reading": pmsg("an order of cases", "as they are best read"),
    "place": pmsg("an order of cases", "by commune and bureau"),
    "apart": pmsg("an order of cases", "the largest difference first"),
}
_BUREAUX_NAMED = 60


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One line in the list: a case, or several of a commune, whose code it then has."""

    number: int
    place: Text
    said: Text
    severity: Severity
    sure: Sure
    commune: str = ""
    cases: int = 1


@dataclass(frozen=True, slots=True)
class FindingRow:
    """One finding of a card: both figures, both sources, and its rule."""

    finding: Finding
    rule: Rule
    field: Text
    left: Text | Plural
    right: Text | Plural


@dataclass(frozen=True, slots=True)
class FollowTyped:
    """What was typed of a case and could not be kept.

    Attributes:
        form: the fields.
        wrong: what cannot be taken, by field.
        changed: what is not as it was when the form was made.
        refused: why it could not be written.
        asked: what is asked about the votes before it is kept; None for nothing.
        count: the votes that this is asked about.
    """

    form: Mapping[str, str] = field(default_factory=dict)
    wrong: Mapping[str, Text] = field(default_factory=dict)
    changed: tuple[Message, ...] = ()
    refused: Text = ""
    asked: Message | None = None
    count: str = ""


def severity_name(severity: Severity) -> Message:
    """A severity in words."""
    return SEVERITIES[severity.name.lower()]


def row_of(case: Case, result: Audit, together: SmallGaps | None = None) -> CaseRow:
    """What the list says of a case, or of the small gaps of its commune that are read with it."""
    names, several = result.coverage.communes, result.coverage.several_polls
    places = case.places if together is None else [Named(case.places[0].insee)]
    return CaseRow(
        number=case.number,
        place=place_of(places, names, several),
        said=describe_shortly(case, result.findings) if together is None else together.text,
        severity=case.severity,
        sure=case.sure,
        commune="" if together is None else case.places[0].insee,
        cases=1 if together is None else len(together.numbers),
    )


def _wanted(query: QueryParams) -> CasesWanted:
    """What a query asks for; what it cannot ask for is all."""
    kind, severity, sure, order = (query.get(name, "") for name in ("kind", "severity", "sure", "order"))
    return CasesWanted(
        kind=CaseKind[kind] if kind in CaseKind.__members__ else None,
        severity=Severity[severity] if severity in Severity.__members__ else None,
        sure=Sure[sure] if sure in Sure.__members__ else None,
        place=query.get("place", "")[:100],
        order=order if order in ORDERS else ORDERS[0],
    )


async def show_cases(desk: Desk, request: Request) -> Response:
    """The cases that are asked for, a page at a time."""
    found, wanted, pages = desk.examiner.latest(), _wanted(request.query_params), desk.pages(request)
    if found is None or found.cases is None or found.result is None:
        return pages.show("cases", rows=None, wanted=wanted)
    rows = found.cases.find(wanted)
    lines = found.cases.in_lines(rows, wanted)
    together = found.cases.lines.together if len(lines) < len(rows) else {}
    part = part_of(request.query_params, "/cases", len(lines), _ON_A_PAGE)
    some = lines[part.start : part.stop].tolist()
    return pages.show(
        "cases",
        rows=[row_of(found.cases.case(at), found.result, together.get(at + 1)) for at in some],
        count=len(rows),
        all_cases=len(found.cases),
        kinds=[(each.name, KINDS[each]) for each in CaseKind],
        marks=SEVERITY_MARKS,
        orders=list(_ORDERS.items()),
        part=part,
        severities=[(each.name, severity_name(each)) for each in sorted(Severity, reverse=True)],
        severity_name=severity_name,
        sures=[(each.name, SURE[each]) for each in Sure],
        sure_name=SURE,
        wanted=wanted,
    )


def case_of(found: ExaminedCase | None, number: int) -> tuple[Case, Audit]:
    """The case of a number, and the audit that it is of.

    Raises:
        RequestRefused: there is none.
    """
    if found is None or found.result is None or not 1 <= number <= len(found.result.cases):
        said = msg("there is no case of this number: cases are numbered anew when the folder changes")
        raise RequestRefused(HTTPStatus.NOT_FOUND, said)
    return found.result.cases[number - 1], found.result


def _finding_row(finding: Finding) -> FindingRow:
    return FindingRow(
        finding=finding,
        rule=rule(finding.code),
        field=finding.compared,
        left=shown(finding.left.value),
        right=shown(finding.right.value),
    )


async def show_case(desk: Desk, request: Request) -> Response:
    """The card of a case: what happened, both figures, sources, what to do.

    Raises:
        RequestRefused: there is no such case.
    """
    case, result = case_of(desk.examiner.latest(), request.path_params["number"])
    pages = desk.pages(request)
    return pages.show("case", **case_page(case, result, pages.words.code))


def case_page(case: Case, result: Audit, language: str, typed: FollowTyped | None = None) -> dict[str, Any]:
    """What the template of a card is given.

    Args:
        case: the case.
        result: the audit that it is of.
        language: of the page.
        typed: what was typed and could not be kept; None where nothing was.
    """
    positions = case.findings[:_MOST_ROWS]
    findings = [result.findings[position] for position in positions]
    codes = list(dict.fromkeys(each.code for each in findings))
    own = own_corrections(case.detail.corrections)
    bureaux = list(dict.fromkeys((each.insee, each.bureau) for each in case.places if each.insee and each.bureau))
    given = list(dict.fromkeys(basis for code in codes if (basis := rule(code).basis) is not None))
    return {
        "bases": [
            *(each.text for each in bases(given, Speaker(language))),
            *map(Speaker(language).text, citations(findings)),
        ],
        "bureaux": bureaux[:_BUREAUX_NAMED],
        "case": case,
        "corrections": [(each, field_label(each.field), shown(each.was), becoming(each)) for each in own[:_MOST_ROWS]],
        "findings": list(map(_finding_row, findings)),
        "followed": list(map(followed_text, by_case(result).get(case.number, ()))),
        "identity": CaseIdentity.of(case).fields(),
        "kind": KINDS[case.cause.kind],
        "last": len(result.cases),
        "mark": SEVERITY_MARKS[case.severity],
        "marks": SEVERITY_MARKS,
        "more_corrections": max(len(own) - _MOST_ROWS, 0),
        "more_findings": len(case.findings) - len(positions),
        "more_bureaux": max(len(bureaux) - _BUREAUX_NAMED, 0),
        "names": result.coverage.communes,
        "piece": piece_name(case.piece) if case.piece else "",
        "place": place_of(case.places, result.coverage.communes, result.coverage.several_polls),
        "said": describe(case, result.findings),
        "severity": severity_name(case.severity),
        "statuses": [(each.value, each.label) for each in FollowStatus],
        "sure": SURE[case.sure],
        "to_do": what_to_do(case.cause, case.detail),
        "typed": typed or FollowTyped(),
    }
