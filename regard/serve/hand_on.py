"""Documents that the page hands on: reports and letters of the last comparison, and a sheet to count a sign-in list on.

The sheet is counted page by page and with a second person; its numbers go into the form.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path
from types import MappingProxyType

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from protocol.words import Message, Text, msg
from regard.arguments import Refused
from regard.letters.asking import AskedVote, SaidVote, day_of, in_digits, vote_of
from regard.letters.asking import counts_from_proclamation as counted
from regard.letters.law import ELECTIONS, Vote, in_words
from regard.letters.steps import operations
from regard.outputs import Outputs
from regard.serve.desk import MOST_AUTHOR, Desk, attachment, author_of, remember_author
from regard.serve.entries import LIST, MOST_PAGES
from regard.serve.entry_pages import address_of, place_of
from regard.serve.examining import Compared
from regard.serve.pages import whole_number
from regard.serve.security import RequestRefused
from regard.views.case_view import CaseViews
from regard.views.saying import Speaker
from verify.model.evidence import LinedEvidence

FORMS = {
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
}
"""Forms of a report or of the letters, with their media types."""
_REPORTS = {
    "html": ("--report", "dossier"),
    "pdf": ("--report", "dossier"),
    "xlsx": ("--xlsx", "dossier"),
    "csv": ("--csv", "findings"),
    "json": ("--json", "findings"),
}
"""Forms of a report: the option of `regard verify` that writes it, and the name of its file."""
_NAMES = {"docx": msg("text document (DOCX)"), "pdf": "PDF", "html": "HTML"}
"""Forms of the letters, as the page calls them."""


def _compared(desk: Desk) -> Compared:
    """What was found in the folder.

    Raises:
        RequestRefused: nothing was, or it is being compared anew: what is handed on is of the folder as it is.
    """
    desk.examiner.look()
    if desk.examiner.busy:
        raise RequestRefused(HTTPStatus.CONFLICT, msg("the files are being compared: ask again when that is done"))
    return desk.compared()


async def give_report(desk: Desk, request: Request) -> Response:
    """A report, as `regard verify` writes it.

    Raises:
        RequestRefused: there is no such form.
        ExtraMissing: what writes PDF is not installed.
    """
    from regard.dossier.writing import write_reports
    from regard.pdf import need_typst

    found = _compared(desk)
    code, form = desk.pages(request).words.code, request.path_params["form"]
    if form not in _REPORTS:
        raise RequestRefused(HTTPStatus.NOT_FOUND, msg("there is nothing at this address"))
    if form == "pdf":
        need_typst()
    option, name = _REPORTS[form]

    def make() -> bytes:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"{name}.{form}"
            with Outputs({option: path}) as wanted:
                write_reports(found.evidence, found.result, code, wanted, {}, author=author_of(request))
                if (failure := wanted.failure(option)) is not None:
                    raise failure
            return path.read_bytes()

    return attachment(await run_in_threadpool(make), f"{name}.{form}", FORMS[form])


async def show_hand_on(desk: Desk, request: Request) -> Response:
    """Show the downloads, and the form of the letters of the folder's vote."""
    proclaimed = SaidVote.of(desk.evidence).proclaimed
    day = "" if proclaimed is None else desk.pages(request).words.show(in_digits(proclaimed))
    return _page(desk, request, {"proclaimed": day, "author": author_of(request)})


def _page(
    desk: Desk, request: Request, typed: Mapping[str, str], wrong: Mapping[str, Text] = MappingProxyType({})
) -> Response:
    """The page with a form as it was filled in, and why nothing was done, by field; of no single one: an empty name."""
    return desk.pages(request).show(
        "hand_on",
        HTTPStatus.BAD_REQUEST if wrong else HTTPStatus.OK,
        counted=[label for name, label in ELECTIONS.items() if counted(name)],
        forms=_NAMES,
        there=desk.evidence is not None,
        typed={name: typed.get(name, "") for name in ("election", "proclaimed", "author", "form")},
        votes=[(vote.election, operations(vote)) for vote in SaidVote.of(desk.evidence).votes()],
        wrong=wrong,
    )


def _vote(query: Mapping[str, str], evidence: LinedEvidence) -> Vote | dict[str, Text]:
    """The folder's vote; or why it is none, as `_page` takes it."""
    said, typed = SaidVote.of(evidence), query.get("proclaimed", "").strip()
    election = query.get("election", "") or next(iter(said.kinds), "")
    if election not in said.kinds or said.date is None:
        return {"": _UNSAID}
    try:
        proclaimed = day_of(typed) if typed else None
    except Refused as error:
        return {"proclaimed": error.args[0]}
    vote = vote_of(AskedVote(election, proclaimed=proclaimed), said)
    return {"": vote} if isinstance(vote, Message) else vote


_UNSAID = msg("Nothing in the folder says what was voted on, and when.")


async def give_letters(desk: Desk, request: Request) -> Response:
    """Deadlines, addressees and letters, as `regard next` writes them; what is no day comes back as it was typed.

    Raises:
        RequestRefused: there is no such form.
        ExtraMissing: what writes this form is not installed.
    """
    from regard.letters import forms
    from regard.letters.making import handout
    from regard.letters.matters import collect_matter

    found = _compared(desk)
    vote = _vote(request.query_params, found.evidence)
    if isinstance(vote, dict):
        return _page(desk, request, request.query_params, vote)
    code, form = desk.pages(request).words.code, request.query_params.get("form", "html")
    if form not in forms.FORMS:
        raise RequestRefused(HTTPStatus.NOT_FOUND, msg("there is nothing at this address"))
    forms.need(form)
    author = " ".join(request.query_params.get("author", "").split())[:MOST_AUTHOR]

    def make() -> bytes:
        views = CaseViews(found.result, Speaker(code), evidence=found.evidence)
        asked = collect_matter(views, vote.election, author)
        return forms.FORMS[form](handout(vote, asked, found.result.inputs, code))

    response = attachment(await run_in_threadpool(make), f"suites-a-donner.{form}", FORMS[form])
    remember_author(response, author)
    return response


_PAGES = 40
"""Pages of a list, unless a number is asked for."""
_HEADS = (msg("Page"), msg("Person 1"), msg("Person 2"), msg("Agreed"), msg("Carried over"))
_HOW = (
    msg("Write nothing on the list itself."),
    msg(
        "Each of you counts the signatures of a page alone, those for proxies too. A name crossed out, or a box left "
        "empty, is none."
    ),
    msg("If your numbers differ, count that page again. “Agreed” is the number that you both find."),
    msg("“Carried over” is that of the line above and what was agreed on this page."),
    msg("The last number carried over is the total: type it in with the pages, and both are checked."),
)
_ENDS = (
    msg("Total of signatures"),
    msg("Begun at, ended at"),
    msg("Person 1, name and signature"),
    msg("Person 2, name and signature"),
)


async def show_sheet(desk: Desk, request: Request) -> Response:
    """The sheet, to print from the browser."""
    evidence = desk.evidence
    place = place_of({**request.query_params, "piece": LIST}, evidence)
    typed = whole_number(request.query_params.get("pages", ""))
    date = SaidVote.of(evidence).date
    day: Text = "" if date is None else in_words(date)
    return desk.pages(request).show(
        "count_sheet",
        place=place,
        fields=((msg("Commune"), place.commune or place.insee), (msg("Bureau"), place.bureau), (msg("Vote of"), day)),
        how=_HOW,
        heads=_HEADS,
        pages=_PAGES if typed is None else min(max(typed, 1), MOST_PAGES),
        ends=_ENDS,
        address=address_of(place),
    )
