"""The form for what became of a case: which case it is about, whatever its number is by now, and what was typed."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from http import HTTPStatus
from itertools import groupby, islice
from urllib.parse import unquote

import numpy as np
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response

from protocol.words import Message, Plural, Text, msg, pmsg, series, unbroken
from regard.letters.steps import citations
from regard.reports.case_screen import find_indications
from regard.serve.desk import Desk, attempt, read_form, remember_author, see
from regard.serve.examining import ORDERS, CaseGroup, CasesWanted, Compared
from regard.serve.pages import part_of
from regard.serve.security import RequestRefused, no_form
from regard.views.case_view import CaseViews
from regard.views.cases import LinesOfCases, followed_text
from regard.views.saying import Speaker
from verify.audit import Audit
from verify.cases.wording import SURE
from verify.model.cases import Case, Sure
from verify.model.findings import Finding
from verify.model.follow_ups import FollowStatus
from verify.read.counts import parse_count
from verify.read.follow_ups import STATUS_CELLS
from verify.rulebook.catalogue import rule, rules
from verify.rulebook.causes import causes

TEXTS = ("remarque", "piece", "auteur")
_LONGEST = 500
_LONGEST_COUNT = 40


@dataclass(frozen=True, slots=True)
class CaseIdentity:
    """Identity of a case: its gravest finding and its cause, never its number; of an indication, without a cause.

    Attributes:
        insee, bureau, poll: of the finding.
        code: of its rule.
        field: that it is about.
        figures: both of them, as text.
        cause: name of the case's; empty for an indication in no case.
    """

    insee: str
    bureau: str
    poll: str
    code: str
    field: str
    figures: str
    cause: str

    @classmethod
    def of(cls, case: Case) -> CaseIdentity:
        """That of a case."""
        return cls.of_finding(case.first, case.cause.name)

    @classmethod
    def of_finding(cls, found: Finding, cause: str = "") -> CaseIdentity:
        """That of an indication, or of a case by its first finding."""
        poll = str(found.poll or "")
        return cls(found.insee, found.bureau, poll, found.code, str(found.field), figures_of(found), cause)

    @classmethod
    def read(cls, form: Mapping[str, str]) -> CaseIdentity:
        """That of the case that a form was shown with.

        Raises:
            RequestRefused: it has none.
        """
        names = [f"case-{each.name}" for each in fields(cls)]
        if not all(name in form for name in names):
            raise no_form()
        found = cls(*(unquote(form[name], errors="surrogatepass") for name in names))
        is_known = (
            found.code in rules() and found.cause in ("", *causes()) and found.poll in ("", "1", "2", "3", "4", "5")
        )
        if not is_known:
            raise no_form()
        return found

    def fields(self) -> dict[str, str]:
        """It as the fields of a form, where each stands as a part of an address: pages show no text as it is."""
        return {f"case-{name}": value for name, value in asdict(self).items()}


def figures_of(finding: Finding) -> str:
    """Both figures of a finding, as the column `chiffres` has them."""
    sides = (finding.left.value, finding.right.value)
    return " / ".join(str(value) for value in sides if isinstance(value, int) and value >= 0)


def find_again(found: Compared, wanted: CaseIdentity) -> Case | None:
    """The case that a form was about, whatever its number is by now; None where there is none as it was."""
    result, keys = found.result, found.result.findings.keys()
    here = (keys.places.insee == wanted.insee) & (keys.places.bureau == wanted.bureau)
    numbers = np.unique(result.cases.number[keys.of(wanted.code) & here[keys.place]])
    cases = (result.cases[number - 1] for number in numbers.tolist() if number)
    return next((each for each in cases if CaseIdentity.of(each) == wanted), None)


def figures_shown(figures: str) -> Text:
    """Figures as they are kept, for people: with their digits in groups."""
    counts = [Plural(each) for each in figures.split(" / ") if each.isdecimal() and len(each) < 20]
    return series(counts, " / ") if counts else msg("none")


def too_many(found: Compared, case: Case, votes: int) -> Message | None:
    """Question a number of votes above the voters of a case's bureaux; None otherwise."""
    if not case.places:
        return None
    universe = found.evidence.universe
    insee, bureau = (np.array([getattr(each, name) for each in case.places], np.str_) for name in ("insee", "bureau"))
    units = np.unique(universe.find(insee, bureau))
    voters = universe.registered[units]
    registered = int(voters.sum())
    if (units < 0).any() or (voters < 0).any() or votes <= registered:  # of some it is not known
        return None
    return msg(
        "{votes:n} votes, and {registered:n} registered voters where the case is: is that the number?",
        votes=votes,
        registered=registered,
    )


def read_follow_up(form: Mapping[str, str]) -> tuple[dict[str, str], dict[str, Text]]:
    """Read the form as the cells of a row; and faults, by field."""
    wrong: dict[str, Text] = {}
    status = form.get("status", "")
    cells = {name: " ".join(form.get(name, "").split())[:_LONGEST] for name in TEXTS}
    known = {each.value: cell for each, cell in STATUS_CELLS.items()}
    if status in known:
        cells["statut"] = known[status]
    else:
        wrong["status"] = msg("choose a status")
    typed = form.get("count", "").strip()
    number = parse_count(typed[:_LONGEST_COUNT]) if typed else 0
    if number < 0:
        wrong["count"] = msg("a whole number is expected, or nothing")
    cells["nombre"] = str(number) if typed else ""
    return cells, wrong


_ON_A_PAGE = 50
_MOST_ROWS = 100
"""Corrections and findings that a card lists; what is left is counted."""
SEVERITY_MARKS = {"error": "■", "warning": "▲", "info": "○"}
_ORDERS: dict[str, Message] = {
    "reading": pmsg("an order of cases", "as they are best read"),
    "place": pmsg("an order of cases", "by commune and bureau"),
    "apart": pmsg("an order of cases", "the largest difference first"),
}
_BUREAUX_NAMED = 60
"""Bureaux that a page lists."""


@dataclass(frozen=True, slots=True)
class FollowTyped:
    """Form of a case as it was sent; empty on a page that nothing was sent from yet.

    Attributes:
        form: the fields.
        cells: of the row that is made of them.
        wrong: what cannot be taken, by field.
        gone: whether there is nothing any more that is as it was when the form was made.
        refused: why it could not be written.
        asked: what is asked about the votes before it is kept; None for nothing.
        count: the votes that this is asked about.
    """

    form: Mapping[str, str] = field(default_factory=dict)
    cells: Mapping[str, str] = field(default_factory=dict)
    wrong: Mapping[str, Text] = field(default_factory=dict)
    gone: bool = False
    refused: Text = ""
    asked: Message | None = None
    count: str = ""

    @property
    def status(self) -> HTTPStatus:
        """That of the page on which it comes back."""
        if not self.form:
            return HTTPStatus.OK
        return HTTPStatus.CONFLICT if self.gone or self.refused else HTTPStatus.UNPROCESSABLE_ENTITY


_NOTHING_TYPED = FollowTyped()


class PageSpeaker(Speaker):
    """Says texts whose lines do not break before a sign that French sets off."""

    def text(self, said: object) -> str:
        """A text as a page shows it."""
        return unbroken(super().text(said))


def views_of(found: Compared, language: str, lines: LinesOfCases | None = None) -> CaseViews:
    """The views of a folder's cases, each alone unless lines put some together."""
    return CaseViews(found.result, PageSpeaker(language), lines, _MOST_ROWS, _MOST_ROWS, evidence=found.evidence)


def _wanted(query: QueryParams) -> CasesWanted:
    """Parse a query; anything it cannot ask for selects all."""
    group, sure, order = (query.get(name, "") for name in ("group", "sure", "order"))
    return CasesWanted(
        group=CaseGroup[group] if group in CaseGroup.__members__ else None,
        sure=Sure[sure] if sure in Sure.__members__ else None,
        place=query.get("place", "")[:100],
        order=order if order in ORDERS else ORDERS[0],
    )


async def show_cases(desk: Desk, request: Request) -> Response:
    """The cases that are asked for, a page at a time."""
    found, wanted, pages = desk.examiner.latest().compared, _wanted(request.query_params), desk.pages(request)
    if found is None:
        return pages.show("cases", rows=None, wanted=wanted)
    cases = found.cases
    rows = cases.find(wanted)
    lines = cases.in_lines(rows, wanted)
    views = views_of(found, pages.words.code, cases.lines if len(lines) < len(rows) else None)
    part = part_of(request.query_params, "/cases", len(lines), _ON_A_PAGE)
    some = lines[part.start : part.stop].tolist()
    in_groups = groupby(some, lambda at: CaseGroup(int(cases.group[at])) if wanted.order == ORDERS[0] else None)
    last = part.number == part.last and wanted.group is None
    return pages.show(
        "cases",
        rows=[(group, [views.line(cases.case(at)) for at in several]) for group, several in in_groups],
        counts=np.bincount(cases.group[rows], minlength=len(CaseGroup)).tolist(),
        groups=[(each.name, each.text) for each in CaseGroup],
        indications=[*islice(_indications(found.result, wanted.place), _MOST_ROWS)] if last else [],
        count=len(rows),
        all_cases=len(cases),
        marks=SEVERITY_MARKS,
        orders=list(_ORDERS.items()),
        part=part,
        sures=[(each.name, SURE[each]) for each in Sure],
        wanted=wanted,
    )


@dataclass(frozen=True, slots=True)
class Indication:
    """A screen that is in no case: its row among the findings, its commune, and what people say became of it."""

    row: int
    commune: str
    found: Finding
    followed: tuple[Text, ...]


def _indications(result: Audit, place: str = "") -> Iterator[Indication]:
    """The screens that are in no case, of the places with all of these words."""
    names, words = result.coverage.communes, place.casefold().split()
    for row in find_indications(result):
        found = result.findings[row]
        commune = names.get(found.insee) or found.insee
        named = f"{commune} {found.insee} {found.bureau}".casefold()
        if all(word in named for word in words):
            followed = tuple(followed_text(each) for each in result.followed if row in each.findings)
            yield Indication(row, commune, found, followed)


async def show_case(desk: Desk, request: Request) -> Response:
    """The card of a case: what happened, both figures, sources, what to do.

    Raises:
        RequestRefused: there is no such case.
    """
    found, number = desk.examiner.latest().compared, request.path_params["number"]
    if found is None or not 1 <= number <= len(found.result.cases):
        said = msg("there is no case of this number: cases are numbered anew when the folder changes")
        raise RequestRefused(HTTPStatus.NOT_FOUND, said)
    return _case_page(desk, request, found, found.result.cases[number - 1])


def _case_page(
    desk: Desk, request: Request, found: Compared, case: Case, typed: FollowTyped = _NOTHING_TYPED
) -> Response:
    """The card of a case, with what was typed and could not be kept."""
    views = views_of(found, desk.pages(request).words.code)
    findings = (views.result.findings[at] for at in case.findings[:_MOST_ROWS])
    bureaux = list(dict.fromkeys((each.insee, each.bureau) for each in case.places if each.insee and each.bureau))
    return _page(
        desk,
        request,
        "case",
        CaseIdentity.of(case),
        typed,
        bureaux=bureaux[:_BUREAUX_NAMED],
        case=views.view(case),
        figures=views.figures_once(case),
        citations=citations(findings),
        last=len(views.result.cases),
        marks=SEVERITY_MARKS,
        more_bureaux=max(len(bureaux) - _BUREAUX_NAMED, 0),
    )


def _page(
    desk: Desk, request: Request, template: str, identity: CaseIdentity, typed: FollowTyped, **values: object
) -> Response:
    """A page with the form for what became of a case, or of an indication."""
    return desk.pages(request).show(
        template,
        typed.status,
        identity=identity.fields(),
        statuses=[(each.value, each.label) for each in FollowStatus],
        typed=typed,
        **values,
    )


async def follow_case(desk: Desk, request: Request) -> Response:
    """Keep what became of a case: a row of `suites.csv`, for the rule and the place of its gravest finding.

    Raises:
        RequestRefused: the form is none of this page.
    """
    wanted, typed = await _read(desk, request)
    found = desk.examiner.latest().compared
    case = None if found is None else find_again(found, wanted)
    if found is None or case is None:
        return await _of_no_case(desk, request, wanted, typed)
    count = typed.cells["nombre"]
    is_sure = typed.form.get("sure") == count or "count" in typed.wrong
    asked = None if is_sure else too_many(found, case, int(count or 0))
    kept = await _keep(desk, wanted, replace(typed, asked=asked, count=count), f"/cases/{case.number}")
    return _case_page(desk, request, found, case, kept) if isinstance(kept, FollowTyped) else kept


async def show_indication(desk: Desk, request: Request) -> Response:
    """An indication in no case, with the form for what became of it.

    Raises:
        RequestRefused: there is no such indication.
    """
    some = _indications_of(desk)
    indication = next((each for each in some if each.row == request.path_params["row"]), None)
    if indication is None:
        raise RequestRefused(HTTPStatus.NOT_FOUND, msg("there is nothing at this address"))
    return _indication_page(desk, request, indication)


def _indications_of(desk: Desk) -> Iterator[Indication]:
    found = desk.examiner.latest().compared
    return iter(()) if found is None else _indications(found.result)


def _indication_page(
    desk: Desk, request: Request, indication: Indication, typed: FollowTyped = _NOTHING_TYPED
) -> Response:
    """The page of an indication, with what was typed and could not be kept."""
    identity, of = CaseIdentity.of_finding(indication.found), rule(indication.found.code)
    return _page(desk, request, "indication", identity, typed, each=indication, rule=of)


async def follow_indication(desk: Desk, request: Request) -> Response:
    """Keep what became of an indication, as of a case.

    Raises:
        RequestRefused: the form is none of this page.
    """
    wanted, typed = await _read(desk, request)
    some = _indications_of(desk)
    indication = next((each for each in some if CaseIdentity.of_finding(each.found) == wanted), None)
    if indication is None:
        return await _of_no_case(desk, request, wanted, typed)
    kept = await _keep(desk, wanted, typed, f"/indications/{indication.row}")
    return _indication_page(desk, request, indication, kept) if isinstance(kept, FollowTyped) else kept


async def _read(desk: Desk, request: Request) -> tuple[CaseIdentity, FollowTyped]:
    """The case that a form is about, and what was typed.

    Raises:
        RequestRefused: the form is none of this page.
    """
    form = await read_form(desk, request)
    cells, wrong = read_follow_up(form)
    return CaseIdentity.read(form), FollowTyped(form, cells, wrong)


async def _keep(desk: Desk, case: CaseIdentity, typed: FollowTyped, address: str) -> Response | FollowTyped:
    """Write the row and go on to a page; or what was typed, where that is not to be kept yet or cannot be."""
    if typed.wrong or typed.asked is not None:
        return typed
    row = {
        **typed.cells,
        "insee": case.insee,
        "bureau": case.bureau,
        "scrutin": case.poll,
        "constat": case.code,
        "chiffres": case.figures,
        "date": datetime.date.today().isoformat(),
    }
    if refused := await attempt(desk.folder.add_follow_up, row):
        return replace(typed, refused=refused)
    desk.examiner.changed()
    response = see(address)
    remember_author(response, typed.cells["auteur"])
    return response


async def _of_no_case(desk: Desk, request: Request, wanted: CaseIdentity, typed: FollowTyped) -> Response:
    """Nothing of the case is found any more: say so, and keep what was typed where that is wanted all the same."""
    if typed.form.get("gone") == "1":
        kept = await _keep(desk, wanted, typed, "/cases")
        if not isinstance(kept, FollowTyped):
            return kept
        typed = kept
    found = desk.examiner.latest().compared
    names = {} if found is None else found.result.coverage.communes
    return _page(
        desk,
        request,
        "case_gone",
        wanted,
        replace(typed, gone=not typed.wrong),
        case=wanted,
        commune=names.get(wanted.insee) or wanted.insee,
        figures=figures_shown(wanted.figures) if wanted.figures else "",
        address=request.url.path,
        title=rule(wanted.code).title,
    )
