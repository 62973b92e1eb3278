"""The application: its routes, what they share, and the server that answers on the loopback address."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from regard.serve import (
    bureau_pages,
    case_pages,
    desk_pages,
    election_pages,
    entry_pages,
    hand_on,
    settle_pages,
)
from regard.serve.desk import Desk, Routes, switch_language
from regard.serve.local_server import LocalServer


async def _progress(desk: Desk, request: Request) -> Response:
    """Progress of the audit, for the script."""
    desk.examiner.look()
    said = desk.pages(request).words.show(desk.examiner.doing())
    return JSONResponse({"busy": desk.examiner.busy, "said": said})


_ROUTES: Routes[Desk] = {
    "/": (desk_pages.show_desk, "GET"),
    "/files": (desk_pages.take_files, "POST"),
    "/file": (desk_pages.show_file, "GET"),
    "/election": (election_pages.show_election, "GET"),
    "/election/save": (election_pages.save_election, "POST"),
    "/election/screens": (election_pages.save_screens, "POST"),
    "/columns": (desk_pages.save_columns, "POST"),
    "/bureaux": (bureau_pages.show_bureaux, "GET"),
    "/cases": (case_pages.show_cases, "GET"),
    "/cases/{number:int}": (case_pages.show_case, "GET"),
    "/cases/{number:int}/follow": (case_pages.follow_case, "POST"),
    "/indications/{row:int}": (case_pages.show_indication, "GET"),
    "/indications/{row:int}/follow": (case_pages.follow_indication, "POST"),
    "/bureau": (bureau_pages.show_bureau, "GET"),
    "/entries": (entry_pages.show_entries, "GET"),
    "/entry": (entry_pages.show_form, "GET"),
    "/count-sheet": (hand_on.show_sheet, "GET"),
    "/enter": (entry_pages.save_form, "POST"),
    "/draft": (entry_pages.keep_draft, "POST"),
    "/drop": (entry_pages.drop_draft, "POST"),
    "/remove": (entry_pages.remove_entry, "POST"),
    "/settle": (settle_pages.show_differences, "GET"),
    "/settled": (settle_pages.settle_differences, "POST"),
    "/hand-on": (hand_on.show_hand_on, "GET"),
    "/report.{form}": (hand_on.give_report, "GET"),
    "/letters": (hand_on.give_letters, "GET"),
    "/language": (switch_language, "POST"),
    "/progress": (_progress, "GET"),
}


class PageServer(LocalServer[Desk]):
    """The pages of a case.

    Args:
        folder: of the case.
        code: the language of pages until another is chosen.
        port: 0 for any that is free.

    Raises:
        RegardError: the port is taken, or reserved.
    """

    def __init__(self, folder: Path, code: str, port: int = 0) -> None:
        super().__init__(port, partial(Desk, folder, code), _ROUTES)
