"""Sheet to print for counting a sign-in list, page by page and with a second person; its numbers go into the form."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from protocol.words import Language, Text, msg, pmsg, unbroken
from regard.letters.law import in_words
from regard.pdf import pdf_bytes
from regard.serve.desk import Desk, attachment
from regard.serve.entries import LIST, MOST_PAGES, EntryPlace
from regard.serve.entry_pages import address_of, place_of

_TYPST = Path(__file__).parent / "templates" / "count_sheet.typ"
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
    msg("Person 1, signature"),
    msg("Person 2, signature"),
)


def _asked(desk: Desk, request: Request) -> tuple[EntryPlace, dict[str, Any]]:
    """The list, and what its sheet says, in the language of the request."""
    found = desk.examiner.latest()
    evidence = None if found is None else found.evidence
    place = place_of({**request.query_params, "piece": LIST}, evidence)
    typed = request.query_params.get("pages", "")
    pages = min(max(int(typed), 1), MOST_PAGES) if typed.isascii() and typed.isdecimal() and len(typed) < 9 else _PAGES
    words: Language = desk.pages(request).words

    def said(text: Text) -> str:
        return unbroken(words.show(text))

    election = None if evidence is None else evidence.election
    day = "" if election is None else said(in_words(election.date))
    fields = ((msg("Commune"), place.commune or place.insee), (msg("Bureau"), place.bureau), (msg("Vote of"), day))
    values = {
        "language": words.code,
        "title": said(msg("Count of a sign-in list")),
        "fields": [[said(label), value] for label, value in fields],
        "how": list(map(said, _HOW)),
        "heads": list(map(said, _HEADS)),
        "pages": pages,
        "ends": list(map(said, _ENDS)),
        "colon": words.show(pmsg("between a name and what follows", ": ")),
        "page": said(msg("page")),
    }
    return place, values


async def show_sheet(desk: Desk, request: Request) -> Response:
    """The sheet, to print from the browser."""
    place, values = _asked(desk, request)
    return desk.pages(request).show("count_sheet", place=place, most=MOST_PAGES, address=address_of(place), **values)


async def give_sheet(desk: Desk, request: Request) -> Response:
    """The same as PDF.

    Raises:
        ExtraMissing: what writes PDF is not installed.
    """
    _, values = _asked(desk, request)
    data = await run_in_threadpool(pdf_bytes, _TYPST, values)
    return attachment(data, "comptage-emargements.pdf", "application/pdf")
