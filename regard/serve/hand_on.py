"""What is handed on: the report as one file, and all findings for a program, of the folder as it was compared last."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from protocol.words import msg
from regard.serve.security import RequestRefused
from verify.audit import Audit
from verify.model.evidence import LinedEvidence

if TYPE_CHECKING:
    from regard.serve.app import Desk


def _compared(desk: Desk) -> tuple[LinedEvidence, Audit]:
    """The evidence and its audit.

    Raises:
        RequestRefused: there is none, or it is being made anew: what is handed on is of the folder as it is.
    """
    found = desk.examiner.latest()
    if desk.examiner.busy:
        raise RequestRefused(HTTPStatus.CONFLICT, msg("the files are being compared: ask again when that is done"))
    if found is None or found.evidence is None or found.result is None:
        raise RequestRefused(HTTPStatus.NOT_FOUND, msg("Nothing has been compared yet."))
    return found.evidence, found.result


def _file(data: bytes, name: str, kind: str) -> Response:
    """A file to be saved, never shown among the pages: it has styles and scripts of its own."""
    return Response(data, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


async def give_report(desk: Desk, request: Request) -> Response:
    """The report, as `regard verify --report` writes it."""
    from regard.dossier.contents import build
    from regard.dossier.page import as_page

    evidence, result = _compared(desk)
    code = desk.pages(request).words.code
    data = await run_in_threadpool(lambda: as_page(build(evidence, result, code)))
    return _file(data, "dossier.html", "text/html; charset=utf-8")


async def give_findings(desk: Desk, request: Request) -> Response:
    """All cases and findings, as `regard verify --json` writes them."""
    from regard.reports.json_report import as_json

    _, result = _compared(desk)
    code = desk.pages(request).words.code
    data = await run_in_threadpool(lambda: b"".join(as_json(result, code, {})))
    return _file(data, "findings.json", "application/json")
