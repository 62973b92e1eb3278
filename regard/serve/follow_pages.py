"""Saying what became of a case: what cannot be kept comes back beside the case, with all that was typed."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from http import HTTPStatus

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from protocol.errors import RegardError
from protocol.words import Text, msg
from regard.serve.case_pages import FollowTyped, case_page
from regard.serve.desk import Desk, read_form, reason, see
from regard.serve.follow_form import CaseIdentity, changes, figures_shown, find_again, read_follow_up, too_many
from regard.serve.security import RequestRefused
from verify.model.follow_ups import FollowStatus
from verify.rulebook.catalogue import rule


async def follow_case(desk: Desk, request: Request) -> Response:
    """Keep what became of a case: a row of `suites.csv`, for the rule and the place of its gravest finding.

    Raises:
        RequestRefused: the form is none of this page.
    """
    form = await read_form(desk, request)
    wanted = CaseIdentity.read(form)
    if wanted is None:
        raise RequestRefused(HTTPStatus.BAD_REQUEST, msg("this is no form of this page"))
    cells, wrong = read_follow_up(form)
    found = desk.examiner.latest()
    case = None if found is None else find_again(found, request.path_params["number"], wanted)
    if found is None or found.result is None or case is None:
        return await _of_no_case(desk, request, wanted, form, cells, wrong)
    now = CaseIdentity.of(case)
    changed = changes(wanted, now)
    count = cells["nombre"]
    asked = None if form.get("sure") == count or "count" in wrong else too_many(found, case, int(count or 0))
    refused: Text = ""
    if not wrong and not changed and asked is None:
        refused = await _keep(desk, now, cells)
        if not refused:
            return see(f"/cases/{case.number}")
    status = HTTPStatus.CONFLICT if changed or refused else HTTPStatus.UNPROCESSABLE_ENTITY
    typed = FollowTyped(form, wrong, tuple(changed), refused, asked, count)
    pages = desk.pages(request)
    return pages.show("case", status, **case_page(case, found.result, pages.words.code, typed))


async def _keep(desk: Desk, case: CaseIdentity, cells: Mapping[str, str]) -> Text:
    """Write the row; returns why that was not done, empty where it was."""
    row = {
        **cells,
        "insee": case.insee,
        "bureau": case.bureau,
        "scrutin": case.poll,
        "constat": case.code,
        "chiffres": case.figures,
        "date": datetime.date.today().isoformat(),
    }
    try:
        await run_in_threadpool(desk.folder.add_follow_up, row)
    except (RegardError, OSError) as error:
        return reason(error)
    desk.examiner.changed()
    return ""


async def _of_no_case(
    desk: Desk,
    request: Request,
    wanted: CaseIdentity,
    form: Mapping[str, str],
    cells: Mapping[str, str],
    wrong: Mapping[str, Text],
) -> Response:
    """Nothing of the case is found any more: say so, and keep what was typed where that is wanted all the same."""
    refused: Text = ""
    if form.get("gone") == "1" and not wrong:
        refused = await _keep(desk, wanted, cells)
        if not refused:
            return see("/cases")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong and not refused else HTTPStatus.CONFLICT
    found = desk.examiner.latest()
    names = {} if found is None or found.result is None else found.result.coverage.communes
    return desk.pages(request).show(
        "case_gone",
        status,
        case=wanted,
        identity=wanted.fields(),
        commune=names.get(wanted.insee) or wanted.insee,
        figures=figures_shown(wanted.figures) if wanted.figures else "",
        number=request.path_params["number"],
        statuses=[(each.value, each.label) for each in FollowStatus],
        title=rule(wanted.code).title,
        typed=FollowTyped(form, wrong, (), refused),
    )
